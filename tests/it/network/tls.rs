//! Who answers at the endpoint's address but is not to be trusted: asked once, told nothing, and the message says why.
#![cfg(target_os = "linux")]

use std::sync::Arc;

use crate::google::{Endpoint, Fault};
use crate::harness::middlebox::{self, Door};
use crate::platform::environment::with_clock;
use crate::sandbox::Spec;

use crate::oauth::token_endpoint::Desk;

/// `refresh` at this door, which nobody but the tests' own authority vouches for.
fn refresh<'a>(desk: &'a Desk, door: &Door) -> Spec<'a> {
    let origin = format!("https://{}", door.address);
    desk.sandbox
        .command(&["refresh", "-vv"])
        .env("GADS_CREDS_ENDPOINT", origin)
        .env("SSL_CERT_FILE", middlebox::authority())
}

#[test]
fn a_certificate_that_is_vouched_for_is_taken() {
    let desk = Desk::new();
    let door = Door::secured("good.pem", &desk.sandbox.google);
    refresh(&desk, &door).stderr_has("access token issued").run();
    // The authority must be named: it is not one of the system's.
    let stranger = refresh(&desk, &door).without_env("SSL_CERT_FILE").observe();
    assert_ne!(stranger.code, 0, "{stranger:#?}");
    assert_eq!(desk.sandbox.google.requests(Endpoint::Token).len(), 1);
}

#[test]
fn who_cannot_be_trusted_is_told_nothing() {
    let desk = Desk::new();
    let bundle = middlebox::authority().display().to_string();
    let inspects =
        format!("hint: if a proxy inspects TLS here, add its CA certificate to `{bundle}`, which `SSL_CERT_FILE`");
    let inspects = inspects.as_str();
    let between = "hint: a proxy or a captive portal may be in between";
    let clock = "hint: check the clock of this machine: it shows 20";
    let shown = |certificate| Door::secured(certificate, &desk.sandbox.google);
    // A ServerHello that chooses TLS 1.1, as servers answered that knew no later one.
    const OLD: &[u8] = b"\x16\x03\x02\x00\x2a\x02\0\0\x26\x03\x02________________________________\0\xc0\x13\0";
    for (name, door, fact, next) in [
        ("self-signed", shown("self-signed.pem"), "its certificate is from an unknown authority", inspects),
        ("another name", shown("other-name.pem"), "its certificate is for another name", between),
        ("expired", shown("expired.pem"), "its certificate has expired", clock),
        ("not valid yet", shown("early.pem"), "its certificate is not valid yet", clock),
        ("TLS 1.1", Door::says(OLD), "it supports neither TLS 1.2 nor TLS 1.3", between),
        (
            "an alert: protocol version",
            Door::says(b"\x15\x03\x01\0\x02\x02\x46"),
            "it supports neither TLS 1.2 nor TLS 1.3",
            between,
        ),
        ("an alert: handshake failure", Door::says(b"\x15\x03\x03\0\x02\x02\x28"), "the TLS handshake failed", between),
        ("an alert: internal error", Door::says(b"\x15\x03\x03\0\x02\x02\x50"), "the TLS handshake failed", between),
        (
            "plain HTTP",
            Door::says(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
            "the server there does not speak TLS",
            between,
        ),
        ("SSH", Door::says(b"SSH-2.0-OpenSSH_9.9\r\n"), "the server there does not speak TLS", between),
        ("NUL", Door::says(&[0; 512]), "the server there does not speak TLS", between),
        ("a huge record", Door::says(b"\x16\x03\x03\xff\xff\x02\0"), "the TLS handshake failed", between),
        ("the wrong message", Door::says(b"\x16\x03\x03\0\x04\x0e\0\0\0"), "the TLS handshake failed", between),
        ("half a record", Door::says(b"\x16\x03\x03\0\x7a\x02\0"), "cannot reach", "hint: check the network"),
        ("nothing", Door::says(b""), "cannot reach", "hint: check the network"),
        ("nobody", Door::closed(), "cannot reach 127.0.0.1: connection refused", "hint: check the network"),
    ] {
        let outcome = refresh(&desk, &door).observe();
        desk.check(name, &outcome, 1, 6, fact);
        assert!(outcome.stderr.contains(next), "{name}: {outcome:#?}");
        assert!(outcome.stderr.contains("127.0.0.1"), "{name}: {outcome:#?}");
        // A server that cannot be trusted now cannot be trusted a moment later either.
        assert!(fact.starts_with("cannot reach") || door.came().len() <= 1, "{name}: {:?}", door.came());
        assert!(door.came().iter().all(|said| !said.contains("refresh_token")), "{name}");
    }
    assert_eq!(desk.sandbox.google.requests(Endpoint::Token).len(), 0, "somebody was told the token");
}

#[test]
fn a_clock_that_is_off_is_named_with_what_it_says() {
    let desk = Desk::new();
    let door = Door::secured("good.pem", &desk.sandbox.google);
    for (year, fact) in [("1999", "its certificate is not valid yet"), ("2130", "its certificate has expired")] {
        let Some(run) = with_clock(refresh(&desk, &door), &format!("{year}-07-08 09:10:00")) else { return };
        let outcome = run.observe();
        desk.check(year, &outcome, 1, 6, fact);
        let hint = format!("hint: check the clock of this machine: it shows {year}-07-08 09:10 UTC\n");
        assert!(outcome.stderr.contains(&hint), "{outcome:#?}");
    }
    assert_eq!(desk.sandbox.google.requests(Endpoint::Token).len(), 0);
}

#[test]
fn a_variable_that_names_no_certificates_is_named_with_what_is_wrong() {
    let desk = Desk::new();
    let sandbox = &desk.sandbox;
    let door = Door::secured("good.pem", &sandbox.google);
    let pem = std::fs::read_to_string(middlebox::authority()).unwrap();
    let body: String = pem
        .lines()
        .skip_while(|line| !line.contains("BEGIN CERT"))
        .skip(1)
        .take_while(|line| !line.starts_with("-----"))
        .collect();
    let der = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, body).unwrap();
    let private = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for (name, content, fact, next) in [
        ("ca.der", &der[..], "is a certificate in DER form, not in PEM form", "openssl x509 -inform der"),
        ("empty.pem", &b""[..], "is empty", "set `SSL_CERT_FILE` to a PEM file of CA certificates, or unset it"),
        ("key.pem", private.as_bytes(), "holds no certificate in PEM form", "set `SSL_CERT_FILE` to a PEM file"),
        ("words.pem", &b"certificate\n"[..], "holds no certificate in PEM form", "set `SSL_CERT_FILE` to a PEM file"),
    ] {
        let path = sandbox.write(name, content).display().to_string();
        let run = refresh(&desk, &door).env("SSL_CERT_FILE", &path).code(1);
        run.stderr_has(&format!("`SSL_CERT_FILE` cannot be used: `{path}` {fact}")).stderr_has(next).run();
    }
    let missing = refresh(&desk, &door).env("SSL_CERT_FILE", "/nowhere/ca.pem").code(1);
    missing.stderr_has("`SSL_CERT_FILE` cannot be used: `/nowhere/ca.pem` does not exist").run();
    let missing =
        refresh(&desk, &door).env("SSL_CERT_DIR", format!("/etc:{}", middlebox::authority().display())).code(1);
    missing.stderr_has("`SSL_CERT_DIR` cannot be used: ").stderr_has("is not a directory").run();
    let nothing = refresh(&desk, &door).env("SSL_CERT_FILE", "").code(1);
    nothing.stderr_has("`SSL_CERT_FILE` is set to nothing").stderr_has("or unset it").run();
    // A stand-in without TLS needs no certificate.
    sandbox.command(&["refresh"]).env("SSL_CERT_FILE", "/nowhere/ca.pem").stderr_has("works").run();
    assert_eq!(door.came().iter().filter(|said| said.contains("refresh_token")).count(), 0);
}

#[test]
fn a_wrong_clock_dates_nothing() {
    let desk = Desk::new();
    let sandbox = &desk.sandbox;
    let limited = |response: &mut serde_json::Value| response["refresh_token_expires_in"] = 604_799.into();
    sandbox.google.fault(Endpoint::Token, Fault::Edit(Arc::new(limited)));
    sandbox.client_secrets(&desk.client);
    let secrets = sandbox.home().join("client_secret.json").display().to_string();
    let in_a_month = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(30 * 24);
    let run = sandbox.login(&["-c", &secrets, "--config", "late.yaml", "-p", "late", "--no-verify"]);
    let Some(run) = with_clock(run, &in_a_month.strftime("%F %T").to_string()) else { return };
    let running = run.start();
    running.visit(&crate::google::browser::Decision::allow());
    let outcome = running.finish();
    let said = "this machine's clock is 30 days ahead of Google's; the times that were saved are Google's";
    assert!(outcome.stderr.contains(said) && outcome.stderr.contains("expires in 7 days"), "{outcome:#?}");
    let profiles = sandbox.read(".config/gads-creds/profiles.toml");
    let today = jiff::Timestamp::now().strftime("%F").to_string();
    assert!(profiles.contains(&format!("issued_at = \"{today}")), "{profiles}");
}
