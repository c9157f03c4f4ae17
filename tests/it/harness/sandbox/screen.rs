//! What a terminal shows of what was written to it: rows as they stand in the end, after every redrawn line.

use std::num::NonZeroU16;

/// More rows than any run prints.
const ROWS: u16 = 2_000;

pub struct Screen {
    /// Down to the last one that is not empty, without spaces at their ends.
    pub rows: Vec<String>,
    /// Those that the terminal broke because they did not fit.
    pub wrapped: Vec<String>,
    /// What was written, escape sequences included.
    pub raw: String,
}

impl Screen {
    /// Shows the text on a terminal of that width. The line which says that a stand-in is in use is left out.
    pub fn new(raw: &str, columns: u16) -> Screen {
        // The terminal may have broken that line.
        let end = raw.find("GADS_CREDS_ENDPOINT)").and_then(|at| Some(at + raw[at..].find('\n')? + 1));
        let start = end.and_then(|end| raw[..end].rfind("warning:"));
        let start = start.map(|at| raw[..at].rfind('\n').map_or(0, |line| line + 1));
        let raw = match (start, end) {
            (Some(start), Some(end)) => format!("{}{}", &raw[..start], &raw[end..]),
            _ => raw.to_owned(),
        };
        let mut parser = vt100::Parser::new(size(ROWS), size(columns), 0);
        parser.process(raw.as_bytes());
        let screen = parser.screen();
        let mut rows: Vec<String> = screen.rows(0, columns).map(|row| row.trim_end().to_owned()).collect();
        let is_wrapped = |row: usize| screen.row_wrapped(u16::try_from(row).expect("a row"));
        let wrapped =
            rows.iter().enumerate().filter(|(row, _)| is_wrapped(*row)).map(|(_, text)| text.clone()).collect();
        rows.truncate(rows.iter().rposition(|row| !row.is_empty()).map_or(0, |last| last + 1));
        Screen { rows, wrapped, raw }
    }

    pub fn text(&self) -> String {
        self.rows.join("\n")
    }

    pub fn has_color(&self) -> bool {
        self.raw.contains("\x1b[")
    }

    /// Whether a line was drawn again in its place.
    pub fn has_progress(&self) -> bool {
        self.raw.replace("\r\n", "\n").contains('\r')
    }
}

fn size(length: u16) -> NonZeroU16 {
    NonZeroU16::new(length).expect("a terminal has room")
}
