//! Google's own Python library loads what a login wrote, without other changes to the file.
//!
//! Needs the package `google-ads` for `python3`, or for the interpreter that `GADS_CREDS_TEST_PYTHON` names.

use std::process::{Command, Stdio};

use crate::google::Client;
use crate::google::browser::Decision;
use crate::harness::skip::skip;
use crate::sandbox::Sandbox;

/// Loads the file as the library does, without its one call to Google, and prints what it found.
const LOAD: &str = "
import json, sys
from google.oauth2.credentials import Credentials
Credentials.refresh = lambda self, request: None
from google.ads.googleads.client import GoogleAdsClient
client = GoogleAdsClient.load_from_storage(*sys.argv[1:])
print(json.dumps({'client_id': client.credentials.client_id, 'client_secret': client.credentials.client_secret,
                  'refresh_token': client.credentials.refresh_token, 'developer_token': client.developer_token,
                  'login_customer_id': client.login_customer_id, 'linked_customer_id': client.linked_customer_id,
                  'use_proto_plus': client.use_proto_plus}))
";

/// Every key in the library's sample, each with its placeholder.
const TEMPLATE: &str = "\
developer_token: INSERT_DEVELOPER_TOKEN_HERE
use_proto_plus: INSERT_USE_PROTO_PLUS_FLAG_HERE
client_id: INSERT_OAUTH2_CLIENT_ID_HERE
client_secret: INSERT_OAUTH2_CLIENT_SECRET_HERE
refresh_token: INSERT_REFRESH_TOKEN_HERE
# json_key_file_path: INSERT_JSON_KEY_FILE_PATH_HERE
# impersonated_email: INSERT_DOMAIN_WIDE_DELEGATION_ACCOUNT
login_customer_id: INSERT_LOGIN_CUSTOMER_ID_HERE
linked_customer_id: INSERT_LINKED_CUSTOMER_ID_HERE
# http_proxy: INSERT_PROXY_HERE
";

fn python() -> Option<String> {
    let python = std::env::var("GADS_CREDS_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut import = Command::new(&python);
    import.args(["-c", "import google.ads.googleads.client"]).stdout(Stdio::null()).stderr(Stdio::null());
    if import.status().is_ok_and(|status| status.success()) {
        return Some(python);
    }
    skip("google-ads is not installed for python3 (or GADS_CREDS_TEST_PYTHON)");
    None
}

fn log_in(sandbox: &Sandbox, args: &[&str]) -> Client {
    let client = sandbox.desktop();
    let running = sandbox.login(&[&["-c", "../home/client_secret.json", "--no-verify"], args].concat()).start();
    running.visit(&Decision::allow());
    running.finish();
    client
}

/// Returns what the library finds, as JSON, in its default location or in this file.
fn load(sandbox: &Sandbox, python: &str, file: Option<&str>) -> serde_json::Value {
    let args: Vec<&str> = ["-W", "ignore", "-c", LOAD].into_iter().chain(file).collect();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut spec = sandbox.other_program(python, &args).env("PATH", path).stdout_has("{").stderr_has("");
    for secret in sandbox.google.secrets() {
        spec = spec.reveals(&secret);
    }
    spec.run().json()
}

fn expect(sandbox: &Sandbox, found: &serde_json::Value, client: &Client, login_customer: Option<&str>) {
    let token = found["refresh_token"].as_str().expect("a refresh token");
    assert!(sandbox.google.lives(token), "{found}");
    assert_eq!(found["client_id"], client.id.as_str());
    assert_eq!(found["client_secret"], client.secret.as_str());
    assert_eq!(found["login_customer_id"].as_str(), login_customer);
    assert!(found["developer_token"].is_null() && found["linked_customer_id"].is_null(), "{found}");
    assert_eq!(found["use_proto_plus"], true);
}

#[test]
fn a_file_made_from_nothing_is_loaded() {
    let Some(python) = python() else { return };
    let sandbox = Sandbox::new();
    let client = log_in(&sandbox, &[]);
    expect(&sandbox, &load(&sandbox, &python, None), &client, None);
}

#[test]
fn a_template_with_every_placeholder_is_loaded() {
    let Some(python) = python() else { return };
    let sandbox = Sandbox::new();
    let file = sandbox.write("elsewhere/google-ads.yaml", TEMPLATE);
    let file = file.to_str().expect("a path of ours");
    let client = log_in(&sandbox, &["--config", file, "--login-customer-id", "123-456-7890"]);
    expect(&sandbox, &load(&sandbox, &python, Some(file)), &client, Some("1234567890"));
}

#[test]
fn a_service_account_that_was_replaced_is_not_loaded_any_more() {
    let Some(python) = python() else { return };
    let sandbox = Sandbox::new();
    sandbox.write(
        "google-ads.yaml",
        "json_key_file_path: /nowhere/key.json\nimpersonated_email: a@example.com\nuse_proto_plus: True\n",
    );
    let client = log_in(&sandbox, &["--replace-kind"]);
    expect(&sandbox, &load(&sandbox, &python, None), &client, None);
}
