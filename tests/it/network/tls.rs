//! Servers at the endpoint's address that cannot be trusted: contacted once, sent nothing, and the message says why.
#![cfg(target_os = "linux")]

use std::sync::Arc;

use chrono::{TimeDelta, Utc};

use crate::google::{Endpoint, Fault};
use crate::harness::middlebox::{self, Server};
use crate::platform::environment::with_clock;
use crate::sandbox::Spec;

use crate::oauth::token_endpoint::Scenario;

/// Returns `refresh` with this server, which only the tests' own authority has certified.
fn refresh<'a>(scenario: &'a Scenario, server: &Server) -> Spec<'a> {
    let origin = format!("https://{}", server.address);
    scenario
        .sandbox
        .command(&["refresh", "-vv"])
        .env("GADS_CREDS_ENDPOINT", origin)
        .env("SSL_CERT_FILE", middlebox::authority())
}

#[test]
fn a_trusted_certificate_is_accepted() {
    let scenario = Scenario::new();
    let server = Server::secured("good.pem", &scenario.sandbox.google);
    refresh(&scenario, &server).stderr_has("access token issued").run();
    // The authority must be named: it is not one of the system's.
    let stranger = refresh(&scenario, &server).without_env("SSL_CERT_FILE").observe();
    assert_ne!(stranger.code, 0, "{stranger:#?}");
    assert_eq!(scenario.sandbox.google.requests(Endpoint::Token).len(), 1);
}

#[test]
fn an_untrusted_server_is_sent_nothing() {
    let scenario = Scenario::new();
    let bundle = middlebox::authority().display().to_string();
    let inspects =
        format!("hint: if a proxy inspects TLS here, add its CA certificate to `{bundle}`, which `SSL_CERT_FILE`");
    let inspects = inspects.as_str();
    let between = "hint: a proxy or a captive portal may be in between";
    let clock = "hint: check the clock of this machine: it shows 20";
    let shown = |certificate| Server::secured(certificate, &scenario.sandbox.google);
    // A ServerHello that chooses TLS 1.1, as old servers send it.
    const OLD: &[u8] = b"\x16\x03\x02\x00\x2a\x02\0\0\x26\x03\x02________________________________\0\xc0\x13\0";
    for (name, server, fact, next) in [
        ("self-signed", shown("self-signed.pem"), "its certificate is from an unknown authority", inspects),
        ("another name", shown("other-name.pem"), "its certificate is for another name", between),
        ("expired", shown("expired.pem"), "its certificate has expired", clock),
        ("not valid yet", shown("early.pem"), "its certificate is not valid yet", clock),
        ("TLS 1.1", Server::says(OLD), "it supports neither TLS 1.2 nor TLS 1.3", between),
        (
            "an alert: protocol version",
            Server::says(b"\x15\x03\x01\0\x02\x02\x46"),
            "it supports neither TLS 1.2 nor TLS 1.3",
            between,
        ),
        (
            "an alert: handshake failure",
            Server::says(b"\x15\x03\x03\0\x02\x02\x28"),
            "the TLS handshake failed",
            between,
        ),
        (
            "an alert: certificate required",
            Server::says(b"\x15\x03\x03\0\x02\x02\x74"),
            "it asks for a certificate of the client",
            between,
        ),
        ("an alert: internal error", Server::says(b"\x15\x03\x03\0\x02\x02\x50"), "the TLS handshake failed", between),
        (
            "plain HTTP",
            Server::says(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
            "the server there does not speak TLS",
            between,
        ),
        ("SSH", Server::says(b"SSH-2.0-OpenSSH_9.9\r\n"), "the server there does not speak TLS", between),
        ("NUL", Server::says(&[0; 512]), "the server there does not speak TLS", between),
        ("a huge record", Server::says(b"\x16\x03\x03\xff\xff\x02\0"), "the TLS handshake failed", between),
        ("the wrong message", Server::says(b"\x16\x03\x03\0\x04\x0e\0\0\0"), "the TLS handshake failed", between),
        ("half a record", Server::says(b"\x16\x03\x03\0\x7a\x02\0"), "cannot reach", "hint: check the network"),
        ("nothing", Server::says(b""), "cannot reach", "hint: check the network"),
        ("nobody", Server::closed(), "cannot reach 127.0.0.1: connection refused", "hint: check the network"),
    ] {
        let outcome = refresh(&scenario, &server).observe();
        scenario.check(name, &outcome, 1, 6, fact);
        assert!(outcome.stderr.contains(next), "{name}: {outcome:#?}");
        assert!(outcome.stderr.contains("127.0.0.1"), "{name}: {outcome:#?}");
        // A server that cannot be trusted now cannot be trusted a moment later either.
        assert!(fact.starts_with("cannot reach") || server.came().len() <= 1, "{name}: {:?}", server.came());
        assert!(server.came().iter().all(|request| !request.contains("refresh_token")), "{name}");
    }
    assert_eq!(scenario.sandbox.google.requests(Endpoint::Token).len(), 0, "the token was sent to somebody");
}

#[test]
fn an_expired_certificate_may_be_that_of_a_proxy() {
    let scenario = Scenario::new();
    let run = refresh(&scenario, &Server::secured("expired.pem", &scenario.sandbox.google)).code(6);
    run.stderr_has("UTC; if that is right, whoever runs the proxy that inspects TLS here must renew").run();
}

/// To add it to the bundle would change nothing: it is there.
#[test]
fn a_certificate_that_is_trusted_and_unsuitable_is_named_as_that() {
    let scenario = Scenario::new();
    for (certificate, fact) in [
        ("of-a-ca.pem", "its certificate is that of a CA, which is not accepted as a server's"),
        ("for-clients.pem", "its certificate is not one for servers"),
        ("version-1.pem", "its certificate is of X.509 version 1"),
    ] {
        let server = Server::secured(certificate, &scenario.sandbox.google);
        let bundle = middlebox::authority().with_file_name(certificate);
        let outcome = refresh(&scenario, &server).env("SSL_CERT_FILE", bundle).observe();
        scenario.check(certificate, &outcome, 1, 6, fact);
        assert!(outcome.stderr.contains("needs another certificate"), "{outcome:#?}");
        assert!(!outcome.stderr.contains("add its CA certificate"), "{outcome:#?}");
    }
}

#[test]
fn a_wrong_clock_is_named_with_its_time() {
    let scenario = Scenario::new();
    let server = Server::secured("good.pem", &scenario.sandbox.google);
    for (year, fact) in [("1999", "its certificate is not valid yet"), ("2130", "its certificate has expired")] {
        let Some(run) = with_clock(refresh(&scenario, &server), &format!("{year}-07-08 09:10:00")) else { return };
        let outcome = run.observe();
        scenario.check(year, &outcome, 1, 6, fact);
        let hint = format!("hint: check the clock of this machine: it shows {year}-07-08 09:10 UTC\n");
        assert!(outcome.stderr.contains(&hint), "{outcome:#?}");
    }
    assert_eq!(scenario.sandbox.google.requests(Endpoint::Token).len(), 0);
}

#[test]
fn a_variable_without_usable_certificates_is_named_with_the_cause() {
    let scenario = Scenario::new();
    let sandbox = &scenario.sandbox;
    let server = Server::secured("good.pem", &sandbox.google);
    let pem = std::fs::read_to_string(middlebox::authority()).unwrap();
    let body: String = pem
        .lines()
        .skip_while(|line| !line.contains("BEGIN CERT"))
        .skip(1)
        .take_while(|line| !line.starts_with("-----"))
        .collect();
    let der = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, body).unwrap();
    let framed = |kind: &str, body: &str| format!("-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n");
    let damaged = framed("CERTIFICATE", "AAAA");
    let (trusted, pkcs7) = (framed("TRUSTED CERTIFICATE", "AAAA"), framed("PKCS7", "AAAA"));
    let marked = format!("\u{feff}{}", framed("CERTIFICATE", "AAAA"));
    let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let old = framed("X509 CERTIFICATE", "AAAA");
    let [escaped, line] = ["\\n", " "].map(|end| framed("CERTIFICATE", "AAAA").trim().replace('\n', end));
    let indented = framed("CERTIFICATE", "AAAA").replace('\n', "\n  ").replacen("-----", "  -----", 1);
    let private = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for (name, content, fact, next) in [
        ("ca.der", &der[..], "is a certificate in DER form, not in PEM form", "openssl x509 -inform der"),
        ("empty.pem", &b""[..], "is empty", "set `SSL_CERT_FILE` to a PEM file of CA certificates, or unset it"),
        ("key.pem", private.as_bytes(), "holds no certificate in PEM form", "set `SSL_CERT_FILE` to a PEM file"),
        // The beginning of a key in PKCS#8: its version comes first.
        (
            "key.der",
            &b"\x30\x82\x04\xbd\x02\x01\x00\x30\x0d"[..],
            "holds no certificate in PEM form",
            "set `SSL_CERT_FILE` to a PEM file",
        ),
        ("damaged.pem", damaged.as_bytes(), "holds no certificate that is whole", "set `SSL_CERT_FILE` to a PEM file"),
        ("trusted.pem", trusted.as_bytes(), "holds a certificate with trust settings of OpenSSL", "openssl x509 -in"),
        ("all.p7b", pkcs7.as_bytes(), "holds certificates in PKCS#7 form", "openssl pkcs7 -print_certs -in"),
        ("wide.pem", &wide[..], "is UTF-16 text or begins with a byte order mark", "set `SSL_CERT_FILE` to a PEM"),
        ("marked.pem", marked.as_bytes(), "is UTF-16 text or begins with a byte order mark", "set `SSL_CERT_FILE` to"),
        ("old.pem", old.as_bytes(), "holds a certificate with an outdated marker", "openssl x509 -in"),
        ("escaped.pem", escaped.as_bytes(), r"holds `\n` in place of line breaks", "set `SSL_CERT_FILE` to a PEM file"),
        (
            "indented.pem",
            indented.as_bytes(),
            "is not in PEM form: its lines are indented",
            "set `SSL_CERT_FILE` to a PEM file",
        ),
        (
            "line.pem",
            line.as_bytes(),
            "is not in PEM form: its lines are indented, or joined to one",
            "set `SSL_CERT_FILE` to a PEM file",
        ),
        (
            "bom.pem",
            marked.as_bytes(),
            "is UTF-16 text or begins with a byte order mark",
            "save it as UTF-8 without that mark",
        ),
        ("words.pem", &b"certificate\n"[..], "holds no certificate in PEM form", "set `SSL_CERT_FILE` to a PEM file"),
    ] {
        let path = sandbox.write(name, content).display().to_string();
        let run = refresh(&scenario, &server).env("SSL_CERT_FILE", &path).code(1);
        run.stderr_has(&format!("`SSL_CERT_FILE` cannot be used: `{path}` {fact}")).stderr_has(next).run();
    }
    let missing = refresh(&scenario, &server).env("SSL_CERT_FILE", "/nowhere/ca.pem").code(1);
    missing.stderr_has("`SSL_CERT_FILE` cannot be used: `/nowhere/ca.pem` does not exist").run();
    let missing =
        refresh(&scenario, &server).env("SSL_CERT_DIR", format!("/etc:{}", middlebox::authority().display())).code(1);
    missing.stderr_has("`SSL_CERT_DIR` cannot be used: ").stderr_has("is not a directory").run();
    let bare = sandbox.work();
    let bare_directory = refresh(&scenario, &server).without_env("SSL_CERT_FILE").env("SSL_CERT_DIR", &bare).code(1);
    let fact = format!("`SSL_CERT_DIR` cannot be used: `{}` holds no usable CA certificates", bare.display());
    bare_directory.stderr_has(&fact).stderr_has("hint: unset `SSL_CERT_DIR`, or set `SSL_CERT_FILE`").run();
    let nothing = refresh(&scenario, &server).env("SSL_CERT_FILE", "").code(1);
    nothing.stderr_has("`SSL_CERT_FILE` is empty").stderr_has("or unset it").run();
    // The TLS library would wait for them, or read them into memory.
    let large = sandbox.write("certificates/large.pem", "");
    std::fs::File::options().write(true).open(&large).unwrap().set_len(8 << 30).unwrap();
    let endless = refresh(&scenario, &server).env("SSL_CERT_FILE", &large).code(1);
    endless.stderr_has("`SSL_CERT_FILE` cannot be used: ").stderr_has("large.pem` is larger than 16 MiB").run();
    let endless = refresh(&scenario, &server).env("SSL_CERT_DIR", large.parent().unwrap()).code(1);
    endless.stderr_has("`SSL_CERT_DIR` cannot be used: ").stderr_has("large.pem` is larger than 16 MiB").run();
    #[cfg(unix)]
    {
        let pipe = large.with_file_name("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [pipe, "/dev/zero".into()] {
            let waits = refresh(&scenario, &server).env("SSL_CERT_FILE", &path).code(1);
            waits.stderr_has(&format!("{}` is not a regular file", path.display())).run();
        }
    }
    // A stand-in without TLS needs no certificate.
    sandbox.command(&["refresh"]).env("SSL_CERT_FILE", "/nowhere/ca.pem").stderr_has("works").run();
    assert_eq!(server.came().iter().filter(|request| request.contains("refresh_token")).count(), 0);
    // Of several directories, one that does not exist is left out.
    refresh(&scenario, &server).env("SSL_CERT_DIR", "/nowhere:/etc").stderr_has("works").run();
}

#[test]
fn a_wrong_clock_does_not_change_recorded_times() {
    let scenario = Scenario::new();
    let sandbox = &scenario.sandbox;
    let limited = |response: &mut serde_json::Value| response["refresh_token_expires_in"] = 604_799.into();
    sandbox.google.fault(Endpoint::Token, Fault::Edit(Arc::new(limited)));
    sandbox.client_secrets(&scenario.client);
    let secrets = sandbox.home().join("client_secret.json").display().to_string();
    let in_a_month = Utc::now() + TimeDelta::hours(30 * 24);
    let run = sandbox.login(&["-c", &secrets, "--config", "late.yaml", "-p", "late", "--no-verify"]);
    let Some(run) = with_clock(run, &in_a_month.format("%F %T").to_string()) else { return };
    let running = run.start();
    running.visit(&crate::google::browser::Decision::allow());
    let outcome = running.finish();
    let expected = "this machine's clock is 30 days ahead of Google's; the times that were saved are Google's";
    assert!(outcome.stderr.contains(expected) && outcome.stderr.contains("expires in 7 days"), "{outcome:#?}");
    let profiles = sandbox.read(".config/gads-creds/profiles.toml");
    let today = Utc::now().format("%F").to_string();
    assert!(profiles.contains(&format!("issued_at = \"{today}")), "{profiles}");
}

#[test]
fn a_broken_response_is_told_from_a_server_that_is_not_reached() {
    let scenario = Scenario::new();
    for bytes in [
        &b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"[..],
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
    ] {
        let server = Server::says(bytes);
        let run = scenario.sandbox.command(&["refresh"]).code(6);
        let run = run.env("GADS_CREDS_ENDPOINT", format!("http://{}", server.address));
        let outcome = run.stderr_has("127.0.0.1: the connection broke, or the response is not HTTP").run();
        // No proxy leads to a stand-in.
        assert!(outcome.stderr.contains("hint: check the network and the stand-in"), "{outcome:#?}");
    }
}
