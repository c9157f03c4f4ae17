//! What is not of its syntax is named by what people wrote, in every format and to every command.

use std::fs;

use crate::sandbox::Sandbox;

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
