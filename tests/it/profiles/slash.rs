//! A path with a slash at its end that names no directory: a file would be written without it, and not be found with it.
#![cfg(unix)]

use crate::sandbox::Sandbox;
use crate::stored;

#[test]
fn a_slash_at_the_end_of_a_file_is_refused_before_anything_is_made() {
    let sandbox = Sandbox::new();
    let (client, _) = stored::works(&sandbox);
    sandbox.client_secrets(&client);
    stored::profile(&sandbox, "work", "");
    let profiles = sandbox.read(sandbox.profiles_file());
    let login = ["login", "--no-browser", "--no-verify", "-c", "../home/client_secret.json"];
    for file in ["../home/new.yaml/", "../home/google-ads.yaml/", "../home/new.yaml//"] {
        let refused = |args: &[&str], source: &str| {
            let run = sandbox.command(args).code(2).stderr_has(&format!("in `{source}` ends with a slash"));
            run.stderr_has("hint: leave the slash out").run();
        };
        refused(&[&login[..], &["--config", file]].concat(), "--config");
        refused(&[&login[..], &["-p", "s", "--config", file]].concat(), "--config");
        refused(&["login", "--start", "-c", "../home/client_secret.json", "--config", file], "--config");
        refused(&["move", "-p", "work", "--store", "file", "--config", file], "--config");
        refused(&["refresh", "--config", file], "--config");
        refused(&["export", "java", &file.replace("yaml", "properties")], "FILE");
        for name in ["GADS_CREDS_CONFIG", "GOOGLE_ADS_CONFIGURATION_FILE_PATH"] {
            let run = sandbox.command(&login).env(name, file).code(2);
            run.stderr_has(&format!("in `{name}` ends with a slash")).run();
        }
    }
    assert_eq!(sandbox.names(""), [".config", "client_secret.json", "google-ads.yaml"]);
    assert_eq!(sandbox.names(".local/state"), [""; 0]);
    assert_eq!(sandbox.read(sandbox.profiles_file()), profiles);
    // A directory is named as one.
    sandbox.command(&["refresh", "--config", "../home/"]).code(1).stderr_has("is a directory").run();
}

/// As earlier versions recorded it: the file is there without the slash.
#[test]
fn a_profile_or_an_interrupted_move_that_has_such_a_path_is_used_without_the_slash() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let refresh = ["refresh", "-p", "work"];
    sandbox.write_profiles("[profiles.work]\nfile = \"~~google-ads.yaml/\"\n");
    sandbox.command(&refresh).stderr_has("access token issued").run();
    let to_other = ["move", "-p", "work", "--store", "file", "--config", "../home/other.yaml"];
    // Killed after the copy was written, and after profiles.toml was.
    let moves = [
        "file = \"~~google-ads.yaml\"\nmoving_to = { store = \"file\", file = \"~~copy.yaml/\" }\n",
        "file = \"~~other.yaml\"\nmoving_from = { store = \"file\", file = \"~~copy.yaml/\" }\n",
    ];
    for entry in moves {
        sandbox.write("copy.yaml", stored::yaml(&client, &token));
        sandbox.write_profiles(&format!("[profiles.work]\nstore = \"file\"\n{entry}"));
        sandbox.command(&to_other).stderr_has("an earlier move of profile `work` was interrupted").run();
        assert!(!sandbox.read("copy.yaml").contains(&token) && sandbox.read("other.yaml").contains(&token));
        sandbox.command(&refresh).stderr_has("access token issued").run();
    }
}
