//! google_ads_config.rb.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| laws::try_on("ruby", input));
