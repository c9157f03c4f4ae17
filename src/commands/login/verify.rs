//! Asks the Google Ads API after the consent which accounts the token can reach.

use crate::commands::login::{Attempt, Login};
use crate::credentials::CustomerId;
use crate::error::{Error, Kind, Result};
use crate::google::{self, Access, Account, Caller, DETAILS_LIMIT, Google, Grant};
use crate::hardening;
use crate::store::Store;
use crate::term::{self, Term};

/// The response of the Google Ads API, as far as it decides about storing.
pub enum Verdict {
    /// The accounts it listed.
    Accounts(Vec<Account>),
    /// Store and warn: the API was not asked or not reached, or `--force` overrides its error.
    Store(Option<Error>),
    /// Store, then fail: the credential is valid, but Google Ads rejects it.
    StoreAndFail(Error),
    /// Keep what was stored before.
    Reject(Error),
}

impl Verdict {
    /// The accounts, if Google Ads listed them.
    pub fn accounts(&self) -> Option<&[Account]> {
        match self {
            Verdict::Accounts(accounts) => Some(accounts),
            _ => None,
        }
    }
}

/// What an empty list of accounts means.
pub const NO_ACCOUNT: &str = "this Google account reaches no Google Ads account directly";

/// Asks the Google Ads API.
pub fn verify(login: &Login, term: Term, google: &Google, attempt: &Attempt, grant: &Grant) -> Verdict {
    let (given, before) = (&attempt.given, &attempt.before);
    // After Ctrl-C the token is stored without waiting for anything else.
    if login.no_verify || hardening::stopping().is_some() {
        return Verdict::Store(None);
    }
    let caller = Caller {
        access_token: grant.access_token.clone(),
        developer_token: given.developer_token.clone().or_else(|| before.developer_token.clone()),
        version: login.api_version.clone(),
    };
    let spinner = term.spinner("asking the Google Ads API which accounts this is");
    let login_customer = given.login_customer_id.as_ref().or(before.login_customer_id.as_ref());
    let response = google.accounts_with_details(&caller, login_customer);
    drop(spinner);
    let error = match response {
        Ok(accounts) => return Verdict::Accounts(accounts),
        Err(error) => error,
    };
    let nothing_to_keep = before.refresh_token().is_none();
    match error.kind() {
        Kind::NotAdsUser | Kind::TokenRejected | Kind::GrantedTooLittle if login.force => Verdict::Store(Some(error)),
        Kind::NotAdsUser | Kind::TokenRejected | Kind::GrantedTooLittle if nothing_to_keep => {
            Verdict::StoreAndFail(error)
        }
        Kind::NotAdsUser | Kind::TokenRejected | Kind::GrantedTooLittle => Verdict::Reject(error),
        // Whatever responded there is not the Google Ads API, so this shows nothing about the credential.
        Kind::AdsRefused if login.force || error.google_code() == Some("NOT_FOUND") => Verdict::Store(Some(error)),
        Kind::AdsRefused | Kind::Interrupted | Kind::Terminated => Verdict::StoreAndFail(error),
        _ => Verdict::Store(Some(error)),
    }
}

/// Shows the accounts and whether the login customer is among them.
pub fn print(accounts: &[Account], login_customer: Option<&CustomerId>, term: Term) {
    if accounts.is_empty() {
        term.warn(NO_ACCOUNT);
        term.hint("invite it at https://ads.google.com (Admin, Access and security), or log in with another account");
    } else {
        term.say("Google Ads accounts that this token reaches directly:");
    }
    accounts.iter().take(DETAILS_LIMIT).for_each(|account| term.say(&format!("  {}", line(account))));
    if accounts.len() > DETAILS_LIMIT {
        term.say(&format!("  and {} more", accounts.len() - DETAILS_LIMIT));
    }
    let Some(wanted) = login_customer else { return };
    match google::access_to(wanted, accounts) {
        Access::Direct | Access::ThroughManager => {}
        Access::Unknown => {
            term.warn(&format!("it is not known whether this token reaches the login customer {wanted}: it is not one of these accounts, and not all of them listed what they manage"));
            term.hint("look for it at https://ads.google.com, with the account that you logged in with");
        }
        Access::None => {
            term.warn(&format!("the login customer {wanted} is not among the accounts that this token reaches"));
            term.hint(
                "log in with an account that has access to it, or set another: `gads-creds set --login-customer-id ID`",
            );
        }
    }
}

fn line(account: &Account) -> String {
    let details = account.details.as_ref();
    let name = details.map(|details| term::excerpt(&details.name)).unwrap_or_default();
    let manager = if details.is_some_and(|details| details.manager) { "  (manager)" } else { "" };
    format!("{}  {name}{manager}", account.id).trim_end().to_owned()
}

/// Returns the manager accounts that can be chosen as login customer; empty if one is set, or nobody can be asked.
pub fn choices<'a>(accounts: &'a [Account], store: &dyn Store, term: Term) -> Result<Vec<&'a Account>> {
    if !term.input || store.load()?.credentials.login_customer_id.is_some() {
        return Ok(Vec::new());
    }
    let is_manager = |account: &&Account| account.details.as_ref().is_some_and(|details| details.manager);
    Ok(accounts.iter().filter(is_manager).collect())
}

/// Lets the user choose the manager account to go through, by its number in the list or by its ID; asks again until it
/// is one of them or Enter.
///
/// This comes after the token is stored: an unanswered prompt must not delay that.
pub fn pick_login_customer(accounts: &[Account], store: &dyn Store, term: Term) -> Result<()> {
    let managers = choices(accounts, store, term)?;
    if managers.is_empty() {
        return Ok(());
    }
    term.must("Go through a manager account? It is sent as `login_customer_id` with every call.");
    for (number, account) in managers.iter().enumerate() {
        term.must(&format!("  {}  {}", number + 1, line(account)));
    }
    loop {
        let answer = term
            .ask("Number or ID, or Enter for none (`--login-customer-id ID` answers this):")
            .map_err(|error| {
                error.adding("no login customer is set").hint("`gads-creds set --login-customer-id ID` sets one")
            })?
            .unwrap_or_default();
        if answer.is_empty() {
            // Another run may have set it meanwhile.
            term.say(&match store.load()?.credentials.login_customer_id {
                Some(id) => format!("login customer {id} stays"),
                None => "no login customer is set".to_owned(),
            });
            return Ok(());
        }
        let number = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let by_id = CustomerId::typed(&answer);
        let listed = number.and_then(|index| managers.get(index).copied());
        let chosen = listed.or_else(|| managers.iter().copied().find(|account| Some(&account.id) == by_id.as_ref()));
        let Some(chosen) = chosen else {
            let numbers =
                if managers.len() == 1 { "1".to_owned() } else { format!("a number from 1 to {}", managers.len()) };
            term.must(&format!("`{}` is neither {numbers} nor an ID in this list", term::excerpt(&answer)));
            continue;
        };
        let lock = store.lock()?;
        store.update(&lock, &|stored| stored.login_customer_id = Some(chosen.id.clone()))?;
        term.say(&format!("login customer {} stored", chosen.id));
        return Ok(());
    }
}
