//! Attacks, signals, limits, and where a secret must not appear.

mod attacks;
#[cfg(unix)]
pub mod files_of_others;
mod from_the_first_byte;
mod fuzzed_input;
pub mod hardening;
mod irreversible;
mod json_escapes;
mod misplaced_secrets;
mod other_home;
pub mod signals;
mod started_programs;
mod state_directory;
mod taken_over;
mod temporary_directories;
mod typed_secrets;
