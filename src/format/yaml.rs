//! google-ads.yaml, the file of Google's Python library.
//!
//! [`walk`] parses the file and finds the places of the keys, [`construct`] finds what PyYAML cannot load, [`second`] checks that another parser reads the same, [`resolve`]
//! returns the type of a plain value to PyYAML, [`understand`] applies the rules of the library, [`encode`] encodes values, [`edit`]
//! edits the text and checks the result. No YAML library writes the file: each encodes some strings in a form that PyYAML, which
//! reads YAML 1.1, takes for a number, a date or a boolean. Values are inserted into the text instead, and the result is parsed
//! again by two parsers before it leaves this module.

mod cause;
mod construct;
mod document;
mod edit;
mod encode;
mod extent;
mod keys;
mod lines;
mod resolve;
mod second;
mod understand;
mod walk;

use crate::credentials::Credentials;
use crate::format::field::{self, Field};
use crate::format::{
    ByteOrderMark, Contents, Decide, DefaultLocation, Edit, Encodings, Format, FormatError, FormatName, IdentityKind,
    Latin1, is_placeholder,
};
use crate::term;

use self::document::{Document, Entry};
use self::edit::Change;
use self::keys::{FIELDS, PROTO_PLUS};
use self::second::Expected;

pub use construct::is_log_settings;

/// The format `python`.
pub struct Yaml;

const HEADING: &str = "# Google Ads API credentials, written by gads-creds: keep this file to yourself\n";

impl Format for Yaml {
    fn name(&self) -> FormatName {
        FormatName::Python
    }

    fn reader(&self) -> &'static str {
        "Python library"
    }

    fn default_location(&self) -> DefaultLocation {
        DefaultLocation::Home("google-ads.yaml")
    }

    fn encodings(&self) -> Encodings {
        Encodings { byte_order_mark: ByteOrderMark::Ignored, utf16: true, latin1: Latin1::Never }
    }

    fn fits(&self, file_name: &str, _text: &str) -> bool {
        let name = file_name.to_ascii_lowercase();
        name.ends_with(".yaml") || name.ends_with(".yml")
    }

    fn key(&self, field: Field) -> Option<&'static str> {
        Some(field.key())
    }

    fn read(&self, text: &str) -> Result<Contents, FormatError> {
        match text.is_empty() {
            true => Ok(Contents::default()),
            false => Ok(understand::contents(&agreed(text)?)),
        }
    }

    fn write(&self, text: &str, credentials: &Credentials) -> Result<String, FormatError> {
        if text.is_empty() && *credentials == Credentials::default() {
            return Ok(String::new());
        }
        if text.is_empty() {
            return new_file(credentials);
        }
        let document = walk::document(text)?;
        edit::apply(text, &document, &changes(&document, credentials)?)
    }

    fn make_loadable(&self, text: &str) -> Result<Edit, FormatError> {
        let document = walk::document(text)?;
        let (changes, notes) = loadable(&document, &[])?;
        Ok(Edit { text: edit::apply(text, &document, &changes)?, notes })
    }

    fn comment_out_placeholders(&self, text: &str) -> Result<Edit, FormatError> {
        let document = walk::document(text)?;
        let (changes, notes) = placeholders(&document, &[]);
        Ok(Edit { text: edit::apply(text, &document, &changes)?, notes })
    }

    /// Parses and checks once instead of three times, which matters for large files.
    fn revise(&self, text: &str, decide: &mut Decide) -> Result<Edit, FormatError> {
        let document = walk::document(text)?;
        let Some(credentials) = decide(&understand::contents(&document)) else {
            return Ok(Edit { text: text.to_owned(), notes: Vec::new() });
        };
        if text.is_empty() {
            return Ok(Edit { text: self.write(text, &credentials)?, notes: Vec::new() });
        }
        let mut changes = changes(&document, &credentials)?;
        let (besides, notes) = loadable(&document, &changes)?;
        changes.extend(besides);
        Ok(Edit { text: edit::apply(text, &document, &changes)?, notes })
    }

    fn comment_out_others(&self, text: &str, keep: IdentityKind) -> Result<Edit, FormatError> {
        let document = walk::document(text)?;
        let contents = understand::contents(&document);
        if contents.conflict_with(keep).is_none() {
            return Ok(Edit { text: text.to_owned(), notes: Vec::new() });
        }
        let switches = |key: &str| contents.conflicts.iter().find(|conflict| conflict.key == key);
        let is_meant = |key: &str| match (keep, keys::field(key)) {
            (IdentityKind::ServiceAccount, Some(field)) => field.is_of_user(),
            (IdentityKind::User, Some(Field::ImpersonatedEmail)) => contents.has_account(),
            _ => switches(key).is_some(),
        };
        let meant: Vec<_> = document.entries.iter().filter(|entry| is_meant(&entry.key)).collect();
        let notes = meant.iter().map(|entry| format!("line {}: commented out `{}`", entry.line, entry.key)).collect();
        let changes: Vec<_> = meant.into_iter().map(|entry| Change::CommentOut { entry }).collect();
        Ok(Edit { text: edit::apply(text, &document, &changes)?, notes })
    }
}

/// The changes that make these the credentials of the document.
fn changes<'c>(document: &Document, credentials: &'c Credentials) -> Result<Vec<Change<'c>>, FormatError> {
    for field in FIELDS {
        if field.get(credentials).is_some_and(|value| value.is_empty() || is_placeholder(value)) {
            return Err(FormatError::new(format!("the new `{}` is empty or a placeholder", field.key())));
        }
    }
    let before = understand::contents(document);
    field::refuse_two_kinds(&before, credentials)?;
    let present = before.credentials;
    let relevant = field::relevant(&present, credentials);
    let changed = FIELDS.into_iter().filter(|field| relevant(*field) && field.get(&present) != field.get(credentials));
    let change = |field: Field| match field.get(credentials) {
        Some(value) => Change::Set { key: understand::key(document, field), value },
        None => Change::Remove { key: understand::key(document, field) },
    };
    Ok(changed.map(change).collect())
}

/// The changes that the library needs to start, besides `others`, with a note on each.
fn loadable<'d>(document: &'d Document, others: &[Change]) -> Result<(Vec<Change<'d>>, Vec<String>), FormatError> {
    if let Some((line, key)) = &document.tab {
        let reason =
            format!("`{}` has a tab beside it, where the Python library accepts only spaces", term::escape(key));
        return Err(FormatError::at(*line, reason).hint("replace the tab with a space"));
    }
    let mut changes = Vec::new();
    let mut notes = Vec::new();
    match document.last(PROTO_PLUS) {
        None => {
            changes.push(Change::SetTrue { key: PROTO_PLUS });
            notes.push(format!("added `{PROTO_PLUS}: true`, without which the Python library does not start"));
        }
        Some(entry) if entry.is_placeholder() || entry.is_null() => {
            changes.push(Change::SetTrue { key: PROTO_PLUS });
            notes.push(format!("line {}: set `{PROTO_PLUS}` to `true`; it had no value", entry.line));
        }
        Some(_) => {}
    }
    let (left, about_left) = placeholders(document, others);
    changes.extend(left);
    notes.extend(about_left);
    Ok((changes, notes))
}

/// The changes that comment out what still holds a placeholder, besides `others`, with a note on each. Not the key without which
/// the library does not start.
fn placeholders<'d>(document: &'d Document, others: &[Change]) -> (Vec<Change<'d>>, Vec<String>) {
    let stays = |entry: &&Entry| !others.iter().any(|change| change.is_of(&entry.key));
    // Of two lines that set the flag the last counts.
    let flag = document.last(PROTO_PLUS).map(|entry| entry.index);
    let left: Vec<&Entry> = document
        .entries
        .iter()
        .filter(|entry| entry.is_placeholder() && Some(entry.index) != flag)
        .filter(stays)
        .collect();
    let note = |entry: &&Entry| {
        let key = term::excerpt(&entry.key);
        format!("line {}: commented out `{key}`, which still held its placeholder", entry.line)
    };
    let notes = left.iter().map(note).collect();
    (left.into_iter().map(|entry| Change::CommentOut { entry }).collect(), notes)
}

/// Returns a new file: a heading, the credentials, and what the library needs to start.
fn new_file(credentials: &Credentials) -> Result<String, FormatError> {
    let mut text = HEADING.to_owned();
    for field in FIELDS {
        if let Some(value) = field.get(credentials) {
            text.push_str(&format!("{}: {}\n", field.key(), encode::double_quoted(value)));
        }
    }
    text.push_str(&format!("{PROTO_PLUS}: true\n"));
    match understand::contents(&walk::document(&text)?).credentials == *credentials {
        true => Ok(text),
        false => Err(FormatError::new("a value would not be read back unchanged")),
    }
}

/// Parses the text with both parsers.
fn agreed(text: &str) -> Result<Document, FormatError> {
    let document = walk::document(text)?;
    second::finds(text, &Expected { document: &document, without: &[], new: &[] })?;
    Ok(document)
}
