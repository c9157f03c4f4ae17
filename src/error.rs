//! What a user is told when something does not work: a fact, the next step, an exit code.
//!
//! A [`Kind`] exists for each thing the caller does next, not for each library that can fail; the exit codes and the names
//! in `--json` are decided here and nowhere else. The message is written where the facts are known. It never quotes the
//! text of a parser's or a server's error: those quote the document, and documents here hold secrets.

use std::fmt;

pub type Result<T> = std::result::Result<T, Error>;

/// Why the program stops, by what the caller does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something is unreadable, malformed or unwritable: read the message.
    Broken,
    /// The command line cannot be carried out as given: mend it.
    Usage,
    /// The client-secrets file cannot serve: get another.
    ClientSecrets,
    /// No profile of that name.
    NoSuchProfile,
    /// Nothing is stored, or no refresh token is: log in.
    NotLoggedIn,
    /// Google rejected the refresh token, or the authorization code.
    TokenRejected,
    /// Google rejected the OAuth client.
    ClientRejected,
    /// Google granted less than was asked, or another account than was expected.
    GrantedTooLittle,
    /// The person said no.
    ConsentDenied,
    /// No answer came from the browser in time.
    ConsentTimedOut,
    /// Google cannot be reached, is overloaded or does not answer sensibly: try later.
    Unreachable,
    /// The keychain is locked, absent or silent.
    Keychain,
    /// The Google account has no Google Ads account.
    NotAdsUser,
    /// The credential is good, the Google Ads API refuses.
    AdsRefused,
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
        Kind::Broken,
        Kind::Usage,
        Kind::ClientSecrets,
        Kind::NoSuchProfile,
        Kind::NotLoggedIn,
        Kind::TokenRejected,
        Kind::ClientRejected,
        Kind::GrantedTooLittle,
        Kind::ConsentDenied,
        Kind::ConsentTimedOut,
        Kind::Unreachable,
        Kind::Keychain,
        Kind::NotAdsUser,
        Kind::AdsRefused,
        Kind::CannotRun,
        Kind::CommandNotFound,
        Kind::Interrupted,
        Kind::Terminated,
    ];

    /// The exit code of the program; the table stands in the README.
    pub fn code(self) -> u8 {
        match self {
            Kind::Broken => 1,
            Kind::Usage | Kind::ClientSecrets => 2,
            Kind::NoSuchProfile | Kind::NotLoggedIn => 3,
            Kind::TokenRejected | Kind::ClientRejected | Kind::GrantedTooLittle => 4,
            Kind::ConsentDenied | Kind::ConsentTimedOut => 5,
            Kind::Unreachable => 6,
            Kind::Keychain => 7,
            Kind::NotAdsUser | Kind::AdsRefused => 8,
            Kind::CannotRun => 126,
            Kind::CommandNotFound => 127,
            Kind::Interrupted => 130,
            Kind::Terminated => 143,
        }
    }

    /// The name in `--json`, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Broken => "broken",
            Kind::Usage => "usage",
            Kind::ClientSecrets => "client_secrets",
            Kind::NoSuchProfile => "no_such_profile",
            Kind::NotLoggedIn => "not_logged_in",
            Kind::TokenRejected => "token_rejected",
            Kind::ClientRejected => "client_rejected",
            Kind::GrantedTooLittle => "granted_too_little",
            Kind::ConsentDenied => "consent_denied",
            Kind::ConsentTimedOut => "consent_timed_out",
            Kind::Unreachable => "unreachable",
            Kind::Keychain => "keychain",
            Kind::NotAdsUser => "not_ads_user",
            Kind::AdsRefused => "ads_refused",
            Kind::CannotRun => "cannot_run",
            Kind::CommandNotFound => "command_not_found",
            Kind::Interrupted => "interrupted",
            Kind::Terminated => "terminated",
        }
    }
}

/// One failure: message, hint and kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub kind: Kind,
    /// A fact: lower case, no full stop, names in backticks, paths always.
    pub message: String,
    /// One action that mends it, best a command to paste; none when no step is known.
    pub hint: Option<String>,
    /// Google's own code for it, like `invalid_grant`; for programs, and for those who search.
    pub said: Option<String>,
    /// What was found out although it failed: the rest of the JSON object that holds the error.
    pub report: Option<Box<serde_json::Value>>,
}

impl Error {
    pub fn new(kind: Kind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), hint: None, said: None, report: None }
    }

    pub fn broken(message: impl Into<String>) -> Error {
        Error::new(Kind::Broken, message)
    }

    pub fn usage(message: impl Into<String>) -> Error {
        Error::new(Kind::Usage, message)
    }

    /// The error as `--json` shows it.
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "kind": self.kind.name(),
            "code": self.kind.code(),
            "message": self.message,
            "hint": self.hint,
            "said": self.said,
        })
    }

    /// The same error with the next step.
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
