//! What a program writes to stderr, as our terminal shows it: line by line, without secrets.

use crate::secret::Secret;
use crate::term;

/// A part of a secret with this length must not be shown.
const PIECE: usize = 8;

/// Shows text as it comes. A line may come in several pieces: each time it is judged from its start.
pub struct Relay {
    secrets: Vec<Secret>,
    /// Where the current line starts in what the program wrote.
    start: usize,
    /// What the terminal shows of that line.
    shown: String,
}

impl Relay {
    pub fn new(secrets: Vec<Secret>) -> Relay {
        Relay { secrets, start: 0, shown: String::new() }
    }

    /// Shows what is new in all that the program wrote so far.
    pub fn show(&mut self, written: &[u8]) {
        let mut new = String::new();
        for line in written[self.start..].split_inclusive(|byte| *byte == b'\n') {
            let line = String::from_utf8_lossy(line);
            let fit = self.fit(line.trim_end_matches(['\r', '\n']));
            match fit.strip_prefix(&self.shown) {
                Some(rest) => new.push_str(rest),
                None => new.extend(["\n", &fit]),
            }
            self.shown = fit;
            if line.ends_with('\n') {
                new.push('\n');
                self.shown.clear();
            }
        }
        self.start = written.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        if !new.is_empty() {
            term::relay(&new);
        }
    }

    /// Whether the text repeats a part of one of the secrets.
    pub fn has_secret(&self, text: &str) -> bool {
        term::repeats(text, self.secrets.iter().map(Secret::expose), PIECE)
    }

    fn fit(&self, line: &str) -> String {
        if self.has_secret(line) {
            return "[redacted]".to_owned();
        }
        term::escape(&term::masked(line)).into_owned()
    }
}
