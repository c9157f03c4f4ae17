//! The formats with a syntax of their own: Ruby, .NET's XML and JSON, Application Default Credentials. The output is
//! read back by real readers: Ruby, Python's XML and JSON, google-auth.

mod adc;
mod dotnet;
mod ruby;

use std::time::{Duration, Instant};

use gads_creds::credentials::{Credentials, CustomerId, Field};
use gads_creds::format::{self, ConflictKind, Format, FormatName, IdentityKind, Outcome};
use gads_creds::secret::Secret;
use serde_json::json;

use self::ruby::ruby_with;
use crate::harness::libraries::{assert_reads, key, read_by_library};

fn ruby() -> &'static dyn Format {
    format::named(FormatName::Ruby, "google_ads_config.rb", "")
}

fn xml() -> &'static dyn Format {
    format::named(FormatName::Dotnet, "App.config", "")
}

fn appsettings() -> &'static dyn Format {
    format::named(FormatName::Dotnet, "appsettings.json", "")
}

fn adc() -> &'static dyn Format {
    format::named(FormatName::Adc, "application_default_credentials.json", "")
}

fn fixture(name: &str) -> String {
    std::fs::read_to_string(format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Every format of this file, with its sample and filled fixtures.
fn all() -> [(&'static dyn Format, String, String); 4] {
    [
        (ruby(), fixture("ruby/sample.rb"), fixture("ruby/filled.rb")),
        (xml(), fixture("dotnet/sample.config"), fixture("dotnet/filled.config")),
        (appsettings(), fixture("dotnet/sample.json"), fixture("dotnet/filled.json")),
        (adc(), fixture("adc/sample.json"), fixture("adc/filled.json")),
    ]
}

fn login(token: &str) -> Credentials {
    Credentials::of_user(
        "987-new.apps.googleusercontent.com",
        Secret::new("GOCSPX-'\"\\<&>new"),
        Some(Secret::new(token)),
    )
}

fn complete() -> Credentials {
    Credentials {
        developer_token: Some(Secret::new("new-developer-token")),
        login_customer_id: CustomerId::exact("9876543210"),
        linked_customer_id: CustomerId::exact("1112223333"),
        ..login("1//0g-new")
    }
}

/// Returns the lines that only one of the texts has, as `-old` and `+new`.
fn difference(old: &str, new: &str) -> Vec<String> {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let new: Vec<&str> = new.split_inclusive('\n').collect();
    let mut lengths = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i][j] =
                if old[i] == new[j] { lengths[i + 1][j + 1] + 1 } else { lengths[i + 1][j].max(lengths[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || i < old.len() && lengths[i + 1][j] >= lengths[i][j + 1] {
            lines.push(format!("-{}", old[i].trim_end_matches('\n')));
            i += 1;
        } else {
            lines.push(format!("+{}", new[j].trim_end_matches('\n')));
            j += 1;
        }
    }
    lines
}

/// Returns what a login writes: the credentials, in a file that loads.
fn logged_in(format: &dyn Format, text: &str, credentials: &Credentials) -> String {
    let text = format.write(text, credentials).unwrap();
    format.make_loadable(&text).unwrap().text
}

#[test]
fn the_library_reads_a_new_file() {
    for (format, _, _) in all() {
        let credentials = format.holds(&complete());
        let text = logged_in(format, "", &credentials);
        assert_eq!(format.read(&text).unwrap().diagnostics, []);
        let Some(read) = read_by_library(format, &[text]) else { continue };
        assert_reads(format, &read[0], &credentials);
    }
}

#[test]
fn the_library_reads_a_sample_that_was_filled_in() {
    for (format, sample, _) in all() {
        for credentials in [login("1//0g-new"), complete()] {
            let credentials = format.holds(&credentials);
            let text = logged_in(format, &sample, &credentials);
            let Some(read) = read_by_library(format, &[text]) else { continue };
            assert_reads(format, &read[0], &credentials);
        }
    }
}

#[test]
fn the_library_reads_a_filled_file_that_was_changed() {
    for (format, _, filled) in all() {
        let credentials = format.holds(&complete());
        let text = logged_in(format, &filled, &credentials);
        let Some(read) = read_by_library(format, &[text]) else { continue };
        assert_reads(format, &read[0], &credentials);
    }
}

#[test]
fn writing_twice_changes_nothing() {
    for (format, sample, filled) in all() {
        for text in ["", &sample, &filled] {
            let once = logged_in(format, text, &complete());
            assert_eq!(logged_in(format, &once, &complete()), once);
        }
    }
}

#[test]
fn a_file_with_the_wanted_values_is_unchanged() {
    for (format, sample, filled) in all() {
        for text in [sample, filled] {
            let credentials = format.read(&text).unwrap().credentials;
            assert_eq!(format.write(&text, &credentials).unwrap(), text);
        }
    }
}

#[test]
fn windows_line_ends_stay() {
    for (format, sample, filled) in all() {
        for text in [sample, filled] {
            let written = logged_in(format, &text, &complete());
            let with_returns = logged_in(format, &text.replace('\n', "\r\n"), &complete());
            assert_eq!(with_returns, written.replace('\n', "\r\n"));
        }
    }
}

#[test]
fn every_character_a_token_may_have_survives() {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let mut tokens: Vec<String> = (0..100)
        .map(|_| {
            let length = 1 + random() % 60;
            (0..length).map(|_| char::from(b'!' + (random() % 94) as u8)).collect()
        })
        .collect();
    let nasty =
        ["#{exit}", "'", "\"", "\\", "\\'", "a\\", "]]>", "-->", "&amp;", "&#39;", "<!--", "*/", "//", "%w[", "${A}"];
    tokens.extend(nasty.map(str::to_owned));
    for (format, sample, filled) in all() {
        let written =
            |token: &String| ["", &sample, &filled].map(|text| logged_in(format, text, &format.holds(&login(token))));
        let texts: Vec<String> = tokens.iter().flat_map(written).collect();
        for (text, token) in texts.iter().zip(tokens.iter().flat_map(|token| [token; 3])) {
            assert_eq!(format.read(text).unwrap().credentials, login(token), "{}", format.name());
        }
        let Some(read) = read_by_library(format, &texts) else { continue };
        for (read, token) in read.iter().zip(tokens.iter().flat_map(|token| [token; 3])) {
            assert_eq!(read[key(format, "refresh_token")], json!(token), "{}", format.name());
        }
    }
}

#[test]
fn a_value_with_a_control_character_is_refused() {
    for (format, sample, _) in all() {
        for token in ["a\nb", "a\rb", "a\0", "\u{85}", "\u{1b}[0m", "a\tb"] {
            assert!(format.write(&sample, &login(token)).is_err());
        }
    }
}

#[test]
fn a_sample_changes_in_the_lines_that_login_means() {
    let written = logged_in(ruby(), &fixture("ruby/sample.rb"), &complete());
    assert_eq!(
        difference(&fixture("ruby/sample.rb"), &written),
        [
            "-  c.developer_token = 'INSERT_DEVELOPER_TOKEN_HERE'",
            "+  c.developer_token = 'new-developer-token'",
            "-  c.client_id = 'INSERT_CLIENT_ID_HERE'",
            "-  c.client_secret = 'INSERT_CLIENT_SECRET_HERE'",
            "-  c.refresh_token = 'INSERT_REFRESH_TOKEN_HERE'",
            "+  c.client_id = '987-new.apps.googleusercontent.com'",
            "+  c.client_secret = 'GOCSPX-\\'\"\\\\<&>new'",
            "+  c.refresh_token = '1//0g-new'",
            "-  # c.login_customer_id = 'INSERT_LOGIN_CUSTOMER_ID_HERE'",
            "+  c.login_customer_id = '9876543210'",
            "-  # c.linked_customer_id = \"INSERT_LINKED_CUSTOMER_ID_HERE\"",
            "+  c.linked_customer_id = '1112223333'",
        ]
    );
    let written = logged_in(xml(), &fixture("dotnet/sample.config"), &login("1//0g-new"));
    assert_eq!(
        difference(&fixture("dotnet/sample.config"), &written),
        [
            "-    <add key=\"DeveloperToken\" value=\"INSERT_YOUR_DEVELOPER_TOKEN_HERE\"/>",
            "+    <!-- <add key=\"DeveloperToken\" value=\"INSERT_YOUR_DEVELOPER_TOKEN_HERE\"/> -->",
            "-    <add key=\"OAuth2ClientId\" value=\"INSERT_OAUTH2_CLIENT_ID_HERE\"/>",
            "-    <add key=\"OAuth2ClientSecret\" value=\"INSERT_OAUTH2_CLIENT_SECRET_HERE\"/>",
            "+    <add key=\"OAuth2ClientId\" value=\"987-new.apps.googleusercontent.com\"/>",
            "+    <add key=\"OAuth2ClientSecret\" value=\"GOCSPX-'&quot;\\&lt;&amp;&gt;new\"/>",
            "-    <add key=\"OAuth2RefreshToken\" value=\"INSERT_OAUTH2_REFRESH_TOKEN_HERE\"/>",
            "+    <add key=\"OAuth2RefreshToken\" value=\"1//0g-new\"/>",
        ]
    );
    let written = logged_in(appsettings(), &fixture("dotnet/sample.json"), &login("1//0g-new"));
    assert_eq!(
        difference(&fixture("dotnet/sample.json"), &written),
        [
            "-        \"DeveloperToken\": \"INSERT_YOUR_DEVELOPER_TOKEN_HERE\",",
            "+        // \"DeveloperToken\": \"INSERT_YOUR_DEVELOPER_TOKEN_HERE\",",
            "-        \"OAuth2ClientId\": \"INSERT_OAUTH2_CLIENT_ID_HERE\",",
            "-        \"OAuth2ClientSecret\": \"INSERT_OAUTH2_CLIENT_SECRET_HERE\",",
            "-        \"OAuth2RefreshToken\": \"INSERT_OAUTH2_REFRESH_TOKEN_HERE\",",
            "-        \"LoginCustomerId\": \"INSERT_LOGIN_CUSTOMER_ID_HERE\"",
            "+        \"OAuth2ClientId\": \"987-new.apps.googleusercontent.com\",",
            "+        \"OAuth2ClientSecret\": \"GOCSPX-'\\\"\\\\<&>new\",",
            "+        \"OAuth2RefreshToken\": \"1//0g-new\"",
            "+        // \"LoginCustomerId\": \"INSERT_LOGIN_CUSTOMER_ID_HERE\"",
        ]
    );
}

#[test]
fn a_filled_file_changes_in_the_lines_that_are_meant() {
    let token = |format: &dyn Format, text: &str| {
        let mut credentials = format.read(text).unwrap().credentials;
        credentials.set_refresh_token(Some(Secret::new("1//0g-new")));
        credentials.login_customer_id = None;
        difference(text, &format.write(text, &credentials).unwrap())
    };
    assert_eq!(
        token(ruby(), &fixture("ruby/filled.rb")),
        [
            "-  settings.refresh_token     = \"1//0g-old\" # renewed every spring",
            "-  settings.login_customer_id = 123_456_7890",
            "+  settings.refresh_token     = '1//0g-new' # renewed every spring",
        ]
    );
    assert_eq!(
        token(xml(), &fixture("dotnet/filled.config")),
        [
            "-        <add key=\"OAuth2RefreshToken\" value=\"1//0g-old\"/>",
            "-        <add",
            "-            key=\"LoginCustomerId\"",
            "-            value=\"1234567890\"",
            "-        />",
            "+        <add key=\"OAuth2RefreshToken\" value=\"1//0g-new\"/>",
        ]
    );
    assert_eq!(
        token(appsettings(), &fixture("dotnet/filled.json")),
        [
            "-    \"OAuth2RefreshToken\": \"1\\/\\/0g-old\",",
            "-    \"LoginCustomerId\": 1234567890, // the manager",
            "+    \"OAuth2RefreshToken\": \"1//0g-new\",",
            "+    // the manager",
        ]
    );
    assert_eq!(
        token(adc(), &fixture("adc/sample.json")),
        ["-  \"refresh_token\": \"1//0g-of-gcloud\",", "+  \"refresh_token\": \"1//0g-new\","]
    );
}

#[test]
fn filled_files_are_read_as_their_libraries_read_them() {
    for (format, _, filled) in all() {
        let contents = format.read(&filled).unwrap();
        assert_eq!(contents.diagnostics, []);
        let Some(read) = read_by_library(format, &[filled]) else { continue };
        assert_reads(format, &read[0], &contents.credentials);
    }
}

#[test]
fn a_removed_field_comes_back_where_its_neighbours_are() {
    for (format, _, filled) in all() {
        let credentials = format.read(&filled).unwrap().credentials;
        let without = format.write(&filled, &credentials.clone().with(Field::RefreshToken, None)).unwrap();
        assert_eq!(format.read(&without).unwrap().credentials.refresh_token(), None);
        let again = format.write(&without, &credentials).unwrap();
        assert_eq!(format.read(&again).unwrap().credentials, credentials);
        let empty = format.write(&filled, &Credentials::default()).unwrap();
        assert_eq!(format.read(&empty).unwrap().credentials, Credentials::default());
        let Some(read) = read_by_library(format, &[again]) else { continue };
        assert_reads(format, &read[0], &credentials);
    }
}

#[test]
fn conflicts_are_found_and_commented_out() {
    let hostile = fixture("dotnet/hostile.config");
    let hostile_json = fixture("dotnet/hostile.json");
    let service_account = fixture("adc/hostile.json");
    let (default, account) = (ConflictKind::ApplicationDefault, ConflictKind::ServiceAccount);
    let (wins, loses) = (Outcome::ConflictWins, Outcome::UserWins);
    let cases = [
        (ruby(), ruby_with("c.use_application_default_credentials = true"), vec![(default, 2, wins)]),
        // Ruby treats every text as true.
        (ruby(), ruby_with("c.use_application_default_credentials = 'false'"), vec![(default, 2, wins)]),
        (ruby(), ruby_with("c.use_application_default_credentials = false"), vec![]),
        (ruby(), ruby_with("c.keyfile = ENV['KEY'] # mine"), vec![(account, 2, wins)]),
        (ruby(), ruby_with("c.authentication = 'a'\n  c.keyfile = 'b'"), vec![(account, 2, wins), (account, 3, wins)]),
        (ruby(), ruby_with("c.keyfile = 'a'\n  c.keyfile = nil"), vec![]),
        (xml(), hostile, vec![(account, 11, loses), (default, 12, wins), (account, 13, wins)]),
        (appsettings(), hostile_json, vec![(default, 6, wins), (account, 7, wins), (account, 7, loses)]),
        (adc(), service_account, vec![(account, 2, wins)]),
    ];
    for (format, text, conflicts) in cases {
        let found = format.read(&text).unwrap().conflicts;
        let found: Vec<_> =
            found.into_iter().map(|conflict| (conflict.kind, conflict.line, conflict.outcome)).collect();
        assert_eq!(found, conflicts, "{text}");
        let edit = format.comment_out_others(&text, IdentityKind::User).unwrap();
        assert_eq!(edit.notes.len(), conflicts.len());
        assert_eq!(format.read(&edit.text).unwrap().conflicts, []);
        assert_eq!(edit.text == text, conflicts.is_empty());
    }
}

#[test]
fn the_file_shows_its_format() {
    let which = |name, text: &str| format::which(name, text).map(|format| format.name());
    assert_eq!(which("google_ads_config.rb", ""), Some(FormatName::Ruby));
    assert_eq!(which("App.config", ""), Some(FormatName::Dotnet));
    assert_eq!(which("Tool.dll.config", ""), Some(FormatName::Dotnet));
    assert_eq!(which("appsettings.Production.json", ""), Some(FormatName::Dotnet));
    assert_eq!(which("application_default_credentials.json", ""), Some(FormatName::Adc));
    assert_eq!(which("mine.json", &fixture("adc/sample.json")), Some(FormatName::Adc));
    assert_eq!(which("mine.json", "{}"), None);
    let json = format::named(FormatName::Dotnet, "settings.json", &fixture("dotnet/sample.json"));
    assert!(json.read(&fixture("dotnet/sample.json")).is_ok());
}

#[test]
fn deep_nesting_neither_overflows_nor_hangs() {
    let deep = 20_000;
    let texts = [
        (ruby(), ruby_with(&format!("x = {}{}", "[".repeat(deep), "]".repeat(deep)))),
        (ruby(), ruby_with(&format!("x = {}", "\"#{".repeat(deep)))),
        (ruby(), ruby_with(&"begin\n".repeat(deep))),
        (ruby(), ruby_with(&format!("c.x = 1{}", " ".repeat(1 << 16)))),
        (ruby(), ruby_with(&"c.keyfile = 'a'\n".repeat(deep / 4))),
        (ruby(), ruby_with(&"% ".repeat(1 << 16))),
        (xml(), format!("<configuration>{}{}</configuration>", "<a>".repeat(deep), "</a>".repeat(deep))),
        (xml(), "<configuration>".repeat(deep)),
        (xml(), format!("<configuration><GoogleAdsApi>{}", "<add key='a' value='INSERT_A'/>".repeat(deep))),
        (appsettings(), format!("{{\"a\": {}{}}}", "[".repeat(deep), "]".repeat(deep))),
        (appsettings(), "{\"GoogleAdsApi\":".repeat(deep)),
        (appsettings(), format!("{{\"GoogleAdsApi\": {{\n{} }} }}", "\"a\": 1, // b\n".repeat(deep))),
        (adc(), format!("{{\"a\": {}{}}}", "{\"a\": ".repeat(deep), "1".to_owned() + &"}".repeat(deep))),
    ];
    for (format, text) in texts {
        let begun = Instant::now();
        let _ = format.read(&text);
        let _ = format.write(&text, &complete());
        let _ = format.make_loadable(&text);
        let _ = format.comment_out_others(&text, IdentityKind::User);
        assert!(begun.elapsed() < Duration::from_secs(30), "{} took {:?}", format.name(), begun.elapsed());
    }
}
