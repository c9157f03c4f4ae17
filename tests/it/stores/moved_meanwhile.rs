//! A command that reads while `move` runs: profiles.toml named the old location, which is empty by the time it is read.
#![cfg(unix)]

use crate::sandbox::Sandbox;
use crate::security::signals::lock_of_file;
use crate::stored;
use crate::stores::command::{Manager, PATH, PROFILES};

/// A manager whose entry moves into a file at the moment in which it is read.
#[test]
fn credentials_that_moved_since_are_read_where_they_are() {
    for args in [
        &["refresh", "-p", "work"][..],
        &["refresh", "--all"],
        &["exec", "-p", "work", "--", "/bin/true"],
        &["export", "java", "-p", "work", "--stdout"],
        &["show", "-p", "work"],
    ] {
        let moves =
            r#"home=${entry%/manager/entry}/home; mv "$home/moved.toml" "$home/.config/gads-creds/profiles.toml""#;
        let manager = Manager::new(moves);
        let sandbox = &manager.sandbox;
        sandbox.write("work.yaml", stored::yaml(&manager.client, &manager.token));
        sandbox.write("moved.toml", "[profiles.work]\nfile = \"~/work.yaml\"\n");
        let run = sandbox.command(args).env("PATH", PATH).stdout_has("").stderr_has("").run();
        assert!(!run.stderr.contains("no refresh token"), "{run:#?}");
        assert_eq!(
            sandbox.names("").iter().filter(|name| *name == "moved.toml").count(),
            0,
            "{args:?}: it did not move"
        );
    }
}

/// A refresh waits for the lock that `move` has.
#[test]
fn a_refresh_that_waited_for_a_move_follows_it() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    stored::profile(&sandbox, "work", "");
    let by_name = format!("default = \"work\"\n{}", sandbox.read(PROFILES));
    for (profiles, args) in [
        (by_name.as_str(), &["refresh"][..]),
        (&by_name, &["refresh", "-p", "work"]),
        // Of a file that nobody named `move` makes a profile.
        ("", &["refresh"]),
    ] {
        sandbox.write("google-ads.yaml", stored::yaml(&client, &token));
        sandbox.write(PROFILES, profiles);
        let lock = lock_of_file(&sandbox);
        let refresh = sandbox.command(args).stderr_has("access token issued").start();
        refresh.wait_for("waiting for another run");
        sandbox.write("moved.yaml", stored::yaml(&client, &token));
        sandbox.write("google-ads.yaml", "use_proto_plus: true\n");
        let name = if profiles.is_empty() { "default" } else { "work" };
        sandbox.write(PROFILES, format!("default = \"{name}\"\n[profiles.{name}]\nfile = \"~/moved.yaml\"\n"));
        drop(lock);
        refresh.finish();
    }
    // A file that is named is the one that is meant.
    sandbox.write("google-ads.yaml", stored::yaml(&client, &token));
    sandbox.write(PROFILES, &by_name);
    let lock = lock_of_file(&sandbox);
    let refresh = sandbox.command(&["refresh", "--config", "../home/google-ads.yaml"]).code(3);
    let refresh = refresh.stderr_has("there is no refresh token in").start();
    refresh.wait_for("waiting for another run");
    sandbox.write("google-ads.yaml", "use_proto_plus: true\n");
    sandbox.write(PROFILES, "[profiles.work]\nfile = \"~/moved.yaml\"\n");
    drop(lock);
    refresh.finish();
}
