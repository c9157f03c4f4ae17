//! Recognizes placeholders: text in the place of a value, from samples, templates and people.

use super::{CLIENT_ID_END, is_masked};

/// Text that was meant to be replaced, and that no value of Google's can be.
///
/// A value is random text, so a beginning alone shows nothing: a whole sentence of words does.
pub fn is_placeholder(text: &str) -> bool {
    let own = text.strip_suffix(CLIENT_ID_END).unwrap_or(text);
    !is_masked(text) && (is_sample(own) || is_field_name(own) || is_bracketed(own) || is_filler(own) || is_request(own))
}

/// The placeholder of a sample file of Google's, like `INSERT_REFRESH_TOKEN_HERE`.
pub fn is_sample(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("INSERT_") else { return false };
    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The name of a field in its own place, as in the sample of the Singer tap.
fn is_field_name(text: &str) -> bool {
    ["client_id", "client_secret", "refresh_token", "developer_token"].contains(&text)
}

/// `<token>`, `[refresh token]`, `{token}`, `__TOKEN__`.
fn is_bracketed(text: &str) -> bool {
    let is_word = |char: char| char.is_alphanumeric() || "_- .'".contains(char);
    let pairs = [("<", ">"), ("[", "]"), ("{", "}"), ("__", "__")];
    pairs.iter().any(|(open, close)| {
        let inner = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        inner.is_some_and(|inner| inner.contains(char::is_alphabetic) && inner.chars().all(is_word))
    })
}

/// `xxxx`, `***`, `1//xxxxxxxx`, `GOCSPX-****`, `1234567890-xxxx`, `XXX-XXX-XXXX`.
fn is_filler(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let begun = ["1//0", "1//", "4/0", "4/", "ya29.", "gocspx-"].iter().find_map(|begin| lower.strip_prefix(begin));
    let rest =
        begun.unwrap_or_else(|| lower.trim_start_matches(|char: char| char.is_ascii_digit()).trim_start_matches('-'));
    // No value of Google's has a star.
    if lower.starts_with("***") {
        return true;
    }
    let is_mark = |char: char| matches!(char, 'x' | '*' | '\u{2022}' | '\u{2026}');
    rest.chars().filter(|char| is_mark(*char)).count() >= 3
        && rest.chars().all(|char| is_mark(char) || "-_.".contains(char))
}

/// `YOUR_REFRESH_TOKEN`, `paste your token here`, `my-client-secret`, `changeme`.
fn is_request(text: &str) -> bool {
    let lower = text.trim().to_ascii_lowercase();
    let words: Vec<&str> = lower.trim_end_matches('!').split(['_', '-', ' ', '.']).collect();
    let joined = words.concat();
    if [
        "changeme",
        "changethis",
        "changeit",
        "replaceme",
        "replacethis",
        "fixme",
        "placeholder",
        "fillmein",
        "tobefilled",
        "dummy",
        "test",
        "example",
        "sample",
        "redacted",
        "removed",
        "hidden",
        "secret",
        "token",
        // What `dlt init` writes.
        "setmeup",
        "pleasesetmeup",
    ]
    .contains(&joined.as_str())
    {
        return true;
    }
    let asks =
        ["insert", "your", "enter", "paste", "replace", "put", "add", "set", "fill", "my", "the", "dummy", "fake"];
    let things =
        ["token", "secret", "client", "id", "key", "customer", "account", "developer", "refresh", "value", "here"];
    let is_thing = |word: &&str| things.contains(word);
    words.len() > 1
        && words.iter().all(|word| word.chars().all(|char| char.is_alphanumeric() || char == '\''))
        && asks.contains(&words[0])
        && words[1..].iter().any(is_thing)
}

/// What a program writes where there is no value.
pub fn is_no_value(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["none", "null", "nil", "undefined", "todo", "tbd", "n/a", "empty", "..."].contains(&lower.as_str())
}
