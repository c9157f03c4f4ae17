//! Formats with one `key = value` per line: sets or removes the lines of known keys and keeps all others byte for byte.
//!
//! A [`Dialect`] splits a text into [`Setting`]s as its library does, and encodes values; this file makes a [`Format`] of it. It
//! chooses the line to edit: the one that sets the key, else the commented line of the sample file, else a new one beside the
//! other known keys. A key that two lines set is an error. After every edit the new text is read again: it must have the new
//! values, and every other setting as before.

use std::collections::HashMap;
use std::ops::Range;

use crate::credentials::Credentials;
use crate::format::diagnostic::IfEmpty;
use crate::format::field::{self, Field};
use crate::format::text_edit;
use crate::format::{
    Conflict, ConflictKind, Contents, DefaultLocation, Diagnostic, DiagnosticCode, Edit, Format, FormatError,
    FormatName, IdentityKind, Outcome, is_placeholder,
};

/// The syntax of one library's `key = value` lines.
pub trait Dialect: Sync {
    const NAME: FormatName;
    const READER: &'static str;
    const PLACE: DefaultLocation;
    /// Field, section (`""` where there are none) and key; in the order of a new file.
    const KEYS: &'static [(Field, &'static str, &'static str)];
    /// The text between a key and its value: ` = ` or `=`.
    const ASSIGN: &'static str;
    /// The characters that start a comment.
    const MARKS: &'static [char];
    /// The text before a line that comments it out, as in the sample file.
    const COMMENT: &'static str;
    /// The text that may be before a key: `export `.
    const PREFIX: &'static str = "";
    /// Whether new lines end in LF even in a CRLF file, because CR would be part of the value.
    const LF_ONLY: bool = false;
    /// Keys that the library cannot do without.
    const NEEDED: &'static [Needed] = &[];
    /// The key that says whose credentials these are, with its values for a user and for a service account.
    const MODE: Option<(&'static str, [&'static str; 2])> = None;

    fn fits(file_name: &str) -> bool;

    /// Splits the lines as the library does.
    fn document<'t>(lines: Vec<&'t str>) -> Result<Document<'t>, FormatError>;

    /// Encodes a value for the file. The error is a reason that follows the key.
    fn encode(value: &str) -> Result<String, &'static str>;

    /// What an empty value does, where that differs from other libraries.
    fn empty(_field: Field) -> Option<IfEmpty> {
        None
    }

    /// Whether this setting switches on another kind of credential.
    fn conflict(setting: &Setting) -> Option<(ConflictKind, Outcome)>;
}

/// A key that the library cannot do without, and what it is set to.
pub struct Needed {
    /// Only beside a service account's key.
    pub for_service_account: bool,
    pub section: &'static str,
    pub key: &'static str,
    pub value: &'static str,
}

/// A text, split by the rules of its library.
#[derive(Default)]
pub struct Document<'t> {
    pub lines: Vec<&'t str>,
    pub settings: Vec<Setting>,
    /// The names of the sections and the lines of their headers, from 0.
    pub sections: Vec<(String, usize)>,
}

/// One key with its value, on one line or several.
pub struct Setting {
    pub section: String,
    pub key: String,
    /// What the library reads; `None` where that is not known, and `flaws` says why.
    pub value: Option<String>,
    pub flaws: Vec<DiagnosticCode>,
    /// Counted from 0.
    pub lines: Range<usize>,
    /// The text before the value, which stays.
    pub before: String,
    /// The text after the value, which stays: a comment.
    pub after: String,
}

impl Setting {
    /// The line number, from 1.
    fn line(&self) -> usize {
        self.lines.start + 1
    }

    pub fn is(&self, section: &str, key: &str) -> bool {
        self.section == section && self.key == key
    }

    fn field<D: Dialect>(&self) -> Option<Field> {
        D::KEYS.iter().find(|(_, section, key)| self.is(section, key)).map(|(field, _, _)| *field)
    }

    fn has_placeholder(&self) -> bool {
        self.value.as_deref().is_some_and(is_placeholder)
    }
}

impl Document<'_> {
    /// The lines of a section, without its header; `None` if there is no such section.
    fn area(&self, section: &str) -> Option<Range<usize>> {
        let end = |from: usize| self.sections.iter().map(|(_, line)| *line).find(|line| *line >= from);
        let start = match section {
            "" => 0,
            _ => self.sections.iter().find(|(name, _)| name == section)?.1 + 1,
        };
        Some(start..end(start).unwrap_or(self.lines.len()))
    }
}

impl<D: Dialect> Format for D {
    fn name(&self) -> FormatName {
        D::NAME
    }

    fn reader(&self) -> &'static str {
        D::READER
    }

    fn default_location(&self) -> DefaultLocation {
        D::PLACE
    }

    fn fits(&self, file_name: &str, _text: &str) -> bool {
        D::fits(file_name)
    }

    fn key(&self, field: Field) -> Option<&'static str> {
        D::KEYS.iter().find(|(of, _, _)| *of == field).map(|(_, _, key)| *key)
    }

    fn read(&self, text: &str) -> Result<Contents, FormatError> {
        let document = D::document(text_edit::split(text))?;
        let mut contents = Contents::default();
        let names = |setting: &'_ Setting| (setting.section.clone(), setting.key.clone());
        let last: HashMap<_, _> = document.settings.iter().map(|setting| (names(setting), setting.line())).collect();
        for setting in &document.settings {
            read_setting::<D>(setting, last[&names(setting)], &mut contents);
        }
        contents.diagnostics.sort_by_key(|diagnostic| diagnostic.line);
        Ok(contents.settle())
    }

    fn write(&self, text: &str, credentials: &Credentials) -> Result<String, FormatError> {
        let new = field::write(self, text, credentials, |text, field, value| {
            let (_, section, key) = D::KEYS.iter().find(|(of, _, _)| *of == field).expect("KEYS has every field");
            set::<D>(text, section, key, value)
        })?;
        let relevant = field::relevant(&self.read(text)?.credentials, credentials);
        if others::<D>(text, &relevant)? != others::<D>(&new, &relevant)? {
            return Err(FormatError::new("cannot be edited without a change to other settings"));
        }
        Ok(new)
    }

    fn make_loadable(&self, text: &str) -> Result<Edit, FormatError> {
        let is_in_the_way = |setting: &Setting| {
            let fatal = |field| matches!(D::empty(field), Some(IfEmpty::LibraryFails | IfEmpty::PythonAndJavaFail));
            setting.has_placeholder() || setting.value.as_deref() == Some("") && setting.field::<D>().is_some_and(fatal)
        };
        let mut edit = comment_out::<D>(text, is_in_the_way)?;
        let of_service_account = self.read(&edit.text)?.credentials.service_account().is_some();
        for Needed { section, key, value, .. } in
            D::NEEDED.iter().filter(|needed| of_service_account || !needed.for_service_account)
        {
            let document = D::document(text_edit::split(&edit.text))?;
            let mut settings = document.settings.iter();
            if !settings.any(|setting| setting.is(section, key) && setting.value.as_deref() != Some("")) {
                edit.text = set::<D>(&edit.text, section, key, Some(value))?;
                edit.notes.push(format!("`{key}` is set to {value}"));
            }
        }
        let Some((key, [of_user, of_account])) = D::MODE else { return Ok(edit) };
        let document = D::document(text_edit::split(&edit.text))?;
        let mode = document.settings.iter().rfind(|setting| setting.is("", key));
        let is =
            |value: &str| mode.and_then(|mode| mode.value.as_deref()).is_some_and(|is| is.eq_ignore_ascii_case(value));
        let wanted = match of_service_account {
            true => (!is(of_account)).then_some(of_account),
            // A user needs none, and the other one would win.
            false => is(of_account).then_some(of_user),
        };
        if let Some(value) = wanted {
            edit.text = set::<D>(&edit.text, "", key, Some(value))?;
            edit.notes.push(format!("`{key}` is set to {value}"));
        }
        Ok(edit)
    }

    fn comment_out_others(&self, text: &str, keep: IdentityKind) -> Result<Edit, FormatError> {
        // A setting that a later line overrides is inactive, unless that line is removed.
        if self.read(text)?.conflict_with(keep).is_none() {
            return Ok(Edit { text: text.to_owned(), notes: Vec::new() });
        }
        comment_out::<D>(text, |setting| {
            let switches = D::conflict(setting).map(|(kind, _)| kind);
            let of_user = setting.field::<D>().is_some_and(Field::is_of_user);
            !setting.has_placeholder()
                && match keep {
                    IdentityKind::User => switches.is_some(),
                    IdentityKind::ServiceAccount => {
                        of_user || switches.is_some_and(|kind| kind != ConflictKind::ServiceAccount)
                    }
                }
        })
    }
}

/// Adds one setting to the contents; of all that set the same key, the one on line `last` counts.
fn read_setting<D: Dialect>(setting: &Setting, last: usize, contents: &mut Contents) {
    let (line, key) = (setting.line(), &setting.key);
    let meant = D::KEYS.iter().find(|(_, _, ours)| ours == key).map(|(field, _, _)| *field);
    let mut diagnostic = |code| contents.diagnostics.push(Diagnostic::new(line, key, meant, code));
    setting.flaws.iter().cloned().for_each(&mut diagnostic);
    if line != last {
        return diagnostic(DiagnosticCode::SetAgain { line: last });
    }
    let field = setting.field::<D>();
    if field.is_none() && setting.has_placeholder() {
        return diagnostic(DiagnosticCode::Placeholder);
    }
    if let Some((kind, outcome)) = D::conflict(setting) {
        contents.conflicts.push(Conflict { kind, key: key.clone(), line, outcome });
    }
    let (Some(field), Some(value)) = (field, &setting.value) else { return };
    match D::empty(field) {
        Some(if_empty) if value.is_empty() => diagnostic(DiagnosticCode::Empty(if_empty)),
        _ => field::take(field, contents, line, key, value),
    }
}

/// What an edit must not change: every other key with its value, in order.
fn others<D: Dialect>(
    text: &str,
    relevant: &impl Fn(Field) -> bool,
) -> Result<Vec<(String, String, Option<String>)>, FormatError> {
    let settings = D::document(text_edit::split(text))?.settings.into_iter();
    let others = settings.filter(|setting| !setting.field::<D>().is_some_and(relevant));
    Ok(others.map(|setting| (setting.section, setting.key, setting.value)).collect())
}

/// Returns the text with these settings commented out.
fn comment_out<D: Dialect>(text: &str, is_meant: impl Fn(&Setting) -> bool) -> Result<Edit, FormatError> {
    let document = D::document(text_edit::split(text))?;
    let meant: Vec<&Setting> = document.settings.iter().filter(|setting| is_meant(setting)).collect();
    let note = |setting: &&Setting| format!("line {}: {} is commented out", setting.line(), field::shown(&setting.key));
    Ok(Edit {
        text: text_edit::comment_out(&document.lines, meant.iter().map(|setting| setting.lines.clone()), D::COMMENT),
        notes: meant.iter().map(note).collect(),
    })
}

/// Returns the text with this key set to the value, or without its line.
fn set<D: Dialect>(text: &str, section: &str, key: &str, value: Option<&str>) -> Result<String, FormatError> {
    let document = D::document(text_edit::split(text))?;
    refuse_doubles(&document, section, key)?;
    let setting = document.settings.iter().find(|setting| setting.is(section, key));
    let Some(value) = value else {
        let range = setting.map_or(0..0, |setting| setting.lines.clone());
        return Ok(text_edit::replace_lines(&document.lines, range, ""));
    };
    let value = D::encode(value).map_err(|reason| FormatError::new(format!("the value for `{key}` {reason}")))?;
    let assigned = format!("{key}{}{value}", D::ASSIGN);
    if let Some(Setting { lines, before, after, .. }) = setting {
        return Ok(replace::<D>(&document.lines, lines.clone(), &format!("{before}{value}{after}")));
    }
    let Some(area) = document.area(section) else { return Ok(add_section::<D>(&document.lines, section, &assigned)) };
    let taken = text_edit::marked(document.lines.len(), document.settings.iter().map(|setting| setting.lines.clone()));
    let is_free = |line: &usize| !taken[*line];
    let sample = |line| Some((line, sample_start::<D>(document.lines[line], key)?));
    if let Some((line, start)) = area.clone().filter(is_free).find_map(sample) {
        return Ok(replace::<D>(&document.lines, line..line + 1, &format!("{start}{assigned}")));
    }
    let ours = |setting: &&Setting| area.contains(&setting.lines.start) && setting.field::<D>().is_some();
    let at = match document.settings.iter().rfind(ours) {
        Some(setting) => setting.lines.end,
        None if section.is_empty() => area.end,
        None => area.start,
    };
    let end = if D::LF_ONLY { "\n" } else { text_edit::end_for(&document.lines, at) };
    Ok(text_edit::insert_line(&document.lines, at, &assigned, end))
}

fn refuse_doubles(document: &Document<'_>, section: &str, key: &str) -> Result<(), FormatError> {
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
fn replace<D: Dialect>(lines: &[&str], range: Range<usize>, new: &str) -> String {
    let end = match text_edit::end(lines[range.end - 1]) {
        "\r\n" if D::LF_ONLY => "\n",
        end => end,
    };
    text_edit::replace_lines(lines, range, &[new, end].concat())
}

/// Returns the text with a new section at its end, after a blank line.
fn add_section<D: Dialect>(lines: &[&str], section: &str, assigned: &str) -> String {
    let end = text_edit::end_for(lines, lines.len());
    let blank = lines.last().is_some_and(|last| !text_edit::content(last).trim().is_empty());
    let gap = if blank { end } else { "" };
    text_edit::insert_line(lines, lines.len(), &format!("{gap}[{section}]{end}{assigned}"), end)
}

/// If the line is the commented line of the sample file for this key, without a value or with a placeholder: the text that stays
/// before the key.
fn sample_start<D: Dialect>(line: &str, key: &str) -> Option<String> {
    let line = text_edit::content(line);
    let commented = line.trim_start();
    let indent = &line[..line.len() - commented.len()];
    let body = commented.strip_prefix(D::MARKS)?.trim_start();
    let (prefix, body) = match body.strip_prefix(D::PREFIX) {
        Some(rest) => (D::PREFIX, rest),
        None => ("", body),
    };
    let value = body.strip_prefix(key)?.trim_start().strip_prefix('=')?.trim().trim_matches(['"', '\'']);
    (value.is_empty() || is_placeholder(value)).then(|| format!("{indent}{prefix}"))
}
