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
    login.expect("Number of the client-secrets file");
    login.send_end();
    assert!(login.finish().stdout.contains("no client-secrets file was chosen"));
    std::fs::remove_file(second).unwrap();

    let mut login = sandbox.login(&["-c", "../home/client_secret.json"]).terminal();
    browser::visit(login.url().as_str(), &Decision::allow()).unwrap();
    login.expect("Go through a manager account?");
    login.expect("Number or ID, or Enter for none");
    login.send_end();
    login.finish();
    let stored = sandbox.read("google-ads.yaml");
    assert!(stored.contains("refresh_token: ") && !stored.contains("login_customer_id"), "{stored}");

    for args in [&["revoke"][..], &["revoke", "--local-only"], &["revoke", "--forget"]] {
        let mut revoke = sandbox.command(args).code(5).terminal();
        revoke.expect("[y/N]");
        revoke.send_end();
        assert!(revoke.finish().stdout.contains("not confirmed: nothing was revoked or deleted"));
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

/// Every prompt ends its line, whatever ends it; the cursor was behind the question.
#[test]
fn ctrl_c_at_a_prompt_says_what_was_saved() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let second = sandbox.write("client_secret_2.json", sandbox.google.desktop().secrets_file());
    let mut login = sandbox.command(&["login", "--no-browser"]).directory("").code(130).terminal();
    login.expect("answers this): ");
    login.interrupt();
    let screen = login.finish().stdout;
    assert!(screen.contains(" \n") && screen.contains("error: interrupted; nothing was changed\n"), "{screen:?}");
    std::fs::remove_file(second).unwrap();

    let mut login = sandbox.login(&["-c", "../home/client_secret.json", "--json"]).code(130).terminal();
    browser::visit(login.url().as_str(), &Decision::allow()).unwrap();
    login.expect("answers this): ");
    login.interrupt();
    let screen = login.finish().stdout;
    let saved = screen.contains("error: interrupted; no login customer is set; the refresh token is stored in");
    assert!(saved && screen.contains("{\"account\":") && screen.contains("\"kind\":\"interrupted\""), "{screen}");
    assert!(sandbox.read("google-ads.yaml").contains("refresh_token: "));

    let mut revoke = sandbox.command(&["revoke"]).code(130).terminal();
    revoke.expect("[y/N] ");
    revoke.interrupt();
    let screen = revoke.finish().stdout;
    assert!(screen.contains("error: interrupted; nothing was revoked or deleted\n"), "{screen}");
}

#[test]
fn a_wrong_answer_is_asked_again_and_what_cannot_be_used_has_no_number() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    sandbox.write("client_secret_2.json", sandbox.google.desktop().secrets_file());
    sandbox.write("client_secret_3.json", "{}");
    let mut login = sandbox.command(&["login", "--no-browser"]).directory("").code(130).terminal();
    login.expect("  -  ");
    login.expect("not usable");
    for wrong in ["3", "x", "0"] {
        login.expect("Number of the client-secrets file");
        login.send(wrong);
        login.expect("is not the number of a usable file");
    }
    login.expect("Number of the client-secrets file");
    login.send("1");
    login.expect("Open this URL");
    login.interrupt();
    login.finish();
}

/// What is typed meanwhile is the user's, and code to copy has no line break in it.
#[test]
fn a_login_that_takes_a_paste_draws_nothing_over_it_and_ends_with_whole_lines_of_code() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let path = format!("{}/google-ads.yaml", "long".repeat(16));
    std::fs::create_dir(sandbox.path(&"long".repeat(16))).unwrap();
    let args = ["-c", "../home/client_secret.json", "--no-verify", "--config", &format!("../home/{path}")];
    let mut login = sandbox.login(&args).env("TERM", "xterm").terminal();
    login.expect("Address: ");
    let start = login.so_far().len();
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    assert_eq!(&login.so_far()[start..], "");
    browser::visit(login.url().as_str(), &Decision::allow()).unwrap();
    login.expect("Next, in your program:");
    let screen = login.finish().stdout;
    assert!(screen.contains("\n  client = GoogleAdsClient.load_from_storage(\""), "{screen}");
}

/// `ä` of a terminal in ISO-8859-1.
#[test]
fn what_is_not_utf_8_is_asked_again() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let mut login = sandbox.login(&["-c", "../home/client_secret.json"]).terminal();
    login.expect("paste here the address");
    login.send_key(b"\xe4\n");
    login.expect("what was pasted does not complete this login");
    browser::visit(login.url().as_str(), &Decision::allow()).unwrap();
    login.expect("answers this): ");
    login.send_key(b"\xe4\n");
    login.expect("nor an ID in this list");
    login.expect("answers this): ");
    login.send("1");
    login.expect("login customer 1234567890 stored");
    login.finish();
}
