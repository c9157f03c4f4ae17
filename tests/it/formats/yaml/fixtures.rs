//! The hostile files of `fixtures/yaml`, each checked by PyYAML.

use gads_creds::credentials::{Credentials, Field};
use gads_creds::format::{Contents, FormatError};
use serde_json::json;

use super::{KEYS, ask_pyyaml, assert_accepted, edit_job, fixture, fixtures, login, python, read, read_job, write};
use crate::harness::skip::skip;

/// Returns the lines that do not belong to a known entry, which an edit must not change.
fn others(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut ours = None;
    let mut others = Vec::new();
    for line in text.lines() {
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        let content = content.trim_start_matches(['"', '\'', '?', ' ']).replace("\\x5f", "_");
        if KEYS.iter().any(|key| content.starts_with(key)) {
            ours = Some(indent);
            continue;
        }
        match ours {
            _ if content.is_empty() || content.starts_with('#') => {}
            Some(key) if indent > key || content.starts_with(": ") => continue,
            _ => ours = None,
        }
        others.push(line.to_owned());
    }
    others
}

/// The fixtures that `login` must reject: line, and part of the reason.
const REFUSED: &[(&str, usize, &str)] = &[
    ("alias-key", 2, "`refresh_token` has an anchor"),
    ("aliased-token", 2, "`refresh_token` is an alias"),
    ("anchored-token", 1, "`refresh_token` has an anchor"),
    ("colon-in-value", 3, "a second `: `"),
    ("colon-space-in-value", 1, "a second `: `"),
    ("control-character", 2, "not valid YAML"),
    ("duplicate-token", 3, "a second line sets `refresh_token`"),
    ("empty-with-comment", 2, "`client_id:` has no space after it"),
    ("flow-root-empty", 1, "between braces"),
    ("flow-root-incomplete", 1, "between braces"),
    ("hash-without-space", 3, "not valid YAML"),
    ("line-separator-in-comment", 1, "do not agree"),
    ("list-key", 1, "a key is a list"),
    ("list-root", 1, "the top level is a list"),
    ("mark-inside", 2, "a byte order mark"),
    ("merge", 3, "`<<` includes keys"),
    ("next-line-in-comment", 1, "do not agree"),
    ("nul-character", 2, "not valid YAML"),
    ("null-key", 1, "do not agree"),
    ("number-root", 1, "the top level is one value"),
    ("reserved-sign", 1, "starts with `@`, which YAML reserves"),
    ("root-contains-itself", 2, "contains itself"),
    ("tab-indent", 2, "a tab"),
    ("tagged-token", 2, "`client_id` has an anchor or a tag"),
    ("template-language", 1, "is a variable that was not expanded"),
    ("text-root", 1, "is followed by `=`"),
    ("token-is-list", 1, "`refresh_token` is a list"),
    ("token-is-section", 1, "`refresh_token` is a list or a section"),
    ("two-documents", 2, "a second document"),
    ("unclosed-brace", 1, "a bracket is not closed"),
    ("unclosed-quote", 1, "a quote is not closed"),
    ("unknown-tag", 1, "`client_id` has an anchor or a tag"),
];

/// The fixtures that PyYAML rejects completely, for a tab between tokens or a tag, and this program does not.
const LIBRARY_REFUSES: &[&str] = &["tab-after-colon", "trailing-spaces", "unknown-tag"];

#[test]
fn every_fixture_is_edited_as_pyyaml_sees_it_or_refused_with_its_line() {
    let mut jobs = Vec::new();
    for (name, old) in fixtures() {
        let before = python().read(&old).map(|contents| contents.credentials).unwrap_or_default();
        let after = login(&before);
        let expected = REFUSED.iter().find(|(refused, ..)| *refused == name);
        match (python().write(&old, &after), expected) {
            (Ok(new), None) => {
                assert!(name.starts_with("flow-root") || others(&old) == others(&new), "{name}: other lines changed");
                assert_eq!(read(&new).credentials, after, "{name}: not read back");
                assert_eq!(write(&new, &after), new, "{name}: the second write changes something");
                jobs.push((name.clone(), edit_job(&old, &new, &before, &after)));
                if !LIBRARY_REFUSES.contains(&name.as_str()) {
                    jobs.push((name, read_job(&new, &after)));
                }
            }
            (Err(error), Some((_, line, reason))) => {
                assert_eq!(error.line, Some(*line), "{name}: {}", error.reason);
                assert!(error.reason.contains(reason), "{name}: {}", error.reason);
            }
            (Ok(new), Some(_)) => panic!("{name} was not rejected:\n{new}"),
            (Err(FormatError { line, reason, .. }), None) => panic!("{name} was rejected: {line:?} {reason}"),
        }
    }
    assert_accepted(jobs);
}

#[test]
fn what_is_read_is_what_the_library_would_use() {
    let readable = fixtures().into_iter().filter(|(name, _)| !LIBRARY_REFUSES.contains(&name.as_str()));
    let jobs = readable.filter_map(|(name, text)| {
        let credentials = python().read(&text).ok()?.credentials;
        Some((name, read_job(&text, &credentials)))
    });
    assert_accepted(jobs.collect());
}

#[test]
fn removing_the_token_takes_its_lines_and_nothing_else() {
    let mut jobs = Vec::new();
    for (name, old) in fixtures() {
        let Ok(Contents { credentials: before, .. }) = python().read(&old) else { continue };
        let after = before.clone().with(Field::RefreshToken, None);
        match python().write(&old, &after) {
            Ok(new) => {
                assert_eq!(others(&old), others(&new), "{name}: other lines changed");
                assert_eq!(read(&new).credentials, after, "{name}: not read back");
                if old != new {
                    jobs.push((name, edit_job(&old, &new, &before, &after)));
                }
            }
            Err(error) => assert!(error.line.is_some(), "{name}: {}", error.reason),
        }
    }
    assert!(jobs.len() > 8, "only {} fixtures were edited", jobs.len());
    assert_accepted(jobs);
}

#[test]
fn a_line_that_hides_another_from_one_reader_is_not_removed() {
    let error = python().write(&fixture("next-line-in-comment"), &Credentials::default()).unwrap_err();
    assert!(error.reason.contains("do not agree"), "{}", error.reason);
}

#[test]
fn after_login_the_library_loads_the_file() {
    let mut jobs = Vec::new();
    for (name, old) in fixtures().into_iter().chain([("none".to_owned(), String::new())]) {
        // These have a diagnostic: an edit does not change their invalid values.
        if LIBRARY_REFUSES.contains(&name.as_str())
            || ["id-", "proto-plus-number"].iter().any(|wrong| name.starts_with(wrong))
        {
            continue;
        }
        let before = python().read(&old).map(|contents| contents.credentials).unwrap_or_default();
        let Ok(new) = python().write(&old, &login(&before)) else { continue };
        let Ok(edit) = python().make_loadable(&new) else { panic!("{name} cannot be made loadable:\n{new}") };
        assert_eq!(python().make_loadable(&edit.text).unwrap().notes, Vec::<String>::new(), "{name}: not done at once");
        assert_eq!(read(&edit.text).credentials, login(&before), "{name}");
        jobs.push((name, json!({"kind": "load", "text": edit.text})));
    }
    let (names, jobs): (Vec<_>, Vec<_>) = jobs.into_iter().unzip();
    for (verdict, name) in ask_pyyaml(&jobs).into_iter().flatten().zip(names) {
        if verdict.as_deref() == Some("no google-ads") {
            return skip("google-ads is not installed for python3 (or GADS_CREDS_TEST_PYTHON)");
        }
        assert_eq!(verdict, None, "{name}");
    }
}
