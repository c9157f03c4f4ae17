//! Lines that set a known key to something else than is meant: in curly quotes, broken into several lines, in a merge conflict.

use crate::credentials::Field;
use crate::format::diagnostic::{Broken, Extra, Reader};
use crate::format::{Contents, Diagnostic, DiagnosticCode, Format, FormatName};
use crate::syntax_cause::CONFLICT;
use crate::value_kind::{self, ValueKind};

use super::parts::is_comment;
use super::{pair, right_kind, xml};

const CURLY: [char; 5] = ['\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}'];

/// Adds a diagnostic for each such line. The value of a broken line is no longer among the credentials.
pub fn add(text: &str, contents: &mut Contents, format: &dyn Format) {
    let has_lines =
        matches!(format.name(), FormatName::Java | FormatName::Perl | FormatName::Env | FormatName::Meltano);
    if has_lines && let Some(index) = text.lines().position(|line| line.starts_with(CONFLICT)) {
        contents.diagnostics.push(Diagnostic::new(index + 1, CONFLICT.trim(), None, DiagnosticCode::ConflictMarker));
    }
    if format.name() != FormatName::Ruby && text.contains(CURLY) {
        curly_quotes(text, contents, format);
    }
    if has_lines || format.name() == FormatName::Php {
        Field::OF_USER.into_iter().for_each(|field| broken(text, contents, format, field));
    }
}

/// The field of which the line sets the key, and the value as it is written.
fn setting<'l>(line: &'l str, format: &dyn Format) -> Option<(Field, String, &'l str)> {
    let body = line.trim();
    let (key, value) = xml(body).or_else(|| pair(body)).filter(|_| !is_comment(line))?;
    let key = key.trim_matches(['"', '\'']);
    let is_own = |own: &str| own == key || own.rsplit('.').next() == Some(key);
    let field = Field::ALL.into_iter().find(|field| format.key(*field).is_some_and(is_own))?;
    Some((field, key.to_owned(), value))
}

fn curly_quotes(text: &str, contents: &mut Contents, format: &dyn Format) {
    for (index, line) in text.lines().enumerate().filter(|(_, line)| line.contains(CURLY)) {
        let Some((field, key, value)) = setting(line, format) else { continue };
        // The library reads the line, or fails on it: it is not a comment, and not in another program's section.
        let is_read = field.get(&contents.credentials).is_some_and(|value| value.starts_with(CURLY))
            || contents.diagnostics.iter().any(|about| about.line == index + 1 && about.field == Some(field));
        if !is_read || !value.trim_start_matches(['"', '\'', ' ']).starts_with(CURLY) {
            continue;
        }
        // That the value is not of its form is less than why.
        contents.diagnostics.retain(|about| {
            use DiagnosticCode::{ControlCharacter, NotAscii, NotTenDigits, OtherKind, ReadersDisagree};
            let is_less =
                matches!(about.code, ControlCharacter | NotAscii | NotTenDigits | ReadersDisagree | OtherKind(_));
            !(is_less && about.line == index + 1 && about.field == Some(field))
        });
        let code = DiagnosticCode::PartOfValue(Extra::CurlyQuotes, Reader::Library);
        contents.diagnostics.push(Diagnostic::new(index + 1, &key, Some(field), code));
    }
}

/// From how many characters on a token or secret of Google's may be whole: tokens have about a hundred, secrets 35. Below a whole
/// one that a login wrote, the rest of an earlier one does no harm.
const fn whole(field: Field) -> usize {
    if matches!(field, Field::RefreshToken) { 90 } else { 35 }
}

/// Finds a line below the one of the field with nothing on it but the rest of a value.
fn broken(text: &str, contents: &mut Contents, format: &dyn Format, field: Field) {
    let Some(read) = field.get(&contents.credentials) else { return };
    let mut lines = text.lines().zip(text.lines().skip(1)).enumerate();
    let is_rest = |rest: &str| {
        let is_text = rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        // A word without a value may be another setting; of Google's random text eight characters have a digit.
        rest.len() >= 8 && is_text && rest.bytes().any(|byte| byte.is_ascii_digit())
    };
    let found = lines.find_map(|(index, (line, below))| {
        let below = below.trim().trim_end_matches(['"', '\'']);
        // Most lines are not the rest of a value: a large file costs little.
        let (_, key, value) = is_rest(below).then(|| setting(line, format))?.filter(|(of, ..)| *of == field)?;
        let is_begun = match right_kind(field) {
            Some(ValueKind::ClientId) => {
                value_kind::of(read).is_none_or(|kind| kind != ValueKind::ClientId)
                    && value_kind::of(&format!("{read}{below}")) == Some(ValueKind::ClientId)
            }
            kind => value_kind::of(read) == kind && read.len() < whole(field),
        };
        (is_begun && value.contains(read)).then(|| (index + 1, key))
    });
    if let Some((line, key)) = found {
        field.set(&mut contents.credentials, None);
        let code = DiagnosticCode::Broken(Broken::FirstLine);
        contents.diagnostics.push(Diagnostic::new(line, &key, Some(field), code));
    }
}
