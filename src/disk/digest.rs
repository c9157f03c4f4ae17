//! A short file name for what may have a long one.

use sha2::{Digest, Sha256};

/// Returns 32 characters for a text of any length.
pub fn digest(text: &[u8]) -> String {
    Sha256::digest(text)[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}
