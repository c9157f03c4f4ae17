//! A client library's file as a store: `disk` reads and writes it, a `format` parses and edits it.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use crate::credentials::{Credentials, Field};
use crate::disk::{self, Lock};
use crate::encoding::Encoding;
use crate::error::{Error, Result};
use crate::format::{
    self, ByteOrderMark, Contents, Diagnostic, DiagnosticCode, Format, FormatError, FormatName, IdentityKind,
};
use crate::paths;
use crate::profile::making;
use crate::store::encoding;
use crate::store::file::console::FileOfConsole;
use crate::store::{Change, Fault, Purpose, Store};
use crate::term;

mod console;
mod fix;

pub struct FileStore {
    /// As given: links are followed anew each time.
    path: PathBuf,
    /// Whether it is the file of the section that the named one leads to.
    is_section: bool,
    format: &'static dyn Format,
    purpose: Purpose,
    /// Whether the last change found nothing wrong with any line: then it left none that the library fails on.
    faultless: Cell<bool>,
}

impl FileStore {
    /// Opens the file. `format` comes from `--format` or the profile; without it the file's name and content show it.
    pub fn new(path: &Path, format: Option<FormatName>, purpose: Purpose) -> Result<FileStore> {
        if purpose.is_login() {
            paths::check_new(path)?;
        }
        let body = encoding::peek(&disk::read_bytes(path)?.unwrap_or_default());
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let format = match format {
            Some(format) => {
                check_is_of(path, format, &name, &body)?;
                Some(format::named(format, &name, &body))
            }
            None => format::which(&name, &body),
        };
        let format = format.ok_or_else(|| unknown_format(path, &body))?;
        // .NET reads the section from the file that `configSource` names: that one is read and changed.
        let section = format.file_of_section(&body).and_then(|file| Some(path.parent()?.join(file)));
        let section = section.filter(|file| file.is_file());
        let is_section = section.is_some();
        Ok(FileStore {
            path: section.unwrap_or_else(|| path.to_owned()),
            is_section,
            format,
            purpose,
            faultless: Cell::new(false),
        })
    }

    /// Fails for a file of the Cloud console: what is written into it, nobody finds there, and a login reads it with an option.
    fn check_not_of_console(&self, text: &str) -> Result<()> {
        let file = FileOfConsole::of(text).filter(|file| !file.is_key() || self.format.name() != FormatName::Adc);
        file.map_or(Ok(()), |file| Err(file.in_place_of(&self.path)))
    }

    /// Returns the bytes after the change, and notes for the user.
    fn changed(&self, bytes: &[u8], change: Change) -> Result<(Vec<u8>, Vec<String>)> {
        let (mut encoding, mut body) = encoding::decode(&self.path, bytes, self.format)?;
        self.check_not_of_console(&body)?;
        let mut notes = Vec::new();
        if self.drops_mark(encoding) {
            encoding = Encoding::Utf8;
            notes.push(format!("removed the byte order mark, which the {} does not accept", self.format.reader()));
        }
        if self.purpose == Purpose::LoginReplacingKind {
            let mut after = self.with_path(self.format.read(&body))?.credentials;
            change(&mut after);
            let edit = self.with_path(self.format.comment_out_others(&body, IdentityKind::of(&after)))?;
            body = edit.text;
            notes.extend(edit.notes);
        }
        if !self.purpose.is_login() {
            let mut credentials = self.with_path(self.format.read(&body))?.credentials;
            change(&mut credentials);
            body = self.with_path(self.format.write(&body, &credentials))?;
            if self.purpose == Purpose::Set {
                let edit = self.with_path(self.format.complete(&body))?;
                body = edit.text;
                notes.extend(edit.notes);
            }
        } else {
            let mut conflicts = Ok(());
            let edit = self.with_path(self.format.revise(&body, &mut |contents| {
                // What the program of a connector requires depends on what is set.
                let is_yaml = self.format.name() == FormatName::Python;
                let has_credential = contents.credentials.identity.is_some();
                self.faultless.set(is_yaml && has_credential && contents.diagnostics.is_empty());
                let mut credentials = contents.credentials.clone();
                change(&mut credentials);
                if self.purpose == Purpose::Login {
                    conflicts = self.refuse_conflicts(&body, contents, IdentityKind::of(&credentials));
                }
                conflicts.is_ok().then_some(credentials)
            }))?;
            conflicts?;
            body = edit.text;
            notes.extend(edit.notes);
        }
        let bytes = encoding.bytes(&body).ok_or_else(|| {
            let message = format!("{} is ISO-8859-1 text, which lacks a character of a value", term::path(&self.path));
            Error::parse(message).hint("save it as UTF-8")
        })?;
        Ok((bytes, notes))
    }

    /// Whether a login leaves out the byte order mark, so that the library loads the file.
    fn drops_mark(&self, encoding: Encoding) -> bool {
        self.purpose.is_login()
            && encoding == Encoding::Utf8WithMark
            && self.format.encodings().byte_order_mark != ByteOrderMark::Ignored
    }

    /// Returns the contents of a text after a byte order mark, as the library reads them.
    fn read_behind_mark(&self, text: &str) -> std::result::Result<Contents, FormatError> {
        match self.format.encodings().byte_order_mark {
            ByteOrderMark::Ignored => format::read_with_near_misses(self.format, text),
            ByteOrderMark::LibraryFails => Err(FormatError::at(
                1,
                format!("{} cannot have a byte order mark before its text", self.format.reader()),
            )
            .hint("run `gads-creds doctor --fix`, which removes the byte order mark")),
            ByteOrderMark::SpoilsFirstLine => {
                let (first, rest) = text.split_at(text.find(['\r', '\n']).unwrap_or(text.len()));
                let lost = self.format.read(first)?.credentials;
                let mut contents = format::read_with_near_misses(self.format, rest)?;
                let spoiled = Field::ALL.into_iter().filter(|field| field.get(&lost).is_some()).map(|field| {
                    let key = self.format.key(field).unwrap_or(field.key());
                    Diagnostic::new(1, key, Some(field), DiagnosticCode::ByteOrderMark)
                });
                contents.diagnostics.splice(0..0, spoiled);
                let is_spoiled = |about: &&mut Diagnostic| {
                    about.code == DiagnosticCode::MissingForPython && first.starts_with(&about.key)
                };
                for about in contents.diagnostics.iter_mut().filter(is_spoiled) {
                    *about = Diagnostic::new(1, &about.key, None, DiagnosticCode::ByteOrderMark);
                }
                Ok(contents)
            }
        }
    }

    fn directory(&self) -> Option<&Path> {
        self.path.parent().filter(|directory| !directory.as_os_str().is_empty())
    }

    /// Fails if more than one directory is missing, since such a path is probably mistyped. A library's default
    /// location is exempt.
    fn check_directory(&self) -> Result<()> {
        let Some(above) = self.directory().filter(|directory| !directory.exists()).and_then(Path::parent) else {
            return Ok(());
        };
        if above.exists() || paths::gcloud().is_ok_and(|gcloud| self.path.starts_with(gcloud)) {
            return Ok(());
        }
        let message = format!("no directory {} found for {}", term::path(above), term::path(&self.path));
        Err(Error::io(message).hint(format!("check the path, or create the directory: `{}`", making(above))))
    }

    fn refuse_conflicts(&self, text: &str, contents: &Contents, wanted: IdentityKind) -> Result<()> {
        let Some(conflict) = contents.conflict_with(wanted) else { return Ok(()) };
        let kind = conflict.kind.name();
        let replaced = self.format.comment_out_others(text, wanted);
        let wanted = match wanted {
            IdentityKind::User => "user credential",
            IdentityKind::ServiceAccount => "service account",
        };
        let message = format!(
            "{} uses {kind}: `{}` on line {}",
            term::path(&self.path),
            term::excerpt(&conflict.key),
            conflict.line
        );
        let error = Error::usage(message);
        Err(match replaced {
            Ok(_) => error.hint(format!("add `--replace-kind` to switch it to this {wanted}")),
            // The option would fail as well.
            Err(why) => error.adding(&why.reason).hint(why.hint.unwrap_or_else(|| "name another file".to_owned())),
        })
    }

    /// Adds the path to a format's error.
    fn with_path<T>(&self, result: std::result::Result<T, FormatError>) -> Result<T> {
        result.map_err(|FormatError { line, reason, hint }| {
            let place = line.map(|line| format!("line {line} of ")).unwrap_or_default();
            let message = format!("{place}{}: {reason}", term::path(&self.path));
            let fix =
                || line.map(|line| format!("fix line {line} of {}, or move the file away", term::path(&self.path)));
            Error::parse(message).maybe_hint(hint.or_else(fix))
        })
    }
}

/// Fails if another format than the given one shows, and only that one finds credentials: what is added would spoil the file.
fn check_is_of(path: &Path, given: FormatName, name: &str, text: &str) -> Result<()> {
    let finds = |format: &dyn Format| format.read(text).is_ok_and(|found| found.credentials != Credentials::default());
    let shown = format::which(name, text).filter(|shown| shown.name() != given && finds(*shown));
    let Some(shown) = shown.filter(|_| !finds(format::named(given, name, text))) else { return Ok(()) };
    let (path, reader) = (term::path(path), shown.reader());
    Err(Error::usage(format!("{path} is the file of the {reader}, and the format that is given is `{given}`"))
        .hint(format!("name another file with `--config`, or `--format {}` for this one", shown.name())))
}

/// Returns the error for a file whose format neither its name nor its content shows.
fn unknown_format(path: &Path, text: &str) -> Error {
    FileOfConsole::of(text).map(|file| file.error(path)).unwrap_or_else(|| {
        let names = format::names().join("`, `");
        Error::usage(format!("cannot determine the format of {} from its name", term::path(path)))
            .hint(format!("add `--format` with one of `{names}`"))
    })
}

impl Store for FileStore {
    fn load(&self) -> Result<Contents> {
        let bytes = disk::read_bytes(&self.path)?.unwrap_or_default();
        let (encoding, text) = encoding::decode(&self.path, &bytes, self.format)?;
        self.check_not_of_console(&text)?;
        let mut contents = self.with_path(match encoding {
            Encoding::Utf8WithMark if !self.drops_mark(encoding) => self.read_behind_mark(&text),
            _ => format::read_with_near_misses(self.format, &text),
        })?;
        if contents.credentials.service_account().is_some() {
            contents.unread_token = format::line_with_token(&text);
        }
        contents.file = self.is_section.then(|| self.path.clone());
        Ok(contents)
    }

    fn load_for_faults(&self) -> Result<Option<Contents>> {
        // A large file takes as long to read again as to change.
        if self.faultless.get() { Ok(None) } else { self.load().map(Some) }
    }

    fn preflight(&self, change: Change) -> Result<()> {
        self.check_directory()?;
        disk::preflight_bytes(&self.path, &self.lock()?, &mut |bytes| Ok(self.changed(bytes, change)?.0))
    }

    fn lock_name(&self) -> Result<String> {
        disk::lock_name(&self.path)
    }

    fn update(&self, lock: &Lock, change: Change) -> Result<Vec<String>> {
        // The change may run more than once; only the notes of the run that was written are kept.
        let mut notes = Vec::new();
        self.check_directory()?;
        let missing = self.directory().filter(|directory| !directory.is_dir());
        let more = disk::update_bytes(&self.path, lock, &mut |bytes| {
            let (bytes, new) = self.changed(bytes, change)?;
            notes = new;
            Ok(bytes)
        })?;
        notes.extend(more);
        notes.extend(
            missing.map(|directory| format!("created the directory {}, which did not exist", term::path(directory))),
        );
        Ok(notes)
    }

    fn clear(&self, lock: &Lock) {
        disk::clear(&self.path, lock);
    }

    fn fix(&self, lock: &Lock, fault: Fault) -> Result<Vec<String>> {
        fix::fix(self, lock, fault)
    }

    fn format(&self) -> Option<&'static dyn Format> {
        Some(self.format)
    }

    fn location(&self) -> String {
        term::path(&self.path)
    }
}
