//! Files that a connector would not read, or reads otherwise than was meant.

use super::{run, stored};
use crate::sandbox::Sandbox;

/// Format, file, text, and what is said of it.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    ("dlt", "secrets.toml", "[sources.google_ads\ndev_token = 1\n", "line 1: is not TOML"),
    ("dlt", "secrets.toml", "[sources]\ngoogle_ads = \"x\"\n", "is not a section"),
    ("dlt", "secrets.toml", "[sources.google_ads]\ncredentials = '{}'\n", "is not a section"),
    (
        "dlt",
        "secrets.toml",
        "[sources.google_ads.credentials]\nclient_id = [\"x\"]\n",
        "line 2: `client_id` is a list or a section",
    ),
    (
        "dlt",
        "secrets.toml",
        "[sources.google_ads.credentials.client_id]\na = 1\n",
        "line 2: `client_id` is a list or a section",
    ),
    ("mureo", "c.json", "{\"google_ads\": {\"client_id\": [1]}}", "`client_id` is a list or a section"),
    ("dlt", "secrets.toml", "[a]\nx = 1\n[a]\ny = 1\n", "is not TOML"),
    ("mureo", "c.json", "{\n// by hand\n\"google_ads\": {}}", "line 2: is a comment"),
    ("mureo", "c.json", "{\"google_ads\": {}, }", "is not JSON"),
    ("mureo", "c.json", "{\"google_ads\": []}", "`google_ads` is not an object"),
    ("mureo", "c.json", "{\"google_ads\": {},\n\"google_ads\": {}}", "line 1 sets `google_ads` as well"),
    ("mureo", "c.json", "[]", "is not a JSON object"),
    ("airflow", "c.json", "{\"google_ads_default\": \"google-ads://\"}", "`google_ads_default` is a URI"),
    (
        "airbyte",
        "a.json",
        "{\"connectionConfiguration\": {\"credentials\": {}}}",
        "`connectionConfiguration` is the body of a request to Airbyte's API",
    ),
    ("airflow", "c.json", "{\"google_ads_default\": {\"extra\": \"[]\"}}", "`extra` is not an object"),
    (
        "airflow",
        "c.json",
        "{\"google_ads_default\": {\"extra_dejson\": {},\n\"extra\": \"\"}}",
        "line 1: `extra_dejson` is beside `extra`",
    ),
    ("airflow", "c.json", "{\"google_ads_default\": {\"extra_dejson\": \"{}\"}}", "`extra_dejson` is not an object"),
    (
        "airflow",
        "c.json",
        "{\"google_ads_default\": {\"extra\": {\"google_ads_client\": \"{}\"}}}",
        "`google_ads_client` is not an object",
    ),
    (
        "airflow",
        "a.env",
        "AIRFLOW_CONN_GOOGLE_ADS_DEFAULT='google-ads://?google_ads_client=x'",
        "`google_ads_client` is not an object",
    ),
    ("airflow", "a.env", "AIRFLOW_CONN_GOOGLE_ADS_DEFAULT='{\"extra_dejson\": {}}'", "`extra_dejson` is not read"),
    (
        "airflow",
        "a.env",
        "AIRFLOW_CONN_GOOGLE_ADS_DEFAULT=\"{\\\"extra\\\": {}}\"",
        "line 1: the value of `AIRFLOW_CONN_",
    ),
    ("airflow", "a.env", "X=\nAIRFLOW_CONN_GOOGLE_ADS_DEFAULT='{}' more", "line 2: the value of"),
    ("airflow", "a.env", "AIRFLOW_CONN_GOOGLE_ADS_DEFAULT='{}", "quote that is not closed"),
    ("airflow", "a.env", "AIRFLOW_CONN_GOOGLE_ADS_DEFAULT=google", "neither JSON nor a URI"),
    (
        "airflow",
        "a.env",
        "AIRFLOW_CONN_GOOGLE_ADS_DEFAULT={}\nAIRFLOW_CONN_GOOGLE_ADS_DEFAULT={}",
        "lines 1, 2 all set",
    ),
    ("airflow", "a.env", "AIRFLOW_CONN_GOOGLE_ADS_DEFAULT='{\n\"extra\": {},\n}'", "line 2: is not JSON"),
    ("airflow", "a.env", "AIRFLOW_CONN_GOOGLE_ADS_DEFAULT={\"extra\": \"$HOME\"}", "read differently"),
    ("singer", "config.json", "{\"login_customer_ids\": \"{}\"}", "`login_customer_ids` is not a list of objects"),
    ("singer", "config.json", "{\n\"login_customer_ids\": \"1, 2\"}", "line 2: is not JSON"),
    (
        "singer",
        "config.json",
        "{\"login_customer_ids\": \"[], \\\"x\\\": 1\"}",
        "line 1: `login_customer_ids` is not JSON",
    ),
    ("dlt", "secrets.toml", "sources = { google_ads.dev_token = \"x\" }\n", "`google_ads` is opened by the names"),
    (
        "dlt",
        "secrets.toml",
        "[sources]\ngoogle_ads = { credentials = \"x\" }\n",
        "line 2: `credentials` is not a section",
    ),
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
        // The path of the file stands between the two.
        let (line, cause) = said.split_once(": ").unwrap_or(("", said));
        run(&sandbox, &["export", format, file]).code(1).stderr_has(line).stderr_has(cause).stderr_has("hint:").run();
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
        "is not in section `[google_ads]`, where the library looks for it",
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
        3,
        "`client_secret` still holds a placeholder",
    ),
    (
        "secrets.toml",
        "[sources.google_ads.credentials]\nproject_id = \"p\"\nprivate_key = \"k\"\nclient_email = \"e\"\n",
        &["refresh"],
        3,
        "it uses a service account (`private_key` on line 3)",
    ),
    (
        "secrets.toml",
        "[sources.google_ads]\ndev_token = \"d\"\ncustomer_id = \"1234567890\"\nimpersonated_email = \"\"\n[sources.google_ads.credentials]\nproject_id = \"1\"\nclient_id = \"@id\"\nclient_secret = \"@secret\"\nrefresh_token = \"@token\"\n[sources.google_ads.google_ads.credentials]\nrefresh_token = \"x\"\n",
        &["doctor"],
        1,
        "line 11: `refresh_token` is in a section that the library reads before",
    ),
    (
        "work.env",
        "TAP_GOOGLEADS_OAUTH_CREDENTIALS_CLIENT_ID=@id\r\nTAP_GOOGLEADS_OAUTH_CREDENTIALS_CLIENT_SECRET=@secret\r\nTAP_GOOGLEADS_OAUTH_CREDENTIALS_REFRESH_TOKEN=@token\r\n",
        &["doctor"],
        1,
        "`TAP_GOOGLEADS_DEVELOPER_TOKEN` is missing",
    ),
    (
        "c.json",
        "{\"google_ads_default\": {\"extra\": {\"google_ads_client\": {}, \"client_id\": \"@id\", \"client_secret\": \"@secret\", \"refresh_token\": \"@token\"}}}",
        &["refresh"],
        3,
        "there is no refresh token",
    ),
    (
        "c.json",
        "{\"google_ads_default\": {\"extra_dejson\": {\"client_id\": \"@id\", \"client_secret\": \"@secret\", \"refresh_token\": \"@token\"}}}",
        &["refresh"],
        0,
        "works",
    ),
    (
        "c.json",
        "{\"google_ads_default\": {\"extra_dejson\": {}, \"extra\": {}}}",
        &["doctor"],
        1,
        "`extra_dejson` is beside `extra`",
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
    (
        "secrets.toml",
        "[sources.google_ads]\ndev_token = \"d\"\ncustomer_id = \"1234567890\"\nimpersonated_email = \"\"\n[sources.google_ads.credentials]\nclient_id = \"@id\"\nclient_secret = \"@secret\"\nrefresh_token = \"@token\"\n",
        &["doctor"],
        1,
        "`project_id` is missing, and the library does not start without it",
    ),
    (
        "secrets.toml",
        "[sources.google_ads]\ndev_token = \"d\"\ncustomer_id = \"1234567890\"\n[sources.google_ads.credentials]\nproject_id = \"1\"\nclient_id = \"@id\"\nclient_secret = \"@secret\"\nrefresh_token = \"@token\"\n",
        &["doctor"],
        1,
        "`impersonated_email` is missing",
    ),
    (
        "secrets.toml",
        "[sources.google_ads]\ndev_token = \"d\"\ncustomer_id = \"1234567890\"\nimpersonated_email = \"\"\n[sources.google_ads.credentials]\nproject_id = \"1\"\nclient_id = \"@id\"\nclient_secret = \"@secret\"\nrefresh_token = \"@token\"\n",
        &["doctor"],
        0,
        "the dlt source reads it",
    ),
    (
        "secrets.toml",
        "[sources.google_ads]\ndev_token = \"d\"\ncustomer_id = \"1234567890\"\nimpersonated_email = \"\"\n[sources.google_ads.credentials]\nproject_id = \"1\"\nclient_id = \"@id\"\nclient_secret = \"@secret\"\nrefresh_token = \"@token\"\n[other.sources.google_ads.credentials]\nrefresh_token = \"x\"\n",
        &["doctor"],
        0,
        "line 11: `refresh_token` is in the section of a pipeline",
    ),
    (
        "secrets.toml",
        "[sources.google_ads.credentials]\nclient_id = \"@id\"\nclient_secret = \"@secret\"\nrefresh_token = \"please set me up!\"\n",
        &["refresh"],
        3,
        "`refresh_token` still holds a placeholder",
    ),
    (
        "c.json",
        "{\"google_ads_default\": {\"conn_type\": \"google_ads\", \"extra\": {\"developer_token\": \"d\", \"client_id\": \"@id\", \"client_secret\": \"@secret\", \"refresh_token\": \"@token\"}}}",
        &["doctor"],
        0,
        "the Airflow hook reads it",
    ),
    (
        "c.json",
        "{\"google_ads_default\": {\"conn_type\": \"google_ads\", \"extra\": {\"google_ads_client\": {\"developer_token\": \"d\", \"client_id\": \"@id\", \"client_secret\": \"@secret\", \"refresh_token\": \"@token\"}}}}",
        &["doctor"],
        1,
        "`use_proto_plus` is missing",
    ),
    (
        "c.json",
        "{\"google_ads_default\": {\"conn_type\": \"google_ads\", \"extra\": {\"google_ads_client\": {\"developer_token\": \"d\", \"client_id\": \"@id\", \"client_secret\": \"@secret\", \"refresh_token\": \"@token\", \"use_proto_plus\": \"maybe\"}}}}",
        &["doctor"],
        1,
        "`use_proto_plus` is neither `true` nor `false`",
    ),
    (
        "c.json",
        "{\"google_ads_default\": {\"conn_type\": \"google_ads\", \"extra\": {\"developer_token\": \"d\", \"client_id\": \"@id\", \"client_secret\": \"@secret\", \"refresh_token\": \"@token\", \"use_proto_plus\": false}}}",
        &["doctor"],
        1,
        "`use_proto_plus` is off, and the Airflow hook uses no refresh token then",
    ),
    (
        "work.env",
        "# GOOGLE_ADS_ vars are elsewhere\nTAP_GOOGLEADS_OAUTH_CREDENTIALS_CLIENT_ID=@id\nTAP_GOOGLEADS_OAUTH_CREDENTIALS_CLIENT_SECRET=@secret\nTAP_GOOGLEADS_OAUTH_CREDENTIALS_REFRESH_TOKEN=@token\n",
        &["refresh"],
        0,
        "works",
    ),
    (
        "work.env",
        "TAP_GOOGLEADS_OAUTH_CREDENTIALS_CLIENT_ID=@id\nTAP_GOOGLEADS_OAUTH_CREDENTIALS_CLIENT_SECRET=@secret\nTAP_GOOGLEADS_OAUTH_CREDENTIALS_REFRESH_TOKEN=@token\nOTHER=$GOOGLE_ADS_REFRESH_TOKEN\n",
        &["refresh"],
        0,
        "works",
    ),
    (
        "work.env",
        "TAP_GOOGLE_ADS_OAUTH_CREDENTIALS_REFRESH_TOKEN=@token\n",
        &["refresh"],
        3,
        "looks for `TAP_GOOGLEADS_OAUTH_CREDENTIALS_REFRESH_TOKEN`",
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
        assert!(!all.contains("carriage return") && !all.contains("the refresh token is used"), "{text}\n{all}");
    }
}

#[test]
fn what_the_program_requires_is_named_with_the_step() {
    let sandbox = Sandbox::new();
    crate::stored::works(&sandbox);
    let run = run(&sandbox, &["export", "dlt"]);
    // It is about the file that was written, not about the one that was read.
    let of = format!("--config {} --format dlt", sandbox.home().join(".dlt").join("secrets.toml").display());
    let step = format!("`gads-creds set {of} --developer-token-file FILE`");
    let run = run.stderr_has("`dev_token` is missing").stderr_has(&step).run();
    assert!(run.stderr.contains(&format!("`gads-creds set {of} --login-customer-id ID`")), "{}", run.stderr);
}
