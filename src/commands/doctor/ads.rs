//! Checks what the Google Ads API returns: scope, enabled API, version, account, login customer.

use crate::credentials::is_of_gcloud;
use crate::diagnosis;
use crate::error::{Error, Kind};
use crate::google::{self, ADWORDS, Access, Account};
use crate::tokens::{self, Minted};

use super::examined::{Examined, Responses};
use super::network::online;
use super::{FIX_FIRST, Finding, UNREADABLE};

/// Codes of the Google Ads API that have a check of their own.
const SCOPE: &str = "ACCESS_TOKEN_SCOPE_INSUFFICIENT";
const SERVICE_DISABLED: &str = "SERVICE_DISABLED";
const VERSION: [&str; 2] = ["UNSUPPORTED_VERSION", "NOT_FOUND"];

pub fn scopes(examined: &Examined) -> Finding {
    with_token(examined, |minted, responses| match (&minted.grant.scopes, &responses.accounts) {
        (Some(scopes), _) if !scopes.contains(ADWORDS) => Finding::fail(
            Kind::GrantedTooLittle,
            "the token was not granted the scope of the Google Ads API",
            "run `gads-creds login` again and tick the box for Google Ads",
        ),
        (_, Some(Err(error))) if error.google_code() == Some(SCOPE) => Finding::from_error(error),
        (Some(_), _) => Finding::ok("`adwords` is granted"),
        (None, _) => Finding::ok("Google returned none, so they are as requested"),
    })
}

pub fn enabled(examined: &Examined) -> Finding {
    with_accounts(examined, |accounts, _| match accounts {
        Err(error) if error.google_code() == Some(SERVICE_DISABLED) => {
            let mut finding = Finding::from_error(error);
            if examined.stored().client_id().is_some_and(is_of_gcloud) {
                // Nobody but Google can enable it in gcloud's project.
                finding.next = Some(diagnosis::OWN_CLIENT.into());
            }
            finding
        }
        Err(error) if is(error, &VERSION) => Finding::skip("the API version is not supported", FIX_FIRST),
        Ok(_) | Err(_) => Finding::ok("the API responds"),
    })
}

pub fn version(examined: &Examined) -> Finding {
    with_accounts(examined, |accounts, responses| match accounts {
        Err(error) if is(error, &VERSION) => Finding::from_error(error),
        Err(error) if is(error, &[SERVICE_DISABLED]) => Finding::skip("the API is not enabled", FIX_FIRST),
        Ok(_) | Err(_) => Finding::ok(format!("{} is supported", responses.version)),
    })
}

fn is(error: &Error, codes: &[&str]) -> bool {
    error.google_code().is_some_and(|code| codes.contains(&code))
}

pub fn account(examined: &Examined) -> Finding {
    with_accounts(examined, |accounts, _| match accounts {
        Ok(accounts) if accounts.is_empty() => match invitee(examined) {
            Some(invitee) => Finding::from_error(&tokens::no_access(&invitee, None)),
            None => Finding::warn(
                "this Google account reaches no Google Ads account directly",
                "invite it at https://ads.google.com (Admin, Access and security), or log in with another account",
            ),
        },
        Ok(accounts) => Finding::ok(format!("it reaches {}", named(accounts))),
        Err(error) if is(error, &VERSION) || is(error, &[SERVICE_DISABLED]) => {
            Finding::skip("the Google Ads API returned an error", FIX_FIRST)
        }
        Err(error) if error.kind() == Kind::NotAdsUser => match invitee(examined) {
            Some(invitee) => Finding::from_error(&tokens::no_access(&invitee, error.google_code())),
            None => Finding::from_error(error),
        },
        Err(error) => Finding::from_error(error),
    })
}

/// Returns the address that a Google Ads account has to invite: the service account's, or that of the user it acts for.
fn invitee(examined: &Examined) -> Option<String> {
    let stored = examined.stored();
    let user = stored.service_account()?.impersonate.clone();
    user.or_else(|| examined.key.as_ref()?.as_ref().ok().map(|key| key.email.clone()))
}

fn named(accounts: &[Account]) -> String {
    let shown: Vec<&str> = accounts.iter().take(3).map(|account| account.id.as_str()).collect();
    let more = accounts.len().saturating_sub(shown.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

pub fn login_customer(examined: &Examined) -> Finding {
    if examined.contents.is_err() {
        return Finding::skip(UNREADABLE, FIX_FIRST);
    }
    let Some(wanted) = examined.stored().login_customer_id else { return Finding::ok("none is set") };
    with_accounts(examined, |accounts, _| {
        let Ok(accounts) = accounts else {
            return Finding::skip("the Google Ads API returned an error", FIX_FIRST);
        };
        if let Some(account) = accounts.iter().find(|account| account.id == wanted) {
            return match (&account.details, &account.error) {
                (Some(details), _) if details.manager => Finding::ok(format!("{wanted} is a manager account")),
                (Some(_), _) => Finding::ok(format!("{wanted} is reached; it manages no other account")),
                (None, Some(error)) if error.kind() != Kind::Unreachable => {
                    let mut finding = Finding::from_error(error);
                    finding.text = format!("login customer {wanted}: {}", finding.text);
                    finding
                }
                (None, _) => {
                    Finding::skip(format!("{wanted} is listed, but its details did not arrive in time"), "try again")
                }
            };
        }
        match google::access_to(&wanted, accounts) {
            Access::Direct | Access::ThroughManager => {
                return Finding::ok(format!("{wanted} is reached through a manager account"));
            }
            Access::Unknown => {
                let text = format!("{wanted} is not listed, and some accounts did not list what they manage");
                return Finding::skip(text, "try again, or look for it at https://ads.google.com");
            }
            Access::None => {}
        }
        Finding::fail(
            Kind::AdsRefused,
            format!("the login customer {wanted} is not among the accounts that this token reaches"),
            "run `gads-creds set --login-customer-id ID` with a manager account that you can reach, or log in with an \
             account that has access to it",
        )
    })
}

fn with_token(examined: &Examined, check: impl FnOnce(&Minted, &Responses) -> Finding) -> Finding {
    online(examined, |responses| match &responses.minted {
        Ok(minted) => check(minted, responses),
        Err(_) => Finding::skip("there is no access token to ask with", FIX_FIRST),
    })
}

/// Runs a check that needs the API's own response: it was reached, with a token that has the scope.
fn with_accounts(
    examined: &Examined,
    check: impl FnOnce(&Result<Vec<Account>, Error>, &Responses) -> Finding,
) -> Finding {
    with_token(examined, |minted, responses| match &responses.accounts {
        Some(Err(error)) if error.kind() == Kind::Unreachable => {
            Finding::skip("the Google Ads API was not reached", FIX_FIRST)
        }
        Some(Err(error)) if is(error, &[SCOPE]) => Finding::skip("the scope is missing", FIX_FIRST),
        Some(Err(_)) if minted.grant.scopes.as_ref().is_some_and(|scopes| !scopes.contains(ADWORDS)) => {
            Finding::skip("the scope is missing", FIX_FIRST)
        }
        Some(accounts) => check(accounts, responses),
        None => Finding::skip("there is no access token to ask with", FIX_FIRST),
    })
}
