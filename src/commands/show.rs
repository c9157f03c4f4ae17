//! `show`: what is stored and where, secrets masked. Nothing leaves the machine.
//!
//! A secret is masked in the record, before anything is rendered: no view ever holds what it must not show.

use clap::Args;
use jiff::Timestamp;

use crate::commands::{keys, others};
use crate::context::Context;
use crate::credentials::Credentials;
use crate::disk;
use crate::error::{Kind, Result};
use crate::format::{self, Contents, FormatName, Shown};
use crate::profile::{self, Choice, Expiry, Location, Profile};
use crate::secret::Secret;
use crate::store::{self, Purpose, Store};
use crate::term;

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
        // Here `--format` is the format of the answer, and that of the stored file only where nothing else tells it.
        let choice = Choice { format: None, ..context.choice() };
        let profile = profile::choose(choice)?;
        let asked = context.options.format;
        let (store, contents) = load(&profile, asked)?;
        let seen = Snapshot::new(profile, &*store, contents, self.reveal)?;
        if let Some(name) = asked {
            return print_as(name, &seen, context);
        }
        if context.term.json {
            return context.term.out_json(&view::json(&seen));
        }
        context.term.out(&view::text(&seen))?;
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
    /// None for a user's credential.
    account: Option<Account>,
    contents: Contents,
    /// Permission bits of the file.
    mode: Option<u32>,
    now: Timestamp,
}

impl Snapshot {
    fn new(mut profile: Profile, store: &dyn Store, contents: Contents, reveal: bool) -> Result<Snapshot> {
        let stored = &contents.credentials;
        if *stored == Credentials::default() && contents.other_kinds().next().is_none() {
            return Err(profile.missing("credential"));
        }
        let account = Account::of(stored, &store.location())?;
        let key = account.as_ref().and_then(|account| account.key.as_ref().ok()).map(|key| &key.private_key);
        let secret = key.or(stored.refresh_token());
        profile.metadata = secret.map(|secret| profile.metadata.valid_for(secret)).unwrap_or_default();
        if !reveal {
            profile.metadata.mask();
        }
        Ok(Snapshot {
            location: store.location(),
            credentials: stored.clone(),
            reveal,
            fingerprint: secret.map(Secret::fingerprint),
            account,
            mode: file_mode(&profile.location),
            now: Timestamp::now(),
            profile,
            contents,
        })
    }

    /// The credentials as they may be shown: masked, unless the secrets were asked for.
    fn shown(&self, credentials: &Credentials) -> Shown {
        if self.reveal { Shown::whole(credentials) } else { Shown::masked(credentials) }
    }

    fn life(&self) -> Option<Expiry> {
        self.profile.metadata.expiry(self.now)
    }

    /// What to do next, where something is wrong already.
    fn warn(&self, context: &Context) {
        let term = context.term;
        others::warn(&self.profile, &self.credentials, term);
        if let (Some(mode), Location::File { path, .. }) = (self.mode, &self.profile.location)
            && mode & 0o077 != 0
            && others::changeable(path).is_none()
        {
            term.warn(&format!("other users of this machine may open {} (mode {mode:04o})", term::path(path)));
            term.hint(format!("run `chmod 600 {}`", profile::quoted(path)));
        }
        if let Some(account) = &self.account {
            if let Err(error) = &account.key {
                term.warn_of(error);
            }
            if let (Some(mode), Some(path)) = (account.open_mode(), &account.file)
                && others::changeable(path).is_none()
            {
                term.warn(&format!("others on this machine can read the key {} (mode {mode:04o})", term::path(path)));
                term.hint(format!("run `chmod 600 {}`", profile::quoted(path)));
            }
        } else if self.credentials.refresh_token().is_none() {
            term.warn("no refresh token is stored");
            term.hint("run `gads-creds login`");
        }
        if let Some(hint) = self.life().and_then(|life| life.hint) {
            term.hint(hint);
        }
    }
}

/// Opens and reads the store; `asked` helps with a file whose name and content do not tell their format.
fn load(profile: &Profile, asked: Option<FormatName>) -> Result<(Box<dyn Store>, Contents)> {
    let opened = match (store::open(&profile.location, Purpose::Update), &profile.location) {
        (Err(error), Location::File { path, format: None }) if error.kind() == Kind::Usage => {
            let format = asked.ok_or(error)?;
            store::open(&Location::File { path: path.clone(), format: Some(format) }, Purpose::Update)
        }
        (opened, _) => opened,
    }?;
    let contents = opened.load().map_err(|error| error.about(profile.target()))?;
    Ok((opened, contents))
}

/// The credentials as a library's file.
fn print_as(name: FormatName, seen: &Snapshot, context: &Context) -> Result<()> {
    let format = format::named(name, "", "");
    let credentials = keys::for_format(&seen.credentials, format, &seen.location)?;
    let text = seen
        .shown(&credentials)
        .file(format)
        .map_err(|error| error.when(format_args!("cannot show this as `{name}`")))?;
    if context.term.json {
        let mut value = view::json(seen);
        value["text"] = text.into();
        return context.term.out_json(&value);
    }
    // Nothing is masked where the file only names a key file.
    if format.new_file(&credentials).is_ok_and(|whole| whole != text) {
        context.term.say("the secrets are masked, so that no library can use this; `--reveal` shows them");
    }
    context.term.out(&text)
}

fn file_mode(place: &Location) -> Option<u32> {
    match place {
        Location::File { path, .. } => disk::mode(path),
        Location::Keychain { .. } | Location::Command { .. } => None,
    }
}
