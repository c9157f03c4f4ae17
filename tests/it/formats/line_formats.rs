//! The details of formats with one `key = value` per line: what they read, and which bytes they change.

use gads_creds::credentials::{Credentials, CustomerId, Field};
use gads_creds::format::{Contents, Format, FormatError, IdentityKind, Outcome, Severity, named};

fn format(name: &str) -> &'static dyn Format {
    named(name.parse().unwrap(), "", "")
}

fn read(name: &str, text: &str) -> Contents {
    format(name).read(text).unwrap()
}

fn token(text: &str) -> Credentials {
    Credentials::default().with(Field::RefreshToken, Some(text))
}

/// Returns the text after the token replaced the value in `text`.
fn with_token(name: &str, text: &str, value: &str) -> Result<String, FormatError> {
    format(name).write(text, &read(name, text).credentials.with(Field::RefreshToken, Some(value)))
}

fn diagnostics(name: &str, text: &str) -> Vec<(usize, Severity)> {
    read(name, text).diagnostics.iter().map(|diagnostic| (diagnostic.line, diagnostic.severity())).collect()
}

#[test]
fn a_commented_sample_line_is_activated_in_place() {
    for (name, before, after) in [
        ("java", "# x\n#api.googleads.refreshToken=\n# y\n", "# x\napi.googleads.refreshToken=1//0\n# y\n"),
        ("php", "[OAUTH2]\n; refreshToken = \"INSERT_TOKEN_HERE\"\n[X]\n", "[OAUTH2]\nrefreshToken = \"1//0\"\n[X]\n"),
        ("perl", "# x\n# refreshToken=INSERT_IT_HERE", "# x\nrefreshToken=1//0"),
        ("env", "  # export GOOGLE_ADS_REFRESH_TOKEN=\nA=b\n", "  export GOOGLE_ADS_REFRESH_TOKEN=1//0\nA=b\n"),
    ] {
        assert_eq!(with_token(name, before, "1//0").unwrap(), after);
    }
}

#[test]
fn a_comment_with_an_old_value_stays_a_comment() {
    for (name, before, after) in [
        (
            "java",
            "#api.googleads.refreshToken=old\n",
            "#api.googleads.refreshToken=old\napi.googleads.refreshToken=1//0\n",
        ),
        ("php", "[OAUTH2]\n;refreshToken = \"old\"\n", "[OAUTH2]\nrefreshToken = \"1//0\"\n;refreshToken = \"old\"\n"),
        ("perl", "#refreshToken=old", "#refreshToken=old\nrefreshToken=1//0\n"),
        (
            "env",
            "#GOOGLE_ADS_REFRESH_TOKEN=old\r\n",
            "#GOOGLE_ADS_REFRESH_TOKEN=old\r\nGOOGLE_ADS_REFRESH_TOKEN=1//0\r\n",
        ),
    ] {
        assert_eq!(with_token(name, before, "1//0").unwrap(), after);
    }
}

#[test]
fn a_changed_line_keeps_what_is_around_its_value() {
    // Perl on Windows takes CRLF for a line end, so there it stays.
    let end = if cfg!(windows) { "\r\n" } else { "\n" };
    for (name, before, after) in [
        ("java", "  api.googleads.refreshToken : old\r\nx=y\r\n", "  api.googleads.refreshToken : 1//0\r\nx=y\r\n"),
        ("php", "[OAUTH2]\n\trefreshToken=old ; mine\n", "[OAUTH2]\n\trefreshToken=\"1//0\" ; mine\n"),
        ("env", " export GOOGLE_ADS_REFRESH_TOKEN='old' # mine\n", " export GOOGLE_ADS_REFRESH_TOKEN=1//0 # mine\n"),
        ("perl", "a=b\r\nrefreshToken=old\r\nc=d\r\n", &format!("a=b\r\nrefreshToken=1//0{end}c=d\r\n")),
    ] {
        assert_eq!(with_token(name, before, "1//0").unwrap(), after);
    }
}

#[test]
fn a_new_key_goes_after_the_other_known_keys() {
    let before = "a=b\nclientId=c\nuserAgent=d";
    assert_eq!(with_token("perl", before, "1//0").unwrap(), "a=b\nclientId=c\nrefreshToken=1//0\nuserAgent=d");
    assert_eq!(with_token("perl", "a=b\nclientId=c", "1//0").unwrap(), "a=b\nclientId=c\nrefreshToken=1//0\n");
}

#[test]
fn a_missing_section_is_added() {
    assert_eq!(with_token("php", "", "1//0").unwrap(), "[OAUTH2]\nrefreshToken = \"1//0\"\n");
    let new = with_token("php", "[LOGGING]\r\nx = y", "1//0").unwrap();
    assert_eq!(new, "[LOGGING]\r\nx = y\r\n\r\n[OAUTH2]\r\nrefreshToken = \"1//0\"\r\n");
}

#[test]
fn a_field_without_value_loses_its_line_and_a_placeholder_keeps_it() {
    let before = "clientId=INSERT_ID_HERE\nrefreshToken=old\na=b";
    assert_eq!(format("perl").write(before, &Credentials::default()).unwrap(), "clientId=INSERT_ID_HERE\na=b");
}

#[test]
fn two_lines_of_one_key_are_read_as_the_library_does_and_not_edited() {
    for (name, text) in [
        ("java", "api.googleads.refreshToken=a\nx=y\napi.googleads.refreshToken=b\n"),
        ("php", "[OAUTH2]\nrefreshToken=a\nrefreshToken=b\n"),
        ("perl", "refreshToken=a\nrefreshToken=b\n"),
        ("env", "GOOGLE_ADS_REFRESH_TOKEN=a\nGOOGLE_ADS_REFRESH_TOKEN=b\n"),
    ] {
        assert_eq!(read(name, text).credentials, token("b"));
        assert_eq!(with_token(name, text, "b").unwrap(), text);
        let error = with_token(name, text, "c").unwrap_err();
        let lines = if name == "java" {
            "lines 1, 3 all set"
        } else if name == "php" {
            "lines 2, 3"
        } else {
            "lines 1, 2"
        };
        assert!(error.reason.starts_with(lines), "{}", error.reason);
    }
}

#[test]
fn a_conflict_that_a_later_line_overrides_is_left_alone() {
    let text =
        "api.googleads.useApplicationDefaultCredentials=true\napi.googleads.useApplicationDefaultCredentials=false\n";
    assert_eq!(format("java").comment_out_others(text, IdentityKind::User).unwrap().text, text);
    let text = text.replace("false", "true");
    let commented: String = text.lines().map(|line| format!("#{line}\n")).collect();
    assert_eq!(format("java").comment_out_others(&text, IdentityKind::User).unwrap().text, commented);
}

#[test]
fn a_php_section_that_is_opened_twice_is_lost_and_not_edited() {
    let text = "[OAUTH2]\nrefreshToken=a\n[X]\n[OAUTH2]\nclientId=b\n";
    assert_eq!(read("php", text).credentials, Credentials::default().with(Field::ClientId, Some("b")));
    assert_eq!(diagnostics("php", text), [(2, Severity::Error)]);
    assert_eq!(with_token("php", text, "c").unwrap_err().reason, "lines 1, 4 all open section `[OAUTH2]`");
}

#[test]
fn text_that_is_unexpectedly_part_of_a_value_is_reported() {
    let breaks = |name: &str, text: &str| {
        let found = diagnostics(name, text);
        let all = found.iter().all(|diagnostic| *diagnostic == (1, Severity::Error));
        assert!(!found.is_empty() && all, "{name}: {text:?}: {found:?}");
    };
    breaks("perl", "refreshToken =1//0");
    breaks("perl", " refreshToken=1//0");
    breaks("perl", "refreshToken= 1//0");
    // Perl on Windows makes LF of one CRLF.
    let end = if cfg!(windows) { "\r\r\n" } else { "\r\n" };
    breaks("perl", &format!("refreshToken=1//0{end}"));
    breaks("perl", &format!("proxy=http://127.0.0.1{end}"));
    breaks("perl", "refreshToken=\"1//0\"");
    breaks("perl", "refreshToken=1//0 # mine");
    breaks("java", "api.googleads.refreshToken=1//0 ");
    breaks("java", "api.googleads.loginCustomerId=1234567890 ");
    breaks("java", "api.googleads.loginCustomerId=");
    breaks("java", "api.googleads.clientSecret='x'");
    breaks("java", "api.googleads.clientSecret=\u{fc}");
    breaks("php", "refreshToken = \"1//0\"");
    breaks("env", "GOOGLE_ADS_REFRESH_TOKEN = 1//0");
    breaks("env", "GOOGLE_ADS_REFRESH_TOKEN=a$b");
    breaks("env", "GOOGLE_ADS_LOGIN_CUSTOMER_ID=");
}

#[test]
fn a_perl_key_with_spaces_is_not_read_and_corrected_when_it_is_written() {
    assert_eq!(read("perl", "refreshToken = old\n").credentials, Credentials::default());
    assert_eq!(with_token("perl", "refreshToken = old\n", "1//0").unwrap(), "refreshToken=1//0\n");
}

#[test]
fn java_escapes_are_undone_and_written_only_where_they_must_be() {
    assert_eq!(read("java", "api.googleads.refreshToken=1//0\\=x\\:y\\u0041\\\n  z").credentials, token("1//0=x:yAz"));
    let write = |value| with_token("java", "", value).unwrap();
    assert_eq!(write("1//0g=x:y#z!w"), "api.googleads.refreshToken=1//0g=x:y#z!w\n");
    assert_eq!(write("=a\\b\u{e9}\u{1f600}"), "api.googleads.refreshToken=\\=a\\\\b\\u00E9\\uD83D\\uDE00\n");
}

#[test]
fn a_broken_java_escape_refuses_the_file_as_the_library_does() {
    assert_eq!(format("java").read("a=b\nx=\\u12\n").unwrap_err().line, Some(2));
}

#[test]
fn php_values_are_escaped_as_php_reads_them() {
    let write = |value| with_token("php", "", value).map(|text| text.lines().nth(1).unwrap().to_owned());
    assert_eq!(write("a\"b\\").unwrap(), "refreshToken = \"a\\\"b\\\\\"");
    assert_eq!(write("a${b}").unwrap(), "refreshToken = 'a${b}'");
    assert!(write("a'${b}").is_err());
}

#[test]
fn env_values_on_which_readers_disagree_are_refused() {
    for value in ["a b", "a#b", "a$b", "a'b", "a\"b", "~a", "a:~b", "=a", "a&b", "a\\b", "a;b", "a(b", "\u{a0}"] {
        assert!(with_token("env", "", value).is_err(), "{value}");
    }
    assert_eq!(with_token("env", "", "1//0g-_.~=").unwrap(), "GOOGLE_ADS_REFRESH_TOKEN=1//0g-_.~=\n");
    assert_eq!(with_token("env", "", "k\u{e9}").unwrap(), "GOOGLE_ADS_REFRESH_TOKEN=k\u{e9}\n");
}

#[test]
fn control_characters_are_refused_everywhere() {
    for name in ["java", "php", "perl", "env"] {
        for value in ["a\nb", "a\rb", "a\0b", "\x1b[2J", "a\u{85}b", "a\tb", "\x7f"] {
            assert!(with_token(name, "", value).is_err(), "{name}: {value:?}");
        }
    }
}

#[test]
fn other_kinds_of_credential_are_conflicts_with_their_library_s_outcome() {
    for (name, text, outcome) in [
        ("java", "api.googleads.serviceAccountSecretsPath=/k", Outcome::LibraryFails),
        ("java", "api.googleads.serviceAccountUser=", Outcome::LibraryFails),
        ("java", "api.googleads.useApplicationDefaultCredentials=True", Outcome::LibraryFails),
        ("php", "[OAUTH2]\njsonKeyFilePath=\"/k\"", Outcome::LibraryFails),
        ("perl", "jsonKeyFilePath=/k", Outcome::UserWins),
        ("env", "GOOGLE_ADS_JSON_KEY_FILE_PATH=/k", Outcome::LibraryFails),
        ("env", "GOOGLE_ADS_USE_APPLICATION_DEFAULT_CREDENTIALS=1", Outcome::ConflictWins),
    ] {
        let conflicts = read(name, text).conflicts;
        assert_eq!(conflicts.iter().map(|conflict| conflict.outcome).collect::<Vec<_>>(), [outcome], "{text}");
    }
    for (name, text) in [
        ("java", "api.googleads.useApplicationDefaultCredentials=false"),
        ("php", "jsonKeyFilePath=\"/k\""),
        ("php", "[OAUTH2]\njsonKeyFilePath="),
        ("perl", "jsonKeyFilePath="),
    ] {
        assert_eq!(read(name, text).conflicts, [], "{text}");
    }
}

#[test]
fn python_s_flag_is_added_to_an_env_file_once_and_another_choice_stays() {
    let loadable = |text| format("env").make_loadable(text).unwrap().text;
    assert_eq!(loadable(""), "GOOGLE_ADS_USE_PROTO_PLUS=True\n");
    assert_eq!(loadable("GOOGLE_ADS_USE_PROTO_PLUS=false\n"), "GOOGLE_ADS_USE_PROTO_PLUS=false\n");
    assert_eq!(loadable("A=b\nGOOGLE_ADS_USE_PROTO_PLUS=\n"), "A=b\nGOOGLE_ADS_USE_PROTO_PLUS=True\n");
}

#[test]
fn a_line_inside_of_another_value_is_not_read() {
    let inside = "GOOGLE_ADS_REFRESH_TOKEN=old";
    assert_eq!(read("env", &format!("KEY=\"\n{inside}\n\"\n")).credentials, Credentials::default());
    assert_eq!(read("java", "key=a\\\napi.googleads.refreshToken=old\n").credentials, Credentials::default());
    assert_eq!(read("php", "[X]\na=\"\n[OAUTH2]\nrefreshToken=old\n\"\n").credentials, Credentials::default());
}

#[test]
fn a_bare_php_number_is_read_as_php_prints_it() {
    let read_id =
        |text: &str| read("php", &format!("[GOOGLE_ADS]\nloginCustomerId={text}")).credentials.login_customer_id;
    assert_eq!(read_id("1234567890"), CustomerId::exact("1234567890"));
    assert_eq!(read_id("0123456789"), None);
    assert_eq!(read_id("\"0123456789\""), CustomerId::exact("0123456789"));
}

#[test]
fn a_big_hostile_file_takes_time_as_its_size_does() {
    // Some seconds on a busy machine; minutes if lines were compared with one another.
    let started = std::time::Instant::now();
    for (name, unit) in [
        ("java", "api.googleads.clientId=a\nb=c\n"),
        ("php", "[OAUTH2]\nclientId=a\n"),
        ("perl", "clientId=INSERT_A\n"),
        ("env", "GOOGLE_ADS_CLIENT_ID=\"\nA='\n"),
    ] {
        let text = unit.repeat((1 << 20) / unit.len());
        read(name, &text);
        let _ = with_token(name, &text, "1//0");
        format(name).make_loadable(&text).unwrap();
    }
    assert!(started.elapsed().as_secs() < 90, "{:?}", started.elapsed());
}
