//! What an address the browser was sent to says: a code, a refusal, or nothing that is meant for us.
//!
//! Pure, and shared by the listener and by pasting. Any page and any program of this machine can send us an address, so
//! nothing in it is believed before its `state` is ours; whatever fails that, or contradicts itself, is [`Answer::NotOurs`]
//! and the wait goes on. A forged address must not end a login, with success or without.

use std::hint::black_box;

use url::{Url, form_urlencoded};

use crate::secret::Secret;
use crate::term;

/// The most that is looked at: more than a browser's address bar takes to a server.
const LONGEST: usize = 16 << 10;
/// Google's codes have about 80 characters and are promised to stay below 256.
const LONGEST_CODE: usize = 2048;

/// What an address says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Code(Secret),
    /// Google's word and its explanation, cut and escaped: fit to be shown.
    Refused {
        error: String,
        description: Option<String>,
    },
    /// Not an answer to this login, and why; nothing of the address is in it.
    NotOurs(&'static str),
}

/// What an answer to this login has to look like.
#[derive(Clone, Debug)]
pub struct Expected {
    pub redirect: Url,
    pub state: Secret,
    pub issuer: String,
}

/// Reads the query of a request whose host and path the listener has checked.
pub fn from_query(query: &str, expected: &Expected) -> Answer {
    read(query, expected).unwrap_or_else(Answer::NotOurs)
}

/// Reads what a person pasted: the whole address the browser ended on, or what stands behind its `?`.
pub fn from_pasted(text: &str, expected: &Expected) -> Answer {
    pasted_query(text, expected).and_then(|query| read(&query, expected)).unwrap_or_else(Answer::NotOurs)
}

fn pasted_query(text: &str, expected: &Expected) -> Result<String, &'static str> {
    if text.len() > LONGEST {
        return Err("it is too long");
    }
    let text = text.trim_matches(|char: char| char.is_whitespace() || "\"'`<>".contains(char));
    // The parser of addresses passes over control characters: what begins with one would be an address to it alone.
    if text.contains(|char: char| char.is_whitespace() || char.is_control()) {
        return Err("there are blanks in it: paste the whole address, in one line");
    }
    // An `iss` or a `scope` may hold an address as well: only the beginning tells.
    let begins = |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    // One slash is enough to the parser of addresses, and none.
    if !begins("http:") && !begins("https:") {
        let query = text.strip_prefix('?').unwrap_or(text);
        let query = query.split_once('#').map_or(query, |(query, _)| query);
        if query.split('=').next().is_some_and(|name| name.contains('?')) {
            return Err("its beginning is missing: paste the whole address, from `http` on");
        }
        return Ok(query.to_owned());
    }
    let url = Url::parse(text).map_err(|_| "it is not an address")?;
    let redirect = &expected.redirect;
    // To the letter, as Google compares them: `localhost` is not `127.0.0.1`, `/callback/` is not `/callback`.
    let same = url.origin() == redirect.origin()
        && url.path() == redirect.path()
        && url.username().is_empty()
        && url.password().is_none();
    if !same {
        return Err("it is another address than the one the browser is sent back to");
    }
    Ok(url.query().unwrap_or_default().to_owned())
}

fn read(query: &str, expected: &Expected) -> Result<Answer, &'static str> {
    if query.len() > LONGEST {
        return Err("it is too long");
    }
    let state = only(query, "state")?.ok_or("it has no `state`")?;
    if !equal(&state, expected.state.expose()) {
        return Err("its `state` is not the one of this login");
    }
    // From here on the sender knows our state: it is Google, by way of the browser. Parameters that mean nothing to us
    // (`authuser`, `prompt`, `hd`, …) are ignored, as RFC 6749 section 4.1.2 asks; those that it defines stand there once.
    let (code, error) = (only(query, "code")?, only(query, "error")?);
    let (description, issuer) = (only(query, "error_description")?, only(query, "iss")?);
    only(query, "error_uri")?;
    only(query, "scope")?;
    // RFC 9207 section 2.4: compared as it stands. Google does not promise to send it, so its absence is no fault.
    if issuer.is_some_and(|issuer| issuer != expected.issuer) {
        return Err("its `iss` is not who was asked");
    }
    match (code, error) {
        (Some(_), Some(_)) => Err("it has both a `code` and an `error`"),
        (None, None) => Err("it has neither a `code` nor an `error`"),
        (Some(code), None) => read_code(code),
        (None, Some(error)) if error.is_empty() => Err("its `error` is empty"),
        (None, Some(error)) => Ok(Answer::Refused {
            error: term::excerpt(&error),
            description: description.filter(|text| !text.is_empty()).map(|text| term::excerpt(&text)),
        }),
    }
}

fn read_code(code: String) -> Result<Answer, &'static str> {
    let code = Secret::new(code);
    let text = code.expose();
    if text.is_empty() {
        return Err("its `code` is empty");
    }
    if text.len() > LONGEST_CODE {
        return Err("its `code` is too long");
    }
    // RFC 6749 appendix A.11: printable ASCII. Bytes that are no UTF-8 have become U+FFFD and fail as well.
    if !text.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) {
        return Err("its `code` has characters that no code has");
    }
    Ok(Answer::Code(code))
}

/// The value of a parameter, decoded once; an error if it stands twice (RFC 6749 section 3.1).
///
/// Decoded as a form, which is what RFC 6749 section 4.1.2 says the query is: `+` is a blank, `%2B` a plus.
fn only(query: &str, name: &str) -> Result<Option<String>, &'static str> {
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name).map(|(_, value)| value);
    let value = values.next();
    if values.next().is_some() {
        return Err("a parameter stands in it twice");
    }
    Ok(value.map(|value| value.into_owned()))
}

/// Whether the texts are equal, in a time that tells nothing of where they differ; only the length is no secret.
fn equal(given: &str, secret: &str) -> bool {
    let differences = given.bytes().zip(secret.bytes()).fold(0, |seen, (a, b)| black_box(seen | (a ^ b)));
    given.len() == secret.len() && differences == 0
}
