//! `login --recover`: stores the tokens and keys of earlier runs that could not be stored.
//!
//! Each is finished independently: one that fails keeps its file and does not stop the others. A token that was stored
//! later is not overwritten by an older one. Logins that are still running are not touched. What people have changed in
//! profiles.toml since stays as they wrote it.

use serde_json::{Value, json};

use crate::commands::r#move::{gives_access, is_same_access};
use crate::context::Context;
use crate::credentials::{Credentials, IdentityKind};
use crate::error::{Error, Kind, Result};
use crate::hardening::critically;
use crate::hint::Target;
use crate::profile;
use crate::recovery::{self, Pending, Recovery};
use crate::store::{self, Purpose, Store};
use crate::term::{self, Term};
use crate::tokens::{NewToken, NotSaved};

use super::attempt::take;
use super::old_store;
use super::report::recovered;

mod place;

pub fn run(context: &Context, purpose: Purpose, force: bool) -> Result<()> {
    if context.options.config.is_some() {
        let message = "`--recover` stores a token where its login was to store it, so it takes no `--config`";
        let target = Target { profile: context.options.profile.clone(), ..Target::default() };
        return Err(Error::usage(message)
            .hint("leave `--config` out; `gads-creds export python FILE` writes the credentials into another file")
            .about(target));
    }
    let term = context.term;
    let left = recovery::read_all()?;
    let all = left.len();
    let mut logins = Vec::new();
    let mut failures = Vec::new();
    // The newest first: older ones for the same store are then replaced.
    for (recovery, pending) in left.into_iter().rev().filter(|(recovery, _)| !recovery.is_gone()) {
        match pending.and_then(|pending| critically(|| finish(term, recovery, &pending, purpose, force))) {
            Ok(login) => logins.extend(login),
            Err(error) => failures.push(error),
        }
    }
    if logins.is_empty() && failures.is_empty() {
        return Err(Error::new(Kind::NotLoggedIn, "no unfinished login found").hint("run `gads-creds login`"));
    }
    let report = json!({ "logins": logins });
    match verdict(term, all, failures) {
        Some(error) => Err(error.with_report(report)),
        None if term.json => term.out_json(&report),
        None => Ok(()),
    }
}

/// A single failure is returned as it is; of several the highest exit code counts.
fn verdict(term: Term, all: usize, mut failures: Vec<Error>) -> Option<Error> {
    if failures.len() < 2 {
        return failures.pop();
    }
    for error in &failures {
        term.warn_of(error);
    }
    let worst = failures.iter().map(|error| error.kind()).max_by_key(|kind| kind.code())?;
    let message = format!("{} of {all} logins could not be finished", failures.len());
    Some(
        Error::new(worst, message)
            .hint("fix what the warnings above name, then run `gads-creds login --recover` again"),
    )
}

/// Stores one token or key and returns the JSON object of a login; `None` if another run was quicker.
fn finish(term: Term, recovery: Recovery, pending: &Pending, purpose: Purpose, force: bool) -> Result<Option<Value>> {
    let file = term::path(recovery.path());
    if pending.credentials.access().is_none() {
        return Err(Error::parse(format!("{file} holds neither a refresh token nor a key"))
            .hint("remove it: there is nothing in it to be stored"));
    }
    let mut profile = pending.profile.clone();
    profile.location = place::location(pending, &file, force)?;
    let mut store = store::open(&profile.location, purpose)?;
    let mut lock = store.lock()?;
    // Another run finished it under this lock; an old token must not replace what the store holds now.
    if recovery.is_gone() {
        return Ok(None);
    }
    // As in the login itself: a store that was free for a new profile may now hold another credential, which is not
    // overwritten.
    if !pending.rotated
        && pending.replaces.is_none()
        && stored_since(&*store, pending)?.is_some()
        && let Some(relocated) = profile::relocated(&profile)?
    {
        store = store::open(&relocated.location, purpose)?;
        lock = store.lock()?;
        profile = relocated;
    }
    profile.name = place::name(pending, &profile, &store.load()?.credentials);
    let left = place::left(pending, &profile, &file, force)?;
    let old = if left.is_none() { old_store::open(&profile, term)? } else { None };
    if !force && let Some(newer) = stored_since(&*store, pending)? {
        let message = format!("{} holds {newer}, stored since; the older one stays in {file}", store.location());
        let hint = match pending.rotated {
            // To overwrite a successor of it would end the access.
            true => format!("run `gads-creds refresh`: if what is stored works, remove {file}"),
            false => {
                format!("remove {file} if the older one is not needed; `gads-creds login --recover --force` stores it")
            }
        };
        return Err(Error::usage(message).hint(hint).about(profile.target()));
    }
    let mut new = NewToken::left_over(recovery, pending.clone());
    new.pending.profile = profile;
    let saved = new.save(|new| {
        let mut notes = store.update(&lock, &|stored| put(stored, pending))?;
        match pending.rotated {
            true => notes.extend(place::record_successor(pending, &new.pending.profile.location)?),
            false => notes.extend(new.record()?),
        }
        notes.extend(new.supersede_older());
        Ok(notes)
    });
    let (profile, mut notes) = saved.map_err(NotSaved::into_error)?;
    notes.extend(old.iter().flat_map(|old| old.take_out(term)));
    notes.extend(left.map(|place| format!("left the secrets in {place}, where the profile was kept until now")));
    notes.iter().for_each(|note| term.say(note));
    Ok(Some(term.with_warnings(recovered(term, &profile, &*store, pending))))
}

/// Sets what waits. A refresh replaces the token and nothing else.
fn put(stored: &mut Credentials, pending: &Pending) {
    match pending.rotated && stored.client_id() == pending.credentials.client_id() {
        true => stored.set_refresh_token(pending.credentials.refresh_token().cloned()),
        false => take(stored, &pending.credentials),
    }
}

/// Returns what gives access in the store, if that is neither the recovered credential nor the one it was to replace.
fn stored_since(store: &dyn Store, pending: &Pending) -> Result<Option<String>> {
    let found = store.load()?.credentials;
    let is_replaced = found.access().is_some_and(|found| Some(found.fingerprint()) == pending.replaces);
    // A library's file refuses another kind by itself.
    let is_refused = store.format().is_some() && IdentityKind::of(&found) != IdentityKind::of(&pending.credentials);
    let is_known = is_replaced || is_refused || is_same_access(&found, &pending.credentials);
    Ok(gives_access(&found).filter(|_| !is_known))
}
