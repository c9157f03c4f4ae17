//! `ads.properties` of the Java library: `java.util.Properties`, read as ISO-8859-1.
//!
//! Trailing spaces and quotes are part of a value, a backslash escapes, the last of two equal keys counts. A key that is present
//! but empty counts as given: with an empty service account key beside a user's token the library fails.

use crate::format::diagnostic::{Extra, IfEmpty, Reader};
use crate::format::field::Field;
use crate::format::lines::{Dialect, Document, Setting};
use crate::format::text_edit;
use crate::format::{
    ByteOrderMark, ConflictKind, DefaultLocation, DiagnosticCode, Encodings, FormatError, FormatName, Latin1, Outcome,
};
use crate::value_kind::{self, ValueKind};

pub const JAVA: Dialect = Dialect {
    name: FormatName::Java,
    reader: "Java library",
    place: DefaultLocation::Home("ads.properties"),
    encodings: Encodings { byte_order_mark: ByteOrderMark::SpoilsFirstLine, utf16: false, latin1: Latin1::Anywhere },
    fits,
    keys: &[
        (Field::DeveloperToken, "", "api.googleads.developerToken"),
        (Field::ClientId, "", "api.googleads.clientId"),
        (Field::ClientSecret, "", "api.googleads.clientSecret"),
        (Field::RefreshToken, "", "api.googleads.refreshToken"),
        (Field::KeyFile, "", "api.googleads.serviceAccountSecretsPath"),
        (Field::ImpersonatedEmail, "", "api.googleads.serviceAccountUser"),
        (Field::LoginCustomerId, "", "api.googleads.loginCustomerId"),
        (Field::LinkedCustomerId, "", "api.googleads.linkedCustomerId"),
    ],
    assign: "=",
    marks: &['#', '!'],
    comment: "#",
    prefix: "",
    lf_only: false,
    carriage_return: None,
    required: &[],
    needed: &[],
    flag: None,
    mode: None,
    document,
    encode,
    empty,
    conflict,
};

fn fits(file_name: &str, _text: &str) -> bool {
    file_name == "ads.properties"
}

fn document<'t>(dialect: &Dialect, lines: Vec<&'t str>) -> Result<Document<'t>, FormatError> {
    let mut settings = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let start = at;
        let logical = logical_line(&lines, &mut at)?;
        if !logical.is_empty() {
            let is_whole = at == start + 1;
            let setting = setting(dialect, &logical, text_edit::content(lines[start]), is_whole)
                .map_err(|reason| FormatError::at(start + 1, reason))?;
            settings.push(Setting { lines: start..at, ..setting });
        }
    }
    Ok(Document { lines, settings, sections: Vec::new() })
}

/// Escapes only what must be escaped; `store()` also writes `\=`, `\:`, `\#` and `\!` where it need not.
fn encode(value: &str) -> Result<String, &'static str> {
    let mut encoded = String::with_capacity(value.len());
    for (index, character) in value.char_indices() {
        match character {
            '\\' => encoded.push_str("\\\\"),
            // Spaces before a value are skipped, and after a space both characters are separators.
            ' ' | '=' | ':' if index == 0 => encoded.extend(['\\', character]),
            ' '..='~' => encoded.push(character),
            _ => {
                let units = character.encode_utf16(&mut [0; 2]).to_vec();
                encoded.extend(units.iter().map(|unit| format!("\\u{unit:04X}")));
            }
        }
    }
    Ok(encoded)
}

/// `Long.parseLong` is called on a value even if it is empty.
fn empty(field: Field) -> Option<IfEmpty> {
    matches!(field, Field::LoginCustomerId | Field::LinkedCustomerId).then_some(IfEmpty::LibraryFails)
}

fn conflict(setting: &Setting) -> Option<(ConflictKind, Outcome)> {
    let kind = match setting.key.as_str() {
        "api.googleads.serviceAccountSecretsPath" | "api.googleads.serviceAccountUser" => ConflictKind::ServiceAccount,
        "api.googleads.useApplicationDefaultCredentials"
            if setting.value.as_deref().is_some_and(|value| value.eq_ignore_ascii_case("true")) =>
        {
            ConflictKind::ApplicationDefault
        }
        _ => return None,
    };
    Some((kind, Outcome::LibraryFails))
}

const SPACES: [char; 3] = [' ', '\t', '\x0c'];

/// Returns the logical line that starts at `at`, with continuation lines; empty for a comment or an empty line. Moves
/// `at` after it.
fn logical_line(lines: &[&str], at: &mut usize) -> Result<String, FormatError> {
    let mut logical = String::new();
    loop {
        let line = text_edit::content(lines[*at]);
        *at += 1;
        if line.contains('\r') {
            return Err(FormatError::at(*at, "contains a carriage return, at which the library ends the line"));
        }
        let part = line.trim_start_matches(SPACES);
        if logical.is_empty() && part.starts_with(['#', '!']) {
            return Ok(logical);
        }
        let backslashes = part.len() - part.trim_end_matches('\\').len();
        let goes_on = backslashes % 2 == 1;
        logical.push_str(if goes_on { &part[..part.len() - 1] } else { part });
        if !goes_on || logical.is_empty() || *at == lines.len() {
            return Ok(logical);
        }
    }
}

/// Splits a logical line at its separator; `line` is its first line and, if `is_whole`, its only one.
fn setting(dialect: &Dialect, logical: &str, line: &str, is_whole: bool) -> Result<Setting, &'static str> {
    let mut escaped = false;
    let ends_key = |character: char| {
        let ends = !escaped && (SPACES.contains(&character) || matches!(character, '=' | ':'));
        escaped = !escaped && character == '\\';
        ends
    };
    let (raw_key, rest) = logical.split_at(logical.find(ends_key).unwrap_or(logical.len()));
    let separator = rest.trim_start_matches(SPACES);
    let raw_value = separator.strip_prefix(['=', ':']).unwrap_or(separator).trim_start_matches(SPACES);
    let key = unescape(raw_key)?;
    let value = unescape(raw_value)?;
    let indent = &line[..line.len() - line.trim_start_matches(SPACES).len()];
    let before = match line.strip_suffix(raw_value) {
        // Without a separator there is nothing to keep before a value.
        Some(before) if is_whole && !rest.is_empty() && before.len() > indent.len() + raw_key.len() => {
            before.to_owned()
        }
        _ => format!("{indent}{raw_key}="),
    };
    let flaws = if dialect.has_key(&key) { flaws(raw_value, &value) } else { Vec::new() };
    Ok(Setting { section: String::new(), key, value: Some(value), flaws, lines: 0..0, before, after: String::new() })
}

fn flaws(raw: &str, value: &str) -> Vec<DiagnosticCode> {
    let quoted = value.len() > 1 && value.starts_with(['"', '\'']) && value.ends_with(['"', '\'']);
    let found = [
        (value.ends_with(SPACES), DiagnosticCode::PartOfValue(Extra::Spaces, Reader::Library)),
        (quoted, DiagnosticCode::PartOfValue(Extra::Quotes, Reader::Library)),
        (value.contains(" #") && !is_path(value), DiagnosticCode::PartOfValue(Extra::Comment, Reader::Library)),
        (!raw.is_ascii(), DiagnosticCode::NotAscii),
    ];
    found.into_iter().filter(|(is_so, _)| *is_so).map(|(_, code)| code).collect()
}

fn is_path(value: &str) -> bool {
    value_kind::of(value) == Some(ValueKind::FilePath)
}

/// Decodes a raw key or value as `Properties.load` does.
fn unescape(raw: &str) -> Result<String, &'static str> {
    let mut units: Vec<u16> = Vec::with_capacity(raw.len());
    // One byte is one character: the library reads the file as ISO-8859-1.
    let mut bytes = raw.bytes();
    while let Some(byte) = bytes.next() {
        let unit = match (byte, if byte == b'\\' { bytes.next() } else { None }) {
            (_, Some(b'u')) => {
                let digits: String = bytes.by_ref().take(4).map(char::from).collect();
                let is_hex = digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                let unit = if is_hex { u16::from_str_radix(&digits, 16).ok() } else { None };
                unit.ok_or("contains a malformed `\\u` escape, on which the library fails; write `\\\\` for a `\\`")?
            }
            (_, Some(b't')) => 0x09,
            (_, Some(b'n')) => 0x0a,
            (_, Some(b'f')) => 0x0c,
            (_, Some(b'r')) => 0x0d,
            (_, Some(other)) => other.into(),
            // A backslash at the end of the text.
            (b'\\', None) => continue,
            (byte, None) => byte.into(),
        };
        units.push(unit);
    }
    String::from_utf16(&units).map_err(|_| "contains half of a `\\u` surrogate pair")
}
