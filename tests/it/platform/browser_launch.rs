//! Which browser is tried in which environment, and that a launcher gets only the address, as one argument.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use gads_creds::browser::{
    LateFailure, Launcher, Opened, Surroundings, System, launchers, ssh_destination_from, start,
};
use tempfile::TempDir;
use url::Url;

/// A desktop with a display and these programs in its only `PATH` directory.
fn desktop(programs: &[&str]) -> (Surroundings, TempDir) {
    let directory = tempfile::tempdir().expect("a directory");
    for name in programs {
        let path = directory.path().join(name);
        fs::write(&path, "")
            .and_then(|()| fs::set_permissions(&path, Permissions::from_mode(0o755)))
            .expect("a program");
    }
    let surroundings = Surroundings {
        system: System::Unix,
        browser: None,
        path: directory.path().as_os_str().to_owned(),
        ssh: false,
        display: true,
        container: false,
        wsl: false,
        windows_root: None,
    };
    (surroundings, directory)
}

/// Returns what would be started: programs by their names, with their arguments.
fn plan(surroundings: &Surroundings) -> Result<Vec<String>, String> {
    let words = |launcher: &Launcher| {
        assert!(launcher.program.is_absolute() || surroundings.system == System::Windows, "{launcher:?}");
        let name = launcher.program.file_name().expect("a name").to_string_lossy().into_owned();
        [vec![name], launcher.args.clone()].concat().join(" ")
    };
    launchers(surroundings).map(|launchers| launchers.iter().map(words).collect())
}

fn planned(commands: &[&str]) -> Result<Vec<String>, String> {
    Ok(commands.iter().map(|&command| command.to_owned()).collect())
}

#[test]
fn desktop_tries_its_openers_in_order() {
    let (surroundings, _directory) = desktop(&["x-www-browser", "gio", "xdg-open"]);
    assert_eq!(plan(&surroundings), planned(&["xdg-open", "gio open", "x-www-browser"]));
}

#[test]
fn desktop_without_openers_says_so() {
    let (surroundings, _directory) = desktop(&["firefox"]);
    assert_eq!(plan(&surroundings), Err("there is no `xdg-open`, `gio` or `x-www-browser`".to_owned()));
}

#[test]
fn without_display_nothing_is_started() {
    let (mut surroundings, _directory) = desktop(&["xdg-open"]);
    surroundings.display = false;
    let reason = "there is no display (`DISPLAY` and `WAYLAND_DISPLAY` are not set)";
    assert_eq!(plan(&surroundings), Err(reason.to_owned()));
}

#[test]
fn ssh_session_and_container_start_nothing_on_any_system() {
    for system in [System::Unix, System::MacOs, System::Windows] {
        let (mut surroundings, _directory) = desktop(&["xdg-open", "wslview"]);
        (surroundings.system, surroundings.display, surroundings.wsl) = (system, false, true);
        surroundings.container = true;
        assert_eq!(plan(&surroundings), Err("this is a container".to_owned()));
        surroundings.ssh = true;
        assert_eq!(plan(&surroundings), Err("this is an SSH session".to_owned()));
    }
}

#[test]
fn ssh_session_and_container_with_a_display_use_it() {
    let (mut surroundings, _directory) = desktop(&["xdg-open"]);
    (surroundings.ssh, surroundings.container) = (true, true);
    assert_eq!(plan(&surroundings), planned(&["xdg-open"]));
}

#[test]
fn wsl_opens_the_browser_of_windows_first_and_without_a_display() {
    let (mut surroundings, _directory) = desktop(&["xdg-open", "wslview"]);
    surroundings.wsl = true;
    assert_eq!(plan(&surroundings), planned(&["wslview", "xdg-open"]));
    surroundings.display = false;
    assert_eq!(plan(&surroundings), planned(&["wslview"]));
}

#[test]
fn wsl_without_wslview_and_display_says_so() {
    let (mut surroundings, _directory) = desktop(&["xdg-open"]);
    (surroundings.wsl, surroundings.display) = (true, false);
    assert_eq!(plan(&surroundings), Err("this is WSL without `wslview`".to_owned()));
}

#[test]
fn wslview_outside_of_wsl_is_not_used() {
    let (surroundings, _directory) = desktop(&["xdg-open", "wslview"]);
    assert_eq!(plan(&surroundings), planned(&["xdg-open"]));
}

#[test]
fn macos_and_windows_have_their_openers_at_fixed_places() {
    let (mut surroundings, _directory) = desktop(&["open", "rundll32", "rundll32.exe"]);
    (surroundings.system, surroundings.display) = (System::MacOs, false);
    let open = Launcher { program: "/usr/bin/open".into(), args: Vec::new() };
    assert_eq!(launchers(&surroundings), Ok(vec![open]));
    (surroundings.system, surroundings.windows_root) = (System::Windows, Some("/windows".into()));
    let args = vec!["url.dll,FileProtocolHandler".to_owned()];
    let rundll32 = Launcher { program: "/windows/System32/rundll32.exe".into(), args };
    assert_eq!(launchers(&surroundings), Ok(vec![rundll32]));
}

#[test]
fn browser_variable_is_used_even_over_ssh_and_alone() {
    let (mut surroundings, _directory) = desktop(&["firefox", "lynx", "xdg-open"]);
    (surroundings.ssh, surroundings.container, surroundings.display) = (true, true, false);
    surroundings.browser = Some("missing:firefox --new-window %s:lynx".to_owned());
    assert_eq!(plan(&surroundings), planned(&["firefox --new-window %s", "lynx"]));
}

#[test]
fn browser_variable_is_split_like_a_shell_without_using_one() {
    let (mut surroundings, directory) = desktop(&["firefox", "my browser", "lynx"]);
    let quoted = format!("'{}' --new", directory.path().join("my browser").display());
    for (wish, expected) in [
        (r#"firefox --app="%s""#, vec!["firefox --app=%s"]),
        ("firefox '%s'", vec!["firefox %s"]),
        ("firefox --profile 'my profile' %s &", vec!["firefox --profile my profile %s"]),
        (r"firefox my\ profile", vec!["firefox my profile"]),
        (
            r#"firefox --proxy "http://127.0.0.1:8080" %s:lynx"#,
            vec!["firefox --proxy http://127.0.0.1:8080 %s", "lynx"],
        ),
        ("firefox $HOME `id` ~ *", vec!["firefox $HOME `id` ~ *"]),
        ("firefox 'open:lynx", vec![]),
        ("firefox &", vec!["firefox"]),
        ("firefox&", vec!["firefox"]),
        ("firefox --new %s&", vec!["firefox --new %s"]),
        (r"firefox \& %s\&", vec!["firefox & %s&"]),
        ("firefox '%s&' &", vec!["firefox %s&"]),
        (&quoted, vec!["my browser --new"]),
    ] {
        surroundings.browser = Some(wish.to_owned());
        let expected = match expected.is_empty() {
            true => Err("the program in `BROWSER` was not found".to_owned()),
            false => planned(&expected),
        };
        assert_eq!(plan(&surroundings), expected, "{wish}");
    }
}

#[test]
fn browser_variable_that_names_nothing_installed_is_not_replaced_by_a_guess() {
    let (mut surroundings, _directory) = desktop(&["xdg-open"]);
    for wish in ["missing", "./xdg-open", "sub/xdg-open", "::", "  ", "/missing/xdg-open", "\u{fffd}"] {
        surroundings.browser = Some(wish.to_owned());
        assert_eq!(plan(&surroundings), Err("the program in `BROWSER` was not found".to_owned()), "{wish}");
    }
}

#[test]
fn browser_variable_that_cannot_be_used_is_said_with_the_cause() {
    let (mut surroundings, directory) = desktop(&["tool"]);
    let path = directory.path().join("text");
    fs::write(&path, "").expect("a file");
    for (wish, why) in [
        ("~/bin/x".to_owned(), "`BROWSER` is not expanded: write the path in full".to_owned()),
        ("$HOME/bin/x %s".to_owned(), "`BROWSER` is not expanded: write the path in full".to_owned()),
        ("FOO=1 tool".to_owned(), "`BROWSER` sets a variable: begin it with `env`".to_owned()),
        (
            directory.path().display().to_string(),
            format!("`BROWSER` names the directory `{}`", directory.path().display()),
        ),
        (format!("'{}' --new", path.display()), format!("`{}` in `BROWSER` is not executable", path.display())),
    ] {
        surroundings.browser = Some(wish.clone());
        assert_eq!(plan(&surroundings), Err(why), "{wish}");
    }
}

#[test]
fn browser_variable_none_turns_the_browser_off() {
    let (mut surroundings, _directory) = desktop(&["xdg-open", "none"]);
    surroundings.browser = Some("none".to_owned());
    assert_eq!(plan(&surroundings), Err("`BROWSER` is `none`".to_owned()));
}

#[test]
fn empty_browser_variable_counts_as_unset() {
    let (mut surroundings, _directory) = desktop(&["xdg-open"]);
    surroundings.browser = Some(String::new());
    assert_eq!(plan(&surroundings), planned(&["xdg-open"]));
}

#[test]
fn browser_variable_may_hold_a_path_with_spaces() {
    let (mut surroundings, directory) = desktop(&["my browser"]);
    let program = directory.path().join("my browser");
    surroundings.browser = Some(program.display().to_string());
    assert_eq!(launchers(&surroundings), Ok(vec![Launcher { program, args: Vec::new() }]));
}

#[test]
fn entries_of_path_that_mean_the_current_directory_are_skipped() {
    let (mut surroundings, directory) = desktop(&["xdg-open"]);
    let here = std::env::current_dir().expect("a current directory");
    let up: PathBuf = here.components().skip(1).map(|_| "..").collect();
    let relative = up.join(directory.path().strip_prefix("/").expect("an absolute path"));
    assert!(relative.join("xdg-open").is_file(), "the relative path leads there");
    surroundings.path = relative.into_os_string();
    assert_eq!(surroundings.program("xdg-open"), None);
}

#[test]
fn only_executable_regular_files_are_programs() {
    let (surroundings, directory) = desktop(&["good"]);
    let path = |name: &str| directory.path().join(name);
    fs::write(path("plain"), "")
        .and_then(|()| fs::set_permissions(path("plain"), Permissions::from_mode(0o644)))
        .expect("a file");
    fs::create_dir(path("directory")).expect("a directory");
    assert_eq!(surroundings.program("good"), Some(path("good")));
    for name in ["plain", "directory", "missing", ""] {
        assert_eq!(surroundings.program(name), None, "{name}");
    }
}

const ADDRESS: &str =
    "https://accounts.google.com/o/oauth2/v2/auth?a=1&b=$(id);c=`id`|d&redirect_uri=http%3A%2F%2F127.0.0.1%3A1";

/// A script that prints its arguments, one per line.
const EACH_ARGUMENT: &str = r#"for argument; do echo "$argument"; done"#;

fn address() -> Url {
    Url::parse(ADDRESS).expect("an address")
}

/// Returns a launcher that runs a script with these arguments after it.
fn script(text: &str, args: &[&str]) -> Launcher {
    let args = [&["-c", text, "launcher"], args].concat().iter().map(|&arg| arg.to_owned()).collect();
    Launcher { program: "/bin/sh".into(), args }
}

fn missing() -> Launcher {
    Launcher { program: "/nowhere/lost-browser".into(), args: Vec::new() }
}

/// Returns a launcher that writes the script's output into that file, and a function that returns the file's complete
/// content.
fn reporting(directory: &TempDir, text: &str, args: &[&str]) -> (Launcher, impl Fn() -> String) {
    let file = directory.path().join("report");
    let temporary = directory.path().join("temporary");
    let launcher =
        script(&format!("{{ {text}\n}} >'{0}' && mv '{0}' '{1}'", temporary.display(), file.display()), args);
    (launcher, move || when_there(&file))
}

/// Starts launchers that are not watched afterwards.
fn opened(launchers: &[Launcher]) -> Opened {
    start(launchers, &address(), |_| ()).0
}

fn when_there(file: &Path) -> String {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(20) {
        if let Ok(text) = fs::read_to_string(file) {
            return text;
        }
        std::thread::yield_now();
    }
    panic!("the launcher wrote nothing");
}

#[test]
fn address_arrives_as_one_argument_and_no_shell_reads_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let (launcher, report) = reporting(&directory, EACH_ARGUMENT, &["--new"]);
    assert_eq!(opened(&[launcher]), Opened::With("sh".to_owned()));
    assert_eq!(report(), format!("--new\n{ADDRESS}\n"));
}

#[test]
fn address_replaces_percent_s() {
    let directory = tempfile::tempdir().expect("a directory");
    let (launcher, report) = reporting(&directory, EACH_ARGUMENT, &["--app=%s", "--quiet"]);
    assert_eq!(opened(&[launcher]), Opened::With("sh".to_owned()));
    assert_eq!(report(), format!("--app={ADDRESS}\n--quiet\n"));
}

#[test]
fn after_a_failing_or_missing_launcher_the_next_is_tried() {
    let directory = tempfile::tempdir().expect("a directory");
    let (last, report) = reporting(&directory, "echo opened", &[]);
    let opened = opened(&[missing(), script("exit 3", &[]), last]);
    assert_eq!((opened, report()), (Opened::With("sh".to_owned()), "opened\n".to_owned()));
}

#[test]
fn launchers_that_all_fail_are_named() {
    let opened = opened(&[missing(), script("exit 3", &[])]);
    assert_eq!(opened, Opened::Not("`lost-browser` and `sh` could not open it".to_owned()));
}

#[test]
fn launcher_that_keeps_running_does_not_block() {
    let directory = tempfile::tempdir().expect("a directory");
    // Ends with the directory, and by itself after half a minute.
    let text = format!("for _ in $(seq 300); do [ -d '{}' ] || exit 0; sleep 0.1; done", directory.path().display());
    let began = Instant::now();
    assert_eq!(opened(&[script(&text, &[])]), Opened::With("sh".to_owned()));
    assert!(began.elapsed() < Duration::from_secs(15));
}

/// Fails after it seemed to have succeeded.
fn fails_late() -> Launcher {
    script("sleep 0.8; exit 3", &[])
}

#[test]
fn after_a_launcher_that_fails_late_the_next_is_tried() {
    let directory = tempfile::tempdir().expect("a directory");
    let (last, report) = reporting(&directory, EACH_ARGUMENT, &[]);
    let (sender, failures) = mpsc::channel();
    let late = move |failure| sender.send(failure).expect("the test listens");
    let (opened, _watch) = start(&[fails_late(), missing(), last], &address(), late);
    assert_eq!(opened, Opened::With("sh".to_owned()));
    assert_eq!(report(), format!("{ADDRESS}\n"));
    let failure = failures.recv_timeout(Duration::from_secs(20)).expect("it is reported");
    assert_eq!(failure, LateFailure { launcher: "sh".to_owned(), next: Some("sh".to_owned()) });
}

#[test]
fn last_launcher_that_fails_late_is_reported() {
    let (sender, failures) = mpsc::channel();
    let late = move |failure| sender.send(failure).expect("the test listens");
    let (_, _watch) = start(&[fails_late()], &address(), late);
    let failure = failures.recv_timeout(Duration::from_secs(20)).expect("it is reported");
    assert_eq!(failure, LateFailure { launcher: "sh".to_owned(), next: None });
}

#[test]
fn launcher_that_fails_when_the_login_is_over_is_not_reported() {
    let (sender, failures) = mpsc::channel::<LateFailure>();
    let late = move |failure| sender.send(failure).expect("the test listens");
    let (_, watch) = start(&[fails_late()], &address(), late);
    drop(watch);
    assert_eq!(failures.recv_timeout(Duration::from_secs(20)), Err(mpsc::RecvTimeoutError::Disconnected));
}

#[cfg(target_os = "linux")]
#[test]
fn launcher_gets_no_stream_of_ours_and_no_ctrl_c() {
    let directory = tempfile::tempdir().expect("a directory");
    let text = "readlink /proc/$$/fd/0 /proc/$$/fd/2; [ \"$(cut -d' ' -f5 /proc/$$/stat)\" = $$ ] && echo own group";
    let (launcher, report) = reporting(&directory, text, &[]);
    assert_eq!(opened(&[launcher]), Opened::With("sh".to_owned()));
    assert_eq!(report(), "/dev/null\n/dev/null\nown group\n");
}

#[cfg(target_os = "linux")]
#[test]
fn output_of_the_launcher_is_discarded() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("report");
    let launcher = script(&format!("ln -s \"$(readlink /proc/$$/fd/1)\" '{}'", file.display()), &[]);
    assert_eq!(opened(&[launcher]), Opened::With("sh".to_owned()));
    let began = Instant::now();
    while !file.is_symlink() && began.elapsed() < Duration::from_secs(20) {
        std::thread::yield_now();
    }
    assert_eq!(fs::read_link(&file).expect("a link"), Path::new("/dev/null"));
}

#[test]
fn addresses_other_than_web_pages_start_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    for text in ["file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "ms-msdt:/id", "ftp://example.com/"] {
        let launcher = script(&format!("touch '{}'", directory.path().join("started").display()), &[]);
        let (opened, _) = start(&[launcher], &Url::parse(text).expect("an address"), |_| ());
        assert_eq!(opened, Opened::Not("it is not the address of a web page".to_owned()), "{text}");
    }
    assert!(!directory.path().join("started").exists());
}

#[test]
fn ssh_destination_is_user_and_server_address() {
    for (connection, user, destination) in [
        ("198.51.100.7 50522 203.0.113.5 22", Some("ada"), "ada@203.0.113.5"),
        ("198.51.100.7 50522 203.0.113.5 2222", Some("ada"), "-p 2222 ada@203.0.113.5"),
        ("2001:db8::7 50522 2001:db8::5 22", Some("ada"), "ada@2001:db8::5"),
        ("198.51.100.7 50522 203.0.113.5 22", None, "203.0.113.5"),
        ("198.51.100.7 50522 203.0.113.5 22", Some(""), "203.0.113.5"),
        ("198.51.100.7 50522 203.0.113.5 22", Some("-oProxyCommand=id"), "203.0.113.5"),
        ("198.51.100.7 50522 203.0.113.5 22", Some("ada;id"), "203.0.113.5"),
    ] {
        assert_eq!(ssh_destination_from(connection, user).as_deref(), Some(destination), "{connection} {user:?}");
    }
}

#[test]
fn ssh_destination_is_not_invented() {
    for connection in [
        "",
        "198.51.100.7 50522",
        "198.51.100.7 50522 UNKNOWN 65535",
        "a 1 $(id) 22",
        "a 1 203.0.113.5 x",
        "a 1 fe80::1%eth0 22",
    ] {
        assert_eq!(ssh_destination_from(connection, Some("ada")), None, "{connection}");
    }
}
