//! profiles.toml, and which profile a command uses.

mod file;
pub mod selection;
