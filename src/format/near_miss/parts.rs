//! The parts of a text that may set something, whatever its syntax, and which of them are comments.

use crate::format::FormatName;

use super::is_invisible;

/// A part of a text.
pub struct Part {
    /// From 1.
    pub line: usize,
    pub text: String,
    /// Of a comment: its first line if it is one of several lines, else 0.
    pub comment: Option<usize>,
}

/// How many lines below its first an element of XML is looked for.
const MOST_BELOW: usize = 6;

/// The parts of a text that may set something: whole lines, the members of an object on one line, an element or a value that goes
/// on below.
pub fn parts(text: &str, name: FormatName) -> Vec<Part> {
    let lines: Vec<&str> = text.lines().collect();
    let blocks = blocks(&lines, name);
    let mut parts = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let comment = blocks[index].or(is_comment(line).then_some(0));
        let mut push = |text: String| parts.push(Part { line: index + 1, text, comment });
        push((*line).to_owned());
        let below = || lines[index + 1..].iter().take(MOST_BELOW);
        if line.contains("<add") && !line.contains('>') {
            let end = below().position(|line| line.contains('>')).map_or(0, |end| end + 1);
            push(below().take(end).fold((*line).to_owned(), |element, line| format!("{element} {line}")));
        }
        let opened = line.trim_end_matches(['|', '>', '-', '+', '\\', ' ', '\t']);
        if opened.ends_with([':', '=']) {
            let next = below().map(|line| line.trim()).find(|line| !line.is_empty()).unwrap_or_default();
            push(format!("{opened} {next}"));
        }
        let members: Vec<&str> = line.split(['{', '}', ',', ';']).chain(line.split("<add").skip(1)).collect();
        if members.len() > 1 {
            members.into_iter().for_each(|member| push(member.to_owned()));
        }
    }
    parts
}

/// For each line the first one of the comment of several lines that it is in. One that is never closed is none.
fn blocks(lines: &[&str], name: FormatName) -> Vec<Option<usize>> {
    let is_xml = lines.iter().map(|line| line.trim_start()).find(|line| !line.is_empty());
    let is_xml = is_xml.is_some_and(|first| first.trim_start_matches('\u{feff}').starts_with('<'));
    let (opening, closing) = match name {
        FormatName::Dotnet if is_xml => ("<!--", "-->"),
        FormatName::Dotnet => ("/*", "*/"),
        FormatName::Ruby => ("=begin", "=end"),
        _ => return vec![None; lines.len()],
    };
    // In JSON and Ruby other text may have the same characters: `http://*:80`.
    let opens = |line: &str| match is_xml {
        true => line.rsplit_once(opening).is_some_and(|(_, rest)| !rest.contains(closing)),
        false if name == FormatName::Ruby => line.starts_with(opening),
        false => line.trim_start().starts_with(opening) && !line.contains(closing),
    };
    let mut open = None;
    let of_line = |(index, line): (usize, &&str)| match open {
        Some(first) => {
            open = open.filter(|_| !line.contains(closing));
            Some(first)
        }
        None => {
            let is_closed = || lines[index + 1..].iter().any(|line| line.contains(closing));
            open = (opens(line) && is_closed()).then_some(index + 1);
            None
        }
    };
    lines.iter().enumerate().map(of_line).collect()
}

/// Whether a line begins like a comment of any syntax.
pub fn is_comment(line: &str) -> bool {
    let line = line.trim_start_matches(|char: char| char.is_whitespace() || is_invisible(char));
    let marks = ["#", ";", "//", "/*", "*", "!", "<!--", "--"];
    marks.iter().any(|mark| line.starts_with(mark))
}

/// Whether the line before this one ends in a backslash, so that both are one line to Java.
pub fn is_swallowed(text: &str, line: usize) -> bool {
    let before = line.checked_sub(2).and_then(|index| text.lines().nth(index)).filter(|before| !is_comment(before));
    before.is_some_and(|before| (before.len() - before.trim_end_matches('\\').len()) % 2 == 1)
}

/// Says of one line after the other whether it is where the library looks for settings. In a flat file each is.
pub struct Section {
    name: FormatName,
    is_xml: bool,
    is_inside: bool,
}

impl Section {
    pub fn new(name: FormatName, text: &str) -> Section {
        let is_xml = text.trim_start_matches('\u{feff}').trim_start().starts_with('<');
        Section { name, is_xml, is_inside: name != FormatName::Dotnet }
    }

    pub fn has(&mut self, line: &str) -> bool {
        match self.name {
            FormatName::Python => return !line.starts_with([' ', '\t']),
            FormatName::Php if line.trim_start().starts_with('[') => {
                let header = line.to_ascii_uppercase();
                self.is_inside = ["OAUTH", "GOOGLE_ADS"].iter().any(|own| header.contains(own));
            }
            FormatName::Dotnet if self.is_xml => match () {
                () if line.contains("</GoogleAdsApi") => self.is_inside = false,
                () if line.contains("<GoogleAdsApi") => self.is_inside = true,
                () => {}
            },
            FormatName::Dotnet if line.trim_end().ends_with('{') => {
                self.is_inside = line.contains("\"GoogleAdsApi\"") || self.is_inside && !line.contains('"');
            }
            FormatName::Dotnet if line.trim_start().starts_with('}') => self.is_inside = false,
            _ => {}
        }
        self.is_inside
    }
}
