//! `move`: take a profile's credentials from one store to another, without a new consent and without the network.
//!
//! The new store has the credentials and has given them back before profiles.toml names it; profiles.toml names it before the
//! old store gives its secrets up, and until then it names the old one as well. Wherever a run is interrupted, the store that
//! the profile leads to is whole, and the next `move` says which that is and finishes the job.

use clap::Args;
use serde_json::json;

use crate::commands::store_option::StoreOption;
use crate::context::Context;
use crate::credentials::{Credentials, Field};
use crate::disk::Lock;
use crate::error::{Error, Kind, Result};
use crate::hardening::critically;
use crate::profile::{self, Choice, Location, Profile, ProfileName, Shared, StoreChoice};
use crate::store::{self, Extras, Purpose, Store, without_secrets};
use crate::term::{self, Term};

/// Move a profile to another store without a new consent
#[derive(Args, Debug)]
#[command(after_long_help = concat!(waits_for_writing!(), "\
Examples:
  gads-creds move -p work --store keychain
  gads-creds move -p work --store pass:google-ads/work
  gads-creds move -p work --store file --config ~/work.yaml"))]
pub struct Move {
    /// Where the credentials go; `file` goes to --config or to a new file
    ///
    /// `file`, `keychain`, a secret manager, or `command`: the commands that
    /// stand in profiles.toml. Secret managers: pass:PATH, bao:MOUNT/PATH,
    /// vault:MOUNT/PATH, sops:FILE, age:FILE, aws:NAME, gcp:PROJECT/NAME,
    /// azure:VAULT/NAME, op:VAULT/ITEM.
    #[arg(long, value_name = "WHERE", value_parser = StoreOption, hide_possible_values = true)]
    store: String,
}

/// One credential on its way.
struct Job {
    /// With its new place.
    profile: Profile,
    name: ProfileName,
    from: Location,
    was_named: bool,
    old: Box<dyn Store>,
    new: Box<dyn Store>,
    /// Other profiles that are kept at the old place: the secrets there are theirs as well.
    shared_with: Vec<String>,
}

impl Move {
    pub fn run(self, context: &Context) -> Result<()> {
        let term = context.term;
        let store = StoreChoice::new(&self.store)?;
        let (source, name) = source(context, &store)?;
        let finished = finish(&source, &name, term)?;
        let target = profile::choose_target(&name, &store, Choice { profile: None, ..context.choice() })?;
        if profile::same_location(&source.location, &target) {
            return match finished {
                Some(from) => report(term, &name, &from, &source.location.to_string(), true),
                None => Err(Error::usage(format!("profile `{name}` is kept in {} already", source.location))
                    .hint("name another store")),
            };
        }
        let job = Job::open(source, name, target)?;
        let spinner = term.spinner("trying both stores");
        job.preflight()?;
        drop(spinner);
        let from = job.old.location();
        let (notes, cleared) = critically(|| job.carry_out())?;
        notes.iter().for_each(|note| term.say(note));
        let to = job.new.location();
        match cleared {
            Ok(cleared) => report(term, &job.name, &from, &to, cleared),
            Err(error) => Err(error
                .while_trying(&format!(
                    "profile `{}` is kept in {to} now, but the old secrets are still in {from}",
                    job.name
                ))
                .hint(format!(
                    "fix that, then run `gads-creds move -p {} --store {}` again to delete them",
                    job.name,
                    profile::quoted_word(&self.store)
                ))),
        }
    }
}

/// The credential that is meant, and the name that it has from now on. `--config` names the new file where there is one, else
/// the file that moves.
fn source(context: &Context, store: &StoreChoice) -> Result<(Profile, ProfileName)> {
    let options = &context.options;
    let to_file = *store == StoreChoice::File;
    if options.config.is_some() && !to_file && options.profile.is_some() {
        return Err(Error::usage("`--config` names a file, and `--store` another place for the credentials")
            .hint("leave `--config` out"));
    }
    let config = options.config.as_deref().filter(|_| !to_file);
    let choice = Choice { config, profile: options.profile.as_deref(), format: None };
    let source = profile::choose(choice)?;
    let name = match &source.name {
        Some(name) => name.clone(),
        None if to_file => {
            return Err(Error::usage(format!("{} has no profile that could be moved", source.location))
                .hint("`gads-creds export FORMAT FILE` writes another file with the same credentials"));
        }
        None if source.is_fallback() => ProfileName::new("default")?,
        None => {
            return Err(Error::usage(format!(
                "{} has no profile, so nothing would find its credentials",
                source.location
            ))
            .hint("`gads-creds login -p NAME --config FILE` gives a file a name"));
        }
    };
    Ok((source, name))
}

/// Deletes what an interrupted run left at the old place. Returns that place in words, if there was one.
fn finish(profile: &Profile, name: &ProfileName, term: Term) -> Result<Option<String>> {
    let Some(from) = profile::unfinished_move(name)? else { return Ok(None) };
    let place = &profile.location;
    term.say(&format!("an earlier move of profile `{name}` was interrupted: {place} has the credentials"));
    let old = store::open(&from, Purpose::Update)?;
    let identity = store::open(place, Purpose::Update)?.load()?.credentials.identity;
    let shared = sharing(profile, name, &from)?;
    critically(|| {
        let lock = old.lock()?;
        old.clear(&lock);
        let left = old.load()?.credentials;
        // Another token has come there since: it is somebody else's.
        if left.identity == identity && shared.is_empty() {
            old.update(&lock, &|stored| without_secrets(&*old, stored))?;
        }
        profile::end_move(name)
    })?;
    Ok(Some(old.location()))
}

fn sharing(profile: &Profile, name: &ProfileName, place: &Location) -> Result<Vec<String>> {
    let there = Profile { name: Some(name.clone()), location: place.clone(), ..profile.clone() };
    let shared = profile::sharing(&there, &Credentials::default())?;
    Ok(shared.iter().filter(|(_, tie)| *tie == Shared::Location).map(|(name, _)| format!("`{name}`")).collect())
}

impl Job {
    fn open(source: Profile, name: ProfileName, target: Location) -> Result<Job> {
        let old = store::open(&source.location, Purpose::Update)?;
        let new = store::open(&target, Purpose::Login)?;
        let shared_with = sharing(&source, &name, &source.location)?;
        let profile = Profile { name: Some(name.clone()), location: target, ..source.clone() };
        Ok(Job { profile, name, from: source.location, was_named: source.name.is_some(), old, new, shared_with })
    }

    /// Everything that can fail, short of changing anything.
    fn preflight(&self) -> Result<()> {
        let moving = self.old.load()?;
        self.check(&moving.credentials)?;
        self.new.preflight(&|stored| put(stored, &moving.credentials))?;
        if self.shared_with.is_empty() {
            self.old.preflight(&|stored| without_secrets(&*self.old, stored))?;
        }
        profile::preflight(&self.profile)
    }

    /// Another run may have moved the profile since this one looked where it is.
    fn check_still_there(&self) -> Result<()> {
        let known = profile::previous_location(&self.profile)?.map(|(place, _)| place);
        let is_there = match known {
            Some(place) => profile::same_location(&place, &self.from),
            None => !self.was_named,
        };
        if is_there {
            return Ok(());
        }
        Err(Error::usage(format!("another run moved profile `{}` meanwhile; nothing was done", self.name))
            .hint("run `gads-creds show` to see where it is"))
    }

    /// Fails if these credentials may not take the new place. Returns what is to be said of one that has them already.
    fn check(&self, moving: &Credentials) -> Result<Option<String>> {
        if *moving == Credentials::default() {
            return Err(Error::new(Kind::NotLoggedIn, format!("there is nothing to move in {}", self.old.location()))
                .hint("run `gads-creds login`"));
        }
        let there = self.new.load()?.credentials.refresh_token().cloned();
        if let Some(other) = there.as_ref().filter(|there| Some(*there) != moving.refresh_token()) {
            let message = format!("{} holds another refresh token ({})", self.new.location(), other.fingerprint());
            return Err(Error::usage(message).hint("name a place that is free: `move` replaces no token"));
        }
        if let Some(format) = self.new.format().filter(|format| format.holds(moving) != *moving) {
            let message = format!("the format `{}` has no place for everything that is to be moved", format.name());
            return Err(Error::usage(message)
                .hint("move it to a file of another format; `gads-creds export` writes this one besides"));
        }
        let interrupted = || {
            let (new, old) = (self.new.location(), self.old.location());
            format!("{new} had these credentials already; until now profile `{}` was kept in {old}", self.name)
        };
        Ok(there.map(|_| interrupted()))
    }

    /// New store, profiles.toml, old store. Returns what to tell besides, and whether the old store gave its secrets up.
    fn carry_out(&self) -> Result<(Vec<String>, Result<bool>)> {
        // Always in the same order, so that two moves in opposite directions do not wait for each other.
        let is_first = self.old.lock_name()? < self.new.lock_name()?;
        let (first, second) = if is_first { (&self.old, &self.new) } else { (&self.new, &self.old) };
        let (first, second) = (first.lock()?, second.lock()?);
        let (old_lock, new_lock) = if is_first { (first, second) } else { (second, first) };
        self.check_still_there()?;
        // Under the lock: a refresh may have replaced the token since.
        let moving = self.old.load()?.credentials;
        let extras = self.old.extras()?;
        let mut notes = Vec::from_iter(self.check(&moving)?);
        notes.extend(self.new.update_with(&new_lock, &|stored| put(stored, &moving), &extras)?);
        let there = self.new.load()?.credentials;
        let mut expected = there.clone();
        put(&mut expected, &moving);
        if there != expected {
            return Err(Error::io(format!("{} gives back other credentials than were written", self.new.location()))
                .hint(format!(
                    "nothing was deleted: profile `{}` is kept in {} as before",
                    self.name,
                    self.old.location()
                )));
        }
        profile::begin_move(&self.profile, &self.from)?;
        let cleared = self.clear(&old_lock, &extras, &mut notes);
        Ok((notes, cleared))
    }

    fn clear(&self, lock: &Lock, extras: &Extras, notes: &mut Vec<String>) -> Result<bool> {
        if !self.shared_with.is_empty() {
            profile::end_move(&self.name)?;
            let others = self.shared_with.join(", ");
            notes.push(format!(
                "left the secrets in {}: it also keeps the credentials of {others}",
                self.old.location()
            ));
            return Ok(false);
        }
        if !matches!(self.profile.location, Location::Command { .. }) {
            let lost: Vec<String> = extras.names().map(|name| format!("`{}`", term::excerpt(name))).collect();
            if !lost.is_empty() {
                notes.push(format!("{} has no place for {}", self.new.location(), lost.join(", ")));
            }
        }
        notes.extend(self.old.update(lock, &|stored| without_secrets(&*self.old, stored))?);
        profile::end_move(&self.name)?;
        Ok(true)
    }
}

/// Sets what is moved; what the new place has besides stays.
fn put(stored: &mut Credentials, moving: &Credentials) {
    stored.identity = moving.identity.clone().or(stored.identity.take());
    for field in [Field::DeveloperToken, Field::LoginCustomerId, Field::LinkedCustomerId] {
        if let Some(value) = field.get(moving) {
            field.set(stored, Some(value));
        }
    }
}

/// The one line at the end, or the JSON object.
fn report(term: Term, name: &ProfileName, from: &str, to: &str, cleared: bool) -> Result<()> {
    let old = if cleared { format!("; {from} keeps no secret of it") } else { String::new() };
    term.say(&format!("profile `{name}` is kept in {to} now{old}"));
    if !term.json {
        return Ok(());
    }
    term.out_json(&json!({ "profile": name.as_str(), "from": from, "location": to, "cleared": cleared }))
}
