//! How the refresh of one profile ended.

use chrono::{DateTime, Utc};

use crate::error::{Error, Result};
use crate::profile::Listed;
use crate::tokens::Minted;

/// An entry of profiles.toml, and how its refresh ended.
pub struct Ended {
    pub listed: Listed,
    pub result: Result<Minted>,
    /// When, by Google's clock if this machine's is off.
    pub at: DateTime<Utc>,
    /// When the refresh token expires, as far as it was recorded.
    pub expires_at: Option<DateTime<Utc>>,
    /// What the reader of these credentials fails on although they work.
    pub warnings: Vec<Error>,
    /// The warning for a clock that is off.
    pub clock: Option<Error>,
}
