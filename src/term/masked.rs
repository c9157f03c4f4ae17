//! Leaves out what looks like a secret of Google's in a text that somebody typed or a server sent.
//!
//! A secret pasted where a file, a name or a number belongs would otherwise be repeated by the message that refuses it, and
//! end in the log of whoever ran the command. Only the shape can tell it there; a value that is known to be a secret never
//! comes this far.

use std::borrow::Cow;

/// How Google's secrets begin, and how many characters of a token must follow: client secrets, access and refresh tokens,
/// authorization codes, API keys. A path that is made absolute loses one of the two strokes of a refresh token.
const BEGINNINGS: &[(&str, usize)] = &[
    ("GOCSPX-", 10),
    ("ya29.", 10),
    ("1//", 10),
    ("1%2F%2F", 10),
    ("1/0", 24),
    ("4/0A", 10),
    ("4%2F0A", 10),
    ("AIzaSy", 24),
];

/// The text with the body of every such secret replaced.
pub fn masked(text: &str) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut rest = text;
    while let Some((start, end)) = first(rest) {
        shown.push_str(&rest[..start]);
        shown.push_str("[redacted]");
        rest = &rest[end..];
    }
    if shown.is_empty() && rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

/// Where the first one's body stands; its beginning may be shown, as it tells the kind and nothing else.
fn first(text: &str) -> Option<(usize, usize)> {
    BEGINNINGS.iter().filter_map(|(beginning, least)| find(text, beginning, *least)).min()
}

fn find(text: &str, beginning: &str, least: usize) -> Option<(usize, usize)> {
    text.match_indices(beginning).find_map(|(at, _)| {
        // In the middle of a word it is chance: `v1//…` is no token.
        let begins = !text[..at].ends_with(|char: char| char.is_ascii_alphanumeric());
        let body = &text[at + beginning.len()..];
        let length = body.find(|char: char| !is_of_a_token(char)).unwrap_or(body.len());
        (begins && length >= least).then_some((at + beginning.len(), at + beginning.len() + length))
    })
}

fn is_of_a_token(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn the_body_of_a_secret_is_left_out_wherever_it_stands() {
        for (text, shown) in [
            ("GOCSPX-abcdefghijk", "GOCSPX-[redacted]"),
            ("x=1//0gabcdefghijk.yaml", "x=1//[redacted].yaml"),
            ("/home/ada/1/0gABCDEFGHIJKLMNOPQRSTUVWXYZ/b", "/home/ada/1/0[redacted]/b"),
            ("ya29.a0abcdefghi-_ and 4/0Aabcdefghijk", "ya29.[redacted] and 4/0A[redacted]"),
            ("1%2F%2F0gabcdefghijk", "1%2F%2F[redacted]"),
        ] {
            assert_eq!(masked(text), shown);
        }
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in
            ["", "client_secret.json", "v1//0gabcdefghijk", "GOCSPX-short", "/srv/1/0/x", "https://a.example/1/2"]
        {
            assert_eq!(masked(text), text);
        }
    }
}
