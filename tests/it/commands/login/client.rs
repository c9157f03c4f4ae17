//! Which OAuth client a login uses.

use std::fs;

use super::{allow, asked, issued, login, new_file, refuses};
use crate::sandbox::{QUOTE, Sandbox};

#[test]
fn the_client_comes_from_the_file_named_by_any_spelling_of_the_option() {
    for option in ["-c", "--client-secrets", "--client_secrets_path", "--client-secrets-path"] {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        allow(sandbox.login(&["--no-verify", option, "../home/client_secret.json"]));
        assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)), "{option}");
    }
}

/// The step after another file of Google's names that file.
#[test]
fn a_file_that_is_no_client_is_used_as_what_it_is() {
    let sandbox = Sandbox::new();
    let key = sandbox.google.service_account().key_file();
    let user = "{\"type\": \"authorized_user\", \"refresh_token\": \"1//0a\"}";
    for (text, step) in
        [(key.as_str(), "`gads-creds login --key-file FILE`"), (user, "use it with `--config FILE --format adc`")]
    {
        let path = sandbox.write("it is.json", text).display().to_string();
        let step = step.replace("FILE", &format!("{QUOTE}{path}{QUOTE}"));
        sandbox.command(&["login", "--no-browser", "-c", &path]).code(2).stderr_has(&step).run();
        sandbox.command(&["login", "--no-browser", "-c", "-"]).stdin(text).code(2).stderr_has("FILE").run();
    }
}

#[test]
fn a_dash_reads_standard_input() {
    let sandbox = Sandbox::new();
    let client = sandbox.google.desktop();
    allow(sandbox.login(&["--no-verify", "-c", "-"]).stdin(client.secrets_file()));
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
}

#[test]
fn without_the_option_the_stored_client_is_preferred_to_files_found() {
    let sandbox = Sandbox::new();
    let stored = sandbox.google.desktop();
    sandbox.desktop();
    sandbox.write("google-ads.yaml", format!("client_id: {}\nclient_secret: {}\n", stored.id, stored.secret));
    allow(sandbox.login(&["-v"]).stderr_has("using the OAuth client that is already stored"));
    assert_eq!(asked(&sandbox, "client_id"), Some(stored.id));
}

#[test]
fn a_placeholder_is_not_a_stored_client() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "google-ads.yaml",
        "client_id: INSERT_OAUTH2_CLIENT_ID_HERE\nclient_secret: INSERT_OAUTH2_CLIENT_SECRET_HERE\n",
    );
    refuses(sandbox.login(&[]).code(2).stderr_has("there is no OAuth client yet"));
}

#[test]
fn the_only_file_found_is_used() {
    for directory in ["../work", ".", "Downloads"] {
        let sandbox = Sandbox::new();
        let client = sandbox.google.desktop();
        let name = format!("client_secret_{}.json", client.id);
        let path = sandbox.home().join(directory).join(&name).components().collect::<std::path::PathBuf>();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        sandbox.write(&path, client.secrets_file());
        allow(sandbox.login(&[]).stderr_has("using the OAuth client in `").stderr_has(&name));
        assert_eq!(asked(&sandbox, "client_id"), Some(client.id), "{directory}");
    }
}

#[test]
fn several_files_are_listed_and_none_is_taken() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    sandbox.write("Downloads/client_secret_2.json", sandbox.google.desktop().secrets_file());
    let outcome = refuses(sandbox.login(&[]).code(2).stderr_has("hint: name one with `--client-secrets FILE`"));
    for name in [&["home", "client_secret.json"], &["Downloads", "client_secret_2.json"]] {
        assert!(outcome.stderr.contains(&name.join(std::path::MAIN_SEPARATOR_STR)), "{outcome:#?}");
    }
}

#[cfg(unix)]
#[test]
fn at_a_terminal_one_of_several_is_picked() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let second = sandbox.google.desktop();
    sandbox.write("Downloads/client_secret_2.json", second.secrets_file());
    let mut terminal = sandbox.login(&["--no-verify"]).terminal();
    terminal.expect("  2  `");
    terminal.expect("Number of the client-secrets file");
    terminal.send("2");
    super::browse(&terminal.url()).join().unwrap().unwrap();
    terminal.finish();
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&second, &issued(&sandbox)));
}

#[cfg(unix)]
#[test]
fn at_a_terminal_a_number_that_is_not_listed_is_asked_again() {
    for answer in ["0", "3", "x", ""] {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        sandbox.write("Downloads/client_secret_2.json", sandbox.google.desktop().secrets_file());
        let mut terminal = sandbox.login(&[]).code(2).terminal();
        terminal.expect("Number of the client-secrets file");
        terminal.send(answer);
        terminal.expect("is not the number of a usable file");
        terminal.expect("Number of the client-secrets file");
        terminal.send_end();
        assert!(!terminal.finish().stdout.contains("/o/oauth2/"), "{answer}");
    }
}

#[test]
fn without_any_client_the_page_to_create_one_is_named() {
    let sandbox = Sandbox::new();
    let spec = sandbox.login(&[]).code(2).stderr_has("there is no OAuth client yet");
    refuses(spec.stderr_has("Desktop app at https://console.cloud.google.com/auth/clients"));
}

#[test]
fn a_client_that_names_the_stand_in_is_refused_when_there_is_none() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let google = "https://oauth2.googleapis.com";
    let origin = sandbox.google.url().to_owned();
    sandbox.write("client_secret.json", client.secrets_file().replace(google, &origin));
    // With the stand-in in use, its own address is accepted like Google's.
    allow(login(&sandbox, &["--no-verify"]));
    for variable in [None, Some("")] {
        let spec = login(&sandbox, &[]).code(2).stderr_has("names `token_uri` at `127.0.0.1:");
        match variable {
            None => refuses(spec.without_env("GADS_CREDS_ENDPOINT")),
            Some(value) => refuses(spec.env("GADS_CREDS_ENDPOINT", value)),
        };
    }
}

/// The client ID is a part of the URL: a secret in its place would be shown to everybody who sees that URL, and a client that
/// cannot be right would cost a consent.
#[test]
fn a_client_with_a_value_of_another_kind_is_refused_before_the_browser() {
    let sandbox = Sandbox::new();
    let (id, secret) = ("1-a.apps.googleusercontent.com", "GOCSPX-a-planted-client-secret");
    sandbox.plant(secret);
    sandbox.plant("planted-token");
    for (id, secret, expected) in [
        (secret, id, "its `client_id` is a client secret"),
        ("ya29.planted-token", secret, "its `client_id` is an access token"),
        ("1%2F%2F06planted-token", secret, "`client_id`"),
        ("1//06planted-token", secret, "its `client_id` is a refresh token"),
        ("http://1-a.apps.googleusercontent.com", secret, "its `client_id` is a URL"),
        ("someone@example.com", secret, "its `client_id` is an e-mail address"),
        (id, "1//06planted-token", "its `client_secret` is a refresh token"),
        (id, "ya29.planted-token", "its `client_secret` is an access token"),
        (id, "someone@example.com", "its `client_secret` is an e-mail address"),
        (id, "GOCSPX-a-planted-client-secret,", "its `client_secret` is a value with a bracket, a comma"),
        (id, id, "its `client_secret` is a client ID"),
        ("764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com", secret, "gcloud's own client"),
    ] {
        let text = format!("{{\"installed\": {{\"client_id\": \"{id}\", \"client_secret\": \"{secret}\"}}}}");
        sandbox.write("client_secret.json", text);
        for start in [&[][..], &["--start"]] {
            let args = [&["login", "-c", "../home/client_secret.json", "--timeout", "1"], start].concat();
            let run = sandbox.command(&args).observe();
            assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{id}: {run:#?}");
            assert!(run.stderr.contains(expected) && !run.stderr.contains("http://127"), "{id}: {run:#?}");
        }
    }
    assert!(sandbox.google.world().requests.is_empty());
}

#[test]
fn a_client_secrets_file_that_was_damaged_is_repaired_and_not_created_anew() {
    let sandbox = Sandbox::new();
    let good = sandbox.google.desktop().secrets_file();
    let twice = good.replacen("\"client_id\"", "\"client_id\": \"1\", \"client_id\"", 1);
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(good.bytes().flat_map(|byte| [byte, 0])).collect();
    for (bytes, fact) in [
        (b"{\"installed\": {\"client_id\": \"1\",}}".to_vec(), "line 1 has a comma after the last member"),
        (format!("// mine\n{good}").into_bytes(), "line 1 is a comment, which JSON does not have"),
        (good.replace('"', "\u{201d}").into_bytes(), "curly quotes"),
        (twice.into_bytes(), "`client_id` twice"),
        (format!("[{good}]").into_bytes(), "a list"),
        (format!("```json\n{good}\n```\n").into_bytes(), "line 1 is a mark around code in Markdown"),
        (format!("<<<<<<< HEAD\n{good}\n=======\n").into_bytes(), "line 1 is a marker that Git leaves"),
        (b"{\"installed\": {\n\"client_id\": \"1\"\n\"client_secret\": \"2\"}}".to_vec(), "line 2 has no comma"),
        (b"{\"installed\": {\n\"client_id\" = \"1\"}}".to_vec(), "line 2 has `=`, where JSON requires `:`"),
        (b"{\"installed\": {\n\"client_id\": \"1\n2\"}}".to_vec(), "line 2 has a text that goes on"),
        (b"GOOGLE_ADS_CLIENT_ID=1\nGOOGLE_ADS_CLIENT_SECRET=2\n".to_vec(), "has lines of `key=value`"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:a\n".to_vec(), "is a pointer of Git LFS"),
        (format!("{{\"client\": {good}}}").into_bytes(), "has its client one level too deep"),
        (format!("{{\"installed\": {good}}}").into_bytes(), "has its client one level too deep"),
        (good.replacen("\"installed\"", "\"desktop\"", 1).into_bytes(), "under another name than `installed` or `web`"),
        (good.replacen("\"client_secret\"", "\"clientSecret\"", 1).into_bytes(), "has `client_secret` in another"),
        (good.replacen("\"client_id\"", "\"clientId\"", 1).into_bytes(), "has `client_id` in another spelling"),
        (b"installed:\n  client_id: a\n  client_secret: b\n".to_vec(), "is YAML"),
        (b"ewogICJpbnN0YWxsZWQiOiB7fQp9\n".to_vec(), "in base64"),
        (utf16, "is UTF-16 text"),
    ] {
        sandbox.write("client_secret.json", bytes);
        let run = sandbox.command(&["login", "-c", "../home/client_secret.json"]).observe();
        assert!(run.code == 2 && run.stderr.contains(fact), "{fact}: {run:#?}");
        assert!(!run.stderr.contains("create an OAuth client"), "{fact}: {run:#?}");
    }
}

#[test]
fn a_client_secrets_file_in_the_place_of_a_configuration_is_recognized_by_every_command() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    for command in ["login", "refresh", "show", "doctor"] {
        let run = sandbox.command(&[command, "--config", "../home/client_secret.json"]).observe();
        assert!(run.code == 2 && run.stderr.contains("is a client-secrets file"), "{command}: {run:#?}");
        assert!(run.stderr.contains("`gads-creds login -c "), "{command}: {run:#?}");
    }
    let run = sandbox.command(&["login", "google-ads.yaml"]).observe();
    assert!(run.code == 2 && run.stderr.contains("`gads-creds login --config google-ads.yaml`"), "{run:#?}");
}
