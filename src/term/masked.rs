//! Masks what looks like one of Google's secrets in a text that a user typed or a server sent.
//!
//! A secret pasted where a file, a name or a number belongs would otherwise be repeated in the error message, and end
//! up in a log. Only its shape can show that; a value that is known to be a secret never gets here. A file or directory
//! may have that shape by chance: an existing path was not pasted by mistake, and a message, a result or a command to
//! paste needs it whole.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use super::spelling::{self, Plain};

/// The prefixes of Google's secrets, and how many characters must follow: client secrets, access and refresh tokens,
/// authorization codes, API keys. Making a path absolute removes one of the two slashes of a refresh token; on Windows it turns
/// the others round.
const BEGINNINGS: &[(&str, usize)] = &[
    ("GOCSPX-", 10),
    ("ya29.", 10),
    // Of service accounts, and of workload identities.
    ("ya29.c.", 10),
    ("ya29.d.", 10),
    ("1//", 10),
    ("1%2F%2F", 10),
    ("1%2f%2f", 10),
    ("1/0", 24),
    (r"1\0", 24),
    ("4/0A", 10),
    (r"4\0A", 10),
    ("4%2F0A", 10),
    ("4%2f0A", 10),
    ("AIzaSy", 24),
];

/// What they begin with.
const FIRST: [char; 5] = ['G', 'y', '1', '4', 'A'];

/// Returns the text with the body of every such secret replaced.
pub fn masked(text: &str) -> Cow<'_, str> {
    masked_from(0, text)
}

/// Does the same for a path, but keeps the part that exists.
pub fn masked_path(path: &Path) -> Cow<'_, str> {
    let text = path.to_string_lossy();
    match masked_from(0, &text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(_) => Cow::Owned(masked_from(length_of_what_exists(path), &text).into_owned()),
    }
}

/// Returns the length of the part that names an existing file or directory.
fn length_of_what_exists(path: &Path) -> usize {
    let there = path.ancestors().find(|ancestor| ancestor.symlink_metadata().is_ok());
    there.map_or(0, |ancestor| ancestor.to_string_lossy().len())
}

/// Returns the text with every body replaced that ends after `start`.
fn masked_from(start: usize, text: &str) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut done = 0;
    for body in bodies(text).into_iter().filter(|body| body.end > start) {
        shown.push_str(&text[done..body.start]);
        shown.push_str("[redacted]");
        done = body.end;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    shown.push_str(&text[done..]);
    Cow::Owned(shown)
}

/// Returns the ranges of all bodies, in whatever spelling, in their order and apart from each other.
fn bodies(text: &str) -> Vec<Range<usize>> {
    let plain = Plain::of(text);
    let mut found: Vec<Range<usize>> =
        bodies_as_is(&plain.text).map(|body| plain.origin(body.start)..plain.origin(body.end)).collect();
    // What is left out may have been what a secret began after.
    if !plain.is_original() {
        found.extend(bodies_as_is(text));
    }
    found.sort_by_key(|body| body.start);
    let mut apart: Vec<Range<usize>> = Vec::new();
    for body in found {
        match apart.last_mut().filter(|last| body.start < last.end) {
            Some(last) => last.end = last.end.max(body.end),
            None => apart.push(body),
        }
    }
    apart
}

fn bodies_as_is(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut done = 0;
    let next = move || {
        let body = first_body(&text[done..])?;
        let body = done + body.start..done + body.end;
        done = body.end;
        Some(body)
    };
    encoded(text).into_iter().chain(std::iter::from_fn(next))
}

/// Returns the words that are secrets in base64 or hexadecimal, or have one in them.
fn encoded(text: &str) -> Vec<Range<usize>> {
    let hides = |decoded: String| spelling::may_be_text(&decoded) && first_body(&Plain::of(&decoded).text).is_some();
    let mut words = Vec::new();
    let mut start = 0;
    for part in text.split_inclusive(|char| !spelling::is_encoding(char)) {
        let word = part.trim_end_matches(|char| !spelling::is_encoding(char));
        if spelling::decoded(word).any(hides) {
            words.push(start..start + word.len());
        }
        start += part.len();
    }
    words
}

/// Returns the range of the first body. The prefix may be shown: it only shows the kind of secret.
fn first_body(text: &str) -> Option<Range<usize>> {
    // In the middle of a word it is a coincidence: `v1//…` is not a token.
    let mut is_in_word = false;
    let begins = |(at, first): (usize, char)| {
        let begins = !std::mem::replace(&mut is_in_word, first.is_ascii_alphanumeric());
        (begins && FIRST.contains(&first)).then(|| body_after_prefix(text, at)).flatten()
    };
    let body = text.char_indices().find_map(begins);
    body.into_iter().chain(private_key(text)).min_by_key(|body| (body.start, body.end))
}

fn body_after_prefix(text: &str, at: usize) -> Option<Range<usize>> {
    let bodies = BEGINNINGS.iter().filter_map(|(beginning, least)| {
        let body = text[at..].strip_prefix(beginning)?;
        let length = body.find(|char: char| !is_of_a_token(char)).unwrap_or(body.len());
        let start = at + beginning.len();
        (length >= *least).then_some(start..start + length)
    });
    bodies.min_by_key(|body| (body.start, body.end))
}

/// Returns the lines between the markers of a private key (RFC 7468), up to the end of a text that was cut.
fn private_key(text: &str) -> Option<Range<usize>> {
    let begin = text.find("-----BEGIN ")?;
    let header = "PRIVATE KEY-----";
    let start = begin + text[begin..].find(header)? + header.len();
    let end = text[start..].find("-----END").map_or(text.len(), |length| start + length);
    (start < end).then_some(start..end)
}

fn is_of_a_token(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::{BEGINNINGS, FIRST, masked};

    #[test]
    fn every_prefix_is_found_by_its_first_character() {
        assert!(BEGINNINGS.iter().all(|(beginning, _)| beginning.starts_with(FIRST)));
    }

    #[test]
    fn the_body_of_a_secret_is_masked_anywhere_in_a_text() {
        for (text, shown) in [
            ("GOCSPX-abcdefghijk", "GOCSPX-[redacted]"),
            ("x=1//0gabcdefghijk.yaml", "x=1//[redacted].yaml"),
            ("/home/ada/1/0gABCDEFGHIJKLMNOPQRSTUVWXYZ/b", "/home/ada/1/0[redacted]/b"),
            (r"C:\work\1\0gABCDEFGHIJKLMNOPQRSTUVWXYZ.x", r"C:\work\1\0[redacted].x"),
            (r"C:\work\4\0Aabcdefghijk", r"C:\work\4\0A[redacted]"),
            ("ya29.a0abcdefghi-_ and 4/0Aabcdefghijk", "ya29.[redacted] and 4/0A[redacted]"),
            ("1%2F%2F0gabcdefghijk", "1%2F%2F[redacted]"),
            ("1%2f%2f0gabcdefghijk", "1%2f%2f[redacted]"),
            ("ya29.c.b0abcdefghijk", "ya29.c.[redacted]"),
            ("GOCSPX-abcdefghijk GOCSPX-abcdefghijk", "GOCSPX-[redacted] GOCSPX-[redacted]"),
            (
                "x -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- 1//0gabcdefghijk",
                "x -----BEGIN RSA PRIVATE KEY-----[redacted]-----END RSA PRIVATE KEY----- 1//[redacted]",
            ),
            ("-----BEGIN PRIVATE KEY-----\\nMII", "-----BEGIN PRIVATE KEY-----[redacted]"),
            // Escaped, once or more often.
            (r"1\/\/0gabcdefghijk", r"1\/\/[redacted]"),
            (r"1\\/\\/0gabcdefghijk", r"1\\/\\/[redacted]"),
            (r"\u0031\u002f\u002f0gabcdefghijk", r"\u0031\u002f\u002f[redacted]"),
            ("refresh_token%3D1%2F%2F0gabcdefghijk", "refresh_token%3D1%2F%2F[redacted]"),
            ("1%252F%252F0gabcdefghijk", "1%252F%252F[redacted]"),
            ("1&#47;&#x2F;0gabcdefghijk;", "1&#47;&#x2F;[redacted];"),
            ("1//0gab\u{200b}cdefghijk\u{200b} x", "1//[redacted] x"),
            ("GOCSPX-ab\u{7f}cdefgh\u{1}ijk x", "GOCSPX-[redacted] x"),
            ("GOCSPX-ab\u{1b}[1;31mcdefgh\u{1b}[mijk x", "GOCSPX-[redacted] x"),
            ("GOCSPX-ab\u{fe0f}cdefgh\u{2800}ijk x", "GOCSPX-[redacted] x"),
            ("token\t1//0gabcdefghijk\tx", "token\t1//[redacted]\tx"),
            ("token\u{1}1//0gabcdefghijk", "token\u{1}1//[redacted]"),
            // In base64, alone, in a document and behind other characters, and in hexadecimal.
            ("R09DU1BYLWFiY2RlZmdoaWprbG1u", "[redacted]"),
            ("x=MS8vMGdhYmNkZWZnaGlqaw==", "x=[redacted]=="),
            ("got eyJyZWZyZXNoX3Rva2VuIjoiMS8vMGdhYmNkZWZnaGlqayJ9.", "got [redacted]."),
            ("a/bMS8vMGdhYmNkZWZnaGlqaw", "[redacted]"),
            ("312f2f30676162636465666768696a6b", "[redacted]"),
        ] {
            assert_eq!(masked(text), shown);
        }
    }

    #[test]
    fn other_texts_are_unchanged() {
        for text in [
            "",
            "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----",
            "client_secret.json",
            "v1//0gabcdefghijk",
            "GOCSPX-short",
            "/srv/1/0/x",
            "https://a.example/1/2",
            r"C:\Users\ada\user\x",
            "100%25 of &amp; 50%",
            "c2hvcnQgYW5kIG5vdCBhIHNlY3JldA==",
            "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}
