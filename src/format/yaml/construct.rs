//! What PyYAML's `SafeLoader` cannot make a value of, wherever it is: with one such node the library reads nothing of the file.

use granit_parser::Tag;

use crate::format::diagnostic::Refusal;

use super::resolve::{self, Type};

/// A node, as far as its constructor depends on it.
#[derive(Clone, Copy)]
pub enum Node<'t> {
    /// With its text.
    Scalar(&'t str),
    List,
    Mapping,
}

/// Why the loader fails on a node with this tag.
pub fn tagged(tag: &Tag, node: Node) -> Option<Refusal> {
    let name = tag.suffix_in_namespace("tag:yaml.org,2002:");
    let Some(name) = name.as_deref().filter(|name| !name.starts_with("python/")) else {
        let (handle, suffix) = tag.original_parts();
        return (!(handle == "!" && suffix.is_empty() || handle.is_empty() && suffix == "!"))
            .then_some(Refusal::UnknownTag);
    };
    let fits = match (name, node) {
        ("binary", Node::Scalar(text)) => is_base64(text),
        ("str" | "null", Node::Scalar(_)) | ("omap" | "pairs" | "seq", Node::List) => true,
        ("set" | "map", Node::Mapping) => true,
        ("int", Node::Scalar(text)) => matches!(resolve::plain(text), Type::Integer(_)) && plain(text).is_none(),
        ("float", Node::Scalar(text)) => {
            resolve::plain(text) == Type::Float || text.replace('_', "").parse::<f64>().is_ok()
        }
        ("bool", Node::Scalar(text)) => matches!(resolve::plain(text), Type::Boolean(_)),
        ("timestamp", Node::Scalar(text)) => resolve::plain(text) == Type::Date && plain(text).is_none(),
        ("str" | "null" | "binary" | "omap" | "pairs" | "seq" | "set" | "map", _) => false,
        ("int" | "float" | "bool" | "timestamp", _) => false,
        _ => return Some(Refusal::UnknownTag),
    };
    (!fits).then_some(Refusal::NotOfItsTag)
}

/// Whether Python's `base64.decodebytes` takes the text: it skips what is not base64, and requires the padding.
fn is_base64(text: &str) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/".contains(byte);
    let digits = text.bytes().filter(is_digit).count();
    let padding = text.bytes().filter(|byte| *byte == b'=').count();
    match digits % 4 {
        0 => true,
        1 => false,
        rest => padding >= 4 - rest,
    }
}

/// Why the loader fails on a plain value with this text.
pub fn plain(text: &str) -> Option<Refusal> {
    match resolve::plain(text) {
        Type::Unusable => Some(Refusal::Reserved),
        Type::Date if !is_date(text) => Some(Refusal::NoSuchDate),
        // `0x_`, `0b_`.
        Type::Integer(_) => {
            let digits = text.trim_start_matches(['-', '+']);
            let digits = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0b"))?;
            digits.bytes().all(|byte| byte == b'_').then_some(Refusal::NoDigits)
        }
        _ => None,
    }
}

/// Whether the text of a date's form is a day and a time that Python's `datetime` has.
fn is_date(text: &str) -> bool {
    let mut numbers = text.split(|char: char| !char.is_ascii_digit()).filter(|part| !part.is_empty());
    let mut next = || numbers.next().and_then(|digits| digits.get(..digits.len().min(4))?.parse::<u32>().ok());
    let (Some(year), Some(month), Some(day)) = (next(), next(), next()) else { return false };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    let (hour, minute, second) = (next().unwrap_or(0), next().unwrap_or(0), next().unwrap_or(0));
    year > 0 && (1..=days).contains(&day) && hour < 24 && minute < 60 && second < 60
}

/// Whether the library takes this text for the settings of its log: Python's `json`, then `logging.config.dictConfig`.
pub fn is_log_settings(text: &str) -> bool {
    let parsed = serde_json::from_str::<serde_json::Value>(text);
    parsed.is_ok_and(|settings| settings.get("version").and_then(serde_json::Value::as_u64) == Some(1))
}

/// The name of the first anchor in the text between two nodes.
pub fn anchor(gap: &str) -> Option<&str> {
    gap.lines().find_map(|line| {
        let code = line.split(" #").next().filter(|code| !code.trim_start().starts_with('#'))?;
        let name = code.split_once('&')?.1;
        name.split(|char: char| char.is_whitespace() || ",[]{}".contains(char)).next()
    })
}
