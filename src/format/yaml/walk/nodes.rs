//! Keys and values: which node is which, and what the document keeps of them.

use std::hash::{BuildHasher, Hash, Hasher};
use std::ops::Range;

use crate::format::FormatError;
use crate::format::yaml::document::{Entry, Shape, Step, Value};
use crate::format::yaml::lines;
use crate::format::yaml::understand::{self, is_known};

use super::{Node, Open, Pending, Walk};

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
            && understand::field(text).is_some()
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
            self.document.shape.push(Shape { inside: inside.finish(), ..shape });
            if is_known(&entry.key) || entry.is_placeholder() {
                self.document.entries.push(entry);
            }
        }
    }
}
