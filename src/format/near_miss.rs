//! Finds lines meant to set a field that the library does not read there: another library's spelling, a comment, a
//! wrong section, an invisible character.
//!
//! Every format shares this search through the raw lines, since a line that a library does not read follows no
//! library's rules. It runs only if a part of a user's credential is missing, so that a complete file is not searched.

use crate::credentials::Field;
use crate::format::diagnostic::Type;
use crate::format::{Contents, Diagnostic, DiagnosticCode, Format, FormatName, is_placeholder};

/// How many letters of a misspelled key may differ.
const MAX_DISTANCE: usize = 2;

/// The lines that were meant to set a field which the contents lack.
pub fn find(text: &str, contents: &Contents, format: &dyn Format) -> Vec<Diagnostic> {
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
        let expected = Expected::of(format, field)?;
        let near = |(line, found): &(usize, Assignment)| Some((*line, found.clone(), found.code(field, &expected)?));
        // A line that is active explains more than one in a comment.
        let mut found: Vec<_> = lines.iter().filter_map(near).collect();
        found.sort_by_key(|(line, found, _)| (found.is_comment, *line));
        match found.into_iter().next() {
            Some((line, found, code)) => {
                // With the last part alone, it would look like the right key.
                let is_prefixed = found.key == expected.key && matches!(code, DiagnosticCode::MisspelledKey { .. });
                let key = if is_prefixed { &found.written } else { &found.key };
                Some(Diagnostic::new(line, key, Some(field), code))
            }
            None => misplaced_token(text, &expected).filter(|_| field == Field::RefreshToken),
        }
    };
    missing.into_iter().filter_map(best).collect()
}

/// How a format spells the key of a field.
struct Expected {
    /// The key as it is written on its line.
    key: &'static str,
    /// The section or the object in which the line is, if the format has any.
    section: Option<&'static str>,
    /// How a line sets a key, where every line is for itself.
    form: Option<&'static str>,
}

impl Expected {
    fn of(format: &dyn Format, field: Field) -> Option<Expected> {
        let path = format.key(field)?;
        let form = match format.name() {
            FormatName::Python => Some("key: value"),
            FormatName::Java | FormatName::Perl => Some("key=value"),
            FormatName::Env | FormatName::Meltano => Some("KEY=value"),
            _ => None,
        };
        let is_flat = form.is_some() || !path.contains('.');
        let (section, key) = match path.rsplit_once('.').filter(|_| !is_flat) {
            Some((section, key)) => (Some(section).filter(|section| !section.is_empty()), key),
            None => (Some("GoogleAdsApi").filter(|_| format.name() == FormatName::Dotnet), path),
        };
        Some(Expected { key, section, form })
    }
}

/// Returns the line that holds a refresh token under an unrelated key, or under none.
fn misplaced_token(text: &str, expected: &Expected) -> Option<Diagnostic> {
    const BEGINNING: &str = "1//0";
    let is_token = |rest: &str| {
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte)).count();
        length >= 16
    };
    let mut lines = text.lines().enumerate().filter(|(_, line)| !is_comment(line));
    let (index, before) = lines.find_map(|(index, line)| {
        let (before, rest) = line.split_once(BEGINNING)?;
        is_token(rest).then_some((index, before))
    })?;
    let is_part = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let is_word = |part: &&str| !part.is_empty() && *part != "value";
    let key = before.rsplit(|char| !is_part(char)).find(is_word).filter(|part| part.len() < 40);
    let code = match (key == Some(expected.key), expected.form, expected.section) {
        (true, Some(form), _) => DiagnosticCode::OtherSyntax { form },
        (true, None, Some("GoogleAdsApi")) => DiagnosticCode::NotASetting,
        _ => DiagnosticCode::HoldsToken { expected: expected.key },
    };
    Some(Diagnostic::new(index + 1, key.unwrap_or("the value"), Some(Field::RefreshToken), code))
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
        let key: String = name.chars().filter(|char| !is_invisible(*char)).collect();
        let found =
            Assignment { written: key.clone(), key, is_comment: false, is_collection: false, has_invisible: false };
        let is_set = value.len() >= 4 && json.starts_with('"') && !is_placeholder(value);
        is_set && Field::ALL.iter().all(|other| other.key() != name) && found.is_near(field)
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
    /// The last part of the key.
    key: String,
    /// The whole key, with the words before it.
    written: String,
    is_comment: bool,
    /// The value is a list or an object.
    is_collection: bool,
    /// The key as written has characters that are not visible.
    has_invisible: bool,
}

impl Assignment {
    fn of(line: &str, is_comment: bool) -> Option<Assignment> {
        let visible: String = line.chars().filter(|char| !is_invisible(*char)).collect();
        let trimmed = visible.trim();
        let body = trimmed.trim_start_matches(['#', ';', '!', '/', '*', '-', '<', ' ', '\t']).trim_start();
        let (key, value) = xml(body).or_else(|| pair(body))?;
        let written = key.trim_matches(QUOTES).rsplit(' ').next().unwrap_or(key).to_owned();
        let key = key.rsplit(['.', ' ']).next().unwrap_or(key).trim_matches(QUOTES);
        let is_collection = value.starts_with(['[', '{']);
        let value = value.trim_end_matches([',', ';', '>', '/', ' ']).trim_matches(QUOTES);
        let is_set = !key.is_empty() && !value.is_empty() && !is_placeholder(value) && value.len() >= 4;
        let has_invisible = line.chars().any(is_invisible) && !line.starts_with('\u{feff}');
        is_set.then(|| Assignment { key: key.to_owned(), written, is_comment, is_collection, has_invisible })
    }

    /// Whether the key is meant for that field.
    fn is_near(&self, field: Field) -> bool {
        let (found, wanted) = (plain(&self.key), plain(field.key()));
        // Other libraries spell the same word behind a prefix of their own.
        let ends_nearly = (0..=2 * MAX_DISTANCE).any(|more| {
            let length = (wanted.len() + more).saturating_sub(MAX_DISTANCE);
            let end = found.len().checked_sub(length).and_then(|start| found.get(start..));
            end.is_some_and(|end| strsim::osa_distance(end, &wanted) <= MAX_DISTANCE)
        });
        found.ends_with(&wanted) || ends_nearly
    }

    /// Why the library does not read the field here, if the key is meant for that field.
    fn code(&self, field: Field, expected: &Expected) -> Option<DiagnosticCode> {
        if !self.is_near(field) {
            return None;
        }
        let own = expected.key.rsplit('.').next().unwrap_or(expected.key);
        let is_own = self.key == own;
        // Java's prefix is a part of its key, and a prefix that Perl's library does not know is one of another key.
        let is_whole = self.written == expected.key || !self.written.contains('.');
        Some(match (is_own, expected.form, expected.section) {
            (true, ..) if self.is_comment => DiagnosticCode::CommentedOut,
            (true, ..) if self.is_collection => DiagnosticCode::WrongType(Type::Collection),
            (true, ..) if self.has_invisible => DiagnosticCode::InvisibleCharacter,
            (true, Some(form), _) if is_whole && own == expected.key || self.written == expected.key => {
                DiagnosticCode::OtherSyntax { form }
            }
            (true, None, Some(expected)) => DiagnosticCode::WrongSection { expected },
            (true, None, None) => DiagnosticCode::Misplaced,
            _ => DiagnosticCode::MisspelledKey { expected: expected.key },
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
