//! The addresses a client-secrets file names must be Google's.
//!
//! A file that names others wants the browser, the secret or the token sent elsewhere (as in CVE-2025-6514). Ours would not
//! go there, and still the file is refused: whoever wrote it is not to be trusted with the rest either.

use url::Position;

use crate::client_secrets::{CONSOLE, LONGEST_ADDRESS};
use crate::google::{Endpoints, parse_url};
use crate::strict_json::{Object, Unfit};
use crate::term;

/// The origins that Google's own files have named over the years.
const ORIGINS: [&str; 3] =
    ["https://accounts.google.com", "https://oauth2.googleapis.com", "https://www.googleapis.com"];

/// The parameters that a login sets in the authorization request: none may occur twice (RFC 6749 section 3.1), and whoever
/// presets one wants the authorization response elsewhere.
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

/// Fails unless the address of that name is Google's, or the stand-in's while there is one.
pub fn check(object: &Object, key: &str, endpoints: &Endpoints) -> Result<(), Unfit> {
    let Some(text) = object.text(key)? else { return Ok(()) };
    let refused = |fact: String| {
        Err(Unfit::new(fact).hint(format!("download the client's JSON from {CONSOLE} and use it unchanged")))
    };
    let misspelled = || format!("names `{key}` that is not spelled as Google spells it");
    let Some(url) = parse_url(text) else {
        // The parser takes no such host: one that merely looks like Google's ends here.
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
    // The parser reads `\`, tabs, user names and more into an address that others read otherwise: the text must begin with
    // the origin as the parser spells it, and contain nothing that programs read differently.
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
