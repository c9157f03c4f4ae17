//! The stand-in checks a JWT as strictly as Google, and gads-creds creates one that passes.

use std::process::{Command, Stdio};

use gads_creds::credentials::AccountKey;
use gads_creds::google::{Endpoints, Google as Program};
use gads_creds::secret::Secret;
use gads_creds::service_account_key;
use gads_creds::term::Term;

use crate::google::{ADA, ADWORDS, Google, ServiceAccount};
use crate::harness::skip::skip;
use crate::sandbox::Sandbox;

fn program(google: &Google) -> Program {
    Program::new(Endpoints::stand_in(google.url()).expect("its address"), Term::new(true, 0, false, true))
        .expect("a client")
}

fn key(account: &ServiceAccount) -> AccountKey {
    service_account_key::parse(&Secret::new(account.key_file()), "the key", &Endpoints::google()).expect("a key")
}

/// Returns the code and the message of the error response.
fn refused(google: &Google, key: &AccountKey, user: Option<&str>) -> (String, String) {
    let error = program(google).mint_for_service_account(key, user).expect_err("a refusal");
    assert!(error.next_step().is_some(), "{error}");
    (error.google_code().unwrap_or_default().to_owned(), error.message().to_owned())
}

#[test]
fn a_signed_jwt_gets_an_access_token() {
    let google = Google::start().unwrap();
    let account = google.service_account();
    let grant = program(&google).mint_for_service_account(&key(&account), None).expect("an access token");
    assert!(grant.access_token.expose().starts_with("ya29."));
    assert!(grant.refresh_token.is_none());
    let form = google.world().requests.last().expect("a request").form();
    assert_eq!(form.get("grant_type"), Some("urn:ietf:params:oauth:grant-type:jwt-bearer"));
    assert_eq!(form.0.len(), 2, "neither a client ID nor a secret is sent");
}

#[test]
fn google_refuses_with_its_own_words_and_each_has_its_cause() {
    let google = Google::start().unwrap();
    let account = google.service_account();
    let good = key(&account);
    let other = Secret::new(include_str!("../../../fixtures/service_account/other_key.pem"));
    let forged = AccountKey { private_key: other, ..good.clone() };
    let unknown = AccountKey { email: "nobody@x.iam.gserviceaccount.com".to_owned(), ..good.clone() };
    let code = |code: &str| code.to_owned();
    let (found, message) = refused(&google, &forged, None);
    assert_eq!((found, message.contains("deleted, disabled or replaced")), (code("invalid_grant"), true), "{message}");
    let (found, message) = refused(&google, &unknown, None);
    assert_eq!((found, message.contains("does not exist")), (code("invalid_grant"), true), "{message}");
    let (found, message) = refused(&google, &good, Some(ADA));
    assert_eq!((found, message.contains("domain-wide delegation")), (code("unauthorized_client"), true), "{message}");
    google.edit_service_account(&account, |account| account.delegated.push(ADWORDS.to_owned()));
    let (found, message) = refused(&google, &good, Some("nobody@example.com"));
    assert_eq!((found, message.contains("no such user")), (code("invalid_grant"), true), "{message}");
    assert!(program(&google).mint_for_service_account(&good, Some(ADA)).is_ok());
    google.edit_service_account(&account, |account| account.key_deleted = true);
    let (found, message) = refused(&google, &good, None);
    assert_eq!((found, message.contains("Invalid JWT Signature.")), (code("invalid_grant"), true), "{message}");
    google.edit_service_account(&account, |account| (account.key_deleted, account.disabled) = (false, true));
    let (found, message) = refused(&google, &good, None);
    assert_eq!((found, message.contains("disabled")), (code("disabled_client"), true), "{message}");
    google.edit_service_account(&account, |account| account.deleted = true);
    assert_eq!(refused(&google, &good, None).0, "invalid_grant");
}

#[test]
fn a_clock_that_is_wrong_is_named() {
    let google = Google::start().unwrap();
    let account = google.service_account();
    google.later(std::time::Duration::from_secs(2 * 3600));
    let (code, message) = refused(&google, &key(&account), None);
    assert_eq!((code.as_str(), message.contains("clock")), ("invalid_grant", true), "{message}");
}

/// Gets an access token from the key file as every Python program does.
const GOOGLE_AUTH: &str = "
import sys
from google.auth.transport.requests import Request
from google.oauth2.service_account import Credentials
credentials = Credentials.from_service_account_file(sys.argv[1], scopes=['https://www.googleapis.com/auth/adwords'])
credentials.refresh(Request())
print(credentials.token.startswith('ya29.'))
";

#[test]
fn google_auth_gets_a_token_from_the_same_key() {
    let python = std::env::var("GADS_CREDS_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut import = Command::new(&python);
    import.args(["-c", "import google.oauth2.service_account, requests"]).stdout(Stdio::null()).stderr(Stdio::null());
    if !import.status().is_ok_and(|status| status.success()) {
        skip("google-auth is not installed for python3 (or GADS_CREDS_TEST_PYTHON)");
        return;
    }
    let sandbox = Sandbox::new();
    let account = sandbox.google.service_account();
    let file = sandbox.write("key.json", account.key_file_for(sandbox.google.url()));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let file = file.to_str().expect("a path of ours");
    sandbox
        .other_program(&python, &["-W", "ignore", "-c", GOOGLE_AUTH, file])
        .env("PATH", path)
        .stdout("True\n")
        .stderr_has("")
        .run();
}
