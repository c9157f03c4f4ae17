//! Files that are there already: what is in them is filled or kept in its own form.

use super::{CUSTOMER, DEVELOPER_TOKEN, read_json, reads, run, stored};
use crate::google::browser::Decision;
use crate::sandbox::Sandbox;

/// Format, file, text, and parts of the file after an export; one that must not be there begins with `!`.
const FORMS: &[(&str, &str, &str, &[&str])] = &[
    (
        "singer",
        "config.json",
        r#"{"start_date": "2021-01-01T00:00:00Z", "customer_ids": ["1111111111", "2222222222"]}"#,
        &[r#""start_date": "2021-01-01T00:00:00Z", "customer_ids": ["1111111111", "2222222222"]"#],
    ),
    (
        "singer",
        "config.json",
        r#"{"customer_ids": [], "login_customer_ids": "[{\"customerId\": \"1111111111\", \"loginCustomerId\": \"9999999999\"}]"}"#,
        &[r#""customer_ids": []"#, r#""[{\"customerId\": \"1111111111\", \"loginCustomerId\": \"1234567890\"}]""#],
    ),
    ("singer", "config.json", r#"{"login_customer_ids": "[]"}"#, &[r#""login_customer_ids": "[{\""#]),
    (
        "singer",
        "config.json",
        r#"{"oauth_client_id": "client_id", "oauth_client_secret": "client_secret", "refresh_token": "refresh_token", "developer_token": "developer_token"}"#,
        &[r#"{"oauth_client_id": ""#],
    ),
    (
        "airflow",
        "c.json",
        r#"{"google_ads_default": {"conn_type": "google_ads", "extra_dejson": {"zone": 1}}}"#,
        &[r#""extra_dejson": {"zone": 1,"#, r#"!"extra":"#],
    ),
    (
        "airflow",
        "c.json",
        r#"{"google_ads_default": {"extra_dejson": {"google_ads_client": {"use_proto_plus": true}}}}"#,
        &[r#""extra_dejson": {"google_ads_client": {"use_proto_plus": true,"#, r#"!"extra":"#],
    ),
    (
        "airflow",
        "c.json",
        r#"{"google_ads_default": {"extra": {"google_ads_client": {}, "refresh_token": "older"}}}"#,
        &[r#"}, "refresh_token": "older"}"#],
    ),
    (
        "airflow",
        "c.json",
        r#"{"google_ads_default": {"extra": {"google_ads_client": null, "refresh_token": "older"}}}"#,
        &[r#"}, "refresh_token": "older"}"#],
    ),
    (
        "airflow",
        "a.env",
        r#"AIRFLOW_CONN_GOOGLE_ADS_DEFAULT='{"conn_type": "google_ads", "extra": "{\u0022google_ads_client\u0022: {}}"}'"#,
        &[],
    ),
    (
        "dlt",
        ".dlt/secrets.toml",
        "[sources]\ngoogle_ads.dev_token = \"x\"\n  google_ads.customer_id = \"1111111111\" # mine\n\n[other]\na = 1\n",
        &[" # mine\n  google_ads.credentials.client_id = \"", "![sources.google_ads", "\n\n[other]\na = 1\n"],
    ),
    (
        "dlt",
        ".dlt/secrets.toml",
        "sources.google_ads.credentials.client_id = \"x\"\nb = 1\n",
        &["\nsources.google_ads.dev_token = \"", "![sources", "\nb = 1\n"],
    ),
    (
        "dlt",
        ".dlt/secrets.toml",
        "[sources.google_ads]\ncredentials.client_id = \"x\"\n",
        &["\ncredentials.refresh_token = \"", "![sources.google_ads.credentials]"],
    ),
    (
        "dlt",
        ".dlt/secrets.toml",
        "[sources]\ngoogle_ads = { credentials = { client_id = \"x\" } } # mine\n",
        &["[sources]\ngoogle_ads = { credentials = { client_id = \"", " } # mine\n"],
    ),
    (
        "dlt",
        ".dlt/secrets.toml",
        "sources = { google_ads = {} }\n",
        &["sources = { google_ads = { dev_token = \"", ", credentials = { client_id = \""],
    ),
    (
        "dlt",
        ".dlt/secrets.toml",
        "[sources.google_ads]\ndev_token = \"<configure me>\" # a\n[sources.google_ads.credentials]\nclient_id = \"<configure me>\"\nrefresh_token = \"<configure me>\" # please set me up!\nproject_id = \"<configure me>\"\n",
        &["!<configure", " # please set me up!\n"],
    ),
];

#[test]
fn what_is_there_is_filled_in_its_own_form() {
    for (format, file, text, parts) in FORMS {
        let sandbox = Sandbox::new();
        let (client, token) = stored(&sandbox);
        if let Some(directory) = std::path::Path::new(file).parent() {
            std::fs::create_dir_all(sandbox.home().join(directory)).expect("a directory");
        }
        sandbox.write(file, text);
        let export = run(&sandbox, &["export", format, file]).stderr_has("wrote").run();
        assert!(!export.stderr.contains("warning:"), "{text}\n{}", export.stderr);
        let once = sandbox.read(file);
        for part in *parts {
            let (part, expected) = part.strip_prefix('!').map_or((*part, true), |part| (part, false));
            assert_eq!(once.contains(part), expected, "{part:?}: {once}");
        }
        reads(&sandbox, format, file, &client, &token);
        run(&sandbox, &["export", format, file]).stderr_has("wrote").run();
        assert_eq!(sandbox.read(file), once);
        run(&sandbox, &["refresh", "--config", file, "--format", format]).stderr_has("works").run();
    }
}

#[test]
fn a_set_adds_what_the_tap_needs_with_a_login_customer() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    sandbox.plant(DEVELOPER_TOKEN);
    sandbox.write("developer_token", DEVELOPER_TOKEN);
    let options = ["--no-verify", "--developer-token-file", "developer_token", "--config", "fresh.json"];
    let login = [&["-c", "client_secret.json", "--format", "singer"][..], &options].concat();
    let running = sandbox.login(&login).directory(sandbox.home()).start();
    running.visit(&Decision::allow());
    let outcome = running.finish();
    assert!(outcome.stderr.contains("--login-customer-id ID"), "{}", outcome.stderr);
    let issued = sandbox.google.secrets().into_iter().rfind(|secret| secret.starts_with("1//0"));
    let token = issued.expect("a token was issued");
    let set = ["set", "--login-customer-id", CUSTOMER, "--no-verify", "--config", "fresh.json"];
    run(&sandbox, &set).stderr_has("login customer").stderr_has("`customer_ids` is set to").run();
    reads(&sandbox, "singer", "fresh.json", &client, &token);
    if let Some(found) = read_json(&sandbox, "singer", "fresh.json") {
        assert_eq!(found["customer_ids"], CUSTOMER);
    }
    let once = sandbox.read("fresh.json");
    run(&sandbox, &set).stderr_has("holds these values already").run();
    assert_eq!(sandbox.read("fresh.json"), once);
}

#[test]
fn nothing_is_set_where_nobody_is_logged_in() {
    let sandbox = Sandbox::new();
    for (format, file) in [("singer", "c.json"), ("dlt", "secrets.toml"), ("meltano", ".env"), ("python", "a.yaml")] {
        let options = ["--no-verify", "--config", file, "--format", format];
        for value in
            [["--login-customer-id", "none"], ["--login-customer-id", CUSTOMER], ["--developer-token-file", "none"]]
        {
            let set = [&["set"][..], &value, &options].concat();
            run(&sandbox, &set).code(3).stderr_has("there is no such file").run();
            assert!(!sandbox.home().join(file).exists());
        }
        sandbox.write(file, "");
        let set = [&["set", "--login-customer-id", "none"][..], &options].concat();
        run(&sandbox, &set).code(3).stderr_has("there is no refresh token").stderr_has("gads-creds login").run();
        assert_eq!(sandbox.read(file), "");
        std::fs::remove_file(sandbox.home().join(file)).expect("the file");
    }
}

#[test]
fn crlf_is_a_line_end_to_the_reader_of_meltano() {
    let (file, sample) = (".env", include_str!("../../../../fixtures/meltano/sample.env"));
    let sandbox = Sandbox::new();
    let (client, token) = stored(&sandbox);
    sandbox.write(file, sample.replace('\n', "\r\n"));
    let export = run(&sandbox, &["export", "meltano", file]).stderr_has("wrote").run();
    assert!(!export.stderr.contains("warning:"), "{}", export.stderr);
    assert!(!sandbox.read(file).replace("\r\n", "").contains('\n'));
    run(&sandbox, &["doctor", "--config", file]).stdout_has("the Meltano tap reads it").run();
    let lines = sandbox.read(file).replace("\r\n", "\n");
    sandbox.write(file, lines);
    reads(&sandbox, "meltano", file, &client, &token);
}
