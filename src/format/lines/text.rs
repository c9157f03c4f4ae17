//! A text as a row of lines, each with its own end, and the few ways to change one.
//!
//! Owns line ends; knows nothing of keys and values. Every change is a splice of whole lines, so that what is not named in
//! the splice cannot change.

use std::ops::Range;

/// The lines of a text, each with its end.
pub fn split(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// A line without its end, be that LF or CRLF.
pub fn content(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

/// The end of a line: LF, CRLF, or nothing.
pub fn end(line: &str) -> &str {
    if line.ends_with('\n') { &line[content(line).len()..] } else { "" }
}

/// The end that a new line before line `at` takes: that of the nearest line above, else that of the first line, else LF.
pub fn end_for<'t>(lines: &[&'t str], at: usize) -> &'t str {
    let above = lines[..at].iter().rev().chain(lines.first());
    above.map(|line| end(line)).find(|end| !end.is_empty()).unwrap_or("\n")
}

/// The text with these lines replaced.
pub fn splice(lines: &[&str], range: Range<usize>, with: &str) -> String {
    [&lines[..range.start].concat(), with, &lines[range.end..].concat()].concat()
}

/// The text with `new` before line `at`; `new` has no end and gets `end`, and so does a last line that has none.
pub fn insert(lines: &[&str], at: usize, new: &str, end_of_line: &str) -> String {
    let unfinished = at > 0 && end(lines[at - 1]).is_empty();
    let gap = if unfinished { end_of_line } else { "" };
    splice(lines, at..at, &[gap, new, end_of_line].concat())
}

/// The text with `mark` before each of these lines.
pub fn comment_out(lines: &[&str], ranges: impl Iterator<Item = Range<usize>>, mark: &str) -> String {
    let marked = marked(lines.len(), ranges);
    lines.iter().zip(marked).flat_map(|(line, is_marked)| [if is_marked { mark } else { "" }, line]).collect()
}

/// For each of so many lines whether it is in one of the ranges.
pub fn marked(length: usize, ranges: impl Iterator<Item = Range<usize>>) -> Vec<bool> {
    let mut marked = vec![false; length];
    ranges.for_each(|range| marked[range].fill(true));
    marked
}
