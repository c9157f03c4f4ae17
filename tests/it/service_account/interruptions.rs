//! A login with a key whose file calls fail or that is killed at one of them: the library's file is the old or the new
//! one, the key file is unchanged, and the same login succeeds afterwards and leaves no temporary files.

use std::fs;

use super::invited;
use crate::sandbox::{Outcome, Sandbox};
use crate::traced;

const OLD: &str = "# mine\nuse_proto_plus: true\n";
const ARGS: [&str; 7] =
    ["login", "-p", "robot", "--config", "../home/google-ads.yaml", "--key-file", "../home/key.json"];

struct Run {
    sandbox: Sandbox,
    key: String,
    outcome: Outcome,
}

fn run(inject: Option<&str>) -> Run {
    let sandbox = Sandbox::new();
    let (_, file) = invited(&sandbox);
    sandbox.write("google-ads.yaml", OLD);
    let outcome = traced::command(&sandbox, inject, &ARGS).observe();
    Run { key: fs::read_to_string(file).expect("the key"), sandbox, outcome }
}

fn judge(run: &Run, context: &str) {
    let context = format!("{context}: {:#?}", run.outcome);
    let sandbox = &run.sandbox;
    let is_new = |text: &str| text.starts_with(OLD) && text.contains("json_key_file_path");
    let text = sandbox.read("google-ads.yaml");
    assert!(text == OLD || is_new(&text), "{context}: {text}");
    match run.outcome.code {
        0 => assert!(is_new(&text), "{context}"),
        137 => {}
        _ => assert!(run.outcome.stderr.contains("error: "), "{context}"),
    }
    assert!(run.key.contains("PRIVATE KEY"), "{context}");
    assert_eq!(sandbox.read("key.json"), run.key, "{context}");
    sandbox.command(&ARGS).stderr_has("saved").run();
    assert!(is_new(&sandbox.read("google-ads.yaml")), "{context}");
    let names = fs::read_dir(sandbox.home()).expect("a directory").flatten().map(|entry| entry.file_name());
    let leftovers: Vec<_> = names.filter(|name| name.to_string_lossy().contains(".gads-creds-")).collect();
    assert!(leftovers.is_empty(), "{context}: {leftovers:?}");
}

#[test]
fn a_login_with_a_key_leaves_the_old_file_or_the_new_one_whatever_fails() {
    let Some(calls) = traced::calls_of(run, |run| (&run.sandbox, &run.outcome), 40) else { return };
    traced::meet(&traced::errors(&calls), |fault, context| {
        let run = run(Some(fault));
        if traced::hit(&run.sandbox) {
            judge(&run, context);
        }
        false
    });
}

#[test]
fn a_login_with_a_key_killed_at_any_change_loses_nothing() {
    let Some(calls) = traced::calls_of(run, |run| (&run.sandbox, &run.outcome), 40) else { return };
    let changes = traced::changes(calls);
    traced::meet(&traced::kills(&changes, changes.len()), |fault, context| {
        let run = run(Some(fault));
        traced::killed(&run.outcome, context);
        judge(&run, context);
        false
    });
}
