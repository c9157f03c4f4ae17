//! appsettings.json and Application Default Credentials.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| laws::try_on("json", input));
