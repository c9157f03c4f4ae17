//! One file a command: its options and what it does.

pub mod completions;
pub mod doctor;
pub mod exec;
pub mod export;
pub mod login;
pub mod refresh;
pub mod revoke;
pub mod show;
