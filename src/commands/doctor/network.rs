//! Checks of the credential itself: client, token, and what Google says of them.

use jiff::Timestamp;

use crate::commands::refresh::Minted;
use crate::credentials::project_number;
use crate::error::{Error, Kind};
use crate::google::{ADWORDS, Account};
use crate::term;

use super::Finding;
use super::case::{Answers, Case, Online};

/// Clocks that differ by more than this make TLS and tokens fail.
const SKEW: i64 = 300;
const LOGIN: &str = "run `gads-creds login`";
/// Two codes of the Google Ads API that have a check of their own.
const SERVICE_DISABLED: &str = "SERVICE_DISABLED";
const UNSUPPORTED_VERSION: &str = "UNSUPPORTED_VERSION";

pub fn client(case: &Case) -> Finding {
    let stored = case.stored();
    let Some(id) = &stored.client_id else { return nothing(case, "client id") };
    if stored.client_secret.is_none() {
        return nothing(case, "client secret");
    }
    if case.facts.client_id.as_ref().is_some_and(|of_token| of_token != id) {
        return Finding::fail(
            Kind::ClientRejected,
            "the refresh token was made with another OAuth client than the one stored beside it",
            "client id, client secret and refresh token are one unit: run `gads-creds login` with the client that is to be used",
        );
    }
    if let Err(error) = answered(case).map_or(Ok(()), |answers| answers.minted.as_ref().map(|_| ()))
        && error.kind == Kind::ClientRejected
    {
        return Finding::from_error(error);
    }
    if !id.ends_with(".apps.googleusercontent.com") {
        return Finding::warn(
            format!("`{}` does not look like a client id of Google", term::excerpt(id)),
            "compare it with https://console.cloud.google.com/auth/clients",
        );
    }
    let project = project_number(id).map(|number| format!(", Cloud project number {number}")).unwrap_or_default();
    Finding::ok(format!("{}{project}", term::excerpt(id)))
}

fn nothing(case: &Case, what: &str) -> Finding {
    Finding::fail(
        Kind::NotLoggedIn,
        format!("there is no {what} in {}", case.location),
        format!("run `gads-creds login{}`", case.profile.option()),
    )
}

pub fn token(case: &Case) -> Finding {
    let Some(token) = case.stored().refresh_token else { return nothing(case, "refresh token") };
    let text = token.expose();
    let mistaken = match text {
        _ if text.starts_with("4/") => "an authorization code",
        _ if text.starts_with("ya29.") => "an access token",
        _ if text.bytes().any(|byte| !byte.is_ascii_graphic()) => {
            "a text with blanks or other characters that no token has"
        }
        _ => return Finding::ok(format!("there, fingerprint {}", token.fingerprint())),
    };
    Finding::fail(
        Kind::NotLoggedIn,
        format!("what is stored as the refresh token is {mistaken}"),
        "run `gads-creds login`; a refresh token begins with `1//`",
    )
}

pub fn age(case: &Case) -> Finding {
    if case.stored().refresh_token.is_none() {
        return Finding::skip("there is no refresh token", "run `gads-creds login`");
    }
    match case.facts.life(Timestamp::now()) {
        Some(life) if !life.left.is_positive() => {
            Finding::fail(Kind::TokenRejected, life.text, life.hint.unwrap_or_else(|| LOGIN.to_owned()))
        }
        Some(life) => Finding::warn(life.text, life.hint.unwrap_or_else(|| "log in again before that".to_owned())),
        None => match case.facts.obtained {
            Some(time) => Finding::ok(format!("obtained {}, and Google set no end to it", time.strftime("%Y-%m-%d"))),
            None => Finding::ok("not known: this program did not obtain it, or nothing was worth remembering"),
        },
    }
}

pub fn reached(case: &Case) -> Finding {
    online(case, |answers| match trouble(answers) {
        Some(error) => Finding::from_error(error),
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

fn proxy() -> Option<&'static str> {
    let set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].into_iter().find(set)
}

pub fn clock(case: &Case) -> Finding {
    online(case, |answers| {
        let Some(theirs) = answers.server_time else {
            return Finding::skip("Google told no time", "see what is said of the network above");
        };
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

pub fn accepted(case: &Case) -> Finding {
    online(case, |answers| match &answers.minted {
        Ok(_) => Finding::ok("Google minted an access token with it"),
        Err(error) if matches!(error.kind, Kind::Unreachable | Kind::ClientRejected) => {
            Finding::skip("Google was not reached, or did not take the client", "mend what is said above first")
        }
        Err(error) => Finding::from_error(error),
    })
}

pub fn scopes(case: &Case) -> Finding {
    with_token(case, |minted, _| match &minted.grant.scopes {
        Some(scopes) if !scopes.contains(ADWORDS) => Finding::fail(
            Kind::GrantedTooLittle,
            "the token was not granted the scope of the Google Ads API",
            "run `gads-creds login` again and tick the box for Google Ads",
        ),
        Some(_) => Finding::ok("`adwords` is granted"),
        None => Finding::ok("Google named none, which means: as asked"),
    })
}

pub fn enabled(case: &Case) -> Finding {
    refused_as(case, SERVICE_DISABLED, "the API answers")
}

pub fn version(case: &Case) -> Finding {
    let text = answered(case).map(|answers| format!("{} is alive", answers.version)).unwrap_or_default();
    refused_as(case, UNSUPPORTED_VERSION, &text)
}

/// Fails if the Google Ads API refused with this code; whatever else it says is another check's matter.
fn refused_as(case: &Case, code: &str, good: &str) -> Finding {
    with_accounts(case, |accounts| match accounts {
        Err(error) if error.said.as_deref() == Some(code) => Finding::from_error(error),
        Err(error) if error.kind == Kind::Unreachable => no_answer(),
        Ok(_) | Err(_) => Finding::ok(good),
    })
}

pub fn account(case: &Case) -> Finding {
    with_accounts(case, |accounts| match accounts {
        Ok(accounts) if accounts.is_empty() => Finding::warn(
            "this Google account reaches no Google Ads account directly",
            "invite it at https://ads.google.com (Admin, Access and security), or log in with another account",
        ),
        Ok(accounts) => Finding::ok(format!("it reaches {}", named(accounts))),
        Err(error) if error.kind == Kind::Unreachable => no_answer(),
        Err(error) if matches!(error.said.as_deref(), Some(SERVICE_DISABLED | UNSUPPORTED_VERSION)) => {
            Finding::skip("the Google Ads API does not answer for it", "mend what is said above first")
        }
        Err(error) => Finding::from_error(error),
    })
}

fn named(accounts: &[Account]) -> String {
    let shown: Vec<&str> = accounts.iter().take(3).map(|account| account.id.as_str()).collect();
    let more = accounts.len().saturating_sub(shown.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

pub fn login_customer(case: &Case) -> Finding {
    let Some(wanted) = case.stored().login_customer_id else { return Finding::ok("none is set") };
    with_accounts(case, |accounts| {
        let Ok(accounts) = accounts else {
            return Finding::skip("the Google Ads API does not answer for it", "mend what is said above first");
        };
        let details = |account: &Account| account.details.clone();
        if let Some(account) = accounts.iter().find(|account| account.id == wanted) {
            return match details(account) {
                Some(details) if !details.manager => Finding::warn(
                    format!("{wanted} is reached, but it is no manager account"),
                    "that is right only if you call this account itself; else set its manager",
                ),
                _ => Finding::ok(format!("{wanted} is reached")),
            };
        }
        if accounts.iter().filter_map(details).any(|details| details.below.contains(&wanted)) {
            return Finding::ok(format!("{wanted} is reached through a manager account"));
        }
        Finding::fail(
            Kind::AdsRefused,
            format!("the login customer {wanted} is not among the accounts that this token reaches"),
            "set another with `gads-creds login --login-customer-id ID`, or log in with an account that has access to it",
        )
    })
}

fn no_answer() -> Finding {
    Finding::skip("the Google Ads API was not reached", "see what is said of the network above")
}

fn answered(case: &Case) -> Option<&Answers> {
    match &case.online {
        Online::Asked(answers) => Some(answers),
        Online::NotAsked(_) => None,
    }
}

fn online(case: &Case, check: impl FnOnce(&Answers) -> Finding) -> Finding {
    match &case.online {
        Online::Asked(answers) => check(answers),
        Online::NotAsked(why) => {
            Finding::skip(format!("not asked: {why}"), "run `gads-creds doctor` when it can be asked")
        }
    }
}

fn with_token(case: &Case, check: impl FnOnce(&Minted, &Answers) -> Finding) -> Finding {
    online(case, |answers| match &answers.minted {
        Ok(minted) => check(minted, answers),
        Err(_) => Finding::skip("there is no access token to ask with", "mend what is said above first"),
    })
}

fn with_accounts(case: &Case, check: impl FnOnce(&Result<Vec<Account>, Error>) -> Finding) -> Finding {
    with_token(case, |_, answers| match &answers.accounts {
        Some(accounts) => check(accounts),
        None => Finding::skip("there is no access token to ask with", "mend what is said above first"),
    })
}
