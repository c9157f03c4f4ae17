//! profiles.toml, which people write by hand.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| laws::try_on("profiles", input));
