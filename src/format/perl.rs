//! `googleads.properties` of the Perl library: not Java's properties, but lines that are split at the first `=`.
//!
//! Nothing is trimmed and nothing is escaped: spaces, quotes, a comment after the value and the CR of a CRLF file are all part
//! of key or value. So lines are written without spaces and end in LF, even in a file with other line ends. Perl on Windows takes
//! CRLF for a line end.

use crate::format::diagnostic::{Extra, Reader};
use crate::format::field::Field;
use crate::format::lines::{Dialect, Document, Setting};
use crate::format::{
    ByteOrderMark, ConflictKind, DefaultLocation, DiagnosticCode, Encodings, FormatError, FormatName, Latin1, Outcome,
};

pub const PERL: Dialect = Dialect {
    name: FormatName::Perl,
    reader: "Perl library",
    place: DefaultLocation::Home("googleads.properties"),
    encodings: Encodings { byte_order_mark: ByteOrderMark::SpoilsFirstLine, utf16: false, latin1: Latin1::Anywhere },
    fits,
    keys: &[
        (Field::DeveloperToken, "", "developerToken"),
        (Field::ClientId, "", "clientId"),
        (Field::ClientSecret, "", "clientSecret"),
        (Field::RefreshToken, "", "refreshToken"),
        (Field::KeyFile, "", "jsonKeyFilePath"),
        (Field::ImpersonatedEmail, "", "impersonatedEmail"),
        (Field::LoginCustomerId, "", "loginCustomerId"),
        (Field::LinkedCustomerId, "", "linkedCustomerId"),
    ],
    assign: "=",
    marks: &['#'],
    comment: "# ",
    prefix: "",
    lf_only: cfg!(not(windows)),
    carriage_return: None,
    required: &[],
    needed: &[],
    flag: None,
    mode: None,
    document,
    encode,
    empty: |_| None,
    conflict,
};

fn fits(file_name: &str, _text: &str) -> bool {
    file_name == "googleads.properties"
}

fn document<'t>(dialect: &Dialect, lines: Vec<&'t str>) -> Result<Document<'t>, FormatError> {
    let settings = lines.iter().enumerate().filter_map(|(index, line)| setting(dialect, index, line)).collect();
    Ok(Document { lines, settings, sections: Vec::new() })
}

fn encode(value: &str) -> Result<String, &'static str> {
    Ok(value.to_owned())
}

/// The user's token is tried first; Perl takes an empty path for a missing one.
fn conflict(setting: &Setting) -> Option<(ConflictKind, Outcome)> {
    let is_set = setting.key == "jsonKeyFilePath" && setting.value.as_deref() != Some("");
    is_set.then_some((ConflictKind::ServiceAccount, Outcome::UserWins))
}

/// Splits a line as the library does. A line without `=` sets nothing.
fn setting(dialect: &Dialect, index: usize, line: &str) -> Option<Setting> {
    let end = if cfg!(windows) && line.ends_with("\r\n") { "\r\n" } else { "\n" };
    let line = line.strip_suffix(end).unwrap_or(line);
    if line.starts_with('#') {
        return None;
    }
    let (raw_key, value) = line.split_once('=')?;
    let key = raw_key.trim();
    let is_ours = dialect.has_key(key);
    let padded = key != raw_key;
    let mut flaws = Vec::new();
    if padded && is_ours {
        flaws.push(DiagnosticCode::SpacesAroundKey);
    }
    if value.ends_with('\r') {
        flaws.push(DiagnosticCode::PartOfValue(Extra::CarriageReturn, Reader::Library));
    } else if is_ours && !padded {
        flaws.extend(extra(value).map(|extra| DiagnosticCode::PartOfValue(extra, Reader::Library)));
    }
    let is_read = !value.ends_with('\r') && !padded;
    Some(Setting {
        section: String::new(),
        // A known key with spaces is the line to edit; any other key with spaces is simply another key.
        key: if is_ours { key } else { raw_key }.to_owned(),
        value: (is_read || !is_ours).then(|| value.to_owned()),
        flaws,
        lines: index..index + 1,
        before: format!("{key}="),
        after: String::new(),
    })
}

/// The part of the value that looks as if it were not one.
fn extra(value: &str) -> Option<Extra> {
    let quoted = value.len() > 1 && value.starts_with(['"', '\'']) && value.ends_with(['"', '\'']);
    match value {
        _ if value.trim() != value => Some(Extra::Spaces),
        _ if quoted => Some(Extra::Quotes),
        _ if value.contains(" #") => Some(Extra::Comment),
        _ => None,
    }
}
