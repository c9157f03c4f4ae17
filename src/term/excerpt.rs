//! Texts and paths from elsewhere as messages quote them: masked, then escaped.

use std::path::Path;

use crate::term::escape;
#[cfg(unix)]
use crate::term::escape::is_unsafe;
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
        false => in_numbers(path).unwrap_or_else(|| format!("'{}'", shown.replace('\'', r"'\''"))),
    }
}

/// Returns the path in `$'…'`, which most shells know, if bytes in it cannot be shown and no part of it has to be masked: as it
/// is shown, it would name another file.
#[cfg(unix)]
fn in_numbers(path: &Path) -> Option<String> {
    use std::os::unix::ffi::OsStrExt;
    let text = path.to_str();
    if text.is_some_and(|text| !text.contains(is_unsafe)) || masked_path(path) != path.to_string_lossy() {
        return None;
    }
    let number = |byte: &u8| format!("\\x{byte:02x}");
    let mut quoted = "$'".to_owned();
    for chunk in path.as_os_str().as_bytes().utf8_chunks() {
        for char in chunk.valid().chars() {
            match is_unsafe(char) || matches!(char, '\'' | '\\') {
                true => quoted.extend(char.encode_utf8(&mut [0; 4]).as_bytes().iter().map(number)),
                false => quoted.push(char),
            }
        }
        quoted.extend(chunk.invalid().iter().map(number));
    }
    Some(quoted + "'")
}

#[cfg(windows)]
fn in_numbers(_: &Path) -> Option<String> {
    None
}
