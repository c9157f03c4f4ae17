//! Profile names: the allowed characters, suggestions for misspelled ones, and generated names for files without one.

use std::fmt;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::term;

const LONGEST: usize = 64;

/// A profile's name: valid as a TOML key, a keychain label, a part of a file name and a word in a shell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProfileName(String);

impl ProfileName {
    /// Accepts ASCII letters, digits, `.`, `_`, `@` and `-`, starting with a letter or digit, at most 64 characters.
    pub fn new(text: &str) -> Result<ProfileName> {
        let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
        let rest = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._@-".contains(&byte));
        // A secret that was pasted in place of a name would appear in every later message.
        let secret = term::masked(text) != text;
        if first && rest && !secret && text.len() <= LONGEST {
            return Ok(ProfileName(text.to_owned()));
        }
        let message = match text {
            "" => "the name of a profile cannot be empty".to_owned(),
            _ => format!("`{}` cannot be the name of a profile", term::excerpt(text)),
        };
        Err(Error::usage(message)
            .hint("use up to 64 letters, digits and `.`, `_`, `@`, `-`, beginning with a letter or a digit"))
    }

    /// Returns the name under which a file without a name is recorded: its file name, and a digest of its directory.
    pub fn of_file(path: &Path) -> ProfileName {
        let spelled = path.file_name().unwrap_or_default().to_string_lossy();
        let safe: String = spelled.chars().map(|char| if char.is_ascii_alphanumeric() { char } else { '-' }).collect();
        let start: String = safe.trim_matches('-').chars().take(40).collect();
        let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
        let digest: String = digest[..4].iter().map(|byte| format!("{byte:02x}")).collect();
        ProfileName(if start.is_empty() { format!("file-{digest}") } else { format!("{start}-{digest}") })
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns the name of `known` that `typed` is a misspelling of, in any case of its letters.
pub fn nearest<'a>(typed: &ProfileName, known: &'a [ProfileName]) -> Option<&'a ProfileName> {
    let most = (typed.0.len() / 3).clamp(1, 3);
    let distance =
        |name: &ProfileName| strsim::osa_distance(&typed.0.to_ascii_lowercase(), &name.0.to_ascii_lowercase());
    known
        .iter()
        .map(|name| (distance(name), name))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
