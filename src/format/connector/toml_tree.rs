//! TOML of a connector: parsed for its places, edited as text, so that every byte outside of an edit stays.

use std::ops::Range;

use toml_edit::{Document, InlineTable, Item, Key, TableLike, TomlError, Value as Toml};

use crate::format::FormatError;
use crate::format::connector::tree::{Node, Syntax, Value, join, part};
use crate::format::text_edit::{self, Lines};

pub struct TomlTree;

impl Syntax for TomlTree {
    fn values(&self, text: &str) -> Result<Vec<Node>, FormatError> {
        let document = parse(text)?;
        let mut reading = Reading { text, lines: Lines::of(text), found: Vec::new() };
        reading.table(document.as_table(), "");
        reading.found.sort_by_key(|node| node.member.start);
        Ok(reading.found)
    }

    fn set(&self, text: &str, path: &str, value: Value) -> Result<String, FormatError> {
        let literal = match value {
            Value::Text(text) => Toml::from(text).to_string(),
            Value::True => "true".to_owned(),
        };
        if let Some(node) = self.values(text)?.into_iter().find(|node| node.is(path)) {
            let range = node.member.end - node.raw.len()..node.member.end;
            return Ok(text_edit::apply(text, vec![(range, literal)]));
        }
        let (section, name) = path.rsplit_once('.').unwrap_or(("", path));
        add(text, section, &format!("{name} = {literal}"))
    }

    fn remove(&self, text: &str, node: &Node, keep: bool) -> Result<String, FormatError> {
        let (start, stop) =
            (text_edit::line_start(text, node.member.start), text_edit::line_stop(text, node.member.end));
        let (before, after) = (&text[start..node.member.start], text[node.member.end..stop].trim_start());
        if before.contains(['{', '=', ',']) || !(after.is_empty() || after.starts_with('#')) {
            return Ok(text_edit::apply(text, vec![(with_comma(text, node.member.clone()), String::new())]));
        }
        if keep {
            let starts = text[start..stop].match_indices('\n').map(|(at, _)| start + at + 1);
            let marks = std::iter::once(start).chain(starts).map(|at| (at..at, "# ".to_owned()));
            return Ok(text_edit::apply(text, marks.collect()));
        }
        let next = text[stop..].find('\n').map_or(text.len(), |length| stop + length + 1);
        Ok(text_edit::apply(text, vec![(start..next, String::new())]))
    }

    fn comment_out_section(&self, text: &str, path: &str) -> Option<String> {
        let values = self.values(text).ok()?;
        let (inside, others): (Vec<&Node>, Vec<&Node>) = values.iter().partition(|node| node.is_below(path));
        let lines = Lines::of(text);
        let rows = |node: &Node| lines.number(node.member.start) - 1..lines.number(node.member.end);
        let texts = text_edit::split(text);
        let taken = text_edit::marked(texts.len(), values.iter().map(rows));
        let is_header = |row: &usize| !taken[*row] && header(texts[*row]).is_some_and(|name| is_part(&name, path));
        let headers = (0..texts.len()).filter(is_header).map(|row| row..row + 1);
        let new = text_edit::comment_out(&texts, inside.into_iter().map(rows).chain(headers), "# ");
        let same = |one: &Node, other: &Node| (&one.path, &one.raw) == (&other.path, &other.raw);
        let left = self.values(&new).ok()?;
        let is_whole = left.len() == others.len() && left.iter().zip(others).all(|(left, other)| same(left, other));
        is_whole.then_some(new)
    }

    fn removed(&self) -> &'static str {
        "is commented out"
    }
}

/// The path of the section that this line opens.
fn header(line: &str) -> Option<String> {
    if !line.trim_start().starts_with('[') {
        return None;
    }
    let document = Document::parse(line).ok()?;
    let (mut path, mut table) = (String::new(), document.as_table());
    while let Some((name, Item::Table(inner))) = table.iter().next() {
        path = join(&path, &part(name));
        table = inner;
    }
    Some(path)
}

/// Whether the section is that of the path, or in it.
fn is_part(section: &str, path: &str) -> bool {
    section == path || section.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))
}

fn parse(text: &str) -> Result<Document<&str>, FormatError> {
    Document::parse(text).map_err(|error: TomlError| {
        // The parser's own message quotes the text.
        let reason = "is not TOML that the library reads";
        match error.span() {
            Some(span) => FormatError::at(Lines::of(text).number(span.start), reason),
            None => FormatError::new(reason),
        }
    })
}

struct Reading<'t> {
    text: &'t str,
    lines: Lines,
    found: Vec<Node>,
}

impl Reading<'_> {
    fn table(&mut self, table: &dyn TableLike, path: &str) {
        for (name, item) in table.iter() {
            let path = join(path, &part(name));
            let key = table.key(name).and_then(Key::span);
            match item {
                Item::Table(table) => self.table(table, &path),
                Item::ArrayOfTables(tables) => {
                    for (index, table) in tables.iter().enumerate() {
                        self.table(table, &join(&path, &format!("[{index}]")));
                    }
                }
                Item::Value(value) => self.value(value, path, key),
                Item::None => {}
            }
        }
    }

    fn value(&mut self, value: &Toml, path: String, key: Option<Range<usize>>) {
        match value {
            Toml::InlineTable(table) if !table.is_empty() => return self.table(table, &path),
            Toml::Array(array) if !array.is_empty() => {
                for (index, element) in array.iter().enumerate() {
                    self.value(element, join(&path, &format!("[{index}]")), element.span());
                }
                return;
            }
            _ => {}
        }
        let (Some(key), Some(range)) = (key, value.span()) else { return };
        self.found.push(Node {
            path,
            text: value.as_str().map(str::to_owned),
            line: self.lines.number(key.start),
            raw: self.text[range.clone()].to_owned(),
            member: key.start..range.end,
        });
    }
}

/// Returns the text with this line in the section, which is added where it is missing.
fn add(text: &str, section: &str, assigned: &str) -> Result<String, FormatError> {
    let document = parse(text)?;
    let mut table = document.as_table();
    let mut parts = section.split('.').filter(|part| !part.is_empty());
    while let Some(name) = parts.next() {
        match table.get(name) {
            Some(Item::Table(inner)) => table = inner,
            Some(Item::Value(Toml::InlineTable(inline))) if parts.next().is_none() => {
                return add_inline(text, inline, assigned);
            }
            None => return Ok(add_section(text, section, assigned)),
            Some(_) => {
                let at = table.key(name).and_then(Key::span).map_or(0, |span| span.start);
                return Err(FormatError::at(Lines::of(text).number(at), format!("`{name}` is not a section")));
            }
        }
    }
    let values = table.iter().filter(|(_, item)| item.is_value());
    let places = values.filter_map(|(name, item)| Some((table.key(name)?.span()?, item.span()?)));
    let at = match (places.max_by_key(|(key, _)| key.start), table.span()) {
        // The text before the key is its indentation or, in a line like `google_ads.dev_token = "…"`, the way to it.
        (Some((key, value)), _) => {
            let before = &text[text_edit::line_start(text, key.start)..key.start];
            return Ok(insert_after(text, value.end, &format!("{before}{assigned}")));
        }
        (None, Some(header)) if !table.is_implicit() && !table.is_dotted() => header.start,
        _ if table.is_dotted() => {
            return Err(FormatError::new(format!("section `{section}` has no line of its own to write into"))
                .hint(format!("write it as `[{section}]`")));
        }
        _ => return Ok(add_section(text, section, assigned)),
    };
    Ok(insert_after(text, at, assigned))
}

/// Returns the text with a new line below the line of this byte.
fn insert_after(text: &str, at: usize, line: &str) -> String {
    let lines = text_edit::split(text);
    let below = Lines::of(text).number(at);
    text_edit::insert_line(&lines, below, line, text_edit::end_for(&lines, below))
}

fn add_inline(text: &str, table: &InlineTable, assigned: &str) -> Result<String, FormatError> {
    let last = table.iter().filter_map(|(_, value)| value.span()).map(|span| span.end).max();
    let splice = match (last, table.span()) {
        (Some(end), _) => (end..end, format!(", {assigned}")),
        (None, Some(span)) => (span.start + 1..span.end - 1, format!(" {assigned} ")),
        (None, None) => return Err(FormatError::new("the section has no place")),
    };
    Ok(text_edit::apply(text, vec![splice]))
}

/// Returns the text with a new section at its end, after an empty line.
fn add_section(text: &str, section: &str, assigned: &str) -> String {
    let lines = text_edit::split(text);
    let end = text_edit::end_for(&lines, lines.len());
    let is_blank = lines.last().is_none_or(|last| text_edit::content(last).trim().is_empty());
    let gap = if is_blank { "" } else { end };
    text_edit::insert_line(&lines, lines.len(), &format!("{gap}[{section}]{end}{assigned}"), end)
}

/// The member of an inline table with the comma that belongs to it.
fn with_comma(text: &str, member: Range<usize>) -> Range<usize> {
    let after = text[member.end..].trim_start();
    if let Some(rest) = after.strip_prefix(',') {
        return member.start..text.len() - rest.trim_start_matches(' ').len();
    }
    let before = text[..member.start].trim_end();
    before.strip_suffix(',').map_or(member.clone(), |before| before.len()..member.end)
}
