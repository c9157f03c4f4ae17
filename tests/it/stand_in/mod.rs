//! The stand-in rejects what Google rejects: otherwise no test that passes against it proves anything.

mod ads;
mod consent;
mod faults;
mod revoke;
mod tokens;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

use serde_json::Value;
use url::Url;

use crate::google::browser::{self, Decision, Page};
use crate::google::{ADWORDS, Client, Google};

/// A verifier and its S256 challenge: those of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// Nobody listens there; these tests read the response from the redirect.
const REDIRECT: &str = "http://127.0.0.1:9/callback";

/// Returns the authorization request of a valid client, with these changes.
fn request(google: &Google, client: &Client, change: &[(&str, &str)]) -> String {
    let mut pairs = vec![
        ("response_type", "code"),
        ("client_id", &client.id),
        ("redirect_uri", REDIRECT),
        ("scope", ADWORDS),
        ("state", "the state"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("access_type", "offline"),
        ("prompt", "consent"),
    ];
    for (name, value) in change {
        pairs.retain(|(known, _)| known != name);
        // An empty value removes the parameter.
        pairs.extend((!value.is_empty()).then_some((*name, *value)));
    }
    Url::parse_with_params(&format!("{}/o/oauth2/v2/auth", google.url()), pairs).unwrap().into()
}

/// Returns the address that the browser is redirected to after this decision.
fn redirected(google: &Google, client: &Client, change: &[(&str, &str)], decision: &Decision) -> Url {
    let page = browser::get(&request(google, client, change)).unwrap();
    let page = if page.status == 200 { browser::submit(&page, decision).unwrap() } else { page };
    assert_eq!(page.status, 302, "{}", page.body);
    Url::parse(page.header("location").unwrap()).unwrap()
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn code(google: &Google, client: &Client, change: &[(&str, &str)]) -> String {
    parameter(&redirected(google, client, change, &Decision::allow()), "code").unwrap()
}

fn post(google: &Google, path: &str, form: &[(&str, &str)]) -> Page {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    browser::request("POST", &format!("{}{path}", google.url()), &[kind], &body).unwrap()
}

/// Exchanges a code with these changes to the request.
fn exchange(google: &Google, client: &Client, code: &str, change: &[(&str, &str)]) -> Page {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("client_id", &client.id),
        ("client_secret", &client.secret),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    for (name, value) in change {
        form.retain(|(known, _)| known != name);
        form.extend((!value.is_empty()).then_some((*name, *value)));
    }
    post(google, "/token", &form)
}

fn refresh(google: &Google, client: &Client, token: &str) -> Page {
    let credentials = [("client_id", client.id.as_str()), ("client_secret", client.secret.as_str())];
    let grant = [("grant_type", "refresh_token"), ("refresh_token", token)];
    post(google, "/token", &[credentials, grant].concat())
}

fn json(page: &Page) -> Value {
    serde_json::from_str(&page.body).unwrap_or_else(|_| panic!("no JSON: {}", page.body))
}

/// Returns status and code of an error, as the table in Google's documentation has them.
fn error(page: &Page) -> (u16, String) {
    (page.status, json(page)["error"].as_str().unwrap_or_default().to_owned())
}

fn is(status: u16, error: &str) -> (u16, String) {
    (status, error.to_owned())
}

/// Responds to one request on its own port with these bytes; returns the request's first line.
fn listen(response: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let thread = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = [0; 4096];
        let length = stream.read(&mut head).unwrap();
        stream.write_all(response.as_bytes()).unwrap();
        String::from_utf8_lossy(&head[..length]).lines().next().unwrap_or_default().to_owned()
    });
    (address, thread)
}
