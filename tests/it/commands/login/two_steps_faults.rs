//! A login in two steps on failing disks and in killed runs: at each moment it is pending, or its code was used once
//! and its token is stored or found by `login --recover`.
#![cfg(target_os = "linux")]

use std::fs;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::two_steps::{ended_on, pending, text};
use super::{CLIENT, all_files, new_file};
use crate::google::browser::Decision;
use crate::google::{Client, Endpoint};
use crate::harness::mounts::Mounts;
use crate::sandbox::{Outcome, Sandbox};
use crate::traced::{self, Call};

const ADS: &str = "google-ads.yaml";

/// One of the two steps in its own sandbox, with this fault.
struct Run {
    sandbox: Sandbox,
    client: Client,
    outcome: Outcome,
    /// The output of the first step, for a run of the second.
    started: Option<(String, String)>,
}

impl Run {
    fn start(inject: Option<&str>) -> Run {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        let args = [&["login", "--start", "--json", "--no-verify"], &CLIENT[..]].concat();
        let outcome = traced::command(&sandbox, inject, &args).observe();
        Run { sandbox, client, outcome, started: None }
    }

    fn finish(inject: Option<&str>) -> Run {
        let started = Run::start_untraced();
        let value: Value = started.outcome.json();
        let address = ended_on(&value, &Decision::allow());
        let id = text(&value, "id").to_owned();
        let spec = traced::command(&started.sandbox, inject, &["login", "--finish", &id]).stdin(format!("{address}\n"));
        let outcome = spec.observe();
        Run { outcome, started: Some((id, address)), ..started }
    }

    fn start_untraced() -> Run {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        let args = [&["login", "--start", "--json", "--no-verify"], &CLIENT[..]].concat();
        let outcome = sandbox.command(&args).observe();
        Run { sandbox, client, outcome, started: None }
    }

    fn is_stored(&self) -> bool {
        let token = self.sandbox.google.secrets().into_iter().rfind(|secret| secret.starts_with("1//0"));
        let text = fs::read_to_string(self.sandbox.home().join(ADS)).unwrap_or_default();
        token.is_some_and(|token| text == new_file(&self.client, &token))
    }

    /// Checks that a start that printed a URL can be finished, and that one that failed or was killed does no harm.
    fn check_start(&self, context: &str) -> bool {
        let context = format!("{context}: {:#?}", self.outcome);
        let printed =
            serde_json::from_str::<Value>(&self.outcome.stdout).ok().filter(|value| value.get("url").is_some());
        let Some(started) = printed else {
            assert_ne!(self.outcome.code, 0, "{context}");
            self.age();
            let args = [&["login", "--start", "--json", "--no-verify"], &CLIENT[..]].concat();
            let again = self.sandbox.command(&args).observe();
            assert_eq!(again.code, 0, "{context}, then {again:#?}");
            self.complete(&again.json(), &context);
            return false;
        };
        self.complete(&started, &context);
        true
    }

    fn complete(&self, started: &Value, context: &str) {
        let address = ended_on(started, &Decision::allow());
        let finish = ["login", "--finish", text(started, "id")];
        let finished = self.sandbox.command(&finish).stdin(address).observe();
        assert_eq!(finished.code, 0, "{context}, then {finished:#?}");
        assert!(self.is_stored(), "{context}");
    }

    /// Checks that either nothing was used, and the same address completes it; or the code was sent once, and no token
    /// is lost.
    fn check_finish(&self, context: &str) -> bool {
        let context = format!("{context}: {:#?}", self.outcome);
        let (id, address) = self.started.as_ref().expect("it was started");
        let exchanges = || self.sandbox.google.requests(Endpoint::Token).len();
        let sent = exchanges();
        assert!(sent <= 1, "{context}");
        let again = || self.sandbox.command(&["login", "--finish", id]).stdin(address.as_str()).observe();
        if sent == 0 {
            let is_pending = !pending(&self.sandbox).is_empty();
            assert_ne!(self.outcome.code, 0, "{context}");
            let again = again();
            assert_eq!(again.code, if is_pending { 0 } else { 3 }, "{context}, then {again:#?}");
            assert_eq!(self.is_stored(), is_pending, "{context}");
            return false;
        }
        let left = super::recovery_files(&self.sandbox).iter().any(|path| traced::is_kept(path) && is_recovery(path));
        if left {
            let recovered = self.sandbox.command(&["login", "--recover"]).observe();
            assert_eq!(recovered.code, 0, "{context}, then {recovered:#?}");
        }
        if !self.is_stored() {
            let killed = self.outcome.code == 137 && !traced::was_written_down(&traced::log(&self.sandbox));
            assert!(killed, "{context}: a token is lost");
        }
        assert_eq!(again().code, 3, "{context}");
        assert_eq!(exchanges(), 1, "{context}: the code was sent again");
        left
    }

    /// Makes what a killed run left old enough to be removed.
    fn age(&self) {
        for path in all_files(&self.sandbox.home()).into_keys().filter(|path| path.components().any(is_state)) {
            let aged = SystemTime::now() - Duration::from_secs(120);
            let _ = fs::File::open(path).and_then(|file| file.set_modified(aged));
        }
    }
}

fn is_state(part: std::path::Component) -> bool {
    part.as_os_str() == "pending"
}

fn is_recovery(path: &std::path::Path) -> bool {
    path.components().any(|part| part.as_os_str() == "recovery")
}

fn calls(run: fn(Option<&str>) -> Run) -> Option<Vec<Call>> {
    traced::calls_of(run, |run| (&run.sandbox, &run.outcome), 20)
}

#[test]
fn a_start_whose_file_calls_fail_prints_a_url_that_works_or_none() {
    let Some(calls) = calls(Run::start) else { return };
    let printed =
        traced::inject_each(&traced::errors(&calls), |fault, context| Run::start(Some(fault)).check_start(context));
    assert!(printed < calls.len(), "no fault was injected");
}

#[test]
fn a_start_killed_at_any_change_prints_a_url_that_works_or_none() {
    let Some(calls) = calls(Run::start) else { return };
    let changes = traced::changes(calls);
    traced::inject_each(&traced::kills(&changes, changes.len()), |fault, context| {
        Run::start(Some(fault)).check_start(context)
    });
}

#[test]
fn a_finish_whose_file_calls_fail_sends_the_code_once_and_loses_no_token() {
    let Some(calls) = calls(Run::finish) else { return };
    traced::inject_each(&traced::errors(&calls), |fault, context| {
        let run = Run::finish(Some(fault));
        traced::hit(&run.sandbox) && run.check_finish(context)
    });
}

#[test]
fn a_finish_killed_at_any_change_sends_the_code_once_and_loses_no_token() {
    let Some(calls) = calls(Run::finish) else { return };
    let changes = traced::changes(calls);
    let left = traced::inject_each(&traced::kills(&changes, changes.len()), |fault, context| {
        Run::finish(Some(fault)).check_finish(context)
    });
    assert!(left > 0, "no kill left a token to recover: the sweep missed the storing");
}

#[test]
fn a_full_disk_is_detected_at_the_start_and_again_before_the_code_is_used() {
    let sandbox = Sandbox::new();
    let Some(mounts) = Mounts::start(&sandbox) else { return };
    sandbox.desktop();
    mounts.small(".local/state", 64);
    mounts.small("ads", 16);
    let config = ["--config", "ads/google-ads.yaml"];
    let start = [&["login", "--start", "--json", "--no-verify"], &CLIENT[..], &config].concat();
    let empty = |directory: &str| mounts.sh(&format!("rm {directory}/filler"));
    for directory in [".local/state", "ads"] {
        mounts.fill(directory);
        let full = mounts.command(&start).observe();
        assert!(full.code == 1 && !full.stdout.contains("/o/oauth2/"), "{directory}: {full:#?}");
        empty(directory);
    }
    let started = mounts.command(&start).observe();
    assert_eq!(started.code, 0, "{started:#?}");
    let started = started.json();
    let address = ended_on(&started, &Decision::allow());
    mounts.fill("ads");
    let finish = ["login", "--finish", text(&started, "id")];
    let full = mounts.command(&finish).stdin(address.as_str()).observe();
    assert!(full.code == 1 && full.stderr.contains("is still pending"), "{full:#?}");
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 0);
    empty("ads");
    let finished = mounts.command(&finish).stdin(address.as_str()).observe();
    assert_eq!(finished.code, 0, "{finished:#?}");
}
