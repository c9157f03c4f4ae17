//! Every check of `doctor` finds something that another command names as well.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::google::browser::Decision;
use crate::google::{ADA, ADWORDS, Endpoint, Fault};
use crate::sandbox::{Outcome, Sandbox};
use crate::stored::{self, DAY};

/// What another command does in the same situation.
enum Other {
    /// It is run with these arguments.
    Run(&'static [&'static str]),
    /// A login with the client of `~/client_secret.json`; its consent is given.
    Login,
}

/// The id of a check, what leads to its finding, `doctor`'s exit code and part of its finding, the other command, its exit code
/// and what it says.
type Situation = (&'static str, fn(&Sandbox), i32, &'static str, Other, i32, &'static str);

const SITUATIONS: &[Situation] = &[
    (
        "location",
        |sandbox| drop(sandbox.write("google-ads.yml", "")),
        3,
        "there is no such file",
        Other::Run(&["refresh"]),
        3,
        "google-ads.yml` is there",
    ),
    (
        "readable",
        |sandbox| with(sandbox, "use_proto_plus: true\n", ""),
        1,
        "`use_proto_plus` is missing",
        Other::Run(&["refresh"]),
        0,
        "`use_proto_plus` is missing",
    ),
    (
        "placeholders",
        |sandbox| with(sandbox, "# mine", "developer_token: INSERT_DEVELOPER_TOKEN_HERE"),
        1,
        "line 1: `developer_token` still holds a placeholder",
        Other::Run(&["show"]),
        0,
        "line 1: `developer_token` still holds a placeholder",
    ),
    (
        "credential-kinds",
        |sandbox| with(sandbox, "# mine", "json_key_file_path: /nowhere/key.json"),
        0,
        "is for a service account, but the refresh token is used",
        Other::Run(&["refresh"]),
        0,
        "is for a service account, but the refresh token is used",
    ),
    (
        "customer-ids",
        |sandbox| with(sandbox, "# mine", "login_customer_id: 12"),
        1,
        "line 1: `login_customer_id` is not ten digits",
        Other::Run(&["exec", "--", crate::PROGRAM, "--version"]),
        0,
        "line 1: `login_customer_id` is not ten digits",
    ),
    (
        "client",
        |sandbox| {
            let (client, _) = stored::works(sandbox);
            sandbox.google.edit(&client, |client| client.deleted = true);
        },
        4,
        "the OAuth client was deleted",
        Other::Run(&["refresh"]),
        4,
        "the OAuth client was deleted",
    ),
    (
        "token",
        |sandbox| {
            let (client, _) = stored::works(sandbox);
            sandbox.write("google-ads.yaml", stored::yaml(&client, "4/0AX4XfWh-a-code"));
        },
        4,
        "is an authorization code",
        Other::Run(&["export", "java", "--stdout"]),
        4,
        "is an authorization code",
    ),
    (
        "network",
        |sandbox| {
            stored::works(sandbox);
            sandbox.google.fault_always(Endpoint::Token, Fault::page(200, "<html>Sign in to the WLAN</html>"));
        },
        6,
        "responded with a web page (HTTP 200)",
        Other::Run(&["refresh"]),
        6,
        "responded with a web page (HTTP 200)",
    ),
    (
        "clock",
        |sandbox| {
            stored::works(sandbox);
            sandbox.google.later(Duration::from_secs(1800));
        },
        0,
        "clock is 30 minutes behind Google's",
        Other::Run(&["refresh"]),
        0,
        "clock is 30 minutes behind Google's",
    ),
    (
        "token-accepted",
        |sandbox| {
            let (client, _) = stored::works(sandbox);
            sandbox.google.withdraw(&client);
        },
        4,
        "Google rejected the refresh token (invalid_grant",
        Other::Run(&["refresh"]),
        4,
        "Google rejected the refresh token (invalid_grant",
    ),
    (
        "token-age",
        |sandbox| {
            let (_, token) = stored::works(sandbox);
            let facts = stored::metadata(sandbox, &token, 5 * DAY - Duration::from_secs(600), Some(7 * DAY));
            let file = sandbox.path("google-ads.yaml");
            sandbox.write_profiles(&format!("default = \"work\"\n[profiles.work]\nfile = {file:?}\n{facts}"));
        },
        0,
        "expires in 2 days",
        Other::Run(&["refresh"]),
        0,
        "expires in 2 days",
    ),
    (
        "scopes",
        |sandbox| {
            let client = sandbox.google.desktop();
            let token = sandbox.google.grant(&client, &["openid"]);
            sandbox.write("google-ads.yaml", stored::yaml(&client, &token));
        },
        4,
        "was not granted the scope of the Google Ads API",
        Other::Run(&["refresh"]),
        4,
        "was not granted the scope of the Google Ads API",
    ),
    (
        "api-enabled",
        |sandbox| {
            let client = works_with_client(sandbox);
            sandbox.google.edit(&client, |client| client.api_enabled = false);
        },
        8,
        "the Google Ads API is not enabled in the Cloud project",
        Other::Login,
        8,
        "the Google Ads API is not enabled in the Cloud project",
    ),
    (
        "api-version",
        |sandbox| {
            works_with_client(sandbox);
            sandbox.google.fault_always(Endpoint::Ads, Fault::page(404, "<!DOCTYPE html><title>Error 404</title>"));
        },
        8,
        "does not have this version",
        Other::Login,
        0,
        "does not have this version",
    ),
    (
        "account",
        |sandbox| {
            works_with_client(sandbox);
            sandbox.google.world().person(ADA).expect("she is known").accounts = None;
        },
        8,
        "has no access to any Google Ads account",
        Other::Login,
        8,
        "has no access to any Google Ads account",
    ),
    (
        "login-customer",
        |sandbox| {
            works_with_client(sandbox);
            let text = sandbox.read("google-ads.yaml").replace("# mine", "login_customer_id: \"9999999999\"");
            sandbox.write("google-ads.yaml", text);
        },
        8,
        "the login customer 9999999999 is not among the accounts that this token reaches",
        Other::Login,
        0,
        "the login customer 9999999999 is not among the accounts that this token reaches",
    ),
    (
        "overriding-variables",
        |sandbox| drop(stored::works(sandbox)),
        0,
        "`GOOGLE_ADS_REFRESH_TOKEN` set",
        Other::Run(&["show"]),
        0,
        "GOOGLE_ADS_REFRESH_TOKEN, for programs that load the environment",
    ),
    (
        "other-locations",
        |sandbox| {
            let text = "[OAUTH2]\nclientId = \"<CLIENT>\"\nclientSecret = \"<SECRET>\"\nrefreshToken = \"<TOKEN>\"\n";
            let (client, token) = stored::works(sandbox);
            let text =
                text.replace("<CLIENT>", &client.id).replace("<SECRET>", &client.secret).replace("<TOKEN>", &token);
            let file = sandbox.write("google_ads_php.ini", text);
            sandbox.write_profiles(&format!("default = \"php\"\n[profiles.php]\nfile = {file:?}\n"));
            std::fs::write(sandbox.work().join("google_ads_php.ini"), "[OAUTH2]\n").expect("a new file");
        },
        0,
        "`google_ads_php.ini` in the current directory comes before",
        Other::Run(&["show"]),
        0,
        "`google_ads_php.ini` in the current directory",
    ),
    (
        "unfinished-logins",
        |sandbox| {
            works_with_client(sandbox);
            sandbox.write(".local/state/gads-creds/recovery/1-x.json", "{}");
        },
        0,
        "a credential that was never stored is in",
        Other::Login,
        0,
        "an earlier run left a credential that is not stored yet",
    ),
    (
        "pending-logins",
        |sandbox| {
            works_with_client(sandbox);
            for _ in 0..2 {
                sandbox.command(&["login", "--start", "-c", "../home/client_secret.json"]).stdout_has("").observe();
            }
        },
        0,
        "google-ads.yaml`, started less than a minute ago, expires in 24 hours; `",
        Other::Run(&["login", "--finish"]),
        2,
        "google-ads.yaml",
    ),
    (
        "file-mode",
        |sandbox| {
            stored::works(sandbox);
            #[cfg(unix)]
            sandbox.chmod("google-ads.yaml", 0o644);
        },
        0,
        "0644: others on this machine can read it",
        Other::Run(&["show"]),
        0,
        "mode 0644",
    ),
];

/// Checks that are not here, and where they are tested.
const ELSEWHERE: &[(&str, &str)] = &[
    ("git", "`git` is not installed everywhere: `commands::work_tree`, `commands::doctor::surroundings`"),
    ("secret-manager", "only for a profile in a secret manager: `stores::command::misbehaving`"),
];

/// A `~/google-ads.yaml` that works but for this change.
fn with(sandbox: &Sandbox, from: &str, to: &str) {
    stored::works(sandbox);
    let text = sandbox.read("google-ads.yaml").replace(from, to);
    sandbox.write("google-ads.yaml", text);
}

/// A `~/google-ads.yaml` that works, and the client-secrets file of its client.
fn works_with_client(sandbox: &Sandbox) -> crate::google::Client {
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    sandbox.write("google-ads.yaml", stored::yaml(&client, &token));
    client
}

fn run(sandbox: &Sandbox, id: &str, args: &[&str]) -> Outcome {
    let run = sandbox.command(args);
    let run = if id == "overriding-variables" { run.env("GOOGLE_ADS_REFRESH_TOKEN", "x") } else { run };
    run.observe()
}

#[test]
fn another_command_names_what_each_check_finds() {
    let mut faults = Vec::new();
    for (id, prepare, doctor_code, finding, other, code, fact) in SITUATIONS {
        if *id == "file-mode" && cfg!(windows) {
            continue;
        }
        let sandbox = Sandbox::new();
        prepare(&sandbox);
        let doctor = run(&sandbox, id, &["doctor", "--json"]);
        let checks = doctor.json()["checks"].clone();
        let check = checks.as_array().and_then(|checks| checks.iter().find(|check| check["id"] == *id)).cloned();
        let text = check.as_ref().and_then(|check| check["text"].as_str()).unwrap_or_default();
        if doctor.code != *doctor_code || !text.contains(finding) {
            faults.push(format!("{id}: doctor: {doctor:#?}"));
        }
        let run = match other {
            Other::Run(args) => run(&sandbox, id, args),
            Other::Login => {
                let login = sandbox.login(&["-c", "../home/client_secret.json"]).start();
                login.visit(&Decision::allow());
                login.observe()
            }
        };
        if run.code != *code || !format!("{}{}", run.stdout, run.stderr).contains(fact) {
            faults.push(format!("{id}: {run:#?}"));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n\n"));
}

#[test]
fn every_check_of_doctor_is_in_the_table() {
    let sandbox = Sandbox::new();
    sandbox.write_profiles("[profiles.vault]\nstore = \"command\"\nget = [\"gads-creds-no-such-engine\"]\n");
    let run = sandbox.command(&["doctor", "-p", "vault", "--offline", "--json"]).observe();
    let checks = run.json()["checks"].as_array().cloned().unwrap_or_default();
    let ids: BTreeSet<String> = checks.iter().filter_map(|check| check["id"].as_str().map(str::to_owned)).collect();
    let tested = SITUATIONS.iter().map(|situation| situation.0).chain(ELSEWHERE.iter().map(|(id, _)| *id));
    assert_eq!(ids, tested.map(str::to_owned).collect(), "{run:#?}");
}
