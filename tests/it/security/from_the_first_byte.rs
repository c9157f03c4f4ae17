//! What holds only for a moment or can only be observed from outside: modes, links, races, other processes.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::files_of_others::{hand_over, run_as_user, sandbox_of_another_user};
use crate::harness::skip::{not_root, skip, without};
use crate::sandbox::Sandbox;
use crate::{stored, traced};

const CALLS: [&str; 4] = ["-y", "-e", "trace=openat,mkdir,flock", "-f"];

/// Returns the files in the directory of the locks.
fn locks(sandbox: &Sandbox) -> Vec<PathBuf> {
    let locks = sandbox.home().join(".local/state/gads-creds/locks");
    fs::read_dir(locks).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn a_file_is_private_when_it_is_made_and_no_link_is_followed_to_it() {
    if traced::cannot() {
        return;
    }
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    for args in
        [&["export", "java", "new/ads.properties"][..], &["set", "--login-customer-id", "1234567890", "--no-verify"]]
    {
        traced::strace(&sandbox, &CALLS, args).stderr_has("").observe();
        let log = traced::log(&sandbox);
        let made: Vec<&str> = log.lines().filter(|line| line.contains("O_CREAT")).collect();
        assert!(made.len() >= 2, "a lock and a file: {log}");
        for line in made {
            assert!(line.contains("O_NOFOLLOW") && line.contains(", 0600)"), "{line}");
        }
        for line in log.lines().filter(|line| line.contains("mkdir(")) {
            assert!(line.contains(", 0700)"), "{line}");
        }
    }
}

#[test]
fn a_link_in_place_of_a_lock_is_not_followed() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let export = |sandbox: &Sandbox| sandbox.command(&["export", "java", "../home/ads.properties"]).observe();
    assert_eq!(export(&sandbox).code, 0);
    let victim = sandbox.write("victim", "mine\n");
    let before = locks(&sandbox);
    assert!(!before.is_empty());
    for lock in &before {
        fs::remove_file(lock).unwrap();
        symlink(&victim, lock).unwrap();
    }
    let run = export(&sandbox);
    assert!(run.code == 1 && run.stderr.contains("cannot open lock"), "{run:#?}");
    assert_eq!(sandbox.read("victim"), "mine\n");
}

/// A program that cleans the state directory may remove the lock file between opening and locking it: then it locks
/// nothing.
#[test]
fn a_lock_file_that_was_removed_is_not_a_lock() {
    if traced::cannot() {
        return;
    }
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let args = ["export", "java", "../home/ads.properties"];
    sandbox.command(&args).stderr_has("").run();
    locks(&sandbox).iter().for_each(|lock| fs::remove_file(lock).unwrap());
    let delayed = [&CALLS[..], &["-e", "inject=flock:delay_enter=700000:when=1"]].concat();
    let run = traced::strace(&sandbox, &delayed, &args).stderr_has("waiting for another run of gads-creds").start();
    let end = Instant::now() + Duration::from_secs(20);
    while locks(&sandbox).is_empty() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(2));
    }
    let lock = locks(&sandbox).remove(0);
    fs::remove_file(&lock).unwrap();
    let other = File::options().create_new(true).write(true).open(&lock).unwrap();
    other.try_lock().unwrap();
    // The other run's lock holds.
    run.wait_for("waiting for another run of gads-creds");
    drop(other);
    run.finish();
}

/// A process that is not dumpable belongs to root in /proc: neither core files nor debuggers of the same user see its
/// memory.
#[test]
fn the_same_user_cannot_look_into_a_waiting_login() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    sandbox.desktop();
    hand_over(&sandbox);
    let args = ["login", "--no-browser", "-c", "../home/client_secret.json", "--timeout", "600"];
    let login = run_as_user(&sandbox, &args).start();
    login.url();
    for name in ["environ", "mem", "maps"] {
        assert_eq!(fs::metadata(format!("/proc/{}/{name}", login.id())).unwrap().uid(), 0, "{name}");
    }
}

/// In a container, `/proc` may belong to another process namespace: the path would then name another process's file.
#[test]
fn a_command_does_not_get_the_file_of_another_process() {
    if not_root() || without("unshare") {
        return;
    }
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    // The shell's process ID becomes the program's.
    let script = "mount -t tmpfs none /proc || exit 99; mkdir -p /proc/$$/fd; n=0; \
                  while [ $n -lt 64 ]; do echo stranger >/proc/$$/fd/$n; n=$((n + 1)); done; exec \"$@\"";
    let command = "cat \"$GOOGLE_ADS_CONFIGURATION_FILE_PATH\"";
    let exec = [crate::PROGRAM, "exec", "--as-file", "python", "--", "/bin/sh", "-c", command];
    let args = [&["--mount", "/bin/sh", "-c", script, "-"][..], &exec].concat();
    let run = sandbox.other_program("unshare", &args).env("PATH", "/usr/bin:/bin");
    let run = run.reveals(&token).reveals(&client.secret).observe();
    if run.code == 99 || run.stderr.contains("unshare failed") {
        return skip("nothing can be mounted here");
    }
    assert!(run.code == 0 && run.stdout.contains(&token), "{run:#?}");
}

#[test]
fn only_temporary_files_of_our_own_runs_are_cleared() {
    if not_root() {
        return;
    }
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let leftovers = |random: &str| format!(".google-ads.yaml.gads-creds-{random}");
    let ours = sandbox.write(leftovers("abcdefghijkl"), "old\n");
    let theirs = sandbox.write(leftovers("mnopqrstuvwx"), "theirs\n");
    std::os::unix::fs::chown(&theirs, Some(12345), Some(12345)).unwrap();
    let directory = sandbox.home().join(leftovers("aaaaaaaaaaaa"));
    fs::create_dir(&directory).unwrap();
    let link = sandbox.home().join(leftovers("bbbbbbbbbbbb"));
    symlink("victim", &link).unwrap();
    let longer = sandbox.write(leftovers("abcdefghijklm"), "another file\n");
    let other = sandbox.write(leftovers("abcdefghijk."), "another file\n");
    sandbox.command(&["revoke", "--yes", "--local-only"]).stderr_has("").run();
    assert!(!ours.exists(), "what a killed run left");
    for kept in [&theirs, &directory, &longer, &other] {
        assert!(kept.exists(), "{}", kept.display());
    }
    assert!(link.symlink_metadata().is_ok());
}

/// Git gets every option that keeps it from running, fetching and writing something.
#[test]
fn git_is_asked_with_every_switch() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    fs::create_dir(sandbox.home().join(".git")).unwrap();
    let home = sandbox.home();
    let script = format!(
        "#!/bin/sh\nquestion=ls-files\ncase \" $* \" in *' check-ignore '*) question=check-ignore;; esac\n\
         cd '{}'\nfor word; do echo \"$word\"; done >$question\n/usr/bin/env >>$question\n\
         echo memory $(ulimit -d) >>$question\nexit 1\n",
        home.display()
    );
    let git = sandbox.write("../bin/git", script);
    sandbox.chmod(&git, 0o700);
    sandbox
        .command(&["doctor", "--offline"])
        .env("GIT_DIR", "/evil")
        .env("GIT_SSH_COMMAND", "evil")
        .stdout_has("")
        .observe();
    // Whether the file is ignored also depends on the user's own configuration; nothing else is read.
    for (question, words) in [
        ("ls-files", ["--literal-pathspecs", "--error-unmatch", "GIT_CONFIG_GLOBAL=/dev/null"]),
        ("check-ignore", ["--quiet", "--no-index", &*format!("HOME={}", home.display())]),
    ] {
        let seen = fs::read_to_string(home.join(question)).expect("git was asked");
        was_asked_safely(&seen, &words);
        assert_eq!(seen.contains("HOME="), question == "check-ignore", "{seen}");
    }
}

fn was_asked_safely(seen: &str, words: &[&str]) {
    let has = |line: &str| assert!(seen.lines().any(|seen| seen == line), "{line} is missing: {seen}");
    words.iter().for_each(|word| has(word));
    for switch in ["--no-optional-locks", "--no-pager", "./google-ads.yaml", "memory 524288"] {
        has(switch);
    }
    for setting in [
        "core.fsmonitor=false",
        "core.hooksPath=/dev/null",
        "core.sshCommand=false",
        "core.alternateRefsCommand=false",
        "protocol.allow=never",
        "credential.helper=",
        "gc.auto=0",
        "maintenance.auto=false",
        "safe.bareRepository=explicit",
    ] {
        assert!(seen.contains(&format!("-c\n{setting}\n")), "{setting} is missing: {seen}");
    }
    for variable in [
        "GIT_NO_LAZY_FETCH=1",
        "GIT_ALLOW_PROTOCOL=none",
        "GIT_PROTOCOL_FROM_USER=0",
        "GIT_CONFIG_NOSYSTEM=1",
        "GIT_CONFIG_SYSTEM=/dev/null",
        "GIT_TERMINAL_PROMPT=0",
        "GIT_ASKPASS=false",
        "LC_ALL=C",
    ] {
        has(variable);
    }
    assert!(!seen.contains("evil"), "{seen}");
}
