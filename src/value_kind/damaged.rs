//! Recognizes a value of Google's with something around it or in it that does not belong to it.

use super::ValueKind;

/// How values of Google's begin that are recognized inside of a longer text.
const BEGINNINGS: [&str; 4] = ["1//0", "GOCSPX-", "ya29.", "4/0"];

/// What is wrong with a text that holds a value of Google's; `None` if it holds none or nothing is wrong.
pub fn of(text: &str) -> Option<ValueKind> {
    if ["&#x2F;", "&#x2f;", "&#47;", "&sol;", "&quot;", "\\/"].iter().any(|escape| text.contains(escape)) {
        return Some(ValueKind::Escaped);
    }
    let at = BEGINNINGS.iter().filter_map(|beginning| text.find(beginning)).min()?;
    let (before, value) = text.split_at(at);
    if before.trim_end().eq_ignore_ascii_case("bearer") {
        return Some(ValueKind::Bearer);
    }
    if let Some(key) = before.trim_end().strip_suffix(['=', ':'])
        && !key.is_empty()
        && key.chars().all(|char| char.is_ascii_alphanumeric() || "_.-' \"".contains(char))
    {
        return Some(ValueKind::WithKey);
    }
    let is_whole = before.is_empty();
    let is_twice = is_whole && BEGINNINGS.iter().any(|beginning| value.len() > 8 && value[4..].contains(beginning));
    let is_enclosed = ["<", "[", "(", "{", "=", ","].contains(&before);
    let has_end = value.ends_with([',', ';', '\\', '>', ')', ']', '}']);
    match () {
        () if is_twice => Some(ValueKind::Twice),
        () if is_enclosed || is_whole && has_end => Some(ValueKind::Enclosed),
        () => None,
    }
}
