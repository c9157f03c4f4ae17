//! Edits the plain assignments of a configuration.

use super::source::{Assignment, Block, Source};
use super::value::{Value, quote};
use crate::format::text_edit::{self, Splice};
use crate::format::{Edit, FormatError, is_placeholder};

/// Without level and target the library cannot make its logger, and prints a warning at every start.
const NEW_FILE: [&str; 4] =
    ["Google::Ads::GoogleAds::Config.new do |c|", "  c.log_level = 'WARN'", "  c.log_target = STDOUT", "end"];

/// Returns the text, or that of a new file, with a configuration block.
pub fn with_block(text: &str) -> Result<String, FormatError> {
    let source = Source::parse(text)?;
    match source.block {
        Some(_) => Ok(text.to_owned()),
        None if source.has_code => Err(no_block()),
        None => {
            let line_end = text_edit::line_end(text);
            let gap = if text.is_empty() || text.ends_with('\n') { "" } else { line_end };
            Ok(format!("{text}{gap}{}{line_end}", NEW_FILE.join(line_end)))
        }
    }
}

/// Sets the attribute; a new line goes below those of our attributes, which `ours` has.
pub fn set(text: &str, name: &str, wanted: &str, ours: &[&str]) -> Result<String, FormatError> {
    let source = Source::parse(text)?;
    let Some(block) = &source.block else { return Err(no_block()) };
    if let Some(assignment) = active(text, &source, name)? {
        return Ok(text_edit::apply(text, vec![(assignment.value.clone(), quote(wanted))]));
    }
    let statement = format!("{}.{name} = {}", block.variable, quote(wanted));
    let is_sample = |sample: &&Assignment| {
        let is_empty = |value: &str| value.is_empty() || is_placeholder(value);
        sample.is_comment && sample.key == name && matches!(sample.value(text), Value::Text(value) if is_empty(&value))
    };
    if let Some(sample) = source.assignments.iter().find(is_sample) {
        let start = text_edit::line_start(text, sample.statement.start);
        let start = start + text_edit::indent(text, start).len();
        return Ok(text_edit::apply(text, vec![(start..sample.statement.end, statement)]));
    }
    let (at, indent) = place(text, &source, block, ours);
    Ok(text_edit::apply(text, vec![(at..at, format!("{indent}{statement}{}", text_edit::line_end(text)))]))
}

/// The place of a new line and its indentation: after the last line of a known key, else at the beginning of the block.
fn place<'t>(text: &'t str, source: &Source, block: &Block, ours: &[&str]) -> (usize, &'t str) {
    let is_ours = |assignment: &&Assignment| assignment.is_plain && ours.contains(&assignment.key.as_str());
    let mut plain = source.assignments.iter().filter(|assignment| assignment.is_plain);
    let indent = plain.clone().next().map_or("  ", |first| text_edit::indent(text, first.statement.start));
    match plain.rfind(is_ours) {
        Some(last) => {
            let stop = last.statement.end;
            (stop + text[stop..].find('\n').map_or(0, |length| length + 1), text_edit::indent(text, stop))
        }
        None => (block.opening.end, indent),
    }
}

/// Removes the line of the attribute.
pub fn remove(text: &str, name: &str) -> Result<String, FormatError> {
    let source = Source::parse(text)?;
    let Some(assignment) = active(text, &source, name)? else { return Ok(text.to_owned()) };
    let statement = assignment.statement.clone();
    let range = text_edit::whole_lines(text, statement.clone()).unwrap_or(statement);
    Ok(text_edit::apply(text, vec![(range, String::new())]))
}

/// The assignment to this attribute, if there is one. Two are an error, and so is one that is not plain.
fn active<'s>(text: &str, source: &'s Source, name: &str) -> Result<Option<&'s Assignment>, FormatError> {
    let by_hand = "write it as a plain quoted string, or edit the file by hand";
    if let Some((line, _)) = source.mentions.iter().find(|(_, mentioned)| mentioned == name) {
        return Err(FormatError::at(*line, format!("`{name}` is used in code that gads-creds does not understand"))
            .hint(by_hand));
    }
    let mut found = source.assignments.iter().filter(|assignment| !assignment.is_comment && assignment.key == name);
    let first = found.next();
    if let (Some(first), Some(second)) = (first, found.next()) {
        return Err(FormatError::at(second.line, format!("line {} sets `{name}` as well", first.line))
            .hint("remove one of the two lines"));
    }
    match first {
        Some(assignment) if assignment.value(text) == Value::Computed => {
            Err(FormatError::at(assignment.line, format!("`{name}` is computed")).hint(by_hand))
        }
        first => Ok(first),
    }
}

/// Makes comments of these assignments.
pub fn comment_out(text: &str, is_meant: impl Fn(&Assignment) -> bool) -> Result<Edit, FormatError> {
    let source = Source::parse(text)?;
    let mut splices: Vec<Splice> = Vec::new();
    let mut notes = Vec::new();
    for assignment in source.assignments.iter().filter(|assignment| is_meant(assignment)) {
        let start = assignment.statement.start;
        splices.push((start..start, "# ".to_owned()));
        notes.push(format!("line {}: `{}` is commented out", assignment.line, assignment.key));
    }
    let edited = text_edit::apply(text, splices);
    Source::parse(&edited)?;
    Ok(Edit { text: edited, notes })
}

pub fn no_block() -> FormatError {
    FormatError::new("contains no block `Google::Ads::GoogleAds::Config.new do |c|`")
        .hint("name another file, or write such a block")
}
