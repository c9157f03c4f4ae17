//! Checks the network: Google is reached, and the clocks agree.

use crate::error::{Detail, Error, Kind, Transport};
use crate::google::{Endpoints, proxy_variable};
use crate::tokens::clock;

use super::examined::{Examined, Online, Responses};
use super::{FIX_FIRST, Finding};

pub fn reached(examined: &Examined) -> Finding {
    if let Online::CannotAsk(error) = &examined.online {
        return Finding::from_error(error);
    }
    let endpoints = examined.endpoints();
    online(examined, |responses| match transport_error(responses, endpoints) {
        Some((error, proxy)) => by_proxy(error, proxy),
        None if responses.clock_error.is_none() && responses.minted.is_err() => {
            Finding::skip("Google was not asked because of an earlier failure", FIX_FIRST)
        }
        None => Finding::ok(match proxy_variable(&endpoints.token) {
            Some(variable) => format!("Google responds, through the proxy that `{variable}` names"),
            None => "Google responds".to_owned(),
        }),
    })
}

/// Returns the first response that is a transport error, and the variable that names the proxy of the request.
fn transport_error<'a>(responses: &'a Responses, endpoints: &Endpoints) -> Option<(&'a Error, Option<&'static str>)> {
    let accounts = responses.accounts.as_ref().and_then(|accounts| accounts.as_ref().err());
    let errors = [(responses.minted.as_ref().err(), &endpoints.token), (accounts, &endpoints.ads)];
    let (error, url) =
        errors.into_iter().find(|(error, _)| error.is_some_and(|error| error.kind() == Kind::Unreachable))?;
    Some((error?, proxy_variable(url)))
}

/// Returns the failure and names the proxy that was used: a proxy's errors look like Google's.
fn by_proxy(error: &Error, proxy: Option<&str>) -> Finding {
    let mut finding = Finding::from_error(error);
    if let Some(variable) = proxy {
        finding.text = format!("{}, through the proxy that `{variable}` names", finding.text);
        // A certificate, clock, name or proxy error has a better next step of its own.
        let has_better =
            matches!(error.detail(), Some(Detail::Transport(Transport::Tls | Transport::Proxy | Transport::Name)));
        if !has_better {
            finding.next = Some(format!("check that the proxy in `{variable}` runs, or unset the variable").into());
        }
    }
    finding
}

pub fn clock(examined: &Examined) -> Finding {
    online(examined, |responses| {
        let Some(ahead) = responses.clock_error else {
            let skipped = Finding::skip("Google sent no time", FIX_FIRST);
            // Without a failure there is nothing to do: a proxy may leave the header out.
            return Finding { next: skipped.next.filter(|_| responses.minted.is_err()), ..skipped };
        };
        match clock::readings(ahead) {
            None => Finding::ok("it agrees with Google's"),
            Some(text) => Finding::warn(text, clock::SET_THE_CLOCK),
        }
    })
}

/// Runs a check that needs Google's responses.
pub fn online(examined: &Examined, check: impl FnOnce(&Responses) -> Finding) -> Finding {
    match &examined.online {
        Online::Asked(responses) => check(responses),
        Online::NotAsked(why @ "`--offline` was given") => {
            Finding::skip(format!("not asked: {why}"), "run `gads-creds doctor` without `--offline`")
        }
        Online::NotAsked(why) if examined.contents.is_err() || examined.is_empty() => Finding::skip(*why, FIX_FIRST),
        Online::NotAsked(why) => Finding::skip(format!("not asked: {why}"), FIX_FIRST),
        Online::CannotAsk(_) => Finding::skip("Google cannot be asked", FIX_FIRST),
    }
}
