//! Edits of single lines: sets or removes a key, comments settings out.

use std::ops::Range;

use crate::format::field::Field;
use crate::format::lines::{Dialect, Document, Setting};
use crate::format::{Edit, FormatError, field, is_placeholder, text_edit};

/// Returns the text with these settings commented out.
pub fn comment_out(dialect: &Dialect, text: &str, is_meant: impl Fn(&Setting) -> bool) -> Result<Edit, FormatError> {
    let document = dialect.split(text)?;
    let meant: Vec<&Setting> = document.settings.iter().filter(|setting| is_meant(setting)).collect();
    let note = |setting: &&Setting| format!("line {}: {} is commented out", setting.line(), field::shown(&setting.key));
    Ok(Edit {
        text: text_edit::comment_out(
            &document.lines,
            meant.iter().map(|setting| setting.lines.clone()),
            dialect.comment,
        ),
        notes: meant.iter().map(note).collect(),
    })
}

/// Returns the text with this key set to the value, or without its line.
pub fn set(
    dialect: &Dialect,
    text: &str,
    section: &str,
    key: &str,
    value: Option<&str>,
) -> Result<String, FormatError> {
    let document = dialect.split(text)?;
    refuse_doubles(&document, section, key)?;
    let setting = document.settings.iter().find(|setting| setting.is(section, key));
    let Some(value) = value else {
        let range = setting.map_or(0..0, |setting| setting.lines.clone());
        return Ok(text_edit::replace_lines(&document.lines, range, ""));
    };
    let value = (dialect.encode)(value).map_err(|reason| {
        let error = FormatError::new(format!("the value for `{key}` {reason}"));
        let is_path = dialect.keys.iter().any(|(field, _, ours)| *field == Field::KeyFile && ours == &key);
        match is_path {
            true => error.hint("move the key to a path of letters, digits, `-`, `_`, `.` and `/`, then run again"),
            false => error,
        }
    })?;
    let assigned = format!("{key}{}{value}", dialect.assign);
    if let Some(Setting { lines, before, after, .. }) = setting {
        return Ok(replace(dialect, &document.lines, lines.clone(), &format!("{before}{value}{after}")));
    }
    let Some(area) = document.area(section) else { return Ok(add_section(&document.lines, section, &assigned)) };
    let taken = text_edit::marked(document.lines.len(), document.settings.iter().map(|setting| setting.lines.clone()));
    let is_free = |line: &usize| !taken[*line];
    let sample = |line| Some((line, sample_start(dialect, document.lines[line], key)?));
    if let Some((line, start)) = area.clone().filter(is_free).find_map(sample) {
        return Ok(replace(dialect, &document.lines, line..line + 1, &format!("{start}{assigned}")));
    }
    let ours = |setting: &&Setting| area.contains(&setting.lines.start) && dialect.field(setting).is_some();
    let at = match document.settings.iter().rfind(ours) {
        Some(setting) => setting.lines.end,
        None if section.is_empty() => area.end,
        None => area.start,
    };
    let end = if dialect.lf_only { "\n" } else { text_edit::end_for(&document.lines, at) };
    Ok(text_edit::insert_line(&document.lines, at, &assigned, end))
}

pub fn refuse_doubles(document: &Document<'_>, section: &str, key: &str) -> Result<(), FormatError> {
    let settings = document.settings.iter().filter(|setting| setting.is(section, key));
    let headers = document.sections.iter().filter(|(name, _)| name == section);
    let doubles = [
        (settings.map(Setting::line).collect::<Vec<_>>(), format!("all set `{key}`")),
        (headers.map(|(_, line)| line + 1).collect(), format!("all open section `[{section}]`")),
    ];
    match doubles.iter().find(|(lines, _)| lines.len() > 1) {
        None => Ok(()),
        Some((lines, what)) => {
            let listed: Vec<String> = lines.iter().take(5).map(usize::to_string).collect();
            let more = if lines.len() > listed.len() { " and more" } else { "" };
            let reason = format!("lines {}{more} {what}", listed.join(", "));
            Err(FormatError::at(lines[0], reason).hint("keep one of them"))
        }
    }
}

/// Returns the text with these lines replaced by one with the line end of the last of them.
fn replace(dialect: &Dialect, lines: &[&str], range: Range<usize>, new: &str) -> String {
    let end = match text_edit::end(lines[range.end - 1]) {
        "\r\n" if dialect.lf_only => "\n",
        end => end,
    };
    text_edit::replace_lines(lines, range, &[new, end].concat())
}

/// Returns the text with a new section at its end, after an empty line.
fn add_section(lines: &[&str], section: &str, assigned: &str) -> String {
    let end = text_edit::end_for(lines, lines.len());
    let ends_with_text = lines.last().is_some_and(|last| !text_edit::content(last).trim().is_empty());
    let gap = if ends_with_text { end } else { "" };
    text_edit::insert_line(lines, lines.len(), &format!("{gap}[{section}]{end}{assigned}"), end)
}

/// If the line is the sample file's commented one for this key, with no value of its own: the text that stays before the key.
fn sample_start(dialect: &Dialect, line: &str, key: &str) -> Option<String> {
    let line = text_edit::content(line);
    let commented = line.trim_start();
    let indent = &line[..line.len() - commented.len()];
    let body = commented.strip_prefix(dialect.marks)?.trim_start();
    let (prefix, body) = body.strip_prefix(dialect.prefix).map_or(("", body), |rest| (dialect.prefix, rest));
    let value = body.strip_prefix(key)?.trim_start().strip_prefix('=')?.trim().trim_matches(['"', '\'']);
    (value.is_empty() || is_placeholder(value)).then(|| format!("{indent}{prefix}"))
}
