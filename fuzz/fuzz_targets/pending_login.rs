//! What `login --start` leaves in the state directory.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| laws::try_on("pending_login", input));
