//! `doctor`: check everything, say what is wrong and how to mend it.
//!
//! Each check is a small function from the `Case` to a [`Finding`]; they do not depend on each other, and one that cannot be made
//! is skipped with the reason: what follows from a failure is no failure of its own. What needs the network is asked once, before
//! the checks, and they only read the answers. What is fine is told first, then failures, then warnings, then what was not checked:
//! the first line that is not `ok` names the cause.

use clap::Args;
use serde_json::{Value, json};

use crate::cli::{Context, waits};
use crate::error::{Error, Kind, Result};
use crate::google::VERSION;
use crate::term::{self, Term};

mod ads;
mod case;
mod credential;
mod environment;
mod file;
mod mistaken;
mod network;

use case::Case;

/// Check everything, say what is wrong and how to mend it
#[derive(Args, Debug)]
#[command(after_long_help = concat!(waits!(), "\
Examples:
  gads-creds doctor
  gads-creds doctor --offline --config ads.properties"))]
pub struct Doctor {
    /// Only what can be checked without the network
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
    next: Option<String>,
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
        Finding { status: Status::Ok, text: text.into(), next: None, kind: Kind::Broken }
    }

    fn warn(text: impl Into<String>, next: impl Into<String>) -> Finding {
        Finding { status: Status::Warn, text: text.into(), next: Some(next.into()), kind: Kind::Broken }
    }

    fn fail(kind: Kind, text: impl Into<String>, next: impl Into<String>) -> Finding {
        Finding { status: Status::Fail, text: text.into(), next: Some(next.into()), kind }
    }

    /// `next` says what makes the check possible.
    fn skip(text: impl Into<String>, next: impl Into<String>) -> Finding {
        Finding { status: Status::Skip, text: text.into(), next: Some(next.into()), kind: Kind::Broken }
    }

    /// A failure in the words of an error.
    fn from_error(error: &Error) -> Finding {
        let next = error.hint.clone();
        Finding { status: Status::Fail, text: error.message.clone(), next, kind: error.kind }
    }
}

type Check = fn(&Case) -> Finding;

/// The next step of a check that was skipped because of an earlier failure.
const MEND: &str = "mend what is said above first";

/// The checks, causes before what they cause.
const CHECKS: &[(&str, Check)] = &[
    ("place", file::found),
    ("readable by its library", file::parsed),
    ("placeholders", file::placeholders),
    ("kinds of credential", file::conflicts),
    ("customer ids", file::customer_ids),
    ("client", credential::client),
    ("token", credential::token),
    ("network", network::reached),
    ("clock", network::clock),
    ("token accepted", credential::accepted),
    ("age of the token", credential::age),
    ("scopes", ads::scopes),
    ("Google Ads API enabled", ads::enabled),
    ("API version", ads::version),
    ("account", ads::account),
    ("login customer", ads::login_customer),
    ("overriding variables", environment::variables),
    ("other places", environment::places),
    ("unfinished logins", environment::unfinished),
    ("file mode", file::mode),
    ("git", environment::git),
];

impl Doctor {
    pub fn run(self, context: &Context) -> Result<()> {
        let term = context.term;
        let case = Case::examine(context, self.offline, self.api_version).map_err(|error| no_case(error, term))?;
        let mut findings: Vec<(&str, Finding)> = CHECKS.iter().map(|(name, check)| (*name, check(&case))).collect();
        findings.sort_by_key(|(_, finding)| finding.status);
        for (_, finding) in &mut findings {
            finding.next = finding.next.take().map(|next| case.profile.meant_by(&next));
        }
        let failed = findings.iter().filter(|(_, finding)| finding.status == Status::Fail).count();
        let report = report(&case, &findings);
        if !term.json {
            findings.iter().try_for_each(|(name, finding)| print(name, finding, term))?;
        }
        let Some((_, first)) = findings.iter().find(|(_, finding)| finding.status == Status::Fail) else {
            return if term.json { term.out_json(&report) } else { Ok(()) };
        };
        let checks = if failed == 1 { "check" } else { "checks" };
        let mut error = Error::new(first.kind, format!("{failed} {checks} failed; the first: {}", first.text));
        error.hint = first.next.clone();
        error.report = Some(Box::new(report));
        Err(error)
    }
}

/// It is not even known which credential is meant: told as the check that this fails.
fn no_case(error: Error, term: Term) -> Error {
    let finding = [("place", Finding::from_error(&error))];
    if !term.json {
        let [(name, finding)] = &finding;
        // The error itself follows on stderr: a closed stdout must not hide it behind another one.
        let _ = print(name, finding, term);
    }
    Error { report: Some(Box::new(json!({ "profile": null, "location": null, "checks": checks(&finding) }))), ..error }
}

fn print(name: &str, finding: &Finding, term: Term) -> Result<()> {
    term.out(&format!("{:4}  {name}: {}\n", finding.status.name(), finding.text))?;
    match &finding.next {
        Some(next) => term.out(&format!("      {next}\n")),
        None => Ok(()),
    }
}

fn report(case: &Case, findings: &[(&str, Finding)]) -> Value {
    json!({
        "profile": case.profile.name.as_ref().map(|name| name.as_str()),
        "location": case.location,
        "checks": checks(findings),
    })
}

fn checks(findings: &[(&str, Finding)]) -> Vec<Value> {
    let check = |(name, finding): &(&str, Finding)| json!({ "check": name, "status": finding.status.name(), "text": finding.text, "next": finding.next });
    findings.iter().map(check).collect()
}

/// `line 12: login_customer_id is …`, as findings name a diagnostic.
fn diagnostic(diagnostic: &crate::format::Diagnostic) -> String {
    format!("line {}: `{}` {}", diagnostic.line, term::escape(&diagnostic.key), diagnostic.text)
}
