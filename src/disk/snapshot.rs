//! Reads a file: what it is, its content, and whether it is still the same one.
//!
//! Only a regular file is opened: opening a device can have effects, and opening a pipe would wait for a writer.

use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read, Seek};
use std::path::Path;

use crate::disk::{MOST, cannot, retry, system};
use crate::error::{Error, Result};
use crate::term;

/// A file that was read, and stays open so that it can be compared again.
pub struct Snapshot {
    pub file: File,
    pub metadata: Metadata,
    pub bytes: Vec<u8>,
}

/// Opens and reads the file at that path; `None` if there is none.
pub fn look(path: &Path) -> Result<Option<Snapshot>> {
    let unreadable = |error| cannot("read", path, &error);
    match retry(|| fs::metadata(path)) {
        Ok(metadata) => check_regular(path, &metadata)?,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            // Resolving distinguishes a dangling link from a missing file.
            return crate::disk::resolve(path).map(|_| None);
        }
        Err(error) => return Err(unreadable(error)),
    }
    let mut file = match retry(|| system::reading().open(path)) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let metadata = retry(|| file.metadata()).map_err(unreadable)?;
    check_regular(path, &metadata)?;
    let too_large = || {
        Error::parse(format!("{} is larger than 1 MiB: not a configuration file", term::path(path)))
            .hint("name the file that holds the settings")
    };
    if metadata.len() > MOST {
        return Err(too_large());
    }
    let bytes = content(&mut file).map_err(unreadable)?;
    if bytes.len() as u64 > MOST {
        return Err(too_large());
    }
    Ok(Some(Snapshot { file, metadata, bytes }))
}

impl Snapshot {
    /// Whether the file at that path is this one, with the same bytes.
    pub fn is_still_at(&self, path: &Path) -> Result<bool> {
        let unreadable = |error| cannot("read", path, &error);
        Ok(retry(|| system::is_at(&self.file, path)).map_err(unreadable)?
            && content(&mut &self.file).map_err(unreadable)? == self.bytes)
    }
}

/// Returns the first bytes of a regular file, at most so many. For files that are looked at and never written: neither a pipe
/// nor a device is waited for.
pub fn beginning(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    // What the path names may change at any time: only the open file shows what it is.
    let file = retry(|| system::reading().open(path))?;
    if !retry(|| file.metadata())?.is_file() {
        return Err(ErrorKind::InvalidInput.into());
    }
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns the content of the file, up to one byte more than is allowed.
pub fn content(mut file: impl Read + Seek) -> std::io::Result<Vec<u8>> {
    // Enough for any usual file: a growing buffer would leave copies of secrets behind and need more calls.
    let mut bytes = Vec::with_capacity(1 << 14);
    retry(|| file.rewind())?;
    file.take(MOST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn check_regular(path: &Path, metadata: &Metadata) -> Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    let what = system::kind(metadata.file_type());
    let is_empty = || fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none());
    let hint = match metadata.is_dir() {
        true if is_empty() => format!(
            "remove it with `rmdir {}`: Docker makes such a directory where the file to mount is missing",
            term::quoted(path)
        ),
        true => "name a file in it".to_owned(),
        false => "name a regular file".to_owned(),
    };
    Err(Error::io(format!("{} is {what}, not a regular file", term::path(path))).hint(hint))
}

/// Converts the bytes to UTF-8 text without NUL characters.
pub fn text(path: &Path, bytes: Vec<u8>) -> Result<String> {
    if [[0xff, 0xfe], [0xfe, 0xff]].iter().any(|mark| bytes.starts_with(mark)) {
        return Err(Error::parse(format!("{} is UTF-16 text, not UTF-8", term::path(path))).hint("save it as UTF-8"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let line = line(error.as_bytes(), offset);
        Error::parse(format!("{} is not UTF-8 text: line {line}, byte {offset}", term::path(path)))
            .hint("save it as UTF-8")
    })?;
    check_no_nul(path, &text)?;
    Ok(text)
}

/// Fails if the text has a NUL character, which no configuration file has.
pub fn check_no_nul(path: &Path, text: &str) -> Result<()> {
    let Some(offset) = text.find('\0') else { return Ok(()) };
    let line = line(text.as_bytes(), offset);
    let message = format!("{} holds a NUL character: line {line}, byte {offset}", term::path(path));
    Err(Error::parse(message).hint("remove such characters in an editor: a crash may have left them"))
}

fn line(bytes: &[u8], offset: usize) -> usize {
    bytes[..offset].iter().filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::beginning;

    /// Whoever may write into the directory can put a pipe there at any moment.
    #[test]
    fn the_beginning_of_a_pipe_is_not_waited_for() {
        let directory = tempfile::tempdir().expect("a directory");
        let pipe = directory.path().join("pipe");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe");
        assert!(beginning(&pipe, 4).is_err());
        assert!(beginning(directory.path(), 4).is_err());
        std::fs::write(directory.path().join("file"), "a text").expect("a file");
        assert_eq!(beginning(&directory.path().join("file"), 4).expect("it is read"), b"a te");
    }
}
