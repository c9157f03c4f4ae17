//! The functions of `unix.rs` where files have no owner and mode: a new file takes the access list of its folder, and the
//! folders of a user's profile admit that user alone.

use std::ffi::OsString;
use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io;
use std::path::Path;

use crate::disk::seen::Seen;
use crate::error::Result;

pub fn reading() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    options
}

pub fn creating() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    options
}

pub fn locking() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    options
}

pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)
}

/// An access list is not asked for: the attempt tells.
pub fn is_writable(_: &Path) -> bool {
    true
}

/// A folder cannot be opened like a file here; the file system's journal keeps the order of renames.
pub fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

pub fn names(folder: &Path) -> io::Result<Vec<OsString>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect()
}

pub fn make_private(_: &File) -> io::Result<()> {
    Ok(())
}

pub fn tighten(_: &Path, _: &Seen) -> Result<Option<String>> {
    Ok(None)
}

pub fn notes(_: &Path, _: &Metadata) -> Vec<String> {
    Vec::new()
}

pub fn keep_owner(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

pub fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// The identity of a file is not to be had without unsafe code: the time it was created stands for it.
pub fn same_file(one: &Metadata, other: &Metadata) -> bool {
    matches!((one.created(), other.created()), (Ok(one), Ok(other)) if one == other)
}

pub fn is_same_file_at(file: &File, path: &Path) -> bool {
    matches!((file.metadata(), fs::symlink_metadata(path)), (Ok(file), Ok(there)) if same_file(&file, &there))
}

pub fn is_ours(_: &Metadata) -> bool {
    true
}

pub fn check_way(_: &Path, _: &Metadata) -> Result<()> {
    Ok(())
}

pub fn check_file(_: &Path, _: &Metadata) -> Result<()> {
    Ok(())
}

pub fn kind(kind: FileType) -> &'static str {
    if kind.is_dir() { "a folder" } else { "a device" }
}

/// Who may read a file is not told by a mode here.
pub fn mode(_: &Metadata) -> Option<u32> {
    None
}
