//! `cargo try --keep`: the printed lines, pasted into a shell, lead to a login.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::google::browser::{self, Decision};
use crate::harness::skip::skip;

/// Builds the example and starts it with these arguments, this `PATH`, and this directory for temporary files.
fn example(args: &[&str], path: &Path, temporary: &Path) -> Child {
    let mut build = Command::new(env!("CARGO"));
    build
        .args(["build", "--quiet", "--offline", "--locked", "--example", "try"])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    assert!(build.status().expect("Cargo starts").success(), "the example does not build");
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("debug").join("examples/try");
    Command::new(built)
        .args(args)
        .env("PATH", path)
        .env("TMPDIR", temporary)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the example starts")
}

#[test]
fn the_stand_in_is_kept_for_the_lines_that_are_printed() {
    let installed = Path::new(crate::PROGRAM).parent().expect("a directory");
    for (path, is_installed) in [(installed, true), (Path::new("/nowhere"), false)] {
        let temporary = tempfile::Builder::new().prefix("two words").tempdir().expect("a directory");
        let mut kept = example(&["--keep"], path, temporary.path());
        let mut printed = BufReader::new(kept.stdout.take().expect("a pipe")).lines().map(|line| line.expect("text"));
        printed.find(|line| line.ends_with("In another terminal:")).expect("the line is printed");
        let lines: Vec<String> = printed.by_ref().skip(1).take_while(|line| !line.is_empty()).collect();
        assert!(printed.any(|line| line.contains("Ctrl-C")));
        assert_eq!(lines.iter().any(|line| line.starts_with("alias gads-creds=")), !is_installed, "{lines:#?}");
        let directory = lines.iter().find_map(|line| line.strip_prefix("cd '"));
        let directory = Path::new(directory.and_then(|line| line.strip_suffix('\'')).expect("a directory"));
        let home = tempfile::tempdir().expect("a directory");
        let mut shell = Command::new("/bin/sh")
            .args(["-e", "-c", &lines.join("\n")])
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", path)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut stderr = BufReader::new(shell.stderr.take().expect("a pipe")).lines().map(|line| line.expect("text"));
        let url = stderr.find(|line| line.contains("/o/oauth2/v2/auth?")).expect("the URL");
        let page = browser::visit(url.trim(), &Decision::allow()).expect("the consent page");
        let rest: Vec<String> = stderr.collect();
        assert!(shell.wait().expect("it ends").success() && page.status == 200, "{rest:#?}");
        let file = std::fs::read_to_string(directory.join("google-ads.yaml")).expect("the file of the login");
        assert!(file.contains("\nrefresh_token: "), "{file}");
        assert_eq!(std::fs::read_dir(home.path()).expect("the home directory").count(), 0);

        let id = kept.id().to_string();
        assert!(Command::new("/bin/kill").args(["-TERM", &id]).status().expect("kill starts").success());
        assert!(kept.wait().expect("it ends").success());
        assert!(!directory.exists());
    }
}

/// `cargo try` builds without the feature `keychain`, the tests with it.
#[test]
fn a_build_without_the_keychain_says_so_before_the_browser_opens() {
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("try").join("try");
    if !built.is_file() {
        return skip("`cargo try` was not built");
    }
    let home = tempfile::tempdir().expect("a directory");
    let client = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/client_secrets/desktop.json");
    let run = Command::new(built)
        .args(["--as-gads-creds", "login", "--store", "keychain", "-c"])
        .arg(client)
        .env_clear()
        .env("HOME", home.path())
        .stdin(Stdio::null())
        .output()
        .expect("it starts");
    let stderr = String::from_utf8(run.stderr).expect("text");
    assert_eq!(run.status.code(), Some(7), "{stderr}");
    assert!(stderr.starts_with("error: this gads-creds was built without support for the keychain\n"), "{stderr}");
    assert!(stderr.contains("`--features keychain`") && !stderr.contains("http"), "{stderr}");
}

#[test]
fn an_unknown_argument_of_the_example_is_a_usage_error() {
    assert_eq!(example(&["--kep"], Path::new("/usr/bin"), Path::new("/tmp")).wait().expect("it ends").code(), Some(2));
}
