//! The test harness: a private home, the program in it, processes, tracing, file systems, servers.

pub mod credentials;
pub mod keyring;
pub mod libraries;
pub mod middlebox;
pub mod mounts;
pub mod own_process;
pub mod properties;
pub mod sandbox;
pub mod sandbox_tests;
pub mod skip;
pub mod strace;
pub mod strace_part;
