//! Every wait ends within the limit that `--help` states: the limits are read from there, and nothing responds.
#![cfg(target_os = "linux")]

use std::os::unix::net::UnixListener;
use std::thread;
use std::time::{Duration, Instant};

use crate::google::{Endpoint, Fault};
use crate::platform::environment::with_clock;
use crate::sandbox::{Sandbox, Spec};
use crate::security::signals::lock_of_file;
use crate::stored;

/// The extra time for a busy machine.
const SLACK: Duration = Duration::from_secs(10);

/// Returns the seconds that the help of this command states before these words.
#[track_caller]
fn stated(command: &str, words: &str) -> u64 {
    let help = Sandbox::new().command(&[command, "--help"]).observe().stdout;
    // Its lines are wrapped to the width of the terminal.
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let (before, _) = help.split_once(words).unwrap_or_else(|| panic!("{command}: no {words:?} in {help}"));
    let number = before.trim_end_matches(" seconds").rsplit([' ', '(']).next().unwrap();
    number.parse().unwrap_or_else(|_| panic!("{command}: no number before {words:?}: {before}"))
}

/// Fails unless the run ends with this code and message, after that many seconds and not much sooner.
#[track_caller]
fn lasts(run: Spec, seconds: u64, code: i32, fact: &str) {
    let start = Instant::now();
    run.code(code).stderr_has(fact).run();
    let (lasted, limit) = (start.elapsed(), Duration::from_secs(seconds));
    assert!(lasted < limit + SLACK, "{fact}: {lasted:?}");
    assert!(lasted + Duration::from_secs(1) > limit, "{fact}: {lasted:?}");
}

fn google(command: &[&str], fact: &str) {
    let seconds = stated(command[0], " for a request to Google with its retries");
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    sandbox.google.fault_always(Endpoint::Token, Fault::Silence);
    sandbox.google.fault_always(Endpoint::Revoke, Fault::Silence);
    lasts(sandbox.command(command), seconds, 6, fact);
    assert!(fact.contains(&format!("{seconds} seconds")), "the message says another limit than the help");
}

fn keychain() {
    let seconds = stated("refresh", " for the keychain");
    let sandbox = Sandbox::new();
    sandbox.write(".config/gads-creds/profiles.toml", "[profiles.work]\nstore = \"keychain\"\n");
    let socket = sandbox.home().join("../tmp/mute");
    // Connections wait in the listener's queue: the peer exists and sends nothing.
    let _mute = UnixListener::bind(&socket).unwrap();
    let run = sandbox.command(&["refresh", "-p", "work"]);
    let run = run.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", socket.display()));
    lasts(run, seconds, 7, "the keychain did not respond");
}

fn manager() {
    let seconds = stated("refresh", " for a secret manager");
    let sandbox = Sandbox::new();
    let commands = "store = \"command\"\nget = [\"/bin/sleep\", \"300\"]\n";
    sandbox.write(".config/gads-creds/profiles.toml", format!("[profiles.work]\n{commands}"));
    lasts(sandbox.command(&["refresh", "-p", "work"]), seconds, 7, &format!("did not end within {seconds} seconds"));
}

/// Under a clock that runs ten times as fast, since the limit is long.
fn another_run() {
    let seconds = stated("refresh", " for another run of gads-creds");
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let _held = lock_of_file(&sandbox);
    let Some(run) = with_clock(sandbox.command(&["refresh"]), "2030-01-01 00:00:00 x10") else { return };
    let run = run.without_env("FAKETIME_DONT_FAKE_MONOTONIC").stderr_has("warning: waiting for another run");
    lasts(run, seconds / 10, 1, &format!("for {seconds} seconds"));
}

fn the_browser() {
    let help = Sandbox::new().command(&["login", "--help"]).observe().stdout;
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("--timeout <SECONDS> How long to wait for the browser"), "{help}");
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let login = sandbox.login(&["-c", "../home/client_secret.json", "--timeout", "2"]);
    lasts(login, 2, 5, "no response came from the browser within 2 seconds");
}

#[test]
fn every_wait_ends_at_the_stated_limit() {
    let silent = "127.0.0.1 did not respond within 10 seconds";
    thread::scope(|scope| {
        scope.spawn(move || google(&["refresh"], silent));
        scope.spawn(move || google(&["revoke", "--yes"], silent));
        scope.spawn(keychain);
        scope.spawn(manager);
        scope.spawn(another_run);
        scope.spawn(the_browser);
    });
}

#[test]
fn every_command_that_waits_says_how_long() {
    for command in ["login", "refresh", "revoke", "doctor"] {
        stated(command, " for a request to Google with its retries");
    }
    for command in ["login", "show", "refresh", "revoke", "exec", "export", "doctor"] {
        stated(command, " for the keychain");
    }
    for command in ["login", "refresh", "revoke", "export"] {
        stated(command, " for another run of gads-creds");
    }
}
