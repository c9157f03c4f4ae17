//! Names in a PHP ini file: the header of a section, the key before a `=`, and lines that are neither.
//!
//! PHP has one comment sign, `;`. A line with `#` is a key without a value as long as no character in it means something.

use super::value::{self, SPACES};

/// What PHP takes for the end of a key: an operator, a bracket, a quote.
const SPECIAL: [char; 12] = ['=', ';', '&', '|', '^', '$', '~', '(', ')', '{', '}', '!'];

const REJECTED: &str = "contains a character on which PHP rejects the whole file";
const HASH: &str =
    "is not a comment to PHP, which rejects the whole file because of a character in it; comments start with `;`";

/// The name in a section's header. Only what PHP ignores may follow on the line.
pub fn section(line: &str) -> Result<&str, &'static str> {
    let (name, rest) = line[1..].split_once(']').ok_or("opens a section and does not close its name")?;
    let rest = rest.trim_start_matches(SPACES);
    if rest.starts_with('[') || rest.contains('=') && !rest.starts_with(';') {
        return Err("opens a section and has other text after it; write that on a line of its own");
    }
    alone(rest)?;
    let unquoted = ['"', '\''].iter().find_map(|quote| name.strip_prefix(*quote)?.strip_suffix(*quote));
    let name = unquoted.unwrap_or(name);
    match name.contains(['"', '\'', ';']) {
        true => Err("opens a section with a quote or a `;` in its name, and PHP rejects the whole file"),
        false => Ok(name),
    }
}

/// A key, without what PHP drops before it; also one of a list: `scopes[]`.
pub fn key(text: &str) -> Result<&str, &'static str> {
    let text = checked(text)?;
    let (name, index) = text.split_once('[').map_or((text, None), |(name, index)| (name, Some(index)));
    let is_closed = |index: &str| index.split_once(']').is_some_and(|(_, rest)| rest.trim_matches(SPACES).is_empty());
    match !name.is_empty() && index.is_none_or(is_closed) {
        true => Ok(text),
        false => Err(why(text)),
    }
}

/// A line without a `=`, up to a comment: PHP ignores it, or rejects the file.
pub fn alone(text: &str) -> Result<(), &'static str> {
    let text = text.split(';').next().unwrap_or_default();
    match checked(text)?.contains('[') {
        true => Err(why(text)),
        false => Ok(()),
    }
}

/// The text behind the last tab, which separates keys, if no part of it is rejected.
fn checked(text: &str) -> Result<&str, &'static str> {
    let is_refused = |part: &str| {
        let part = part.trim_matches(SPACES);
        value::is_word(part) || part.split('[').next().unwrap_or_default().contains('"') || part.contains(SPECIAL)
    };
    match text.split('\t').any(is_refused) {
        true => Err(why(text)),
        // What follows the last tab is the key, unless that is nothing.
        false => Ok(text.trim_end_matches(SPACES).rsplit('\t').next().unwrap_or_default().trim_matches(SPACES)),
    }
}

fn why(text: &str) -> &'static str {
    if text.trim_start_matches(SPACES).starts_with('#') { HASH } else { REJECTED }
}
