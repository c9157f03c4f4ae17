//! A name server that never responds delays a command up to its own limit, and no longer.
#![cfg(target_os = "linux")]

use std::fs;
use std::time::{Duration, Instant};

use crate::harness::skip::without;
use crate::sandbox::Sandbox;
use crate::stored;

/// How long the system takes to look up a name here; the program's own limit is far below.
const LOOKUP: Duration = Duration::from_secs(40);

const CERTIFICATES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Skips the test if this machine has no bundle of CA certificates.
fn without_certificates() -> bool {
    let is_missing = fs::metadata(CERTIFICATES).is_err();
    if is_missing {
        crate::harness::skip::skip("there is no bundle of CA certificates");
    }
    is_missing
}

#[test]
fn the_end_of_a_command_does_not_wait_for_a_name_that_is_still_looked_up() {
    if without("strace") || without("timeout") || without_certificates() {
        return;
    }
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let log = sandbox.home().join("trace");
    // The system's resolver hangs on its first file; a name below `.invalid` does not exist, so that nothing leaves
    // this machine.
    let slow = format!("inject=openat:delay_enter={}", LOOKUP.as_micros());
    let strace = ["-f", "-o", &log.to_string_lossy(), "-P", "/etc/resolv.conf", "-e", "trace=openat", "-e", &slow];
    let stopped = ["timeout", "--preserve-status", "-s", "INT", "3", crate::PROGRAM, "refresh"];
    let run = sandbox.other_program("strace", &[&strace[..], &stopped].concat()).env("PATH", "/usr/bin:/bin");
    let run = run.without_env("GADS_CREDS_ENDPOINT").env("HTTPS_PROXY", "http://proxy.invalid:3128");
    let start = Instant::now();
    let running = run.env("SSL_CERT_FILE", CERTIFICATES).start();
    running.wait_for("error: interrupted");
    assert!(start.elapsed() < LOOKUP / 2, "it waited for the lookup: {:?}", start.elapsed());
    let trace = fs::read_to_string(&log).expect("a trace");
    assert!(trace.contains("resolv.conf"), "no name was looked up: {trace}");
    // strace itself would now wait for the end of the delay; detaching ends it.
}

#[test]
fn a_name_that_is_not_resolved_in_time_is_named_as_that() {
    if without("strace") || without_certificates() {
        return;
    }
    let slow = format!("inject=openat:delay_enter={}", LOOKUP.as_micros());
    for (proxy, whose, next) in [
        ("", "its name was not resolved in time", "check the name server of this network, and `HTTPS_PROXY`"),
        (
            "http://proxy.invalid:3128",
            "the name of the proxy was not resolved in time",
            "check the name in `HTTPS_PROXY`",
        ),
    ] {
        let sandbox = Sandbox::new();
        stored::works(&sandbox);
        let log = sandbox.home().join("trace");
        let strace = ["-f", "-o", &log.to_string_lossy(), "-P", "/etc/resolv.conf", "-e", "trace=openat", "-e", &slow];
        let run = sandbox.other_program("strace", &[&strace[..], &[crate::PROGRAM, "revoke", "--yes"]].concat());
        let run = run.env("PATH", "/usr/bin:/bin").without_env("GADS_CREDS_ENDPOINT").env("HTTPS_PROXY", proxy);
        let running = run.env("SSL_CERT_FILE", CERTIFICATES).start();
        running.wait_for(&format!("error: cannot reach oauth2.googleapis.com: {whose}; the token is still valid"));
        running.wait_for(&format!("hint: {next}"));
    }
}

#[test]
fn a_socks_proxy_that_is_given_addresses_is_named_where_names_cannot_be_resolved() {
    if without("strace") || without_certificates() {
        return;
    }
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let log = sandbox.home().join("trace");
    // Without this file the resolver asks port 53 of this machine.
    let strace = ["-f", "-o", &log.to_string_lossy(), "-P", "/etc/resolv.conf", "-e", "inject=openat:error=ENOENT"];
    for (scheme, better) in [("socks5", "socks5h"), ("socks4", "socks4a")] {
        let run = sandbox.other_program("strace", &[&strace[..], &[crate::PROGRAM, "refresh"]].concat());
        let run =
            run.env("PATH", "/usr/bin:/bin").without_env("GADS_CREDS_ENDPOINT").env("SSL_CERT_FILE", CERTIFICATES);
        let run = run.env("HTTPS_PROXY", format!("{scheme}://127.0.0.1:1")).code(6);
        let run = run.stderr_has("cannot reach oauth2.googleapis.com: its name cannot be resolved");
        let step = format!("hint: write `{better}://` in place of `{scheme}://` in `HTTPS_PROXY`");
        run.stderr_has(&step).run();
    }
    // Without the proxy, its variable explains nothing.
    let run = sandbox.other_program("strace", &[&strace[..], &[crate::PROGRAM, "refresh"]].concat());
    let run = run.env("PATH", "/usr/bin:/bin").without_env("GADS_CREDS_ENDPOINT").env("SSL_CERT_FILE", CERTIFICATES);
    let run = run.env("HTTPS_PROXY", "socks5://127.0.0.1:1").env("NO_PROXY", "googleapis.com").code(6);
    run.stderr_has("its name cannot be resolved").stderr_has("hint: check the network and `NO_PROXY`, then").run();
}
