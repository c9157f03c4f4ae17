//! Recognizes values that Google's consent never returns: addresses, numbers, the tokens of other services.

use super::ValueKind;

/// How the tokens and keys of other services begin.
const OTHER_SERVICES: [&str; 16] = [
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "glpat-",
    "AKIA",
    "ASIA",
    "xoxb-",
    "xoxp-",
    "xapp-",
    "sk-proj-",
    "sk-ant-",
    "sk_live_",
    "npm_",
    "hf_",
];

/// What the text is; `None` if it is not recognized.
pub fn of(text: &str) -> Option<ValueKind> {
    Some(match text {
        _ if is_email(text) => ValueKind::Email,
        _ if OTHER_SERVICES.iter().any(|beginning| text.starts_with(beginning)) => ValueKind::OtherService,
        _ if text.starts_with("eyJ") && text.matches('.').count() == 2 => ValueKind::Jwt,
        _ if is_uuid(text) => ValueKind::Uuid,
        _ if is_number(text) => ValueKind::Number,
        _ => return None,
    })
}

fn is_email(text: &str) -> bool {
    let is_word = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte))
    };
    text.split_once('@').is_some_and(|(user, host)| is_word(user) && is_word(host) && host.contains('.'))
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Digits alone, or a customer ID as the web page of Google Ads shows it.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}
