//! The second reader: libyaml, by way of serde, must find in a text what the first reader found, give or take an edit.
//!
//! libyaml descends from PyYAML's own scanner and reads YAML 1.1: U+0085, U+2028 and U+2029 end a line there, a comment
//! included. It walks the steps that the first reader noted, so that every scalar is compared as text, and fails at the
//! first that differs. Aliases are not followed: a document that multiplies itself stays small. Errors are never shown,
//! they quote the document; they become a line.

use std::fmt;
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::format::FormatError;

use super::document::{Document, Shape, Step};

/// What a text must hold: the entries of a document, some left out, some new.
pub struct Expected<'a> {
    pub document: &'a Document,
    /// Entries that are gone, by their places, sorted.
    pub without: &'a [usize],
    /// Entries that are there, each once, anywhere: key and text.
    pub new: &'a [(&'a str, &'a str)],
}

/// Fails unless the text holds exactly what is expected.
pub fn finds(text: &str, expected: &Expected) -> Result<(), FormatError> {
    let (comments, rest) = text.split_at(heading(text));
    Top(expected).deserialize(serde_yaml::Deserializer::from_str(rest)).map_err(|error| FormatError {
        line: error.location().map(|location| comments.matches('\n').count() + location.line()),
        ..FormatError::new("readers of YAML 1.1 and 1.2 do not agree on what this means")
    })
}

/// The length of the comments that the text begins with, as far as they are ASCII. They hold nothing to any reader, and
/// this one is slow on them: it takes a comment in letter by letter.
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

/// The top level.
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

    /// No value: the same as no entries, to the library as well.
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

/// The digest of a scalar's text, whatever its type.
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

/// The value of one entry, with all that is in it.
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

/// One value, at the next of the first reader's steps.
struct Node<'a, 'steps> {
    steps: &'a mut std::slice::Iter<'steps, Step>,
    inside: &'a mut DefaultHasher,
}

impl<'steps> Node<'_, 'steps> {
    /// Whether the collection that is open ends here.
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
        // What is left over is an error of the reader's own.
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
