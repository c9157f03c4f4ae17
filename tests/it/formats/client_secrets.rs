//! What `client_secret.json` may contain, and that nothing of an unusable file is repeated.

use std::path::Path;
use std::time::{Duration, Instant};

use gads_creds::client_secrets::{parse, read};
use gads_creds::credentials::{Client, ClientKind};
use gads_creds::error::{Error, Kind};
use gads_creds::google::Endpoints;
use proptest::prelude::*;

const ID: &str = "123456789012-planted0desktop.apps.googleusercontent.com";

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/client_secrets").join(name);
    std::fs::read_to_string(path).expect("a fixture")
}

fn accepted(text: &str) -> Client {
    parse(text, "`c.json`", &Endpoints::google()).expect("a good file")
}

/// Returns the message without the name of the file, after the checks that every error has to pass.
fn refused(text: &str) -> String {
    let error = parse(text, "`c.json`", &Endpoints::google()).expect_err("a file that cannot serve");
    checked(&error)
}

fn checked(error: &Error) -> String {
    let hint = error.next_step().expect("a next step").to_string();
    assert_eq!(error.kind(), Kind::ClientSecrets, "{error}");
    for said in [error.message(), &hint] {
        assert!(!said.contains("planted"), "repeats the content: {said}");
        assert!(said.len() < 600, "too long: {said}");
        assert!(
            !said.contains(|char: char| char.is_control() || ('\u{202a}'..='\u{202e}').contains(&char)),
            "{said:?}"
        );
    }
    error.message().strip_prefix("`c.json` ").expect("the file's name").to_owned()
}

/// Returns a desktop client's file with these members replaced or added.
fn desktop(members: &[(&str, &str)]) -> String {
    let usual = [("client_id", format!("{ID:?}")), ("client_secret", "\"GOCSPX-planted\"".to_owned())];
    let usual = usual.into_iter().filter(|(key, _)| members.iter().all(|(other, _)| other != key));
    let members = members.iter().map(|(key, value)| (*key, (*value).to_owned()));
    let all: Vec<String> = usual.chain(members).map(|(key, value)| format!("{key:?}: {value}")).collect();
    format!("{{\"installed\": {{{}}}}}", all.join(", "))
}

#[test]
fn desktop_client_is_read() {
    let client = accepted(&fixture("desktop.json"));
    assert_eq!(client.id, ID);
    assert_eq!(client.secret.expose(), "GOCSPX-planted_desktop_secret");
    assert_eq!(client.kind, ClientKind::Desktop);
    assert_eq!(client.project.as_deref(), Some("ads-reports-1"));
}

#[test]
fn desktop_client_of_old_with_the_switched_off_redirect_is_read() {
    let client = accepted(&fixture("desktop_of_2016.json"));
    assert_eq!(client.kind, ClientKind::Desktop);
    assert_eq!(client.project.as_deref(), Some("example.com:ads-reports"));
}

#[test]
fn web_client_keeps_its_redirect_uris_unchanged() {
    let redirect_uris = ["https://ads.example.com/oauth2/callback", "http://127.0.0.1:8080/callback"];
    let kind = ClientKind::Web { redirect_uris: redirect_uris.map(str::to_owned).to_vec() };
    assert_eq!(accepted(&fixture("web.json")).kind, kind);
}

#[test]
fn id_and_secret_are_enough() {
    let client = accepted(&desktop(&[]));
    assert_eq!((client.kind, client.project), (ClientKind::Desktop, None));
}

#[test]
fn byte_order_mark_and_surrounding_spaces_are_accepted() {
    assert_eq!(accepted(&format!("\u{feff}\r\n\t {}\n\n", desktop(&[]))).id, ID);
}

#[test]
fn web_client_without_redirect_uris_is_read() {
    let client = accepted(&desktop(&[]).replace("installed", "web"));
    assert_eq!(client.kind, ClientKind::Web { redirect_uris: Vec::new() });
}

#[test]
fn null_counts_as_absent() {
    let text = desktop(&[("project_id", "null"), ("token_uri", "null"), ("redirect_uris", "null")]);
    assert_eq!(accepted(&text).project, None);
    assert_eq!(accepted(&format!("{{\"web\": null, {}", &desktop(&[])[1..])).kind, ClientKind::Desktop);
}

#[test]
fn wrong_files_are_recognized() {
    for (name, what) in [
        ("service_account.json", "is the key of a service account, not a client-secrets file"),
        ("authorized_user.json", "holds a user's credentials, as gcloud makes them, not a client-secrets file"),
        ("google-services.json", "is the `google-services.json` of an Android app, not a client-secrets file"),
        ("sign_in_page.html", "is a web page or XML, not a client-secrets file"),
        ("ios_client.plist", "is the property list of an iOS client, not a client-secrets file"),
        ("without_secret.json", "has no `client_secret`"),
    ] {
        assert_eq!(refused(&fixture(name)), what, "{name}");
    }
}

#[test]
fn wrong_texts_are_recognized() {
    for (text, what) in [
        ("", "is empty"),
        (" \r\n\t", "is empty"),
        ("\u{feff}", "is empty"),
        ("AIzaplanted\n", "is an API key, not a client-secrets file"),
        ("GOCSPX-planted\n", "is a client secret alone, not a client-secrets file"),
        ("1-planted.apps.googleusercontent.com", "is a client ID alone, not a client-secrets file"),
        ("1//planted", "is a token, not a client-secrets file"),
        ("4/0Aplanted", "is an authorization code, not a client-secrets file"),
        ("-----BEGIN PRIVATE KEY-----\nplanted", "is a key or a certificate, not a client-secrets file"),
        ("{\"keyString\": \"planted\"}", "holds an API key, not a client-secrets file"),
        ("{\"access_token\": \"planted\"}", "holds tokens, not a client-secrets file"),
        ("{\"private_key\": \"planted\"}", "holds a private key, not a client-secrets file"),
        ("{\"type\": \"external_account\"}", "is a configuration of workload identity, not a client-secrets file"),
        (
            "{\"client_id\": \"planted\", \"client_secret\": \"planted\"}",
            "holds a client outside of `installed` or `web`, so its type is not known",
        ),
        ("{}", "has neither `installed` nor `web`, so it describes no client that can log in here"),
        ("{\"planted\": 1}", "has neither `installed` nor `web`, so it describes no client that can log in here"),
        ("[{\"installed\": {}}]", "holds a list, not an object of JSON"),
        ("\"planted\"", "holds a text, not an object of JSON"),
        ("17", "holds a number, not an object of JSON"),
        ("null", "holds null, not an object of JSON"),
        ("true", "holds true or false, not an object of JSON"),
        ("{\"installed\": \"planted\"}", "has a text in place of its `installed` object"),
        ("{\"web\": [\"planted\"]}", "has a list in place of its `web` object"),
        ("{\"installed\": {}}", "has no `client_id` in `installed`"),
        ("{\"installed\": {\"client_secret\": \"planted\"}}", "has no `client_id` in `installed`"),
        ("{\"installed\": {}, \"web\": {}}", "has both `installed` and `web`, so it does not describe one client"),
    ] {
        assert_eq!(refused(text), what, "{text}");
    }
}

#[test]
fn authorized_user_file_is_pointed_to_config() {
    let error = parse(&fixture("authorized_user.json"), "`c.json`", &Endpoints::google()).expect_err("no client");
    assert_eq!(
        error.next_step().map(ToString::to_string).as_deref(),
        Some("it holds a refresh token already: use it with `--config FILE --format adc`")
    );
}

#[test]
fn file_without_secret_gets_the_step_to_create_one() {
    let error = parse(&fixture("without_secret.json"), "`c.json`", &Endpoints::google()).expect_err("no secret");
    assert!(error.next_step().is_some_and(|hint| hint.to_string().contains("shows a secret only once")));
}

#[test]
fn broken_json_is_reported_with_line_and_column() {
    assert_eq!(refused("{\n  \"installed\": planted\n}"), "cannot be read as JSON (line 2, column 16)");
    assert_eq!(
        refused("{\"installed\": {\"client_secret\": \"planted"),
        "ends before its JSON does (line 1, column 40), so it is only a part of a file"
    );
}

#[test]
fn duplicate_members_are_an_error() {
    for key in ["client_id", "client_secret", "project_id", "auth_uri", "token_uri"] {
        let text = desktop(&[(key, "\"planted\""), (key, "\"planted\"")]);
        assert_eq!(refused(&text), format!("has `{key}` twice"));
    }
    assert_eq!(refused(&desktop(&[("redirect_uris", "[]"), ("redirect_uris", "[]")])), "has `redirect_uris` twice");
    assert_eq!(refused("{\"installed\": {}, \"installed\": {}}"), "has `installed` twice");
    // The same name, spelled with an escape.
    let text = desktop(&[]).replace("\"client_id\"", "\"client\\u005fid\": \"planted\", \"client_id\"");
    assert_eq!(refused(&text), "has `client_id` twice");
}

#[test]
fn values_of_a_wrong_type_are_refused() {
    for key in ["client_id", "client_secret", "project_id", "auth_uri", "token_uri"] {
        assert_eq!(refused(&desktop(&[(key, "17")])), format!("has a number as its `{key}`, not a text"));
        assert_eq!(refused(&desktop(&[(key, "[\"planted\"]")])), format!("has a list as its `{key}`, not a text"));
    }
    for (value, what) in [
        ("\"http://localhost\"", "has a text as its `redirect_uris`, not a list"),
        ("{\"planted\": 1}", "has an object as its `redirect_uris`, not a list"),
        ("[\"http://localhost\", 8080]", "has a number among its `redirect_uris`, not a text"),
        ("[\"http://planted\\u001b[2J\"]", "has characters in its `redirect_uris` that Google never uses there"),
    ] {
        assert_eq!(refused(&desktop(&[("redirect_uris", value)])), what);
    }
}

#[test]
fn ids_and_secrets_with_strange_characters_are_refused() {
    for bad in [
        "\\u001b]8;;planted",
        "planted\\n",
        "planted\\u202e",
        "plan ted",
        "plant\u{e9}d",
        "planted\\u0000",
        "planted\\u2028",
    ] {
        for key in ["client_id", "client_secret", "project_id"] {
            let text = desktop(&[(key, &format!("\"{bad}\""))]);
            assert_eq!(refused(&text), format!("has characters in its `{key}` that Google never uses there"), "{bad}");
        }
    }
    for bad in ["planted?x=1", "planted#", "planted&", "planted%41", "planted\\\"", "planted$(id)", "planted;"] {
        let text = desktop(&[("client_id", &format!("\"{bad}\""))]);
        assert_eq!(refused(&text), "has characters in its `client_id` that Google never uses there", "{bad}");
    }
}

#[test]
fn ids_and_secrets_of_a_strange_length_are_refused() {
    let huge = format!("\"{}\"", "a".repeat(5 << 20));
    assert_eq!(refused(&desktop(&[("client_id", &huge)])), "has a `client_id` of more than 256 characters");
    assert_eq!(refused(&desktop(&[("client_secret", &huge)])), "has a `client_secret` of more than 512 characters");
    assert_eq!(refused(&desktop(&[("project_id", &huge)])), "has a `project_id` of more than 256 characters");
    assert_eq!(refused(&desktop(&[("client_id", "\"\"")])), "has an empty `client_id`");
    assert_eq!(refused(&desktop(&[("client_secret", "\"\"")])), "has no `client_secret`");
}

#[test]
fn placeholders_are_refused() {
    for value in [
        "INSERT_OAUTH2_CLIENT_ID_HERE",
        "YOUR_CLIENT_ID.apps.googleusercontent.com",
        "your-client-id",
        "<id>",
        "****abcd",
        "xxxx-xxxx",
    ] {
        for key in ["client_id", "client_secret"] {
            let text = desktop(&[(key, &format!("\"{value}\""))]);
            assert_eq!(refused(&text), format!("has a placeholder as its `{key}`"), "{value}");
        }
    }
}

#[test]
fn addresses_of_google_are_accepted() {
    for address in [
        "https://accounts.google.com/o/oauth2/auth",
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://accounts.google.com/o/oauth2/auth?access_type=offline",
        "https://oauth2.googleapis.com/token",
        "https://www.googleapis.com/oauth2/v4/token",
        "https://accounts.google.com",
    ] {
        for key in ["auth_uri", "token_uri"] {
            assert_eq!(accepted(&desktop(&[(key, &format!("\"{address}\""))])).id, ID, "{address}");
        }
    }
}

#[test]
fn other_addresses_are_refused_with_the_host_named() {
    for (address, what) in [
        ("https://evil.example/token", "at `evil.example`, which is not Google's"),
        ("https://evil.example:8443/token", "at `evil.example:8443`, which is not Google's"),
        (
            "https://oauth2.googleapis.com.evil.example/token",
            "at `oauth2.googleapis.com.evil.example`, which is not Google's",
        ),
        ("https://oauth2.googleapis.com@evil.example/token", "at `evil.example`, which is not Google's"),
        ("https://evil.example\\\\@oauth2.googleapis.com/", "at `evil.example`, which is not Google's"),
        ("https://evil.example#@oauth2.googleapis.com/", "at `evil.example`, which is not Google's"),
        ("https://accounts.google.com./", "at `accounts.google.com.`, which is not Google's"),
        ("https://accounts.google.com:8443/", "at `accounts.google.com:8443`, which is not Google's"),
        ("https://google.com/token", "at `google.com`, which is not Google's"),
        ("https://2130706433/token", "at `127.0.0.1`, which is not Google's"),
        ("https://169.254.169.254/token", "at `169.254.169.254`, which is not Google's"),
        ("https://accounts.goog\u{13a}e.com/", "with characters outside ASCII, which is not Google's"),
        ("https://accounts.xn--googe-95a.com/", "at `accounts.xn--googe-95a.com`, which is not Google's"),
        // Full-width letters, which other parsers normalize to the real name.
        ("https://accounts.\u{ff47}oogle.com/", "with characters outside ASCII, which is not Google's"),
        ("http://oauth2.googleapis.com/token", "at `oauth2.googleapis.com` without https"),
        ("http://127.0.0.1:8080/token", "at `127.0.0.1:8080` without https"),
        ("http://127.0.0.1.evil.example/token", "at `127.0.0.1.evil.example` without https"),
        ("ftp://oauth2.googleapis.com/token", "at `oauth2.googleapis.com` without https"),
        ("file://evil.example/share", "at `evil.example` without https"),
        ("file:///etc/passwd", "of the kind `file:`, which is not Google's"),
        ("javascript:alert(1)//planted", "of the kind `javascript:`, which is not Google's"),
        ("data:text/html,planted", "of the kind `data:`, which is not Google's"),
        ("ms-msdt:/id planted", "of the kind `ms-msdt:`, which is not Google's"),
    ] {
        for key in ["auth_uri", "token_uri"] {
            let error = refused(&desktop(&[(key, &format!("\"{address}\""))]));
            assert_eq!(error, format!("names `{key}` {what}"), "{address}");
        }
    }
    // A byte that is not a letter, next to a capital: an assertion in a library did not expect it.
    let odd = desktop(&[("token_uri", "\"https://oauth2.%ecA.com/token\"")]);
    assert_eq!(refused(&odd), "has no address as its `token_uri`");
}

#[test]
fn addresses_that_preset_what_a_login_sets_are_refused() {
    for query in [
        "redirect_uri=https://evil.example/",
        "hl=de&state=planted",
        "stat%65=planted",
        "client_id=planted",
        "code_challenge=planted",
        "response_type=token",
        "scope=planted",
        "client_secret=planted",
    ] {
        let address = format!("\"https://accounts.google.com/o/oauth2/auth?{query}\"");
        let error = refused(&desktop(&[("auth_uri", &address)]));
        assert!(error.ends_with("of its own, which is a login's to set"), "{query}: {error}");
    }
}

#[test]
fn addresses_of_google_in_a_strange_spelling_are_refused() {
    for address in [
        "https://user@oauth2.googleapis.com/token",
        "https://@oauth2.googleapis.com/token",
        "https://oauth2.googleapis.com\\\\planted",
        "https:\\\\\\\\oauth2.googleapis.com/token",
        "https:oauth2.googleapis.com/token",
        "https:///oauth2.googleapis.com/token",
        "https://oauth2.googleapis.com/token#planted",
        "https://oauth2.goog\\tleapis.com/token",
        "https://oauth2.googleapis.com/token\\r\\nHost: planted",
        "https://oauth2.googleapis.com/plant\u{e9}d",
        " https://oauth2.googleapis.com/token",
        "https://oauth2.googleapis.com?x=planted",
    ] {
        let error = refused(&desktop(&[("token_uri", &format!("\"{address}\""))]));
        assert_eq!(error, "names `token_uri` that is not spelled as Google spells it", "{address}");
    }
    let long = format!("\"https://oauth2.googleapis.com/{}\"", "a".repeat(4096));
    assert_eq!(refused(&desktop(&[("token_uri", &long)])), "names `token_uri` that is not spelled as Google spells it");
}

#[test]
fn texts_that_are_not_an_address_are_refused() {
    for text in [
        "",
        "token",
        "--help",
        "-P planted",
        "$(planted)",
        "//oauth2.googleapis.com/token",
        "https://",
        "https://[::1/",
    ] {
        let error = refused(&desktop(&[("auth_uri", &format!("\"{text}\""))]));
        assert_eq!(error, "has no address as its `auth_uri`", "{text}");
    }
}

#[test]
fn addresses_of_the_stand_in_are_accepted_only_while_there_is_one() {
    let stand_in = Endpoints::stand_in("http://127.0.0.1:8085").expect("a stand-in");
    let of = |address: &str| desktop(&[("token_uri", &format!("\"{address}\""))]);
    let parsed = |address: &str| parse(&of(address), "`c.json`", &stand_in);
    assert!(parsed("http://127.0.0.1:8085/token").is_ok());
    assert!(parsed("https://oauth2.googleapis.com/token").is_ok());
    for other in ["http://127.0.0.1:8086/token", "https://127.0.0.1:8085/token", "http://127.0.0.1:8085@evil.example/"]
    {
        checked(&parsed(other).expect_err(other));
    }
    assert_eq!(refused(&of("http://127.0.0.1:8085/token")), "names `token_uri` at `127.0.0.1:8085` without https");
}

#[test]
fn deep_nesting_is_refused_at_once() {
    let start = Instant::now();
    for open in ["[", "{\"installed\":", "{\"a\":["] {
        assert!(refused(&open.repeat(500_000)).starts_with("cannot be read as JSON"));
    }
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn every_departure_from_json_is_refused() {
    for body in [
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\" 1}",
        "{\"a\":}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1}}",
        "{\"a\":1}#",
        "{}{}",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[",
        "]",
        "{",
        "}",
        "{]",
        "[}",
        "\"",
        "\"a",
        "\"\t\"",
        "\"\n\"",
        "\"\\x41\"",
        "\"\\u12\"",
        "\"\\ud800\"",
        "\"\\a\"",
        "\\u0041",
        "01",
        "-",
        "+1",
        ".5",
        "1.",
        "1e",
        "1e+",
        "0x1",
        "-01",
        "NaN",
        "Infinity",
        "-Infinity",
        "1_000",
        "1a",
        "nul",
        "True",
        "tru",
        "fals",
        "// c\n{}",
        "{} // c",
        "/* c */{}",
        "{\"a\":/**/1}",
        "\u{feff}\u{feff}{}",
        "\u{a0}{}",
        "{}\u{c}",
        "\u{2060}{}",
        "*",
        "{\"a\":\"b\"",
        "{\"\0\":1}",
        "{\"a\":undefined}",
        "installed: {}",
        "installed=1",
        "{\"a\":1;\"b\":2}",
    ] {
        let error = refused(body);
        // Another language is named, and no single line of it is wrong.
        let is_named = ["line ", "is YAML", "has lines of `key=value`"].iter().any(|fact| error.contains(fact));
        assert!(is_named && error.contains("JSON"), "{body:?}: {error}");
        // And among valid members.
        let inside = format!("{{\"x\": {body}, {}", &desktop(&[])[1..]);
        assert!(parse(&inside, "`c.json`", &Endpoints::google()).is_err(), "{body:?}");
    }
}

#[test]
fn unusual_but_valid_json_beside_the_client_is_accepted() {
    for value in [
        "-0",
        "1e400",
        "123456789012345678901234567890",
        "1E-2",
        "[[[[]]]]",
        "\"\\ud83d\\ude00\"",
        "{\"\":{\"\":0}}",
        "\"\\u0000\"",
    ] {
        let text = format!("{{\"x\": {value}, {}", &desktop(&[])[1..]);
        let parsed = parse(&text, "`c.json`", &Endpoints::google());
        // JSON does not limit numbers, but a parser may.
        assert!(parsed.is_ok() || value == "1e400", "{value}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("client_\u{202e}secret.json");
    let error = read(&path, &Endpoints::google()).expect_err("no file");
    assert_eq!(error.kind(), Kind::ClientSecrets);
    assert!(error.message().starts_with("there is no file `"), "{error}");
    assert!(error.message().ends_with("client_\\u{202e}secret.json`"), "{error}");
}

#[test]
fn a_directory_in_place_of_the_file_asks_for_another_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let error = read(directory.path(), &Endpoints::google()).expect_err("a directory");
    assert_eq!(error.kind(), Kind::ClientSecrets);
}

#[test]
fn a_file_is_named_in_its_error() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("client_secret.json");
    std::fs::write(&path, fixture("desktop.json")).expect("written");
    assert_eq!(read(&path, &Endpoints::google()).expect("a client").id, ID);
    std::fs::write(&path, fixture("service_account.json")).expect("written");
    let error = read(&path, &Endpoints::google()).expect_err("no client");
    assert!(error.message().contains("client_secret.json` is the key of a service account"), "{error}");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let _ = parse(&text, "`c.json`", &Endpoints::google());
    }

    #[test]
    fn no_cut_or_changed_file_repeats_its_secret(at in 0usize..480, change in any::<char>()) {
        let mut text = fixture("desktop.json");
        let at = at.min(text.len() - 1);
        text.replace_range(at..=at, change.encode_utf8(&mut [0; 4]));
        for text in [&text[..], &text[..at]] {
            if let Err(error) = parse(text, "`c.json`", &Endpoints::google()) {
                prop_assert!(!error.message().contains("planted"), "{}", error);
            }
        }
    }
}
