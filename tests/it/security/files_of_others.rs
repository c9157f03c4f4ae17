//! Files of another user of the machine: refused if a secret would be written, reported if one is read.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;

use crate::google::ADWORDS;
#[cfg(target_os = "linux")]
use crate::harness::mounts::Mounts;
use crate::harness::skip::{not_root, without};
use crate::sandbox::{Sandbox, Spec};
use crate::stored;

/// The user who runs the program, and another one.
const USER: u32 = 51234;
const OTHER: u32 = 51235;

/// Gives everything below the directory to this user.
fn give(path: &Path, uid: u32) {
    std::os::unix::fs::lchown(path, Some(uid), Some(uid)).unwrap();
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        give(&entry.path(), uid);
    }
}

/// Returns a sandbox to be given to `USER`; `None` if that is not possible.
pub fn sandbox_of_another_user() -> Option<Sandbox> {
    if not_root() || without("setpriv") {
        return None;
    }
    Some(Sandbox::new())
}

/// Gives the sandbox to `USER`.
pub fn hand_over(sandbox: &Sandbox) {
    let root = sandbox.home().parent().unwrap().to_owned();
    for name in ["home", "work", "tmp", "bin"] {
        give(&root.join(name), USER);
    }
    fs::set_permissions(&root, fs::Permissions::from_mode(0o711)).unwrap();
}

/// Returns the program as `USER`.
pub fn run_as_user<'a>(sandbox: &'a Sandbox, args: &[&str]) -> Spec<'a> {
    as_user(sandbox, &[&[crate::PROGRAM], args].concat())
}

/// Returns another program as `USER`.
pub fn as_user<'a>(sandbox: &'a Sandbox, command: &[&str]) -> Spec<'a> {
    let user = USER.to_string();
    let starter = ["--reuid", &user, "--regid", &user, "--clear-groups"];
    sandbox.other_program("setpriv", &[&starter, command].concat()).env("PATH", "/usr/bin:/bin")
}

#[test]
fn a_credentials_file_of_another_user_is_named_and_not_written() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let file = sandbox.write("google-ads.yaml", stored::yaml(&client, &token));
    hand_over(&sandbox);
    chown(&file, Some(OTHER), Some(OTHER)).unwrap();
    sandbox.chmod(&file, 0o644);
    let before = sandbox.read(&file);
    let named = format!(
        "warning: `{}` belongs to another user (uid {OTHER})\nhint: copy it to a file of your own",
        file.display()
    );
    for args in [&["show"][..], &["refresh"], &["exec", "--", "/bin/true"], &["export", "java", "--stdout"]] {
        let outcome = run_as_user(&sandbox, args).stdout_has("").stderr_has(&named).run();
        assert!(!outcome.stderr.contains("chmod"), "a step that cannot work: {outcome:?}");
    }
    let doctor =
        run_as_user(&sandbox, &["doctor", "--offline"]).stdout_has("belongs to another user (uid 51235)").run();
    assert!(!doctor.stdout.contains("chmod"), "{doctor:?}");
    for args in [&["login", "--no-browser", "-c", "../home/client_secret.json"][..], &["revoke", "--yes"]] {
        let refused = run_as_user(&sandbox, args).code(1).stderr_has("belongs to another user (uid 51235)");
        assert!(!refused.stderr_has("").run().stderr.contains("/o/oauth2/"));
    }
    assert_eq!(sandbox.read(&file), before);
    // The step works.
    chown(&file, Some(USER), Some(USER)).unwrap();
    sandbox.chmod(&file, 0o600);
    run_as_user(&sandbox, &["refresh"]).stderr_has("access token").run();
}

#[test]
fn a_file_in_a_directory_that_others_may_write_into_is_named() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let file = sandbox.write("shared files/google-ads.yaml", stored::yaml(&client, &token));
    hand_over(&sandbox);
    let directory = sandbox.home().join("shared files");
    let path = file.to_str().unwrap();
    for (mode, who, right) in [(0o777, "everybody", "o-w"), (0o770, "group 12345", "g-w")] {
        chown(&directory, Some(USER), Some(12345)).unwrap();
        sandbox.chmod(&directory, mode);
        let named = format!(
            "{who} may write into directory `{}`, and so replace the file in it\nhint: run `chmod {right} '{}'`",
            directory.display(),
            directory.display()
        );
        let warned = format!("warning: {named}");
        run_as_user(&sandbox, &["show", "--config", path]).stdout_has("").stderr_has(&warned).run();
        run_as_user(&sandbox, &["exec", "--config", path, "--", "/bin/true"]).stderr_has(&warned).run();
        let login =
            run_as_user(&sandbox, &["login", "--no-browser", "-c", "../home/client_secret.json", "--config", path]);
        login.code(1).stderr_has(&format!("error: {named}")).run();
        sandbox.chmod(&directory, 0o700);
        run_as_user(&sandbox, &["exec", "--config", path, "--", "/bin/true"]).run();
    }
}

/// As Kubernetes mounts secrets: `doctor --fix` is not named where it cannot help.
#[cfg(target_os = "linux")]
#[test]
fn a_mode_that_cannot_be_changed_gets_another_step() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let file = sandbox.write("google-ads.yaml", stored::yaml(&client, &token));
    sandbox.chmod(&file, 0o644);
    let Some(mounts) = Mounts::start(&sandbox) else { return };
    mounts.fix("google-ads.yaml");
    let step = "set the mode where the file comes from, such as `defaultMode: 0400` in Kubernetes";
    mounts.command(&["show"]).stdout_has("").stderr_has(&format!("hint: {step}")).run();
    mounts.command(&["doctor", "--offline"]).stdout_has(step).run();
    hand_over(&sandbox);
    chown(&file, Some(0), Some(USER)).unwrap();
    sandbox.chmod(&file, 0o640);
    let step = "only the owner of that file can change this: use a copy of your own, with mode 0600";
    run_as_user(&sandbox, &["show"]).stdout_has("").stderr_has(&format!("hint: {step}")).run();
    run_as_user(&sandbox, &["doctor", "--offline"]).stdout_has(step).run();
    let fixed = run_as_user(&sandbox, &["doctor", "--offline", "--fix"]).observe();
    assert!(!fixed.stdout.contains("run `gads-creds doctor --fix`"), "{fixed:#?}");
}

/// Whoever may write a file may put the token of another account into it.
#[test]
fn a_file_that_others_may_write_is_named() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let file = sandbox.write("google-ads.yaml", stored::yaml(&client, &token));
    hand_over(&sandbox);
    for (mode, who) in [(0o666, "everybody"), (0o622, "everybody"), (0o660, "group 12345")] {
        chown(&file, Some(USER), Some(12345)).unwrap();
        sandbox.chmod(&file, mode);
        let path = file.display();
        let named = format!(
            "warning: {who} may write `{path}`, and so put another credential there\nhint: run `chmod 600 {path}`"
        );
        for args in [&["show"][..], &["refresh"], &["exec", "--", "/bin/true"], &["export", "java", "--stdout"]] {
            run_as_user(&sandbox, args).stdout_has("").stderr_has(&named).run();
        }
        run_as_user(&sandbox, &["refresh", "--print-access-token"])
            .reveals_access_token()
            .stdout_has("ya29.")
            .stderr_has(&named)
            .run();
        let found = format!("warn  file mode: {who} may write `{path}`");
        run_as_user(&sandbox, &["doctor", "--offline"]).stdout_has(&found).run();
    }
    // The step works.
    sandbox.chmod(&file, 0o600);
    run_as_user(&sandbox, &["exec", "--", "/bin/true"]).run();
}

/// It says which file is used.
#[test]
fn profiles_that_others_may_have_written_are_named_once() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let file = sandbox.write("google-ads.yaml", stored::yaml(&client, &token));
    let key = sandbox.write("key.json", sandbox.google.service_account().key_file());
    sandbox.write_profiles(&format!("default = \"work\"\n[profiles.work]\nstore = \"file\"\nfile = {file:?}\n"));
    hand_over(&sandbox);
    let (profiles, directory) = (sandbox.profiles_file(), sandbox.home().join(".config/gads-creds"));
    let commands = [
        &["show"][..],
        &["show", "--all"],
        &["show", "--config", file.to_str().unwrap()],
        &["refresh"],
        &["refresh", "--all"],
        &["exec", "--", "/bin/true"],
        &["export", "java", "--stdout"],
        &["login", "--no-browser", "--timeout", "1"],
        &["set", "--login-customer-id", "1234567890", "--no-verify"],
        &["move", "--store", "file"],
        &["revoke", "--yes", "-p", "nobody"],
    ];
    let warned = |args: &[&str]| {
        let run = run_as_user(&sandbox, args).observe();
        let lines = run.stderr.lines().filter(|line| line.starts_with("warning: ")).map(str::to_owned);
        lines.filter(|line| line.contains("gads-creds")).collect::<Vec<_>>()
    };
    let named = |what: &str| {
        for args in commands {
            let lines = warned(args);
            assert!(lines.len() == 1 && lines[0].contains(what), "{args:?}: {lines:?}");
        }
        let found = run_as_user(&sandbox, &["doctor", "--offline"]).stdout_has("warn  file mode: ").observe();
        assert!(found.stdout.contains(what), "{found:#?}");
        // What needs no credential reads none.
        assert_eq!(warned(&["explain", "invalid_grant"]), Vec::<String>::new());
    };
    for mode in [0o666, 0o620] {
        sandbox.chmod(&profiles, mode);
        chown(&profiles, Some(USER), Some(12345)).unwrap();
        named(&format!("may write `{}`", profiles.display()));
    }
    sandbox.chmod(&profiles, 0o644);
    chown(&profiles, Some(OTHER), Some(OTHER)).unwrap();
    named(&format!("`{}` belongs to another user (uid {OTHER})", profiles.display()));
    chown(&profiles, Some(USER), Some(USER)).unwrap();
    sandbox.chmod(&directory, 0o777);
    named(&format!("everybody may write into directory `{}`", directory.display()));
    sandbox.chmod(&directory, 0o700);
    assert!(commands.iter().all(|args| warned(args).is_empty()));
    // One directory for both is named once.
    sandbox.chmod(sandbox.home(), 0o777);
    let shown = run_as_user(&sandbox, &["show"]).stdout_has("").stderr_has("").observe();
    assert_eq!(shown.stderr.matches("everybody may write into directory").count(), 1, "{shown:#?}");
    sandbox.chmod(sandbox.home(), 0o700);
    // So is what `set` reads.
    let secrets = sandbox.home().join("client_secret.json");
    let developer = sandbox.write("developer", "Dev3loperT0kenOfTwentyTwo");
    for (option, path) in [("--client-secrets", &secrets), ("--developer-token-file", &developer), ("--key-file", &key)]
    {
        chown(path, Some(OTHER), Some(OTHER)).unwrap();
        sandbox.chmod(path, 0o644);
        let run = run_as_user(&sandbox, &["set", option, path.to_str().unwrap()]).observe();
        let named = format!("warning: `{}` belongs to another user (uid {OTHER})", path.display());
        assert_eq!(run.stderr.matches(&named).count(), 1, "{option}: {run:#?}");
    }
}

#[test]
fn a_client_that_another_user_put_there_is_not_taken() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    let client = sandbox.google.desktop();
    let planted = sandbox.write(sandbox.work().join("client_secret_1.json"), client.secrets_file());
    hand_over(&sandbox);
    // As in the directory for temporary files.
    chown(sandbox.work(), Some(0), Some(0)).unwrap();
    sandbox.chmod(sandbox.work(), 0o1777);
    chown(&planted, Some(OTHER), Some(OTHER)).unwrap();
    sandbox.chmod(&planted, 0o644);
    let login = run_as_user(&sandbox, &["login", "--no-browser", "--no-verify"]).code(2);
    login.stderr_has("another user may have written").stderr_has("there is no OAuth client yet").run();
    // A user who names it means it, and is shown whose it is.
    let login = run_as_user(&sandbox, &["login", "--no-browser", "--no-verify", "-c", "client_secret_1.json"]);
    let login = login.stderr_has("belongs to another user (uid 51235)").stderr_has("stored the refresh token").start();
    login.visit(&crate::google::browser::Decision::allow());
    login.finish();
}

#[test]
fn a_key_of_another_user_is_named() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    let key = sandbox.write("key.json", sandbox.google.service_account().key_file());
    sandbox.write("google-ads.yaml", format!("use_proto_plus: true\njson_key_file_path: {}\n", key.display()));
    hand_over(&sandbox);
    chown(&key, Some(OTHER), Some(OTHER)).unwrap();
    sandbox.chmod(&key, 0o644);
    let named = format!("`{}` belongs to another user (uid {OTHER})", key.display());
    for args in [&["show"][..], &["refresh"], &["exec", "--", "/bin/true"]] {
        run_as_user(&sandbox, args).stdout_has("").stderr_has(&named).run();
    }
    run_as_user(&sandbox, &["doctor", "--offline"]).stdout_has(&named).run();
}

/// The overflow uid stands for root only where it is not mapped, and root's group is as good as root.
#[test]
fn nobody_is_another_user_and_the_group_of_root_is_not() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let file = sandbox.write("google-ads.yaml", stored::yaml(&client, &token));
    hand_over(&sandbox);
    for (uid, gid, mode, warning) in [
        (65534, 65534, 0o644, Some("belongs to another user (uid 65534)")),
        (0, 65534, 0o644, None),
        (USER, 0, 0o660, None),
        (USER, 65534, 0o660, Some("group 65534 may write")),
        (USER, 65534, 0o640, None),
        (OTHER, OTHER, 0o644, Some("belongs to another user (uid 51235)")),
    ] {
        chown(&file, Some(uid), Some(gid)).unwrap();
        sandbox.chmod(&file, mode);
        let outcome = run_as_user(&sandbox, &["show"]).stdout_has("").stderr_has("").observe();
        let found = warning.is_some_and(|warning| outcome.stderr.contains(warning));
        let is_silent = !outcome.stderr.contains("another user") && !outcome.stderr.contains("may write");
        assert!(outcome.code == 0 && (found || warning.is_none() && is_silent), "{uid} {gid} {mode:o}: {outcome:#?}");
    }
    // Root can read and write it anyway, and is told nothing.
    let outcome = sandbox.command(&["show"]).stdout_has("").stderr_has("").observe();
    assert!(!outcome.stderr.contains("another user"), "{outcome:#?}");
}

/// An access list may name root and the user, who can write the file anyway.
#[cfg(target_os = "linux")]
#[test]
fn a_list_that_names_root_or_the_user_lets_nobody_else_write() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let file = sandbox.write("google-ads.yaml", stored::yaml(&client, &token));
    hand_over(&sandbox);
    for (named, is_other) in [(0, false), (USER, false), (OTHER, true)] {
        // Version 2; owner, that user, group, mask and others, each with its permissions.
        let entries = [(1_u16, 6_u16, u32::MAX), (2, 6, named), (4, 4, u32::MAX), (16, 6, u32::MAX), (32, 0, u32::MAX)];
        let mut list = 2_u32.to_le_bytes().to_vec();
        for (tag, rights, id) in entries {
            list.extend([&tag.to_le_bytes()[..], &rights.to_le_bytes(), &id.to_le_bytes()].concat());
        }
        let none = rustix::fs::XattrFlags::empty();
        if rustix::fs::setxattr(&file, "system.posix_acl_access", &list, none).is_err() {
            return crate::harness::skip::skip("this file system has no access control lists");
        }
        let outcome = run_as_user(&sandbox, &["show"]).stdout_has("").stderr_has("").observe();
        let warned = outcome.stderr.contains(&format!("user {named} may write"));
        assert!(outcome.code == 0 && warned == is_other, "{named}: {outcome:#?}");
    }
}

/// PHP's library resolves the path, so that it needs a file with a name.
#[test]
fn a_command_gets_no_file_in_a_directory_where_others_may_replace_it() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    sandbox.write("google-ads.yaml", stored::yaml(&client, &token));
    let temporary = sandbox.home().join("shared");
    fs::create_dir(&temporary).unwrap();
    hand_over(&sandbox);
    let exec = ["exec", "--as-file", "php=INI", "--", "/bin/sh", "-c", "[ -s \"$INI\" ] && echo there"];
    let run = || {
        let spec = run_as_user(&sandbox, &exec).env("TMPDIR", &temporary).without_env("XDG_RUNTIME_DIR");
        spec.stdout_has("").stderr_has("").observe()
    };
    for (mode, others) in [(0o700, None), (0o1777, None), (0o777, Some("everybody")), (0o770, Some("group 51234"))] {
        sandbox.chmod(&temporary, mode);
        let outcome = run();
        match others {
            None => assert_eq!((outcome.code, outcome.stdout.as_str()), (0, "there\n"), "{mode:o}: {outcome:#?}"),
            Some(others) => {
                assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""), "{mode:o}: {outcome:#?}");
                assert!(outcome.stderr.contains(&format!("{others} may write into directory")), "{outcome:#?}");
                assert!(outcome.stderr.contains("hint: set `TMPDIR` to a directory of your own"), "{outcome:#?}");
            }
        }
        assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0, "{mode:o}: something is left");
    }
}

/// The group that many systems make for each user is private as long as nobody else is in it.
#[cfg(target_os = "linux")]
#[test]
fn the_group_of_a_user_is_private_only_if_nobody_else_is_in_it() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    if Mounts::start(&sandbox).is_none() {
        return;
    }
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let file = sandbox.write("google-ads.yaml", stored::yaml(&client, &token));
    let users =
        format!("root:x:0:0::/root:/bin/sh\nuser:x:{USER}:{USER}::/:/bin/sh\nother:x:{OTHER}:{OTHER}::/:/bin/sh\n");
    hand_over(&sandbox);
    let shared = |users: &str, groups: &str| {
        let script = "mount --bind \"$1\" /etc/passwd && mount --bind \"$2\" /etc/group && shift 2 && exec \"$@\"";
        let tables = [sandbox.write("users", users), sandbox.write("groups", groups)];
        tables.iter().for_each(|table| sandbox.chmod(table, 0o644));
        let user = USER.to_string();
        let mut args = vec!["--mount", "/bin/sh", "-c", script, "-"];
        args.extend(tables.iter().map(|table| table.to_str().unwrap()));
        args.extend(["setpriv", "--reuid", &user, "--regid", &user, "--clear-groups", crate::PROGRAM, "show"]);
        sandbox.chmod(&file, 0o660);
        let outcome = sandbox.other_program("unshare", &args).env("PATH", "/usr/bin:/bin").observe();
        assert_eq!(outcome.code, 0, "{outcome:#?}");
        outcome.stderr.contains(&format!("group {USER} may write"))
    };
    let private = format!("root:x:0:\nuser:x:{USER}:\nother:x:{OTHER}:user\n");
    for (users, groups, is_shared) in [
        (users.as_str(), private.as_str(), false),
        (&users, &private.replace(&format!("user:x:{USER}:"), &format!("user:x:{USER}:user")), false),
        (&users, &private.replace(&format!("user:x:{USER}:"), &format!("user:x:{USER}:user,other")), true),
        (&users, &private.replace(&format!("user:x:{USER}:"), &format!("staff:x:{USER}:")), true),
        (&users, &format!("{private}second:x:{USER}:other\n"), true),
        (&users.replace(&format!("{OTHER}:{OTHER}"), &format!("{OTHER}:{USER}")), &private, true),
        (&users, "root:x:0:\n", true),
    ] {
        assert_eq!(shared(users, groups), is_shared, "{users}{groups}");
    }
}
