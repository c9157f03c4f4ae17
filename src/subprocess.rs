//! Starts every other program: the launcher of a browser, git, the command line of a secret manager, the command of
//! `exec`.
//!
//! Each gets an argument list without a shell, a program found in absolute entries of `PATH` only ([`find`]), an
//! environment built here and a process group of its own. One that is run for its output ([`Subprocess::run`]) has a
//! deadline and limits, and nothing of its group remains after the run. The command of `exec` is the exception: it is
//! the user's own, keeps our process group and the terminal, and is found as a shell finds it ([`run_to_end`]).

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use crate::secret::Secret;

mod event;
mod exec;
mod group;
mod output;
mod path;
mod relay;

pub use exec::run_to_end;
pub use output::{Failure, Input, Limits, Output, end_all};
pub use path::{find, find_in, runnable};

/// A program to start.
pub struct Subprocess {
    command: Command,
    secrets: Vec<Secret>,
}

impl Subprocess {
    /// Returns the program at that path, without arguments, with an empty environment and none of our streams.
    pub fn new(program: &Path) -> Subprocess {
        let mut command = Command::new(program);
        command.env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        group::separate(&mut command);
        // On Windows no program can open a socket without it.
        #[cfg(windows)]
        command.envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
        Subprocess { command, secrets: Vec::new() }
    }

    pub fn args<Arg: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = Arg>) -> Subprocess {
        self.command.args(args);
        self
    }

    /// Adds our own environment, without the variables that pass Google Ads credentials.
    pub fn inherit_environment(mut self) -> Subprocess {
        self.command.envs(std::env::vars_os().filter(|(name, _)| !is_ours(name)));
        self
    }

    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Subprocess {
        self.command.env(name, value.into());
        self
    }

    /// Starts the program without waiting for it.
    pub fn launch(mut self) -> io::Result<Launched> {
        let mut child = self.command.spawn()?;
        let (sender, ended) = mpsc::channel();
        // The thread also reaps a program that exits later, when nobody receives it any more. Without a thread its exit is not
        // noticed.
        let _ = std::thread::Builder::new().spawn(move || sender.send(group::succeeds(&mut child)));
        Ok(Launched { ended })
    }

    /// Keeps these off the terminal if the program prints them.
    pub fn hide(mut self, secrets: Vec<Secret>) -> Subprocess {
        self.secrets = secrets;
        self
    }

    /// Runs the program to its end: passes the input, and returns its output.
    pub fn run(self, input: Input, limits: Limits) -> Result<Output, Failure> {
        output::run(self.command, input, limits, self.secrets)
    }
}

/// A program that was started and is not waited for.
pub struct Launched {
    ended: mpsc::Receiver<bool>,
}

impl Launched {
    /// Returns whether it succeeded if it ends within that time.
    pub fn ended_within(&self, patience: Duration) -> Option<bool> {
        match self.ended.recv_timeout(patience) {
            Ok(succeeded) => Some(succeeded),
            Err(RecvTimeoutError::Timeout) => None,
            // Its exit cannot be noticed.
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(patience);
                None
            }
        }
    }
}

/// Whether a variable may hold a credential, or the path of one, which other programs must not get.
fn is_ours(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    // Windows does not distinguish their case.
    let name = if cfg!(windows) { name.to_uppercase().into() } else { name };
    name.starts_with("GOOGLE_ADS_") || name.starts_with("GADS_CREDS_")
}
