//! Prompts on a terminal: each names the option that answers it, so that it can be scripted.
#![cfg(unix)]

use crate::google::browser::{self, Decision};
use crate::sandbox::Sandbox;
use crate::stored;

/// How the prompt names its answer, and whether the command's help mentions it. (The prompt for a manager account is in
/// the picture of the manual.)
#[test]
fn every_question_names_the_option_that_answers_it() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    sandbox.write("client_secret_2.json", sandbox.google.desktop().secrets_file());
    for (args, option) in [
        (&["login", "--no-browser"][..], "`--client-secrets FILE` answers this"),
        (&["revoke"], "`--yes` answers this"),
        (&["revoke", "--local-only"], "`--yes` answers this"),
    ] {
        if args[0] == "revoke" {
            stored::works(&sandbox);
        }
        let mut terminal = sandbox.command(args).directory("").terminal();
        terminal.expect(option);
        drop(terminal);
        let help = sandbox.command(&[args[0], "--help"]).observe().stdout;
        let name = option.trim_start_matches('`').split([' ', '`']).next().unwrap();
        assert!(help.contains(name), "{args:?}: {name} is not an option");
    }
}

#[test]
fn without_input_nothing_is_asked_and_the_option_is_named() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    sandbox.write("client_secret_2.json", sandbox.google.desktop().secrets_file());
    let login = sandbox.command(&["login", "--no-browser", "--no-input"]).directory("").code(2).terminal().finish();
    assert!(login.stdout.contains("-c") && login.stdout.contains("client_secret_2.json"), "{login:?}");
    stored::works(&sandbox);
    let revoke = sandbox.command(&["revoke", "--no-input"]).code(2).terminal().finish();
    assert!(revoke.stdout.contains("`--yes`"), "{revoke:?}");
}

#[test]
fn a_prompt_at_the_end_of_the_input_takes_the_safe_answer() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let second = sandbox.write("client_secret_2.json", sandbox.google.desktop().secrets_file());
    let mut login = sandbox.command(&["login", "--no-browser"]).directory("").code(2).terminal();
    login.expect("Which client-secrets file?");
    login.send_end();
    assert!(login.finish().stdout.contains("that is none of the files listed"));
    std::fs::remove_file(second).unwrap();

    let mut login = sandbox.login(&["-c", "../home/client_secret.json"]).terminal();
    browser::visit(login.url().as_str(), &Decision::allow()).unwrap();
    login.expect("Go through a manager account?");
    login.expect("Number, or Enter for none");
    login.send_end();
    login.finish();
    let stored = sandbox.read("google-ads.yaml");
    assert!(stored.contains("refresh_token: ") && !stored.contains("login_customer_id"), "{stored}");

    for args in [&["revoke"][..], &["revoke", "--local-only"], &["revoke", "--forget"]] {
        let mut revoke = sandbox.command(args).code(5).terminal();
        revoke.expect("[y/N]");
        revoke.send_end();
        assert!(revoke.finish().stdout.contains("nothing was revoked: the answer was no"));
    }
    assert_eq!(sandbox.read("google-ads.yaml"), stored);
}

#[test]
fn the_end_of_the_input_ends_only_a_wait_for_a_paste() {
    let sandbox = Sandbox::new();
    let client = sandbox.google.web(&["https://example.com/oauth/cb"]);
    sandbox.client_secrets(&client);
    let mut login = sandbox.login(&["-c", "../home/client_secret.json"]).code(5).terminal();
    login.expect("Then paste here the address");
    login.send_end();
    assert!(login.finish().stdout.contains("the input ended before the URL was pasted"));
    assert!(!sandbox.home().join("google-ads.yaml").exists());

    sandbox.desktop();
    let mut login = sandbox.login(&["-c", "../home/client_secret.json", "--no-verify"]).terminal();
    login.expect("paste here the address");
    login.send_end();
    browser::visit(login.url().as_str(), &Decision::allow()).unwrap();
    login.finish();
}
