//! The leak check: no part of a secret in what the program printed, and none in a file that others can read.

use std::fs;
use std::path::Path;

use url::form_urlencoded;

use super::Sandbox;

/// This many characters in a row give a secret away. Google's prefixes (`GOCSPX-`, `1//0`) are shorter, by a margin.
const PIECE: usize = 16;

/// Returns the first part of a secret in the text, as it is or percent-encoded.
pub fn leak<'a>(text: &str, secrets: impl IntoIterator<Item = &'a String>) -> Option<String> {
    for secret in secrets {
        let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        for form in [secret, &encoded] {
            let chars: Vec<_> = form.chars().collect();
            for piece in chars.windows(PIECE.min(chars.len()).max(1)) {
                let piece: String = piece.iter().collect();
                if text.contains(&piece) {
                    return Some(piece);
                }
            }
        }
    }
    None
}

/// Fails the test if a file that others can read holds a secret.
pub fn check_files(sandbox: &Sandbox) {
    let secrets = sandbox.secrets();
    check_directory(sandbox, &sandbox.root, &secrets);
}

fn check_directory(sandbox: &Sandbox, directory: &Path, secrets: &[String]) {
    // A file or directory may disappear meanwhile: a lock, or a temporary file of a run that goes on.
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let (path, Ok(metadata)) = (entry.path(), entry.metadata()) else { continue };
        if metadata.is_dir() {
            check_directory(sandbox, &path, secrets);
        } else if metadata.is_file() && !is_private(&metadata) {
            let Ok(content) = fs::read(&path) else { continue };
            if sandbox.files.borrow().get(&path) != Some(&content) {
                let leak = leak(&String::from_utf8_lossy(&content), secrets);
                assert_eq!(leak, None, "{} holds a secret and is not 0600", path.display());
            }
        }
    }
}

#[cfg(unix)]
fn is_private(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o177 == 0
}

/// Windows: files below the user's own directory are the user's own.
#[cfg(windows)]
fn is_private(_: &fs::Metadata) -> bool {
    true
}
