//! `set`: change what belongs to a credential without a new consent: client secret, customer ids, developer token, default.
//!
//! A client secret is tried with a refresh before it is saved, customer ids are checked against what the token reaches. All of
//! it is checked before any of it is saved.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use crate::client_secrets;
use crate::commands::login::{api_version, developer_token};
use crate::context::Context;
use crate::credentials::{Client, Credentials, CustomerId, Field};
use crate::diagnosis;
use crate::error::{Error, Kind, Result};
use crate::google::{self, Access, Caller, Endpoints, Google, VERSION};
use crate::hardening::critically;
use crate::paths;
use crate::profile::{self, Profile};
use crate::secret::Secret;
use crate::store::{self, Purpose, Store};
use crate::term::Term;
use crate::tokens::LockedCredential;

mod all;
mod key;

use key::NewKey;

/// Change the client secret, customer IDs or default profile without a new consent
#[derive(Args, Debug)]
#[command(after_long_help = concat!(waits!(), "\
Examples:
  gads-creds set --client-secrets client_secret.json --all
  gads-creds set --key-file new_key.json --all      a service account's new key
  gads-creds set -p work --login-customer-id 123-456-7890
  gads-creds set -p work --default"))]
pub struct Set {
    /// The JSON of the same OAuth client with its new secret, `-` for stdin
    #[arg(short, long, value_name = "FILE", alias = "client_secrets_path", alias = "client-secrets-path")]
    client_secrets: Option<PathBuf>,
    /// Another key of the same service account, `-` for stdin
    #[arg(long, value_name = "FILE", conflicts_with_all = ["client_secrets", "login_customer_id", "linked_customer_id", "developer_token_file", "default", "no_verify"])]
    key_file: Option<PathBuf>,
    /// The manager account to go through, or `none`
    #[arg(long, value_name = "ID", value_parser = id_or_none)]
    login_customer_id: Option<Wanted<CustomerId>>,
    /// The account that is linked to the login customer, or `none`
    #[arg(long, value_name = "ID", value_parser = id_or_none)]
    linked_customer_id: Option<Wanted<CustomerId>>,
    /// The developer token, `-` for stdin, or `none`
    #[arg(long, value_name = "FILE")]
    developer_token_file: Option<PathBuf>,
    /// Make this the profile of commands that name none
    #[arg(long)]
    default: bool,
    /// Save the client secret, or the key, in every profile of that client or service account
    #[arg(long, conflicts_with_all = ["login_customer_id", "linked_customer_id", "developer_token_file", "default", "profile", "config"])]
    all: bool,
    /// Save the customer IDs without asking the Google Ads API
    #[arg(long)]
    no_verify: bool,
    /// The version of the Google Ads API to ask
    #[arg(long, value_name = "vN", env = "GADS_CREDS_API_VERSION", hide = true, default_value = VERSION, value_parser = api_version)]
    api_version: String,
}

/// A value to set, or the wish to have none.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted<T> {
    Value(T),
    None,
}

impl<T: Clone> Wanted<T> {
    fn value(&self) -> Option<T> {
        match self {
            Wanted::Value(value) => Some(value.clone()),
            Wanted::None => None,
        }
    }
}

fn id_or_none(text: &str) -> std::result::Result<Wanted<CustomerId>, String> {
    if text == "none" {
        return Ok(Wanted::None);
    }
    let id = CustomerId::typed(text).map(Wanted::Value);
    id.ok_or_else(|| "a customer id has ten digits, as in 123-456-7890; `none` removes it".to_owned())
}

/// What is to be set; absent is what stays.
#[derive(Default)]
struct Changes {
    client: Option<Client>,
    login_customer_id: Option<Wanted<CustomerId>>,
    linked_customer_id: Option<Wanted<CustomerId>>,
    developer_token: Option<Wanted<Secret>>,
}

impl Set {
    pub fn run(self, context: &Context) -> Result<()> {
        let term = context.term;
        let endpoints = Endpoints::from_environment()?;
        if self.all && self.client_secrets.is_none() && self.key_file.is_none() {
            return Err(Error::usage("`--all` sets nothing by itself").hint(
                "add `--client-secrets FILE` or `--key-file FILE`, as in `gads-creds set --key-file FILE --all`",
            ));
        }
        if let Some(path) = &self.key_file {
            let new = NewKey::read(path, &endpoints)?;
            if self.all {
                return all::run(
                    "service account",
                    |profile| new.is_of(profile),
                    |profile| new.apply(profile, term),
                    term,
                );
            }
            return new.apply(&profile::choose(context.choice())?, term)?.report(term);
        }
        let is_empty = self.client_secrets.is_none()
            && self.login_customer_id.is_none()
            && self.linked_customer_id.is_none()
            && self.developer_token_file.is_none();
        if is_empty && !self.default {
            return Err(Error::usage("nothing is given that could be set").hint(
                "for example `gads-creds set --client-secrets FILE`, `gads-creds set --login-customer-id ID` or \
                 `gads-creds set --default`",
            ));
        }
        let client = match &self.client_secrets {
            Some(path) => {
                Some(client_secrets::read(&paths::expand(path.as_os_str(), "--client-secrets")?, &endpoints)?)
            }
            None => None,
        };
        if let (true, Some(client)) = (self.all, &client) {
            let changes = Changes { client: Some(client.clone()), ..Changes::default() };
            let apply = |profile: &Profile| changes.apply(profile, &endpoints, None, term);
            return all::run("OAuth client", |profile| all::is_of(profile, client), apply, term);
        }
        let profile = profile::choose(context.choice())?;
        if self.default && profile.name.is_none() {
            return Err(Error::usage(format!("{} has no profile that could be the default", profile.location))
                .hint(profile.to_be_named()));
        }
        let changes = Changes {
            client,
            login_customer_id: self.login_customer_id,
            linked_customer_id: self.linked_customer_id,
            developer_token: self.developer_token_file.as_deref().map(wanted_token).transpose()?,
        };
        let default = profile.name.as_ref().filter(|_| self.default);
        default.map_or(Ok(()), profile::preflight_default)?;
        let verify = Verify { no_verify: self.no_verify, version: self.api_version };
        let mut done = if is_empty {
            Done::nothing(&profile)
        } else {
            changes.apply(&profile, &endpoints, Some(&verify), term)?
        };
        if let Some(name) = default {
            critically(|| profile::set_default(name))?;
            done.is_default = true;
        }
        done.report(term)
    }
}

fn wanted_token(path: &Path) -> Result<Wanted<Secret>> {
    if path == Path::new("none") {
        return Ok(Wanted::None);
    }
    developer_token(&paths::expand(path.as_os_str(), "--developer-token-file")?).map(Wanted::Value)
}

/// Whether and how the Google Ads API is asked about customer ids.
struct Verify {
    no_verify: bool,
    version: String,
}

/// What was set where.
struct Done {
    profile: Option<String>,
    location: String,
    /// The name in messages and the one in JSON.
    changed: Vec<(&'static str, &'static str)>,
    /// The profile became the default one.
    is_default: bool,
    notes: Vec<String>,
}

impl Changes {
    /// Checks all of it, then saves it.
    fn apply(&self, profile: &Profile, endpoints: &Endpoints, verify: Option<&Verify>, term: Term) -> Result<Done> {
        let target = profile.target();
        let store = store::open(&profile.location, Purpose::Update)?;
        let contents = store.load().map_err(|error| error.about(target.clone()))?;
        if let Some(error) = self.client.as_ref().and_then(|_| diagnosis::first(profile, &contents)) {
            return Err(error);
        }
        let stored = contents.credentials;
        self.check_client(&stored, profile)?;
        self.check_format(&*store, &stored).map_err(|error| error.about(target.clone()))?;
        store.preflight(&|stored| self.change(stored)).map_err(|error| error.about(target.clone()))?;
        let mut notes = self.try_with_google(profile, &stored, endpoints, verify, term)?;
        let mut changed = Vec::new();
        critically(|| {
            let lock = store.lock()?;
            let now = store.load()?.credentials;
            // Another login may have brought another client since.
            self.check_client(&now, profile)?;
            changed = self.changed(&now);
            notes.extend(store.update(&lock, &|stored| self.change(stored))?);
            Ok(())
        })?;
        let changed = changed.iter().map(|field| (field.name(), field.key())).collect();
        Ok(Done { location: store.location(), changed, notes, ..Done::nothing(profile) })
    }

    fn change(&self, stored: &mut Credentials) {
        if let Some(client) = &self.client {
            Field::ClientSecret.set_secret(stored, Some(client.secret.clone()));
        }
        if let Some(id) = &self.login_customer_id {
            stored.login_customer_id = id.value();
        }
        if let Some(id) = &self.linked_customer_id {
            stored.linked_customer_id = id.value();
        }
        if let Some(token) = &self.developer_token {
            stored.developer_token = token.value();
        }
    }

    /// The fields that differ from what is stored.
    fn changed(&self, stored: &Credentials) -> Vec<Field> {
        let mut after = stored.clone();
        self.change(&mut after);
        let differs = |field: &Field| field.get(&after) != field.get(stored);
        Field::ALL.into_iter().filter(differs).collect()
    }

    /// Fails for a value that the file's format has no key for: it would not be saved.
    fn check_format(&self, store: &dyn Store, stored: &Credentials) -> Result<()> {
        let Some(format) = store.format() else { return Ok(()) };
        let mut after = stored.clone();
        self.change(&mut after);
        let is_lost = |field: &Field| field.get(&after).is_some() && format.key(*field).is_none();
        let Some(lost) = self.changed(stored).into_iter().find(is_lost) else { return Ok(()) };
        let message = format!("the format `{}` has no place for the {}", format.name(), lost.name());
        Err(Error::usage(message).hint("`gads-creds move --store WHERE` takes the credentials to a store that has one"))
    }

    /// A secret belongs to one client: beside the ID of another no token would work any more.
    fn check_client(&self, stored: &Credentials, profile: &Profile) -> Result<()> {
        let Some(client) = &self.client else { return Ok(()) };
        if stored.client_id() == Some(&client.id) {
            return Ok(());
        }
        if stored.service_account().is_some() {
            let message = format!("{} holds a service account, which has no client secret", profile.location);
            return Err(Error::new(Kind::ClientSecrets, message)
                .hint("leave `--client-secrets` out, or run `gads-creds login --replace-kind -c FILE` to log in as a user")
                .about(profile.target()));
        }
        Err(Error::new(
            Kind::ClientSecrets,
            format!("that is another OAuth client than the one stored in {}", profile.location),
        )
        .hint("a token works with its own client only: `gads-creds login -c FILE` gets one for this client")
        .about(profile.target()))
    }

    /// Tries the secret with a refresh, and looks for the customer ids among the accounts that the token reaches. A refresh
    /// token that Google replaces on the way is saved at once. Returns what the user should know besides.
    fn try_with_google(
        &self,
        profile: &Profile,
        stored: &Credentials,
        endpoints: &Endpoints,
        verify: Option<&Verify>,
        term: Term,
    ) -> Result<Vec<String>> {
        let verify = verify.filter(|verify| !verify.no_verify);
        let ids = [&self.login_customer_id, &self.linked_customer_id].map(|id| id.as_ref().and_then(Wanted::value));
        let has_ids = verify.is_some() && ids.iter().any(Option::is_some);
        if self.client.is_none() && !has_ids {
            return Ok(Vec::new());
        }
        let mut credential =
            LockedCredential::open(profile.clone(), endpoints).map_err(|error| error.about(profile.target()))?;
        if let Some(client) = &self.client {
            credential = credential.with_client_secret(client.secret.clone());
        }
        let google = Google::new(endpoints.clone(), term)?;
        let spinner = term.spinner("asking Google");
        let unchanged = |error: Error| error.adding("nothing was changed");
        let minted = credential.mint(&google).map_err(unchanged)?;
        let mut notes = minted.notes;
        let (Some(verify), true) = (verify, has_ids) else { return Ok(notes) };
        let developer_token = match &self.developer_token {
            Some(wanted) => wanted.value(),
            None => stored.developer_token.clone(),
        };
        let caller =
            Caller { access_token: minted.grant.access_token, developer_token, version: verify.version.clone() };
        let [login, linked] = &ids;
        if let Some(id) = login {
            let accounts = google.accounts_with_details(&caller, Some(id)).map_err(unchanged)?;
            match google::access_to(id, &accounts) {
                Access::Direct | Access::ThroughManager => {}
                Access::Unknown => notes.push(format!(
                    "not every account shows what it manages, so it is not known whether the token reaches {id}"
                )),
                Access::None => {
                    return Err(Error::new(
                        Kind::AdsRefused,
                        format!("the token does not reach the customer {id}; nothing was changed"),
                    )
                    .hint("check the ID at https://ads.google.com, or add `--no-verify` to save it all the same")
                    .about(profile.target()));
                }
            }
        }
        // It is reached through the account that it is linked to, not by this user.
        if let Some(id) = linked {
            let accounts = google.accounts_with_details(&caller, Some(id)).map_err(unchanged)?;
            if google::access_to(id, &accounts) == Access::None {
                notes.push(format!(
                    "the token itself does not reach the linked customer {id}: Google Ads decides when it is used"
                ));
            }
        }
        drop(spinner);
        Ok(notes)
    }
}

impl Done {
    fn nothing(profile: &Profile) -> Done {
        Done {
            profile: profile.name.as_ref().map(ToString::to_string),
            location: profile.location.to_string(),
            changed: Vec::new(),
            is_default: false,
            notes: Vec::new(),
        }
    }

    fn report(&self, term: Term) -> Result<()> {
        self.notes.iter().for_each(|note| term.say(note));
        term.say(&self.line());
        if term.json { term.out_json(&self.json()) } else { Ok(()) }
    }

    /// Returns the result in one line.
    fn line(&self) -> String {
        let name = self.profile.as_ref().map(|name| format!(" of profile `{name}`")).unwrap_or_default();
        let fields: Vec<&str> = self.changed.iter().map(|(name, _)| *name).collect();
        let set = format!("set the {}{name} in {}", fields.join(" and the "), self.location);
        let default = self.profile.as_ref().filter(|_| self.is_default);
        match (fields.is_empty(), default) {
            (true, None) => format!("nothing to change: {} holds these values already", self.location),
            (true, Some(name)) => format!("profile `{name}` is the default now"),
            (false, None) => set,
            (false, Some(_)) => format!("{set}; it is the default now"),
        }
    }

    fn json(&self) -> Value {
        let fields = self.changed.iter().map(|(_, key)| *key);
        let changed: Vec<&str> = fields.chain(self.is_default.then_some("default")).collect();
        json!({ "profile": self.profile, "location": self.location, "changed": changed })
    }
}
