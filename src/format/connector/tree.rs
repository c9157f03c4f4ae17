//! A document as the paths of its values, whatever its syntax is.
//!
//! A path is names with points between them: `credentials.client_id`. In the path of a value, `[0]` is the first element of a
//! list; in a path that is looked for, `*` is every element.

use std::ops::Range;

use crate::format::{Diagnostic, FormatError};

/// A syntax in which a document has values at paths.
pub trait Syntax: Sync {
    /// Every value of the document, in its order; an error for a text that the connector would not read.
    fn values(&self, text: &str) -> Result<Vec<Node>, FormatError>;

    /// Returns the text with this value at the path. What leads there is added where it is missing.
    fn set(&self, text: &str, path: &str, value: Value) -> Result<String, FormatError>;

    /// Returns the text without the value, whose line is commented out if `keep` and the syntax has comments.
    fn remove(&self, text: &str, node: &Node, keep: bool) -> Result<String, FormatError>;

    /// Returns the text with this section commented out, with its header; `None` if the syntax has no comments, or a line of the
    /// section has other values as well.
    fn comment_out_section(&self, _text: &str, _path: &str) -> Option<String> {
        None
    }

    /// What became of a value that was removed and kept as far as possible.
    fn removed(&self) -> &'static str;

    /// What is wrong with a line, whatever its value is.
    fn flaws(&self, _text: &str) -> Vec<Diagnostic> {
        Vec::new()
    }
}

/// One value of a document.
pub struct Node {
    pub path: String,
    /// None for a number, a boolean, JSON's null, or an empty list or section.
    pub text: Option<String>,
    /// From 1.
    pub line: usize,
    /// The value as the document spells it.
    pub raw: String,
    /// The bytes of its name and the value.
    pub member: Range<usize>,
}

impl Node {
    pub fn is(&self, path: &str) -> bool {
        parts_below(&self.path, path) == Some(0)
    }

    /// Whether the value is at the path, or in what is there.
    pub fn is_within(&self, path: &str) -> bool {
        parts_below(&self.path, path).is_some()
    }

    /// Whether the value is in what is at the path.
    pub fn is_below(&self, path: &str) -> bool {
        parts_below(&self.path, path).is_some_and(|parts| parts > 0)
    }

    /// Whether the value is in the place of a section that the path leads through.
    pub fn is_in_the_way_of(&self, path: &str) -> bool {
        !self.is_empty_section() && path.strip_prefix(&self.path).is_some_and(|rest| rest.starts_with('.'))
    }

    /// Python's None, which connectors take for nothing at all.
    pub fn is_null(&self) -> bool {
        self.raw == "null"
    }

    fn is_empty_section(&self) -> bool {
        self.is_null() || self.raw.starts_with('{') && self.is_empty()
    }

    /// Whether nothing is lost if something is written in its place.
    pub fn is_empty(&self) -> bool {
        let inner = self.raw.trim_matches(['{', '}', '[', ']', ' ', '\n', '\r', '\t']);
        self.text.is_none() && (self.is_null() || inner.is_empty())
    }
}

/// How many parts the path of a value has below the one that is looked for; none if it is elsewhere.
pub fn parts_below(path: &str, wanted: &str) -> Option<usize> {
    let mut own = path.split('.');
    for wanted in wanted.split('.') {
        own.next().filter(|own| *own == wanted || wanted == "*" && own.starts_with('['))?;
    }
    Some(own.count())
}

/// What is written.
#[derive(Clone, Copy)]
pub enum Value<'v> {
    Text(&'v str),
    True,
}

/// A name as a part of a path. One that would be read as several parts, or as an element of a list, is never looked for.
pub fn part(name: &str) -> String {
    let is_plain = !name.is_empty() && !name.contains(['.', '[', '*']);
    if is_plain { name.to_owned() } else { format!("\"{}\"", name.replace('.', "\u{b7}")) }
}

/// Adds a part to a path.
pub fn join(path: &str, part: &str) -> String {
    if path.is_empty() { part.to_owned() } else { format!("{path}.{part}") }
}
