//! Revokes a service account. Nothing can be revoked at Google from here, so the local credential is removed, and the
//! result names the page on which the key is deleted.
//!
//! A file that is itself the key is kept: Google shows a key once, and this may be the only copy.

use serde_json::json;

use super::affected::Affected;
use super::status::what_stays;
use super::{Revoke, elsewhere};
use crate::context::Context;
use crate::credentials::{Credentials, Identity, Key, ServiceAccount, User};
use crate::error::{Error, Result};
use crate::format::FormatName;
use crate::google::Endpoints;
use crate::hardening::{critically, critically_saying};
use crate::profile::{self, Location, Profile, ProfileName, Sharer, TokenMetadata};
use crate::service_account_key::CONSOLE;
use crate::store::Store;
use crate::term::{self, Term};
use crate::tokens;

pub fn run(
    revoke: &Revoke,
    context: &Context,
    profile: &Profile,
    store: &dyn Store,
    stored: &Credentials,
    account: &ServiceAccount,
) -> Result<()> {
    let term = context.term;
    let location = store.location();
    // A key that cannot be read is removed as well.
    let key = tokens::read_key(account, &location, &Endpoints::from_environment()?).ok();
    let email = key.as_ref().map(|key| &key.email).or(profile.metadata.account.as_ref());
    let name = match email {
        Some(email) => format!("the service account {}", term::excerpt(email)),
        None => "the service account".to_owned(),
    };
    let key_id = key.as_ref().map(|key| format!(" {}", term::excerpt(&key.key_id))).unwrap_or_default();
    let still_valid = format!("its key{key_id} is still valid: delete it at {CONSOLE}");
    let forgotten = profile.name.as_ref().filter(|_| revoke.forget);
    if store.format().is_some_and(|format| format.name() == FormatName::Adc) {
        let Some(forgotten) = forgotten else { return Err(is_key_file(profile, &name)) };
        profile::preflight_forget(forgotten)?;
        revoke.confirmed(context, &format!("Forget profile `{forgotten}` and leave {location} as it is?"))?;
        critically(|| profile::forget(forgotten))?;
        term.say(&format!("forgot profile `{forgotten}`; {location} is as it was: it is the key of {name}"));
        term.say(&still_valid);
        return report(term, profile, true, &Affected::default());
    }
    let remove = |stored: &mut Credentials| {
        // Only what the prompt named is removed: someone editing the file by hand does not hold our lock.
        if stored.service_account() == Some(account) {
            remove(stored, revoke.forget, &profile.location);
        }
    };
    let elsewhere = elsewhere::places(profile);
    drop(store.lock()?);
    if let Err(error) = store.preflight(&remove) {
        return revoke.not_writable(context, profile, error);
    }
    revoke.preflight_profiles(profile)?;
    let affected = Affected::of(profile, stored, true)?;
    if !revoke.yes && term.input {
        explain(term, account, &location);
        affected.announce(term);
    }
    revoke.confirmed(context, &question(account, &name, &location, forgotten))?;
    let removed = |_: &Vec<String>| Some(format!("removed {name} from {location}"));
    let notes = critically_saying(removed, || {
        let lock = store.lock()?;
        if store.load()?.credentials.service_account() != Some(account) {
            let message = format!("the service account in {location} was replaced meanwhile; nothing was removed");
            return Err(Error::io(message).hint("run it again if the new one is to be removed"));
        }
        let notes = store.update(&lock, &remove)?;
        match forgotten {
            Some(name) => profile::forget(name)?,
            None => super::remember(&Profile { metadata: TokenMetadata::default(), ..profile.clone() }, term),
        }
        Ok(notes)
    })?;
    notes.iter().for_each(|note| term.say(note));
    let forgot = forgotten.map(|name| format!(" and forgot profile `{name}`")).unwrap_or_default();
    term.say(&format!("removed {name} from {location}{forgot}"));
    critically(|| {
        elsewhere::clear(&elsewhere, profile, stored, revoke.forget, term);
        Ok(())
    })?;
    term.say(&still_valid);
    if revoke.forget {
        what_stays(store, &profile.location, stored).iter().for_each(|stays| term.say(stays));
    }
    if let Key::File(path) = &account.key
        && path.exists()
    {
        term.say(&format!("the key file {} is still there", term::path(path)));
    }
    affected.warn(term);
    report(term, profile, revoke.forget, &affected)
}

/// Says before the prompt what removal means for the key.
fn explain(term: Term, account: &ServiceAccount, location: &str) {
    term.must(&match &account.key {
        Key::Document(_) => format!(
            "The key in {location} is deleted. gads-creds knows of no other copy, and Google never shows a key again."
        ),
        Key::File(path) => format!("The key file {} stays as it is.", term::path(path)),
    });
    term.must(&format!("The key stays valid at Google until it is deleted at {CONSOLE}"));
}

fn question(account: &ServiceAccount, name: &str, location: &str, forgotten: Option<&ProfileName>) -> String {
    let with_key = if matches!(account.key, Key::Document(_)) { " with its key" } else { "" };
    let forget = forgotten.map(|name| format!(", and forget profile `{name}`")).unwrap_or_default();
    format!("Remove {name}{with_key} from {location}{forget}?")
}

/// Returns why the file is not changed, and what to do about the key.
fn is_key_file(profile: &Profile, name: &str) -> Error {
    let location = &profile.location;
    let message =
        format!("{location} is the key of {name}, which gads-creds does not delete: Google never shows it again");
    let delete = format!("delete the key at {CONSOLE}, then the file");
    let hint = match &profile.name {
        Some(_) => format!("{delete}; `gads-creds revoke --forget` forgets the profile and leaves the file as it is"),
        None => delete,
    };
    Error::usage(message).hint(hint).about(profile.target())
}

/// Removes the service account. A library's file keeps its other settings, and a secret manager's entry what else is in it; another
/// store that is forgotten keeps nothing.
fn remove(stored: &mut Credentials, forget: bool, location: &Location) {
    match location {
        Location::Keychain { .. } | Location::Command { .. } if forget => *stored = Credentials::default(),
        Location::Command { .. } => stored.identity = Some(Identity::User(User::default())),
        _ => stored.identity = None,
    }
}

fn report(term: Term, profile: &Profile, forgotten: bool, affected: &Affected) -> Result<()> {
    if !term.json {
        return Ok(());
    }
    term.out_json(&term.with_warnings(json!({
        "profile": profile.name.as_ref().map(ProfileName::as_str),
        "location": profile.location.plain(),
        "kind": "service_account",
        "revoked": "not_asked",
        "forgotten": forgotten,
        "affected": affected.certain.iter().map(Sharer::plain).collect::<Vec<_>>(),
        "possibly_affected": affected.possible.iter().map(Sharer::plain).collect::<Vec<_>>(),
    })))
}
