//! A service account's JSON key.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| laws::try_on("key_file", input));
