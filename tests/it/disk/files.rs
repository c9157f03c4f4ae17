//! Files are read with suspicion, changed as a whole or not at all, and private afterwards.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{MetadataExt, chown, symlink};
use std::process::Command;

use crate::child::{Home, chmod, mode};
use crate::harness::skip::{not_root, skip, without};

/// Any user but root.
const SOMEBODY: u32 = 12345;

#[test]
fn a_file_that_is_not_there_reads_as_none() {
    let home = Home::new();
    assert_eq!(home.run("read", &home.path("none"), "").first(), "None");
    assert_eq!(home.run("read", &home.path("no/directory/none"), "").first(), "None");
}

#[test]
fn what_is_no_regular_file_is_named_and_never_waited_for() {
    let home = Home::new();
    let pipe = home.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(home.path("socket")).unwrap();
    for (path, what) in [
        (pipe, "a pipe (FIFO)"),
        (home.path("socket"), "a socket"),
        (home.path("tmp"), "a directory"),
        ("/dev/zero".into(), "a device"),
    ] {
        for part in ["read", "preflight", "update"] {
            let said = home.run(part, &path, "new\n");
            assert_eq!(said.error(), format!("`{}` is {what}, not a regular file", path.display()), "{part}");
        }
    }
}

#[test]
fn a_dangling_link_is_refused_and_named() {
    let home = Home::new();
    let link = home.path("link");
    symlink("nowhere", &link).unwrap();
    let message =
        format!("`{}` is a link to nothing: there is no `{}`", link.display(), home.path("nowhere").display());
    for part in ["read", "preflight", "update"] {
        assert_eq!(home.run(part, &link, "new\n").error(), message, "{part}");
    }
    assert!(!home.path("nowhere").exists());
}

#[test]
fn links_in_a_circle_are_an_error() {
    let home = Home::new();
    symlink("one", home.path("two")).unwrap();
    symlink("two", home.path("one")).unwrap();
    assert!(home.run("update", &home.path("one"), "new\n").error().starts_with("`"));
}

#[test]
fn more_than_a_mebibyte_is_refused() {
    let home = Home::new();
    let exact = home.file("exact", &"x".repeat(1 << 20));
    assert!(home.run("read", &exact, "").is_done());
    let file = home.file("large", &"x".repeat((1 << 20) + 1));
    assert!(home.run("read", &file, "").error().ends_with("is larger than 1 MiB: not a configuration file"));
}

#[test]
fn what_is_not_text_is_refused_with_line_and_byte() {
    let home = Home::new();
    let file = home.path("file");
    fs::write(&file, b"one\ntwo \xff\n").unwrap();
    assert_eq!(home.run("read", &file, "").error(), format!("`{}` is not UTF-8 text: line 2, byte 8", file.display()));
    fs::write(&file, b"one\n\ntw\0o\n").unwrap();
    let message = format!("`{}` holds a NUL character: line 3, byte 7", file.display());
    assert_eq!(home.run("read", &file, "").error(), message);
}

#[test]
fn a_new_file_and_its_directories_are_private_whatever_the_umask() {
    let home = Home::new();
    let file = home.path("a/b/file");
    for umask in ["000", "077", "0277"] {
        let _ = fs::remove_file(&file);
        let said = home.run_under(&["sh", "-c", &format!("umask {umask}; exec \"$@\""), "-"], "update", &file, "new\n");
        assert!(said.is_done(), "{said:?}");
        assert_eq!((fs::read_to_string(&file).unwrap().as_str(), mode(&file)), ("new\n", 0o600));
        assert_eq!((mode(&home.path("a")), mode(&home.path("a/b"))), (0o700, 0o700));
        assert_eq!(home.names("a/b"), ["file"]);
    }
}

#[test]
fn a_loose_mode_is_tightened_and_told() {
    let home = Home::new();
    let file = home.file("file", "old\n");
    for text in ["old\n", "new\n"] {
        chmod(&file, 0o644);
        let said = home.run("update", &file, text);
        assert_eq!(said.first(), format!("the mode of `{}` was 0644; it is 0600 now", file.display()));
        assert_eq!((fs::read_to_string(&file).unwrap().as_str(), mode(&file)), (text, 0o600));
    }
    assert_eq!(home.run("update", &file, "newer\n").lines, ["done"]);
}

#[test]
fn a_change_that_changes_nothing_writes_nothing() {
    let home = Home::new();
    let file = home.file("file", "old\n");
    let before = fs::metadata(&file).unwrap();
    assert!(home.run("update", &file, "old\n").is_done());
    let after = fs::metadata(&file).unwrap();
    assert_eq!((before.ino(), before.ctime_nsec()), (after.ino(), after.ctime_nsec()));
    assert!(home.run("update", &home.path("none"), "").is_done());
    assert!(!home.path("none").exists());
}

#[test]
fn a_link_is_kept_and_its_goal_replaced() {
    let home = Home::new();
    fs::create_dir(home.path("dotfiles")).unwrap();
    let goal = home.file("dotfiles/file", "old\n");
    symlink("dotfiles/file", home.path("inner")).unwrap();
    symlink(home.path("inner"), home.path("link")).unwrap();
    assert!(home.run("update", &home.path("link"), "new\n").is_done());
    assert_eq!(fs::read_link(home.path("link")).unwrap(), home.path("inner"));
    assert_eq!(fs::read_to_string(&goal).unwrap(), "new\n");
    assert_eq!(home.names("dotfiles"), ["file"]);
}

#[test]
fn a_linked_directory_may_take_a_new_file() {
    let home = Home::new();
    fs::create_dir(home.path("real")).unwrap();
    symlink("real", home.path("directory")).unwrap();
    assert!(home.run("preflight", &home.path("directory/file"), "new\n").is_done());
    assert!(home.run("update", &home.path("directory/file"), "new\n").is_done());
    assert_eq!(home.names("real"), ["file"]);
}

#[test]
fn other_names_of_the_file_are_told() {
    let home = Home::new();
    let file = home.file("file", "old\n");
    fs::hard_link(&file, home.path("other")).unwrap();
    let said = home.run("update", &file, "new\n");
    assert!(said.first().ends_with("had other names (hard links): they keep the old text"), "{said:?}");
}

#[test]
fn a_directory_that_everybody_may_write_into_is_refused() {
    let home = Home::new();
    fs::create_dir(home.path("open")).unwrap();
    let file = home.file("open/file", "old\n");
    chmod(&home.path("open"), 0o777);
    for part in ["preflight", "update"] {
        let said = home.run(part, &file, "new\n");
        assert!(said.error().starts_with("everybody may write into directory"), "{said:?}");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "old\n");
    assert!(home.run("read", &file, "").is_done());
    chmod(&home.path("open"), 0o1777);
    assert!(home.run("update", &file, "new\n").is_done());
}

#[test]
fn links_and_directories_of_others_are_refused() {
    if not_root() {
        return;
    }
    let home = Home::new();
    let file = home.file("file", "old\n");
    symlink(&file, home.path("link")).unwrap();
    std::os::unix::fs::lchown(home.path("link"), Some(SOMEBODY), None).unwrap();
    fs::create_dir(home.path("directory")).unwrap();
    chown(home.path("directory"), Some(SOMEBODY), None).unwrap();
    for (path, what) in [("link", "link"), ("directory/file", "directory")] {
        for part in ["preflight", "update"] {
            let said = home.run(part, &home.path(path), "new\n");
            assert!(said.error().starts_with(&format!("{what} `")), "{said:?}");
            assert!(said.error().ends_with("belongs to another user (uid 12345)"), "{said:?}");
        }
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "old\n");
}

#[test]
fn root_leaves_a_file_to_its_owner() {
    if not_root() {
        return;
    }
    let home = Home::new();
    let file = home.file("file", "old\n");
    chown(&file, Some(SOMEBODY), Some(SOMEBODY)).unwrap();
    assert!(home.run("update", &file, "new\n").is_done());
    let metadata = fs::metadata(&file).unwrap();
    assert_eq!((metadata.uid(), metadata.gid(), mode(&file)), (SOMEBODY, SOMEBODY, 0o600));
    assert_eq!(fs::read_to_string(&file).unwrap(), "new\n");
}

#[test]
fn root_does_not_adopt_what_somebody_put_into_a_public_directory() {
    if not_root() {
        return;
    }
    let home = Home::new();
    fs::create_dir(home.path("public")).unwrap();
    let file = home.file("public/file", "old\n");
    chmod(&home.path("public"), 0o1777);
    chown(&file, Some(SOMEBODY), None).unwrap();
    assert!(home.run("preflight", &file, "new\n").error().ends_with("belongs to another user (uid 12345)"));
}

#[test]
fn a_rehearsal_leaves_nothing() {
    let home = Home::new();
    let file = home.file("file", "old\n");
    let inode = fs::metadata(&file).unwrap().ino();
    assert!(home.run("preflight", &file, "new\n").is_done());
    assert!(home.run("preflight", &home.path("no/directory/yet"), "new\n").is_done());
    assert_eq!(home.names(""), [".local", "file", "tmp"]);
    assert_eq!((fs::read_to_string(&file).unwrap().as_str(), fs::metadata(&file).unwrap().ino()), ("old\n", inode));
}

#[test]
fn an_edit_between_reading_and_replacing_stays() {
    let home = Home::new();
    let file = home.file("file", "old\n");
    assert!(home.run("append_while_edited", &file, "new").is_done());
    assert_eq!(fs::read_to_string(&file).unwrap(), "old\nby hand\nnew\n");
    assert_eq!(home.names(""), [".local", "file", "tmp"]);
}

#[test]
fn a_file_that_never_rests_is_left_alone() {
    let home = Home::new();
    let file = home.file("file", "old\n");
    let said = home.run("append_while_edited_always", &file, "new");
    assert!(said.error().contains("is being changed by another program all the time"), "{said:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "by hand 5\n");
}

#[test]
fn fifty_writers_at_once_lose_nothing() {
    let home = Home::new();
    let file = home.path("file");
    let writers: Vec<_> = (0..50)
        .map(|number| {
            let mut command = home.part("append", &file, &format!("line {number}"));
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut writer in writers {
        assert!(writer.wait().unwrap().success());
    }
    let text = fs::read_to_string(&file).unwrap();
    for number in 0..50 {
        assert!(text.lines().any(|line| line == format!("line {number}")), "line {number} is lost");
    }
    assert_eq!(text.lines().count(), 50);
    assert_eq!(home.names(""), [".local", "file", "tmp"]);
}

/// Runs a part where these shell commands have prepared the mounts, seen by nobody else.
fn mounted(home: &Home, prepare: &str, part: &str, file: &std::path::Path) -> Option<crate::child::Said> {
    if not_root() || without("unshare") {
        return None;
    }
    let script = format!(
        "set -e; {prepare}\n\"$@\"; echo; printf '@text: '; cat '{}'; ls -A '{}' | sed 's/^/@name: /'",
        file.display(),
        file.parent().unwrap().display()
    );
    let said = home.run_under(&["unshare", "-m", "sh", "-c", &script, "-"], part, file, &"new\n".repeat(8192));
    if said.lines.is_empty() {
        skip("mounting is not allowed here");
        return None;
    }
    Some(said)
}

#[test]
fn a_file_mounted_by_itself_is_refused_in_the_rehearsal() {
    let home = Home::new();
    let file = home.file("file", "old\n");
    for part in ["preflight", "update"] {
        let prepare = format!("mount --bind '{0}' '{0}'", file.display());
        let Some(said) = mounted(&home, &prepare, part, &file) else { return };
        assert!(said.error().ends_with("is mounted by itself, so it cannot be replaced in one step"), "{said:?}");
        assert_eq!(said.lines[1], "hint: mount its directory instead of the single file");
    }
}

#[test]
fn a_full_disk_leaves_the_old_file_and_shows_in_the_rehearsal() {
    let home = Home::new();
    fs::create_dir(home.path("small")).unwrap();
    let file = home.path("small/file");
    for part in ["preflight", "update"] {
        let prepare = format!(
            "mount -t tmpfs -o size=16k,mode=700 none '{}'; (umask 077; echo old >'{}')",
            home.path("small").display(),
            file.display()
        );
        let Some(said) = mounted(&home, &prepare, part, &file) else { return };
        assert!(said.error().contains("No space left on device"), "{said:?}");
        assert_eq!(said.lines[1..], ["hint: free some space on that disk and try again", "text: old", "name: file"]);
    }
}

#[test]
fn a_read_only_disk_shows_in_the_rehearsal() {
    let home = Home::new();
    fs::create_dir(home.path("fixed")).unwrap();
    let file = home.file("fixed/file", "old\n");
    for part in ["preflight", "update"] {
        let directory = home.path("fixed");
        let prepare = format!("mount --bind '{0}' '{0}'; mount -o remount,ro,bind '{0}'", directory.display());
        let Some(said) = mounted(&home, &prepare, part, &file) else { return };
        assert!(said.error().contains("Read-only file system"), "{said:?}");
        assert_eq!(said.lines[2..], ["text: old", "name: file"]);
    }
}
