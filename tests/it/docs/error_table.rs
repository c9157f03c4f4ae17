//! The manual's table of Google's error codes matches the program.
//!
//! `GADS_CREDS_WRITE_DOCS=1 cargo test --test it error_table::` writes it again.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use gads_creds::google::explain::{self, Entry, Operation};

const START: &str = "<!-- explain -->\n";
const END: &str = "<!-- end of explain -->\n";
/// Codes that a user with one account, one client and one file never gets are left out of the manual.
const RARE: [&str; 13] = [
    "GOOGLE_ACCOUNT_COOKIE_INVALID",
    "LOGIN_COOKIE_REQUIRED",
    "LOGIN_COOKIE_INVALID",
    "INVALID_EMAIL_ADDRESS",
    "USER_ID_INVALID",
    "METRIC_ACCESS_DENIED",
    "DEVELOPER_TOKEN_NOT_ON_ALLOWLIST",
    "SERVICE_ACCESS_DENIED",
    "ACCESS_DENIED_FOR_ACCOUNT_TYPE",
    "ACTION_NOT_PERMITTED",
    "AUTHORIZATION_ERROR",
    "unsupported_grant_type",
    "temporarily_unavailable",
];

fn table() -> String {
    let mut text =
        String::from("| Google says | where | it means | exit | what to do |\n| --- | --- | --- | --- | --- |\n");
    for entry in explain::entries().filter(|entry| !RARE.contains(&entry.code)) {
        let variants: String = entry.variants.iter().map(|variant| format!(", `{variant}`")).collect();
        let (code, next) = (entry.kind.code(), linked(entry.next_step));
        let _ = writeln!(text, "| `{}`{variants} | {} | {} | {code} | {next} |", entry.code, place(entry), entry.cause);
    }
    text
}

fn place(entry: &Entry) -> &'static str {
    match entry.operations {
        [Operation::Consent] => "consent page",
        [Operation::Ads] => "Google Ads API",
        [Operation::Exchange] => "`login`",
        [Operation::Refresh] => "`refresh`",
        [Operation::ServiceAccount] => "service account",
        [Operation::KeyCreation] => "creation of a key",
        _ => "`login`, `refresh`",
    }
}

/// Returns the text with addresses in angle brackets, which Markdown turns into links.
fn linked(text: &str) -> String {
    let link = |word: &str| {
        let inside = word.trim_matches(|char| "(),;".contains(char));
        if inside.starts_with("https://") { word.replace(inside, &format!("<{inside}>")) } else { word.to_owned() }
    };
    text.split(' ').map(link).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_table_of_error_codes_matches_the_program() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/errors.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(START).expect("the manual has a mark for the table");
    let (_, after) = rest.split_once(END).expect("the table has an end");
    let wanted = format!("{before}{START}\n{}\n{END}{after}", table());
    if std::env::var_os("GADS_CREDS_WRITE_DOCS").is_some() {
        fs::write(&path, &wanted).unwrap();
    } else if text != wanted {
        let line = text.lines().zip(wanted.lines()).position(|(is, should)| is != should).unwrap_or_default();
        panic!("docs/errors.md differs from explain/ at line {}: run with GADS_CREDS_WRITE_DOCS=1", line + 1);
    }
}

#[test]
fn what_is_left_out_is_in_the_program() {
    assert!(RARE.iter().all(|code| explain::entries().any(|entry| entry.code == *code)));
}
