//! A machine that takes no file, like a container with a read-only root: what only reads works, what writes says the way out.
#![cfg(target_os = "linux")]

use crate::google::Endpoint;
use crate::harness::mounts::Mounts;
use crate::sandbox::{Outcome, Sandbox, Spec};
use crate::stored::{self, DAY};

#[track_caller]
fn works(run: Spec) -> Outcome {
    run.stdout_has("").stderr_has("").run()
}

#[test]
fn where_nothing_can_be_written_what_only_reads_works() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &token, DAY, None));
    let Some(mounts) = Mounts::start(&sandbox) else { return };
    // The home folder and those for temporary files: all there is.
    mounts.fix("..");
    let run = |args: &[&str]| mounts.command(args);
    works(run(&["refresh"]));
    works(run(&["refresh", "--all"]));
    works(run(&["refresh", "--print-access-token"]).reveals_access_token());
    works(run(&["show"]));
    let diagnosis = works(run(&["doctor"]));
    assert!(!diagnosis.stdout.contains("fail"), "{diagnosis:?}");
    works(run(&["exec", "--", "true"]));
    let file = works(
        run(&["exec", "--as-file", "python", "--", "sh", "-c", "cat $GOOGLE_ADS_CONFIGURATION_FILE_PATH"])
            .reveals(&token)
            .reveals(&client_secret(&sandbox)),
    );
    assert!(file.stdout.contains(&token), "{file:?}");
}

fn client_secret(sandbox: &Sandbox) -> String {
    sandbox.google.world().clients[0].secret.clone()
}

#[test]
fn where_no_lock_can_be_had_nothing_is_changed_and_the_hint_says_the_way_out() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let Some(mounts) = Mounts::start(&sandbox) else { return };
    sandbox.write(".local/state/here", "");
    mounts.fix(".local");
    let run = |args: &[&str]| mounts.command(args);
    let hint = "hint: set `XDG_STATE_HOME` to a folder that can be written to";
    run(&["revoke", "--yes"]).code(1).stderr_has("Read-only file system").stderr_has(hint).run();
    run(&["export", "java"]).code(1).stderr_has(hint).run();
    sandbox.client_secrets(&client);
    let login = ["login", "--no-browser", "--client-secrets", "client_secret.json"];
    run(&login).code(1).stderr_has(hint).run();
    assert_eq!(sandbox.read("google-ads.yaml"), stored::yaml(&client, &token));
    assert!(sandbox.google.world().requests.is_empty() && sandbox.google.lives(&token));
    // That is the way out.
    works(run(&["export", "java"]).env("XDG_STATE_HOME", sandbox.home().join("state")));
}

#[test]
fn a_token_that_google_replaces_all_the_same_is_kept_where_there_is_room() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let Some(mounts) = Mounts::start(&sandbox) else { return };
    sandbox.google.world().rotate = true;
    sandbox.write(".local/state/here", "");
    mounts.fix(".local");
    let refresh = mounts.command(&["refresh"]).code(1);
    refresh.stderr_has("the new refresh token is kept in").stderr_has("gads-creds login --recover").run();
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 1);
    sandbox.command(&["login", "--recover"]).stderr_has("").run();
    works(sandbox.command(&["refresh"]));
}
