//! `doctor`: checks everything, and says what is wrong and how to fix it.
//!
//! Each check is a function from the `Examined` to a `Finding` and independent of the others. A check that cannot be
//! made is skipped with the reason: the consequences of a failure are not failures of their own. The order is fixed,
//! causes before consequences, and each finding is shown at once. Google is asked once, before the first check that
//! needs it.

use clap::Args;
use serde_json::{Value, json};

use crate::context::Context;
use crate::diagnosis;
use crate::error::{Error, Result};
use crate::google::VERSION;
use crate::hint::Hint;
use crate::profile::Location;
use crate::term::Term;

use super::first_steps;

mod ads;
mod credential;
mod environment;
mod examined;
mod file;
mod finding;
mod fix;
mod manager;
mod network;
mod pending;
mod screen;
mod service_account;

use examined::Examined;
use finding::{Finding, Status};
use fix::Fixes;
use screen::Screen;

/// Diagnose problems and say how to fix them
#[derive(Args, Debug)]
#[command(after_long_help = concat!(waits!(), "\
Examples:
  gads-creds doctor
  gads-creds doctor --offline --config ads.properties
  gads-creds doctor --fix"))]
pub struct Doctor {
    /// Check only what needs no network
    #[arg(long)]
    offline: bool,
    /// Fix first what is safe and certain: file modes, byte order marks,
    /// placeholders, what interrupted runs left, expired pending logins
    #[arg(long)]
    fix: bool,
    /// The version of the Google Ads API to ask
    #[arg(long, value_name = "vN", env = "GADS_CREDS_API_VERSION", hide_env_values = true, default_value = VERSION, value_parser = super::login::api_version)]
    api_version: String,
}

type Check = fn(&Examined) -> Finding;

/// Why a check is skipped.
const UNREADABLE: &str = "the location cannot be read";
/// The next step of a check that was skipped because of an earlier failure.
const FIX_FIRST: &str = "fix what failed first";

/// The checks, causes before consequences: a stable id for programs, a name, the function. These need no response from
/// Google.
const LOCAL: &[(&str, &str, Check)] = &[
    ("location", "location", file::found),
    ("readable", "readable by its library", file::parsed),
    ("placeholders", "placeholders", file::placeholders),
    ("credential-kinds", "kinds of credential", file::conflicts),
    ("customer-ids", "customer IDs", file::customer_ids),
];

/// Only for a profile whose credentials a secret manager keeps.
const MANAGER: &[(&str, &str, Check)] = &[("secret-manager", "secret manager", manager::responds)];

/// The checks that read Google's responses.
const ONLINE: &[(&str, &str, Check)] = &[
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
];

/// The checks of what surrounds the credentials.
const SURROUNDINGS: &[(&str, &str, Check)] = &[
    ("overriding-variables", "overriding variables", environment::variables),
    ("other-locations", "other locations", environment::places),
    ("unfinished-logins", "unfinished logins", environment::unfinished),
    ("pending-logins", "pending logins", pending::logins),
    ("file-mode", "file mode", file::mode),
    ("git", "git", environment::git),
];

impl Doctor {
    pub fn run(self, context: &Context) -> Result<()> {
        let fixes = self.fix.then(|| fixed(context));
        let mut examined = match Examined::local(context) {
            Ok(examined) => examined,
            Err(error) => return Err(nothing_examined(error, context.term, fixes.as_ref())),
        };
        let term = context.term.about(examined.profile.target());
        let nothing = examined.is_empty();
        let mut screen = Screen::new(term, nothing);
        if let Some(fixes) = &fixes {
            screen.show_fixes(fixes)?;
        }
        let mut findings = Findings { fixes: fixes.as_ref(), checked: Vec::new() };
        run(LOCAL, &examined, &mut screen, &mut findings)?;
        if matches!(examined.profile.location, Location::Command { .. }) {
            run(MANAGER, &examined, &mut screen, &mut findings)?;
        }
        examined.ask(context, self.offline, self.api_version);
        if let Some(stopped) = examined.refused().filter(|error| error.kind().is_stop()) {
            return Err(stopped.clone());
        }
        run(ONLINE, &examined, &mut screen, &mut findings)?;
        run(SURROUNDINGS, &examined, &mut screen, &mut findings)?;
        screen.finish()?;
        if examined.is_untouched() && !term.json {
            term.out(&format!("\n{}", first_steps(term.target(), term.stdout.columns)))?;
        }
        let checked = &findings.checked;
        let failed: Vec<&Checked> = checked.iter().filter(|checked| checked.finding.status == Status::Fail).collect();
        let report = report(&examined, checked, term, fixes.as_ref());
        let is_terminal = term.stdout.columns.is_some();
        // The exit code is the one that a command ends with which uses the credentials.
        let decisive = examined.decisive().map(|error| error.kind());
        let at = failed.iter().position(|checked| Some(checked.finding.kind) == decisive).unwrap_or_default();
        let Some(first) = failed.get(at) else {
            if term.json {
                return term.out_json(&report);
            }
            if is_terminal {
                term.say(&conclusion(checked, self.offline));
            }
            return Ok(());
        };
        // On a terminal, the reader has just seen text and step.
        let is_shown = is_terminal && !term.json;
        let text = if is_shown { String::new() } else { format!(": {}", first.finding.text) };
        let message = match failed.len() {
            1 => format!("1 check failed: {}{text}", first.name),
            count if at == 0 => format!("{count} checks failed; the first: {}{text}", first.name),
            count => format!("{count} checks failed; the most important: {}{text}", first.name),
        };
        let error =
            Error::new(first.finding.kind, message).maybe_hint(first.finding.next.clone().filter(|_| !is_shown));
        let about = first.finding.about.clone().unwrap_or_else(|| examined.profile.target());
        Err(error.about(about).with_report(report))
    }
}

/// Says how a run without a failure ended.
fn conclusion(checked: &[Checked], offline: bool) -> String {
    let count = checked.iter().filter(|checked| checked.finding.status == Status::Warn).count();
    let network = if offline { " without the network" } else { "" };
    match count {
        0 => format!("no problems found{network}"),
        1 => format!("no check failed{network}; 1 warning"),
        count => format!("no check failed{network}; {count} warnings"),
    }
}

/// What was found so far, after what was fixed.
struct Findings<'f> {
    fixes: Option<&'f Fixes>,
    checked: Vec<Checked>,
}

fn run(
    checks: &[(&'static str, &'static str, Check)],
    examined: &Examined,
    screen: &mut Screen,
    findings: &mut Findings,
) -> Result<()> {
    for &(id, name, check) in checks {
        let mut finding = check(examined);
        let names_fix = |next: &Hint| next.commands().any(|command| command == FIX);
        if let Some(fixes) = findings.fixes.filter(|_| finding.next.as_ref().is_some_and(names_fix)) {
            finding.next = Some(fixes.next_step());
        }
        let checked = Checked { id, name, finding };
        screen.show(&checked)?;
        findings.checked.push(checked);
    }
    Ok(())
}

/// The command of a hint for what can be fixed with certainty.
const FIX: &str = "doctor --fix";

/// Fixes what can be fixed with certainty.
fn fixed(context: &Context) -> Fixes {
    let mut fixes = Fixes::default();
    fixes.of_state();
    if let Ok(profile) = diagnosis::choose(context.choice()) {
        fixes.of_credential(&profile);
    }
    fixes
}

/// A check and its finding.
struct Checked {
    /// Stable, for programs.
    id: &'static str,
    name: &'static str,
    finding: Finding,
}

impl Checked {
    fn json(&self, term: Term) -> Value {
        json!({
            "id": self.id,
            "check": self.name,
            "status": self.finding.status.name(),
            "text": self.finding.text,
            "hint": self.finding.hint(term),
        })
    }
}

/// Returns the failure of the first check, where not even the credential to check is known.
fn nothing_examined(error: Error, term: Term, fixes: Option<&Fixes>) -> Error {
    let location = Checked { id: "location", name: "location", finding: Finding::from_error(&error) };
    // The error itself follows on stderr: a closed stdout must not hide it behind another one.
    let mut screen = Screen::new(term, false);
    let _ = fixes.map_or(Ok(()), |fixes| screen.show_fixes(fixes)).and_then(|()| screen.show(&location));
    error.with_report(with_fixes(
        json!({ "profile": null, "location": null, "checks": [location.json(term)] }),
        fixes,
        term,
    ))
}

fn report(examined: &Examined, findings: &[Checked], term: Term, fixes: Option<&Fixes>) -> Value {
    let report = json!({
        "profile": examined.profile.name.as_ref().map(|name| name.as_str()),
        "location": examined.profile.location.plain(),
        "checks": findings.iter().map(|checked| checked.json(term)).collect::<Vec<_>>(),
    });
    with_fixes(report, fixes, term)
}

/// The report with what was fixed, if that was asked for.
fn with_fixes(mut report: Value, fixes: Option<&Fixes>, term: Term) -> Value {
    if let Some(fixes) = fixes {
        let (done, failed) = fixes.json(term.target());
        report["fixed"] = done;
        report["not_fixed"] = failed;
    }
    report
}
