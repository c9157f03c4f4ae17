//! An error response becomes an error with a cause and a next step, in harmless characters.

use gads_creds::error::Error;
use gads_creds::google::explain::Operation;
use gads_creds::google::offline::{self, RawResponse};
use gads_creds::term;

use super::assert_harmless;

/// Tries a response: a digit for the operation, a status, a body. The whole input is also a text to be shown.
pub fn input(text: &str) {
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u16>().ok());
    if let (Some(operation), Some(status)) = (number(0..1), number(1..4)) {
        error(operation, status, &text.as_bytes()[4..]);
    }
    escaped(text);
}

/// An error response to one of the operations.
fn error(operation: u16, status: u16, body: &[u8]) {
    let operations = [
        Operation::Exchange,
        Operation::Refresh,
        Operation::ServiceAccount,
        Operation::Revoke,
        Operation::Ads,
        Operation::Consent,
    ];
    let operation = operations[usize::from(operation) % operations.len()];
    if let Ok(error) = offline::error(operation, RawResponse { status, body }) {
        assert_presentable(&error);
        assert!(error.kind().code() >= 4, "{error:?}");
    }
}

/// Checks that the texts of the error can be shown as they are.
#[track_caller]
pub fn assert_presentable(error: &Error) {
    let hint = &error.next_step().expect("a next step").to_string();
    for text in [error.message(), hint, error.google_code().unwrap_or("said")] {
        assert_harmless(text);
        assert!(!text.is_empty() && text.len() < 10_000, "{text:?}");
    }
}

/// Checks a foreign text as it is shown.
fn escaped(text: &str) {
    let escaped = term::escape(text);
    assert_harmless(&escaped);
    assert_eq!(term::escape(&escaped), escaped, "what is shown is fit to be shown");
    let visible = |text: &str| text.chars().filter(|char| !super::is_harmful(*char)).collect::<String>();
    assert!(is_part(&visible(text), &escaped), "{text:?} loses something: {escaped:?}");
    let excerpt = term::excerpt(text);
    assert_harmless(&excerpt);
    assert!(excerpt.chars().count() <= 303, "{excerpt:?}");
    assert!(escaped.starts_with(excerpt.strip_suffix("...").unwrap_or(&excerpt)) || excerpt == escaped);
}

/// Whether the characters of `part` are in `whole` in that order.
pub fn is_part(part: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    part.chars().all(|char| rest.any(|other| other == char))
}
