//! Files with secrets in a git work tree: named before somebody commits them.

use crate::google::browser::Decision;
use crate::harness::skip::without;
use crate::sandbox::{Sandbox, Spec};
use crate::stored;

const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

fn git(sandbox: &Sandbox, args: &[&str]) {
    let run = sandbox.other_program("git", args).directory("").env("PATH", PATH).env("GIT_CONFIG_GLOBAL", "/dev/null");
    let run = run.observe();
    assert_eq!(run.code, 0, "git {args:?}: {run:#?}");
}

fn export<'s>(sandbox: &'s Sandbox, format: &str, file: &str) -> Spec<'s> {
    sandbox.command(&["export", format, file]).env("PATH", PATH).stderr_has("wrote the credentials")
}

#[test]
fn a_file_that_git_would_take_along_is_named() {
    if without("git") {
        return;
    }
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    git(&sandbox, &["init", "--quiet", "repository"]);
    sandbox.write("repository/.gitignore", "ignored\n*.env\n");
    let path = |name: &str| sandbox.home().join(name).display().to_string();
    for (format, name) in
        [("java", "repository/ads.properties"), ("env", "repository/new/.env.local"), ("adc", "repository/x.json")]
    {
        let warning = format!("warning: `{}` is in a git repository and not ignored", path(name));
        export(&sandbox, format, &path(name)).stderr_has(&warning).stderr_has("hint: add `").run();
    }
    // Ignored there, ignored by the user everywhere, and in no repository.
    sandbox.write(".config/git/ignore", "*.ini\n");
    for (format, name) in [
        ("java", "repository/ignored/ads.properties"),
        ("env", "repository/.env"),
        ("env", "repository/x.env"),
        ("php", "repository/google_ads_php.ini"),
        ("java", "elsewhere/ads.properties"),
    ] {
        let run = export(&sandbox, format, &path(name)).run();
        assert!(!run.stderr.contains("git"), "{name}: {run:?}");
    }
    git(&sandbox, &["-C", "repository", "add", "ads.properties"]);
    let tracked = format!("warning: git tracks `{}`", path("repository/ads.properties"));
    export(&sandbox, "java", &path("repository/ads.properties")).stderr_has(&tracked).run();
}

#[cfg(unix)]
#[test]
fn the_line_for_a_gitignore_stands_for_the_file() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    if without("git") {
        return;
    }
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    git(&sandbox, &["init", "--quiet", "repository"]);
    let export = |name: &[u8]| {
        let path = sandbox.home().join("repository").join(OsStr::from_bytes(name));
        sandbox.command(&["export", "adc"]).arg(path).env("PATH", PATH).stderr_has("wrote the credentials")
    };
    for name in [&b"#a.json"[..], b"!b.json", b"back\\slash.json", b"[c].json", b"d*?.json", b"bad\xff.json"] {
        let run = export(name).stderr_has("is in a git repository and not ignored").run();
        let line = run.stderr.split("hint: add `").nth(1).and_then(|rest| rest.split("` to").next()).expect("a hint");
        sandbox.write("repository/.gitignore", format!("{line}\n"));
        let run = export(name).run();
        assert!(!run.stderr.contains("git"), "{line:?}: {run:?}");
    }
}

#[test]
fn a_login_into_a_work_tree_is_named() {
    if without("git") {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.desktop();
    git(&sandbox, &["init", "--quiet"]);
    let warning = "google-ads.yaml` is in a git repository and not ignored";
    let login = sandbox.login(&["--no-verify"]).directory("").env("PATH", PATH).stderr_has(warning).start();
    login.visit(&Decision::allow());
    login.finish();
}

#[test]
fn a_repository_that_git_cannot_be_asked_about_is_named() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    sandbox.write("repository/.git/HEAD", "");
    let file = sandbox.home().join("repository/ads.properties").display().to_string();
    let run = sandbox.command(&["export", "java", &file]).stderr_has("wrote the credentials");
    run.stderr_has("git could not be asked about").stderr_has("check that a `.gitignore`").run();
}
