//! `docs/proofs.md`: every requirement and every threat has a row, and every row names existing tests.
//!
//! Whether a test proves its row is for people to judge; this checks that it exists, and that no number is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The prefix of the reason in a row without a test.
const REASON: &str = "not tested: ";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text() -> String {
    fs::read_to_string(root().join("docs/proofs.md")).expect("the page of proofs")
}

/// Returns R1 to R53, the threats 1 to 64, then L1 to L4.
fn numbers() -> Vec<String> {
    let requirements = (1..=53).map(|number| format!("R{number}"));
    let threats = (1..=64).map(|number: i32| number.to_string());
    requirements.chain(threats).chain((1..=4).map(|number| format!("L{number}"))).collect()
}

/// Returns the rows of the tables in order: number, and the last column.
fn rows(text: &str) -> Vec<(String, String)> {
    let cells = |line: &str| {
        let inside = line.strip_prefix("| ")?.strip_suffix(" |")?;
        let cells: Vec<&str> = inside.split(" | ").collect();
        assert!(cells.len() == 3 && cells.iter().all(|cell| !cell.trim().is_empty()), "{line}");
        let is_row = cells[0].trim_start_matches(['R', 'L']).bytes().all(|byte| byte.is_ascii_digit());
        is_row.then(|| (cells[0].to_owned(), cells[2].to_owned()))
    };
    text.lines().filter_map(cells).collect()
}

/// Returns every test of this program by its module path, as `cargo test` names it.
fn tests() -> BTreeSet<String> {
    let mut files = BTreeMap::new();
    collect(&root().join("tests/it"), "", &mut files);
    files.iter().flat_map(|(module, text)| names(text).map(move |name| format!("{module}::{name}"))).collect()
}

fn collect(directory: &Path, module: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(directory).expect("a directory of tests").flatten() {
        let path = entry.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let name = match &*stem {
            "mod" => module.to_owned(),
            stem if module.is_empty() => stem.to_owned(),
            stem => format!("{module}::{stem}"),
        };
        if path.is_dir() {
            collect(&path, &name, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.insert(name, fs::read_to_string(&path).expect("a source file"));
        }
    }
}

/// Returns the functions marked as tests, whatever other attributes they have.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split("#[test]\n").skip(1).filter_map(|after| {
        let line = after.lines().find(|line| !line.trim_start().starts_with("#["))?;
        line.trim_start().strip_prefix("fn ")?.split('(').next()
    })
}

/// Returns what is wrong with a row.
fn wrong(number: &str, held_by: &str, tests: &BTreeSet<String>) -> Option<String> {
    if let Some(reason) = held_by.strip_prefix(REASON) {
        return (reason.len() < 20).then(|| format!("{number}: a reason of {} characters", reason.len()));
    }
    let named: Vec<&str> = held_by.split(' ').map(|name| name.trim_matches('`')).collect();
    named.iter().find(|name| !tests.contains(**name)).map(|name| format!("{number}: there is no test `{name}`"))
}

#[test]
fn every_requirement_and_every_threat_has_its_row_once_and_in_order() {
    let found: Vec<String> = rows(&text()).into_iter().map(|(number, _)| number).collect();
    assert_eq!(found, numbers());
}

#[test]
fn every_row_names_tests_that_exist_or_says_why_there_is_none() {
    let tests = tests();
    assert!(tests.contains("docs::proofs::every_row_names_tests_that_exist_or_says_why_there_is_none"));
    let wrong: Vec<String> =
        rows(&text()).iter().filter_map(|(number, held_by)| wrong(number, held_by, &tests)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A rule that never fails might not work.
#[test]
fn a_row_without_proof_is_found() {
    let tests = BTreeSet::from(["a::b".to_owned()]);
    for (held_by, fits) in [
        ("`a::b`", true),
        ("`a::b` `a::b`", true),
        ("`a::c`", false),
        ("`a::b` `a::c`", false),
        ("see the tests", false),
        ("not tested: no", false),
        ("not tested: it runs on another system only", true),
    ] {
        assert_eq!(wrong("1", held_by, &tests).is_none(), fits, "{held_by}");
    }
}

#[test]
fn the_page_is_linked_from_where_people_look() {
    let page = fs::read_to_string(root().join(".github/SECURITY.md")).expect("the security page");
    assert!(page.contains("](../docs/proofs.md)"), "no link");
}
