//! Questions on a terminal: each names the option that answers it, so that what was typed once can be scripted.
#![cfg(unix)]

use crate::sandbox::Sandbox;
use crate::stored;

/// What the question calls its answer, and whether the command's help knows it. (The question for a manager account is in
/// the picture of the manual.)
#[test]
fn every_question_names_the_option_that_answers_it() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    sandbox.write("client_secret_2.json", client.secrets_file());
    for (args, option) in [
        (&["login", "--no-browser"][..], "`--client-secrets FILE` answers this"),
        (&["revoke"], "`--yes` answers this"),
        (&["revoke", "--local-only"], "`--yes` answers this"),
    ] {
        if args[0] == "revoke" {
            stored::works(&sandbox);
        }
        let mut terminal = sandbox.command(args).folder("").terminal();
        terminal.expect(option);
        drop(terminal);
        let help = sandbox.command(&[args[0], "--help"]).observe().stdout;
        let name = option.trim_start_matches('`').split([' ', '`']).next().unwrap();
        assert!(help.contains(name), "{args:?}: {name} is no option");
    }
}

#[test]
fn without_input_nothing_is_asked_and_the_option_is_named() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    sandbox.write("client_secret_2.json", client.secrets_file());
    let login = sandbox.command(&["login", "--no-browser", "--no-input"]).folder("").code(2).terminal().finish();
    assert!(login.stdout.contains("-c") && login.stdout.contains("client_secret_2.json"), "{login:?}");
    stored::works(&sandbox);
    let revoke = sandbox.command(&["revoke", "--no-input"]).code(2).terminal().finish();
    assert!(revoke.stdout.contains("`--yes`"), "{revoke:?}");
}
