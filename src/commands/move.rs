//! `move`: take a profile's credentials from one store to another, without a new consent and without the network.
//!
//! The new store has the credentials and has given them back before profiles.toml names it; profiles.toml names it before the
//! old store gives its secrets up, and until then it names the old one as well. Wherever a run is interrupted, the store that
//! the profile leads to is whole, and the next `move` says which that is and finishes the job.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::commands::keys;
use crate::commands::store_option::StoreOption;
use crate::context::Context;
use crate::credentials::{Credentials, Field, Identity, Key};
use crate::disk::Lock;
use crate::error::{Error, Kind, Result};
use crate::format::{FormatName, IdentityKind};
use crate::google::Endpoints;
use crate::hardening::critically;
use crate::hint::Target;
use crate::profile::{self, Choice, Location, Profile, ProfileName, Shared, StoreChoice};
use crate::service_account_key;
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
    /// With its new location.
    profile: Profile,
    name: ProfileName,
    from: Location,
    was_named: bool,
    old: Box<dyn Store>,
    new: Box<dyn Store>,
    /// Other profiles at the old location: the secrets there are theirs as well.
    shared_with: Vec<String>,
}

/// What an interrupted run left, and this one finished.
struct Finished {
    /// The old location in words.
    from: String,
    /// Whether it keeps no secret of the profile any more.
    cleared: bool,
}

impl Move {
    pub fn run(self, context: &Context) -> Result<()> {
        let store = StoreChoice::new(&self.store)?;
        let (source, name) = source(context, &store)?;
        // `--config` names the new file: a next step is about the profile, which is still where it was.
        let target = Target { profile: source.name.as_ref().map(ToString::to_string), ..Target::default() };
        self.go(context, &store, source, name).map_err(|error| error.about(target))
    }

    fn go(&self, context: &Context, store: &StoreChoice, source: Profile, name: ProfileName) -> Result<()> {
        let term = context.term;
        let finished = finish(&source, &name, term)?;
        let target = profile::choose_target(&name, store, Choice { profile: None, ..context.choice() })?;
        if profile::same_location(&source.location, &target) {
            return match finished {
                Some(Finished { from, cleared }) => report(term, &name, &from, &source.location.to_string(), cleared),
                None => Err(Error::usage(format!("profile `{name}` is kept in {} already", source.location))
                    .hint("name another store, or another file with `--config FILE`")),
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
                .hint(format!("fix that, then run `{}` again to delete them", self.again(&job)))),
        }
    }

    /// The command that finishes this move.
    fn again(&self, job: &Job) -> String {
        format!("gads-creds move -p {} --store {}{}", job.name, profile::quoted_word(&self.store), job.file_option())
    }
}

/// The credential that is meant, and the name that it has from now on. `--config` names the new file where there is one, else
/// the file that moves.
fn source(context: &Context, store: &StoreChoice) -> Result<(Profile, ProfileName)> {
    let options = &context.options;
    let to_file = *store == StoreChoice::File;
    if options.config.is_some() && !to_file && options.profile.is_some() {
        return Err(Error::usage("`--config` names a file, and `--store` another location for the credentials")
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
            .hint(source.to_be_named()));
        }
    };
    Ok((source, name))
}

/// Deletes what an interrupted run left at the old location, if one was interrupted.
fn finish(profile: &Profile, name: &ProfileName, term: Term) -> Result<Option<Finished>> {
    let Some(from) = profile::unfinished_move(name)? else { return Ok(None) };
    let to = &profile.location;
    term.say(&format!("an earlier move of profile `{name}` was interrupted: {to} has the credentials"));
    let old = store::open(&from, Purpose::Update)?;
    let moved = store::open(to, Purpose::Update)?.load()?.credentials;
    let shared_with = sharing(profile, name, &from)?;
    let cleared = critically(|| {
        let lock = old.lock()?;
        old.clear(&lock);
        let left = old.load()?.credentials;
        let is_ours = left.identity.is_none() || is_same_access(&left, &moved);
        let cleared = is_ours && shared_with.is_empty();
        if cleared {
            old.update(&lock, &|stored| without_secrets(&*old, stored))?;
        } else if is_ours {
            term.say(&left_in(&old.location(), &shared_with));
        } else {
            term.say(&format!("{} has another credential by now, which stays", old.location()));
        }
        profile::end_move(name)?;
        Ok(cleared)
    })?;
    Ok(Some(Finished { from: old.location(), cleared }))
}

fn left_in(location: &str, shared_with: &[String]) -> String {
    format!("left the secrets in {location}: it also keeps the credentials of {}", shared_with.join(", "))
}

fn sharing(profile: &Profile, name: &ProfileName, location: &Location) -> Result<Vec<String>> {
    let there = Profile { name: Some(name.clone()), location: location.clone(), ..profile.clone() };
    let shared = profile::sharing(&there, &Credentials::default())?;
    Ok(shared.iter().filter(|(_, shared)| *shared == Shared::Location).map(|(name, _)| format!("`{name}`")).collect())
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
        let (moving, _) = self.moving()?;
        self.check(&moving)?;
        self.new.preflight(&|stored| put(stored, &moving))?;
        if self.shared_with.is_empty() {
            self.old.preflight(&|stored| without_secrets(&*self.old, stored))?;
        }
        profile::preflight(&self.profile)
    }

    /// The option that names the new file, with a space before it; empty for another store.
    fn file_option(&self) -> String {
        match &self.profile.location {
            Location::File { path, .. } => format!(" --config {}", profile::quoted(path)),
            Location::Keychain { .. } | Location::Command { .. } => String::new(),
        }
    }

    /// The credentials at the old location, as the new one can have them: a service account's key by its path, or itself.
    /// With the path of a key that the new location holds itself from now on.
    fn moving(&self) -> Result<(Credentials, Option<PathBuf>)> {
        let stored = self.old.load()?.credentials;
        let from = self.old.location();
        let Some(account) = stored.service_account() else { return Ok((stored, None)) };
        let holds_key = self.new.format().is_none_or(|format| format.name() == FormatName::Adc);
        match &account.key {
            Key::File(path) if holds_key => {
                service_account_key::read(path, &Endpoints::from_environment()?)?;
                Ok((keys::held_by(&stored, &from)?, Some(path.clone())))
            }
            Key::Document(_) if !holds_key => {
                let message = format!(
                    "{from} holds the key of the service account, and {} can only name a key by its path",
                    self.new.location()
                );
                Err(Error::usage(message).hint(format!(
                    "write the key to a file with `gads-creds export adc FILE`, then run \
                     `gads-creds login -p {} --store file{} --key-file FILE`",
                    self.name,
                    self.file_option()
                )))
            }
            Key::File(_) | Key::Document(_) => Ok((stored, None)),
        }
    }

    /// Another run may have moved the profile since this one looked where it is.
    fn check_still_there(&self) -> Result<()> {
        let known = profile::previous_location(&self.profile)?.map(|(location, _)| location);
        let is_there = match known {
            Some(location) => profile::same_location(&location, &self.from),
            None => !self.was_named,
        };
        if is_there {
            return Ok(());
        }
        Err(Error::usage(format!("another run moved profile `{}` meanwhile; nothing was done", self.name))
            .hint("run `gads-creds show` to see where it is"))
    }

    /// Fails if these credentials may not take the new location. Returns what is to be said of one that has them already.
    fn check(&self, moving: &Credentials) -> Result<Option<String>> {
        if *moving == Credentials::default() {
            return Err(Error::new(Kind::NotLoggedIn, format!("there is nothing to move in {}", self.old.location()))
                .hint("run `gads-creds login`"));
        }
        let location = self.new.location();
        let contents = self.new.load()?;
        let there = &contents.credentials;
        let is_here_already = is_same_access(there, moving) && gives_access(there).is_some();
        let taken = match gives_access(there).filter(|_| !is_here_already) {
            Some(held) => Some(format!("{location} holds {held}")),
            None => contents.conflict_with(IdentityKind::of(moving)).map(|conflict| {
                let key = term::excerpt(&conflict.key);
                format!("{location} uses {}: `{key}` on line {}", conflict.kind.name(), conflict.line)
            }),
        };
        if let Some(message) = taken {
            return Err(Error::usage(message).hint("name a location that is free: `move` replaces no credential"));
        }
        if let Some(format) = self.new.format().filter(|format| format.holds(moving) != *moving) {
            let name = format.name();
            let message = format!("the format `{name}` has no place for everything that is to be moved");
            return Err(Error::usage(message).hint(format!(
                "name another store, or a file of another format; `gads-creds export {name} FILE` writes what the format holds"
            )));
        }
        let old = self.old.location();
        Ok(is_here_already.then(|| {
            format!("{location} had these credentials already; until now profile `{}` was kept in {old}", self.name)
        }))
    }

    /// Whether both locations can be one entry: two commands may read the same one, or the JSON in a file. To clear the old
    /// location would then clear the new one.
    fn may_be_one_entry(&self) -> bool {
        let is_document = |location: &Location, store: &dyn Store| match location {
            Location::Command { .. } => true,
            Location::File { .. } => store.format().is_some_and(|format| format.name() == FormatName::Adc),
            Location::Keychain { .. } => false,
        };
        is_document(&self.from, &*self.old) && is_document(&self.profile.location, &*self.new)
    }

    /// New store, profiles.toml, old store. Returns what else the user should know, and whether the old store was
    /// cleared.
    fn carry_out(&self) -> Result<(Vec<String>, Result<bool>)> {
        // Always in the same order, so that two moves in opposite directions do not wait for each other.
        let is_first = self.old.lock_name()? < self.new.lock_name()?;
        let (first, second) = if is_first { (&self.old, &self.new) } else { (&self.new, &self.old) };
        let (first, second) = (first.lock()?, second.lock()?);
        let (old_lock, new_lock) = if is_first { (first, second) } else { (second, first) };
        self.check_still_there()?;
        // Under the lock: a refresh may have replaced the token since.
        let (moving, key_file) = self.moving()?;
        let extras = self.old.extras()?;
        let held_already = self.check(&moving)?;
        let may_be_one_entry = held_already.is_some() && self.may_be_one_entry();
        let mut notes = Vec::from_iter(held_already);
        notes.extend(self.new.update_with(&new_lock, &|stored| put(stored, &moving), &extras)?);
        let there = self.new.load()?.credentials;
        let mut expected = there.clone();
        put(&mut expected, &moving);
        // A secret manager spells the key in its own way.
        if let (Some(Identity::ServiceAccount(account)), Some(stored)) =
            (&mut expected.identity, there.service_account())
            && service_account_key::is_same(&account.key, &stored.key)
        {
            account.key = stored.key.clone();
        }
        if there != expected {
            return Err(Error::io(format!("{} gives back other credentials than were written", self.new.location()))
                .hint(format!(
                    "nothing was deleted: profile `{}` is kept in {} as before",
                    self.name,
                    self.old.location()
                )));
        }
        if may_be_one_entry {
            profile::remember(&self.profile)?;
            let old = self.old.location();
            notes.push(format!(
                "left the secrets in {old}: it may be the same entry under another name; if it is not, remove it with its \
                 own program"
            ));
            return Ok((notes, Ok(false)));
        }
        profile::begin_move(&self.profile, &self.from)?;
        if let Some(path) = key_file {
            notes.push(format!(
                "the key is now in {}; {} is not needed any more, and can be deleted",
                self.new.location(),
                term::path(&path)
            ));
        }
        let cleared = self.clear(&old_lock, &extras, &mut notes);
        Ok((notes, cleared))
    }

    fn clear(&self, lock: &Lock, extras: &Extras, notes: &mut Vec<String>) -> Result<bool> {
        if !self.shared_with.is_empty() {
            profile::end_move(&self.name)?;
            notes.push(left_in(&self.old.location(), &self.shared_with));
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

/// What gives access in this record, if anything does.
fn gives_access(credentials: &Credentials) -> Option<String> {
    match credentials.refresh_token() {
        Some(token) => Some(format!("another refresh token ({})", token.fingerprint())),
        None => credentials.service_account().map(|_| "the key of another service account".to_owned()),
    }
}

/// Whether both have the same refresh token or the same key. A key at its path is the same as the JSON in that file.
fn is_same_access(one: &Credentials, other: &Credentials) -> bool {
    match (one.service_account(), other.service_account()) {
        (Some(one), Some(other)) => service_account_key::is_same(&one.key, &other.key),
        (None, None) => one.refresh_token() == other.refresh_token(),
        _ => false,
    }
}

/// Sets what is moved; what the new location has besides stays.
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
