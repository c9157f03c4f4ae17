//! Errors as the user reads them: a fact, the next step, an exit code.
//!
//! There is one [`Kind`] for each thing the caller does next, not for each library that can fail; exit codes and the
//! names in `--json` are decided only here. The message is written where the facts are known. It never quotes a
//! parser's or a server's own error, which may quote a document that holds secrets.

mod detail;
mod system;

use std::fmt;

use serde_json::Value;

use crate::hint::{Hint, Target};

pub use detail::{Detail, GrantFailure, Transport};
pub use system::{LINKS_IN_A_CIRCLE, TOO_MANY_FILES, system_reason};

pub type Result<T> = std::result::Result<T, Error>;

/// Why the program stops, by what the caller does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file or device cannot be read or written.
    Io,
    /// The content of a file is malformed, or cannot be edited safely.
    Parse,
    /// A bug in this program or a failure of the system below it.
    Internal,
    /// The command line cannot be carried out as given: fix it.
    Usage,
    /// The client-secrets file cannot be used: get another.
    ClientSecrets,
    /// The key file of a service account cannot be used: get another.
    KeyFile,
    /// No profile of that name.
    NoSuchProfile,
    /// Nothing is stored, or no refresh token is: log in.
    NotLoggedIn,
    /// Google rejected the refresh token, or the authorization code.
    TokenRejected,
    /// Google rejected the OAuth client.
    ClientRejected,
    /// Google granted less than was requested, or another account than was expected.
    GrantedTooLittle,
    /// The user declined.
    ConsentDenied,
    /// No authorization response came in time.
    ConsentTimedOut,
    /// Google cannot be reached, is overloaded or sends unusable responses: try later.
    Unreachable,
    /// The keychain is locked, missing or not responding.
    Keychain,
    /// The command of a secret manager is missing, locked, not responding or failing.
    Engine,
    /// The Google account has no Google Ads account.
    NotAdsUser,
    /// The credential is valid, but the Google Ads API rejects it.
    AdsRefused,
    /// The refresh token works, and expires within the time that was given.
    ExpiresSoon,
    /// `exec` found the program but could not start it.
    CannotRun,
    /// `exec` found no such program.
    CommandNotFound,
    /// Ctrl-C.
    Interrupted,
    /// SIGTERM.
    Terminated,
}

impl Kind {
    /// Every kind.
    pub const ALL: &[Kind] = &[
        Kind::Io,
        Kind::Parse,
        Kind::Internal,
        Kind::Usage,
        Kind::ClientSecrets,
        Kind::KeyFile,
        Kind::NoSuchProfile,
        Kind::NotLoggedIn,
        Kind::TokenRejected,
        Kind::ClientRejected,
        Kind::GrantedTooLittle,
        Kind::ConsentDenied,
        Kind::ConsentTimedOut,
        Kind::Unreachable,
        Kind::Keychain,
        Kind::Engine,
        Kind::NotAdsUser,
        Kind::AdsRefused,
        Kind::ExpiresSoon,
        Kind::CannotRun,
        Kind::CommandNotFound,
        Kind::Interrupted,
        Kind::Terminated,
    ];

    /// Returns the exit code of the program; the table is in the manual.
    pub fn code(self) -> u8 {
        match self {
            Kind::Io | Kind::Parse | Kind::Internal => 1,
            Kind::Usage | Kind::ClientSecrets | Kind::KeyFile => 2,
            Kind::NoSuchProfile | Kind::NotLoggedIn => 3,
            Kind::TokenRejected | Kind::ClientRejected | Kind::GrantedTooLittle => 4,
            Kind::ConsentDenied | Kind::ConsentTimedOut => 5,
            Kind::Unreachable => 6,
            Kind::Keychain | Kind::Engine => 7,
            Kind::NotAdsUser | Kind::AdsRefused => 8,
            Kind::ExpiresSoon => 9,
            Kind::CannotRun => 126,
            Kind::CommandNotFound => 127,
            Kind::Interrupted => 130,
            Kind::Terminated => 143,
        }
    }

    /// Whether a signal ended the run, so that nothing is known of what it was doing.
    pub fn is_stop(self) -> bool {
        matches!(self, Kind::Interrupted | Kind::Terminated)
    }

    /// Returns the name in `--json`, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Io => "io",
            Kind::Parse => "parse",
            Kind::Internal => "internal",
            Kind::Usage => "usage",
            Kind::ClientSecrets => "client_secrets",
            Kind::KeyFile => "key_file",
            Kind::NoSuchProfile => "no_such_profile",
            Kind::NotLoggedIn => "not_logged_in",
            Kind::TokenRejected => "token_rejected",
            Kind::ClientRejected => "client_rejected",
            Kind::GrantedTooLittle => "granted_too_little",
            Kind::ConsentDenied => "consent_denied",
            Kind::ConsentTimedOut => "consent_timed_out",
            Kind::Unreachable => "unreachable",
            Kind::Keychain => "keychain",
            Kind::Engine => "engine",
            Kind::NotAdsUser => "not_ads_user",
            Kind::AdsRefused => "ads_refused",
            Kind::ExpiresSoon => "expires_soon",
            Kind::CannotRun => "cannot_run",
            Kind::CommandNotFound => "command_not_found",
            Kind::Interrupted => "interrupted",
            Kind::Terminated => "terminated",
        }
    }
}

/// One failure: kind, message and next step, built and extended through its methods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: Kind,
    message: String,
    hint: Option<Hint>,
    target: Option<Target>,
    google_code: Option<String>,
    detail: Option<Detail>,
    report: Option<Value>,
}

impl Error {
    /// Returns an error without a next step. The message is a fact: lower case, no full stop, names and paths in backticks.
    pub fn new(kind: Kind, message: impl Into<String>) -> Error {
        let message = message.into();
        let inner = Inner { kind, message, hint: None, target: None, google_code: None, detail: None, report: None };
        Error(Box::new(inner))
    }

    /// Returns an error for a file or device that cannot be read or written.
    pub fn io(message: impl Into<String>) -> Error {
        Error::new(Kind::Io, message)
    }

    /// Returns an error for a file whose content cannot be read or edited.
    pub fn parse(message: impl Into<String>) -> Error {
        Error::new(Kind::Parse, message)
    }

    /// Returns an error for a bug in this program, or a failure of the system below it.
    pub fn internal(message: impl Into<String>) -> Error {
        Error::new(Kind::Internal, message)
    }

    pub fn usage(message: impl Into<String>) -> Error {
        Error::new(Kind::Usage, message)
    }

    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the one action that fixes it, if one is known.
    pub fn next_step(&self) -> Option<&Hint> {
        self.0.hint.as_ref()
    }

    /// Returns Google's own code for it, such as `invalid_grant`: for programs, and for `gads-creds explain`.
    pub fn google_code(&self) -> Option<&str> {
        self.0.google_code.as_deref()
    }

    /// Whether it has this Google code.
    pub fn is_google(&self, code: &str) -> bool {
        self.google_code() == Some(code)
    }

    /// Returns what is known beyond the kind: why Google was not reached, or why it rejected a grant.
    pub fn detail(&self) -> Option<Detail> {
        self.0.detail
    }

    /// Returns what was found although the command failed: the other members of the JSON object that holds the error.
    pub fn report(&self) -> Option<&Value> {
        self.0.report.as_ref()
    }

    /// Returns the credential that it is about, if it is not the one that the command line names.
    pub fn target(&self) -> Option<&Target> {
        self.0.target.as_ref()
    }

    /// Returns the credential that it is about: its own, or the one that the command line names.
    pub fn about_what(&self, command_line: &Target) -> Target {
        self.0.target.as_ref().map_or_else(|| command_line.clone(), |target| target.after(command_line))
    }

    /// Returns the same error with this next step.
    pub fn hint(mut self, hint: impl Into<Hint>) -> Error {
        self.0.hint = Some(hint.into());
        self
    }

    /// Returns the same error with this next step, or without one.
    pub fn maybe_hint(mut self, hint: Option<impl Into<Hint>>) -> Error {
        self.0.hint = hint.map(Into::into);
        self
    }

    /// Returns the same error with this next step unless it has one already.
    pub fn hint_if_none(self, hint: impl Into<Hint>) -> Error {
        if self.0.hint.is_some() { self } else { self.hint(hint) }
    }

    /// Returns the same error with another message.
    pub fn with_message(mut self, message: impl Into<String>) -> Error {
        self.0.message = message.into();
        self
    }

    /// Returns the same error with the failed operation before the message: `cannot store into X: …`.
    pub fn while_trying(self, what: &str) -> Error {
        let message = format!("{what}: {}", self.0.message);
        self.with_message(message)
    }

    /// Returns the same error with a consequence after the message: `…; the file is unchanged`.
    pub fn adding(self, consequence: &str) -> Error {
        let message = format!("{}; {consequence}", self.0.message);
        self.with_message(message)
    }

    /// Returns the same error of a run that was stopped as well: that decides its kind.
    pub fn while_stopped(self, stopped: &Error) -> Error {
        let message = format!("{stopped}; {self}");
        self.with_message(message).with_kind(stopped.kind())
    }

    pub fn with_kind(mut self, kind: Kind) -> Error {
        self.0.kind = kind;
        self
    }

    pub fn with_google_code(mut self, code: impl Into<String>) -> Error {
        self.0.google_code = Some(code.into());
        self
    }

    pub fn with_detail(mut self, detail: Detail) -> Error {
        self.0.detail = Some(detail);
        self
    }

    pub fn with_report(mut self, report: Value) -> Error {
        self.0.report = Some(report);
        self
    }

    /// Returns the same error about this credential, unless it is already about another.
    pub fn about(mut self, target: Target) -> Error {
        self.0.target.get_or_insert(target);
        self
    }

    /// Returns the error as `--json` shows it; `target` is the credential that the command line names.
    pub fn json(&self, target: &Target) -> Value {
        serde_json::json!({
            "kind": self.kind().name(),
            "code": self.kind().code(),
            "message": self.message(),
            "hint": self.next_step().map(|hint| hint.text(&self.about_what(target))),
            "google_code": self.google_code(),
        })
    }
}

/// Returns warnings as `--json` shows them; `target` is the credential that the command line names.
pub fn warnings_json(warnings: &[Error], target: &Target) -> Value {
    let object = |error: &Error| {
        let hint = error.next_step().map(|hint| hint.text(&error.about_what(target)));
        serde_json::json!({ "message": error.message(), "hint": hint })
    };
    warnings.iter().map(object).collect()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for Error {}
