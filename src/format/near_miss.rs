//! Finds lines meant to set a field that the library does not read there: another library's spelling, a comment, a
//! wrong section, an invisible character.
//!
//! Every format shares this search through the raw lines, since a line that a library does not read follows no
//! library's rules. It runs only if a part of a user's credential is missing, so that a complete file is not searched.

use crate::credentials::Field;
use crate::format::{Contents, Diagnostic, DiagnosticCode, is_placeholder};

/// How many letters of a misspelled key may differ.
const MAX_DISTANCE: usize = 2;

/// The lines that were meant to set a field which the contents lack; `expected` is the library's key for it.
pub fn find(text: &str, contents: &Contents, expected: impl Fn(Field) -> Option<&'static str>) -> Vec<Diagnostic> {
    let is_explained = |field: Field| contents.diagnostics.iter().any(|diagnostic| diagnostic.field == Some(field));
    let missing = |field: &Field| field.get(&contents.credentials).is_none() && !is_explained(*field);
    let missing: Vec<Field> = Field::OF_USER.into_iter().filter(missing).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let lines: Vec<(usize, Assignment)> = parts(text)
        .into_iter()
        .filter_map(|(line, part, is_comment)| Some((line, Assignment::of(&part, is_comment)?)))
        .collect();
    let best = |field: Field| {
        let key = expected(field)?;
        let near = |(line, found): &(usize, Assignment)| Some((*line, found.clone(), found.code(field, key)?));
        // A line that is active explains more than one in a comment.
        let mut found: Vec<_> = lines.iter().filter_map(near).collect();
        found.sort_by_key(|(line, found, _)| (found.is_comment, *line));
        let (line, found, code) = found.into_iter().next()?;
        Some(Diagnostic::new(line, &found.key, Some(field), code))
    };
    missing.into_iter().filter_map(best).collect()
}

/// The parts of a text that may set something, each with its line and whether that line is a comment: whole lines, the members
/// of an object on one line, an element or a value that goes on below.
fn parts(text: &str) -> Vec<(usize, String, bool)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut parts = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let number = index + 1;
        let is_comment = is_comment(line);
        parts.push((number, (*line).to_owned(), is_comment));
        let below = || lines[index + 1..].iter().take(MOST_BELOW);
        if line.contains("<add") && !line.contains('>') {
            let end = below().position(|line| line.contains('>')).map_or(0, |end| end + 1);
            let element = below().take(end).fold((*line).to_owned(), |element, line| format!("{element} {line}"));
            parts.push((number, element, is_comment));
        }
        let opened = line.trim_end_matches(['|', '>', '-', '+', '\\', ' ', '\t']);
        if opened.ends_with([':', '=']) {
            let next = below().map(|line| line.trim()).find(|line| !line.is_empty()).unwrap_or_default();
            parts.push((number, format!("{opened} {next}"), is_comment));
        }
        let members: Vec<&str> = line.split(['{', '}', ',', ';']).chain(line.split("<add").skip(1)).collect();
        if members.len() > 1 {
            parts.extend(members.into_iter().map(|member| (number, member.to_owned(), is_comment)));
        }
    }
    parts
}

/// How many lines below its first an element of XML is looked for.
const MOST_BELOW: usize = 6;

fn is_comment(line: &str) -> bool {
    let line = line.trim_start_matches(|char: char| char.is_whitespace() || is_invisible(char));
    let marks = ["#", ";", "//", "/*", "*", "!", "<!--", "--"];
    marks.iter().any(|mark| line.starts_with(mark))
}

/// The members of a document that were meant to set a field which the contents lack: each with its name and its value as JSON.
pub fn in_document<'m>(
    members: impl Iterator<Item = (&'m str, &'m str)> + Clone,
    contents: &Contents,
) -> Vec<Diagnostic> {
    let is_near = |name: &str, json: &str, field: Field| {
        let value = json.trim_matches(QUOTES);
        let key = name.chars().filter(|char| !is_invisible(*char)).collect();
        let found = Assignment { key, is_comment: false, has_invisible: false };
        let is_set = value.len() >= 4 && json.starts_with('"') && !is_placeholder(value);
        is_set && Field::ALL.iter().all(|other| other.key() != name) && found.code(field, field.key()).is_some()
    };
    let near = |field: Field| {
        let (name, _) = members.clone().find(|(name, json)| is_near(name, json, field))?;
        Some(Diagnostic::new(0, name, Some(field), DiagnosticCode::MisspelledMember { expected: field.key() }))
    };
    let missing = |field: &Field| field.get(&contents.credentials).is_none();
    Field::OF_USER.into_iter().filter(missing).filter_map(near).collect()
}

/// A line that sets something, in whatever syntax.
#[derive(Clone)]
struct Assignment {
    key: String,
    is_comment: bool,
    /// The key as written has characters that are not visible.
    has_invisible: bool,
}

impl Assignment {
    fn of(line: &str, is_comment: bool) -> Option<Assignment> {
        let visible: String = line.chars().filter(|char| !is_invisible(*char)).collect();
        let trimmed = visible.trim();
        let body = trimmed.trim_start_matches(['#', ';', '!', '/', '*', '-', '<', ' ', '\t']).trim_start();
        let (key, value) = xml(body).or_else(|| pair(body))?;
        let key = key.rsplit(['.', ' ']).next().unwrap_or(key).trim_matches(QUOTES);
        let value = value.trim_end_matches([',', ';', '>', '/', ' ']).trim_matches(QUOTES);
        let is_set = !key.is_empty() && !value.is_empty() && !is_placeholder(value) && value.len() >= 4;
        let has_invisible = line.chars().any(is_invisible) && !line.starts_with('\u{feff}');
        is_set.then(|| Assignment { key: key.to_owned(), is_comment, has_invisible })
    }

    /// Why the library does not read the field here, if the key is meant for that field.
    fn code(&self, field: Field, expected: &'static str) -> Option<DiagnosticCode> {
        let own = expected.rsplit('.').next().unwrap_or(expected);
        let (found, wanted) = (plain(&self.key), plain(field.key()));
        // Other libraries spell the same word behind a prefix of their own.
        let ends_nearly = (0..=2 * MAX_DISTANCE).any(|more| {
            let length = (wanted.len() + more).saturating_sub(MAX_DISTANCE);
            let end = found.len().checked_sub(length).and_then(|start| found.get(start..));
            end.is_some_and(|end| strsim::osa_distance(end, &wanted) <= MAX_DISTANCE)
        });
        if !found.ends_with(&wanted) && !ends_nearly {
            return None;
        }
        Some(match self.key == own {
            true if self.is_comment => DiagnosticCode::CommentedOut,
            true if self.has_invisible => DiagnosticCode::InvisibleCharacter,
            true => DiagnosticCode::Misplaced,
            false => DiagnosticCode::MisspelledKey { expected },
        })
    }
}

const QUOTES: [char; 6] = ['"', '\'', '`', '\u{201c}', '\u{201d}', ' '];

/// `<add key="K" value="V" />`, in any order of the two.
fn xml(body: &str) -> Option<(&str, &str)> {
    let attribute = |name: &str| {
        let (_, rest) = body.split_once(name)?;
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|char| matches!(char, '"' | '\''))?;
        rest[1..].split_once(quote).map(|(value, _)| value)
    };
    Some((attribute("key")?, attribute("value")?))
}

/// `key = value`, `key: value` or `"key": "value"`.
fn pair(body: &str) -> Option<(&str, &str)> {
    let body = body.strip_prefix("export ").unwrap_or(body);
    let (key, value) = body.split_once(['=', ':'])?;
    Some((key.trim(), value.trim_start_matches(['>', '=', ' ']).trim()))
}

/// The key without what libraries spell differently: `OAuth2RefreshToken` and `refresh_token` end alike.
fn plain(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect()
}

/// Whether a character cannot be seen, although it is not a space of ASCII.
pub fn is_invisible(char: char) -> bool {
    matches!(char, '\u{a0}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
