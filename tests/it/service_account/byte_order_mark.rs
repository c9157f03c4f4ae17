//! A key file that begins with a byte order mark, as editors on Windows add it: google-auth cannot load it.

use super::{FORMATS, invited};
use crate::sandbox::Sandbox;
use crate::stores::command::{GOOD, Manager};

/// Puts the mark before the key, as an editor does.
fn mark(sandbox: &Sandbox) {
    sandbox.write("key.json", format!("\u{feff}{}", sandbox.read("key.json")));
}

/// Runs the step of the hint, as a user pastes it.
fn run_step(sandbox: &Sandbox, stderr: &str) {
    let step = stderr.split("remove it: `").nth(1).and_then(|rest| rest.split('`').next()).expect("a step");
    let done = std::process::Command::new("/bin/sh").args(["-c", step]).current_dir(sandbox.home()).status();
    assert!(done.expect("a shell").success(), "{step}");
}

#[test]
fn a_login_refuses_it_in_every_format_with_the_step_that_removes_it() {
    let sandbox = Sandbox::new();
    invited(&sandbox);
    let good = sandbox.read("key.json");
    for (format, file) in FORMATS {
        mark(&sandbox);
        let login = ["login", "-q", "--key-file", "key.json", "--format", format, "--config", file];
        let login = || sandbox.command(&login).directory(sandbox.home());
        let run = login().code(2).stderr_has("key.json` begins with a byte order mark").run();
        assert!(
            !run.stderr.contains(&format!("/{file} ")) && !sandbox.home().join(file).exists(),
            "{format}: {run:#?}"
        );
        run_step(&sandbox, &run.stderr);
        assert_eq!(sandbox.read("key.json"), good, "{format}");
        login().stderr_has("").run();
    }
    let marked = format!("\u{feff}{good}");
    let login = sandbox.command(&["login", "--key-file", "-", "--format", "adc", "--config", "other.json"]);
    login.stdin(marked).code(2).stderr_has("standard input begins with a byte order mark").stderr_has("sed -i").run();
}

#[test]
fn every_command_names_the_mark_of_a_key_that_got_it_later() {
    let sandbox = Sandbox::new();
    invited(&sandbox);
    sandbox.command(&["login", "-q", "--key-file", "key.json"]).directory(sandbox.home()).stderr_has("").run();
    mark(&sandbox);
    for (args, code) in [
        (&["refresh"][..], 2),
        (&["exec", "--", "/bin/true"], 2),
        (&["doctor"], 2),
        (&["doctor", "--fix"], 2),
        (&["show"], 0),
    ] {
        let run = sandbox.command(args).observe();
        let shown = format!("{}{}", run.stdout, run.stderr);
        assert_eq!(run.code, code, "{args:?}: {run:#?}");
        assert!(shown.contains("begins with a byte order mark") && shown.contains("sed -i"), "{args:?}: {run:#?}");
    }
    let run = sandbox.command(&["refresh"]).code(2).stderr_has("byte order mark").run();
    run_step(&sandbox, &run.stderr);
    sandbox.command(&["doctor"]).stdout_has("Google issued an access token").run();
}

#[test]
fn a_mark_in_a_secret_manager_is_not_handed_over() {
    let manager = Manager::new(GOOD);
    let account = manager.sandbox.google.service_account();
    manager.command(&["login", "-q", "--key-file", "-"]).stdin(account.key_file()).stderr_has("").run();
    manager.keep(format!("\u{feff}{}", manager.kept().expect("the key")));
    let first = "/bin/head -c 1 \"$GOOGLE_ADS_JSON_KEY_FILE_PATH\"";
    manager.command(&["exec", "--", "/bin/sh", "-c", first]).stdout("{").run();
}
