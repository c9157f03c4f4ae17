//! Web clients: Google redirects exactly to a registered URI.

use std::net::TcpListener;

use super::{allow, asked, free_port, has_ipv6, issued, login, new_file, refuses};
use crate::google::Client;
use crate::google::browser::{self, Decision};
use crate::harness::skip::skip;
use crate::sandbox::Sandbox;

/// Creates a web client with these URIs, and writes its client-secrets file.
fn web(sandbox: &Sandbox, uris: &[&str]) -> Client {
    let client = sandbox.google.web(uris);
    sandbox.client_secrets(&client);
    client
}

#[test]
fn a_registered_loopback_address_is_listened_at() {
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        if host == "[::1]" && !has_ipv6() {
            skip("this machine has no IPv6");
            continue;
        }
        let sandbox = Sandbox::new();
        let uri = format!("http://{host}:{}/oauth2/callback", free_port());
        let client = web(&sandbox, &["https://example.com/cb", &uri]);
        allow(login(&sandbox, &["--no-verify"]));
        assert_eq!(asked(&sandbox, "redirect_uri"), Some(uri));
        assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
    }
}

#[test]
fn localhost_is_listened_at_in_both_families() {
    let sandbox = Sandbox::new();
    let port = free_port();
    let uri = format!("http://localhost:{port}/");
    web(&sandbox, &[&uri]);
    let running = login(&sandbox, &["--no-verify"]).start();
    running.url();
    for host in ["127.0.0.1", "[::1]"] {
        if host == "[::1]" && !has_ipv6() {
            skip("this machine has no IPv6");
            continue;
        }
        assert_eq!(browser::get(&format!("http://{host}:{port}/favicon.ico")).unwrap().status, 404, "{host}");
    }
    running.visit(&Decision::allow());
    running.finish();
}

#[test]
fn if_a_port_is_in_use_the_next_address_is_tried() {
    let sandbox = Sandbox::new();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = format!("http://{}/cb", other.local_addr().unwrap());
    let free = format!("http://127.0.0.1:{}/cb", free_port());
    web(&sandbox, &[&taken, &free]);
    allow(login(&sandbox, &["--no-verify"]));
    assert_eq!(asked(&sandbox, "redirect_uri"), Some(free));
    web(&sandbox, &[&taken]);
    let port = other.local_addr().unwrap().port();
    refuses(login(&sandbox, &[]).code(2).stderr_has(&format!("port {port} of the loopback interface is in use")));
}

#[test]
fn a_port_or_an_address_chooses_among_several() {
    let sandbox = Sandbox::new();
    let [one, two] = [free_port(), free_port()];
    let uris = [one, two].map(|port| format!("http://127.0.0.1:{port}/cb"));
    web(&sandbox, &[&uris[0], &uris[1]]);
    allow(login(&sandbox, &["--no-verify", "--port", &two.to_string()]));
    assert_eq!(asked(&sandbox, "redirect_uri").as_ref(), Some(&uris[1]));
    allow(login(&sandbox, &["--no-verify", "--redirect-uri", &uris[1]]));
    assert_eq!(asked(&sandbox, "redirect_uri").as_ref(), Some(&uris[1]));
    let spec = login(&sandbox, &["--redirect-uri", "http://127.0.0.1:1/other"]).code(2);
    refuses(spec.stderr_has("`http://127.0.0.1:1/other` is not among the redirect URIs").stderr_has(&uris[0]));
}

#[test]
fn an_unusable_web_client_gets_the_exact_uri_to_register() {
    for (uris, args, exact) in [
        (&[][..], &[][..], "register exactly `http://127.0.0.1:8085/callback`"),
        (&["http://example.com/cb"], &[], "register exactly `http://127.0.0.1:8085/callback`"),
        (&["http://127.0.0.1:9/cb#part"], &[], "register exactly `http://127.0.0.1:8085/callback`"),
        (&["http://127.0.0.1:9/cb"], &["--port", "9004"], "register exactly `http://127.0.0.1:9004/callback`"),
    ] {
        let sandbox = Sandbox::new();
        web(&sandbox, uris);
        let outcome = refuses(login(&sandbox, args).code(2).stderr_has(exact));
        assert!(uris.iter().all(|uri| outcome.stderr.contains(uri)), "{outcome:#?}");
    }
}

#[test]
fn a_redirect_uri_elsewhere_needs_a_terminal_to_paste_into() {
    let sandbox = Sandbox::new();
    web(&sandbox, &["https://example.com/cb"]);
    for args in [&[][..], &["--redirect-uri", "https://example.com/cb"]] {
        let outcome = refuses(login(&sandbox, args).code(2).stderr_has("must be pasted, and there is no terminal"));
        assert!(outcome.stderr.contains("http://127.0.0.1:8085/callback"), "{outcome:#?}");
    }
}

#[test]
fn a_stored_web_client_is_used_with_its_address() {
    let sandbox = Sandbox::new();
    let uri = format!("http://127.0.0.1:{}/cb", free_port());
    let client = sandbox.google.web(&[&uri]);
    sandbox.write("google-ads.yaml", format!("client_id: {}\nclient_secret: {}\n", client.id, client.secret));
    allow(sandbox.login(&["--no-verify", "--redirect-uri", &uri]));
    assert!(sandbox.read("google-ads.yaml").contains(&issued(&sandbox)));
}

#[test]
fn the_address_of_a_stored_web_client_is_remembered() {
    for args in [&[][..], &["-p", "work"]] {
        let sandbox = Sandbox::new();
        let uri = format!("http://127.0.0.1:{}/cb", free_port());
        web(&sandbox, &[&uri]);
        allow(login(&sandbox, &[args, &["--no-verify"]].concat()));
        // Without `-c` only the metadata shows that it is not a desktop client, which could use any port.
        let again = [args, &["--no-verify"]].concat();
        allow(sandbox.login(&again));
        assert_eq!(asked(&sandbox, "redirect_uri").as_ref(), Some(&uri), "{args:?}");
        sandbox.command(&[&["revoke", "--yes"], args].concat()).stderr_has("").run();
        allow(sandbox.login(&again));
        assert_eq!(asked(&sandbox, "redirect_uri").as_ref(), Some(&uri), "{args:?} after a revocation");
        // The URI was not recorded for another client in its place.
        let text = sandbox.read("google-ads.yaml");
        let id = text.lines().find_map(|line| line.strip_prefix("client_id: ")).expect("a client");
        let desktop = sandbox.google.desktop();
        sandbox.write("google-ads.yaml", text.replace(id, &desktop.id));
        let running = sandbox.login(&again).code(130).start();
        assert!(!running.url().query().is_some_and(|query| query.contains("%2Fcb")), "{args:?}");
        drop(running);
    }
}

#[test]
fn the_step_after_a_time_out_starts_the_same_login_again() {
    let sandbox = Sandbox::new();
    let uri = format!("http://127.0.0.1:{}/cb", free_port());
    web(&sandbox, &["http://127.0.0.1:1/first", &uri]);
    let run =
        sandbox.login(&["-c", "../home/client_secret.json", "-p", "two", "--redirect-uri", &uri, "--timeout", "1"]);
    let again = run.code(5).stderr_has("no response came").run().stderr;
    let hint = again.lines().find(|line| line.contains("run `gads-creds login -p two ")).unwrap_or_default();
    for option in ["-c ../home/client_secret.json", &format!("--redirect-uri {uri}"), "--no-browser"] {
        assert!(hint.contains(option), "{option}: {again}");
    }
    let port = free_port().to_string();
    sandbox.client_secrets(&sandbox.google.desktop());
    let args = ["-c", "../home/client_secret.json", "--port", &port, "--timeout", "1", "--api-version", "v23"];
    let run = sandbox.login(&args).code(5).stderr_has(&format!("--port {port}")).stderr_has("--api-version v23");
    assert!(!run.run().stderr.contains("--redirect-uri"));
}

#[test]
fn the_step_after_a_denial_in_two_steps_names_the_address_of_the_first() {
    let sandbox = Sandbox::new();
    web(&sandbox, &["https://example.com/first", "https://example.com/second"]);
    let args = ["login", "--start", "--json", "-c", "../home/client_secret.json", "--redirect-uri"];
    let started =
        sandbox.command(&[&args[..], &["https://example.com/second"]].concat()).stdout_has("{").stderr_has("");
    let page = super::two_steps::ended_on(&started.run().json(), &Decision::deny());
    let finish = sandbox.command(&["login", "--finish"]).stdin(page).code(5);
    finish.stderr_has("--start").stderr_has("--redirect-uri https://example.com/second").run();
}
