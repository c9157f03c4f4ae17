//! Recognizes what a value looks like, whatever field it is in.
//!
//! One table serves every field of every format, client-secrets files and typed values. The form of a value shows its
//! kind; the value is never quoted. Google may change the form of the right kind, so a value of unknown form is
//! accepted.

use std::fmt;

/// The kind of value that a text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    ClientId,
    ClientSecret,
    RefreshToken,
    AccessToken,
    AuthorizationCode,
    /// An authorization code or a refresh token in URL encoding.
    PercentEncoded,
    ApiKey,
    /// A value that includes quotes.
    Quoted,
    Url,
    Json,
    Pem,
    /// Masked output of this program.
    Masked,
    /// Text in place of a value: `INSERT_…`, `YOUR_…`, `<token>`, `changeme`.
    Placeholder,
    /// The name of a secret in a secret manager.
    SecretReference,
    /// A variable that was not expanded: `${TOKEN}`.
    Variable,
    /// Text with spaces or characters that no such value has.
    Unprintable,
}

/// Returns what the text looks like; `None` if it is not recognized.
pub fn of(text: &str) -> Option<ValueKind> {
    let starts = |beginnings: &[&str]| beginnings.iter().any(|beginning| text.starts_with(beginning));
    Some(match text {
        _ if is_masked(text) => ValueKind::Masked,
        _ if is_secret_reference(text) => ValueKind::SecretReference,
        _ if is_variable(text) => ValueKind::Variable,
        _ if is_placeholder(text) => ValueKind::Placeholder,
        _ if starts(&["-----BEGIN"]) => ValueKind::Pem,
        _ if starts(&["{", "["]) => ValueKind::Json,
        _ if starts(&["http://", "https://", "www."]) => ValueKind::Url,
        _ if text.starts_with(QUOTES) || text.ends_with(QUOTES) && text.matches(QUOTES).count() == 1 => {
            ValueKind::Quoted
        }
        _ if text.chars().any(|char| !char.is_ascii_graphic()) => ValueKind::Unprintable,
        _ if starts(&["4%2F", "4%2f", "1%2F%2F", "1%2f%2f"]) => ValueKind::PercentEncoded,
        _ if starts(&["4/"]) => ValueKind::AuthorizationCode,
        _ if starts(&["ya29."]) => ValueKind::AccessToken,
        _ if starts(&["AIza"]) => ValueKind::ApiKey,
        _ if starts(&["1//"]) => ValueKind::RefreshToken,
        _ if starts(&["GOCSPX-"]) => ValueKind::ClientSecret,
        _ if text.ends_with(".apps.googleusercontent.com") => ValueKind::ClientId,
        _ => return None,
    })
}

const QUOTES: [char; 8] = ['"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}', '\u{201e}'];

/// `********-7328f92e`, as `show` prints a secret.
fn is_masked(text: &str) -> bool {
    let fingerprint = text.strip_prefix("********-").unwrap_or_default();
    fingerprint.len() == 8 && fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit()) || text.ends_with("[redacted]")
}

/// Whether a secret manager or a configuration tool would replace the text by a secret.
fn is_secret_reference(text: &str) -> bool {
    let beginnings = ["op://", "vault:", "secret://", "awssm://", "gcpsm://", "sm://", "arn:aws:", "ref+", "keyring:"];
    let is_cloud_path = text.starts_with("projects/") && text.contains("/secrets/");
    beginnings.iter().any(|beginning| text.starts_with(beginning)) || is_cloud_path || text.contains("vault.azure.net")
}

fn is_variable(text: &str) -> bool {
    let inner = |start, end| text.strip_prefix(start).is_some_and(|rest: &str| rest.ends_with(end));
    let shell = text.strip_prefix('$').is_some_and(|name| {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        !name.is_empty() && name.bytes().all(word) && !name.as_bytes()[0].is_ascii_digit()
    });
    shell || inner("${", "}") || inner("$(", ")") || inner("{{", "}}") || inner("<%", "%>") || inner("%(", ")s")
}

/// Whether the text was meant to be replaced.
pub fn is_placeholder(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let beginnings = ["insert_", "insert-", "your_", "your-", "your ", "my_", "<", "***", "xxx", "..."];
    let words =
        ["changeme", "change_me", "change-me", "todo", "tbd", "none", "null", "nil", "undefined", "placeholder"];
    beginnings.iter().any(|beginning| lower.starts_with(beginning)) || words.contains(&lower.as_str())
}

impl ValueKind {
    /// Whether the text only stands for a value.
    pub fn is_stand_in(self) -> bool {
        matches!(self, ValueKind::Placeholder | ValueKind::Variable | ValueKind::SecretReference | ValueKind::Masked)
    }
}

impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ValueKind::ClientId => "a client ID",
            ValueKind::ClientSecret => "a client secret",
            ValueKind::RefreshToken => "a refresh token",
            ValueKind::AccessToken => "an access token, which expires after an hour",
            ValueKind::AuthorizationCode => "an authorization code, which works once and for a few minutes",
            ValueKind::PercentEncoded => "a code or token as a URL spells it, percent-encoded",
            ValueKind::ApiKey => "an API key",
            ValueKind::Quoted => "in quotes that are part of the value",
            ValueKind::Url => "a URL",
            ValueKind::Json => "a JSON document",
            ValueKind::Pem => "a key or a certificate",
            ValueKind::Masked => "masked output of gads-creds, not the value itself",
            ValueKind::Placeholder => "a placeholder",
            ValueKind::SecretReference => "the name of a secret in a secret manager, which no client library looks up",
            ValueKind::Variable => "a variable that was not expanded",
            ValueKind::Unprintable => "text with spaces or characters that it cannot have",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ValueKind, of};

    #[test]
    fn the_form_of_a_value_shows_its_kind() {
        for (text, kind) in [
            ("4/0AX4XfWh-code", ValueKind::AuthorizationCode),
            ("4%2F0AX4XfWh-code", ValueKind::PercentEncoded),
            ("1%2F%2F0gabc", ValueKind::PercentEncoded),
            ("ya29.a0abc", ValueKind::AccessToken),
            ("\u{201c}1//0gabc\u{201d}", ValueKind::Quoted),
            ("\"1//0gabc\"", ValueKind::Quoted),
            ("GOCSPX-abc", ValueKind::ClientSecret),
            ("1-a.apps.googleusercontent.com", ValueKind::ClientId),
            ("AIzaSyabc", ValueKind::ApiKey),
            ("https://accounts.google.com/o/oauth2/auth?x", ValueKind::Url),
            ("-----BEGIN PRIVATE KEY-----", ValueKind::Pem),
            ("********-7328f92e", ValueKind::Masked),
            ("CHANGEME", ValueKind::Placeholder),
            ("YOUR_REFRESH_TOKEN", ValueKind::Placeholder),
            ("<token>", ValueKind::Placeholder),
            ("None", ValueKind::Placeholder),
            ("xxxx", ValueKind::Placeholder),
            ("INSERT_REFRESH_TOKEN_HERE", ValueKind::Placeholder),
            ("${GOOGLE_ADS_REFRESH_TOKEN}", ValueKind::Variable),
            ("$REFRESH_TOKEN", ValueKind::Variable),
            ("{{ token }}", ValueKind::Variable),
            ("op://vault/item/field", ValueKind::SecretReference),
            ("projects/p/secrets/s/versions/1", ValueKind::SecretReference),
            ("1//0g abc", ValueKind::Unprintable),
            ("{\"installed\":{}}", ValueKind::Json),
            ("1//0gabc", ValueKind::RefreshToken),
        ] {
            assert_eq!(of(text), Some(kind), "{text}");
        }
        for text in ["", "abc", "a-developer-token", "s3cr3t$1", "5/x"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
