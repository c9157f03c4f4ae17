//! Where lines start and end: at a line feed, a carriage return or both, as YAML has it.

/// The offset where the line of this offset starts.
pub fn start(text: &str, at: usize) -> usize {
    text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1)
}

/// The offset of the line end of this offset's line.
pub fn end(text: &str, at: usize) -> usize {
    text[at..].find(['\n', '\r']).map_or(text.len(), |end| at + end)
}

/// The offset where the next line starts.
pub fn next(text: &str, at: usize) -> usize {
    let end = end(text, at);
    end + match &text.as_bytes()[end..] {
        [b'\r', b'\n', ..] => 2,
        [] => 0,
        _ => 1,
    }
}

/// The line end of the first line; a line feed where there is none.
pub fn end_mark(text: &str) -> &'static str {
    let end = end(text, 0);
    match &text.as_bytes()[end..] {
        [b'\r', b'\n', ..] => "\r\n",
        [b'\r', ..] => "\r",
        _ => "\n",
    }
}

/// The number of the line of this offset, from 1.
pub fn number(text: &str, at: usize) -> usize {
    let mut line = 1;
    let mut from = 0;
    while next(text, from) <= at && next(text, from) > from {
        from = next(text, from);
        line += 1;
    }
    line
}
