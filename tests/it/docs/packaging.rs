//! The packaging files match the program: the version is only in Cargo.toml, every packaged file exists, every action
//! is pinned, and the list of targets is the same everywhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::DocumentMut;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}")).replace("\r\n", "\n")
}

fn toml(path: &str) -> DocumentMut {
    text(path).parse().unwrap_or_else(|_| panic!("{path} is not TOML"))
}

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path()) {
        match entry.is_dir() {
            true => files(&entry, found),
            false => found.push(entry),
        }
    }
}

#[test]
fn the_version_is_only_in_cargo_toml() {
    let version = env!("CARGO_PKG_VERSION");
    let mut found = vec![root().join(".ci/package"), root().join(".ci/try-packages")];
    files(&root().join(".packaging"), &mut found);
    files(&root().join(".github/workflows"), &mut found);
    for path in found {
        let text = fs::read_to_string(&path).expect("a text");
        let here = text.lines().find(|line| line.contains(version) && line.contains("gads"));
        assert!(here.is_none(), "{}: {here:?}", path.display());
    }
    let wheel = toml(".packaging/python/pyproject.toml");
    assert!(wheel["project"]["dynamic"].as_array().unwrap().iter().any(|name| name.as_str() == Some("version")));
    assert_eq!(wheel["project"]["name"].as_str(), Some(env!("CARGO_PKG_NAME")));
}

#[test]
fn the_changelog_begins_with_what_is_unreleased_or_with_this_version() {
    let text = text("CHANGELOG.md");
    let first = text.lines().find_map(|line| line.strip_prefix("## [")).expect("a section");
    let this = format!("{}] - 2", env!("CARGO_PKG_VERSION"));
    assert!(first == "Unreleased]" || first.starts_with(&this), "{first}");
}

#[test]
fn every_file_of_the_debian_package_is_there_or_made_by_the_script() {
    let cargo = toml("Cargo.toml");
    let deb = &cargo["package"]["metadata"]["deb"];
    let mut sources: Vec<&str> =
        deb["assets"].as_array().unwrap().iter().filter_map(|asset| asset.as_array()?.get(0)?.as_str()).collect();
    assert!(sources.len() > 5, "{sources:?}");
    sources.extend([deb["changelog"].as_str(), deb["license-file"][0].as_str()].into_iter().flatten());
    let script = text(".ci/package");
    for source in sources {
        let made = source.strip_prefix("target/packaging/").map(|path| path.split('/').next().expect("a part"));
        let there =
            made.map_or_else(|| root().join(source).is_file(), |part| script.contains(&format!("$stage/{part}")));
        assert!(there, "{source}");
    }
}

#[test]
fn the_crate_carries_what_it_names() {
    let cargo = toml("Cargo.toml");
    let included: Vec<String> = cargo["package"]["include"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|path| path.as_str())
        .map(str::to_owned)
        .collect();
    for path in included {
        let path = path.trim_start_matches('/').trim_end_matches('*');
        let there =
            fs::read_dir(root()).unwrap().any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with(path));
        assert!(there || root().join(path).exists(), "{path}");
    }
}

/// `.ci/try-packages` compares it with the symbols that the program uses.
#[test]
fn the_debian_package_asks_for_the_glibc_that_its_program_is_linked_against() {
    assert!(text(".ci/package").contains("--compatibility manylinux2014"), "PEP 599: glibc 2.17");
    let manifest = toml("Cargo.toml");
    let depends = manifest["package"]["metadata"]["deb"]["depends"].as_str().expect("what it depends on");
    assert_eq!(depends, "libc6 (>= 2.17)");
}

/// Cargo compares what it gets with the hashes in a lock file, or in its index; pip only if it is told to.
#[test]
fn what_ci_installs_is_pinned_and_its_hashes_are_checked() {
    let scripts =
        [".ci/run", ".ci/package", ".ci/try-packages", ".github/workflows/ci.yml", ".github/workflows/release.yml"];
    for (script, text) in scripts.map(|script| (script, text(script))) {
        for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
            if line.contains("cargo install") {
                let pinned = line.contains("--locked")
                    && line
                        .split_whitespace()
                        .any(|word| word.split_once('@').is_some_and(|(_, version)| version.split('.').count() == 3));
                assert!(pinned, "{script}: {line}");
            }
            if line.contains("pip\" install") && !line.contains("--no-index") {
                assert!(line.contains("--require-hashes"), "{script}: {line}");
            }
        }
    }
    let lists = ["airflow", "connectors", "mcp", "mcp-others", "requirements"].map(|name| format!(".ci/{name}.txt"));
    for list in lists.into_iter().chain([".packaging/requirements.txt".to_owned()]) {
        for package in text(&list).replace("\\\n", " ").lines() {
            if package.trim().is_empty() || package.starts_with('#') {
                continue;
            }
            assert!(package.contains("==") && package.contains("--hash=sha256:"), "{list}: {package}");
        }
    }
}

#[test]
fn actions_are_pinned_by_commit_and_jobs_may_do_no_more_than_they_say() {
    for file in ["ci.yml", "release.yml"] {
        let text = text(&format!(".github/workflows/{file}"));
        let used = text.lines().filter_map(|line| line.trim_start_matches([' ', '-']).strip_prefix("uses: "));
        for action in used.filter(|action| !action.starts_with("./")) {
            let (_, version) = action.split_once('@').expect("a version");
            let (commit, comment) =
                version.split_once(" # v").unwrap_or_else(|| panic!("{file}: {action} names no release"));
            assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{file}: {action}");
            assert!(comment.starts_with(|c: char| c.is_ascii_digit()), "{file}: {action}");
        }
        assert!(text.contains("\npermissions:\n  contents: read\n"), "{file} asks for more than reading");
        let jobs = text.lines().filter(|line| line.trim_start().starts_with("runs-on:")).count();
        assert_eq!(jobs, text.matches("timeout-minutes:").count(), "{file}: a job without a limit");
    }
}

#[test]
fn the_formula_wants_archives_that_the_release_makes() {
    let workflow = text(".github/workflows/release.yml");
    let made: BTreeSet<&str> =
        workflow.lines().filter_map(|line| line.split("{ target: ").nth(1)?.split(',').next()).collect();
    assert_eq!(made.len(), 8, "{made:?}");
    let formula = text(".packaging/homebrew/gads-creds.rb");
    let wanted: BTreeSet<&str> = formula.split("@SHA256:").skip(1).filter_map(|rest| rest.split('@').next()).collect();
    assert_eq!(wanted.len(), 4, "{wanted:?}");
    assert!(wanted.is_subset(&made), "{wanted:?}");
}
