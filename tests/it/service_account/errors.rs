//! Google's error responses to a service account: the cause, the details, and the next step.

use std::time::Duration;

use super::invited;
use crate::google::{ADA, ADWORDS, ServiceAccount};
use crate::sandbox::Sandbox;

const CONSOLE: &str = "https://console.cloud.google.com/iam-admin/serviceaccounts";
const LOGIN: [&str; 4] = ["login", "-q", "--key-file", "../home/key.json"];

/// Creates a sandbox in which a service account is logged in.
fn logged_in() -> (Sandbox, ServiceAccount) {
    let sandbox = Sandbox::new();
    let (account, _) = invited(&sandbox);
    sandbox.command(&LOGIN).stderr_has("").run();
    (sandbox, account)
}

/// Checks that every command that asks Google fails alike.
fn refused(sandbox: &Sandbox, code: i32, parts: &[&str]) {
    for args in [&["refresh"][..], &["doctor"], &["refresh", "--print-access-token"]] {
        let run = sandbox.command(args).observe();
        assert_eq!(run.code, code, "{args:?}: {run:#?}");
        for part in parts {
            assert!(run.stderr.contains(part), "{args:?}: no {part:?} in {run:#?}");
        }
    }
}

#[test]
fn a_key_that_was_deleted_is_named_with_its_account() {
    let (sandbox, account) = logged_in();
    sandbox.google.edit_service_account(&account, |account| account.key_deleted = true);
    refused(
        &sandbox,
        4,
        &["Invalid JWT Signature.", &account.key_id, &account.email, CONSOLE, "login --key-file FILE"],
    );
}

#[test]
fn an_account_that_was_deleted_or_disabled_says_so() {
    let (sandbox, account) = logged_in();
    sandbox.google.edit_service_account(&account, |account| account.disabled = true);
    refused(&sandbox, 4, &["the service account is disabled", "enable it at", CONSOLE]);
    sandbox.google.edit_service_account(&account, |account| account.deleted = true);
    refused(&sandbox, 4, &["account not found", "it was deleted", CONSOLE]);
}

#[test]
fn a_wrong_clock_is_shown_beside_googles() {
    let (sandbox, _) = logged_in();
    sandbox.google.later(Duration::from_secs(2 * 3600));
    refused(&sandbox, 4, &["the clock of this machine", "2 hours behind Google's", "it shows 20", "Google's 20"]);
}

#[test]
fn missing_delegation_names_what_an_administrator_enters_and_where() {
    let (sandbox, account) = logged_in();
    let run = sandbox.command(&LOGIN).arg("--impersonate").arg(ADA).code(4).stderr_has("unauthorized_client").run();
    for part in [&account.client_id, ADWORDS, "https://admin.google.com/ac/owl/domainwidedelegation", &account.email] {
        assert!(run.stderr.contains(part), "{part}: {run:#?}");
    }
    sandbox.google.edit_service_account(&account, |account| account.delegated.push(ADWORDS.to_owned()));
    let unknown = sandbox.command(&LOGIN).arg("--impersonate").arg("nobody@example.com").code(4);
    unknown.stderr_has("no such user").stderr_has("--impersonate").run();
}

#[test]
fn an_unauthorized_account_that_acts_for_nobody_is_not_said_to_impersonate() {
    let (sandbox, account) = logged_in();
    sandbox.google.edit_service_account(&account, |account| account.unauthorized = true);
    refused(&sandbox, 4, &["unauthorized_client", &account.email, CONSOLE, "the Google Ads API is enabled"]);
    let run = sandbox.command(&["refresh"]).code(4).stderr_has("unauthorized_client").run();
    assert!(!run.stderr.contains("may not impersonate") && !run.stderr.contains("admin.google.com"), "{run:#?}");
}

#[test]
fn a_user_without_access_is_the_one_to_invite() {
    let (sandbox, account) = logged_in();
    sandbox.google.edit_service_account(&account, |account| account.delegated.push(ADWORDS.to_owned()));
    sandbox.google.world().people.iter_mut().for_each(|person| person.accounts = None);
    let run = sandbox.command(&LOGIN).arg("--impersonate").arg(ADA).code(8).stderr_has(ADA).run();
    assert!(run.stderr.contains("https://ads.google.com: Admin, Access and security"), "{run:#?}");
    assert!(!run.stderr.contains("the service account ada"), "{run:#?}");
    // The credential that worked before stays.
    assert!(!sandbox.read("google-ads.yaml").contains(ADA));
}

#[test]
fn the_policy_that_forbids_keys_is_explained_with_what_to_do_instead() {
    let sandbox = Sandbox::new();
    for text in [
        "constraints/iam.disableServiceAccountKeyCreation",
        "iam.managed.disableServiceAccountKeyCreation",
        "FAILED_PRECONDITION: Key creation is not allowed on this service account.",
    ] {
        let run = sandbox.command(&["explain", text]).stdout_has("policy").run();
        let words = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in ["gads-creds login", "use_application_default_credentials", "iam-admin/orgpolicies"] {
            assert!(words.contains(part), "{text}: no {part} in {run:#?}");
        }
    }
}

#[test]
fn doctor_finds_a_key_in_a_repository_and_a_relative_path() {
    use crate::harness::skip::without;
    let (sandbox, _) = logged_in();
    let yaml = sandbox.read("google-ads.yaml");
    let path = sandbox.home().join("key.json").display().to_string();
    sandbox.write("google-ads.yaml", yaml.replace(&path, "key.json"));
    let run = sandbox.command(&["doctor"]).directory("").stdout_has("warn  token: ").stdout_has("relative path");
    run.stdout_has("set --key-file").run();
    sandbox.write("google-ads.yaml", yaml);
    if without("git") {
        return;
    }
    let git = |args: &[&str]| {
        let git = sandbox.other_program("git", args).env("PATH", "/usr/local/bin:/usr/bin:/bin").directory("");
        assert_eq!(git.observe().code, 0, "git {args:?}");
    };
    git(&["init", "-q", "."]);
    git(&["add", "key.json"]);
    let run = sandbox.command(&["doctor"]).env("PATH", "/usr/local/bin:/usr/bin:/bin").code(1);
    run.stdout_has("fail  git: git tracks the key").stdout_has(CONSOLE).stderr_has("git tracks the key").run();
}
