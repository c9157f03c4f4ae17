//! The variables that name a proxy: which of them counts, and what is wrong with a value.
#![cfg(target_os = "linux")]

use crate::harness::middlebox::{Server, Way};
use crate::harness::skip::skip;
use crate::network::proxy::{PASSWORD, to_google, with_password};
use crate::oauth::token_endpoint::Scenario;

/// As compose files and CI unset a variable.
#[test]
fn an_empty_variable_leaves_the_choice_to_the_next_one() {
    let scenario = Scenario::new();
    let secured = Server::secured("good.pem", &scenario.sandbox.google);
    for (set, variable) in [
        (&["https_proxy"][..], "https_proxy"),
        (&["ALL_PROXY"], "ALL_PROXY"),
        (&["all_proxy"], "all_proxy"),
        (&["https_proxy", "ALL_PROXY"], "https_proxy"),
    ] {
        let (proxy, other) = (Server::proxy(Way::To(secured.address)), Server::closed());
        let mut run = to_google(scenario.sandbox.command(&["doctor"])).env("NO_PROXY", "");
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            let server = if name == variable { &proxy } else { &other };
            run = run.env(name, if set.contains(&name) { with_password(server) } else { String::new() });
        }
        let fact = format!("network: Google responds, through the proxy that `{variable}` names");
        run.stdout_has(&fact).stderr_has("").run();
        assert!(!proxy.came().is_empty(), "{variable}");
    }
}

#[test]
fn a_proxy_that_is_not_used_is_not_named() {
    let scenario = Scenario::new();
    let proxy = Server::closed();
    for (name, args) in [("NO_PROXY", "refresh"), ("no_proxy", "refresh"), ("no_proxy", "doctor")] {
        // A separate network without an address.
        let alone = scenario.sandbox.other_program("/usr/bin/unshare", &["-rn", crate::PROGRAM, args]);
        let alone = to_google(alone).env("HTTPS_PROXY", with_password(&proxy)).env("NO_PROXY", "");
        let outcome = alone.env(name, "googleapis.com").observe();
        if outcome.stderr.starts_with("unshare:") {
            return skip("this system gives out no network namespace");
        }
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        assert_eq!(outcome.code, 6, "{said}");
        assert!(said.contains("its name cannot be resolved"), "{said}");
        assert!(said.contains(&format!("check the network and `{name}`")), "{said}");
        assert!(!said.contains("HTTPS_PROXY"), "{said}");
    }
}

#[test]
fn a_scheme_has_no_case_and_quotes_around_a_value_are_named() {
    let scenario = Scenario::new();
    let secured = Server::secured("good.pem", &scenario.sandbox.google);
    let proxy = Server::proxy(Way::To(secured.address));
    let value = format!("HTTP://user:{PASSWORD}@{}", proxy.address);
    to_google(scenario.sandbox.command(&["refresh"])).env("HTTPS_PROXY", value).stderr_has("works").run();
    let refused = Server::says(b"\x05\xff");
    let value = format!("SOCKS5H://{}", refused.address);
    let run = to_google(scenario.sandbox.command(&["refresh"])).env("HTTPS_PROXY", value).code(6);
    run.stderr_has("cannot reach oauth2.googleapis.com").run();
    assert!(!refused.came().is_empty());
    let plain = format!("http://{}", proxy.address);
    for value in [format!(" {plain}"), format!("{plain} "), format!("\"{plain}\""), format!("'{plain}'")] {
        let run = to_google(scenario.sandbox.command(&["refresh"])).env("HTTPS_PROXY", value).code(2);
        run.stderr_has("`HTTPS_PROXY` does not name a proxy").stderr_has("remove the quotes and spaces around").run();
    }
}

#[test]
fn an_invalid_proxy_variable_is_an_error() {
    let scenario = Scenario::new();
    let before = scenario.sandbox.read("google-ads.yaml");
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        for value in [
            &format!("http://user:{PASSWORD}@"),
            &format!("ftp://user:{PASSWORD}@127.0.0.1:1"),
            "http://",
            "//",
            "http://[::1",
            "http://127.0.0.1:99999",
            "a b",
            "\u{1b}[2J",
        ] {
            let run = to_google(scenario.sandbox.command(&["refresh"])).env(name, value).code(2);
            run.stderr(format!(
                "error: `{name}` does not name a proxy that can be used\nhint: set it to `http://HOST:PORT` or \
                 `socks5h://HOST:PORT`, or unset it\n"
            ))
            .run();
        }
        for user in ["user:p#ss", "user:p/ss", "user:p?ss", "user:p ss", "user:[pass", "user:p@ss", "me@example.com:"] {
            let value = format!("http://{user}{PASSWORD}@127.0.0.1:1");
            let run = to_google(scenario.sandbox.command(&["refresh"])).env(name, value).code(2);
            run.stderr_has("hint: write special characters of the user name and the password as `%` and their code")
                .run();
        }
        // A stand-in needs none.
        scenario.sandbox.command(&["refresh"]).env(name, "a b").stderr_has("access token issued").run();
    }
    // An empty value counts as unset, and the next variable is used.
    let run = to_google(scenario.sandbox.command(&["refresh"])).env("HTTPS_PROXY", "").env("ALL_PROXY", "a b");
    run.code(2).stderr_has("`ALL_PROXY` does not name a proxy").run();
    assert_eq!(scenario.sandbox.read("google-ads.yaml"), before);
}

#[test]
fn what_a_proxy_variable_lacks_is_named() {
    let scenario = Scenario::new();
    const WHO: &[u8] = b"HTTP/1.1 407 Who Are You\r\n\r\n";
    let run = to_google(scenario.sandbox.command(&["refresh"])).code(6);
    let run = run.env("HTTPS_PROXY", with_password(&Server::proxy(Way::Says(WHO))));
    run.stderr_has("check both in `HTTPS_PROXY`").stderr_has("only NTLM or Kerberos cannot be used directly").run();
    for (proxy, scheme, fact, step) in [
        (
            Server::proxy(Way::Says(WHO)),
            "http",
            "the proxy requires a user name and a password (HTTP 407)",
            "add them to `HTTPS_PROXY`",
        ),
        (
            Server::says(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            "https",
            "the server there does not speak TLS",
            "write `http://` in place of `https://` in `HTTPS_PROXY`",
        ),
    ] {
        let value = format!("{scheme}://{}", proxy.address);
        let run = to_google(scenario.sandbox.command(&["refresh"])).env("HTTPS_PROXY", value).code(6);
        run.stderr_has(fact).stderr_has(&format!("hint: {step}")).run();
    }
}
