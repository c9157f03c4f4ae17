//! Whether PHP is what the command runs. PHP opens the path that the links lead to, and there is none for a file without a name.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::disk;
use crate::subprocess;

/// As many bytes of a script's first line as Linux reads.
const FIRST_LINE: u64 = 256;

/// Whether a word of the command names PHP (`php`, `env php8.2`, `timeout 60 php`), or the first line of its script does.
pub fn runs(command: &[OsString]) -> bool {
    command.iter().any(|word| names_php(word)) || command.first().is_some_and(|program| interpreter_is_php(program))
}

fn names_php(word: &OsStr) -> bool {
    Path::new(word).file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"php"))
}

fn interpreter_is_php(program: &OsStr) -> bool {
    let path = match program.to_str() {
        Some(name) if !name.contains('/') => subprocess::find(name),
        _ => Some(PathBuf::from(program)),
    };
    // Not of a pipe, whose first line would be gone.
    let Some(start) = path.and_then(|path| disk::beginning(&path, FIRST_LINE).ok()) else { return false };
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let words = String::from_utf8_lossy(line.strip_prefix(b"#!").unwrap_or_default()).into_owned();
    words.split_whitespace().any(|word| names_php(OsStr::new(word)))
}
