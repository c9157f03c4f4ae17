//! The fields of a credential, for formats that go through them by a table of keys.
//!
//! What makes a value unusable to every library alike is decided here: a leftover placeholder, an empty text, a control
//! character, a customer id that is not ten digits. So is that an edit field by field is proved.

use crate::credentials::{Credentials, CustomerId};
use crate::format::diagnostic::IfEmpty;
use crate::format::{Contents, Diagnostic, DiagnosticCode, Format, FormatError, is_placeholder};
use crate::secret::Secret;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    DeveloperToken,
    ClientId,
    ClientSecret,
    RefreshToken,
    LoginCustomerId,
    LinkedCustomerId,
}

impl Field {
    /// Every field, in the order in which a new file has them.
    pub const ALL: [Field; 6] = [
        Field::DeveloperToken,
        Field::ClientId,
        Field::ClientSecret,
        Field::RefreshToken,
        Field::LoginCustomerId,
        Field::LinkedCustomerId,
    ];

    /// The text to write for this field.
    pub fn of(self, credentials: &Credentials) -> Option<&str> {
        match self {
            Field::DeveloperToken => credentials.developer_token.as_ref().map(Secret::expose),
            Field::ClientId => credentials.client_id.as_deref(),
            Field::ClientSecret => credentials.client_secret.as_ref().map(Secret::expose),
            Field::RefreshToken => credentials.refresh_token.as_ref().map(Secret::expose),
            Field::LoginCustomerId => credentials.login_customer_id.as_ref().map(CustomerId::as_str),
            Field::LinkedCustomerId => credentials.linked_customer_id.as_ref().map(CustomerId::as_str),
        }
    }

    /// The name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Field::DeveloperToken => "developer token",
            Field::ClientId => "client id",
            Field::ClientSecret => "client secret",
            Field::RefreshToken => "refresh token",
            Field::LoginCustomerId => "login customer id",
            Field::LinkedCustomerId => "linked customer id",
        }
    }

    /// The key of the Python library's file.
    pub fn key(self) -> &'static str {
        match self {
            Field::DeveloperToken => "developer_token",
            Field::ClientId => "client_id",
            Field::ClientSecret => "client_secret",
            Field::RefreshToken => "refresh_token",
            Field::LoginCustomerId => "login_customer_id",
            Field::LinkedCustomerId => "linked_customer_id",
        }
    }

    /// Takes what a file says for this field over, or diagnostics why it is no value.
    pub fn take(self, contents: &mut Contents, line: usize, key: &str, value: &str) {
        let credentials = &mut contents.credentials;
        let code = match self {
            _ if is_placeholder(value) => DiagnosticCode::Placeholder,
            // Google refuses a developer-token header without a value, and takes a request without that header.
            Field::DeveloperToken if value.is_empty() => DiagnosticCode::Empty(IfEmpty::GoogleRefuses),
            _ if value.is_empty() => DiagnosticCode::Empty(IfEmpty::Ignored),
            _ if value.contains(char::is_control) => DiagnosticCode::ControlCharacter,
            Field::DeveloperToken => return credentials.developer_token = Some(Secret::new(value)),
            Field::ClientId => return credentials.client_id = Some(value.to_owned()),
            Field::ClientSecret => return credentials.client_secret = Some(Secret::new(value)),
            Field::RefreshToken => return credentials.refresh_token = Some(Secret::new(value)),
            Field::LoginCustomerId | Field::LinkedCustomerId => match CustomerId::exact(value) {
                None => DiagnosticCode::NotTenDigits,
                id if self == Field::LoginCustomerId => return credentials.login_customer_id = id,
                id => return credentials.linked_customer_id = id,
            },
        };
        contents.diagnostics.push(Diagnostic::new(line, key, Some(self), code));
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
    for (field, value) in changes(&format.read(text)?.credentials, credentials) {
        new = change(&new, field, value)?;
    }
    match changes(&format.read(&new)?.credentials, credentials).first() {
        None => Ok(new),
        // Whatever went wrong, the old file stays.
        Some((field, _)) => Err(FormatError::new(format!("the {} would not read back as it was meant", field.name()))),
    }
}

/// Refuses what would not be read back from any file: an empty value, or one with a control character or a placeholder's look.
fn check(credentials: &Credentials) -> Result<(), FormatError> {
    for field in Field::ALL {
        let Some(value) = field.of(credentials) else { continue };
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
fn changes<'c>(from: &Credentials, to: &'c Credentials) -> Vec<(Field, Option<&'c str>)> {
    let pairs = Field::ALL.into_iter().map(|field| (field, field.of(to)));
    pairs.filter(|(field, value)| field.of(from) != *value).collect()
}

/// A key from a file as a note names it; a note goes to the terminal, so it takes plain names only.
pub fn shown(key: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte);
    if key.len() <= 80 && key.bytes().all(is_plain) { format!("`{key}`") } else { "a key".to_owned() }
}
