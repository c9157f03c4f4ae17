//! The address that a browser, any page or a person's clipboard brings.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| laws::try_on("answer", input));
