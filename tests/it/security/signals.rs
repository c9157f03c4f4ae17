//! Ctrl-C, SIGTERM and SIGHUP at every stage: the run ends within a second with 130 or 143, the port is closed, no
//! temporary files are left, and what Google has granted by then is stored or recovered by `login --recover`.
//!
//! A login that waits, exchanges or asks Google Ads is stopped in `login/waiting.rs`, a revocation in `revoke.rs`.
#![cfg(unix)]

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use sha2::{Digest, Sha256};

use crate::google::browser::{self, Decision};
use crate::google::{Endpoint, Fault};
use crate::sandbox::{PATIENCE, Running, Sandbox};
use crate::stored;

/// A second is promised; a busy machine gets four more.
const SOON: Duration = Duration::from_secs(5);
/// A closed terminal ends the program like a request to terminate.
const SIGNALS: [(Signal, i32); 3] = [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 143)];
const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/tls/authority.pem");
const WAITING: &str = "warning: waiting for another run of gads-creds";

/// Holds another run's lock of that name, until dropped.
fn lock(sandbox: &Sandbox, name: &str) -> File {
    let digest: String = Sha256::digest(name)[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    let directory = sandbox.home().join(".local/state/gads-creds/locks");
    fs::create_dir_all(&directory).unwrap();
    let file = File::create(directory.join(digest)).unwrap();
    file.lock().unwrap();
    file
}

/// Holds the lock of `~/google-ads.yaml`.
pub fn lock_of_file(sandbox: &Sandbox) -> File {
    lock(sandbox, sandbox.home().join("google-ads.yaml").to_str().unwrap())
}

/// Sends the signal, and fails unless the run ends soon.
#[track_caller]
fn stop(running: Running, signal: Signal) {
    let start = Instant::now();
    kill_process(Pid::from_raw(i32::try_from(running.id()).unwrap()).unwrap(), signal).unwrap();
    running.finish();
    assert!(start.elapsed() < SOON, "{signal:?} took {:?}", start.elapsed());
}

/// Runs the test with every signal, all at the same time.
fn each(test: impl Fn(Signal, i32) + Sync) {
    let test = &test;
    thread::scope(|scope| {
        for (signal, code) in SIGNALS {
            scope.spawn(move || test(signal, code));
        }
    });
}

/// Waits until the file contains the text.
#[track_caller]
fn wait_until_stored(sandbox: &Sandbox, text: &str) {
    let end = Instant::now() + PATIENCE;
    while !fs::read_to_string(sandbox.home().join("google-ads.yaml")).is_ok_and(|file| file.contains(text)) {
        assert!(Instant::now() < end, "{text} was never stored");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Returns the recovery files.
fn kept(sandbox: &Sandbox) -> Vec<PathBuf> {
    let directory = sandbox.home().join(".local/state/gads-creds/recovery");
    fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn issued(sandbox: &Sandbox) -> String {
    sandbox.google.secrets().into_iter().rfind(|secret| secret.starts_with("1//0")).expect("no token was issued")
}

#[test]
fn before_a_login_shows_its_address() {
    each(|signal, code| {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        let held = lock_of_file(&sandbox);
        let login = sandbox.login(&["-c", "../home/client_secret.json"]).code(code).start();
        login.wait_for(WAITING);
        assert!(!login.stderr_so_far().contains("/o/oauth2/"));
        stop(login, signal);
        drop(held);
        assert!(!sandbox.home().join("google-ads.yaml").exists() && kept(&sandbox).is_empty());
    });
}

#[test]
fn while_a_login_waits_to_write() {
    each(|signal, code| {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        let old = stored::yaml(&client, "1//0old-planted");
        sandbox.write("google-ads.yaml", &old);
        let login = sandbox.login(&["-c", "../home/client_secret.json", "--no-verify"]).code(code);
        let login = login.stderr_has("the new refresh token is kept in").stderr_has("login --recover").start();
        let url = login.url();
        let held = lock_of_file(&sandbox);
        let page = thread::spawn(move || browser::visit(url.as_str(), &Decision::allow()));
        login.wait_for(WAITING);
        let port = login.redirect_uri().port().unwrap();
        stop(login, signal);
        assert!(page.join().unwrap().unwrap().body.contains("The login did not succeed"));
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err(), "the port is still open");
        drop(held);
        assert_eq!(sandbox.read("google-ads.yaml"), old);
        sandbox.command(&["login", "--recover"]).stderr_has("stored the refresh token").run();
        assert!(sandbox.read("google-ads.yaml").contains(&issued(&sandbox)) && kept(&sandbox).is_empty());
    });
}

#[test]
fn after_a_login_has_stored() {
    each(|signal, code| {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        let login = sandbox.login(&["-c", "../home/client_secret.json", "--no-verify"]).code(code);
        let login = login.stderr_has("stored the refresh token").start();
        // A browser that leaves the last page unread: the login waits for it for a moment.
        let page = browser::get(login.url().as_str()).unwrap();
        let redirect = browser::submit(&page, &Decision::allow()).unwrap();
        browser::get(redirect.header("location").unwrap()).unwrap();
        wait_until_stored(&sandbox, "refresh_token");
        stop(login, signal);
        assert!(sandbox.google.lives(&issued(&sandbox)));
        assert!(sandbox.read("google-ads.yaml").contains(&issued(&sandbox)) && kept(&sandbox).is_empty());
    });
}

#[test]
fn while_a_refresh_connects_or_reads() {
    // This connection is not accepted: it is established, but the TLS handshake does not begin.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let connecting = format!("https://{}", silent.local_addr().unwrap());
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    sandbox.google.fault_always(Endpoint::Token, Fault::Silence);
    for (signal, code) in SIGNALS {
        let run = sandbox.command(&["refresh", "-vv"]).env("GADS_CREDS_ENDPOINT", &connecting);
        let run = run.env("SSL_CERT_FILE", AUTHORITY).code(code).stderr_has("error: ").start();
        run.wait_for("> POST ");
        stop(run, signal);
        let before = sandbox.google.requests(Endpoint::Token).len();
        let run = sandbox.command(&["refresh"]).code(code).stderr_has("error: ").start();
        let end = Instant::now() + PATIENCE;
        while sandbox.google.requests(Endpoint::Token).len() == before {
            assert!(Instant::now() < end, "no request came");
            thread::sleep(Duration::from_millis(2));
        }
        stop(run, signal);
    }
    assert!(sandbox.read("google-ads.yaml").contains(&token) && kept(&sandbox).is_empty());
}

#[test]
fn while_a_refresh_waits_to_write_down_a_replaced_token() {
    each(|signal, code| {
        let sandbox = Sandbox::new();
        let (_, old) = stored::works(&sandbox);
        stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &old, stored::DAY, None));
        sandbox.google.world().rotate = true;
        let held = lock(&sandbox, "profiles");
        let stored = "; the new refresh token is stored in";
        let run = sandbox.command(&["refresh", "-p", "work"]).code(code).stderr_has(stored).start();
        run.wait_for(WAITING);
        stop(run, signal);
        drop(held);
        let new = issued(&sandbox);
        assert!(new != old && sandbox.read("google-ads.yaml").contains(&new));
        sandbox.command(&["refresh", "-p", "work"]).stderr_has("").run();
    });
}

/// The token that it replaces may not work any more.
#[test]
fn while_the_response_with_a_replaced_token_is_on_its_way() {
    let stored = "; the new refresh token is stored in";
    for (args, says) in [
        (&["refresh", "-p", "work"][..], stored),
        (&["refresh", "--all"], "refresh token replaced by Google"),
        (&["doctor", "-p", "work"], stored),
        (&["set", "-p", "work", "--login-customer-id", "123-456-7890"], stored),
    ] {
        each(|signal, code| {
            let sandbox = Sandbox::new();
            let (_, old) = stored::works(&sandbox);
            stored::profile(&sandbox, "work", "");
            sandbox.google.world().rotate = true;
            sandbox.google.fault(Endpoint::Token, Fault::Late(Duration::from_millis(300)));
            let run = sandbox.command(args).code(code).stdout_has("").stderr_has("error: ").stderr_has(says).start();
            let end = Instant::now() + PATIENCE;
            while sandbox.google.requests(Endpoint::Token).is_empty() {
                assert!(Instant::now() < end, "no request came");
                thread::sleep(Duration::from_millis(2));
            }
            stop(run, signal);
            let new = issued(&sandbox);
            let is_stored = new != old && sandbox.read("google-ads.yaml").contains(&new);
            assert!(is_stored && kept(&sandbox).is_empty(), "{args:?} {signal:?}");
        });
    }
}

#[test]
fn while_a_replaced_token_is_on_its_way_that_cannot_be_stored() {
    each(|signal, code| {
        let sandbox = Sandbox::new();
        stored::works(&sandbox);
        sandbox.google.world().rotate = true;
        sandbox.google.fault(Endpoint::Token, Fault::Late(Duration::from_millis(300)));
        let run = sandbox.command(&["refresh"]).code(code).stderr_has("the new refresh token is kept in");
        let run = run.stderr_has("gads-creds login --recover").start();
        let end = Instant::now() + PATIENCE;
        while sandbox.google.requests(Endpoint::Token).is_empty() {
            assert!(Instant::now() < end, "no request came");
            thread::sleep(Duration::from_millis(2));
        }
        sandbox.write("google-ads.yaml", "client_id: [\n");
        stop(run, signal);
        assert_eq!(kept(&sandbox).len(), 1);
    });
}

#[test]
fn while_a_revocation_waits_for_the_lock() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    let held = lock_of_file(&sandbox);
    for (signal, code) in SIGNALS {
        let run = sandbox.command(&["revoke", "--yes"]).code(code).stderr_has(WAITING).start();
        run.wait_for(WAITING);
        stop(run, signal);
    }
    drop(held);
    assert!(sandbox.google.lives(&token) && sandbox.read("google-ads.yaml").contains(&token));
    assert_eq!(sandbox.google.requests(Endpoint::Revoke).len(), 0);
}
