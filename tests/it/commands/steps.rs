//! Every entry of the tables of findings has a step, and every command in a step works.

use std::collections::BTreeSet;
use std::path::PathBuf;

use gads_creds::credentials::Field;
use gads_creds::diagnosis;
use gads_creds::format::diagnostic::{Bare, Broken, Elsewhere, Extra, IfEmpty, Reader, Refusal, Type};
use gads_creds::format::{Diagnostic, DiagnosticCode as Code};
use gads_creds::google::explain::{self, Operation};
use gads_creds::hint::Hint;
use gads_creds::profile::Location;
use gads_creds::value_kind::ValueKind;

use crate::google::browser::Decision;
use crate::sandbox::Sandbox;
use crate::stored;

/// One of each code. A code that is missing here is found by [`is_listed`], which does not compile without it.
pub fn codes() -> Vec<Code> {
    let mut codes = vec![
        Code::Placeholder,
        Code::NoValue,
        Code::ControlCharacter,
        Code::Whitespace,
        Code::NotTenDigits,
        Code::UnusualDigits,
        Code::OctalNumber,
        Code::LeadingZero,
        Code::UnquotedNumber,
        Code::Computed,
        Code::NamedInCode,
        Code::CodeAfter,
        Code::SetAgain { line: 4 },
        Code::SetBefore { line: 2 },
        Code::Differs { line: 2 },
        Code::NotASection,
        Code::ReadFirst,
        Code::DuplicateInAnyCase,
        Code::MisspelledKey { expected: "refresh_token" },
        Code::MisspelledMember { expected: "refresh_token" },
        Code::CommentedOut,
        Code::InComment { line: 1 },
        Code::ValueElsewhere { line: 1 },
        Code::Broken(Broken::FirstLine),
        Code::Broken(Broken::Joined),
        Code::Swallowed { line: 1 },
        Code::ConflictMarker,
        Code::Rounded,
        Code::OtherName { expected: "login_customer_id" },
        Code::OtherHeader { line: 1, expected: "OAUTH2" },
        Code::InvisibleCharacter,
        Code::ByteOrderMark,
        Code::Misplaced,
        Code::WrongSection { expected: "OAUTH2" },
        Code::Nested { parent: "adwords".to_owned() },
        Code::LostSection,
        Code::Encrypted,
        Code::Missing,
        Code::MissingForPython,
        Code::NotABoolean,
        Code::OtherWord { expected: "authorized_user" },
        Code::OtherSyntax { form: "key=value" },
        Code::HoldsToken { expected: "refresh_token" },
        Code::AlwaysTrueToRuby,
        Code::OverridesVariables,
        Code::SpacesAroundKey,
        Code::SpacesAroundEquals,
        Code::Tab,
        Code::NotAComment,
        Code::NotAscii,
        Code::Interpolated,
        Code::CurlyQuotes,
        Code::Unquoted,
        Code::MixedQuotes,
        Code::ReadersDisagree,
        Code::Exported,
        Code::XmlNamespace,
        Code::NotASetting,
        Code::OfPipeline,
        Code::TrailingComma,
    ];
    codes.extend(Refusal::ALL.map(Code::Refused));
    codes.extend(
        [
            IfEmpty::Ignored,
            IfEmpty::GoogleRefuses,
            IfEmpty::LibraryFails,
            IfEmpty::PythonAndJavaFail,
            IfEmpty::UsesDefaultCredentials,
        ]
        .map(Code::Empty),
    );
    codes.extend(
        [Type::Number, Type::Boolean, Type::Date, Type::Reserved, Type::Tagged, Type::Collection, Type::NotAString]
            .map(Code::WrongType),
    );
    codes.extend([Bare::Word, Bare::Character, Bare::Constant, Bare::Number].map(Code::NeedsQuotes));
    codes.extend([Elsewhere::Missing, Elsewhere::NotBelow].map(Code::SectionElsewhere));
    codes.extend(KINDS.map(Code::OtherKind));
    for extra in [Extra::Quotes, Extra::CurlyQuotes, Extra::Comment, Extra::Spaces, Extra::CarriageReturn] {
        codes.extend([Reader::Library, Reader::Shell, Reader::Docker].map(|reader| Code::PartOfValue(extra, reader)));
    }
    codes
}

pub const KINDS: [ValueKind; 30] = [
    ValueKind::ClientId,
    ValueKind::ClientSecret,
    ValueKind::RefreshToken,
    ValueKind::AccessToken,
    ValueKind::AuthorizationCode,
    ValueKind::PercentEncoded,
    ValueKind::Base64,
    ValueKind::ApiKey,
    ValueKind::Quoted,
    ValueKind::Url,
    ValueKind::Json,
    ValueKind::Pem,
    ValueKind::Masked,
    ValueKind::Placeholder,
    ValueKind::SecretReference,
    ValueKind::Encrypted,
    ValueKind::Variable,
    ValueKind::FilePath,
    ValueKind::Shortened,
    ValueKind::Unprintable,
    ValueKind::Escaped,
    ValueKind::Bearer,
    ValueKind::WithKey,
    ValueKind::Enclosed,
    ValueKind::Twice,
    ValueKind::Email,
    ValueKind::Jwt,
    ValueKind::Uuid,
    ValueKind::Number,
    ValueKind::OtherService,
];

/// What a user may have stored, and the step below the failure, as it is printed.
const STORED: &[(&str, &str)] = &[
    ("google-ads.yaml", "use_proto_plus: true\n<CLIENT>refresh_token: ENC[AES256_GCM,data:x,type:str]\n"),
    ("google-ads.yaml", "use_proto_plus: true\n<CLIENT>refresh_token: op://team/ads/token\n"),
    (
        "google-ads.yaml",
        "use_proto_plus: true\nclient_id: ENC[AES256_GCM,data:x]\nclient_secret: a-b\nrefresh_token: <TOKEN>\n",
    ),
    ("google-ads.yaml", "use_proto_plus: true\nclient_secret: GOCSPX-abc\nrefresh_token: <TOKEN>\n"),
    ("google-ads.yaml", "use_proto_plus: true\nclient_id:\nclient_secret: GOCSPX-abc\nrefresh_token: <TOKEN>\n"),
    ("google-ads.yaml", "use_proto_plus: true\nclientid: 1.apps.googleusercontent.com\nrefresh_token: <TOKEN>\n"),
    ("google-ads.yaml", "use_proto_plus: true\nclientid: 1.apps.googleusercontent.com\n"),
    ("google-ads.yaml", "use_proto_plus: true\njson_key_file_path: <HOME>/client_secret.json\n"),
    ("google-ads.yaml", "use_proto_plus: true\n<CLIENT>refresh_token: Bearer <TOKEN>\n"),
    ("google-ads.yaml", "use_proto_plus: true\n<CLIENT>refresh_token: a-developer-token-x\n"),
    ("ads.properties", "api.googleads.clientId=\napi.googleads.refreshToken=<TOKEN>\n"),
    ("ads.properties", "api.googleads.refreshToken=<TOKEN>\n"),
    ("google_ads_php.ini", "[OAUTH2]\nclientId = \"\"\nrefreshToken = \"<TOKEN>\"\n"),
    ("googleads.properties", "refreshToken=<TOKEN>\n"),
    (".env", "GOOGLE_ADS_CLIENT_ID=\nGOOGLE_ADS_REFRESH_TOKEN=<TOKEN>\n"),
    (
        "application_default_credentials.json",
        "{\"type\": \"authorized_user\", \"client_secret\": \"GOCSPX-a\", \"refresh_token\": \"<TOKEN>\"}\n",
    ),
];

#[test]
fn the_step_below_a_failure_works_as_it_is_printed() {
    for (name, text) in STORED {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        let lines = format!("client_id: {}\nclient_secret: {}\n", client.id, client.secret);
        let home = sandbox.home().to_string_lossy().into_owned();
        let text = text.replace("<CLIENT>", &lines).replace("<TOKEN>", stored::TOKEN).replace("<HOME>", &home);
        let file = sandbox.write(name, &text).to_string_lossy().into_owned();
        let run = sandbox.command(&["refresh", "--config", &file]).observe();
        let hint = run.stderr.lines().find_map(|line| line.strip_prefix("hint: ")).unwrap_or_default();
        let command = hint.split('`').find_map(|part| part.strip_prefix("gads-creds login"));
        let command = command.unwrap_or_else(|| panic!("{name}: no login in {hint:?}: {run:#?}\n{text}"));
        let options: Vec<&str> = command.split_whitespace().collect();
        let is_of_manager = options.contains(&"--store");
        let own: Vec<&str> = options
            .iter()
            .map(|word| match *word {
                "FILE" => "../home/client_secret.json",
                "NAME" => "kept",
                "ENGINE:WHERE" => "pass:ads",
                word => word,
            })
            .collect();
        // No manager is installed here: the login ends where it looks for the program.
        if is_of_manager {
            let login = sandbox.login(&own).observe();
            assert_eq!(login.code, 7, "{name}: `login{command}`: {login:#?}\n{text}");
            continue;
        }
        let login = sandbox.login(&own).start();
        login.visit(&Decision::allow());
        let login = login.observe();
        assert_eq!(login.code, 0, "{name}: `login{command}`: {login:#?}\n{text}");
        let again = sandbox.command(&["refresh", "--config", &file]).observe();
        assert_eq!(again.code, 0, "{name}: {again:#?}\n{text}");
    }
}

fn is_listed(code: &Code) -> bool {
    match code {
        Code::Placeholder
        | Code::OtherKind(_)
        | Code::Empty(_)
        | Code::NoValue
        | Code::ControlCharacter
        | Code::Whitespace
        | Code::NotTenDigits
        | Code::UnusualDigits
        | Code::OctalNumber
        | Code::LeadingZero
        | Code::UnquotedNumber
        | Code::WrongType(_)
        | Code::PartOfValue(..)
        | Code::Computed
        | Code::NamedInCode
        | Code::CodeAfter
        | Code::SetAgain { .. }
        | Code::SetBefore { .. }
        | Code::Differs { .. }
        | Code::NotASection
        | Code::ReadFirst
        | Code::DuplicateInAnyCase
        | Code::MisspelledKey { .. }
        | Code::MisspelledMember { .. }
        | Code::CommentedOut
        | Code::InComment { .. }
        | Code::ValueElsewhere { .. }
        | Code::Broken(_)
        | Code::Swallowed { .. }
        | Code::ConflictMarker
        | Code::Rounded
        | Code::OtherName { .. }
        | Code::OtherHeader { .. }
        | Code::InvisibleCharacter
        | Code::ByteOrderMark
        | Code::Misplaced
        | Code::WrongSection { .. }
        | Code::Nested { .. }
        | Code::LostSection
        | Code::SectionElsewhere(_)
        | Code::Encrypted
        | Code::Missing
        | Code::MissingForPython
        | Code::NotABoolean
        | Code::OtherWord { .. }
        | Code::OtherSyntax { .. }
        | Code::HoldsToken { .. }
        | Code::AlwaysTrueToRuby
        | Code::OverridesVariables
        | Code::SpacesAroundKey
        | Code::SpacesAroundEquals
        | Code::Tab
        | Code::NotAComment
        | Code::NotAscii
        | Code::Interpolated
        | Code::CurlyQuotes
        | Code::Unquoted
        | Code::MixedQuotes
        | Code::NeedsQuotes(_)
        | Code::ReadersDisagree
        | Code::Exported
        | Code::XmlNamespace
        | Code::NotASetting
        | Code::OfPipeline
        | Code::Refused(_)
        | Code::TrailingComma => true,
    }
}

const OPERATIONS: [Operation; 7] = [
    Operation::Consent,
    Operation::Exchange,
    Operation::Refresh,
    Operation::ServiceAccount,
    Operation::KeyCreation,
    Operation::Revoke,
    Operation::Ads,
];

/// Every step of the tables, with what it is the step of.
fn steps() -> Vec<(String, Hint)> {
    let location = Location::File { path: PathBuf::from("/x/google-ads.yaml"), format: None };
    let fields = [None].into_iter().chain(Field::ALL.map(Some));
    let mut steps = Vec::new();
    for (code, field) in codes().into_iter().flat_map(|code| fields.clone().map(move |field| (code.clone(), field))) {
        assert!(is_listed(&code));
        let about = Diagnostic::new(3, "key", field, code);
        steps.push((format!("{about} ({field:?})"), diagnosis::step(&about, &location)));
    }
    for field in [Field::ClientId, Field::ClientSecret, Field::RefreshToken, Field::DeveloperToken] {
        steps.extend(KINDS.map(|kind| (format!("{field:?} {kind}"), diagnosis::of_value(field, kind))));
    }
    steps.extend(explain::entries().map(|entry| (entry.code.to_owned(), Hint::from(entry.next_step))));
    steps.extend(OPERATIONS.map(|operation| (operation.server().to_owned(), Hint::from(operation.who_can_help()))));
    steps
}

#[test]
fn no_step_leads_back_to_the_diagnosis() {
    for (of, step) in steps() {
        assert!(step.to_string().len() > 5, "{of}: {step}");
        let returns = step.commands().any(|command| command.starts_with("doctor") && command != "doctor --fix");
        assert!(!returns, "{of}: {step}");
    }
}

#[test]
fn every_command_of_a_step_works_where_it_is_offered() {
    let commands: BTreeSet<String> = steps().iter().flat_map(|(_, step)| step.commands().collect::<Vec<_>>()).collect();
    assert!(commands.len() > 8, "{commands:?}");
    let sandbox = Sandbox::new();
    sandbox.desktop();
    sandbox.write("developer_token", "abcdefghijklmnopqrstuv");
    for command in &commands {
        stored::works(&sandbox);
        let words: Vec<&str> = command.split(' ').collect();
        let after = |option: &str, word: &str, with: &'static str| {
            words.iter().zip(words.iter().skip(1)).any(|(one, next)| *one == option && *next == word).then_some(with)
        };
        let own: Vec<&str> = words
            .iter()
            .map(|word| match *word {
                "FILE" => after("-c", "FILE", "../home/client_secret.json")
                    .or(after("--developer-token-file", "FILE", "../home/developer_token"))
                    .unwrap_or("../home/other.yaml"),
                "ID" => "1234567890",
                "CODE" => "invalid_grant",
                word => word,
            })
            .collect();
        let run = match own[0] {
            // No manager and no key is here: what the command line reads is all that is tried.
            _ if command.contains("--store") || command.contains("--key-file") => {
                sandbox.command(&["help", own[0]]).observe()
            }
            // Nothing is left to be recovered here.
            "login" if own.contains(&"--recover") => continue,
            "login" => {
                // A client of one's own takes the place of a client that Google rejects.
                let own: Vec<&str> =
                    if own.contains(&"-c") { own } else { [&own[..], &["-c", "../home/client_secret.json"]].concat() };
                let login = sandbox.login(&own[1..]).start();
                login.visit(&Decision::allow());
                login.observe()
            }
            "revoke" => sandbox.command(&[&own[..], &["--yes"]].concat()).observe(),
            _ => sandbox.command(&own).observe(),
        };
        assert_eq!(run.code, 0, "{command}: {run:#?}");
    }
}
