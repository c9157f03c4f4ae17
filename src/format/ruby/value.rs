//! The values of a Ruby configuration that are known without Ruby: quoted strings, integers, `true`, `false`, `nil`.

use crate::format::ruby::source::Assignment;

/// The value of an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    True,
    /// `nil` or `false`.
    Nothing,
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
    } else {
        unquote(spelled).map_or(Value::Computed, Value::Text)
    }
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
