//! Names of profiles: what they may look like, which one was probably meant, and the name of what nobody named.

use std::fmt;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::term;

const LONGEST: usize = 64;

/// A profile's name: safe as a TOML key, a label in a keychain, a part of a file name and a word in a shell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProfileName(String);

impl ProfileName {
    /// Takes letters, digits and `.`, `_`, `@`, `-` of ASCII, the first a letter or digit, 64 at most.
    pub fn new(text: &str) -> Result<ProfileName> {
        let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
        let rest = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._@-".contains(&byte));
        // A secret that was pasted in place of a name would stand in every message from then on.
        let secret = term::masked(text) != text;
        if first && rest && !secret && text.len() <= LONGEST {
            return Ok(ProfileName(text.to_owned()));
        }
        Err(Error::usage(format!("`{}` cannot be the name of a profile", term::excerpt(text)))
            .hint("use up to 64 letters, digits and `.`, `_`, `@`, `-`, beginning with a letter or a digit"))
    }

    /// The name under which a file that nobody named is remembered: its own name, and a digest that tells its directory.
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

/// The one of `known` that a slip of the finger turns into `typed`.
pub fn nearest<'a>(typed: &ProfileName, known: &'a [ProfileName]) -> Option<&'a ProfileName> {
    let most = (typed.0.len() / 3).clamp(1, 3);
    let near = |name: &&ProfileName| slips(&typed.0, &name.0) <= most;
    known.iter().filter(near).min_by_key(|name| slips(&typed.0, &name.0))
}

/// Letters left out, put in, mistaken, or swapped with their neighbour (optimal string alignment); case does not count.
fn slips(a: &str, b: &str) -> usize {
    let (a, b) = (a.to_ascii_lowercase().into_bytes(), b.to_ascii_lowercase().into_bytes());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let mistaken = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                let best = mistaken.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if swapped { best.min(rows[i - 2][j - 2] + 1) } else { best }
            };
        }
    }
    rows[a.len()][b.len()]
}
