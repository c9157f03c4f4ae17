//! A connection of Airflow in a variable of a `.env` file, as JSON or as a URI: one value, edited inside.
//!
//! A URI of percent-encoded characters is what shells, dotenv libraries and docker read alike, so that is what a new line gets; its
//! `__extra__` is how Airflow itself writes an extra that is not plain text. JSON stays JSON, in the quotes that it has.

use jsonc_parser::ast::Value as Json;
use jsonc_parser::common::Ranged;

use crate::format::connector::json_tree::JsonTree;
use crate::format::connector::tree::{Node, Syntax, Value};
use crate::format::env::ENV;
use crate::format::field::Field;
use crate::format::json::{self, Dialect as Strictness, Document};
use crate::format::lines::{self, Dialect, Setting};
use crate::format::text_edit;
use crate::format::{Diagnostic, DiagnosticCode, FormatError, is_placeholder};

pub struct VariableTree;

const NAME: &str = "AIRFLOW_CONN_GOOGLE_ADS_DEFAULT";

/// The parameter that has the whole extra as JSON, beside which Airflow reads no other.
const WHOLE_EXTRA: &str = "__extra__";

const EXTRA: &str = "extra";

const CONNECTION: JsonTree = JsonTree { text_at: Some(EXTRA) };

/// The line of the variable, whose value is looked into here.
const LINE: Dialect =
    Dialect { keys: &[(Field::RefreshToken, "", NAME)], encode: |value| Ok(value.to_owned()), needed: &[], ..ENV };

const DISAGREE: &str = "contains a character that shells, dotenv libraries and docker read differently";

/// What the variable holds.
struct Connection {
    /// The line of the variable, from 1.
    line: usize,
    quote: Option<char>,
    spelling: Spelling,
    /// As JSON, with `extra` among its members; of a URI nothing else.
    json: String,
}

enum Spelling {
    Json,
    /// The part before the query, and whether the extra is one parameter.
    Uri {
        head: String,
        is_whole: bool,
    },
}

impl Syntax for VariableTree {
    fn values(&self, text: &str) -> Result<Vec<Node>, FormatError> {
        let Some(connection) = find(text)? else { return Ok(Vec::new()) };
        let mut values = CONNECTION.values(&connection.json).map_err(|error| connection.at(error))?;
        for node in &mut values {
            node.line = connection.line_of(node.line);
        }
        Ok(values)
    }

    fn set(&self, text: &str, path: &str, value: Value) -> Result<String, FormatError> {
        edit(text, |json| CONNECTION.set(json, path, value))
    }

    fn remove(&self, text: &str, node: &Node, keep: bool) -> Result<String, FormatError> {
        edit(text, |json| CONNECTION.remove(json, node, keep))
    }

    fn removed(&self) -> &'static str {
        CONNECTION.removed()
    }

    fn flaws(&self, text: &str) -> Vec<Diagnostic> {
        let Ok(Some(setting)) = setting(text) else { return Vec::new() };
        // Whether readers disagree on the value is decided here.
        let flaws = setting.flaws.iter().filter(|code| **code != DiagnosticCode::ReadersDisagree);
        flaws.map(|code| Diagnostic::new(setting.lines.start + 1, NAME, None, code.clone())).collect()
    }
}

/// Returns the text with the connection changed, which is added where it is missing.
fn edit(text: &str, change: impl FnOnce(&str) -> Result<String, FormatError>) -> Result<String, FormatError> {
    let connection = find(text)?.unwrap_or_else(Connection::new);
    let json = change(&connection.json).map_err(|error| connection.at(error))?;
    let value = connection.spelled(&json).map_err(|reason| {
        FormatError::at(connection.line, format!("the value for `{NAME}` {reason}"))
            .hint("write that line as a URI, or remove it: a new one is a URI")
    })?;
    lines::set(&LINE, text, "", NAME, Some(&value))
}

/// The line of the variable, if there is one; an error for several.
fn setting(text: &str) -> Result<Option<Setting>, FormatError> {
    let document = (LINE.document)(&LINE, text_edit::split(text))?;
    lines::refuse_doubles(&document, "", NAME)?;
    Ok(document.settings.into_iter().find(|setting| setting.is("", NAME)))
}

/// The connection that the variable holds; none if it is missing, empty or a placeholder.
fn find(text: &str) -> Result<Option<Connection>, FormatError> {
    let Some(setting) = setting(text)? else { return Ok(None) };
    let line = setting.lines.start + 1;
    let refused = |reason: &str| FormatError::at(line, format!("the value of `{NAME}` {reason}"));
    let lines: String = text_edit::split(text)[setting.lines.clone()].concat();
    let (_, raw) = lines.split_once('=').ok_or_else(|| refused("is missing"))?;
    let (quote, value) = unquoted(raw).map_err(|(reason, hint)| refused(reason).hint(hint))?;
    if value.is_empty() || is_placeholder(value) {
        return Ok(None);
    }
    let (spelling, json) = match value.starts_with('{') {
        true => (Spelling::Json, value.to_owned()),
        false => from_uri(value).ok_or_else(|| {
            refused("is neither JSON nor a URI that Airflow reads").hint("remove the line: a new one is written")
        })?,
    };
    Ok(Some(Connection { line, quote, spelling, json }))
}

/// The value without its quotes, where all readers that read it at all read the same; else what is wrong, and the step.
fn unquoted(raw: &str) -> Result<(Option<char>, &str), (&'static str, &'static str)> {
    let rewrite = "put the value in single quotes, without a backslash";
    let raw = raw.trim();
    let quote = raw.chars().next().filter(|first| matches!(first, '\'' | '"'));
    let (value, special): (&str, &[char]) = match quote {
        Some(quote) => {
            let (value, after) = raw[1..].split_once(quote).ok_or(("has a quote that is not closed", rewrite))?;
            if !after.is_empty() && !after.trim_start().starts_with('#') {
                return Err(("goes on after its closing quote", rewrite));
            }
            // Between single quotes only dotenv libraries know an escape, that of a backslash.
            (value, if quote == '"' { &['$', '`', '\\', '!'] } else { &[] })
        }
        None => (raw.split_once(" #").map_or(raw, |(value, _)| value.trim_end()), &['$', '`', '\\']),
    };
    match value.contains(special) || value.contains("\\\\") {
        true => Err((DISAGREE, rewrite)),
        false => Ok((quote, value)),
    }
}

/// `google-ads://login@host/schema?name=value&…`: how it is spelled, and the same as JSON.
fn from_uri(uri: &str) -> Option<(Spelling, String)> {
    let (head, query) = uri.split_once('?').unwrap_or((uri, ""));
    head.split_once("://")?;
    let parts = query.split('&').filter(|part| !part.is_empty());
    let parameters: Vec<(String, String)> = parts.map(parameter).collect::<Option<_>>()?;
    let whole = parameters.iter().rfind(|(name, _)| name == WHOLE_EXTRA).map(|(_, value)| value.clone());
    let is_whole = whole.is_some() || parameters.is_empty();
    let extra = whole.unwrap_or_else(|| {
        let members = parameters.iter().map(|(name, value)| format!("{}: {}", json::quote(name), json::quote(value)));
        format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
    });
    Some((Spelling::Uri { head: head.to_owned(), is_whole }, format!("{{\"{EXTRA}\": {extra}}}")))
}

fn to_uri(head: &str, is_whole: bool, json: &str) -> Option<String> {
    let document = Document::parse(json, Strictness::Strict).ok()?;
    let extra = document.root.properties.iter().rfind(|member| member.name.as_str() == EXTRA)?;
    if is_whole {
        let range = extra.value.range();
        return Some(format!("{head}?{WHOLE_EXTRA}={}", encoded(&json[range.start..range.end])));
    }
    let parameters: Option<Vec<String>> = (extra.value.as_object()?.properties.iter())
        .map(|member| {
            let range = member.value.range();
            let value = match &member.value {
                Json::StringLit(text) => &*text.value,
                Json::BooleanLit(_) | Json::NumberLit(_) => &json[range.start..range.end],
                _ => return None,
            };
            Some(format!("{}={}", encoded(member.name.as_str()), encoded(value)))
        })
        .collect();
    Some(format!("{head}?{}", parameters?.join("&")))
}

fn parameter(part: &str) -> Option<(String, String)> {
    let (name, value) = part.split_once('=').unwrap_or((part, ""));
    Some((decoded(name)?, decoded(value)?))
}

/// A part of a query, decoded as a form is.
fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digit = |at: usize| char::from(*after.get(at)?).to_digit(16);
        let escaped = if *first == b'%' { digit(0).zip(digit(1)) } else { None };
        bytes.push(match escaped {
            Some((high, low)) => u8::try_from(high * 16 + low).ok()?,
            None if *first == b'+' => b' ',
            None => *first,
        });
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).ok()
}

/// A part of a query that every reader of a `.env` file takes as it is.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => encoded.push(byte.into()),
            _ => encoded.extend(['%', hex(byte >> 4), hex(byte & 15)]),
        }
    }
    encoded
}

fn hex(digit: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(digit)])
}

impl Connection {
    fn new() -> Connection {
        let spelling = Spelling::Uri { head: "google-ads://".to_owned(), is_whole: true };
        Connection { line: 1, quote: None, spelling, json: format!("{{\"{EXTRA}\": {{}}}}") }
    }

    /// The line of the file for a line of the JSON.
    fn line_of(&self, line: usize) -> usize {
        match self.spelling {
            Spelling::Json => self.line + line - 1,
            Spelling::Uri { .. } => self.line,
        }
    }

    fn at(&self, error: FormatError) -> FormatError {
        FormatError { line: Some(self.line_of(error.line.unwrap_or(1))), ..error }
    }

    /// The value of the variable for this JSON, with its quotes; an error says why there is none.
    fn spelled(&self, json: &str) -> Result<String, &'static str> {
        let value = match &self.spelling {
            Spelling::Json => json.trim().to_owned(),
            Spelling::Uri { head, is_whole } => to_uri(head, *is_whole, json).ok_or("cannot be written as a URI")?,
        };
        let quoted = self.quote.map_or(value.clone(), |quote| format!("{quote}{value}{quote}"));
        match unquoted(&quoted) {
            Ok((quote, read)) if quote == self.quote && read == value => Ok(quoted),
            _ => Err(DISAGREE),
        }
    }
}
