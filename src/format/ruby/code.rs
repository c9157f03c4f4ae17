//! One line of Ruby: which of it is code, which is a string and which a comment.

use crate::format::near_miss;

/// The words that open what `end` closes, at any place.
const OPENERS: [&str; 6] = ["do", "def", "class", "module", "begin", "case"];
/// The words that do the same at the beginning of a statement; after one they modify it and open nothing.
const CONDITIONS: [&str; 5] = ["if", "unless", "while", "until", "for"];

/// The characters that may begin a string or a comment.
const SPECIAL: [char; 7] = ['#', '\'', '"', '`', '<', '%', '?'];

/// A line without its comment, also with the content of its string literals replaced by spaces, at the same byte offsets.
pub struct Code {
    /// The line without its comment.
    line: String,
    /// The same with the content of strings replaced by spaces.
    bare: String,
}

/// Parses the line. `None` if a string in it continues on the next line, or has a form that one line does not determine.
pub fn scan(line: &str) -> Option<Code> {
    let bytes = line.as_bytes();
    let mut bare = String::with_capacity(line.len());
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let end = match byte {
            b'#' => break,
            b'\'' | b'"' | b'`' => end_of_text(bytes, at)?,
            b'<' if is_heredoc(&line[at..]) => return None,
            b'%' if begins_value(&bare) && is_percent_text(&bytes[at + 1..]) => return None,
            // A character literal that is a quote: `?'`.
            b'?' if matches!(bytes.get(at + 1), Some(b'\'' | b'"' | b'`' | b'#')) => return None,
            _ => {
                let rest = &line[at..];
                let first = rest.chars().next().map_or(1, char::len_utf8);
                let length = rest[first..].find(SPECIAL).map_or(rest.len(), |length| first + length);
                bare.push_str(&rest[..length]);
                at += length;
                continue;
            }
        };
        // The quotes stay, or a line with nothing but a string would look empty.
        bare.push('"');
        bare.extend(std::iter::repeat_n(' ', end - at - 2));
        bare.push('"');
        at = end;
    }
    Some(Code { line: line[..at].to_owned(), bare })
}

impl Code {
    pub fn is_empty(&self) -> bool {
        self.line.trim().is_empty()
    }

    /// The line without its comment.
    pub fn text(&self) -> &str {
        &self.line
    }

    /// The name that a line with a character that is not visible is about: to Ruby that is a part of a name, in code but not in a
    /// string.
    pub fn invisible(&self) -> Option<String> {
        let is_invisible = |char: char| !char.is_ascii() && (char.is_whitespace() || near_miss::is_invisible(char));
        self.bare.find(is_invisible)?;
        let visible: String = self.bare.chars().map(|char| if is_invisible(char) { ' ' } else { char }).collect();
        let statement = visible.split('=').next().unwrap_or_default().trim();
        let name = statement.rsplit(|char| !is_word_char(char)).next().unwrap_or_default();
        Some(name.to_owned())
    }

    /// Whether the statement continues on the next line.
    pub fn goes_on(&self) -> bool {
        let bare = self.bare.trim_end();
        let is_block_opening = bare.ends_with('|') && bare.matches('|').count() == 2;
        let ends_with_operator = bare.ends_with(['\\', '=', '+', '-', '*', '/', '&', '|', ',', '.', ':', '<', '>']);
        let last_word = bare.rsplit([' ', '\t']).next().unwrap_or_default();
        !is_block_opening && (ends_with_operator || matches!(last_word, "?" | "and" | "or" | "not"))
    }

    /// The names from this byte on, without those in strings.
    pub fn words(&self, from: usize) -> impl Iterator<Item = &str> {
        self.words_with_places().filter(move |(at, _)| *at >= from).map(|(_, word)| word)
    }

    /// The number of blocks and brackets it opens, minus those it closes.
    pub fn depth_change(&self) -> i64 {
        let mut change = 0;
        let mut is_loop = false;
        for (at, word) in self.words_with_places() {
            let (before, behind) = (&self.bare[..at], &self.bare[at + word.len()..]);
            // `x.end`, `:end` and `end:` are names.
            let is_symbol = before.ends_with(':') && !before.ends_with("::");
            let is_key = behind.starts_with(':') && !behind.starts_with("::");
            if before.ends_with('.') || is_symbol || is_key || behind.starts_with(['?', '!']) {
                continue;
            }
            let before = before.trim_end();
            let begins_statement = before.is_empty() || before.ends_with(['=', '(', ';', '[', '{', ',', '|', '&']);
            if word == "do" && is_loop {
                is_loop = false;
            } else if OPENERS.contains(&word) {
                change += 1;
            } else if CONDITIONS.contains(&word) && begins_statement {
                change += 1;
                is_loop = matches!(word, "while" | "until" | "for");
            } else if word == "end" {
                change -= 1;
            }
        }
        change + self.bare.matches(['(', '[', '{']).count() as i64 - self.bare.matches([')', ']', '}']).count() as i64
    }

    fn words_with_places(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut done = 0;
        std::iter::from_fn(move || {
            let start = done + self.bare[done..].find(is_word_char)?;
            let word = &self.bare[start..];
            let word = &word[..word.find(|char| !is_word_char(char)).unwrap_or(word.len())];
            done = start + word.len();
            Some((start, word))
        })
    }
}

/// The name of a statement whose value is never a configuration: a print, a literal.
pub fn prints(statement: &str) -> Option<&str> {
    let word = statement.split(|char| !is_word_char(char)).next().unwrap_or_default();
    let is_call = !statement[word.len()..].trim_start().starts_with(['=', '.']);
    let names = ["puts", "print", "p", "pp", "warn", "require", "require_relative", "nil", "true", "false"];
    (names.contains(&word) && is_call).then_some(word)
}

/// Whether this is a single name.
pub fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_word_char) && !text.starts_with(|char: char| char.is_ascii_digit())
}

fn is_word_char(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// Whether a value comes next, not an operator.
fn begins_value(before: &str) -> bool {
    before.ends_with([' ', '\t', '=', '(', ',', '[', '{', '|', '&', ':', '?', ';', '!']) || before.is_empty()
}

/// The offset after the string that begins here. Code in `#{…}` may contain strings.
fn end_of_text(bytes: &[u8], start: usize) -> Option<usize> {
    // The open quotes; a brace is an open `#{`, or a brace within one.
    let mut open = vec![bytes[start]];
    let mut at = start + 1;
    while let Some(innermost) = open.last().copied() {
        let byte = *bytes.get(at)?;
        match (innermost, byte) {
            (b'{', b'}') => {
                open.pop();
            }
            (b'{', b'{' | b'\'' | b'"' | b'`') => open.push(byte),
            (b'{', _) => {}
            (_, b'\\') => at += 1,
            (b'"' | b'`', b'#') if bytes.get(at + 1) == Some(&b'{') => {
                open.push(b'{');
                at += 1;
            }
            (quote, byte) if quote == byte => {
                open.pop();
            }
            _ => {}
        }
        at += 1;
    }
    Some(at)
}

/// `<<NAME`, `<<~NAME`, `<<-'NAME'`: a string on the next lines. `list << name` has a space.
fn is_heredoc(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("<<") else { return false };
    let rest = rest.strip_prefix(['~', '-']).unwrap_or(rest);
    rest.starts_with(|char: char| char.is_alphabetic() || matches!(char, '_' | '\'' | '"' | '`'))
}

/// `%w[`, `%q(`, `%{`: a string in brackets of any kind.
fn is_percent_text(behind: &[u8]) -> bool {
    match behind {
        [b'q' | b'Q' | b'w' | b'W' | b'i' | b'I' | b'r' | b's' | b'x', bracket, ..] | [bracket, ..] => {
            bracket.is_ascii_punctuation() && *bracket != b'='
        }
        [] => false,
    }
}
