//! A program that was stopped (SIGSTOP; Ctrl-Z, `docker pause`) beyond its time limit reads what has arrived meanwhile.
#![cfg(unix)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::google::browser::{self, Decision};
use crate::google::{Endpoint, Fault};
use crate::oauth::token_endpoint::Scenario;
use crate::sandbox::{PATIENCE, Running, Sandbox};

/// Longer than the limit of a request.
const STOPPED: Duration = Duration::from_secs(12);
/// How long the response takes, which then arrives at a program that is stopped.
const LATE: Duration = Duration::from_secs(1);
/// Each a race between the clock and the socket.
const RUNS: usize = 4;

fn signal(run: &Running, signal: Signal) {
    let pid = Pid::from_raw(run.id().try_into().expect("a process id")).expect("it is not 0");
    kill_process(pid, signal).expect("it runs");
}

/// Waits until the endpoint has the request, stops the program until its limit has passed, and lets it go on.
fn stop_while_it_waits(sandbox: &Sandbox, run: &Running, endpoint: Endpoint) {
    let end = Instant::now() + PATIENCE;
    while sandbox.google.requests(endpoint).is_empty() {
        assert!(Instant::now() < end, "no request: {}", run.stderr_so_far());
        thread::sleep(Duration::from_millis(2));
    }
    signal(run, Signal::STOP);
    thread::sleep(STOPPED);
    signal(run, Signal::CONT);
}

fn refresh() {
    let scenario = Scenario::new();
    let sandbox = &scenario.sandbox;
    sandbox.google.world().rotate = true;
    sandbox.google.fault(Endpoint::Token, Fault::Late(LATE));
    let run = sandbox.command(&["refresh"]).stderr_has("access token issued").start();
    stop_while_it_waits(sandbox, &run, Endpoint::Token);
    run.finish();
    assert!(!sandbox.read("google-ads.yaml").contains(&scenario.token), "the new token is dropped");
    sandbox.command(&["refresh"]).stderr_has("access token issued").run();
}

fn login() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    sandbox.google.fault(Endpoint::Token, Fault::Late(LATE));
    let run = sandbox.login(&["-c", "../home/client_secret.json", "--no-verify"]).start();
    let url = run.url();
    let browser = thread::spawn(move || browser::visit(url.as_str(), &Decision::allow()));
    stop_while_it_waits(&sandbox, &run, Endpoint::Token);
    run.finish();
    assert!(browser.join().unwrap().unwrap().body.contains("You are logged in"));
    assert!(sandbox.read("google-ads.yaml").contains("refresh_token: "));
}

fn revoke() {
    let scenario = Scenario::new();
    scenario.sandbox.google.fault(Endpoint::Revoke, Fault::Late(LATE));
    let run = scenario.sandbox.command(&["revoke", "--yes"]).stderr_has("revoked the refresh token").start();
    stop_while_it_waits(&scenario.sandbox, &run, Endpoint::Revoke);
    run.finish();
}

#[test]
fn a_response_that_came_while_it_was_stopped_is_used() {
    thread::scope(|scope| {
        for _ in 0..RUNS {
            for case in [refresh, login, revoke] {
                scope.spawn(case);
            }
        }
    });
}

/// The system accepts the browser's connection for a program that is stopped.
#[test]
fn a_callback_that_came_while_it_was_stopped_is_accepted() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let login = sandbox.login(&["-c", "../home/client_secret.json", "--no-verify", "--timeout", "2"]).start();
    let consent = browser::get(login.url().as_str()).unwrap();
    let redirect = browser::submit(&consent, &Decision::allow()).unwrap();
    let callback = url::Url::parse(redirect.header("location").expect("a callback")).unwrap();
    signal(&login, Signal::STOP);
    let mut stream = TcpStream::connect(("127.0.0.1", callback.port().unwrap())).unwrap();
    let target = format!("{}?{}", callback.path(), callback.query().unwrap());
    let host = format!("127.0.0.1:{}", callback.port().unwrap());
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    thread::sleep(Duration::from_secs(4));
    signal(&login, Signal::CONT);
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 303 "), "{response}");
    login.finish();
    assert!(sandbox.read("google-ads.yaml").contains("refresh_token: "));
}
