//! Reads the values of options.

use crate::credentials::CustomerId;
use crate::google::VERSION;
use crate::term;

pub fn customer_id(text: &str) -> std::result::Result<CustomerId, String> {
    CustomerId::typed(text).ok_or_else(|| "a customer ID has ten digits, as in 123-456-7890".to_owned())
}

/// Scopes are shown in the authorization URL, and Google does not know a scope that looks like one of its secrets.
pub fn scope(text: &str) -> std::result::Result<String, String> {
    if term::masked(text) == text { Ok(text.to_owned()) } else { Err("it looks like a secret, not a scope".to_owned()) }
}

/// Parses `v26`, safe as a part of an address.
pub fn api_version(text: &str) -> std::result::Result<String, String> {
    // The variable; an empty one counts as unset.
    if text.is_empty() {
        return Ok(VERSION.to_owned());
    }
    let digits = text.strip_prefix('v').unwrap_or_default();
    let fits = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Ok(text.to_owned()) } else { Err("an API version looks like v26".to_owned()) }
}
