//! Keys and values: which node is which, and what the document keeps of them.

use std::hash::{BuildHasher, Hash, Hasher};
use std::ops::Range;

use granit_parser::{Event, ScalarStyle};

use crate::format::FormatError;
use crate::format::diagnostic::Refusal;
use crate::format::yaml::construct::{self, Node as Constructed};
use crate::format::yaml::document::{Entry, Shape, Step, Value};
use crate::format::yaml::keys::{self, is_known};
use crate::format::yaml::lines;
use crate::format::yaml::resolve::Type;

use super::{Node, Open, Pending, Walk};

/// More than anybody reads.
const MOST_REFUSALS: usize = 10;
/// The key with the settings of the library's log.
const LOG_SETTINGS: &str = "logging";

impl Walk<'_> {
    /// Records the first tab since the last token that is not in a comment.
    pub fn look_for_tabs(&mut self, token: &Range<usize>) {
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

    /// Records what PyYAML cannot load in a node.
    pub fn look_for_refusals(&mut self, event: &Event<'_>, line: usize, place: &Range<usize>) {
        let node = match event {
            Event::Scalar(text, ..) => Some(Constructed::Scalar(text)),
            Event::SequenceStart(..) => Some(Constructed::List),
            Event::MappingStart(..) => Some(Constructed::Mapping),
            _ => None,
        };
        let is_key = self.open.last().is_some_and(|open| open.key_next);
        let by_type = match (node, event.tag(), event.scalar()) {
            (Some(node), Some(tag), _) if !self.open.is_empty() => construct::tagged(tag, node),
            // An empty scalar has no text whatever its place is.
            (_, None, Some((text, ScalarStyle::Plain))) if !place.is_empty() => {
                construct::plain(text).filter(|why| !(is_key && *why == Refusal::Reserved))
            }
            _ => None,
        };
        let gap = self.text.get(self.node_end..place.start).filter(|_| event.anchor_id().is_some());
        let again = gap.and_then(construct::anchor).filter(|name| !self.anchors.insert(name));
        if let Some(why) = by_type.or(again.map(|_| Refusal::AnchorTwice)) {
            self.refuse(line, event.scalar().map_or("", |(text, _)| text), why);
        }
        if node.is_some() {
            self.node_end = self.node_end.max(place.end);
        }
    }

    /// Records a refusal at the key of the top level, or at this key if it is one.
    fn refuse(&mut self, line: usize, text: &str, why: Refusal) {
        let key = self.pending.as_ref().map_or(text, |pending| &pending.entry.key);
        if self.document.refusals.len() < MOST_REFUSALS {
            self.document.refusals.push((line, key.to_owned(), why));
        }
    }

    /// Records settings of the log that the library does not take.
    fn check_log_settings(&mut self, entry: &Entry, first_step: usize) {
        let is_taken = match (&entry.value, entry.scalar()) {
            (_, Some(scalar)) => scalar.kind == Some(Type::Text) && construct::is_log_settings(&scalar.text),
            (Value::Collection, None) => self.document.steps.get(first_step) != Some(&Step::List),
            _ => true,
        };
        if !is_taken && !entry.is_placeholder() {
            self.refuse(entry.line, &entry.key, Refusal::LogSettings);
        }
    }

    /// Handles a key or a value, of the top level or below it.
    pub fn node(&mut self, node: Node<'_>) -> Result<(), FormatError> {
        let Some(&Open { key_next, .. }) = self.open.last() else { return Ok(()) };
        let depth = self.open.len();
        // In a mapping keys and values alternate; in a list there are no keys.
        if let Some(Open { mapping: true, key_next }) = self.open.last_mut() {
            *key_next = !*key_next;
        }
        if key_next {
            let kept = match &node.value {
                Some(Value::Scalar(key) | Value::Alias(Some(key))) => Some(key),
                None => None,
                Some(Value::Collection | Value::Alias(None)) => {
                    return Err(FormatError::at(node.line, "a key is a list or a section, on which the library fails"));
                }
            };
            let text = kept.map_or(node.text, |key| &key.text);
            if depth == 1 && kept.is_some_and(|key| key.merges) {
                return Err(FormatError::at(node.line, "`<<` includes keys from another place")
                    .hint("write the merged keys into the top level, then run again"));
            }
            if depth == 1 {
                self.pending = Some(self.entry(text.to_owned(), &node));
                return Ok(());
            }
            self.note_nested(text, node.line);
        }
        self.step(node.step, node.text);
        if let (1, Some(pending)) = (depth, &mut self.pending) {
            pending.entry.value = node.value.unwrap_or(Value::Collection);
            pending.entry.value_span = node.place;
            pending.entry.dressed |= node.dressed;
            if matches!(node.step, Step::Scalar | Step::Alias) {
                self.value_ended();
            }
        }
        Ok(())
    }

    /// An entry of the top level before its value.
    fn entry(&mut self, key: String, node: &Node<'_>) -> Pending {
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

    /// Records the first of each known key that is where the library does not look for it.
    fn note_nested(&mut self, text: &str, line: usize) {
        if let Some(pending) = &self.pending
            && keys::field(text).is_some()
            && !self.document.nested.iter().any(|(_, key, _)| key == text)
        {
            self.document.nested.push((line, text.to_owned(), pending.entry.key.clone()));
        }
    }

    pub fn step(&mut self, step: Step, text: &str) {
        if let Some(pending) = &mut self.pending {
            self.document.steps.push(step);
            if step == Step::Scalar {
                text.hash(&mut pending.inside);
            }
        }
    }

    /// Adds the entry to the document if it was one of the top level that ended.
    pub fn value_ended(&mut self) {
        if self.open.len() == 1
            && let Some(Pending { entry, shape, inside }) = self.pending.take()
        {
            if entry.key == LOG_SETTINGS {
                self.check_log_settings(&entry, shape.first_step);
            }
            self.document.shape.push(Shape { inside: inside.finish(), ..shape });
            if is_known(&entry.key) || entry.is_placeholder() {
                self.document.entries.push(entry);
            }
        }
    }
}
