//! The abilities of stdout and stderr: whether they are terminals, their width, and whether they show color.

use std::io::{self, IsTerminal};

/// One of the two streams.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stream {
    /// Whether it supports escape sequences: a terminal that is not `dumb`.
    pub escapes: bool,
    pub color: bool,
    /// The number of characters per line; `None` if it is not a terminal.
    pub columns: Option<usize>,
}

/// The width of a terminal that does not report it.
const USUAL: usize = 80;

impl Stream {
    pub fn stdout() -> Stream {
        let stdout = io::stdout();
        Stream::new(stdout.is_terminal(), || terminal_size::terminal_size_of(&stdout))
    }

    pub fn stderr() -> Stream {
        let stderr = io::stderr();
        Stream::new(stderr.is_terminal(), || terminal_size::terminal_size_of(&stderr))
    }

    fn new(terminal: bool, size: impl Fn() -> Option<(terminal_size::Width, terminal_size::Height)>) -> Stream {
        if !terminal {
            return Stream::default();
        }
        let escapes = is_able() && obeys_escapes();
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let columns = size().map_or(USUAL, |(width, _)| usize::from(width.0));
        Stream { escapes, color: escapes && !no_color, columns: Some(columns) }
    }

    /// Returns the text in this color, a number of ECMA-48, if the stream shows color.
    pub fn colored(self, color: &str, text: &str) -> String {
        if self.color { format!("\x1b[{color}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Whether `TERM` names a terminal with escape sequences. It is not set on Windows.
fn is_able() -> bool {
    match std::env::var_os("TERM") {
        Some(term) => term != "dumb" && !term.is_empty(),
        None => cfg!(windows),
    }
}

/// Whether the terminal supports escape sequences.
#[cfg(unix)]
fn obeys_escapes() -> bool {
    true
}

/// A Windows console supports them when asked to.
#[cfg(windows)]
fn obeys_escapes() -> bool {
    use winapi_util::console::Console;
    let on = |console: io::Result<Console>| {
        console.and_then(|mut console| console.set_virtual_terminal_processing(true)).is_ok()
    };
    on(Console::stdout()) | on(Console::stderr())
}
