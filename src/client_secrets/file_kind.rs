//! Recognizes what a file given in place of a client-secrets file is, by its shape. Nothing in it is quoted.

use crate::client_secrets::CREATE;
use crate::strict_json::{Object, Unfit};
use crate::value_kind::{self, ValueKind};

/// Recognizes a text that is not JSON, if possible.
pub fn text(text: &str) -> Option<Unfit> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Unfit::new("is empty"));
    }
    if text.starts_with('<') {
        let is_plist = text.contains("<plist");
        return Some(not_ours(if is_plist { "is the property list of an iOS client" } else { "is a web page or XML" }));
    }
    if is_base64_of_object(text) {
        return Some(Unfit::new("is in base64").hint("decode it first: `base64 -d FILE > client_secret.json`"));
    }
    if is_yaml(text) {
        return Some(Unfit::new("is YAML, not JSON (line 1, column 1)").hint(
            "give the JSON as it was downloaded; credentials in a library's file are used with \
             `gads-creds login --config FILE`",
        ));
    }
    let what = match value_kind::of(text)? {
        ValueKind::Pem => "is a key or a certificate",
        ValueKind::ApiKey => "is an API key",
        ValueKind::ClientSecret => "is a client secret alone",
        ValueKind::ClientId => "is a client ID alone",
        ValueKind::RefreshToken | ValueKind::AccessToken => "is a token",
        ValueKind::AuthorizationCode => "is an authorization code",
        _ => return None,
    };
    Some(not_ours(what))
}

/// Whether the text is base64, on any number of lines, of a text that begins with `{`.
fn is_base64_of_object(text: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_=\r\n".contains(&byte);
    ["ew", "eyI", "eyJ"].iter().any(|start| text.starts_with(start)) && text.bytes().all(is_base64)
}

/// Whether each line that is not a comment is a key of YAML with or without a value, or belongs to one.
fn is_yaml(text: &str) -> bool {
    let is_key = |line: &str| {
        let key = line.split_once(':').map(|(key, _)| key.trim_matches(['"', '\'', ' ']));
        key.is_some_and(|key| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
    };
    let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).peekable();
    lines.peek().is_some() && lines.all(|line| line == "---" || is_key(line.trim_start_matches(['-', ' '])))
}

/// Recognizes an object that has neither of the two sections.
pub fn object(object: &Object) -> Unfit {
    let kind = object.text("type").ok().flatten();
    if kind == Some("authorized_user") {
        return not_ours("holds a user's credentials, as gcloud makes them")
            .hint("it holds a refresh token already: use it with `--config FILE --format adc`");
    }
    let has = |key| object.has(key);
    not_ours(match kind {
        Some("service_account") => {
            return not_ours("is the key of a service account")
                .hint("log in with it: `gads-creds login --key-file FILE`");
        }
        Some("impersonated_service_account") => "holds credentials of an impersonated service account",
        Some("external_account" | "external_account_authorized_user") => "is a configuration of workload identity",
        _ if has("private_key") => "holds a private key",
        _ if has("project_info") && has("client") => "is the `google-services.json` of an Android app",
        _ if has("keyString") || has("apiKey") || has("api_key") => "holds an API key",
        _ if has("refresh_token") || has("access_token") => "holds tokens",
        _ if has("client_id") => {
            return Unfit::new("holds a client outside of `installed` or `web`, so its type is not known");
        }
        _ => {
            return Unfit::new("has neither `installed` nor `web`, so it describes no client that can log in here")
                .hint(CREATE);
        }
    })
}

fn not_ours(what: &str) -> Unfit {
    Unfit::new(format!("{what}, not a client-secrets file")).hint(CREATE)
}
