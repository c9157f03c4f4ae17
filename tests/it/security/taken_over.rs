//! Another user comes first: a file put in place of ours, a directory made in the last moment, a directory that was lent.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::fs::{XattrFlags, setxattr};

use super::files_of_others::{hand_over, run_as_user, sandbox_of_another_user};
use crate::harness::skip::{not_root, skip};
use crate::sandbox::{Sandbox, Spec};
use crate::{stored, traced};

const OTHER: u32 = 51235;

/// In a sticky directory nobody replaces a file of another, but whoever may write there puts one there first.
#[test]
fn root_writes_no_secret_into_a_file_that_its_owner_may_have_put_there() {
    if not_root() {
        return;
    }
    for (group, mode, is_refused) in [
        (OTHER, 0o1777, true),
        (OTHER, 0o1770, true),
        (OTHER, 0o3775, true),
        (0, 0o1770, false),
        (OTHER, 0o1755, false),
    ] {
        let sandbox = Sandbox::new();
        let (client, token) = stored::works(&sandbox);
        sandbox.client_secrets(&client);
        let theirs = sandbox.write("shared/google-ads.yaml", stored::yaml(&client, &token));
        let empty = sandbox.write("shared/ads.properties", "");
        chown(sandbox.path("shared"), Some(0), Some(group)).unwrap();
        sandbox.chmod("shared", mode);
        [&theirs, &empty].into_iter().for_each(|file| chown(file, Some(OTHER), Some(OTHER)).unwrap());
        let (path, empty_path) = (theirs.to_str().unwrap(), empty.to_str().unwrap());
        for args in [
            &["export", "java", empty_path][..],
            &["set", "--login-customer-id", "444-555-6666", "--no-verify", "--config", path],
            &[
                "login",
                "--no-browser",
                "--no-input",
                "--timeout",
                "1",
                "-c",
                "../home/client_secret.json",
                "--config",
                path,
            ],
        ] {
            let run = sandbox.command(args).stdout_has("").stderr_has("").observe();
            let is_named = run.stderr.contains(&format!("belongs to another user (uid {OTHER})"));
            let was_refused = run.code == 1 && is_named && run.stderr.contains("error: ");
            assert_eq!(was_refused, is_refused, "{mode:o} {group} {args:?}: {run:#?}");
        }
        let is_untouched = sandbox.read(&theirs) == stored::yaml(&client, &token) && sandbox.read(&empty).is_empty();
        assert_eq!(is_untouched, is_refused, "{mode:o} {group}");
    }
}

/// The directory is missing when the path is checked, and another user makes it before this run does.
#[test]
fn a_directory_that_another_user_makes_first_gets_no_secret() {
    if not_root() || traced::cannot() {
        return;
    }
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    fs::create_dir(sandbox.path("public")).unwrap();
    sandbox.chmod("public", 0o1777);
    // The directory of the locks is made here.
    sandbox.command(&["export", "java", "../home/ads.properties"]).stderr_has("").run();
    let options = ["-f", "-e", "trace=mkdir", "-e", "inject=mkdir:delay_enter=1500000:when=1"];
    let files = sandbox.path("public/files");
    let state = sandbox.path("public/state");
    let run = |args: &[&str]| traced::strace(&sandbox, &options, args).code(1);
    let runs: [(&Path, Spec); 2] = [
        (&files, run(&["export", "env", "../home/public/files/.env"])),
        (&state, run(&["export", "env", "../home/.env"]).env("XDG_STATE_HOME", &state)),
    ];
    for (directory, spec) in runs {
        let expected = format!("directory `{}` belongs to another user (uid {OTHER})", directory.display());
        let run = spec.stderr_has(&expected).start();
        let start = Instant::now();
        while !traced::log(&sandbox).contains(directory.to_str().unwrap()) {
            assert!(start.elapsed() < Duration::from_secs(20), "no directory was to be made");
            std::thread::sleep(Duration::from_millis(5));
        }
        fs::create_dir(directory).unwrap();
        sandbox.chmod(directory, 0o777);
        chown(directory, Some(OTHER), Some(OTHER)).unwrap();
        run.finish();
    }
    assert_eq!(sandbox.names("public/files"), [""; 0]);
    assert!(!sandbox.path(".env").exists());
}

/// Root and every other user have one number there.
#[test]
fn in_a_user_namespace_what_another_user_may_have_put_there_is_not_taken_for_roots() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    let (client, token) = stored::works(&sandbox);
    let text = stored::yaml(&client, &token);
    let roots = sandbox.write("of-root/google-ads.yaml", &text);
    let put = sandbox.write("public/google-ads.yaml", &text);
    fs::create_dir_all(sandbox.path("public/theirs")).unwrap();
    fs::create_dir_all(sandbox.path("lent")).unwrap();
    hand_over(&sandbox);
    // The directory above those of the sandbox is itself in one for temporary files.
    chown(sandbox.home().with_file_name(""), Some(51234), Some(51234)).unwrap();
    for (path, owner, mode) in [
        (sandbox.path("of-root"), 0, 0o755),
        (roots.clone(), 0, 0o644),
        (sandbox.path("public"), 0, 0o1777),
        (put.clone(), OTHER, 0o644),
        (sandbox.path("public/theirs"), OTHER, 0o755),
        (sandbox.path("lent"), OTHER, 0o700),
    ] {
        chown(&path, Some(owner), Some(owner)).unwrap();
        sandbox.chmod(path, mode);
    }
    // Version 2; owner, the user who runs the program, group, mask and others, each with its permissions.
    let entries = [(1_u16, 7_u16, u32::MAX), (2, 7, 51234), (4, 0, u32::MAX), (16, 7, u32::MAX), (32, 0, u32::MAX)];
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, rights, id) in entries {
        list.extend([&tag.to_le_bytes()[..], &rights.to_le_bytes(), &id.to_le_bytes()].concat());
    }
    if setxattr(sandbox.path("lent"), "system.posix_acl_access", &list, XattrFlags::empty()).is_err() {
        return skip("this file system has no access control lists");
    }
    let inside = |args: &[&str]| {
        let user = ["--reuid", "51234", "--regid", "51234", "--clear-groups", "unshare", "-U", "--map-current-user"];
        let words = [&user, &[crate::PROGRAM][..], args].concat();
        sandbox.other_program("setpriv", &words).env("PATH", "/usr/bin:/bin").stdout_has("").stderr_has("").observe()
    };
    if inside(&["--version"]).code != 0 {
        return skip("this user may not make a namespace");
    }
    let show = |path: &Path| inside(&["show", "--config", path.to_str().unwrap()]);
    let named = "belongs to another user (uid 65534)";
    let (of_root, of_other) = (show(&roots), show(&put));
    assert!(of_root.code == 0 && !of_root.stderr.contains("another user"), "{of_root:#?}");
    assert!(of_other.code == 0 && of_other.stderr.contains(named), "{of_other:#?}");
    for (directory, code) in [("lent", 1), ("public/theirs", 1), ("public", 0), ("", 0)] {
        let target = sandbox.path(directory).join("ads.properties");
        let run = inside(&["export", "java", target.to_str().unwrap()]);
        assert_eq!((run.code, run.stderr.contains(named)), (code, code == 1), "{directory}: {run:#?}");
    }
    // Outside, the owners are known.
    assert!(run_as_user(&sandbox, &["show", "--config", roots.to_str().unwrap()]).stdout_has("").observe().code == 0);
}
