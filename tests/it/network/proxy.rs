//! Proxies: which one is used for which request, and how failing ones are reported.
//!
//! These tests use the compiled-in endpoints, and the proxy leads to the stand-in: the certificate of `fixtures/tls`
//! names Google's hosts. No request can reach Google itself.
#![cfg(target_os = "linux")]

use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::google::{ADWORDS, Endpoint, browser};
use crate::harness::middlebox::{self, Server, Way};
use crate::harness::skip::skip;
use crate::sandbox::Spec;

use crate::oauth::token_endpoint::{Scenario, tokens};

pub const PASSWORD: &str = "planted-proxy-password";

/// Returns a run with only Google's own endpoints, and our authority.
pub fn to_google<'a>(run: Spec<'a>) -> Spec<'a> {
    run.sandbox().plant(PASSWORD);
    // As it is sent: nobody need see that either.
    run.sandbox().plant(&STANDARD.encode(format!("user:{PASSWORD}")));
    run.without_env("GADS_CREDS_ENDPOINT").env("SSL_CERT_FILE", middlebox::authority())
}

pub fn with_password(server: &Server) -> String {
    format!("http://user:{PASSWORD}@{}", server.address)
}

#[test]
fn the_proxy_in_any_variable_is_used_for_google_and_gets_its_password() {
    let scenario = Scenario::new();
    let secured = Server::secured("good.pem", &scenario.sandbox.google);
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let proxy = Server::proxy(Way::To(secured.address));
        let run = to_google(scenario.sandbox.command(&["refresh", "-vv"])).env(name, with_password(&proxy));
        run.env("NO_PROXY", "example.com, 10.0.0.0/8").stderr_has("access token issued").run();
        let came = proxy.came();
        assert_eq!(came.len(), 1, "{name}: {came:?}");
        assert!(came[0].starts_with("CONNECT oauth2.googleapis.com:443 HTTP/1.1\r\n"), "{name}: {came:?}");
        let password = STANDARD.encode(format!("user:{PASSWORD}"));
        let password = format!("\r\nproxy-authorization: Basic {password}\r\n");
        assert!(came[0].contains(&password), "{name}: {came:?}");
        assert!(!came[0].contains("refresh_token"), "{name}: {came:?}");
    }
    assert_eq!(scenario.sandbox.google.requests(Endpoint::Token).len(), 4);
}

#[test]
fn a_whole_login_uses_the_proxy_except_for_the_browser() {
    let scenario = Scenario::new();
    let sandbox = &scenario.sandbox;
    sandbox.plant("1//0by-the-proxy");
    sandbox.google.fault(Endpoint::Token, tokens(serde_json::json!({ "refresh_token": "1//0by-the-proxy" })));
    let secured = Server::secured("good.pem", &sandbox.google);
    let proxy = Server::proxy(Way::To(secured.address));
    let secrets = sandbox.write(
        "google.json",
        scenario.client.secrets_file().replace(sandbox.google.url(), "https://oauth2.googleapis.com"),
    );
    let run =
        to_google(sandbox.login(&["-c", secrets.to_str().unwrap(), "--config", "new.yaml", "--no-verify", "-vv"]));
    let run = run.env("HTTPS_PROXY", with_password(&proxy)).env("HTTP_PROXY", with_password(&proxy)).start();
    run.wait_for("Waiting for the browser");
    let stderr = run.stderr_so_far();
    let url =
        stderr.lines().map(str::trim).find(|line| line.starts_with("https://accounts.google.com/o/oauth2/v2/auth?"));
    let url = url::Url::parse(url.expect("Google's own page")).unwrap();
    let asked = |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    let page = format!(
        "{}?code=4/0planted&state={}&scope={ADWORDS}&iss=https://accounts.google.com",
        asked("redirect_uri"),
        asked("state")
    );
    let redirect = browser::get(&page).unwrap();
    let location = redirect.header("location").expect("it is sent on");
    let page = thread::scope(|scope| {
        let result = url::Url::parse(&asked("redirect_uri")).unwrap().join(location).unwrap();
        let page = scope.spawn(move || browser::get(result.as_str()).unwrap());
        run.finish();
        page.join().unwrap()
    });
    assert!(page.body.contains("You are logged in"), "{page:?}");
    let new = std::fs::read_to_string(sandbox.work().join("new.yaml")).unwrap();
    assert!(new.contains("1//0by-the-proxy"), "{new}");
    let came = proxy.came();
    assert!(came.iter().all(|one| one.starts_with("CONNECT oauth2.googleapis.com:443 ")), "{came:?}");
    assert_eq!(came.len(), 1, "{came:?}");
}

#[test]
fn the_loopback_address_is_never_reached_through_a_proxy() {
    let scenario = Scenario::new();
    let secured = Server::secured("good.pem", &scenario.sandbox.google);
    let proxy = Server::proxy(Way::To(secured.address));
    for origin in [scenario.sandbox.google.url().to_owned(), format!("https://{}", secured.address)] {
        for command in ["refresh", "doctor"] {
            let mut run = to_google(scenario.sandbox.command(&[command])).env("GADS_CREDS_ENDPOINT", &origin);
            for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
                run = run.env(name, with_password(&proxy));
            }
            let outcome = run.observe();
            assert!(outcome.code == 0 || command == "doctor", "{origin}: {outcome:#?}");
        }
    }
    assert_eq!(proxy.came(), [""; 0]);
}

#[test]
fn a_host_in_no_proxy_is_reached_directly() {
    let scenario = Scenario::new();
    let proxy = Server::proxy(Way::Says(b"HTTP/1.1 502 Bad Gateway\r\n\r\n"));
    let program = crate::PROGRAM;
    for (name, value) in
        [("NO_PROXY", "oauth2.googleapis.com"), ("no_proxy", ".googleapis.com"), ("NO_PROXY", "a.example, *")]
    {
        // A separate network without an address: a request that bypasses the proxy goes nowhere.
        let alone = scenario.sandbox.other_program("/usr/bin/unshare", &["-rn", program, "refresh"]);
        let outcome = to_google(alone).env("HTTPS_PROXY", with_password(&proxy)).env(name, value).observe();
        if outcome.stderr.starts_with("unshare:") {
            return skip("this system gives out no network namespace");
        }
        scenario.check(value, &outcome, 1, 6, "cannot reach oauth2.googleapis.com");
        assert!(!outcome.stderr.contains("the proxy"), "{name}={value}: {outcome:#?}");
    }
    assert_eq!(proxy.came(), [""; 0]);
}

#[test]
fn an_untrusted_proxy_is_not_reported_as_google() {
    let scenario = Scenario::new();
    for (certificate, fact) in [
        ("expired.pem", "cannot trust the proxy to oauth2.googleapis.com: its certificate has expired"),
        ("other-name.pem", "the proxy to oauth2.googleapis.com: its certificate is for another name"),
    ] {
        let proxy = Server::secured(certificate, &scenario.sandbox.google);
        let address = with_password(&proxy).replacen("http", "https", 1);
        let outcome = to_google(scenario.sandbox.command(&["refresh", "-vv"])).env("HTTPS_PROXY", address).observe();
        scenario.check(certificate, &outcome, 1, 6, fact);
    }
}

#[test]
fn doctor_names_the_variable_and_the_step_that_fits() {
    let scenario = Scenario::new();
    let expired = Server::secured("expired.pem", &scenario.sandbox.google);
    for (way, fact, next) in [
        (
            Way::Says(b"HTTP/1.1 407 Who Are You\r\n\r\n"),
            "the proxy rejects the user name and the password (HTTP 407), through the proxy that `HTTPS_PROXY` names",
            "check both in `HTTPS_PROXY`",
        ),
        (
            Way::Says(b"HTTP/1.1 200 OK\r\n\r\n"),
            "through the proxy that `HTTPS_PROXY` names",
            "check that the proxy in",
        ),
        (Way::To(expired.address), "its certificate has expired, through the proxy", "check the clock of this machine"),
    ] {
        let proxy = Server::proxy(way);
        let run = to_google(scenario.sandbox.command(&["doctor"])).env("HTTPS_PROXY", with_password(&proxy));
        run.code(6).stdout_has(fact).stdout_has(next).stderr_has("").run();
    }
}

#[test]
fn a_failing_proxy_ends_in_time_and_is_named() {
    let asks = "cannot reach oauth2.googleapis.com: the proxy rejects the user name and the password (HTTP 407)";
    let closed = "cannot reach oauth2.googleapis.com: the proxy refuses to connect to it";
    let late = "cannot reach oauth2.googleapis.com: the proxy made no connection to it in time";
    const OK: &[u8] = b"HTTP/1.1 200 OK\r\n";
    let rows = [
        ("407", Way::Says(b"HTTP/1.1 407 Who Are You\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n"), asks),
        ("403", Way::Says(b"HTTP/1.1 403 Forbidden\r\n\r\n<html>no"), closed),
        ("502", Way::Says(b"HTTP/1.1 502 Bad Gateway\r\n\r\n"), closed),
        ("511", Way::Says(b"HTTP/1.1 511 Network Authentication Required\r\n\r\n"), closed),
        ("a redirect", Way::Says(b"HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\n\r\n"), closed),
        ("204", Way::Says(b"HTTP/1.1 204 No Content\r\n\r\n"), closed),
        ("nothing", Way::Says(b""), closed),
        ("garbage", Way::Says(b"\0\x01\x02\xff\xfe no HTTP \x1b]0;x\x07\r\n\r\n"), closed),
        ("headers without end", Way::SaysOn(OK, b"X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n", Duration::ZERO), closed),
        ("silence", Way::Stops(b""), late),
        ("half a head", Way::Stops(OK), late),
        ("drops", Way::SaysOn(OK, b"X: y\r\n", Duration::from_millis(500)), late),
        ("a way to nowhere", Way::Stops(b"HTTP/1.1 200 OK\r\n\r\n"), late),
        ("a way to drops", Way::Stops(b"HTTP/1.1 200 OK\r\n\r\n\x16\x03\x03"), late),
        ("a way to plain HTTP", Way::To(plain_http()), "the server there does not speak TLS"),
    ];
    thread::scope(|scope| {
        for (name, way, fact) in rows {
            scope.spawn(move || falls_short(name, &Server::proxy(way), "http", fact));
        }
        let away = "cannot reach oauth2.googleapis.com: the proxy does not respond: connection refused";
        scope.spawn(move || falls_short("nobody", &Server::closed(), "http", away));
        scope.spawn(move || falls_short("silence to SOCKS", &silent(), "socks5h", late));
        scope.spawn(move || falls_short("silence to TLS", &silent(), "https", late));
        scope.spawn(move || falls_short("SOCKS", &Server::says(b"\x05\xff"), "socks5h", "cannot reach"));
        scope.spawn(move || falls_short("SOCKS, garbage", &Server::says(b"HTTP/1.1 200"), "socks5h", "cannot reach"));
    });
}

/// Accepts connections and waits, as an HTTP proxy does that waits for the end of a request.
fn silent() -> Server {
    Server::proxy(Way::Stops(b""))
}

/// With a proxy that makes no connection, nothing was sent: the code still works, and the token is as valid as before.
#[test]
fn what_was_not_sent_is_not_used_up() {
    let scenario = Scenario::new();
    let sandbox = &scenario.sandbox;
    let secured = Server::secured("good.pem", &sandbox.google);
    let (silent, proxy) = (silent(), Server::proxy(Way::To(secured.address)));
    let google = scenario.client.secrets_file().replace(sandbox.google.url(), "https://oauth2.googleapis.com");
    let secrets = sandbox.write("google.json", google).display().to_string();
    let start = ["login", "--start", "-c", &secrets, "--config", "new.yaml", "--no-verify", "--json"];
    let started = to_google(sandbox.command(&start)).stdout_has("").run().json();
    let url = url::Url::parse(started["url"].as_str().unwrap()).unwrap();
    let asked = |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    let (redirect, state) = (asked("redirect_uri"), asked("state"));
    let address = format!("{redirect}?code=4/0planted&state={state}&scope={ADWORDS}&iss=https://accounts.google.com");
    let finish = || to_google(sandbox.command(&["login", "--finish"])).stdin(format!("{address}\n"));
    let unsent = finish().env("HTTPS_PROXY", with_password(&silent)).code(6).stderr_has("is still pending");
    let unsent = unsent.stderr_has("the proxy made no connection to it in time").run();
    assert!(unsent.stderr.contains("with the same address"), "{unsent:#?}");
    let revoke = to_google(sandbox.command(&["revoke", "--yes"])).env("HTTPS_PROXY", with_password(&silent)).code(6);
    revoke.stderr_has("the token is still valid and still in").run();
    sandbox.plant("1//0by-the-proxy");
    sandbox.google.fault(Endpoint::Token, tokens(serde_json::json!({ "refresh_token": "1//0by-the-proxy" })));
    finish().env("HTTPS_PROXY", with_password(&proxy)).stderr_has("stored the refresh token").run();
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 1);
}

/// A directory locks an account after a few wrong passwords.
#[test]
fn a_proxy_that_refuses_is_asked_once() {
    let scenario = Scenario::new();
    for (status, scheme) in [
        (&b"HTTP/1.1 407 Who Are You\r\n\r\n"[..], "http"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "http"),
        (b"HTTP/1.1 401 Unauthorized\r\n\r\n", "http"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "http"),
        // The method is user name and password, which are wrong.
        (b"\x05\x02\x01\x01", "socks5h"),
    ] {
        let proxy = if scheme == "http" { Server::proxy(Way::Says(status)) } else { Server::says(status) };
        let run = to_google(scenario.sandbox.command(&["refresh"])).code(6).stderr_has("cannot reach");
        run.env("HTTPS_PROXY", with_password(&proxy).replacen("http", scheme, 1)).run();
        assert_eq!(proxy.came().len(), 1, "{scheme}: {:?}", String::from_utf8_lossy(status));
    }
}

#[test]
fn a_proxy_that_rejects_the_password_is_asked_once_for_all_profiles() {
    let scenario = Scenario::new();
    let sandbox = &scenario.sandbox;
    let entry = |number| format!("[profiles.p{number}]\nfile = \"~/google-ads.yaml\"\n");
    sandbox.write(".config/gads-creds/profiles.toml", (0..6).map(entry).collect::<String>());
    let proxy = Server::proxy(Way::Says(b"HTTP/1.1 407 Who Are You\r\n\r\n"));
    let run = to_google(sandbox.command(&["refresh", "--all"])).env("HTTPS_PROXY", with_password(&proxy)).code(6);
    let outcome = run.stderr_has("the proxy rejects the user name and the password (HTTP 407)").run();
    assert_eq!(outcome.stderr.matches("  failed: ").count(), 6, "{outcome:#?}");
    assert_eq!(proxy.came().len(), 1);
    // One that takes the password is used by all of them.
    let secured = Server::secured("good.pem", &sandbox.google);
    let proxy = Server::proxy(Way::To(secured.address));
    let run = to_google(sandbox.command(&["refresh", "--all"])).env("HTTPS_PROXY", with_password(&proxy));
    run.stderr_has("p5  ok").run();
}

fn plain_http() -> std::net::SocketAddr {
    Server::says(b"HTTP/1.1 400 Bad Request\r\n\r\n").address
}

/// Runs `refresh` with this proxy: it ends, says so, and shows no password.
#[track_caller]
fn falls_short(name: &str, proxy: &Server, scheme: &str, fact: &str) {
    let scenario = Scenario::new();
    let start = Instant::now();
    let address = with_password(proxy).replacen("http", scheme, 1);
    let outcome = to_google(scenario.sandbox.command(&["refresh", "-vv"])).env("HTTPS_PROXY", address).observe();
    // The deadline is ten seconds; the rest is for a busy machine.
    assert!(start.elapsed() < Duration::from_secs(20), "{name}: {:?}", start.elapsed());
    scenario.check(name, &outcome, 1, 6, fact);
    assert!(
        !fact.contains("the proxy")
            || outcome.stderr.contains("hint: add them to `HTTPS_PROXY`")
            || outcome.stderr.contains("hint: check"),
        "{name}: {outcome:#?}"
    );
    assert!(proxy.came().iter().all(|request| !request.contains("refresh_token")), "{name}");
}
