//! A gads-creds inside the command that `exec` runs selects the same credential as `exec`.
#![cfg(unix)]

use serde_json::Value;

use crate::PROGRAM;
use crate::google::ADWORDS;
use crate::sandbox::{Sandbox, Spec};
use crate::stored;

/// Two files with different tokens: the default one, and another.
struct Two {
    sandbox: Sandbox,
    other: String,
}

impl Two {
    fn new() -> Two {
        let sandbox = Sandbox::new();
        let (client, _) = stored::works(&sandbox);
        let token = sandbox.google.grant(&client, &[ADWORDS]);
        let other = sandbox.write("other.yaml", stored::yaml(&client, &token));
        Two { other: other.to_string_lossy().into_owned(), sandbox }
    }

    fn shows(&self, run: Spec, file: &str) {
        let shown: Value = run.stdout_has("").run().json();
        assert_eq!(shown["file"], Value::from(file));
    }
}

#[test]
fn a_nested_run_uses_the_file_that_exec_used() {
    let two = Two::new();
    let inside = ["--", PROGRAM, "show", "--json"];
    let run = |args: &[&str]| two.sandbox.command(&[args, &inside].concat());
    two.shows(run(&["exec", "--config", &two.other]), &two.other);
    // A file in memory does not show its format by its name, and is not read.
    two.shows(run(&["exec", "--as-file", "python", "--config", &two.other]), &two.other);
    two.shows(run(&["exec"]).env("GOOGLE_ADS_CONFIGURATION_FILE_PATH", &two.other), &two.other);
    two.shows(run(&["exec"]).env("GADS_CREDS_CONFIG", &two.other), &two.other);
    let usual = two.sandbox.home().join("google-ads.yaml");
    two.shows(run(&["exec"]), &usual.to_string_lossy());
    // An exec within an exec may select another one.
    two.shows(run(&["exec", "--", PROGRAM, "exec", "--config", &two.other]), &two.other);
    let refresh = two.sandbox.command(&["exec", "--config", &two.other, "--", PROGRAM, "refresh"]);
    refresh.stderr_has(&format!("the refresh token in `{}` works", two.other)).run();
}

#[test]
fn a_nested_run_uses_the_format_that_exec_used() {
    let two = Two::new();
    let text = two.sandbox.read(&two.other);
    let nameless = two.sandbox.write("credentials.txt", &text).to_string_lossy().into_owned();
    let misnamed = two.sandbox.write("credentials.env", &text).to_string_lossy().into_owned();
    for file in [&nameless, &misnamed] {
        let exec = ["exec", "--config", file, "--format", "python", "--", PROGRAM];
        let works = format!("the refresh token in `{file}` works");
        two.sandbox.command(&[&exec[..], &["refresh"]].concat()).stderr_has(&works).run();
        two.sandbox.command(&[&exec[..], &["exec", "--", PROGRAM, "refresh"]].concat()).stderr_has(&works).run();
        // It is the format of that file only.
        two.shows(two.sandbox.command(&[&exec[..], &["show", "--json", "--config", &two.other]].concat()), &two.other);
    }
    // A profile's file, read in another format than profiles.toml says.
    let entry = format!("[profiles.odd]\nfile = {misnamed:?}\n");
    two.sandbox.write(".config/gads-creds/profiles.toml", entry);
    let exec = ["exec", "-p", "odd", "--format", "python", "--", PROGRAM, "refresh"];
    two.sandbox.command(&exec).stderr_has(&format!("the refresh token in `{misnamed}` works")).run();
    let refresh = two.sandbox.command(&["refresh"]).env("GADS_CREDS_CONFIG", &nameless);
    refresh.env("GADS_CREDS_FORMAT", "cobol").code(2).stderr_has("`GADS_CREDS_FORMAT` is `cobol`, which is no").run();
}

#[test]
fn a_name_comes_before_the_file_of_the_exec_around_it() {
    let two = Two::new();
    stored::profile(&two.sandbox, "work", "");
    let usual = two.sandbox.home().join("google-ads.yaml");
    let args = ["exec", "--config", &two.other, "--", PROGRAM, "show", "--json", "-p", "work"];
    two.shows(two.sandbox.command(&args), &usual.to_string_lossy());
    let args = ["exec", "--config", &two.other, "--", PROGRAM, "exec", "-p", "work", "--", PROGRAM, "show", "--json"];
    two.shows(two.sandbox.command(&args), &usual.to_string_lossy());
}

#[test]
fn a_credential_for_other_services_of_google_is_passed_on() {
    let two = Two::new();
    let inside = ["--", "/bin/sh", "-c", "echo $GOOGLE_APPLICATION_CREDENTIALS"];
    let run = |args: &[&str]| {
        let run = two.sandbox.command(&[&["exec"], args, &inside].concat());
        run.env("GOOGLE_APPLICATION_CREDENTIALS", "/srv/bigquery.json").stdout_has("").run().stdout
    };
    assert_eq!(run(&[]), "/srv/bigquery.json\n");
    // Unless it is replaced for the command.
    assert!(run(&["--as-file", "adc"]).starts_with("/proc/") || cfg!(not(target_os = "linux")));
}
