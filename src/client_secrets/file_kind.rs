//! Recognizes what a file given in place of a client-secrets file is, by its shape. Nothing in it is quoted.

use crate::client_secrets::CREATE;
use crate::strict_json::{Json, Object, Unfit};
use crate::syntax_cause;
use crate::value_kind::{self, ValueKind};

/// Recognizes a text that is not JSON, if possible.
pub fn text(text: &str) -> Option<Unfit> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Unfit::new("is empty"));
    }
    if text.starts_with('<') && syntax_cause::marker(text.lines().next().unwrap_or_default()).is_none() {
        let is_plist = text.contains("<plist");
        return Some(not_ours(if is_plist { "is the property list of an iOS client" } else { "is a web page or XML" }));
    }
    if is_base64_of_object(text) {
        return Some(Unfit::new("is in base64").hint("decode it first: `base64 -d FILE > client_secret.json`"));
    }
    if is_yaml(text) {
        return Some(Unfit::new("is YAML, not JSON").hint(
            "give the JSON as it was downloaded; credentials in a library's file are used with \
             `gads-creds login --config FILE`",
        ));
    }
    if is_settings(text) {
        return Some(Unfit::new("has lines of `key=value`, not JSON").hint(
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

/// Whether the first line that is neither a comment nor a heading sets a key.
fn is_settings(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';', '[']));
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_.".contains(&byte);
    let key = lines.next().and_then(|line| line.split_once('=')).map(|(key, _)| key.trim());
    key.is_some_and(|key| {
        let key = key.strip_prefix("export ").unwrap_or(key);
        key.len() > 3 && key.bytes().all(is_name) && !text.trim_start().starts_with('{')
    })
}

/// What an object has in place of this member: one of nearly the same name, or the client in an object of its own.
pub fn without(object: &Object, key: &str) -> Option<Unfit> {
    let plain = |name: &str| {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|char| char.to_ascii_lowercase()).collect::<String>()
    };
    let is_near = |name: &str| name != key && strsim::osa_distance(&plain(name), &plain(key)) < 2;
    if object.has("installed") || object.has("web") {
        return Some(
            Unfit::new("has its client one level too deep").hint(format!("remove the outer object, or {AGAIN}")),
        );
    }
    let is_there = object.members().any(|(name, _)| is_near(name));
    is_there.then(|| {
        Unfit::new(format!("has `{key}` in another spelling")).hint(format!("write it as `{key}`, or {AGAIN}"))
    })
}

const AGAIN: &str = "download the client's JSON at https://console.cloud.google.com/auth/clients and use it unchanged";

/// Recognizes an object that has neither of the two sections. `file` is its path in commands.
pub fn object(object: &Object, file: &str) -> Unfit {
    let kind = object.text("type").ok().flatten();
    if kind == Some("authorized_user") {
        return not_ours("holds a user's credentials, as gcloud makes them")
            .hint(format!("it holds a refresh token already: use it with `--config {file} --format adc`"));
    }
    let has = |key| object.has(key);
    not_ours(match kind {
        Some("service_account") => {
            return not_ours("is the key of a service account")
                .hint(format!("log in with it: `gads-creds login --key-file {file}`"));
        }
        Some("impersonated_service_account") => "holds credentials of an impersonated service account",
        Some("external_account" | "external_account_authorized_user") => "is a configuration of workload identity",
        _ if has("private_key") => "holds a private key",
        _ if has("project_info") && has("client") => "is the `google-services.json` of an Android app",
        _ if has("keyString") || has("apiKey") || has("api_key") => "holds an API key",
        _ if has("refresh_token") || has("access_token") => "holds tokens",
        _ if object.members().any(|(_, value)| holds(value, &["installed", "web"])) => {
            return Unfit::new("has its client one level too deep")
                .hint(format!("remove the outer object, or {AGAIN}"));
        }
        _ if object.members().any(|(_, value)| holds(value, &["client_id"])) => {
            return Unfit::new("has its client under another name than `installed` or `web`")
                .hint(format!("rename it to `installed` for a desktop app or to `web`, or {AGAIN}"));
        }
        _ if has("client_id") => {
            return Unfit::new("holds a client outside of `installed` or `web`, so its type is not known");
        }
        _ => {
            return Unfit::new("has neither `installed` nor `web`, so it describes no client that can log in here")
                .hint(CREATE);
        }
    })
}

/// Whether a value is an object with one of these members.
fn holds(value: &Json, keys: &[&str]) -> bool {
    matches!(value, Json::Object(object) if keys.iter().any(|key| object.has(key)))
}

fn not_ours(what: &str) -> Unfit {
    Unfit::new(format!("{what}, not a client-secrets file")).hint(CREATE)
}
