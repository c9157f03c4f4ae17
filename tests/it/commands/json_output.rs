//! `--json`: one object on one line of stdout, whatever the command and its result; the same message on stderr.

use serde_json::{Value, json};

use crate::google::browser::Decision;
use crate::sandbox::{Outcome, Sandbox};
use crate::stored;

/// Returns the one object that was printed.
#[track_caller]
fn object(run: &Outcome) -> Value {
    let text = run.stdout.strip_suffix('\n').unwrap_or_default();
    assert!(!text.contains('\n') && text.starts_with('{'), "{run:?}");
    run.json()
}

#[test]
fn a_command_that_fails_prints_one_object_with_the_text_of_stderr() {
    let sandbox = Sandbox::new();
    for (args, kind, code) in [
        (&["show"][..], "not_logged_in", 3),
        (&["refresh"], "not_logged_in", 3),
        (&["refresh", "--all"], "no_such_profile", 3),
        (&["refresh", "-p", "nobody"], "no_such_profile", 3),
        (&["revoke", "--yes"], "not_logged_in", 3),
        (&["export", "java"], "not_logged_in", 3),
        (&["exec", "--", "true"], "not_logged_in", 3),
        (&["doctor", "--offline"], "not_logged_in", 3),
        (&["login", "--no-browser"], "client_secrets", 2),
        (&["export", "cobol"], "usage", 2),
        (&["completions"], "usage", 2),
        (&["exec"], "usage", 2),
        (&["frobnicate"], "usage", 2),
        (&[], "usage", 2),
    ] {
        let run = sandbox.command(&[&["--json"], args].concat()).observe();
        let value = object(&run);
        let error = &value["error"];
        assert_eq!((&error["kind"], &error["code"], run.code), (&json!(kind), &json!(code), code), "{args:?}: {run:?}");
        let message = error["message"].as_str().expect("a text");
        assert!(!message.is_empty() && run.stderr.contains(message), "{args:?}: {run:?}");
        assert!(error["hint"].is_string(), "{args:?}: {run:?}");
    }
}

#[test]
fn a_usage_error_contains_the_whole_message_and_the_hint() {
    let sandbox = Sandbox::new();
    let error = |args: &[&str]| object(&sandbox.command(args).observe())["error"].clone();
    let missing = error(&["--json", "export"]);
    assert_eq!(missing["message"], "`FORMAT` is missing");
    assert_eq!(missing["hint"], "see `gads-creds help export`");
    assert_eq!(error(&["--json", "shwo"])["hint"], "did you mean `gads-creds show`?");
    assert_eq!(error(&["--json"])["hint"], "see `gads-creds help`");
}

#[test]
fn a_command_that_succeeds_prints_one_object() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &token, stored::DAY, None));
    for (args, key) in [
        (&["show"][..], "client_id"),
        (&["show", "--format", "java"], "text"),
        (&["show", "--all"], "profiles"),
        (&["refresh"], "valid"),
        (&["refresh", "--all"], "valid"),
        (&["export", "java"], "format"),
        (&["export", "java", "--stdout"], "text"),
        (&["doctor"], "checks"),
        (&["completions", "bash"], "script"),
        (&["help", "login"], "help"),
        (&["explain", "invalid_grant"], "codes"),
        (&["revoke", "--yes"], "revoked"),
    ] {
        let run = sandbox.command(&[args, &["--json"]].concat()).stdout_has("").stderr_has("").run();
        assert!(!object(&run)[key].is_null(), "{args:?}: {run:?}");
    }
    let bash = object(&sandbox.command(&["completions", "bash", "--json"]).stdout_has("").run());
    assert_eq!(bash["shell"], "bash");
    assert!(bash["script"].as_str().is_some_and(|script| script.contains("complete -F")));
}

#[test]
fn the_version_is_the_programs_whatever_the_command() {
    let sandbox = Sandbox::new();
    let version = env!("CARGO_PKG_VERSION");
    for args in [&["--version"][..], &["-V"], &["login", "--version"], &["-q", "export", "-V"]] {
        sandbox.command(args).stdout(format!("gads-creds {version}\n")).run();
        for args in [[args, &["--json"]].concat(), [&["--json"], args].concat()] {
            let value = object(&sandbox.command(&args).stdout_has("").run());
            assert_eq!(value, json!({ "version": version }), "{args:?}");
        }
    }
}

#[test]
fn times_are_in_utc_to_the_second_in_every_object() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let users = vec![crate::google::ADA.to_owned()];
    sandbox.google.edit(&client, |client| client.publishing = crate::google::Publishing::Testing { users });
    let login = sandbox.login(&["--json", "-p", "work"]).directory("").stdout_has("").start();
    login.visit(&Decision::allow());
    let login = object(&login.finish());
    let show = object(&sandbox.command(&["show", "--json"]).stdout_has("").run());
    let refresh = object(&sandbox.command(&["refresh", "--json"]).stdout_has("").stderr_has("").run());
    let all = object(&sandbox.command(&["show", "--all", "--json"]).stdout_has("").run());
    for value in [&show, &refresh] {
        let warning = &value["warnings"][0];
        assert!(warning["message"].as_str().unwrap().ends_with("is in Testing"), "{value}");
        assert!(warning["hint"].as_str().unwrap().contains("gads-creds login -p work"), "{value}");
    }
    for (value, key) in [
        (&login, "issued_at"),
        (&login, "expires_at"),
        (&show, "issued_at"),
        (&show, "expires_at"),
        (&refresh, "expires_at"),
        (&all["profiles"][0], "issued_at"),
        (&all["profiles"][0], "expires_at"),
    ] {
        let time = value[key].as_str().unwrap_or_else(|| panic!("no `{key}`: {value}"));
        let shape: String = time.chars().map(|char| if char.is_ascii_digit() { '0' } else { char }).collect();
        assert_eq!(shape, "0000-00-00T00:00:00Z", "{key}: {time}");
    }
    assert_eq!(login["issued_at"], show["issued_at"]);
}

#[test]
fn a_warning_is_in_the_object_as_well() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let texts = |run: &Outcome| {
        let value = object(run);
        let warnings = value["warnings"].as_array().unwrap_or_else(|| panic!("no warnings: {run:#?}")).clone();
        let message = |warning: &Value| warning["message"].as_str().expect("a text").to_owned();
        for warning in &warnings {
            assert!(run.stderr.contains(&format!("warning: {}\n", message(warning))), "{run:#?}");
            let hint = warning["hint"].as_str();
            assert!(hint.is_none_or(|hint| run.stderr.contains(&format!("hint: {hint}\n"))), "{run:#?}");
        }
        assert_eq!(run.stderr.matches("warning: ").count(), warnings.len(), "{run:#?}");
        warnings.iter().map(message).collect::<Vec<_>>()
    };
    // Two profiles in one file.
    sandbox.write("google-ads.yaml", stored::yaml(&client, "1//0old-planted"));
    stored::profile(&sandbox, "other", "");
    let args = ["--json", "-c", "../home/client_secret.json", "--no-verify", "-p", "work", "--config"];
    let login = sandbox.login(&[&args[..], &["../home/google-ads.yaml"]].concat()).stdout_has("{").stderr_has("");
    let login = login.start();
    login.visit(&Decision::allow());
    let run = login.finish();
    assert!(texts(&run).iter().any(|text| text.contains("also keeps the credentials of `other`")), "{run:#?}");
    let with_hint = |value: Value| value["warnings"][0]["hint"].as_str().is_some_and(|hint| hint.contains("--store"));
    assert!(with_hint(object(&run)), "{run:#?}");
    sandbox.command(&["set", "-p", "work", "--login-customer-id", "1234567890", "--no-verify"]).stderr_has("").run();
    let export =
        sandbox.command(&["export", "adc", "x.json", "-p", "work", "--json"]).stdout_has("{").stderr_has("").run();
    assert_eq!(texts(&export), ["`adc` has no place for the login customer ID"]);
    let export = sandbox.command(&["export", "java", "x.properties", "-p", "work", "--json"]).stdout_has("{");
    assert_eq!(texts(&export.stderr_has("").run()), [""; 0]);
    let revoke = sandbox.command(&["revoke", "-p", "work", "--yes", "--json"]).stdout_has("{").stderr_has("").run();
    assert!(texts(&revoke).iter().any(|text| text.contains("this also ended the access of `other`")), "{revoke:#?}");
}
