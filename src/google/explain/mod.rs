//! What Google's refusals mean: one table from where it was said and the code to the cause and the next step.
//!
//! It answers every code that Google's pages, its token endpoint and the Google Ads API are known to send to a user's
//! credential; each place has a file of rows. The table in docs/errors.md is generated from it. What Google cannot
//! tell, like which of its causes ended a token, is listed and not guessed.

mod ads;
mod page;
mod service_account;
mod token;

use crate::error::Kind;

/// Where Google said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// On Google's page or in the answer the browser brought.
    Page,
    /// The authorization code was exchanged.
    Exchange,
    /// An access token was minted.
    Refresh,
    /// An access token for a service account.
    ServiceAccount,
    /// A token was revoked.
    Revoke,
    /// The Google Ads API was called.
    Ads,
}

/// One row: the first that fits is meant.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub steps: &'static [Step],
    pub code: &'static str,
    /// Google's `error_subtype`, or a part of its description, where that tells two causes of one code apart.
    pub detail: Option<&'static str>,
    pub kind: Kind,
    /// A fact, as in [`crate::error::Error::message`].
    pub cause: &'static str,
    /// As in [`crate::error::Error::hint`].
    pub next: &'static str,
}

/// The row for what was said, if it is known.
pub fn find(step: Step, code: &str, subtype: Option<&str>, description: Option<&str>) -> Option<&'static Row> {
    let told = |detail: &str| subtype == Some(detail) || description.is_some_and(|text| text.contains(detail));
    rows().find(|row| row.steps.contains(&step) && row.code == code && row.detail.is_none_or(told))
}

/// The errors that Google shows on its own page and never sends to the listener: told when a wait ends without an answer.
pub fn page_errors() -> impl Iterator<Item = &'static Row> {
    page::ROWS.iter()
}

/// Every row, by place.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    page::ROWS.iter().chain(token::ROWS).chain(service_account::ROWS).chain(ads::ROWS)
}
