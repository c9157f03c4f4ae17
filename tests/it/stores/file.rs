//! A client library's file as a store. The laws of the formats are tested elsewhere; this is about everything else.
#![cfg(unix)]

use std::fs;
use std::path::Path;

use gads_creds::profile::Location;
use gads_creds::secret::Secret;
use gads_creds::store::{self, Purpose};

use crate::child::report;
use crate::sandbox::Sandbox;

pub fn part(part: &str, file: &Path, text: &str) {
    let purpose = match part {
        "store_login" | "store_rehearse" => Purpose::Login,
        "store_login_replacing" => Purpose::LoginReplacingKind,
        _ => Purpose::Update,
    };
    let store = match store::open(&Location::File { path: file.to_owned(), format: None }, purpose) {
        Ok(store) => store,
        Err(error) => return report(Err(error)),
    };
    let change = |credentials: &mut gads_creds::credentials::Credentials| {
        credentials.set_refresh_token(Some(Secret::new(text)));
    };
    match part {
        "store_load" => report(store.load().map(|contents| {
            vec![contents.credentials.refresh_token().map(|token| token.expose().to_owned()).unwrap_or_default()]
        })),
        "store_rehearse" => report(store.preflight(&change).map(|()| Vec::new())),
        _ => report(store.lock().and_then(|lock| store.update(&lock, &change))),
    }
}

#[test]
fn a_file_name_that_shows_no_format_is_a_usage_error() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_part("store_load", &sandbox.write("notes.txt", "hello\n"), "");
    assert_eq!(
        run.error(),
        format!("cannot determine the format of `{}` from its name", sandbox.path("notes.txt").display())
    );
    assert!(run.lines[1].starts_with("hint: add `--format` with one of `"), "{run:?}");
}

#[test]
fn what_is_stored_is_loaded() {
    let sandbox = Sandbox::new();
    let file = sandbox.path("google-ads.yaml");
    assert_eq!(sandbox.run_part("store_load", &file, "").first(), "");
    assert!(sandbox.run_part("store_update", &file, "1//a").is_done());
    assert_eq!(sandbox.run_part("store_load", &file, "").first(), "1//a");
}

#[test]
fn a_byte_order_mark_stays() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("google-ads.yaml", "\u{feff}# mine\nrefresh_token: 1//old\n");
    assert_eq!(sandbox.run_part("store_load", &file, "").first(), "1//old");
    assert!(sandbox.run_part("store_update", &file, "1//new").is_done());
    assert_eq!(fs::read_to_string(&file).unwrap(), "\u{feff}# mine\nrefresh_token: 1//new\n");
}

#[test]
fn a_link_is_shown_by_its_own_name() {
    let sandbox = Sandbox::new();
    sandbox.write("dotfile", "refresh_token: 1//old\n");
    std::os::unix::fs::symlink("dotfile", sandbox.path("google-ads.yaml")).unwrap();
    assert!(sandbox.run_part("store_update", &sandbox.path("google-ads.yaml"), "1//new").is_done());
    assert_eq!(fs::read_to_string(sandbox.path("dotfile")).unwrap(), "refresh_token: 1//new\n");
}

#[test]
fn what_cannot_be_edited_is_refused_with_path_and_line() {
    let sandbox = Sandbox::new();
    let text = "refresh_token: 1//one\nrefresh_token: 1//two\n";
    let file = sandbox.write("google-ads.yaml", text);
    let run = sandbox.run_part("store_rehearse", &file, "1//new");
    assert!(run.error().starts_with(&format!("line 2 of `{}`: ", file.display())), "{run:?}");
    assert!(!run.error().contains("1//"), "{run:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn login_refuses_another_kind_of_credential_unless_asked_to_replace_it() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("google-ads.yaml", "json_key_file_path: /key.json\nlogin_customer_id: 1234567890\n");
    for part in ["store_rehearse", "store_login"] {
        let run = sandbox.run_part(part, &file, "1//new");
        let message = format!("`{}` uses a service account: `json_key_file_path` on line 1", file.display());
        assert_eq!(run.error(), message);
        assert_eq!(run.lines[1], "hint: add `--replace-kind` to switch it to this user credential");
    }
    let run = sandbox.run_part("store_login_replacing", &file, "1//new");
    assert!(run.is_done() && run.lines.len() > 1, "{run:?}");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.starts_with('#') && text.contains("\nlogin_customer_id: 1234567890\n"), "{text}");
    assert_eq!(sandbox.run_part("store_load", &file, "").first(), "1//new");
}

#[test]
fn login_leaves_a_file_that_its_library_loads() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("google-ads.yaml", "developer_token: INSERT_DEVELOPER_TOKEN_HERE\n");
    let run = sandbox.run_part("store_login", &file, "1//new");
    assert!(run.lines.iter().any(|line| line.contains("developer_token")), "{run:?}");
    assert!(fs::read_to_string(&file).unwrap().contains("use_proto_plus"), "{run:?}");
}
