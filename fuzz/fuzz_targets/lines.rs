//! The formats of one setting a line: `ads.properties`, `google_ads_php.ini`, `googleads.properties`, `.env`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| laws::try_on("lines", input));
