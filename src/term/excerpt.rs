//! Texts and paths from elsewhere as messages quote them: masked, then escaped.

use std::path::Path;

use crate::term::escape;
use crate::term::masked::{masked, masked_path};

/// Returns at most 300 characters of a text from elsewhere, escaped; what looks like a secret is left out.
pub fn excerpt(text: &str) -> String {
    // Masked first: the rest of a secret that is cut in two would not look like one.
    let text = masked(text);
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}...", escape(&text[..end])),
        None => escape(&text).into_owned(),
    }
}

/// Returns a path for messages: in backticks, and as [`plain_path`] returns it.
pub fn path(path: &Path) -> String {
    format!("`{}`", plain_path(path))
}

/// Returns a path for results: escaped, and without what looks like a secret typed in place of a path, unless such a
/// file exists.
pub fn plain_path(path: &Path) -> String {
    escape(&masked_path(path)).into_owned()
}
