//! `login --key-file`: logs in with a service account's key, without a browser.
//!
//! The key stays in its file until the user deletes it, so that only one from standard input needs a recovery file. A library's file
//! refers to it by its absolute path; a store without files, and a few formats, hold the key itself.

use std::path::{Component, Path, PathBuf};

use serde_json::{Value, json};

use crate::commands::key_users;
use crate::commands::keys;
use crate::commands::login::attempt::{refuse_other_kind, take};
use crate::commands::login::report::{self, Replaced};
use crate::commands::login::{Login, old_store, verify};
use crate::commands::others;
use crate::context::Context;
use crate::credentials::{AccountKey, Credentials, Identity, Key, ServiceAccount};
use crate::disk;
use crate::error::{Error, Kind, Result};
use crate::format::{Format, IdentityKind};
use crate::google::{ADWORDS, Account, Caller, Endpoints, Google};
use crate::hardening::critically_saying;
use crate::paths;
use crate::profile::{self, Profile, StoreChoice, TokenMetadata};
use crate::recovery::Pending;
use crate::secret::Secret;
use crate::service_account_key::{self, KeyFile};
use crate::store::{self, Purpose, Store};
use crate::term::{self, Term};
use crate::tokens;

pub fn run(login: &Login, path: &Path, context: &Context, purpose: Purpose) -> Result<()> {
    let term = context.term;
    let endpoints = Endpoints::from_environment()?;
    let (path, KeyFile { key, document }) = read(path, &endpoints)?;
    let store_choice = login.store.as_deref().map(StoreChoice::new).transpose()?;
    let mut profile = profile::choose_for_login(context.choice(), store_choice.as_ref())?;
    let store = store::open(&profile.location, purpose)?;
    store.format().map_or(Ok(()), keys::check_place)?;
    let before = store.load()?.credentials;
    refuse_other_kind(&*store, &before, IdentityKind::ServiceAccount, purpose)?;
    let user = before.refresh_token().map(|token| Replaced::token(token, &profile.metadata));
    let replaced = tokens::replaced_key(&before, &key, &store.location(), &endpoints);
    let moves_from = profile::previous_location(&profile)?.map(|(location, _)| location);
    let old = old_store::open(&profile, term)?;
    let holds_key = !refers_to_file(&*store);
    let stored_key = match (&path, store.format()) {
        (_, None) => Key::Document(document),
        (_, Some(format)) if format.holds_key() => Key::Document(document),
        (Some(path), Some(format)) => Key::File(keys::path_for(path, format)),
        (None, Some(format)) => return Err(no_path(&*store, format)),
    };
    let identity = ServiceAccount { key: stored_key, impersonate: login.impersonate.clone() };
    let given = given(login, identity, old.as_ref().map(|old| &old.before), term)?;
    if let Some(format) = store.format()
        && format.holds(&given).service_account() != given.service_account()
    {
        return Err(Error::usage(format!("the {} have no place for an impersonated user", format.reader()))
            .hint("leave `--impersonate` out, or name a library's file with `--config FILE`"));
    }
    profile.metadata = TokenMetadata {
        client_id: key.client_id.clone(),
        scopes: vec![ADWORDS.to_owned()],
        account: Some(key.email.clone()),
        endpoint: endpoints.origin().map(str::to_owned),
        fingerprint: Some(key.private_key.fingerprint()),
        ..TokenMetadata::default()
    };
    // The new store last: a secret manager has an entry after that, though an empty one.
    profile::preflight(&profile)?;
    old.as_ref().map_or(Ok(()), |old| old.preflight())?;
    store.preflight(&|stored| take(stored, &given))?;

    if let Some(path) = &path {
        others::warn_of(path, term);
        warn_of_mode(path, term);
    }
    user.iter().for_each(|user| user.warn_of_key(&store.location(), term));
    // Before anything is written: a hard link is another file afterwards.
    let is_itself = path.as_ref().is_some_and(|path| key_users::is_itself(path, &profile.location));
    let google = Google::new(endpoints, term)?;
    let accounts = ask(login, &google, &key, &given, &before, term);
    let (accounts, doubt) = match accounts {
        Ok(accounts) => (accounts, None),
        Err(error) if is_stored_nevertheless(&error, login, &before) => (Vec::new(), Some(error)),
        Err(error) if before.identity.is_some() => return Err(error.adding("what was stored before is unchanged")),
        Err(error) => return Err(error),
    };
    let replaces = before.access().map(Secret::fingerprint);
    let pending =
        Pending { profile: profile.clone(), credentials: given.clone(), replaces, rotated: false, moves_from };
    let write = || {
        let lock = store.lock()?;
        let mut notes = store.update(&lock, &|stored| take(stored, &given))?;
        notes.extend(tokens::record(&profile)?);
        Ok(notes)
    };
    let notes = critically_saying(
        |_| Some(format!("the credentials are stored in {}", store.location())),
        || tokens::save_key(pending, path.as_deref(), &write),
    )?;
    notes.iter().for_each(|note| term.say(note));
    if let Some(old) = &old {
        old.take_out(term).iter().for_each(|note| term.say(note));
    }
    replaced.iter().for_each(|note| term.say(note));
    if let (true, false, Some(path)) = (holds_key, is_itself, &path) {
        term.say(&key_users::note(path, &store.location()));
    }
    let was_asked = doubt.is_none() && !login.no_verify;
    let object = report::object(&profile, was_asked.then_some(&accounts[..]));
    done(login, &profile, &*store, &key, report::with_replaced(object, user.as_ref()), doubt, term)
}

/// Reads the key. Returns the path that the library gets; standard input has none.
pub fn read(path: &Path, endpoints: &Endpoints) -> Result<(Option<PathBuf>, KeyFile)> {
    if path == Path::new("-") {
        return Ok((None, service_account_key::read_from_stdin(endpoints)?));
    }
    let path = absolute(&paths::expand(path.as_os_str(), "--key-file")?)?;
    let file = service_account_key::read(&path, endpoints)?;
    Ok((Some(path), file))
}

/// Returns the error for a key without a path where a path is stored.
pub fn no_path(store: &dyn Store, format: &dyn Format) -> Error {
    let message =
        format!("{} names the key by its path, from which the {} reads it", store.location(), format.reader());
    Error::usage(message).hint("save the key in a file and give its path, or keep it in `--store keychain`")
}

/// Returns the path that the library gets: absolute and without `..`; a link to the key stays a link.
fn absolute(path: &Path) -> Result<PathBuf> {
    let unusable = |why: &str| Error::new(Kind::KeyFile, format!("the path of the key {why}"));
    let mut absolute =
        paths::absolute(path)?.ok_or_else(|| unusable("is empty").hint("give the path of the JSON key"))?;
    if let (Some(directory), Some(name)) = (absolute.parent(), absolute.file_name())
        && directory.components().any(|component| component == Component::ParentDir)
        && let Ok(directory) = directory.canonicalize()
    {
        absolute = directory.join(name);
    }
    match absolute.to_str() {
        Some(text) if !text.contains(char::is_control) => Ok(absolute),
        _ => Err(unusable("is not plain UTF-8 text, so no library's file can name it")
            .hint("rename the file or its directory")),
    }
}

/// Whether the store is a library's file, which names the key by its path.
fn refers_to_file(store: &dyn Store) -> bool {
    store.format().is_some_and(|format| !format.holds_key())
}

/// Returns what the login writes; `carried` is what a moving profile keeps.
fn given(login: &Login, account: ServiceAccount, carried: Option<&Credentials>, term: Term) -> Result<Credentials> {
    let carried = carried.cloned().unwrap_or_default();
    Ok(Credentials {
        identity: Some(Identity::ServiceAccount(account)),
        developer_token: match &login.developer_token_file {
            Some(path) => Some(super::inputs::developer_token(path, term)?),
            None => carried.developer_token,
        },
        login_customer_id: login.login_customer_id.clone().or(carried.login_customer_id),
        linked_customer_id: carried.linked_customer_id,
    })
}

/// Gets an access token and, with it, the accounts that the service account can reach; at least one.
fn ask(
    login: &Login,
    google: &Google,
    key: &AccountKey,
    given: &Credentials,
    before: &Credentials,
    term: Term,
) -> Result<Vec<Account>> {
    let spinner = term.spinner("asking Google for an access token");
    let impersonate = login.impersonate.as_deref();
    let grant = google
        .mint_for_service_account(key, impersonate)
        .map_err(|error| tokens::explain(error, key, impersonate, google))?;
    drop(spinner);
    if login.no_verify {
        return Ok(Vec::new());
    }
    let caller = Caller {
        access_token: grant.access_token,
        developer_token: given.developer_token.clone().or_else(|| before.developer_token.clone()),
        version: login.api_version.clone(),
    };
    let login_customer = given.login_customer_id.as_ref().or(before.login_customer_id.as_ref());
    let spinner = term.spinner("asking the Google Ads API for the accounts");
    let accounts = google.accounts_with_details(&caller, login_customer);
    drop(spinner);
    let who = impersonate.unwrap_or(&key.email);
    match accounts {
        Ok(accounts) if accounts.is_empty() => Err(tokens::no_access(who, None)),
        Ok(accounts) => {
            verify::print(&accounts, login_customer, term);
            Ok(accounts)
        }
        Err(error) if error.kind() == Kind::NotAdsUser => Err(tokens::no_access(who, error.google_code())),
        Err(error) => Err(error),
    }
}

/// Whether the credential is stored although the Google Ads API was not reached or returned an error: a service account
/// that has not been invited yet works once it is. A stored credential is not replaced by one that does not work.
fn is_stored_nevertheless(error: &Error, login: &Login, before: &Credentials) -> bool {
    match error.kind() {
        Kind::NotAdsUser | Kind::AdsRefused => login.force || before.identity.is_none(),
        _ => false,
    }
}

fn warn_of_mode(path: &Path, term: Term) {
    let Some(mode) = disk::mode(path).filter(|mode| mode & 0o077 != 0) else { return };
    term.warn(&format!("others on this machine can read the key {} (mode {mode:04o})", term::path(path)));
    term.hint(others::step_to_private_key(path));
}

/// Prints one line or one JSON object; fails if the service account is stored but Google Ads rejects it.
fn done(
    login: &Login,
    profile: &Profile,
    store: &dyn Store,
    key: &AccountKey,
    mut object: Value,
    doubt: Option<Error>,
    term: Term,
) -> Result<()> {
    let name = profile.name.as_ref().map(|name| format!(" (profile `{name}`)")).unwrap_or_default();
    term.say(&format!("saved the service account {} in {}{name}", term::excerpt(&key.email), store.location()));
    object["google_code"] = doubt.as_ref().and_then(Error::google_code).into();
    object["kind"] = "service_account".into();
    object["service_account"] = json!({
        "email": key.email,
        "key_id": key.key_id,
        "project_id": key.project,
        "impersonate": login.impersonate,
    });
    match doubt {
        Some(error) => Err(error.with_report(term.with_warnings(object))),
        None if term.json => term.out_json(&term.with_warnings(object)),
        None => Ok(()),
    }
}
