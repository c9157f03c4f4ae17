//! The second parser: libyaml, through serde, must read in a text what the first parser read, except for an edit.
//!
//! libyaml is derived from PyYAML's own scanner and reads YAML 1.1: U+0085, U+2028 and U+2029 end a line there, also in a
//! comment. It follows the steps that the first parser recorded, so that every scalar is compared as text, and fails at the
//! first difference. Aliases are not followed, so a document that multiplies itself stays small. Its errors are never shown,
//! because they quote the document; only their line is used.

use std::fmt;
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::format::FormatError;

use super::document::{Document, Shape, Step};

/// What a text must contain: the entries of a document, without some and with some new ones.
pub struct Expected<'a> {
    pub document: &'a Document,
    /// The positions of entries that were removed, sorted.
    pub without: &'a [usize],
    /// Entries that were added, each once and anywhere: key and text.
    pub new: &'a [(&'a str, &'a str)],
}

/// Fails unless the text contains exactly what is expected.
pub fn finds(text: &str, expected: &Expected) -> Result<(), FormatError> {
    let (comments, rest) = text.split_at(heading(text));
    Top(expected).deserialize(serde_yaml::Deserializer::from_str(rest)).map_err(|error| FormatError {
        line: error.location().map(|location| comments.matches('\n').count() + location.line()),
        ..FormatError::new("YAML 1.1 and YAML 1.2 parsers do not agree on what this means")
    })
}

/// The length of the ASCII comments at the beginning of the text. They mean nothing to any parser, and libyaml is slow on
/// comments: it reads them character by character.
fn heading(text: &str) -> usize {
    let is_comment = |line: &&str| {
        let line = line.strip_suffix('\n').map_or(*line, |line| line.strip_suffix('\r').unwrap_or(line));
        line.is_empty() || line.starts_with('#') && line.bytes().all(|byte| matches!(byte, b' '..=b'~'))
    };
    text.split_inclusive('\n').take_while(is_comment).map(str::len).sum()
}

fn other<E: Error>() -> E {
    E::custom("another document")
}

/// The mapping at the top level.
struct Top<'a>(&'a Expected<'a>);

impl<'de> DeserializeSeed<'de> for Top<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the same document")
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    /// No value, which is the same as no entries to the library too.
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        let Expected { document, without, new } = *self.0;
        if new.is_empty() && without.len() == document.shape.len() { Ok(()) } else { Err(other()) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Expected { document, without, new } = *self.0;
        let digests = &document.digests;
        let mut new: Vec<(u64, u64)> =
            new.iter().map(|(key, text)| (digests.hash_one(key), digests.hash_one(text))).collect();
        let mut old = document.shape.iter().enumerate();
        let mut old = old.by_ref().filter(|(place, _)| without.binary_search(place).is_err()).map(|(_, shape)| shape);
        while let Some(key) = map.next_key_seed(Text(digests))? {
            if let Some(at) = new.iter().position(|(new_key, _)| *new_key == key) {
                let (_, text) = new.swap_remove(at);
                if map.next_value_seed(Text(digests))? != text {
                    return Err(other());
                }
                continue;
            }
            match old.next() {
                Some(shape) if shape.key == key => map.next_value_seed(Entry { document, shape })?,
                _ => return Err(other()),
            }
        }
        if new.is_empty() && old.next().is_none() { Ok(()) } else { Err(other()) }
    }
}

/// Reads a scalar of any type as the digest of its text.
struct Text<'a>(&'a RandomState);

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Text<'_> {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<u64, E> {
        Ok(self.0.hash_one(text))
    }
}

/// The value of one entry, with everything in it.
struct Entry<'a> {
    document: &'a Document,
    shape: &'a Shape,
}

impl<'de> DeserializeSeed<'de> for Entry<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let steps = self.document.steps.get(self.shape.first_step..).unwrap_or_default();
        let mut inside = self.document.digests.build_hasher();
        Node { steps: &mut steps.iter(), inside: &mut inside }.deserialize(deserializer)?;
        if inside.finish() == self.shape.inside { Ok(()) } else { Err(other()) }
    }
}

/// One value, at the next of the first parser's steps.
struct Node<'a, 'steps> {
    steps: &'a mut std::slice::Iter<'steps, Step>,
    inside: &'a mut DefaultHasher,
}

impl<'steps> Node<'_, 'steps> {
    /// Whether the open collection ends here.
    fn at_end(&mut self) -> bool {
        let ends = self.steps.as_slice().first() == Some(&Step::End);
        if ends {
            self.steps.next();
        }
        ends
    }

    fn child(&mut self) -> Node<'_, 'steps> {
        Node { steps: &mut *self.steps, inside: &mut *self.inside }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let step = *self.steps.next().ok_or_else(other)?;
        match step {
            Step::Scalar => deserializer.deserialize_str(self),
            Step::List => deserializer.deserialize_seq(self),
            Step::Mapping => deserializer.deserialize_map(self),
            Step::Alias => deserializer.deserialize_ignored_any(IgnoredAny).map(drop),
            Step::End => Err(other()),
        }
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the same value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        text.hash(self.inside);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while !self.at_end() {
            list.next_element_seed(self.child())?.ok_or_else(other)?;
        }
        // More elements are an error of the deserializer itself.
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while !self.at_end() {
            map.next_key_seed(self.child())?.ok_or_else(other)?;
            map.next_value_seed(self.child())?;
        }
        Ok(())
    }
}
