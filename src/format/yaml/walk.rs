//! The first parser: records from its events where the keys of the file are, in bytes.
//!
//! Documents that this program does not edit are errors here: more than one document, a top level that is not a mapping, `<<`,
//! keys that are not strings. The parser reads YAML 1.2, so its result is used only if [`super::second`] agrees. Its errors are
//! never shown, because they quote the document. This file handles the events, `nodes` the keys and values.

mod nodes;

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, RandomState};
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, Span, StructureStyle, Tag};

use crate::format::FormatError;

use super::cause;
use super::document::{Document, Entry, Root, Scalar, Shape, Step, Value};
use super::lines;
use super::resolve::{self, Type};

/// More values than any configuration has; limits the memory of the second parser.
const MOST_VALUES: usize = 300_000;

/// Parses the text.
pub fn document(text: &str) -> Result<Document, FormatError> {
    // Both parsers skip one at the beginning of some lines, PyYAML only at the beginning of the text.
    if let Some((at, _)) = text.match_indices('\u{feff}').find(|(at, _)| text[..*at].ends_with(['\n', '\r'])) {
        let reason = "a byte order mark is here, which the library reads as a character";
        return Err(FormatError::at(lines::number(text, at), reason).hint("delete it"));
    }
    walk(text).map_err(|error| cause::explain(text, error))
}

fn walk(text: &str) -> Result<Document, FormatError> {
    let mut walk = Walk::new(text);
    let mut options = Options::default();
    // As in libyaml and PyYAML, a block scalar at the end of the text gets no line feed of its own.
    options.block_scalar_eof_without_line_feed = true;
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next.map_err(|error| not_yaml(&error))?;
        walk.event(event, span)?;
    }
    Ok(walk.document)
}

/// The state between two events of one text.
struct Walk<'a> {
    text: &'a str,
    /// The text, if it contains tabs.
    tabbed: Option<&'a str>,
    /// Where the last token ended.
    token_end: usize,
    /// Where the last node ended.
    node_end: usize,
    /// The names of the anchors.
    anchors: HashSet<&'a str>,
    /// The last key of the top level; only recorded in a text with tabs.
    last_key: String,
    document: Document,
    /// The collections around the next event.
    open: Vec<Open>,
    /// The top-level entry whose value has not ended.
    pending: Option<Pending>,
    /// The scalars with an anchor, by the parser's number of the anchor.
    anchored: HashMap<usize, Scalar>,
    documents: usize,
    /// The anchor of the top level, 0 for none.
    root_anchor: usize,
}

/// An open collection.
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
struct Node<'t> {
    line: usize,
    place: Range<usize>,
    dressed: bool,
    step: Step,
    /// Of a scalar.
    text: &'t str,
    /// Absent for scalars below the top level without an anchor, which are not used again.
    value: Option<Value>,
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
            refusals: Vec::new(),
            tab: None,
            end: text.len(),
            digests: RandomState::new(),
        };
        Walk {
            text,
            node_end: 0,
            anchors: HashSet::new(),
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

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), FormatError> {
        let line = span.start.line();
        let place = span.byte_range().expect("a parser over a string knows the bytes of its events");
        if self.document.steps.len() + self.document.shape.len() > MOST_VALUES {
            return Err(FormatError::at(line, format!("there are more than {MOST_VALUES} values before this line")));
        }
        self.look_for_tabs(&place);
        self.look_for_refusals(&event, line, &place);
        match event {
            Event::DocumentStart(..) => return self.document_starts(line),
            // An implicit end is empty.
            Event::DocumentEnd if !place.is_empty() => self.document.end = place.start,
            Event::Scalar(text, style, anchor, tag) => {
                let text = if style == ScalarStyle::Plain && place.is_empty() { "" } else { &text };
                let wanted = anchor != 0 || self.open.len() < 2;
                let value = wanted.then(|| Value::Scalar(scalar(text, style, tag.as_deref())));
                let dressed = anchor != 0 || tag.is_some();
                return self.scalar(Node { line, place, dressed, step: Step::Scalar, text, value }, anchor);
            }
            Event::Alias(anchor) => {
                if anchor == self.root_anchor {
                    return Err(FormatError::at(
                        line,
                        "an alias stands for the whole file, which then contains itself",
                    ));
                }
                let value = Some(Value::Alias(self.anchored.get(&anchor).cloned()));
                return self.node(Node { line, place, dressed: true, step: Step::Alias, text: "", value });
            }
            Event::MappingStart(style, anchor, tag) if self.open.is_empty() => {
                let first = place.start;
                self.document.root = match style {
                    StructureStyle::Block => Root::Block { first },
                    StructureStyle::Flow => Root::Flow { line },
                };
                return self.top_starts(line, anchor, tag.as_deref());
            }
            Event::MappingStart(_, anchor, tag) => {
                let (dressed, value) = (anchor != 0 || tag.is_some(), Some(Value::Collection));
                self.node(Node { line, place, dressed, step: Step::Mapping, text: "", value })?;
                self.open.push(Open::mapping());
            }
            Event::SequenceStart(_, anchor, tag) => {
                let (dressed, value) = (anchor != 0 || tag.is_some(), Some(Value::Collection));
                return self.list(Node { line, place, dressed, step: Step::List, text: "", value });
            }
            Event::MappingEnd | Event::SequenceEnd => self.collection_ends(),
            _ => {}
        }
        Ok(())
    }

    fn document_starts(&mut self, line: usize) -> Result<(), FormatError> {
        self.documents += 1;
        if self.documents > 1 {
            return Err(FormatError::at(
                line,
                "a second document starts here, and the library reads only files with one",
            ));
        }
        Ok(())
    }

    fn top_starts(&mut self, line: usize, anchor: usize, tag: Option<&Tag>) -> Result<(), FormatError> {
        if !tag.is_none_or(|tag| tag.is_yaml_core_schema_tag("map")) {
            return Err(FormatError::at(line, "the top level has a tag"));
        }
        self.root_anchor = anchor;
        self.open.push(Open::mapping());
        Ok(())
    }

    fn scalar(&mut self, node: Node<'_>, anchor: usize) -> Result<(), FormatError> {
        // An empty text has one value as well, an implicit null.
        if self.open.is_empty() && (node.dressed || !node.place.is_empty()) {
            return Err(FormatError::at(node.line, "the top level is one value, not lines of `key: value`"));
        }
        if let (Some(Value::Scalar(scalar)), true) = (&node.value, anchor != 0) {
            self.anchored.insert(anchor, scalar.clone());
        }
        self.node(node)
    }

    fn list(&mut self, node: Node<'_>) -> Result<(), FormatError> {
        if self.open.is_empty() {
            return Err(FormatError::at(node.line, "the top level is a list, not lines of `key: value`"));
        }
        self.node(node)?;
        self.open.push(Open { mapping: false, key_next: false });
        Ok(())
    }

    fn collection_ends(&mut self) {
        self.open.pop();
        self.step(Step::End, "");
        self.value_ended();
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

/// The parser's error in words that do not quote the text.
fn not_yaml(error: &ScanError) -> FormatError {
    let reason = match error.kind() {
        ErrorKind::RecursionLimitExceeded => "brackets or sections are nested too deeply",
        ErrorKind::UnclosedQuotedScalar => "a quote is not closed",
        ErrorKind::UnclosedFlowCollection { .. } => "a bracket is not closed",
        ErrorKind::UnknownAnchor => "an alias (`*name`) has no anchor (`&name`) before it",
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation => {
            "a tab is where YAML requires spaces"
        }
        ErrorKind::InvalidIndentation => "the indentation does not fit the lines above",
        ErrorKind::MappingValueNotAllowed => {
            "a second `: ` in the line, or the indentation does not fit; quote the value"
        }
        _ => "this is not valid YAML",
    };
    FormatError::at(error.marker().line().max(1), reason)
}
