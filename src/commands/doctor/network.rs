//! Checks of the way to Google: reached at all, and at the same time of day.

use crate::error::{Error, Kind};
use crate::google::Endpoints;

use super::case::{Answers, Case, Online};
use super::{Finding, MEND};

/// Clocks that differ by more than this make TLS and tokens fail.
const SKEW: i64 = 300;

pub fn reached(case: &Case) -> Finding {
    if let Online::CannotAsk(error) = &case.online {
        return Finding::from_error(error);
    }
    online(case, |answers| match trouble(answers) {
        Some(error) => by_proxy(error),
        None if answers.server_time.is_none() && answers.minted.is_err() => {
            Finding::skip("Google was not asked: something was amiss before", MEND)
        }
        None => Finding::ok(match proxy() {
            Some(variable) => format!("Google answers, through the proxy that `{variable}` names"),
            None => "Google answers".to_owned(),
        }),
    })
}

/// The first answer that is no answer.
fn trouble(answers: &Answers) -> Option<&Error> {
    let accounts = answers.accounts.as_ref().and_then(|accounts| accounts.as_ref().err());
    [answers.minted.as_ref().err(), accounts].into_iter().flatten().find(|error| error.kind == Kind::Unreachable)
}

/// The failure, with the proxy that stands between named: its trouble looks like Google's.
fn by_proxy(error: &Error) -> Finding {
    let mut finding = Finding::from_error(error);
    if let Some(variable) = proxy() {
        finding.text = format!("{}, through the proxy that `{variable}` names", finding.text);
        // What is known of a certificate, a clock or the proxy itself has a better next step.
        let known = ["cannot trust", ": the proxy "].iter().any(|text| error.message.contains(text));
        if !known {
            finding.next = Some(format!("check that the proxy in `{variable}` runs, or unset the variable"));
        }
    }
    finding
}

/// The variable that sends us through a proxy; a stand-in is never asked through one.
fn proxy() -> Option<&'static str> {
    let direct = Endpoints::from_environment().is_ok_and(|endpoints| endpoints.origin().is_some());
    let set = |name: &&str| !direct && std::env::var_os(name).is_some_and(|value| !value.is_empty());
    ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].into_iter().find(set)
}

pub fn clock(case: &Case) -> Finding {
    online(case, |answers| {
        let Some(theirs) = answers.server_time else { return Finding::skip("Google told no time", MEND) };
        let ahead = answers.our_time.as_second() - theirs.as_second();
        if ahead.abs() <= SKEW {
            return Finding::ok("it agrees with Google's");
        }
        let side = if ahead > 0 { "ahead of" } else { "behind" };
        Finding::warn(
            format!("this machine's clock is {} minutes {side} Google's", ahead.abs() / 60),
            "set the clock; TLS and tokens depend on it",
        )
    })
}

/// A check that needs Google's answers.
pub fn online(case: &Case, check: impl FnOnce(&Answers) -> Finding) -> Finding {
    match &case.online {
        Online::Asked(answers) => check(answers),
        Online::NotAsked(why @ "`--offline` was given") => {
            Finding::skip(format!("not asked: {why}"), "run `gads-creds doctor` without it")
        }
        Online::NotAsked(why) => Finding::skip(format!("not asked: {why}"), MEND),
        Online::CannotAsk(_) => Finding::skip("Google cannot be asked", MEND),
    }
}
