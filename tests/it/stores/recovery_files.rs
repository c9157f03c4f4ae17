//! A token that Google issued is found again.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};

use gads_creds::credentials::{Credentials, CustomerId};
use gads_creds::profile::{Location, Profile, ProfileName, SelectedBy, TokenMetadata};
use gads_creds::recovery::{self, Pending};
use gads_creds::secret::Secret;

use crate::child::{PartRun, mode, report};
use crate::harness::skip::not_root;
use crate::sandbox::Sandbox;

const STATE: &str = ".local/state/gads-creds/recovery";

fn pending(file: &Path, token: &str) -> Pending {
    Pending {
        profile: Profile {
            name: Some(ProfileName::new("work").unwrap()),
            location: Location::File { path: file.to_owned(), format: None },
            metadata: TokenMetadata {
                client_id: Some("1-a.apps.googleusercontent.com".to_owned()),
                redirect_uri: Some("http://127.0.0.1:8085/callback".to_owned()),
                issued_at: Some("2026-11-22T10:00:00Z".parse().unwrap()),
                expires_at: Some("2026-11-29T10:00:00Z".parse().unwrap()),
                scopes: vec!["https://www.googleapis.com/auth/adwords".into()],
                account: Some("ada@example.com".into()),
                endpoint: Some("http://127.0.0.1:1".into()),
                fingerprint: Some("01234567".into()),
                ..TokenMetadata::default()
            },
            selected_by: SelectedBy::ProfileOption,
        },
        credentials: Credentials {
            login_customer_id: CustomerId::exact("1234567890"),
            ..Credentials::of_user(
                "1-a.apps.googleusercontent.com",
                Secret::new("a client secret"),
                Some(Secret::new(token)),
            )
        },
        replaces: Some("89abcdef".into()),
        rotated: true,
        moves_from: Some(Location::Keychain { profile: ProfileName::new("work").unwrap() }),
    }
}

pub fn part(part: &str, file: &Path, text: &str) {
    match part {
        "recovery_rehearse" => report(recovery::preflight().map(|()| Vec::new())),
        "recovery_keep" => {
            report(recovery::write(&pending(file, text)).map(|kept| vec![kept.path().display().to_string()]))
        }
        "recovery_find" => report(recovery::read_all().and_then(|found| {
            let found = found.into_iter().map(|(_, found)| {
                let found = found?;
                let token = found.credentials.refresh_token().unwrap().expose().to_owned();
                let expected = pending(file, &token);
                assert_eq!(found.credentials, expected.credentials);
                assert_eq!(found.profile.name, expected.profile.name);
                assert_eq!(found.profile.location, expected.profile.location);
                assert_eq!(found.profile.metadata, expected.profile.metadata);
                assert_eq!(found.replaces, expected.replaces);
                assert_eq!(found.rotated, expected.rotated);
                assert_eq!(found.moves_from, expected.moves_from);
                Ok(token)
            });
            found.collect()
        })),
        "recovery_finish" => {
            report(
                recovery::read_all()
                    .and_then(|found| found.into_iter().try_for_each(|(kept, _)| kept.remove()))
                    .map(|()| Vec::new()),
            );
        }
        // By the second of three.
        "recovery_supersede" => report(recovery::read_all().and_then(|found| {
            let count = recovery::remove_superseded(&pending(file, text), &found[1].0)?;
            Ok(vec![count.to_string()])
        })),
        "recovery_any" => {
            report(recovery::paths().map(|paths| paths.iter().map(|path| path.display().to_string()).collect()))
        }
        other => panic!("no part {other}"),
    }
}

fn file() -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(b"/srv/ads \xff/google-ads.yaml").into()
}

fn found(sandbox: &Sandbox) -> PartRun {
    sandbox.run_part("recovery_find", &file(), "")
}

#[test]
fn recovery_files_are_found_complete_and_in_order_until_removed() {
    let sandbox = Sandbox::new();
    assert_eq!(found(&sandbox).lines, ["done"]);
    for token in ["1//first", "1//second", "1//third"] {
        assert!(sandbox.run_part("recovery_keep", &file(), token).is_done());
    }
    assert_eq!(found(&sandbox).lines, ["1//first", "1//second", "1//third", "done"]);
    assert_eq!(sandbox.run_part("recovery_any", &file(), "").lines.len(), 4);
    assert!(sandbox.run_part("recovery_finish", &file(), "").is_done());
    assert_eq!(found(&sandbox).lines, ["done"]);
    assert!(sandbox.names(STATE).is_empty());
}

#[test]
fn only_older_ones_are_superseded() {
    let sandbox = Sandbox::new();
    for token in ["1//first", "1//second", "1//third"] {
        assert!(sandbox.run_part("recovery_keep", &file(), token).is_done());
    }
    assert_eq!(sandbox.run_part("recovery_supersede", &file(), "").lines, ["1", "done"]);
    assert_eq!(found(&sandbox).lines, ["1//second", "1//third", "done"]);
}

#[test]
fn a_recovery_file_is_private_whatever_the_umask() {
    let sandbox = Sandbox::new();
    assert!(
        sandbox
            .run_part_under(&["sh", "-c", "umask 000; exec \"$@\"", "-"], "recovery_keep", &file(), "1//a")
            .is_done()
    );
    let name = &sandbox.names(STATE)[0];
    assert_eq!((mode(&sandbox.path(STATE).join(name)), mode(&sandbox.path(STATE))), (0o600, 0o700));
}

#[test]
fn a_preflight_leaves_nothing_and_clears_leftovers_but_no_token() {
    let sandbox = Sandbox::new();
    assert!(sandbox.run_part("recovery_keep", &file(), "1//a").is_done());
    fs::write(sandbox.path(STATE).join("0000000000001-a.probe"), " ").unwrap();
    let empty = sandbox.path(STATE).join("0000000000001-a.json");
    fs::File::create(&empty).unwrap().set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    fs::write(sandbox.path(STATE).join("0000000000002-a.json"), "").unwrap();
    let foreign = sandbox.path(STATE).join("0000000000003-a.txt");
    fs::File::create(foreign).unwrap().set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    assert_eq!(found(&sandbox).lines, ["1//a", "done"]);
    assert!(sandbox.run_part("recovery_rehearse", &file(), "").is_done());
    let names = sandbox.names(STATE);
    assert_eq!(names.len(), 3, "{names:?}");
    assert_eq!(names[0], "0000000000002-a.json", "a file just made may be another run's");
    assert_eq!(names[1], "0000000000003-a.txt", "not a file of this program");
}

#[test]
fn if_the_state_directory_is_not_writable_the_token_is_kept_elsewhere() {
    let sandbox = Sandbox::new();
    // A file in place of the directory.
    fs::create_dir_all(sandbox.path(".local/state/gads-creds")).unwrap();
    sandbox.write(STATE, "");
    let run = sandbox.run_part("recovery_keep", &file(), "1//a");
    assert!(run.first().starts_with(sandbox.tmp().join("gads-creds-").to_str().unwrap()), "{run:?}");
    assert_eq!(mode(Path::new(run.first())), 0o600);
    fs::remove_file(sandbox.path(STATE)).unwrap();
    assert_eq!(found(&sandbox).lines, ["1//a", "done"]);
    // By age, wherever they are.
    assert!(sandbox.run_part("recovery_keep", &file(), "1//b").is_done());
    assert_eq!(found(&sandbox).lines, ["1//a", "1//b", "done"]);
}

#[test]
fn another_users_temporary_directory_is_ignored() {
    if not_root() {
        return;
    }
    let sandbox = Sandbox::new();
    let directory = sandbox.tmp().join("gads-creds-0");
    fs::create_dir(&directory).unwrap();
    assert!(sandbox.run_part("recovery_keep", &file(), "1//a").is_done());
    let name = &sandbox.names(STATE)[0];
    fs::rename(sandbox.path(STATE).join(name), directory.join(name)).unwrap();
    assert_eq!(found(&sandbox).lines, ["1//a", "done"]);
    std::os::unix::fs::chown(&directory, Some(12345), None).unwrap();
    assert_eq!(found(&sandbox).lines, ["done"]);
}

#[test]
fn a_damaged_file_is_named_and_not_quoted() {
    let sandbox = Sandbox::new();
    assert!(sandbox.run_part("recovery_keep", &file(), "1//a-secret").is_done());
    let path = sandbox.path(STATE).join(&sandbox.names(STATE)[0]);
    let text = fs::read_to_string(&path).unwrap();
    for (damaged, reason) in [
        (text.replace("\"1//a-secret\"", "[\"1//a-secret\"]"), "is damaged: line "),
        (text[..text.len() - 20].to_owned(), "is damaged: line "),
        (text.replace("\"version\": 1", "\"version\": 2"), "is of version 2"),
        (text.replace("1234567890", "12345"), "is damaged: the login customer ID"),
    ] {
        assert_ne!(damaged, text);
        fs::write(&path, damaged).unwrap();
        let run = found(&sandbox);
        assert!(run.error().starts_with(&format!("recovery file `{}` {reason}", path.display())), "{run:?}");
        assert!(!run.lines.iter().any(|line| line.contains("a-secret")), "{run:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn one_error_while_a_token_is_saved_does_not_lose_it() {
    if crate::harness::skip::without("strace") {
        return;
    }
    for call in ["openat", "write", "fsync", "fchmod", "mkdir", "statx", "lseek", "read"] {
        let sandbox = Sandbox::new();
        let run = crate::harness::strace_part::inject(
            &sandbox,
            &format!("{call}:error=EIO:when=1"),
            ("recovery_keep", &file(), "1//a"),
        );
        assert!(run.is_done(), "{call}: {run:?}");
        assert_eq!(found(&sandbox).lines, ["1//a", "done"], "{call}");
    }
}
