//! The stores of a credential: a file, the keychain, a secret manager; and recovery files.

pub mod command;
pub mod file;
pub mod keychain;
#[cfg(target_os = "linux")]
pub mod keychain_commands;
#[cfg(target_os = "linux")]
mod moved_meanwhile;
#[cfg(target_os = "linux")]
mod moving;
pub mod recovery_files;
#[cfg(target_os = "linux")]
mod secret_service;
