//! The only writer of files.
//!
//! Every change runs: lock, read, change, write aside (0600, same folder), sync, read back and compare, check that the file
//! is still the one that was read, rename, sync the folder. Whatever fails on the way leaves the old file.

use std::path::{Path, PathBuf};

use crate::error::Result;

/// The most that is read of any file: 1 MiB.
pub const MOST: u64 = 1 << 20;

/// Keeps every other run of this program away from one place until dropped.
pub struct Lock {
    file: std::fs::File,
}

/// Waits for the lock of that name in the state folder; gives up after 30 seconds.
pub fn lock(name: &str) -> Result<Lock> {
    todo!()
}

/// The text of a regular file of at most [`MOST`] bytes in UTF-8; `None` if there is none.
pub fn read(path: &Path) -> Result<Option<String>> {
    todo!()
}

/// What `update` would do short of replacing the file: the folder takes a file, the file is ours to replace, `change` succeeds.
pub fn rehearse(path: &Path, change: &mut dyn FnMut(&str) -> Result<String>) -> Result<()> {
    todo!()
}

/// Replaces the file by `change` of its text (empty if there is none), or leaves it alone.
pub fn update(path: &Path, lock: &Lock, change: &mut dyn FnMut(&str) -> Result<String>) -> Result<()> {
    todo!()
}

/// Where the file really is: every link followed, the folder made absolute; the file itself need not exist.
pub fn resolve(path: &Path) -> Result<PathBuf> {
    todo!()
}

/// Removes the file and syncs its folder; no file is no failure.
pub fn remove(path: &Path) -> Result<()> {
    todo!()
}
