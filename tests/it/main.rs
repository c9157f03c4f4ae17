//! One test program: every file is about one command, one law or one danger.

mod answer;
mod browser;
mod child;
mod client_secrets;
mod completions;
mod disk;
mod disk_faults;
mod exec;
mod hardening;
mod home;
mod keychain;
mod profile;
mod profiles_file;
mod recovery;
mod show;
mod store_file;
mod tidy;
mod trace;
#[path = "../google/mod.rs"]
mod google;
mod sandbox;
mod stand_in;
mod the_sandbox;
