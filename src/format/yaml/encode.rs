//! Writes one value so that every reader of YAML, 1.1 or 1.2, gets back exactly that text.
//!
//! The rule for plain values is narrow on purpose: what it turns away is merely quoted, what it lets through wrongly would be
//! a number, a date or a truth value to PyYAML.

use std::fmt::Write as _;

use granit_parser::ScalarStyle;

/// The value in the style of the one it replaces, or in double quotes where that style cannot hold it.
pub fn in_style(value: &str, style: ScalarStyle) -> String {
    match style {
        ScalarStyle::Plain if plain_is_safe(value) => value.to_owned(),
        ScalarStyle::SingleQuoted if value.bytes().all(|byte| matches!(byte, b' '..=b'~')) => {
            format!("'{}'", value.replace('\'', "''"))
        }
        _ => double_quoted(value),
    }
}

/// The value in double quotes, in printable ASCII alone: line separators, controls and marks that a reader may take for
/// line ends or drop are escaped, and so is every other character beyond `~`.
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

/// Whether no reader takes the bare text for anything but that text, in a flow mapping too.
///
/// Nothing but letters, digits and `_ / . -`, a letter or digit in front; and either no digit in front and no word that
/// some reader knows, or a character that stands in no number, date or time.
fn plain_is_safe(value: &str) -> bool {
    const WORDS: [&str; 11] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];
    let Some(first) = value.bytes().next() else { return false };
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'/' | b'.' | b'-');
    // Hexadecimal digits, the `o`, `x` of prefixes, the `t`, `z` of timestamps: what can stand in a number or a date.
    let telling =
        |byte: u8| byte == b'/' || matches!(byte.to_ascii_lowercase(), b'g'..=b'n' | b'p'..=b's' | b'u'..=b'w');
    value.bytes().all(harmless)
        && if first.is_ascii_alphabetic() {
            !WORDS.iter().any(|word| word.eq_ignore_ascii_case(value))
        } else {
            first.is_ascii_digit() && value.bytes().any(telling)
        }
}
