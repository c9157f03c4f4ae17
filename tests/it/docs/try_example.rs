//! `cargo run --example try -- --keep`: the printed lines, pasted into a shell, lead to a login.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::google::browser::{self, Decision};

/// Builds the example and starts it with these arguments.
fn example(args: &[&str]) -> Child {
    let mut build = Command::new(env!("CARGO"));
    build
        .args(["build", "--quiet", "--offline", "--locked", "--example", "try"])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    assert!(build.status().expect("Cargo starts").success(), "the example does not build");
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("debug").join("examples/try");
    Command::new(built).args(args).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the example starts")
}

/// Returns the first line that matches.
fn line(lines: &mut impl Iterator<Item = std::io::Result<String>>, fits: impl Fn(&str) -> bool) -> String {
    lines.map(|line| line.expect("text")).find(|line| fits(line)).expect("the line is printed")
}

#[test]
fn the_stand_in_is_kept_for_the_lines_that_are_printed() {
    let mut kept = example(&["--keep"]);
    let mut printed = BufReader::new(kept.stdout.take().expect("a pipe")).lines();
    let export = line(&mut printed, |line| line.starts_with("export GADS_CREDS_ENDPOINT=http://127.0.0.1:"));
    let change = line(&mut printed, |line| line.starts_with("cd "));
    let login = line(&mut printed, |line| line.starts_with("gads-creds login"));
    line(&mut printed, |line| line.contains("Ctrl-C"));
    let directory = Path::new(change.trim_start_matches("cd "));
    let home = tempfile::tempdir().expect("a directory");
    let program = Path::new(crate::PROGRAM).parent().expect("a directory");
    let mut shell = Command::new("/bin/sh")
        .args(["-e", "-c", &format!("{export}\n{change}\n{login}")])
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", program)
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a shell");
    let mut stderr = BufReader::new(shell.stderr.take().expect("a pipe")).lines();
    let url = line(&mut stderr, |line| line.contains("/o/oauth2/v2/auth?"));
    let page = browser::visit(url.trim(), &Decision::allow()).expect("the consent page");
    let rest: Vec<String> = stderr.map(|line| line.expect("text")).collect();
    assert!(shell.wait().expect("it ends").success() && page.status == 200, "{rest:#?}");
    let file = std::fs::read_to_string(directory.join("google-ads.yaml")).expect("the file of the login");
    assert!(file.contains("\nrefresh_token: "), "{file}");

    let id = kept.id().to_string();
    assert!(Command::new("/bin/kill").args(["-TERM", &id]).status().expect("kill starts").success());
    assert!(kept.wait().expect("it ends").success());
    assert!(!directory.exists());
}

#[test]
fn an_unknown_argument_of_the_example_is_a_usage_error() {
    assert_eq!(example(&["--kep"]).wait().expect("it ends").code(), Some(2));
}
