//! Google's `client_secret.json`: which client it describes, or what it is instead.
//!
//! The endpoints in the file are only checked, never used: ours are compiled in.

use std::path::Path;

use crate::credentials::Client;
use crate::error::Result;
use crate::google::Endpoints;

/// Reads the text of a client-secrets file. `source` names it in messages.
pub fn parse(text: &str, source: &str, endpoints: &Endpoints) -> Result<Client> {
    todo!()
}

/// Reads the file at that path, or standard input for `-`.
pub fn read(path: &Path, endpoints: &Endpoints) -> Result<Client> {
    todo!()
}

/// The `client_secret*.json` files in the current folder, the home folder and its `Downloads`, each once.
pub fn find() -> Result<Vec<std::path::PathBuf>> {
    todo!()
}
