//! `show`: prints what is stored and where, with secrets masked. Nothing leaves the machine.
//!
//! Secrets are masked in the record, before anything is rendered: no view ever holds what it must not show.

use chrono::{DateTime, Utc};
use clap::Args;

use crate::clock;
use crate::commands::{keys, r#move, others};
use crate::context::Context;
use crate::credentials::{Credentials, Identity};
use crate::diagnosis;
use crate::disk;
use crate::error::{Error, Kind, Result};
use crate::format::{self, Contents, FormatName, Shown};
use crate::hint::Target;
use crate::profile::{Choice, Expiry, Location, Profile};
use crate::secret::Secret;
use crate::store::{self, Purpose, Store};
use crate::term;
use crate::tokens;

mod list;
mod overrides;
mod service_account;
mod table;
mod view;

use service_account::Account;

/// Show the saved credentials, secrets masked
#[derive(Args, Debug)]
#[command(after_long_help = concat!("\
`--format` prints the same credentials as that library's file.

", waits_for_keychain!(), "\
Examples:
  gads-creds show
  gads-creds show --all
  gads-creds show --reveal --format php > google_ads_php.ini"))]
pub struct Show {
    /// Show the secrets themselves
    #[arg(long, conflicts_with = "all")]
    reveal: bool,
    /// Show every profile, a line each
    #[arg(long)]
    all: bool,
}

impl Show {
    pub fn run(self, context: &Context) -> Result<()> {
        if self.all {
            return list::run(context);
        }
        // Here `--format` is the format of the output. It is also that of the stored file, and part of a hint, only
        // where nothing else shows the file's format.
        let choice = Choice { format: None, ..context.choice() };
        let named = Target { format: None, ..context.term.target().clone() };
        let profile = diagnosis::choose(choice).map_err(|error| error.about(named))?;
        let asked = context.options.format;
        let profile = Profile { location: readable(profile.location.clone(), asked), ..profile };
        let target = profile.target();
        self.show(profile, context, asked).map_err(|error| error.about(target))
    }

    fn show(&self, profile: Profile, context: &Context, asked: Option<FormatName>) -> Result<()> {
        let (profile, store, contents) = tokens::load(profile)?;
        let seen = Snapshot::new(profile, &*store, contents, self.reveal)?;
        if let Some(name) = asked {
            return print_as(name, &seen, context);
        }
        if context.term.json {
            return context.term.out_json(&view::json(&seen));
        }
        context.term.out(&view::text(&seen, context.term.stdout.columns))?;
        seen.warn(context);
        Ok(())
    }
}

/// Everything that is shown of one credential.
struct Snapshot {
    profile: Profile,
    location: String,
    credentials: Credentials,
    /// The secrets were asked for.
    reveal: bool,
    fingerprint: Option<String>,
    /// `None` for a user's credential.
    account: Option<Account>,
    contents: Contents,
    /// The permission bits of the file.
    mode: Option<u32>,
    now: DateTime<Utc>,
}

impl Snapshot {
    fn new(mut profile: Profile, store: &dyn Store, contents: Contents, reveal: bool) -> Result<Snapshot> {
        let stored = &contents.credentials;
        if *stored == Credentials::default() && contents.other_kinds().next().is_none() {
            return Err(diagnosis::nothing(&profile, &contents));
        }
        let account = Account::of(stored, &store.location())?;
        let key = account.as_ref().and_then(|account| account.key.as_ref().ok()).map(|key| &key.private_key);
        let secret = key.or(stored.refresh_token());
        profile.metadata = secret.map(|secret| profile.metadata.valid_for(secret)).unwrap_or_default();
        if !reveal {
            profile.metadata.mask();
        }
        Ok(Snapshot {
            location: profile.location.plain(),
            credentials: stored.clone(),
            reveal,
            fingerprint: secret.map(Secret::fingerprint),
            account,
            mode: file_mode(&profile.location),
            now: clock::now(),
            profile,
            contents,
        })
    }

    /// Returns why the credentials cannot be used; `None` if nothing is known to be wrong with them.
    fn problem(&self) -> Option<Error> {
        match &self.account {
            Some(account) => account.key.as_ref().err().cloned(),
            None => diagnosis::first(&self.profile, &self.contents),
        }
    }

    /// Returns what their reader fails on although they are there, and what a login left beside them.
    fn warnings(&self) -> Vec<Error> {
        others::shown_warnings(&self.profile, &self.contents)
    }

    /// Returns the credentials as they may be shown: masked, unless the secrets were asked for.
    fn shown(&self) -> Shown {
        if self.reveal { Shown::whole(&self.credentials) } else { Shown::masked(&self.credentials) }
    }

    /// Returns `user` or `service_account`; `None` if the file configures neither.
    fn kind(&self) -> Option<&'static str> {
        kind(&self.credentials)
    }

    fn life(&self) -> Option<Expiry> {
        self.profile.metadata.expiry(self.now)
    }

    /// Warns about existing problems, with the next step.
    fn warn(&self, context: &Context) {
        let term = context.term;
        others::warn(&self.profile, &self.credentials, term);
        r#move::warn_of_interrupted(&self.profile, term);
        if let (Some(mode), Location::File { path, .. }) = (self.mode, &self.profile.location)
            && mode & 0o077 != 0
            && others::changeable(path).is_none()
        {
            term.warn(&format!("other users of this machine may open {} (mode {mode:04o})", term::path(path)));
            term.hint(others::step_to_private(path));
        }
        if let Some(error) = self.problem() {
            term.warn_of(&error);
        }
        if let Some(account) = &self.account
            && let (Some(mode), Some(path)) = (account.open_mode(), &account.file)
            && others::changeable(path).is_none()
        {
            term.warn(&format!("others on this machine can read the key {} (mode {mode:04o})", term::path(path)));
            term.hint(others::step_to_private(path));
        }
        self.warnings().iter().for_each(|error| term.warn_of(error));
        if let Some(hint) = self.life().and_then(|life| life.hint) {
            term.hint(hint);
        }
    }
}

/// Returns the same location. If a file's name and content do not show its format, the requested format is used.
fn readable(location: Location, asked: Option<FormatName>) -> Location {
    let is_unknown = || store::open(&location, Purpose::Update).is_err_and(|error| error.kind() == Kind::Usage);
    match (&location, asked) {
        (Location::File { path, format: None }, Some(_)) if is_unknown() => {
            Location::File { path: path.clone(), format: asked }
        }
        _ => location,
    }
}

/// Prints the credentials as a library's file.
fn print_as(name: FormatName, seen: &Snapshot, context: &Context) -> Result<()> {
    let format = format::named(name, "", "");
    let credentials = keys::for_format(&seen.credentials, format, &seen.profile.location.to_string())?;
    let text = keys::rendered(&credentials, format, seen.reveal, context.term)
        .map_err(|error| error.when(format_args!("cannot show this as `{name}`")))?;
    if context.term.json {
        let mut value = view::json(seen);
        value["text"] = text.into();
        return context.term.out_json(&value);
    }
    context.term.out(&text)
}

/// Returns whose credential it is, as a word for programs.
fn kind(credentials: &Credentials) -> Option<&'static str> {
    credentials.identity.as_ref().map(|identity| match identity {
        Identity::User(_) => "user",
        Identity::ServiceAccount(_) => "service_account",
    })
}

fn file_mode(place: &Location) -> Option<u32> {
    match place {
        Location::File { path, .. } => disk::mode(path),
        Location::Keychain { .. } | Location::Command { .. } => None,
    }
}
