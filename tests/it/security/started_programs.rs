//! Every program that a run starts, as the kernel sees it: no secret is in any argument, nor in any environment except
//! that of the command of `exec`, which is started to have it there.
//!
//! Others can read what a process is started with: everybody the arguments, every process of the user the environment.
//! strace records both for each `execve`, in full, also for those that fail. The sandbox checks that no log contains a
//! secret.
#![cfg(target_os = "linux")]

use std::path::PathBuf;

use crate::google::browser::Decision;
use crate::harness::skip::without;
use crate::sandbox::{Sandbox, Spec};
use crate::stored;

const LOG: &str = "starts";

/// Returns the program with these arguments and `-vv`, with every start in it recorded. Our directory of programs comes
/// first.
fn watched<'a>(sandbox: &'a Sandbox, args: &[&str]) -> Spec<'a> {
    let log = sandbox.write(sandbox.work().join(LOG), "");
    let strace =
        ["-f", "-qq", "-v", "-s", "65536", "-e", "trace=execve", "-e", "signal=none", "-o", log.to_str().unwrap()];
    let program = [crate::PROGRAM, "-vv"];
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", bin(sandbox).display());
    sandbox.other_program("strace", &[&strace[..], &program, args].concat()).env("PATH", path)
}

fn bin(sandbox: &Sandbox) -> PathBuf {
    sandbox.home().with_file_name("bin")
}

/// Installs a program there that does nothing.
fn install(sandbox: &Sandbox, name: &str) -> PathBuf {
    let path = sandbox.write(bin(sandbox).join(name), "#!/bin/sh\nexit 0\n");
    sandbox.chmod(&path, 0o755);
    path
}

/// What was started: the program's name, its arguments, its environment.
struct Start {
    name: String,
    args: String,
    environment: String,
}

/// `1234  execve("/bin/git", ["git", "status"], ["HOME=/home", "PATH=/bin"]) = 0`
fn starts(sandbox: &Sandbox) -> Vec<Start> {
    let log = sandbox.read(sandbox.work().join(LOG));
    let start = |line: &str| {
        let (program, rest) = line.split_once("execve(\"")?.1.split_once("\", [")?;
        let (args, environment) = rest.split_once("], [").unwrap_or_else(|| panic!("no environment: {line}"));
        assert!(!environment.contains("\"..."), "cut short: {line}");
        let name = program.rsplit('/').next().unwrap_or(program).to_owned();
        Some(Start { name, args: args.to_owned(), environment: environment.to_owned() })
    };
    log.lines().filter_map(start).collect()
}

/// Fails the test unless exactly these were started, and none got a secret; the environment of `trusted` must hold
/// some.
#[track_caller]
fn check(sandbox: &Sandbox, context: &str, names: &[&str], trusted: Option<&str>) {
    let (starts, secrets) = (starts(sandbox), sandbox.google.secrets());
    let mut started: Vec<&str> = starts.iter().map(|start| start.name.as_str()).collect();
    started.dedup();
    assert_eq!(started, names, "{context}");
    let shown = |text: &str| secrets.iter().any(|secret| text.contains(secret.as_str()));
    for Start { name, args, environment } in &starts {
        assert!(!shown(args), "{context}: an argument of {name} holds a secret: {args}");
        assert_eq!(shown(environment), trusted == Some(name), "{context}: the environment of {name}: {environment}");
    }
}

#[test]
fn a_browser_gets_the_address_and_no_secret() {
    for (program, variable) in [("my-browser", "BROWSER"), ("xdg-open", "DISPLAY")] {
        if without("strace") {
            return;
        }
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        let browser = install(&sandbox, program);
        let value = if variable == "BROWSER" { browser.to_str().unwrap() } else { ":0" };
        let login = watched(&sandbox, &["login", "-c", "../home/client_secret.json"]).env(variable, value);
        let login = login.stderr_has(&format!("the browser was opened with {program}")).start();
        login.visit(&Decision::allow());
        login.finish();
        // Client secret, code, verifier, refresh token and access token are all known now.
        assert!(sandbox.google.secrets().len() >= 5);
        check(&sandbox, program, &["gads-creds", program], None);
        assert!(!starts(&sandbox)[1].args.contains(&client.id), "the authorization request is in the arguments");
    }
}

#[test]
fn no_other_command_gives_a_secret_to_a_program_but_exec_in_its_environment() {
    if without("strace") {
        return;
    }
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    sandbox.write(".git/HEAD", "");
    sandbox.chmod(sandbox.write(bin(&sandbox).join("git"), "#!/bin/sh\nexit 1\n"), 0o755);
    install(&sandbox, "my-program");
    let ours: &[&str] = &["gads-creds"];
    for (args, names, trusted) in [
        (&["doctor"][..], &["gads-creds", "git"][..], None),
        (&["exec", "--", "my-program", "an argument"], &["gads-creds", "my-program"], Some("my-program")),
        // The kernel is asked to start it, without success.
        (&["exec", "--", "no-such-program"], &["gads-creds", "no-such-program"], Some("no-such-program")),
        // Whether git ignores the file.
        (&["export", "ruby", "google_ads_config.rb"], &["gads-creds", "git"], None),
        (&["export", "dotnet", "App.config"], &["gads-creds", "git"], None),
        (&["refresh"], ours, None),
        (&["show"], ours, None),
        (&["revoke", "--yes"], ours, None),
    ] {
        let outcome = watched(&sandbox, args).directory("").observe();
        let expected = if names.contains(&"no-such-program") { 127 } else { 0 };
        // The findings of doctor are not checked here.
        assert!(outcome.code == expected || args[0] == "doctor", "{args:?}: {outcome:#?}");
        check(&sandbox, &args.join(" "), names, trusted);
    }
}
