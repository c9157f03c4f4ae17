//! A login with an error of any system call, or killed at any of them: each file is the old one or the new one, what
//! the run reports about them is true, and a token that Google issued is stored or found by `login --recover`.
#![cfg(target_os = "linux")]

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use super::{CLIENT, all_files, new_file, recovery_files};
use crate::google::Client;
use crate::google::browser::{self, Decision};
use crate::sandbox::{Outcome, Sandbox};
use crate::traced::{self, Call};

pub const OLD_TOKEN: &str = "1//0-the-token-of-before";

/// One login in its own sandbox, into a file with a token and a comment and into a new profile.
pub struct Run {
    pub sandbox: Sandbox,
    client: Client,
    old: String,
    pub outcome: Outcome,
    trace: String,
}

impl Run {
    pub fn new(inject: Option<&str>) -> Run {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        let old = format!("{}# by hand\n", new_file(&client, OLD_TOKEN));
        sandbox.write("google-ads.yaml", &old);
        let mut args = vec!["login", "--no-browser", "--no-verify", "--timeout", "20"];
        args.extend(CLIENT);
        args.extend(["-p", "work", "--config", "../home/google-ads.yaml"]);
        let running = traced::command(&sandbox, inject, &args).start();
        if let Some(address) = running.address() {
            // A program that is killed meanwhile shows no page.
            let _ = browser::visit(address.as_str(), &Decision::allow());
        }
        let outcome = running.observe();
        let trace = traced::log(&sandbox);
        Run { sandbox, client, old, outcome, trace }
    }

    fn token(&self) -> Option<String> {
        self.sandbox.google.secrets().into_iter().rfind(|secret| secret.starts_with("1//0") && secret != OLD_TOKEN)
    }

    fn new_text(&self, token: &str) -> String {
        format!("{}# by hand\n", new_file(&self.client, token))
    }

    /// Checks everything that must hold after a run that was not killed. Returns whether it left something to recover.
    pub fn check(&self, context: &str) -> bool {
        let context = format!("{context}: {:#?}", self.outcome);
        let text = self.sandbox.read("google-ads.yaml");
        let stderr = &self.outcome.stderr;
        let left = stderr.contains("login --recover");
        match self.token() {
            None => {
                assert!(self.outcome.code != 0 && stderr.contains("error: "), "{context}");
                assert_eq!(text, self.old, "{context}");
            }
            Some(token) if self.outcome.code == 0 => {
                assert_eq!(text, self.new_text(&token), "{context}");
                self.is_recorded(&context);
            }
            Some(token) => {
                assert!(left, "{context}");
                self.is_old_or_new(&text, &token, &context);
                self.recover(&token, &context);
            }
        }
        self.recovers(&context);
        left
    }

    /// Checks everything that must hold after a run that was killed. Returns whether it left something to recover.
    fn check_killed(&self, context: &str) -> bool {
        if !traced::killed(&self.outcome, context) {
            return self.check(context);
        }
        let text = self.sandbox.read("google-ads.yaml");
        let Some(token) = self.token() else {
            assert_eq!(text, self.old, "{context}");
            self.recovers(context);
            return false;
        };
        self.is_old_or_new(&text, &token, context);
        let left = recovery_files(&self.sandbox).iter().any(|path| traced::is_kept(path));
        if left {
            self.recover(&token, context);
        } else if text != self.old {
            self.is_recorded(context);
        } else {
            // A token that no file holds yet is lost; once written it must be found.
            let known = traced::was_written_down(&self.trace);
            assert!(!known, "{context}: the token was written down and is gone");
        }
        self.recovers(context);
        left
    }

    fn is_old_or_new(&self, text: &str, token: &str, context: &str) {
        assert!(text == self.old || text == self.new_text(token), "{context}: {text}");
    }

    fn recover(&self, token: &str, context: &str) {
        let recovered = self.sandbox.command(&["login", "--recover"]).observe();
        assert_eq!(recovered.code, 0, "{context}: {recovered:#?}");
        assert_eq!(self.sandbox.read("google-ads.yaml"), self.new_text(token), "{context}");
        self.is_recorded(context);
    }

    fn is_recorded(&self, context: &str) {
        let shown = self.sandbox.read(".config/gads-creds/profiles.toml");
        assert!(shown.contains("work") && shown.contains("google-ads.yaml"), "{context}: {shown}");
    }

    /// What stays behind is reported, or removed by the next run of the same command, a minute later.
    fn recovers(&self, context: &str) {
        let leftovers = self.leftovers();
        if leftovers.is_empty() {
            return;
        }
        for path in recovery_files(&self.sandbox) {
            let aged = SystemTime::now() - Duration::from_secs(120);
            fs::File::open(path).and_then(|file| file.set_modified(aged)).expect("the file is ours");
        }
        let args = [&CLIENT[..], &["-p", "work", "--config", "../home/google-ads.yaml", "--no-verify"]].concat();
        let running = self.sandbox.login(&args).start();
        running.visit(&Decision::allow());
        running.finish();
        assert_eq!(self.leftovers(), [""; 0], "{context}: the next run did not clear {leftovers:?}");
    }

    /// Returns everything in the home directory other than the user's files, profiles and locks.
    fn leftovers(&self) -> Vec<String> {
        let home = self.sandbox.home();
        let mut names: Vec<_> = all_files(&home)
            .into_keys()
            .map(|path| path.strip_prefix(&home).expect("below").display().to_string())
            .collect();
        names.extend(recovery_files(&self.sandbox).iter().map(|path| path.display().to_string()));
        let wanted = ["client_secret.json", "google-ads.yaml", ".config/gads-creds/profiles.toml"];
        names.retain(|name| !wanted.contains(&name.as_str()) && !name.contains("/locks/"));
        names.sort();
        names.dedup();
        names
    }
}

fn calls() -> Option<Vec<Call>> {
    traced::calls_of(Run::new, |run| (&run.sandbox, &run.outcome), 80)
}

#[test]
fn an_error_of_any_file_call_of_a_login_loses_no_token_and_is_reported() {
    let Some(calls) = calls() else { return };
    let faults = traced::errors(&calls);
    let missed = AtomicUsize::new(0);
    let left = traced::inject_each(&faults, |fault, context| {
        let run = Run::new(Some(fault));
        let hit = traced::hit(&run.sandbox);
        missed.fetch_add(usize::from(!hit), Ordering::Relaxed);
        hit && run.check(context)
    });
    let missed = missed.into_inner();
    println!("{} faults, {missed} that did not come to pass, {left} that left a token to recover", faults.len());
    assert!(missed * 20 <= faults.len() && left > 5, "the sweep missed what it was for");
}

#[test]
fn a_login_killed_at_any_file_call_loses_no_token_and_the_next_run_clears_up() {
    let Some(calls) = calls() else { return };
    let changes = traced::changes(calls);
    assert!(changes.len() > 20, "only {} calls change something", changes.len());
    let kills = traced::kills(&changes, changes.len());
    let left = traced::inject_each(&kills, |fault, context| Run::new(Some(fault)).check_killed(context));
    assert!(left > 5, "only {left} kills left a token to recover: the sweep missed the storing");
}

#[test]
fn a_login_whose_file_calls_are_interrupted_or_cut_short_succeeds_or_says_so() {
    let Some(calls) = calls() else { return };
    let fault = |call: &Call| match call.name.as_str() {
        "write" => Some(format!("write:retval=1:when={}", call.number)),
        "read" | "openat" | "flock" | "fsync" => Some(call.fails("EINTR")),
        _ => None,
    };
    let last = &calls[calls.len().saturating_sub(60)..];
    let faults: Vec<_> = last.iter().filter_map(|call| Some((fault(call)?, call))).collect();
    traced::inject_each(&faults, |fault, context| {
        let run = Run::new(Some(fault));
        assert!(fault.starts_with("write") || run.outcome.code == 0, "{context}: {:#?}", run.outcome);
        run.check(context)
    });
}
