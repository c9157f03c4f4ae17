//! Files are checked when they are read, changed completely or not at all, and private afterwards.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{MetadataExt, chown, symlink};
use std::process::Command;

use crate::child::{chmod, mode};
use crate::harness::skip::{not_root, skip, without};
use crate::sandbox::Sandbox;

/// Any user except root.
const SOMEBODY: u32 = 12345;

#[test]
fn a_file_that_is_not_there_reads_as_none() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run_part("read", &sandbox.path("none"), "").first(), "None");
    assert_eq!(sandbox.run_part("read", &sandbox.path("no/directory/none"), "").first(), "None");
}

#[test]
fn a_file_that_is_not_regular_is_named_and_never_blocks() {
    let sandbox = Sandbox::new();
    let pipe = sandbox.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(sandbox.path("socket")).unwrap();
    for (path, what) in [
        (pipe, "a pipe (FIFO)"),
        (sandbox.path("socket"), "a socket"),
        (sandbox.tmp(), "a directory"),
        ("/dev/zero".into(), "a device"),
    ] {
        for part in ["read", "preflight", "update"] {
            let run = sandbox.run_part(part, &path, "new\n");
            assert_eq!(run.error(), format!("`{}` is {what}, not a regular file", path.display()), "{part}");
        }
    }
}

#[test]
fn a_dangling_link_is_refused_and_named() {
    let sandbox = Sandbox::new();
    let link = sandbox.path("link");
    symlink("nowhere", &link).unwrap();
    let message =
        format!("`{}` is a dangling link: there is no `{}`", link.display(), sandbox.path("nowhere").display());
    for part in ["read", "preflight", "update"] {
        assert_eq!(sandbox.run_part(part, &link, "new\n").error(), message, "{part}");
    }
    assert!(!sandbox.path("nowhere").exists());
}

#[test]
fn links_in_a_circle_are_an_error() {
    let sandbox = Sandbox::new();
    // As many as Linux follows.
    sandbox.write("link0", "old\n");
    for number in 1..=41 {
        symlink(format!("link{}", number - 1), sandbox.path(&format!("link{number}"))).unwrap();
    }
    assert!(sandbox.run_part("update", &sandbox.path("link40"), "new\n").is_done());
    assert!(sandbox.run_part("update", &sandbox.path("link41"), "newer\n").error().ends_with("leads in a circle"));
    symlink("one", sandbox.path("two")).unwrap();
    symlink("two", sandbox.path("one")).unwrap();
    let circle = sandbox.run_part("update", &sandbox.path("one"), "new\n");
    assert_eq!(circle.error(), format!("`{}` is a link that leads in a circle", sandbox.path("one").display()));
}

#[test]
fn more_than_a_mebibyte_is_refused() {
    let sandbox = Sandbox::new();
    let exact = sandbox.write("exact", "x".repeat(1 << 20));
    assert!(sandbox.run_part("read", &exact, "").is_done());
    let file = sandbox.write("large", "x".repeat((1 << 20) + 1));
    assert!(sandbox.run_part("read", &file, "").error().ends_with("is larger than 1 MiB: not a configuration file"));
}

#[test]
fn invalid_utf8_is_an_error_with_line_and_byte() {
    let sandbox = Sandbox::new();
    let file = sandbox.path("file");
    fs::write(&file, b"one\ntwo \xff\n").unwrap();
    assert_eq!(
        sandbox.run_part("read", &file, "").error(),
        format!("`{}` is not UTF-8 text: line 2, byte 8", file.display())
    );
    fs::write(&file, b"one\n\ntw\0o\n").unwrap();
    let message = format!("`{}` holds a NUL character: line 3, byte 7", file.display());
    assert_eq!(sandbox.run_part("read", &file, "").error(), message);
}

#[test]
fn a_new_file_and_its_directories_are_private_whatever_the_umask() {
    let sandbox = Sandbox::new();
    let file = sandbox.path("a/b/file");
    for umask in ["000", "077", "0277", "0777"] {
        let _ = fs::remove_dir_all(sandbox.path("a"));
        let run = sandbox.run_part_under(
            &["sh", "-c", &format!("umask {umask}; exec \"$@\""), "-"],
            "update",
            &file,
            "new\n",
        );
        assert!(run.is_done(), "{run:?}");
        assert_eq!((fs::read_to_string(&file).unwrap().as_str(), mode(&file)), ("new\n", 0o600));
        assert_eq!((mode(&sandbox.path("a")), mode(&sandbox.path("a/b"))), (0o700, 0o700));
        assert_eq!(sandbox.names("a/b"), ["file"]);
    }
}

#[test]
fn a_mode_that_is_too_open_is_tightened_and_reported() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("file", "old\n");
    for (text, open) in [("old\n", 0o644), ("new\n", 0o644), ("new\n", 0o700), ("old\n", 0o700), ("old\n", 0o4600)] {
        chmod(&file, open);
        let run = sandbox.run_part("update", &file, text);
        assert_eq!(run.first(), format!("the mode of `{}` was {open:04o}; it is 0600 now", file.display()));
        assert_eq!((fs::read_to_string(&file).unwrap().as_str(), mode(&file)), (text, 0o600));
    }
    assert_eq!(sandbox.run_part("update", &file, "newer\n").lines, ["done"]);
}

#[test]
fn a_change_that_changes_nothing_writes_nothing() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("file", "old\n");
    let before = fs::metadata(&file).unwrap();
    assert!(sandbox.run_part("update", &file, "old\n").is_done());
    let after = fs::metadata(&file).unwrap();
    assert_eq!((before.ino(), before.ctime_nsec()), (after.ino(), after.ctime_nsec()));
    assert!(sandbox.run_part("update", &sandbox.path("none"), "").is_done());
    assert!(!sandbox.path("none").exists());
}

#[test]
fn a_link_is_kept_and_its_target_replaced() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("dotfiles")).unwrap();
    let goal = sandbox.write("dotfiles/file", "old\n");
    symlink("dotfiles/file", sandbox.path("inner")).unwrap();
    symlink(sandbox.path("inner"), sandbox.path("link")).unwrap();
    assert!(sandbox.run_part("update", &sandbox.path("link"), "new\n").is_done());
    assert_eq!(fs::read_link(sandbox.path("link")).unwrap(), sandbox.path("inner"));
    assert_eq!(fs::read_to_string(&goal).unwrap(), "new\n");
    assert_eq!(sandbox.names("dotfiles"), ["file"]);
}

#[test]
fn a_linked_directory_may_take_a_new_file() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("real")).unwrap();
    symlink("real", sandbox.path("directory")).unwrap();
    assert!(sandbox.run_part("preflight", &sandbox.path("directory/file"), "new\n").is_done());
    assert!(sandbox.run_part("update", &sandbox.path("directory/file"), "new\n").is_done());
    assert_eq!(sandbox.names("real"), ["file"]);
}

#[test]
fn other_hard_links_to_the_file_are_reported() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("file", "old\n");
    fs::hard_link(&file, sandbox.path("other")).unwrap();
    let run = sandbox.run_part("update", &file, "new\n");
    assert!(run.first().ends_with("had other names (hard links): they keep the old text"), "{run:?}");
}

#[test]
fn a_directory_that_everybody_may_write_into_is_refused() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("open")).unwrap();
    let file = sandbox.write("open/file", "old\n");
    chmod(&sandbox.path("open"), 0o777);
    for part in ["preflight", "update"] {
        let run = sandbox.run_part(part, &file, "new\n");
        assert!(run.error().starts_with("everybody may write into directory"), "{run:?}");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "old\n");
    assert!(sandbox.run_part("read", &file, "").is_done());
    chmod(&sandbox.path("open"), 0o1777);
    assert!(sandbox.run_part("update", &file, "new\n").is_done());
}

#[test]
fn links_and_directories_of_others_are_refused() {
    if not_root() {
        return;
    }
    let sandbox = Sandbox::new();
    let file = sandbox.write("file", "old\n");
    symlink(&file, sandbox.path("link")).unwrap();
    std::os::unix::fs::lchown(sandbox.path("link"), Some(SOMEBODY), None).unwrap();
    fs::create_dir(sandbox.path("directory")).unwrap();
    chown(sandbox.path("directory"), Some(SOMEBODY), None).unwrap();
    for (path, what) in [("link", "link"), ("directory/file", "directory")] {
        for part in ["preflight", "update"] {
            let run = sandbox.run_part(part, &sandbox.path(path), "new\n");
            assert!(run.error().starts_with(&format!("{what} `")), "{run:?}");
            assert!(run.error().ends_with("belongs to another user (uid 12345)"), "{run:?}");
        }
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "old\n");
}

#[test]
fn root_leaves_a_file_to_its_owner() {
    if not_root() {
        return;
    }
    let sandbox = Sandbox::new();
    let file = sandbox.write("file", "old\n");
    chown(&file, Some(SOMEBODY), Some(SOMEBODY)).unwrap();
    assert!(sandbox.run_part("update", &file, "new\n").is_done());
    let metadata = fs::metadata(&file).unwrap();
    assert_eq!((metadata.uid(), metadata.gid(), mode(&file)), (SOMEBODY, SOMEBODY, 0o600));
    assert_eq!(fs::read_to_string(&file).unwrap(), "new\n");
}

#[test]
fn root_does_not_trust_a_file_in_a_world_writable_directory() {
    if not_root() {
        return;
    }
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("public")).unwrap();
    let file = sandbox.write("public/file", "old\n");
    chmod(&sandbox.path("public"), 0o1777);
    chown(&file, Some(SOMEBODY), None).unwrap();
    assert!(sandbox.run_part("preflight", &file, "new\n").error().ends_with("belongs to another user (uid 12345)"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_is_never_to_be_changed_is_named() {
    if not_root() || without("chattr") {
        return;
    }
    let sandbox = Sandbox::new();
    let file = sandbox.write("file", "old\n");
    let chattr = |change: &str| std::process::Command::new("chattr").arg(change).arg(&file).output().unwrap();
    for attribute in ["i", "a"] {
        if !chattr(&format!("+{attribute}")).status.success() {
            return skip("this file system has no such attribute");
        }
        let runs = ["preflight", "update"].map(|part| sandbox.run_part(part, &file, "new\n"));
        assert!(chattr(&format!("-{attribute}")).status.success());
        for run in runs {
            assert!(run.error().ends_with("is marked as never to be changed"), "{attribute}: {run:?}");
        }
    }
    assert!(sandbox.run_part("update", &file, "new\n").is_done());
    // The directory may be as well.
    sandbox.write("held/a.yaml", crate::stored::yaml(&sandbox.google.desktop(), "1//0-a-token"));
    let held = sandbox.home().join("held");
    let chattr = |change: &str| std::process::Command::new("chattr").arg(change).arg(&held).status().unwrap();
    assert!(chattr("+i").success());
    let run = sandbox.command(&["revoke", "--yes", "--local-only", "--config", "../home/held/a.yaml"]).observe();
    assert!(chattr("-i").success());
    assert!(run.code == 1 && run.stderr.contains("hint: as root, run `chattr -i -a /"), "{run:#?}");
}

#[test]
fn a_preflight_leaves_nothing() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("file", "old\n");
    let inode = fs::metadata(&file).unwrap().ino();
    assert!(sandbox.run_part("preflight", &file, "new\n").is_done());
    assert!(sandbox.run_part("preflight", &sandbox.path("no/directory/yet"), "new\n").is_done());
    assert_eq!(sandbox.names(""), [".local", "file"]);
    assert_eq!((fs::read_to_string(&file).unwrap().as_str(), fs::metadata(&file).unwrap().ino()), ("old\n", inode));
}

#[test]
fn an_edit_between_reading_and_replacing_stays() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("file", "old\n");
    assert!(sandbox.run_part("append_while_edited", &file, "new").is_done());
    assert_eq!(fs::read_to_string(&file).unwrap(), "old\nby hand\nnew\n");
    assert_eq!(sandbox.names(""), [".local", "file"]);
}

#[test]
fn a_file_that_keeps_changing_is_left_alone() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("file", "old\n");
    let run = sandbox.run_part("append_while_edited_always", &file, "new");
    assert!(run.error().contains("keeps being changed by another program"), "{run:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "by hand 5\n");
}

#[test]
fn fifty_writers_at_once_lose_nothing() {
    let sandbox = Sandbox::new();
    let file = sandbox.path("file");
    let writers: Vec<_> = (0..50)
        .map(|number| {
            let mut command = sandbox.part("append", &file, &format!("line {number}"));
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
    assert_eq!(sandbox.names(""), [".local", "file"]);
}

/// Runs a part in a mount namespace that these shell commands have prepared.
fn mounted(sandbox: &Sandbox, prepare: &str, part: &str, file: &std::path::Path) -> Option<crate::child::PartRun> {
    if not_root() || without("unshare") {
        return None;
    }
    let script = format!(
        "set -e; {prepare}\n\"$@\"; echo; printf '@text: '; cat '{}'; ls -A '{}' | sed 's/^/@name: /'",
        file.display(),
        file.parent().unwrap().display()
    );
    let run = sandbox.run_part_under(&["unshare", "-m", "sh", "-c", &script, "-"], part, file, &"new\n".repeat(8192));
    if run.lines.is_empty() {
        skip("mounting is not allowed here");
        return None;
    }
    Some(run)
}

#[test]
fn a_file_that_is_a_mount_point_fails_the_preflight() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("file", "old\n");
    for part in ["preflight", "update"] {
        let prepare = format!("mount --bind '{0}' '{0}'", file.display());
        let Some(run) = mounted(&sandbox, &prepare, part, &file) else { return };
        assert!(run.error().ends_with("is a mount point, so it cannot be replaced in one step"), "{run:?}");
        assert_eq!(run.lines[1], "hint: mount its directory instead of the single file");
    }
}

#[test]
fn a_full_disk_leaves_the_old_file_and_fails_the_preflight() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("small")).unwrap();
    let file = sandbox.path("small/file");
    for part in ["preflight", "update"] {
        let prepare = format!(
            "mount -t tmpfs -o size=16k,mode=700 none '{}'; (umask 077; echo old >'{}')",
            sandbox.path("small").display(),
            file.display()
        );
        let Some(run) = mounted(&sandbox, &prepare, part, &file) else { return };
        assert!(run.error().contains("the disk is full"), "{run:?}");
        assert_eq!(run.lines[1..], ["hint: free some space on that disk and try again", "text: old", "name: file"]);
    }
}

#[test]
fn a_read_only_disk_fails_the_preflight() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("fixed")).unwrap();
    let file = sandbox.write("fixed/file", "old\n");
    for part in ["preflight", "update"] {
        let directory = sandbox.path("fixed");
        let prepare = format!("mount --bind '{0}' '{0}'; mount -o remount,ro,bind '{0}'", directory.display());
        let Some(run) = mounted(&sandbox, &prepare, part, &file) else { return };
        assert!(run.error().contains("the file system is read-only"), "{run:?}");
        assert_eq!(run.lines[2..], ["text: old", "name: file"]);
    }
}
