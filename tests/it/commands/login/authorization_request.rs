//! The authorization request and the exchange: they match each other (RFC 7636, RFC 8252).

use std::collections::BTreeSet;
use std::net::{TcpListener, TcpStream};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::{allow, asked, login};
use crate::google::browser::Decision;
use crate::google::{Client, Endpoint, Pairs, Request};
use crate::sandbox::Sandbox;

/// Returns the one token request of a login, and its form.
#[track_caller]
fn exchange(sandbox: &Sandbox) -> (Request, Pairs) {
    let request = sandbox.google.requests(Endpoint::Token).pop().expect("no exchange");
    let form = Pairs::parse(&request.body);
    (request, form)
}

#[test]
fn the_exchange_matches_the_authorization_request() {
    let mut seen = BTreeSet::new();
    for client in [Sandbox::desktop as fn(&Sandbox) -> Client, web] {
        for _ in 0..2 {
            let sandbox = Sandbox::new();
            let client = client(&sandbox);
            allow(login(&sandbox, &["--no-verify"]));
            let (request, form) = exchange(&sandbox);
            let verifier = form.get("code_verifier").expect("PKCE also with a secret");
            let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            assert!((43..=128).contains(&verifier.len()) && verifier.bytes().all(unreserved), "{verifier}");
            let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
            assert_eq!(asked(&sandbox, "code_challenge"), Some(challenge));
            assert_eq!(asked(&sandbox, "code_challenge_method").as_deref(), Some("S256"));
            let state = asked(&sandbox, "state").expect("a state");
            assert!(!state.contains(verifier) && !verifier.contains(&state), "{state}");
            assert_ne!(URL_SAFE_NO_PAD.encode(Sha256::digest(&state)), verifier);
            assert_eq!(form.get("redirect_uri").map(str::to_owned), asked(&sandbox, "redirect_uri"));
            assert_eq!(form.get("client_secret"), Some(client.secret.as_str()));
            assert_eq!((request.method.as_str(), request.query.0.len(), form.repeated()), ("POST", 0, None));
            assert!(!request.headers.iter().any(|(name, _)| name == "authorization"), "{request:?}");
            assert!(seen.insert(verifier.to_owned()) && seen.insert(state), "used again");
        }
    }
}

/// Creates a web client with one loopback URI, and writes its client-secrets file.
fn web(sandbox: &Sandbox) -> Client {
    let port = super::free_port();
    let client = sandbox.google.web(&[&format!("http://127.0.0.1:{port}/back")]);
    sandbox.client_secrets(&client);
    client
}

#[test]
fn no_parameter_of_the_authorization_request_is_repeated() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let args = ["--no-verify", "--additional-scopes", "datamanager", "--login-hint", "ada@example.com"];
    allow(login(&sandbox, &args));
    let requests = sandbox.google.requests(Endpoint::Authorize);
    assert!(!requests.is_empty());
    for request in requests {
        assert_eq!(request.query.repeated(), None, "{request:?}");
    }
}

#[test]
fn the_port_is_bound_before_its_address_is_shown() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let running = login(&sandbox, &["--no-verify"]).start();
    let port = running.redirect_uri().port().expect("a port of the system's choosing");
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok(), "nobody listens");
    // std sets SO_REUSEADDR, as a program that steals ports would.
    assert!(TcpListener::bind(("127.0.0.1", port)).is_err(), "somebody else may listen there too");
    running.visit(&Decision::allow());
    running.finish();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "the port is open after the end");
}
