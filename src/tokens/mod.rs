//! Tokens in use: an access token from stored credentials, and a new refresh token on its way into its store.
//!
//! What `login`, `refresh`, `doctor` and `refresh --all` share. The commands decide what to ask for and what to print.

mod access;
mod account;
pub mod clock;
mod expiry;
mod save;

pub use access::{LockedCredential, Minted, SOON};
pub use account::{explain, no_access, read_key, replaced_key};
pub use save::{NewToken, NotSaved, record};
