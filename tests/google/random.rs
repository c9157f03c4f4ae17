//! Random texts that look like Google's, which the leak check of the tests can recognize.
//!
//! The hasher's keys are the standard library's only source of randomness; nothing here has to withstand an attacker.

use std::hash::{BuildHasher, RandomState};

pub fn text(length: usize) -> String {
    pick(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", length)
}

/// Returns lower-case letters and digits, as in a client's id.
pub fn small(length: usize) -> String {
    pick(b"abcdefghijklmnopqrstuvwxyz0123456789", length)
}

pub fn digits(length: usize) -> String {
    pick(b"123456789", length)
}

fn pick(alphabet: &[u8], length: usize) -> String {
    let state = RandomState::new();
    (0..length).map(|at| char::from(alphabet[state.hash_one(at) as usize % alphabet.len()])).collect()
}
