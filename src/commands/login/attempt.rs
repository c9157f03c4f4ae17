//! What a login will store and where, and the preflight checks: everything that can be checked before consent is, so
//! that nothing fails afterwards for a reason that was already there.

use crate::commands::login::Login;
use crate::commands::login::old_store::{self, Old};
use crate::credentials::{Client, ClientKind, Credentials, Key};
use crate::diagnosis;
use crate::error::{Error, Kind, Result};
use crate::format::{FormatName, IdentityKind};
use crate::google::Endpoints;
use crate::profile::{self, Location, Profile, Shared, TokenMetadata};
use crate::recovery;
use crate::secret::Secret;
use crate::store::{self, Purpose, Store};
use crate::term::{self, Term};
use crate::tokens;

/// What a login will store and where.
pub struct Attempt {
    pub profile: Profile,
    pub store: Box<dyn Store>,
    /// The previous store of the profile, if it moves and that store can be opened.
    pub old: Option<Old>,
    /// The location that the profile leaves.
    pub moves_from: Option<Location>,
    /// The fields set along with the refresh token.
    pub given: Credentials,
    /// What was stored when the login began: in the previous store, if the profile moves.
    pub before: Credentials,
    /// Where Google sends the response of a web client.
    pub redirect_uri: Option<String>,
    /// The refresh token that this login replaces in its own store. Any other found there was saved later.
    pub replaces: Option<Secret>,
}

impl Attempt {
    /// Makes every check that needs no consent. `choose` returns the OAuth client, given what is stored and its
    /// metadata.
    pub fn prepare(
        login: &Login,
        profile: Profile,
        endpoints: &Endpoints,
        term: Term,
        choose: impl FnOnce(&Credentials, &TokenMetadata) -> Result<Client>,
    ) -> Result<(Attempt, Client)> {
        let purpose = login.purpose();
        let store = store::open(&profile.location, purpose)?;
        let spinner = term.spinner("reading what is stored");
        let contents = store.load()?;
        let stored = contents.credentials.clone();
        refuse_other_kind(&*store, &stored, IdentityKind::User, purpose)?;
        warn_of_only_key(&*store, &stored, endpoints, purpose, term);
        let replaces = stored.refresh_token().cloned();
        let moves_from = profile::previous_location(&profile)?.map(|(location, _)| location);
        let old = old_store::open(&profile, term)?;
        let (before, known) = match &old {
            Some(old) => (old.before.clone(), &old.metadata),
            None => (stored, &profile.metadata),
        };
        drop(spinner);
        warn_of_sharing(&profile, &before, term)?;
        if login.client_secrets.is_none()
            && let Some(error) = diagnosis::wrong_client(&profile, &before)
        {
            return Err(error);
        }
        let cause = || diagnosis::missing_client(&profile, &contents).filter(|_| login.client_secrets.is_none());
        let client = choose(&before, known).map_err(|error| match cause() {
            Some(cause) if error.kind() == Kind::ClientSecrets => cause,
            _ => error,
        })?;
        let carried = if old.is_some() { before.clone() } else { Credentials::default() };
        let given = login.given(&client, carried, term)?;
        recovery::preflight()?;
        let metadata = TokenMetadata { endpoint: endpoints.origin().map(str::to_owned), ..TokenMetadata::default() };
        profile::preflight(&Profile { metadata, ..profile.clone() })?;
        old.as_ref().map_or(Ok(()), Old::preflight)?;
        // Last: a secret manager has an entry after that, though an empty one.
        let mut trial = given.clone();
        trial.set_refresh_token(Some(Secret::new("1//0-preflight-of-a-refresh-token")));
        store.preflight(&|stored| take(stored, &trial))?;
        Ok((Attempt { profile, store, old, moves_from, given, before, redirect_uri: None, replaces }, client))
    }

    /// Returns the same with the redirect URI of the authorization request, which only a web client's next login needs.
    pub fn with_redirect_uri(mut self, client: &Client, redirect_uri: &str) -> Attempt {
        self.redirect_uri = match client.kind {
            ClientKind::Web { .. } => Some(redirect_uri.to_owned()),
            ClientKind::Desktop => None,
        };
        self
    }
}

/// Sets the fields of a login, and no other.
pub fn take(stored: &mut Credentials, given: &Credentials) {
    stored.identity = given.identity.clone();
    stored.developer_token = given.developer_token.clone().or(stored.developer_token.take());
    stored.login_customer_id = given.login_customer_id.clone().or(stored.login_customer_id.take());
    stored.linked_customer_id = given.linked_customer_id.clone().or(stored.linked_customer_id.take());
}

/// Warns before the browser opens that profiles in the same file share one token.
fn warn_of_sharing(profile: &Profile, before: &Credentials, term: Term) -> Result<()> {
    let shared = profile::sharing(profile, before)?;
    let others: Vec<_> =
        shared.iter().filter(|(_, tie)| *tie == Shared::Location).map(|(sharer, _)| sharer.to_string()).collect();
    if !others.is_empty() {
        let others = others.join(", ");
        term.warn(&format!(
            "{} also keeps the credentials of {others}: this login replaces their token",
            profile.location
        ));
        term.hint("give this profile a file of its own with `--config FILE`, or `--store keychain`");
    }
    Ok(())
}

/// Warns before the browser opens that the key of a service account, which this login replaces on demand, is deleted.
fn warn_of_only_key(store: &dyn Store, stored: &Credentials, endpoints: &Endpoints, purpose: Purpose, term: Term) {
    let Some(account) = stored.service_account().filter(|_| purpose == Purpose::LoginReplacingKind) else { return };
    // In TOML, the lines are commented out.
    let is_deleted = store.format().is_none_or(|format| format.name() == FormatName::Adc);
    if !is_deleted || !matches!(account.key, Key::Document(_)) {
        return;
    }
    let location = store.location();
    let key = match tokens::read_key(account, &location, endpoints) {
        Ok(key) => format!("the key {} of {}", term::excerpt(&key.key_id), term::excerpt(&key.email)),
        Err(_) => "the key of a service account".to_owned(),
    };
    term.warn(&format!("{location} holds {key} itself: this login deletes it there"));
    term.hint("save a copy first if there is no other: Google shows a key only once");
}

/// Fails if a store other than a file holds the other kind of credential; a file store checks that itself.
pub fn refuse_other_kind(
    store: &dyn Store,
    stored: &Credentials,
    wanted: IdentityKind,
    purpose: Purpose,
) -> Result<()> {
    let held = match wanted {
        IdentityKind::User if stored.service_account().is_some() => "the key of a service account",
        IdentityKind::ServiceAccount if stored.refresh_token().is_some() => "the refresh token of a user",
        IdentityKind::User | IdentityKind::ServiceAccount => return Ok(()),
    };
    if purpose == Purpose::LoginReplacingKind || store.format().is_some() {
        return Ok(());
    }
    let message = format!("{} holds {held}", store.location());
    Err(Error::usage(message).hint("add `--replace-kind` to replace it, or name another profile with `-p`"))
}
