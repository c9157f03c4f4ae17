//! The parts of the record, in one table: name, value as text, and how to parse a value.

use std::path::{Path, PathBuf};

use crate::credentials::{Credentials, CustomerId, Identity, Key, ServiceAccount, User};
use crate::secret::Secret;

/// One part of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    DeveloperToken,
    ClientId,
    ClientSecret,
    RefreshToken,
    /// The path of a service account's key.
    KeyFile,
    ImpersonatedEmail,
    LoginCustomerId,
    LinkedCustomerId,
}

impl Field {
    /// Every field, in the order of a new file.
    pub const ALL: [Field; 8] = [
        Field::DeveloperToken,
        Field::ClientId,
        Field::ClientSecret,
        Field::RefreshToken,
        Field::KeyFile,
        Field::ImpersonatedEmail,
        Field::LoginCustomerId,
        Field::LinkedCustomerId,
    ];

    /// What makes a user's credential complete.
    pub const OF_USER: [Field; 3] = [Field::ClientId, Field::ClientSecret, Field::RefreshToken];

    pub const OF_SERVICE_ACCOUNT: [Field; 2] = [Field::KeyFile, Field::ImpersonatedEmail];

    /// Returns the name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Field::DeveloperToken => "developer token",
            Field::ClientId => "client ID",
            Field::ClientSecret => "client secret",
            Field::RefreshToken => "refresh token",
            Field::KeyFile => "key file",
            Field::ImpersonatedEmail => "impersonated email",
            Field::LoginCustomerId => "login customer ID",
            Field::LinkedCustomerId => "linked customer ID",
        }
    }

    /// Returns the name in JSON, in a keychain and in the Python library's file.
    pub fn key(self) -> &'static str {
        match self {
            Field::DeveloperToken => "developer_token",
            Field::ClientId => "client_id",
            Field::ClientSecret => "client_secret",
            Field::RefreshToken => "refresh_token",
            Field::KeyFile => "json_key_file_path",
            Field::ImpersonatedEmail => "impersonated_email",
            Field::LoginCustomerId => "login_customer_id",
            Field::LinkedCustomerId => "linked_customer_id",
        }
    }

    pub fn is_of_user(self) -> bool {
        Field::OF_USER.contains(&self)
    }

    pub fn is_of_service_account(self) -> bool {
        Field::OF_SERVICE_ACCOUNT.contains(&self)
    }

    pub fn is_secret(self) -> bool {
        matches!(self, Field::DeveloperToken | Field::ClientSecret | Field::RefreshToken)
    }

    pub fn is_customer_id(self) -> bool {
        matches!(self, Field::LoginCustomerId | Field::LinkedCustomerId)
    }

    /// Returns the value as text. A key that is not a file, and a path that is not UTF-8, have none.
    pub fn get(self, credentials: &Credentials) -> Option<&str> {
        let account = credentials.service_account();
        match self {
            Field::DeveloperToken => credentials.developer_token.as_ref().map(Secret::expose),
            Field::ClientId => credentials.client_id(),
            Field::ClientSecret => credentials.client_secret().map(Secret::expose),
            Field::RefreshToken => credentials.refresh_token().map(Secret::expose),
            Field::KeyFile => match &account?.key {
                Key::File(path) => path.to_str(),
                Key::Document(_) => None,
            },
            Field::ImpersonatedEmail => account?.impersonate.as_deref(),
            Field::LoginCustomerId => credentials.login_customer_id.as_ref().map(CustomerId::as_str),
            Field::LinkedCustomerId => credentials.linked_customer_id.as_ref().map(CustomerId::as_str),
        }
    }

    /// Sets or removes the value. Returns whether it was valid: a customer ID must have ten digits.
    ///
    /// A field of a user makes the record a user's, a key file makes it a service account's; an impersonated email is
    /// only kept with a key.
    pub fn set(self, credentials: &mut Credentials, value: Option<&str>) -> bool {
        match self {
            Field::DeveloperToken | Field::ClientSecret | Field::RefreshToken => {
                self.set_secret(credentials, value.map(Secret::new));
            }
            Field::ClientId => {
                let value = value.map(str::to_owned);
                edit_user(credentials, value.is_some(), |user| user.client_id = value);
            }
            Field::KeyFile => match (value, &mut credentials.identity) {
                (Some(path), Some(Identity::ServiceAccount(account))) => account.key = Key::File(PathBuf::from(path)),
                (Some(path), identity) => {
                    let key = Key::File(Path::new(path).to_owned());
                    *identity = Some(Identity::ServiceAccount(ServiceAccount { key, impersonate: None }));
                }
                (None, identity @ Some(Identity::ServiceAccount(_))) => *identity = None,
                (None, _) => {}
            },
            Field::ImpersonatedEmail => {
                if let Some(Identity::ServiceAccount(account)) = &mut credentials.identity {
                    account.impersonate = value.map(str::to_owned);
                }
            }
            Field::LoginCustomerId | Field::LinkedCustomerId => {
                let id = value.and_then(CustomerId::exact);
                if value.is_some() && id.is_none() {
                    return false;
                }
                match self {
                    Field::LoginCustomerId => credentials.login_customer_id = id,
                    _ => credentials.linked_customer_id = id,
                }
            }
        }
        true
    }

    /// Sets or removes a secret, without a copy of its text.
    pub fn set_secret(self, credentials: &mut Credentials, value: Option<Secret>) {
        let is_some = value.is_some();
        match self {
            Field::DeveloperToken => credentials.developer_token = value,
            Field::ClientSecret => edit_user(credentials, is_some, |user| user.client_secret = value),
            Field::RefreshToken => edit_user(credentials, is_some, |user| user.refresh_token = value),
            _ => {}
        }
    }
}

/// Edits the user's part of the record. Setting a value makes the record a user's; removing one leaves a service
/// account unchanged, and a user without any part becomes `None`.
fn edit_user(credentials: &mut Credentials, is_some: bool, edit: impl FnOnce(&mut User)) {
    let mut user = match credentials.identity.take() {
        Some(Identity::User(user)) => user,
        Some(account) if !is_some => {
            credentials.identity = Some(account);
            return;
        }
        Some(Identity::ServiceAccount(_)) | None => User::default(),
    };
    edit(&mut user);
    credentials.identity = (user != User::default()).then_some(Identity::User(user));
}

#[cfg(test)]
mod tests {
    use super::Field;
    use crate::credentials::{Credentials, Identity};

    #[test]
    fn a_value_that_is_set_can_be_read_and_removed() {
        for field in Field::ALL {
            let mut credentials = Credentials::default();
            Field::KeyFile.set(&mut credentials, Some("/key.json").filter(|_| field.is_of_service_account()));
            assert!(field.set(&mut credentials, Some("1234567890")));
            assert_eq!(field.get(&credentials), Some("1234567890"), "{field:?}");
            assert!(field.set(&mut credentials, None));
            Field::KeyFile.set(&mut credentials, None);
            assert_eq!(credentials, Credentials::default(), "{field:?}");
        }
    }

    #[test]
    fn a_record_is_of_a_user_or_of_a_service_account() {
        let mut credentials = Credentials::default();
        Field::RefreshToken.set(&mut credentials, Some("1//0x"));
        Field::KeyFile.set(&mut credentials, Some("/key.json"));
        assert!(matches!(credentials.identity, Some(Identity::ServiceAccount(_))));
        Field::RefreshToken.set(&mut credentials, None);
        assert_eq!(Field::KeyFile.get(&credentials), Some("/key.json"));
        Field::ClientId.set(&mut credentials, Some("x"));
        assert_eq!(Field::KeyFile.get(&credentials), None);
    }
}
