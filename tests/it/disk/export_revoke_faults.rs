//! An `export` or a `revoke` with an error of any system call, or killed at any of them: the file has the old text or
//! the new, no token is removed here that is still valid at Google, and the next run completes the work and leaves no
//! temporary files.
#![cfg(target_os = "linux")]

use std::fs;

use crate::sandbox::{Outcome, Sandbox};
use crate::stored;
use crate::traced::{self, Call, each};

struct Job {
    args: &'static [&'static str],
    /// The file that changes, and its text.
    file: &'static str,
    before: fn(&str) -> String,
}

const EXPORT: Job =
    Job { args: &["export", "java", "../home/ads.properties"], file: "ads.properties", before: |_| "# mine\n".into() };
const REVOKE: Job = Job { args: &["revoke", "--yes"], file: "google-ads.yaml", before: str::to_owned };

struct Run {
    sandbox: Sandbox,
    token: String,
    old: String,
    outcome: Outcome,
}

impl Job {
    fn run(&self, inject: Option<&str>) -> Run {
        let sandbox = Sandbox::new();
        let (_, token) = stored::works(&sandbox);
        let old = (self.before)(&sandbox.read("google-ads.yaml"));
        sandbox.write(self.file, &old);
        let outcome = traced::command(&sandbox, inject, self.args).observe();
        Run { sandbox, token, old, outcome }
    }

    /// Returns the calls of a run without a fault.
    fn calls(&self) -> Option<Vec<Call>> {
        if traced::cannot() {
            return None;
        }
        let run = self.run(None);
        assert_eq!(run.outcome.code, 0, "{:#?}", run.outcome);
        assert_ne!(run.sandbox.read(self.file), run.old);
        let calls = traced::calls(&run.sandbox);
        assert!(calls.len() > 25, "only {} calls were seen", calls.len());
        Some(calls)
    }

    /// Whether the text is what a run without a fault writes: each run has its own client and token.
    fn is_done(&self, run: &Run, text: &str) -> bool {
        match self.args[0] {
            "export" => text.starts_with(&run.old) && text.contains(&format!("refreshToken={}", run.token)),
            _ => text.starts_with("# mine\n") && !text.contains(&run.token),
        }
    }

    fn check(&self, run: &Run, context: &str) {
        let context = format!("{context}: {:#?}", run.outcome);
        let text = run.sandbox.read(self.file);
        let done = self.is_done(run, &text);
        assert!(done || text == run.old, "{context}: neither old nor new: {text}");
        match run.outcome.code {
            0 => assert!(done, "{context}"),
            137 => {}
            _ => assert!(run.outcome.stderr.contains("error: "), "{context}"),
        }
        if self.args[0] == "revoke" {
            assert!(!done || !run.sandbox.google.lives(&run.token), "{context}: removed here, alive at Google");
        }
        let again = run.sandbox.command(self.args).observe();
        assert!(again.code == 0 || (done && again.code == 3), "{context}, and then {again:#?}");
        assert!(self.is_done(run, &run.sandbox.read(self.file)), "{context}");
        let names = fs::read_dir(run.sandbox.home()).unwrap().flatten().map(|entry| entry.file_name());
        let leftovers: Vec<_> = names.filter(|name| name.to_string_lossy().contains(".gads-creds-")).collect();
        // A run that found nothing to do had no reason to look for leftover files.
        assert!(leftovers.is_empty() || again.code == 3, "{context}: {leftovers:?}");
    }

    fn sweep(&self) {
        let Some(calls) = self.calls() else { return };
        each(&traced::errors(&calls), |(fault, call)| {
            let run = self.run(Some(fault));
            if traced::hit(&run.sandbox) {
                self.check(&run, &format!("{fault} at {}", call.line));
            }
        });
        // Closing changes nothing, and sockets are closed a varying number of times.
        let calls: Vec<_> = calls.into_iter().filter(|call| call.name != "close").collect();
        each(&calls[calls.len().saturating_sub(30)..], |call| {
            let fault = call.killed();
            let run = self.run(Some(&fault));
            traced::killed(&run.outcome, &call.line);
            self.check(&run, &format!("{fault} at {}", call.line));
        });
    }
}

#[test]
fn an_export_leaves_the_old_file_or_the_new_one_whatever_fails() {
    EXPORT.sweep();
}

#[test]
fn a_revocation_removes_no_valid_token_whatever_fails() {
    REVOKE.sweep();
}
