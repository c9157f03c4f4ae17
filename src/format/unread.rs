//! Recognizes a refresh token in any line of a file, whether a library reads the line or not.

use crate::value_kind::{self, ValueKind};

/// Shorter texts are parts of prose.
const SHORTEST: usize = 20;

/// Returns the number of the first line with a refresh token, from 1.
pub fn line_with_token(text: &str) -> Option<usize> {
    Some(text.lines().position(has_token)? + 1)
}

fn has_token(line: &str) -> bool {
    let words = line.split(|char: char| char.is_whitespace() || "\"'=:,;<>`".contains(char));
    words.filter(|word| word.len() >= SHORTEST).any(|word| value_kind::of(word) == Some(ValueKind::RefreshToken))
}
