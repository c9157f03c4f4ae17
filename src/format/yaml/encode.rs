//! Encodes one value so that every YAML parser, 1.1 or 1.2, reads back exactly that text.
//!
//! The rule for plain values is narrow on purpose: a value that it rejects is merely quoted, one that it accepted wrongly would
//! be a number, a date or a boolean to PyYAML.

use std::fmt::Write as _;

use granit_parser::ScalarStyle;

/// Returns the value in the style of the one it replaces, or in double quotes if that style cannot represent it.
pub fn in_style(value: &str, style: ScalarStyle) -> String {
    match style {
        ScalarStyle::Plain if plain_is_safe(value) => value.to_owned(),
        ScalarStyle::SingleQuoted if value.bytes().all(|byte| matches!(byte, b' '..=b'~')) => {
            format!("'{}'", value.replace('\'', "''"))
        }
        _ => double_quoted(value),
    }
}

/// Returns the value in double quotes, in printable ASCII only. Every other character is escaped: some parsers read line
/// separators and control characters as line ends, or drop them.
pub fn double_quoted(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('"');
    for char in value.chars() {
        // Writing to a String cannot fail.
        let _ = match char {
            '"' | '\\' => write!(quoted, "\\{char}"),
            ' '..='~' => write!(quoted, "{char}"),
            '\n' => write!(quoted, "\\n"),
            '\r' => write!(quoted, "\\r"),
            '\t' => write!(quoted, "\\t"),
            '\0'..='\u{ff}' => write!(quoted, "\\x{:02X}", u32::from(char)),
            '\u{100}'..='\u{ffff}' => write!(quoted, "\\u{:04X}", u32::from(char)),
            _ => write!(quoted, "\\U{:08X}", u32::from(char)),
        };
    }
    quoted.push('"');
    quoted
}

/// Whether every parser reads the plain text as that text, also in a flow mapping.
///
/// It has only letters, digits and `_ / . -`, and starts with a letter or digit; and it either starts with a letter and is not
/// a reserved word, or contains a character that no number, date or time has.
fn plain_is_safe(value: &str) -> bool {
    const WORDS: [&str; 11] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];
    let Some(first) = value.bytes().next() else { return false };
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'/' | b'.' | b'-');
    // All other letters can be in a number or a date: hexadecimal digits, `o` and `x` of prefixes, `t` and `z` of timestamps.
    let telling =
        |byte: u8| byte == b'/' || matches!(byte.to_ascii_lowercase(), b'g'..=b'n' | b'p'..=b's' | b'u'..=b'w');
    value.bytes().all(harmless)
        && if first.is_ascii_alphabetic() {
            !WORDS.iter().any(|word| word.eq_ignore_ascii_case(value))
        } else {
            first.is_ascii_digit() && value.bytes().any(telling)
        }
}
