//! Byte order marks, UTF-16, ISO-8859-1 and CRLF: each file is read as its library reads it, and keeps its encoding when it is
//! edited.

use std::fs;
use std::path::PathBuf;

use crate::sandbox::Sandbox;

const CLIENT: &str = "1234567890-abc.apps.googleusercontent.com";
const SECRET: &str = "GOCSPX-a-planted-client-secret";
const TOKEN: &str = "1//0a-planted-refresh-token";

/// A complete file of each format, the refresh token first; and a comment for a line before it.
const FILES: [(&str, &str, &str); 9] = [
    ("google-ads.yaml", "refresh_token: @T\nclient_id: @C\nclient_secret: @S\nuse_proto_plus: true\n", "# €\n"),
    (
        "ads.properties",
        "api.googleads.refreshToken=@T\napi.googleads.clientId=@C\napi.googleads.clientSecret=@S\n",
        "# é\n",
    ),
    ("googleads.properties", "refreshToken=@T\nclientId=@C\nclientSecret=@S\n", "# é\n"),
    ("google_ads_php.ini", "[OAUTH2]\nrefreshToken = \"@T\"\nclientId = \"@C\"\nclientSecret = \"@S\"\n", "; é\n"),
    (
        "google_ads_config.rb",
        "Google::Ads::GoogleAds::Config.new do |c|\n  c.refresh_token = '@T'\n  c.client_id = '@C'\n  c.client_secret = '@S'\nend\n",
        "# é\n",
    ),
    (
        "App.config",
        "<configuration>\n<configSections><section name=\"GoogleAdsApi\" type=\"System.Configuration.DictionarySectionHandler\"/></configSections>\n<GoogleAdsApi>\n<add key=\"OAuth2RefreshToken\" value=\"@T\"/>\n<add key=\"OAuth2ClientId\" value=\"@C\"/>\n<add key=\"OAuth2ClientSecret\" value=\"@S\"/>\n</GoogleAdsApi>\n</configuration>\n",
        "<?xml version=\"1.0\" encoding=\"windows-1252\"?>\n<!-- é -->\n",
    ),
    (
        "appsettings.json",
        "{\"GoogleAdsApi\": {\n\"OAuth2RefreshToken\": \"@T\",\n\"OAuth2ClientId\": \"@C\",\n\"OAuth2ClientSecret\": \"@S\"\n}}\n",
        "// é\n",
    ),
    (
        "application_default_credentials.json",
        "{\"type\": \"authorized_user\",\n\"refresh_token\": \"@T\",\n\"client_id\": \"@C\",\n\"client_secret\": \"@S\"\n}\n",
        "",
    ),
    (
        ".env",
        "GOOGLE_ADS_REFRESH_TOKEN=@T\nGOOGLE_ADS_CLIENT_ID=@C\nGOOGLE_ADS_CLIENT_SECRET=@S\nGOOGLE_ADS_USE_PROTO_PLUS=True\n",
        "# é\n",
    ),
];

fn filled(text: &str) -> String {
    text.replace("@T", TOKEN).replace("@C", CLIENT).replace("@S", SECRET)
}

fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|char| u8::try_from(char).unwrap_or(b'?')).collect()
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
}

fn with_bytes(sandbox: &Sandbox, name: &str, bytes: &[u8]) -> PathBuf {
    let path = sandbox.write(name, "");
    fs::write(&path, bytes).expect("a file of ours");
    path
}

/// Returns whether the token in the file is found; if not, the error of `exec`.
#[track_caller]
fn read(sandbox: &Sandbox, path: &std::path::Path) -> Result<(), String> {
    let run = sandbox.run(&["exec", "--config", &path.to_string_lossy(), "--", crate::PROGRAM, "--version"]);
    let show = sandbox.run(&["show", "--reveal", "--config", &path.to_string_lossy()]);
    match run.code {
        0 => {
            assert!(show.stdout.contains(TOKEN), "{show:?}");
            Ok(())
        }
        _ => {
            assert!(!show.stdout.contains(TOKEN), "{show:?}");
            assert!(run.stderr.contains("\nhint: ") && !run.stderr.contains(TOKEN), "{run:?}");
            Err(run.stderr)
        }
    }
}

#[test]
fn a_byte_order_mark_is_an_error_where_the_library_takes_it_for_text() {
    for (name, text, comment) in FILES {
        let sandbox = Sandbox::new();
        let marked = |text: &str| format!("\u{feff}{text}").into_bytes();
        let spoils = ["ads.properties", "googleads.properties", ".env"].contains(&name);
        let path = with_bytes(&sandbox, name, &marked(&filled(text)));
        let found = read(&sandbox, &path);
        if spoils {
            let error = found.expect_err(name);
            assert!(error.contains("line 1: ") && error.contains("follows a byte order mark"), "{name}: {error}");
            // If a comment comes first, the library only loses the comment.
            let path = with_bytes(&sandbox, name, &marked(&filled(&format!("{comment}{text}"))));
            assert_eq!(read(&sandbox, &path), Ok(()), "{name}");
        } else if name.starts_with("application") {
            assert!(found.expect_err(name).contains("byte order mark"));
        } else {
            assert_eq!(found, Ok(()), "{name}");
        }
        let doctor = sandbox.run(&["doctor", "--offline", "--config", &path.to_string_lossy()]);
        assert_eq!(doctor.stdout.contains("byte order mark"), name.starts_with("application"), "{name}: {doctor:?}");
    }
}

#[test]
fn a_file_that_is_written_for_its_library_loses_a_byte_order_mark_only_where_it_matters() {
    let sandbox = Sandbox::new();
    let source = with_bytes(&sandbox, "source.yaml", filled(FILES[0].1).as_bytes());
    for (format, name) in
        [("java", "ads.properties"), ("perl", "googleads.properties"), ("env", ".env"), ("python", "google-ads.yaml")]
    {
        let (_, text, _) = FILES.into_iter().find(|(file, ..)| *file == name).expect("a file of the table");
        let path = with_bytes(&sandbox, name, format!("\u{feff}{}", filled(text)).as_bytes());
        let export =
            ["export", "--config", &source.to_string_lossy(), format, &path.to_string_lossy()].map(str::to_owned);
        let run = sandbox.run(&export.each_ref().map(String::as_str));
        assert_eq!(run.code, 0, "{run:?}");
        let stays = name == "google-ads.yaml";
        assert_eq!(run.stderr.contains("removed the byte order mark"), !stays, "{run:?}");
        assert_eq!(fs::read(&path).expect("written").starts_with("\u{feff}".as_bytes()), stays, "{name}");
        assert_eq!(read(&sandbox, &path), Ok(()), "{name}");
    }
}

#[test]
fn utf_16_is_read_where_the_library_reads_it_and_named_elsewhere() {
    for (name, text, _) in FILES {
        for little in [true, false] {
            let sandbox = Sandbox::new();
            let path = with_bytes(&sandbox, name, &utf16(&filled(text), little));
            let found = read(&sandbox, &path);
            match name {
                "google-ads.yaml" | "App.config" | "appsettings.json" => assert_eq!(found, Ok(()), "{name}"),
                _ => assert!(found.expect_err(name).contains("UTF-16 text"), "{name}"),
            }
            let bare = with_bytes(&sandbox, name, &utf16(&filled(text), little)[2..]);
            let error = read(&sandbox, &bare).expect_err(name);
            assert!(error.contains("is UTF-16 text without a byte order mark"), "{name}: {error}");
        }
    }
}

#[test]
fn an_edit_keeps_the_encoding_of_the_file() {
    let sandbox = Sandbox::new();
    let source = with_bytes(&sandbox, "source.yaml", filled(FILES[0].1).as_bytes());
    for (format, name, little) in [
        ("python", "google-ads.yaml", Some(true)),
        ("python", "a.yaml", Some(false)),
        ("java", "ads.properties", None),
        ("php", "google_ads_php.ini", None),
    ] {
        let file = FILES.into_iter().find(|(file, ..)| *file == name).unwrap_or(FILES[0]);
        let old = format!("{}{}", file.2, filled(file.1).replace(TOKEN, "1//0an-older-token"));
        let encode = |text: &str| little.map_or_else(|| latin1(text), |little| utf16(text, little));
        let path = with_bytes(&sandbox, name, &encode(&old));
        let (source, target) = (source.to_string_lossy(), path.to_string_lossy());
        let run = sandbox.run(&["export", "--config", &source, format, &target]);
        assert_eq!(run.code, 0, "{name}: {run:?}");
        assert_eq!(fs::read(&path).expect("written"), encode(&format!("{}{}", file.2, filled(file.1))), "{name}");
    }
}

#[test]
fn iso_8859_1_is_read_where_the_library_reads_bytes() {
    for (name, text, comment) in FILES {
        let sandbox = Sandbox::new();
        let comment = comment.replace('€', "é");
        let path = with_bytes(&sandbox, name, &latin1(&format!("{comment}{}", filled(text))));
        let found = read(&sandbox, &path);
        match name {
            "google-ads.yaml" | "appsettings.json" | ".env" => {
                assert!(found.expect_err(name).contains("is not UTF-8 text: line 1, byte "), "{name}");
            }
            _ => assert_eq!(found, Ok(()), "{name}"),
        }
    }
    // Ruby reads such bytes only in a comment, and XML only if its declaration names the encoding.
    let sandbox = Sandbox::new();
    let ruby = filled(FILES[4].1).replace("Config.new", "Config.new # ok\nX = 'é'\n");
    assert!(read(&sandbox, &with_bytes(&sandbox, "google_ads_config.rb", &latin1(&ruby))).is_err());
    let xml = format!("<!-- é -->\n{}", filled(FILES[5].1));
    assert!(read(&sandbox, &with_bytes(&sandbox, "App.config", &latin1(&xml))).is_err());
}

#[test]
fn what_is_piped_in_may_be_utf_16() {
    let sandbox = Sandbox::new();
    let client = sandbox.google.desktop();
    let account = sandbox.google.service_account();
    sandbox.plant("a-developer-token-1234");
    for (number, (little, mark)) in [(true, 0), (true, 2), (false, 0), (false, 2)].iter().enumerate() {
        let piped = |content: &str| utf16(content, *little)[*mark..].to_vec();
        let file = format!("client-{number}.yaml");
        let args = ["-c", "-", "--config", &file, "--no-verify"];
        let login = sandbox.login(&args).stdin(piped(&client.secrets_file())).stderr_has("stored").start();
        login.visit(&crate::google::browser::Decision::allow());
        login.finish();
        let set = ["set", "--config", &file, "--developer-token-file", "-"];
        sandbox.command(&set).stdin(piped("a-developer-token-1234\r\n")).stderr_has("set the developer token").run();
        let written = fs::read_to_string(sandbox.work().join(&file)).expect("it was written");
        assert!(written.contains("developer_token: \"a-developer-token-1234\"\n"), "{written}");
        let key = format!("key-{number}.json");
        let args = ["login", "-q", "--key-file", "-", "--format", "adc", "--config", &key];
        sandbox.command(&args).stdin(piped(&account.key_file())).stderr_has("").run();
        let written = fs::read_to_string(sandbox.work().join(&key)).expect("it was written");
        assert!(written.contains(&account.email), "{number}");
    }
}
