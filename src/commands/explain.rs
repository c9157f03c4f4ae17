//! `explain`: explains an error code of Google's, from the table that every command uses.

use clap::Args;
use serde_json::{Value, json};

use crate::commands::offered::Offered;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::google::explain::{self, Entry, Operation};
use crate::hint::Hint;
use crate::term::{self, Term, layout};

/// Explain an error code from Google
#[derive(Args, Debug)]
#[command(after_long_help = "\
Capitals, spaces and the text around the code do not matter.

Examples:
  gads-creds explain
  gads-creds explain redirect_uri_mismatch
  gads-creds explain 'Error 400: redirect_uri_mismatch'")]
pub struct Explain {
    /// The code, or a text with it, such as the page that Google shows; without it the list of codes
    #[arg(value_name = "CODE", num_args = 0.., value_parser = Offered(explain::codes()), hide_possible_values = true)]
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
            let message = format!("`{}` contains no known error code", term::excerpt(text.trim()));
            return Err(Error::usage(message).hint(match near(&text) {
                Some(code) => format!("did you mean `gads-creds explain {code}`?"),
                None => "`gads-creds explain` lists the codes".to_owned(),
            }));
        }
        if term.json {
            return term
                .out_json(&json!({ "codes": found.iter().map(|entry| object(entry, term)).collect::<Vec<_>>() }));
        }
        let mut texts: Vec<String> = found.iter().map(|entry| details(entry, term)).collect();
        texts.dedup();
        term.out(&texts.join("\n"))
    }
}

/// Returns the entries that the text is about: those of the codes in it, the longest first; of one code only those whose variant
/// is in the text, or else the usual causes before the special ones. A text without a code may hold the words of Google's
/// description, or the words of a code.
fn find(text: &str) -> Vec<&'static Entry> {
    let words = format!("_{}_", plain(text));
    let holds = |part: &str| words.contains(&format!("_{}_", plain(part)));
    let is_variant = |entry: &Entry| entry.variants.iter().any(|variant| holds(variant));
    let whole = format!(" {} ", text.to_lowercase().replace(|char: char| !char.is_alphanumeric() && char != '_', " "));
    let is_verbatim = |code: &str| {
        let code = code.to_lowercase().replace('.', " ");
        whole.contains(&format!(" {code} ")) && (code.contains('_') || whole.trim() == code)
    };
    let mut codes: Vec<&str> = explain::entries().map(|entry| entry.code).filter(|code| is_verbatim(code)).collect();
    if codes.is_empty() {
        // The longest description, since `not found` is a part of `account not found`.
        let held = |entry: &Entry| entry.variants.iter().copied().filter(|variant| holds(variant)).map(str::len).max();
        let longest = explain::entries().filter_map(held).max();
        if longest.is_some() {
            return explain::entries().filter(|entry| held(entry) == longest).collect();
        }
        let longest =
            explain::entries().map(|entry| entry.code).filter(|code| holds(code)).max_by_key(|code| code.len());
        codes.extend(longest);
    }
    codes.sort_by_key(|code| std::cmp::Reverse(code.len()));
    let mut found: Vec<&Entry> = Vec::new();
    for code in codes {
        let of_code = || explain::entries().filter(|entry| entry.code.eq_ignore_ascii_case(code));
        let mut entries: Vec<&Entry> = of_code().filter(|entry| is_variant(entry)).collect();
        if entries.is_empty() {
            entries = of_code().collect();
            entries.sort_by_key(|entry| !entry.variants.is_empty());
        }
        entries.retain(|entry| !found.iter().any(|other| std::ptr::eq(*other, *entry)));
        found.extend(entries);
    }
    found
}

/// Returns the code that the text nearly is.
fn near(text: &str) -> Option<&'static str> {
    const MAX_DISTANCE: usize = 3;
    let wanted = plain(text);
    let distance = |code: &str| strsim::osa_distance(&plain(code), &wanted);
    let code = explain::entries().map(|entry| entry.code).min_by_key(|code| distance(code))?;
    (distance(code) <= MAX_DISTANCE.min(wanted.len() / 3)).then_some(code)
}

/// Returns the text in lower case, with everything that is neither letter nor digit as one `_`.
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
        return term
            .out_json(&json!({ "codes": explain::entries().map(|entry| object(entry, term)).collect::<Vec<_>>() }));
    }
    let mut entries: Vec<&Entry> = Vec::new();
    for entry in explain::entries() {
        if !entries.iter().any(|other| other.code == entry.code && source(other) == source(entry)) {
            entries.push(entry);
        }
    }
    let first = entries.clone();
    entries.sort_by_key(|entry| first.iter().position(|other| source(other) == source(entry)));
    let mut text = String::new();
    let mut last = "";
    let width = |from: &str| {
        let codes = entries.iter().filter(|entry| source(entry) == from).map(|entry| entry.code.len());
        codes.max().unwrap_or_default() + 4
    };
    for entry in &entries {
        if source(entry) != last {
            last = source(entry);
            let space = if text.is_empty() { "" } else { "\n" };
            text += &format!("{space}From {last}:\n");
        }
        let indent = width(last);
        // On a terminal a line each: the whole text is one command away.
        let cause = match term.stdout.columns {
            Some(columns) if columns < indent + 24 => String::new(),
            Some(columns) => layout::cut(entry.cause, columns - indent),
            None => entry.cause.to_owned(),
        };
        let label = format!("  {}", entry.code);
        text += format!("{label:indent$}{cause}").trim_end();
        text.push('\n');
    }
    term.out(&text)
}

fn details(entry: &Entry, term: Term) -> String {
    let variants: Vec<String> = entry.variants.iter().map(|variant| format!("`{variant}`")).collect();
    let code = match variants.as_slice() {
        [] => entry.code.to_owned(),
        _ => format!("{}, with {}", entry.code, variants.join(" or ")),
    };
    let line = |label: &str, text: &str| layout::labelled(label, 13, text, term.stdout.columns);
    [
        line("code", &code),
        line("meaning", entry.cause),
        line("from", source(entry)),
        line("exit code", &entry.kind.code().to_string()),
        line("what to do", &next_step(entry, term)),
    ]
    .concat()
}

fn object(entry: &Entry, term: Term) -> Value {
    json!({
        "code": entry.code,
        "variants": entry.variants,
        "meaning": entry.cause,
        "source": source(entry),
        "exit_code": entry.kind.code(),
        "hint": next_step(entry, term),
    })
}

fn next_step(entry: &Entry, term: Term) -> String {
    Hint::from(entry.next_step).text(term.target())
}

fn source(entry: &Entry) -> &'static str {
    match entry.operations {
        [Operation::Consent] => "Google's consent page",
        [Operation::Ads] => "the Google Ads API",
        [Operation::Exchange] => "Google's token endpoint, during a login",
        [Operation::Refresh] => "Google's token endpoint, during a refresh",
        [Operation::ServiceAccount] => "Google's token endpoint, for a service account",
        [Operation::KeyCreation] => "the Cloud console and gcloud, when a key is created",
        [Operation::Revoke] => "Google's revocation endpoint",
        [] => "Google's APIs",
        _ => "Google's token endpoint",
    }
}
