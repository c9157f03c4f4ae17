//! `doctor`: check everything, say what is wrong and how to mend it.
//!
//! Each check is a small function from the `Examined` to a [`Finding`]; they do not depend on each other, and one that cannot be made
//! is skipped with the reason: what follows from a failure is no failure of its own. What needs the network is asked once, before
//! the checks, and they only read the answers. What is fine is told first, then failures, then warnings, then what was not checked:
//! the first line that is not `ok` names the cause.

use clap::Args;
use serde_json::{Value, json};

use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::google::VERSION;
use crate::hint::Hint;
use crate::term::Term;

mod ads;
mod credential;
mod environment;
mod examined;
mod file;
mod network;
mod value_kind;

use examined::Examined;

/// Diagnose problems and say how to fix them
#[derive(Args, Debug)]
#[command(after_long_help = concat!(waits!(), "\
Examples:
  gads-creds doctor
  gads-creds doctor --offline --config ads.properties"))]
pub struct Doctor {
    /// Check only what needs no network
    #[arg(long)]
    offline: bool,
    /// The version of the Google Ads API to ask
    #[arg(long, value_name = "vN", env = "GADS_CREDS_API_VERSION", hide_env_values = true, default_value = VERSION, value_parser = super::login::api_version)]
    api_version: String,
}

/// What a check found.
#[derive(Debug)]
pub struct Finding {
    status: Status,
    text: String,
    next: Option<Hint>,
    /// What a failure means to the caller.
    kind: Kind,
}

/// In the order in which findings are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    Ok,
    Fail,
    Warn,
    Skip,
}

impl Status {
    fn name(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::Warn => "warn",
            Status::Fail => "fail",
            Status::Skip => "skip",
        }
    }
}

impl Finding {
    fn ok(text: impl Into<String>) -> Finding {
        Finding { status: Status::Ok, text: text.into(), next: None, kind: Kind::Internal }
    }

    fn warn(text: impl Into<String>, next: impl Into<Hint>) -> Finding {
        Finding { status: Status::Warn, text: text.into(), next: Some(next.into()), kind: Kind::Internal }
    }

    fn fail(kind: Kind, text: impl Into<String>, next: impl Into<Hint>) -> Finding {
        Finding { status: Status::Fail, text: text.into(), next: Some(next.into()), kind }
    }

    /// `next` says what makes the check possible.
    fn skip(text: impl Into<String>, next: impl Into<Hint>) -> Finding {
        Finding { status: Status::Skip, text: text.into(), next: Some(next.into()), kind: Kind::Internal }
    }

    /// A failure in the words of an error.
    fn from_error(error: &Error) -> Finding {
        let next = error.next_step().cloned();
        Finding { status: Status::Fail, text: error.message().to_owned(), next, kind: error.kind() }
    }
}

type Check = fn(&Examined) -> Finding;

/// The next step of a check that was skipped because of an earlier failure.
const FIX_FIRST: &str = "fix the failure above first";

/// The checks, causes before what they cause: a stable id for programs, a name, the function.
const CHECKS: &[(&str, &str, Check)] = &[
    ("location", "location", file::found),
    ("readable", "readable by its library", file::parsed),
    ("placeholders", "placeholders", file::placeholders),
    ("credential-kinds", "kinds of credential", file::conflicts),
    ("customer-ids", "customer ids", file::customer_ids),
    ("client", "client", credential::client),
    ("token", "token", credential::token),
    ("network", "network", network::reached),
    ("clock", "clock", network::clock),
    ("token-accepted", "token accepted", credential::accepted),
    ("token-age", "token age", credential::age),
    ("scopes", "scopes", ads::scopes),
    ("api-enabled", "Google Ads API enabled", ads::enabled),
    ("api-version", "API version", ads::version),
    ("account", "account", ads::account),
    ("login-customer", "login customer", ads::login_customer),
    ("overriding-variables", "overriding variables", environment::variables),
    ("other-locations", "other locations", environment::places),
    ("unfinished-logins", "unfinished logins", environment::unfinished),
    ("file-mode", "file mode", file::mode),
    ("git", "git", environment::git),
];

impl Doctor {
    pub fn run(self, context: &Context) -> Result<()> {
        let term = context.term;
        let examined = Examined::examine(context, self.offline, self.api_version)
            .map_err(|error| nothing_examined(error, term))?;
        let mut findings: Vec<Checked> =
            CHECKS.iter().map(|&(id, name, check)| Checked { id, name, finding: check(&examined) }).collect();
        findings.sort_by_key(|checked| checked.finding.status);
        let term = term.about(examined.profile.target());
        let failed = findings.iter().filter(|checked| checked.finding.status == Status::Fail).count();
        let report = report(&examined, &findings, term);
        if !term.json {
            findings.iter().try_for_each(|checked| checked.print(term))?;
        }
        let Some(first) = findings.iter().find(|checked| checked.finding.status == Status::Fail) else {
            return if term.json { term.out_json(&report) } else { Ok(()) };
        };
        let checks = if failed == 1 { "check" } else { "checks" };
        let message = format!("{failed} {checks} failed; the first: {}: {}", first.name, first.finding.text);
        let error = Error::new(first.finding.kind, message).maybe_hint(first.finding.next.clone());
        Err(error.about(examined.profile.target()).with_report(report))
    }
}

/// A check with what it found.
struct Checked {
    /// Stable, for programs.
    id: &'static str,
    name: &'static str,
    finding: Finding,
}

impl Checked {
    fn print(&self, term: Term) -> Result<()> {
        let Checked { name, finding, .. } = self;
        term.out(&format!("{:4}  {name}: {}\n", finding.status.name(), finding.text))?;
        match &finding.next {
            Some(next) => term.out(&format!("      {}\n", next.text(term.target()))),
            None => Ok(()),
        }
    }

    fn json(&self, term: Term) -> Value {
        json!({
            "id": self.id,
            "check": self.name,
            "status": self.finding.status.name(),
            "text": self.finding.text,
            "hint": self.finding.next.as_ref().map(|next| next.text(term.target())),
        })
    }
}

/// It is not even known which credential is meant: shown as the failure of the first check.
fn nothing_examined(error: Error, term: Term) -> Error {
    let location = Checked { id: "location", name: "location", finding: Finding::from_error(&error) };
    if !term.json {
        // The error itself follows on stderr: a closed stdout must not hide it behind another one.
        let _ = location.print(term);
    }
    error.with_report(json!({ "profile": null, "location": null, "checks": [location.json(term)] }))
}

fn report(examined: &Examined, findings: &[Checked], term: Term) -> Value {
    json!({
        "profile": examined.profile.name.as_ref().map(|name| name.as_str()),
        "location": examined.location,
        "checks": findings.iter().map(|checked| checked.json(term)).collect::<Vec<_>>(),
    })
}
