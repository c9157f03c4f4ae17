//! The configuration files of Google's client libraries, and of other programs that want the same values.
//!
//! A [`Format`] is pure: text in, text out. It reads what its library reads, and it changes only the lines of the credentials:
//! comments, order, indentation and line ends stay byte for byte. A text that cannot be edited safely is an error with its line
//! and reason, never with a value. The caller removes a byte order mark before, and restores it after.
//!
//! A connector is an entry in the table of `connector`, a new library's format is a new file; both have a
//! line in [`FORMATS`] and a name in [`FormatName`]. `tests/it/formats/every_format.rs` has the laws that all of them obey: `read(write(text, c)) == c`; writing twice changes nothing; comments and unknown keys stay.

use std::path::PathBuf;

use crate::credentials::Credentials;
use crate::error::Error;
use crate::syntax_cause::{self, Syntax};
use crate::value_kind;

mod adc;
mod connector;
mod contents;
pub mod diagnostic;
mod dotnet;
mod dotnet_json;
mod dotnet_xml;
mod encodings;
mod env;
mod field;
mod java;
mod json;
mod lines;
mod name;
mod near_miss;
mod perl;
mod php;
mod ruby;
mod shown;
mod text_edit;
mod unread;
mod yaml;

pub use crate::credentials::{Field, IdentityKind};
pub use contents::{Conflict, ConflictKind, Contents, Outcome};
pub use diagnostic::{Diagnostic, DiagnosticCode, Severity};
pub use encodings::{ByteOrderMark, Encodings, Latin1};
pub use name::{FormatName, UnknownFormat};
pub use near_miss::in_document as misspelled_members;
pub use shown::Shown;
pub use unread::line_with_token;
pub use value_kind::is_placeholder;

/// One client library's configuration file.
pub trait Format: Sync {
    fn name(&self) -> FormatName;

    /// Who reads the file, for messages: `Python library`.
    fn reader(&self) -> &'static str;

    /// Where that library looks by default.
    fn default_location(&self) -> DefaultLocation;

    /// The encodings that the library reads.
    fn encodings(&self) -> Encodings {
        Encodings::UTF8
    }

    /// Whether a file of this name and content is of this format; `text` is empty for a file that does not exist.
    fn fits(&self, file_name: &str, text: &str) -> bool;

    /// The part of these credentials that a file of this format has a place for; by default what it has a key for.
    /// [`Format::write`] omits the rest, except for a service account, for which it returns an error.
    fn holds(&self, credentials: &Credentials) -> Credentials {
        let mut held = credentials.clone();
        for field in Field::ALL.into_iter().filter(|field| self.key(*field).is_none()) {
            field.set(&mut held, None);
        }
        held
    }

    /// The library's key for this field, as its file spells it; `None` if the format has no place for it.
    fn key(&self, field: Field) -> Option<&'static str>;

    /// Whether a file of this format has a place for a service account.
    fn has_place_for_service_account(&self) -> bool {
        self.holds_key() || self.key(Field::KeyFile).is_some()
    }

    /// Whether a file has a service account's key itself, where others have its path.
    fn holds_key(&self) -> bool {
        false
    }

    /// The path of the file in which the section is, from the directory of this one; none if it is in this one.
    fn file_of_section(&self, _text: &str) -> Option<PathBuf> {
        None
    }

    /// Reads the text as the library does. An empty text is an empty record.
    fn read(&self, text: &str) -> Result<Contents, FormatError>;

    /// Returns the text with exactly these credentials: the line of a field that is `None` is removed, that of a field with the
    /// same value stays. A placeholder or an unusable value stays if its field is `None`. An empty text becomes a new file.
    fn write(&self, text: &str, credentials: &Credentials) -> Result<String, FormatError>;

    /// Returns the text with what the library needs besides the credentials, and with placeholders commented out.
    fn make_loadable(&self, text: &str) -> Result<Edit, FormatError>;

    /// Returns the text with what a program needs besides and that follows from the credentials: an edit of them makes it
    /// necessary. Nothing for a library.
    fn complete(&self, text: &str) -> Result<Edit, FormatError> {
        Ok(Edit { text: text.to_owned(), notes: Vec::new() })
    }

    /// Returns the text with every line that still holds a placeholder commented out; JSON has no comments, so there it is
    /// removed.
    fn comment_out_placeholders(&self, text: &str) -> Result<Edit, FormatError>;

    /// Returns the text with every other kind of credential commented out.
    fn comment_out_others(&self, text: &str, keep: IdentityKind) -> Result<Edit, FormatError>;

    /// Returns a new file with these credentials that the library loads.
    fn new_file(&self, credentials: &Credentials) -> Result<String, FormatError> {
        Ok(self.make_loadable(&self.write("", credentials)?)?.text)
    }

    /// Does what a login does to a file: `decide` gets the contents and returns the credentials to write, or `None` to change
    /// nothing; then the file is made loadable. The same as [`Format::read`], [`Format::write`] and [`Format::make_loadable`] one
    /// after the other, for a format that can do it with less parsing.
    fn revise(&self, text: &str, decide: &mut Decide) -> Result<Edit, FormatError> {
        match decide(&self.read(text)?) {
            Some(credentials) => self.make_loadable(&self.write(text, &credentials)?),
            None => Ok(Edit { text: text.to_owned(), notes: Vec::new() }),
        }
    }
}

/// Returns the credentials to write into a file with these contents; `None` to change nothing.
pub type Decide<'d> = dyn FnMut(&Contents) -> Option<Credentials> + 'd;

/// Where a library looks for its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultLocation {
    /// In the home directory.
    Home(&'static str),
    /// In gcloud's directory.
    Gcloud(&'static str),
    /// In the current directory.
    Here(&'static str),
    /// Nowhere: the program that uses the library names the file.
    Nowhere,
}

/// A changed text, and a note on each change with line and key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    pub text: String,
    pub notes: Vec<String>,
}

/// Why a text cannot be read or edited. The caller adds the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// From 1, if it is about one line.
    pub line: Option<usize>,
    /// A fact, lower case, no full stop, and never a value: `two lines set refresh_token`.
    pub reason: String,
    /// The next step for the owner of the file, if one is known.
    pub hint: Option<String>,
}

impl FormatError {
    pub fn at(line: usize, reason: impl Into<String>) -> FormatError {
        FormatError { line: Some(line), reason: reason.into(), hint: None }
    }

    pub fn new(reason: impl Into<String>) -> FormatError {
        FormatError { line: None, reason: reason.into(), hint: None }
    }

    /// The same error with the next step.
    pub fn hint(mut self, hint: impl Into<String>) -> FormatError {
        self.hint = Some(hint.into());
        self
    }

    /// The same error with what the line is in place of what it was meant to be, or the whole text.
    fn explained(self, text: &str, syntax: Syntax) -> FormatError {
        if let Some((what, step)) = syntax_cause::of_document(text) {
            return FormatError::new(what).hint(step);
        }
        match self.line.and_then(|line| syntax_cause::of_line(text, line, syntax)) {
            Some((line, cause)) => {
                FormatError { line: Some(line), reason: format!("{}: it {cause}", self.reason), ..self }
            }
            None => self,
        }
    }

    /// The error as a command reports it: `what` is what could not be done.
    pub fn when(self, what: impl std::fmt::Display) -> Error {
        Error::parse(format!("{what}: {}", self.reason)).maybe_hint(self.hint)
    }
}

/// Every format; of two that share a name, the first that fits the file is used.
pub const FORMATS: &[&dyn Format] = &[
    &yaml::Yaml,
    &java::JAVA,
    &php::PHP,
    &ruby::Ruby,
    &perl::PERL,
    &dotnet_json::AppSettings,
    &dotnet_xml::AppConfig,
    &adc::Adc,
    // Before the format that any file of that name fits.
    &connector::MELTANO,
    &env::ENV,
    &connector::DLT,
    &connector::AIRBYTE,
    &connector::SINGER,
    &connector::AIRFLOW,
    // After `env`, which any other file of that name fits.
    &connector::AIRFLOW_VARIABLE,
    &connector::MUREO,
];

/// The format that the name or the content of a file shows.
pub fn which(file_name: &str, text: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.fits(file_name, text))
}

/// The format of this name; of two that share it, the one that fits the file, else the first.
pub fn named(name: FormatName, file_name: &str, text: &str) -> &'static dyn Format {
    let mut candidates = FORMATS.iter().copied().filter(|format| format.name() == name);
    let first = candidates.clone().next().expect("FORMATS has every name");
    candidates.find(|format| format.fits(file_name, text)).unwrap_or(first)
}

/// The names for `--format`.
pub fn names() -> [&'static str; FormatName::ALL.len()] {
    FormatName::ALL.map(FormatName::as_str)
}

/// Reads the text as the library does, and finds the lines that were meant to set what is missing.
pub fn read_with_near_misses(format: &dyn Format, text: &str) -> Result<Contents, FormatError> {
    let mut contents = format.read(text)?;
    near_miss::add(text, &mut contents, format);
    Ok(contents)
}

/// Whether the value of a key is a placeholder. Of another program's key only those of Google's sample files are known to be:
/// in a shared file `changeme` may be what that program wants.
fn is_placeholder_of(is_ours: bool, value: &str) -> bool {
    if is_ours { is_placeholder(value) } else { value_kind::is_sample(value) }
}
