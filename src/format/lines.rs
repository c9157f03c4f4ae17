//! Formats with one `key = value` per line: sets or removes the lines of known keys and keeps all others byte for byte.
//!
//! A [`Dialect`] splits a text into [`Setting`]s as its library does, and encodes values; this file makes a [`Format`] of it. It
//! chooses the line to edit: the one that sets the key, else the commented line of the sample file, else a new one beside the
//! other known keys. A key that two lines set is an error. After every edit the new text is read again: it must have the new
//! values, and every other setting as before.

mod account;
mod edit;

use std::collections::HashMap;
use std::ops::Range;

use crate::credentials::Credentials;
use crate::format::diagnostic::{IfEmpty, Reader};
use crate::format::field::{self, Field};
use crate::format::text_edit;
use crate::format::{
    Conflict, ConflictKind, Contents, DefaultLocation, Diagnostic, DiagnosticCode, Edit, Encodings, Format,
    FormatError, FormatName, IdentityKind, Outcome, is_placeholder, is_placeholder_of,
};

use edit::comment_out;
pub use edit::{refuse_doubles, set};

/// The syntax of one library's `key = value` lines.
pub struct Dialect {
    pub name: FormatName,
    pub reader: &'static str,
    pub place: DefaultLocation,
    /// The encodings that the library reads.
    pub encodings: Encodings,
    pub fits: fn(file_name: &str, text: &str) -> bool,
    /// Field, section (`""` where there are none) and key; in the order of a new file.
    pub keys: &'static [(Field, &'static str, &'static str)],
    /// The text between a key and its value: ` = ` or `=`.
    pub assign: &'static str,
    /// The characters that start a comment.
    pub marks: &'static [char],
    /// The text before a line that comments it out, as in the sample file.
    pub comment: &'static str,
    /// The text that may be before a key: `export `.
    pub prefix: &'static str,
    /// Whether new lines end in LF even in a CRLF file, because CR would be part of the value.
    pub lf_only: bool,
    /// For whom a CR at the end of a line is part of the value.
    pub carriage_return: Option<Reader>,
    /// The fields without which the program does not start; those of a user are needed anyway.
    pub required: &'static [Field],
    /// Keys that the library cannot do without.
    pub needed: &'static [Needed],
    /// A key that the Python library requires, and what it takes for a boolean.
    pub flag: Option<Flag>,
    /// The key that says whose credentials these are, with its values for a user and for a service account.
    pub mode: Option<(&'static str, [&'static str; 2])>,
    /// Splits the lines as the library does.
    pub document: for<'t> fn(dialect: &Dialect, lines: Vec<&'t str>) -> Result<Document<'t>, FormatError>,
    /// Encodes a value for the file. The error is a reason that follows the key.
    pub encode: fn(value: &str) -> Result<String, &'static str>,
    /// What an empty value does, where that differs from other libraries.
    pub empty: fn(Field) -> Option<IfEmpty>,
    /// Whether this setting switches on another kind of credential.
    pub conflict: fn(&Setting) -> Option<(ConflictKind, Outcome)>,
}

impl Dialect {
    /// Whether the key is one of a field, in whatever section.
    pub fn has_key(&self, key: &str) -> bool {
        self.keys.iter().any(|(_, _, ours)| *ours == key)
    }

    fn field(&self, setting: &Setting) -> Option<Field> {
        self.keys.iter().find(|(_, section, key)| setting.is(section, key)).map(|(field, _, _)| *field)
    }

    fn has_placeholder(&self, setting: &Setting) -> bool {
        let is_ours = self.has_key(&setting.key) || self.needed.iter().any(|needed| needed.key == setting.key);
        setting.value.as_deref().is_some_and(|value| is_placeholder_of(is_ours, value))
    }

    fn split<'t>(&self, text: &'t str) -> Result<Document<'t>, FormatError> {
        (self.document)(self, text_edit::split(text))
    }
}

/// A boolean's key, and whether a text is one of its values.
type Flag = (&'static str, fn(&str) -> bool);

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

impl Format for Dialect {
    fn name(&self) -> FormatName {
        self.name
    }

    fn reader(&self) -> &'static str {
        self.reader
    }

    fn default_location(&self) -> DefaultLocation {
        self.place
    }

    fn encodings(&self) -> Encodings {
        self.encodings
    }

    fn fits(&self, file_name: &str, text: &str) -> bool {
        (self.fits)(file_name, text)
    }

    fn key(&self, field: Field) -> Option<&'static str> {
        self.keys.iter().find(|(of, _, _)| *of == field).map(|(_, _, key)| *key)
    }

    fn read(&self, text: &str) -> Result<Contents, FormatError> {
        let document = self.split(text)?;
        let mut contents = Contents::default();
        let names = |setting: &'_ Setting| (setting.section.clone(), setting.key.clone());
        let last: HashMap<_, _> = document.settings.iter().map(|setting| (names(setting), setting.line())).collect();
        for setting in &document.settings {
            read_setting(self, setting, last[&names(setting)], &mut contents);
        }
        let is_complete = Field::OF_USER.iter().all(|field| field.get(&contents.credentials).is_some());
        contents.diagnostics.extend(self.flag.filter(|_| is_complete).and_then(|flag| check_flag(&document, flag)));
        field::require(self.required, &mut contents, |field| self.key(field));
        contents.diagnostics.sort_by_key(|diagnostic| diagnostic.line);
        Ok(contents.settle())
    }

    fn write(&self, text: &str, credentials: &Credentials) -> Result<String, FormatError> {
        let new = field::write(self, text, credentials, &|text, field, value| match self
            .keys
            .iter()
            .find(|(of, _, _)| *of == field)
        {
            Some((_, section, key)) => set(self, text, section, key, value),
            None => Ok(text.to_owned()),
        })?;
        let before = self.read(text)?.credentials;
        let relevant = field::relevant(&before, credentials);
        if others(self, text, &relevant)? != others(self, &new, &relevant)? {
            return Err(FormatError::new("cannot be edited without a change to other settings"));
        }
        match before.service_account().is_some() && credentials.identity.is_none() {
            true => account::without_settings(self, &new),
            false => Ok(new),
        }
    }

    fn make_loadable(&self, text: &str) -> Result<Edit, FormatError> {
        let is_in_the_way = |setting: &Setting| {
            let fatal = |field| matches!((self.empty)(field), Some(IfEmpty::LibraryFails | IfEmpty::PythonAndJavaFail));
            self.has_placeholder(setting)
                || setting.value.as_deref() == Some("") && self.field(setting).is_some_and(fatal)
        };
        let mut edit = comment_out(self, text, is_in_the_way)?;
        let of_service_account = self.read(&edit.text)?.credentials.service_account().is_some();
        for Needed { section, key, value, .. } in
            self.needed.iter().filter(|needed| of_service_account || !needed.for_service_account)
        {
            let document = self.split(&edit.text)?;
            let mut settings = document.settings.iter();
            if !settings.any(|setting| setting.is(section, key) && setting.value.as_deref() != Some("")) {
                edit.text = set(self, &edit.text, section, key, Some(value))?;
                edit.notes.push(format!("`{key}` is set to {value}"));
            }
        }
        let Some((key, [of_user, of_account])) = self.mode else { return Ok(edit) };
        let document = self.split(&edit.text)?;
        let mode = document.settings.iter().rfind(|setting| setting.is("", key));
        let is =
            |value: &str| mode.and_then(|mode| mode.value.as_deref()).is_some_and(|is| is.eq_ignore_ascii_case(value));
        let wanted = match of_service_account {
            true => (!is(of_account)).then_some(of_account),
            // A user needs none, and the other one would win.
            false => is(of_account).then_some(of_user),
        };
        if let Some(value) = wanted {
            edit.text = set(self, &edit.text, "", key, Some(value))?;
            edit.notes.push(format!("`{key}` is set to {value}"));
        }
        Ok(edit)
    }

    fn comment_out_placeholders(&self, text: &str) -> Result<Edit, FormatError> {
        comment_out(self, text, |setting| self.has_placeholder(setting))
    }

    fn comment_out_others(&self, text: &str, keep: IdentityKind) -> Result<Edit, FormatError> {
        // A setting that a later line overrides is inactive, unless that line is removed.
        let contents = self.read(text)?;
        if contents.conflict_with(keep).is_none() {
            return Ok(Edit { text: text.to_owned(), notes: Vec::new() });
        }
        let has_account = contents.has_account();
        comment_out(self, text, |setting| {
            let switches = (self.conflict)(setting).map(|(kind, _)| kind);
            let of_user = self.field(setting).is_some_and(Field::is_of_user);
            let of_account = has_account && self.field(setting).is_some_and(Field::is_of_service_account);
            !self.has_placeholder(setting)
                && match keep {
                    IdentityKind::User => of_account || switches.is_some(),
                    IdentityKind::ServiceAccount => {
                        of_user || switches.is_some_and(|kind| kind != ConflictKind::ServiceAccount)
                    }
                }
        })
    }
}

/// What is wrong with the key that the Python library requires; nothing in a file that sets nothing.
fn check_flag(document: &Document, (key, is_boolean): Flag) -> Option<Diagnostic> {
    let last = document.settings.last()?;
    let Some(flag) = document.settings.iter().rfind(|setting| setting.key == key) else {
        return Some(Diagnostic::new(last.line(), key, None, DiagnosticCode::MissingForPython));
    };
    let is_wrong = flag.value.as_deref().is_some_and(|value| !is_boolean(value) && !is_placeholder(value));
    is_wrong.then(|| Diagnostic::new(flag.line(), key, None, DiagnosticCode::NotABoolean))
}

/// Adds one setting to the contents; of all that set the same key, the one on line `last` counts.
fn read_setting(dialect: &Dialect, setting: &Setting, last: usize, contents: &mut Contents) {
    let (line, key) = (setting.line(), &setting.key);
    let meant = dialect.keys.iter().find(|(_, _, ours)| ours == key).map(|(field, _, _)| *field);
    let mut diagnostic = |code| contents.diagnostics.push(Diagnostic::new(line, key, meant, code));
    setting.flaws.iter().cloned().for_each(&mut diagnostic);
    if line != last {
        return diagnostic(DiagnosticCode::SetAgain { line: last });
    }
    let field = dialect.field(setting);
    if field.is_none() && dialect.has_placeholder(setting) {
        return diagnostic(DiagnosticCode::Placeholder);
    }
    if let Some((kind, outcome)) = (dialect.conflict)(setting) {
        contents.conflicts.push(Conflict { kind, key: key.clone(), line, outcome });
    }
    let (Some(field), Some(value)) = (field, &setting.value) else { return };
    match (dialect.empty)(field) {
        Some(if_empty) if value.is_empty() => diagnostic(DiagnosticCode::Empty(if_empty)),
        _ => field::take(field, contents, line, key, value),
    }
}

/// What an edit must not change: every other key with its value, in order.
fn others(
    dialect: &Dialect,
    text: &str,
    relevant: &impl Fn(Field) -> bool,
) -> Result<Vec<(String, String, Option<String>)>, FormatError> {
    let settings = dialect.split(text)?.settings.into_iter();
    let others = settings.filter(|setting| !dialect.field(setting).is_some_and(relevant));
    Ok(others.map(|setting| (setting.section, setting.key, setting.value)).collect())
}
