//! Reads and writes a file field by field, for formats with a table of keys.
//!
//! It contains the reasons for which every library rejects a value (a placeholder, an empty string, a control
//! character, a customer ID that is not ten digits), and the check after an edit: the new text is read again.

use crate::credentials::Credentials;
pub use crate::credentials::Field;
use crate::format::diagnostic::{Broken, IfEmpty};
use crate::format::{Contents, Diagnostic, DiagnosticCode, Format, FormatError, is_placeholder};
use crate::value_kind::{self, ValueKind};

/// Takes the value that a file has for this field, or adds a diagnostic that says why it cannot be used.
pub fn take(field: Field, contents: &mut Contents, line: usize, key: &str, value: &str) {
    let other_kind = other_kind(field, value);
    let code = match field {
        _ if is_placeholder(value) => DiagnosticCode::Placeholder,
        // Google rejects an empty developer-token header, and accepts a request without that header.
        Field::DeveloperToken if value.is_empty() => DiagnosticCode::Empty(IfEmpty::GoogleRefuses),
        _ if value.is_empty() => DiagnosticCode::Empty(IfEmpty::Ignored),
        _ if is_broken(field, value) => DiagnosticCode::Broken(Broken::Joined),
        _ if value.contains(char::is_control) => DiagnosticCode::ControlCharacter,
        _ if field.is_of_service_account() => {
            contents.service_account.push((field, value.to_owned()));
            return;
        }
        _ => match other_kind {
            Some(code) => code,
            None if field.set(&mut contents.credentials, Some(value)) => {
                if field.is_of_user() {
                    contents.user_at.get_or_insert((line, key.to_owned()));
                }
                return;
            }
            None => not_ten_digits(value),
        },
    };
    contents.diagnostics.push(Diagnostic::new(line, key, Some(field), code));
}

/// What the value of a customer ID is instead. What a token or a secret is instead is decided where it is used: those values are
/// kept, since nobody but Google knows their form.
pub fn other_kind(field: Field, value: &str) -> Option<DiagnosticCode> {
    let kind =
        value_kind::of(value).filter(|kind| field.is_customer_id() && (kind.is_stand_in() || kind.is_of_google()))?;
    Some(DiagnosticCode::OtherKind(kind))
}

/// Why a text is not a customer ID.
pub fn not_ten_digits(text: &str) -> DiagnosticCode {
    // `1,23457E+09` and `1.23457E+09`, as spreadsheets show a long number.
    let is_rounded = text.split_once(['E', 'e']).is_some_and(|(number, power)| {
        let is_number = number.len() > 1 && number.bytes().all(|byte| byte.is_ascii_digit() || b".,".contains(&byte));
        let power = power.strip_prefix('+').unwrap_or(power);
        is_number && !power.is_empty() && power.bytes().all(|byte| byte.is_ascii_digit())
    });
    if is_rounded { DiagnosticCode::Rounded } else { DiagnosticCode::NotTenDigits }
}

/// Whether a value of Google's is on several lines, or was: XML makes a space of a line break.
pub fn is_broken(field: Field, value: &str) -> bool {
    let is_part = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
    let kind = match field {
        Field::RefreshToken => ValueKind::RefreshToken,
        Field::ClientId => ValueKind::ClientId,
        Field::ClientSecret => ValueKind::ClientSecret,
        _ => return false,
    };
    let parts = || value.split_ascii_whitespace();
    (parts().count() > 1 || value.contains('\n'))
        && parts().all(is_part)
        && value_kind::of(&parts().collect::<String>()) == Some(kind)
}

/// Adds a diagnostic for each of these fields that is missing beside a credential.
pub fn require(fields: &[Field], contents: &mut Contents, key: impl Fn(Field) -> Option<&'static str>) {
    if contents.credentials.refresh_token().is_none() && contents.credentials.service_account().is_none() {
        return;
    }
    let is_explained = |field: Field| contents.diagnostics.iter().any(|other| other.field == Some(field));
    let is_missing = |field: &Field| field.get(&contents.credentials).is_none() && !is_explained(*field);
    let missing: Vec<Field> = fields.iter().copied().filter(is_missing).collect();
    for field in missing {
        let key = key(field).unwrap_or_default();
        contents.diagnostics.push(Diagnostic::new(1, key, Some(field), DiagnosticCode::Missing));
    }
}

/// The fields that an edit from one record to the other may change. Lines of the other kind of credential are only changed by
/// [`Format::comment_out_others`].
pub fn relevant(from: &Credentials, to: &Credentials) -> impl Fn(Field) -> bool + use<> {
    let users = to.user().is_some() || (to.identity.is_none() && from.user().is_some());
    let accounts = to.service_account().is_some() || (to.identity.is_none() && from.service_account().is_some());
    move |field: Field| match field {
        _ if field.is_of_user() => users,
        _ if field.is_of_service_account() => accounts,
        _ => true,
    }
}

/// Returns the text with this field set to the value, or without it.
pub type Change<'c> = dyn Fn(&str, Field, Option<&str>) -> Result<String, FormatError> + 'c;

/// Returns the text with these credentials: changes each field that differs, then reads the result again. An error if a value
/// cannot be in a file, or would not be read back unchanged.
pub fn write(
    format: &dyn Format,
    text: &str,
    credentials: &Credentials,
    change: &Change,
) -> Result<String, FormatError> {
    if credentials.service_account().is_some() && !format.has_place_for_service_account() {
        return Err(FormatError::new(format!("the {} has no place for a service account", format.reader()))
            .hint("name a file of another format"));
    }
    let credentials = &format.holds(credentials);
    check(credentials)?;
    let mut new = text.to_owned();
    let before = format.read(text)?;
    refuse_two_kinds(&before, credentials)?;
    let relevant = relevant(&before.credentials, credentials);
    for (field, value) in changes(&before.credentials, credentials, &relevant) {
        new = change(&new, field, value)?;
    }
    // A key brings back what was left beside an earlier one: whom it acts for.
    for (field, value) in changes(&format.read(&new)?.credentials, credentials, &relevant) {
        new = change(&new, field, value)?;
    }
    match changes(&format.read(&new)?.credentials, credentials, &relevant).first() {
        None => Ok(new),
        Some((field, _)) => Err(FormatError::new(format!("the {} would not be read back unchanged", field.name()))),
    }
}

/// Returns an error for a service account beside a user's active credential, which a library would go on using.
pub fn refuse_two_kinds(before: &Contents, credentials: &Credentials) -> Result<(), FormatError> {
    match (&before.user_at, credentials.service_account()) {
        (Some((line, _)), Some(_)) => {
            Err(FormatError::at(*line, "a user's credential is active here")
                .hint("add `--replace-kind` to comment it out"))
        }
        _ => Ok(()),
    }
}

/// Returns an error for a value that would not be read back from any file: an empty one, one with a control character, or one
/// that looks like a placeholder.
fn check(credentials: &Credentials) -> Result<(), FormatError> {
    for field in Field::ALL {
        let Some(value) = field.get(credentials) else { continue };
        let reason = match value {
            _ if value.is_empty() => "is empty",
            _ if value.contains(char::is_control) => "contains a control character",
            _ if is_placeholder(value) => "is a placeholder",
            _ => continue,
        };
        return Err(FormatError::new(format!("the {} to write {reason}", field.name())));
    }
    Ok(())
}

/// The fields in which the two records differ, with the text to write, or `None` if the line is to be removed.
fn changes<'c>(
    from: &Credentials,
    to: &'c Credentials,
    relevant: impl Fn(Field) -> bool,
) -> Vec<(Field, Option<&'c str>)> {
    let pairs = Field::ALL.into_iter().filter(|field| relevant(*field)).map(|field| (field, field.get(to)));
    pairs.filter(|(field, value)| field.get(from) != *value).collect()
}

/// A key of a file in a note. Notes are printed, so only plain names are repeated.
pub fn shown(key: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte);
    if key.len() <= 80 && key.bytes().all(is_plain) { format!("`{key}`") } else { "a key".to_owned() }
}
