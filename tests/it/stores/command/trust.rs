//! What decides which programs are run: profiles.toml, if no other user can have written it, and nothing else.

use super::{GOOD, Manager, PROFILES};
use crate::harness::skip::not_root;

#[test]
fn commands_that_others_may_have_written_are_not_run() {
    for mode in [0o620, 0o602, 0o666] {
        let manager = Manager::with_document("touch \"$entry.ran\"");
        manager.sandbox.chmod(PROFILES, mode);
        for args in [&["refresh"][..], &["show"], &["revoke", "--yes"], &["exec", "--", "true"]] {
            let run = manager.command(args).code(1).stderr_has("others may write").stderr_has("chmod go-w").run();
            assert!(!manager.entry().with_extension("ran").exists(), "{mode:o} {args:?}: {run:#?}");
        }
    }
}

#[test]
fn another_users_file_names_no_programs() {
    if not_root() {
        return;
    }
    let manager = Manager::with_document("touch \"$entry.ran\"");
    std::os::unix::fs::chown(manager.sandbox.home().join(PROFILES), Some(12_345), None).unwrap();
    manager.command(&["refresh"]).code(1).stderr_has("belongs to another user").run();
    assert!(!manager.entry().with_extension("ran").exists());
}

/// They may hold another credential, and no manager needs them.
#[test]
fn a_manager_gets_none_of_the_variables_that_pass_credentials() {
    let manager = Manager::with_document(&format!("env > \"$entry.environment\"\n{GOOD}"));
    let run = manager.command(&["refresh"]).env("GOOGLE_ADS_REFRESH_TOKEN", "x").env("GADS_CREDS_FORMAT", "php");
    run.env("KEPT", "y").stderr_has("works").run();
    let environment = manager.sandbox.read(manager.entry().with_extension("environment"));
    assert!(environment.contains("KEPT=y\n") && environment.contains("LC_ALL=C\n"), "{environment}");
    assert!(!environment.contains("GOOGLE_ADS_") && !environment.contains("GADS_CREDS_"), "{environment}");
}

#[test]
fn what_is_not_a_command_is_refused_by_key() {
    for (key, value, expected) in [
        ("get", "\"pass show x\"", "is not a list of strings"),
        ("get", "[]", "is not a command"),
        ("get", "[\"\"]", "is not a command"),
        ("get", "[\"a\\u0000b\"]", "is not a command"),
        ("set", "[1]", "is not a list of strings"),
        ("absent", "\"\"", "would fit every failure"),
        ("timeout", "0", "from 1 to 120"),
        ("timeout", "121", "from 1 to 120"),
        ("timeout", "\"5\"", "from 1 to 120"),
    ] {
        let manager = Manager::new(GOOD);
        let others = manager.sandbox.read(PROFILES);
        let others: String =
            others.lines().filter(|line| !line.starts_with(key)).map(|line| format!("{line}\n")).collect();
        manager.sandbox.write(PROFILES, format!("{others}{key} = {value}\n"));
        let key = format!("`profiles.work.{key}`");
        manager.command(&["refresh"]).code(1).stderr_has(&key).stderr_has(expected).run();
    }
    let manager = Manager::new(GOOD);
    manager.sandbox.write(PROFILES, "[profiles.work]\nstore = \"command\"\n");
    manager.command(&["refresh"]).code(1).stderr_has("has no `get`").run();
}

#[test]
fn a_program_is_found_in_absolute_entries_of_path_only() {
    let manager = Manager::with_document(GOOD);
    let text = manager.sandbox.read(PROFILES).replace(manager.program().to_str().unwrap(), "manager");
    manager.sandbox.write(PROFILES, &text);
    let directory = manager.program().with_file_name("");
    let run = |path: &str| manager.command(&["refresh"]).directory(&directory).env("PATH", path);
    for path in [".", "", "../manager", ":/bin"] {
        run(path).code(7).stderr_has("`manager` is not installed").run();
    }
    run(&format!("{}:/usr/bin:/bin", directory.display())).stderr_has("works").run();
    manager.sandbox.write(PROFILES, text.replace("\"manager\"", "\"./manager\""));
    run(directory.to_str().unwrap()).code(7).stderr_has("is not the full path of a program").run();
}
