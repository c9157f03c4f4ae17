//! A service account in every format: how it is written, and how a file is switched between it and a user.

use std::path::PathBuf;

use gads_creds::credentials::{Credentials, CustomerId, Field, Identity, Key, ServiceAccount};
use gads_creds::format::{ConflictKind, Format, FormatName, IdentityKind, named};
use gads_creds::secret::Secret;

const KEY_FILE: &str = "/keys/robot.json";
const EMAIL: &str = "ads@example.com";
const TOKEN: &str = "1//0a-token-of-a-user";

/// Format, file name, and the lines that make the account active.
const SPELLINGS: &[(FormatName, &str, &[&str])] = &[
    (
        FormatName::Python,
        "google-ads.yaml",
        &["json_key_file_path: \"/keys/robot.json\"", "impersonated_email: \"ads@example.com\""],
    ),
    (
        FormatName::Java,
        "ads.properties",
        &[
            "api.googleads.serviceAccountSecretsPath=/keys/robot.json",
            "api.googleads.serviceAccountUser=ads@example.com",
        ],
    ),
    (
        FormatName::Php,
        "google_ads_php.ini",
        &[
            "jsonKeyFilePath = \"/keys/robot.json\"",
            "impersonatedEmail = \"ads@example.com\"",
            "scopes = \"https://www.googleapis.com/auth/adwords\"",
        ],
    ),
    (
        FormatName::Ruby,
        "google_ads_config.rb",
        &["c.keyfile = '/keys/robot.json'", "c.impersonate = 'ads@example.com'"],
    ),
    (
        FormatName::Perl,
        "googleads.properties",
        &["jsonKeyFilePath=/keys/robot.json", "impersonatedEmail=ads@example.com"],
    ),
    (
        FormatName::Dotnet,
        "App.config",
        &[
            "<add key=\"OAuth2Mode\" value=\"SERVICE_ACCOUNT\" />",
            "<add key=\"OAuth2SecretsJsonPath\" value=\"/keys/robot.json\" />",
            "<add key=\"OAuth2PrnEmail\" value=\"ads@example.com\" />",
        ],
    ),
    (
        FormatName::Dotnet,
        "appsettings.json",
        &[
            "\"OAuth2Mode\": \"SERVICE_ACCOUNT\"",
            "\"OAuth2SecretsJsonPath\": \"/keys/robot.json\"",
            "\"OAuth2PrnEmail\": \"ads@example.com\"",
        ],
    ),
    (
        FormatName::Env,
        ".env",
        &[
            "GOOGLE_ADS_JSON_KEY_FILE_PATH=/keys/robot.json",
            "GOOGLE_ADS_IMPERSONATED_EMAIL=ads@example.com",
            "GOOGLE_ADS_OAUTH2_MODE=SERVICE_ACCOUNT",
        ],
    ),
];

fn account() -> Credentials {
    let account = ServiceAccount { key: Key::File(PathBuf::from(KEY_FILE)), impersonate: Some(EMAIL.to_owned()) };
    Credentials {
        identity: Some(Identity::ServiceAccount(account)),
        login_customer_id: CustomerId::exact("1234567890"),
        ..Credentials::default()
    }
}

fn user() -> Credentials {
    let client = "1234567890-a.apps.googleusercontent.com";
    let user = Credentials::of_user(client, Secret::new("GOCSPX-a"), Some(Secret::new(TOKEN)));
    Credentials { login_customer_id: CustomerId::exact("1234567890"), ..user }
}

fn formats() -> impl Iterator<Item = (&'static dyn Format, &'static str, &'static [&'static str])> {
    SPELLINGS.iter().map(|(name, file, lines)| (named(*name, file, ""), *file, *lines))
}

#[test]
fn a_new_file_refers_to_the_key_as_its_library_spells_it() {
    for (format, file, lines) in formats() {
        let text = format.new_file(&account()).unwrap();
        for line in lines {
            assert!(text.contains(line), "{file}: no {line:?} in {text}");
        }
        let contents = format.read(&text).unwrap();
        assert_eq!(contents.credentials, account(), "{file}");
        assert_eq!(contents.conflict_with(IdentityKind::ServiceAccount), None, "{file}");
        let found = contents.conflict_with(IdentityKind::User).map(|conflict| conflict.kind);
        assert_eq!(found, Some(ConflictKind::ServiceAccount), "{file}");
        assert_eq!(format.make_loadable(&text).unwrap().text, text, "{file}");
        assert_eq!(format.write(&text, &account()).unwrap(), text, "{file}");
    }
}

#[test]
fn an_account_that_acts_for_itself_has_no_impersonated_email() {
    for (format, file, _) in formats() {
        let mut alone = account();
        Field::ImpersonatedEmail.set(&mut alone, None);
        let text = format.write(&format.new_file(&account()).unwrap(), &alone).unwrap();
        assert!(!text.contains(EMAIL), "{file}: {text}");
        assert_eq!(format.read(&text).unwrap().credentials, alone, "{file}");
    }
}

#[test]
fn a_file_of_a_user_is_switched_on_demand_and_back() {
    for (format, file, _) in formats() {
        let of_user = format.new_file(&user()).unwrap();
        assert!(format.write(&of_user, &account()).is_err(), "{file}");
        let edit = format.comment_out_others(&of_user, IdentityKind::ServiceAccount).unwrap();
        let switched = format.write(&edit.text, &account()).unwrap();
        let contents = format.read(&switched).unwrap();
        assert_eq!(contents.credentials, account(), "{file}: {switched}");
        assert_eq!(contents.conflict_with(IdentityKind::ServiceAccount), None, "{file}: {switched}");
        assert!(switched.contains(TOKEN) && !edit.notes.is_empty(), "{file}: {switched}");

        let edit = format.comment_out_others(&switched, IdentityKind::User).unwrap();
        let back = format.write(&edit.text, &user()).unwrap();
        let contents = format.read(&back).unwrap();
        assert_eq!(contents.credentials, user(), "{file}: {back}");
        assert_eq!(contents.conflict_with(IdentityKind::User), None, "{file}: {back}");
    }
}

#[test]
fn the_sample_file_takes_an_account() {
    for (format, file, _) in formats() {
        let end = file.rsplit('.').next().expect("a file name with an end");
        let path = format!("{}/fixtures/{}/sample.{end}", env!("CARGO_MANIFEST_DIR"), format.name());
        let text = std::fs::read_to_string(path).unwrap();
        let text = format.comment_out_others(&text, IdentityKind::ServiceAccount).unwrap().text;
        let text = format.make_loadable(&format.write(&text, &account()).unwrap()).unwrap().text;
        let contents = format.read(&text).unwrap();
        assert_eq!(contents.credentials, account(), "{file}: {text}");
        assert_eq!(contents.conflict_with(IdentityKind::ServiceAccount), None, "{file}: {text}");
    }
}

#[test]
fn the_python_library_s_old_keys_are_read_and_edited_in_place() {
    let format = named(FormatName::Python, "google-ads.yaml", "");
    let text = "use_proto_plus: true\npath_to_private_key_file: /old.json # ours\ndelegated_account: x@example.com\n\
                login_customer_id: 1234567890\n";
    let before = format.read(text).unwrap().credentials;
    assert_eq!(Field::KeyFile.get(&before), Some("/old.json"));
    assert_eq!(Field::ImpersonatedEmail.get(&before), Some("x@example.com"));
    let new = format.write(text, &account()).unwrap();
    assert!(new.contains("path_to_private_key_file: \"/keys/robot.json\" # ours\n"), "{new}");
    assert_eq!(format.read(&new).unwrap().credentials, account(), "{new}");
}

#[test]
fn application_default_credentials_are_the_key_itself() {
    let format = named(FormatName::Adc, "application_default_credentials.json", "");
    let key = "{\n  \"type\": \"service_account\",\n  \"client_email\": \"robot@example.com\"\n}\n";
    let account = ServiceAccount { key: Key::Document(Secret::new(key)), impersonate: None };
    let credentials = Credentials { identity: Some(Identity::ServiceAccount(account)), ..Credentials::default() };
    assert_eq!(format.new_file(&credentials).unwrap(), key);
    assert_eq!(format.read(key).unwrap().credentials, credentials);
    assert!(format.write(&format.new_file(&user()).unwrap(), &credentials).is_err());
}
