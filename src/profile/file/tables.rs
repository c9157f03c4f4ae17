//! A profiles.toml that is not TOML as a whole: its tables one by one, so that a mistake in one hides no other.
//!
//! Only for reading: nothing is written into such a file. No message quotes a line, which may hold anything; only its number and
//! the reason are shown.

use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, TomlError};

use crate::error::Error;
use crate::profile::ProfileName;
use crate::syntax_cause::{self, Syntax};
use crate::term;

/// A table that cannot be read.
pub struct Broken {
    /// The profile, as the file spells it; empty for what is above all tables.
    pub key: String,
    pub error: Error,
}

/// Returns the error for a text that the parser rejects: that of the first table which is wrong by itself or is there twice.
pub fn first_error(path: &Path, text: &str, error: &TomlError) -> Error {
    if text.contains('\r') && !text.contains('\n') {
        return Error::parse(format!("the lines of {} end with CR only, which TOML does not know", term::path(path)))
            .hint("convert its line ends to LF in an editor");
    }
    let broken = read(path, text).1.into_iter().next();
    broken.map_or_else(|| failed(path, line_of(text, error), NOT_TOML, EDIT), |broken| broken.error)
}

/// Returns what can be read, and the tables that cannot. A profile that is there twice cannot: nobody knows which one is meant.
pub fn read(path: &Path, text: &str) -> (DocumentMut, Vec<Broken>) {
    let mut whole = DocumentMut::new();
    let mut broken: Vec<Broken> = Vec::new();
    let mut read: Vec<(String, usize)> = Vec::new();
    for (first, table) in split(text) {
        let key = key(table);
        let error = match table.parse::<DocumentMut>() {
            Err(error) => reason(path, table, first, line_of(table, &error)),
            Ok(part) => {
                if merge(&mut whole, part.into_table()) {
                    read.push((key, first));
                    continue;
                }
                let line = read.iter().find(|(known, _)| *known == key).map_or(1, |(_, line)| *line);
                failed(path, first, &format!("begins the same table as line {line}"), "keep one of the two")
            }
        };
        if broken.iter().all(|known| known.key != key) {
            broken.push(Broken { key, error });
        }
    }
    if let Some(profiles) = whole.get_mut("profiles").and_then(Item::as_table_like_mut) {
        broken.iter().for_each(|broken| drop(profiles.remove(&broken.key)));
    }
    (whole, broken)
}

const NOT_TOML: &str = "is not valid TOML";
const EDIT: &str = "fix that line in an editor";

fn failed(path: &Path, line: usize, what: &str, hint: &str) -> Error {
    Error::parse(format!("line {line} of {} {what}", term::path(path))).hint(hint)
}

/// Returns the text above the first header and the tables from one header to the next, each with the number of its first line.
fn split(text: &str) -> Vec<(usize, &str)> {
    let (mut starts, mut number, mut at) = (vec![(1, 0)], 1, 0);
    while at < text.len() {
        let (length, has_comma) = line(&text[at..]);
        let line = &text[at..at + length];
        // A line of an array that begins with a bracket has a comma.
        if line.trim_start().starts_with('[') && !has_comma {
            starts.push((number, at));
        }
        number += line.matches('\n').count();
        at += length;
    }
    let ends = starts.iter().skip(1).map(|(_, start)| *start).chain([text.len()]);
    starts.iter().zip(ends).map(|((number, start), end)| (*number, &text[*start..end])).collect()
}

/// Returns the length of the first line, with the whole of a string that goes on in the next ones, and whether it has a comma
/// outside of strings and of its comment.
fn line(text: &str) -> (usize, bool) {
    let (mut at, mut has_comma) = (0, false);
    while let Some(next) = text[at..].find(['\n', '#', ',', '"', '\'']) {
        at += next;
        let rest = &text[at..];
        at += match rest.as_bytes()[0] {
            b'\n' => return (at + 1, has_comma),
            b'#' => rest.find('\n').unwrap_or(rest.len()),
            b',' => {
                has_comma = true;
                1
            }
            _ => string(rest),
        };
    }
    (text.len(), has_comma)
}

/// Returns the length of the string at the beginning; of one that is not closed, that of its quote.
fn string(text: &str) -> usize {
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| text.starts_with(quote)).unwrap_or_default();
    let inner = &text.as_bytes()[quote.len()..];
    let (mut at, mut escaped) = (0, false);
    while at < inner.len() && (quote.len() > 1 || inner[at] != b'\n') {
        if !escaped && inner[at..].starts_with(quote.as_bytes()) {
            return at + 2 * quote.len();
        }
        escaped = !escaped && inner[at] == b'\\' && quote.starts_with('"');
        at += 1;
    }
    quote.len()
}

/// Returns the name of a table's profile, or of another table; empty if the text has no header.
fn key(table: &str) -> String {
    let header = table.lines().next().unwrap_or_default().trim();
    if !header.starts_with('[') {
        return String::new();
    }
    let parsed = header.parse::<DocumentMut>().ok();
    let profiles = parsed.as_ref().and_then(|header| header.get("profiles")).and_then(Item::as_table_like);
    if let Some((key, _)) = profiles.and_then(|profiles| profiles.iter().next()) {
        return key.to_owned();
    }
    let inner = header.trim_start_matches('[').split(']').next().unwrap_or_default().trim();
    inner.strip_prefix("profiles.").unwrap_or(inner).trim_matches(['"', '\'']).to_owned()
}

/// Adds a table to what was read; false if it is there already.
fn merge(whole: &mut Table, part: Table) -> bool {
    part.into_iter().all(|(key, item)| match (whole.get_mut(&key), item) {
        (Some(Item::Table(known)), Item::Table(part)) if known.is_implicit() || part.is_implicit() => {
            known.set_implicit(known.is_implicit() && part.is_implicit());
            merge(known, part)
        }
        (Some(Item::ArrayOfTables(_)), Item::ArrayOfTables(_)) => true,
        (Some(_), _) => false,
        (None, item) => {
            whole.insert(&key, item);
            true
        }
    })
}

fn line_of(text: &str, error: &TomlError) -> usize {
    let start = error.span().map_or(0, |span| span.start).min(text.len());
    text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Returns the error of a table that is not TOML. `first` is the number of its first line, `at` that of the parser's error in it.
fn reason(path: &Path, table: &str, first: usize, at: usize) -> Error {
    let line = |number: usize| table.lines().nth(number - 1).unwrap_or_default();
    let name = key(table);
    let is_bare = |char: char| char.is_ascii_alphanumeric() || "._-".contains(char);
    if at == 1 && line(1).contains(']') && !name.chars().all(is_bare) {
        let hint = match ProfileName::new(&name) {
            Ok(name) => format!("write `[profiles.\"{name}\"]`"),
            Err(error) => error.next_step().map_or_else(|| EDIT.to_owned(), ToString::to_string),
        };
        return failed(path, first, &format!("{NOT_TOML}: it has a name that would have to be in quotes"), &hint);
    }
    let key = |line: &str| line.split_once('=').map(|(key, _)| key.trim().to_owned());
    let value = line(at).split_once('=').map_or("", |(_, value)| value.trim());
    let date = value.get(..10).filter(|date| date.matches('-').count() == 2 && !date.contains(['"', '\'']));
    let twice =
        key(line(at)).and_then(|own| (1..at).find(|before| key(line(before.to_owned())).as_ref() == Some(&own)));
    let (at, why) = match (date, syntax_cause::of_line(table, at, Syntax::Toml), twice) {
        (Some(date), ..) if date.parse::<chrono::NaiveDate>().is_err() => {
            (at, "has a date that does not exist".to_owned())
        }
        (Some(_), ..) => (at, "has a time that does not exist".to_owned()),
        (None, Some((line, why)), _) => (line, why.to_owned()),
        (None, None, Some(before)) => (at, format!("sets the same key as line {}", first + before - 1)),
        (None, None, None) => return failed(path, first + at - 1, NOT_TOML, EDIT),
    };
    failed(path, first + at - 1, &format!("{NOT_TOML}: it {why}"), EDIT)
}
