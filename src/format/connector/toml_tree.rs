//! TOML of a connector: parsed for its places, edited as text, so that every byte outside of an edit stays.

use std::ops::Range;

use toml_edit::{Document, InlineTable, Item, Key, Table, TableLike, TomlError, Value as Toml};

use crate::format::FormatError;
use crate::format::connector::tree::{Node, Syntax, Value, join, part};
use crate::format::json;
use crate::format::text_edit::{self, Lines};
use crate::syntax_cause;

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
            // Between the three quotes of a text with lines, their ends would not be those of the file.
            Value::Text(text_of) if text_of.contains('\n') && text_edit::line_end(text) == "\r\n" => {
                json::quote(text_of)
            }
            Value::Text(text) => Toml::from(text).to_string(),
            Value::True => "true".to_owned(),
        };
        if let Some(node) = self.values(text)?.into_iter().find(|node| node.is(path)) {
            let range = node.member.end - node.raw.len()..node.member.end;
            return Ok(text_edit::apply(text, vec![(range, literal)]));
        }
        let (section, name) = path.rsplit_once('.').unwrap_or(("", path));
        let path: Vec<&str> = section.split('.').filter(|part| !part.is_empty()).collect();
        add(text, &path, &format!("{name} = {literal}"))
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

/// Whether the line sets a key or opens a section that a line above it sets or opens already.
fn is_there_before(text: &str, line: usize) -> bool {
    fn section(line: &str) -> Option<&str> {
        let line = line.trim_start();
        line.starts_with('[').then(|| line.split_once(']').map_or(line, |(section, _)| section).trim_end())
    }
    let key = |line: &str| line.split_once('=').map(|(key, _)| key.trim().to_owned());
    let mut above: Vec<&str> = text.lines().take(line).collect();
    let Some(own) = above.pop() else { return false };
    if let Some(own) = section(own) {
        return above.into_iter().filter_map(section).any(|other| other == own);
    }
    let in_section = above.into_iter().rev().take_while(|line| section(line).is_none());
    key(own).is_some_and(|own| in_section.filter_map(key).any(|other| other == own))
}

fn parse(text: &str) -> Result<Document<&str>, FormatError> {
    Document::parse(text).map_err(|error: TomlError| {
        // The parser's own message quotes the text.
        let reason = "is not TOML that the library reads";
        let line = error.span().map(|span| Lines::of(text).number(span.start));
        match line {
            Some(line) if is_there_before(text, line) => {
                FormatError::at(line, format!("{reason}: it sets a key or opens a section that is there already"))
            }
            Some(line) => FormatError::at(line, reason).explained(text, syntax_cause::Syntax::Toml),
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
fn add(text: &str, section: &[&str], assigned: &str) -> Result<String, FormatError> {
    let document = parse(text)?;
    let mut table = document.as_table();
    // The outermost section that only the names of values open, as in `google_ads.dev_token = "…"`, and its place in the path.
    let mut dotted: Option<(&Table, usize)> = None;
    for (index, name) in section.iter().enumerate() {
        match table.get(name) {
            Some(Item::Table(inner)) => {
                dotted = if inner.is_dotted() { dotted.or(Some((inner, index))) } else { None };
                table = inner;
            }
            Some(Item::Value(Toml::InlineTable(inline))) => {
                return add_inline(text, inline, &section[index + 1..], assigned);
            }
            None if dotted.is_some() => break,
            None => return Ok(add_section(text, &section.join("."), assigned)),
            Some(_) => {
                let at = table.key(name).and_then(Key::span).map_or(0, |span| span.start);
                return Err(not_a_section(text, at, name));
            }
        }
    }
    if let Some((outermost, index)) = dotted
        && let Some((key, value)) = last_value(outermost)
    {
        let line = format!("{}{}.{assigned}", text_edit::indent(text, key), section[index..].join("."));
        return Ok(insert_after(text, value, &line));
    }
    let values = table.iter().filter(|(_, item)| item.is_value());
    let places = values.filter_map(|(name, item)| Some((table.key(name)?.span()?.start, item.span()?.end)));
    let at = match (places.max(), table.span()) {
        (Some((key, value)), _) => {
            return Ok(insert_after(text, value, &format!("{}{assigned}", text_edit::indent(text, key))));
        }
        (None, Some(header)) if !table.is_implicit() => header.start,
        _ => return Ok(add_section(text, &section.join("."), assigned)),
    };
    Ok(insert_after(text, at, assigned))
}

/// Where the key of the last value begins, and where that value ends, in a section that only names of values open.
fn last_value(table: &Table) -> Option<(usize, usize)> {
    let places = table.iter().filter_map(|(name, item)| match item {
        Item::Table(inner) => inner.is_dotted().then(|| last_value(inner))?,
        _ => Some((table.key(name)?.span()?.start, item.span()?.end)),
    });
    places.max()
}

fn not_a_section(text: &str, at: usize, name: &str) -> FormatError {
    FormatError::at(Lines::of(text).number(at), format!("`{name}` is not a section"))
}

/// Returns the text with a new line below the line of this byte.
fn insert_after(text: &str, at: usize, line: &str) -> String {
    let lines = text_edit::split(text);
    let below = Lines::of(text).number(at);
    text_edit::insert_line(&lines, below, line, text_edit::end_for(&lines, below))
}

/// Returns the text with this value in the section at the path below the inline table, which is added where it is missing.
fn add_inline(text: &str, mut table: &InlineTable, mut path: &[&str], assigned: &str) -> Result<String, FormatError> {
    let outer = table.span().unwrap_or_default();
    while let [name, rest @ ..] = path {
        match table.get(name) {
            None => break,
            Some(Toml::InlineTable(inner)) if inner.is_dotted() => {
                let reason = format!("`{name}` is opened by the names of values inside of braces");
                return Err(FormatError::at(Lines::of(text).number(outer.start), reason)
                    .hint(format!("write it as `{name} = {{ … }}`, or as a section of its own")));
            }
            Some(Toml::InlineTable(inner)) => (table, path) = (inner, rest),
            Some(_) => return Err(not_a_section(text, outer.start, name)),
        }
    }
    let member = path.iter().rev().fold(assigned.to_owned(), |inner, name| format!("{name} = {{ {inner} }}"));
    let Some(span) = table.span() else { return Err(FormatError::new("the section has no place")) };
    let inside = text[span.start + 1..span.end - 1].trim_end();
    let end = span.start + 1 + inside.len();
    let splice = match (inside.is_empty(), inside.ends_with(',')) {
        (true, _) => (span.start + 1..span.end - 1, format!(" {member} ")),
        (_, true) => (end..end, format!(" {member}")),
        (..) => (end..end, format!(", {member}")),
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
