//! Authorization responses from a browser, a hostile page and the clipboard: only the response to this login counts,
//! and nobody without its state can end it.

use gads_creds::google::authorization_response::{
    AuthorizationResponse, Rejection, ResponseChecks, from_pasted, from_query,
};
use gads_creds::google::parse_url;
use gads_creds::secret::Secret;
use url::Url;

use super::assert_harmless;

const STATE: &str = "Zm9yZ2VkLW5ldmVyLXRoaXMtc3RhdGU";
const ISSUER: &str = "https://accounts.google.com";
const REDIRECT_URI: &str = "http://127.0.0.1:49152/callback";

fn checks() -> ResponseChecks {
    ResponseChecks {
        redirect_uri: Url::parse(REDIRECT_URI).expect("a URL"),
        state: Secret::new(STATE),
        issuer: ISSUER.to_owned(),
    }
}

/// A query, or pasted text: both are tried.
pub fn input(text: &str) {
    query(text);
    pasted(text);
}

/// Tries the query of a request; `{state}` in it stands for the state of the login, which nobody guesses.
fn query(query: &str) {
    let query = &query.replace("{state}", STATE);
    let result = from_query(query, &checks());
    check(query, &result);
    // As a pasted URL it has the same meaning, unless it contains what a URL cannot, or what is trimmed from pasted
    // text.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"%&=+._~/:-".contains(&byte);
    if query.len() < 10_000 && !is_encoded(query) && query.bytes().all(plain) {
        let result = result.ok();
        assert_eq!(from_pasted(&format!(" '{REDIRECT_URI}?{query}#_'\n"), &checks()).ok(), result, "{query:?}");
        if !query.to_ascii_lowercase().starts_with("http") {
            assert_eq!(from_pasted(query, &checks()).ok(), result, "{query:?}");
        }
    }
}

/// Pasted text.
fn pasted(text: &str) {
    let text = &text.replace("{state}", STATE);
    let result = from_pasted(text, &checks());
    let Ok(_) = result else { return };
    if is_encoded(text) {
        return;
    }
    let line = text.trim_matches(|char: char| char.is_whitespace() || "\"'`<>".contains(char));
    assert!(!line.contains(char::is_whitespace), "{text:?}");
    let before_fragment = line.split('#').next().unwrap_or_default();
    let query = match parse_url(line) {
        Some(url) if matches!(url.scheme(), "http" | "https") => {
            assert_eq!(format!("{}{}", url.origin().ascii_serialization(), url.path()), REDIRECT_URI, "{text:?}");
            assert!(url.username().is_empty() && url.password().is_none(), "{text:?}");
            url.query().unwrap_or_default().to_owned()
        }
        _ => before_fragment.trim_start_matches('?').to_owned(),
    };
    check(&query, &result);
}

/// Whether pasted text may be decoded once more than a query.
fn is_encoded(text: &str) -> bool {
    text.contains("=3D") || text.contains("%26")
}

#[track_caller]
fn check(query: &str, result: &Result<AuthorizationResponse, Rejection>) {
    match (result, meaning(query)) {
        (Ok(AuthorizationResponse::Code(code)), Meaning::Code(expected)) => {
            assert_eq!(code.expose(), expected, "{query:?}");
        }
        (Ok(AuthorizationResponse::Error { code, description }), Meaning::Error) => {
            for text in description.iter().chain([code]) {
                assert!(!text.is_empty() && text.len() < 4_000, "{text:?}");
                assert_harmless(text);
            }
        }
        (Err(rejection), Meaning::Nothing) => {
            assert!(!rejection.reason().is_empty() && !rejection.next_step(&checks()).contains(STATE));
        }
        (result, meaning) => panic!("{query:?} is {result:?} and means {meaning:?}"),
    }
    // The state must not be shown, except in the texts of an error response, which a page can fill with anything.
    let is_error = matches!(result, Ok(AuthorizationResponse::Error { .. }));
    assert!(is_error || !format!("{result:?}").contains(STATE), "{result:?}");
}

#[derive(Debug)]
enum Meaning {
    Code(String),
    Error,
    Nothing,
}

/// RFC 6749 sections 3.1, 4.1.2 and 4.1.2.1, RFC 9207 section 2.4.
fn meaning(query: &str) -> Meaning {
    if query.len() > 16 << 10 {
        return Meaning::Nothing;
    }
    let pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    let all = |name: &str| -> Vec<&str> {
        pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    };
    let once = ["state", "code", "error", "error_description", "error_uri", "iss", "scope"];
    if once.iter().any(|name| all(name).len() > 1) || all("state") != [STATE] {
        return Meaning::Nothing;
    }
    if all("iss").iter().any(|issuer| *issuer != ISSUER) {
        return Meaning::Nothing;
    }
    match (all("code")[..].first(), all("error")[..].first()) {
        (Some(code), None) => {
            let fits = (1..=2048).contains(&code.len()) && code.bytes().all(|byte| (0x20..0x7f).contains(&byte));
            if fits { Meaning::Code((*code).to_owned()) } else { Meaning::Nothing }
        }
        (None, Some(error)) if !error.is_empty() => Meaning::Error,
        _ => Meaning::Nothing,
    }
}

/// Decodes a form once.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let hexadecimal = digits.filter(|two| two.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let escaped = hexadecimal.and_then(|two| u8::from_str_radix(two, 16).ok());
        (rest, _) = match (byte, escaped) {
            (b'%', Some(byte)) => (&behind[2..], bytes.push(byte)),
            (b'+', _) => (behind, bytes.push(b' ')),
            (byte, _) => (behind, bytes.push(byte)),
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
