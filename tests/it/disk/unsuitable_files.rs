//! Unsuitable files in place of a configuration file, and home directories of other users: every command ends at once,
//! with an exit code for the file and a hint, and changes nothing. `files` tests the name of each kind.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, lchown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::skip::not_root;
use crate::sandbox::{Outcome, Sandbox};
use crate::stored;

/// Any user except root.
const SOMEBODY: u32 = 12345;

const COMMANDS: [&[&str]; 7] = [
    &["show"],
    &["doctor"],
    &["refresh"],
    &["export", "ruby", "exported.rb"],
    &["exec", "--", "/bin/true"],
    &["revoke", "--yes"],
    &["login", "--no-browser", "--no-input", "--timeout", "5", "-c", "client_secret.json"],
];

fn run(sandbox: &Sandbox, args: &[&str]) -> Outcome {
    sandbox.command(args).directory("").observe()
}

/// Returns every name below the directory, with owner, mode, length and inode; links are not followed.
fn names(directory: &Path) -> BTreeMap<PathBuf, (u32, u32, u64, u64)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let Ok(metadata) = entry.metadata() else { continue };
        // The program's own locks are empty and may be created.
        if entry.file_name() == ".local" {
            continue;
        }
        let length = if metadata.is_dir() { 0 } else { metadata.len() };
        found.insert(entry.path(), (metadata.uid(), metadata.mode(), length, metadata.ino()));
        if metadata.is_dir() {
            found.extend(names(&entry.path()));
        }
    }
    found
}

/// Creates something unsuitable at that path, by its name.
fn put(sandbox: &Sandbox, path: &Path, kind: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let link = |goal: &str| symlink(goal, path).unwrap();
    match kind {
        "pipe" => assert!(Command::new("mkfifo").arg(path).status().unwrap().success()),
        "directory" => fs::create_dir(path).unwrap(),
        "endless device" => link("/dev/zero"),
        "terminal" => link("/dev/tty"),
        "dangling link" => link("nowhere"),
        "link loop" => link(path.to_str().unwrap()),
        "link to a pipe" => {
            put(sandbox, &sandbox.home().join("a-pipe"), "pipe");
            link(sandbox.home().join("a-pipe").to_str().unwrap());
        }
        "huge" => drop(sandbox.write(path, "#".repeat(5 << 20))),
        "deep" => drop(sandbox.write(path, format!("a = {0}\nclient_id: {0}\n", "[".repeat(400_000)))),
        "deep and closed" => {
            let nested = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
            // YAML has the colon, TOML the equals sign.
            let toml = path.extension().is_some_and(|extension| extension == "toml");
            drop(sandbox.write(path, format!("x{}{nested}\n", if toml { " = " } else { ": " })));
        }
        "NUL" => drop(sandbox.write(path, "client_id: a\0b\n")),
        "not UTF-8" => drop(sandbox.write(path, b"client_id: \xff\xfe\n")),
        "UTF-16" => drop(sandbox.write(path, b"\xff\xfec\0l\0i\0e\0n\0t\0")),
        kind => panic!("what is {kind}?"),
    }
}

#[test]
fn no_command_hangs_panics_or_changes_anything() {
    let kinds = [
        "pipe",
        "directory",
        "endless device",
        "terminal",
        "dangling link",
        "link loop",
        "link to a pipe",
        "huge",
        "deep",
        "deep and closed",
        "NUL",
        "not UTF-8",
        "UTF-16",
    ];
    let all: Vec<_> = ["google-ads.yaml", ".config/gads-creds/profiles.toml"]
        .into_iter()
        .flat_map(|file| kinds.map(|kind| (file, kind)))
        .collect();
    let check = |(file, kind): &(&str, &str)| {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        if *file != "google-ads.yaml" {
            stored::works(&sandbox);
        }
        put(&sandbox, &sandbox.home().join(file), kind);
        let before = names(&sandbox.home());
        for args in COMMANDS {
            let outcome = run(&sandbox, args);
            let context = format!("{file} is a {kind}: {args:?}: {outcome:#?}");
            assert!((1..=3).contains(&outcome.code), "{context}");
            assert!(format!("{}{}", outcome.stdout, outcome.stderr).contains("hint: "), "{context}");
            assert!(!outcome.stderr.contains("/o/oauth2/") && !outcome.stderr.contains("panicked"), "{context}");
            assert_eq!(names(&sandbox.home()), before, "{context}");
        }
        assert_eq!(sandbox.google.requests(crate::google::Endpoint::Revoke).len(), 0, "{file} is a {kind}");
    };
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    check(one);
                }
            });
        }
    });
}

/// `sudo gads-creds` where sudo keeps HOME.
#[test]
fn root_leaves_nothing_of_its_own_in_the_home_of_another() {
    if not_root() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.desktop();
    stored::works(&sandbox);
    let home = sandbox.home();
    for path in names(&home).into_keys().chain([home.clone()]) {
        lchown(path, Some(SOMEBODY), Some(SOMEBODY)).unwrap();
    }
    let before = names(&home);
    for args in COMMANDS {
        let outcome = run(&sandbox, args);
        assert_eq!(names(&home), before, "{args:?}: {outcome:#?}");
        assert!(!home.join(".local").exists(), "{args:?} left a lock: {outcome:#?}");
        if ["login", "revoke", "export"].contains(&args[0]) {
            assert_eq!(outcome.code, 1, "{args:?}: {outcome:#?}");
            assert!(outcome.stderr.contains("belongs to another user (uid 12345)"), "{args:?}: {outcome:#?}");
        }
    }
}
