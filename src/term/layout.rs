//! Lays text out in columns: wrapped between words, cut where it does not fit. Without a width there is no limit.

/// Returns the text in lines of at most `columns` characters, broken between words; a longer word stays whole.
pub fn wrapped(text: &str, columns: Option<usize>) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
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

/// Returns a label, and the text from column `indent` on, on as many lines as it needs; on a narrow terminal below the
/// label.
pub fn labelled(label: &str, indent: usize, text: &str, columns: Option<usize>) -> String {
    let narrow = columns.is_some_and(|columns| columns < indent + 30);
    let indent = if narrow { indent.min(4) } else { indent };
    let lines = wrapped(text, columns.map(|columns| columns.saturating_sub(indent).max(20)));
    let space = " ".repeat(indent);
    let mut out = String::new();
    for (number, line) in lines.iter().enumerate() {
        match number {
            0 if !narrow && width(label) < indent => out.push_str(&format!("{label:<indent$}{line}\n")),
            0 => out.push_str(&format!("{label}\n{space}{line}\n")),
            _ => out.push_str(&format!("{space}{line}\n")),
        }
    }
    out
}

/// Returns at most `columns` characters of the text, its end left out.
pub fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let kept: String = text.chars().take(columns.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// Returns at most `columns` characters of the text, its middle left out: both ends of a path or an address are useful.
pub fn cut_middle(text: &str, columns: usize) -> String {
    let length = width(text);
    if length <= columns || columns < 3 {
        return cut(text, columns);
    }
    let before = (columns - 1) / 3;
    let behind = columns - 1 - before;
    let start: String = text.chars().take(before).collect();
    let end: String = text.chars().skip(length - behind).collect();
    format!("{start}…{end}")
}

/// Returns the number of columns: one per character.
pub fn width(text: &str) -> usize {
    text.chars().count()
}

/// Returns a number with its noun: `1 second`, `2 seconds`.
pub fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::{counted, cut, cut_middle, labelled, wrapped};

    #[test]
    fn lines_break_between_words_and_a_long_word_stays_whole() {
        assert_eq!(wrapped("one two three", Some(8)), ["one two", "three"]);
        assert_eq!(wrapped("https://a.example/long/path x", Some(8)), ["https://a.example/long/path", "x"]);
        assert_eq!(wrapped("one two three", None), ["one two three"]);
    }

    #[test]
    fn a_label_is_above_its_text_where_there_is_no_room_beside_it() {
        assert_eq!(labelled("code", 8, "one two", Some(80)), "code    one two\n");
        assert_eq!(labelled("code", 8, "one two", Some(24)), "code\n    one two\n");
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
    }
}
