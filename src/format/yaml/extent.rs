//! The bytes of an entry: its colon, its header, its content, its lines.
//!
//! The parser's spans are of the values only. The header of a block scalar, comments beside it and the rest of the line are
//! found here, and an entry that is written in an unusual way is an error.

use std::ops::Range;

use granit_parser::ScalarStyle;

use crate::format::FormatError;
use crate::term;

use super::document::{Entry, Root, Value};
use super::lines;

/// The header of a block scalar, `|` or `>` with its indicators, between the colon and the content.
pub fn block_header(text: &str, entry: &Entry) -> Result<Range<usize>, FormatError> {
    let colon = after_colon(text, entry)?;
    let rest = &text[colon..];
    let start = colon + (rest.len() - rest.trim_start().len());
    let header = text[start..].split(|char: char| !matches!(char, '|' | '>' | '+' | '-' | '0'..='9')).next();
    match header {
        Some(header) if header.starts_with(['|', '>']) => Ok(start..start + header.len()),
        _ => Err(refuse(entry, "is written in a way that gads-creds cannot edit")),
    }
}

/// The lines of a block scalar's content, without empty lines at its end. The span of a scalar without content may
/// begin at its header.
pub fn block_content(text: &str, entry: &Entry) -> Option<Range<usize>> {
    let has_content = entry.scalar().is_some_and(|scalar| !scalar.text.trim().is_empty());
    let content = text[entry.value_span.clone()].trim_end();
    let last = entry.value_span.start + content.len();
    has_content.then(|| lines::start(text, entry.value_span.start)..lines::next(text, last))
}

/// The offset after the colon of a `key:` on one line.
pub fn after_colon(text: &str, entry: &Entry) -> Result<usize, FormatError> {
    let rest = &text[entry.key_span.end..];
    let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    match rest[spaces..].starts_with(':') {
        true => Ok(entry.key_span.end + spaces + 1),
        false => Err(refuse(entry, "has no colon beside its key")),
    }
}

/// The lines of this entry, which contain nothing else.
pub fn whole_lines(text: &str, root: Root, entry: &Entry) -> Result<Range<usize>, FormatError> {
    if matches!(root, Root::Flow { .. }) {
        return Err(refuse(entry, "is between braces, where a line cannot be removed")
            .hint("write the file as `key: value` lines, then run again"));
    }
    if entry.dressed || matches!(entry.value, Value::Collection) {
        return Err(refuse(entry, "has an anchor or a tag, or is more than one value"));
    }
    let is_block = |style| matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
    let start = lines::start(text, entry.key_span.start);
    let end = match &entry.value {
        Value::Scalar(scalar) if is_block(scalar.style) => match block_content(text, entry) {
            Some(content) => content.end,
            None => lines::next(text, block_header(text, entry)?.end),
        },
        _ => {
            // In block style nothing but a comment can follow on the line.
            lines::next(text, entry.value_span.end.max(after_colon(text, entry)?))
        }
    };
    match text[start..entry.key_span.start].bytes().all(|byte| byte == b' ') {
        true => Ok(start..end),
        false => Err(refuse(entry, "shares its line with something else")),
    }
}

/// An error that names the entry.
pub fn refuse(entry: &Entry, what: &str) -> FormatError {
    FormatError::at(entry.line, format!("`{}` {what}", term::excerpt(&entry.key)))
}
