//! Connectors: what each program's own reader finds in the file that a login or an export wrote, and every command on it.
//!
//! The readers are Python packages, in an environment of their own (`.ci/connectors.txt`) since two of them want other versions
//! than Google's library: dlt's resolution of its configuration, Airbyte's spec.json, singer-python, python-dotenv, mureo, and
//! the hook of Airflow's provider. Airflow itself and tap-google-ads are not there: the first is too large to install for a
//! test, the second is in no registry. The keys that the tap checks are in connectors.py.

use boon::{Compiler, Schemas};
use serde_json::{Value, json};

use crate::google::browser::Decision;
use crate::google::{ADWORDS, Client};
use crate::harness::skip::without;
use crate::sandbox::{Sandbox, Spec};

const READ: &str = include_str!("connectors.py");
const DEVELOPER_TOKEN: &str = "pQ7rT2vX9zLm4kN8wB3cYd";
const CUSTOMER: &str = "1234567890";

/// Format, file, and the sample of that program, with a text in it that has to stay.
const CONNECTORS: [(&str, &str, &str, &str); 6] = [
    ("dlt", ".dlt/secrets.toml", include_str!("../../../fixtures/dlt/sample.toml"), "# of a desktop app"),
    ("airbyte", "secrets.json", include_str!("../../../fixtures/airbyte/sample.json"), "6783948572,5839201945"),
    ("singer", "config.json", include_str!("../../../fixtures/singer/sample.json"), "\"customerId\": \"1234567890\""),
    (
        "meltano",
        ".env",
        include_str!("../../../fixtures/meltano/sample.env"),
        "# Settings of the project; not committed.",
    ),
    ("airflow", "connections.json", include_str!("../../../fixtures/airflow/sample.json"), "manager account"),
    ("mureo", ".mureo/credentials.json", include_str!("../../../fixtures/mureo/sample.json"), "of another platform"),
];

/// A command in the home directory, where the files are.
fn run<'s>(sandbox: &'s Sandbox, args: &[&str]) -> Spec<'s> {
    sandbox.command(args).directory(sandbox.home())
}

/// What the program itself reads: client ID, client secret, refresh token, developer token, login customer.
fn read(sandbox: &Sandbox, format: &str, file: &str) -> Option<[Value; 5]> {
    if without("python-connectors") {
        return None;
    }
    let mut reader = std::process::Command::new("python-connectors");
    reader.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path))).env("HOME", sandbox.home());
    reader.env("RUNTIME__DLTHUB_TELEMETRY", "false").args(["-B", "-W", "ignore", "-c", READ, format, file]);
    let output = reader.current_dir(sandbox.home()).output().expect("the reader starts");
    let text = sandbox.read(file);
    assert!(output.status.success(), "{format}: {}\n{text}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).expect("the reader prints JSON");
    if format == "airbyte" {
        let mut compiler = Compiler::new();
        compiler.add_resource("spec.json", found["spec"].clone()).expect("a schema");
        let mut schemas = Schemas::new();
        let spec = compiler.compile("spec.json", &mut schemas).expect("a schema");
        schemas.validate(&found["config"], spec).unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
    let keys = ["client_id", "client_secret", "refresh_token", "developer_token", "login_customer_id"];
    Some(keys.map(|key| found[key].clone()))
}

#[track_caller]
fn reads(sandbox: &Sandbox, format: &str, file: &str, client: &Client, token: &str) {
    let Some(found) = read(sandbox, format, file) else { return };
    let expected = [&client.id, &client.secret, token, DEVELOPER_TOKEN, CUSTOMER].map(|text| json!(text));
    assert_eq!(found, expected, "{format}: {}", sandbox.read(file));
}

/// The credentials in the Python library's file, from which they are exported.
fn stored(sandbox: &Sandbox) -> (Client, String) {
    sandbox.plant(DEVELOPER_TOKEN);
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let more = format!("developer_token: {DEVELOPER_TOKEN}\nlogin_customer_id: {CUSTOMER}\n");
    sandbox.write("google-ads.yaml", crate::stored::yaml(&client, &token) + &more);
    (client, token)
}

#[test]
fn each_program_reads_a_new_file_of_a_login() {
    for (format, file, ..) in CONNECTORS {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        sandbox.plant(DEVELOPER_TOKEN);
        sandbox.write("developer_token", DEVELOPER_TOKEN);
        let options = ["--login-customer-id", CUSTOMER, "--developer-token-file", "developer_token"];
        let login = ["-c", "client_secret.json", "--no-verify", "--format", format, "--config", file];
        let running = sandbox.login(&[&login[..], &options].concat()).directory(sandbox.home()).start();
        running.visit(&Decision::allow());
        let outcome = running.finish();
        assert!(!outcome.stderr.contains("warning:"), "{format}: {}", outcome.stderr);
        let issued = sandbox.google.secrets().into_iter().rfind(|secret| secret.starts_with("1//0"));
        let token = issued.expect("a token was issued");
        reads(&sandbox, format, file, &client, &token);
        let once = sandbox.read(file);
        // The file shows its format, and a second writing changes nothing.
        run(&sandbox, &["export", format, file, "--config", file]).stderr_has("wrote").run();
        assert_eq!(sandbox.read(file), once, "{format}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(sandbox.home().join(file)).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{format}");
        }
    }
}

#[test]
fn a_login_into_a_sample_sets_the_values_and_keeps_everything_else() {
    for (format, file, sample, kept) in CONNECTORS {
        let sandbox = Sandbox::new();
        let (client, token) = stored(&sandbox);
        for text in [sample.to_owned(), sample.replace('\n', "\r\n")] {
            sandbox.write(file, &text);
            run(&sandbox, &["export", format, file]).stderr_has("wrote").run();
            let once = sandbox.read(file);
            assert!(once.contains(kept) && !once.replace("INSERT_EMAIL", "").contains("INSERT_"), "{format}: {once}");
            assert_eq!(text.contains('\r'), once.contains('\r'), "{format}");
            // A shell takes the CR for a part of the value, so that the rest is only tried with plain line ends.
            if !text.contains('\r') {
                reads(&sandbox, format, file, &client, &token);
            }
            run(&sandbox, &["export", format, file]).stderr_has("wrote").run();
            assert_eq!(sandbox.read(file), once, "{format}");
        }
    }
}

#[test]
fn every_command_works_on_the_file() {
    for (format, file, sample, _) in CONNECTORS {
        let sandbox = Sandbox::new();
        let (client, token) = stored(&sandbox);
        sandbox.write(file, sample);
        run(&sandbox, &["export", format, file]).stderr_has("wrote").run();
        let on = |args: &[&str]| run(&sandbox, &[args, &["--config", file][..]].concat());
        on(&["refresh"]).stderr_has("works").run();
        let shown = on(&["show", "--json"]).stdout_has("{").run().json();
        assert_eq!(
            (&shown["client_id"], &shown["login_customer_id"]),
            (&json!(client.id), &json!(CUSTOMER)),
            "{format}"
        );
        let text =
            run(&sandbox, &["show", "--format", format]).stdout_has("********-").stderr_has("masked").run().stdout;
        assert!(text.contains(&client.id), "{format}: {text}");
        on(&["doctor"]).stdout_has("reads it").run();
        let print =
            run(&sandbox, &["exec", "--config", file, "--", "/bin/sh", "-c", "echo \"$GOOGLE_ADS_REFRESH_TOKEN\""]);
        assert_eq!(print.reveals(&token).stdout_has("1//").run().stdout.trim(), token, "{format}");
        let as_file =
            ["exec", "--as-file", format, "--", "/bin/sh", "-c", "/bin/cat \"$GOOGLE_ADS_CONFIGURATION_FILE_PATH\""];
        let printed = run(&sandbox, &as_file).reveals(&token).reveals(&client.secret).reveals(DEVELOPER_TOKEN);
        assert!(printed.stdout_has(&client.id).run().stdout.contains(&token), "{format}");

        let before = sandbox.read(file);
        on(&["set", "--login-customer-id", "none"]).stderr_has("login customer").run();
        let shown = on(&["show", "--json"]).stdout_has("{").run().json();
        assert_eq!(shown["login_customer_id"], json!(null), "{format}");
        on(&["set", "--login-customer-id", CUSTOMER]).stderr_has("login customer").run();
        let lines = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(|line| line.trim_end_matches(',').to_owned()).collect();
            lines.sort();
            lines
        };
        assert_eq!(lines(&sandbox.read(file)).len(), lines(&before).len(), "{format}: {}", sandbox.read(file));

        on(&["revoke", "--yes"]).stderr_has("revoked").run();
        let after = sandbox.read(file);
        assert!(!after.contains(&token) && after.contains(&client.id), "{format}: {after}");
        on(&["refresh"]).code(3).stderr_has("there is no refresh token").stderr_has("gads-creds login").run();
    }
}

#[test]
fn a_service_account_has_no_place_and_nothing_is_asked_or_written() {
    for (format, file, sample, _) in CONNECTORS {
        let sandbox = Sandbox::new();
        sandbox.write("key.json", sandbox.google.service_account().key_file());
        let login = ["login", "--key-file", "key.json", "--format", format, "--config", file];
        run(&sandbox, &login).code(2).stderr_has("has no place for a service account").run();
        assert!(!sandbox.home().join(file).exists(), "{format}");
        sandbox.write(file, sample);
        run(&sandbox, &login).code(2).stderr_has("has no place for a service account").run();
        assert_eq!(sandbox.read(file), sample, "{format}");
        assert!(sandbox.google.requests(crate::google::Endpoint::Token).is_empty(), "{format}");
        run(&sandbox, &["login", "--key-file", "key.json", "-q"]).stderr_has("").run();
        run(&sandbox, &["export", format, file]).code(2).stderr_has("has no place for a service account").run();
        assert_eq!(sandbox.read(file), sample, "{format}");
    }
}

/// Format, file, text, and what is said of it.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    ("dlt", "secrets.toml", "[sources.google_ads\ndev_token = 1\n", "line 1: is not TOML"),
    ("dlt", "secrets.toml", "[sources]\ngoogle_ads = \"x\"\n", "is not a section"),
    ("dlt", "secrets.toml", "[sources.google_ads]\ncredentials = '{}'\n", "is not a section"),
    ("dlt", "secrets.toml", "[a]\nx = 1\n[a]\ny = 1\n", "is not TOML"),
    ("mureo", "c.json", "{\n// by hand\n\"google_ads\": {}}", "line 2: is a comment"),
    ("mureo", "c.json", "{\"google_ads\": {}, }", "is not JSON"),
    ("mureo", "c.json", "{\"google_ads\": []}", "`google_ads` is not an object"),
    ("mureo", "c.json", "{\"google_ads\": {},\n\"google_ads\": {}}", "line 1 sets `google_ads` as well"),
    ("mureo", "c.json", "[]", "is not a JSON object"),
    ("airflow", "c.json", "{\"google_ads_default\": \"google-ads://\"}", "`google_ads_default` is not an object"),
    ("airflow", "c.json", "{\"google_ads_default\": {\"extra\": \"{}\"}}", "`extra` is not an object"),
    ("singer", "config.json", "{\"login_customer_ids\": \"[]\"}", "is not a list"),
    (
        "singer",
        "config.json",
        "{\"login_customer_ids\": [{\"loginCustomerId\": \"1234567891\"},\n{\"loginCustomerId\": \"1234567892\"}]}",
        "differs from line 1",
    ),
];

#[test]
fn a_file_that_leaves_a_choice_or_is_broken_is_refused_and_stays() {
    let sandbox = Sandbox::new();
    stored(&sandbox);
    for (format, file, text, said) in REFUSED {
        sandbox.write(file, text);
        run(&sandbox, &["export", format, file]).code(1).stderr_has(said).stderr_has("hint:").run();
        assert_eq!(sandbox.read(file), *text, "{format}");
    }
}

/// File, text (`@id`, `@secret`, `@token` stand for good values), command, exit code, and what is said.
const SITUATIONS: &[(&str, &str, &[&str], i32, &str)] = &[
    (
        "c.json",
        "{\"google_ads\": {\"client_id\": \"@id\", \"client_secret\": \"@secret\",\n\"refreshToken\": \"@token\"}}",
        &["refresh"],
        3,
        "line 2: `refreshToken`",
    ),
    (
        "c.json",
        "{\"google_ads\": {\"client_id\": \"@id\", \"client_secret\": \"@secret\"},\n\"refresh_token\": \"@token\"}",
        &["refresh"],
        3,
        "in a place where the library does not look",
    ),
    (
        "c.json",
        "{\"google_ads\": {\"client_id\": \"@id\", \"client_secret\": \"@secret\", \"refresh_token\": \"********-7328f92e\"}}",
        &["refresh"],
        3,
        "masked output",
    ),
    (
        "c.json",
        "{\"google_ads\": {\"client_id\": \"@id\", \"client_secret\": \"@secret\", \"refresh_token\": \"'@token'\"}}",
        &["refresh"],
        4,
        "in quotes that are part of the value",
    ),
    (
        "secrets.toml",
        "[sources.google_ads.credentials]\nclient_id = \"@id\"\nclient_secret = \"<configure me>\"\nrefresh_token = \"@token\"\n",
        &["refresh"],
        4,
        "is a placeholder",
    ),
    (
        "secrets.toml",
        "[sources.google_ads.credentials]\nclient_id = \"@id\"\nclient_secret = \"@secret\"\n# refresh_token = \"@token\"\n",
        &["refresh"],
        3,
        "is commented out",
    ),
    (
        "secrets.toml",
        "[sources.google_ads]\ncredentials = \"@token\"\n",
        &["refresh"],
        3,
        "where the library looks for a section",
    ),
    (
        "secrets.toml",
        "[sources.google_ads]\ncustomer_id = 1234567890\n[sources.google_ads.credentials]\nclient_id = \"@id\"\nclient_secret = \"@secret\"\nrefresh_token = \"@token\"\n",
        &["doctor"],
        1,
        "`dev_token` is missing",
    ),
    (
        "a.json",
        "{\"credentials\": {\"client_id\": \"@id\", \"client_secret\": \"@secret\", \"refresh_token\": \"INSERT_X\", \"developer_token\": \"d\"}}",
        &["refresh"],
        3,
        "placeholder",
    ),
    (
        "work.env",
        "TAP_GOOGLEADS_OAUTH_CREDENTIALS_REFRESH_TOKN=@token\n",
        &["refresh"],
        3,
        "looks for `TAP_GOOGLEADS_OAUTH_CREDENTIALS_REFRESH_TOKEN`",
    ),
    (
        "c.json",
        "{\"google_ads_default\": {\"extra\": {\"json_key_file_path\": \"/k.json\"}}}",
        &["refresh"],
        3,
        "it uses a service account",
    ),
];

#[test]
fn a_file_that_does_not_work_is_explained_as_any_other() {
    let sandbox = Sandbox::new();
    let (client, token) = stored(&sandbox);
    for (file, text, command, code, said) in SITUATIONS {
        let text = text.replace("@id", &client.id).replace("@secret", &client.secret).replace("@token", &token);
        sandbox.write(file, &text);
        let outcome = run(&sandbox, &[command, &["--config", file][..]].concat()).observe();
        let all = format!("{}{}", outcome.stdout, outcome.stderr);
        assert_eq!(outcome.code, *code, "{text}\n{all}");
        assert!(all.contains(said), "no {said:?}: {text}\n{all}");
    }
}

#[test]
fn what_the_program_requires_is_named_with_the_step() {
    let sandbox = Sandbox::new();
    crate::stored::works(&sandbox);
    let run = run(&sandbox, &["export", "dlt"]);
    let run = run.stderr_has("`dev_token` is missing").stderr_has("set --developer-token-file FILE").run();
    assert!(run.stderr.contains("set --login-customer-id ID"), "{}", run.stderr);
}
