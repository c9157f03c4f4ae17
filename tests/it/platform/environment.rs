//! Unusual environments: variables that point elsewhere, missing descriptors, full devices, invalid home directories,
//! wrong clocks.
#![cfg(unix)]

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::ffi::OsStrExt;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::PROGRAM;
use crate::google::{ADWORDS, Endpoint};
use crate::harness::skip::skip;
use crate::sandbox::Sandbox;

/// Creates a stored login, and returns its file.
fn logged_in() -> (Sandbox, String) {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let yaml = format!(
        "use_proto_plus: true\nclient_id: {}\nclient_secret: {}\nrefresh_token: {token}\n",
        client.id, client.secret
    );
    sandbox.write("google-ads.yaml", &yaml);
    (sandbox, yaml)
}

/// Starts a proxy that rejects everything and records its requests.
fn trap() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            let mut block = [0; 4096];
            let count = stream.read(&mut block).unwrap_or(0);
            kept.lock().unwrap().push(String::from_utf8_lossy(&block[..count]).into_owned());
            // The client may be gone.
            let _ = stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
        }
    });
    (address, asked)
}

#[test]
fn the_endpoint_must_be_a_numeric_loopback_address() {
    let (sandbox, _) = logged_in();
    for endpoint in [
        "http://localhost:8080",
        "http://127.0.0.1",
        "http://127.0.0.1.evil.example:80",
        "http://127.0.0.1:80@evil.example:80",
        "http://user@127.0.0.1:8080",
        "http://user:word@127.0.0.1:8080",
        "http://2130706433:8080",
        "http://0x7f.1:8080",
        "http://127.1:8080",
        "http://127.0.0.2:8080",
        "http://0.0.0.0:8080",
        "http://[::]:8080",
        "http://[::ffff:127.0.0.1]:8080",
        "http://169.254.169.254:80",
        "http://evil.example:8080",
        "https://evil.example",
        "http://127.0.0.1:8080/path",
        "http://127.0.0.1:8080?x",
        "http://127.0.0.1:8080#x",
        "http:\\\\127.0.0.1:8080",
        "http:/127.0.0.1:8080",
        " http://127.0.0.1:8080",
        "http://127.0.0.1:8080\n",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:",
        "HTTP://127.0.0.1:8080",
        "file:///etc/passwd",
        "ftp://127.0.0.1:8080",
        "127.0.0.1:8080",
        "\u{1b}[2J",
        "http://",
        " ",
    ] {
        for command in ["refresh", "login", "revoke"] {
            let run = sandbox.command(&[command, "--no-input"]).env("GADS_CREDS_ENDPOINT", endpoint).code(2);
            let outcome = run.stderr_has("which is not the address of a stand-in").run();
            assert!(!outcome.stderr.contains('\u{1b}'), "{outcome:?}");
        }
    }
    let garbage = OsStr::from_bytes(b"http://127.0.0.1:80\xff");
    sandbox
        .command(&["refresh"])
        .env("GADS_CREDS_ENDPOINT", garbage)
        .code(2)
        .stderr_has("which is not the address of a stand-in")
        .run();
}

#[test]
fn no_proxy_gets_requests_to_the_loopback_address() {
    let (sandbox, _) = logged_in();
    let (address, asked) = trap();
    let mut run = sandbox.command(&["refresh"]).stderr_has("access token issued");
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        run = run.env(name, format!("http://{address}"));
    }
    run.run();
    assert_eq!(*asked.lock().unwrap(), Vec::<String>::new());
}

#[test]
fn requests_to_google_use_the_proxy_and_do_not_show_its_password() {
    let (sandbox, yaml) = logged_in();
    sandbox.plant("proxy-password");
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let (address, asked) = trap();
        let run = sandbox.command(&["refresh", "-vv"]).without_env("GADS_CREDS_ENDPOINT");
        let run = run.env(name, format!("http://user:proxy-password@{address}")).code(6);
        run.stderr_has("cannot reach oauth2.googleapis.com").stderr_has(name).run();
        let asked = asked.lock().unwrap();
        assert!(asked.iter().all(|text| text.starts_with("CONNECT oauth2.googleapis.com:443 ")), "{asked:?}");
        assert!(!asked.is_empty(), "{name} is not heeded");
    }
    assert_eq!(sandbox.read("google-ads.yaml"), yaml);
}

#[test]
fn without_certificates_google_is_not_contacted_but_a_stand_in_is() {
    let (sandbox, _) = logged_in();
    let (address, asked) = trap();
    let run = |with_google: bool| {
        let run = sandbox.command(&["refresh"]).env("SSL_CERT_FILE", "/dev/null").env("SSL_CERT_DIR", sandbox.work());
        // Whatever happens, nothing reaches Google.
        let run = run.env("HTTPS_PROXY", format!("http://{address}"));
        if with_google { run.without_env("GADS_CREDS_ENDPOINT") } else { run }
    };
    run(false).stderr_has("access token issued").run();
    run(true).code(1).stderr_has("`SSL_CERT_FILE` cannot be used: `/dev/null` is not a regular file").run();
    assert_eq!(*asked.lock().unwrap(), Vec::<String>::new());
}

#[test]
fn an_endless_certificate_bundle_is_not_read() {
    let (sandbox, yaml) = logged_in();
    let pipe = sandbox.home().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for bundle in [pipe.to_str().unwrap(), "/dev/zero", "/", "/dev/null"] {
        for command in ["refresh", "revoke --yes"] {
            let args: Vec<&str> = command.split(' ').collect();
            let run =
                sandbox.command(&args).env("GADS_CREDS_ENDPOINT", "https://127.0.0.1:1").env("SSL_CERT_FILE", bundle);
            run.code(1).stderr_has(&format!("`SSL_CERT_FILE` cannot be used: `{bundle}` is not a regular file")).run();
        }
    }
    assert_eq!(sandbox.read("google-ads.yaml"), yaml);
}

#[test]
fn a_limit_on_open_files_is_an_error_and_not_a_panic() {
    let (sandbox, yaml) = logged_in();
    for limit in 5..24 {
        for command in ["refresh", "doctor", "login --no-browser --timeout 1", "refresh --all", "show"] {
            let script = format!("ulimit -n {limit}; exec {PROGRAM} {command} --no-input");
            let outcome = sandbox.other_program("/bin/sh", &["-c", &script]).observe();
            // 127: not even the program's own libraries can be loaded.
            assert!(outcome.code <= 8 || outcome.code == 127, "{limit}, {command}: {outcome:?}");
            assert_eq!(sandbox.read("google-ads.yaml"), yaml, "{limit}, {command}");
        }
    }
    let few = sandbox.other_program("/bin/sh", &["-c", &format!("ulimit -n 9; exec {PROGRAM} refresh")]);
    few.code(1).stderr_has("too many files are open").stderr_has("ulimit -n").run();
    let fewer = sandbox.other_program("/bin/sh", &["-c", &format!("ulimit -n 4; exec {PROGRAM} refresh")]).observe();
    let names_it =
        fewer.stderr.contains("too many files are open\nhint: raise the limit on open files: `ulimit -n 256`");
    assert!(names_it || fewer.code == 127, "{fewer:#?}");
}

#[test]
fn a_login_without_descriptors_to_store_its_token_does_not_ask_for_consent() {
    let (sandbox, yaml) = logged_in();
    // With 18 or 19 it depends on what is open at that moment whether all that storing a token takes is there.
    for limit in 12..18 {
        let script = format!("ulimit -n {limit}; exec {PROGRAM} login --no-browser --timeout 1 --no-input");
        let outcome = sandbox.other_program("/bin/sh", &["-c", &script]).observe();
        assert_eq!(outcome.code, 1, "{limit}: {outcome:?}");
        assert!(outcome.stderr.contains("hint: raise the limit on open files"), "{limit}: {outcome:?}");
        assert!(!outcome.stderr.contains("/o/oauth2/v2/auth?"), "{limit}: {outcome:?}");
        assert_eq!(sandbox.read("google-ads.yaml"), yaml, "{limit}");
    }
}

#[test]
fn closed_descriptors_do_not_become_the_credentials_file() {
    let (sandbox, yaml) = logged_in();
    for closed in ["0<&-", "1>&-", "2>&-", "0<&- 1>&-", "1>&- 2>&-", "0<&- 2>&-", "0<&- 1>&- 2>&-"] {
        for command in ["show", "refresh", "refresh -vv --json", "show --config /nowhere.yaml", "login --timeout 1 -vv"]
        {
            let script = format!("exec {PROGRAM} {command} --no-input {closed}");
            sandbox.other_program("/bin/sh", &["-c", &script]).observe();
            assert_eq!(sandbox.read("google-ads.yaml"), yaml, "{command} {closed}");
        }
    }
}

#[test]
fn a_result_that_cannot_be_written_is_a_failure() {
    let (sandbox, _) = logged_in();
    if !fs::exists("/dev/full").unwrap_or(false) {
        return skip("there is no /dev/full");
    }
    for command in ["show", "show --json", "refresh --json", "refresh --print-access-token", "completions bash"] {
        let script = format!("exec {PROGRAM} {command} >/dev/full");
        let run = sandbox.other_program("/bin/sh", &["-c", &script]).code(1);
        run.stderr_has("cannot write to standard output").run();
    }
    for command in ["--version", "--help", "refresh --help"] {
        let script = format!("exec {PROGRAM} {command} >/dev/full");
        sandbox.other_program("/bin/sh", &["-c", &script]).code(1).stderr_has("").run();
    }
    // A full stderr cannot be reported, and the work is done all the same.
    sandbox.other_program("/bin/sh", &["-c", &format!("exec {PROGRAM} refresh 2>/dev/full")]).run();
}

#[test]
fn relative_xdg_directories_and_homes_are_ignored() {
    let (sandbox, yaml) = logged_in();
    let mut run = sandbox.command(&["refresh"]).stderr_has("access token issued");
    for name in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"] {
        run = run.env(name, "relative");
    }
    run.run();
    assert_eq!(fs::read_dir(sandbox.work()).unwrap().count(), 0, "something was made in the current directory");
    for home in ["", "relative", "/nonexistent/home"] {
        let outcome = sandbox.command(&["refresh"]).env("HOME", home).observe();
        assert_ne!(outcome.code, 101, "{outcome:?}");
        assert_eq!(fs::read_dir(sandbox.work()).unwrap().count(), 0, "HOME={home}: something was made");
    }
    let outcome = sandbox.command(&["refresh"]).without_env("HOME").observe();
    assert_ne!(outcome.code, 101, "{outcome:?}");
    assert_eq!(sandbox.read("google-ads.yaml"), yaml);
}

/// As `docker run --user 54321` without a home: a file that is named needs none.
#[test]
fn a_named_file_needs_no_home_directory() {
    let (sandbox, yaml) = logged_in();
    let file = sandbox.home().join("google-ads.yaml").display().to_string();
    let run = |args: &[&str]| {
        let run = sandbox.command(args).env("HOME", "relative");
        run.without_env("XDG_CONFIG_HOME").without_env("XDG_STATE_HOME")
    };
    for command in [
        &["refresh"][..],
        &["show"],
        &["exec", "--", PROGRAM, "--version"],
        &["export", "java", "--stdout"],
        &["doctor", "--offline"],
        &["refresh", "--all"],
    ] {
        let mut runs = Vec::from(
            ["GADS_CREDS_CONFIG", "GOOGLE_ADS_CONFIGURATION_FILE_PATH"].map(|name| run(command).env(name, &file)),
        );
        if !command.contains(&"--all") {
            let (first, rest) = command.split_first().unwrap();
            runs.push(run(&[&[*first, "--config", &file], rest].concat()));
        }
        for run in runs {
            let outcome = run.observe();
            assert_eq!(outcome.code, 0, "{command:?}: {outcome:#?}");
        }
    }
    // What is below a file, such as the null device, is not there.
    for name in ["XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
        for command in ["show", "refresh", "doctor"] {
            let outcome = sandbox.command(&[command]).env(name, "/dev/null").observe();
            assert_eq!(outcome.code, 0, "{name}, {command}: {outcome:#?}");
        }
    }
    // The variables of the XDG specification are enough for all that is written.
    let own = sandbox.home().join("own");
    let set = run(&["set", "--login-customer-id", "1234567890", "--no-verify", "--config", &file]);
    set.env("XDG_CONFIG_HOME", &own).env("XDG_STATE_HOME", &own).stderr_has("").run();
    assert!(own.join("gads-creds/locks").is_dir());
    assert_ne!(sandbox.read("google-ads.yaml"), yaml);
    let variables = |args: &[&str]| run(args).env("XDG_CONFIG_HOME", &own).env("XDG_STATE_HOME", &own);
    variables(&["show", "--all"]).stderr_has("there are no profiles").run();
    sandbox.desktop();
    let client = sandbox.home().join("client_secret.json").display().to_string();
    let start = ["login", "--start", "--config", "n.yaml"];
    variables(&[&start[..], &["-c", &client]].concat()).stdout_has("url ").stderr_has("").run();
    variables(&start).directory("").stdout_has("url ").stderr_has("").run();
    variables(&[&start[..], &["-c", &client, "-p", "n"]].concat()).stdout_has("url ").stderr_has("").run();
    // Nor does the file of a command.
    run(&["exec", "--config", &file, "--as-file", "php", "--", PROGRAM, "--version"]).stdout_has("gads-creds").run();
    // Without a lock nothing is written there, and a token that Google rotates is kept elsewhere.
    sandbox.google.world().rotate = true;
    for _ in 0..2 {
        let refresh = run(&["refresh", "--config", &file]).code(1);
        refresh.stderr_has("the new refresh token is kept in").run();
    }
    sandbox.command(&["login", "--recover"]).stderr_has("stored the refresh token in").run();
    sandbox.command(&["refresh", "--config", &file]).stderr_has("access token issued").run();
}

#[test]
fn a_directory_that_was_removed_under_a_command_is_named() {
    let (sandbox, _) = logged_in();
    let key = "login --key-file key.json";
    for command in ["refresh --config x.yaml", "export java x.properties", "show --config ./x.yaml", key] {
        let script = format!("mkdir gone && cd gone && rmdir ../gone && exec {PROGRAM} {command}");
        let outcome = sandbox.other_program("/bin/sh", &["-c", &script]).env("PATH", "/usr/bin:/bin").observe();
        let said = "error: the current directory does not exist any more\nhint: change to another one with `cd`";
        assert!(outcome.code == 1 && outcome.stderr.contains(said), "{command}: {outcome:#?}");
    }
    for command in ["refresh", "show"] {
        let script = format!("mkdir gone && cd gone && rmdir ../gone && exec {PROGRAM} {command}");
        sandbox.other_program("/bin/sh", &["-c", &script]).env("PATH", "/usr/bin:/bin").stderr_has("").observe();
    }
}

#[test]
fn a_dash_is_no_file() {
    let (sandbox, _) = logged_in();
    for (args, step) in [
        (&["export", "java", "-"][..], "hint: use `--stdout`"),
        (&["login", "--config", "-", "--format", "python"], "hint: name a file (`./-`"),
        (&["show", "--config", "-", "--format", "python"], "hint: name a file (`./-`"),
        (&["move", "--store", "file", "--config", "-", "-p", "x"], ""),
    ] {
        let outcome = sandbox.command(args).code(2).stderr_has(step).stdout_has("");
        outcome.stderr_has("`-` in `").observe();
    }
    assert_eq!(fs::read_dir(sandbox.work()).unwrap().count(), 0);
    sandbox.command(&["export", "java", "./-"]).stderr_has("wrote the credentials").run();
}

#[cfg(unix)]
#[test]
fn an_input_from_a_pipe_by_its_path_is_told_the_dash() {
    let (sandbox, _) = logged_in();
    let pipe = sandbox.home().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let pipe = pipe.display().to_string();
    for args in [
        &["login", "-c", &pipe][..],
        &["login", "--key-file", &pipe],
        &["login", "--developer-token-file", &pipe],
        &["set", "--client-secrets", &pipe],
        &["set", "--developer-token-file", &pipe],
    ] {
        let run = sandbox.command(args).observe();
        assert!(run.stderr.contains("hint: write `-` in place of that path"), "{args:?}: {run:#?}");
    }
}

#[test]
fn invalid_utf8_does_not_cause_a_panic() {
    let (sandbox, _) = logged_in();
    let odd = OsStr::from_bytes(b"odd\xff\x1b[2J.yaml");
    for command in ["show", "refresh", "revoke", "login", "doctor"] {
        // A login may well work there, and then waits for its browser.
        let sandboxed = |option: &str| match command {
            "login" => sandbox.command(&[command, "--no-input", "--no-browser", "--timeout=1", option]),
            _ => sandbox.command(&[command, "--no-input", option]),
        };
        let runs = [
            sandboxed("--config").arg(odd),
            sandboxed("--profile").arg(odd),
            sandboxed("--quiet").arg(odd),
            sandboxed("--quiet").env("GADS_CREDS_PROFILE", odd),
            sandboxed("--quiet").env("GOOGLE_ADS_CONFIGURATION_FILE_PATH", odd),
            sandboxed("--config=/nowhere/x.yaml").env("BROWSER", odd).env("HTTPS_PROXY", odd),
        ];
        for run in runs {
            let outcome = run.observe();
            assert!((1..=8).contains(&outcome.code), "{command}: {outcome:?}");
            assert!(!outcome.stderr.contains('\u{1b}'), "{command}: {outcome:?}");
            assert!(outcome.stderr.contains("error: ") || outcome.stdout.contains("fail"), "{command}: {outcome:?}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_waiting_login_leaves_no_core_and_passes_on_no_descriptor() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let secrets = sandbox.home().join("client_secret.json");
    let login = sandbox.login(&["-c", secrets.to_str().unwrap(), "--timeout", "600"]).start();
    login.url();
    let process = format!("/proc/{}", login.id());
    let limits = fs::read_to_string(format!("{process}/limits")).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    // It passes on what the test itself was started with; only what it opened is checked.
    let ours = handed_down("/proc/self");
    // Another user may not inspect a process that is not dumpable, and finds nothing.
    let theirs = handed_down(&process).into_iter().filter(|found| !ours.contains(found));
    assert_eq!(theirs.collect::<Vec<_>>(), []);
}

/// Returns the descriptors of a process, besides the first three, that a program it starts would inherit, each with its
/// file.
#[cfg(target_os = "linux")]
fn handed_down(process: &str) -> Vec<(String, std::path::PathBuf)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(format!("{process}/fdinfo")).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(info) = fs::read_to_string(entry.path()) else { continue };
        let flags = info.lines().find_map(|line| line.strip_prefix("flags:")).unwrap().trim().to_owned();
        let closes = u32::from_str_radix(&flags, 8).unwrap() & 0o2_000_000 != 0;
        if !closes && !["0", "1", "2"].contains(&name.as_str()) {
            found.push((name.clone(), fs::read_link(format!("{process}/fd/{name}")).unwrap_or_default()));
        }
    }
    found
}

#[test]
#[cfg(target_os = "linux")]
fn any_clock_works() {
    let (sandbox, _) = logged_in();
    for date in [
        "1969-06-01 00:00:00",
        "1970-01-01 00:00:01",
        "1990-01-01 00:00:00",
        "2038-01-19 03:14:08",
        "2100-02-28 23:59:59",
    ] {
        let clock = |command: &str| with_clock(sandbox.command(&[command]), date);
        let (Some(refresh), Some(show)) = (clock("refresh"), clock("show")) else { return };
        refresh.stderr_has("access token issued").run();
        show.stdout_has("google-ads.yaml").stderr_has("").run();
    }
}

/// chrono, the library of a login's server and that of TLS panic before 1970: a revocation would be half done.
#[test]
#[cfg(target_os = "linux")]
fn no_command_panics_under_a_clock_before_1970() {
    let date = "1969-06-01 00:00:00";
    let sandbox = Sandbox::new();
    let (client, token) = crate::stored::works(&sandbox);
    sandbox.client_secrets(&client);
    crate::stored::profile(&sandbox, "work", &crate::stored::metadata(&sandbox, &token, Duration::ZERO, None));
    let commands: [&[&str]; 9] = [
        &["show"],
        &["show", "--all"],
        &["refresh", "--expires-within", "3d"],
        &["refresh", "--metrics", "m.prom"],
        &["set", "--login-customer-id", "1234567890"],
        &["doctor"],
        &["doctor", "--fix"],
        &["login", "--start", "-c", "../home/client_secret.json"],
        &["exec", "--as-file", "php", "--", "/bin/true"],
    ];
    let check = |outcome: crate::sandbox::Outcome| {
        assert!(!(outcome.stdout + &outcome.stderr).contains("this is a bug"));
    };
    for args in commands {
        let Some(run) = with_clock(sandbox.command(args), date) else { return };
        check(run.observe());
    }
    // Before a browser opens, for whose response the server panics.
    let login = sandbox.command(&["login", "--no-browser", "-c", "../home/client_secret.json"]).code(6);
    let Some(login) = with_clock(login.stderr_has("this machine's clock shows 1969-06-01"), date) else { return };
    assert!(!login.stderr_has("hint: set the clock").run().stderr.contains("/o/oauth2/"));
    let Some(revoke) = with_clock(sandbox.command(&["revoke", "--yes"]), date) else { return };
    revoke.stderr_has("revoked the refresh token at Google").run();
    assert!(!sandbox.read("google-ads.yaml").contains("refresh_token:"));
    // Google itself: no certificate is valid then.
    sandbox.write("google-ads.yaml", crate::stored::yaml(&client, &token));
    sandbox.write(".config/gads-creds/profiles.toml", "");
    let google = sandbox.command(&["refresh"]).without_env("GADS_CREDS_ENDPOINT").code(6);
    let Some(google) = with_clock(google, date) else { return };
    google.stderr_has("this machine's clock shows 1969-06-01").stderr_has("hint: set the clock").run();
}

/// Returns the run under a clock that starts at this time of UTC; `None`, with a note, if that is not possible.
#[cfg(target_os = "linux")]
pub fn with_clock<'a>(run: crate::sandbox::Spec<'a>, date: &str) -> Option<crate::sandbox::Spec<'a>> {
    let library = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
        .map(|machine| format!("/usr/lib/{machine}/faketime/libfaketimeMT.so.1"));
    let Some(library) = library.iter().find(|path| fs::exists(path).unwrap_or(false)) else {
        skip("libfaketime is not installed");
        return None;
    };
    let run = run.env("LD_PRELOAD", library).env("FAKETIME", format!("@{date}"));
    Some(run.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").env("TZ", "UTC"))
}

#[test]
fn a_dumb_terminal_and_ci_see_no_spinner_and_no_color() {
    let (sandbox, _) = logged_in();
    sandbox.google.fault_always(Endpoint::Token, crate::google::Fault::Late(Duration::from_millis(1500)));
    for (name, value) in [("TERM", "dumb"), ("CI", "true")] {
        let outcome = sandbox.command(&["refresh"]).env(name, value).env("NO_COLOR", "1").terminal().finish();
        assert!(!outcome.stdout.contains(['\u{1b}', '\r']), "{name}: {outcome:?}");
    }
}
