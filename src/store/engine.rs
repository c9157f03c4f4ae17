//! Runs a secret manager's command line once, and interprets its failure.
//!
//! The program runs with our environment in the locale `C`, so that its messages are in English. With a user at the
//! terminal it may prompt, and has a minute; otherwise it has ten seconds.

use std::path::PathBuf;
use std::time::Duration;

use crate::error::{Error, Kind, Result, system_reason};
use crate::hint::Hint;
use crate::profile::{Engine, words};
use crate::secret::Secret;
use crate::store::document::MOST;
use crate::subprocess::{self, Failure, Input, Limits, Output, Subprocess};
use crate::term::{self, layout};

/// The time limit in seconds for a program that does not prompt.
const SILENT: u64 = 10;
/// The time limit if a user can respond to a prompt.
const ASKING: u64 = 60;

/// Keeps what a command prints off the screen: a document has secrets in it.
const UNSEEN: &str = if cfg!(windows) { " > NUL" } else { " > /dev/null" };

/// The step after a failed `set` or `erase`: `get` has just worked.
const MAY_WRITE: &str = "`get` works: check in the secret manager that you may also write there";

pub struct Run<'e> {
    engine: &'e Engine,
    command: &'e [String],
}

/// The program of an engine, for reports.
pub struct Program {
    pub path: PathBuf,
    /// The line with the number in its version output, for a program of a recipe.
    pub version: Option<String>,
}

impl Program {
    /// Returns `None` if it is not installed.
    pub fn of(engine: &Engine) -> Option<Program> {
        let path = subprocess::find(engine.get.first()?)?;
        let version = engine.version_command().and_then(|command| {
            let output = Run::of(engine, &command).start(Input::Empty, true, Vec::new()).ok()?;
            output.status.success().then(|| version(&output.stdout)).flatten()
        });
        Some(Program { path, version })
    }
}

/// Why `get` printed no document.
pub enum Failed {
    /// The program reports that there is none.
    Absent,
    /// The program failed with an error of its own.
    Reported(Error),
    Because(Error),
}

impl<'e> Run<'e> {
    pub fn of(engine: &'e Engine, command: &'e [String]) -> Run<'e> {
        Run { engine, command }
    }

    /// Runs `get`. `secrets` are those that it is known to print.
    pub fn read(&self, secrets: Vec<Secret>) -> std::result::Result<Vec<u8>, Failed> {
        let output = self.start(Input::Empty, true, secrets).map_err(Failed::Because)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let stderr = String::from_utf8_lossy(&output.stderr);
        let is_absent = |text: &String| output.status.code().is_some() && stderr.contains(text.as_str());
        if self.engine.absent.iter().any(is_absent) {
            return Err(Failed::Absent);
        }
        Err(Failed::Reported(self.failed(output)))
    }

    /// Runs `set` or `erase`; an error never contains one of the secrets.
    pub fn write(&self, input: Secret, secrets: Vec<Secret>) -> Result<()> {
        let output = self.start(Input::Text(input), false, secrets)?;
        if output.status.success() { Ok(()) } else { Err(self.failed(output)) }
    }

    fn start(&self, input: Input, interruptible: bool, secrets: Vec<Secret>) -> Result<Output> {
        let Some((program, arguments)) = self.command.split_first() else {
            return Err(self.error("names no program"));
        };
        let Some(path) = subprocess::find(program) else { return Err(self.not_found(program)) };
        let may_ask = term::may_ask();
        let seconds = self.engine.timeout.map_or(if may_ask { ASKING } else { SILENT }, u64::from);
        let limits = Limits {
            memory: None,
            deadline: Duration::from_secs(seconds),
            stdout: MOST,
            output_counts: matches!(input, Input::Empty),
            may_ask,
            interruptible,
        };
        let program = Subprocess::new(&path).args(arguments).inherit_environment().env("LC_ALL", "C");
        program.hide(secrets).run(input, limits).map_err(|failure| self.not_ended(&failure, seconds))
    }

    fn error(&self, what: &str) -> Error {
        Error::new(Kind::Engine, format!("`{}` {what}", words(self.command)))
    }

    fn not_found(&self, program: &str) -> Error {
        let name = term::excerpt(program);
        if !program.contains(['/', '\\']) {
            return Error::new(
                Kind::Engine,
                format!("the program `{name}` is not installed: no directory in `PATH` has it"),
            )
            .hint(format!("install `{name}`, or use another store"));
        }
        Error::new(Kind::Engine, format!("`{name}` is not the full path of a program that can be run"))
            .hint("give its path in full in profiles.toml, and make the file executable")
    }

    fn not_ended(&self, failure: &Failure, seconds: u64) -> Error {
        let by_hand = || match self.is_get() {
            true => {
                Hint::from(format!("run {} in a terminal: it may have to be unlocked or signed in to", self.by_hand()))
            }
            false => Hint::from(MAY_WRITE),
        };
        match failure {
            Failure::NotStarted(error) => {
                self.error(&format!("cannot be run: {}", system_reason(error))).hint("check what the program is")
            }
            Failure::Late => {
                let hint = by_hand().join("; ", "`timeout` in profiles.toml gives it up to 120 seconds");
                self.error(&format!("did not end within {} and was stopped", layout::limit(seconds))).hint(hint)
            }
            Failure::TooMuchOutput => self
                .error(&format!("printed more than {} KiB, which is not a document", MOST / 1024))
                .hint("check the command in profiles.toml"),
            Failure::OutputHeldOpen => self
                .error("exited, but a program that it started holds its output open")
                .hint("make sure that it starts no program that keeps running"),
            Failure::AsksInVain if !self.is_get() => self
                .error("prompts on the terminal, and nobody can respond")
                .hint("run this in a terminal, where it can prompt"),
            Failure::AsksInVain => self.error("prompts on the terminal, and nobody can respond").hint(by_hand()),
            Failure::Suspended => self.error("was stopped on the terminal").hint("try again"),
            Failure::Interrupted(kind) => Error::new(*kind, kind.name()),
        }
    }

    fn is_get(&self) -> bool {
        self.command == self.engine.get
    }

    /// Returns the command for a user to try: always `get`, since `set` and `erase` destroy what is there, and with its output
    /// off the screen.
    fn by_hand(&self) -> String {
        format!("`{}{UNSEEN}`", words(&self.engine.get))
    }

    /// Returns the error of a program that failed.
    fn failed(&self, mut output: Output) -> Error {
        let step = self.engine.step_after(&String::from_utf8_lossy(&output.stderr));
        let by_hand = step.unwrap_or_else(|| match self.is_get() {
            true => format!("run {} in a terminal to see what is wrong", self.by_hand()),
            false => MAY_WRITE.to_owned(),
        });
        if term::may_ask() && is_interrupt(&output) {
            return Error::new(Kind::Interrupted, "interrupted");
        }
        // At a terminal the user has seen the rest of its message.
        if term::may_ask() {
            output.relay.show(&output.stderr);
        }
        let line = first_line(&output.stderr, |line| output.relay.has_secret(line));
        match (line, output.status.code()) {
            (Some(line), _) => self.error(&format!("failed: {line}")).hint(by_hand),
            (None, Some(code)) => self.error(&format!("failed with exit code {code}")).hint(by_hand),
            (None, None) => self.error("was killed").hint(by_hand),
        }
    }
}

/// Whether Ctrl-C ended it: while it has the terminal, nobody else receives that.
fn is_interrupt(output: &Output) -> bool {
    #[cfg(unix)]
    if std::os::unix::process::ExitStatusExt::signal(&output.status) == Some(2) {
        return true;
    }
    output.status.code() == Some(130)
}

/// Returns the first line with a number that has a dot in it, without a frame around it.
fn version(stdout: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(stdout);
    let has_number = |line: &&str| {
        line.split(|char: char| !char.is_ascii_digit() && char != '.').any(|word| word.trim_matches('.').contains('.'))
    };
    let line = text.lines().find(has_number)?;
    first_line(line.trim_matches(['=', ' ']).as_bytes(), |_| false)
}

/// Returns the first line that is not empty, with what follows its colon, and the cause that programs in Go list below it after
/// `* `. Safe to show: without escape sequences, and another text if it holds a secret or may be the document itself.
fn first_line(stderr: &[u8], has_secret: impl Fn(&str) -> bool) -> Option<String> {
    let text = String::from_utf8_lossy(stderr);
    let mut lines = text.lines().map(|line| without_sequences(line).trim().to_owned()).filter(|line| !line.is_empty());
    let first = lines.next()?;
    let rest: Vec<String> = lines.collect();
    let is_open = |line: &&str| line.ends_with(':');
    let mut causes = rest.iter().filter_map(|line| line.strip_prefix("* "));
    // `1 error occurred:` is the line above the error.
    let cause = causes.clone().find(|line| !is_open(line)).or_else(|| causes.next());
    let next = rest.first().map(String::as_str).filter(|_| is_open(&first.as_str()));
    let line = cause.or(next).map_or_else(|| first.clone(), |more| format!("{first} {more}"));
    let is_document = line.starts_with('{')
        || is_encoded(&line)
        || ["refresh_token", "client_secret", "private_key"].iter().any(|name| line.contains(name));
    if is_document || has_secret(&line) {
        return Some("it printed what may not be shown".to_owned());
    }
    Some(term::excerpt(&line))
}

/// Whether a long word can be a JSON object in base64, or a line of a key.
fn is_encoded(line: &str) -> bool {
    let part = |char: char| char.is_ascii_alphanumeric() || "+/-_=".contains(char);
    let is_mixed = |word: &str| {
        let has = |kind: fn(&char) -> bool| word.chars().any(|char| kind(&char));
        has(char::is_ascii_digit) && has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase)
    };
    let is_key = |word: &str| word.len() >= 60 && !word.starts_with('/') && is_mixed(word);
    line.split(|char| !part(char)).any(|word| word.len() >= 40 && word.contains("eyJ") || is_key(word))
}

/// Returns the text without color sequences; other control characters are escaped where it is shown.
fn without_sequences(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, sequence)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let end = sequence.find(|char: char| ('@'..='~').contains(&char)).map_or(sequence.len(), |end| end + 1);
        rest = &sequence[end..];
    }
    plain + rest
}
