//! A connection of Airflow in all the ways in which it is spelled.

use super::{reads, run, stored};
use crate::sandbox::Sandbox;

/// File, text, and parts of it after an export: a connection as `airflow connections export` or a person spells it.
const SPELLINGS: &[(&str, &str, &[&str])] = &[
    (
        "a.env",
        "export AIRFLOW_CONN_GOOGLE_ADS_DEFAULT='{\n  \"conn_type\": \"google_ads\",\n  \"extra\": {\n    \"refresh_token\": \"INSERT_X\"\n  }\n}'\nX=1\n",
        &[
            "export AIRFLOW_CONN_GOOGLE_ADS_DEFAULT='{\n  \"conn_type\": \"google_ads\",\n  \"extra\": {\n",
            "\n  }\n}'\nX=1\n",
        ],
    ),
    (
        "b.env",
        "AIRFLOW_CONN_GOOGLE_ADS_DEFAULT='google-ads://user:p%40ss@host/schema?zone=a+b%C3%A9&refresh_token=x'\n",
        &["='google-ads://user:p%40ss@host/schema?zone=a%20b%C3%A9&refresh_token=1%2F%2F0", "'\n"],
    ),
    (
        "c.env",
        "AIRFLOW_CONN_GOOGLE_ADS_DEFAULT=google-ads:///?__extra__=%7B%22google_ads_client%22%3A+%7B%22zone%22%3A1%7D%7D # mine\n",
        &["=google-ads:///?__extra__=%7B%22google_ads_client%22%3A%20%7B%22zone%22%3A1%2C", "%7D%7D # mine\n"],
    ),
    (
        "d.env",
        "A=1\n# AIRFLOW_CONN_GOOGLE_ADS_DEFAULT=\nB=2\n",
        &["A=1\nAIRFLOW_CONN_GOOGLE_ADS_DEFAULT=google-ads://?__extra__=%7B", "\nB=2\n"],
    ),
    (
        "e.env",
        "AIRFLOW_CONN_GOOGLE_ADS_DEFAULT=\nB=2",
        &["AIRFLOW_CONN_GOOGLE_ADS_DEFAULT=google-ads://?__extra__=%7B", "\nB=2"],
    ),
    (
        "f.json",
        "{\"google_ads_default\": {\"conn_type\": \"google_ads\", \"extra\": \"{\\\"zone\\\": \\\"\\\\u00e9\\\", \\\"refresh_token\\\": \\\"x\\\"}\", \"port\": null}}\n",
        &["\"extra\": \"{\\\"zone\\\": \\\"\\\\u00e9\\\", \\\"refresh_token\\\": \\\"1//0", "\", \"port\": null}}\n"],
    ),
    (
        "g.json",
        "{\"google_ads_default\": {\"extra\": \"\"}}",
        &["{\"google_ads_default\": {\"extra\": \"{\\\"developer_token"],
    ),
];

#[test]
fn a_connection_of_airflow_keeps_its_spelling() {
    for (file, text, kept) in SPELLINGS {
        let sandbox = Sandbox::new();
        let (client, token) = stored(&sandbox);
        sandbox.write(file, text);
        run(&sandbox, &["export", "airflow", file]).stderr_has("wrote").run();
        let once = sandbox.read(file);
        for part in *kept {
            assert!(once.contains(part), "{file}: no {part:?} in {once}");
        }
        reads(&sandbox, "airflow", file, &client, &token);
        run(&sandbox, &["export", "airflow", file]).stderr_has("wrote").run();
        assert_eq!(sandbox.read(file), once);
        run(&sandbox, &["refresh", "--config", file]).stderr_has("works").run();
        run(&sandbox, &["revoke", "--yes", "--config", file]).stderr_has("revoked").run();
        assert!(!sandbox.read(file).contains(&token[4..]), "{file}");
    }
}
