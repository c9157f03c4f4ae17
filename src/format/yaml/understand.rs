//! How the Python library reads the file: PyYAML's types, then the rules of google-ads' `config.py` and `oauth2.py`.
//!
//! A customer ID may be a number, which the library converts to a string; the OAuth values are sent as they are, so that a number
//! among them happens to work. An unusable value is absent from the credentials and has a diagnostic.

use std::collections::HashMap;

use crate::credentials::{CustomerId, Field};
use crate::format::diagnostic::{self, Broken, IfEmpty};
use crate::format::field::{is_broken, not_ten_digits, other_kind};
use crate::format::{Conflict, ConflictKind, Contents, Diagnostic, DiagnosticCode, Outcome, Severity};
use crate::term;

use super::document::{Document, Entry};
use super::keys::{ALIASES, DEFAULT_CREDENTIALS, FIELDS, PROTO_PLUS, field, is_known};
use super::resolve::Type;

/// The entry that the library reads for this field.
fn entry(document: &Document, field: Field) -> Option<&Entry> {
    let aliases = ALIASES.iter().filter(|(of, _)| *of == field);
    document.last(field.key()).or_else(|| aliases.filter_map(|(_, alias)| document.last(alias)).next())
}

/// The key by which the document sets this field, or would.
pub fn key(document: &Document, field: Field) -> &'static str {
    let aliases = ALIASES.iter().filter(|(of, alias)| *of == field && document.last(alias).is_some());
    match document.last(field.key()) {
        Some(_) => field.key(),
        None => aliases.map(|(_, alias)| *alias).next().unwrap_or(field.key()),
    }
}

/// Reads the document as the library does.
pub fn contents(document: &Document) -> Contents {
    let mut contents = Contents::default();
    for field in FIELDS {
        let Some(entry) = entry(document, field) else { continue };
        let Some(value) = value(entry, &mut contents.diagnostics) else { continue };
        if field.is_of_service_account() {
            contents.service_account.push((field, value));
            continue;
        }
        field.set(&mut contents.credentials, Some(&value));
        if field.is_of_user() {
            contents.user_at.get_or_insert((entry.line, entry.key.clone()));
        }
    }
    doubles(document, &mut contents.diagnostics);
    switches(document, &mut contents.diagnostics);
    for (line, key, section) in &document.nested {
        if document.last(key).is_none() {
            let code = DiagnosticCode::Nested { parent: section.clone() };
            contents.diagnostics.push(Diagnostic::new(*line, key, field(key), code));
        }
    }
    for (line, key, why) in &document.refusals {
        // That the value is of no use is less than that the whole file is.
        let is_less = |other: &Diagnostic| {
            other.line == *line && field(key) == other.field && matches!(other.code, DiagnosticCode::WrongType(_))
        };
        contents.diagnostics.retain(|other| !is_less(other));
        let is_explained = |other: &Diagnostic| other.line == *line && other.severity() == Severity::Error;
        if !contents.diagnostics.iter().any(is_explained) {
            let code = DiagnosticCode::Refused(*why);
            contents.diagnostics.push(Diagnostic::new(*line, &term::excerpt(key), field(key), code));
        }
    }
    if let Some((line, key)) = &document.tab {
        contents.diagnostics.push(Diagnostic::new(*line, &term::excerpt(key), field(key), DiagnosticCode::Tab));
    }
    contents.diagnostics.sort_by_key(|diagnostic| diagnostic.line);
    contents.conflicts = conflicts(document);
    contents.settle()
}

/// The value that the library uses. Adds a diagnostic if the line has a problem.
fn value(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let is_id = entry.key.ends_with("_customer_id");
    let is_optional = !field(&entry.key).is_some_and(Field::is_of_user);
    let mut diagnostic = |code| diagnostics.push(self::diagnostic(entry, code));
    let Some(scalar) = entry.scalar() else {
        diagnostic(DiagnosticCode::WrongType(diagnostic::Type::Collection));
        return None;
    };
    if entry.is_placeholder() {
        diagnostic(DiagnosticCode::Placeholder);
        return None;
    }
    if let Some(code) = field(&entry.key).and_then(|field| other_kind(field, &scalar.text)) {
        diagnostic(code);
        return None;
    }
    let unusable = match scalar.kind {
        Some(Type::Text) if is_id => return id(&scalar.text, diagnostic),
        Some(Type::Integer(number)) if is_id => return number_id(&scalar.text, number, diagnostic),
        Some(Type::Text) if scalar.text.is_empty() => DiagnosticCode::NoValue,
        Some(Type::Text) if field(&entry.key).is_some_and(|field| is_broken(field, &scalar.text)) => {
            diagnostic(DiagnosticCode::Broken(Broken::Joined));
            return Some(scalar.text.clone());
        }
        Some(Type::Text) => {
            let is_path = field(&entry.key).is_some_and(Field::is_of_service_account);
            if !is_path && scalar.text.chars().any(|char| char.is_whitespace() || char.is_control()) {
                diagnostic(DiagnosticCode::Whitespace);
            }
            return Some(scalar.text.clone());
        }
        // The library fails without a value for an OAuth key, and needs none for the others.
        Some(Type::Null) if is_optional => return None,
        Some(Type::Null) => DiagnosticCode::NoValue,
        // google-auth encodes it in a form, where a number becomes its digits; gRPC requires a string.
        Some(Type::Integer(Some(number))) if number.to_string() == scalar.text && entry.key != "developer_token" => {
            diagnostic(DiagnosticCode::UnquotedNumber);
            return Some(scalar.text.clone());
        }
        Some(Type::Float) if is_id => not_ten_digits(&scalar.text),
        Some(Type::Integer(_) | Type::Float) => DiagnosticCode::WrongType(diagnostic::Type::Number),
        Some(Type::Boolean(_)) => DiagnosticCode::WrongType(diagnostic::Type::Boolean),
        Some(Type::Date) => DiagnosticCode::WrongType(diagnostic::Type::Date),
        Some(Type::Unusable) => DiagnosticCode::WrongType(diagnostic::Type::Reserved),
        None => DiagnosticCode::WrongType(diagnostic::Type::Tagged),
    };
    diagnostic(unusable);
    None
}

fn id(text: &str, mut diagnostic: impl FnMut(DiagnosticCode)) -> Option<String> {
    if CustomerId::exact(text).is_some() {
        return Some(text.to_owned());
    }
    let is_empty = text.is_empty();
    diagnostic(if is_empty { DiagnosticCode::Empty(IfEmpty::LibraryFails) } else { not_ten_digits(text) });
    None
}

fn number_id(text: &str, number: Option<i128>, mut diagnostic: impl FnMut(DiagnosticCode)) -> Option<String> {
    let digits = number.map(|number| number.to_string()).unwrap_or_default();
    let octal =
        text.len() > 1 && text.starts_with('0') && text[1..].bytes().all(|byte| matches!(byte, b'0'..=b'7' | b'_'));
    match CustomerId::exact(&digits) {
        Some(_) if digits == text => return Some(digits),
        // For example `123_456_7890`.
        Some(_) => {
            diagnostic(DiagnosticCode::UnusualDigits);
            return Some(digits);
        }
        None if octal => diagnostic(DiagnosticCode::OctalNumber),
        None => diagnostic(DiagnosticCode::NotTenDigits),
    }
    None
}

/// Keys that are there more than once.
fn doubles(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let mut first_lines = HashMap::new();
    for entry in document.entries.iter().filter(|entry| is_known(&entry.key)) {
        let first = *first_lines.entry(entry.key.as_str()).or_insert(entry.line);
        if first != entry.line {
            diagnostics.push(diagnostic(entry, DiagnosticCode::SetBefore { line: first }));
        }
    }
}

/// The keys with a boolean value.
fn switches(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    match document.last(PROTO_PLUS) {
        None => {
            diagnostics.push(Diagnostic::new(1, PROTO_PLUS, None, DiagnosticCode::Missing));
        }
        Some(entry) if truth(entry).is_none() && !entry.is_placeholder() => {
            diagnostics.push(diagnostic(entry, DiagnosticCode::NotABoolean));
        }
        Some(_) => {}
    }
    if let Some(entry) = document.last(DEFAULT_CREDENTIALS).filter(|entry| truth(entry).is_none()) {
        diagnostics.push(diagnostic(entry, DiagnosticCode::NotABoolean));
    }
    for entry in document.entries.iter().filter(|entry| entry.is_placeholder() && field(&entry.key).is_none()) {
        diagnostics.push(diagnostic(entry, DiagnosticCode::Placeholder));
    }
}

/// The boolean as in the library's `disambiguate_string_bool`: a YAML boolean or one of these strings. A number is an error.
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

/// Application Default Credentials have precedence over everything, the user's three keys, if complete, over a service account.
fn conflicts(document: &Document) -> Vec<Conflict> {
    let complete = ["client_id", "client_secret", "refresh_token"].iter().all(|key| document.last(key).is_some());
    let mut conflicts = Vec::new();
    if let Some(entry) = document.last(DEFAULT_CREDENTIALS).filter(|entry| truth(entry) == Some(true)) {
        conflicts.push(conflict(entry, ConflictKind::ApplicationDefault, Outcome::ConflictWins));
    }
    let names = ALIASES.iter().filter(|(field, _)| *field == Field::KeyFile).map(|(_, alias)| *alias);
    for entry in [Field::KeyFile.key()].into_iter().chain(names).filter_map(|key| document.last(key)) {
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

fn diagnostic(entry: &Entry, code: DiagnosticCode) -> Diagnostic {
    Diagnostic::new(entry.line, &term::excerpt(&entry.key), field(&entry.key), code)
}
