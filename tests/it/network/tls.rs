//! Who answers at the endpoint's address but is not to be trusted: asked once, told nothing, and the message says why.
#![cfg(target_os = "linux")]

use crate::google::Endpoint;
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
    refresh(&desk, &door).stderr_has("access token minted").run();
    // The authority must be named: it is not one of the system's.
    let stranger = refresh(&desk, &door).without_env("SSL_CERT_FILE").observe();
    assert_ne!(stranger.code, 0, "{stranger:#?}");
    assert_eq!(desk.sandbox.google.requests(Endpoint::Token).len(), 1);
}

#[test]
fn who_cannot_be_trusted_is_told_nothing() {
    let desk = Desk::new();
    let inspects = "hint: if a proxy inspects TLS here, set `SSL_CERT_FILE` to";
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
