//! A read-only machine, like a container with a read-only root: commands that only read work, others say what to do.
#![cfg(target_os = "linux")]

use crate::google::{ADWORDS, Endpoint};
use crate::harness::mounts::Mounts;
use crate::sandbox::{Outcome, Sandbox, Spec};
use crate::stored::{self, DAY};

#[track_caller]
fn works(run: Spec) -> Outcome {
    run.stdout_has("").stderr_has("").run()
}

/// Makes the state directory read-only.
fn with_read_only_state(sandbox: &Sandbox) -> Option<Mounts<'_>> {
    let mounts = Mounts::start(sandbox)?;
    sandbox.write(".local/state/here", "");
    mounts.fix(".local");
    Some(mounts)
}

#[test]
fn on_a_read_only_machine_commands_that_only_read_work() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &token, DAY, None));
    let Some(mounts) = Mounts::start(&sandbox) else { return };
    // The home directory and those for temporary files: nothing else exists.
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
fn without_a_lock_nothing_is_changed_and_the_hint_says_what_to_do() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let Some(mounts) = with_read_only_state(&sandbox) else { return };
    let run = |args: &[&str]| mounts.command(args);
    let hint = "hint: set `XDG_STATE_HOME` to a directory of your own";
    run(&["revoke", "--yes"]).code(1).stderr_has("the file system is read-only").stderr_has(hint).run();
    run(&["export", "java"]).code(1).stderr_has(hint).run();
    sandbox.client_secrets(&client);
    let login = ["login", "--no-browser", "--client-secrets", "client_secret.json"];
    run(&login).code(1).stderr_has(hint).run();
    assert_eq!(sandbox.read("google-ads.yaml"), stored::yaml(&client, &token));
    assert!(sandbox.google.world().requests.is_empty() && sandbox.google.lives(&token));
    // What the hint says works.
    works(run(&["export", "java"]).env("XDG_STATE_HOME", sandbox.home().join("state")));
}

#[test]
fn a_token_that_google_rotates_is_kept_wherever_there_is_room() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    sandbox.google.world().rotate = true;
    let Some(mounts) = with_read_only_state(&sandbox) else { return };
    let refresh = mounts.command(&["refresh"]).code(1);
    refresh.stderr_has("the new refresh token is kept in").stderr_has("gads-creds login --recover").run();
    // The token that was replaced is not sent again: the one that waits comes first.
    let again = mounts.command(&["refresh"]).code(1);
    again.stderr_has("the new refresh token is kept in").stderr_has("gads-creds login --recover").run();
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 1);
    sandbox.command(&["login", "--recover"]).stderr_has("").run();
    works(sandbox.command(&["refresh"]));
}

#[test]
fn a_token_that_waits_is_stored_by_the_next_refresh_that_can() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    sandbox.google.world().rotate = true;
    let Some(mounts) = with_read_only_state(&sandbox) else { return };
    mounts.command(&["refresh"]).code(1).stderr_has("the new refresh token is kept in").run();
    // Those that do not ask Google would hand on the token that does not work any more.
    for command in [
        &["show"][..],
        &["exec", "--", crate::PROGRAM, "--version"],
        &["export", "java", "--stdout"],
        &["doctor", "--offline"],
    ] {
        let run = sandbox.command(command).observe();
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(run.code == 0 && said.contains("Google replaced the refresh token in"), "{command:?}: {run:#?}");
        assert!(said.contains("run `gads-creds refresh`, which stores it"), "{command:?}: {run:#?}");
    }
    sandbox.command(&["refresh"]).stderr_has("stored the refresh token that an earlier run left in").run();
    let refresh = sandbox.command(&["refresh"]).stderr_has("works: access token issued").run();
    assert!(!refresh.stderr.contains("earlier run"), "{refresh:?}");
    sandbox.command(&["login", "--recover"]).code(3).stderr_has("no unfinished login").run();
}

/// Whether these options select the credential whose new token waits.
fn waits(sandbox: &Sandbox, options: &[&str]) -> bool {
    let shown = sandbox.command(&[&["show"], options].concat()).observe();
    assert_eq!(shown.code, 0, "{shown:#?}");
    shown.stderr.contains("Google replaced the refresh token in")
}

#[test]
fn a_token_that_waits_is_known_by_the_one_that_it_replaces_wherever_that_is() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    sandbox.google.world().rotate = true;
    let Some(mounts) = with_read_only_state(&sandbox) else { return };
    mounts.command(&["refresh"]).code(1).stderr_has("the new refresh token is kept in").run();
    sandbox.write(
        ".config/gads-creds/profiles.toml",
        "[profiles.same]\nfile = \"~/google-ads.yaml\"\n[profiles.other]\nfile = \"~/other.yaml\"\n",
    );
    let text = sandbox.read("google-ads.yaml");
    sandbox.write("other.yaml", &text);
    assert!(waits(&sandbox, &["--config", "../home/google-ads.yaml"]) && waits(&sandbox, &["-p", "same"]));
    // A copy has the token that has ended as well.
    assert!(waits(&sandbox, &["--config", "../home/other.yaml"]) && waits(&sandbox, &["-p", "other"]));
    // A token that was stored since works.
    sandbox.write("google-ads.yaml", text.replace(&token, &sandbox.google.grant(&client, &[ADWORDS])));
    assert!(!waits(&sandbox, &["-p", "same"]));
}

#[test]
fn a_token_that_waits_for_a_profile_is_found_where_the_profile_is_now() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    stored::profile(&sandbox, "work", "");
    sandbox.google.world().rotate = true;
    let Some(mounts) = with_read_only_state(&sandbox) else { return };
    mounts.command(&["refresh", "-p", "work"]).code(1).stderr_has("the new refresh token is kept in").run();
    let text = sandbox.read("google-ads.yaml");
    sandbox.write("other.yaml", text.replace(&token, &sandbox.google.grant(&client, &[ADWORDS])));
    sandbox.write("new.yaml", text);
    sandbox.write(
        ".config/gads-creds/profiles.toml",
        "[profiles.work]\nfile = \"~/new.yaml\"\n[profiles.other]\nfile = \"~/other.yaml\"\n",
    );
    assert!(waits(&sandbox, &["-p", "work"]) && !waits(&sandbox, &["-p", "other"]));
}

/// In the directory for temporary files, whoever comes first takes the name.
#[test]
fn a_directory_that_another_user_made_first_loses_no_token() {
    use std::os::unix::fs::chown;
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let Some(mounts) = Mounts::start(&sandbox) else { return };
    sandbox.google.world().rotate = true;
    sandbox.write(".local/state/here", "");
    let name = format!("gads-creds-{}", rustix::process::geteuid().as_raw());
    let temporary = sandbox.home().with_file_name("tmp");
    for squat in [name.clone(), format!("{name}-000000000000")] {
        std::fs::create_dir(temporary.join(&squat)).unwrap();
        chown(temporary.join(squat), Some(12345), Some(12345)).unwrap();
    }
    mounts.fix(".local");
    let refresh = mounts.command(&["refresh"]).code(1).stderr_has("the new refresh token is kept in").run();
    assert!(!refresh.stderr.contains(&format!("{name}/")), "{refresh:?}");
    assert!(sandbox.run(&["show"]).stderr.contains("Google replaced the refresh token in"));
    sandbox.command(&["login", "--recover"]).stderr_has("stored the refresh token in").run();
    works(sandbox.command(&["refresh"]));
}

#[test]
fn a_state_directory_of_others_stops_no_reading_and_the_hint_of_a_write_names_the_variable() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    sandbox.write(".local/state/here", "");
    let state = sandbox.home().join(".local/state");
    sandbox.chmod(&state, 0o777);
    reads_but_does_not_write(&sandbox, "everybody may write");
    sandbox.chmod(&state, 0o770);
    if std::os::unix::fs::chown(&state, None, Some(54321)).is_err() {
        return crate::harness::skip::skip("only root gives files to others");
    }
    reads_but_does_not_write(&sandbox, "group 54321 may write");
    sandbox.chmod(&state, 0o700);
    let local = sandbox.home().join(".local");
    std::os::unix::fs::chown(&local, Some(12345), None).expect("root may");
    reads_but_does_not_write(&sandbox, "belongs to another user (uid 12345)");
    // In a user namespace an unmapped user is not another user: the system's own directories appear that way in
    // sandboxes.
    let namespace = ["-U", "--map-user=1000", env!("CARGO_BIN_EXE_gads-creds"), "export", "java"];
    works(sandbox.other_program("/usr/bin/unshare", &namespace));
    assert!(sandbox.home().join("ads.properties").exists());
}

#[track_caller]
fn reads_but_does_not_write(sandbox: &Sandbox, why: &str) {
    works(sandbox.command(&["refresh"]));
    works(sandbox.command(&["show"]));
    works(sandbox.command(&["doctor"]));
    sandbox.command(&["export", "java"]).code(1).stderr_has(why).stderr_has("XDG_STATE_HOME").run();
}

/// `sudo` with the variables of the user, and root in a container that has the home directory of somebody else.
#[test]
fn root_in_the_home_of_another_user_is_told_to_run_it_as_that_user() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    sandbox.client_secrets(&client);
    let home = sandbox.home();
    if !rustix::process::geteuid().is_root() {
        return crate::harness::skip::skip("only root meets the files of others");
    }
    for part in [home.to_owned(), home.join("google-ads.yaml")] {
        std::os::unix::fs::chown(part, Some(12345), Some(12345)).expect("root may");
    }
    let hint = "hint: run it as that user, without `sudo`";
    works(sandbox.command(&["refresh"]));
    let changes: [&[&str]; 4] = [
        &["set", "--login-customer-id", "1234567890", "--no-verify"],
        &["revoke", "--yes"],
        &["login", "--no-browser", "-c", "../home/client_secret.json"],
        &["export", "java"],
    ];
    for args in changes {
        sandbox.command(args).code(1).stderr_has("belongs to another user (uid 12345)").stderr_has(hint).run();
    }
    assert!(sandbox.google.lives(&token));
    assert_eq!(sandbox.read("google-ads.yaml"), stored::yaml(&client, &token));
}

#[test]
fn a_login_on_a_read_only_disk_names_the_variable_for_its_state() {
    let sandbox = Sandbox::new();
    let (client, _) = stored::works(&sandbox);
    let secrets = sandbox.client_secrets(&client);
    let Some(mounts) = Mounts::start(&sandbox) else { return };
    sandbox.write(".local/state/here", "");
    mounts.fix("..");
    let secrets = secrets.to_string_lossy().into_owned();
    let login = mounts.command(&["login", "--no-browser", "-c", &secrets]).code(1);
    login.stderr_has("the file system is read-only").stderr_has("hint: set `XDG_STATE_HOME` to a directory").run();
}

/// Makes profiles.toml, which is hand-written or ours, one that cannot be replaced, as Nix and chezmoi do.
fn with_fixed_profiles<'a>(sandbox: &'a Sandbox, facts: &str, is_link: bool) -> Option<Mounts<'a>> {
    let mounts = Mounts::start(sandbox)?;
    stored::profile(sandbox, "work", facts);
    if is_link {
        mounts.sh("mkdir dotfiles; mv .config/gads-creds/profiles.toml dotfiles");
        mounts.sh("ln -s $PWD/dotfiles/profiles.toml .config/gads-creds/profiles.toml");
        mounts.fix("dotfiles");
    } else {
        mounts.sh("mount --bind .config/gads-creds/profiles.toml .config/gads-creds/profiles.toml");
    }
    Some(mounts)
}

#[track_caller]
fn logs_in(run: Spec) -> Outcome {
    let running = run.start();
    assert!(running.address().is_some(), "{:#?}", running.observe());
    running.visit(&crate::google::browser::Decision::allow());
    running.observe()
}

#[test]
fn what_needs_no_entry_goes_on_where_profiles_toml_cannot_be_changed() {
    for (is_link, is_recorded) in [(true, true), (true, false), (false, true), (false, false)] {
        let sandbox = Sandbox::new();
        let (client, token) = stored::works(&sandbox);
        let facts = if is_recorded { stored::metadata(&sandbox, &token, DAY, None) } else { String::new() };
        let Some(mounts) = with_fixed_profiles(&sandbox, &facts, is_link) else { return };
        sandbox.client_secrets(&client);
        let before = sandbox.read(".config/gads-creds/profiles.toml");
        for options in [&["-p", "work"][..], &["--config", "elsewhere.yaml"], &["--config", "google-ads.yaml"]] {
            let login = ["login", "--no-browser", "--no-verify", "-c", "client_secret.json"];
            let outcome = logs_in(mounts.command(&[&login[..], options].concat()));
            let case = format!("{options:?}, link: {is_link}, recorded: {is_recorded}: {outcome:#?}");
            assert!(outcome.code == 0 && outcome.stderr.contains("could not record when the token expires"), "{case}");
            works(mounts.command(&[&["refresh"], options].concat()));
        }
        // A leaked token can be revoked, whatever can be noted of it.
        let token = sandbox.google.secrets().into_iter().rfind(|text| text.starts_with("1//")).unwrap();
        for options in [&["--config", "google-ads.yaml"][..], &["--config", "elsewhere.yaml"]] {
            works(mounts.command(&[&["revoke", "--yes"], options].concat()));
        }
        assert!(!sandbox.google.lives(&token));
        let shown = mounts.command(&["show", "-p", "work"]).stdout_has("").observe();
        assert!(!shown.stdout.contains("expires"), "{shown:#?}");
        assert_eq!(sandbox.read(".config/gads-creds/profiles.toml"), before);
    }
}

#[test]
fn what_needs_an_entry_is_refused_first_where_profiles_toml_cannot_be_changed() {
    for is_link in [true, false] {
        let sandbox = Sandbox::new();
        let (client, token) = stored::works(&sandbox);
        let metadata = stored::metadata(&sandbox, &token, DAY, None);
        let Some(mounts) = with_fixed_profiles(&sandbox, &metadata, is_link) else { return };
        sandbox.client_secrets(&client);
        let step = "profiles.toml` to `gads-creds/profiles.toml` in a directory of your own that can be written to";
        let commands: [&[&str]; 5] = [
            &["revoke", "--yes", "--forget", "-p", "work"],
            &["set", "--default", "-p", "work"],
            &["move", "--store", "file", "--config", "moved.yaml", "-p", "work"],
            &["login", "--no-browser", "-c", "client_secret.json", "-p", "other", "--config", "other.yaml"],
            &["login", "--no-browser", "-c", "client_secret.json", "-p", "work", "--config", "other.yaml"],
        ];
        for args in commands {
            let run = mounts.command(args).code(1).stderr_has("cannot change profiles.toml: ").stderr_has(step);
            run.stderr_has("and set `XDG_CONFIG_HOME` to that directory").run();
        }
        assert!(sandbox.google.lives(&token) && sandbox.google.world().requests.is_empty());
        // What the hint says works.
        mounts.sh("mkdir -p own/gads-creds; cp .config/gads-creds/profiles.toml own/gads-creds/");
        let own = sandbox.home().join("own");
        for args in [commands[1], commands[2], commands[0]] {
            works(mounts.command(args).env("XDG_CONFIG_HOME", &own));
        }
        assert!(!sandbox.google.lives(&token));
    }
}

/// What the login that is recorded there was made against keeps the new token from being sent.
#[test]
fn a_login_at_another_endpoint_is_refused_where_that_cannot_be_recorded() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let metadata = stored::metadata(&sandbox, &token, DAY, None).replace(sandbox.google.url(), "http://127.0.0.1:1");
    let Some(mounts) = with_fixed_profiles(&sandbox, &metadata, true) else { return };
    sandbox.client_secrets(&client);
    let login = mounts.command(&["login", "--no-browser", "-c", "client_secret.json", "-p", "work"]).code(1);
    login.stderr_has("cannot change profiles.toml: ").stderr_has("XDG_CONFIG_HOME").run();
}

/// Without its endpoint the token of a stand-in would be sent to Google.
#[cfg(target_os = "linux")]
#[test]
fn a_login_at_a_stand_in_is_refused_first_for_a_path_that_can_never_be_recorded() {
    use std::fs;
    use std::os::unix::ffi::OsStrExt;
    let sandbox = Sandbox::new();
    sandbox.desktop();
    for name in [&b"gads\xff.yaml"[..], b"line\nbreak.yaml"] {
        let home = sandbox.home().join(std::ffi::OsStr::from_bytes(&[b"home-", name].concat()));
        fs::create_dir(&home).unwrap();
        for options in [&[][..], &["-p", "n"]] {
            let login = ["login", "--no-browser", "--no-verify", "-c", "../home/client_secret.json"];
            let login = sandbox.command(&[&login[..], options].concat()).env("HOME", &home).code(2);
            login.stderr_has("so profiles.toml cannot hold it").stderr_has("a path of plain text").run();
        }
        assert_eq!(fs::read_dir(&home).unwrap().count(), 0);
    }
    assert!(sandbox.google.world().requests.is_empty());
}

#[test]
fn one_bad_entry_gets_its_own_line_and_hides_no_other() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    let metadata = stored::metadata(&sandbox, &token, DAY, None).replace("issued_at = \"", "issued_at = \"mistyped ");
    let metadata = format!("{metadata}expires_at = \"soon\"\nscopes = \"all\"\n");
    stored::profile(&sandbox, "work", &metadata);
    let profiles = ".config/gads-creds/profiles.toml";
    let bad = "[profiles.future]\nstore = \"cloud\"\n[profiles.\"no name\"]\nstore = \"file\"\n";
    sandbox.write(profiles, sandbox.read(profiles) + bad);
    let shown = works(sandbox.command(&["show", "--all"]));
    assert!(shown.stdout.contains("work ") && shown.stdout.contains("future "), "{shown:?}");
    for part in ["`profiles.future.store`", "`profiles.no name`"] {
        assert!(shown.stderr.contains(part), "{part}: {shown:?}");
    }
    let all = sandbox.command(&["refresh", "--all", "--json"]).code(1).observe();
    assert!(all.stdout.contains("\"valid\":true") && all.stdout.contains("\"profile\":\"future\""), "{all:?}");
    works(sandbox.command(&["refresh", "-p", "work"]));

    sandbox.write(profiles, "[profiles.work\n");
    works(sandbox.command(&["refresh", "--config", "../home/google-ads.yaml"]));
    sandbox.command(&["refresh", "-p", "work"]).code(1).stderr_has("line 1 of").run();
}

/// The step is one that the command can take: it has no other disk to choose, and what it offers works.
#[test]
fn a_revocation_or_move_from_a_read_only_disk_says_to_make_it_writable() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    sandbox.write("held/work.yaml", stored::yaml(&client, &token));
    sandbox.write(".config/gads-creds/profiles.toml", "[profiles.work]\nfile = \"~/held/work.yaml\"\n");
    let Some(mounts) = Mounts::start(&sandbox) else { return };
    mounts.fix("held");
    let forget = ["revoke", "--yes", "--forget", "-p", "work"];
    let commands: [&[&str]; 3] = [
        &["revoke", "--yes", "-p", "work"],
        &forget,
        &["move", "--store", "file", "--config", "new.yaml", "-p", "work"],
    ];
    let offered = "revoke -p work --local-only --forget --yes";
    for args in commands {
        let run = mounts.command(args).code(1).stderr_has("hint: make that file system writable").run();
        assert!(!run.stderr.contains("elsewhere"), "{args:?}: {run:#?}");
        assert_eq!(run.stderr.contains(offered), args == forget, "{args:?}: {run:#?}");
    }
    // With profiles.toml on the same disk it would not work.
    mounts.fix(".config");
    let run = mounts.command(&forget).code(1).stderr_has("hint: make that file system writable").run();
    assert!(!run.stderr.contains(offered), "{run:#?}");
    mounts.sh("umount .config");
    assert!(sandbox.google.lives(&token) && sandbox.google.requests(Endpoint::Revoke).is_empty());
    works(mounts.command(&offered.split(' ').collect::<Vec<_>>()));
    assert_eq!(sandbox.read(".config/gads-creds/profiles.toml"), "");
}
