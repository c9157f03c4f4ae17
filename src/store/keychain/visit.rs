//! One access to the keychain: all its calls on one thread, under one deadline.

use std::env;
use std::io::{self, IsTerminal};
use std::time::Duration;

use keyring::Entry;

use crate::error::Result;
use crate::store::keychain::deadline::{self, Cancelled, Deadline, NoResult};
use crate::store::keychain::failure;

/// The time limit of a keychain that does not prompt.
pub const SILENT: Duration = Duration::from_secs(5);

/// The time limit if a user can respond to its prompt.
const PROMPTING: Duration = Duration::from_secs(60);

/// Returns the deadline: with a user at a terminal of a desktop, the keychain may be showing a prompt.
pub fn deadline() -> Deadline {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let desktop =
        if cfg!(target_os = "macos") { !set("SSH_CONNECTION") } else { set("DISPLAY") || set("WAYLAND_DISPLAY") };
    let finish = if desktop && io::stdin().is_terminal() { PROMPTING } else { SILENT };
    Deadline::start(SILENT, finish)
}

/// Accesses the keychain: all calls on one thread, under one deadline.
pub fn visit<T: Send + 'static>(
    deadline: Deadline,
    work: impl FnOnce(&Cancelled) -> Result<T> + Send + 'static,
) -> Result<T> {
    try_visit(deadline, work).unwrap_or_else(|no_result| Err(failure::silent(no_result, deadline)))
}

pub fn try_visit<T: Send + 'static>(
    deadline: Deadline,
    work: impl FnOnce(&Cancelled) -> Result<T> + Send + 'static,
) -> std::result::Result<Result<T>, NoResult> {
    // Prompts nobody: it connects, and agrees on a key for the transport.
    let open = || {
        failure::check_address()?;
        Entry::store_status().as_ref().map(|_| ()).map_err(failure::not_opened)
    };
    deadline::run(deadline, open, work)
}
