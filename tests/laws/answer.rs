//! The addresses that a browser, a page that wants in and a clipboard send: a code comes out of those alone that are an
//! answer to this login, and whoever does not know its state ends nothing.

use gads_creds::google::authorization_response::{Answer, Expected, from_pasted, from_query};
use gads_creds::secret::Secret;
use url::Url;

use super::assert_harmless;

const STATE: &str = "Zm9yZ2VkLW5ldmVyLXRoaXMtc3RhdGU";
const ISSUER: &str = "https://accounts.google.com";
const REDIRECT: &str = "http://127.0.0.1:49152/callback";

fn expected() -> Expected {
    Expected {
        redirect: Url::parse(REDIRECT).expect("an address"),
        state: Secret::new(STATE),
        issuer: ISSUER.to_owned(),
    }
}

/// A query, or what was pasted: both are tried.
pub fn input(text: &str) {
    query(text);
    pasted(text);
}

/// A request line's query; `{state}` in it stands for the true state, which nobody guesses.
fn query(query: &str) {
    let query = &query.replace("{state}", STATE);
    let answer = from_query(query, &expected());
    judge(query, &answer);
    // Pasted as an address it means the same, unless it holds what an address cannot or what pasting trims.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"%&=+._~/:-".contains(&byte);
    if query.len() < 10_000 && query.bytes().all(plain) {
        assert_eq!(from_pasted(&format!(" '{REDIRECT}?{query}#_'\n"), &expected()), answer, "{query:?}");
        if !query.to_ascii_lowercase().starts_with("http") {
            assert_eq!(from_pasted(query, &expected()), answer, "{query:?}");
        }
    }
}

/// What a person pasted.
fn pasted(text: &str) {
    let text = &text.replace("{state}", STATE);
    let answer = from_pasted(text, &expected());
    if matches!(answer, Answer::NotOurs(_)) {
        return;
    }
    let line = text.trim_matches(|char: char| char.is_whitespace() || "\"'`<>".contains(char));
    assert!(!line.contains(char::is_whitespace), "{text:?}");
    let before_fragment = line.split('#').next().unwrap_or_default();
    let query = match Url::parse(line) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            assert_eq!(format!("{}{}", url.origin().ascii_serialization(), url.path()), REDIRECT, "{text:?}");
            assert!(url.username().is_empty() && url.password().is_none(), "{text:?}");
            url.query().unwrap_or_default().to_owned()
        }
        _ => before_fragment.trim_start_matches('?').to_owned(),
    };
    judge(&query, &answer);
}

#[track_caller]
fn judge(query: &str, answer: &Answer) {
    match (answer, meant(query)) {
        (Answer::Code(code), Meant::Code(meant)) => assert_eq!(code.expose(), meant, "{query:?}"),
        (Answer::Refused { error, description }, Meant::Error) => {
            for text in description.iter().chain([error]) {
                assert!(!text.is_empty() && text.len() < 4_000, "{text:?}");
                assert_harmless(text);
            }
        }
        (Answer::NotOurs(why), Meant::Nothing) => assert!(!why.is_empty()),
        (answer, meant) => panic!("{query:?} is {answer:?} and means {meant:?}"),
    }
    // The state must not be seen.
    assert!(!format!("{answer:?}").contains(STATE) || matches!(answer, Answer::Refused { .. }), "{answer:?}");
}

#[derive(Debug)]
enum Meant {
    Code(String),
    Error,
    Nothing,
}

/// RFC 6749 sections 3.1, 4.1.2 and 4.1.2.1, RFC 9207 section 2.4.
fn meant(query: &str) -> Meant {
    if query.len() > 16 << 10 {
        return Meant::Nothing;
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
        return Meant::Nothing;
    }
    if all("iss").iter().any(|issuer| *issuer != ISSUER) {
        return Meant::Nothing;
    }
    match (all("code")[..].first(), all("error")[..].first()) {
        (Some(code), None) => {
            let fits = (1..=2048).contains(&code.len()) && code.bytes().all(|byte| (0x20..0x7f).contains(&byte));
            if fits { Meant::Code((*code).to_owned()) } else { Meant::Nothing }
        }
        (None, Some(error)) if !error.is_empty() => Meant::Error,
        _ => Meant::Nothing,
    }
}

/// A form's escapes undone once.
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
