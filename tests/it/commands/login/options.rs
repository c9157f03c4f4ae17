//! The options of a login.

use std::net::TcpListener;

use super::{allow, asked, decide, free_port, issued, login, new_file, refuses};
use crate::google::browser::Decision;
use crate::google::{ADA, ADWORDS, BOB, Endpoint};
#[cfg(target_os = "linux")]
use crate::harness::skip::skip;
use crate::sandbox::Sandbox;

#[test]
fn a_plain_login_asks_for_what_it_needs_and_no_more() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let outcome = allow(login(&sandbox, &["--no-verify"]).stderr_has("Google asks for a passkey"));
    for (name, value) in [
        ("client_id", Some(client.id.as_str())),
        ("response_type", Some("code")),
        ("scope", Some(ADWORDS)),
        ("access_type", Some("offline")),
        ("prompt", Some("consent")),
        ("code_challenge_method", Some("S256")),
        ("include_granted_scopes", None),
        ("login_hint", None),
        ("client_secret", None),
    ] {
        assert_eq!(asked(&sandbox, name).as_deref(), value, "{name}");
    }
    let redirect = asked(&sandbox, "redirect_uri").unwrap();
    assert!(redirect.starts_with("http://127.0.0.1:") && redirect.ends_with("/callback"), "{redirect}");
    let (state, challenge) = (asked(&sandbox, "state").unwrap(), asked(&sandbox, "code_challenge").unwrap());
    assert!(state.len() >= 22 && state != challenge, "{state}");
    assert!(outcome.stderr.lines().any(|line| line.starts_with(sandbox.google.url())), "{outcome:#?}");
    // Another attempt shares nothing with the first.
    allow(login(&sandbox, &["--no-verify"]));
    assert!(asked(&sandbox, "state").unwrap() != state && asked(&sandbox, "code_challenge").unwrap() != challenge);
}

#[test]
fn more_scopes_are_asked_for_by_short_or_full_name_and_each_once() {
    let full = "https://www.googleapis.com/auth/datamanager";
    for args in [
        &["--additional-scopes", "datamanager", "openid"][..],
        &["--additional_scopes", full, "--additional-scopes", "openid", "adwords"],
        &["--additional-scopes", "datamanager openid"],
    ] {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        allow(login(&sandbox, &[&["--no-verify"], args].concat()));
        assert_eq!(asked(&sandbox, "scope"), Some(format!("{ADWORDS} {full} openid")), "{args:?}");
    }
}

#[test]
fn a_customer_id_is_written_without_its_dashes() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    allow(login(&sandbox, &["--no-verify", "--login-customer-id", "123-456-7890"]));
    let expected = new_file(&client, &issued(&sandbox))
        .replace("use_proto_plus", "login_customer_id: \"1234567890\"\nuse_proto_plus");
    assert_eq!(sandbox.read("google-ads.yaml"), expected);
}

#[test]
fn a_developer_token_comes_from_a_file_or_from_standard_input_and_goes_with_the_calls() {
    for from in ["../home/developer.txt", "-"] {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        let token = "Aa0_developer-token-22";
        sandbox.plant(token);
        sandbox.write("developer.txt", format!("  {token}\n"));
        allow(login(&sandbox, &["--developer-token-file", from]).stdin(format!("{token}\r\n")));
        assert!(sandbox.read("google-ads.yaml").contains(&format!("developer_token: \"{token}\"\n")), "{from}");
        let calls = sandbox.google.requests(Endpoint::Ads);
        assert!(!calls.is_empty() && calls.iter().all(|call| call.header("developer-token") == Some(token)));
    }
}

#[test]
fn without_a_developer_token_no_header_of_it_is_sent() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    allow(login(&sandbox, &[]));
    assert!(sandbox.google.requests(Endpoint::Ads).iter().all(|call| call.header("developer-token").is_none()));
}

#[test]
fn a_hint_preselects_the_account() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    allow(login(&sandbox, &["--no-verify", "--login-hint", BOB]));
    assert_eq!(asked(&sandbox, "login_hint").as_deref(), Some(BOB));
    assert_eq!(asked(&sandbox, "scope").as_deref(), Some(ADWORDS));
}

#[test]
fn the_expected_account_is_stored_and_shown() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let outcome =
        allow(login(&sandbox, &["--expect-account", "Ada@Example.com", "--json", "-p", "work"]).stdout_has(ADA));
    assert_eq!(outcome.json()["account"], ADA);
    assert_eq!(asked(&sandbox, "scope"), Some(format!("{ADWORDS} openid email")));
    assert_eq!(asked(&sandbox, "login_hint").as_deref(), Some("Ada@Example.com"));
    assert!(!outcome.stderr.contains("warning: the scope"), "{outcome:#?}");
    assert_eq!(sandbox.command(&["show", "-p", "work", "--json"]).stdout_has("").run().json()["account"], ADA);
}

#[test]
fn another_account_than_the_expected_one_is_not_stored() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let text = "# mine\nrefresh_token: 1//0old\n";
    sandbox.write("google-ads.yaml", text);
    let spec = login(&sandbox, &["--expect-account", ADA]).code(4);
    let spec = spec.stderr_has("error: the browser is signed in as bob@example.org, not ada@example.com\n");
    let (_, page) = decide(spec.stderr_has("nothing was changed"), &Decision::allow().by(BOB));
    assert!(page.body.contains("The login did not succeed"), "{}", page.body);
    assert_eq!(sandbox.read("google-ads.yaml"), text);
    assert_eq!(super::recovery_files(&sandbox), Vec::<std::path::PathBuf>::new());
}

/// An attacker at the loopback server would use a code of their own account.
#[test]
fn replacing_a_token_by_one_of_another_or_unknown_account_is_reported() {
    for (args, by, expected) in [
        (&[][..], BOB, "it is not known which account this one is for"),
        (&[], ADA, "it is not known which account this one is for"),
        (&["--additional-scopes", "openid", "email"], BOB, "this one is for bob@example.org"),
        (&["--additional-scopes", "openid", "email"], ADA, ""),
        (&["--expect-account", ADA], ADA, ""),
    ] {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        allow(login(&sandbox, &["--expect-account", ADA, "-p", "work"]));
        let old = gads_creds::secret::Secret::new(issued(&sandbox)).fingerprint();
        let spec = login(&sandbox, &[&["-p", "work", "--no-verify", "-q", "--json"], args].concat()).stdout_has("");
        let (outcome, _) = decide(spec, &Decision::allow().by(by));
        let replaced = serde_json::json!({ "fingerprint": old, "account": ADA });
        assert_eq!(outcome.json()["replaced"], replaced, "{outcome:#?}");
        let hint = "hint: to require that account, run `gads-creds login -p work --expect-account ada@example.com`";
        let warned = outcome.stderr.contains("warning: the previous token was for ada@example.com");
        assert_eq!(warned && outcome.stderr.contains(hint), !expected.is_empty(), "{outcome:#?}");
        assert!(outcome.stderr.contains(expected), "{outcome:#?}");
    }
}

#[test]
fn a_first_login_replaces_nothing() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let outcome = allow(login(&sandbox, &["--json"]).stdout_has(""));
    assert!(outcome.json()["replaced"].is_null(), "{outcome:#?}");
}

#[test]
fn a_fixed_port_is_used() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let port = free_port();
    allow(login(&sandbox, &["--no-verify", "--port", &port.to_string()]));
    assert_eq!(asked(&sandbox, "redirect_uri"), Some(format!("http://127.0.0.1:{port}/callback")));
}

#[test]
fn a_port_in_use_ends_the_login_at_once() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port().to_string();
    let spec = login(&sandbox, &["--port", &port]).code(2);
    refuses(spec.stderr_has(&format!("port {port} of the loopback interface is in use")).stderr_has("`--port N`"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_machine_without_the_loopback_address_of_ipv4_uses_that_of_ipv6() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let run = |setup: &str, fact: &str, code: i32| {
        // A separate network without a stand-in: the login ends by its time-out.
        let script =
            format!("{setup}; exec {} login --no-browser --timeout 1 {}", crate::PROGRAM, super::CLIENT.join(" "));
        let spec = sandbox.other_program("/usr/bin/unshare", &["-rn", "/bin/sh", "-c", &script]);
        let outcome = spec.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").observe();
        if outcome.stderr.starts_with("unshare:") {
            return skip("this system gives out no network namespace");
        }
        if outcome.stderr.contains("ip: not found") {
            return skip("`ip` is not installed");
        }
        assert!(outcome.code == code && outcome.stderr.contains(fact), "{setup}: {outcome:#?}");
    };
    run("ip link set lo up; ip addr del 127.0.0.1/8 dev lo", "redirect_uri=http%3A%2F%2F%5B%3A%3A1%5D%3A", 5);
    run("ip link set lo up; ip addr flush dev lo", "this machine has no loopback address", 1);
    run("ip link set lo up", "redirect_uri=http%3A%2F%2F127.0.0.1%3A", 5);
}

#[test]
fn a_desktop_client_may_choose_its_loopback_address_and_no_other() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let uri = format!("http://127.0.0.1:{}/oauth/back", free_port());
    allow(login(&sandbox, &["--no-verify", "--redirect-uri", &uri]));
    assert_eq!(asked(&sandbox, "redirect_uri"), Some(uri));
    for uri in ["https://example.com/cb", "http://127.0.0.1.example.com:80/", "http://127.0.0.1:1/#x", "x"] {
        let spec = login(&sandbox, &["--redirect-uri", uri]).code(2);
        refuses(spec.stderr_has("a desktop client cannot use the redirect URI"));
    }
}

#[test]
fn the_version_of_the_api_is_an_option_and_a_variable() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    // The stand-in supports only v26: its error response shows what was requested.
    for (args, variable) in [(&["--api-version", "v25"][..], ""), (&[], "v25"), (&["--api-version", "v25"], "v26")] {
        let spec = login(&sandbox, args).code(8).stderr_has("this version of the Google Ads API has been shut down");
        allow(if variable.is_empty() { spec } else { spec.env("GADS_CREDS_API_VERSION", variable) });
        let calls = sandbox.google.requests(Endpoint::Ads);
        assert_eq!(calls.last().unwrap().path, "/v25/customers:listAccessibleCustomers", "{args:?}");
        // The token is stored all the same.
        assert!(sandbox.read("google-ads.yaml").contains(&issued(&sandbox)));
    }
    // An empty variable counts as unset.
    allow(login(&sandbox, &[]).env("GADS_CREDS_API_VERSION", ""));
    assert!(sandbox.google.requests(Endpoint::Ads).last().unwrap().path.starts_with("/v26/"));
    allow(login(&sandbox, &[]));
    assert!(sandbox.google.requests(Endpoint::Ads).last().unwrap().path.starts_with("/v26/"));
}

#[test]
fn impossible_values_are_usage_errors() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    for args in [
        &["--login-customer-id", "123"][..],
        &["--login-customer-id", "12345678901"],
        &["--port", "0"],
        &["--port", "65536"],
        &["--timeout", "0"],
        &["--timeout", "soon"],
        &["--api-version", "../v26"],
        &["--api-version", "26"],
        &["--store", "cloud"],
        &["--port", "8085", "--redirect-uri", "http://127.0.0.1:8086/"],
        &["--recover", "--client-secrets", "x.json"],
    ] {
        let args: Vec<&str> = [&["login"], args].concat();
        refuses(sandbox.command(&args).code(2).stderr_has("error: "));
    }
    sandbox.write("empty.txt", " \n");
    sandbox.write("words.txt", "two words\n");
    for file in ["../home/empty.txt", "../home/words.txt", "../home/nowhere.txt"] {
        refuses(login(&sandbox, &["--developer-token-file", file]).code(2).stderr_has("error: "));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_port_that_only_root_may_open_is_told_from_one_that_is_in_use() {
    if crate::traced::cannot() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.desktop();
    // root may open it.
    let args = ["login", "-c", "../home/client_secret.json", "--port", "80"];
    let refused = ["-e", "trace=bind", "-e", "inject=bind:error=EACCES"];
    let login = crate::traced::strace(&sandbox, &refused, &args).observe();
    let hint = "hint: use `--port N` with 1024 or more, or leave it out";
    assert!(login.code == 2 && login.stderr.contains(hint), "{login:#?}");
}
