//! The ways in which a key file can be wrong, each with its message, and that nothing of the file is repeated.

use std::path::Path;

use base64::Engine as _;
use gads_creds::credentials::AccountKey;
use gads_creds::error::Kind;
use gads_creds::google::Endpoints;
use gads_creds::secret::Secret;
use gads_creds::service_account_key::{parse, read};
use serde_json::{Value, json};

pub const KEY: &str = include_str!("../../../fixtures/service_account/key.pem");
const EC_KEY: &str = include_str!("../../../fixtures/service_account/ec_key.pem");
const PKCS1_KEY: &str = include_str!("../../../fixtures/service_account/pkcs1_key.pem");
const ENCRYPTED_KEY: &str = include_str!("../../../fixtures/service_account/encrypted_key.pem");
const OPENSSH_KEY: &str = include_str!("../../../fixtures/service_account/openssh_key.pem");
const SMALL_EXPONENT_KEY: &str = include_str!("../../../fixtures/service_account/small_exponent_key.pem");
const SMALL_KEY: &str = include_str!("../../../fixtures/service_account/small_key.pem");

/// Returns a valid key file with this member changed; null removes it.
fn with(name: &str, value: impl Into<Value>) -> String {
    let mut file = json!({
        "type": "service_account",
        "project_id": "ads-reports-1",
        "private_key_id": "0123456789abcdef0123456789abcdef01234567",
        "private_key": KEY,
        "client_email": "reports@ads-reports-1.iam.gserviceaccount.com",
        "client_id": "123456789012345678901",
        "token_uri": "https://oauth2.googleapis.com/token",
        "universe_domain": "googleapis.com",
    });
    match value.into() {
        Value::Null => _ = file.as_object_mut().expect("an object").remove(name),
        value => file[name] = value,
    }
    file.to_string()
}

/// Returns every wrong file: its content, part of the message, and part of the next step.
pub fn wrong_files() -> Vec<(String, &'static str, &'static str)> {
    let good = with("", "");
    let half = KEY.len() / 2;
    let one_line = KEY.replace('\n', " ");
    let missing_line = KEY.split_inclusive('\n').enumerate().filter(|(line, _)| *line != 5).map(|(_, line)| line);
    let missing_line: String = missing_line.collect();
    let base64 = base64::engine::general_purpose::STANDARD.encode(&good);
    let wrapped = base64.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line) + "\n").collect::<String>();
    let rows: Vec<(String, &str, &str)> = vec![
        (String::new(), "is empty", "--key-file"),
        ("<!DOCTYPE html><title>Sign in</title>".to_owned(), "is a web page or XML", "--key-file"),
        (KEY.to_owned(), "is a private key or a certificate alone", "the JSON that holds it"),
        ("AIzaplanted".to_owned(), "is an API key", "--key-file"),
        ("1//0planted".to_owned(), "is a token", "--key-file"),
        ("ewogICJ0eXBlIjogInNlcnZpY2VfYWNjb3VudCIK".to_owned(), "is a key in base64", "base64 -d"),
        (wrapped, "is a key in base64", "base64 -d"),
        ("type: service_account\n".to_owned(), "cannot be read as JSON", "--key-file"),
        (good.replace("\\n", "\n"), "cannot be read as JSON", "as it was downloaded"),
        (good.replace('"', "'"), "cannot be read as JSON", "as it was downloaded"),
        (good.replacen('}', ",}", 1), "cannot be read as JSON", "as it was downloaded"),
        (format!("{good}{good}"), "cannot be read as JSON", "as it was downloaded"),
        (format!("// ours\n{good}"), "cannot be read as JSON", "as it was downloaded"),
        (Value::from(good.as_str()).to_string(), "is a text in quotes", "remove the quotes"),
        (format!("'{good}'"), "is a text in quotes", "remove the quotes"),
        ("$ANSIBLE_VAULT;1.1;AES256\n6162\n".to_owned(), "is encrypted", "decrypt it first"),
        ("-----BEGIN PGP MESSAGE-----\n\nplanted\n".to_owned(), "is encrypted", "decrypt it first"),
        ("-----BEGIN AGE ENCRYPTED FILE-----\nplanted\n".to_owned(), "is encrypted", "decrypt it first"),
        (with("sops", json!({ "version": "3.11.0" })), "is encrypted by SOPS", "--store sops:FILE"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:planted\n".to_owned(), "Git LFS", "git lfs pull"),
        ("null".to_owned(), "holds null", "--key-file"),
        ("{}".to_owned(), "has no `type`", "--key-file"),
        (
            json!({ "error": { "code": 400, "message": "Key creation is not allowed on this service account.", "status": "FAILED_PRECONDITION" } }).to_string(),
            "is an error response of Google's",
            "iam.disableServiceAccountKeyCreation",
        ),
        (json!({ "privateKeyData": "planted" }).to_string(), "is a response of the IAM API", "base64 -d"),
        (json!({ "service_account": { "private_key": "planted" } }).to_string(), "in a member `service_account`", "save"),
        (json!({ "apiKey": "AIzaplanted" }).to_string(), "is the configuration of a web app", "--key-file"),
        (good[..good.len() - 9].to_owned(), "ends before its JSON does", "--key-file"),
        (format!("[{good}]"), "holds a list", "--key-file"),
        (with("type", "authorized_user"), "holds a user's credentials", "--format adc"),
        (
            json!({ "installed": { "client_id": "planted" } }).to_string(),
            "is the JSON of an OAuth client",
            "login -c FILE",
        ),
        (json!({ "web": {} }).to_string(), "is the JSON of an OAuth client", "login -c FILE"),
        (with("type", "external_account"), "workload identity federation", "GOOGLE_APPLICATION_CREDENTIALS"),
        (with("type", "external_account_authorized_user"), "workforce identity", "use_application_default_credentials"),
        (
            with("type", "impersonated_service_account"),
            "impersonates a service account",
            "use_application_default_credentials",
        ),
        (with("type", "planted"), "has another `type` than `service_account`, so it is not the key", "--key-file"),
        (with("type", Value::Null), "has no `type`", "--key-file"),
        (with("universe_domain", "planted.example"), "another universe", "--key-file"),
        (with("token_uri", "https://evil.example/token"), "`token_uri` at `evil.example`", "create another key"),
        (with("token_uri", "http://oauth2.googleapis.com/token"), "without https", "create another key"),
        (with("token_uri", "https://oauth2.googleapis.com@evil.example/"), "`evil.example`", "create another key"),
        (with("token_uri", "https://oauth2.googleapis.com.evil.example/token"), "`oauth2.googleapis.com.evil", "another key"),
        (with("token_uri", "https://oauth2.googleapis.com:8443/token"), "`oauth2.googleapis.com:8443`", "another key"),
        (with("token_uri", "https://accounts.google.com/planted?u=x"), "not Google's token endpoint", "another key"),
        (with("token_uri", "https://oauth2.googleap\u{131}s.com/token"), "outside ASCII", "another key"),
        (with("auth_uri", "https://evil.example/auth"), "`auth_uri` at `evil.example`", "another key"),
        (with("token_uri", Value::Null), "has no `token_uri`", "--key-file"),
        (with("client_email", Value::Null), "has no `client_email`", "--key-file"),
        (with("client_email", "planted"), "a `client_email` that is not an address", "--key-file"),
        (with("client_email", "a@planted@b"), "a `client_email` that is not an address", "--key-file"),
        (with("client_email", " robot@planted.example"), "characters in its `client_email`", "--key-file"),
        (with("client_email", format!("a@{}", "b".repeat(300))), "more than 256 characters", "--key-file"),
        (with("project_id", "\u{1b}[31mplanted"), "characters in its `project_id`", "--key-file"),
        (with("client_id", "\u{202e}1"), "characters in its `client_id`", "--key-file"),
        (with("client_email", "a@b\u{202e}planted"), "characters in its `client_email`", "--key-file"),
        (with("private_key_id", Value::Null), "has no `private_key_id`", "--key-file"),
        (with("private_key_id", "YOUR_KEY_ID"), "a placeholder as its `private_key_id`", "--key-file"),
        (with("private_key", Value::Null), "has no `private_key`", "--key-file"),
        (with("private_key", ""), "has an empty `private_key`", "--key-file"),
        (with("private_key", 7), "has a number as its `private_key`", "--key-file"),
        (with("private_key", "planted"), "that is not PEM", "--key-file"),
        (with("private_key", KEY.replace('\n', "\\n")), "it was escaped twice", "as it was downloaded"),
        (with("private_key", KEY.replace('\n', "\\r\\n")), "it was escaped twice", "as it was downloaded"),
        (with("private_key", one_line), "without its line breaks", "copy the whole file again"),
        (with("private_key", KEY.replace('\n', "")), "without its line breaks", "copy the whole file again"),
        (with("private_key", missing_line), "a damaged `private_key`", "copy the whole file again"),
        (with("private_key", format!("{KEY}{KEY}")), "more than one key or certificate", "copy the whole file again"),
        (with("private_key", OPENSSH_KEY), "not in PKCS#8", "--key-file"),
        (with("private_key", SMALL_EXPONENT_KEY), "exponent 65537", "--key-file"),
        (with("private_key", json!(["planted"])), "has a list as its `private_key`", "--key-file"),
        (with("private_key", "-----BEGIN PRIVATE KEY-----\n***\n-----END PRIVATE KEY-----\n"), "a damaged", "copy"),
        (with("private_key", &KEY[..half]), "without its end", "copy the whole file again"),
        (with("private_key", KEY.replacen("MII", "MIJ", 1)), "a damaged `private_key`", "copy the whole file again"),
        (with("private_key", EC_KEY), "not an RSA key", "--key-file"),
        (with("private_key", PKCS1_KEY), "in PKCS#1", "--key-file"),
        (with("private_key", ENCRYPTED_KEY), "with a passphrase", "--key-file"),
        (with("private_key", SMALL_KEY), "of another size", "--key-file"),
        (with("private_key", KEY.replace("PRIVATE", "PUBLIC")), "a public key or a certificate", "--key-file"),
        (good.replacen('{', "{\"client_email\":\"planted@example.com\",", 1), "has `client_email` twice", "--key-file"),
        (good.replacen('{', "{\"x\":{\"a\":1,\"a\":2},", 1), "has two members of one name", "as it was downloaded"),
    ];
    rows
}

fn parsed(text: &str) -> Result<AccountKey, gads_creds::error::Error> {
    parse(&Secret::new(text), "`key.json`", &Endpoints::google())
}

#[test]
fn a_key_is_read() {
    let key = parsed(&with("", "")).expect("a good key");
    assert_eq!(key.email, "reports@ads-reports-1.iam.gserviceaccount.com");
    assert_eq!(key.key_id, "0123456789abcdef0123456789abcdef01234567");
    assert_eq!(key.private_key.expose(), KEY);
    assert_eq!(key.project.as_deref(), Some("ads-reports-1"));
    assert_eq!(key.client_id.as_deref(), Some("123456789012345678901"));
}

#[test]
fn what_is_not_needed_may_be_absent() {
    for name in ["project_id", "client_id", "universe_domain"] {
        parsed(&with(name, Value::Null)).expect("a good key");
    }
    parsed(&format!(" {}\r\n", with("token_uri", "https://accounts.google.com/o/oauth2/token"))).expect("a key of old");
    parsed(&with("private_key", KEY.replace('\n', "\r\n"))).expect("a key with the line ends of Windows");
    parsed(&with("private_key", KEY.trim_end())).expect("a key without its last line end");
}

#[test]
fn a_wrong_file_is_named_by_what_it_is_and_never_repeated() {
    for (text, fact, step) in wrong_files() {
        let error = parsed(&text).expect_err(fact);
        let hint = error.next_step().expect("a next step").to_string();
        assert_eq!(error.kind(), Kind::KeyFile);
        assert!(error.message().starts_with("`key.json` ") && error.message().contains(fact), "{error}, not {fact}");
        assert!(hint.contains(step), "{fact}: {hint}");
        for shown in [error.message(), &hint] {
            assert!(!shown.contains("planted") && !shown.contains("PRIVATE KEY"), "{shown}");
            let line = KEY.lines().nth(1).expect("base64");
            assert!(!line.as_bytes().windows(12).any(|piece| shown.as_bytes().windows(12).any(|other| other == piece)));
        }
    }
}

#[test]
fn a_pkcs12_archive_and_a_missing_file_are_named() {
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/service_account/key.p12");
    for (path, fact) in [(archive.as_path(), "is a PKCS#12 key"), (Path::new("/nowhere/key.json"), "does not exist")] {
        let Err(error) = read(path, &Endpoints::google()) else { panic!("{fact}") };
        assert_eq!((error.kind(), error.message().contains(fact)), (Kind::KeyFile, true), "{error}");
        assert!(error.next_step().is_some());
    }
}

#[test]
fn a_key_of_the_stand_in_is_taken_while_there_is_one() {
    let endpoints = Endpoints::stand_in("http://127.0.0.1:8099").expect("a stand-in");
    let text = Secret::new(with("token_uri", "http://127.0.0.1:8099/token"));
    assert!(parse(&text, "`key.json`", &endpoints).is_ok());
    assert!(parse(&text, "`key.json`", &Endpoints::google()).is_err());
}
