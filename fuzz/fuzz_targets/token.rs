//! What the token endpoint answers to a refresh.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| laws::try_on("token", input));
