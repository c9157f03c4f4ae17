//! The credentials as separate named values, for a store with one entry per value.

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

/// The number of values.
pub const COUNT: usize = FIELDS.len() + 1;

/// The values, in the order of [`names`]; the IDs count as secrets so that nothing here can be printed by accident.
pub type Values = [Option<Secret>; COUNT];

/// Returns the names of the values. The key comes first, since an impersonated email is only kept with one.
pub fn names() -> [&'static str; COUNT] {
    let mut names = [KEY; COUNT];
    for (name, field) in names[1..].iter_mut().zip(FIELDS) {
        *name = field.key();
    }
    names
}

/// Splits the record into values.
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

/// Builds the record; the error is the name of a value that is not a customer ID.
pub fn credentials(values: &Values) -> Result<Credentials, &'static str> {
    let mut credentials = Credentials::default();
    let [document, values @ ..] = values;
    for (value, field) in values.iter().zip(FIELDS) {
        if let Some(value) = value
            && !field.set(&mut credentials, Some(value.expose()))
        {
            return Err(field.key());
        }
    }
    // A key makes it a service account's, whatever is left of a user's.
    if let Some(document) = document {
        let impersonate = values[FIELDS.len() - 1].as_ref().map(|email| email.expose().to_owned());
        let key = Key::Document(document.clone());
        credentials.identity = Some(Identity::ServiceAccount(ServiceAccount { key, impersonate }));
    }
    Ok(credentials)
}
