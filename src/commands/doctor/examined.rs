//! What the checks examine: the stored credentials, their location, and Google's responses, requested once.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::TimeDelta;

use crate::context::Context;
use crate::credentials::{AccountKey, Credentials, Field};
use crate::diagnosis;
use crate::error::{Error, Result};
use crate::format::{Contents, Diagnostic, Format};
use crate::google::{Account, Caller, Endpoints, Google};
use crate::hint::Hint;
use crate::profile::{self, Location, Profile, TokenMetadata};
use crate::recovery;
use crate::store::{self, Purpose};
use crate::tokens::{self, LockedCredential, Minted};

use super::UNREADABLE;

pub struct Examined {
    pub profile: Profile,
    pub location: String,
    /// The path, if the store is a file.
    pub path: Option<PathBuf>,
    pub format: Option<&'static dyn Format>,
    /// What the store holds, or why it cannot be read.
    pub contents: std::result::Result<Contents, Error>,
    /// How long reading took.
    pub read_in: Duration,
    /// What is known of the stored token; empty if the metadata belong to another.
    pub metadata: TokenMetadata,
    /// The key of the service account, or why it cannot be read; `None` for a user.
    pub key: Option<std::result::Result<AccountKey, Error>>,
    pub online: Online,
    endpoints: Endpoints,
}

/// Google's responses, or why there are none.
pub enum Online {
    /// The reason, as `--offline was given`.
    NotAsked(&'static str),
    /// An error that prevents any request.
    CannotAsk(Error),
    Asked(Box<Responses>),
}

pub struct Responses {
    pub minted: std::result::Result<Minted, Error>,
    /// `None` without an access token.
    pub accounts: Option<std::result::Result<Vec<Account>, Error>>,
    /// How far this machine's clock is ahead of Google's.
    pub clock_error: Option<TimeDelta>,
    pub version: String,
}

impl Examined {
    /// Reads what is stored, without asking Google.
    pub fn local(context: &Context) -> Result<Examined> {
        let endpoints = Endpoints::from_environment()?;
        let profile = diagnosis::choose(context.choice())?;
        let path = match &profile.location {
            Location::File { path, .. } => Some(path.clone()),
            Location::Keychain { .. } | Location::Command { .. } => None,
        };
        let start = Instant::now();
        let (location, contents, format) = match store::open(&profile.location, Purpose::Update) {
            Ok(store) => (store.location(), store.load(), store.format()),
            Err(error) => (profile.location.to_string(), Err(error), None),
        };
        let read_in = start.elapsed();
        let stored = contents.as_ref().map(|contents| contents.credentials.clone()).unwrap_or_default();
        let metadata = stored.refresh_token().map(|token| profile.metadata.valid_for(token)).unwrap_or_default();
        let key = stored.service_account().map(|account| tokens::read_key(account, &location, &endpoints));
        let online = Online::NotAsked("not yet");
        Ok(Examined { profile, location, path, format, contents, read_in, metadata, key, online, endpoints })
    }

    /// Asks Google about what is stored, unless `offline` or certain to fail.
    pub fn ask(&mut self, context: &Context, offline: bool, version: String) {
        let stored = self.stored();
        self.online = match unfit(&self.profile, &stored, self.key.as_ref()) {
            _ if self.contents.is_err() => Online::NotAsked(UNREADABLE),
            _ if self.is_empty() => Online::NotAsked("nothing is stored"),
            _ if offline => Online::NotAsked("`--offline` was given"),
            Some(why) => Online::NotAsked(why),
            None => match ask(context, self.endpoints.clone(), &self.profile, &stored, version) {
                Ok(responses) => Online::Asked(Box::new(responses)),
                Err(error) => Online::CannotAsk(error),
            },
        };
    }

    /// Returns where Google was asked.
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// Returns what to do about the line of a diagnostic.
    pub fn step(&self, about: &Diagnostic) -> Hint {
        let place = self.contents.as_ref().map(|contents| diagnosis::place(&self.profile, contents));
        diagnosis::step(about, &place.unwrap_or_else(|_| self.profile.location.clone()))
    }

    /// Returns why Google issued no access token, if it was asked.
    pub fn refused(&self) -> Option<&Error> {
        match &self.online {
            Online::Asked(responses) => responses.minted.as_ref().err(),
            Online::NotAsked(_) | Online::CannotAsk(_) => None,
        }
    }

    /// Returns why these credentials cannot be used, as a command that uses them says it.
    pub fn decisive(&self) -> Option<Error> {
        let contents = match &self.contents {
            Ok(contents) => contents,
            Err(error) => return Some(error.clone()),
        };
        let of_key = || self.key.as_ref()?.as_ref().err().cloned();
        let of_google = || match &self.online {
            Online::Asked(responses) => match &responses.minted {
                Ok(minted) => minted.check_scope().err(),
                Err(error) => Some(error.clone()),
            },
            Online::NotAsked(_) | Online::CannotAsk(_) => None,
        };
        diagnosis::first(&self.profile, contents).or_else(of_key).or_else(of_google)
    }

    /// Whether there is no credential: no file or entry, or a file without a credential of any kind.
    pub fn is_empty(&self) -> bool {
        self.contents.as_ref().is_ok_and(|contents| {
            let left_over = contents.diagnostics.iter().any(Diagnostic::is_placeholder);
            contents.credentials == Credentials::default() && contents.other_kinds().next().is_none() && !left_over
        })
    }

    /// Whether nothing is stored here, nothing was meant to be, and no other profile exists, and no token waits to be stored: this is the first use.
    pub fn is_untouched(&self) -> bool {
        let is_blank = |contents: &Contents| {
            contents.diagnostics.iter().all(|about| about.field.is_none() && !about.hides_section())
        };
        let is_near = self.path.as_deref().is_some_and(|path| !path.exists() && diagnosis::near_file(path).is_some());
        let is_only = profile::names().into_iter().all(|name| self.profile.name.as_ref() == Some(&name));
        let is_left = recovery::paths().is_ok_and(|left| !left.is_empty());
        self.is_empty() && self.contents.as_ref().is_ok_and(is_blank) && !is_near && is_only && !is_left
    }

    /// Returns the credentials; empty if they cannot be read.
    pub fn stored(&self) -> Credentials {
        self.contents.as_ref().map(|contents| contents.credentials.clone()).unwrap_or_default()
    }
}

/// Returns why Google need not be asked about these credentials.
fn unfit(
    profile: &Profile,
    stored: &Credentials,
    key: Option<&std::result::Result<AccountKey, Error>>,
) -> Option<&'static str> {
    if let Some(key) = key {
        return key.is_err().then_some("the key cannot be used");
    }
    if Field::OF_USER.iter().any(|field| field.get(stored).is_none()) {
        return Some("client ID, client secret and refresh token are not all there");
    }
    let wrong = Field::OF_USER.into_iter().find_map(|field| diagnosis::wrong_value(profile, stored, field));
    wrong.map(|_| "what is stored is not what it should be")
}

fn ask(
    context: &Context,
    endpoints: Endpoints,
    profile: &Profile,
    stored: &Credentials,
    version: String,
) -> Result<Responses> {
    let google = Google::new(endpoints.clone(), context.term)?;
    let spinner = context.term.spinner("asking Google");
    let minted = LockedCredential::open(profile.clone(), &endpoints).and_then(|credential| credential.mint(&google));
    let clock_error = google.clock_error();
    let accounts = minted.as_ref().ok().map(|minted| {
        let caller = Caller {
            access_token: minted.grant.access_token.clone(),
            developer_token: stored.developer_token.clone(),
            version: version.clone(),
        };
        match &stored.login_customer_id {
            Some(wanted) => google.accounts_with_details(&caller, Some(wanted)),
            None => google.accounts(&caller),
        }
    });
    drop(spinner);
    Ok(Responses { minted, accounts, clock_error, version })
}
