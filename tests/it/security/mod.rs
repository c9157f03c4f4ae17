//! Attacks, signals, limits, and where a secret must not appear.

mod attacks;
mod fuzzed_input;
pub mod hardening;
mod irreversible;
pub mod signals;
mod started_programs;
mod typed_secrets;
