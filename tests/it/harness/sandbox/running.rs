//! A run that goes on alongside the test: a login that waits for its browser.

use std::io::Write;
use std::process::{Child, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use url::Url;

use super::transcript::Transcript;
use super::{Outcome, PATIENCE, Spec};
use crate::google::browser::{self, Decision, Page};

/// The running program; killed when dropped.
pub struct Running<'a> {
    spec: Option<Spec<'a>>,
    process: Process,
    stdout: Transcript,
    stderr: Transcript,
    origin: String,
}

/// A child that does not outlive its owner.
pub(super) struct Process(Child);

impl<'a> Running<'a> {
    pub(super) fn start(mut spec: Spec<'a>) -> Running<'a> {
        let mut child = spec.process().spawn().expect("the program starts");
        let (input, stdin) = (std::mem::take(&mut spec.stdin), child.stdin.take());
        thread::spawn(move || {
            // A program may ignore its input. Dropping the pipe ends the input.
            let _ = stdin.map(|mut stdin| stdin.write_all(&input));
        });
        let stdout = Transcript::of(child.stdout.take().expect("stdout is a pipe"));
        let stderr = Transcript::of(child.stderr.take().expect("stderr is a pipe"));
        let origin = spec.sandbox.google.url().to_owned();
        Running { spec: Some(spec), process: Process(child), stdout, stderr, origin }
    }

    /// Waits for the authorization URL and returns it.
    #[track_caller]
    pub fn url(&self) -> Url {
        self.address().unwrap_or_else(|| panic!("no address to open: {}", self.stderr.so_far()))
    }

    /// Returns the authorization URL; `None` if the program ends without one.
    pub fn address(&self) -> Option<Url> {
        self.stderr.wait(|text| address_in(text, &self.origin))
    }

    /// Returns the redirect URI.
    #[track_caller]
    pub fn redirect_uri(&self) -> Url {
        redirect_uri(&self.url())
    }

    /// Returns the `state` of the authorization request.
    #[track_caller]
    pub fn state(&self) -> String {
        let url = self.url();
        let state = url.query_pairs().find(|(name, _)| name == "state");
        state.expect("the request has a state").1.into_owned()
    }

    /// Does what the user in the browser would do, and returns the last page.
    #[track_caller]
    pub fn visit(&self, decision: &Decision) -> Page {
        let page = browser::visit(self.url().as_str(), decision);
        page.unwrap_or_else(|error| panic!("the browser got nowhere ({error}): {}", self.stderr.so_far()))
    }

    /// Waits for the text on stderr.
    #[track_caller]
    pub fn wait_for(&self, text: &str) {
        let found = self.stderr.wait(|stderr| stderr.contains(text).then_some(()));
        assert!(found.is_some(), "no {text:?} on stderr: {}", self.stderr.so_far());
    }

    /// Returns what is on stderr by now.
    pub fn stderr_so_far(&self) -> String {
        self.stderr.so_far()
    }

    /// Returns the process id: for signals, and to inspect the process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Waits for the end and checks everything.
    #[track_caller]
    pub fn finish(self) -> Outcome {
        let (outcome, spec) = self.end();
        spec.check(&outcome, super::spec::Text::nothing());
        outcome
    }

    /// Waits for the end and checks for leaks; the test checks the output.
    #[track_caller]
    pub fn observe(self) -> Outcome {
        let (outcome, spec) = self.end();
        spec.check_leaks(&outcome);
        outcome
    }

    #[track_caller]
    pub(super) fn end(mut self) -> (Outcome, Spec<'a>) {
        let code = self.process.end();
        let outcome = Outcome::new(code, self.stdout.whole("stdout"), &self.stderr.whole("stderr"));
        (outcome, self.spec.take().expect("a run ends once"))
    }
}

impl Process {
    #[cfg(unix)]
    pub(super) fn new(child: Child) -> Process {
        Process(child)
    }

    pub(super) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Returns the exit code as shells report it. The standard library can only wait for a child without limit, hence
    /// the polling.
    #[track_caller]
    pub(super) fn end(&mut self) -> i32 {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.0.try_wait().expect("the child is ours") {
                return code(status);
            }
            assert!(Instant::now() < end, "the program still runs after {PATIENCE:?}");
            thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Returns the authorization URL, if it is on a line of its own.
pub(super) fn address_in(text: &str, origin: &str) -> Option<Url> {
    // The last line may be incomplete.
    let (lines, _) = text.rsplit_once('\n')?;
    let line = lines.lines().map(str::trim).find(|line| line.starts_with(&format!("{origin}/o/oauth2/v2/auth?")))?;
    Url::parse(line).ok()
}

/// Returns the redirect URI of an authorization request.
#[track_caller]
pub(super) fn redirect_uri(url: &Url) -> Url {
    let uri = url.query_pairs().find(|(name, _)| name == "redirect_uri").expect("the request has a redirect_uri").1;
    Url::parse(&uri).expect("redirect_uri is an address")
}

#[cfg(unix)]
fn code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default())
}

#[cfg(windows)]
fn code(status: ExitStatus) -> i32 {
    status.code().unwrap_or_default()
}
