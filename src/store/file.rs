//! A client library's file as a store: `disk` reads and writes it, a `format` spells it.

use std::path::{Path, PathBuf};

use crate::disk::{self, Lock};
use crate::error::{Error, Result};
use crate::format::{Contents, Format};
use crate::store::{Change, Purpose, Store};

pub struct FileStore {
    path: PathBuf,
    format: &'static dyn Format,
    purpose: Purpose,
}

impl FileStore {
    /// `format` is the one given with `--format` or by the profile; without it the file's name and content tell.
    pub fn new(path: &Path, format: Option<&'static str>, purpose: Purpose) -> Result<FileStore> {
        todo!()
    }
}

impl Store for FileStore {
    fn load(&self) -> Result<Contents> {
        todo!()
    }

    fn rehearse(&self, change: Change) -> Result<()> {
        todo!()
    }

    fn lock(&self) -> Result<Lock> {
        todo!()
    }

    fn update(&self, lock: &Lock, change: Change) -> Result<Vec<String>> {
        todo!()
    }

    fn location(&self) -> String {
        todo!()
    }
}
