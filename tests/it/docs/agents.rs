//! `docs/agents.md`: the two calls, the rules, and whether `doctor --json` is enough to fix what can be fixed.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use gads_creds::cli::Cli;
use gads_creds::format::{DefaultLocation, FORMATS};
use serde_json::Value;

use super::recipes::{self, machine, script};
use crate::commands::login::two_steps::ended_on;
use crate::google::Endpoint;
use crate::google::browser::Decision;
use crate::harness::skip::without;
use crate::sandbox::Sandbox;

const PAGE: &str = "docs/agents.md";

fn page() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE)).expect("the page")
}

fn blocks(language: &str, mark: Option<&str>) -> Vec<String> {
    recipes::blocks(PAGE, language, mark)
}

fn members(value: &Value) -> BTreeSet<&String> {
    value.as_object().expect("an object").keys().collect()
}

#[test]
fn the_two_calls_complete_a_login() {
    let sandbox = machine();
    sandbox.desktop();
    let start = &blocks("sh", Some("<!-- run: start -->"))[0];
    let started = script(&sandbox, start).stdout_has("{").stderr_has("").run().json();
    let shown: Value = serde_json::from_str(&blocks("json", None)[1]).expect("the example is JSON");
    assert_eq!(members(&started), members(&shown), "the example has the members that are printed");
    sandbox.write("address.txt", ended_on(&started, &Decision::allow()));
    let finish = &blocks("sh", Some("<!-- run: finish -->"))[0];
    let id = started["id"].as_str().unwrap();
    let finished = script(&sandbox, finish).env("ID", id).stdout_has("{").stderr_has("").run().json();
    assert_eq!(finished["account"], "ada@example.com");
    script(&sandbox, finish).env("ID", id).code(3).stdout_has("{").stderr_has("").run();
}

/// The commands of this program in backticks.
fn commands(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).filter(|code| code.starts_with("gads-creds ")).map(str::to_owned).collect()
}

#[test]
fn what_the_rules_allow_runs_and_shows_no_secret() {
    let sandbox = machine();
    let rules = &blocks("markdown", None)[0];
    let (allowed, forbidden) = rules.split_once("Do not:").expect("two lists");
    let commands = commands(allowed);
    assert!(commands.len() >= 6, "{commands:?}");
    for command in &commands {
        if command.contains(" login") {
            continue;
        }
        let command = command.replace("COMMAND", "true").replace("CODE", "invalid_grant");
        // Every run is searched for secrets.
        script(&sandbox, &command).stdout_has("").stderr_has("").run();
    }
    // Whatever prints a secret, and wherever a library looks for one, is named.
    let tree = Cli::command();
    let reveals = ["reveal", "print-access-token"];
    let known = tree.get_subcommands().flat_map(|command| command.get_arguments().filter_map(|arg| arg.get_long()));
    let known: BTreeSet<&str> = known.collect();
    for option in reveals {
        assert!(known.contains(option) && forbidden.contains(&format!("`--{option}`")), "{option}");
    }
    for name in default_names() {
        assert!(forbidden.contains(&name), "{name}");
    }
}

/// The names of the files in which libraries look in the home directory.
fn default_names() -> BTreeSet<String> {
    let names = FORMATS.iter().filter_map(|format| match format.default_location() {
        DefaultLocation::Home(path) | DefaultLocation::Gcloud(path) => Some(path.to_owned()),
        DefaultLocation::Here(_) | DefaultLocation::Nowhere => None,
    });
    names.collect()
}

#[test]
fn the_permissions_are_json_and_cover_the_files_of_all_libraries() {
    let settings: Value = serde_json::from_str(&blocks("json", None)[0]).expect("JSON");
    let list = |name: &str| -> Vec<String> {
        settings["permissions"][name].as_array().unwrap().iter().map(|rule| rule.as_str().unwrap().to_owned()).collect()
    };
    let (allow, deny) = (list("allow"), list("deny"));
    for name in default_names() {
        let is_covered = deny.iter().any(|rule| rule.starts_with("Read(~/") && rule.ends_with(&format!("{name})")));
        assert!(is_covered, "{name} in {deny:?}");
    }
    for option in ["--reveal", "--print-access-token", "--metrics"] {
        assert!(deny.iter().any(|rule| rule.contains(option)), "{option}");
    }
    // What is allowed runs, and shows no secret.
    let sandbox = machine();
    sandbox.desktop();
    sandbox.write("report.py", "");
    for rule in allow {
        let command = rule.strip_prefix("Bash(").and_then(|rule| rule.strip_suffix(')')).expect("a rule for a shell");
        let command = command.strip_suffix(":*").unwrap_or(command);
        script(&sandbox, command).stdout_has("").stderr_has("").run();
    }
}

#[test]
fn sudo_reads_the_rules_for_it() {
    let rules = page().split("```sudoers\n").nth(1).unwrap().split("```").next().unwrap().to_owned();
    let sandbox = machine();
    sandbox.write("report.py", "");
    for line in rules.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let command = line.split_once("NOPASSWD: /usr/bin/").expect("a command").1;
        let command = command.replace("/opt/report/report.py", "true");
        script(&sandbox, &command).stdout_has("").stderr_has("").run();
    }
    if without("visudo") {
        return;
    }
    let lines: String = rules.lines().map(|line| format!("{}\n", line.trim())).collect();
    let file = sandbox.write("sudoers", lines);
    sandbox.chmod(&file, 0o440);
    let output = Command::new("visudo").args(["-c", "-O", "-f"]).arg(file).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// Somebody who knows nothing but what `doctor --json` prints, and does what the first check that is not fine says. Returns the
/// commands that were run.
#[track_caller]
fn agent(sandbox: &Sandbox) -> Vec<String> {
    let mut done = Vec::new();
    for _ in 0..8 {
        let doctor = &blocks("sh", Some("<!-- run: doctor -->"))[0];
        let report = script(sandbox, doctor).observe().json();
        let checks = report["checks"].as_array().unwrap_or_else(|| panic!("no checks: {report:#}"));
        let status = |wanted: &str| checks.iter().find(|check| check["status"] == wanted);
        let Some(check) = status("fail").or_else(|| status("warn")) else { return done };
        let hint = check["hint"].as_str().expect("a next step");
        let mut steps = hint.split('`').skip(1).step_by(2);
        let is_step = |code: &&str| ["gads-creds ", "chmod "].iter().any(|start| code.starts_with(start));
        let step = steps.find(is_step).unwrap_or_else(|| panic!("no command in {check:#} after {done:?}")).to_owned();
        if step.starts_with("gads-creds login") && !step.contains("--recover") {
            person_consents(sandbox, &step);
        } else {
            script(sandbox, &step).stdout_has("").stderr_has("").run();
        }
        done.push(step);
    }
    panic!("it goes on for ever: {done:?}");
}

/// The two calls of the page, with a person in between.
fn person_consents(sandbox: &Sandbox, login: &str) {
    let login = login.replace("-c FILE", &format!("-c '{}'", sandbox.path("client_secret.json").display()));
    let started = script(sandbox, &format!("{login} --start --json")).stdout_has("{").stderr_has("").run().json();
    let address = ended_on(&started, &Decision::allow());
    let finish = format!("gads-creds login --finish {}", started["id"].as_str().unwrap());
    script(sandbox, &finish).stdin(address).stderr_has("").run();
}

/// A change to a machine that works, and how each command begins that fixes it, with `|` between alternatives.
type Case = (&'static str, fn(&Sandbox), &'static [&'static str]);

#[test]
fn what_doctor_prints_is_enough_to_fix_what_can_be_fixed() {
    const CASES: &[Case] = &[
        ("nothing is wrong", |_| {}, &[]),
        (
            "others can read the file",
            |sandbox| sandbox.chmod("google-ads.yaml", 0o644),
            &["chmod 600 |gads-creds doctor --fix"],
        ),
        (
            "there is no file",
            |sandbox| fs::remove_file(sandbox.home().join("google-ads.yaml")).unwrap(),
            &["gads-creds login"],
        ),
        (
            "the token was revoked, and others can read the file",
            |sandbox| {
                let text = sandbox.read("google-ads.yaml").replace("1//0", "1//0revoked");
                sandbox.write("google-ads.yaml", text);
                sandbox.chmod("google-ads.yaml", 0o640);
            },
            // A login makes the file private again.
            &["gads-creds login"],
        ),
        (
            "placeholders of the sample are left",
            |sandbox| {
                let line = "refresh_token: INSERT_OAUTH2_REFRESH_TOKEN_HERE\nuse_proto_plus: true\n";
                sandbox.write("google-ads.yaml", format!("client_id: INSERT_OAUTH2_CLIENT_ID_HERE\n{line}"));
            },
            &["gads-creds login"],
        ),
        (
            "an authorization code was pasted as the token",
            |sandbox| {
                let text = sandbox.read("google-ads.yaml");
                let text: String = text
                    .lines()
                    .map(|line| {
                        if line.starts_with("refresh_token") {
                            "refresh_token: 4/0Axyz\n".to_owned()
                        } else {
                            format!("{line}\n")
                        }
                    })
                    .collect();
                sandbox.write("google-ads.yaml", text);
            },
            &["gads-creds login"],
        ),
    ];
    for (case, break_it, steps) in CASES {
        let sandbox = machine();
        sandbox.desktop();
        break_it(&sandbox);
        let done = agent(&sandbox);
        let fits = |(step, begins): (&String, &&str)| begins.split('|').any(|begin| step.starts_with(begin));
        assert!(done.len() == steps.len() && done.iter().zip(*steps).all(fits), "{case}: {done:?}");
        script(&sandbox, "gads-creds refresh").stderr_has("works: ").run();
    }
}

#[test]
fn a_token_that_waits_in_a_recovery_file_is_stored_by_what_doctor_says() {
    let sandbox = machine();
    sandbox.desktop();
    let started =
        script(&sandbox, "gads-creds login --start --json --no-verify").stdout_has("{").stderr_has("").run().json();
    let address = ended_on(&started, &Decision::allow());
    let before = sandbox.read("google-ads.yaml");
    let spoiled = sandbox.home().join("google-ads.yaml");
    sandbox.google.fault(
        Endpoint::Token,
        crate::google::Fault::edit(move |_: &mut Value| fs::write(&spoiled, "- a list\n").expect("it is there")),
    );
    script(&sandbox, "gads-creds login --finish").stdin(address).code(1).stderr_has("login --recover").run();
    sandbox.write("google-ads.yaml", &before);
    let done = agent(&sandbox);
    assert_eq!(done, ["gads-creds login --recover"]);
    assert_ne!(sandbox.read("google-ads.yaml"), before);
    script(&sandbox, "gads-creds refresh").stderr_has("works: ").run();
}
