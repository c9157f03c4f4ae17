//! An authorization response: a query, or pasted text.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| laws::try_on("authorization_response", input));
