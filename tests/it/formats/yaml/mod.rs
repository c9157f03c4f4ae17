//! google-ads.yaml: hostile files, random files and traps, checked by PyYAML and by Google's own loader.

mod fixtures;
mod random;
mod traps;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::harness::skip::skip;
use gads_creds::credentials::{Credentials, CustomerId, Field};
use gads_creds::format::diagnostic::{IfEmpty, Refusal, Type};
use gads_creds::format::{self, ConflictKind, Contents, DiagnosticCode, Format, FormatName, IdentityKind, Outcome};
use gads_creds::secret::Secret;
use serde_json::{Value, json};

const KEYS: [&str; 6] =
    ["client_id", "client_secret", "refresh_token", "developer_token", "login_customer_id", "linked_customer_id"];

fn python() -> &'static dyn Format {
    format::named(FormatName::Python, "google-ads.yaml", "")
}

fn read(text: &str) -> Contents {
    python().read(text).expect("the text can be read")
}

fn write(text: &str, credentials: &Credentials) -> String {
    python().write(text, credentials).expect("the text can be edited")
}

fn token(token: &str) -> Credentials {
    Credentials::default().with(Field::RefreshToken, Some(token))
}

/// What `login` sets: the client and the token; everything else in the file stays.
fn login(before: &Credentials) -> Credentials {
    before
        .clone()
        .with(Field::ClientId, Some("123-abc.apps.googleusercontent.com"))
        .with(Field::ClientSecret, Some("GOCSPX-new: #secret"))
        .with(Field::RefreshToken, Some("1//0new-token_x"))
}

fn get<'a>(credentials: &'a Credentials, key: &str) -> Option<&'a str> {
    match key {
        "client_id" => credentials.client_id(),
        "client_secret" => credentials.client_secret().map(Secret::expose),
        "refresh_token" => credentials.refresh_token().map(Secret::expose),
        "developer_token" => credentials.developer_token.as_ref().map(Secret::expose),
        "login_customer_id" => credentials.login_customer_id.as_ref().map(CustomerId::as_str),
        _ => credentials.linked_customer_id.as_ref().map(CustomerId::as_str),
    }
}

/// Returns the files of `fixtures/yaml`, by name.
fn fixtures() -> Vec<(String, String)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/yaml");
    let mut files: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    files
}

fn fixture(name: &str) -> String {
    fixtures().into_iter().find(|(file, _)| file == name).unwrap_or_else(|| panic!("no fixture {name}")).1
}

/// Returns PyYAML's verdicts; `None` without PyYAML.
fn ask_pyyaml(jobs: &[Value]) -> Option<Vec<Option<String>>> {
    let python = std::env::var("GADS_CREDS_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has_yaml = Command::new(&python).args(["-c", "import yaml"]).stderr(Stdio::null()).status();
    if !has_yaml.is_ok_and(|status| status.success()) {
        skip("PyYAML is not installed for python3 (or GADS_CREDS_TEST_PYTHON)");
        return None;
    }
    let mut child = Command::new(&python)
        .args(["-c", include_str!("pyyaml.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(Value::from(jobs).to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the script failed");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Returns the job that checks an edit from the old credentials to the new ones.
fn edit_job(old: &str, new: &str, before: &Credentials, after: &Credentials) -> Value {
    let changed = KEYS.into_iter().filter(|key| get(before, key) != get(after, key));
    let (set, gone): (Vec<&str>, Vec<&str>) = changed.partition(|key| get(after, key).is_some());
    let set: serde_json::Map<_, _> = set.iter().map(|key| (key.to_string(), get(after, key).into())).collect();
    json!({"kind": "edit", "old": old, "new": new, "set": set, "gone": gone})
}

fn read_job(text: &str, credentials: &Credentials) -> Value {
    let fields: serde_json::Map<_, _> =
        KEYS.iter().map(|key| (key.to_string(), get(credentials, key).into())).collect();
    json!({"kind": "read", "text": text, "fields": fields})
}

/// Checks the jobs; each has a name, for the message.
fn assert_accepted(jobs: Vec<(String, Value)>) {
    let (names, jobs): (Vec<_>, Vec<_>) = jobs.into_iter().unzip();
    for ((verdict, name), job) in ask_pyyaml(&jobs).into_iter().flatten().zip(names).zip(jobs) {
        assert_eq!(verdict, None, "{name}: {job:#}");
    }
}

#[test]
fn placeholders_left_over_become_comments_and_each_is_named() {
    let text = write(&fixture("sample-like"), &login(&Credentials::default()));
    let edit = python().make_loadable(&text).unwrap();
    assert_eq!(
        edit.notes,
        [
            "line 7: set `use_proto_plus` to `true`; it had no value",
            "line 4: commented out `developer_token`, which still held its placeholder",
            "line 19: commented out `login_customer_id`, which still held its placeholder",
        ]
    );
    assert!(edit.text.contains("\n# developer_token: INSERT_DEVELOPER_TOKEN_HERE\n"));
    assert!(edit.text.contains("\nuse_proto_plus: true\n"));
    assert!(edit.text.contains("\n# login_customer_id: INSERT_LOGIN_CUSTOMER_ID_HERE\n# logging:\n"));
}

#[test]
fn a_placeholder_that_a_later_line_overrides_becomes_a_comment_as_well() {
    let text = "use_proto_plus: INSERT_USE_PROTO_PLUS_FLAG_HERE\nuse_proto_plus: True\n";
    assert_eq!(python().make_loadable(text).unwrap().text, format!("# {text}"));
}

#[test]
fn a_complete_file_is_loadable_as_it_is() {
    let text = fixture("minimal");
    let edit = python().make_loadable(&text).unwrap();
    assert_eq!((edit.text, edit.notes), (text, vec![]));
}

#[test]
fn conflicts_are_named_with_what_the_library_does() {
    let conflict = |name: &str| {
        read(&fixture(name)).conflicts.first().map(|conflict| (conflict.kind, conflict.outcome, conflict.line))
    };
    assert_eq!(conflict("service-account"), Some((ConflictKind::ServiceAccount, Outcome::ConflictWins, 1)));
    assert_eq!(conflict("service-account-beside-user"), Some((ConflictKind::ServiceAccount, Outcome::UserWins, 1)));
    assert_eq!(conflict("default-credentials"), Some((ConflictKind::ApplicationDefault, Outcome::ConflictWins, 1)));
    assert_eq!(conflict("default-credentials-off"), None);
    assert_eq!(conflict("sample-like"), None);
}

#[test]
fn commented_out_conflicts_keep_their_comments() {
    let edit = python().comment_out_others(&fixture("service-account"), IdentityKind::User).unwrap();
    assert_eq!(
        edit.text,
        "# json_key_file_path: /srv/key.json # robot\n# impersonated_email: someone@example.com\nuse_proto_plus: True\n"
    );
    assert_eq!(
        edit.notes,
        ["line 1: commented out `json_key_file_path`", "line 2: commented out `impersonated_email`"]
    );
    let edit = python().comment_out_others(&fixture("service-account-beside-user"), IdentityKind::User).unwrap();
    assert!(edit.text.starts_with("# path_to_private_key_file: /srv/key.json\n# delegated_account: "));
    assert!(read(&edit.text).conflicts.is_empty());
    let edit = python().comment_out_others(&fixture("minimal"), IdentityKind::User).unwrap();
    assert_eq!((edit.text, edit.notes), (fixture("minimal"), vec![]));
}

#[test]
fn a_conflict_over_several_lines_becomes_as_many_comments() {
    let edit = python()
        .comment_out_others(
            "  json_key_file_path: \"/srv\\\n    /key.json\" # robot\n  client_id: a\n",
            IdentityKind::User,
        )
        .unwrap();
    assert_eq!(edit.text, "  # json_key_file_path: \"/srv\\\n  #   /key.json\" # robot\n  client_id: a\n");
}

#[test]
fn the_style_and_the_comment_of_a_replaced_value_stay() {
    let old =
        "refresh_token:   old  # why\nclient_id: 'b'\t#x\ndeveloper_token: \"c\"#d: \"\nclient_secret: |- # e\n  f\n"
            .replace("#d: \"", " ");
    let credentials = Credentials {
        developer_token: Some(Secret::new("q\"\\")),
        ..Credentials::of_user("it's", Secret::new("new"), Some(Secret::new("1//new")))
    };
    assert_eq!(
        write(&old, &credentials),
        "refresh_token:   1//new  # why\nclient_id: 'it''s'\t#x\ndeveloper_token: \"q\\\"\\\\\" \nclient_secret: \"new\" # e\n"
    );
}

#[test]
fn a_new_line_goes_below_the_last_of_ours_with_the_indent_and_line_end_of_the_file() {
    let old = "# head\r\n  client_id: a\r\n  # about x\r\n  x: 1\r\n";
    let new = write(old, &token("t").with(Field::ClientId, Some("a")));
    assert_eq!(new, "# head\r\n  client_id: a\r\n  refresh_token: \"t\"\r\n  # about x\r\n  x: 1\r\n");
}

#[test]
fn a_new_line_after_a_last_line_without_end_leaves_the_file_without_one() {
    assert_eq!(write("x: 1", &token("t")), "x: 1\nrefresh_token: \"t\"");
}

#[test]
fn a_new_line_stands_before_the_end_mark_of_the_document() {
    assert_eq!(write("x: 1\n...\n# tail\n", &token("t")), "x: 1\nrefresh_token: \"t\"\n...\n# tail\n");
}

#[test]
fn a_heading_of_comments_is_counted_and_hides_nothing() {
    let heading = "# a\n\n#\r\n# b\n";
    let error = python().read(&format!("{heading}x: 1 # note\u{85}y: 2\n")).unwrap_err();
    assert_eq!(error.line, Some(5));
    assert_eq!(read(&format!("{heading}refresh_token: a\n")).credentials, token("a"));
}

#[test]
fn a_byte_order_mark_counts_only_at_the_beginning() {
    for text in ["# a\n\u{feff}refresh_token: a\n", "---\r\n\u{feff}refresh_token: a\r\n"] {
        let error = python().read(text).unwrap_err();
        assert_eq!((error.line, error.reason.contains("a byte order mark")), (Some(2), true));
    }
}

#[test]
fn a_block_scalar_at_the_end_without_line_end_keeps_its_value() {
    assert_eq!(write("x: |\n  text", &token("t")), "refresh_token: \"t\"\nx: |\n  text");
}

#[test]
fn nothing_to_change_changes_nothing_even_where_an_edit_would_be_refused() {
    for name in ["aliased-token", "flow-root-incomplete", "duplicate-token", "tagged-token"] {
        let text = fixture(name);
        assert_eq!(write(&text, &read(&text).credentials), text, "{name}");
    }
}

#[test]
fn an_unusable_value_stays_when_nothing_is_to_replace_it() {
    let text = "login_customer_id: 0123456701\nrefresh_token: INSERT_REFRESH_TOKEN_HERE\nclient_id:\n";
    assert_eq!(read(text).credentials, Credentials::default());
    assert_eq!(write(text, &Credentials::default()), text);
}

#[test]
fn an_empty_text_becomes_a_complete_file_that_loads() {
    assert_eq!(python().read("").unwrap(), Contents::default());
    let wanted = token("1//0new");
    let text = write("", &wanted);
    assert!(text.starts_with("# ") && text.lines().next().unwrap().contains("gads-creds"), "{text}");
    let found = read(&text);
    assert_eq!((found.credentials, found.conflicts, found.diagnostics), (wanted, vec![], vec![]));
    assert_eq!(python().make_loadable(&text).unwrap().text, text);
}

#[test]
fn diagnostics_say_what_the_library_fails_on() {
    let diagnostics = |text: &str| -> Vec<(usize, String, DiagnosticCode)> {
        let found = read(&format!("{text}\nuse_proto_plus: true\n")).diagnostics;
        found.into_iter().map(|found| (found.line, found.key, found.code)).collect()
    };
    let empty = DiagnosticCode::Empty(IfEmpty::LibraryFails);
    for (text, code) in [
        ("login_customer_id: 123-456-7890", DiagnosticCode::NotTenDigits),
        ("login_customer_id: 0123456701", DiagnosticCode::OctalNumber),
        ("login_customer_id: \"\"", empty),
        ("login_customer_id: 12345", DiagnosticCode::NotTenDigits),
        ("login_customer_id: 123_456_7890", DiagnosticCode::UnusualDigits),
        ("linked_customer_id: [1]", DiagnosticCode::WrongType(Type::Collection)),
        ("login_customer_id: INSERT_LOGIN_CUSTOMER_ID_HERE", DiagnosticCode::Placeholder),
        ("client_secret: yes", DiagnosticCode::WrongType(Type::Boolean)),
        ("client_secret: 12345", DiagnosticCode::UnquotedNumber),
        ("client_secret: 1_000", DiagnosticCode::WrongType(Type::Number)),
        ("client_secret: 2001-01-01", DiagnosticCode::WrongType(Type::Date)),
        ("client_secret: 12:30:45", DiagnosticCode::WrongType(Type::Number)),
        ("client_secret: .inf", DiagnosticCode::WrongType(Type::Number)),
        ("client_secret: =", DiagnosticCode::Refused(Refusal::Reserved)),
        ("client_secret: \"a \"", DiagnosticCode::Whitespace),
        ("refresh_token:", DiagnosticCode::NoValue),
        ("refresh_token: \"\"", DiagnosticCode::NoValue),
        ("developer_token: 42", DiagnosticCode::WrongType(Type::Number)),
    ] {
        let key = text.split(':').next().unwrap().to_owned();
        assert_eq!(diagnostics(text), [(1, key, code)], "{text}");
    }
    for text in ["login_customer_id: 1234567890", "login_customer_id:", "client_secret: 1e3", "client_secret: GOCSPX-a"]
    {
        assert_eq!(diagnostics(text), [], "{text}");
    }
    assert_eq!(read("client_id: a\n").diagnostics[0].key, "use_proto_plus");
    for value in ["1", "", "maybe", "[]", "1.0"] {
        let found = read(&format!("use_proto_plus: {value}\n")).diagnostics;
        assert_eq!((found.len(), &found[0].code), (1, &DiagnosticCode::NotABoolean), "{value}");
    }
    for value in ["True", "no", "\"off\"", "y", "'1'", "F"] {
        assert_eq!(read(&format!("use_proto_plus: {value}\n")).diagnostics, [], "{value}");
    }
}

#[test]
fn no_error_and_no_diagnostic_contains_a_value() {
    const PLANTED: &str = "pl4nted-s3cret";
    let broken = [
        "x: \"P",
        "x: [P",
        "- P",
        "P",
        "x: P\n\ty: P",
        "x: P: P",
        "x: *P",
        "a: 1\n---\nb: P",
        "x: P\n y: P",
        "%P\n---\nx: P",
        "x: !P P",
        "x: !<P P",
        "? [P]\n: P",
        "<<: {refresh_token: P}",
        "refresh_token: &a P",
        "refresh_token: [P]",
        "refresh_token: {P: P}",
        "refresh_token: !!int P",
        "refresh_token: P\nrefresh_token: P",
        "{x: P}",
        "x: \"\\P\"",
        "x: |9P",
        "x: @P",
        "x: `P",
        "x: # P\u{2028}refresh_token: P",
        "x: \u{1b}P",
        "login_customer_id: P",
        "use_proto_plus: P",
        "refresh_token: \"P \"",
        "client_secret:\n  P:\n    client_id: 1",
    ];
    for text in broken.map(|text| text.replace('P', PLANTED)) {
        let said = match python().read(&text) {
            Ok(contents) => format!("{:?}{:?}", contents.diagnostics, contents.conflicts),
            Err(error) => format!("{error:?}"),
        };
        assert!(!said.contains(PLANTED), "{text}: {said}");
        for done in [
            python().write(&text, &login(&Credentials::default())).map(|_| ()),
            python().make_loadable(&text).map(|edit| assert!(!edit.notes.concat().contains(PLANTED))),
            python().comment_out_others(&text, IdentityKind::User).map(|_| ()),
        ] {
            assert!(!format!("{done:?}").contains(PLANTED), "{text}: {done:?}");
        }
    }
}

#[test]
fn hostile_bulk_is_handled_in_time() {
    let bulk = |unit: &str| unit.repeat((1 << 18) / unit.len());
    for text in [
        "[".repeat(20_000),
        "{".repeat(20_000),
        "- ".repeat(20_000),
        "? ".repeat(20_000),
        format!("x: {}", "[".repeat(20_000)),
        format!("x: {}{}", "[".repeat(120), "]".repeat(120)),
        format!("x: &a [1]\ny:\n{}", bulk("- *a\n")),
        bulk("&a "),
        bulk("!a "),
        bulk("a:\n"),
        bulk("client_id: INSERT_A\n"),
        bulk("json_key_file_path: x\n"),
        bulk("---\n"),
        bulk("#"),
        bulk(" "),
        bulk("\n"),
        format!("x: \"{}", bulk("a ")),
        format!("x: |\n{}", bulk("  a\n")),
        format!("{}: x", bulk("a")),
        format!("{{{}}}", bulk("a: 1, ")),
    ] {
        let after = login(&python().read(&text).map(|contents| contents.credentials).unwrap_or_default());
        if let Ok(new) = python().write(&text, &after) {
            assert_eq!(read(&new).credentials, after);
        }
        let _ = (python().make_loadable(&text), python().comment_out_others(&text, IdentityKind::User));
    }
}

#[test]
fn a_file_name_shows_the_format() {
    for (name, fits) in [("google-ads.yaml", true), ("X.YML", true), ("yaml", false), ("ads.properties", false)] {
        assert_eq!(python().fits(name, "client_id: a"), fits, "{name}");
    }
}
