//! Where the keys of the file stand: one walk over the parser's events, in bytes.
//!
//! It keeps the entries this program may touch or must warn of, and of all others a digest and the steps of the walk, so that
//! another text can be compared without building either. What cannot be understood without a guess ends here: more than one
//! document, a top level that is no mapping, `<<`, keys that are not texts. This parser reads YAML 1.2, so nothing found here
//! is believed before [`super::second`] has found it too. A parser's error is never shown: it quotes the document.

use std::collections::HashMap;
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, Span, StructureStyle, Tag};

use crate::format::{Refusal, is_placeholder};

use super::resolve::{self, Type};
use super::understand::{OURS, is_known};

/// More values than any configuration has; keeps the memory of the second reader within bounds.
const MOST_VALUES: usize = 300_000;

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
    /// The steps and the texts of its value.
    pub inside: u64,
}

/// One event of the walk; a scalar's text goes into the digest beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    merges: bool,
}

impl Scalar {
    fn new(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Scalar {
        let kind = match tag {
            None if style == ScalarStyle::Plain => Some(resolve::plain(text)),
            None => Some(Type::Text),
            Some(tag) if tag.is_yaml_core_schema_tag("str") => Some(Type::Text),
            Some(_) => None,
        };
        let merges = match tag {
            None => kind == Some(Type::Unusable) && text == "<<",
            Some(tag) => tag.is_yaml_core_schema_tag("merge"),
        };
        Scalar { text: text.to_owned(), style, kind, merges }
    }
}

impl Document {
    /// What the first reader sees.
    pub fn parse(text: &str) -> Result<Document, Refusal> {
        let mut walk = Walk::new(text);
        let mut options = Options::default();
        options.set_emit_comments(false);
        // As libyaml and PyYAML do: a block scalar at the very end of the text gets no line feed of its own.
        options.block_scalar_eof_without_line_feed = true;
        for next in Parser::new_from_str_with_options(text, options) {
            let (event, span) = next.map_err(|error| not_yaml(&error))?;
            walk.event(event, span)?;
        }
        Ok(walk.document)
    }

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

/// The walk over the events of one text.
struct Walk {
    document: Document,
    /// The collections around the next event.
    open: Vec<Open>,
    /// The top-level entry that waits for its value, or for the end of it.
    pending: Option<Pending>,
    /// The scalars with an anchor, by the parser's number for it.
    anchored: HashMap<usize, Scalar>,
    documents: usize,
}

/// A collection that has not ended.
#[derive(Clone, Copy)]
struct Open {
    mapping: bool,
    key_next: bool,
}

impl Open {
    fn mapping() -> Open {
        Open { mapping: true, key_next: true }
    }
}

/// A scalar, an alias or the start of a collection.
struct Node {
    line: usize,
    place: Range<usize>,
    dressed: bool,
    step: Step,
    value: Value,
}

impl Node {
    fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) | Value::Alias(Some(scalar)) => Some(&scalar.text),
            _ => None,
        }
    }
}

struct Pending {
    entry: Entry,
    shape: Shape,
    inside: DefaultHasher,
}

impl Walk {
    fn new(text: &str) -> Walk {
        let document = Document {
            root: Root::Empty,
            entries: Vec::new(),
            shape: Vec::new(),
            steps: Vec::new(),
            nested: Vec::new(),
            end: text.len(),
            digests: RandomState::new(),
        };
        Walk { document, open: Vec::new(), pending: None, anchored: HashMap::new(), documents: 0 }
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Refusal> {
        let line = span.start.line();
        let place = span.byte_range().expect("a parser over a string knows the bytes of its events");
        if self.document.steps.len() + self.document.shape.len() > MOST_VALUES {
            return Err(Refusal::at(line, format!("there are more than {MOST_VALUES} values up to here")));
        }
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(Refusal::at(
                        line,
                        "a second document starts here, and the library reads only files with one",
                    ));
                }
            }
            // An end that nobody wrote has no width.
            Event::DocumentEnd if !place.is_empty() => self.document.end = place.start,
            Event::Scalar(text, style, anchor, tag) => {
                let text = if style == ScalarStyle::Plain && place.is_empty() { "".into() } else { text };
                let scalar = Scalar::new(&text, style, tag.as_deref());
                let dressed = anchor != 0 || tag.is_some();
                if self.open.is_empty() && (dressed || !place.is_empty()) {
                    return Err(Refusal::at(line, "the top level is one value, not lines of `key: value`"));
                }
                if anchor != 0 {
                    self.anchored.insert(anchor, scalar.clone());
                }
                self.node(Node { line, place, dressed, step: Step::Scalar, value: Value::Scalar(scalar) })?;
            }
            Event::Alias(anchor) => {
                let value = Value::Alias(self.anchored.get(&anchor).cloned());
                self.node(Node { line, place, dressed: true, step: Step::Alias, value })?;
            }
            Event::MappingStart(style, _, tag) if self.open.is_empty() => {
                if !tag.is_none_or(|tag| tag.is_yaml_core_schema_tag("map")) {
                    return Err(Refusal::at(line, "the top level has a tag"));
                }
                self.document.root = match style {
                    StructureStyle::Block => Root::Block { first: place.start },
                    StructureStyle::Flow => Root::Flow { line },
                };
                self.open.push(Open::mapping());
            }
            Event::MappingStart(_, anchor, tag) => {
                let dressed = anchor != 0 || tag.is_some();
                self.node(Node { line, place, dressed, step: Step::Mapping, value: Value::Collection })?;
                self.open.push(Open::mapping());
            }
            Event::SequenceStart(_, anchor, tag) => {
                if self.open.is_empty() {
                    return Err(Refusal::at(line, "the top level is a list, not lines of `key: value`"));
                }
                let dressed = anchor != 0 || tag.is_some();
                self.node(Node { line, place, dressed, step: Step::List, value: Value::Collection })?;
                self.open.push(Open { mapping: false, key_next: false });
            }
            Event::MappingEnd | Event::SequenceEnd => {
                self.open.pop();
                self.step(Step::End, "");
                self.value_ended();
            }
            _ => {}
        }
        Ok(())
    }

    /// A node below the top: a key or a value, of the top level or further down.
    fn node(&mut self, node: Node) -> Result<(), Refusal> {
        let Some(&Open { key_next, .. }) = self.open.last() else { return Ok(()) };
        let depth = self.open.len();
        // In a mapping, key and value take turns; in a list, nothing is a key.
        if let Some(Open { mapping: true, key_next }) = self.open.last_mut() {
            *key_next = !*key_next;
        }
        if depth == 1 && key_next {
            return self.top_key(node);
        }
        let text = node.text().unwrap_or_default();
        if key_next {
            self.note_nested(text, node.line);
        }
        self.step(node.step, if node.step == Step::Scalar { text } else { "" });
        if let (1, Some(pending)) = (depth, &mut self.pending) {
            pending.entry.value = node.value;
            pending.entry.value_span = node.place;
            pending.entry.dressed |= node.dressed;
            if matches!(node.step, Step::Scalar | Step::Alias) {
                self.value_ended();
            }
        }
        Ok(())
    }

    fn top_key(&mut self, node: Node) -> Result<(), Refusal> {
        let (Value::Scalar(scalar) | Value::Alias(Some(scalar))) = node.value else {
            return Err(Refusal::at(node.line, "a key is a list or a section"));
        };
        if scalar.merges {
            return Err(Refusal::at(node.line, "`<<` brings in keys from another place")
                .hint("write the merged keys into the top level, then run again"));
        }
        let shape = Shape {
            key: self.document.digests.hash_one(scalar.text.as_str()),
            first_step: self.document.steps.len(),
            inside: 0,
        };
        let entry = Entry {
            key: scalar.text,
            index: self.document.shape.len(),
            line: node.line,
            key_span: node.place.clone(),
            value: Value::Collection,
            value_span: node.place,
            dressed: node.dressed,
        };
        self.pending = Some(Pending { entry, shape, inside: self.document.digests.build_hasher() });
        Ok(())
    }

    /// Remembers the first of each of our keys that stands where the library does not look.
    fn note_nested(&mut self, text: &str, line: usize) {
        if let Some(pending) = &self.pending
            && OURS.contains(&text)
            && !self.document.nested.iter().any(|(_, key, _)| key == text)
        {
            self.document.nested.push((line, text.to_owned(), pending.entry.key.clone()));
        }
    }

    fn step(&mut self, step: Step, text: &str) {
        if let Some(pending) = &mut self.pending {
            self.document.steps.push(step);
            step.hash(&mut pending.inside);
            if step == Step::Scalar {
                text.hash(&mut pending.inside);
            }
        }
    }

    /// Takes the entry in, if it was one of the top level that ended.
    fn value_ended(&mut self) {
        if self.open.len() == 1
            && let Some(Pending { entry, shape, inside }) = self.pending.take()
        {
            self.document.shape.push(Shape { inside: inside.finish(), ..shape });
            if is_known(&entry.key) || entry.is_placeholder() {
                self.document.entries.push(entry);
            }
        }
    }
}

/// The parser's complaint in words that quote nothing.
fn not_yaml(error: &ScanError) -> Refusal {
    let reason = match error.kind() {
        ErrorKind::RecursionLimitExceeded => "brackets or sections are nested too deeply",
        ErrorKind::UnclosedQuotedScalar => "a quote is not closed",
        ErrorKind::UnclosedFlowCollection { .. } => "a bracket is not closed",
        ErrorKind::UnknownAnchor => "an alias (`*name`) has no anchor (`&name`) before it",
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation => {
            "a tab stands where YAML wants blanks"
        }
        ErrorKind::InvalidIndentation => "the indentation does not fit the lines above",
        ErrorKind::MappingValueNotAllowed => {
            "a second `: ` in the line, or the indentation does not fit; quote the value"
        }
        _ => "this is not valid YAML",
    };
    Refusal::at(error.marker().line().max(1), reason)
}
