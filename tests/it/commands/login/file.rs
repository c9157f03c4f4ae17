//! What a login writes into the file.

use super::{allow, issued, login, new_file};
use crate::sandbox::Sandbox;

#[test]
fn a_login_writes_a_complete_new_file() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let place = sandbox.home().join("google-ads.yaml");
    let outcome = allow(login(&sandbox, &[]));
    let last = format!("stored the refresh token in `{}`\n", place.display());
    assert!(outcome.stderr.ends_with(&last), "{outcome:#?}");
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
    assert!(sandbox.google.lives(&issued(&sandbox)));
    assert_eq!(super::recovery_files(&sandbox), Vec::<std::path::PathBuf>::new());
}

#[test]
fn in_a_file_with_comments_only_the_lines_meant_change() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let text = |id: &str, secret: &str, token: &str| {
        format!(
            "# Ours since 2019; ask Grace before you touch it.\r\n\
             developer_token: abcdefghijklmnopqrstuv   # ignored today\r\n\
             client_id: {id} # the new one\r\n\
             \r\n\
             client_secret:   {secret}\r\n\
             refresh_token: {token}   # Ada's\r\n\
             use_proto_plus: True\r\n\
             logging:\r\n\
             \x20 version: 1\r\n\
             \x20 refresh_token: not this one\r\n\
             login_customer_id: 1234567890\r\n\
             # without a last line end"
        )
    };
    let old = "old-1.apps.googleusercontent.com";
    sandbox.write("google-ads.yaml", text(old, "GOCSPX-old", "1//0old"));
    allow(login(&sandbox, &[]));
    let new = sandbox.read("google-ads.yaml");
    let plain = new.replace(['"', '\''], "");
    assert_eq!(plain, text(&client.id, &client.secret, &issued(&sandbox)).replace('\'', ""));
}

#[test]
fn placeholders_left_in_a_template_are_commented_out_and_named() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let template = "developer_token: INSERT_DEVELOPER_TOKEN_HERE\n\
                    use_proto_plus: INSERT_USE_PROTO_PLUS_FLAG_HERE\n\
                    client_id: INSERT_OAUTH2_CLIENT_ID_HERE\n\
                    client_secret: INSERT_OAUTH2_CLIENT_SECRET_HERE\n\
                    refresh_token: INSERT_REFRESH_TOKEN_HERE\n\
                    # json_key_file_path: INSERT_JSON_KEY_FILE_PATH_HERE\n\
                    login_customer_id: INSERT_LOGIN_CUSTOMER_ID_HERE\n\
                    linked_customer_id: INSERT_LINKED_CUSTOMER_ID_HERE\n";
    sandbox.write("google-ads.yaml", template);
    let outcome = allow(login(&sandbox, &[]));
    for line in [
        "line 1: commented out `developer_token`, which still held its placeholder\n",
        "line 2: set `use_proto_plus` to `true`; it had no value\n",
        "line 7: commented out `login_customer_id`, which still held its placeholder\n",
        "line 8: commented out `linked_customer_id`, which still held its placeholder\n",
    ] {
        assert!(outcome.stderr.contains(line), "no {line:?}: {outcome:#?}");
    }
    let expected = format!(
        "# developer_token: INSERT_DEVELOPER_TOKEN_HERE\n\
         use_proto_plus: true\n\
         client_id: {}\n\
         client_secret: {}\n\
         refresh_token: {}\n\
         # json_key_file_path: INSERT_JSON_KEY_FILE_PATH_HERE\n\
         # login_customer_id: INSERT_LOGIN_CUSTOMER_ID_HERE\n\
         # linked_customer_id: INSERT_LINKED_CUSTOMER_ID_HERE\n",
        client.id,
        client.secret,
        issued(&sandbox)
    );
    assert_eq!(sandbox.read("google-ads.yaml").replace('"', ""), expected);
}

#[test]
fn a_second_login_changes_the_token_alone() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    allow(login(&sandbox, &[]));
    let (first, token) = (sandbox.read("google-ads.yaml"), issued(&sandbox));
    allow(sandbox.login(&["--no-verify"]));
    assert_ne!(issued(&sandbox), token);
    assert_eq!(sandbox.read("google-ads.yaml"), first.replace(&token, &issued(&sandbox)));
}

#[cfg(unix)]
#[test]
fn the_file_is_private_whatever_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let script = "umask 000; exec \"$@\"";
    let program = crate::PROGRAM;
    let args = ["-c", script, "sh", program, "login", "--no-browser", "-p", "work", super::CLIENT[0], super::CLIENT[1]];
    let running = sandbox.other_program("/bin/sh", &args).stderr_has("stored the refresh token").start();
    running.visit(&crate::google::browser::Decision::allow());
    running.finish();
    for (path, _) in super::all_files(&sandbox.home()) {
        let mode = path.metadata().unwrap().permissions().mode() & 0o777;
        // Except for the download that the test wrote, no file may be readable by others.
        assert!(path.ends_with("client_secret.json") || mode == 0o600, "{} is {mode:o}", path.display());
    }
    for directory in [".config/gads-creds", ".local/state/gads-creds"] {
        let mode = sandbox.home().join(directory).metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o700, "{directory}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_its_target_is_private_afterwards() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let target = sandbox.write("dotfiles/google-ads.yaml", "# in a repository\n");
    sandbox.chmod(&target, 0o644);
    std::os::unix::fs::symlink("dotfiles/google-ads.yaml", sandbox.home().join("google-ads.yaml")).unwrap();
    allow(login(&sandbox, &[]).stderr_has("was 0644; it is 0600 now"));
    let link = sandbox.home().join("google-ads.yaml");
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(target.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let text = sandbox.read(&target);
    assert!(text.starts_with("# in a repository\n") && text.contains(&client.id), "{text}");
}

#[test]
fn a_named_profile_is_recorded() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    allow(login(&sandbox, &["-p", "client-a", "--config", "../home/a.yaml"]));
    assert_eq!(sandbox.read("a.yaml"), new_file(&client, &issued(&sandbox)));
    let profiles = sandbox.read(".config/gads-creds/profiles.toml");
    assert!(profiles.contains("[profiles.client-a]") && profiles.contains("a.yaml"), "{profiles}");
    sandbox.command(&["show", "-p", "client-a"]).stdout_has(&client.id).run();
}

/// What a hint creates a directory and those above it with.
const MKDIR: &str = if cfg!(windows) { "`mkdir " } else { "`mkdir -p " };

#[test]
fn one_missing_directory_is_created_and_two_are_an_error() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let two = login(&sandbox, &["--config", "../home/mistyped/a/google-ads.yaml"]).code(1);
    two.stderr_has("mistyped`").stderr_has(MKDIR).run();
    assert!(!sandbox.home().join("mistyped").exists());
    let login = login(&sandbox, &["--config", "../home/clients/google-ads.yaml"]);
    allow(login.stderr_has("created the directory").stderr_has("clients`, which did not exist"));
    assert_eq!(sandbox.read("clients/google-ads.yaml"), new_file(&client, &issued(&sandbox)));
}

#[test]
fn a_path_below_a_file_is_refused_before_the_browser_and_by_what_reads() {
    let sandbox = Sandbox::logged_in();
    let path = "../home/google-ads.yaml/x.yaml";
    let (cause, step) = ("a part of the path is not a directory", "hint: check the path: a part of it is a file");
    login(&sandbox, &["--config", path]).code(1).stderr_has(cause).stderr_has(step).run();
    for command in [&["login", "--start", "-c", "client_secret.json"][..], &["show"], &["refresh"]] {
        let run = sandbox.command(&[command, &["--config", path]].concat()).code(1);
        run.stderr_has(cause).stderr_has(step).run();
    }
    assert_eq!(sandbox.google.requests(crate::google::Endpoint::Token).len(), 0);
}

#[test]
fn a_path_that_no_shell_has_expanded_is_expanded_or_refused() {
    const VARIABLE: &str = "GOOGLE_ADS_CONFIGURATION_FILE_PATH";
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let elsewhere = if cfg!(windows) { r"%USERPROFILE%\google-ads.yaml" } else { r"C:\google-ads.yaml" };
    for text in ["gs://bucket/google-ads.yaml", "$HOME/google-ads.yaml", "'~/google-ads.yaml'", elsewhere] {
        login(&sandbox, &[]).env(VARIABLE, text).code(2).stderr_has(VARIABLE).run();
        login(&sandbox, &["--config", text]).code(2).stderr_has("--config").run();
    }
    allow(login(&sandbox, &[]).env(VARIABLE, "~/own.yaml"));
    assert_eq!(sandbox.read("own.yaml"), new_file(&client, &issued(&sandbox)));
    sandbox.command(&["show", "--config=~/own.yaml"]).stdout_has(&client.id).run();
    sandbox
        .command(&["export", "java", "~/ads.properties"])
        .env(VARIABLE, "~/own.yaml")
        .stderr_has("ads.properties")
        .run();
    assert!(sandbox.read("ads.properties").contains(&client.id));
    assert!(!sandbox.home().join("~").exists());
}
