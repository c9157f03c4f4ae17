//! A `login --recover` that fails or is killed at any change keeps the token for the next one, and reports correctly.
#![cfg(target_os = "linux")]

use rustix::process::Signal;

use super::system_call_faults::OLD_TOKEN;
use super::{CLIENT, browse, hold, issued, kill, new_file, recovery_files};
use crate::google::Endpoint;
use crate::sandbox::{Outcome, Sandbox};
use crate::traced;

/// A login that was killed before it could store its token, and its recovery with that fault.
struct Run {
    sandbox: Sandbox,
    old: String,
    new: String,
    outcome: Outcome,
}

impl Run {
    fn new(inject: Option<&str>) -> Run {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        let text = |token: &str| format!("{}# by hand\n", new_file(&client, token));
        sandbox.write("google-ads.yaml", text(OLD_TOKEN));
        killed_login(&sandbox);
        let outcome = traced::command(&sandbox, inject, &["login", "--recover"]).observe();
        let (old, new) = (text(OLD_TOKEN), text(&issued(&sandbox)));
        Run { sandbox, old, new, outcome }
    }

    /// Returns whether there is still something to recover.
    fn check(&self, context: &str) -> bool {
        let context = format!("{context}: {:#?}", self.outcome);
        let text = self.sandbox.read("google-ads.yaml");
        let left = recovery_files(&self.sandbox).iter().any(|path| traced::is_kept(path));
        assert!(text == self.new || text == self.old && left, "{context}: {text}");
        match self.outcome.code {
            0 => assert!(text == self.new && (!left || self.outcome.stderr.contains("could not remove")), "{context}"),
            137 => {}
            _ => assert!(self.outcome.stderr.contains("error: ") && left, "{context}"),
        }
        let again = self.sandbox.command(&["login", "--recover"]).observe();
        assert_eq!(again.code, if left { 0 } else { 3 }, "{context}, then {again:#?}");
        assert_eq!(self.sandbox.read("google-ads.yaml"), self.new, "{context}");
        self.sandbox.command(&["refresh", "-p", "work"]).stderr_has("works").run();
        assert!(recovery_files(&self.sandbox).is_empty(), "{context}");
        left
    }
}

/// Runs a login that is killed once its token is in a recovery file.
fn killed_login(sandbox: &Sandbox) {
    let held = hold(sandbox, Endpoint::Ads);
    let args = [&CLIENT[..], &["-p", "work", "--config", "../home/google-ads.yaml"]].concat();
    let running = sandbox.login(&args).start();
    let page = browse(&running.url());
    held.reached();
    kill(running.id(), Signal::KILL);
    running.observe();
    // Nothing is left to show a page.
    drop((page.join(), held));
}

#[test]
fn of_several_recoveries_at_once_one_stores_the_token() {
    for _ in 0..5 {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        killed_login(&sandbox);
        let runs = [(); 4].map(|()| sandbox.command(&["login", "--recover"]).start());
        let mut codes = runs.map(|run| run.observe().code);
        codes.sort_unstable();
        assert_eq!(codes, [0, 3, 3, 3]);
        assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
    }
}

#[test]
fn a_recovery_that_fails_or_is_killed_keeps_the_token_for_the_next() {
    let Some(calls) = traced::calls_of(Run::new, |run| (&run.sandbox, &run.outcome), 30) else { return };
    let changes = traced::changes(calls);
    assert!(changes.len() > 12, "only {} calls change something", changes.len());
    let faults = [traced::errors(&changes), traced::kills(&changes, changes.len())].concat();
    let left = traced::inject_each(&faults, |fault, context| {
        let run = Run::new(Some(fault));
        let killed = fault.contains("KILL") && traced::killed(&run.outcome, context);
        (killed || traced::hit(&run.sandbox)) && run.check(context)
    });
    assert!(left > 10, "hardly any fault left a token to recover: the sweep missed the storing");
}

#[test]
fn a_recovery_file_that_cannot_be_read_is_reported() {
    let Some(calls) = traced::calls_of(Run::new, |run| (&run.sandbox, &run.outcome), 30) else { return };
    let looks = calls.iter().filter(|call| call.name == "statx" && call.line.contains(".json\""));
    let faults: Vec<_> = looks.map(|call| (call.fails("EIO"), call)).collect();
    assert!(faults.len() > 2, "hardly anything looks at the file");
    traced::inject_each(&faults, |fault, context| {
        let run = Run::new(Some(fault));
        assert!(run.outcome.code != 3, "{context}: {:#?}", run.outcome);
        run.check(context)
    });
}
