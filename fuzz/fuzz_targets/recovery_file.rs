//! A token that could not be stored yet.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| laws::try_on("recovery_file", input));
