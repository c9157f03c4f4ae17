//! Takes what Google granted to the store: checked first, and never lost on the way.

use std::collections::BTreeSet;

use crate::commands::login::attempt::{Attempt, take};
use crate::commands::login::verify::{self, Verdict};
use crate::commands::login::{Login, old_store};
use crate::error::{Error, Kind, Result};
use crate::google::{ADWORDS, Google, Grant, NoGrant};
use crate::profile::{self, Profile, TokenMetadata};
use crate::recovery::Pending;
use crate::secret::Secret;
use crate::store::{self, Purpose};
use crate::term::{self, Term};
use crate::tokens::{NewToken, NotSaved, clock};

/// What a login stored.
pub struct Kept {
    pub profile: Profile,
    pub notes: Vec<String>,
    pub verdict: Verdict,
}

/// Checks the grant and stores it, with a recovery file until then. Once it is stored, nothing is a failure any more.
pub fn keep(login: &Login, term: Term, google: &Google, attempt: &mut Attempt, grant: Grant) -> Result<Kept> {
    let token = checked(login, &grant, term)?;
    let new = secured(&token, metadata(login, &grant, &token, google, attempt), attempt);
    let verdict = match new.unsecured() {
        None => verify::verify(login, term, google, attempt, &grant),
        // The token is in memory only, so it is stored at once.
        Some(error) => Verdict::Store(Some(error.clone())),
    };
    if let Verdict::Reject(error) = verdict {
        let left = new.discard().map(|note| format!("; {note}")).unwrap_or_default();
        return Err(error.adding(&format!("what was stored before is unchanged{left}")));
    }
    let (profile, mut notes) = match new.save(|new| store(attempt, new)) {
        Ok(saved) => saved,
        Err(not_saved) if not_saved.is_lost() => return Err(lost(not_saved.cause(), &token, term)),
        Err(not_saved) => return Err(not_saved.into_error()),
    };
    match &attempt.old {
        Some(old) => notes.extend(old.take_out(term)),
        None => old_store::warn_of_left_behind(&profile, term),
    }
    if let Some(difference) = google.clock_error().and_then(clock::difference) {
        term.warn(&format!("{difference}; the times that were saved are Google's"));
        term.hint(clock::SET_THE_CLOCK);
    }
    Ok(Kept { profile, notes, verdict })
}

/// Returns the error of an exchange without a grant. A refresh token that came all the same waits to be recovered: whether it is
/// of use is not known, and nobody else has it. That of an account that cannot be checked is not kept.
pub fn without_grant(
    login: &Login,
    google: &Google,
    attempt: &Attempt,
    NoGrant { error, issued, .. }: NoGrant,
) -> Error {
    let Some(token) = issued.filter(|_| login.expect_account.is_none()) else { return error };
    let error = error.hint("check whether a proxy changes Google's responses");
    let saved = secured(&token, bare_metadata(&token, google, attempt), attempt).save(|_| Err(error.clone()));
    saved.map_or_else(NotSaved::into_error, |_| error)
}

/// Writes the recovery file of a token.
fn secured(token: &Secret, metadata: TokenMetadata, attempt: &Attempt) -> NewToken {
    let mut profile = attempt.profile.clone();
    profile.metadata = metadata;
    let mut credentials = attempt.given.clone();
    credentials.set_refresh_token(Some(token.clone()));
    let replaces = attempt.replaces.as_ref().map(Secret::fingerprint);
    let moves_from = attempt.moves_from.clone();
    NewToken::secure(Pending { profile, credentials, replaces, rotated: false, moves_from })
}

/// Stores the token and records the profile: without a profile, nobody would find the token.
fn store(attempt: &mut Attempt, new: &mut NewToken) -> Result<Vec<String>> {
    let mut lock = attempt.store.lock()?;
    // A quicker login for another profile may have taken the file that was free when this one began.
    let found = attempt.store.load()?.credentials.refresh_token().cloned();
    let mut replaces_newer = found.is_some() && found != attempt.replaces;
    if replaces_newer && let Some(elsewhere) = profile::relocated(&new.pending.profile)? {
        attempt.store = store::open(&elsewhere.location, Purpose::Login)?;
        // If anything fails from here on, `login --recover` must not overwrite the other credential.
        new.redirect(elsewhere);
        lock = attempt.store.lock()?;
        replaces_newer = attempt.store.load()?.credentials.refresh_token().is_some();
    }
    let mut notes = Vec::new();
    if replaces_newer {
        notes.push(format!("{} held another refresh token by now: it is replaced", attempt.store.location()));
    }
    let credentials = &new.pending.credentials;
    notes.extend(attempt.store.update(&lock, &|stored| take(stored, credentials))?);
    notes.extend(new.record()?);
    notes.extend(new.supersede_older());
    Ok(notes)
}

/// Returns the refresh token of a grant that is good enough to keep.
fn checked(login: &Login, grant: &Grant, term: Term) -> Result<Secret> {
    let asked: BTreeSet<String> = login.scopes().into_iter().collect();
    // No scope means the requested ones (RFC 6749 section 5.1).
    let granted = grant.scopes.clone().unwrap_or_else(|| asked.clone());
    if !granted.contains(ADWORDS) {
        return Err(Error::new(
            Kind::GrantedTooLittle,
            "access to Google Ads was not granted: its box was left unticked",
        )
        .hint("run `gads-creds login` again and tick the box for Google Ads; nothing was changed"));
    }
    if let Some(expected) = &login.expect_account {
        let account = grant.account.as_deref().unwrap_or("an account without a verified e-mail address");
        if !account.eq_ignore_ascii_case(expected) {
            let account = term::excerpt(account);
            return Err(Error::new(
                Kind::GrantedTooLittle,
                format!("the browser is signed in as {account}, not {}", term::escape(expected)),
            )
            .hint("run `gads-creds login` again and choose the expected account; nothing was changed"));
        }
    }
    for missing in asked.iter().filter(|scope| !granted.contains(*scope) && !is_alias(scope, &granted)) {
        term.warn(&format!("the scope {} was not granted", term::excerpt(missing)));
    }
    grant.refresh_token.clone().ok_or_else(|| {
        Error::new(Kind::GrantedTooLittle, "Google sent no refresh token; what was stored before is unchanged").hint(
            "remove the app's access at https://myaccount.google.com/connections, then run `gads-creds login` again",
        )
    })
}

fn metadata(login: &Login, grant: &Grant, token: &Secret, google: &Google, attempt: &Attempt) -> TokenMetadata {
    TokenMetadata {
        expires_at: grant.refresh_token_expires_at(google.now()),
        scopes: grant.scopes.as_ref().map_or_else(|| login.scopes(), |scopes| scopes.iter().cloned().collect()),
        account: grant.account.clone(),
        ..bare_metadata(token, google, attempt)
    }
}

/// What is known of a token without its response.
fn bare_metadata(token: &Secret, google: &Google, attempt: &Attempt) -> TokenMetadata {
    TokenMetadata {
        client_id: attempt.given.client_id().map(str::to_owned),
        redirect_uri: attempt.redirect_uri.clone(),
        issued_at: Some(google.now()),
        endpoint: google.origin().map(str::to_owned),
        fingerprint: Some(token.fingerprint()),
        ..TokenMetadata::default()
    }
}

/// Google returns `email` and `profile` as the long names of these scopes.
fn is_alias(scope: &str, granted: &BTreeSet<String>) -> bool {
    matches!(scope, "email" | "profile")
        && granted.contains(&format!("https://www.googleapis.com/auth/userinfo.{scope}"))
}

/// Called if neither the store nor the recovery directory accepts the token: on a terminal it may be shown. It is not
/// revoked, since that would revoke every other token of this account and client; a token that nobody has does no harm.
fn lost(error: &Error, token: &Secret, term: Term) -> Error {
    let shown = term.input
        && term
            .confirm("The new refresh token cannot be stored anywhere. Print it here once, so that you can keep it?")
            .unwrap_or(false)
        && term.out(&format!("{}\n", token.expose())).is_ok();
    let outcome =
        if shown { "the new refresh token was printed" } else { "the new refresh token could not be kept anywhere" };
    Error::new(error.kind(), format!("{}; {outcome}", error.message()))
        .hint("fix that, then run `gads-creds login` again")
}
