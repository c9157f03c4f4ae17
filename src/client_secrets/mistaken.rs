//! What people give in place of a client-secrets file, told by its shape and never by quoting it.

use crate::strict_json::{Object, Unfit};

/// A text that is no JSON at all.
pub fn text(text: &str) -> Option<Unfit> {
    let text = text.trim();
    let one_word = !text.contains(char::is_whitespace);
    let what = match text {
        "" => return Some(Unfit::new("is empty")),
        _ if text.starts_with('<') && text.contains("<plist") => "is the property list of an iOS client",
        _ if text.starts_with('<') => "is a web page or XML",
        _ if text.starts_with("-----BEGIN") => "is a key or a certificate",
        _ if one_word && text.starts_with("AIza") => "is an API key",
        _ if one_word && text.starts_with("GOCSPX-") => "is a client secret alone",
        _ if one_word && text.ends_with(".apps.googleusercontent.com") => "is a client id alone",
        _ if one_word && (text.starts_with("1//") || text.starts_with("ya29.")) => "is a token",
        _ => return None,
    };
    Some(not_ours(what))
}

/// An object with neither of the two sections.
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
        _ => return Unfit::new("has neither `installed` nor `web`, so it describes no client that can log in here"),
    })
}

fn not_ours(what: &str) -> Unfit {
    Unfit::new(format!("{what}, not a client-secrets file"))
}

/// Whether a value only stands for one: `INSERT_…`, `YOUR_…`, `<…>`, or the stars that the console shows later.
pub fn is_placeholder(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    ["insert_", "your_", "your-", "<", "***", "xxxx", "..."].iter().any(|start| value.starts_with(start))
}
