//! Tokens in use: an access token for stored credentials, and a new refresh token on its way into its store.
//!
//! Shared by `login`, `refresh`, `doctor` and `refresh --all`. The commands decide what to ask for and what to print.

mod access;
mod account;
pub mod clock;
mod expiry;
mod load;
mod minted;
mod save;

pub use access::{LockedCredential, SOON};
pub use account::{explain, no_access, read_key, replaced_key};
pub use load::load;
pub use minted::Minted;
pub use save::{NewToken, NotSaved, is_for_another_place, record, save_key};
