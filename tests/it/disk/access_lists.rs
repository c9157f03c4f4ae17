//! Access control lists: who may write besides owner, group and everybody.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;

use rustix::fs::{XattrFlags, getxattr, setxattr};

use crate::child::{chmod, mode};
use crate::harness::skip::{not_root, skip};
use crate::sandbox::Sandbox;

const ACCESS: &str = "system.posix_acl_access";
const DEFAULT: &str = "system.posix_acl_default";

const OWNER: u16 = 0x01;
const USER: u16 = 0x02;
const OWNING_GROUP: u16 = 0x04;
const GROUP: u16 = 0x08;
const MASK: u16 = 0x10;
const OTHER: u16 = 0x20;
const NOBODY: u32 = u32::MAX;

/// Any user, and any group, except root.
const SOMEBODY: u32 = 12345;

/// Sets the list, with the entries in this order; returns whether the file system supports lists.
fn set(path: &Path, attribute: &str, entries: &[(u16, u16, u32)]) -> bool {
    let mut value = 2_u32.to_le_bytes().to_vec();
    for (tag, rights, id) in entries {
        value.extend([&tag.to_le_bytes()[..], &rights.to_le_bytes(), &id.to_le_bytes()].concat());
    }
    let done = setxattr(path, attribute, &value, XattrFlags::empty()).is_ok();
    if !done {
        skip("this file system has no access control lists");
    }
    done
}

/// Returns a list with these permissions for one more user or group.
fn with(tag: u16, rights: u16, id: u32) -> [(u16, u16, u32); 5] {
    [(OWNER, 7, NOBODY), (OWNING_GROUP, 5, NOBODY), (MASK, 7, NOBODY), (OTHER, 0, NOBODY), (tag, rights, id)]
}

fn sorted(mut entries: [(u16, u16, u32); 5]) -> [(u16, u16, u32); 5] {
    entries.sort();
    entries
}

#[test]
fn a_directory_that_a_list_lets_others_write_into_is_refused_with_a_step_that_works() {
    if not_root() {
        return;
    }
    for (tag, id, who) in [(USER, SOMEBODY, "user 12345"), (GROUP, SOMEBODY, "group 12345")] {
        let sandbox = Sandbox::new();
        fs::create_dir(sandbox.path("open")).unwrap();
        let file = sandbox.write("open/file", "old\n");
        if !set(&sandbox.path("open"), ACCESS, &sorted(with(tag, 7, id))) {
            return;
        }
        assert_eq!(mode(&sandbox.path("open")), 0o770, "the mode shows the group's rights, not whose they are");
        for part in ["preflight", "update"] {
            let run = sandbox.run_part(part, &file, "new\n");
            let directory = sandbox.path("open");
            let expected =
                format!("{who} may write into directory `{}`, and so replace the file in it", directory.display());
            assert_eq!(run.error(), expected, "{run:?}");
            assert!(run.lines.iter().any(|line| line.contains("chmod g-w")), "{run:?}");
        }
        assert!(sandbox.run_part("read", &file, "").is_done());
        chmod(&sandbox.path("open"), 0o750);
        assert!(sandbox.run_part("update", &file, "new\n").is_done());
    }
}

#[test]
fn a_list_that_lets_nobody_else_write_is_fine() {
    if not_root() {
        return;
    }
    for (tag, rights, id) in [(USER, 5, SOMEBODY), (USER, 7, 0), (GROUP, 5, SOMEBODY), (GROUP, 7, 0)] {
        let sandbox = Sandbox::new();
        fs::create_dir(sandbox.path("open")).unwrap();
        if !set(&sandbox.path("open"), ACCESS, &sorted(with(tag, rights, id))) {
            return;
        }
        let file = sandbox.write("open/file", "old\n");
        let run = sandbox.run_part("update", &file, "new\n");
        assert!(run.is_done(), "{tag} {rights} {id}: {run:?}");
    }
}

/// Permissions in a directory's default list do not apply to a file with a secret.
#[test]
fn a_new_file_takes_no_rights_from_the_list_of_its_directory() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("shared")).unwrap();
    if !set(&sandbox.path("shared"), DEFAULT, &sorted(with(USER, 7, SOMEBODY))) {
        return;
    }
    for name in ["shared/file", "shared/new/file"] {
        let file = sandbox.path(name);
        assert!(sandbox.run_part("update", &file, "new\n").is_done());
        assert_eq!(mode(&file), 0o600);
        assert_eq!(mask(&file), Some(0));
        assert!(sandbox.run_part("update", &file, "newer\n").is_done());
        assert_eq!((mode(&file), mask(&file)), (0o600, Some(0)));
    }
}

#[test]
fn a_list_on_the_file_itself_is_gone_after_a_change() {
    let sandbox = Sandbox::new();
    for text in ["old\n", "new\n"] {
        let file = sandbox.write("file", "old\n");
        if !set(&file, ACCESS, &sorted(with(USER, 4, SOMEBODY))) {
            return;
        }
        let run = sandbox.run_part("update", &file, text);
        assert!(run.first().contains("it is 0600 now"), "{run:?}");
        assert_eq!(mode(&file), 0o600);
        assert!(matches!(mask(&file), None | Some(0)), "{:?}", mask(&file));
    }
}

/// Returns the permissions in the mask of a path's list; `None` if it has no list.
fn mask(path: &Path) -> Option<u16> {
    let mut value = [0; 1024];
    let length = getxattr(path, ACCESS, &mut value[..]).ok()?;
    let entries = value[4..length].chunks(8);
    let number = |bytes: &[u8]| u16::from_le_bytes([bytes[0], bytes[1]]);
    let mask = entries.map(|entry| (number(entry), number(&entry[2..]))).find(|(tag, _)| *tag == MASK);
    mask.map(|(_, rights)| rights)
}
