//! profiles.toml, and which profile a command uses.

mod broken;
mod dates;
mod file;
pub mod selection;
mod slash;
