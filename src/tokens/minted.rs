//! What a refresh brought, and how it is shown.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::error::{Error, Kind, Result};
use crate::google::{ADWORDS, Grant};
use crate::profile::{Expiry, Profile, TokenMetadata, rfc3339};
use crate::term::{self, layout};

/// An access token, and what came with it.
pub struct Minted {
    pub profile: Profile,
    pub location: String,
    pub grant: Grant,
    /// When, by Google's clock if this machine's is off.
    pub at: DateTime<Utc>,
    /// The refresh token was replaced, and the new one is stored.
    pub rotated: bool,
    /// What went wrong after the token was stored, one line each.
    pub notes: Vec<String>,
    /// The service account, or the user that it acts for; `None` for a user's refresh token.
    pub account: Option<String>,
}

impl Minted {
    /// Returns when the refresh token expires: from the response, or as recorded.
    pub fn life(&self) -> Option<Expiry> {
        let metadata = &self.profile.metadata;
        TokenMetadata {
            expires_at: self.grant.refresh_token_expires_at(self.at).or(metadata.expires_at),
            ..metadata.clone()
        }
        .expiry(self.at)
    }

    /// Fails for a token without access to Google Ads: a box may have been unticked, or the token issued elsewhere. A
    /// scope that the response leaves out is the requested one (RFC 6749 section 5.1).
    pub fn check_scope(&self) -> Result<()> {
        if self.grant.scopes.as_ref().is_none_or(|scopes| scopes.contains(ADWORDS)) {
            return Ok(());
        }
        let error = Error::new(Kind::GrantedTooLittle, "the token was not granted the scope of the Google Ads API")
            .hint("run `gads-creds login` again and tick the box for Google Ads");
        Err(error.about(self.profile.target()))
    }

    /// Returns the result in one line.
    pub fn line(&self) -> String {
        let valid = self.grant.expires_in.map(|seconds| match seconds {
            ..60 => format!(", valid for {}", layout::counted(seconds, "second")),
            _ => format!(", valid for {}", layout::counted(seconds / 60, "minute")),
        });
        let what = match &self.account {
            Some(account) => format!("the key of {}", term::excerpt(account)),
            None => "the refresh token".to_owned(),
        };
        format!("{what} in {} works: access token issued{}", self.location, valid.unwrap_or_default())
    }

    pub fn json(&self) -> Value {
        json!({
            "profile": self.profile.name.as_ref().map(|name| name.as_str()),
            "location": self.profile.location.plain(),
            "valid": true,
            "expires_in": self.grant.expires_in,
            "scopes": self.grant.scopes,
            "kind": if self.account.is_some() { "service_account" } else { "user" },
            "rotated": self.rotated,
            "expires_at": self.life().map(|life| rfc3339(life.at)),
        })
    }
}
