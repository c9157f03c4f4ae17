//! Edits of a text by byte ranges, and where lines begin and end: what the formats with nested syntax share.

use std::ops::Range;

/// Text that is to stand in place of a range.
pub type Splice = (Range<usize>, String);

/// The text with every splice done. They must not overlap; their order does not matter.
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

/// Where the lines of a text begin, to tell the line of many places without counting anew.
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

/// The line end that the text uses.
pub fn line_end(text: &str) -> &'static str {
    let first = text.split_inclusive('\n').next();
    if first.is_some_and(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" }
}

/// Where the line of this byte begins.
pub fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Where the line of this byte ends, its line end not counted.
pub fn line_stop(text: &str, at: usize) -> usize {
    let stop = text[at..].find('\n').map_or(text.len(), |length| at + length);
    if stop > at && text.as_bytes()[stop - 1] == b'\r' { stop - 1 } else { stop }
}

/// The blanks that the line of this byte begins with.
pub fn indent(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Whether nothing but blanks stands before this byte in its line.
pub fn begins_line(text: &str, at: usize) -> bool {
    is_blank(&text[line_start(text, at)..at])
}

/// The whole lines of a range with the last line's end, if nothing else stands in these lines.
pub fn whole_lines(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let stop = line_stop(text, range.end);
    let alone = begins_line(text, range.start) && is_blank(&text[range.end..stop]);
    let next = text[stop..].find('\n').map_or(text.len(), |length| stop + length + 1);
    alone.then(|| line_start(text, range.start)..next)
}

/// Whether this is nothing or blanks.
pub fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t'))
}
