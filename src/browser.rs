//! Opens an address in the user's browser, or says why it did not.

use url::Url;

/// What became of the wish to open a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// A launcher was started; its name.
    With(String),
    /// None was started, and why: `this is an SSH session`.
    Not(String),
}

/// Starts the browser's launcher with the address as its one argument, no shell between.
pub fn open(url: &Url) -> Opened {
    todo!()
}

/// What `ssh` is told to reach a port of this machine, in an SSH session: `user@host`, as far as it can be known.
pub fn ssh_destination() -> Option<String> {
    todo!()
}
