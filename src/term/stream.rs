//! What stdout and stderr can show: whether they are terminals, how wide, with colour or without.

use std::io::{self, IsTerminal};

/// One of the two streams.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stream {
    /// It obeys escape sequences: a terminal that is not `dumb`.
    pub escapes: bool,
    pub colour: bool,
    /// How many characters fit on a line; none if it is not a terminal.
    pub columns: Option<usize>,
}

/// The width of a terminal that does not say how wide it is.
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
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let columns = size().map_or(USUAL, |(width, _)| usize::from(width.0));
        Stream { escapes, colour: escapes && !no_colour, columns: Some(columns.max(20)) }
    }

    /// The text in this colour, a number of ECMA-48, where the stream has colours.
    pub fn coloured(self, colour: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Whether `TERM` names a terminal that is more than a typewriter. On Windows nobody sets it.
fn is_able() -> bool {
    match std::env::var_os("TERM") {
        Some(term) => term != "dumb" && !term.is_empty(),
        None => cfg!(windows),
    }
}

/// Whether the terminal obeys escape sequences.
#[cfg(unix)]
fn obeys_escapes() -> bool {
    true
}

/// A console of Windows obeys when it is asked to.
#[cfg(windows)]
fn obeys_escapes() -> bool {
    use winapi_util::console::Console;
    let on = |console: io::Result<Console>| {
        console.and_then(|mut console| console.set_virtual_terminal_processing(true)).is_ok()
    };
    on(Console::stdout()) | on(Console::stderr())
}
