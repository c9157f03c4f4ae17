//! Standard input as a document, which a user pipes in where a file can be named.

use std::io::{self, Read};

use crate::error::system_reason;
use crate::{disk, encoding};

/// Why no text could be read.
#[derive(Debug, PartialEq, Eq)]
pub enum Problem {
    Unreadable(&'static str),
    TooLong,
    NotText,
}

impl Problem {
    /// Returns it in words, to follow `standard input`; `what` is expected there.
    pub fn fact(&self, what: &str) -> String {
        match self {
            Problem::Unreadable(why) => format!("cannot be read: {why}"),
            Problem::TooLong => format!("has more than 1 MiB, which no {what} has"),
            Problem::NotText => "is not UTF-8 text".to_owned(),
        }
    }
}

/// Reads all of it, with the size limit for files.
pub fn read() -> Result<String, Problem> {
    text(io::stdin().lock())
}

fn text(input: impl Read) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    let read = input.take(disk::MOST + 1).read_to_end(&mut bytes);
    read.map_err(|error| Problem::Unreadable(system_reason(&error)))?;
    if bytes.len() as u64 > disk::MOST {
        return Err(Problem::TooLong);
    }
    encoding::piped(bytes).ok_or(Problem::NotText)
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use super::{Problem, text};
    use crate::disk;

    #[test]
    fn standard_input_is_read_to_its_end() {
        assert_eq!(text("{\"a\": 1}\n".as_bytes()), Ok("{\"a\": 1}\n".to_owned()));
    }

    #[test]
    fn standard_input_of_exactly_1_mib_is_read() {
        assert_eq!(text(io::repeat(b' ').take(disk::MOST)).map(|text| text.len() as u64), Ok(disk::MOST));
    }

    #[test]
    fn endless_standard_input_is_refused() {
        assert_eq!(text(io::repeat(b' ')), Err(Problem::TooLong));
    }

    #[test]
    fn standard_input_is_text() {
        for (bytes, read) in [
            (&b"\xff\xfe{\0}\0"[..], Ok("{}")),
            (b"\xfe\xff\0{\0}", Ok("{}")),
            (b"{\0}\0", Ok("{}")),
            (b"\0{\0}", Ok("{}")),
            (b"\xef\xbb\xbf{}", Ok("\u{feff}{}")),
            (b"", Ok("")),
            (b"\xff{}", Err(Problem::NotText)),
            (b"{\0}", Err(Problem::NotText)),
            (b"{}\0", Err(Problem::NotText)),
            (b"\xff\xfe\0\0{\0\0\0", Err(Problem::NotText)),
        ] {
            assert_eq!(text(bytes), read.map(str::to_owned), "{bytes:?}");
        }
    }
}
