//! Which accounts the token can reach, and what an error response of Google Ads means for storing it.

use super::{allow, decide, hold, issued, login, new_file};
use crate::google::browser::Decision;
use crate::google::{ADA, ADWORDS, Account, BOB, Client, Endpoint, Fault};
use crate::sandbox::Sandbox;

/// Writes a file with a valid token of ADA.
fn logged_in(sandbox: &Sandbox, client: &Client) -> String {
    let token = sandbox.google.grant(client, &[ADWORDS]);
    let text = new_file(client, &token);
    sandbox.write("google-ads.yaml", &text);
    text
}

#[test]
fn the_accounts_are_shown() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let spec = login(&sandbox, &[]).stderr_has("  1234567890  Example Agency  (manager)\n");
    // A cancelled account does not show its name.
    allow(spec.stderr_has("  5556667777  Ada's Own\n").stderr_has("  8889990000\n"));
    let calls = sandbox.google.requests(Endpoint::Ads);
    assert_eq!(calls[0].path, "/v26/customers:listAccessibleCustomers");
    assert!(calls.iter().all(|call| call.header("authorization").is_some_and(|text| text.starts_with("Bearer "))));
}

#[test]
fn a_login_customer_that_is_not_reached_is_warned_about() {
    for (id, reached) in [("1234567890", true), ("2223334444", true), ("9998887777", false)] {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        let outcome = allow(login(&sandbox, &["--login-customer-id", id]));
        assert_eq!(outcome.stderr.contains("warning: the login customer"), !reached, "{outcome:#?}");
    }
}

/// Creates this many accounts with consecutive numbers.
fn many(first: u64, count: u64) -> Vec<Account> {
    (first..first + count).map(|id| Account::new(&id.to_string(), "One of many")).collect()
}

#[test]
fn a_hierarchy_of_twelve_thousand_is_not_read_to_find_one_account_in_it() {
    for (id, reached) in [("4000011999", true), ("4000012000", false)] {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        let tree = Account::new("1112223333", "Large")
            .managing(vec![Account::new("1112223334", "Larger").managing(many(4_000_000_000, 12_000))]);
        sandbox.google.world().person(ADA).expect("she is known").accounts = Some(vec![tree]);
        let outcome = allow(login(&sandbox, &["--login-customer-id", id]).stderr_has("1112223333  Large  (manager)"));
        assert_eq!(outcome.stderr.contains("warning: the login customer"), !reached, "{outcome:#?}");
        assert_eq!(sandbox.google.requests(Endpoint::Ads).len(), 2);
    }
}

#[test]
fn of_three_thousand_accounts_a_few_are_asked_and_nothing_false_is_said_of_the_others() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let mut accounts = many(4_000_000_000, 2_999);
    accounts.push(Account::new("1112223333", "Last").managing(vec![Account::new("2223334444", "Below")]));
    sandbox.google.world().person(ADA).expect("she is known").accounts = Some(accounts);
    let run = |id: &str, json: &[&str]| {
        sandbox.google.world().requests.clear();
        let outcome = allow(login(&sandbox, &[&["--login-customer-id", id], json].concat()).stdout_has(""));
        assert!(sandbox.google.requests(Endpoint::Ads).len() <= 51);
        assert!(outcome.stderr.contains("\n  and 2950 more\n"), "{outcome:#?}");
        outcome
    };
    // Below an account that was not queried: unknown.
    let unknown = run("2223334444", &[]);
    assert!(unknown.stderr.contains("warning: it is not known whether this token reaches"), "{unknown:#?}");
    // The one that matters is queried first.
    let last = run("1112223333", &["--json"]);
    assert!(!last.stderr.contains("warning"), "{last:#?}");
    let listed = last.json()["accounts"].as_array().expect("a list").clone();
    assert_eq!((listed.len(), listed[2_999]["manager"].as_bool()), (3_000, Some(true)));
    sandbox.command(&["doctor"]).stdout_has("ok    login customer: 1112223333 is a manager account").run();
}

#[cfg(unix)]
mod manager {
    use super::super::{CLIENT, browse};
    use crate::sandbox::Sandbox;

    #[test]
    fn the_login_customer_is_picked_on_a_terminal() {
        for (answers, stored) in [
            (&["1"][..], true),
            (&[""], false),
            (&["9", "x", "5556667770", ""], false),
            (&["Acme", "123-456-7890"], true),
            (&["123\u{2011}456\u{2212}7890\u{a0}"], true),
        ] {
            let sandbox = Sandbox::new();
            sandbox.desktop();
            let mut terminal = sandbox.login(&CLIENT).terminal();
            browse(&terminal.url()).join().unwrap().unwrap();
            terminal.expect("stored the refresh token in");
            for answer in answers {
                terminal.expect("Number or ID, or Enter for none");
                terminal.send(answer);
            }
            terminal.expect(if stored { "login customer 1234567890 stored" } else { "no login customer is set" });
            terminal.finish();
            assert_eq!(
                sandbox.read("google-ads.yaml").contains("login_customer_id: \"1234567890\""),
                stored,
                "{answers:?}"
            );
        }
    }

    #[test]
    fn one_that_another_run_sets_meanwhile_stays_and_is_named() {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        let mut terminal = sandbox.login(&CLIENT).terminal();
        browse(&terminal.url()).join().unwrap().unwrap();
        terminal.expect("Number or ID, or Enter for none");
        let set = ["set", "--login-customer-id", "1234567890", "--no-verify"];
        sandbox.command(&set).stderr_has("set the login customer ID").run();
        terminal.send("");
        terminal.expect("login customer 1234567890 stays");
        terminal.finish();
    }

    #[test]
    fn nobody_is_asked_when_one_is_set_or_no_question_is_wanted() {
        for args in [&["--login-customer-id", "2223334444"][..], &["--no-input"], &["--no-verify"]] {
            let sandbox = Sandbox::new();
            sandbox.desktop();
            let terminal = sandbox.login(&[&CLIENT, args].concat()).terminal();
            browse(&terminal.url()).join().unwrap().unwrap();
            assert!(!terminal.finish().stdout.contains("Go through a manager"), "{args:?}");
        }
    }

    #[test]
    fn the_token_is_stored_before_the_question() {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        let mut terminal = sandbox.login(&CLIENT).code(137).terminal();
        browse(&terminal.url()).join().unwrap().unwrap();
        terminal.expect("Number or ID, or Enter for none");
        super::super::kill(terminal.id(), rustix::process::Signal::KILL);
        terminal.finish();
        assert!(sandbox.read("google-ads.yaml").contains(&super::issued(&sandbox)));
        assert_eq!(super::super::recovery_files(&sandbox), Vec::<std::path::PathBuf>::new());
    }
}

#[test]
fn an_account_without_google_ads_does_not_replace_what_was_stored() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let old = logged_in(&sandbox, &client);
    let spec =
        login(&sandbox, &[]).code(8).stderr_has("NOT_ADS_USER").stderr_has("what was stored before is unchanged");
    let (_, page) = decide(spec, &Decision::allow().by(BOB));
    assert!(page.body.contains("The login did not succeed"), "{}", page.body);
    assert_eq!(sandbox.read("google-ads.yaml"), old);
    assert_eq!(super::recovery_files(&sandbox), Vec::<std::path::PathBuf>::new());
}

#[test]
fn an_account_without_google_ads_is_stored_with_force_or_if_nothing_was_stored() {
    for (args, before, code) in [(&["--force"][..], true, 0), (&["--force"], false, 0), (&[], false, 8)] {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        if before {
            logged_in(&sandbox, &client);
        }
        let expected = if code == 0 { "warning: stored, although Google Ads rejects it: " } else { "error: " };
        let spec = login(&sandbox, args)
            .arg("--json")
            .code(code)
            .stdout_has("{")
            .stderr_has(expected)
            .stderr_has("NOT_ADS_USER");
        let (outcome, _) = decide(spec, &Decision::allow().by(BOB));
        assert!(outcome.stderr.contains("stored the refresh token in"), "{args:?}: {outcome:#?}");
        assert!(!outcome.stderr.contains("not verified"), "{args:?}: {outcome:#?}");
        let object = outcome.json();
        assert_eq!((&object["verified"], &object["google_code"]), (&false.into(), &"NOT_ADS_USER".into()), "{args:?}");
        assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)), "{args:?}");
    }
}

#[test]
fn an_api_that_cannot_be_reached_does_not_lose_the_token() {
    for fault in [
        Fault::page(502, "<html>Bad Gateway"),
        Fault::Raw(Vec::new()),
        Fault::page(200, "<html>Sign in to the Wi-Fi"),
        // An authorization server other than Google's has no Google Ads API.
        Fault::page(404, r#"{"error":"invalid_request","error_description":"unrecognized route"}"#),
        Fault::page(404, "<html>Not Found"),
    ] {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        logged_in(&sandbox, &client);
        sandbox.google.fault_always(Endpoint::Ads, fault);
        let outcome = allow(login(&sandbox, &[]).stderr_has("warning: stored, but not verified: "));
        assert!(!outcome.stderr.contains("nothing was changed"), "{outcome:#?}");
        assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
    }
}

#[test]
fn a_project_without_the_api_stores_the_token_and_exits_8() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    logged_in(&sandbox, &client);
    sandbox.google.edit(&client, |client| client.api_enabled = false);
    let spec = login(&sandbox, &[]).code(8).stderr_has("(SERVICE_DISABLED)").stderr_has("hint: enable it at https://");
    let (outcome, page) = decide(spec, &Decision::allow());
    assert!(outcome.stderr.contains("stored the refresh token in"), "{outcome:#?}");
    let is_named = page.body.contains("Google Ads cannot be used yet") && page.body.contains("is stored in");
    assert!(is_named && !page.body.contains("You are logged in"), "{}", page.body);
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
}

#[test]
fn without_verification_nobody_is_asked() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    decide(login(&sandbox, &["--no-verify"]), &Decision::allow().by(BOB));
    assert_eq!(sandbox.google.requests(Endpoint::Ads).len(), 0);
}

#[test]
fn the_token_is_in_a_recovery_file_while_google_ads_is_asked() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let held = hold(&sandbox, Endpoint::Ads);
    let running = login(&sandbox, &[]).start();
    let page = super::browse(&running.url());
    held.reached();
    let files = super::recovery_files(&sandbox);
    assert_eq!(files.len(), 1, "{files:?}");
    assert!(sandbox.read(&files[0]).contains(&issued(&sandbox)));
    assert!(!sandbox.home().join("google-ads.yaml").exists());
    drop(held);
    page.join().unwrap().unwrap();
    running.finish();
    assert_eq!(super::recovery_files(&sandbox), Vec::<std::path::PathBuf>::new());
}
