//! What a login says in the end: accounts, the one line, the JSON object.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::commands::login::save::Kept;
use crate::commands::login::verify::{self, Verdict};
use crate::commands::login::{Attempt, next_step};
use crate::error::{Error, Kind, Result};
use crate::format::Severity;
use crate::google::{Account, ResultPage};
use crate::profile::{Profile, TokenMetadata, rfc3339};
use crate::secret::Secret;
use crate::store::Store;
use crate::term::{self, Term};

/// Says what was done; then what Google Ads thinks of it. What is stored is said before any question: whoever stops there knows
/// that the token is saved.
pub fn tell(term: Term, attempt: &Attempt, kept: Kept) -> Result<()> {
    let store = &*attempt.store;
    kept.notes.iter().for_each(|note| term.say(note));
    if let Verdict::Accounts(accounts) = &kept.verdict {
        let login_customer = attempt.given.login_customer_id.as_ref();
        verify::tell(accounts, login_customer.or(attempt.before.login_customer_id.as_ref()), term);
    }
    say_replaced(term, attempt, &kept.profile);
    say_stored(term, &kept.profile, store);
    if let Verdict::Accounts(accounts) = &kept.verdict {
        verify::pick_login_customer(accounts, store, term)
            .map_err(|error| error.with_report(object(&kept.profile, store, &[])))?;
    }
    warn_of_stumbling_blocks(store, term);
    warn_of_expiry(&kept.profile.metadata, term);
    let accounts = match kept.verdict {
        Verdict::Accounts(accounts) => accounts,
        Verdict::Store(doubt) => {
            doubt.iter().for_each(|error| warn_of_doubt(error, term));
            Vec::new()
        }
        Verdict::StoreAndFail(error) | Verdict::Refuse(error) => {
            return Err(error.with_report(object(&kept.profile, store, &[])));
        }
    };
    next_step::say(term, &kept.profile, store);
    if term.json { term.out_json(&object(&kept.profile, store, &accounts)) } else { Ok(()) }
}

/// The page that the browser shows in the end.
pub fn page(attempt: &Attempt, kept: &Kept, term: Term) -> ResultPage {
    let stored = format!("The refresh token is stored in {}.", attempt.store.location());
    let title = "You are logged in".to_owned();
    match &kept.verdict {
        Verdict::Accounts(accounts) => {
            let asks = verify::choices(accounts, &*attempt.store, term).is_ok_and(|managers| !managers.is_empty());
            let more = if asks { " The terminal has one more question." } else { "" };
            ResultPage { success: true, title, text: format!("{stored}{more}") }
        }
        Verdict::Store(Some(error)) if error.kind() == Kind::NotAdsUser => no_ads(error, &stored),
        Verdict::StoreAndFail(error) if matches!(error.kind(), Kind::Interrupted | Kind::Terminated) => {
            ResultPage { success: true, title, text: stored }
        }
        Verdict::StoreAndFail(error) | Verdict::Refuse(error) => no_ads(error, &stored),
        Verdict::Store(_) => ResultPage { success: true, title, text: stored },
    }
}

fn no_ads(error: &Error, stored: &str) -> ResultPage {
    ResultPage {
        success: false,
        title: "Logged in, but Google Ads cannot be used yet".to_owned(),
        text: format!("{}. {stored} The terminal says what to do next.", error.message()),
    }
}

/// Both fingerprints, where a token takes the place of another.
fn say_replaced(term: Term, attempt: &Attempt, profile: &Profile) {
    let (Some(old), Some(new)) = (attempt.replaces.as_ref().map(Secret::fingerprint), &profile.metadata.fingerprint)
    else {
        return;
    };
    if old != *new {
        term.say(&format!("the refresh token {old} was replaced by {new}"));
    }
}

fn warn_of_doubt(error: &Error, term: Term) {
    term.warn(&format!("stored, but not verified: {}", error.message()));
    if error.kind() == Kind::Unreachable {
        // Not its own hint: the login need not be tried again.
        term.hint("run `gads-creds doctor` later: it asks again");
    } else {
        error.next_step().cloned().into_iter().for_each(|hint| term.hint(hint));
    }
}

/// What the library will fail on although the credentials are right: lines that are not this login's to change.
fn warn_of_stumbling_blocks(store: &dyn Store, term: Term) {
    let (Some(format), Ok(contents)) = (store.format(), store.load()) else { return };
    for diagnostic in contents.diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error) {
        term.warn(&format!("{}: {diagnostic}", store.location()));
        term.hint(format!("fix that line, or the {} fails on it", format.reader()));
    }
}

fn warn_of_expiry(metadata: &TokenMetadata, term: Term) {
    // This machine's clock may be off; the token is new.
    if let Some(life) = metadata.expiry(metadata.issued_at.unwrap_or_else(Timestamp::now)) {
        term.warn(&life.text);
        life.hint.into_iter().for_each(|hint| term.hint(hint));
    }
}

/// The line for a login that was finished later; the object is for the caller to print.
pub fn recovered(term: Term, profile: &Profile, store: &dyn Store) -> Value {
    say_stored(term, profile, store);
    object(profile, store, &[])
}

/// The same when the token is stored and yet something failed: the error carries the object, so that there is one.
pub fn failed(term: Term, profile: &Profile, store: &dyn Store, error: Error) -> Error {
    say_stored(term, profile, store);
    error.with_report(object(profile, store, &[]))
}

fn say_stored(term: Term, profile: &Profile, store: &dyn Store) {
    let metadata = &profile.metadata;
    let account =
        metadata.account.as_deref().map(|account| format!(" for {}", term::excerpt(account))).unwrap_or_default();
    let name = profile.name.as_ref().map(|name| format!(" (profile `{name}`)")).unwrap_or_default();
    term.say(&format!("stored the refresh token in {}{name}{account}", store.location()));
}

/// The JSON object of a login.
pub fn object(profile: &Profile, store: &dyn Store, accounts: &[Account]) -> Value {
    let metadata = &profile.metadata;
    let accounts: Vec<_> = accounts
        .iter()
        .map(|account| {
            let details = account.details.as_ref();
            json!({
                "id": account.id.as_str(),
                "name": details.map(|details| &details.name),
                "manager": details.map(|details| details.manager),
            })
        })
        .collect();
    json!({
        "profile": profile.name.as_ref().map(|name| name.as_str()),
        "location": store.location(),
        "client_id": metadata.client_id,
        "scopes": metadata.scopes,
        "account": metadata.account,
        "issued_at": metadata.issued_at.map(rfc3339),
        "expires_at": metadata.expires_at.map(rfc3339),
        "accounts": accounts,
    })
}
