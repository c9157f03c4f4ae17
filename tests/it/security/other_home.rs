//! Another user's rights or home directory, by mistake: `su` that keeps `HOME`, and a program with the setuid bit.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};

use super::files_of_others::{as_user, hand_over, run_as_user, sandbox_of_another_user};
use crate::stored;

#[test]
fn a_home_directory_of_another_user_is_named_as_the_cause() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    let (client, _) = stored::works(&sandbox);
    sandbox.client_secrets(&client);
    hand_over(&sandbox);
    for owner in [0, 51_235] {
        chown(sandbox.home(), Some(owner), Some(owner)).unwrap();
        sandbox.chmod(sandbox.home(), 0o700);
        for args in [&["show"][..], &["refresh"], &["set", "--login-customer-id", "none"], &["login", "--start"]] {
            let run = run_as_user(&sandbox, args).code(1).stderr_has("permission denied");
            run.stderr_has("hint: `HOME` is the home directory of another user: set it to your own").run();
        }
    }
    // Of one's own, it is the permissions.
    let own = std::os::unix::fs::MetadataExt::uid(&fs::metadata(sandbox.work()).unwrap());
    chown(sandbox.home(), Some(own), Some(own)).unwrap();
    sandbox.chmod(sandbox.home(), 0);
    run_as_user(&sandbox, &["show"]).code(1).stderr_has("hint: fix the permissions of the file").run();
}

/// It would read every file of that user for whoever runs it.
#[test]
fn a_program_with_the_setuid_or_setgid_bit_does_nothing() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    stored::works(&sandbox);
    hand_over(&sandbox);
    // Not in the sandbox, which is searched for secrets.
    let elsewhere = tempfile::tempdir().unwrap();
    fs::set_permissions(elsewhere.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = elsewhere.path().join("gads-creds");
    fs::copy(crate::PROGRAM, &program).unwrap();
    let name = program.to_str().unwrap();
    for bits in [0o4755, 0o2755, 0o6755] {
        fs::set_permissions(&program, fs::Permissions::from_mode(bits)).unwrap();
        for args in [&["show"][..], &["exec", "--", "cat", "/etc/shadow"], &["refresh"]] {
            let run = as_user(&sandbox, &[&[name], args].concat()).code(1);
            run.stderr_has("error: gads-creds has the setuid or setgid bit").stderr_has("chmod ug-s").run();
        }
    }
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    as_user(&sandbox, &[name, "refresh"]).stderr_has("access token issued").run();
}
