//! One value of a PHP ini file, as `INI_SCANNER_TYPED` reads it.
//!
//! Only values that every PHP installation reads the same are returned: one with a constant, a variable or an operator in it
//! is reported instead.

use std::ops::Range;

use crate::format::DiagnosticCode;
use crate::format::diagnostic::{Bare, Extra, Reader};
use crate::value_kind::{self, ValueKind};

/// Why a line is not read: PHP reads on, up to the next quote.
pub const OPEN: &str = "opens a quote and does not close it on the same line";

pub const SPACES: [char; 2] = [' ', '\t'];

/// The value after a `=`.
pub struct Value {
    /// `None` if PHP would evaluate it.
    pub value: Option<String>,
    pub flaw: Option<DiagnosticCode>,
    /// Its place in the scanned text, without spaces around it.
    pub range: Range<usize>,
}

/// One part of a value.
enum Part {
    Bare,
    Quoted(String),
    /// Quoted text with a variable in it.
    Computed,
}

/// Reads the value after a `=`, up to a comment.
pub fn scan(rest: &str) -> Result<Value, &'static str> {
    let start = rest.len() - rest.trim_start_matches(SPACES).len();
    let mut parts = Vec::new();
    let mut at = start;
    while let Some(character) = rest[at..].chars().next().filter(|character| *character != ';') {
        let (part, length) = match character {
            '"' => double_quoted(&rest[at + 1..])?,
            '\'' => single_quoted(&rest[at + 1..])?,
            _ => (Part::Bare, rest[at..].find(['"', '\'', ';']).unwrap_or(rest.len() - at)),
        };
        if matches!(part, Part::Bare) && swallows(&rest[at..at + length]) {
            return Err("contains a `$` without quotes, after which PHP can lose the rest of the file");
        }
        let is_blank = rest[at..at + length].trim_matches(SPACES).is_empty();
        if !is_blank {
            parts.push(part);
        }
        at += length;
    }
    let end = start + rest[start..at].trim_end_matches(SPACES).len();
    let (value, flaw) = match parts.as_slice() {
        [] => (Some(String::new()), None),
        [Part::Bare] => bare(&rest[start..end]),
        [Part::Quoted(text)] => (Some(text.clone()), None),
        [Part::Computed] => (None, Some(DiagnosticCode::Interpolated)),
        [Part::Quoted(_), Part::Bare] if rest[start..].contains(" #") => (None, Some(HASH)),
        _ => (None, Some(DiagnosticCode::MixedQuotes)),
    };
    Ok(Value { value, flaw, range: start..end })
}

/// What follows a `#` is not a comment to PHP.
const HASH: DiagnosticCode = DiagnosticCode::PartOfValue(Extra::Comment, Reader::Library);

/// Whether a `$` in unquoted text swallows the next character, which may be a quote, the start of a comment or a line end.
fn swallows(bare: &str) -> bool {
    let is_harmless = |next: char| next.is_ascii_alphanumeric() || matches!(next, '_' | '{');
    bare.split('$').skip(1).any(|behind| !behind.starts_with(is_harmless))
}

/// Returns the value in quotes, as PHP reads it back.
pub fn encode(value: &str) -> Result<String, &'static str> {
    match (value.contains("${"), value.contains('\'')) {
        (false, _) => Ok(format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))),
        // Between single quotes no character is special, and none can be escaped.
        (true, false) => Ok(format!("'{value}'")),
        (true, true) => Err("contains both `${` and `'`, which PHP cannot read as text"),
    }
}

/// Whether PHP reads this as a boolean or as null.
pub fn is_word(text: &str) -> bool {
    ["true", "on", "yes", "false", "off", "no", "none", "null"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether PHP can parse a value, whatever it makes of it.
pub fn is_parsed(text: &str) -> bool {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(['"', '\'']) {
        let quote = &rest[before.len()..=before.len()];
        let Some((_, behind)) = after.split_once(quote) else { return false };
        plain.push_str(before);
        plain.push_str(" q ");
        rest = behind;
    }
    plain.push_str(rest);
    let is_variable = |part: &str| part.split_once('}').is_some_and(|(name, _)| !name.is_empty());
    if is_word(plain.trim_matches(SPACES)) {
        return true;
    }
    let operands = || plain.split(['|', '&', '^']);
    !plain.contains(['=', '(', ')'])
        && !plain.split(SPACES).any(is_word)
        && plain.split("${").skip(1).all(is_variable)
        && operands().all(|operand| {
            let operand = operand.trim_matches(SPACES).trim_start_matches(['!', '~']);
            !operand.contains(['!', '~']) && (!operand.is_empty() || operands().count() == 1)
        })
        && (operands().count() == 1 || !operands().any(|operand| is_word(operand.trim_matches(SPACES))))
}

/// Reads unquoted text: plain words and integers are literal, PHP may evaluate everything else.
fn bare(text: &str) -> (Option<String>, Option<DiagnosticCode>) {
    let is_constant = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_uppercase())
            && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    };
    // A path may have one.
    if text.contains(" #") && value_kind::of(text) != Some(ValueKind::FilePath) {
        (None, Some(HASH))
    } else if text.split(SPACES).any(is_word) {
        (None, Some(DiagnosticCode::NeedsQuotes(Bare::Word)))
    } else if text.contains(['|', '&', '^', '~', '!', '(', ')', '=', '{', '}', '?', '$']) {
        let around = value_kind::of(text).filter(|kind| matches!(kind, ValueKind::Enclosed | ValueKind::WithKey));
        if let Some(kind) = around {
            return (None, Some(DiagnosticCode::OtherKind(kind)));
        }
        (None, Some(DiagnosticCode::NeedsQuotes(Bare::Character)))
    } else if text.split(SPACES).any(is_constant) && !crate::format::is_placeholder(text) {
        (None, Some(DiagnosticCode::NeedsQuotes(Bare::Constant)))
    } else if let Some(number) = number(text) {
        (Some(number), None)
    } else if text.starts_with(['-', '.']) || text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        (None, Some(DiagnosticCode::NeedsQuotes(Bare::Number)))
    } else {
        (Some(text.to_owned()), None)
    }
}

/// Returns an integer as PHP prints it: without leading zeros; one that is too long stays text.
fn number(text: &str) -> Option<String> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse::<i64>().map_or_else(|_| text.to_owned(), |number| number.to_string()))
}

/// Reads quoted text from after the opening quote. The length includes both quotes.
fn double_quoted(rest: &str) -> Result<(Part, usize), &'static str> {
    let mut text = String::new();
    let mut computed = false;
    let mut characters = rest.char_indices().peekable();
    while let Some((index, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        match (character, next) {
            ('"', _) => return Ok((if computed { Part::Computed } else { Part::Quoted(text) }, index + 2)),
            // At the end of a line PHP reads `\"` as a backslash and the closing quote.
            ('\\', Some('"')) if rest[index + 2..].chars().next().is_none_or(|next| "\r\n".contains(next)) => {
                text.push('\\');
            }
            ('\\', Some(next @ ('"' | '\\' | '$'))) => {
                text.push(next);
                characters.next();
            }
            ('$', Some('{')) => computed = true,
            _ => text.push(character),
        }
    }
    Err(OPEN)
}

/// Like [`double_quoted`], but every character is literal.
fn single_quoted(rest: &str) -> Result<(Part, usize), &'static str> {
    let end = rest.find('\'').ok_or(OPEN)?;
    Ok((Part::Quoted(rest[..end].to_owned()), end + 2))
}
