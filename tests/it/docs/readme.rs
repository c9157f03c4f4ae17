//! README.md and docs/: help blocks and exit codes match the program, links work, the README is short, and help fits a
//! terminal.
//!
//! `GADS_CREDS_WRITE_DOCS=1 cargo test --test it readme::` writes the help blocks again.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use gads_creds::error::Kind;

use crate::sandbox::Sandbox;

const COMMANDS: [&str; 13] = [
    "",
    "login",
    "show",
    "refresh",
    "revoke",
    "set",
    "move",
    "exec",
    "export",
    "doctor",
    "explain",
    "completions",
    "help",
];

/// The page with the help blocks.
const COMMAND_LINE: &str = "docs/command-line.md";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(page: &str) -> String {
    fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

fn help(sandbox: &Sandbox, command: &str, flag: &str) -> String {
    let args: Vec<&str> = [command, flag].into_iter().filter(|arg| !arg.is_empty()).collect();
    sandbox.command(&args).observe().stdout
}

/// Returns the short help; for a command without the shared options.
fn block(sandbox: &Sandbox, command: &str) -> String {
    let text = help(sandbox, command, "-h");
    let own = if command.is_empty() { &text[..] } else { text.split("\nCommon options:").next().unwrap() };
    format!("```\n{}\n```\n", own.trim_end())
}

#[test]
fn help_blocks_are_what_the_program_prints() {
    let sandbox = Sandbox::new();
    let text = read(COMMAND_LINE);
    let mut wanted = text.clone();
    for command in COMMANDS {
        let marker = format!("<!-- help: {command} -->\n").replace(":  -->", ": -->");
        let start = wanted.find(&marker).unwrap_or_else(|| panic!("no block `{marker}`")) + marker.len();
        let rest = &wanted[start..];
        let end = rest.strip_prefix("```").map_or(0, |rest| rest.find("\n```\n").expect("an open block") + 8);
        wanted.replace_range(start..start + end, &block(&sandbox, command));
    }
    if std::env::var_os("GADS_CREDS_WRITE_DOCS").is_some() {
        fs::write(root().join(COMMAND_LINE), &wanted).unwrap();
    } else if text != wanted {
        let line = text.lines().zip(wanted.lines()).position(|(is, should)| is != should).unwrap_or_default();
        panic!("{COMMAND_LINE} differs from the help at line {}: run with GADS_CREDS_WRITE_DOCS=1", line + 1);
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
    let text = read("docs/json.md");
    let section = text.split("## Exit codes").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let documented: BTreeSet<u8> =
        rows.flat_map(|codes| codes.split(", ")).filter_map(|code| code.parse().ok()).collect();
    let real: BTreeSet<u8> = Kind::ALL.iter().map(|kind| kind.code()).chain([0]).collect();
    assert_eq!(documented, real);
}

/// Returns every page for readers, by its path from the root of the repository.
fn pages() -> Vec<String> {
    let mut found: Vec<String> =
        ["README.md", "CHANGELOG.md", ".github/CONTRIBUTING.md", ".github/SECURITY.md"].map(str::to_owned).into();
    for directory in ["docs", "docs/decisions"] {
        let names = fs::read_dir(root().join(directory)).unwrap().map(|entry| entry.unwrap().file_name());
        let names = names.filter_map(|name| name.into_string().ok()).filter(|name| name.ends_with(".md"));
        found.extend(names.map(|name| format!("{directory}/{name}")));
    }
    found
}

/// Returns the targets of a page's links within the repository.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
    targets.filter(|target| !target.contains("://"))
}

#[test]
fn every_link_within_the_repository_leads_somewhere() {
    let mut wrong = Vec::new();
    for page in pages() {
        let text = read(&page);
        for target in links(&text) {
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let here = root().join(&page);
            let file = if path.is_empty() { here.clone() } else { here.parent().unwrap().join(path) };
            let there =
                file.exists() && (anchor.is_empty() || anchors(&fs::read_to_string(file).unwrap()).contains(anchor));
            wrong.extend((!there).then(|| format!("{page}: {target}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_readme_is_short_and_leads_to_every_page_of_the_manual() {
    let text = read("README.md");
    let words = text.split_whitespace().count();
    assert!(words <= 1_200, "{words} words");
    let linked: BTreeSet<&str> = links(&text).map(|target| target.split('#').next().unwrap_or(target)).collect();
    let missing: Vec<String> = pages()
        .into_iter()
        .filter(|page| page.starts_with("docs/") && page.matches('/').count() == 1 && !linked.contains(&page[..]))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    let decisions = read("docs/decisions/README.md");
    let linked: BTreeSet<&str> = links(&decisions).collect();
    for page in pages() {
        let Some(name) = page.strip_prefix("docs/decisions/").filter(|name| *name != "README.md") else { continue };
        assert!(linked.contains(name), "docs/decisions/README.md does not lead to {name}");
    }
}

/// Returns the anchors of a page's headings, as GitHub creates them.
fn anchors(text: &str) -> BTreeSet<String> {
    text.lines().filter(|line| line.starts_with('#')).map(|line| anchor(line.trim_start_matches('#').trim())).collect()
}

fn anchor(heading: &str) -> String {
    let kept = |char: &char| char.is_alphanumeric() || " -_".contains(*char);
    heading.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")
}
