//! Revoking a service account: nothing can be revoked at Google from here, so what is local is removed and the page is named on
//! which the key is deleted.

use serde_json::json;

use super::Revoke;
use crate::context::Context;
use crate::credentials::{Credentials, Key, ServiceAccount};
use crate::error::Result;
use crate::google::Endpoints;
use crate::hardening::critically;
use crate::profile::{self, Location, Profile, TokenMetadata};
use crate::service_account_key::CONSOLE;
use crate::store::Store;
use crate::term;
use crate::tokens;

pub fn run(
    revoke: &Revoke,
    context: &Context,
    profile: Profile,
    store: &dyn Store,
    account: &ServiceAccount,
) -> Result<()> {
    let term = &context.term;
    let location = store.location();
    // A key that cannot be read is removed as well.
    let key = tokens::read_key(account, &location, &Endpoints::from_environment()?).ok();
    let name = key.as_ref().map(|key| term::excerpt(&key.email).to_string()).or(profile.metadata.account.clone());
    let name = name.map(|name| format!("the service account {}", term::excerpt(&name)));
    let name = name.unwrap_or_else(|| "the service account".to_owned());
    let remove = |stored: &mut Credentials| remove(stored, revoke.forget, &profile.location);
    drop(store.lock()?);
    store.preflight(&remove)?;
    if !revoke.yes && term.input {
        term.must(&format!("Its key stays valid at Google until it is deleted at {CONSOLE}"));
    }
    let whole = if matches!(account.key, Key::Document(_)) { " with its key" } else { "" };
    revoke.confirmed(context, &format!("Remove {name}{whole} from {location}?"))?;
    let notes = critically(|| {
        let lock = store.lock()?;
        let notes = store.update(&lock, &remove)?;
        match profile.name.as_ref().filter(|_| revoke.forget) {
            Some(name) => profile::forget(name)?,
            None => profile::remember(&Profile { metadata: TokenMetadata::default(), ..profile.clone() })?,
        }
        Ok(notes)
    })?;
    notes.iter().for_each(|note| term.say(note));
    let forgot = profile.name.as_ref().filter(|_| revoke.forget);
    let forgot = forgot.map(|name| format!(" and forgot profile `{name}`")).unwrap_or_default();
    term.say(&format!("removed {name} from {location}{forgot}"));
    let id = key.as_ref().map(|key| format!(" {}", term::excerpt(&key.key_id))).unwrap_or_default();
    term.say(&format!("its key{id} is still valid: delete it at {CONSOLE}"));
    if let Key::File(path) = &account.key
        && path.exists()
    {
        term.say(&format!("the key file {} is still there", term::path(path)));
    }
    if !term.json {
        return Ok(());
    }
    term.out_json(&json!({
        "profile": profile.name.as_ref().map(|name| name.as_str()),
        "location": location,
        "kind": "service_account",
        "revoked": "not_asked",
        "forgotten": revoke.forget,
    }))
}

/// A library's file keeps what is not of the service account; another store that is forgotten keeps nothing.
fn remove(stored: &mut Credentials, forget: bool, place: &Location) {
    match place {
        Location::Keychain { .. } | Location::Command { .. } if forget => *stored = Credentials::default(),
        _ => stored.identity = None,
    }
}
