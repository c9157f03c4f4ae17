//! Credentials as they may be shown.
//!
//! This is a separate type that no store accepts: a mask cannot end up in a file in place of the value.

use serde_json::Value;

use crate::credentials::{Credentials, Field, Identity, Key};
use crate::format::{Format, FormatError};
use crate::secret::Secret;
use crate::term;

/// This many characters of a secret in another field mean that the secret is in the wrong place.
const MIN_REPEATED: usize = 12;

pub struct Shown(Credentials);

impl Shown {
    /// The credentials themselves: the user asked to see the secrets.
    pub fn whole(credentials: &Credentials) -> Shown {
        Shown(credentials.clone())
    }

    /// The credentials with every secret masked. In the other fields too, where a value looks like a secret or repeats one.
    pub fn masked(credentials: &Credentials) -> Shown {
        let mut shown = credentials.clone();
        for field in Field::ALL {
            if let Some(value) = field.get(credentials) {
                let mask = match field {
                    _ if field.is_secret() => Secret::new(value).mask(),
                    _ if repeats_secret(value, credentials) => Secret::new(value).mask(),
                    Field::KeyFile => term::masked_path(value.as_ref()).into_owned(),
                    _ => term::masked(value).into_owned(),
                };
                field.set(&mut shown, Some(&mask));
            }
        }
        if let Some(Identity::ServiceAccount(account)) = &mut shown.identity
            && let Key::Document(document) = &mut account.key
        {
            *document = Secret::new(without_private_key(document));
        }
        Shown(shown)
    }

    /// The value as it may be shown.
    pub fn get(&self, field: Field) -> Option<&str> {
        field.get(&self.0)
    }

    /// A new file of this format with these values.
    pub fn file(&self, format: &dyn Format) -> Result<String, FormatError> {
        format.new_file(&self.0)
    }
}

/// Whether the value contains a secret of the credentials.
fn repeats_secret(value: &str, credentials: &Credentials) -> bool {
    let secrets = Field::ALL.into_iter().filter(|field| field.is_secret()).filter_map(|field| field.get(credentials));
    // As a whole: a client ID and its secret may have a few characters in common.
    secrets
        .into_iter()
        .any(|secret| secret.len() >= MIN_REPEATED && term::repeats(value, std::iter::once(secret), secret.len()))
}

/// A service account's key without its private part; a text that is not one is masked as a whole.
fn without_private_key(document: &Secret) -> String {
    let Ok(Value::Object(mut members)) = serde_json::from_str(document.expose()) else { return document.mask() };
    for (name, member) in &mut members {
        match member {
            Value::String(text) if name == "private_key" => *text = Secret::new(&**text).mask(),
            Value::String(text) => *text = term::masked(text).into_owned(),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
            // A key has no such members.
            Value::Array(_) | Value::Object(_) => *member = Value::Null,
        }
    }
    serde_json::to_string_pretty(&Value::Object(members)).unwrap_or_default() + "\n"
}
