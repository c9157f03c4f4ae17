//! One run of the program: its input, and its expected output.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::leaks;
use super::{Running, Sandbox};
use crate::google::ACCESS_TOKEN;

/// A run to start: unless the test says otherwise it ends with 0 and prints nothing on either stream.
#[must_use = "a run is started by `run`, `observe`, `start` or `terminal`"]
pub struct Spec<'a> {
    pub(super) sandbox: &'a Sandbox,
    program: String,
    args: Vec<OsString>,
    env: Vec<(String, Option<OsString>)>,
    directory: Option<PathBuf>,
    pub(super) stdin: Vec<u8>,
    code: i32,
    stdout: Text,
    stderr: Text,
    reveals: Vec<String>,
    reveals_access_token: bool,
}

/// The expected text of a stream.
pub(super) enum Text {
    Unsaid,
    Exactly(String),
    Has(Vec<String>),
}

/// The result of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The exit code; 128 and the signal's number for a run ended by a signal, as shells report it.
    pub code: i32,
    pub stdout: String,
    /// Without the line about the stand-in, which every run here prints.
    pub stderr: String,
}

impl<'a> Spec<'a> {
    pub(super) fn new(sandbox: &'a Sandbox, program: &str, args: Vec<OsString>) -> Spec<'a> {
        Spec {
            sandbox,
            program: program.to_owned(),
            args,
            env: Vec::new(),
            directory: None,
            stdin: Vec::new(),
            code: 0,
            stdout: Text::Unsaid,
            stderr: Text::Unsaid,
            reveals: Vec::new(),
            reveals_access_token: false,
        }
    }

    /// Returns the sandbox that it runs in.
    pub fn sandbox(&self) -> &'a Sandbox {
        self.sandbox
    }

    /// Adds an argument, of any bytes.
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.env.push((name.to_owned(), Some(value.into())));
        self
    }

    pub fn without_env(mut self, name: &str) -> Self {
        self.env.push((name.to_owned(), None));
        self
    }

    /// Starts in this directory; a relative path starts at the home directory.
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(self.sandbox.home().join(directory.into()));
        self
    }

    pub fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = text.into();
        self
    }

    pub fn code(mut self, code: i32) -> Self {
        self.code = code;
        self
    }

    pub fn stdout(mut self, text: impl Into<String>) -> Self {
        self.stdout = Text::Exactly(text.into());
        self
    }

    pub fn stderr(mut self, text: impl Into<String>) -> Self {
        self.stderr = Text::Exactly(text.into());
        self
    }

    /// Expects the text on stdout; may be called several times.
    pub fn stdout_has(mut self, text: &str) -> Self {
        self.stdout.add(text);
        self
    }

    /// Expects the text on stderr; may be called several times.
    pub fn stderr_has(mut self, text: &str) -> Self {
        self.stderr.add(text);
        self
    }

    /// Allows this secret on stdout.
    pub fn reveals(mut self, secret: &str) -> Self {
        self.reveals.push(secret.to_owned());
        self
    }

    /// Allows an access token, which is issued only during the run, on stdout.
    pub fn reveals_access_token(mut self) -> Self {
        self.reveals_access_token = true;
        self
    }

    /// Runs to the end and checks everything.
    #[track_caller]
    pub fn run(self) -> Outcome {
        let (outcome, spec) = self.start().end();
        spec.check(&outcome, Text::nothing());
        outcome
    }

    /// Runs to the end and checks for leaks; the test checks the output.
    #[track_caller]
    pub fn observe(self) -> Outcome {
        self.start().observe()
    }

    /// Starts it and lets the test go on; [`Running::finish`] checks.
    pub fn start(self) -> Running<'a> {
        Running::start(self)
    }

    pub(super) fn process(&self) -> Command {
        let mut command = self.sandbox.process(&self.program);
        command.args(&self.args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// Fails the test unless the run was as expected; `unsaid` applies to a stream without an expectation.
    #[track_caller]
    pub(super) fn check(&self, outcome: &Outcome, unsaid: Text) {
        self.check_leaks(outcome);
        let shown = || format!("{:?} ended with {outcome:#?}", self.args);
        assert!(outcome.code == self.code, "expected exit code {}; {}", self.code, shown());
        for (name, expected, text) in
            [("stdout", &self.stdout, &outcome.stdout), ("stderr", &self.stderr, &outcome.stderr)]
        {
            match if matches!(expected, Text::Unsaid) { &unsaid } else { expected } {
                Text::Exactly(expected) => assert!(text == expected, "expected {name} {expected:?}; {}", shown()),
                Text::Has(parts) => {
                    let missing = parts.iter().find(|part| !text.contains(*part));
                    assert!(missing.is_none(), "expected {missing:?} on {name}; {}", shown());
                }
                Text::Unsaid => {}
            }
        }
    }

    #[track_caller]
    pub(super) fn check_leaks(&self, outcome: &Outcome) {
        let secrets = self.sandbox.secrets();
        let asked_for = |secret: &&String| {
            self.reveals.contains(*secret) || (self.reveals_access_token && secret.starts_with(ACCESS_TOKEN))
        };
        let on_stdout = leaks::leak(&outcome.stdout, secrets.iter().filter(|secret| !asked_for(secret)));
        let on_stderr = leaks::leak(&outcome.stderr, &secrets);
        for (name, leak) in [("stdout", on_stdout), ("stderr", on_stderr)] {
            assert_eq!(leak, None, "{:?} shows a secret on {name}: {outcome:#?}", self.args);
        }
        leaks::check_files(self.sandbox);
        #[cfg(windows)]
        check_steps(outcome);
    }
}

/// Fails the test if a message names what Windows does not have.
#[cfg(windows)]
#[track_caller]
fn check_steps(outcome: &Outcome) {
    const OF_UNIX: [&str; 9] = ["chmod ", "`mv ", "mkdir -p", "XDG_", "TMPDIR", "`HOME`", "0600", "/dev/", "sudo"];
    let messages = outcome
        .stderr
        .lines()
        .filter(|line| ["error: ", "warning: ", "hint: "].iter().any(|start| line.starts_with(start)));
    for line in messages {
        let unknown = OF_UNIX.iter().find(|text| line.contains(**text));
        assert_eq!(unknown, None, "a step that Windows does not know: {outcome:#?}");
    }
}

impl Text {
    pub(super) fn nothing() -> Text {
        Text::Exactly(String::new())
    }

    /// For a terminal, where both streams are mixed with prompts.
    #[cfg(unix)]
    pub(super) fn anything() -> Text {
        Text::Unsaid
    }

    fn add(&mut self, text: &str) {
        match self {
            Text::Has(parts) => parts.push(text.to_owned()),
            _ => *self = Text::Has(vec![text.to_owned()]),
        }
    }
}

impl Outcome {
    pub(super) fn new(code: i32, stdout: String, stderr: &str) -> Outcome {
        let notice = |line: &str| line.contains("GADS_CREDS_ENDPOINT") && !line.starts_with("error:");
        let stderr = stderr.split_inclusive('\n');
        let position = stderr.clone().position(notice);
        let kept = stderr.enumerate().filter(|(at, _)| Some(*at) != position).map(|(_, line)| line);
        Outcome { code, stdout, stderr: kept.collect() }
    }

    /// Returns stdout of a run that ended with 0 and printed nothing on stderr.
    #[track_caller]
    pub fn fine(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""), "{self:?}");
        self.stdout
    }

    #[track_caller]
    pub fn fine_json(self) -> serde_json::Value {
        serde_json::from_str(&self.fine()).expect("stdout is JSON")
    }

    /// Fails the test unless the run ended with this code, nothing on stdout, and each of these texts on stderr.
    #[track_caller]
    pub fn fails(self, code: i32, texts: &[&str]) {
        assert_eq!((self.code, self.stdout.as_str()), (code, ""), "{self:?}");
        for text in texts {
            assert!(self.stderr.contains(text), "no {text:?} on stderr: {self:?}");
        }
    }

    /// Returns stdout as one JSON value.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("stdout is not JSON ({error}): {}", self.stdout))
    }
}
