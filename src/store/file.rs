//! A client library's file as a store: `disk` reads and writes it, a `format` spells it.

use std::path::{Path, PathBuf};

use crate::disk::{self, Lock};
use crate::error::{Error, Result};
use crate::format::{self, Contents, Format, FormatError, FormatName, IdentityKind};
use crate::paths;
use crate::profile::quoted;
use crate::store::{Change, Purpose, Store};
use crate::term;

/// What Windows programs put before the first character of a text; no library counts it.
const BYTE_ORDER_MARK: &str = "\u{feff}";

pub struct FileStore {
    /// As it was given: links are followed anew each time.
    path: PathBuf,
    format: &'static dyn Format,
    purpose: Purpose,
}

impl FileStore {
    /// `format` is the one given with `--format` or by the profile; without it the file's name and content tell.
    pub fn new(path: &Path, format: Option<FormatName>, purpose: Purpose) -> Result<FileStore> {
        let text = disk::read(path)?.unwrap_or_default();
        let (_, body) = split(&text);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let format = match format {
            Some(format) => Some(format::named(format, &name, body)),
            None => format::which(&name, body),
        };
        let names = format::names().join("`, `");
        let format = format.ok_or_else(|| {
            Error::usage(format!("cannot tell the format of {} from its name", term::path(path)))
                .hint(format!("add `--format` with one of `{names}`"))
        })?;
        Ok(FileStore { path: path.to_owned(), format, purpose })
    }

    /// The text after the change, and what to tell the user about it.
    fn changed(&self, text: &str, change: Change) -> Result<(String, Vec<String>)> {
        let (mark, body) = split(text);
        let mut body = body.to_owned();
        let mut notes = Vec::new();
        if self.purpose == Purpose::LoginReplacingKind {
            let mut after = self.said(self.format.read(&body))?.credentials;
            change(&mut after);
            let edit = self.said(self.format.comment_out_others(&body, IdentityKind::of(&after)))?;
            body = edit.text;
            notes.extend(edit.notes);
        }
        if self.purpose == Purpose::Update {
            let mut credentials = self.said(self.format.read(&body))?.credentials;
            change(&mut credentials);
            body = self.said(self.format.write(&body, &credentials))?;
        } else {
            let mut conflicts = Ok(());
            let edit = self.said(self.format.revise(&body, &mut |contents| {
                let mut credentials = contents.credentials.clone();
                change(&mut credentials);
                if self.purpose == Purpose::Login {
                    conflicts = self.refuse_conflicts(contents, IdentityKind::of(&credentials));
                }
                conflicts.is_ok().then_some(credentials)
            }))?;
            conflicts?;
            body = edit.text;
            notes.extend(edit.notes);
        }
        Ok((format!("{mark}{body}"), notes))
    }

    fn directory(&self) -> Option<&Path> {
        self.path.parent().filter(|directory| !directory.as_os_str().is_empty())
    }

    /// Fails where more than one directory is missing: such a path is mistyped rather than meant. Where a library looks by
    /// default is no such path.
    fn check_directory(&self) -> Result<()> {
        let Some(above) = self.directory().filter(|directory| !directory.exists()).and_then(Path::parent) else {
            return Ok(());
        };
        if above.exists() || paths::gcloud().is_ok_and(|gcloud| self.path.starts_with(gcloud)) {
            return Ok(());
        }
        let message = format!("no directory {} found for {}", term::path(above), term::path(&self.path));
        Err(Error::io(message).hint(format!("check the path, or make the directory: `mkdir -p {}`", quoted(above))))
    }

    fn refuse_conflicts(&self, contents: &Contents, wanted: IdentityKind) -> Result<()> {
        let Some(conflict) = contents.conflict_with(wanted) else { return Ok(()) };
        let kind = conflict.kind.name();
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
        Err(Error::usage(message).hint(format!("add `--replace-kind` to switch it to this {wanted}")))
    }

    /// A format's refusal with the path it does not know.
    fn said<T>(&self, answer: std::result::Result<T, FormatError>) -> Result<T> {
        answer.map_err(|FormatError { line, reason, hint }| {
            let place = line.map(|line| format!(" line {line}")).unwrap_or_default();
            let message = format!("{}{place}: {reason}", term::path(&self.path));
            let fix =
                || line.map(|line| format!("fix line {line} of {}, or move the file away", term::path(&self.path)));
            Error::parse(message).maybe_hint(hint.or_else(fix))
        })
    }
}

impl Store for FileStore {
    fn load(&self) -> Result<Contents> {
        let text = disk::read(&self.path)?.unwrap_or_default();
        let (_, body) = split(&text);
        self.said(format::read_with_near_misses(self.format, body))
    }

    fn preflight(&self, change: Change) -> Result<()> {
        self.check_directory()?;
        disk::preflight(&self.path, &self.lock()?, &mut |text| Ok(self.changed(text, change)?.0))
    }

    fn lock_name(&self) -> Result<String> {
        disk::lock_name(&self.path)
    }

    fn update(&self, lock: &Lock, change: Change) -> Result<Vec<String>> {
        // The change may run more than once; only the notes of the run that was written count.
        let mut notes = Vec::new();
        self.check_directory()?;
        let missing = self.directory().filter(|directory| !directory.is_dir());
        let more = disk::update(&self.path, lock, &mut |text| {
            let (text, said) = self.changed(text, change)?;
            notes = said;
            Ok(text)
        })?;
        notes.extend(more);
        notes.extend(
            missing.map(|directory| format!("made the directory {}, which did not exist", term::path(directory))),
        );
        Ok(notes)
    }

    fn clear(&self, lock: &Lock) {
        disk::clear(&self.path, lock);
    }

    fn format(&self) -> Option<&'static dyn Format> {
        Some(self.format)
    }

    fn location(&self) -> String {
        term::plain_path(&self.path)
    }
}

/// The byte-order mark, if there is one, and the text behind it.
fn split(text: &str) -> (&'static str, &str) {
    match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(body) => (BYTE_ORDER_MARK, body),
        None => ("", text),
    }
}
