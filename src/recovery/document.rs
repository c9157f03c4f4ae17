//! The recovery file as it is written: JSON that a person can read too, should this program be gone.
//!
//! The only place besides the stores where secrets are spelled out. Its types are its own, so that a change to the records
//! of the program does not change the layout of a file that an older version left.

use std::ffi::OsString;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::credentials::{Credentials, CustomerId};
use crate::error::{Error, Result};
use crate::format::UnknownFormat;
use crate::profile::{self, Location, NAMED_FILE, Profile, ProfileName, TokenMetadata};
use crate::recovery::Pending;
use crate::secret::Secret;

/// The version of the layout.
pub const VERSION: u32 = 1;

/// The file as it is written.
#[derive(Deserialize, Serialize)]
pub struct Document {
    pub version: u32,
    profile: Option<String>,
    place: Stored,
    facts: Known,
    credentials: Fields,
    #[serde(default)]
    replaces: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(tag = "store", rename_all = "lowercase")]
enum Stored {
    /// The path as the system spells it, since it need not be UTF-8.
    File {
        file: OsString,
        format: Option<String>,
        /// Whether the person named this file, and no other will do.
        #[serde(default)]
        named: bool,
    },
    Keychain {
        profile: String,
    },
    Command {
        profile: String,
        /// As `--store` spells it; absent for commands that stand in profiles.toml, which are read there again.
        recipe: Option<String>,
    },
}

#[derive(Deserialize, Serialize)]
struct Known {
    #[serde(default)]
    redirect_uri: Option<String>,
    obtained: Option<String>,
    dies: Option<String>,
    scopes: Vec<String>,
    account: Option<String>,
    endpoint: Option<String>,
    fingerprint: Option<String>,
}

#[derive(Deserialize, Serialize)]
struct Fields {
    client_id: Option<String>,
    client_secret: Option<String>,
    refresh_token: Option<String>,
    developer_token: Option<String>,
    login_customer_id: Option<String>,
    linked_customer_id: Option<String>,
}

impl From<&Pending> for Document {
    fn from(pending: &Pending) -> Document {
        let Pending { profile, credentials, replaces } = pending;
        let exposed = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().to_owned());
        let digits = |id: &Option<CustomerId>| id.as_ref().map(CustomerId::to_string);
        Document {
            version: VERSION,
            profile: profile.name.as_ref().map(|name| name.as_str().to_owned()),
            place: match &profile.place {
                Location::File { path, format } => {
                    let (file, format) = (path.clone().into_os_string(), format.map(|format| format.to_string()));
                    Stored::File { file, format, named: profile.chosen_by == NAMED_FILE }
                }
                Location::Keychain { profile } => Stored::Keychain { profile: profile.as_str().to_owned() },
                Location::Command { profile, engine } => {
                    Stored::Command { profile: profile.as_str().to_owned(), recipe: engine.recipe() }
                }
            },
            facts: Known {
                redirect_uri: profile.facts.redirect_uri.clone(),
                obtained: profile.facts.obtained.map(|time| time.to_string()),
                dies: profile.facts.dies.map(|time| time.to_string()),
                scopes: profile.facts.scopes.clone(),
                account: profile.facts.account.clone(),
                endpoint: profile.facts.endpoint.clone(),
                fingerprint: profile.facts.fingerprint.clone(),
            },
            credentials: Fields {
                client_id: credentials.client_id.clone(),
                client_secret: exposed(&credentials.client_secret),
                refresh_token: exposed(&credentials.refresh_token),
                developer_token: exposed(&credentials.developer_token),
                login_customer_id: digits(&credentials.login_customer_id),
                linked_customer_id: digits(&credentials.linked_customer_id),
            },
            replaces: replaces.clone(),
        }
    }
}

impl Document {
    pub fn pending(self) -> Result<Pending> {
        let time = |text: Option<String>| {
            text.map(|text| text.parse::<Timestamp>().map_err(|_| Error::parse("a time in it is none"))).transpose()
        };
        let customer = |text: Option<String>| {
            let none = || Error::parse("a customer id in it is not ten digits");
            text.map(|text| CustomerId::exact(&text).ok_or_else(none)).transpose()
        };
        let chosen_by = match self.place {
            Stored::File { named: true, .. } => NAMED_FILE,
            _ => "the recovery file",
        };
        let place = match self.place {
            Stored::Keychain { profile } => Location::Keychain { profile: ProfileName::new(&profile)? },
            Stored::Command { profile, recipe } => {
                profile::command_place(&ProfileName::new(&profile)?, recipe.as_deref())?
            }
            Stored::File { file, format: None, .. } => Location::File { path: file.into(), format: None },
            Stored::File { file, format: Some(name), .. } => {
                let unknown = |_: UnknownFormat| Error::parse("the format of its file is not known");
                Location::File { path: file.into(), format: Some(name.parse().map_err(unknown)?) }
            }
        };
        let (facts, fields) = (self.facts, self.credentials);
        Ok(Pending {
            profile: Profile {
                name: self.profile.as_deref().map(ProfileName::new).transpose()?,
                place,
                facts: TokenMetadata {
                    client_id: fields.client_id.clone(),
                    redirect_uri: facts.redirect_uri,
                    obtained: time(facts.obtained)?,
                    dies: time(facts.dies)?,
                    scopes: facts.scopes,
                    account: facts.account,
                    endpoint: facts.endpoint,
                    fingerprint: facts.fingerprint,
                },
                chosen_by,
            },
            credentials: Credentials {
                client_id: fields.client_id,
                client_secret: fields.client_secret.map(Secret::new),
                refresh_token: fields.refresh_token.map(Secret::new),
                developer_token: fields.developer_token.map(Secret::new),
                login_customer_id: customer(fields.login_customer_id)?,
                linked_customer_id: customer(fields.linked_customer_id)?,
            },
            replaces: self.replaces,
        })
    }
}
