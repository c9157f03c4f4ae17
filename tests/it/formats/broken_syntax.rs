//! What is not of its syntax is named by what people wrote, in every format and to every command.

use std::fs;

use crate::sandbox::Sandbox;

/// The cause of a `\` that makes no escape.
const ESCAPE: &str = "has a `\\` in double quotes, which starts an escape there; write `\\\\`, or `/` in a path";

/// File, text, cause and step.
const BROKEN: &[(&str, &str, &str, &str)] = &[
    // The whole text
    (
        "google-ads.yaml",
        "<!DOCTYPE html>\n<html><body>x: y</body></html>\n",
        "is an HTML page",
        "download the file again",
    ),
    ("google-ads.yaml", "$ANSIBLE_VAULT;1.1;AES256\n6638643965323633\n", "is encrypted by Ansible Vault", "decrypt it"),
    ("google-ads.yaml", "-----BEGIN PGP MESSAGE-----\n\nhQIMA\n", "is encrypted by GPG", "decrypt it first"),
    ("google-ads.yaml", "age-encryption.org/v1\n-> X25519 a\n", "is encrypted by age", "decrypt it first"),
    ("c.json", "version https://git-lfs.github.com/spec/v1\noid sha256:a\n", "is a pointer of Git LFS", "git lfs pull"),
    ("App.config", "<!DOCTYPE html>\n<html></html>\n", "is an HTML page", "download the file again"),
    // JSON
    (
        "application_default_credentials.json",
        "{\n\"type\": \"authorized_user\",\n}\n",
        "line 2 … has a comma after the last member",
        "fix line 2",
    ),
    (
        "application_default_credentials.json",
        "{\"type\": \"authorized_user\", }\n",
        "line 1 … has a comma after the last member",
        "fix line 1",
    ),
    (
        "application_default_credentials.json",
        "{\n\"type\": \"authorized_user\"\n\"client_id\": \"a\"\n}\n",
        "line 2 … has no comma at its end",
        "fix line 2",
    ),
    (
        "application_default_credentials.json",
        "{\n'type': 'authorized_user'\n}\n",
        "line 2 … has single quotes",
        "fix line 2",
    ),
    (
        "application_default_credentials.json",
        "{\ntype: \"authorized_user\"\n}\n",
        "line 2 … has a name without quotes",
        "fix line 2",
    ),
    (
        "application_default_credentials.json",
        "{\n\u{201c}type\u{201d}: \"authorized_user\"\n}\n",
        "line 2 … has curly quotes",
        "fix line 2",
    ),
    (
        "application_default_credentials.json",
        "{\n\"type\"\u{ff1a} \"authorized_user\"\n}\n",
        "line 2 … has a full-width colon",
        "fix line 2",
    ),
    (
        "application_default_credentials.json",
        "```json\n{\n\"type\": \"authorized_user\"\n}\n```\n",
        "line 1 … is a mark around code in Markdown",
        "fix line 1",
    ),
    (
        "application_default_credentials.json",
        "{\n<<<<<<< HEAD\n\"type\": \"authorized_user\"\n=======\n>>>>>>> b\n}\n",
        "line 2 … is a marker that Git leaves",
        "fix line 2",
    ),
    (
        "appsettings.json",
        "{\"GoogleAdsApi\": {\n\"OAuth2ClientId\" = \"a\"\n}}\n",
        "line 2 … has `=`, where JSON requires `:`",
        "fix line 2",
    ),
    // YAML
    (
        "google-ads.yaml",
        "client_id: \"a\",\nclient_secret: \"b\"\n",
        "line 1 … the value of `client_id` has a comma after its closing quote",
        "fix line 1",
    ),
    (
        "google-ads.yaml",
        "client_id: a\n  client_secret: b\n",
        "line 2 … `client_secret` is indented more than the line before it",
        "fix line 2",
    ),
    (
        "google-ads.yaml",
        "client_id: a\nclient_secret\u{ff1a} b\nuse_proto_plus: true\n",
        "line 2 … has a full-width colon",
        "fix line 2",
    ),
    ("google-ads.yaml", "```yaml\nclient_id: a\n```\n", "line 1 … is a mark around code in Markdown", "fix line 1"),
    (
        "google-ads.yaml",
        "<<<<<<< HEAD\nclient_id: a\n=======\nclient_id: b\n>>>>>>> x\n",
        "line 1 … is a marker that Git leaves",
        "fix line 1",
    ),
    // TOML
    (
        "secrets.toml",
        "[sources.google_ads]\ndev_token: \"a\"\n",
        "line 2 … has `:`, where TOML requires `=`",
        "fix line 2",
    ),
    ("secrets.toml", "[sources.google_ads]\ndev_token = abc\n", "line 2 … has a value without quotes", "fix line 2"),
    (
        "secrets.toml",
        "[a]\nx = 1\nx = 2\n",
        "line 3 … sets a key or opens a section that is there already",
        "fix line 3",
    ),
    // XML
    (
        "App.config",
        "<configuration>\n<GoogleAdsApi>\n<add key=OAuth2ClientId value=\"a\"/>\n</GoogleAdsApi>\n</configuration>\n",
        "line 3 … has an attribute without quotes",
        "fix line 3",
    ),
    (
        "App.config",
        "<configuration>\n<GoogleAdsApi>\n<add key=\u{201c}OAuth2ClientId\u{201d} value=\"a\"/>\n</GoogleAdsApi>\n</configuration>\n",
        "line 3 … has curly quotes",
        "fix line 3",
    ),
    (
        "App.config",
        "<configuration>\n<GoogleAdsApi/>\n<GoogleAdsApi/>\n</configuration>\n",
        "line 3 … is a second section `GoogleAdsApi`",
        "merge the two sections",
    ),
    (
        "App.config",
        "<?xml version=\"1.0\" encoding=\"utf-16\"?>\n<configuration/>\n",
        "declares UTF-16",
        "write `encoding=\"utf-8\"`",
    ),
    (
        "App.config",
        "<configuration>\n<GoogleAdsApi>\n<add key=\"a\" value=\"b\">\n</GoogleAdsApi>\n</configuration>\n",
        "line 3 … has an element `add` that is not closed",
        "fix line 3",
    ),
    ("secrets.toml", "[sources.google_ads\n", "line 1 … opens the name of a section", "fix line 1"),
    (
        "c.json",
        "{\"google_ads\": {\"client_id\": \"a\" \"client_secret\": \"b\"}}\n",
        "has no comma between two",
        "fix line 1",
    ),
    // A path of Windows in double quotes
    ("google-ads.yaml", "json_key_file_path: \"C:\\Users\\jo\\key.json\"\n", ESCAPE, "fix line 1"),
    ("secrets.toml", "[a]\n# it's\nx = \"C:\\work\\key.json\"\n", ESCAPE, "fix line 3"),
    ("secrets.toml", "[a]\nx = \"C:\\Users\\jo\"\n", ESCAPE, "fix line 2"),
    (
        "appsettings.json",
        "{\"GoogleAdsApi\": {\"OAuth2SecretsJsonPath\": \"C:\\work\\key.json\"}}\n",
        ESCAPE,
        "fix line 1",
    ),
    (
        "appsettings.json",
        "{\"GoogleAdsApi\": {\"OAuth2SecretsJsonPath\": \"C:\\users\\key.json\"}}\n",
        ESCAPE,
        "fix line 1",
    ),
    ("application_default_credentials.json", "{\n\"x\": \"\\\\host\\ads\\\"\n}\n", ESCAPE, "fix line 2"),
    ("c.json", "{\"google_ads\": {\"client_id\": \"a\\.b\"}}\n", ESCAPE, "fix line 1"),
    (
        "ads.properties",
        "api.googleads.serviceAccountSecretsPath=C:\\users\\jo\\key.json\n",
        "malformed `\\u` escape … write `\\\\` for a `\\`",
        "fix line 1",
    ),
    // The languages of one library
    (
        "google_ads_config.rb",
        "Google::Ads::GoogleAds::Config.new do |c|\n<<<<<<< HEAD\n=======\n>>>>>>> b\nend\n",
        "line 2 … is a marker that Git leaves",
        "fix line 2",
    ),
    (
        "google_ads_php.ini",
        "[OAUTH2]\nclientId = a\n#[OAUTH2]\n",
        "line 3 … is not a comment to PHP",
        "write `;` in place of that `#`",
    ),
    ("google_ads_php.ini", "<<<<<<< HEAD\n=======\n>>>>>>> b\n", "is a marker that Git leaves", "fix line 1"),
];

#[test]
fn what_is_wrong_with_the_syntax_is_named_and_the_file_stays() {
    let sandbox = Sandbox::new();
    let mut wrong = Vec::new();
    for (name, text, cause, step) in BROKEN {
        let format = if name.starts_with("c.") { &["--format", "mureo"][..] } else { &[] };
        let path = sandbox.write(name, text);
        let path_text = path.to_string_lossy();
        for command in [&["refresh"][..], &["login", "--no-browser", "--timeout", "1"]] {
            let run = sandbox.run(&[command, &["--config", &path_text], format].concat());
            let is_said = cause.split('…').chain([*step]).all(|part| run.stderr.contains(part.trim()));
            if run.code != 1 || !is_said {
                wrong.push(format!("{command:?}: no {cause:?}, {step:?}: {}\n{text}", run.stderr));
            }
        }
        assert_eq!(fs::read_to_string(&path).expect("it is there"), *text);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The text is of its syntax, and its value is another one than the path that people see.
#[test]
fn a_backslash_of_a_path_that_makes_an_escape_is_named() {
    let ruby = |path: &str| format!("Google::Ads::GoogleAds::Config.new do |c|\n  c.keyfile = \"{path}\"\nend\n");
    let json = r#"{"GoogleAdsApi": {"OAuth2Mode": "SERVICE_ACCOUNT", "OAuth2SecretsJsonPath": "C:\new\table.json"}}"#;
    let control = "as `/` or `\\\\`: alone it starts an escape";
    let lost = "write `/` or `\\\\` in place of each `\\`";
    for (name, text, step) in [
        ("ads.properties", "api.googleads.serviceAccountSecretsPath=C:\\temp\\key.json\n".to_owned(), control),
        ("appsettings.json", json.to_owned(), control),
        ("google_ads_config.rb", ruby(r"C:\work\k\new.json"), control),
        ("google_ads_config.rb", ruby(r"C:\users\key.json"), "with `/` in place of each `\\`"),
        ("google_ads_config.rb", ruby(r"C:\work\key.json"), lost),
        ("google-ads.yaml", "use_proto_plus: true\njson_key_file_path: \"C:\\temp\\new.json\"\n".to_owned(), lost),
    ] {
        let sandbox = Sandbox::new();
        let path = sandbox.write(name, &text);
        let run = sandbox.run(&["refresh", "--config", &path.to_string_lossy()]);
        assert!(run.code != 0 && run.stderr.contains(step), "{name}: {run:?}\n{text}");
    }
}

#[test]
fn utf_32_is_called_by_its_name() {
    let sandbox = Sandbox::new();
    for mark in ["", "\u{feff}"] {
        let text = format!("{mark}use_proto_plus: true\n");
        let bytes: Vec<u8> = text.chars().flat_map(|char| u32::from(char).to_le_bytes()).collect();
        let path = sandbox.path("google-ads.yaml");
        fs::write(&path, bytes).expect("it is written");
        let run = sandbox.run(&["refresh"]);
        assert!(run.code == 1 && run.stderr.contains("is UTF-32 text"), "{run:?}");
    }
}
