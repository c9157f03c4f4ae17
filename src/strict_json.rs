//! Reads JSON files from outside this program: a client-secrets file, a service account key.
//!
//! `serde_json::Value` keeps the last of two members of the same name. Such a file is ambiguous, so here both are kept,
//! and reading that name fails. `serde_json`'s errors quote the document: only line and column leave this file. Its
//! limit on nesting (128) protects the stack.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::syntax_cause::{self, Syntax};

/// Why a file cannot be used, worded to follow its name, and the next step if it is a special one.
#[derive(Debug)]
pub struct Unfit {
    pub fact: String,
    pub hint: Option<String>,
}

impl Unfit {
    pub fn new(fact: impl Into<String>) -> Unfit {
        Unfit { fact: fact.into(), hint: None }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Unfit {
        self.hint = Some(hint.into());
        self
    }
}

pub enum Json {
    Null,
    Bool,
    Number,
    Text(String),
    List(Vec<Json>),
    Object(Object),
}

/// The members in order, including those of the same name.
pub struct Object(Vec<(String, Json)>);

/// How long a text may be in which the cause of an error is looked for.
const LONGEST: usize = 65_536;

pub fn parse(text: &str) -> Result<Json, Unfit> {
    serde_json::from_str(text).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        if let Some((what, step)) = syntax_cause::of_document(text) {
            return Unfit::new(what).hint(step);
        }
        // No client-secrets file and no key is longer.
        let short = Some(text).filter(|text| text.len() < LONGEST);
        let cause = short.and_then(|text| syntax_cause::of_line(text, error.line(), Syntax::Json));
        Unfit::new(match (error.is_eof(), cause) {
            (true, _) => format!("ends before its JSON does ({place}), so it is only a part of a file"),
            (false, Some((line, cause))) => format!("cannot be read as JSON: line {line} {cause}"),
            (false, None) => format!("cannot be read as JSON ({place})"),
        })
    })
}

impl Json {
    /// Returns the type in words.
    pub fn what(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool => "true or false",
            Json::Number => "a number",
            Json::Text(_) => "a text",
            Json::List(_) => "a list",
            Json::Object(_) => "an object",
        }
    }

    fn has_member_twice(&self) -> bool {
        match self {
            Json::Object(object) => object.has_member_twice(),
            Json::List(items) => items.iter().any(Json::has_member_twice),
            Json::Null | Json::Bool | Json::Number | Json::Text(_) => false,
        }
    }
}

impl Object {
    /// Returns the member of that name; null counts as absent.
    pub fn get(&self, key: &str) -> Result<Option<&Json>, Unfit> {
        let mut values = self.0.iter().filter(|(name, _)| name == key).map(|(_, value)| value);
        let value = values.next();
        if values.next().is_some() {
            return Err(Unfit::new(format!("has `{key}` twice")));
        }
        Ok(value.filter(|value| !matches!(value, Json::Null)))
    }

    /// Returns the text of that name; fails for any other type.
    pub fn text(&self, key: &str) -> Result<Option<&str>, Unfit> {
        match self.get(key)? {
            None => Ok(None),
            Some(Json::Text(text)) => Ok(Some(text)),
            Some(other) => Err(Unfit::new(format!("has {} as its `{key}`, not a text", other.what()))),
        }
    }

    /// The names of the members, and their values.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(name, _)| name == key)
    }

    /// Whether two members of this object, or of one inside it, have the same name.
    pub fn has_member_twice(&self) -> bool {
        let mut names = HashSet::new();
        self.0.iter().any(|(name, value)| !names.insert(name) || value.has_member_twice())
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Bool)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = entries.next_entry()? {
            members.push(member);
        }
        Ok(Json::Object(Object(members)))
    }
}
