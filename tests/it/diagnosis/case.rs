//! A file of the table in a sandbox, and what every command says of it.

use std::collections::BTreeSet;

use gads_creds::credentials::Credentials;
use gads_creds::format::Contents;
use gads_creds::profile::Location;
use gads_creds::store::{self, Purpose};

use crate::google::ADWORDS;
use crate::google::browser::Decision;
use crate::sandbox::{Outcome, Sandbox};

/// A file of the table, with a client and a token that work.
pub struct Case {
    pub sandbox: Sandbox,
    pub path: String,
    pub contents: Contents,
}

impl Case {
    pub fn new(file: &str, text: &str) -> Case {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        let token = sandbox.google.grant(&client, &[ADWORDS]);
        let text = text.replace("<CLIENT>", &client.id).replace("<SECRET>", &client.secret).replace("<TOKEN>", &token);
        let path = sandbox.write(file, text);
        let location = Location::File { path: path.clone(), format: None };
        let contents = store::open(&location, Purpose::Update).and_then(|store| store.load()).expect("it can be read");
        Case { sandbox, path: path.to_string_lossy().into_owned(), contents }
    }

    pub fn run(&self, command: &[&str]) -> Outcome {
        let (verb, rest) = command.split_first().expect("a verb");
        self.sandbox.command(&[&[*verb, "--config", &self.path], rest].concat()).observe()
    }

    /// Returns what is wrong with what the commands say of this fact; `code` is the exit code of those that use the credentials.
    pub fn faults(&self, fact: &str, code: i32, doctor: i32) -> Vec<String> {
        self.faults_of(fact, true, code, doctor)
    }

    /// Does the same; a fact that works and is not what it looks like is shown by `show` and `doctor` alone.
    pub fn faults_of(&self, fact: &str, is_for_all: bool, code: i32, doctor: i32) -> Vec<String> {
        let program = [crate::PROGRAM, "--version"];
        let exec = [&["exec", "--"][..], &program].concat();
        // There is nothing to show.
        let nothing = if self.contents.credentials == Credentials::default() { 3 } else { 0 };
        let commands: [(&[&str], i32); 7] = [
            (&["refresh"], code),
            (&exec, code),
            (&["export", "env", "--stdout"], code),
            (&["show"], nothing),
            (&["show", "--json"], nothing),
            (&["doctor", "--offline"], doctor),
            (&["doctor", "--offline", "--json"], doctor),
        ];
        let escaped = serde_json::to_string(fact).expect("a text");
        let mut faults = Vec::new();
        for (command, code) in commands {
            let run = self.run(command);
            let output = format!("{}{}", run.stdout, run.stderr);
            let wanted = if command.contains(&"--json") { escaped.trim_matches('"') } else { fact };
            if run.code != code {
                faults.push(format!("{command:?}: {} instead of {code}: {run:#?}", run.code));
            } else if !output.contains(wanted) && (is_for_all || ["show", "doctor"].contains(&command[0])) {
                faults.push(format!("{command:?}: no {wanted:?}: {run:#?}"));
            }
        }
        faults
    }

    /// Returns the hints of a run that are on stderr.
    pub fn hints(run: &Outcome) -> Vec<String> {
        run.stderr.lines().filter_map(|line| line.strip_prefix("hint: ")).map(str::to_owned).collect()
    }

    /// Returns the steps of `doctor` after a failure or a warning.
    pub fn steps(&self) -> Vec<String> {
        let report = self.run(&["doctor", "--offline", "--json"]).json();
        let checks = report["checks"].as_array().cloned().unwrap_or_default();
        let open = checks.iter().filter(|check| check["status"] == "fail" || check["status"] == "warn");
        open.filter_map(|check| check["hint"].as_str().map(str::to_owned)).collect()
    }

    /// Returns the commands of this program in hints.
    pub fn commands(hints: &[String]) -> BTreeSet<String> {
        let parts = hints.iter().flat_map(|hint| hint.split('`').skip(1).step_by(2));
        parts.filter_map(|part| part.strip_prefix("gads-creds ")).map(str::to_owned).collect()
    }

    /// Runs a command of a hint as it is printed, with a value for what stands for one.
    pub fn follow(&self, command: &str) -> Outcome {
        let words: Vec<&str> = command.split(' ').collect();
        let before = |index: usize| index.checked_sub(1).map(|index| words[index]).unwrap_or_default();
        let own: Vec<&str> = words
            .iter()
            .enumerate()
            .map(|(index, word)| match (before(index), *word) {
                ("-c", "FILE") => "../home/client_secret.json",
                (_, "ID") => "1234567890",
                (_, word) => word,
            })
            .collect();
        if own[0] != "login" {
            return self.sandbox.command(&own).observe();
        }
        let login = self.sandbox.login(&own[1..]).start();
        if login.address().is_some() {
            login.visit(&Decision::allow());
        }
        login.observe()
    }
}
