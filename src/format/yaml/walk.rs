//! The first reader: one walk over the parser's events notes where the keys of the file stand, in bytes.
//!
//! What cannot be understood without a guess ends here: more than one document, a top level that is no mapping, `<<`, keys
//! that are not texts. This parser reads YAML 1.2, so nothing found here is believed before [`super::second`] has found it
//! too. A parser's error is never shown: it quotes the document.

use std::collections::HashMap;
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, Span, StructureStyle, Tag};

use crate::format::Refusal;

use super::document::{Document, Entry, Root, Scalar, Shape, Step, Value};
use super::lines;
use super::resolve::{self, Type};
use super::understand::{OURS, is_known};

/// More values than any configuration has; keeps the memory of the second reader within bounds.
const MOST_VALUES: usize = 300_000;

/// What the first reader sees in the text.
pub fn document(text: &str) -> Result<Document, Refusal> {
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

/// The walk over the events of one text.
struct Walk<'a> {
    /// The text, where it holds tabs; nothing otherwise.
    tabbed: Option<&'a str>,
    /// Where the last token ended.
    token_end: usize,
    /// The last key of the top level, where tabs are looked for.
    last_key: String,
    document: Document,
    /// The collections around the next event.
    open: Vec<Open>,
    /// The top-level entry that waits for its value, or for the end of it.
    pending: Option<Pending>,
    /// The scalars with an anchor, by the parser's number for it.
    anchored: HashMap<usize, Scalar>,
    documents: usize,
    /// The anchor of the top level, 0 for none.
    root_anchor: usize,
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

struct Pending {
    entry: Entry,
    shape: Shape,
    inside: DefaultHasher,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str) -> Walk<'a> {
        let document = Document {
            root: Root::Empty,
            entries: Vec::new(),
            shape: Vec::new(),
            steps: Vec::new(),
            nested: Vec::new(),
            tab: None,
            end: text.len(),
            digests: RandomState::new(),
        };
        Walk {
            tabbed: Some(text).filter(|text| text.contains('\t')),
            token_end: 0,
            last_key: String::new(),
            document,
            open: Vec::new(),
            pending: None,
            anchored: HashMap::new(),
            documents: 0,
            root_anchor: 0,
        }
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Refusal> {
        let line = span.start.line();
        let place = span.byte_range().expect("a parser over a string knows the bytes of its events");
        if self.document.steps.len() + self.document.shape.len() > MOST_VALUES {
            return Err(Refusal::at(line, format!("there are more than {MOST_VALUES} values up to here")));
        }
        self.look_for_tabs(&place);
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
                let scalar = scalar(&text, style, tag.as_deref());
                let dressed = anchor != 0 || tag.is_some();
                if self.open.is_empty() && (dressed || !place.is_empty()) {
                    return Err(Refusal::at(line, "the top level is one value, not lines of `key: value`"));
                }
                if anchor != 0 {
                    self.anchored.insert(anchor, scalar.clone());
                }
                self.node(Node { line, place, dressed, step: Step::Scalar, value: Value::Scalar(scalar) })?;
            }
            Event::Alias(anchor) if anchor == self.root_anchor => {
                return Err(Refusal::at(line, "an alias stands for the whole file, which then contains itself"));
            }
            Event::Alias(anchor) => {
                let value = Value::Alias(self.anchored.get(&anchor).cloned());
                self.node(Node { line, place, dressed: true, step: Step::Alias, value })?;
            }
            Event::MappingStart(style, anchor, tag) if self.open.is_empty() => {
                self.root_anchor = anchor;
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

    /// Notes the first tab since the last token that is not in a comment.
    fn look_for_tabs(&mut self, token: &Range<usize>) {
        let Some(text) = self.tabbed.filter(|_| self.document.tab.is_none()) else { return };
        let gap = text.get(self.token_end..token.start).unwrap_or_default();
        let mut offset = self.token_end;
        for line in gap.split_inclusive(['\n', '\r']) {
            let code = line.split('#').next().unwrap_or_default();
            if let Some(tab) = code.find('\t') {
                self.document.tab = Some((lines::number(text, offset + tab), self.last_key.clone()));
                return;
            }
            offset += line.len();
        }
        self.token_end = self.token_end.max(token.end);
    }

    /// A node below the top: a key or a value, of the top level or further down.
    fn node(&mut self, node: Node) -> Result<(), Refusal> {
        let Some(&Open { key_next, .. }) = self.open.last() else { return Ok(()) };
        let depth = self.open.len();
        // In a mapping, key and value take turns; in a list, nothing is a key.
        if let Some(Open { mapping: true, key_next }) = self.open.last_mut() {
            *key_next = !*key_next;
        }
        if key_next {
            let (Value::Scalar(key) | Value::Alias(Some(key))) = &node.value else {
                return Err(Refusal::at(node.line, "a key is a list or a section, which the library cannot take"));
            };
            if depth == 1 && key.merges {
                return Err(Refusal::at(node.line, "`<<` brings in keys from another place")
                    .hint("write the merged keys into the top level, then run again"));
            }
            if depth == 1 {
                self.pending = Some(self.entry(key.text.clone(), &node));
                return Ok(());
            }
            self.note_nested(&key.text, node.line);
        }
        let text = match &node.value {
            Value::Scalar(scalar) => scalar.text.as_str(),
            _ => "",
        };
        self.step(node.step, text);
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

    /// An entry of the top level whose value is still to come.
    fn entry(&mut self, key: String, node: &Node) -> Pending {
        if self.tabbed.is_some() {
            self.last_key.clone_from(&key);
        }
        let digests = &self.document.digests;
        let (inside, digest) = (digests.build_hasher(), digests.hash_one(key.as_str()));
        let entry = Entry {
            key,
            index: self.document.shape.len(),
            line: node.line,
            key_span: node.place.clone(),
            value: Value::Collection,
            value_span: node.place.clone(),
            dressed: node.dressed,
        };
        let shape = Shape { key: digest, first_step: self.document.steps.len(), inside: 0 };
        Pending { entry, shape, inside }
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

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Scalar {
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
