//! The report at the end of a login: accounts, the one line, the JSON object.

use serde_json::{Value, json};

use crate::clock;
use crate::commands::login::save::Kept;
use crate::commands::login::verify::{self, Verdict};
use crate::commands::login::{Attempt, next_step};
use crate::commands::{library_errors, work_tree};
use crate::error::{Error, Kind, Result};
use crate::google::{Account, ResultPage};
use crate::profile::{self, Location, Profile, TokenMetadata, rfc3339};
use crate::recovery::Pending;
use crate::secret::Secret;
use crate::store::Store;
use crate::term::{self, Term};

/// Reports what was stored, then whether Google Ads accepts it. The report comes before any prompt, so that a user who
/// stops there knows the token is saved.
pub fn print(term: Term, attempt: &Attempt, kept: Kept) -> Result<()> {
    // The client and the store are saved: another login needs no options for them.
    let term = term.about(kept.profile.target());
    let store = &*attempt.store;
    kept.notes.iter().for_each(|note| term.say(note));
    if let Verdict::Accounts(accounts) = &kept.verdict {
        let login_customer = attempt.given.login_customer_id.as_ref();
        verify::print(accounts, login_customer.or(attempt.before.login_customer_id.as_ref()), term);
    }
    let replaced = Replaced::by(attempt, &kept.profile);
    replaced.iter().for_each(|replaced| replaced.say(term, &kept.profile));
    say_stored(term, &kept.profile, store, "refresh token");
    if let Verdict::Accounts(accounts) = &kept.verdict {
        verify::pick_login_customer(accounts, store, term).map_err(|error| {
            let error = match error.kind() {
                Kind::Interrupted => error.adding(&format!("the refresh token is stored in {}", store.location())),
                _ => error,
            };
            error.with_report(
                term.with_warnings(with_replaced(object(&kept.profile, Some(accounts)), replaced.as_ref())),
            )
        })?;
    }
    if let Location::File { path, .. } = &kept.profile.location {
        work_tree::warn_of(path, term);
    }
    library_errors::warn(&kept.profile.location, store, &kept.profile.target(), term);
    warn_of_expiry(&kept.profile.metadata, term);
    let mut object = with_replaced(object(&kept.profile, kept.verdict.accounts()), replaced.as_ref());
    match kept.verdict {
        Verdict::Accounts(_) | Verdict::Store(None) => next_step::say(term, &kept.profile, store),
        Verdict::Store(Some(error)) => {
            warn_of_doubt(&error, term);
            object["google_code"] = error.google_code().into();
            if !is_rejection(&error) {
                next_step::say(term, &kept.profile, store);
            }
        }
        Verdict::StoreAndFail(error) | Verdict::Reject(error) => {
            object["google_code"] = error.google_code().into();
            return Err(error.with_report(term.with_warnings(object)));
        }
    }
    if term.json { term.out_json(&term.with_warnings(object)) } else { Ok(()) }
}

/// Returns the page that the browser shows at the end.
pub fn page(attempt: &Attempt, kept: &Kept, term: Term) -> ResultPage {
    let stored = format!("The refresh token is stored in {}.", attempt.profile.location.plain());
    let title = "You are logged in".to_owned();
    match &kept.verdict {
        Verdict::Accounts(accounts) if accounts.is_empty() => no_ads(verify::NO_ACCOUNT, &stored),
        Verdict::Accounts(accounts) => {
            let asks = verify::choices(accounts, &*attempt.store, term).is_ok_and(|managers| !managers.is_empty());
            let more = if asks { " The terminal has one more question." } else { "" };
            ResultPage { success: true, title, text: format!("{stored}{more}") }
        }
        Verdict::Store(Some(error)) if error.kind() == Kind::NotAdsUser => no_ads(error.message(), &stored),
        Verdict::StoreAndFail(error) if error.kind().is_stop() => ResultPage { success: true, title, text: stored },
        Verdict::StoreAndFail(error) | Verdict::Reject(error) => no_ads(error.message(), &stored),
        Verdict::Store(_) => ResultPage { success: true, title, text: stored },
    }
}

fn no_ads(why: &str, stored: &str) -> ResultPage {
    ResultPage {
        success: false,
        title: "Logged in, but Google Ads cannot be used yet".to_owned(),
        text: format!("{why}. {stored} The terminal says what to do next."),
    }
}

/// A different refresh token that was stored before.
pub struct Replaced {
    fingerprint: String,
    /// The account that it was issued for, if known.
    account: Option<String>,
}

impl Replaced {
    fn by(attempt: &Attempt, profile: &Profile) -> Option<Replaced> {
        let replaced = Replaced::token(attempt.replaces.as_ref()?, &attempt.profile.metadata);
        (profile.metadata.fingerprint.as_ref() != Some(&replaced.fingerprint)).then_some(replaced)
    }

    /// `metadata` is that of the profile before the login.
    pub fn token(token: &Secret, metadata: &TokenMetadata) -> Replaced {
        Replaced { fingerprint: token.fingerprint(), account: metadata.valid_for(token).account }
    }

    /// Warns that a key takes the place of the token, which Google goes on accepting. `location` is where both are stored.
    pub fn warn_of_key(&self, location: &str, term: Term) {
        let account = self.account.as_ref().map(|account| format!(" for {}", term::excerpt(account)));
        term.warn(&format!(
            "the key replaces the refresh token {}{} in {location}, which stays valid at Google",
            self.fingerprint,
            account.unwrap_or_default()
        ));
        term.hint(
            "if no other program needs it, remove its access at https://myaccount.google.com/connections; before such a login \
             `gads-creds revoke` does that",
        );
    }

    /// Reports both fingerprints, and both accounts unless they are the same or neither is known. Another local user
    /// who takes over the browser's request would log in with another account, and no response names the account unless
    /// that was requested.
    fn say(&self, term: Term, profile: &Profile) {
        let new = profile.metadata.fingerprint.as_deref().unwrap_or_default();
        term.say(&format!("the refresh token {} was replaced by {new}", self.fingerprint));
        let Some(old) = &self.account else { return };
        let shown = term::excerpt(old);
        match &profile.metadata.account {
            Some(new) if new.eq_ignore_ascii_case(old) => {}
            Some(new) => {
                term.warn(&format!("the previous token was for {shown}, this one is for {}", term::excerpt(new)));
                term.hint(expecting(old));
            }
            None => {
                term.warn(&format!(
                    "the previous token was for {shown}; it is not known which account this one is for"
                ));
                term.hint(expecting(old));
            }
        }
    }
}

fn expecting(account: &str) -> String {
    let account = profile::quoted(account.as_ref());
    format!("to require that account, run `gads-creds login --expect-account {account}`")
}

/// Returns the object with the token that was replaced.
pub fn with_replaced(mut object: Value, replaced: Option<&Replaced>) -> Value {
    let known = |replaced: &Replaced| json!({ "fingerprint": replaced.fingerprint, "account": replaced.account });
    object["replaced"] = replaced.map_or(Value::Null, known);
    object
}

/// Whether the Google Ads API rejected this credential; else nothing is known.
fn is_rejection(error: &Error) -> bool {
    let has_refused =
        matches!(error.kind(), Kind::NotAdsUser | Kind::TokenRejected | Kind::GrantedTooLittle | Kind::AdsRefused);
    has_refused && error.google_code() != Some("NOT_FOUND")
}

fn warn_of_doubt(error: &Error, term: Term) {
    let fact = if is_rejection(error) { "stored, although Google Ads rejects it" } else { "stored, but not verified" };
    term.warn(&format!("{fact}: {}", error.message()));
    if error.kind() == Kind::Unreachable {
        // Not the error's own hint: the login need not be repeated.
        term.hint("run `gads-creds doctor` later: it asks again");
    } else {
        error.next_step().cloned().into_iter().for_each(|hint| term.hint(hint));
    }
}

fn warn_of_expiry(metadata: &TokenMetadata, term: Term) {
    // This machine's clock may be off; the token is new.
    if let Some(life) = metadata.expiry(metadata.issued_at.unwrap_or_else(clock::now)) {
        term.warn(&life.text);
        life.hint.into_iter().for_each(|hint| term.hint(hint));
    }
}

/// Prints the line for a recovered login; the caller prints the object.
pub fn recovered(term: Term, profile: &Profile, store: &dyn Store, pending: &Pending) -> Value {
    say_stored(term, profile, store, pending.what());
    let mut object = object(profile, None);
    if pending.credentials.key_document().is_some() {
        object["kind"] = "service_account".into();
    }
    object
}

/// Returns the error for a token that is stored although something else failed. The error carries the JSON object, so
/// that only one is printed.
pub fn failed(term: Term, profile: &Profile, store: &dyn Store, error: Error) -> Error {
    say_stored(term, profile, store, "refresh token");
    error.with_report(term.with_warnings(object(profile, None)))
}

fn say_stored(term: Term, profile: &Profile, store: &dyn Store, what: &str) {
    let metadata = &profile.metadata;
    let account =
        metadata.account.as_deref().map(|account| format!(" for {}", term::excerpt(account))).unwrap_or_default();
    let name = profile.name.as_ref().map(|name| format!(" (profile `{name}`)")).unwrap_or_default();
    term.say(&format!("stored the {what} in {}{name}{account}", store.location()));
}

/// Returns the JSON object of a login; `accounts` are those that Google Ads listed, if it did.
pub fn object(profile: &Profile, accounts: Option<&[Account]>) -> Value {
    let metadata = &profile.metadata;
    let is_verified = accounts.is_some();
    let accounts: Vec<_> = accounts
        .unwrap_or_default()
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
        "location": profile.location.plain(),
        "client_id": metadata.client_id,
        "scopes": metadata.scopes,
        "account": metadata.account,
        "issued_at": metadata.issued_at.map(rfc3339),
        "expires_at": metadata.expires_at.map(rfc3339),
        "accounts": accounts,
        "verified": is_verified,
        "google_code": null,
    })
}
