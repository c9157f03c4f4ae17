//! What the first reader saw in a text: the entries that matter, and a digest of everything.
//!
//! Entries this program may touch or must warn of are kept with their places in bytes; of all others there is a digest and
//! the steps of the walk, so that another text can be compared without building either. [`super::walk`] fills it in.

use std::hash::RandomState;
use std::ops::Range;

use granit_parser::ScalarStyle;

use crate::format::is_placeholder;

use super::resolve::Type;

/// The first reader's view of a text.
#[derive(Clone, Debug)]
pub struct Document {
    pub root: Root,
    /// The entries of the top level that matter here: known keys, and values that are placeholders.
    pub entries: Vec<Entry>,
    /// Every entry of the top level, in order.
    pub shape: Vec<Shape>,
    /// What the walk met inside the values of the top level.
    pub steps: Vec<Step>,
    /// Known keys below the top level: line, key, and the top-level key they stand under.
    pub nested: Vec<(usize, String, String)>,
    /// The first tab between the tokens, and the key it stands behind: libyaml passes over it, PyYAML fails.
    pub tab: Option<(usize, String)>,
    /// Where a line can be appended: before the `...` that ends the document, or at the end of the text.
    pub end: usize,
    /// Makes digests comparable between two texts, and unpredictable to whoever wrote them.
    pub digests: RandomState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// No value at all, or comments only.
    Empty,
    /// `key: value` lines, the first key at this offset.
    Block { first: usize },
    /// `{key: value}`, from this line on.
    Flow { line: usize },
}

/// One entry of the top level, by digests.
#[derive(Clone, Debug)]
pub struct Shape {
    pub key: u64,
    /// The first of its value's steps.
    pub first_step: usize,
    /// The texts of its value, one after the other.
    pub inside: u64,
}

/// One event of the walk; a scalar's text goes into the digest beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Scalar,
    /// Not followed: following is what bombs wait for.
    Alias,
    List,
    Mapping,
    End,
}

/// One entry of the top level that matters here.
#[derive(Clone, Debug)]
pub struct Entry {
    pub key: String,
    /// Its place among all entries of the top level, from 0.
    pub index: usize,
    /// From 1.
    pub line: usize,
    pub key_span: Range<usize>,
    pub value: Value,
    pub value_span: Range<usize>,
    /// The value, or the key, has an anchor or a tag, which the spans leave out.
    pub dressed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Scalar(Scalar),
    /// An alias; with the scalar it stands for, if it is one.
    Alias(Option<Scalar>),
    Collection,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    pub text: String,
    pub style: ScalarStyle,
    /// The type to PyYAML; `None` where a tag decides that this program does not know.
    pub kind: Option<Type>,
    /// As a key, it brings in the keys of another mapping.
    pub merges: bool,
}

impl Document {
    /// The entry of this key that counts: PyYAML takes the last.
    pub fn last(&self, key: &str) -> Option<&Entry> {
        self.all(key).next_back()
    }

    /// Every entry of this key.
    pub fn all(&self, key: &str) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.key == key)
    }
}

impl Entry {
    /// The value's scalar, directly or through an alias.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            Value::Alias(target) => target.as_ref(),
            Value::Collection => None,
        }
    }

    pub fn is_placeholder(&self) -> bool {
        self.scalar().is_some_and(|scalar| is_placeholder(&scalar.text))
    }

    pub fn is_null(&self) -> bool {
        self.scalar().is_some_and(|scalar| scalar.kind == Some(Type::Null))
    }
}
