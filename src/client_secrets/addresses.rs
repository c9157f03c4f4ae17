//! Checks that the addresses in a client-secrets file are Google's.
//!
//! A file with other addresses tries to send the browser, the secret or the token elsewhere (as in CVE-2025-6514). We
//! would not go there, but the file is rejected all the same: nothing else in it can be trusted either.

use url::Position;

use crate::client_secrets::{CONSOLE, LONGEST_ADDRESS};
use crate::google::{Endpoints, parse_url};
use crate::strict_json::{Object, Unfit};
use crate::term;

/// The origins that Google's own files have used over the years.
const ORIGINS: [&str; 3] =
    ["https://accounts.google.com", "https://oauth2.googleapis.com", "https://www.googleapis.com"];

/// The parameters that a login sets in the authorization request. None may occur twice (RFC 6749 section 3.1), and a
/// preset one could send the authorization response elsewhere.
const OURS: [&str; 8] = [
    "client_id",
    "client_secret",
    "code_challenge",
    "code_challenge_method",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
];

/// Fails unless the address under that key is Google's, or the stand-in's while one is in use.
pub fn check(object: &Object, key: &str, endpoints: &Endpoints) -> Result<(), Unfit> {
    let Some(text) = object.text(key)? else { return Ok(()) };
    let refused = |fact: String| {
        Err(Unfit::new(fact).hint(format!("download the client's JSON from {CONSOLE} and use it unchanged")))
    };
    let misspelled = || format!("names `{key}` that is not spelled as Google spells it");
    let Some(url) = parse_url(text) else {
        // The parser accepts such a host, so one that only looks like Google's is rejected here.
        if !text.is_ascii() {
            return refused(format!("names `{key}` with characters outside ASCII, which is not Google's"));
        }
        if text.contains(char::is_control) {
            return refused(misspelled());
        }
        return refused(format!("has no address as its `{key}`"));
    };
    let origin = url.origin().ascii_serialization();
    if !ORIGINS.contains(&origin.as_str()) && endpoints.origin() != Some(origin.as_str()) {
        if !url.has_host() {
            return refused(format!(
                "names `{key}` of the kind `{}:`, which is not Google's",
                term::excerpt(url.scheme())
            ));
        }
        let place = term::excerpt(&url[Position::BeforeHost..Position::AfterPort]);
        let lack = if url.scheme() == "https" { ", which is not Google's" } else { " without https" };
        return refused(format!("names `{key}` at `{place}`{lack}"));
    }
    // The parser normalizes `\`, tabs, user names and more, which other programs read differently. The text must
    // therefore begin with the origin as the parser spells it, and contain nothing ambiguous.
    let plain = text.strip_prefix(&origin).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\#@".contains(&byte))
        && text.len() <= LONGEST_ADDRESS;
    if !plain {
        return refused(misspelled());
    }
    if let Some((name, _)) = url.query_pairs().find(|(name, _)| OURS.contains(&name.as_ref())) {
        return refused(format!("names `{key}` with a `{name}` of its own, which is a login's to set"));
    }
    Ok(())
}
