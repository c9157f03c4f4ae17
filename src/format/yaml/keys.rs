//! The keys of google-ads.yaml.

use crate::credentials::Field;

/// The fields of the record, in the order in which a new file has them.
pub const FIELDS: [Field; 8] = [
    Field::ClientId,
    Field::ClientSecret,
    Field::RefreshToken,
    Field::KeyFile,
    Field::ImpersonatedEmail,
    Field::DeveloperToken,
    Field::LoginCustomerId,
    Field::LinkedCustomerId,
];
/// The key without which the library does not start.
pub const PROTO_PLUS: &str = "use_proto_plus";
/// Old names of keys that the library still reads where the new one is missing.
pub const ALIASES: [(Field, &str); 2] =
    [(Field::KeyFile, "path_to_private_key_file"), (Field::ImpersonatedEmail, "delegated_account")];
pub const DEFAULT_CREDENTIALS: &str = "use_application_default_credentials";

/// The field that this key sets, under its own name or an old one.
pub fn field(key: &str) -> Option<Field> {
    let own = FIELDS.into_iter().find(|field| field.key() == key);
    own.or_else(|| ALIASES.iter().find(|(_, alias)| *alias == key).map(|(field, _)| *field))
}

/// Whether the key is one that this program reads or edits.
pub fn is_known(key: &str) -> bool {
    field(key).is_some() || [PROTO_PLUS, DEFAULT_CREDENTIALS].contains(&key)
}
