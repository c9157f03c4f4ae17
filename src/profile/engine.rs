//! The commands of a secret manager that keeps a credential: what to run to get, set and erase it.

use std::fmt;
use std::path::Path;

use crate::disk;
use crate::term;

/// The commands, each a program with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engine {
    pub get: Vec<String>,
    /// Without it, the entry is only read.
    pub set: Option<Vec<String>>,
    pub erase: Option<Vec<String>>,
    /// The texts on stderr of which each shows that a failed `get` means nothing is saved.
    pub absent: Vec<String>,
    /// Seconds, 1 to 120.
    pub timeout: Option<u8>,
}

impl Engine {
    /// Whether both read the same entry; one of them may not be able to write it.
    pub fn is_same_entry(&self, other: &Engine) -> bool {
        self.get == other.get || self.entry() == other.entry()
    }

    /// Returns what identifies the entry: `get` with its paths resolved.
    pub fn entry(&self) -> Vec<String> {
        let (program, arguments) = self.get.split_at(self.get.len().min(1));
        program.iter().map(|word| full_program(word)).chain(arguments.iter().map(|word| resolved(word))).collect()
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

/// Returns the program's full path. A link keeps its name: some programs do what they are called.
fn full_program(word: &str) -> String {
    let path = Path::new(word);
    let found = match path.components().count() {
        1 => std::env::var_os("PATH").and_then(|directories| {
            std::env::split_paths(&directories).map(|directory| directory.join(path)).find(|path| path.is_file())
        }),
        _ => Some(path.to_owned()),
    };
    let full = found.and_then(|path| Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?)));
    full.map_or_else(|| word.to_owned(), |path| path.to_string_lossy().into_owned())
}

/// Returns an argument in which a path, also one after `--option=`, is resolved.
fn resolved(word: &str) -> String {
    let (option, value) = match word.split_once('=') {
        Some((option, value)) if option.starts_with('-') => (format!("{option}="), value),
        _ => (String::new(), word),
    };
    let path = Path::new(value);
    let full = path.canonicalize().or_else(|_| disk::resolve(path));
    match full {
        Ok(full) if path.is_absolute() => option + &full.to_string_lossy(),
        _ => word.to_owned(),
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
