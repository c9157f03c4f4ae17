//! Edits the text and checks the result: both parsers must read exactly the old entries and the new ones.
//!
//! A new line can be in three places: below the last of the known keys, at the end, above the first key. If one of them changes
//! the meaning of the lines before it (a block scalar at the end of the file includes the line end), the next one is tried, and
//! only a place that passes the check is used. A line that cannot be edited is an error with its number.

use granit_parser::ScalarStyle;

use crate::format::FormatError;
use crate::format::text_edit::Splice;

use super::document::{Document, Entry, Root, Value};
use super::encode;
use super::extent;
use super::keys::{self, PROTO_PLUS};
use super::lines;
use super::second::{self, Expected};
use super::walk;

/// One thing to change at the top level.
#[derive(Clone, Copy, Debug)]
pub enum Change<'a> {
    /// Sets the key to this string, on its line or on a new one.
    Set { key: &'a str, value: &'a str },
    /// Sets the key to `true`.
    SetTrue { key: &'a str },
    /// Removes the lines of the key.
    Remove { key: &'a str },
    /// Comments out the lines of the entry.
    CommentOut { entry: &'a Entry },
}

impl Change<'_> {
    /// Whether it sets or removes this key.
    pub fn is_of(&self, wanted: &str) -> bool {
        match *self {
            Change::Set { key, .. } | Change::SetTrue { key } | Change::Remove { key } => key == wanted,
            Change::CommentOut { entry } => entry.key == wanted,
        }
    }
}

/// Returns the text with these changes and no others.
pub fn apply(text: &str, document: &Document, changes: &[Change]) -> Result<String, FormatError> {
    let unchanged = Expected { document, without: &[], new: &[] };
    if changes.is_empty() {
        return second::finds(text, &unchanged).map(|()| text.to_owned());
    }
    let cut = Cut::plan(text, document, changes)?;
    cut.check_touched()?;
    let places = if cut.new_lines.is_empty() { vec![text.len()] } else { cut.places()? };
    let expected = Expected { document, without: &cut.touched, new: &cut.new };
    for place in &places {
        if let Some(changed) = cut.at(*place)
            && second::finds(&changed, &expected).is_ok()
        {
            return Ok(changed);
        }
    }
    // If the parsers did not agree before either, then that is the reason.
    second::finds(text, &unchanged)?;
    let line = cut.first_line.or(places.first().map(|place| lines::number(text, *place)));
    Err(FormatError { line, ..FormatError::new("a change here would change the meaning of other lines") })
}

struct Cut<'a> {
    text: &'a str,
    document: &'a Document,
    splices: Vec<Splice>,
    /// `key: value`, without indentation and line end.
    new_lines: Vec<String>,
    /// The positions of the entries that change or are removed.
    touched: Vec<usize>,
    /// The strings that the keys must have afterwards.
    new: Vec<(&'a str, &'a str)>,
    first_line: Option<usize>,
}

impl<'a> Cut<'a> {
    fn plan(text: &'a str, document: &'a Document, changes: &[Change<'a>]) -> Result<Cut<'a>, FormatError> {
        let mut cut = Cut {
            text,
            document,
            splices: Vec::new(),
            new_lines: Vec::new(),
            touched: Vec::new(),
            new: Vec::new(),
            first_line: None,
        };
        for change in changes {
            match *change {
                Change::Set { key, value } => {
                    cut.new.push((key, value));
                    match cut.only(key)? {
                        Some(entry) => cut.replace(entry, |style| encode::in_style(value, style))?,
                        None => cut.new_lines.push(format!("{key}: {}", encode::double_quoted(value))),
                    }
                }
                Change::SetTrue { key } => {
                    cut.new.push((key, "true"));
                    match cut.only(key)? {
                        Some(entry) => cut.replace(entry, |_| "true".to_owned())?,
                        None => cut.new_lines.push(format!("{key}: true")),
                    }
                }
                Change::Remove { key } => {
                    if let Some(entry) = cut.only(key)? {
                        let lines = extent::whole_lines(text, document.root, entry)?;
                        cut.touch(entry, vec![(lines, String::new())]);
                    }
                }
                Change::CommentOut { entry } => cut.comment_out(entry)?,
            }
        }
        cut.splices.sort_by_key(|(range, _)| range.start);
        cut.touched.sort_unstable();
        Ok(cut)
    }

    /// Checks that both parsers read the removed entries alike, or something unseen would be removed with them. It is enough to
    /// parse their lines; where it is not (between braces, a value that ends below them), the whole text is parsed.
    fn check_touched(&self) -> Result<(), FormatError> {
        let alone = |entry: &Entry| {
            let lines = &self.text[extent::whole_lines(self.text, self.document.root, entry).ok()?];
            let document = walk::document(lines).ok()?;
            second::finds(lines, &Expected { document: &document, without: &[], new: &[] }).ok()?;
            let [found] = &document.entries[..] else { return None };
            (document.shape.len() == 1 && found.key == entry.key && found.value == entry.value).then_some(())
        };
        let touched = |entry: &&Entry| self.touched.binary_search(&entry.index).is_ok();
        let few = self.touched.len() <= 16;
        if few && self.document.entries.iter().filter(touched).all(|entry| alone(entry).is_some()) {
            return Ok(());
        }
        second::finds(self.text, &Expected { document: self.document, without: &[], new: &[] })
    }

    /// The entry of the key, if there is one. Two are an error.
    fn only(&self, key: &str) -> Result<Option<&'a Entry>, FormatError> {
        let mut all = self.document.all(key);
        match (all.next(), all.next()) {
            (first, None) => Ok(first),
            (_, Some(second)) => Err(FormatError::at(second.line, format!("a second line sets `{key}`"))
                .hint(format!("keep one of the lines that set `{key}`"))),
        }
    }

    fn touch(&mut self, entry: &Entry, splices: Vec<Splice>) {
        self.touched.push(entry.index);
        self.first_line = Some(self.first_line.map_or(entry.line, |line| line.min(entry.line)));
        self.splices.extend(splices);
    }

    fn replace(&mut self, entry: &Entry, encode: impl Fn(ScalarStyle) -> String) -> Result<(), FormatError> {
        let what = match &entry.value {
            Value::Collection => "is a list or a section",
            Value::Alias(_) => "is an alias of another value",
            Value::Scalar(_) if entry.dressed => "has an anchor or a tag",
            Value::Scalar(scalar) => {
                let splices = match scalar.style {
                    ScalarStyle::Literal | ScalarStyle::Folded => self.replace_block(entry, encode(scalar.style))?,
                    style if entry.value_span.is_empty() => {
                        let colon = extent::after_colon(self.text, entry)?;
                        vec![(colon..colon, format!(" {}", encode(style)))]
                    }
                    style => {
                        vec![(entry.value_span.clone(), encode(style))]
                    }
                };
                self.touch(entry, splices);
                return Ok(());
            }
        };
        Err(extent::refuse(entry, what))
    }

    /// Replaces a block scalar: the value replaces its header, a comment beside the header stays, the content is removed.
    fn replace_block(&self, entry: &Entry, value: String) -> Result<Vec<Splice>, FormatError> {
        let mut splices = vec![(extent::block_header(self.text, entry)?, value)];
        splices.extend(extent::block_content(self.text, entry).map(|content| (content, String::new())));
        Ok(splices)
    }

    fn comment_out(&mut self, entry: &Entry) -> Result<(), FormatError> {
        let lines = extent::whole_lines(self.text, self.document.root, entry)?;
        let indent = &self.text[lines.start..entry.key_span.start];
        let mut splices = Vec::new();
        let mut line = lines.start;
        while line < lines.end {
            let content = &self.text[line..lines::end(self.text, line)];
            if !content.trim().is_empty() {
                let at = line + if content.starts_with(indent) { indent.len() } else { 0 };
                splices.push((at..at, "# ".to_owned()));
            }
            line = lines::next(self.text, line);
        }
        self.touch(entry, splices);
        Ok(())
    }

    /// The places for new lines, best first.
    fn places(&self) -> Result<Vec<usize>, FormatError> {
        let first = match self.document.root {
            Root::Empty => return Ok(vec![self.document.end]),
            Root::Block { first } => first,
            Root::Flow { line } => {
                return Err(FormatError::at(line, "the keys are between braces, where a line cannot be added")
                    .hint("write the file as `key: value` lines, then run again"));
            }
        };
        let ours = |entry: &&Entry| keys::field(&entry.key).is_some() || entry.key == PROTO_PLUS;
        let last_of_ours = self.document.entries.iter().rfind(ours);
        let below = last_of_ours
            .and_then(|entry| extent::whole_lines(self.text, self.document.root, entry).ok())
            .map(|lines| lines.end);
        let mut places: Vec<_> = below.into_iter().chain([self.document.end, lines::start(self.text, first)]).collect();
        places.dedup();
        Ok(places)
    }

    /// The changed text with the new lines at this place; `None` if a splice covers it.
    fn at(&self, place: usize) -> Option<String> {
        let mut changed = String::with_capacity(self.text.len() + 1024);
        let (before, behind) = self.splices.split_at(self.splices.partition_point(|(range, _)| range.end <= place));
        let from = self.copy(&mut changed, 0, before)?;
        changed.push_str(self.text.get(from..place)?);
        self.add_lines(&mut changed, place);
        let from = self.copy(&mut changed, place, behind)?;
        changed.push_str(self.text.get(from..)?);
        Some(changed)
    }

    /// Copies the text up to the end of the last of these splices, and applies them.
    fn copy(&self, changed: &mut String, mut from: usize, splices: &[Splice]) -> Option<usize> {
        for (range, replacement) in splices {
            changed.push_str(self.text.get(from..range.start)?);
            changed.push_str(replacement);
            from = range.end;
        }
        Some(from)
    }

    /// Appends the new lines with the indentation and the line end of the file; a file without a final line end stays so.
    fn add_lines(&self, changed: &mut String, place: usize) {
        let line_end = lines::end_mark(self.text);
        let indent = match self.document.root {
            Root::Block { first } => &self.text[lines::start(self.text, first)..first],
            _ => "",
        };
        let indent = indent.trim_start_matches('\u{feff}');
        let open = place == self.text.len() && !self.text.is_empty() && !self.text.ends_with(['\n', '\r']);
        for line in &self.new_lines {
            if !(changed.is_empty() || changed.ends_with(['\n', '\r'])) {
                changed.push_str(line_end);
            }
            changed.push_str(indent);
            changed.push_str(line);
            if !open {
                changed.push_str(line_end);
            }
        }
    }
}
