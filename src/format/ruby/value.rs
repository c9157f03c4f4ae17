//! The values of a Ruby configuration that are known without Ruby: quoted strings, integers, `true`, `false`, `nil`.

use std::ops::Range;

use crate::value_kind::{self, ValueKind};

/// The value of an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    True,
    /// `nil` or `false`.
    Nothing,
    /// A number that is not read as a string of digits.
    Number(String),
    /// Ruby does not read the file because of it.
    CurlyQuotes,
    Unquoted,
    /// Text follows the closing quote, which is a syntax error.
    AfterQuote,
    /// A comma follows the value.
    TrailingComma,
    /// Only Ruby knows it.
    Computed,
}

/// Returns the value that an assignment spells so; a customer ID may be a number. `is_whole`: nothing else decides it.
pub fn value(spelled: &str, is_whole: bool) -> Value {
    let digits = spelled.replace('_', "");
    let is_literal = |spelled: &str| end_of_literal(spelled) == Some(spelled.len());
    if spelled.strip_suffix(',').is_some_and(|before| is_literal(before.trim_end())) {
        Value::TrailingComma
    } else if is_followed_by_text(spelled) {
        Value::AfterQuote
    } else if !is_whole {
        Value::Computed
    } else if spelled == "nil" || spelled == "false" {
        Value::Nothing
    } else if spelled == "true" {
        Value::True
    } else if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0') {
        Value::Text(digits)
    } else if spelled.starts_with(CURLY) {
        Value::CurlyQuotes
    } else if is_number(spelled) {
        Value::Number(spelled.to_owned())
    } else if is_bare(spelled) {
        Value::Unquoted
    } else {
        unquote(spelled).map_or(Value::Computed, Value::Text)
    }
}

const CURLY: [char; 5] = ['\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}', '\u{201e}'];

/// A number as Ruby spells it: `0123`, `1.5`, `-7`, `0x1f`, `1e5`.
fn is_number(spelled: &str) -> bool {
    let digits = spelled.trim_start_matches(['-', '+']);
    let is_of = |digits: &str| {
        digits.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'_' | b'.' | b'x' | b'o' | b'-' | b'+'))
    };
    let is_hexadecimal = digits.starts_with("0x");
    let has_letters = digits.bytes().any(|byte| byte.is_ascii_alphabetic() && !matches!(byte, b'e' | b'x' | b'o'));
    digits.starts_with(|first: char| first.is_ascii_digit()) && is_of(digits) && (is_hexadecimal || !has_letters)
}

/// A value of Google's or a placeholder that somebody wrote without quotes: to Ruby an expression that makes no sense.
fn is_bare(spelled: &str) -> bool {
    let begins_like_digits = spelled.starts_with(|first: char| first.is_ascii_digit());
    let kind = value_kind::of(spelled);
    begins_like_digits || kind.is_some_and(|kind| kind.is_of_google() || kind == ValueKind::Placeholder)
}

/// The part of an expression that is its value: without parentheses around it, and without a call that changes nothing.
pub fn core(spelled: &str) -> Range<usize> {
    let inner = spelled.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let (start, mut inner) = inner.map_or((0, spelled), |inner| (1, inner));
    let indent = inner.len() - inner.trim_start_matches(BLANK).len();
    inner = inner.trim_matches(BLANK);
    let end = end_of_literal(inner).filter(|end| [".freeze", ".to_s", ".dup", ".itself"].contains(&&inner[*end..]));
    let is_wrapped = start == 0 || end_of_literal(inner).is_some();
    match (end, is_wrapped) {
        (Some(end), _) => start + indent..start + indent + end,
        (None, true) => start + indent..start + indent + inner.len(),
        (None, false) => 0..spelled.len(),
    }
}

/// What Ruby takes for blank on a line.
pub const BLANK: [char; 5] = [' ', '\t', '\r', '\u{b}', '\u{c}'];

/// Where the string literal at the beginning ends.
fn end_of_literal(spelled: &str) -> Option<usize> {
    let quote = spelled.chars().next().filter(|char| matches!(char, '\'' | '"'))?;
    let mut is_escaped = false;
    let end = spelled[1..].find(|char| {
        let closes = char == quote && !is_escaped;
        is_escaped = char == '\\' && !is_escaped;
        closes
    })?;
    Some(end + 2)
}

/// Whether a name or a number follows a string literal, where Ruby takes only an operator or a word like `if`.
fn is_followed_by_text(spelled: &str) -> bool {
    let Some(rest) = end_of_literal(spelled).map(|end| spelled[end..].trim_start_matches(BLANK)) else { return false };
    let word: String = rest.chars().take_while(|char| char.is_ascii_alphanumeric() || *char == '_').collect();
    !word.is_empty() && !["if", "unless", "while", "until", "rescue", "and", "or", "then"].contains(&word.as_str())
}

/// The escapes of the characters from 7 on.
const CONTROLS: &str = "abtnvfr";

/// Reads one string literal without interpolation or escapes that are not known here.
fn unquote(spelled: &str) -> Option<String> {
    let quote = spelled.chars().next().filter(|char| matches!(char, '\'' | '"'))?;
    let mut chars = spelled[1..].chars().peekable();
    let mut text = String::new();
    loop {
        match chars.next()? {
            char if char == quote => return chars.next().is_none().then_some(text),
            '\\' => match chars.next()? {
                char if char == quote || char == '\\' => text.push(char),
                char if quote == '\'' => text.extend(['\\', char]),
                char if "uxcCMes01234567\n".contains(char) => return None,
                // Ruby drops the backslash of any other.
                char => text.push(CONTROLS.find(char).map_or(char, |at| char::from(7 + at as u8))),
            },
            '#' if quote == '"' && matches!(chars.peek(), Some('{' | '$' | '@')) => return None,
            char => text.push(char),
        }
    }
}

/// Returns the value in single quotes, where only the backslash and the quote are special to Ruby.
pub fn quote(value: &str) -> String {
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}
