//! Machines with one loopback address, or none: each in a network of its own, without a stand-in.

use crate::harness::skip::skip;
use crate::sandbox::{Outcome, Sandbox};

const ONLY_IPV6: &str = "ip link set lo up; ip addr del 127.0.0.1/8 dev lo";
const ONLY_IPV4: &str = "ip link set lo up; ip addr del ::1/128 dev lo";
const BOTH: &str = "ip link set lo up";
/// The usual network namespace: the address can be bound, and nothing can connect to it.
const DOWN: &str = "true";
const NONE: &str = "ip link set lo up; ip addr flush dev lo";

/// Runs `login` with these arguments after that preparation of the network; `None` if this machine cannot do that.
fn login_in(sandbox: &Sandbox, network: &str, args: &[&str]) -> Option<Outcome> {
    let script = format!("{network}; exec \"$@\"");
    let login = [&["-rn", "/bin/sh", "-c", &script, "-", crate::PROGRAM, "login"], args, &super::CLIENT[..]].concat();
    let spec = sandbox.other_program("/usr/bin/unshare", &login).env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    let spec = spec.env("SSH_CONNECTION", "203.0.113.9 52144 192.0.2.7 22").env("LOGNAME", "ada");
    let outcome = spec.observe();
    for (sign, reason) in [
        ("unshare:", "this system gives out no network namespace"),
        ("ip: not found", "`ip` is not installed"),
        ("Cannot assign requested address", "this system has no IPv6"),
    ] {
        if outcome.stderr.contains(sign) {
            skip(reason);
            return None;
        }
    }
    Some(outcome)
}

/// A login that waits until its time-out.
const WAITING: [&str; 3] = ["--no-browser", "--timeout", "1"];

#[test]
fn a_redirect_uri_of_the_missing_family_is_named_and_the_step_works() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    for (network, uri, address) in
        [(ONLY_IPV6, "http://127.0.0.1:9000/callback", "127.0.0.1"), (ONLY_IPV4, "http://[::1]:9000/callback", "[::1]")]
    {
        let args = [&WAITING[..], &["--redirect-uri", uri]].concat();
        let Some(outcome) = login_in(&sandbox, network, &args) else { return };
        let step = "hint: use `--redirect-uri http://localhost:9000/callback`";
        assert_eq!(outcome.code, 2, "{outcome:#?}");
        assert!(outcome.stderr.contains(&format!("this machine does not have the address {address}")), "{outcome:#?}");
        assert!(outcome.stderr.contains(step) && !outcome.stderr.contains("ip link"), "{outcome:#?}");
        let args = [&WAITING[..], &["--redirect-uri", "http://localhost:9000/callback"]].concat();
        let outcome = login_in(&sandbox, network, &args).expect("it worked before");
        assert_eq!(outcome.code, 5, "{outcome:#?}");
        assert!(outcome.stderr.contains("redirect_uri=http%3A%2F%2Flocalhost%3A9000%2Fcallback"), "{outcome:#?}");
    }
}

#[test]
fn a_loopback_interface_that_is_down_or_bare_is_found_before_the_browser_opens() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    for network in [DOWN, NONE] {
        for uri in [None, Some("http://localhost:9000/"), Some("http://127.0.0.1:9000/"), Some("http://[::1]:9000/")] {
            let uri = uri.map(|uri| ["--redirect-uri", uri]);
            let args = [&WAITING[..], uri.as_ref().map_or(&[], |uri| &uri[..])].concat();
            let Some(outcome) = login_in(&sandbox, network, &args) else { return };
            assert_eq!(outcome.code, 1, "{network} {uri:?}: {outcome:#?}");
            assert!(outcome.stderr.contains("this machine has no loopback address"), "{outcome:#?}");
            assert!(outcome.stderr.contains("`ip link set lo up`"), "{outcome:#?}");
            assert!(!outcome.stderr.contains("Open this URL"), "{outcome:#?}");
        }
    }
}

#[test]
fn the_tunnel_ends_at_the_address_that_is_listened_at() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let of = |uri| ["--redirect-uri", uri];
    for (network, args, end) in [
        (BOTH, of("http://[::1]:9000/callback"), "9000:[::1]:9000"),
        (BOTH, of("http://localhost:9000/callback"), "9000:127.0.0.1:9000"),
        (ONLY_IPV6, of("http://localhost:9000/callback"), "9000:[::1]:9000"),
        (ONLY_IPV6, ["--port", "9001"], "9001:[::1]:9001"),
    ] {
        let Some(outcome) = login_in(&sandbox, network, &[&WAITING[..], &args].concat()) else { return };
        assert!(outcome.stderr.contains(&format!("\nssh -N -L {end} ada@192.0.2.7\n")), "{network}: {outcome:#?}");
    }
}

/// Nothing listens in between, and the browser may be elsewhere.
#[test]
fn a_start_needs_no_loopback_address_and_names_one_that_is_there() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    for (network, args, start) in [
        (ONLY_IPV6, &[][..], "http://[::1]:"),
        (ONLY_IPV6, &["--port", "9000"], "http://[::1]:9000/"),
        (ONLY_IPV4, &["--port", "9000"], "http://127.0.0.1:9000/"),
        (DOWN, &[], "http://127.0.0.1:"),
        (NONE, &[], "http://127.0.0.1:"),
    ] {
        let Some(outcome) = login_in(&sandbox, network, &[&["--start", "--json"], args].concat()) else { return };
        let uri = outcome.json()["redirect_uri"].as_str().unwrap_or_default().to_owned();
        assert!(outcome.code == 0 && uri.starts_with(start), "{network} {args:?}: {outcome:#?}");
    }
}
