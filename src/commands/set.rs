//! `set`: change what belongs to a credential without a new consent: client secret, customer IDs, developer token, default.
//!
//! A client secret is tried with a refresh before it is saved, customer IDs are checked against what the token reaches. All of
//! it is checked before any of it is saved.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::client_secrets;
use crate::commands::login::{api_version, developer_token};
use crate::commands::others;
use crate::context::Context;
use crate::credentials::{Client, CustomerId};
use crate::diagnosis;
use crate::error::{Error, Result};
use crate::google::{Endpoints, VERSION};
use crate::hardening::critically;
use crate::paths;
use crate::profile::{self, Profile};
use crate::secret::Secret;
use crate::term::Term;

mod all;
mod changes;
mod done;
mod key;
mod trial;

use done::Done;
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
    #[arg(long, value_name = "ID", value_hint = clap::ValueHint::Other, value_parser = id_or_none)]
    login_customer_id: Option<Wanted<CustomerId>>,
    /// The account that is linked to the login customer, or `none`
    #[arg(long, value_name = "ID", value_hint = clap::ValueHint::Other, value_parser = id_or_none)]
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
    #[arg(long, value_name = "vN", value_hint = clap::ValueHint::Other, env = "GADS_CREDS_API_VERSION", hide = true, default_value = VERSION, value_parser = api_version)]
    api_version: String,
}

/// What is to be set; absent is what stays.
#[derive(Default)]
struct Changes {
    client: Option<Client>,
    login_customer_id: Option<Wanted<CustomerId>>,
    linked_customer_id: Option<Wanted<CustomerId>>,
    developer_token: Option<Wanted<Secret>>,
}

/// Whether and how the Google Ads API is asked about customer IDs.
struct Verify {
    no_verify: bool,
    version: String,
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
    id.ok_or_else(|| "a customer ID has ten digits, as in 123-456-7890; `none` removes it".to_owned())
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
            let new = NewKey::read(path, &endpoints, term)?;
            if self.all {
                return all::run(
                    "service account",
                    |profile| new.is_of(profile),
                    |profile| new.apply(profile, term),
                    term,
                );
            }
            return new.apply(&diagnosis::choose(context.choice())?, term)?.report(term);
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
                let path = paths::expand(path.as_os_str(), "--client-secrets")?;
                let client = client_secrets::read(&path, &endpoints)?;
                if path != Path::new("-") {
                    others::warn_of(&path, term);
                }
                Some(client)
            }
            None => None,
        };
        if let (true, Some(client)) = (self.all, &client) {
            let changes = Changes { client: Some(client.clone()), ..Changes::default() };
            let apply = |profile: &Profile| changes.apply(profile, &endpoints, None, term);
            return all::run("OAuth client", |profile| all::is_of(profile, client), apply, term);
        }
        let profile = diagnosis::choose(context.choice())?;
        if self.default && profile.name.is_none() {
            return Err(Error::usage(format!("{} has no profile that could be the default", profile.location))
                .hint(profile.to_be_named()));
        }
        let changes = Changes {
            client,
            login_customer_id: self.login_customer_id,
            linked_customer_id: self.linked_customer_id,
            developer_token: self.developer_token_file.as_deref().map(|path| wanted_token(path, term)).transpose()?,
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

fn wanted_token(path: &Path, term: Term) -> Result<Wanted<Secret>> {
    if path == Path::new("none") {
        return Ok(Wanted::None);
    }
    developer_token(&paths::expand(path.as_os_str(), "--developer-token-file")?, term).map(Wanted::Value)
}
