//! The start-up costs of the program: files, system calls, packages. Counted, never timed.
//!
//! The bounds are a little above what was counted when they were written; `benches/compare` measures speed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::harness::skip::note;
use toml_edit::Item;

const LOCK: &str = include_str!("../../../Cargo.lock");
const MANIFEST: &str = include_str!("../../../Cargo.toml");

/// Returns each package of the lock file, and those it needs. A package in two versions counts once.
fn packages() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut packages: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let mut needs = None;
    for line in LOCK.lines() {
        if let Some(name) = line.strip_prefix("name = \"").and_then(|name| name.strip_suffix('"')) {
            needs = Some(packages.entry(name).or_default());
        } else if let (Some(needs), Some(name)) = (&mut needs, line.strip_prefix(" \"")) {
            needs.extend(name.split(['"', ' ']).next());
        }
    }
    packages
}

/// Returns the names in the manifest's tables of dependencies, except for those of the tests.
fn direct() -> Vec<String> {
    let manifest: toml_edit::DocumentMut = MANIFEST.parse().expect("Cargo.toml");
    let mut tables = vec![&manifest["dependencies"]];
    tables.extend(
        manifest["target"].as_table().expect("target").iter().filter_map(|(_, target)| target.get("dependencies")),
    );
    let entries = tables.iter().flat_map(|table| table.as_table().expect("a table of dependencies").iter());
    entries.map(|(name, value)| value.get("package").and_then(Item::as_str).unwrap_or(name).to_owned()).collect()
}

#[test]
fn one_http_client_and_one_tls_library_are_built_and_no_c_tls() {
    for once in ["reqwest", "rustls"] {
        assert_eq!(LOCK.matches(&format!("\nname = \"{once}\"\n")).count(), 1, "{once}");
    }
    for never in ["openssl-sys", "native-tls", "aws-lc-rs", "aws-lc-sys"] {
        assert!(!packages().contains_key(never), "{never} came in");
    }
}

/// Those of macOS and Windows, and of the build, are included; those of the tests and benches are not.
#[test]
fn the_dependencies_stay_bounded() {
    let (packages, mut ahead) = (packages(), direct());
    assert!((20..=45).contains(&ahead.len()), "{} direct dependencies", ahead.len());
    let mut seen = BTreeSet::new();
    while let Some(name) = ahead.pop() {
        if seen.insert(name.clone()) {
            ahead.extend(packages[name.as_str()].iter().map(|name| (*name).to_owned()));
        }
    }
    println!("{} packages", seen.len());
    assert!((200..=270).contains(&seen.len()), "{} packages", seen.len());
}

#[test]
fn the_named_release_binary_is_small() {
    if option_env!("GADS_CREDS_TEST_RELEASE_BINARY").is_none() {
        return note("GADS_CREDS_TEST_RELEASE_BINARY names no release binary");
    }
    let size = fs::metadata(crate::PROGRAM).expect("the binary GADS_CREDS_TEST_RELEASE_BINARY names").len();
    assert!(size <= 5_200_000, "{size} bytes");
}

#[cfg(target_os = "linux")]
mod traced {
    use std::fs;
    use std::process::{Command, Stdio};

    use crate::sandbox::Sandbox;
    use crate::stored;
    use crate::traced;

    /// Returns how many system calls are made and files opened, including the dynamic linker's; `None` without strace.
    fn count(args: &[&str]) -> Option<(usize, usize)> {
        if traced::cannot() {
            return None;
        }
        let sandbox = Sandbox::new();
        stored::works(&sandbox);
        let log = sandbox.work().join("calls");
        let status = Command::new("strace")
            .args(["-f", "-o"])
            .arg(&log)
            .arg(crate::PROGRAM)
            .args(args)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", sandbox.home())
            // In the system's own one a recovery file may wait, of whatever was run there before.
            .env("TMPDIR", sandbox.home().with_file_name("tmp"))
            .current_dir(sandbox.work())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(status.is_ok_and(|status| status.success()), "strace did not run {args:?} to its end");
        let text = fs::read_to_string(log).expect("strace's log");
        let calls = text.lines().filter(|line| line.contains('(')).count();
        let opened = text.lines().filter(|line| line.contains(" openat(") && !line.contains(" = -1 ")).count();
        Some((calls, opened))
    }

    #[test]
    fn version_and_show_open_few_files_and_make_few_calls() {
        for (args, most_calls, most_files) in [(&["--version"][..], 80, 5), (&["show"], 130, 10)] {
            let Some((calls, files)) = count(args) else { return };
            println!("{args:?}: {calls} calls, {files} files");
            assert!((1..=most_calls).contains(&calls), "{args:?}: {calls} system calls");
            assert!((1..=most_files).contains(&files), "{args:?}: {files} files opened");
        }
    }
}
