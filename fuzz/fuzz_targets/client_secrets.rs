//! A file given as `client_secret.json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| laws::try_on("client_secrets", input));
