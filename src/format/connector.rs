//! Files of programs that are not client libraries and want the same values: data pipelines and their connectors.
//!
//! A [`Connector`] is data: a syntax, a path for each field, what else the program asks for. No connector has code of its own.
//! After every edit the new text is read again: it must have the new values, and every other value as before.

mod check;
mod fill;
mod json_tree;
mod key;
mod table;
mod toml_tree;
mod tree;
mod variable;

use crate::credentials::Credentials;
use crate::format::field::{self, Field};
use crate::format::{
    ByteOrderMark, Conflict, ConflictKind, Contents, DefaultLocation, Diagnostic, DiagnosticCode, Edit, Encodings,
    Format, FormatError, FormatName, IdentityKind, Outcome, is_placeholder,
};
use fill::Needed;
pub use table::{AIRBYTE, AIRFLOW, AIRFLOW_VARIABLE, DLT, MELTANO, MUREO, SINGER};
use tree::{Node, Syntax, Value};

/// One program's file.
pub struct Connector {
    name: FormatName,
    reader: &'static str,
    place: DefaultLocation,
    syntax: &'static dyn Syntax,
    /// What one does before the text; no other encoding than UTF-8 is read.
    byte_order_mark: ByteOrderMark,
    /// The ending of the file's name.
    ending: &'static str,
    /// A file name that alone shows the format.
    file_name: Option<&'static str>,
    /// Texts that together show the format in a file with that ending.
    marks: &'static [&'static str],
    /// Where a path that begins with a point goes on from: the first that the file has, else the last.
    bases: &'static [&'static str],
    /// Values with which the program does not read the file.
    refused: &'static [Refused],
    /// A section, and one in it that the program reads first.
    first_read: Option<(&'static str, &'static str)>,
    keys: &'static [(Field, &'static str)],
    /// The fields without which the program does not start; those of a user are needed anyway.
    required: &'static [Field],
    /// What the program needs besides, where it is missing.
    needed: &'static [(&'static str, Needed)],
    /// The paths without which the program does not start, in the section that it reads.
    demanded: &'static [&'static str],
    /// A boolean without which it uses no refresh token.
    flag: Option<&'static str>,
    /// Where the JSON of a service account's key is, as text, if the program reads one.
    key_document: Option<&'static str>,
    /// Paths that switch on another kind of credential.
    conflicts: &'static [(&'static str, ConflictKind, Outcome)],
}

/// A value with which a program does not read the file, alone or beside another one.
struct Refused {
    path: &'static str,
    beside: Option<&'static str>,
    /// Only a text in which this is.
    with: Option<&'static str>,
    reason: &'static str,
    hint: &'static str,
}

/// A text, split into its values.
struct Document {
    values: Vec<Node>,
    base: &'static str,
}

impl Document {
    fn path(&self, path: &str) -> String {
        if path.starts_with('.') { format!("{}{path}", self.base) } else { path.to_owned() }
    }

    fn at<'d>(&'d self, path: &str) -> impl DoubleEndedIterator<Item = &'d Node> + use<'d> {
        let path = self.path(path);
        self.values.iter().filter(move |node| node.is(&path) && !node.is_null())
    }
}

impl Connector {
    fn document(&self, text: &str) -> Result<Document, FormatError> {
        let values = self.syntax.values(text)?;
        let last = self.bases.last().copied().unwrap_or_default();
        let has = |path: &str| values.iter().find(|node| node.is_within(path));
        for Refused { path, beside, with, reason, hint } in self.refused {
            let is_meant = |node: &Node| match with {
                Some(part) => node.is(path) && node.text.as_deref().is_some_and(|text| text.contains(part)),
                None => true,
            };
            let found = has(path).filter(|node| is_meant(node));
            if let (Some(node), true) = (found, beside.is_none_or(|other| has(other).is_some())) {
                return Err(FormatError::at(node.line, format!("`{}` {reason}", name(path))).hint(*hint));
            }
        }
        let is_there = |base: &&&'static str| has(base).is_some();
        let base = self.bases.iter().find(is_there).copied().unwrap_or(last);
        Ok(Document { values, base })
    }

    fn path(&self, field: Field) -> Option<&'static str> {
        self.keys.iter().find(|(of, _)| *of == field).map(|(_, path)| *path)
    }

    fn read_field(&self, document: &Document, field: Field, path: &str, contents: &mut Contents) {
        let found: Vec<&Node> = document.at(path).filter(|node| !self.is_needed(path, node)).collect();
        let key = name(path);
        let mut diagnostic =
            |node: &Node, code| contents.diagnostics.push(Diagnostic::new(node.line, key, Some(field), code));
        let Some((last, before)) = found.split_last() else {
            let path = document.path(path);
            if self.key_node(document).is_some() && check::is_in_place_of_key(&path, self.key_document, field) {
                return;
            }
            if let Some(node) = document.values.iter().find(|node| node.is_in_the_way_of(&path)) {
                contents.diagnostics.push(Diagnostic::new(
                    node.line,
                    name(&node.path),
                    Some(field),
                    DiagnosticCode::NotASection,
                ));
            }
            return;
        };
        for node in before {
            match path.contains('*') {
                false => diagnostic(node, DiagnosticCode::SetAgain { line: last.line }),
                true if node.text == last.text => {}
                true => return diagnostic(last, DiagnosticCode::Differs { line: node.line }),
            }
        }
        match &last.text {
            Some(text) => field::take(field, contents, last.line, key, text),
            // The program makes it a text.
            None if field.is_customer_id() && field.set(&mut contents.credentials, Some(&last.raw)) => {
                diagnostic(last, DiagnosticCode::UnquotedNumber);
            }
            None => diagnostic(last, DiagnosticCode::WrongType(crate::format::diagnostic::Type::NotAString)),
        }
    }

    /// Whether this is the empty text without which the program does not start.
    fn is_needed(&self, path: &str, node: &Node) -> bool {
        let is_text = |(needed, value): &(&str, Needed)| *needed == path && matches!(value, Needed::Text(""));
        node.text.as_deref() == Some("") && self.needed.iter().any(is_text)
    }

    /// What an edit must not change: every value that is not of one of the fields.
    fn others(&self, text: &str) -> Result<Vec<(String, String)>, FormatError> {
        let document = self.document(text)?;
        let keys = self.keys.iter().map(|(_, path)| *path).chain(self.key_document);
        let ours: Vec<String> = keys.map(|path| document.path(path)).collect();
        let others =
            document.values.into_iter().filter(|node| !ours.iter().any(|path| node.is(path)) && !node.is_empty());
        Ok(others.map(|node| (node.path, node.raw)).collect())
    }

    fn change(&self, text: &str, path: &str, value: Option<&str>) -> Result<String, FormatError> {
        let document = self.document(text)?;
        if let Some(value) = value {
            let path = document.path(path);
            // An empty list or section is replaced.
            if let Some(node) = document.values.iter().find(|node| node.is_below(&path) && !node.is_empty()) {
                let reason = format!("`{}` is a list or a section, not a string", name(&path));
                return Err(FormatError::at(node.line, reason));
            }
            let found: Vec<&Node> = document.at(&path).collect();
            if let (true, [first, .., last]) = (path.contains('*'), &found[..])
                && found.iter().any(|node| node.text != first.text)
            {
                return Err(FormatError::at(last.line, format!("`{}` differs from line {}", name(&path), first.line))
                    .hint("change those lines by hand"));
            }
            return self.syntax.set(text, &path, Value::Text(value));
        }
        let mut text = text.to_owned();
        // From the last to the first, so that the places before stay.
        for node in document.at(path).rev() {
            text = self.syntax.remove(&text, node, false)?;
        }
        Ok(text)
    }

    /// Returns the text without these values, kept as comments where the syntax has some.
    fn take_out(&self, text: &str, is_meant: impl Fn(&Document, &Node) -> bool) -> Result<Edit, FormatError> {
        let document = self.document(text)?;
        let mut edit = Edit { text: text.to_owned(), notes: Vec::new() };
        for node in document.values.iter().rev().filter(|node| is_meant(&document, node)) {
            edit.text = self.syntax.remove(&edit.text, node, true)?;
            let (key, what) = (field::shown(name(&node.path)), self.syntax.removed());
            edit.notes.insert(0, format!("line {}: {key} {what}", node.line));
        }
        Ok(edit)
    }
}

const CHANGES_OTHERS: &str = "cannot be edited without a change to other values";

/// The last name of a path.
fn name(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

impl Format for Connector {
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
        Encodings { byte_order_mark: self.byte_order_mark, ..Encodings::UTF8 }
    }

    fn fits(&self, file_name: &str, text: &str) -> bool {
        let is_marked = || self.marks.iter().all(|mark| text.contains(mark));
        self.file_name == Some(file_name) || file_name.ends_with(self.ending) && is_marked()
    }

    fn holds(&self, credentials: &Credentials) -> Credentials {
        let has_no_key = |field: &Field| self.key(*field).is_none() && !(*field == Field::KeyFile && self.holds_key());
        let mut held = credentials.clone();
        for field in Field::ALL.into_iter().filter(has_no_key) {
            field.set(&mut held, None);
        }
        held
    }

    fn holds_key(&self) -> bool {
        self.key_document.is_some()
    }

    fn key(&self, field: Field) -> Option<&'static str> {
        self.path(field).map(|path| path.trim_start_matches('.'))
    }

    fn read(&self, text: &str) -> Result<Contents, FormatError> {
        let document = self.document(text)?;
        let mut contents = Contents { diagnostics: self.syntax.flaws(text), ..Contents::default() };
        for (field, path) in self.keys {
            self.read_field(&document, *field, path, &mut contents);
        }
        self.read_key(&document, &mut contents);
        for (path, kind, outcome) in self.conflicts {
            let is_set =
                |node: &&Node| node.text.as_deref().is_some_and(|text| !text.is_empty() && !is_placeholder(text));
            contents.conflicts.extend(document.at(path).find(is_set).map(|node| Conflict {
                kind: *kind,
                key: name(&node.path).to_owned(),
                line: node.line,
                outcome: match contents.credentials.refresh_token() {
                    // Nothing is there that could be used instead.
                    None => Outcome::ConflictWins,
                    Some(_) => *outcome,
                },
            }));
        }
        field::require(self.required, &mut contents, |field| self.path(field).map(name));
        self.check(&document, &mut contents);
        contents.diagnostics.sort_by_key(|diagnostic| diagnostic.line);
        Ok(contents.settle())
    }

    fn write(&self, text: &str, credentials: &Credentials) -> Result<String, FormatError> {
        let with_key = self.change_key(text, credentials)?;
        let new = field::write(self, &with_key, credentials, &|text, field, value| match self.path(field) {
            Some(path) => self.change(text, path, value),
            None => Ok(text.to_owned()),
        })?;
        if self.others(text)? != self.others(&new)? {
            return Err(FormatError::new(CHANGES_OTHERS));
        }
        Ok(new)
    }

    fn make_loadable(&self, text: &str) -> Result<Edit, FormatError> {
        let mut edit = self.comment_out_placeholders(text)?;
        let filled = self.fill(&edit.text)?;
        edit.notes.extend(filled.notes);
        Ok(Edit { text: filled.text, ..edit })
    }

    fn complete(&self, text: &str) -> Result<Edit, FormatError> {
        self.fill(text)
    }

    fn comment_out_placeholders(&self, text: &str) -> Result<Edit, FormatError> {
        self.take_out(text, |document, node| {
            let is_ours = self.keys.iter().any(|(_, path)| node.is(&document.path(path)));
            is_ours && node.text.as_deref().is_some_and(is_placeholder)
        })
    }

    fn comment_out_others(&self, text: &str, keep: IdentityKind) -> Result<Edit, FormatError> {
        let contents = self.read(text)?;
        if contents.conflict_with(keep).is_none() {
            return Ok(Edit { text: text.to_owned(), notes: Vec::new() });
        }
        if keep == IdentityKind::ServiceAccount {
            let section = self.key_document.and_then(|path| self.syntax.comment_out_section(text, path));
            if let Some(new) = section {
                let line = contents.user_at.map_or(1, |(line, _)| line);
                let note = format!("line {line}: the section of the user's credential is commented out");
                return Ok(Edit { text: new, notes: vec![note] });
            }
            let line = contents.user_at.map(|(line, _)| line);
            let reason = "a user's credential is in the section in whose place the key would be";
            return Err(
                FormatError { line, ..FormatError::new(reason) }.hint("remove that section, or name another file")
            );
        }
        let paths = self.conflicts.iter().map(|(path, ..)| *path);
        self.take_out(text, |document, node| {
            paths.clone().any(|path| node.is(&document.path(path)))
                || self.key_node(document).is_some_and(|key| key.path == node.path)
        })
    }
}
