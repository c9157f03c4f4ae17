//! Text from elsewhere, made safe to print: a server, a file or an address must not control the terminal, or hide or
//! reorder what is shown.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns the text with everything visible that could control a terminal, or hide or reorder characters.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::new();
    for char in text.chars() {
        match char {
            _ if !is_unsafe(char) => safe.push(char),
            // The half of an emoji that chooses its color, as in the name of an account.
            '\u{fe0f}' if safe.ends_with(is_symbol) => safe.push(char),
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            _ => {
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(char));
            }
        }
    }
    Cow::Owned(safe)
}

fn is_symbol(char: char) -> bool {
    !char.is_ascii() && !char.is_alphanumeric() && !is_unsafe(char)
}

/// Returns JSON, whose lines stay, with what [`escape`] makes visible written as `\u` and four digits inside its strings: a
/// JSON reader gets the same text, and it cannot control a terminal.
pub fn json_escaped(text: &str) -> String {
    let mut safe = String::new();
    for char in text.chars() {
        if is_plain_char(char) {
            safe.push(char);
        } else {
            char.encode_utf16(&mut [0; 2]).iter().for_each(|unit| _ = write!(safe, "\\u{unit:04x}"));
        }
    }
    safe
}

/// Whether no character of a document could control a terminal, or hide or reorder others.
pub fn is_plain(text: &str) -> bool {
    text.chars().all(is_plain_char)
}

fn is_plain_char(char: char) -> bool {
    matches!(char, '\n' | '\t') || !is_unsafe(char)
}

/// Whether it is a control character, or one that invisibly reorders, hides or joins text: those of Unicode's property
/// `Default_Ignorable_Code_Point`, the separators of lines and paragraphs, annotations, and the Braille pattern without dots.
pub fn is_unsafe(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}
