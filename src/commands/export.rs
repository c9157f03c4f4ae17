//! `export`: writes the credentials in another client library's format.
//!
//! A file is written as `login` writes it: checked first, changed under its lock, and left readable by its library. The
//! variable `GOOGLE_ADS_CONFIGURATION_FILE_PATH` does not set the target, since it may name a file of another format. A
//! token in the target may be the only copy, so a different one is replaced only where the user named the file.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::commands::{keys, library_errors, others, work_tree};
use crate::context::{Context, format_name};
use crate::credentials::{Credentials, Field, Identity, ServiceAccount};
use crate::diagnosis;
use crate::error::{Error, Kind, Result};
use crate::format::{self, DefaultLocation, Format, FormatName};
use crate::google::Endpoints;
use crate::hardening::critically_saying;
use crate::hint::Target;
use crate::paths;
use crate::profile::{self, Location, Profile};
use crate::secret::Secret;
use crate::service_account_key;
use crate::store::{self, Purpose, Store};
use crate::term::{self, Term};
use crate::tokens;

/// Write the credentials in another program's format
#[derive(Args, Debug)]
#[command(after_long_help = concat!("\
What else FILE holds stays; another refresh token is replaced only in a file
that is named. `--format` is the format of the file that is read.

", waits_for_writing!(), "\
Examples:
  gads-creds export java                     writes ~/ads.properties
  gads-creds export dotnet src/App.config
  gads-creds export -p work adc work.json
  gads-creds export ruby --stdout            secrets masked"))]
pub struct Export {
    /// The format to write
    #[arg(value_name = "FORMAT", value_parser = format_name())]
    target: FormatName,
    /// The file; default: where that library looks (`dotnet` looks nowhere)
    file: Option<PathBuf>,
    /// Print a new file instead, secrets masked
    #[arg(long, conflicts_with_all = ["file", "replace_kind"])]
    stdout: bool,
    /// Print the secrets themselves
    #[arg(long, requires = "stdout")]
    reveal: bool,
    /// Switch a file from a service account or Application Default
    /// Credentials to this user credential
    #[arg(long)]
    replace_kind: bool,
}

impl Export {
    pub fn run(self, context: &Context) -> Result<()> {
        let (profile, source, contents) = tokens::load(diagnosis::choose(context.choice())?)?;
        profile.check_not_keyless(&contents)?;
        if let Some(error) = diagnosis::first(&profile, &contents) {
            return Err(error);
        }
        let credentials = others::to_hand_out(&profile, contents, context.term);
        if let Some(account) = credentials.service_account() {
            tokens::read_key(account, &source.location(), &Endpoints::from_environment()?)
                .map_err(|error| error.about(profile.target()))?;
        }
        others::warn(&profile, &credentials, context.term);
        let format = format::named(self.target, &self.file_name(), "");
        let credentials = keys::for_format(&credentials, format, &source.location())?;
        if self.stdout {
            return self.print(context.term, &profile, format, &credentials);
        }
        self.write(context.term, &profile, format, &credentials)
    }

    fn file_name(&self) -> String {
        self.file.as_deref().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Returns the error about FILE with a step about it: `--config` and `--format` are about the file that is read.
    fn about_file(&self, error: Error, path: &Path, purpose: Purpose) -> Error {
        if self.file.is_some() && path.is_dir() {
            return error.hint("name a file in it");
        }
        let place = Location::File { path: path.to_owned(), format: None };
        let shown = store::open(&place, purpose).ok().and_then(|store| store.format());
        match shown.filter(|_| error.kind() == Kind::Usage) {
            Some(shown) => error.hint(format!(
                "name another FILE, or `gads-creds export {} {}`",
                shown.name(),
                profile::quoted(path)
            )),
            None => error,
        }
    }

    fn print(&self, term: Term, profile: &Profile, format: &dyn Format, credentials: &Credentials) -> Result<()> {
        let text = keys::rendered(credentials, format, self.reveal, term)
            .map_err(|error| error.when(format_args!("cannot write this as `{}`", format.name())))?;
        warn_of_loss(term, format, credentials);
        if term.json {
            return term.out_json(&term.with_warnings(json!({
                "profile": profile.name.as_ref().map(|name| name.as_str()),
                "location": null,
                "format": format.name().as_str(),
                "text": text,
            })));
        }
        term.out(&text)
    }

    fn write(&self, term: Term, profile: &Profile, format: &dyn Format, credentials: &Credentials) -> Result<()> {
        let default = default_path(format)?;
        let path = match (&self.file, &default) {
            (Some(file), _) => paths::resolve(file, paths::FILE)?,
            (None, Some(default)) => default.clone(),
            (None, None) => {
                let message = format!("the {} has no default file", format.reader());
                return Err(Error::usage(message).hint(format!("name it: `gads-creds export {} FILE`", format.name())));
            }
        };
        let purpose = if self.replace_kind { Purpose::LoginReplacingKind } else { Purpose::Login };
        let place = Location::File { path: path.clone(), format: Some(format.name()) };
        let target = store::open(&place, purpose).map_err(|error| self.about_file(error, &path, purpose))?;
        let kind = if self.replace_kind { " --replace-kind" } else { "" };
        let named = format!("gads-creds export {} {}{kind}", format.name(), profile::quoted(&path));
        let replaced = Cell::new(None);
        let change = |stored: &mut Credentials| {
            replaced.set(other_token(stored, credentials));
            take(stored, credentials);
        };
        let written = |_: &Vec<String>| Some(format!("the credentials are in {}", target.location()));
        let notes = critically_saying(written, || {
            // Under the lock: another run may have changed the file while this one waited for it.
            let lock = target.lock()?;
            if self.file.is_none() {
                spare(&*target, format, credentials)
                    .map_err(|error| error.hint(format!("to replace it run `{named}`, or name another file there")))?;
            }
            refuse_other_key(&*target, format, credentials)?;
            target.update(&lock, &change)
        })?;
        let replaced = replaced.take();

        notes.iter().for_each(|note| term.say(note));
        if let Some(replaced) = &replaced {
            term.warn(&format!("{} held another refresh token ({replaced}): it was replaced", target.location()));
        }
        warn_of_loss(term, format, credentials);
        work_tree::warn_of(&path, term);
        let written = Target {
            config: Some(profile::quoted(&path)),
            format: Some(format.name().to_string()),
            ..Target::default()
        };
        library_errors::warn(&place, &*target, &written, term);
        let name = profile.name.as_ref().map(|name| format!(" of profile `{name}`")).unwrap_or_default();
        term.say(&format!("wrote the credentials{name} to {} for the {}", target.location(), format.reader()));
        if matches!(format.default_location(), DefaultLocation::Gcloud(_)) && default.as_ref() != Some(&path) {
            // On Windows quotes would be a part of the value.
            let shown = if cfg!(windows) { term::plain_path(&path) } else { profile::quoted(&path) };
            term.say(&format!("programs find it by `GOOGLE_APPLICATION_CREDENTIALS={shown}`"));
        }
        if term.json {
            term.out_json(&term.with_warnings(json!({
                "profile": profile.name.as_ref().map(|name| name.as_str()),
                "location": place.plain(),
                "format": format.name().as_str(),
                "replaced": replaced,
            })))?;
        }
        Ok(())
    }
}

/// Sets the fields that there are; everything else in the file stays.
fn take(stored: &mut Credentials, credentials: &Credentials) {
    if let Some(account) = credentials.service_account() {
        stored.identity = Some(Identity::ServiceAccount(account.clone()));
    }
    for field in Field::ALL {
        if let Some(value) = field.get(credentials) {
            field.set(stored, Some(value));
        }
    }
}

/// Fails if writing would lose a different token in a file that the user did not name. Gcloud's own file, which every
/// program of this user falls back to, keeps any other credential.
fn spare(target: &dyn Store, format: &dyn Format, credentials: &Credentials) -> Result<()> {
    let contents = target.load()?;
    let stored = &contents.credentials;
    let is_ours = match credentials.service_account() {
        Some(account) => stored.service_account() == Some(account),
        None => stored.client_id() == credentials.client_id(),
    };
    let is_empty = *stored == Credentials::default() && contents.other_kinds().next().is_none();
    let held = match other_token(stored, credentials) {
        Some(fingerprint) => format!("another refresh token ({fingerprint})"),
        None if is_empty || is_ours || !matches!(format.default_location(), DefaultLocation::Gcloud(_)) => {
            return Ok(());
        }
        None => "another credential".to_owned(),
    };
    Err(Error::usage(format!("{} holds {held}; only a file that is named is replaced", target.location())))
}

/// Fails for a file that is another key: it may be the only copy. Only a login and `set` replace a key by another of its account.
fn refuse_other_key(target: &dyn Store, format: &dyn Format, credentials: &Credentials) -> Result<()> {
    let Some(account) = credentials.service_account().filter(|_| format.name() == FormatName::Adc) else {
        return Ok(());
    };
    let stored = target.load()?.credentials;
    let is_same = |stored: &ServiceAccount| service_account_key::is_same(&stored.key, &account.key);
    if stored.service_account().is_none_or(is_same) {
        return Ok(());
    }
    let message = format!("{} is another key, which Google does not show again", target.location());
    Err(Error::parse(message).hint("name another file, or move this one away"))
}

/// Returns the fingerprint of the refresh token that would be lost.
fn other_token(stored: &Credentials, credentials: &Credentials) -> Option<String> {
    let other = stored.refresh_token().filter(|token| Some(*token) != credentials.refresh_token());
    other.map(Secret::fingerprint)
}

/// Names the fields that the format has no key for.
fn warn_of_loss(term: Term, format: &dyn Format, credentials: &Credentials) {
    let held = format.holds(credentials);
    let impersonates =
        |credentials: &Credentials| credentials.service_account().is_some_and(|account| account.impersonate.is_some());
    let lost = [
        ("impersonated user", impersonates(credentials) && !impersonates(&held)),
        ("developer token", credentials.developer_token.is_some() && held.developer_token.is_none()),
        ("login customer ID", credentials.login_customer_id.is_some() && held.login_customer_id.is_none()),
        ("linked customer ID", credentials.linked_customer_id.is_some() && held.linked_customer_id.is_none()),
    ];
    let lost: Vec<&str> = lost.iter().filter(|(_, is_lost)| *is_lost).map(|(name, _)| *name).collect();
    if !lost.is_empty() {
        term.warn(&format!("`{}` has no place for the {}", format.name(), lost.join(" and the ")));
    }
}

/// Returns the path where the library looks.
fn default_path(format: &dyn Format) -> Result<Option<PathBuf>> {
    Ok(match format.default_location() {
        DefaultLocation::Home(name) => Some(paths::home()?.join(name)),
        DefaultLocation::Gcloud(name) => Some(paths::gcloud()?.join(name)),
        DefaultLocation::Here(name) => Some(paths::resolve(name, paths::FILE)?),
        DefaultLocation::Nowhere => None,
    })
}
