//! What a login says in the end: accounts, the one line, the JSON object.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::commands::login::Attempt;
use crate::commands::login::save::Kept;
use crate::commands::login::verify::{self, Verdict};
use crate::error::{Error, Kind, Result};
use crate::format::Severity;
use crate::google::Account;
use crate::profile::{Profile, TokenMetadata, rfc3339};
use crate::store::Store;
use crate::term::{self, Term};

/// Says what was done; then what Google Ads thinks of it.
pub fn tell(term: Term, attempt: &Attempt, kept: Kept) -> Result<()> {
    let store = &*attempt.store;
    kept.notes.iter().for_each(|note| term.say(note));
    if let Verdict::Accounts(accounts) = &kept.verdict {
        let login_customer = attempt.given.login_customer_id.as_ref();
        verify::tell(accounts, login_customer.or(attempt.before.login_customer_id.as_ref()), term);
        match verify::pick_login_customer(accounts, store, term) {
            Ok(Some(chosen)) => term.say(&format!("login customer {chosen} stored")),
            Ok(None) => {}
            Err(error) => return Err(failed(term, &kept.profile, store, error)),
        }
    }
    warn_of_stumbling_blocks(store, term);
    warn_of_death(&kept.profile.metadata, term);
    match kept.verdict {
        Verdict::Accounts(accounts) => report(term, &kept.profile, store, &accounts),
        Verdict::Store(doubt) => {
            report(term, &kept.profile, store, &[])?;
            doubt.iter().for_each(|error| warn_of_doubt(error, term));
            Ok(())
        }
        Verdict::StoreAndFail(error) | Verdict::Refuse(error) => Err(failed(term, &kept.profile, store, error)),
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

fn warn_of_death(metadata: &TokenMetadata, term: Term) {
    if let Some(life) = metadata.expiry(Timestamp::now()) {
        term.warn(&life.text);
        life.hint.into_iter().for_each(|hint| term.hint(hint));
    }
}

/// The one line at the end, or the JSON object.
fn report(term: Term, profile: &Profile, store: &dyn Store, accounts: &[Account]) -> Result<()> {
    say_stored(term, profile, store);
    if term.json { term.out_json(&object(profile, store, accounts)) } else { Ok(()) }
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

fn object(profile: &Profile, store: &dyn Store, accounts: &[Account]) -> Value {
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
