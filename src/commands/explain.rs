//! `explain`: an error code of Google's, from the table that every command answers with.

use clap::Args;
use serde_json::{Value, json};

use crate::context::Context;
use crate::error::{Error, Result};
use crate::google::explain::{self, Row, Step};
use crate::hint::Hint;
use crate::term::{self, Term, layout};

/// Explain an error code from Google
#[derive(Args, Debug)]
#[command(after_long_help = "\
Capitals, blanks and the text around the code do not matter.

Examples:
  gads-creds explain
  gads-creds explain redirect_uri_mismatch
  gads-creds explain 'Error 400: redirect_uri_mismatch'")]
pub struct Explain {
    /// The code, or a text with it, such as the page that Google shows; without it the list of codes
    #[arg(value_name = "CODE", num_args = 0..)]
    code: Vec<String>,
}

impl Explain {
    pub fn run(self, context: &Context) -> Result<()> {
        let term = context.term;
        let text = self.code.join(" ");
        if text.trim().is_empty() {
            return list(term);
        }
        let found = find(&text);
        if found.is_empty() {
            let message = format!("no error code of Google's is known in `{}`", term::excerpt(text.trim()));
            return Err(Error::usage(message).hint("`gads-creds explain` lists the codes"));
        }
        if term.json {
            return term.out_json(&json!({ "codes": found.iter().map(|row| object(row, term)).collect::<Vec<_>>() }));
        }
        let texts: Vec<String> = found.iter().map(|row| entry(row, term)).collect();
        term.out(&texts.join("\n"))
    }
}

/// Returns the rows of the codes that the text holds, those of the longest code; a row whose detail the text has comes first.
fn find(text: &str) -> Vec<&'static Row> {
    let words = format!("_{}_", plain(text));
    let holds = |code: &str| words.contains(&format!("_{}_", plain(code)));
    let Some(code) = explain::rows().map(|row| row.code).filter(|code| holds(code)).max_by_key(|code| code.len())
    else {
        return Vec::new();
    };
    let mut rows: Vec<&Row> = explain::rows().filter(|row| row.code.eq_ignore_ascii_case(code)).collect();
    rows.sort_by_key(|row| !row.detail.is_some_and(holds));
    rows
}

/// The text in small letters, everything that is neither letter nor digit as one `_`.
fn plain(text: &str) -> String {
    let words: Vec<String> = text
        .split(|char: char| !char.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("_")
}

fn list(term: Term) -> Result<()> {
    if term.json {
        return term.out_json(&json!({ "codes": explain::rows().map(|row| object(row, term)).collect::<Vec<_>>() }));
    }
    let mut rows: Vec<&Row> = Vec::new();
    for row in explain::rows() {
        if !rows.iter().any(|other| other.code == row.code && source(other) == source(row)) {
            rows.push(row);
        }
    }
    let mut text = String::new();
    let mut last = "";
    for row in rows {
        if source(row) != last {
            last = source(row);
            let space = if text.is_empty() { "" } else { "\n" };
            text += &format!("{space}From {last}:\n");
        }
        text += &layout::labelled(&format!("  {}", row.code), 48, row.cause, term.stdout.columns);
    }
    term.out(&text)
}

fn entry(row: &Row, term: Term) -> String {
    let code = match row.detail {
        Some(detail) => format!("{}, with `{detail}`", row.code),
        None => row.code.to_owned(),
    };
    let line = |label: &str, text: &str| layout::labelled(label, 13, text, term.stdout.columns);
    [
        line("code", &code),
        line("meaning", row.cause),
        line("from", source(row)),
        line("exit code", &row.kind.code().to_string()),
        line("what to do", &next(row, term)),
    ]
    .concat()
}

fn object(row: &Row, term: Term) -> Value {
    json!({
        "code": row.code,
        "detail": row.detail,
        "meaning": row.cause,
        "source": source(row),
        "exit_code": row.kind.code(),
        "hint": next(row, term),
    })
}

fn next(row: &Row, term: Term) -> String {
    Hint::from(row.next).text(term.target())
}

fn source(row: &Row) -> &'static str {
    match row.steps {
        [Step::Page] => "Google's consent page",
        [Step::Ads] => "the Google Ads API",
        [Step::Exchange] => "Google's token endpoint, during a login",
        [Step::Refresh] => "Google's token endpoint, during a refresh",
        [Step::Revoke] => "Google's revocation endpoint",
        _ => "Google's token endpoint",
    }
}
