//! The directories for what ends with a program or a session: which of them is used, and that nothing else in them is touched.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::Command;

use super::files_of_others::{hand_over, run_as_user, sandbox_of_another_user};
use crate::harness::mounts::Mounts;
use crate::sandbox::{Outcome, Sandbox};
use crate::stored;

const OTHER: u32 = 51235;

/// PHP's library needs a file with a name.
const EXEC: [&str; 7] = ["exec", "--as-file", "php=INI", "--", "/bin/sh", "-c", "[ -s \"$INI\" ] && echo \"$INI\""];

#[track_caller]
fn is_in(outcome: &Outcome, directory: &Path) {
    let start = format!("{}/gads-creds-", directory.display());
    assert!(outcome.code == 0 && outcome.stdout.starts_with(&start), "{start}: {outcome:#?}");
}

/// The name of the directory of recovery files ends in the user's ID, which may have as many characters as any other ending.
#[test]
fn neither_exec_nor_a_fix_removes_a_token_that_waits() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    stored::works(&sandbox);
    sandbox.google.world().rotate = true;
    // A file in place of the directory.
    sandbox.write(".local/state/gads-creds/recovery", "");
    hand_over(&sandbox);
    let root = sandbox.home().with_file_name("");
    assert!(Command::new("chown").args(["-R", "310123:310123"]).arg(&root).status().unwrap().success());
    let run = |args: &[&str]| {
        let starter = ["--reuid", "310123", "--regid", "310123", "--clear-groups", crate::PROGRAM];
        sandbox.other_program("setpriv", &[&starter, args].concat()).env("PATH", "/usr/bin:/bin")
    };
    sandbox.chmod("", 0o500);
    let kept = "/tmp/gads-creds-310123/";
    run(&["refresh"]).without_env("XDG_RUNTIME_DIR").code(1).stderr_has(kept).run();
    for args in [&["exec", "--", "/bin/true"][..], &["doctor", "--offline", "--fix"]] {
        run(args).without_env("XDG_RUNTIME_DIR").stdout_has("").stderr_has("").run();
        let files = fs::read_dir(sandbox.tmp().join("gads-creds-310123")).unwrap().count();
        assert_eq!(files, 1, "{args:?} removed the token");
    }
    sandbox.chmod("", 0o700);
    fs::remove_file(sandbox.path(".local/state/gads-creds/recovery")).unwrap();
    run(&["refresh"]).stderr_has("stored the refresh token that an earlier run left in").run();
}

/// After `su` the variable names the directory of the other user, and a directory may be open to others.
#[test]
fn a_runtime_directory_that_cannot_be_used_gives_way_to_the_one_for_temporary_files() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    stored::works(&sandbox);
    let (session, own) = (sandbox.path("session"), sandbox.path("own"));
    [&session, &own].into_iter().for_each(|directory| fs::create_dir(directory).unwrap());
    hand_over(&sandbox);
    sandbox.chmod(&own, 0o700);
    let exec = || {
        let run = run_as_user(&sandbox, &EXEC).env("XDG_RUNTIME_DIR", &session).env("TMPDIR", &own);
        run.stdout_has("").stderr_has("").observe()
    };
    sandbox.chmod(&session, 0o700);
    is_in(&exec(), &session);
    sandbox.chmod(&session, 0o777);
    is_in(&exec(), &own);
    std::os::unix::fs::chown(&session, Some(OTHER), Some(OTHER)).unwrap();
    for mode in [0o700, 0o755, 0o777] {
        sandbox.chmod(&session, mode);
        is_in(&exec(), &own);
    }
    // The step works.
    sandbox.chmod(&own, 0o777);
    let refused = exec();
    assert!(
        refused.code == 1 && refused.stderr.contains("hint: set `TMPDIR` to a directory of your own"),
        "{refused:#?}"
    );
    assert_eq!(["session", "own"].map(|name| sandbox.names(name).len()), [0, 0], "something is left");
}

/// What is kept below it would be found only from the same directory.
#[test]
fn a_relative_directory_for_temporary_files_is_ignored() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    fs::create_dir(sandbox.path("t")).unwrap();
    let exec = sandbox.command(&EXEC).directory("").without_env("XDG_RUNTIME_DIR").env("TMPDIR", "t");
    let outcome = exec.stdout_has("").stderr_has("").observe();
    let is_elsewhere = outcome.stdout.starts_with('/') && !outcome.stdout.contains("/t/");
    assert!(outcome.code == 0 && is_elsewhere, "{outcome:#?}");
    let Some(mounts) = Mounts::start(&sandbox) else { return };
    sandbox.google.world().rotate = true;
    // A file in place of the directory, and one that cannot be replaced.
    sandbox.write(".local/state/gads-creds/recovery", "");
    mounts.sh("mount --bind google-ads.yaml google-ads.yaml");
    let place = format!("/tmp/gads-creds-{}", rustix::process::geteuid().as_raw());
    let kept = format!("is kept in `{place}");
    mounts.command(&["refresh"]).env("TMPDIR", "t").code(1).stderr_has(&kept).run();
    fs::remove_file(sandbox.path(".local/state/gads-creds/recovery")).unwrap();
    let refresh = sandbox.command(&["refresh"]).env("TMPDIR", "t");
    refresh.stderr_has("stored the refresh token that an earlier run left in").run();
    assert_eq!(sandbox.names("t"), [""; 0]);
    // Unless it has something of another run.
    let _ = fs::remove_dir(place);
}

/// What the table of mounts says first may be hidden.
#[test]
fn a_disk_that_is_mounted_over_the_shared_memory_is_not_memory() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let Some(mounts) = Mounts::start(&sandbox) else { return };
    mounts.sh("mkdir -p /dev/shm; mount -t tmpfs -o mode=1777 none /dev/shm");
    let exec = || {
        let exec = mounts.command(&EXEC).without_env("XDG_RUNTIME_DIR").without_env("TMPDIR");
        exec.stdout_has("").stderr_has("").observe()
    };
    is_in(&exec(), Path::new("/dev/shm"));
    mounts.sh("mount -t ramfs none /dev/shm; chmod 1777 /dev/shm");
    is_in(&exec(), Path::new("/tmp"));
}
