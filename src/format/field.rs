//! The fields of a credential, for formats that go through them by a table of keys.
//!
//! What makes a value unusable to every library alike is decided here: a leftover placeholder, an empty text, a control
//! character, a customer id that is not ten digits. So is that an edit field by field is proved.

use crate::credentials::Credentials;
pub use crate::credentials::Field;
use crate::format::diagnostic::IfEmpty;
use crate::format::{Contents, Diagnostic, DiagnosticCode, Format, FormatError, is_placeholder};

/// Takes the value that a file has for this field, or adds a diagnostic that says why it is none.
pub fn take(field: Field, contents: &mut Contents, line: usize, key: &str, value: &str) {
    let code = match field {
        _ if is_placeholder(value) => DiagnosticCode::Placeholder,
        // Google refuses a developer-token header without a value, and takes a request without that header.
        Field::DeveloperToken if value.is_empty() => DiagnosticCode::Empty(IfEmpty::GoogleRefuses),
        _ if value.is_empty() => DiagnosticCode::Empty(IfEmpty::Ignored),
        _ if value.contains(char::is_control) => DiagnosticCode::ControlCharacter,
        _ if field.is_of_service_account() => {
            contents.service_account.push((field, value.to_owned()));
            return;
        }
        _ if field.set(&mut contents.credentials, Some(value)) => {
            if field.is_of_user() {
                contents.user_at.get_or_insert((line, key.to_owned()));
            }
            return;
        }
        _ => DiagnosticCode::NotTenDigits,
    };
    contents.diagnostics.push(Diagnostic::new(line, key, Some(field), code));
}

/// The fields that an edit from one record to the other may change. Lines of the other kind of credential are left as they are:
/// whoever wants them out says so first.
pub fn relevant(from: &Credentials, to: &Credentials) -> impl Fn(Field) -> bool + use<> {
    let users = to.user().is_some() || (to.identity.is_none() && from.user().is_some());
    let accounts = to.service_account().is_some() || (to.identity.is_none() && from.service_account().is_some());
    move |field: Field| match field {
        _ if field.is_of_user() => users,
        _ if field.is_of_service_account() => accounts,
        _ => true,
    }
}

/// The text with these credentials: what no file can hold is refused, each field that differs is changed in its turn, and the
/// result is read again. A format that edits field by field need not think of its proof.
pub fn write(
    format: &impl Format,
    text: &str,
    credentials: &Credentials,
    change: impl Fn(&str, Field, Option<&str>) -> Result<String, FormatError>,
) -> Result<String, FormatError> {
    check(credentials)?;
    let mut new = text.to_owned();
    let before = format.read(text)?;
    refuse_two_kinds(&before, credentials)?;
    let relevant = relevant(&before.credentials, credentials);
    for (field, value) in changes(&before.credentials, credentials, &relevant) {
        new = change(&new, field, value)?;
    }
    match changes(&format.read(&new)?.credentials, credentials, &relevant).first() {
        None => Ok(new),
        // Whatever went wrong, the old file stays.
        Some((field, _)) => Err(FormatError::new(format!("the {} would not read back as it was meant", field.name()))),
    }
}

/// Refuses a service account beside a user's active credential, which a library would go on using.
pub fn refuse_two_kinds(before: &Contents, credentials: &Credentials) -> Result<(), FormatError> {
    match (&before.user_at, credentials.service_account()) {
        (Some((line, _)), Some(_)) => {
            Err(FormatError::at(*line, "a user's credential is active here")
                .hint("add `--replace-kind` to comment it out"))
        }
        _ => Ok(()),
    }
}

/// Refuses what would not be read back from any file: an empty value, or one with a control character or a placeholder's look.
fn check(credentials: &Credentials) -> Result<(), FormatError> {
    for field in Field::ALL {
        let Some(value) = field.get(credentials) else { continue };
        let reason = match value {
            _ if value.is_empty() => "is empty",
            _ if value.contains(char::is_control) => "holds a control character",
            _ if is_placeholder(value) => "is a placeholder",
            _ => continue,
        };
        return Err(FormatError::new(format!("the {} to write {reason}", field.name())));
    }
    Ok(())
}

/// The fields in which the two records differ, with the text to write, or `None` where the line goes.
fn changes<'c>(
    from: &Credentials,
    to: &'c Credentials,
    relevant: impl Fn(Field) -> bool,
) -> Vec<(Field, Option<&'c str>)> {
    let pairs = Field::ALL.into_iter().filter(|field| relevant(*field)).map(|field| (field, field.get(to)));
    pairs.filter(|(field, value)| field.get(from) != *value).collect()
}

/// A key from a file as a note names it; a note goes to the terminal, so it takes plain names only.
pub fn shown(key: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte);
    if key.len() <= 80 && key.bytes().all(is_plain) { format!("`{key}`") } else { "a key".to_owned() }
}
