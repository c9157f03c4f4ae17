//! The files of programs that are not client libraries: dlt, Airbyte, Singer, Meltano, Airflow, Mureo.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| laws::try_on("connectors", input));
