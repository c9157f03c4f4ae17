//! The command line of a secret manager that keeps a credential: what is run to get, set and erase it.

use std::fmt;

use crate::profile::recipes;
use crate::term;

/// What is run, each as a program and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engine {
    pub get: Vec<String>,
    /// Absent: the entry is only read.
    pub set: Option<Vec<String>>,
    pub erase: Option<Vec<String>>,
    /// The text on stderr by which a failed `get` means that nothing is saved.
    pub absent: Option<String>,
    /// Seconds, 1 to 120.
    pub timeout: Option<u8>,
}

impl Engine {
    /// Whether both run the same commands, and so have the same entry.
    pub fn is_same_entry(&self, other: &Engine) -> bool {
        (&self.get, &self.set, &self.erase) == (&other.get, &other.set, &other.erase)
    }

    /// How `--store` spells this entry, if a recipe makes these commands: `pass:google-ads/work`.
    pub fn recipe(&self) -> Option<String> {
        recipes::spelling(self)
    }

    /// What prints the version of the program, if it is one of a recipe.
    pub fn version_command(&self) -> Option<Vec<String>> {
        recipes::version_command(self)
    }

    /// The command to run where the entry, or what keeps it, is not there yet; none where `set` makes it.
    pub fn before_set(&self) -> Option<String> {
        recipes::first_use(self, false)
    }

    /// The command without which `get` already fails.
    pub fn before_get(&self) -> Option<String> {
        recipes::first_use(self, true)
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

/// The command as a shell takes it back, at most 300 characters of it.
pub fn words(command: &[String]) -> String {
    let words: Vec<String> = command.iter().map(|word| quoted_word(word)).collect();
    term::excerpt(&words.join(" "))
}

/// A word that a shell takes back.
pub fn quoted_word(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-@+:=,%".contains(&byte);
    match !word.is_empty() && word.bytes().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
