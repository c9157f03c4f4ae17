//! The file of a pending login: JSON. It has its own types, so that files of older versions can still be read.

use std::ffi::OsString;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::pending::{LoginOptions, PendingClient, PendingLogin};
use crate::profile::{Profile, ProfileName, SelectedBy, TokenMetadata, WrittenLocation};
use crate::secret::Secret;

/// The version of the layout.
pub const VERSION: u32 = 1;

/// The file as it is written.
#[derive(Deserialize, Serialize)]
pub struct Document {
    pub version: u32,
    started_at: String,
    expires_at: String,
    profile: Option<String>,
    selected_by: SelectedBy,
    location: WrittenLocation,
    moves_from: Option<WrittenLocation>,
    client_id: String,
    is_web_client: bool,
    client_secrets_file: Option<OsString>,
    endpoint: Option<String>,
    redirect_uri: String,
    state: String,
    verifier: String,
    options: Options,
}

#[derive(Deserialize, Serialize)]
struct Options {
    additional_scopes: Vec<String>,
    login_hint: Option<String>,
    expect_account: Option<String>,
    #[serde(default)]
    is_for_another: bool,
    login_customer_id: Option<String>,
    developer_token_file: Option<OsString>,
    no_verify: bool,
    force: bool,
    replace_kind: bool,
    api_version: Option<String>,
}

impl From<&PendingLogin> for Document {
    fn from(login: &PendingLogin) -> Document {
        let options = login.options.clone();
        Document {
            version: VERSION,
            started_at: login.started_at.to_string(),
            expires_at: login.expires_at.to_string(),
            profile: login.profile.name.as_ref().map(|name| name.as_str().to_owned()),
            selected_by: login.profile.selected_by,
            location: WrittenLocation::of(&login.profile),
            moves_from: login
                .moves_from
                .clone()
                .map(|location| WrittenLocation::of(&Profile { location, ..login.profile.clone() })),
            client_id: login.client.id.clone(),
            is_web_client: login.client.is_web,
            client_secrets_file: login.client.file.clone().map(Into::into),
            endpoint: login.endpoint.clone(),
            redirect_uri: login.redirect_uri.clone(),
            state: login.state.expose().to_owned(),
            verifier: login.verifier.expose().to_owned(),
            options: Options {
                additional_scopes: options.additional_scopes,
                login_hint: options.login_hint,
                expect_account: options.expect_account,
                is_for_another: options.is_for_another,
                login_customer_id: options.login_customer_id,
                developer_token_file: options.developer_token_file.map(Into::into),
                no_verify: options.no_verify,
                force: options.force,
                replace_kind: options.replace_kind,
                api_version: options.api_version,
            },
        }
    }
}

impl Document {
    pub fn login(self) -> Result<PendingLogin> {
        let time = |text: &str| text.parse::<DateTime<Utc>>().map_err(|_| Error::parse("a time in it cannot be read"));
        let Options { additional_scopes, login_hint, expect_account, login_customer_id, .. } = self.options;
        Ok(PendingLogin {
            moves_from: self.moves_from.and_then(|location| location.read().ok()),
            started_at: time(&self.started_at)?,
            expires_at: time(&self.expires_at)?,
            profile: Profile {
                name: self.profile.as_deref().map(ProfileName::new).transpose()?,
                location: self.location.read()?,
                metadata: TokenMetadata::default(),
                selected_by: self.selected_by,
            },
            client: PendingClient {
                id: self.client_id,
                is_web: self.is_web_client,
                file: self.client_secrets_file.map(Into::into),
            },
            redirect_uri: self.redirect_uri,
            state: Secret::new(self.state),
            verifier: Secret::new(self.verifier),
            endpoint: self.endpoint,
            options: LoginOptions {
                additional_scopes,
                login_hint,
                expect_account,
                is_for_another: self.options.is_for_another,
                login_customer_id,
                developer_token_file: self.options.developer_token_file.map(Into::into),
                no_verify: self.options.no_verify,
                force: self.options.force,
                replace_kind: self.options.replace_kind,
                api_version: self.options.api_version,
            },
        })
    }
}
