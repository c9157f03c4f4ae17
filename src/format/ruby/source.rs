//! A Ruby configuration, line by line: which lines are the plain assignments that can be read and edited, and which only
//! the Ruby interpreter understands.
//!
//! No Ruby parser stands behind this. A line counts as plain only if nothing around it can change its meaning: it is a
//! statement of its own, directly in the block of `Google::Ads::GoogleAds::Config.new`. Anything that a look at single lines
//! cannot see through (a text over several lines, a heredoc) is refused.

use std::ops::Range;

use crate::format::Refusal;
use crate::format::ruby::code::{self, Code};
use crate::format::splice::Lines;

/// The only class whose block makes a configuration.
const CONFIG: &str = "Google::Ads::GoogleAds::Config.new";

/// The configuration block and what it sets.
#[derive(Debug, Default)]
pub struct Source {
    pub block: Option<Block>,
    /// The statements that set something, in their order.
    pub assignments: Vec<Assignment>,
    /// Lines of code that name an attribute in another way: the line, and the name.
    pub mentions: Vec<(usize, String)>,
    /// The first line of code behind the block.
    pub code_behind: Option<usize>,
    /// Whether there is any code.
    pub has_code: bool,
}

/// The block of the configuration.
#[derive(Debug)]
pub struct Block {
    /// What the block calls the configuration, mostly `c`.
    pub variable: String,
    /// The whole line that opens it, with its line end.
    pub opening: Range<usize>,
    /// Where the line that closes it begins.
    pub closing: usize,
}

/// `c.key = value`.
#[derive(Debug)]
pub struct Assignment {
    pub key: String,
    /// From 1.
    pub line: usize,
    /// From the variable to the end of the value.
    pub statement: Range<usize>,
    /// The value as it is spelled.
    pub value: Range<usize>,
    /// Whether it is a statement of its own in the block, and ends with its line.
    pub is_plain: bool,
    /// Whether it stands in a comment.
    pub is_comment: bool,
}

impl Source {
    pub fn parse(text: &str) -> Result<Source, Refusal> {
        let mut source = Source::default();
        let mut depth = 0;
        let mut is_continued = false;
        let mut in_comment = false;
        let mut start = 0;
        let mut last_set: Option<usize> = None;
        for (index, whole) in text.split_inclusive('\n').enumerate() {
            let (number, at) = (index + 1, start);
            start += whole.len();
            let line = whole.trim_end_matches('\n').trim_end_matches('\r');
            if in_comment || line.starts_with("=begin") {
                in_comment = !line.starts_with("=end");
                continue;
            }
            if line == "__END__" {
                break;
            }
            let code = code::scan(line).ok_or_else(|| {
                Refusal::at(
                    number,
                    "holds a text that goes on in the next line, or a form of text this program cannot read",
                )
                .hint("edit the file by hand")
            })?;
            if code.is_empty() {
                if depth == 1 && !is_continued {
                    source.note_sample(line, number, at, text.len());
                }
                continue;
            }
            source.has_code = true;
            let statement = line.trim_start();
            if let (true, Some(last)) = (statement.starts_with('.') || statement.starts_with("&."), last_set) {
                // A call on the value above.
                source.assignments[last].is_plain = false;
            }
            let depth_before = depth;
            depth += code.depth_change();
            match &source.block {
                None if code.text().contains(CONFIG) => {
                    let variable = opening(&code).ok_or_else(|| {
                        Refusal::at(number, "opens the configuration in a way this program does not know")
                            .hint("write `Google::Ads::GoogleAds::Config.new do |c|`, alone in its line")
                    })?;
                    if depth_before != 0 || is_continued {
                        return Err(Refusal::at(number, "the configuration is part of something else"));
                    }
                    let opening = at..start;
                    source.block = Some(Block { variable, opening, closing: text.len() });
                }
                None => source.mention(&code, number, 0),
                Some(block) if block.closing < text.len() => {
                    source.code_behind.get_or_insert(number);
                    if code.text().contains(CONFIG) {
                        return Err(Refusal::at(number, "is a second configuration"));
                    }
                    source.mention(&code, number, 0);
                }
                Some(_) if depth <= 0 => {
                    if let Some(block) = &mut source.block {
                        block.closing = at;
                    }
                    let closes = matches!(code.text().trim(), "end" | "}");
                    if !closes || depth < 0 {
                        return Err(Refusal::at(number, "ends the configuration in a way this program does not know"));
                    }
                }
                Some(block) => {
                    let is_plain = depth_before == 1 && depth == 1 && !is_continued && !code.goes_on();
                    match assignment(&code, &block.variable, number, at, is_plain) {
                        Some(assignment) => {
                            source.mention(&code, number, assignment.value.start - at);
                            last_set = Some(source.assignments.len());
                            source.assignments.push(assignment);
                        }
                        None => source.mention(&code, number, 0),
                    }
                }
            }
            is_continued = code.goes_on();
        }
        match &source.block {
            Some(block) if block.closing == text.len() => {
                let line = Lines::of(text).number(block.opening.start);
                Err(Refusal::at(line, "opens a block whose end this program does not find"))
            }
            _ => Ok(source),
        }
    }

    /// A comment that holds an assignment, as the sample file has them.
    fn note_sample(&mut self, line: &str, number: usize, at: usize, end: usize) {
        let Some(block) = self.block.as_ref().filter(|block| block.closing == end) else { return };
        let behind = line.trim_start_matches([' ', '\t', '#']);
        let skipped = line.len() - behind.len();
        let Some(code) = code::scan(behind) else { return };
        if let Some(found) = assignment(&code, &block.variable, number, at + skipped, false) {
            self.assignments.push(Assignment { is_comment: true, ..found });
        }
    }

    fn mention(&mut self, code: &Code, number: usize, from: usize) {
        self.mentions.extend(code.words(from).map(|word| (number, word.to_owned())));
    }
}

/// The block's variable in `Google::Ads::GoogleAds::Config.new do |c|` or `… { |c|`, alone or assigned to a variable.
fn opening(code: &Code) -> Option<String> {
    let (before, behind) = code.text().split_once(CONFIG)?;
    let before = before.trim().trim_end_matches("::").trim_end();
    let is_assigned = before.strip_suffix('=').is_some_and(|name| code::is_word(name.trim()));
    let behind = behind.trim();
    let behind = behind.strip_prefix("()").unwrap_or(behind).trim_start();
    let behind = behind.strip_prefix("do").or_else(|| behind.strip_prefix('{'))?;
    let variable = behind.trim().strip_prefix('|')?.strip_suffix('|')?.trim();
    ((before.is_empty() || is_assigned) && code::is_word(variable)).then(|| variable.to_owned())
}

/// `variable.key = value`, if that is how the line begins.
fn assignment(code: &Code, variable: &str, number: usize, at: usize, is_plain: bool) -> Option<Assignment> {
    let text = code.text();
    let start = text.len() - text.trim_start().len();
    let rest = text.trim_start().strip_prefix(variable)?.strip_prefix('.')?;
    let key: String = rest.chars().take_while(|char| char.is_ascii_alphanumeric() || *char == '_').collect();
    let rest = &rest[key.len()..];
    let value = rest.trim_start().strip_prefix('=')?;
    if key.is_empty() || value.starts_with(['=', '~', '>']) {
        return None;
    }
    let end = text.trim_end().len();
    let value = at + end - value.trim().len()..at + end;
    Some(Assignment { key, line: number, statement: at + start..value.end, value, is_plain, is_comment: false })
}
