//! The manual's table of Google's refusals is the program's own.
//!
//! `GADS_CREDS_WRITE_DOCS=1 cargo test --test it error_table::` writes it anew.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use gads_creds::google::explain::{self, Row, Step};

const START: &str = "<!-- explain -->\n";
const END: &str = "<!-- end of explain -->\n";
/// Refusals that a person with one user, one client and one file never meets stay out of the manual.
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
    for row in explain::rows().filter(|row| !RARE.contains(&row.code)) {
        let detail = row.detail.map(|detail| format!(", `{detail}`")).unwrap_or_default();
        let (code, next) = (row.kind.code(), linked(row.next));
        let _ = writeln!(text, "| `{}`{detail} | {} | {} | {code} | {next} |", row.code, place(row), row.cause);
    }
    text
}

fn place(row: &Row) -> &'static str {
    match row.steps {
        [Step::Page] => "consent page",
        [Step::Ads] => "Google Ads API",
        [Step::Exchange] => "`login`",
        [Step::Refresh] => "`refresh`",
        [Step::ServiceAccount] => "service account",
        _ => "`login`, `refresh`",
    }
}

/// Addresses in angle brackets, which is how Markdown makes links of them.
fn linked(text: &str) -> String {
    let link = |word: &str| {
        let inside = word.trim_matches(|char| "(),;".contains(char));
        if inside.starts_with("https://") { word.replace(inside, &format!("<{inside}>")) } else { word.to_owned() }
    };
    text.split(' ').map(link).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_table_of_refusals_is_the_programs() {
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
    assert!(RARE.iter().all(|code| explain::rows().any(|row| row.code == *code)));
}
