//! What a secret manager prints.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| laws::try_on("manager_document", input));
