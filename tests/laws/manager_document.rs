//! What a secret manager prints is refused, or a document whose members all stay in an edit.

use gads_creds::credentials::{Field, Identity, User};
use gads_creds::secret::Secret;
use gads_creds::store::document::Document;
use serde_json::Value;

use super::assert_harmless;

const SECRET: &str = "1//0gPlanted_by_the_law-token";
const NEW: &str = "1//0gSet_by_the_law";

/// The output of a program; `{secret}` in it stands for a token that no message may contain.
pub fn input(text: &str) {
    let text = text.replace("{secret}", SECRET);
    let document = match Document::read(text.as_bytes()) {
        Ok(Some(document)) => document,
        Ok(None) => {
            let empty = ["", "{}"].map(|empty| empty.to_owned());
            let bare: String = text.trim_start_matches('\u{feff}').split_whitespace().collect();
            return assert!(empty.contains(&bare), "{text:?}");
        }
        Err(reason) => return refused(&reason.fact, &text),
    };
    // It is one line of ASCII, and the same document to every reader.
    let line = document.line();
    assert!(line.expose().is_ascii() && !line.expose().contains(['\n', '\r']), "{text:?}");
    let again = read(&line);
    assert_eq!(again.differs_in(&document), None, "{text:?}");
    assert_eq!(document.differs_in(&again), None, "{text:?}");
    assert_eq!(again.line().expose(), line.expose(), "{text:?}");
    let contents = match document.contents() {
        Ok(contents) => contents,
        Err(reason) => return refused(&reason.fact, &text),
    };
    if contents.credentials.service_account().is_some() {
        return;
    }
    let mut credentials = contents.credentials;
    let user = User { refresh_token: Some(Secret::new(NEW)), ..credentials.user().cloned().unwrap_or_default() };
    credentials.identity = Some(Identity::User(user));
    let new = read(&document.with(&credentials).line());
    assert!(new.contents().expect("our own document").credentials == credentials, "{text:?}");
    let (Value::Object(mut old), Value::Object(mut now)) = (json(&line), json(&new.line())) else {
        panic!("{text:?} is an object")
    };
    for key in Field::ALL.map(Field::key).into_iter().chain(["type"]) {
        old.remove(key);
        now.remove(key);
    }
    assert_eq!(old, now, "{text:?}");
    assert!(!new.without_token().line().expose().contains(NEW), "{text:?}");
}

fn read(line: &Secret) -> Document {
    Document::read(line.expose().as_bytes()).expect("our own line").expect("a document")
}

fn json(line: &Secret) -> Value {
    serde_json::from_str(line.expose()).expect("JSON")
}

#[track_caller]
fn refused(reason: &str, text: &str) {
    assert_harmless(reason);
    assert!(reason.chars().count() < 600, "{reason}");
    // Behind other letters it is not known to be one.
    let is_whole = text.matches(SECRET).count() == text.matches(&format!("\"{SECRET}\"")).count();
    assert!(!is_whole || !reason.contains(SECRET), "{reason}");
}
