//! The one type that holds a secret: a token, a client secret, a developer token.
//!
//! It cannot be printed by accident: no `Display`, no `Serialize`, and `Debug` says `[redacted]`. The text is wiped when
//! the value goes out of scope, as well as a program can promise that. [`Secret::expose`] is the only way to the text; it
//! is called where a secret is written or sent, and nowhere else (`tests/it/code/tidy.rs` holds the list).

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A text that must not be seen.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(Zeroizing::new(text.into()))
    }

    /// The text itself: only to write it into a store or to send it to Google.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Eight hexadecimal digits that tell two secrets apart and say nothing else about them.
    ///
    /// Only for tokens that Google issued: their randomness is what keeps a short digest from being guessed back.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest([b"gads-creds fingerprint\0", self.0.as_bytes()].concat());
        digest[..4].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// What stands for this secret wherever it is shown: it keeps the length and the characters to itself.
    pub fn mask(&self) -> String {
        format!("********-{}", self.fingerprint())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
