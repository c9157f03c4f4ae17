//! What must hold for every input, each law stated once: `tests/it` tries them with proptest's inputs on every test
//! run, the targets in `fuzz/` with libFuzzer's for any length of time.
//!
//! A law is a function that panics when it is broken. The expected value is computed here in another way than in the
//! program, so that program and law do not share a mistake. A [`TARGETS`] entry parses a law's input from one text.

pub mod authorization_response;
pub mod client_secrets;
pub mod edit;
pub mod error_response;
pub mod kept_in_state;
pub mod key_file;
pub mod lines;
pub mod manager_document;
pub mod others;
pub mod profiles;
pub mod token_response;

/// Parses a law's input from a text and panics if the law is broken.
pub type Law = fn(&str);

/// Every law by the name of its fuzz target.
pub const TARGETS: &[(&str, Law)] = &[
    ("authorization_response", authorization_response::input),
    ("client_secrets", client_secrets::input),
    ("token_response", token_response::input),
    ("error_response", error_response::input),
    ("profiles", profiles::input),
    ("yaml", edit::yaml),
    ("lines", edit::lines),
    ("ruby", edit::ruby),
    ("json", edit::json),
    ("xml", edit::xml),
    ("connectors", edit::connectors),
    ("key_file", key_file::input),
    ("pending_login", kept_in_state::pending_login),
    ("recovery_file", kept_in_state::recovery_file),
    ("manager_document", manager_document::input),
];

/// Checks that nothing in the text controls a terminal, or hides, joins or reorders characters.
#[track_caller]
pub fn assert_harmless(text: &str) {
    if let Some(char) = text.chars().find(|char| is_harmful(*char)) {
        panic!("U+{:04X} passes in {text:?}", u32::from(char));
    }
}

/// Whether it is one of Unicode's control characters, its bidirectional controls, or another character without ink.
fn is_harmful(char: char) -> bool {
    let ranges: &[(u32, u32)] = &[
        (0, 0x1f),
        (0x7f, 0x9f),
        (0xad, 0xad),
        (0x34f, 0x34f),
        (0x61c, 0x61c),
        (0x180b, 0x180f),
        (0x200b, 0x200f),
        (0x2028, 0x202e),
        (0x2060, 0x206f),
        (0x2800, 0x2800),
        (0x3164, 0x3164),
        (0xfe00, 0xfe0e),
        (0xfeff, 0xfeff),
        (0xfff9, 0xfffb),
        (0x1bca0, 0x1bca3),
        (0x1d173, 0x1d17a),
        (0xe0000, 0xe0fff),
    ];
    ranges.iter().any(|(first, last)| (*first..=*last).contains(&u32::from(char)))
}
