//! One test program: every file is about one command, one law or one danger.

mod answer;
mod attacks;
mod automation;
mod browser;
mod browser_real;
mod child;
mod children;
mod client_secrets;
mod completions;
mod disk;
mod disk_faults;
mod doctor;
mod door;
mod engines;
mod environment;
mod exec;
mod explain;
mod export;
mod first_run;
mod footprint;
mod formats;
mod fuzzed;
#[path = "../google/mod.rs"]
mod google;
mod hardening;
mod hints;
mod home;
mod keychain;
#[cfg(target_os = "linux")]
mod keychain_commands;
#[path = "../laws/mod.rs"]
mod laws;
mod libraries;
mod lines;
mod login;
mod lookup;
mod man;
#[path = "../manual/mod.rs"]
mod manual;
mod many;
mod mounts;
mod moves;
#[cfg(target_os = "linux")]
mod moving;
mod nested;
mod one_object;
mod packaging;
mod picture;
mod profile;
mod profiles_file;
mod prompts;
mod proofs;
mod properties;
mod python;
mod read_only;
mod readers;
mod readme;
mod recovery;
mod refresh;
mod refresh_faults;
mod revoke;
mod sandbox;
mod schemas;
mod service_account;
mod show;
mod signals;
mod stand_in;
mod store_file;
mod stored;
mod subprocess;
mod swept;
mod the_sandbox;
#[cfg(target_os = "linux")]
mod threads;
mod tidy;
mod token_endpoint;
mod trace;
mod traced;
mod trees;
mod troubleshooting;
mod typed_secrets;
mod unfit_files;
mod waits;
mod yaml;

/// The program that is tested: the one that Cargo built, or the release binary that this variable names when the tests are built.
const PROGRAM: &str = match option_env!("GADS_CREDS_TEST_RELEASE_BINARY") {
    Some(named) => named,
    None => env!("CARGO_BIN_EXE_gads-creds"),
};
