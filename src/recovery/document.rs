//! The layout of the recovery file: JSON that a user can read without this program.
//!
//! Besides the stores it is the only place where secrets are written. It has its own types, so that a change to the
//! program's records does not change the layout of existing files.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::credentials::{Credentials, Field, Identity, Key, ServiceAccount};
use crate::error::{Error, Result};
use crate::profile::{Location, Profile, ProfileName, SelectedBy, TokenMetadata, WrittenLocation};
use crate::recovery::Pending;
use crate::secret::Secret;

/// The version of the layout.
pub const VERSION: u32 = 1;

/// The file as it is written.
#[derive(Deserialize, Serialize)]
pub struct Document {
    pub version: u32,
    profile: Option<String>,
    location: WrittenLocation,
    metadata: Known,
    credentials: Fields,
    #[serde(default)]
    replaces: Option<String>,
    #[serde(default)]
    rotated: bool,
    #[serde(default)]
    moves_from: Option<WrittenLocation>,
}

#[derive(Deserialize, Serialize)]
struct Known {
    #[serde(default)]
    redirect_uri: Option<String>,
    issued_at: Option<String>,
    expires_at: Option<String>,
    scopes: Vec<String>,
    account: Option<String>,
    endpoint: Option<String>,
    fingerprint: Option<String>,
}

/// The values by the keys of [`Field`], and a service account's key under a name of its own.
type Fields = BTreeMap<String, Option<String>>;

const KEY_DOCUMENT: &str = "service_account_key";

impl From<&Pending> for Document {
    fn from(pending: &Pending) -> Document {
        let Pending { profile, credentials, replaces, rotated, moves_from } = pending;
        let at = |location: &Location| Profile { location: location.clone(), ..profile.clone() };
        Document {
            version: VERSION,
            profile: profile.name.as_ref().map(|name| name.as_str().to_owned()),
            location: WrittenLocation::of(profile),
            metadata: Known {
                redirect_uri: profile.metadata.redirect_uri.clone(),
                issued_at: profile.metadata.issued_at.map(|time| time.to_string()),
                expires_at: profile.metadata.expires_at.map(|time| time.to_string()),
                scopes: profile.metadata.scopes.clone(),
                account: profile.metadata.account.clone(),
                endpoint: profile.metadata.endpoint.clone(),
                fingerprint: profile.metadata.fingerprint.clone(),
            },
            credentials: fields(credentials),
            replaces: replaces.clone(),
            rotated: *rotated,
            moves_from: moves_from.as_ref().map(|location| WrittenLocation::of(&at(location))),
        }
    }
}

impl Document {
    /// Returns where it is to be stored. The commands of a profile are read from profiles.toml again.
    pub fn place(&self) -> Result<Location> {
        self.location.clone().read()
    }

    pub fn pending(self, location: Location) -> Result<Pending> {
        let time = |text: Option<String>| {
            text.map(|text| text.parse::<DateTime<Utc>>().map_err(|_| Error::parse("it contains an invalid time")))
                .transpose()
        };
        let selected_by =
            if self.location.is_named() { SelectedBy::ProfileAndConfig } else { SelectedBy::RecoveryFile };
        let (metadata, credentials) = (self.metadata, credentials(&self.credentials)?);
        Ok(Pending {
            profile: Profile {
                name: self.profile.as_deref().map(ProfileName::new).transpose()?,
                location,
                metadata: TokenMetadata {
                    client_id: credentials.client_id().map(str::to_owned),
                    redirect_uri: metadata.redirect_uri,
                    issued_at: time(metadata.issued_at)?,
                    expires_at: time(metadata.expires_at)?,
                    scopes: metadata.scopes,
                    account: metadata.account,
                    endpoint: metadata.endpoint,
                    fingerprint: metadata.fingerprint,
                    unread_dates: Vec::new(),
                },
                selected_by,
            },
            credentials,
            replaces: self.replaces,
            rotated: self.rotated,
            moves_from: self.moves_from.and_then(|location| location.read().ok()),
        })
    }
}

fn fields(credentials: &Credentials) -> Fields {
    let field = |field: Field| (field.key().to_owned(), field.get(credentials).map(str::to_owned));
    let mut fields: Fields = Field::ALL.into_iter().map(field).collect();
    if let Some(ServiceAccount { key: Key::Document(document), .. }) = credentials.service_account() {
        fields.insert(KEY_DOCUMENT.to_owned(), Some(document.expose().to_owned()));
    }
    fields
}

fn credentials(fields: &Fields) -> Result<Credentials> {
    let mut credentials = Credentials::default();
    let text = |name: &str| fields.get(name).and_then(Option::as_deref);
    if let Some(document) = text(KEY_DOCUMENT) {
        let key = Key::Document(Secret::new(document));
        credentials.identity = Some(Identity::ServiceAccount(ServiceAccount { key, impersonate: None }));
    }
    for field in Field::ALL {
        if let Some(value) = text(field.key())
            && !field.set(&mut credentials, Some(value))
        {
            return Err(Error::parse(format!("the {} in it is not ten digits", field.name())));
        }
    }
    Ok(credentials)
}
