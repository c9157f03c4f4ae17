//! A parsed google-ads.yaml: the entries that matter, and a digest of everything.
//!
//! Entries that this program may edit or warn of are kept with their byte ranges; of all others there is a digest and the steps
//! of the parse, so that another text can be compared without a tree of either. [`super::walk`] builds it.

use std::hash::RandomState;
use std::ops::Range;

use granit_parser::ScalarStyle;

use crate::format::diagnostic::Refusal;
use crate::format::is_placeholder_of;

use super::keys::is_known;
use super::resolve::Type;

/// A document as the first parser reads it.
#[derive(Clone, Debug)]
pub struct Document {
    pub root: Root,
    /// The entries of the top level that matter here: known keys, and values that are placeholders.
    pub entries: Vec<Entry>,
    /// Every entry of the top level, in order.
    pub shape: Vec<Shape>,
    /// The events inside the values of the top level.
    pub steps: Vec<Step>,
    /// Known keys below the top level: line, key, and the top-level key above it.
    pub nested: Vec<(usize, String, String)>,
    /// Nodes on which PyYAML rejects the whole file: line, and the key of the top level.
    pub refusals: Vec<(usize, String, Refusal)>,
    /// The first tab between tokens, and the key before it: libyaml skips it, PyYAML fails.
    pub tab: Option<(usize, String)>,
    /// Where a line can be appended: before the `...` that ends the document, or at the end of the text.
    pub end: usize,
    /// The keys of the digests: the same for two texts that are compared, and unpredictable to their author.
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
    /// The digest of the scalars of its value, in order.
    pub inside: u64,
}

/// One event of the parse. The text of a scalar is in the digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Scalar,
    /// Not followed, since an alias can multiply the document.
    Alias,
    List,
    Mapping,
    End,
}

/// One entry of the top level that matters here.
#[derive(Clone, Debug)]
pub struct Entry {
    pub key: String,
    /// Its position among all entries of the top level, from 0.
    pub index: usize,
    /// From 1.
    pub line: usize,
    pub key_span: Range<usize>,
    pub value: Value,
    pub value_span: Range<usize>,
    /// Whether the value or the key has an anchor or a tag, which the spans do not include.
    pub dressed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Scalar(Scalar),
    /// An alias, with its target if that is a scalar.
    Alias(Option<Scalar>),
    Collection,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    pub text: String,
    pub style: ScalarStyle,
    /// The type to PyYAML; `None` if a tag decides it that is not known here.
    pub kind: Option<Type>,
    /// Whether it is a merge key, which includes the keys of another mapping.
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
        self.scalar().is_some_and(|scalar| is_placeholder_of(is_known(&self.key), &scalar.text))
    }

    pub fn is_null(&self) -> bool {
        self.scalar().is_some_and(|scalar| scalar.kind == Some(Type::Null))
    }
}
