//! One value of a PHP ini file, as `INI_SCANNER_TYPED` reads it.
//!
//! Only what PHP reads the same in every installation is told: a value with a constant, a variable or an operator in it is
//! a flaw and no text.

use std::ops::Range;

use crate::format::DiagnosticCode;
use crate::format::diagnostic::Bare;

pub const BLANKS: [char; 2] = [' ', '\t'];

/// What stands behind a `=`.
pub struct Value {
    /// `None` if PHP would calculate it.
    pub value: Option<String>,
    pub flaw: Option<DiagnosticCode>,
    /// Where it stands in the scanned text, blanks around it not counted.
    pub range: Range<usize>,
}

/// One stretch of a value.
enum Part {
    Bare,
    Quoted(String),
    /// Text with a variable in it.
    Computed,
}

/// Reads what stands behind a `=`, up to a comment.
pub fn scan(rest: &str) -> Result<Value, &'static str> {
    let start = rest.len() - rest.trim_start_matches(BLANKS).len();
    let mut parts = Vec::new();
    let mut at = start;
    while let Some(character) = rest[at..].chars().next().filter(|character| *character != ';') {
        let (part, length) = match character {
            '"' => double_quoted(&rest[at + 1..])?,
            '\'' => single_quoted(&rest[at + 1..])?,
            _ => (Part::Bare, rest[at..].find(['"', '\'', ';']).unwrap_or(rest.len() - at)),
        };
        if matches!(part, Part::Bare) && swallows(&rest[at..at + length]) {
            return Err("holds a `$` without quotes, after which PHP can lose the rest of the file");
        }
        let is_blank = rest[at..at + length].trim_matches(BLANKS).is_empty();
        if !is_blank {
            parts.push(part);
        }
        at += length;
    }
    let end = start + rest[start..at].trim_end_matches(BLANKS).len();
    let (value, flaw) = match parts.as_slice() {
        [] => (Some(String::new()), None),
        [Part::Bare] => bare(&rest[start..end]),
        [Part::Quoted(text)] => (Some(text.clone()), None),
        [Part::Computed] => (None, Some(DiagnosticCode::Interpolated)),
        _ => (None, Some(DiagnosticCode::MixedQuotes)),
    };
    Ok(Value { value, flaw, range: start..end })
}

/// Whether a `$` in bare text takes the next character with it, be that a quote, the start of a comment or the line's end.
fn swallows(bare: &str) -> bool {
    let is_harmless = |next: char| next.is_ascii_alphanumeric() || matches!(next, '_' | '{');
    bare.split('$').skip(1).any(|behind| !behind.starts_with(is_harmless))
}

/// Text as PHP reads it back, in quotes.
pub fn encode(value: &str) -> Result<String, &'static str> {
    match (value.contains("${"), value.contains('\'')) {
        (false, _) => Ok(format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))),
        // Nothing at all is special between single quotes, and nothing can be escaped there.
        (true, false) => Ok(format!("'{value}'")),
        (true, true) => Err("holds both `${` and `'`, which PHP cannot read as text"),
    }
}

/// Whether PHP takes this for a truth value or for nothing.
pub fn is_word(text: &str) -> bool {
    ["true", "on", "yes", "false", "off", "no", "none", "null"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Text without quotes: plain words and whole numbers are what they are, the rest is PHP's to calculate.
fn bare(text: &str) -> (Option<String>, Option<DiagnosticCode>) {
    let is_constant = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_uppercase())
            && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    };
    if text.split(BLANKS).any(is_word) {
        (None, Some(DiagnosticCode::NeedsQuotes(Bare::Word)))
    } else if text.contains(['|', '&', '^', '~', '!', '(', ')', '=', '{', '}', '?', '$']) {
        (None, Some(DiagnosticCode::NeedsQuotes(Bare::Character)))
    } else if text.split(BLANKS).any(is_constant) && !crate::format::is_placeholder(text) {
        (None, Some(DiagnosticCode::NeedsQuotes(Bare::Constant)))
    } else if let Some(number) = number(text) {
        (Some(number), None)
    } else if text.starts_with(['-', '.']) || text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        (None, Some(DiagnosticCode::NeedsQuotes(Bare::Number)))
    } else {
        (Some(text.to_owned()), None)
    }
}

/// A whole number as PHP prints it again: leading zeros are gone, one that is too long stays text.
fn number(text: &str) -> Option<String> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse::<i64>().map_or_else(|_| text.to_owned(), |number| number.to_string()))
}

/// The text from behind the opening quote, and the length with both quotes.
fn double_quoted(rest: &str) -> Result<(Part, usize), &'static str> {
    let mut text = String::new();
    let mut computed = false;
    let mut characters = rest.char_indices().peekable();
    while let Some((index, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        match (character, next) {
            ('"', _) => return Ok((if computed { Part::Computed } else { Part::Quoted(text) }, index + 2)),
            // At the end of a line PHP takes `\"` for a backslash and the closing quote.
            ('\\', Some('"')) if index + 2 == rest.len() => text.push('\\'),
            ('\\', Some(next @ ('"' | '\\' | '$'))) => {
                text.push(next);
                characters.next();
            }
            ('$', Some('{')) => computed = true,
            _ => text.push(character),
        }
    }
    Err("opens a quote and does not close it in the same line")
}

/// Like [`double_quoted`], where everything stands for itself.
fn single_quoted(rest: &str) -> Result<(Part, usize), &'static str> {
    let end = rest.find('\'').ok_or("opens a quote and does not close it in the same line")?;
    Ok((Part::Quoted(rest[..end].to_owned()), end + 2))
}
