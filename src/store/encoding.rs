//! Decides which encodings of a file are read.
//!
//! A file is read as its library reads it: a text that the library cannot decode is an error that names the encoding.

use std::path::Path;

use crate::disk;
use crate::encoding::{Encoding, without_mark};
use crate::error::{Error, Result};
use crate::format::{Encodings, Format, Latin1};
use crate::term;

/// Returns the text for recognizing the file, whether or not a library reads it.
pub fn peek(bytes: &[u8]) -> String {
    Encoding::of(bytes).text(bytes).unwrap_or_default()
}

/// Returns the text as the format's library decodes it.
pub fn decode(path: &Path, bytes: &[u8], format: &dyn Format) -> Result<(Encoding, String)> {
    if is_utf32(bytes) {
        return Err(Error::parse(format!("{} is UTF-32 text", term::path(path))).hint("save it as UTF-8"));
    }
    let encoding = Encoding::of(bytes);
    let Encodings { utf16, latin1, .. } = format.encodings();
    let accepted = match encoding {
        Encoding::Utf8 | Encoding::Utf8WithMark => true,
        Encoding::Utf16(_) => utf16,
        Encoding::Latin1 => reads(latin1, bytes),
    };
    let text = encoding.text(bytes).filter(|_| accepted).ok_or_else(|| refused(path, bytes, encoding, format))?;
    let has_utf16_shape = |text: &str| {
        text.bytes().step_by(2).all(|byte| byte == 0) || text.bytes().skip(1).step_by(2).all(|byte| byte == 0)
    };
    if text.len() > 1 && has_utf16_shape(&text) {
        let message = format!("{} is UTF-16 text without a byte order mark", term::path(path));
        return Err(Error::parse(message).hint("save it as UTF-8"));
    }
    disk::check_no_nul(path, &text)?;
    if latin1 == Latin1::IfDeclared && !matches!(encoding, Encoding::Utf16(_)) && declares(bytes, &["utf-16", "utf16"])
    {
        let message =
            format!("line 1 of {} declares UTF-16, and the file has no byte order mark of it", term::path(path));
        return Err(Error::parse(message).hint("write `encoding=\"utf-8\"` on that line"));
    }
    Ok((encoding, text))
}

fn reads(latin1: Latin1, bytes: &[u8]) -> bool {
    match latin1 {
        Latin1::Never => false,
        Latin1::Anywhere => true,
        Latin1::InComments => bytes.split(|byte| *byte == b'\n').all(|line| {
            let code = line.split(|byte| *byte == b'#').next().unwrap_or_default();
            code.is_ascii() || std::str::from_utf8(line).is_ok()
        }),
        Latin1::IfDeclared => declares(bytes, &["windows-1252", "iso-8859-1", "latin1"]),
    }
}

/// Whether the XML declaration names one of these encodings.
fn declares(bytes: &[u8], names: &[&str]) -> bool {
    let text = without_mark(bytes).unwrap_or(bytes);
    let declaration = text.split(|byte| *byte == b'>').next().unwrap_or_default().to_ascii_lowercase();
    let is_named = |name: &&str| declaration.windows(name.len()).any(|part| part == name.as_bytes());
    declaration.starts_with(b"<?xml") && names.iter().any(is_named)
}

/// Whether each character has four bytes, three of them zero, with a byte order mark or without.
fn is_utf32(bytes: &[u8]) -> bool {
    let (units, rest) = bytes.as_chunks();
    let fits = |endian: fn([u8; 4]) -> u32| units.iter().all(|unit| char::from_u32(endian(*unit)).is_some());
    units.len() > 1 && rest.is_empty() && (fits(u32::from_le_bytes) || fits(u32::from_be_bytes))
}

fn refused(path: &Path, bytes: &[u8], encoding: Encoding, format: &dyn Format) -> Error {
    let path_shown = term::path(path);
    let message = match encoding {
        Encoding::Utf16(_) => format!("{path_shown} is UTF-16 text, which the {} does not read", format.reader()),
        _ => {
            let offset = std::str::from_utf8(bytes).err().map_or(0, |error| error.valid_up_to());
            let line = bytes[..offset].iter().filter(|byte| **byte == b'\n').count() + 1;
            format!("{path_shown} is not UTF-8 text: line {line}, byte {offset}")
        }
    };
    Error::parse(message).hint("save it as UTF-8")
}
