//! Finds lines meant to set a field that the library does not read there: another library's spelling, a comment, a
//! wrong section, an invisible character.
//!
//! Every format shares this search through the raw lines, since a line that a library does not read follows no
//! library's rules. A line for a part of a user's credential is only looked for if that part is missing.

mod others;
mod parts;
mod spoiled;

use std::cell::LazyCell;
use std::ops::Deref;

use crate::credentials::Field;
use crate::format::diagnostic::Type;
use crate::format::{Contents, Diagnostic, DiagnosticCode, Format, FormatName, is_placeholder};
use crate::value_kind::{self, ValueKind};

use parts::{Part, is_comment, is_swallowed, parts};

/// How many letters of a misspelled key may differ.
const MAX_DISTANCE: usize = 2;

/// Adds what the lines show that the library does not read, or reads otherwise than is meant.
pub fn add(text: &str, contents: &mut Contents, format: &dyn Format) {
    spoiled::add(text, contents, format);
    // Nothing of a user's credential is missing beside a service account's key.
    if contents.credentials.service_account().is_none() {
        let of = |part: Part| Some((part.line, Assignment::of(&part.text, part.comment)?));
        let lines = LazyCell::new(|| parts(text, format.name()).into_iter().filter_map(of).collect::<Vec<_>>());
        let search = Search { text, format, lines: &lines };
        let found = search.missing(contents);
        contents.diagnostics.extend(found);
        let found = search.elsewhere(contents);
        contents.diagnostics.splice(0..0, found);
    }
    others::add(text, contents, format);
}

/// The search for the parts of a user's credential.
struct Search<'t, Lines> {
    text: &'t str,
    format: &'t dyn Format,
    /// Everything that sets something, with its line; the text is only searched for it if it is needed.
    lines: &'t Lines,
}

impl<Lines: Deref<Target = Vec<(usize, Assignment)>>> Search<'_, Lines> {
    /// The lines that were meant to set a field which the contents lack.
    fn missing(&self, contents: &Contents) -> Vec<Diagnostic> {
        let is_explained = |field: Field| contents.diagnostics.iter().any(|about| about.field == Some(field));
        let missing = |field: &Field| field.get(&contents.credentials).is_none() && !is_explained(*field);
        let missing: Vec<Field> = Field::OF_USER.into_iter().filter(missing).collect();
        missing.into_iter().filter_map(|field| self.best(field, |_, _| true)).collect()
    }

    /// The lines with the value of a field that another line leaves without one.
    fn elsewhere(&self, contents: &Contents) -> Vec<Diagnostic> {
        let is_of = |about: &&Diagnostic, field: Field| {
            let has_none =
                about.is_placeholder() || matches!(about.code, DiagnosticCode::Empty(_) | DiagnosticCode::NoValue);
            about.field == Some(field) && has_none
        };
        let without = |field: &Field| {
            let is_missing = field.get(&contents.credentials).is_none();
            contents.diagnostics.iter().find(|about| is_missing && is_of(about, *field)).map(|about| (*field, about))
        };
        let without: Vec<_> = Field::OF_USER.iter().filter_map(without).collect();
        let found = |(field, about): (Field, &Diagnostic)| {
            let is_value = |line: usize, found: &Assignment| line != about.line && found.kind == right_kind(field);
            let line = self.best(field, is_value)?.line;
            let code = DiagnosticCode::ValueElsewhere { line };
            (line != about.line).then(|| Diagnostic::new(about.line, &about.key, Some(field), code))
        };
        without.into_iter().filter_map(found).collect()
    }

    /// The line that explains most why this field is missing.
    fn best(&self, field: Field, is_meant: impl Fn(usize, &Assignment) -> bool) -> Option<Diagnostic> {
        let expected = Expected::of(self.format, field)?;
        let near = |(line, found): &(usize, Assignment)| {
            let code = found.code(field, &expected).filter(|_| is_meant(*line, found))?;
            Some((*line, found.clone(), code))
        };
        // A line that is active explains more than one in a comment.
        let mut found: Vec<_> = self.lines.iter().filter_map(near).collect();
        found.sort_by_key(|(line, found, _)| (found.comment.is_some(), *line));
        match found.into_iter().next() {
            Some((line, found, _)) if self.format.name() == FormatName::Java && is_swallowed(self.text, line) => {
                let code = DiagnosticCode::Swallowed { line: line - 1 };
                Some(Diagnostic::new(line, &found.written, Some(field), code))
            }
            Some((line, found, code)) => {
                // With the last part alone, it would look like the right key.
                let is_prefixed = found.key == expected.key && matches!(code, DiagnosticCode::MisspelledKey { .. });
                let key = if is_prefixed { &found.written } else { &found.key };
                Some(Diagnostic::new(line, key, Some(field), code))
            }
            None => misplaced_token(self.text, &expected).filter(|_| field == Field::RefreshToken),
        }
    }
}

/// How Google's value for this field looks.
fn right_kind(field: Field) -> Option<ValueKind> {
    match field {
        Field::RefreshToken => Some(ValueKind::RefreshToken),
        Field::ClientId => Some(ValueKind::ClientId),
        Field::ClientSecret => Some(ValueKind::ClientSecret),
        _ => None,
    }
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

/// The members of a document that were meant to set a field which the contents lack: each with its name and its value as JSON.
pub fn in_document<'m>(
    members: impl Iterator<Item = (&'m str, &'m str)> + Clone,
    contents: &Contents,
) -> Vec<Diagnostic> {
    let is_near = |name: &str, json: &str, field: Field| {
        let value = json.trim_matches(QUOTES);
        let key: String = name.chars().filter(|char| !is_invisible(*char)).collect();
        let found = Assignment::named(&key);
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
    /// Of a line in a comment: the first line of a comment of several lines, else 0.
    comment: Option<usize>,
    /// What the value looks like.
    kind: Option<ValueKind>,
    /// The value is a list or an object.
    is_collection: bool,
    /// The key as written has characters that are not visible.
    has_invisible: bool,
}

impl Assignment {
    fn of(line: &str, comment: Option<usize>) -> Option<Assignment> {
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
        let kind = || value_kind::of(value);
        is_set.then(|| Assignment { key: key.to_owned(), written, comment, kind: kind(), is_collection, has_invisible })
    }

    /// A key alone.
    fn named(key: &str) -> Assignment {
        let (key, written) = (key.to_owned(), key.to_owned());
        Assignment { key, written, comment: None, kind: None, is_collection: false, has_invisible: false }
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
            (true, ..) if self.comment == Some(0) => DiagnosticCode::CommentedOut,
            (true, ..) if self.comment.is_some() => {
                DiagnosticCode::InComment { line: self.comment.unwrap_or_default() }
            }
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
