//! Lays text out in columns: wrapped between words, cut where it does not fit. Without a width there is no limit.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Returns the text in lines of at most `columns` columns, broken between words. A longer word stays whole, and so does
/// text in backticks: a command that is copied must not have a line break in it.
pub fn wrapped(text: &str, columns: Option<usize>) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in unbreakable(text).iter().map(String::as_str) {
        let last = lines.last_mut().expect("there is one from the start");
        let room = columns.is_none_or(|columns| width(last) + 1 + width(word) <= columns);
        if last.is_empty() {
            last.push_str(word);
        } else if room {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// Returns the text with each of its lines broken between words, and indented as it begins; an item below its number.
pub fn filled(text: &str, columns: Option<usize>) -> String {
    let fill = |line: &str| {
        let rest = line.trim_start_matches(' ');
        let indent = &line[..line.len() - rest.len()];
        let is_item = rest.starts_with(|char: char| char.is_ascii_digit()) && rest.get(1..3) == Some(". ");
        let below = if is_item { "   " } else { "" };
        let room = columns.map(|columns| columns.saturating_sub(indent.len() + below.len()));
        let lines = wrapped(rest, room);
        format!("{indent}{}", lines.join(&format!("\n{indent}{below}")))
    };
    text.split('\n').map(fill).collect::<Vec<_>>().join("\n")
}

/// Returns the words of the text, with text in backticks as one.
fn unbreakable(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_quoted = false;
    for word in text.split(' ') {
        match words.last_mut().filter(|_| is_quoted) {
            Some(last) => {
                last.push(' ');
                last.push_str(word);
            }
            None => words.push(word.to_owned()),
        }
        is_quoted ^= word.matches('`').count() % 2 == 1;
    }
    words
}

/// Returns `a, b and c`.
pub fn list(items: &[String], joint: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {joint} {last}", first.join(", ")),
    }
}

/// The indentation of a text below its label.
const BELOW: usize = 4;

/// Returns a label, and the text from column `indent` on, on as many lines as it needs; on a narrow terminal below the
/// label.
pub fn labelled(label: &str, indent: usize, text: &str, columns: Option<usize>) -> String {
    let longest = text.split(' ').map(width).max().unwrap_or_default();
    // A long word, such as a client ID, may have room below the label alone.
    let narrow = columns.is_some_and(|columns| {
        columns < indent + 30 || (indent > BELOW && columns < indent + longest && columns >= BELOW + longest)
    });
    let indent = if narrow { indent.min(BELOW) } else { indent };
    let lines = wrapped(text, columns.map(|columns| columns.saturating_sub(indent).max(20)));
    let space = " ".repeat(indent);
    let mut out = String::new();
    for (number, line) in lines.iter().enumerate() {
        match number {
            0 if !narrow && width(label) < indent => out.push_str(&format!("{}{line}\n", padded(label, indent))),
            0 => out.push_str(&format!("{label}\n{space}{line}\n")),
            _ => out.push_str(&format!("{space}{line}\n")),
        }
    }
    out
}

/// Returns at most `columns` columns of the text, its end left out.
pub fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    if columns == 0 { String::new() } else { format!("{}…", start(text.chars(), columns - 1)) }
}

/// Returns at most `columns` columns of the text, its middle left out: both ends of a path or an address are useful.
pub fn cut_middle(text: &str, columns: usize) -> String {
    if width(text) <= columns || columns < 3 {
        return cut(text, columns);
    }
    let before = (columns - 1) / 3;
    let behind = columns - 1 - before;
    let end: String = start(text.chars().rev(), behind).chars().rev().collect();
    format!("{}…{end}", start(text.chars(), before))
}

/// Returns the text in parts of at most `columns` columns, broken anywhere.
pub fn broken(text: &str, columns: usize) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while width(rest) > columns.max(2) {
        let part = start(rest.chars(), columns.max(2));
        rest = &rest[part.len()..];
        parts.push(part);
    }
    parts.push(rest.to_owned());
    parts
}

/// Returns the first characters, at most so many columns of them.
fn start(chars: impl Iterator<Item = char>, columns: usize) -> String {
    let mut taken = 0;
    chars
        .take_while(|char| {
            taken += char.width().unwrap_or_default();
            taken <= columns
        })
        .collect()
}

/// Returns the number of columns that the text takes on a terminal: two for a wide character, as in Chinese.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Returns the text with spaces behind it, up to that width.
pub fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Returns a number with its noun: `1 second`, `2 seconds`.
pub fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Returns a time limit in the largest unit that it is a whole number of: `90 seconds`, `5 minutes`, `24 hours`.
pub fn limit(seconds: u64) -> String {
    match seconds {
        3600.. if seconds.is_multiple_of(3600) => counted(seconds / 3600, "hour"),
        60.. if seconds.is_multiple_of(60) => counted(seconds / 60, "minute"),
        _ => counted(seconds, "second"),
    }
}

#[cfg(test)]
mod tests {
    use super::{counted, cut, cut_middle, filled, labelled, limit, padded, width, wrapped};

    #[test]
    fn lines_break_between_words_and_a_long_word_stays_whole() {
        assert_eq!(wrapped("one two three", Some(8)), ["one two", "three"]);
        assert_eq!(wrapped("https://a.example/long/path x", Some(8)), ["https://a.example/long/path", "x"]);
        assert_eq!(wrapped("one two three", None), ["one two three"]);
    }

    #[test]
    fn a_command_in_backticks_is_never_broken() {
        assert_eq!(
            wrapped("then run `gads-creds login -p a` once", Some(20)),
            ["then run", "`gads-creds login -p a`", "once"]
        );
    }

    #[test]
    fn lines_keep_their_indentation() {
        assert_eq!(filled("one two\n  three four\n", Some(8)), "one two\n  three\n  four\n");
        assert_eq!(filled("  one  two", None), "  one  two");
    }

    #[test]
    fn a_wide_character_takes_two_columns() {
        assert_eq!(width("李a"), 3);
        assert_eq!(
            (cut("李李李", 4), cut_middle("李李李李", 6), padded("李", 4)),
            ("李…".into(), "…李李".into(), "李  ".into())
        );
        assert_eq!([cut("abc", 1), cut("abc", 0)], ["…", ""]);
    }

    #[test]
    fn a_label_is_above_its_text_where_there_is_no_room_beside_it() {
        assert_eq!(labelled("code", 8, "one two", Some(80)), "code    one two\n");
        assert_eq!(labelled("code", 8, "one two", Some(24)), "code\n    one two\n");
        let long = "x".repeat(34);
        assert_eq!(labelled("code", 8, &long, Some(40)), format!("code\n    {long}\n"));
        assert_eq!(labelled("code", 8, &long, Some(42)), format!("code    {long}\n"));
    }

    #[test]
    fn cut_text_is_marked_as_cut() {
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut_middle("/home/ada/google-ads.yaml", 12), "/ho…ads.yaml");
        assert_eq!(cut("abc", 3), "abc");
    }

    #[test]
    fn numbers_agree_with_their_nouns() {
        assert_eq!([counted(1, "second"), counted(2, "second")], ["1 second", "2 seconds"]);
        assert_eq!(
            [1, 59, 60, 90, 300, 3600, 86_400].map(limit),
            ["1 second", "59 seconds", "1 minute", "90 seconds", "5 minutes", "1 hour", "24 hours"]
        );
    }
}
