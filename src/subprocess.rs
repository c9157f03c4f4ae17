//! Starts every other program: the launcher of a browser, git, the command line of a secret manager, the command of `exec`.
//!
//! Each gets an argument list without a shell, a program found in absolute entries of `PATH` only ([`find`]), an environment
//! that is put together here and a process group of its own. One that is run for its output ([`Subprocess::run`]) has a
//! deadline and limits, and none of its group is left when the run is over. The command of `exec` is the exception: it is
//! the user's own, keeps our process group and the terminal, and is found as a shell finds it ([`run_to_end`]).

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

mod exec;
mod group;
mod output;
mod path;

pub use exec::run_to_end;
pub use output::{Failure, Input, Limits, Output, end_all};
pub use path::{find, find_in};

/// A program that is to be started.
pub struct Subprocess {
    command: Command,
}

impl Subprocess {
    /// The program at that path, without arguments, with an empty environment and with no stream of ours.
    pub fn new(program: &Path) -> Subprocess {
        let mut command = Command::new(program);
        command.env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        group::separate(&mut command);
        // No program of Windows can open a socket without it.
        #[cfg(windows)]
        command.envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
        Subprocess { command }
    }

    pub fn args<Arg: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = Arg>) -> Subprocess {
        self.command.args(args);
        self
    }

    /// Adds our own environment, without the variables in which credentials for Google Ads are passed.
    pub fn inherit_environment(mut self) -> Subprocess {
        self.command.envs(std::env::vars_os().filter(|(name, _)| !is_ours(name)));
        self
    }

    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Subprocess {
        self.command.env(name, value.into());
        self
    }

    /// Starts the program and leaves it alone.
    pub fn launch(mut self) -> io::Result<Launched> {
        let child = self.command.spawn()?;
        let (sender, ended) = mpsc::channel();
        // The thread also reaps a program that ends later. Without a thread nothing is known of its end.
        let _ = std::thread::Builder::new().spawn(move || wait_and_report(child, &sender));
        Ok(Launched { ended })
    }

    /// Runs the program to its end: gives it the input, and returns what it wrote.
    pub fn run(self, input: Input, limits: Limits) -> Result<Output, Failure> {
        output::run(self.command, input, limits)
    }
}

/// A program that was started and left alone.
pub struct Launched {
    ended: mpsc::Receiver<io::Result<ExitStatus>>,
}

impl Launched {
    /// Its exit status if it ends within that time.
    pub fn ended_within(&self, patience: Duration) -> Option<ExitStatus> {
        match self.ended.recv_timeout(patience) {
            Ok(ended) => ended.ok(),
            Err(RecvTimeoutError::Timeout) => None,
            // Nothing can be known of its end.
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(patience);
                None
            }
        }
    }
}

fn wait_and_report(mut child: Child, ended: &mpsc::Sender<io::Result<ExitStatus>>) {
    // Nobody listens any more when a browser is closed at last.
    let _ = ended.send(child.wait());
}

/// Whether a variable may hold a credential, or says where one is: no affair of other programs.
fn is_ours(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("GOOGLE_ADS_") || name.starts_with("GADS_CREDS_")
}
