//! The response of the token endpoint to a refresh.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| laws::try_on("token_response", input));
