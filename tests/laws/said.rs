//! What comes from a server reaches people as an error with a cause and a next step, in harmless characters.

use gads_creds::error::Error;
use gads_creds::google::explain::Step;
use gads_creds::google::offline::{self, Answer};
use gads_creds::term;

use super::assert_harmless;

/// An answer: a digit for the step, a status, a body. All of it is a text to be shown as well.
pub fn input(text: &str) {
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u16>().ok());
    if let (Some(step), Some(status)) = (number(0..1), number(1..4)) {
        refusal(step, status, &text.as_bytes()[4..]);
    }
    escaped(text);
}

/// An answer at one of the steps that is not the one hoped for.
fn refusal(step: u16, status: u16, body: &[u8]) {
    let steps = [Step::Exchange, Step::Refresh, Step::ServiceAccount, Step::Revoke, Step::Ads, Step::Page];
    let step = steps[usize::from(step) % steps.len()];
    if let Ok(error) = offline::refused(step, Answer { status, body }) {
        assert_said(&error);
        assert!(error.kind().code() >= 4, "{error:?}");
    }
}

/// An error that somebody else had a part in.
#[track_caller]
pub fn assert_said(error: &Error) {
    let hint = &error.next_step().expect("a next step").to_string();
    for text in [error.message(), hint, error.google_code().unwrap_or("said")] {
        assert_harmless(text);
        assert!(!text.is_empty() && text.len() < 10_000, "{text:?}");
    }
}

/// Somebody else's text as it is shown.
fn escaped(text: &str) {
    let escaped = term::escape(text);
    assert_harmless(&escaped);
    assert_eq!(term::escape(&escaped), escaped, "what is shown is fit to be shown");
    let visible = |text: &str| text.chars().filter(|char| !super::is_harmful(*char)).collect::<String>();
    assert!(is_part(&visible(text), &escaped), "{text:?} loses something: {escaped:?}");
    let excerpt = term::excerpt(text);
    assert_harmless(&excerpt);
    assert!(excerpt.chars().count() <= 3_003, "{excerpt:?}");
    assert!(escaped.starts_with(excerpt.strip_suffix("...").unwrap_or(&excerpt)) || excerpt == escaped);
}

/// Whether the characters of `part` stand in `whole` in their order.
pub fn is_part(part: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    part.chars().all(|char| rest.any(|other| other == char))
}
