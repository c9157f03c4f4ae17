//! Texts and paths from elsewhere as messages quote them: masked, then escaped.

use std::path::Path;

use crate::term::escape;
use crate::term::masked::{masked, masked_path};

/// How many characters of a text from elsewhere are shown.
const MOST: usize = 300;

/// Returns at most 300 characters of a text from elsewhere, counted as they are shown: escaped. What looks like a secret is left
/// out.
pub fn excerpt(text: &str) -> String {
    // Masked first: the rest of a secret that is cut in two would not look like one.
    let text = masked(text);
    let mut shown = 0;
    let cut = text.char_indices().find(|(at, char)| {
        shown += escape(&text[*at..at + char.len_utf8()]).chars().count();
        shown > MOST
    });
    match cut {
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

/// Returns the path quoted for a shell; on Windows for cmd, which does not know single quotes, and PowerShell.
pub fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let separator = |byte: u8| cfg!(windows) && byte == b'\\';
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-@+:".contains(&byte) || separator(byte));
    let shown = plain_path(path);
    match plain {
        true => shown,
        // A path there cannot contain a quote.
        false if cfg!(windows) => format!("\"{shown}\""),
        false => format!("'{}'", shown.replace('\'', r"'\''")),
    }
}
