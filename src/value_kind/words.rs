//! The words for the kinds of values.

use std::fmt;

use super::ValueKind;

/// A text that follows `is`.
impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ValueKind::ClientId => "a client ID",
            ValueKind::ClientSecret => "a client secret",
            ValueKind::RefreshToken => "a refresh token",
            ValueKind::AccessToken => "an access token, which expires after an hour",
            ValueKind::AuthorizationCode => "an authorization code, which works once and for a few minutes",
            ValueKind::PercentEncoded => "a code or token as a URL spells it, percent-encoded",
            ValueKind::Base64 => "in base64, as Kubernetes keeps it, and not decoded",
            ValueKind::ApiKey => "an API key",
            ValueKind::Quoted => "in quotes that are part of the value",
            ValueKind::Url => "a URL",
            ValueKind::Json => "a JSON document",
            ValueKind::Pem => "a key or a certificate",
            ValueKind::Masked => "masked output of gads-creds, not the value itself",
            ValueKind::Placeholder => "a placeholder",
            ValueKind::SecretReference => "the name of a secret in a secret manager, which no client library looks up",
            ValueKind::Encrypted => "an encrypted value, which no client library decrypts",
            ValueKind::Variable => "a variable that was not expanded",
            ValueKind::FilePath => "the path of a file, not what is in that file",
            ValueKind::Shortened => "a value that was cut off",
            ValueKind::Escaped => "as HTML or JSON escapes it, and not unescaped",
            ValueKind::Bearer => "a value with `Bearer` before it",
            ValueKind::WithKey => "a value with its key before it",
            ValueKind::Enclosed => "a value with a bracket, a comma or another sign that is not a part of it",
            ValueKind::Twice => "a value that is written twice",
            ValueKind::Email => "an e-mail address",
            ValueKind::Jwt => "a JSON Web Token, such as an ID token",
            ValueKind::Uuid => "a UUID",
            ValueKind::Number => "a number",
            ValueKind::OtherService => "a token or a key of another service",
            ValueKind::Unprintable => "text with spaces or characters that it cannot have",
        })
    }
}
