//! Recognizes what a value looks like, whatever field it is in.
//!
//! One table serves every field of every format, client-secrets files and typed values. The form of a value shows its
//! kind; the value is never quoted. Google may change the form of the right kind, so a value of unknown form is
//! accepted.

mod damaged;
mod foreign;
mod placeholder;
mod words;

use placeholder::is_no_value;
pub use placeholder::{is_placeholder, is_sample};

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
    /// A token or a client secret as Kubernetes keeps it.
    Base64,
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
    /// What a tool like sops or Ansible Vault makes of a value.
    Encrypted,
    /// A variable that was not expanded: `${TOKEN}`.
    Variable,
    /// The path of a file that holds the value.
    FilePath,
    /// A value that was cut off: `1//0gab...`.
    Shortened,
    /// A value as HTML or JSON escapes it.
    Escaped,
    /// `Bearer` and a value.
    Bearer,
    /// `refresh_token=…`: a value with its key.
    WithKey,
    /// A value in brackets, or with a comma, a semicolon or a backslash after it.
    Enclosed,
    /// A value pasted twice.
    Twice,
    Email,
    /// A token of OpenID Connect, or another JSON Web Token.
    Jwt,
    Uuid,
    /// Digits alone: a customer ID, a project number.
    Number,
    /// A token or a key of another service than Google's.
    OtherService,
    /// Text with spaces or characters that no such value has.
    Unprintable,
}

/// Returns what the text looks like; `None` if it is not recognized.
pub fn of(text: &str) -> Option<ValueKind> {
    let starts = |beginnings: &[&str]| beginnings.iter().any(|beginning| text.starts_with(beginning));
    Some(match text {
        // A whole document, in which nothing else is looked for.
        _ if text.len() > LONGEST => match text {
            _ if starts(&["-----BEGIN"]) => ValueKind::Pem,
            _ if starts(&["{", "["]) => ValueKind::Json,
            _ => return None,
        },
        _ if is_masked(text) => ValueKind::Masked,
        _ if starts(&["ENC[", "$ANSIBLE_VAULT", "!vault", "age-encryption.org", "AQICAH"]) => ValueKind::Encrypted,
        _ if is_secret_reference(text) => ValueKind::SecretReference,
        _ if is_variable(text) => ValueKind::Variable,
        _ if is_placeholder(text) || is_no_value(text) => ValueKind::Placeholder,
        _ if starts(&["-----BEGIN"]) => ValueKind::Pem,
        _ if starts(&["{", "["]) => ValueKind::Json,
        _ if starts(&["http://", "https://", "www."]) => ValueKind::Url,
        _ if is_path(text) => ValueKind::FilePath,
        _ if text.starts_with(QUOTES) || text.ends_with(QUOTES) && text.matches(QUOTES).count() == 1 => {
            ValueKind::Quoted
        }
        _ if text.len() > 3 && (text.ends_with("...") || text.ends_with('\u{2026}')) => ValueKind::Shortened,
        _ => return damaged::of(text).or_else(|| of_one_word(text)),
    })
}

/// Returns what a text without anything around it looks like.
fn of_one_word(text: &str) -> Option<ValueKind> {
    let starts = |beginnings: &[&str]| beginnings.iter().any(|beginning| text.starts_with(beginning));
    Some(match text {
        _ if text.chars().any(|char| !char.is_ascii_graphic()) => ValueKind::Unprintable,
        _ if starts(&["4%2F", "4%2f", "1%2F%2F", "1%2f%2f"]) => ValueKind::PercentEncoded,
        _ if starts(&["4/"]) => ValueKind::AuthorizationCode,
        _ if starts(&["ya29."]) => ValueKind::AccessToken,
        _ if starts(&["AIza"]) => ValueKind::ApiKey,
        _ if starts(&["1//"]) => ValueKind::RefreshToken,
        _ if starts(&["GOCSPX-"]) => ValueKind::ClientSecret,
        // `1//0` and `GOCSPX-` in base64.
        _ if starts(&["MS8vM", "R09DU1BYL"]) => ValueKind::Base64,
        _ if text.ends_with(CLIENT_ID_END) => ValueKind::ClientId,
        _ => return foreign::of(text),
    })
}

/// Whether a text can be a refresh token of Google's by its beginning. Another one is still shown to Google, which may change
/// the form.
pub fn begins_like_a_refresh_token(text: &str) -> bool {
    text.starts_with("1/")
}

/// More than the longest value.
const LONGEST: usize = 4096;
const QUOTES: [char; 8] = ['"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}', '\u{201e}'];
const CLIENT_ID_END: &str = ".apps.googleusercontent.com";

/// `********-7328f92e`, as `show` prints a secret.
fn is_masked(text: &str) -> bool {
    let fingerprint = text.strip_prefix("********-").unwrap_or_default();
    fingerprint.len() == 8 && fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit()) || text.ends_with("[redacted]")
}

/// Whether a secret manager or a configuration tool would replace the text by a secret.
fn is_secret_reference(text: &str) -> bool {
    let beginnings = [
        "op://",
        "vault:",
        "bao:",
        "secret://",
        "awssm:",
        "aws-sm:",
        "ssm:",
        "ssm://",
        "gcpsm:",
        "gcp-sm:",
        "sm://",
        "arn:aws",
        "ref+",
        "keyring:",
        "keychain:",
        "akv:",
        "akvs:",
        "pass:",
        "doppler:",
        "doppler://",
        "infisical:",
        "bw:",
        "bitwarden:",
        "@Microsoft.KeyVault",
        "secretmanager:",
        "sops:",
        "berglas://",
        "{{resolve:",
    ];
    let is_cloud_path = text.starts_with("projects/") && text.contains("/secrets/");
    beginnings.iter().any(|beginning| text.starts_with(beginning)) || is_cloud_path || text.contains("vault.azure.net")
}

fn is_variable(text: &str) -> bool {
    let inner = |start, end| {
        text.strip_prefix(start).and_then(|rest: &str| rest.strip_suffix(end)).is_some_and(|name| !name.is_empty())
    };
    let named = |start, end| inner(start, end) && is_name(&text[1..text.len() - 1]);
    let shell = text.strip_prefix('$').is_some_and(|name| is_name(name.strip_prefix("env:").unwrap_or(name)));
    let code =
        ["process.env", "os.environ", "os.getenv", "ENV[", "ENV.fetch", "env(", "getenv(", "System.getenv", "!ENV"];
    shell
        || inner("${", "}")
        || inner("$(", ")")
        || inner("{{", "}}")
        || inner("<%", "%>")
        || inner("%(", ")s")
        || inner("#{", "}")
        || inner("#{", "}#")
        || named("%", "%")
        || named("@", "@")
        || code.iter().any(|code| text.starts_with(code))
}

fn is_name(text: &str) -> bool {
    let first = text.bytes().next();
    first.is_some_and(|byte| !byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Where containers mount secrets, and what else only a path begins with. Tokens of Google's have `/` further on.
fn is_path(text: &str) -> bool {
    let is_drive = matches!(text.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    is_drive || ["/", "./", "../", "~/", "file:", "gs://", "s3://"].iter().any(|beginning| text.starts_with(beginning))
}

impl ValueKind {
    /// Whether the text only stands for a value.
    pub fn is_stand_in(self) -> bool {
        matches!(
            self,
            ValueKind::Placeholder
                | ValueKind::Variable
                | ValueKind::SecretReference
                | ValueKind::Encrypted
                | ValueKind::FilePath
                | ValueKind::Masked
        )
    }

    /// Whether the text is a credential of Google's, of whatever kind.
    pub fn is_of_google(self) -> bool {
        matches!(
            self,
            ValueKind::ClientId
                | ValueKind::ClientSecret
                | ValueKind::RefreshToken
                | ValueKind::AccessToken
                | ValueKind::AuthorizationCode
                | ValueKind::PercentEncoded
                | ValueKind::Base64
                | ValueKind::ApiKey
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{ValueKind, of};

    /// A developer token or an older client secret is random: letters, digits, `_` and `-`.
    #[test]
    fn random_values_that_begin_like_a_placeholder_are_values() {
        for text in [
            "my_Zq3fX9vK2LmT8wRb1dNc",
            "your-8fJq2LmT8wRb1dNcXq",
            "xxxq3fX9vK2LmT8wRb1dNc",
            "<q3fX9vK2LmT8wRb1dNc",
            "todo3fX9vK2LmT8wRb1dNc",
            "none-3fX9vK2LmT8wRb1dN",
            "insert_9vK2LmT8wRb1dNc",
            "_my_Zq3fX9vK2LmT8wRb1d",
            "__Zq3fX9vK2LmT8wRb1dNc",
            "the-9vK2LmT8wRb1dNcq3f",
            "a-planted-developer-token",
            "passq3fX9vK2LmT8wRb1dN",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

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
            ("XXX-XXX-XXXX", ValueKind::Placeholder),
            ("1//xxxxxxxxxxxx", ValueKind::Placeholder),
            ("GOCSPX-********", ValueKind::Placeholder),
            ("1234567890-xxxxxxxx.apps.googleusercontent.com", ValueKind::Placeholder),
            ("YOUR_CLIENT_ID.apps.googleusercontent.com", ValueKind::Placeholder),
            ("[your refresh token]", ValueKind::Placeholder),
            ("{refresh_token}", ValueKind::Placeholder),
            ("__REFRESH_TOKEN__", ValueKind::Placeholder),
            ("my-refresh-token", ValueKind::Placeholder),
            ("your_token_here", ValueKind::Placeholder),
            ("paste your token here", ValueKind::Placeholder),
            ("change-me", ValueKind::Placeholder),
            ("%REFRESH_TOKEN%", ValueKind::Variable),
            ("#{RefreshToken}#", ValueKind::Variable),
            ("${{ secrets.TOKEN }}", ValueKind::Variable),
            ("os.environ[\"TOKEN\"]", ValueKind::Variable),
            ("@Microsoft.KeyVault(SecretUri=x)", ValueKind::SecretReference),
            ("arn:aws:secretsmanager:eu-west-1:1:secret:x", ValueKind::SecretReference),
            ("ENC[AES256_GCM,data:x]", ValueKind::Encrypted),
            ("/run/secrets/refresh_token", ValueKind::FilePath),
            ("1//0gabcdef...", ValueKind::Shortened),
            ("MS8vMGdhYmM=", ValueKind::Base64),
            ("INSERT_REFRESH_TOKEN_HERE", ValueKind::Placeholder),
            ("${GOOGLE_ADS_REFRESH_TOKEN}", ValueKind::Variable),
            ("$REFRESH_TOKEN", ValueKind::Variable),
            ("{{ token }}", ValueKind::Variable),
            ("op://vault/item/field", ValueKind::SecretReference),
            ("projects/p/secrets/s/versions/1", ValueKind::SecretReference),
            ("1//0g abc", ValueKind::Unprintable),
            ("{\"installed\":{}}", ValueKind::Json),
            ("1//0gabc", ValueKind::RefreshToken),
            ("<1//0gabc>", ValueKind::Enclosed),
            ("1//0gabc,", ValueKind::Enclosed),
            ("GOCSPX-abc;", ValueKind::Enclosed),
            ("1//0gabc\\", ValueKind::Enclosed),
            ("refresh_token=1//0gabc", ValueKind::WithKey),
            ("Bearer 1//0gabc", ValueKind::Bearer),
            ("1//0gabcdefgh1//0gabcdefgh", ValueKind::Twice),
            ("1&#x2F;&#x2F;0gabc", ValueKind::Escaped),
            ("1\\/\\/0gabc", ValueKind::Escaped),
            ("someone@example.com", ValueKind::Email),
            ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", ValueKind::Jwt),
            ("0d4c5f0e-9f31-4f0e-8a77-1c2d3e4f5a6b", ValueKind::Uuid),
            ("123-456-7890", ValueKind::Number),
            ("0000000000", ValueKind::Number),
            ("ghp_abcdefghij", ValueKind::OtherService),
            ("AKIAIOSFODNN7EXAMPLE", ValueKind::OtherService),
            ("gs://bucket/token", ValueKind::FilePath),
            ("dummy", ValueKind::Placeholder),
            ("REDACTED", ValueKind::Placeholder),
        ] {
            assert_eq!(of(text), Some(kind), "{text}");
        }
        for text in ["", "abc", "a-developer-token", "s3cr3t$1", "5/x"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
