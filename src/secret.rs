//! The one type that holds a secret: a token, a client secret, a developer token.
//!
//! It cannot be printed by accident: it has no `Display` and no `Serialize`, and its `Debug` is `[redacted]`. The text
//! is wiped when the value is dropped, as far as a program can guarantee that. [`Secret::expose`] is the only way to
//! the text; it is called only where a secret is written or sent (`tests/it/code/tidy.rs` has the list).

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A text that must not be shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes ownership of the text.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(Zeroizing::new(text.into()))
    }

    /// Returns the text: only to write it into a store or to send it to Google.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns eight hexadecimal digits that distinguish secrets without revealing them.
    ///
    /// Only for tokens that Google issued: their randomness keeps a short digest from being reversed.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest([b"gads-creds fingerprint\0", self.0.as_bytes()].concat());
        digest[..4].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Returns what is shown in place of this secret: neither its length nor its characters.
    pub fn mask(&self) -> String {
        format!("********-{}", self.fingerprint())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
