//! `refresh --metrics`: which files are replaced and which are not, and the name that a profile has in them.

use std::fs;

use super::metrics::{failure, of, samples};
use crate::commands::login::two_steps::{ended_on, finish, start};
use crate::google::browser::Decision;
use crate::sandbox::Sandbox;
use crate::stored::{self, DAY};

#[test]
fn a_file_that_holds_something_else_is_never_replaced() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    stored::profile(&sandbox, "work", "");
    let credentials = sandbox.read("google-ads.yaml");
    let profiles = sandbox.read(".config/gads-creds/profiles.toml");
    let work = sandbox.work();
    for (path, content) in [
        ("../home/google-ads.yaml", &*credentials),
        ("../home/.config/gads-creds/profiles.toml", &profiles),
        ("notes.txt", "precious\n"),
        ("newline", "\n"),
        ("other.prom", "# HELP node_load1 1m load average.\n"),
        ("comment.prom", "# old\n"),
        ("short.prom", "# HELP gads_creds"),
        ("later.prom", "precious\n# HELP gads_creds_valid 1\n"),
    ] {
        if !path.starts_with("..") {
            fs::write(work.join(path), content).unwrap();
        }
        for which in [&["-p", "work"][..], &["--all"]] {
            let run = sandbox.command(&[&["refresh", "--metrics", path], which].concat()).code(2);
            let name = path.rsplit('/').next().unwrap();
            run.stderr_has(name).stderr_has("holds something else and is not replaced").run();
        }
        assert_eq!(fs::read_to_string(work.join(path)).unwrap(), content, "{path}");
    }
    for path in ["new/", "directory/new/", "directory/", "directory/."] {
        let _ = fs::create_dir(work.join("directory"));
        for which in [&["-p", "work"][..], &["--all"]] {
            let run = sandbox.command(&[&["refresh", "--metrics", path], which].concat()).code(2);
            run.stderr_has("names a directory").run();
        }
    }
    assert!(sandbox.google.world().requests.is_empty());
    for content in ["", "# HELP gads_creds_valid of an earlier run\n"] {
        fs::write(work.join("gads.prom"), content).unwrap();
        sandbox.command(&["refresh", "-p", "work", "--metrics", "gads.prom"]).stderr_has("").run();
        // What a run wrote, the next one replaces.
        sandbox.command(&["refresh", "--all", "--metrics", "gads.prom"]).stderr_has("").run();
        assert!(fs::read_to_string(work.join("gads.prom")).unwrap().contains("gads_creds_valid{profile=\"work\"} 1"));
    }
}

#[test]
fn a_login_without_a_name_is_named_by_its_file_with_all_and_without() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let started = start(&sandbox, &["--no-verify"]);
    finish(&sandbox, &[], &ended_on(&started, &Decision::allow())).run();
    let path = sandbox.home().join("google-ads.yaml").display().to_string();
    for args in [&["refresh", "--metrics", "gads.prom"][..], &["refresh", "--all", "--metrics", "gads.prom"]] {
        sandbox.command(args).stderr_has("").run();
        let Some(found) = samples(&fs::read_to_string(sandbox.work().join("gads.prom")).unwrap()) else { return };
        assert_eq!(of(&found, "gads_creds_valid", &path), Some(1.0), "{args:?}: {found:?}");
    }
}

#[test]
fn without_profiles_all_is_the_file_that_other_commands_use() {
    let sandbox = Sandbox::new();
    sandbox.command(&["refresh", "--all", "--metrics", "gads.prom"]).code(3).stderr_has("there are no profiles").run();
    assert!(!sandbox.work().join("gads.prom").exists());
    let (client, _) = stored::works(&sandbox);
    let path = sandbox.home().join("google-ads.yaml").display().to_string();
    let all = |code: i32| sandbox.command(&["refresh", "--all", "--metrics", "gads.prom"]).code(code).stderr_has("");
    let read = || samples(&fs::read_to_string(sandbox.work().join("gads.prom")).unwrap());
    all(0).stderr_has("google-ads.yaml  ok").run();
    let Some(found) = read() else { return };
    assert_eq!(of(&found, "gads_creds_valid", &path), Some(1.0), "{found:?}");
    sandbox.google.withdraw(&client);
    all(4).run();
    assert_eq!(failure(&read().unwrap(), &path).as_deref(), Some("4"));
    // A variable that names a file that is not there is a failure, not an empty list.
    let missing = sandbox.home().join("none.yaml");
    all(3).env("GADS_CREDS_CONFIG", missing.display().to_string()).stderr_has("none.yaml").run();
    assert_eq!(failure(&read().unwrap(), missing.to_str().unwrap()).as_deref(), Some("3"));
}

#[test]
fn a_recorded_token_that_is_gone_is_a_failure_and_a_revoked_one_is_not() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &token, DAY, None));
    sandbox.write("google-ads.yaml", format!("client_id: {}\nclient_secret: {}\n", client.id, client.secret));
    let all = |code: i32| sandbox.command(&["refresh", "--all", "--metrics", "gads.prom"]).code(code).stderr_has("");
    all(3).stderr_has("work  failed: ").run();
    let read = || samples(&fs::read_to_string(sandbox.work().join("gads.prom")).unwrap());
    let Some(found) = read() else { return };
    assert_eq!((of(&found, "gads_creds_valid", "work"), failure(&found, "work").as_deref()), (Some(0.0), Some("3")));
    sandbox.write("google-ads.yaml", stored::yaml(&client, &token));
    all(0).run();
    sandbox.command(&["revoke", "-p", "work", "--yes"]).stderr_has("").run();
    all(3)
        .stderr("work  no token\nerror: `work` has no refresh token\nhint: `gads-creds login -p work` gets one\n")
        .run();
    let found = read().unwrap();
    assert_eq!((of(&found, "gads_creds_valid", "work"), failure(&found, "work")), (Some(0.0), None));
    let alone = ["refresh", "-p", "work", "--metrics", "gads.prom"];
    sandbox.command(&alone).code(3).stderr_has("there is no refresh token").run();
    let found = read().unwrap();
    assert_eq!((of(&found, "gads_creds_valid", "work"), failure(&found, "work")), (Some(0.0), None));
}

#[test]
fn with_a_broken_list_of_profiles_the_old_file_stays_and_its_time_grows_old() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    stored::profile(&sandbox, "work", "");
    let all = || sandbox.command(&["refresh", "--all", "--metrics", "gads.prom"]).stderr_has("");
    all().run();
    let before = fs::read_to_string(sandbox.work().join("gads.prom")).unwrap();
    assert!(before.contains("gads_creds_checked_timestamp_seconds{profile=\"work\"}"));
    sandbox.write(".config/gads-creds/profiles.toml", "[[[");
    all().code(1).stderr_has("profiles.toml").run();
    assert_eq!(fs::read_to_string(sandbox.work().join("gads.prom")).unwrap(), before);
}
