//! What the Python library would make of the file: PyYAML's types, then the rules of google-ads' `config.py` and `oauth2.py`.
//!
//! A customer id may be a number, the library turns it into text; the OAuth values are sent as they are, so that a number
//! among them works by luck. A value that is there but of no use is absent from the record and named in a diagnostic.

use std::collections::HashMap;

use crate::credentials::{Credentials, CustomerId};
use crate::format::{Conflict, ConflictKind, Contents, Diagnostic, Outcome, Trouble};
use crate::secret::Secret;
use crate::term;

use super::document::{Document, Entry};
use super::resolve::Type;

/// The keys of the record, in the order in which a new file has them.
pub const OURS: [&str; 6] =
    ["client_id", "client_secret", "refresh_token", "developer_token", "login_customer_id", "linked_customer_id"];
/// The key without which the library does not start.
pub const PROTO_PLUS: &str = "use_proto_plus";
/// The keys that name a service account's file; the second is deprecated and still read.
pub const RIVALS: [&str; 2] = ["json_key_file_path", "path_to_private_key_file"];
/// What goes with a service account and means nothing without one; the second is deprecated and still read.
pub const IMPERSONATION: [&str; 2] = ["impersonated_email", "delegated_account"];
const DEFAULT_CREDENTIALS: &str = "use_application_default_credentials";

/// Whether this program has to do with the key.
pub fn is_known(key: &str) -> bool {
    OURS.contains(&key)
        || RIVALS.contains(&key)
        || IMPERSONATION.contains(&key)
        || [PROTO_PLUS, DEFAULT_CREDENTIALS].contains(&key)
}

/// What the library would read.
pub fn contents(document: &Document) -> Contents {
    let mut contents = Contents::default();
    for key in OURS {
        if let Some(entry) = document.last(key) {
            let value = value(entry, &mut contents.diagnostics);
            set(&mut contents.credentials, key, value);
        }
    }
    doubles(document, &mut contents.diagnostics);
    switches(document, &mut contents.diagnostics);
    for (line, key, section) in &document.nested {
        if document.last(key).is_none() {
            let text = format!("stands under `{}`, where this library does not look", term::excerpt(section));
            contents.diagnostics.push(Diagnostic { line: *line, key: key.clone(), trouble: Trouble::Odd, text });
        }
    }
    if let Some((line, key)) = &document.tab {
        let text = "has a tab beside it, where this library reads blanks only".to_owned();
        contents.diagnostics.push(Diagnostic { line: *line, key: term::excerpt(key), trouble: Trouble::Breaks, text });
    }
    contents.diagnostics.sort_by_key(|diagnostic| diagnostic.line);
    contents.conflicts = conflicts(document);
    contents
}

/// A field of the record by the key of the file.
pub fn field<'a>(credentials: &'a Credentials, key: &str) -> Option<&'a str> {
    match key {
        "client_id" => credentials.client_id.as_deref(),
        "client_secret" => credentials.client_secret.as_ref().map(Secret::expose),
        "refresh_token" => credentials.refresh_token.as_ref().map(Secret::expose),
        "developer_token" => credentials.developer_token.as_ref().map(Secret::expose),
        "login_customer_id" => credentials.login_customer_id.as_ref().map(CustomerId::as_str),
        "linked_customer_id" => credentials.linked_customer_id.as_ref().map(CustomerId::as_str),
        _ => None,
    }
}

fn set(credentials: &mut Credentials, key: &str, value: Option<String>) {
    let id = |value: Option<String>| value.as_deref().and_then(CustomerId::exact);
    match key {
        "client_id" => credentials.client_id = value,
        "client_secret" => credentials.client_secret = value.map(Secret::new),
        "refresh_token" => credentials.refresh_token = value.map(Secret::new),
        "developer_token" => credentials.developer_token = value.map(Secret::new),
        "login_customer_id" => credentials.login_customer_id = id(value),
        "linked_customer_id" => credentials.linked_customer_id = id(value),
        _ => {}
    }
}

/// The value the library would use, and what there is to say about it.
fn value(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let is_id = entry.key.ends_with("_customer_id");
    let mut diagnostic = |trouble, text: &str| diagnostics.push(self::diagnostic(entry, trouble, text));
    let Some(scalar) = entry.scalar() else {
        diagnostic(Trouble::Breaks, "is a list or a section, not a text");
        return None;
    };
    if entry.is_placeholder() {
        diagnostic(Trouble::Placeholder, "still holds the placeholder of the sample file");
        return None;
    }
    let unusable = match scalar.kind {
        Some(Type::Text) if is_id => return id(&scalar.text, diagnostic),
        Some(Type::Integer(number)) if is_id => return number_id(&scalar.text, number, diagnostic),
        Some(Type::Text) if scalar.text.is_empty() => "is empty",
        Some(Type::Text) => {
            if scalar.text.chars().any(|char| char.is_whitespace() || char.is_control()) {
                diagnostic(Trouble::Odd, "holds a blank, a line end or a control character");
            }
            return Some(scalar.text.clone());
        }
        // The library fails on no value for the OAuth keys, and does well without the others.
        Some(Type::Null) if is_id || entry.key == "developer_token" => return None,
        Some(Type::Null) => "has no value",
        // google-auth puts it into a form, where a number becomes its digits; gRPC wants a text.
        Some(Type::Integer(Some(number))) if number.to_string() == scalar.text && entry.key != "developer_token" => {
            diagnostic(Trouble::Odd, "is a number to this library, which happens to work; quote it");
            return Some(scalar.text.clone());
        }
        Some(Type::Integer(_) | Type::Float) => "is a number to this library; quote it",
        Some(Type::Boolean(_)) => "is a truth value to this library; quote it",
        Some(Type::Date) => "is a date to this library; quote it",
        Some(Type::Unusable) => "is a sign that YAML keeps for itself; quote it",
        None => "has a tag; write the bare text",
    };
    diagnostic(Trouble::Breaks, unusable);
    None
}

fn id(text: &str, mut diagnostic: impl FnMut(Trouble, &str)) -> Option<String> {
    if CustomerId::exact(text).is_some() {
        return Some(text.to_owned());
    }
    let trouble = match CustomerId::typed(text) {
        _ if text.is_empty() => "is empty, which this library refuses; remove the line",
        Some(_) => "has more than the ten digits, which this library refuses; leave out hyphens and blanks",
        None => "is not ten digits, which this library refuses",
    };
    diagnostic(Trouble::Breaks, trouble);
    None
}

fn number_id(text: &str, number: Option<i128>, mut diagnostic: impl FnMut(Trouble, &str)) -> Option<String> {
    let digits = number.map(|number| number.to_string()).unwrap_or_default();
    let octal =
        text.len() > 1 && text.starts_with('0') && text[1..].bytes().all(|byte| matches!(byte, b'0'..=b'7' | b'_'));
    match CustomerId::exact(&digits) {
        Some(_) if digits == text => return Some(digits),
        // `123_456_7890` among others.
        Some(_) => {
            diagnostic(Trouble::Odd, "is not written as the ten digits this library reads; write them, in quotes");
            return Some(digits);
        }
        None if octal => diagnostic(Trouble::Breaks, "is an octal number to this library; quote it"),
        None => diagnostic(Trouble::Breaks, "is not ten digits to this library, which refuses it"),
    }
    None
}

/// Keys that are there more than once.
fn doubles(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let mut first_lines = HashMap::new();
    for entry in document.entries.iter().filter(|entry| is_known(&entry.key)) {
        let first = *first_lines.entry(entry.key.as_str()).or_insert(entry.line);
        if first != entry.line {
            let text = format!("is set in line {first} as well; this library takes the last");
            diagnostics.push(diagnostic(entry, Trouble::Odd, &text));
        }
    }
}

/// The keys whose value must be yes or no.
fn switches(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    match document.last(PROTO_PLUS) {
        None => {
            let text = "is missing, and this library does not start without it".to_owned();
            diagnostics.push(Diagnostic { line: 1, key: PROTO_PLUS.to_owned(), trouble: Trouble::Breaks, text });
        }
        Some(entry) if truth(entry).is_none() && !entry.is_placeholder() => {
            diagnostics.push(diagnostic(entry, Trouble::Breaks, "is neither `true` nor `false` to this library"));
        }
        Some(_) => {}
    }
    if let Some(entry) = document.last(DEFAULT_CREDENTIALS).filter(|entry| truth(entry).is_none()) {
        diagnostics.push(diagnostic(entry, Trouble::Breaks, "is neither `true` nor `false` to this library"));
    }
    for entry in document.entries.iter().filter(|entry| entry.is_placeholder() && !OURS.contains(&entry.key.as_str())) {
        diagnostics.push(diagnostic(entry, Trouble::Placeholder, "still holds the placeholder of the sample file"));
    }
}

/// As the library's `disambiguate_string_bool` has it: a truth value, or one of these texts. A number is an error.
fn truth(entry: &Entry) -> Option<bool> {
    let scalar = entry.scalar()?;
    match scalar.kind? {
        Type::Boolean(value) => Some(value),
        Type::Text => match scalar.text.to_lowercase().as_str() {
            "y" | "yes" | "t" | "true" | "on" | "1" => Some(true),
            "n" | "no" | "f" | "false" | "off" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Application default credentials win over everything; the user's three keys, once all are there, over a service account.
fn conflicts(document: &Document) -> Vec<Conflict> {
    let complete = ["client_id", "client_secret", "refresh_token"].iter().all(|key| document.last(key).is_some());
    let mut conflicts = Vec::new();
    if let Some(entry) = document.last(DEFAULT_CREDENTIALS).filter(|entry| truth(entry) == Some(true)) {
        conflicts.push(conflict(entry, ConflictKind::ApplicationDefault, Outcome::ConflictWins));
    }
    for entry in RIVALS.iter().filter_map(|key| document.last(key)) {
        if !entry.is_null() && !entry.is_placeholder() {
            let outcome = if complete { Outcome::UserWins } else { Outcome::ConflictWins };
            conflicts.push(conflict(entry, ConflictKind::ServiceAccount, outcome));
        }
    }
    conflicts
}

fn conflict(entry: &Entry, kind: ConflictKind, outcome: Outcome) -> Conflict {
    Conflict { kind, key: entry.key.clone(), line: entry.line, outcome }
}

fn diagnostic(entry: &Entry, trouble: Trouble, text: &str) -> Diagnostic {
    Diagnostic { line: entry.line, key: term::excerpt(&entry.key), trouble, text: text.to_owned() }
}
