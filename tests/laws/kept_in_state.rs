//! What the program keeps in its state directory, and somebody may have edited: a file is refused without a word of its
//! secrets, or what was read from it is written and read again as the same.

use std::path::Path;

use chrono::{DateTime, Utc};

use gads_creds::error::Error;
use gads_creds::{pending, recovery};

use super::assert_harmless;

const PATH: &str = "/nowhere/file.json";
/// The verifier of a login, or a refresh token.
const SECRET: &str = "1//0gPlanted_by_the_law-token_and_verifier";

/// The text of a pending login; `{secret}` in it stands for the PKCE verifier.
pub fn pending_login(text: &str) {
    let text = text.replace("{secret}", SECRET);
    match pending::parse(Path::new(PATH), &text) {
        Ok(login) => {
            let written = pending::text(&login).expect("what was read can be written");
            let again = pending::parse(Path::new(PATH), &written).expect("what was written can be read");
            assert_eq!(format!("{again:?}"), format!("{login:?}"));
            assert_eq!(again.verifier.expose(), login.verifier.expose());
            assert!(login.verifier.expose() != SECRET || !format!("{:?}", login.verifier).contains(SECRET));
            // Any clock must do.
            for now in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC] {
                assert_harmless(&login.line(now));
            }
        }
        Err(error) => refused(&error, &text),
    }
}

/// The text of a recovery file; `{secret}` in it stands for the token.
pub fn recovery_file(text: &str) {
    let text = text.replace("{secret}", SECRET);
    match recovery::parse(Path::new(PATH), &text) {
        Ok(pending) => {
            let written = recovery::text(&pending).expect("what was read can be written");
            let again = recovery::parse(Path::new(PATH), &written).expect("what was written can be read");
            assert!(again.credentials == pending.credentials, "{text:?}");
            assert_eq!(recovery::text(&again).as_deref(), Ok(written.as_str()));
        }
        Err(error) => refused(&error, &text),
    }
}

#[track_caller]
fn refused(error: &Error, text: &str) {
    let said = format!("{} {}", error.message(), error.next_step().map(ToString::to_string).unwrap_or_default());
    assert_harmless(&said);
    assert!(said.len() < 6_000, "{said}");
    // Behind other letters, as a part of a name, it is not known to be one.
    let is_whole = text.matches(SECRET).count() == text.matches(&format!("\"{SECRET}\"")).count();
    assert!(!is_whole || !said.contains(SECRET), "{said}");
}
