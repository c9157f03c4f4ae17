//! `login` step by step: the program runs, the stand-in responds, the test is the browser.

mod authorization_request;
#[cfg(target_os = "linux")]
mod background;
mod browser_location;
mod chromium;
mod client;
mod file;
mod file_edited_meanwhile;
#[cfg(unix)]
mod file_taken_meanwhile;
mod full_disks;
mod granted_scopes;
mod keychain_kills;
#[cfg(target_os = "linux")]
mod loopback_families;
mod options;
mod output;
mod page_design;
#[cfg(unix)]
mod paste;
#[cfg(unix)]
mod preflight;
#[cfg(target_os = "linux")]
mod recover_changed;
mod recover_faults;
mod recovery;
mod result_page;
mod simultaneous;
mod system_call_faults;
pub mod two_steps;
mod two_steps_faults;
mod two_steps_hints;
mod two_steps_input;
mod unusable_store;
mod verify;
mod waiting;
mod web_client;
mod write_faults;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use url::Url;

use crate::google::browser::{self, Decision, Page};
use crate::google::{Client, Endpoint, Fault};
use crate::sandbox::{Outcome, PATIENCE, Sandbox, Spec};

/// The arguments for a client-secrets file that the sandbox wrote.
const CLIENT: [&str; 2] = ["-c", "../home/client_secret.json"];

/// Returns a login with the sandbox's client-secrets file and these arguments.
fn login<'a>(sandbox: &'a Sandbox, args: &[&str]) -> Spec<'a> {
    sandbox.login(&[&CLIENT, args].concat())
}

/// Allows access in the browser and waits for the end.
#[track_caller]
fn allow(spec: Spec) -> Outcome {
    decide(spec, &Decision::allow()).0
}

#[track_caller]
fn decide(spec: Spec, decision: &Decision) -> (Outcome, Page) {
    let running = spec.start();
    let page = running.visit(decision);
    (running.finish(), page)
}

/// Runs a login that must end before it prints a URL, asks Google or changes a file.
#[track_caller]
fn refuses(spec: Spec) -> Outcome {
    let sandbox = spec.sandbox();
    let before = (requests(sandbox), files(&sandbox.home()));
    let outcome = spec.run();
    assert!(!outcome.stderr.contains("/o/oauth2/"), "an address was printed: {outcome:#?}");
    assert_eq!((requests(sandbox), files(&sandbox.home())), before);
    outcome
}

/// Opens a page in a thread of its own, for a page that is held back.
fn browse(url: &Url) -> JoinHandle<io::Result<Page>> {
    let url = url.to_string();
    thread::spawn(move || browser::visit(&url, &Decision::allow()))
}

/// Returns a parameter of the last authorization request.
#[track_caller]
fn asked(sandbox: &Sandbox, name: &str) -> Option<String> {
    let requests = sandbox.google.requests(Endpoint::Authorize);
    let request = requests.iter().rev().find(|request| request.method == "GET").expect("nobody asked");
    request.query.get(name).map(str::to_owned)
}

fn requests(sandbox: &Sandbox) -> usize {
    sandbox.google.world().requests.len()
}

/// Returns the refresh token that was issued last.
#[track_caller]
fn issued(sandbox: &Sandbox) -> String {
    sandbox.google.secrets().into_iter().rfind(|secret| secret.starts_with("1//0")).expect("no token was issued")
}

/// Returns the Python file that a login creates.
fn new_file(client: &Client, token: &str) -> String {
    format!(
        "# Google Ads API credentials, written by gads-creds: keep this file to yourself\n\
         client_id: \"{}\"\nclient_secret: \"{}\"\nrefresh_token: \"{token}\"\nuse_proto_plus: true\n",
        client.id, client.secret
    )
}

/// Returns the recovery files.
fn recovery_files(sandbox: &Sandbox) -> Vec<PathBuf> {
    let mut files = Vec::from_iter(files(&sandbox.home()).into_keys());
    files.extend(all_files(&sandbox.home().with_file_name("tmp")).into_keys());
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json" || extension == "probe"));
    files.retain(|path| path.parent().and_then(Path::file_name).is_some_and(|name| name != "home"));
    files
}

/// Returns every file below the directory with its text, except for the program's locks.
fn files(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = all_files(directory);
    files.retain(|path, _| path.components().all(|part| part.as_os_str() != "locks"));
    files
}

fn all_files(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            found.extend(all_files(&entry.path()));
        } else {
            // A FIFO is not opened: that would block.
            let content = if kind.is_file() { fs::read(entry.path()).unwrap_or_default() } else { Vec::new() };
            found.insert(entry.path(), content);
        }
    }
    found
}

/// A request that took effect and whose response waits until this is dropped.
pub struct Held {
    reached: Receiver<()>,
    _release: Sender<()>,
}

/// Holds back the response to the next request to the endpoint.
pub fn hold(sandbox: &Sandbox, endpoint: Endpoint) -> Held {
    let (arrived, reached) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let released = Mutex::new(released);
    let wait = move |_: &mut serde_json::Value| {
        let _ = arrived.send(());
        // An error means release: the other end is gone.
        let _ = released.lock().expect("nobody panics here").recv_timeout(PATIENCE);
    };
    sandbox.google.fault(endpoint, Fault::edit(wait));
    Held { reached, _release: release }
}

impl Held {
    /// Waits until the request has arrived.
    #[track_caller]
    pub fn reached(&self) {
        self.reached.recv_timeout(PATIENCE).expect("the request never came");
    }
}

/// Returns a port that nobody listens on, outside the range that the system assigns.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Parallel runs have similar process IDs.
    let start = u16::try_from(std::process::id() % 100 * 100).expect("a small number");
    loop {
        let port = 20_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
        let free = ["127.0.0.1", "[::1]"].map(|host| TcpListener::bind(format!("{host}:{port}")));
        if free[0].is_ok() && (free[1].is_ok() || !has_ipv6()) {
            return port;
        }
    }
}

fn has_ipv6() -> bool {
    TcpListener::bind("[::1]:0").is_ok()
}

#[cfg(unix)]
fn kill(id: u32, signal: rustix::process::Signal) {
    let id = i32::try_from(id).ok().and_then(rustix::process::Pid::from_raw).expect("a process id");
    rustix::process::kill_process(id, signal).expect("the process is ours");
}
