//! Attacks on the loopback server of a waiting login: whatever else arrives, the real response is accepted, and no
//! other code is exchanged.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::google::Endpoint;
use crate::google::browser::{self, Decision, Page};
use crate::sandbox::{Running, Sandbox, Spec};

mod forged_responses;
mod many_connections;
mod other_requests;
mod other_users;

const PATIENCE: Duration = Duration::from_secs(20);

/// A waiting login, and the real response that its browser holds.
pub struct Target<'a> {
    pub login: Running<'a>,
    pub address: SocketAddr,
    /// `127.0.0.1:PORT`.
    pub host: String,
    pub state: String,
    /// Path and query of the real response.
    pub response: String,
}

/// Runs `attack` on a waiting login; then the browser sends the response, and the login must succeed with it.
#[track_caller]
pub fn withstands(attack: impl FnOnce(&Target)) {
    lets_in(&["-v"], |target| {
        attack(target);
        let page = target.come();
        assert!(page.body.contains("You are logged in"), "{page:?}");
    });
}

/// Runs a login with these arguments to which `browser` sends the response in its own way.
#[track_caller]
pub fn lets_in(args: &[&str], browser: impl FnOnce(&Target)) {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let secrets = sandbox.home().join("client_secret.json");
    let login = sandbox.login(&[args, &["-c", secrets.to_str().unwrap()]].concat());
    succeeds(&sandbox, login, browser);
}

/// Runs the login, to which `browser` sends the response: it must be the only one accepted, and its token must be
/// stored.
#[track_caller]
pub fn succeeds<'a>(sandbox: &'a Sandbox, login: Spec<'a>, browser: impl FnOnce(&Target)) {
    let target = Target::new(login.start());
    browser(&target);
    let (state, address) = (target.state.clone(), target.address);
    let outcome = target.login.finish();
    assert_eq!(outcome.stderr.matches(&state).count(), 1, "the state shows besides the address: {}", outcome.stderr);
    let warnings = outcome.stderr.matches("warning: rejected a request to this login").count();
    assert!(warnings <= 1, "a flood of requests floods the terminal: {}", outcome.stderr);
    assert!(TcpStream::connect(address).is_err(), "the port is still open");
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 1, "not exactly one exchange");
    let yaml = sandbox.read("google-ads.yaml");
    let token = yaml.lines().find_map(|line| line.strip_prefix("refresh_token: ")).expect("a token is stored");
    assert!(sandbox.google.lives(token.trim_matches(['"', '\''])), "the stored token is not the one that lives");
}

/// Starts a login with a launcher that keeps the start link and then does this; returns the link.
#[cfg(unix)]
pub fn with_start_link<'s>(sandbox: &'s Sandbox, then: &str) -> (Running<'s>, String) {
    sandbox.desktop();
    let save = "printf '%s' \"$1\" > \"$HOME/link.part\" && /bin/mv \"$HOME/link.part\" \"$HOME/link\"";
    let browser = sandbox.write("launcher", format!("#!/bin/sh\n{save}\n{then}\n"));
    sandbox.chmod(&browser, 0o700);
    let spec = sandbox.command(&["login", "-c", "../home/client_secret.json", "--no-verify"]);
    let login = spec.env("BROWSER", &browser).stderr_has("stored the refresh token").start();
    let end = std::time::Instant::now() + PATIENCE;
    while !sandbox.home().join("link").exists() && std::time::Instant::now() < end {
        std::thread::sleep(Duration::from_millis(2));
    }
    (login, sandbox.read("link"))
}

impl<'a> Target<'a> {
    pub fn new(login: Running<'a>) -> Target<'a> {
        let consent = browser::get(login.url().as_str()).expect("the consent screen");
        let sent_back = browser::submit(&consent, &Decision::allow()).expect("the decision");
        let response = sent_back.header("location").expect("the browser is sent back").to_owned();
        let redirect = login.redirect_uri();
        let host = format!("127.0.0.1:{}", redirect.port().expect("a port"));
        let response = response.strip_prefix(&format!("http://{host}")).expect("to the loopback server").to_owned();
        Target { address: host.parse().unwrap(), host, state: login.state(), response, login }
    }

    /// Sends the real response as a browser does, and returns the page it ends on.
    pub fn come(&self) -> Page {
        let first =
            browser::get(&format!("http://{}{}", self.host, self.response)).expect("the loopback server responds");
        assert_eq!(first.status, 303, "{first:?}");
        browser::follow(first).expect("the result page")
    }

    /// Returns the real response as a request.
    pub fn request(&self) -> String {
        self.request_with("")
    }

    /// Returns the real response as a request with these headers as well.
    pub fn request_with(&self, headers: &str) -> String {
        format!("GET {} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", self.response, self.host)
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect_timeout(&self.address, PATIENCE).expect("the listener is there");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends the bytes and returns what is received until the server closes, which it may do at any moment.
    pub fn say(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        let _ = stream.write_all(bytes);
        read(stream)
    }
}

/// Reads until the other side closes; a hanging connection is a failure.
pub fn read(mut stream: TcpStream) -> String {
    let mut response = Vec::new();
    if let Err(error) = stream.read_to_end(&mut response) {
        assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "the listener keeps the connection for ever");
    }
    String::from_utf8_lossy(&response).into_owned()
}
