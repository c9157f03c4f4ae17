//! What was pasted into the wrong line: Google's ids, secrets, codes and tokens tell by their looks what they are.
//!
//! Only something that looks like another kind is called mistaken; Google may change how the right kind looks.

use crate::secret::Secret;

const CLIENT_ID: &str = "a client id";
const CLIENT_SECRET: &str = "a client secret";
const REFRESH_TOKEN: &str = "a refresh token";

/// What the text is if it is no client id.
pub fn client_id(text: &str) -> Option<&'static str> {
    other_than(CLIENT_ID, text)
}

/// What the text is if it is no client secret.
pub fn client_secret(secret: &Secret) -> Option<&'static str> {
    other_than(CLIENT_SECRET, secret.expose())
}

/// What the text is if it is no refresh token.
pub fn refresh_token(token: &Secret) -> Option<&'static str> {
    other_than(REFRESH_TOKEN, token.expose())
}

fn other_than(wanted: &str, text: &str) -> Option<&'static str> {
    looks_like(text).filter(|kind| *kind != wanted)
}

fn looks_like(text: &str) -> Option<&'static str> {
    let starts = |beginnings: &[&str]| beginnings.iter().any(|beginning| text.starts_with(beginning));
    Some(match text {
        _ if starts(&["{", "["]) => "a JSON document",
        _ if starts(&["http://", "https://"]) => "an address",
        _ if text.bytes().any(|byte| !byte.is_ascii_graphic()) => {
            "a text with blanks or other characters that it cannot have"
        }
        _ if starts(&["\"", "'", "<"]) => "a text in quotes or brackets",
        _ if starts(&["4/", "4%2F", "4%2f"]) => "an authorization code",
        _ if starts(&["1%2F%2F", "1%2f%2f"]) => "a percent-encoded refresh token",
        _ if starts(&["ya29."]) => "an access token",
        _ if starts(&["AIza"]) => "an API key",
        _ if starts(&["1//"]) => REFRESH_TOKEN,
        _ if starts(&["GOCSPX-"]) => CLIENT_SECRET,
        _ if text.ends_with(".apps.googleusercontent.com") => CLIENT_ID,
        _ => return None,
    })
}
