//! Runs the command of `exec` to its end, as a shell does: it receives signals, and its exit code becomes ours.
//!
//! Only used if this process cannot become the command, because something has to be done afterwards. The terminal sends
//! Ctrl-C to the command as well, so it is not forwarded; this process only ignores it.

use std::io;
use std::process::{Command, ExitStatus};

use crate::hardening::Critical;

/// Starts the command and waits for it. The error is that of the start.
pub fn run_to_end(command: &mut Command) -> io::Result<u8> {
    let critical = Critical::enter();
    let code = wait(command).map(code);
    // A signal that came meanwhile was the command's: only its exit status counts.
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
            // It is not reaped yet, so the process ID is still its own; it may have exited already.
            let _ = kill_process(pid, passed_on);
        }
    }
}

/// Ctrl-C reaches every program of the console, so nothing is forwarded.
#[cfg(windows)]
fn wait(command: &mut Command) -> io::Result<ExitStatus> {
    command.status()
}

/// Returns the exit code as a shell reports it: 128 and the number for a signal, 130 for a program that Windows ended
/// by Ctrl-C (STATUS_CONTROL_C_EXIT). Its other codes above 255 become 255.
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
