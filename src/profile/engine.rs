//! The commands of a secret manager that keeps a credential: what to run to get, set and erase it.

use std::fmt;

use crate::profile::recipes;
use crate::term;

/// The commands, each a program with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engine {
    pub get: Vec<String>,
    /// Without it, the entry is only read.
    pub set: Option<Vec<String>>,
    pub erase: Option<Vec<String>>,
    /// The text on stderr that shows that a failed `get` means nothing is saved.
    pub absent: Option<String>,
    /// Seconds, 1 to 120.
    pub timeout: Option<u8>,
}

impl Engine {
    /// Whether both run the same commands, and so have the same entry.
    pub fn is_same_entry(&self, other: &Engine) -> bool {
        (&self.get, &self.set, &self.erase) == (&other.get, &other.set, &other.erase)
    }

    /// Returns how `--store` spells this entry, if a recipe produces these commands: `pass:google-ads/work`.
    pub fn recipe(&self) -> Option<String> {
        recipes::spelling(self)
    }

    /// Returns the command that prints the program's version, for a program of a recipe.
    pub fn version_command(&self) -> Option<Vec<String>> {
        recipes::version_command(self)
    }

    /// Returns the next step where `set` fails although nothing is saved; `None` for commands of no recipe.
    pub fn before_set(&self) -> Option<String> {
        recipes::before_set(self)
    }

    /// Returns the next step where even `get` fails.
    pub fn before_get(&self) -> Option<String> {
        recipes::before_get(self)
    }
}

/// As results and messages name it: `pass:google-ads/work`, `command (my-program get work)`.
impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.recipe() {
            Some(recipe) => f.write_str(&term::excerpt(&recipe)),
            None => write!(f, "command ({})", words(&self.get)),
        }
    }
}

/// Returns the command quoted for a shell, at most 300 characters of it.
pub fn words(command: &[String]) -> String {
    let words: Vec<String> = command.iter().map(|word| quoted_word(word)).collect();
    term::excerpt(&words.join(" "))
}

/// Returns a word quoted for a shell.
pub fn quoted_word(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-@+:=,%".contains(&byte);
    match !word.is_empty() && word.bytes().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
