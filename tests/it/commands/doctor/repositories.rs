//! Git and hostile repositories: nothing of theirs runs, and the result is there in time.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::harness::skip::without;
use crate::sandbox::{Outcome, Sandbox};
use crate::stored;

const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

fn git(sandbox: &Sandbox, args: &[&str]) {
    let run = sandbox.other_program("git", args).directory("").env("PATH", PATH).env("GIT_CONFIG_GLOBAL", "/dev/null");
    let run = run.observe();
    assert_eq!(run.code, 0, "git {args:?}: {run:#?}");
}

fn doctor(sandbox: &Sandbox) -> Outcome {
    let start = Instant::now();
    let run = sandbox.command(&["doctor", "--offline"]).env("PATH", PATH).observe();
    assert!(start.elapsed() < Duration::from_secs(8), "{run:#?}");
    run
}

/// Another command that asks git.
fn export(sandbox: &Sandbox) -> Outcome {
    let start = Instant::now();
    let run = sandbox.command(&["export", "java"]).env("PATH", PATH).observe();
    assert!(run.code == 0 && start.elapsed() < Duration::from_secs(10), "{run:#?}");
    run
}

/// Git itself would run what the repository names.
fn expected_step(run: &Outcome, name: &str) -> bool {
    name == "info/exclude" || run.stdout.contains("check that a `.gitignore`") && !run.stdout.contains("run `git ")
}

/// Makes the home directory a repository with a sparse index, one directory of which exists only at the remote.
fn with_sparse_index() -> Option<Sandbox> {
    if without("git") {
        return None;
    }
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "--quiet", "-b", "main"]);
    for directory in ["near", "far"] {
        sandbox.write(format!("{directory}/file"), directory);
    }
    git(&sandbox, &["add", "near", "far"]);
    let author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
    git(&sandbox, &[&author[..], &["commit", "--quiet", "-m", "x"]].concat());
    git(&sandbox, &["sparse-checkout", "set", "--cone", "--sparse-index", "near"]);
    // The tree of `far` is missing: reading the whole index would fetch it.
    let far = sandbox.other_program("git", &["rev-parse", "HEAD:far"]).directory("").env("PATH", PATH).observe().stdout;
    let (start, rest) = far.trim().split_at(2);
    fs::remove_file(sandbox.home().join(".git/objects").join(start).join(rest)).unwrap();
    git(&sandbox, &["config", "core.repositoryformatversion", "1"]);
    git(&sandbox, &["config", "extensions.partialClone", "origin"]);
    git(&sandbox, &["config", "remote.origin.promisor", "true"]);
    stored::works(&sandbox);
    Some(sandbox)
}

#[test]
fn no_program_named_by_a_repository_is_run() {
    let attacks: [(&str, &[(&str, &str)]); 3] = [
        ("ext", &[("remote.origin.url", "ext::sh -c touch% ../ran"), ("protocol.ext.allow", "always")]),
        ("ssh", &[("remote.origin.url", "ssh://host/x"), ("core.sshCommand", "touch ../ran; false")]),
        ("fsmonitor", &[("core.fsmonitor", "touch ../ran; false")]),
    ];
    for (name, settings) in attacks {
        let Some(sandbox) = with_sparse_index() else { return };
        for (key, value) in settings {
            git(&sandbox, &["config", key, value]);
        }
        let ran = sandbox.home().join("../ran");
        let found = doctor(&sandbox);
        export(&sandbox);
        assert!(!ran.exists(), "{name}: the repository had a program run");
        assert!(!found.stdout.contains("run `git "), "{name}: the step is the attack: {found:#?}");
        // The attack works: git without our options falls for it.
        let plain = ["ls-files", "--error-unmatch", "--", "google-ads.yaml"];
        sandbox.other_program("git", &plain).directory("").env("PATH", PATH).observe();
        assert!(ran.exists(), "{name}: this is not an attack");
    }
}

#[test]
fn a_repository_that_cannot_be_read_ends_in_time() {
    if without("git") {
        return;
    }
    let pipe = |path: &Path| {
        let _ = fs::remove_file(path);
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    };
    let huge = |path: &Path| fs::File::create(path).unwrap().set_len(1 << 36).unwrap();
    type Spoil<'s> = &'s dyn Fn(&Path);
    let spoils: [(&str, Spoil); 9] = [
        ("index", &pipe),
        ("config", &pipe),
        ("HEAD", &pipe),
        ("info/exclude", &pipe),
        ("index", &huge),
        ("config", &huge),
        // Without end, and read as fast as memory is given.
        ("commondir", &|path| std::os::unix::fs::symlink("/dev/zero", path).unwrap()),
        ("index", &|path| fs::write(path, b"DIRC\0\0\0\x02\xff\xff\xff\xffxxxx").unwrap()),
        ("config", &|path| fs::write(path, "[include]\n\tpath = /dev/zero\n\tpath = /dev/tty\n").unwrap()),
    ];
    for (name, spoil) in spoils {
        let sandbox = Sandbox::new();
        stored::works(&sandbox);
        git(&sandbox, &["init", "--quiet"]);
        git(&sandbox, &["add", "google-ads.yaml"]);
        spoil(&sandbox.home().join(".git").join(name));
        export(&sandbox);
        let run = doctor(&sandbox);
        assert!(expected_step(&run, name), "{name}: {run:#?}");
        let line = run.stdout.lines().find(|line| line.contains("  git: ")).unwrap_or_default();
        let expected = if name == "info/exclude" { "fail  git: git tracks" } else { "skip  git: git " };
        assert!(line.starts_with(expected), "{name}: {run:#?}");
    }
}
