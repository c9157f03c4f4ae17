//! A Ruby configuration, line by line: which lines are plain assignments that can be read and edited, and which only the Ruby
//! interpreter understands.
//!
//! This is not a Ruby parser. A line counts as plain only if nothing around it can change its meaning: it is a statement of
//! its own, directly in the block of `Google::Ads::GoogleAds::Config.new`. Anything that single lines do not determine (a
//! string over several lines, a heredoc) is an error.

use std::ops::Range;

use crate::format::FormatError;
use crate::format::diagnostic::Refusal;
use crate::format::ruby::code::{self, Code};
use crate::format::ruby::value::{self, BLANK, Value};
use crate::format::text_edit::Lines;
use crate::syntax_cause::{self, Syntax};

/// The class that the configuration is made with.
const CONFIG: &str = "Google::Ads::GoogleAds::Config.new";

/// The configuration block and what it sets.
#[derive(Debug, Default)]
pub struct Source {
    pub block: Option<Block>,
    /// The assignments, in order.
    pub assignments: Vec<Assignment>,
    /// Names used in other code: the line, and the name.
    pub mentions: Vec<(usize, String)>,
    /// The first line of code after the block.
    pub code_behind: Option<usize>,
    /// What Ruby or the library rejects: the line, the name, and why.
    pub refusals: Vec<(usize, String, Refusal)>,
    /// Whether there is any code.
    pub has_code: bool,
}

/// The block of the configuration.
#[derive(Debug)]
pub struct Block {
    /// The name of the block's variable, mostly `c`.
    pub variable: String,
    /// The name of the variable that the configuration is assigned to.
    pub assigned: Option<String>,
    /// The line that opens it, with its line end.
    pub opening: Range<usize>,
    /// The offset of the line that closes it.
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
    /// The value as it is written.
    pub value: Range<usize>,
    /// Whether it is a statement of its own in the block that ends with its line.
    pub is_plain: bool,
    /// Whether it is in a comment.
    pub is_comment: bool,
}

impl Assignment {
    pub fn value(&self, text: &str) -> Value {
        value::value(&text[self.value.clone()], self.is_plain || self.is_comment)
    }
}

impl Source {
    pub fn parse(text: &str) -> Result<Source, FormatError> {
        let mut reading = Reading::new(text);
        let read = lines_of_code(text).try_for_each(|line| reading.read(&line));
        read.and_then(|()| reading.finish()).map_err(|error| error.explained(text, Syntax::Own))
    }

    fn mention(&mut self, code: &Code, number: usize, from: usize) {
        self.mentions.extend(code.words(from).map(|word| (number, word.to_owned())));
    }
}

/// One line of code.
struct Line<'t> {
    /// From 1.
    number: usize,
    /// Including the line end.
    range: Range<usize>,
    /// Without the line end.
    text: &'t str,
}

/// The lines without `=begin` comments and what follows `__END__`.
fn lines_of_code(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut end = 0;
    let lines = text.split_inclusive('\n').zip(1..).map(move |(whole, number)| {
        let range = end..end + whole.len();
        end = range.end;
        Line { number, range, text: whole.trim_end_matches('\n').trim_end_matches('\r') }
    });
    let mut in_comment = false;
    let is_code = move |line: &Line| {
        let is_comment = in_comment || line.text.starts_with("=begin");
        in_comment = is_comment && !line.text.starts_with("=end");
        !is_comment
    };
    lines.filter(is_code).take_while(|line| line.text != "__END__")
}

/// The state of the parser between two lines.
struct Reading<'t> {
    text: &'t str,
    source: Source,
    /// The number of open blocks and brackets.
    depth: i64,
    /// Whether the statement above continues on this line.
    is_continued: bool,
    /// The last assignment in the block.
    last_set: Option<usize>,
}

impl<'t> Reading<'t> {
    fn new(text: &'t str) -> Reading<'t> {
        Reading { text, source: Source::default(), depth: 0, is_continued: false, last_set: None }
    }

    fn read(&mut self, line: &Line) -> Result<(), FormatError> {
        // What it is, the error is explained with.
        if syntax_cause::marker(line.text).is_some() {
            return Err(FormatError::at(line.number, "is a syntax error"));
        }
        let code = code::scan(line.text).ok_or_else(|| {
            let what =
                "contains a string that continues on the next line, or one in a form that gads-creds cannot read";
            FormatError::at(line.number, what).hint("edit the file by hand")
        })?;
        if code.is_empty() {
            self.note_sample(line);
            return Ok(());
        }
        self.source.has_code = true;
        if let Some(name) = code.invisible() {
            self.source.refusals.push((line.number, name, Refusal::Invisible));
        }
        self.note_call_on_value_above(line);
        let depth_before = self.depth;
        self.depth += code.depth_change();
        match &self.source.block {
            None if code.text().contains(CONFIG) => self.open(line, &code, depth_before)?,
            None => self.source.mention(&code, line.number, 0),
            Some(_) if !self.is_in_block() => self.read_behind(line, &code)?,
            Some(_) if self.depth <= 0 => self.close(line, &code)?,
            Some(block) => {
                let is_plain = depth_before == 1 && self.depth == 1 && !self.is_continued && !code.goes_on();
                let found = assignment(&code, &block.variable, line.number, line.range.start, is_plain);
                self.note(line, &code, found);
            }
        }
        self.is_continued = code.goes_on();
        Ok(())
    }

    fn finish(self) -> Result<Source, FormatError> {
        match &self.source.block {
            Some(block) if self.is_in_block() => {
                let line = Lines::of(self.text).number(block.opening.start);
                Err(FormatError::at(line, "opens a block, and gads-creds does not find its end"))
            }
            _ => Ok(self.source),
        }
    }

    /// Whether the block is open: its end is not known yet.
    fn is_in_block(&self) -> bool {
        self.source.block.as_ref().is_some_and(|block| block.closing == self.text.len())
    }

    fn open(&mut self, line: &Line, code: &Code, depth_before: i64) -> Result<(), FormatError> {
        let (assigned, variable) = opening(code).ok_or_else(|| {
            FormatError::at(line.number, "opens the configuration in a way that gads-creds does not know")
                .hint("write `Google::Ads::GoogleAds::Config.new do |c|` on a line of its own")
        })?;
        if depth_before != 0 || self.is_continued {
            return Err(FormatError::at(line.number, "the configuration is part of something else"));
        }
        self.source.block = Some(Block { variable, assigned, opening: line.range.clone(), closing: self.text.len() });
        Ok(())
    }

    fn close(&mut self, line: &Line, code: &Code) -> Result<(), FormatError> {
        if let Some(block) = &mut self.source.block {
            block.closing = line.range.start;
        }
        if self.depth < 0 || !matches!(code.text().trim(), "end" | "}") {
            return Err(FormatError::at(line.number, "ends the configuration in a way that gads-creds does not know"));
        }
        Ok(())
    }

    fn read_behind(&mut self, line: &Line, code: &Code) -> Result<(), FormatError> {
        self.source.code_behind.get_or_insert(line.number);
        self.source.refusals.retain(|(_, _, why)| *why != Refusal::NotLast);
        let statement = code.text().trim_matches(BLANK);
        let is_variable = self.source.block.as_ref().is_some_and(|block| block.assigned.as_deref() == Some(statement));
        if self.depth < 0 {
            self.source.refusals.push((line.number, "end".to_owned(), Refusal::EndTooMuch));
        } else if let Some(name) = code::prints(statement) {
            self.source.refusals.push((line.number, name.to_owned(), Refusal::NotLast));
        } else if is_variable {
            self.source.code_behind = self.source.code_behind.filter(|first| *first != line.number);
        }
        if code.text().contains(CONFIG) {
            return Err(FormatError::at(line.number, "is a second configuration"));
        }
        self.source.mention(code, line.number, 0);
        Ok(())
    }

    /// Records what a line in the block sets, and the names it uses besides.
    fn note(&mut self, line: &Line, code: &Code, found: Option<Assignment>) {
        if let Some(refused) = self.source.block.as_ref().and_then(|block| refused(code, &block.variable)) {
            self.source.refusals.push((line.number, refused.0, refused.1));
        }
        let from = found.as_ref().map_or(0, |found| found.value.start - line.range.start);
        self.source.mention(code, line.number, from);
        if let Some(found) = found {
            self.last_set = Some(self.source.assignments.len());
            self.source.assignments.push(found);
        }
    }

    /// A line that begins with `.strip` changes the value above, which then is not a plain assignment.
    fn note_call_on_value_above(&mut self, line: &Line) {
        let statement = line.text.trim_start();
        if let (true, Some(last)) = (statement.starts_with('.') || statement.starts_with("&."), self.last_set) {
            self.source.assignments[last].is_plain = false;
        }
    }

    /// Records a commented-out assignment, as in the sample file.
    fn note_sample(&mut self, line: &Line) {
        let is_statement = self.is_in_block() && self.depth == 1 && !self.is_continued;
        let Some(block) = self.source.block.as_ref().filter(|_| is_statement) else { return };
        let behind = line.text.trim_start_matches([' ', '\t', '#']);
        let at = line.range.start + line.text.len() - behind.len();
        let Some(code) = code::scan(behind) else { return };
        if let Some(found) = assignment(&code, &block.variable, line.number, at, false) {
            self.source.assignments.push(Assignment { is_comment: true, ..found });
        }
    }
}

/// Returns the variable that the block is assigned to, if any, and the block's own in `Google::Ads::GoogleAds::Config.new do |c|`
/// or `… { |c|`.
fn opening(code: &Code) -> Option<(Option<String>, String)> {
    let (before, behind) = code.text().split_once(CONFIG)?;
    let before = before.trim().trim_end_matches("::").trim_end();
    let assigned = before.strip_suffix('=').map(str::trim).filter(|name| code::is_word(name));
    let behind = behind.trim();
    let behind = behind.strip_prefix("()").unwrap_or(behind).trim_start();
    let behind = behind.strip_prefix("do").or_else(|| behind.strip_prefix('{'))?;
    let variable = behind.trim().strip_prefix('|')?.strip_suffix('|')?.trim();
    ((before.is_empty() || assigned.is_some()) && code::is_word(variable))
        .then(|| (assigned.map(str::to_owned), variable.to_owned()))
}

/// The attributes of the library's `Config` in google-ads-ruby, each with a setter.
const ATTRIBUTES: [&str; 20] = [
    "refresh_token",
    "client_id",
    "client_secret",
    "keyfile",
    "impersonate",
    "use_application_default_credentials",
    "authentication",
    "developer_token",
    "login_customer_id",
    "linked_customer_id",
    "use_cloud_org_for_api_access",
    "ads_assistant",
    "log_level",
    "log_target",
    "logger",
    "treat_deprecation_warnings_as_errors",
    "warn_on_all_deprecations",
    "use_insecure_channel",
    "api_endpoint",
    "http_proxy",
];

/// A statement `variable.name …` in the block that the library has no method for: its name, and why.
fn refused(code: &Code, variable: &str) -> Option<(String, Refusal)> {
    let rest = code.text().trim_start_matches(BLANK).strip_prefix(variable)?.strip_prefix('.')?;
    let key: String = rest.chars().take_while(|char| char.is_ascii_alphanumeric() || *char == '_').collect();
    let behind = rest[key.len()..].trim_start_matches(BLANK);
    let is_known = ATTRIBUTES.contains(&key.as_str());
    let operator = behind.strip_prefix(['|', '&', '+']).map_or(behind, |rest| rest.trim_start_matches(['|', '&']));
    let is_assignment = operator.starts_with('=') && !behind.starts_with("==") && !behind.starts_with("=~");
    match (is_known, is_assignment) {
        (false, true) if !key.is_empty() => Some((key, Refusal::NoSuchSetting)),
        (true, false) if behind.starts_with(['\'', '"', ':']) => Some((key, Refusal::NotAssigned)),
        _ => None,
    }
}

/// Parses `variable.key = value` at the beginning of the line.
fn assignment(code: &Code, variable: &str, number: usize, at: usize, is_plain: bool) -> Option<Assignment> {
    let text = code.text();
    let start = text.len() - text.trim_start_matches(BLANK).len();
    let rest = text[start..].strip_prefix(variable)?.strip_prefix('.')?;
    let key: String = rest.chars().take_while(|char| char.is_ascii_alphanumeric() || *char == '_').collect();
    let rest = &rest[key.len()..];
    let value = rest.trim_start_matches(BLANK).strip_prefix('=')?;
    if key.is_empty() || value.starts_with(['=', '~', '>']) {
        return None;
    }
    let end = text.trim_end_matches(BLANK).len();
    let statement = at + start..at + end;
    let whole = value.trim_end_matches([' ', '\t', '\r', '\u{b}', '\u{c}', ';']).trim_start_matches(BLANK);
    let from = at + text.len() - value.trim_start_matches(BLANK).len();
    let core = value::core(whole);
    let value = from + core.start..from + core.end;
    Some(Assignment { key, line: number, statement, value, is_plain, is_comment: false })
}
