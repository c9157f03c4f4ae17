//! A login into the keychain that is killed while it stores: the token is in the keychain under a known name, or is
//! found by `login --recover`; profiles.toml is old or new; the next run clears what was left.
#![cfg(target_os = "linux")]

use std::fs;
use std::time::{Duration, SystemTime};

use super::{CLIENT, all_files, recovery_files};
use crate::google::browser::{self, Decision};
use crate::harness::keyring::Session;
use crate::sandbox::{Outcome, Sandbox, Spec};
use crate::traced::{self, Call};

const PROFILES: &str = ".config/gads-creds/profiles.toml";
const OLD: &str = "# mine\n";
const ARGS: [&str; 4] = ["-p", "work", "--store", "keychain"];

/// Runs a login of the new profile `work` into the keychain.
fn run(sandbox: &Sandbox, session: &Session, inject: Option<&str>) -> Outcome {
    let args = args();
    finish(sandbox, session, traced::command(sandbox, inject, &args))
}

fn args() -> Vec<&'static str> {
    [&["login", "--no-browser", "--no-verify", "--timeout", "20"], &CLIENT[..], &ARGS].concat()
}

fn finish(sandbox: &Sandbox, session: &Session, login: Spec) -> Outcome {
    sandbox.desktop();
    sandbox.write(PROFILES, OLD);
    let running = login.env("DBUS_SESSION_BUS_ADDRESS", session.address()).start();
    if let Some(address) = running.address() {
        // A program that is killed meanwhile shows no page.
        let _ = browser::visit(address.as_str(), &Decision::allow());
    }
    running.observe()
}

/// Returns the calls of a successful login after the token is written to its recovery file; `None` if they cannot be
/// traced.
fn calls() -> Option<Vec<Call>> {
    let sandbox = Sandbox::new();
    let session = Session::start(&sandbox)?;
    if traced::cannot() {
        return None;
    }
    let outcome = run(&sandbox, &session, None);
    assert_eq!(outcome.code, 0, "{outcome:#?}");
    let mut calls = traced::calls(&sandbox);
    let is_kept = |call: &Call| call.line.contains("/recovery/") && call.line.contains(".json\", O_RDWR|O_CREAT");
    calls.drain(..calls.iter().rposition(is_kept).expect("a recovery file was made"));
    Some(traced::changes(calls))
}

/// Returns whether there was something to recover.
fn check(sandbox: &Sandbox, session: &Session, context: &str) -> bool {
    let works = |context: &str| {
        let refreshed = session.command(&["refresh", "-p", "work"]).observe();
        assert_eq!(refreshed.code, 0, "{context}: {refreshed:#?}");
    };
    let profiles = sandbox.read(PROFILES);
    let is_new = profiles != OLD;
    assert!(!is_new || profiles.starts_with(OLD) && profiles.contains("fingerprint"), "{context}: {profiles}");
    let left = recovery_files(sandbox).iter().any(|path| traced::is_kept(path));
    if left {
        let recovered = session.command(&["login", "--recover"]).observe();
        assert_eq!(recovered.code, 0, "{context}: {recovered:#?}");
    }
    if left || is_new {
        works(context);
    } else {
        // A token that no file holds yet is lost; once written it must be found.
        assert!(!traced::was_written_down(&traced::log(sandbox)), "{context}: the token is gone");
        assert_eq!(session.entries(), "", "{context}: entries that nobody finds");
    }
    if !leftovers(sandbox).is_empty() {
        for path in recovery_files(sandbox) {
            let aged = SystemTime::now() - Duration::from_secs(120);
            fs::File::open(path).and_then(|file| file.set_modified(aged)).expect("the file is ours");
        }
        let login = session.login(&[&CLIENT[..], &ARGS, &["--no-verify"]].concat()).start();
        login.visit(&Decision::allow());
        login.finish();
        assert_eq!(leftovers(sandbox), [""; 0], "{context}");
        works(context);
    }
    left
}

/// Returns the recovery files and temporary files.
fn leftovers(sandbox: &Sandbox) -> Vec<String> {
    let names = all_files(&sandbox.home()).into_keys().chain(recovery_files(sandbox));
    let names = names.map(|path| path.display().to_string());
    names.filter(|name| name.contains(".gads-creds-") || name.contains("/recovery/")).collect()
}

#[test]
fn a_login_into_the_keychain_killed_at_any_file_call_of_its_storing_loses_no_token() {
    let Some(calls) = calls() else { return };
    assert!(calls.len() > 8, "only {} calls were seen", calls.len());
    let left = traced::inject_each(&traced::kills(&calls, calls.len()), |fault, context| {
        let sandbox = Sandbox::new();
        let session = Session::start(&sandbox).expect("it could be started before");
        let outcome = run(&sandbox, &session, Some(fault));
        traced::killed(&outcome, context);
        check(&sandbox, &session, context)
    });
    assert!(left > 5, "hardly any kill left a token to recover: the sweep missed the storing");
}

#[test]
fn a_login_killed_between_two_entries_of_the_keychain_loses_no_token() {
    if traced::cannot() {
        return;
    }
    // The thread that stores is the first to send so many messages: it sends eighteen, and those before it twelve at
    // most.
    let mut entries = Vec::new();
    for number in [12, 14, 16, 18] {
        let sandbox = Sandbox::new();
        let Some(session) = Session::start(&sandbox) else { return };
        let kill = format!("inject=sendmsg:signal=KILL:when={number}");
        let login = traced::strace(&sandbox, &["-f", "-e", "trace=sendmsg", "-e", &kill], &args());
        let outcome = finish(&sandbox, &session, login);
        let context = format!("killed at message {number}");
        assert_eq!(outcome.code, 137, "{context}: {outcome:#?}");
        entries.push(session.entries());
        assert!(check(&sandbox, &session, &context), "{context}: nothing was left to recover");
    }
    entries.dedup();
    assert!(entries.len() > 1, "every kill found the keychain alike: {entries:?}");
}
