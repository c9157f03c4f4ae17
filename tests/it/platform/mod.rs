//! The machine: environment, threads, programs, a browser.

mod browser_launch;
pub mod environment;
mod footprint;
mod subprocess;
#[cfg(target_os = "linux")]
mod threads;
mod windows;
