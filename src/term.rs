//! All terminal output of the program.
//!
//! stdout is for data, stderr for messages; nothing else in the crate prints. Results are one line, an error is a line
//! `error: …` and a line `hint: …`. Texts from a server, a file or an address go through [`escape`] before they are
//! shown. Color is decoration only, used on terminals, and off with `NO_COLOR`.

pub mod layout;
pub mod lines;

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::error::{Error, Kind, Result, system_reason};
use crate::hardening::{self, Critical};
use crate::hint::{Hint, Target};

mod escape;
mod excerpt;
mod masked;
mod spelling;
mod spinner;
mod stream;
mod warnings;

pub use escape::{escape, is_plain, json_escaped};
pub use excerpt::{excerpt, path, plain_path, quoted};
pub use masked::{masked, masked_path};
pub use spelling::repeats;
pub use spinner::Spinner;
pub use stream::Stream;
use warnings::Warnings;

/// How to print, decided once from the options and the environment.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// Print only warnings, errors and what the user must see.
    pub quiet: bool,
    /// 0: results; 1: steps; 2: requests, secrets masked.
    pub verbose: u8,
    /// Results as JSON on stdout.
    pub json: bool,
    /// Prompts are allowed: stdin and stderr are terminals and `--no-input` was not given.
    pub input: bool,
    pub stdout: Stream,
    pub stderr: Stream,
    moving: bool,
    /// Completes the commands in a hint.
    target: &'static Target,
    warnings: &'static Warnings,
}

/// How often a signal is looked for while a prompt is open.
const LOOK: Duration = Duration::from_millis(50);

/// The target of a command line that names no credential.
static NO_TARGET: Target =
    Target { profile: None, config: None, format: None, login: Vec::new(), is_service_account: false };

impl Term {
    pub fn new(quiet: bool, verbose: u8, json: bool, no_input: bool) -> Term {
        let (stdout, stderr) = (Stream::stdout(), Stream::stderr());
        let input = !no_input && stderr.columns.is_some() && io::stdin().is_terminal();
        MAY_ASK.store(input, Relaxed);
        let is_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
        Term {
            quiet,
            verbose,
            json,
            input,
            stdout,
            stderr,
            // With `-v` the steps themselves show progress.
            moving: stderr.escapes && !quiet && verbose == 0 && !is_ci,
            target: &NO_TARGET,
            warnings: Box::leak(Box::default()),
        }
    }

    /// Returns the same terminal for a command about this credential. The target lives until the program ends.
    pub fn about(self, target: Target) -> Term {
        Term { target: if target.is_empty() { &NO_TARGET } else { Box::leak(Box::new(target)) }, ..self }
    }

    /// Returns what completes the commands in a hint.
    pub fn target(&self) -> &Target {
        self.target
    }

    /// Prints data for the caller on stdout, exactly as given.
    pub fn out(&self, data: &str) -> Result<()> {
        spinner::clear(&mut io::stderr().lock());
        let mut stdout = io::stdout().lock();
        stdout
            .write_all(data.as_bytes())
            .and_then(|()| stdout.flush())
            .map_err(|error| Error::io(format!("cannot write to standard output: {}", system_reason(&error))))
    }

    /// Prints one JSON value on stdout, on one line.
    pub fn out_json(&self, value: &Value) -> Result<()> {
        self.out(&format!("{}\n", escape::json_escaped(&value.to_string())))
    }

    /// Prints what was done, in one line.
    pub fn say(&self, line: &str) {
        if !self.quiet {
            self.line(line);
        }
    }

    /// Prints what the user must see even with `--quiet`: the address to open, the context of a prompt.
    pub fn must(&self, line: &str) {
        self.line(line);
    }

    /// Prints a warning: something the user should know although the command went on.
    pub fn warn(&self, line: &str) {
        self.notice(line);
        self.warnings.add(line);
    }

    /// Prints a warning about the run, which does not belong to its result.
    pub fn notice(&self, line: &str) {
        self.labelled("warning", "33", line);
    }

    /// Prints the next step that belongs to a warning.
    pub fn hint(&self, hint: impl Into<Hint>) {
        self.step_of_warning(&hint.into().text(self.target));
    }

    fn step_of_warning(&self, text: &str) {
        self.labelled("hint", "36", text);
        self.warnings.add_step(text);
    }

    /// Adds the warnings that were printed since it was last called, as `warnings`.
    pub fn with_warnings(&self, mut value: Value) -> Value {
        value["warnings"] = self.warnings.take();
        value
    }

    /// Prints an error that does not end the command, with its next step.
    pub fn warn_of(&self, error: &Error) {
        self.warn(error.message());
        if let Some(hint) = error.next_step() {
            self.step_of_warning(&hint.text(&error.about_what(self.target)));
        }
    }

    /// Prints a step, with `-v`.
    pub fn step(&self, line: &str) {
        if self.verbose >= 1 {
            self.line(line);
        }
    }

    /// Prints a request or a response, with `-vv`; the caller has left every secret out.
    pub fn trace(&self, line: &str) {
        if self.verbose >= 2 {
            self.line(line);
        }
    }

    /// Prints an error: the one place where an error becomes text.
    pub fn error(&self, error: &Error) {
        if error.kind() == Kind::Interrupted && self.stderr.columns.is_some() {
            // The terminal shows `^C` where the cursor was.
            spinner::erase(&mut io::stderr().lock());
        }
        self.labelled("error", "31", error.message());
        if let Some(hint) = error.next_step() {
            self.labelled("hint", "36", &hint.text(&error.about_what(self.target)));
        }
        if self.json {
            self.json_error(error);
        }
    }

    /// Prints the error as an object on stdout.
    pub fn json_error(&self, error: &Error) {
        let mut value = error.report().cloned().unwrap_or_else(|| json!({}));
        value["error"] = error.json(self.target);
        // The error is already on stderr: a closed stdout must not hide it behind another one.
        let _ = self.out_json(&value);
    }

    /// Prompts for a line; `None` at the end of the input. Only allowed if [`Term::input`] is true.
    ///
    /// What was typed before is dropped, as at the prompt for a password: nobody meant it for this question. Ctrl-C is an
    /// error, so that the caller can add what was saved.
    pub fn ask(&self, question: &str) -> Result<Option<String>> {
        let critical = Critical::enter();
        let mut stderr = io::stderr().lock();
        spinner::clear(&mut stderr);
        let question = layout::filled(question, self.stderr.columns);
        lines::drop_typed();
        let _ = write!(stderr, "{question} ").and_then(|()| stderr.flush());
        drop(stderr);
        let line = loop {
            if hardening::stopping().is_some() {
                break Ok(None);
            }
            match lines::is_there(LOOK) {
                Some(false) => {}
                Some(true) => break lines::next(),
                None => break Ok(None),
            }
        };
        if !matches!(line, Ok(Some(_))) {
            // Nobody pressed Enter.
            let _ = writeln!(io::stderr().lock());
        }
        if let Some(kind) = hardening::stopping() {
            critical.finish()?;
            return Err(Error::new(kind, kind.name()));
        }
        let line = line.map_err(|error| {
            Error::io(format!("cannot read the answer from the terminal: {}", system_reason(&error)))
                .hint("answer with an option instead: `--help` names them")
        })?;
        Ok(line.map(|line| lines::cleaned(&line)))
    }

    /// Asks a yes-no question; anything but yes is no.
    pub fn confirm(&self, question: &str) -> Result<bool> {
        let answer = self.ask(&format!("{question} [y/N]"))?;
        Ok(answer.is_some_and(|answer| matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes")))
    }

    /// Shows that a wait goes on, from its second second, on a terminal only; stops when dropped.
    pub fn spinner(&self, what: &str) -> Spinner {
        let what = what.to_owned();
        self.progress(move || what.clone())
    }

    /// Invites input during a wait, on a terminal that can erase the line again.
    pub fn prompt(&self, text: &'static str) -> Spinner {
        Spinner::prompt(text, self.moving)
    }

    /// Shows a wait with a text that changes.
    pub fn progress(&self, text: impl Fn() -> String + Send + 'static) -> Spinner {
        Spinner::start(self.moving.then(|| Box::new(text) as spinner::Text))
    }

    /// Whether a wait is shown.
    pub fn shows_progress(&self) -> bool {
        self.moving
    }

    /// Does the same with the remaining time.
    pub fn countdown(&self, what: &str, limit: Duration) -> Spinner {
        let (what, start) = (what.to_owned(), Instant::now());
        self.progress(move || {
            let left = limit.saturating_sub(start.elapsed()).as_secs();
            match left / 3600 {
                0 => format!("{what} ({}:{:02} left)", left / 60, left % 60),
                hours => format!("{what} ({hours}:{:02}:{:02} left)", left / 60 % 60, left % 60),
            }
        })
    }

    fn labelled(&self, label: &str, color: &str, line: &str) {
        let text = layout::filled(&format!("{label}: {line}"), self.stderr.columns);
        let rest = text.get(label.len() + 1..).unwrap_or_default();
        self.put(&format!("{}{rest}", self.stderr.colored(&format!("1;{color}"), &format!("{label}:"))));
    }

    /// A row of a list, or a line of code: it is never wrapped, and may be colored.
    pub fn row(&self, row: &str) {
        self.put(row);
    }

    fn line(&self, line: &str) {
        self.warnings.end();
        self.put(&layout::filled(line, self.stderr.columns));
    }

    fn put(&self, text: &str) {
        let mut stderr = io::stderr().lock();
        spinner::clear(&mut stderr);
        // A closed stderr cannot be reported.
        let _ = writeln!(stderr, "{text}");
    }
}

/// Prints a warning where there is no [`Term`]: without color, and like all warnings even with `--quiet`.
pub fn warn(line: &str) {
    // A closed stderr cannot be reported.
    let _ = writeln!(io::stderr().lock(), "warning: {line}");
}

/// Shows what a program that we started writes to stderr, in place of a spinner. Its lines are escaped and masked already.
pub fn relay(text: &str) {
    let mut stderr = io::stderr().lock();
    spinner::give_way();
    spinner::clear(&mut stderr);
    // A closed stderr cannot be reported.
    let _ = write!(stderr, "{text}").and_then(|()| stderr.flush());
}

/// Whether a program that we start may prompt the user at the terminal: [`Term::input`] of this process.
pub fn may_ask() -> bool {
    MAY_ASK.load(Relaxed)
}

static MAY_ASK: AtomicBool = AtomicBool::new(false);
