//! The spellings that a text may hide a secret in: percent-encoded, escaped as in JSON, HTML or a log, with invisible characters
//! or others between, in base64 or hexadecimal, backwards.

use std::borrow::Cow;

/// The shortest word that is decoded: shorter ones hold fewer than eight characters.
const LEAST_ENCODED: usize = 11;
/// How often an escape may itself be escaped.
const LAYERS: usize = 4;
/// A shorter secret is looked for only as it is: every text has a few characters in common with it.
const LEAST_RESPELLED: usize = 8;

/// A text without escapes and invisible characters.
pub struct Plain<'t> {
    pub text: Cow<'t, str>,
    /// Where each byte of it comes from; `None` if the text is the original.
    origins: Option<Vec<usize>>,
}

impl<'t> Plain<'t> {
    pub fn of(original: &'t str) -> Plain<'t> {
        let is_plain = |byte| matches!(byte, b'\t' | b'\n' | b' '..=b'~') && !matches!(byte, b'%' | b'\\' | b'&');
        if original.bytes().all(is_plain) {
            return Plain { text: Cow::Borrowed(original), origins: None };
        }
        let mut chars: Vec<(char, usize)> = original.char_indices().map(|(at, char)| (char, at)).collect();
        for _ in 0..LAYERS {
            let before = chars.len();
            chars = without_escapes(&chars);
            if chars.len() == before {
                break;
            }
        }
        let text = chars.iter().map(|(char, _)| *char).collect();
        let mut origins: Vec<usize> =
            chars.iter().flat_map(|(char, at)| std::iter::repeat_n(*at, char.len_utf8())).collect();
        origins.push(original.len());
        Plain { text: Cow::Owned(text), origins: Some(origins) }
    }

    /// Whether nothing was left out.
    pub fn is_original(&self) -> bool {
        self.origins.is_none()
    }

    /// Where in the original that byte, or the end, comes from.
    pub fn origin(&self, at: usize) -> usize {
        self.origins.as_ref().map_or(at, |origins| origins.get(at).copied().unwrap_or(at))
    }
}

fn without_escapes(chars: &[(char, usize)]) -> Vec<(char, usize)> {
    let mut plain = Vec::with_capacity(chars.len());
    let mut rest = chars;
    while let Some((&(first, at), behind)) = rest.split_first() {
        let (char, length) = escape(rest).unwrap_or((Some(first).filter(|char| !super::escape::is_unsafe(*char)), 1));
        // A tab or a line end is visible, and ends a word.
        plain.extend(char.or(Some(first).filter(|char| matches!(char, '\t' | '\n'))).map(|char| (char, at)));
        rest = rest.get(length..).unwrap_or(behind);
    }
    plain
}

/// The character that an escape at the beginning stands for, and the length of the escape.
fn escape(chars: &[(char, usize)]) -> Option<(Option<char>, usize)> {
    let at = |index: usize| chars.get(index).map(|(char, _)| *char);
    let number = |from: usize, to: usize, radix: u32| {
        let digits: Option<String> = chars.get(from..to).map(|digits| digits.iter().map(|(char, _)| *char).collect());
        let digits = digits.filter(|digits| digits.chars().all(|char| char.is_digit(radix)))?;
        char::from_u32(u32::from_str_radix(&digits, radix).ok()?)
    };
    let visible = |char: char| Some(char).filter(|char| !super::escape::is_unsafe(*char));
    match (at(0)?, at(1)?) {
        ('\\', '/') => Some((Some('/'), 2)),
        // A control sequence (ECMA-48), as for a color.
        ('\u{1b}', '[') => {
            let end = chars.iter().skip(2).position(|(char, _)| ('@'..='~').contains(char))?;
            Some((None, end + 3))
        }
        ('\\', 'u') => Some((visible(number(2, 6, 16)?), 6)),
        ('\\', 'x') => Some((visible(number(2, 4, 16)?), 4)),
        ('%', _) => Some((visible(number(1, 3, 16)?), 3)),
        ('&', _) => {
            let end = chars.iter().take(12).position(|(char, _)| *char == ';')?;
            let name: String = chars.get(1..end)?.iter().map(|(char, _)| *char).collect();
            let char = match name.as_str() {
                "amp" => '&',
                "sol" => '/',
                "lowbar" => '_',
                "hyphen" | "dash" => '-',
                _ if name.starts_with("#x") || name.starts_with("#X") => number(3, end, 16)?,
                _ if name.starts_with('#') => number(2, end, 10)?,
                _ => return None,
            };
            Some((visible(char), end + 1))
        }
        _ => None,
    }
}

/// Returns what is encoded in base64 or hexadecimal in this word, wherever in it that begins.
pub fn decoded(word: &str) -> impl Iterator<Item = String> {
    let is_encoded = word.len() >= LEAST_ENCODED && word.bytes().all(|byte| digit_64(byte).is_some());
    let bytes = if is_encoded { word.as_bytes() } else { &[] };
    let base64 = (0..4).map(move |skipped| from_bits(bytes.iter().skip(skipped).filter_map(|byte| digit_64(*byte)), 6));
    let is_hex = bytes.iter().all(u8::is_ascii_hexdigit);
    let digits = move |skipped| bytes.iter().skip(skipped).filter_map(|byte| char::from(*byte).to_digit(16));
    let hex = (0..2).filter(move |_| is_hex).map(move |skipped| from_bits(digits(skipped), 4));
    base64.chain(hex).filter(|text| !text.is_empty())
}

/// Whether something decoded may be text with a secret in it: what is not text hardly ever has five such characters in a row, and
/// every secret has, however it is escaped.
pub fn may_be_text(decoded: &str) -> bool {
    let is_of_a_secret = |char: char| char.is_ascii_alphanumeric() || r"_-./\%&#;".contains(char);
    decoded.split(|char| !is_of_a_secret(char)).any(|run| run.len() >= 5)
}

/// Whether the character can be part of base64, in either of its alphabets, or of hexadecimal.
pub fn is_encoding(char: char) -> bool {
    u8::try_from(char).is_ok_and(|byte| digit_64(byte).is_some())
}

fn digit_64(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

/// Puts digits of so many bits together to bytes; each is one character.
fn from_bits(digits: impl Iterator<Item = u32>, width: u32) -> String {
    let (mut bits, mut count, mut text) = (0_u32, 0, String::new());
    for digit in digits {
        bits = bits << width | digit;
        count += width;
        if count >= 8 {
            count -= 8;
            text.extend(char::from_u32(bits >> count & 0xff));
            bits &= (1 << count) - 1;
        }
    }
    text
}

/// Whether the text repeats so many characters in a row of one of the secrets, or a shorter secret, in any spelling.
pub fn repeats<'s>(text: &str, secrets: impl Iterator<Item = &'s str> + Clone, most: usize) -> bool {
    let is_in = |text: &str, secret: &str| has_part(text.as_bytes(), secret.as_bytes(), most);
    if secrets.clone().any(|secret| is_in(text, secret)) {
        return true;
    }
    let secrets: Vec<&str> = secrets.filter(|secret| secret.len() >= LEAST_RESPELLED).collect();
    if secrets.is_empty() {
        return false;
    }
    let plain = Plain::of(text).text;
    let mut bare: Vec<u8> = plain.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let has_bare = |bare: &[u8]| secrets.iter().any(|secret| has_bare_part(bare, secret.as_bytes(), most));
    respelled(&plain).iter().any(|text| secrets.iter().any(|secret| is_in(text, secret))) || has_bare(&bare) || {
        bare.reverse();
        has_bare(&bare)
    }
}

fn respelled(plain: &str) -> Vec<String> {
    let joined: String = plain.chars().filter(|char| !char.is_whitespace()).collect();
    let encoded: String = plain.chars().filter(|char| is_encoding(*char)).collect();
    let words = |text: &str| -> Vec<String> { text.split(|char| !is_encoding(char)).flat_map(decoded).collect() };
    let mut all: Vec<String> = [words(plain), words(&joined), words(&encoded)].concat();
    all.push(joined.chars().rev().collect());
    // As in a form, where a plus is a space.
    all.push(joined.replace('+', ""));
    all.extend([plain.to_owned(), joined]);
    all
}

fn has_part(text: &[u8], secret: &[u8], most: usize) -> bool {
    let mut parts = secret.windows(most.min(secret.len()).max(1));
    parts.any(|part| text.windows(part.len()).any(|window| window == part))
}

/// Does the same for a text of which only letters and digits are left, and what is left of the secret then. A part without a
/// letter or without a digit does not count: words that a text and a secret have in common become longer where spaces are
/// ignored.
fn has_bare_part(text: &[u8], secret: &[u8], most: usize) -> bool {
    let bare = |from: usize| secret[from..].iter().filter(|byte| byte.is_ascii_alphanumeric());
    let length = most.min(bare(0).count());
    length >= LEAST_RESPELLED
        && (0..secret.len()).any(|from| {
            let part = || bare(from).take(length);
            let is_mixed = part().any(u8::is_ascii_digit) && part().any(u8::is_ascii_alphabetic);
            is_mixed && part().count() == length && text.windows(length).any(|window| window.iter().eq(part()))
        })
}
