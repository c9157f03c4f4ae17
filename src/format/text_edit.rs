//! Edits of a text by byte ranges or by lines, and where lines begin and end.
//!
//! Every edit replaces ranges and copies the rest, so that bytes outside of them cannot change. A line ends at a line feed, a
//! carriage return before it is part of the line end. YAML has line ends of its own: [`super::yaml`].

use std::ops::Range;

/// A range, and the text that replaces it.
pub type Splice = (Range<usize>, String);

/// Returns the text with every splice applied. They must not overlap; their order does not matter, except for insertions at
/// the same place.
pub fn apply(text: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|(range, _)| range.start);
    let mut result = String::with_capacity(text.len() + 256);
    let mut done = 0;
    for (range, replacement) in splices {
        result.push_str(&text[done..range.start]);
        result.push_str(&replacement);
        done = range.end;
    }
    result.push_str(&text[done..]);
    result
}

/// The offsets at which the lines of a text begin, for the line numbers of many places.
#[derive(Debug)]
pub struct Lines(Vec<usize>);

impl Lines {
    pub fn of(text: &str) -> Lines {
        Lines(text.match_indices('\n').map(|(at, _)| at + 1).collect())
    }

    /// The line of this byte, from 1.
    pub fn number(&self, at: usize) -> usize {
        self.0.partition_point(|start| *start <= at) + 1
    }
}

/// The line end of the first line; LF if it has none.
pub fn line_end(text: &str) -> &'static str {
    let first = text.split_inclusive('\n').next();
    if first.is_some_and(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" }
}

/// The offset at which the line of this byte begins.
pub fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// The offset at which the line of this byte ends, before its line end.
pub fn line_stop(text: &str, at: usize) -> usize {
    let stop = text[at..].find('\n').map_or(text.len(), |length| at + length);
    if stop > at && text.as_bytes()[stop - 1] == b'\r' { stop - 1 } else { stop }
}

/// The indentation of the line of this byte.
pub fn indent(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Whether only spaces and tabs are before this byte on its line.
pub fn begins_line(text: &str, at: usize) -> bool {
    is_blank(&text[line_start(text, at)..at])
}

/// The whole lines of a range including the last line end, if these lines contain nothing else.
pub fn whole_lines(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let stop = line_stop(text, range.end);
    let alone = begins_line(text, range.start) && is_blank(&text[range.end..stop]);
    let next = text[stop..].find('\n').map_or(text.len(), |length| stop + length + 1);
    alone.then(|| line_start(text, range.start)..next)
}

/// Whether the text is empty or has only spaces and tabs.
pub fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t'))
}

/// The lines of a text, each with its line end.
pub fn split(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// A line without its line end.
pub fn content(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

/// The line end of a line: LF, CRLF, or nothing.
pub fn end(line: &str) -> &str {
    if line.ends_with('\n') { &line[content(line).len()..] } else { "" }
}

/// The line end for a new line before line `at`: that of the nearest line above, else that of the first line, else LF.
pub fn end_for<'t>(lines: &[&'t str], at: usize) -> &'t str {
    let above = lines[..at].iter().rev().chain(lines.first());
    above.map(|line| end(line)).find(|end| !end.is_empty()).unwrap_or("\n")
}

/// Returns the text with these lines replaced.
pub fn replace_lines(lines: &[&str], range: Range<usize>, with: &str) -> String {
    [&lines[..range.start].concat(), with, &lines[range.end..].concat()].concat()
}

/// Returns the text with `new`, which has no line end, as a line before line `at`. A last line without a line end gets one.
pub fn insert_line(lines: &[&str], at: usize, new: &str, line_end: &str) -> String {
    let unfinished = at > 0 && end(lines[at - 1]).is_empty();
    let gap = if unfinished { line_end } else { "" };
    replace_lines(lines, at..at, &[gap, new, line_end].concat())
}

/// Returns the text with `mark` before each of these lines.
pub fn comment_out(lines: &[&str], ranges: impl Iterator<Item = Range<usize>>, mark: &str) -> String {
    let marked = marked(lines.len(), ranges);
    lines.iter().zip(marked).flat_map(|(line, is_marked)| [if is_marked { mark } else { "" }, line]).collect()
}

/// For each of `count` lines, whether it is in one of the ranges.
pub fn marked(count: usize, ranges: impl Iterator<Item = Range<usize>>) -> Vec<bool> {
    let mut marked = vec![false; count];
    ranges.for_each(|range| marked[range].fill(true));
    marked
}
