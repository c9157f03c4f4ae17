//! `move` between a file and each real manager, both ways, killed after every command of the manager that changes something and
//! at every change of a file: the store that the profile leads to is whole, and the next run finishes. age is killed at every call
//! in `commands::move_command`.
//!
//! One profile goes there and back, with one kill on each way, until every kill has been on its way.

use std::fs;

use super::PROFILES;
use super::managers::{Real, plain};
use crate::google::ADWORDS;
use crate::sandbox::{Outcome, Sandbox};
use crate::{stored, traced};

/// The number of the manager's change that is the run's last.
const KILL: &str = "KILL_AT";

/// Stands in the place of a program and counts its runs that change something.
const SHIM: &str = r#"#!/bin/sh
case " $* " in
*" show "* | *" decrypt "* | *" --decrypt "* | *" get "* | *" get-secret-value "*) exec "$program" "$@" ;;
esac
count=$(($(cat "$counter" 2>/dev/null || echo 0) + 1))
echo $count >"$counter"
"$program" "$@"
code=$?
[ "$KILL_AT" = "$count" ] && kill -9 $PPID
exit $code
"#;

#[derive(Clone, Copy)]
enum Way {
    There,
    Back,
}

#[derive(Clone)]
enum Kill {
    Nowhere,
    AtCommand(String),
    AtCall(String),
}

struct Journey<'s> {
    sandbox: &'s Sandbox,
    real: &'s Real<'s>,
    token: String,
}

impl<'s> Journey<'s> {
    /// The profile `work` in `~/work.yaml`, and the programs behind shims.
    fn new(sandbox: &'s Sandbox, real: &'s Real<'s>) -> Journey<'s> {
        let client = sandbox.google.desktop();
        let token = sandbox.google.grant(&client, &[ADWORDS]);
        sandbox.write("work.yaml", stored::yaml(&client, &token));
        sandbox.write(PROFILES, "[profiles.work]\nfile = \"~/work.yaml\"\n");
        let journey = Journey { sandbox, real, token };
        let (name, _) = real.store.split_once(':').expect("an engine and a place");
        // sops erases by `rm`.
        for program in [name, "rm"].into_iter().take(if name == "sops" { 2 } else { 1 }) {
            let path = std::env::split_paths(real.path()).map(|directory| directory.join(program));
            let found = path.into_iter().find(|path| path.is_file()).expect("the program");
            let variables = format!("program='{}'\ncounter='{}'\n", found.display(), journey.counter());
            let shim = sandbox.write(format!("../shims/{program}"), SHIM.replacen('\n', &format!("\n{variables}"), 1));
            sandbox.chmod(shim, 0o700);
        }
        journey
    }

    fn counter(&self) -> String {
        self.sandbox.work().join("counter").to_str().expect("a plain path").to_owned()
    }

    /// How many commands of the last run changed something.
    fn changes(&self) -> usize {
        fs::read_to_string(self.counter()).map_or(0, |text| text.trim().parse().expect("a number"))
    }

    fn go(&self, way: Way, kill: &Kill) -> Outcome {
        let _ = fs::remove_file(self.counter());
        let args: &[&str] = match way {
            Way::There => &["move", "-p", "work", "--store", &self.real.store],
            Way::Back => &["move", "-p", "work", "--store", "file", "--config", "../home/work.yaml"],
        };
        let spec = match kill {
            Kill::AtCall(fault) => self.real.environment(traced::command(self.sandbox, Some(fault), args)),
            Kill::Nowhere => self.real.environment(traced::command(self.sandbox, None, args)),
            Kill::AtCommand(at) => self.real.command(args).env(KILL, at),
        };
        let shims = self.sandbox.home().with_file_name("shims");
        let outcome = spec.env("PATH", format!("{}:{}", shims.display(), self.real.path())).observe();
        // What AWS has erased is made again by hand; what is still there stays as it is.
        if matches!(way, Way::Back) && self.real.store.starts_with("aws:") {
            let create = ["secretsmanager", "create-secret", "--name", "google-ads/work"];
            let _ = self.real.other("aws", &create).observe();
        }
        outcome
    }

    /// What a good run changes, each as the place of a kill.
    fn kills(&self, way: Way, calls: bool) -> Vec<Kill> {
        let outcome = self.go(way, &Kill::Nowhere);
        assert_eq!(outcome.code, 0, "{outcome:#?}");
        let changes = self.changes();
        assert!(changes >= 2, "only {changes} changes were seen");
        let mut kills: Vec<Kill> = (1..=changes).map(|number| Kill::AtCommand(number.to_string())).collect();
        if calls {
            let found = traced::changes(traced::calls(self.sandbox));
            let found = found.iter().filter(|call| ["renameat2", "linkat", "unlink"].contains(&call.name.as_str()));
            kills.extend(found.map(|call| Kill::AtCall(call.killed())));
            assert!(kills.len() >= changes + 3, "only {} places for a kill were seen", kills.len());
        }
        kills
    }

    fn refreshes(&self, context: &str) {
        let outcome = self.real.command(&["refresh", "-p", "work"]).observe();
        assert!(outcome.code == 0 && outcome.stderr.contains("works"), "{context}, and then {outcome:#?}");
    }

    /// One way with a kill, and to its end. Returns whether it was killed.
    fn travel(&self, way: Way, kill: &Kill) -> bool {
        let outcome = self.go(way, kill);
        let place = match kill {
            Kill::Nowhere => "nowhere",
            Kill::AtCommand(place) | Kill::AtCall(place) => place,
        };
        let context = format!("{} killed {place}: {outcome:#?}", self.real.store);
        let killed = traced::killed(&outcome, &context);
        // Whole, wherever it leads.
        self.refreshes(&context);
        let again = self.go(way, &Kill::Nowhere);
        let is_done = again.code == 2 && again.stderr.contains("already");
        assert!(again.code == 0 || is_done, "{context}, and then {again:#?}");
        let profiles = self.sandbox.read(PROFILES);
        assert!(!profiles.contains("moving_"), "{context}: {profiles}");
        self.refreshes(&context);
        let in_file = self.sandbox.read("work.yaml").contains(&self.token);
        let in_manager = self.real.entry().is_some_and(|entry| entry.contains(&self.token));
        let meant = matches!(way, Way::Back);
        assert_eq!((in_file, in_manager), (meant, !meant), "{context}");
        assert_eq!(plain(self.sandbox).len(), usize::from(meant), "{context}");
        killed
    }
}

/// With `calls`, at every place; without, only after each command that changes something: those leave different states.
fn sweep(name: &str, calls: bool) {
    if traced::cannot() {
        return;
    }
    let sandbox = Sandbox::new();
    let Some(real) = Real::start(&sandbox, name) else { return };
    let journey = Journey::new(&sandbox, &real);
    let (there, back) = (journey.kills(Way::There, calls), journey.kills(Way::Back, calls));
    let mut killed = 0;
    for number in 0..there.len().max(back.len()) {
        for (way, kills) in [(Way::There, &there), (Way::Back, &back)] {
            killed += usize::from(journey.travel(way, kills.get(number).unwrap_or(&Kill::Nowhere)));
        }
    }
    assert_eq!(killed, there.len() + back.len(), "a kill that hit nothing");
}

#[test]
fn a_move_with_pass_that_is_killed_anywhere_loses_nothing() {
    sweep("pass", true);
}

#[test]
fn a_move_with_sops_that_is_killed_anywhere_loses_nothing() {
    sweep("sops", true);
}

#[test]
fn a_move_with_openbao_that_is_killed_anywhere_loses_nothing() {
    sweep("bao", true);
}

#[test]
fn a_move_with_aws_that_is_killed_anywhere_loses_nothing() {
    sweep("aws", false);
}
