//! Which refresh token expires soon, and whether that is a failure: `--expires-within`.

use crate::commands::duration::TypedDuration;
use crate::error::{Error, Kind};
use crate::profile::Expiry;
use crate::tokens::{Minted, SOON};

/// The limit that decides what is soon.
#[derive(Clone, Debug)]
pub enum Limit {
    /// A token that expires within a week causes a warning.
    Usual,
    /// A token that expires within this time is a failure, and no other is mentioned.
    Within(TypedDuration),
}

impl Limit {
    /// The expiry of a token that expires too soon.
    pub fn exceeded(&self, minted: &Minted) -> Option<Expiry> {
        minted.life().filter(|life| match self {
            Limit::Usual => life.left.num_seconds() <= SOON,
            Limit::Within(limit) => life.left <= limit.span,
        })
    }

    /// The failure of a token that works and expires within the time that was given; none where that is only a warning.
    pub fn failure(&self, minted: &Minted) -> Option<Error> {
        let Limit::Within(_) = self else { return None };
        self.exceeded(minted).map(|life| expiring(life, minted))
    }

    /// The warning of a token that expires too soon.
    pub fn warning(&self, minted: &Minted) -> Option<Error> {
        let Limit::Usual = self else { return None };
        self.exceeded(minted).map(|life| expiring(life, minted))
    }

    /// The note about a token whose expiry is not known, although a time was given.
    pub fn unknown(&self, minted: &Minted) -> Option<&'static str> {
        let Limit::Within(_) = self else { return None };
        if minted.account.is_some() || minted.life().is_some() {
            return None;
        }
        let metadata = &minted.profile.metadata;
        Some(match metadata.issued_at {
            _ if metadata.unread_dates.contains(&"expires_at") => {
                "the expiry date that profiles.toml has for this refresh token cannot be read"
            }
            Some(_) => "Google set no expiry date for this refresh token",
            None => "the expiry date of this refresh token is not known: it was not issued by `gads-creds login`",
        })
    }
}

fn expiring(life: Expiry, minted: &Minted) -> Error {
    let hint = life.hint.unwrap_or_else(|| BEFORE.into());
    Error::new(Kind::ExpiresSoon, life.text).hint(hint).about(minted.profile.target())
}

const BEFORE: &str = "run `gads-creds login` before that";
