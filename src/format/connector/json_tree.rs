//! JSON of a connector: plain, as Python's `json` reads it.

use std::ops::Range;

use jsonc_parser::ast::{Object, Value as Json};
use jsonc_parser::common::Ranged;

use crate::format::FormatError;
use crate::format::connector::tree::{Node, Syntax, Value, join, part};
use crate::format::json::{self, Dialect, Document};
use crate::format::text_edit::{self, Splice};

pub struct JsonTree {
    /// The name of a value, an object or a list, that may also be text with that value as JSON in it, and where it is.
    pub text_at: Option<&'static str>,
}

impl Syntax for JsonTree {
    fn values(&self, text: &str) -> Result<Vec<Node>, FormatError> {
        let mut found = plain_values(text)?;
        if let Some((index, inner)) = self.inner(&found) {
            let outer = found.remove(index);
            let (above, inner) = wrapped(&outer, &inner)?;
            let mut values = plain_values(&inner)?;
            for node in &mut values {
                (node.path, node.line) = (join(&above, &node.path), outer.line);
            }
            found.splice(index..index, values);
        }
        Ok(found)
    }

    fn set(&self, text: &str, path: &str, value: Value) -> Result<String, FormatError> {
        if let Some(rest) = self.inside(path)
            && let Some(text) = self.edit_inner(text, &|inner| plain_set(inner, rest, value))?
        {
            return Ok(text);
        }
        plain_set(text, path, value)
    }

    fn remove(&self, text: &str, node: &Node, _keep: bool) -> Result<String, FormatError> {
        if self.inside(&node.path).is_some()
            && let Some(text) = self.edit_inner(text, &|inner| plain_remove(inner, node))?
        {
            return Ok(text);
        }
        plain_remove(text, node)
    }

    fn removed(&self) -> &'static str {
        "is removed"
    }
}

impl JsonTree {
    /// The part of a path that leads through the value that may be text, from its name on.
    fn inside<'p>(&self, path: &'p str) -> Option<&'p str> {
        let text_at = self.text_at?;
        let above = text_at.rfind('.').map_or(0, |point| point + 1);
        path.strip_prefix(text_at)?.starts_with('.').then(|| &path[above..])
    }

    /// The text that stands for an object or a list, among these values, and its place.
    fn inner(&self, values: &[Node]) -> Option<(usize, String)> {
        let index = values.iter().position(|node| Some(&*node.path) == self.text_at)?;
        Some((index, values[index].text.clone()?))
    }

    /// Returns the text with the value changed that is text in it; none if it is not text, or missing. `change` gets an object
    /// with that value as its only member.
    fn edit_inner(
        &self,
        text: &str,
        change: &dyn Fn(&str) -> Result<String, FormatError>,
    ) -> Result<Option<String>, FormatError> {
        let values = plain_values(text)?;
        let Some((index, inner)) = self.inner(&values) else { return Ok(None) };
        let node = &values[index];
        let (_, object) = wrapped(node, &inner)?;
        let new = change(&object).map_err(|error| FormatError { line: Some(node.line), ..error })?;
        let document = Document::parse(&new, Dialect::Strict)?;
        let Some(member) = document.root.properties.first() else { return Ok(None) };
        let value = member.value.range();
        let new = &new[value.start..value.end];
        // The first member of an object gets a line of its own; not here.
        let new = if inner.contains('\n') { new.to_owned() } else { new.lines().map(str::trim_start).collect() };
        let range = node.member.end - node.raw.len()..node.member.end;
        Ok(Some(text_edit::apply(text, vec![(range, json::quote(&new))])))
    }
}

/// The text of this value as the only member of an object, and the path of that object.
fn wrapped(node: &Node, inner: &str) -> Result<(String, String), FormatError> {
    let (above, name) = node.path.rsplit_once('.').unwrap_or(("", &node.path));
    let value = if inner.trim().is_empty() { "null" } else { inner };
    let object = format!("{{{}: {value}}}", json::quote(name));
    match Document::parse(&object, Dialect::Strict) {
        Ok(document) if document.root.properties.len() == 1 => Ok((above.to_owned(), object)),
        Ok(_) => Err(FormatError::at(node.line, format!("`{name}` is not JSON"))),
        Err(error) => Err(FormatError { line: Some(node.line), ..error }),
    }
}

fn plain_values(text: &str) -> Result<Vec<Node>, FormatError> {
    let mut found = Vec::new();
    if !text.trim().is_empty() {
        let document = Document::parse(text, Dialect::Strict)?;
        members(&document, &document.root, "", &mut found);
    }
    Ok(found)
}

fn plain_set(text: &str, path: &str, value: Value) -> Result<String, FormatError> {
    let literal = match value {
        Value::Text(text) => json::quote(text),
        Value::True => "true".to_owned(),
    };
    let path: Vec<&str> = path.split('.').collect();
    let mut text = if text.trim().is_empty() { "{}\n".to_owned() } else { text.to_owned() };
    loop {
        let document = Document::parse(&text, Dialect::Strict)?;
        match set(&document, &document.root, &path, &literal)? {
            Step::Done(splices) => return Ok(text_edit::apply(&text, splices)),
            Step::On(splices) => text = text_edit::apply(&text, splices),
        }
    }
}

fn plain_remove(text: &str, node: &Node) -> Result<String, FormatError> {
    let document = Document::parse(text, Dialect::Strict)?;
    let is_meant =
        |object: &Object| object.properties.iter().position(|member| member.range.start == node.member.start);
    let found = objects(&document.root).into_iter().find_map(|object| Some((object, is_meant(object)?)));
    let splices = found.map(|(object, index)| document.remove(object, &[index])).unwrap_or_default();
    Ok(text_edit::apply(text, splices))
}

fn members(document: &Document, object: &Object, path: &str, found: &mut Vec<Node>) {
    for member in &object.properties {
        let range = member.range.start..member.range.end;
        value(document, &member.value, join(path, &part(member.name.as_str())), range, found);
    }
}

fn value(document: &Document, value: &Json, path: String, member: Range<usize>, found: &mut Vec<Node>) {
    match value {
        Json::Object(object) if !object.properties.is_empty() => members(document, object, &path, found),
        Json::Array(array) if !array.elements.is_empty() => {
            for (index, element) in array.elements.iter().enumerate() {
                self::value(document, element, join(&path, &format!("[{index}]")), member.clone(), found);
            }
        }
        _ => {
            let text = value.as_string_lit().map(|text| text.value.to_string());
            let range = value.range();
            let line = document.line_of(member.start);
            found.push(Node { path, text, line, raw: document.text[range.start..range.end].to_owned(), member });
        }
    }
}

/// The object and all below it.
fn objects<'d, 't>(object: &'d Object<'t>) -> Vec<&'d Object<'t>> {
    let mut found = vec![object];
    let mut left: Vec<&Json> = object.properties.iter().map(|member| &member.value).collect();
    while let Some(value) = left.pop() {
        match value {
            Json::Object(object) => {
                found.push(object);
                left.extend(object.properties.iter().map(|member| &member.value));
            }
            Json::Array(array) => left.extend(&array.elements),
            _ => {}
        }
    }
    found
}

/// The change that brings the value to its path, or a step on the way there: an object that is missing is added empty.
fn set(document: &Document, object: &Object, path: &[&str], literal: &str) -> Result<Step, FormatError> {
    let Some((name, rest)) = path.split_first() else { return Ok(Step::Done(Vec::new())) };
    let mut members = object.properties.iter().filter(|member| member.name.as_str() == *name);
    let new = match rest {
        [] => literal.to_owned(),
        ["*", rest @ ..] => format!("[{}]", one_line(rest, literal)),
        _ => "{}".to_owned(),
    };
    let is_object = new == "{}";
    let step = |splices| if is_object { Step::On(splices) } else { Step::Done(splices) };
    let Some(member) = members.next() else { return Ok(step(document.add(object, name, &new))) };
    let line = document.line(member);
    if let Some(second) = members.next() {
        return Err(FormatError::at(document.line(second), format!("line {line} sets `{name}` as well"))
            .hint("remove one of the two"));
    }
    let range = member.value.range();
    match (&member.value, rest) {
        (_, []) | (Json::NullKeyword(_), _) => Ok(step(vec![(range.start..range.end, new)])),
        (Json::Array(array), ["*", ..]) if array.elements.is_empty() => Ok(step(vec![(range.start..range.end, new)])),
        (Json::Array(array), ["*", rest @ ..]) => {
            let mut splices = Vec::new();
            for element in &array.elements {
                let Json::Object(object) = element else { return Err(not_a_list(line, name)) };
                match set(document, object, rest, literal)? {
                    Step::Done(more) => splices.extend(more),
                    Step::On(_) => return Err(not_a_list(line, name)),
                }
            }
            Ok(Step::Done(splices))
        }
        (_, ["*", ..]) => Err(not_a_list(line, name)),
        (Json::Object(object), _) => set(document, object, rest, literal),
        _ => Err(FormatError::at(line, format!("`{name}` is not an object"))),
    }
}

enum Step {
    Done(Vec<Splice>),
    /// To be taken again after these changes.
    On(Vec<Splice>),
}

/// A new object in one line.
fn one_line(path: &[&str], literal: &str) -> String {
    path.iter().rev().fold(literal.to_owned(), |inner, name| format!("{{{}: {inner}}}", json::quote(name)))
}

fn not_a_list(line: usize, name: &str) -> FormatError {
    FormatError::at(line, format!("`{name}` is not a list of objects"))
}
