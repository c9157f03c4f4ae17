//! The credentials as separate values with names, for a store that keeps each in an entry of its own.

use crate::credentials::{Credentials, CustomerId};
use crate::secret::Secret;

/// The names of the values, in the order in which they are written.
pub const FIELDS: [&str; 6] =
    ["client_id", "client_secret", "refresh_token", "developer_token", "login_customer_id", "linked_customer_id"];

/// The values, in the order of [`FIELDS`]; the ids count as secrets so that nothing here can be printed by accident.
pub type Values = [Option<Secret>; FIELDS.len()];

/// Takes the record apart.
pub fn values(credentials: &Credentials) -> Values {
    let customer_id = |id: &Option<CustomerId>| id.as_ref().map(|id| Secret::new(id.as_str()));
    [
        credentials.client_id.as_deref().map(Secret::new),
        credentials.client_secret.clone(),
        credentials.refresh_token.clone(),
        credentials.developer_token.clone(),
        customer_id(&credentials.login_customer_id),
        customer_id(&credentials.linked_customer_id),
    ]
}

/// Puts the record together; the error is the name of a value that is no customer id.
pub fn credentials(values: Values) -> Result<Credentials, &'static str> {
    let [client_id, client_secret, refresh_token, developer_token, login, linked] = values;
    let customer_id = |field, value: Option<Secret>| match value {
        None => Ok(None),
        Some(value) => CustomerId::exact(value.expose()).map(Some).ok_or(field),
    };
    Ok(Credentials {
        client_id: client_id.map(|id| id.expose().to_owned()),
        client_secret,
        refresh_token,
        developer_token,
        login_customer_id: customer_id("login_customer_id", login)?,
        linked_customer_id: customer_id("linked_customer_id", linked)?,
    })
}
