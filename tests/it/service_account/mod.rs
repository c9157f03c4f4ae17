//! Service accounts: valid key files, how Google's token endpoint checks a JWT, and every command with such a
//! credential.

use std::path::PathBuf;

use crate::google::ServiceAccount;
use crate::sandbox::Sandbox;

#[cfg(unix)]
mod commands;
#[cfg(unix)]
mod errors;
#[cfg(target_os = "linux")]
mod interruptions;
mod key_files;
mod login;
#[cfg(target_os = "linux")]
mod readers;
#[cfg(unix)]
pub mod rotation;
mod stand_in;
#[cfg(unix)]
mod stores;

/// Creates a service account that is invited, and its key as a browser downloads it.
fn invited(sandbox: &Sandbox) -> (ServiceAccount, PathBuf) {
    let account = sandbox.google.service_account();
    let file = sandbox.write("key.json", account.key_file());
    (account, file)
}
