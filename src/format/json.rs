//! Edits JSON in place: sets, adds, removes or comments out one member, and keeps every other byte.
//!
//! The parser returns byte ranges, and the edits are splices. Its own editable tree is not used: removing a member
//! there also removes a neighbor's comment, and adding one removes empty lines. The parser fails at more than 512
//! nested values.

use std::borrow::Cow;
use std::ops::Range;

use jsonc_parser::ast::{Object, ObjectProp, ObjectPropName, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::tokens::Token;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};

use crate::format::FormatError;
use crate::format::text_edit::{self, Lines, Splice};
use crate::syntax_cause::Syntax;

/// What the reader of the file accepts besides plain JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Nothing.
    Strict,
    /// Comments, and a comma after the last member.
    Commented,
}

/// A text that is one JSON object.
pub struct Document<'t> {
    pub text: &'t str,
    dialect: Dialect,
    pub root: Object<'t>,
    lines: Lines,
    commas: Vec<usize>,
    comments: Vec<Range<usize>>,
}

impl<'t> Document<'t> {
    pub fn parse(text: &'t str, dialect: Dialect) -> Result<Document<'t>, FormatError> {
        let collect = CollectOptions { comments: CommentCollectionStrategy::AsTokens, tokens: true };
        let parsed = parse_to_ast(text, &collect, &options(dialect))
            // The parser's own message can quote the text.
            .map_err(|error| FormatError::at(error.line_display(), "is not JSON that the library reads"))
            .map_err(|error| error.explained(text, Syntax::Json))?;
        let Some(Value::Object(root)) = parsed.value else {
            return Err(FormatError::new("is not a JSON object").hint("name another file, or move this one away"));
        };
        let lines = Lines::of(text);
        let mut commas = Vec::new();
        let mut comments = Vec::new();
        for token in parsed.tokens.unwrap_or_default() {
            match token.token {
                Token::Comma => commas.push(token.range.start),
                Token::CommentLine(_) | Token::CommentBlock(_) => comments.push(token.range.start..token.range.end),
                _ => {}
            }
        }
        // Comments that are collected as tokens are accepted whatever the option says.
        if let (Dialect::Strict, Some(comment)) = (dialect, comments.first()) {
            let line = lines.number(comment.start);
            return Err(FormatError::at(line, "is a comment, and the library reads JSON without comments"));
        }
        Ok(Document { text, dialect, root, lines, commas, comments })
    }

    /// The line of a member, from 1.
    pub fn line(&self, member: &ObjectProp) -> usize {
        self.line_of(member.range.start)
    }

    /// The line of this byte, from 1.
    pub fn line_of(&self, at: usize) -> usize {
        self.lines.number(at)
    }

    /// Sets the value of the member, and its name if that differs.
    pub fn set(&self, member: &ObjectProp, name: &str, value: &str) -> Vec<Splice> {
        let mut splices = vec![(span(&member.value), quote(value))];
        if member.name.as_str() != name {
            splices.push((name_span(member), quote(name)));
        }
        splices
    }

    /// Adds a member at the end of the object; `value` is JSON.
    pub fn add(&self, object: &Object, name: &str, value: &str) -> Vec<Splice> {
        let Some(last) = object.properties.last() else { return self.add_first(object, name, value) };
        let colon = &self.text[name_span(last).end..span(&last.value).start];
        let colon = if colon.trim() == ":" && !colon.contains('\n') { colon } else { ": " };
        let member = format!("{}{colon}{value}", quote(name));
        let end = last.range.end;
        let comma = self.comma_after(last);
        let mut splices = Vec::new();
        if comma.is_none() {
            splices.push((end..end, ",".to_owned()));
        }
        let end = comma.map_or(end, |comma| comma + 1);
        let comma = if comma.is_some() { "," } else { "" };
        if text_edit::begins_line(self.text, last.range.start) {
            let (at, line_end) = (self.after_comments(end), text_edit::line_end(self.text));
            let indent = text_edit::indent(self.text, last.range.start);
            splices.push((at..at, format!("{line_end}{indent}{member}{comma}")));
        } else {
            let space = if colon == ":" { "" } else { " " };
            splices.push((end..end, format!("{space}{member}{comma}")));
        }
        // Both may be at the same place, and are applied in this order.
        splices
    }

    /// Removes members from the object with their commas; `indexes` ascend. A comment on the same line stays.
    pub fn remove(&self, object: &Object, indexes: &[usize]) -> Vec<Splice> {
        let splices = indexes.iter().flat_map(|index| self.remove_one(&object.properties[*index])).collect();
        self.with_last_comma(object, indexes, splices)
    }

    /// Comments out members, each on its line; one that shares its line or has several is removed.
    pub fn comment_out(&self, object: &Object, indexes: &[usize]) -> Vec<Splice> {
        let comment_out = |index: &usize| {
            let member = &object.properties[*index];
            let (start, end) = (member.range.start, member.range.end);
            let is_one_line = !self.text[start..end].contains('\n') && self.whole_lines(member).is_some();
            if self.dialect == Dialect::Strict || !is_one_line {
                return self.remove_one(member);
            }
            vec![(start..start, "// ".to_owned())]
        };
        let splices = indexes.iter().flat_map(comment_out).collect();
        self.with_last_comma(object, indexes, splices)
    }

    fn remove_one(&self, member: &ObjectProp) -> Vec<Splice> {
        if let Some(lines) = self.whole_lines(member) {
            return vec![(lines, String::new())];
        }
        let mut splices = vec![(member.range.start..member.range.end, String::new())];
        splices.extend(self.comma_after(member).map(|comma| self.with_spaces_after(comma)));
        splices
    }

    /// Without a trailing comma before, there must be none after the member that becomes the last.
    fn with_last_comma(&self, object: &Object, taken: &[usize], mut splices: Vec<Splice>) -> Vec<Splice> {
        let has_trailing_comma = object.properties.last().is_none_or(|last| self.comma_after(last).is_some());
        let left = (0..object.properties.len()).rev().find(|index| taken.binary_search(index).is_err());
        let is_last = left.is_none_or(|left| left + 1 == object.properties.len());
        if let (Some(left), false, false) = (left, has_trailing_comma, is_last) {
            let comma = self.comma_after(&object.properties[left]);
            splices.extend(comma.map(|comma| (comma..comma + 1, String::new())));
        }
        splices
    }

    fn add_first(&self, object: &Object, name: &str, value: &str) -> Vec<Splice> {
        let member = format!("{}: {value}", quote(name));
        let (open, close) = (object.range.start + 1, object.range.end - 1);
        let one_line = !self.text[self.root.range.start..self.root.range.end].contains('\n');
        if one_line && object.range != self.root.range {
            return vec![(open..open, member)];
        }
        let line_end = text_edit::line_end(self.text);
        let indent = text_edit::indent(self.text, object.range.start);
        let unit = self.root.properties.first().map(|first| text_edit::indent(self.text, first.range.start));
        let unit = unit.filter(|unit| !unit.is_empty()).unwrap_or("  ");
        let inside = self.text[open..close].trim_end();
        let member = format!("{line_end}{indent}{unit}{member}{line_end}{indent}");
        vec![(open + inside.len()..close, member)]
    }

    /// The comma that follows a member, a trailing one included.
    fn comma_after(&self, member: &ObjectProp) -> Option<usize> {
        let index = self.commas.partition_point(|comma| *comma < member.range.end);
        let comma = *self.commas.get(index)?;
        let mut between = member.range.end;
        for comment in self.comments_from(between).take_while(|comment| comment.start < comma) {
            if !self.text[between..comment.start].trim().is_empty() {
                return None;
            }
            between = comment.end;
        }
        self.text[between..comma].trim().is_empty().then_some(comma)
    }

    fn with_spaces_after(&self, comma: usize) -> Splice {
        let rest = &self.text[comma + 1..];
        let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        (comma..comma + 1 + spaces, String::new())
    }

    /// The lines of a member with its comma, if they contain nothing else.
    fn whole_lines(&self, member: &ObjectProp) -> Option<Range<usize>> {
        let comma = self.comma_after(member);
        let is_bare = comma.is_none_or(|comma| self.text[member.range.end..comma].trim().is_empty());
        let end = comma.map_or(member.range.end, |comma| comma + 1);
        text_edit::whole_lines(self.text, member.range.start..end).filter(|_| is_bare)
    }

    fn comments_from(&self, at: usize) -> impl Iterator<Item = &Range<usize>> {
        self.comments[self.comments.partition_point(|comment| comment.start < at)..].iter()
    }

    /// The place after the comments that follow on the same line.
    fn after_comments(&self, end: usize) -> usize {
        let mut at = end;
        for comment in self.comments_from(end) {
            if !text_edit::is_blank(&self.text[at..comment.start]) {
                break;
            }
            at = comment.end;
        }
        at
    }
}

/// The value as .NET configuration reads it, where every value is a string; `None` for an object or an array.
pub fn scalar<'v>(value: &'v Value<'_>) -> Option<Cow<'v, str>> {
    match value {
        Value::StringLit(text) => Some(Cow::Borrowed(&text.value)),
        Value::NumberLit(number) => Some(Cow::Borrowed(number.value)),
        Value::BooleanLit(boolean) => Some(Cow::Borrowed(if boolean.value { "True" } else { "False" })),
        Value::NullKeyword(_) => Some(Cow::Borrowed("")),
        Value::Object(_) | Value::Array(_) => None,
    }
}

/// Returns a string as JSON.
pub fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn span(value: &Value) -> Range<usize> {
    let range = value.range();
    range.start..range.end
}

fn name_span(member: &ObjectProp) -> Range<usize> {
    let range = match &member.name {
        ObjectPropName::String(name) => name.range,
        ObjectPropName::Word(name) => name.range,
    };
    range.start..range.end
}

fn options(dialect: Dialect) -> ParseOptions {
    ParseOptions {
        allow_comments: dialect == Dialect::Commented,
        allow_trailing_commas: dialect == Dialect::Commented,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}
