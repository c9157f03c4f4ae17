//! Fixes problems of a library's file without changing the credentials: each edit is parsed and compared before it
//! replaces the file.

use crate::disk::{self, Lock};
use crate::encoding;
use crate::error::{Error, Result};
use crate::format::ByteOrderMark;
use crate::store::Fault;
use crate::store::encoding::decode;
use crate::store::file::FileStore;
use crate::term;

pub fn fix(store: &FileStore, lock: &Lock, fault: Fault) -> Result<Vec<String>> {
    match fault {
        Fault::Leftovers => {
            let removed = disk::clear(&store.path, lock);
            Ok(removed
                .iter()
                .map(|path| format!("removed {}, which an interrupted run left", term::path(path)))
                .collect())
        }
        Fault::Mode => Ok(Vec::from_iter(disk::tighten(&store.path, lock)?)),
        Fault::ByteOrderMark => edit(store, lock, without_mark),
        Fault::Placeholders => edit(store, lock, without_placeholders),
    }
}

/// The new bytes of a file, and notes on the changes; `None` if nothing is wrong.
type Fixed = Option<(Vec<u8>, Vec<String>)>;

/// Replaces the file by the result of `change`. A missing file is not created.
fn edit(store: &FileStore, lock: &Lock, change: fn(&FileStore, &[u8]) -> Result<Fixed>) -> Result<Vec<String>> {
    // The change may run more than once; only the notes of the run that was written are kept.
    let mut notes = Vec::new();
    if change(store, &disk::read_bytes(&store.path)?.unwrap_or_default())?.is_none() {
        return Ok(notes);
    }
    let more = disk::update_bytes(&store.path, lock, &mut |bytes| {
        let (bytes, done) = change(store, bytes)?.unwrap_or_else(|| (bytes.to_vec(), Vec::new()));
        notes = done;
        Ok(bytes)
    })?;
    notes.extend(more);
    Ok(notes)
}

fn without_mark(store: &FileStore, bytes: &[u8]) -> Result<Fixed> {
    if store.format.encodings().byte_order_mark == ByteOrderMark::Ignored {
        return Ok(None);
    }
    let done = || {
        let (path, reader) = (term::path(&store.path), store.format.reader());
        format!("removed the byte order mark of {path}, which the {reader} does not accept")
    };
    Ok(encoding::without_mark(bytes).map(|rest| (rest.to_vec(), vec![done()])))
}

fn without_placeholders(store: &FileStore, bytes: &[u8]) -> Result<Fixed> {
    let (encoding, text) = decode(&store.path, bytes, store.format)?;
    if text.is_empty() {
        return Ok(None);
    }
    let edit = store.with_path(store.format.comment_out_placeholders(&text))?;
    if edit.notes.is_empty() {
        return Ok(None);
    }
    let credentials = |text: &str| store.with_path(store.format.read(text)).map(|contents| contents.credentials);
    let encoded = encoding.bytes(&edit.text).filter(|_| credentials(&edit.text).ok() == credentials(&text).ok());
    let path = term::path(&store.path);
    let bytes = encoded.ok_or_else(|| {
        Error::parse(format!("cannot comment out the placeholders of {path} without a change to other settings"))
            .hint("comment them out in an editor")
    })?;
    Ok(Some((bytes, edit.notes.iter().map(|note| format!("{path} {note}")).collect())))
}
