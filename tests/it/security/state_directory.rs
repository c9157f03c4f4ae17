//! A state directory in which no lock can be made: nothing is written, and the step fits the cause.
#![cfg(all(unix, not(target_os = "macos")))]

use std::fs;

use super::files_of_others::{hand_over, run_as_user, sandbox_of_another_user};
use crate::google::ADWORDS;
use crate::stored;

/// The step for a directory that cannot be used.
const ELSEWHERE: &str = "set `XDG_STATE_HOME` to a directory of your own that can be written to";

#[test]
fn only_a_directory_that_cannot_be_written_to_is_to_be_replaced_by_another() {
    let Some(sandbox) = sandbox_of_another_user() else { return };
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    sandbox.write("google-ads.yaml", stored::yaml(&client, &token));
    let target = sandbox.home().join("ads.properties");
    hand_over(&sandbox);
    let export = || run_as_user(&sandbox, &["export", "java", target.to_str().unwrap()]).stderr_has("");
    export().run();
    let locks = sandbox.home().join(".local/state/gads-creds/locks");
    let made: Vec<_> = fs::read_dir(&locks).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!made.is_empty());
    made.iter().for_each(|lock| fs::remove_file(lock).unwrap());
    sandbox.chmod(&locks, 0o500);
    export().code(1).stderr_has("cannot open lock").stderr_has(ELSEWHERE).run();
    sandbox.chmod(&locks, 0o700);
    // The directory is fine, and one file in it is not.
    made.iter().for_each(|lock| fs::create_dir(lock).unwrap());
    let outcome = export().code(1).stderr_has("cannot open lock").run();
    assert!(!outcome.stderr.contains("XDG_STATE_HOME"), "{outcome:#?}");
}
