//! A `refresh` with an error of any system call while Google replaces the token, or killed at any of them: the file has
//! the old text or the new, and the one token that still works is in it or recovered by `login --recover`.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::PathBuf;

use crate::sandbox::{Outcome, Sandbox};
use crate::stored::{self, DAY};
use crate::traced::{self, Call};

struct Run {
    sandbox: Sandbox,
    old: String,
    outcome: Outcome,
}

impl Run {
    fn new(inject: Option<&str>) -> Run {
        let sandbox = Sandbox::new();
        let (_, old) = stored::works(&sandbox);
        stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &old, DAY, Some(100 * DAY)));
        sandbox.google.world().rotate = true;
        let outcome = traced::command(&sandbox, inject, &["refresh", "-p", "work"]).observe();
        Run { sandbox, old, outcome }
    }

    /// Returns the token that replaced the old one, if one did.
    fn new_token(&self) -> Option<String> {
        let new = self.sandbox.google.secrets().into_iter().rfind(|secret| secret.starts_with("1//0"))?;
        (new != self.old).then_some(new)
    }

    /// Checks what must hold at the end; returns whether a token had to be recovered.
    fn check(&self, context: &str) -> bool {
        let context = format!("{context}: {:#?}", self.outcome);
        let killed = self.outcome.code == 137;
        let before = self.sandbox.read("google-ads.yaml");
        let Some(new) = self.new_token() else {
            assert!(self.outcome.code != 0 && before.contains(&self.old), "{context}");
            return false;
        };
        assert!(before.contains(&self.old) != before.contains(&new), "{context}: {before}");
        assert!(before.starts_with("# mine\n") && before.ends_with("  # live\n"), "{context}: {before}");
        let kept = self.kept();
        if before.contains(&self.old) && kept.is_empty() {
            let known = traced::was_written_down(&traced::log(&self.sandbox));
            assert!(killed && !known, "{context}: the token is gone");
            return false;
        }
        if before.contains(&self.old) {
            assert!(killed || self.outcome.code != 0 && self.outcome.stderr.contains("login --recover"), "{context}");
        } else if !killed {
            // Written but not yet safe from a power cut: the recovery file stays, and that is reported.
            let reported = self.outcome.stderr.contains("is written, but") && !kept.is_empty();
            assert!(self.outcome.code == 0 || reported, "{context}: the token is stored, which is what counts");
        }
        if !kept.is_empty() {
            let recovered = self.sandbox.command(&["login", "--recover"]).observe();
            assert_eq!(recovered.code, 0, "{context}: {recovered:#?}");
            assert!(self.kept().is_empty(), "{context}");
        }
        assert!(self.sandbox.read("google-ads.yaml").contains(&new), "{context}");
        self.sandbox.command(&["refresh", "-p", "work"]).stderr_has("works: access token issued").run();
        assert_eq!(self.leftovers(), [""; 0], "{context}");
        !kept.is_empty()
    }

    fn kept(&self) -> Vec<PathBuf> {
        let user = rustix::process::geteuid().as_raw();
        let home = self.sandbox.home();
        let directories =
            [home.join(".local/state/gads-creds/recovery"), home.join(format!("../tmp/gads-creds-{user}"))];
        let entries = directories.iter().flat_map(fs::read_dir).flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| traced::is_kept(path)).collect()
    }

    /// Returns the files next to the two that were changed.
    fn leftovers(&self) -> Vec<String> {
        let directories = ["", ".config/gads-creds"].map(|directory| self.sandbox.home().join(directory));
        let entries = directories.iter().flat_map(fs::read_dir).flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.filter(|name| name.contains(".gads-creds-")).collect()
    }
}

fn calls() -> Option<Vec<Call>> {
    traced::calls_of(Run::new, |run| (&run.sandbox, &run.outcome), 40)
}

#[test]
fn an_error_of_any_file_call_loses_no_replaced_token_and_a_stored_one_is_no_failure() {
    let Some(calls) = calls() else { return };
    let left = traced::inject_each(&traced::errors(&calls), |fault, context| {
        let run = Run::new(Some(fault));
        traced::hit(&run.sandbox) && run.check(context)
    });
    assert!(left > 5, "hardly any error left a token to recover: the sweep missed the storing");
}

#[test]
fn a_refresh_killed_at_any_of_its_last_file_calls_loses_no_replaced_token() {
    let Some(calls) = calls() else { return };
    traced::inject_each(&traced::kills(&calls, 40), |fault, context| {
        let run = Run::new(Some(fault));
        traced::killed(&run.outcome, context);
        run.check(context)
    });
}
