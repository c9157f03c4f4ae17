//! Runs the command of `exec` to its end: what signals this process is sent, the command gets, and its exit code becomes ours.
//!
//! Only used if this process cannot become the command, because something has to be done afterwards. The terminal sends
//! Ctrl-C, Ctrl-\ and a new size to the command as well, so these are not passed on. A signal that the parent ignored stays
//! ignored, here and in the command. A real-time signal, which safe code cannot send, ends nothing and is dropped.

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
    use signal_hook::consts::SIGCHLD;
    use signal_hook::iterator::SignalsInfo;
    use signal_hook::iterator::exfiltrator::WithOrigin;

    use crate::hardening::is_ignored;

    let mut signals = SignalsInfo::<WithOrigin>::new([SIGCHLD])?;
    let handle = signals.handle();
    for signal in (1..=LAST).filter(|signal| !KEPT.contains(signal) && !is_ignored(*signal)) {
        // Some numbers are the C library's own.
        let _ = handle.add_signal(signal);
    }
    let mut child = command.spawn()?;
    let pid = Pid::from_child(&child);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        for received in signals.wait().filter(|received| received.signal != SIGCHLD && !reaches_both(received)) {
            if let Some(signal) = Signal::from_named_raw(received.signal) {
                // It is not reaped yet, so the process ID is still its own; it may have exited already.
                let _ = kill_process(pid, signal);
            }
        }
    }
}

/// The highest number of a signal.
#[cfg(unix)]
const LAST: i32 = if cfg!(target_os = "linux") { 64 } else { 31 };

/// The signals that are not passed on: nobody can catch them, they are about a fault of this process, stop it, or are about its
/// own descriptors.
#[cfg(unix)]
const KEPT: [i32; 15] = {
    use signal_hook::consts::{
        SIGBUS, SIGCHLD, SIGCONT, SIGFPE, SIGILL, SIGKILL, SIGPIPE, SIGSEGV, SIGSTOP, SIGSYS, SIGTRAP, SIGTSTP,
        SIGTTIN, SIGTTOU, SIGURG,
    };
    [
        SIGKILL, SIGSTOP, SIGILL, SIGFPE, SIGSEGV, SIGBUS, SIGTRAP, SIGSYS, SIGCHLD, SIGCONT, SIGTSTP, SIGTTIN,
        SIGTTOU, SIGURG, SIGPIPE,
    ]
};

/// Whether the kernel sent it, to every process that it is about. macOS shows only whether a process did. What a terminal that is
/// closed sends, and a timer from before, may reach only this process.
#[cfg(unix)]
fn reaches_both(received: &signal_hook::low_level::siginfo::Origin) -> bool {
    use signal_hook::consts::{SIGALRM, SIGHUP};
    let is_from_kernel = match cfg!(target_os = "macos") {
        true => received.process.is_none(),
        false => received.cause == signal_hook::low_level::siginfo::Cause::Kernel,
    };
    is_from_kernel && ![SIGALRM, SIGHUP].contains(&received.signal)
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
