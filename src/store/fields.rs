//! The credentials as separate values with names, for a store that keeps each in an entry of its own.

use crate::credentials::{Credentials, Field, Identity, Key, ServiceAccount};
use crate::secret::Secret;
use crate::store::document::on_one_line;

/// The fields, in the order in which they are written. A store without files holds a service account's key itself.
const FIELDS: [Field; 7] = [
    Field::ClientId,
    Field::ClientSecret,
    Field::RefreshToken,
    Field::DeveloperToken,
    Field::LoginCustomerId,
    Field::LinkedCustomerId,
    Field::ImpersonatedEmail,
];

const KEY: &str = "service_account_key";

/// How many values there are.
pub const COUNT: usize = FIELDS.len() + 1;

/// The values, in the order of [`names`]; the IDs count as secrets so that nothing here can be printed by accident.
pub type Values = [Option<Secret>; COUNT];

/// The names of the values. The key comes first, since an impersonated email is only kept beside one.
pub fn names() -> [&'static str; COUNT] {
    let mut names = [KEY; COUNT];
    for (name, field) in names[1..].iter_mut().zip(FIELDS) {
        *name = field.key();
    }
    names
}

/// Takes the record apart.
pub fn values(credentials: &Credentials) -> Values {
    let mut values = Values::default();
    if let Some(ServiceAccount { key: Key::Document(document), .. }) = credentials.service_account() {
        // Without spaces and line breaks: an entry may have a limit.
        values[0] = Some(Secret::new(on_one_line(document.expose().trim_start_matches('\u{feff}'))));
    }
    for (value, field) in values[1..].iter_mut().zip(FIELDS) {
        *value = field.get(credentials).map(Secret::new);
    }
    values
}

/// Puts the record together; the error is the name of a value that is not a customer ID.
pub fn credentials(values: &Values) -> Result<Credentials, &'static str> {
    let mut credentials = Credentials::default();
    let [document, values @ ..] = values;
    for (value, field) in values.iter().zip(FIELDS) {
        // A field that is not there must not make the record another kind.
        if let Some(value) = value
            && !(document.is_some() && field.is_of_user())
        {
            if field == Field::ImpersonatedEmail {
                continue;
            }
            if !field.set(&mut credentials, Some(value.expose())) {
                return Err(field.key());
            }
        }
    }
    if let Some(document) = document {
        let impersonate = values[FIELDS.len() - 1].as_ref().map(|email| email.expose().to_owned());
        let key = Key::Document(document.clone());
        credentials.identity = Some(Identity::ServiceAccount(ServiceAccount { key, impersonate }));
    }
    Ok(credentials)
}
