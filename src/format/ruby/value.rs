//! The values of a Ruby configuration that are known without Ruby: quoted strings, integers, `true`, `false`, `nil`.

use crate::format::ruby::source::Assignment;
use crate::value_kind::{self, ValueKind};

/// The value of an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    True,
    /// `nil` or `false`.
    Nothing,
    /// A number that is not read as a string of digits.
    Number,
    /// Ruby does not read the file because of it.
    CurlyQuotes,
    Unquoted,
    /// Only Ruby knows it.
    Computed,
}

/// Returns the value of an assignment; a customer ID may be a number.
pub fn value(text: &str, assignment: &Assignment) -> Value {
    let spelled = &text[assignment.value.clone()];
    let digits = spelled.replace('_', "");
    if !assignment.is_plain && !assignment.is_comment {
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
        Value::Number
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
                _ => return None,
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
