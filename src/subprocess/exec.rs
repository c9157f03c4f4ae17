//! Runs the command of `exec` to its end, as a shell does: signals reach it, and its exit code becomes ours.
//!
//! Only for where this process cannot become the command, because something is to be done after it. The terminal sends
//! Ctrl-C to the command as well, so that it is not passed on a second time; this process only survives it.

use std::io;
use std::process::{Command, ExitStatus};

use crate::hardening::Critical;

/// Starts the command and waits for it. The error is that of the start.
pub fn run_to_end(command: &mut Command) -> io::Result<u8> {
    let critical = Critical::enter();
    let code = wait(command).map(code);
    // A signal that came meanwhile was the command's: how it ended is what counts.
    let _ = critical.finish();
    code
}

#[cfg(unix)]
fn wait(command: &mut Command) -> io::Result<ExitStatus> {
    use rustix::process::{Pid, Signal, kill_process};
    use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::iterator::Signals;

    let mut signals = Signals::new([SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGHUP])?;
    let mut child = command.spawn()?;
    let pid = Pid::from_child(&child);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        for signal in signals.wait() {
            let passed_on = match signal {
                SIGTERM => Signal::TERM,
                SIGHUP => Signal::HUP,
                _ => continue,
            };
            // It is not reaped yet, so the number is still its own; that it has ended already is no failure.
            let _ = kill_process(pid, passed_on);
        }
    }
}

/// Ctrl-C reaches every program of the console, so nothing is passed on.
#[cfg(windows)]
fn wait(command: &mut Command) -> io::Result<ExitStatus> {
    command.status()
}

/// The code as a shell gives it: 128 and the number for a signal, 130 for a program that Windows ended by Ctrl-C
/// (STATUS_CONTROL_C_EXIT). Its other codes above 255 become 255.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(u8::MAX);
    }
    #[cfg(windows)]
    if status.code() == Some(0xC000_013A_u32.cast_signed()) {
        return 130;
    }
    status.code().map_or(u8::MAX, |code| u8::try_from(code).unwrap_or(u8::MAX))
}
