//! What people write that makes a line invalid YAML, in plain words: the parser reports where it gave up, not why.
//!
//! It looks at one line at a time and is only asked about a text that was rejected, so it decides about no value.

use crate::format::FormatError;
use crate::syntax_cause::{ESCAPE, Syntax, has_unknown_escape};
use crate::value_kind;

/// The parser's error, with the cause if the line of the error or the next one shows it.
pub fn explain(text: &str, error: FormatError) -> FormatError {
    let Some(at) = error.line else { return error };
    let lines: Vec<&str> = text.lines().collect();
    let near = [at, at.saturating_sub(1), at + 1];
    let found = near.into_iter().filter(|number| *number > 0).find_map(|number| {
        let reason = cause(lines.get(number - 1)?)?;
        // The line after is only read for a tab, on which the parser gives up a line too early.
        (number <= at || reason == TAB).then_some((number, reason))
    });
    let plain = FormatError { reason: "this is not valid YAML".to_owned(), ..error.clone() };
    let general = plain.clone().explained(text, Syntax::Yaml);
    match found {
        _ if general != plain => general,
        Some((number, reason)) => FormatError { hint: error.hint, ..FormatError::at(number, reason) },
        None => match indented(&lines, at).or_else(|| {
            // Of valid YAML that is not a configuration the reason is known.
            without_key(lines.get(at.checked_sub(1)?)?).filter(|_| error.reason == plain.reason)
        }) {
            Some(reason) => FormatError { reason, ..error },
            None => error,
        },
    }
}

/// The reason if a line begins further to the right than a line before it that is complete.
fn indented(lines: &[&str], at: usize) -> Option<String> {
    let line = lines.get(at.checked_sub(1)?)?;
    let before = lines[..at - 1].iter().rfind(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))?;
    let indent = |line: &str| line.len() - line.trim_start().len();
    let (key, _) = line.trim_start().split_once(':')?;
    let is_complete = before.split_once(": ").is_some_and(|(_, value)| !value.trim().is_empty());
    let is_key = key.chars().all(|char| char.is_ascii_alphanumeric() || "_-.".contains(char));
    (is_key && is_complete && indent(line) > indent(before))
        .then(|| format!("`{key}` is indented more than the line before it; YAML requires the same indentation"))
}

/// The reason if a line does not begin with a key and a colon.
fn without_key(line: &str) -> Option<String> {
    let line = line.trim();
    let is_word = |text: &str| text.chars().all(|char| char.is_ascii_alphanumeric() || "_-./".contains(char));
    let key = line.split([' ', ';']).next().filter(|key| key.contains('_') && !key.contains('/') && is_word(key));
    match line.split_once(':') {
        None if line.len() >= 4 && is_word(line) => {
            Some("this line has no key; if it is the rest of the value above, write both on one line".to_owned())
        }
        None => Some(format!("`{}` has no `: ` after it", key?)),
        Some((key, value)) if value.trim().starts_with("- ") && is_word(key) => {
            Some(format!("the value of `{key}` starts with `- `, which makes it a list; remove it"))
        }
        Some((key, _)) if key.starts_with("- ") && is_word(&key[2..]) => {
            Some(format!("`{}` has `- ` before it, which makes it a list; remove it", &key[2..]))
        }
        Some((key, value)) if key.starts_with('"') && value.trim_end().ends_with(',') => {
            Some("has a comma at its end, as in JSON; remove it".to_owned())
        }
        Some(_) => None,
    }
}

const TAB: &str = "a tab is where YAML requires spaces";

fn cause(line: &str) -> Option<String> {
    let content = line.trim_start();
    if line[..line.len() - content.len()].contains('\t') {
        return Some(TAB.to_owned());
    }
    let is_key = |char: char| char.is_ascii_alphanumeric() || "_-.".contains(char);
    let after = content.trim_start_matches(is_key);
    let key = &content[..content.len() - after.len()];
    if key.is_empty() || key.starts_with('-') {
        return None;
    }
    if after.trim_start().starts_with('=') {
        return Some(format!("`{key}` is followed by `=`; YAML requires `: `"));
    }
    let value = after.trim_start().strip_prefix(':')?;
    if !value.is_empty() && !value.starts_with([' ', '\t']) {
        return Some(format!("`{key}:` has no space after it; YAML requires `: `"));
    }
    let value = value.trim();
    if let Some(kind) = value_kind::of(value).filter(|kind| kind.is_stand_in()) {
        return Some(format!("the value of `{key}` is {kind}; write the value itself"));
    }
    let why = match value.chars().next()? {
        '`' => "starts with a backtick, which YAML reserves; put it in quotes".to_owned(),
        reserved @ ('@' | '%') => format!("starts with `{reserved}`, which YAML reserves; put it in quotes"),
        quote @ ('"' | '\'')
            if value.len() > 2 && value.ends_with(',') && value[..value.len() - 1].ends_with(quote) =>
        {
            "has a comma after its closing quote, which YAML does not have there".to_owned()
        }
        '"' if has_unknown_escape(value, "0abt\tnvfre \"/\\N_LPxuU") => ESCAPE.to_owned(),
        _ => return None,
    };
    Some(format!("the value of `{key}` {why}"))
}
