//! An error response of Google, and any text on its way to a terminal.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| laws::try_on("error_response", input));
