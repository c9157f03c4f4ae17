//! Chromium completes a login: it follows Google's redirect to the loopback server, requests whatever else browsers
//! request, and shows the last page.
//!
//! Only the consent screen is scripted: the test fills it in, and the stand-in redirects Chromium, which opens the
//! printed URL, to the loopback server. The result is read from Chromium's list of pages, which has the address and the
//! title of each.
#![cfg(target_os = "linux")]

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use url::Url;

use crate::google::browser::{self, Decision};
use crate::google::{Endpoint, Fault, Reply};
use crate::harness::skip::skip;
use crate::sandbox::{PATIENCE, Sandbox};

/// A headless Chromium with its own profile, killed at the end.
struct Chromium {
    process: Child,
    /// Where it lists the open pages: `127.0.0.1:PORT`.
    host: String,
    _profile: tempfile::TempDir,
}

impl Chromium {
    /// Opens the URL; `None` without Chromium.
    fn open(url: &str) -> Option<Chromium> {
        let Some(program) = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
            .into_iter()
            .find(|path| Path::new(path).exists())
        else {
            skip("there is no Chromium");
            return None;
        };
        let profile = tempfile::tempdir().expect("a temporary directory");
        let mut process = Command::new(program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--disable-dev-shm-usage", "--remote-debugging-port=0"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(url)
            .env("HOME", profile.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("Chromium starts");
        let mut lines = BufReader::new(process.stderr.take().expect("stderr is a pipe")).lines();
        let socket = lines.find_map(|line| Some(line.ok()?.strip_prefix("DevTools listening on ws://")?.to_owned()));
        let Some(socket) = socket else {
            let _ = process.kill();
            panic!("Chromium does not say where it can be asked");
        };
        // Its pipe must not fill up while it runs.
        std::thread::spawn(move || lines.for_each(drop));
        let (host, _) = socket.split_once('/').expect("an address with a path");
        Some(Chromium { process, host: host.to_owned(), _profile: profile })
    }

    /// Returns its list of pages, as JSON. It leaves the connection open, so the response ends where its length says.
    fn pages(&self) -> io::Result<String> {
        let mut stream = BufReader::new(TcpStream::connect(&self.host)?);
        stream.get_ref().set_read_timeout(Some(PATIENCE))?;
        write!(stream.get_mut(), "GET /json/list HTTP/1.1\r\nHost: {}\r\n\r\n", self.host)?;
        let mut length = 0;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            match line.trim_end().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().unwrap_or(0);
                }
                Some(_) => {}
                None if line.trim_end().is_empty() => break,
                None => {}
            }
        }
        let mut body = String::new();
        stream.take(length).read_to_string(&mut body)?;
        Ok(body)
    }

    /// Returns address and title of its page, once there is a title.
    fn shows(&self) -> (Url, String) {
        let end = Instant::now() + PATIENCE;
        let mut last = String::new();
        while Instant::now() < end {
            last = self.pages().expect("Chromium responds");
            let pages: Vec<Value> = serde_json::from_str(&last).unwrap_or_default();
            let page = pages.iter().find(|page| page["type"] == "page");
            let text = |name: &str| page.and_then(|page| page[name].as_str()).unwrap_or_default();
            if text("title").ends_with(" - gads-creds") {
                return (text("url").parse().expect("an address"), text("title").to_owned());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("Chromium never showed our page: {last}");
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs a login that ends with this code, and returns what Chromium shows.
fn log_in(args: &[&str], code: i32, decision: &Decision) -> Option<(Sandbox, Url, String)> {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let args = [&["-c", "../home/client_secret.json", "-v"], args].concat();
    let running = sandbox.login(&args).code(code).start();
    let consent = browser::get(running.url().as_str()).unwrap();
    let redirect = browser::submit(&consent, decision).unwrap();
    let redirect = redirect.header("location").unwrap();
    sandbox.google.fault_always(Endpoint::Authorize, Fault::Reply(Reply::redirect(302, redirect)));
    // What browsers do besides: open a connection that stays silent, and request an icon.
    let host = running.redirect_uri().socket_addrs(|| None).unwrap()[0];
    let _silent = TcpStream::connect(host).unwrap();
    assert_eq!(browser::get(running.redirect_uri().join("/favicon.ico").unwrap().as_str()).unwrap().status, 404);
    let chromium = Chromium::open(running.url().as_str())?;
    let (url, title) = chromium.shows();
    running.finish();
    Some((sandbox, url, title))
}

#[test]
fn chromium_shows_the_success_and_keeps_no_code_in_its_address() {
    let Some((sandbox, url, title)) = log_in(&[], 0, &Decision::allow()) else { return };
    assert_eq!(title, "You are logged in - gads-creds");
    assert!(url.path().starts_with("/done/") && url.query().is_none(), "{url}");
    assert!(sandbox.google.secrets().iter().all(|secret| !url.as_str().contains(secret)));
    assert!(sandbox.read("google-ads.yaml").contains("refresh_token: "));
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 1);
}

#[test]
fn chromium_shows_the_failure() {
    let Some((sandbox, url, title)) = log_in(&[], 5, &Decision::deny()) else { return };
    assert_eq!(title, "The login did not succeed - gads-creds");
    assert!(url.path().starts_with("/done/") && url.query().is_none(), "{url}");
    assert!(!sandbox.home().join("google-ads.yaml").exists());
}
