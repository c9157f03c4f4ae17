//! Waiting for a lock: what is said meanwhile, and how the wait ends.
#![cfg(target_os = "linux")]

use std::fs;
use std::time::Duration;

use crate::google::{Endpoint, Fault};
use crate::platform::environment::with_clock;
use crate::sandbox::Sandbox;
use crate::{stored, traced};

/// A file that is gone whenever this run has its lock protects nothing.
#[test]
fn a_lock_that_keeps_being_removed_is_given_up() {
    if traced::cannot() {
        return;
    }
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let args = ["export", "java", "../home/ads.properties"];
    sandbox.command(&args).stderr_has("").run();
    let locks = fs::read_dir(sandbox.path(".local/state/gads-creds/locks")).unwrap();
    let mut options = vec!["-f".to_owned(), "-e".to_owned(), "inject=statx:error=ENOENT".to_owned()];
    options.extend(locks.flat_map(|lock| ["-P".to_owned(), lock.unwrap().path().display().to_string()]));
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    // The limit is long: under a clock that runs ten times as fast.
    let run = traced::strace(&sandbox, &options, &args);
    let Some(run) = with_clock(run, "2030-01-01 00:00:00 x10") else { return };
    let run = run.without_env("FAKETIME_DONT_FAKE_MONOTONIC").code(1).stderr_has("keeps being removed");
    run.stderr_has("hint: stop the program that cleans that directory").run();
}

/// Two profiles may name one file.
#[test]
fn workers_of_one_run_that_wait_for_each_other_are_not_announced() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let entry = |name: &str| format!("[profiles.{name}]\nfile = \"~/google-ads.yaml\"\n");
    sandbox.write(".config/gads-creds/profiles.toml", entry("one") + &entry("two"));
    sandbox.google.fault_always(Endpoint::Token, Fault::Late(Duration::from_millis(1800)));
    let run = sandbox.command(&["refresh", "--all", "--jobs", "2"]).stdout_has("").stderr_has("two  ok").run();
    assert!(run.stderr.contains("one  ok") && !run.stderr.contains("waiting for"), "{run:#?}");
}
