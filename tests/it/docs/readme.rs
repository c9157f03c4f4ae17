//! The manual says what the program says: help blocks and tables of the README, and help that fits a terminal.
//!
//! `GADS_CREDS_WRITE_README=1 cargo test --test it readme::` writes the help blocks anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use gads_creds::error::Kind;

use crate::sandbox::Sandbox;

const COMMANDS: [&str; 11] =
    ["", "login", "show", "refresh", "revoke", "exec", "export", "doctor", "explain", "completions", "help"];

fn readme() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

fn help(sandbox: &Sandbox, command: &str, flag: &str) -> String {
    let args: Vec<&str> = [command, flag].into_iter().filter(|arg| !arg.is_empty()).collect();
    sandbox.command(&args).observe().stdout
}

/// The short help; of a command without the options that every command has.
fn block(sandbox: &Sandbox, command: &str) -> String {
    let text = help(sandbox, command, "-h");
    let own = if command.is_empty() { &text[..] } else { text.split("\nCommon options:").next().unwrap() };
    format!("```\n{}\n```\n", own.trim_end())
}

#[test]
fn help_blocks_are_what_the_program_prints() {
    let sandbox = Sandbox::new();
    let text = fs::read_to_string(readme()).unwrap();
    let mut wanted = text.clone();
    for command in COMMANDS {
        let marker = format!("<!-- help: {command} -->\n").replace(":  -->", ": -->");
        let start = wanted.find(&marker).unwrap_or_else(|| panic!("no block `{marker}`")) + marker.len();
        let rest = &wanted[start..];
        let end = rest.strip_prefix("```").map_or(0, |rest| rest.find("\n```\n").expect("an open block") + 8);
        wanted.replace_range(start..start + end, &block(&sandbox, command));
    }
    if std::env::var_os("GADS_CREDS_WRITE_README").is_some() {
        fs::write(readme(), &wanted).unwrap();
    } else if text != wanted {
        let line = text.lines().zip(wanted.lines()).position(|(is, should)| is != should).unwrap_or_default();
        panic!("README.md differs from the help at line {}: run with GADS_CREDS_WRITE_README=1", line + 1);
    }
}

#[test]
fn help_fits_eighty_columns_and_shows_examples() {
    let sandbox = Sandbox::new();
    for command in COMMANDS {
        let (short, text) = (help(&sandbox, command, "-h"), help(&sandbox, command, "--help"));
        let wide: Vec<&str> = short.lines().chain(text.lines()).filter(|line| line.chars().count() > 80).collect();
        assert!(wide.is_empty(), "{command}: {wide:#?}");
        let examples = text.lines().skip_while(|line| *line != "Examples:").filter(|line| line.contains("gads-creds "));
        assert!(examples.count() >= 2, "{command} shows fewer than two examples:\n{text}");
    }
}

#[test]
fn the_table_of_exit_codes_is_complete() {
    let text = fs::read_to_string(readme()).unwrap();
    let section = text.split("## Exit codes").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let told: BTreeSet<u8> = rows.flat_map(|codes| codes.split(", ")).filter_map(|code| code.parse().ok()).collect();
    let real: BTreeSet<u8> = Kind::ALL.iter().map(|kind| kind.code()).chain([0]).collect();
    assert_eq!(told, real);
}

/// The pages that people read, from the root of the repository.
const PAGES: [&str; 5] =
    ["README.md", "CHANGELOG.md", ".github/CONTRIBUTING.md", ".github/SECURITY.md", ".github/docs/automation.md"];

#[test]
fn every_link_within_the_repository_leads_somewhere() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    for page in PAGES {
        let text = fs::read_to_string(root.join(page)).unwrap();
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        for (target, _) in targets.filter(|(target, _)| !target.contains("://")) {
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if path.is_empty() { root.join(page) } else { root.join(page).parent().unwrap().join(path) };
            let there =
                file.exists() && (anchor.is_empty() || anchors(&fs::read_to_string(file).unwrap()).contains(anchor));
            wrong.extend((!there).then(|| format!("{page}: {target}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_contents_name_every_section() {
    let text = fs::read_to_string(readme()).unwrap();
    let contents = text.split("## Contents\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let sections = text.lines().filter_map(|line| line.strip_prefix("## ")).filter(|name| *name != "Contents");
    let named = contents.split("](#").skip(1).filter_map(|rest| rest.split(')').next());
    assert_eq!(named.collect::<Vec<_>>(), sections.map(anchor).collect::<Vec<_>>());
}

/// The anchors of a page's headings, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    text.lines().filter(|line| line.starts_with('#')).map(|line| anchor(line.trim_start_matches('#').trim())).collect()
}

fn anchor(heading: &str) -> String {
    let kept = |char: &char| char.is_alphanumeric() || " -_".contains(*char);
    heading.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")
}
