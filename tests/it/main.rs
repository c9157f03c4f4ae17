//! One test program: every file is about one command, one law or one danger.

mod answer;
mod browser;
mod client_secrets;
mod exec;
mod keychain;
mod child;
mod disk;
mod disk_faults;
mod hardening;
mod recovery;
mod store_file;
mod trace;
mod completions;
mod home;
mod profile;
mod profiles_file;
mod show;
mod tidy;
