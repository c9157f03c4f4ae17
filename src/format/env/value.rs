//! One value of a `.env` file, returned only if shells and dotenv libraries agree on it.
//!
//! Where only docker reads it differently (quotes, a comment after the value), it is returned with a diagnostic.

use super::{SPACES, is_plain};
use crate::format::DiagnosticCode;
use crate::format::diagnostic::{Extra, Reader};

/// The value after a `=`.
pub struct Value<'t> {
    /// `None` where readers disagree.
    pub value: Option<String>,
    pub flaw: Option<DiagnosticCode>,
    /// A comment after the value, with the spaces before it.
    pub comment: &'t str,
}

/// Reads the value after a `=`, up to the end of the line.
pub fn scan(raw: &str) -> Value<'_> {
    let (value, rest, quoted) = match quoted(raw) {
        Some((value, rest)) => (value, rest, true),
        None => {
            let (word, rest) = raw.split_at(raw.find(SPACES).unwrap_or(raw.len()));
            (is_plain(word).then_some(word), rest, false)
        }
    };
    let commented = rest.starts_with(SPACES) && rest.trim_start_matches(SPACES).starts_with('#');
    let value = value.filter(|_| commented || rest.trim_matches(SPACES).is_empty());
    let flaw = match value {
        None => Some(DiagnosticCode::ReadersDisagree),
        Some(_) if quoted => Some(DiagnosticCode::PartOfValue(Extra::Quotes, Reader::Docker)),
        Some(_) if commented => Some(DiagnosticCode::PartOfValue(Extra::Comment, Reader::Docker)),
        Some(_) if !rest.is_empty() => Some(DiagnosticCode::PartOfValue(Extra::Spaces, Reader::Docker)),
        Some(_) => None,
    };
    Value { value: value.map(str::to_owned), flaw, comment: if commented { rest } else { "" } }
}

/// How many of the following lines belong to this value, because it opens a quote that one of them closes.
pub fn further_lines(raw: &str, following: &[&str]) -> usize {
    let Some(quote) = raw.chars().next().filter(|first| matches!(first, '"' | '\'')) else { return 0 };
    if closing(&raw[1..], quote).is_some() {
        return 0;
    }
    // An unclosed quote ends with its line, to docker and to the dotenv libraries.
    following.iter().position(|line| closing(line, quote).is_some()).map_or(0, |index| index + 1)
}

/// A quoted value and the text after it; the value only if no reader treats a character in it as special.
fn quoted(raw: &str) -> Option<(Option<&str>, &str)> {
    let quote = raw.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let end = closing(&raw[1..], quote)? + 1;
    let value = &raw[1..end];
    Some(((!value.contains(['$', '`', '\\', '!'])).then_some(value), &raw[end + 1..]))
}

/// The place of the closing quote; in double quotes a backslash escapes the next character.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut hidden = false;
    text.find(|character| {
        let closes = character == quote && !hidden;
        hidden = quote == '"' && character == '\\' && !hidden;
        closes
    })
}
