//! What a program needs besides the credentials, added where nothing is in its place.

use crate::credentials::project_number;
use crate::format::connector::tree::{Node, Value, parts_below};
use crate::format::connector::{CHANGES_OTHERS, Connector, name};
use crate::format::field::Field;
use crate::format::{Edit, Format, FormatError, is_placeholder};

/// The value of something that a program needs besides the credentials.
pub enum Needed {
    Text(&'static str),
    True,
    /// The number of the Cloud project to which the client belongs.
    Project,
    /// The same as this field.
    Same(Field),
}

impl Connector {
    /// Returns the text with what the program needs besides, where it has a credential and nothing is in its place.
    pub fn fill(&self, text: &str) -> Result<Edit, FormatError> {
        let mut edit = Edit { text: text.to_owned(), notes: Vec::new() };
        let credentials = self.read(text)?.credentials;
        if credentials.identity.is_none() {
            return Ok(edit);
        }
        let mut filled = Vec::new();
        for (path, needed) in self.needed {
            let document = self.document(&edit.text)?;
            let value = match needed {
                Needed::Text(text) => Some(Value::Text(text)),
                Needed::True => Some(Value::True),
                Needed::Project => credentials.client_id().and_then(project_number).map(Value::Text),
                Needed::Same(field) => field.get(&credentials).map(Value::Text),
            };
            let path = document.path(path);
            let is_filled = |node: &Node| {
                !node.is_null() && !node.text.as_deref().is_some_and(is_placeholder) && node.is_within(&path)
            };
            let (false, Some(value)) = (document.values.iter().any(is_filled), value) else { continue };
            edit.text = self.syntax.set(&edit.text, &path, value)?;
            let shown = match value {
                Value::Text(text) => format!("\"{text}\""),
                Value::True => "true".to_owned(),
            };
            edit.notes.push(format!("`{}` is set to {shown}", name(&path)));
            filled.push(path);
        }
        let is_filled = |path: &str| filled.iter().any(|filled| parts_below(path, filled) == Some(0));
        let others = |text: &str| -> Result<Vec<_>, FormatError> {
            Ok(self.others(text)?.into_iter().filter(|(path, _)| !is_filled(path)).collect())
        };
        if others(text)? != others(&edit.text)? || self.read(&edit.text)?.credentials != credentials {
            return Err(FormatError::new(CHANGES_OTHERS));
        }
        Ok(edit)
    }
}
