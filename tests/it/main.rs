//! One test program: every file is about one command, one law or one danger.

mod answer;
mod browser;
mod child;
mod client_secrets;
mod completions;
mod disk;
mod disk_faults;
mod exec;
mod export;
mod formats;
#[path = "../google/mod.rs"]
mod google;
mod hardening;
mod home;
mod keychain;
mod libraries;
mod lines;
mod profile;
mod profiles_file;
mod readers;
mod readme;
mod recovery;
mod sandbox;
mod show;
mod stand_in;
mod store_file;
mod the_sandbox;
mod tidy;
mod trace;
mod trees;
mod yaml;
