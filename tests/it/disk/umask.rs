//! A umask that takes rights from the owner: what this program makes for itself can be used nevertheless, then and later.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::sandbox::{Sandbox, Spec};
use crate::security::files_of_others::{as_user, hand_over, run_as_user, sandbox_of_another_user};
use crate::stored;

/// The program under this umask, as a user whom modes keep out.
fn under<'a>(sandbox: &'a Sandbox, umask: &str, args: &[&str]) -> Spec<'a> {
    let script = format!("umask {umask}; exec \"$@\"");
    as_user(sandbox, &[&["sh", "-c", &script, "-", crate::PROGRAM], args].concat())
}

fn locks(sandbox: &Sandbox) -> Vec<(String, u32)> {
    let mode = |name: &str| {
        let path = sandbox.path(".local/state/gads-creds/locks").join(name);
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    };
    let names = sandbox.names(".local/state/gads-creds/locks");
    names.into_iter().map(|name| (name.clone(), mode(&name))).collect()
}

#[test]
fn a_lock_is_private_and_can_be_opened_again_whatever_the_umask() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    stored::works(&sandbox);
    hand_over(&sandbox);
    let set = ["set", "--login-customer-id", "1234567890", "--no-verify"];
    for umask in ["0777", "0277", "0000"] {
        let _ = fs::remove_dir_all(sandbox.path(".local/state/gads-creds"));
        under(&sandbox, umask, &set).stderr_has("").run();
        let found = locks(&sandbox);
        assert!(!found.is_empty() && found.iter().all(|(_, mode)| *mode == 0o600), "{umask}: {found:?}");
        run_as_user(&sandbox, &["refresh"]).stderr_has("access token issued").run();
    }
    // One that an earlier version left.
    for mode in [0, 0o400, 0o200] {
        for (name, _) in locks(&sandbox) {
            sandbox.chmod(sandbox.path(".local/state/gads-creds/locks").join(name), mode);
        }
        run_as_user(&sandbox, &["export", "java", "../home/ads.properties"]).stderr_has("").run();
        run_as_user(&sandbox, &["set", "--login-customer-id", "none"]).stderr_has("").run();
        run_as_user(&sandbox, &set).stderr_has("").run();
        assert!(locks(&sandbox).iter().any(|(_, mode)| *mode == 0o600), "{mode:o}: {:?}", locks(&sandbox));
    }
}

#[test]
fn the_command_of_exec_finds_its_file_whatever_the_umask() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    stored::works(&sandbox);
    hand_over(&sandbox);
    let inside =
        "umask 077; cd /; f=$GOOGLE_ADS_CONFIGURATION_FILE_PATH; stat -c %a $f $(dirname $f); grep -c clientId $f";
    for umask in ["0777", "0277", "0000"] {
        let run = under(&sandbox, umask, &["exec", "--as-file", "php", "--", "sh", "-c", inside]);
        run.stdout("600\n700\n1\n").run();
        assert_eq!(fs::read_dir(sandbox.tmp()).unwrap().count(), 0, "{umask}");
    }
}
