//! Checks of the way to Google: reached at all, and at the same time of day.

use crate::error::{Detail, Error, Kind, Transport};
use crate::google::Endpoints;
use crate::tokens::clock;

use super::examined::{Answers, Examined, Online};
use super::{FIX_FIRST, Finding};

pub fn reached(examined: &Examined) -> Finding {
    if let Online::CannotAsk(error) = &examined.online {
        return Finding::from_error(error);
    }
    online(examined, |answers| match trouble(answers) {
        Some(error) => by_proxy(error),
        None if answers.clock_error.is_none() && answers.minted.is_err() => {
            Finding::skip("Google was not asked: something was amiss before", FIX_FIRST)
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
    [answers.minted.as_ref().err(), accounts].into_iter().flatten().find(|error| error.kind() == Kind::Unreachable)
}

/// The failure, with the proxy that stands between named: its trouble looks like Google's.
fn by_proxy(error: &Error) -> Finding {
    let mut finding = Finding::from_error(error);
    if let Some(variable) = proxy() {
        finding.text = format!("{}, through the proxy that `{variable}` names", finding.text);
        // What is known of a certificate, a clock or the proxy itself has a better next step.
        let has_better = matches!(error.detail(), Some(Detail::Transport(Transport::Tls | Transport::Proxy)));
        if !has_better {
            finding.next = Some(format!("check that the proxy in `{variable}` runs, or unset the variable").into());
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

pub fn clock(examined: &Examined) -> Finding {
    online(examined, |answers| {
        let Some(ahead) = answers.clock_error else { return Finding::skip("Google sent no time", FIX_FIRST) };
        match clock::readings(ahead) {
            None => Finding::ok("it agrees with Google's"),
            Some(text) => Finding::warn(text, "set the clock; TLS and tokens depend on it"),
        }
    })
}

/// A check that needs Google's answers.
pub fn online(examined: &Examined, check: impl FnOnce(&Answers) -> Finding) -> Finding {
    match &examined.online {
        Online::Asked(answers) => check(answers),
        Online::NotAsked(why @ "`--offline` was given") => {
            Finding::skip(format!("not asked: {why}"), "run `gads-creds doctor` without it")
        }
        Online::NotAsked(why) => Finding::skip(format!("not asked: {why}"), FIX_FIRST),
        Online::CannotAsk(_) => Finding::skip("Google cannot be asked", FIX_FIRST),
    }
}
