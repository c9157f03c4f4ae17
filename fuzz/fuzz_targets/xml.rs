//! App.config.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| laws::try_on("xml", input));
