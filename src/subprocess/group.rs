//! The process group of a program: watched, ended as a whole, and put in the foreground of the terminal while it asks.

pub use platform::{Group, Lent, has_ended, separate};

#[cfg(unix)]
mod platform {
    use std::fs::File;
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command};
    use std::sync::mpsc::Sender;
    use std::sync::{Mutex, MutexGuard, TryLockError};
    use std::thread;
    use std::time::{Duration, Instant};

    use nix::sys::signal::{SigSet, Signal as Blocked};
    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, getpgrp, kill_process_group, waitid};
    use rustix::termios::{tcgetpgrp, tcsetpgrp};

    use crate::subprocess::output::Event;

    /// How long a group has to end by itself when it is asked to.
    const PATIENCE: Duration = Duration::from_millis(300);

    /// Gives the program a process group of its own when it starts.
    pub fn separate(command: &mut Command) {
        command.process_group(0);
    }

    /// A thread reports the end, see [`Group::watch`]: asking for it here would reap the program.
    pub fn has_ended(_: &mut Child) -> Option<bool> {
        None
    }

    /// The process group that a program leads.
    #[derive(Clone, PartialEq)]
    pub struct Group(Pid);

    impl Group {
        pub fn of(child: &Child) -> Group {
            Group(Pid::from_child(child))
        }

        /// Reports until the leader has ended, which is left to be reaped: as long as it is not, its number is its own.
        pub fn watch(&self, events: &Sender<Event>) {
            let wait = |options| waitid(WaitId::Pid(self.0), options);
            loop {
                match wait(WaitIdOptions::EXITED | WaitIdOptions::STOPPED | WaitIdOptions::NOWAIT) {
                    Err(rustix::io::Errno::INTR) => {}
                    Ok(Some(status)) if status.stopped() => {
                        // Only this makes the system forget that it was reported.
                        let _ = wait(WaitIdOptions::STOPPED | WaitIdOptions::NOHANG);
                        let signal = status.stopping_signal();
                        let asks = [Signal::TTIN, Signal::TTOU].map(|signal| Some(signal.as_raw())).contains(&signal);
                        let event = if asks { Event::WantsTerminal } else { Event::Suspended };
                        if events.send(event).is_err() {
                            return;
                        }
                    }
                    ended => {
                        let success =
                            ended.is_ok_and(|status| status.and_then(|status| status.exit_status()) == Some(0));
                        // Nobody listens once the run is over.
                        return events.send(Event::Ended { success }).unwrap_or_default();
                    }
                }
            }
        }

        /// Asks the group to end, and waits a moment for its leader.
        pub fn end(&self, _: &mut Child) {
            self.signal(Signal::TERM);
            self.resume();
            let end = Instant::now() + PATIENCE;
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
            while matches!(waitid(WaitId::Pid(self.0), options), Ok(None)) && Instant::now() < end {
                thread::sleep(Duration::from_millis(5));
            }
        }

        /// Ends whatever is left of the group.
        pub fn kill(&self) {
            self.signal(Signal::KILL);
        }

        pub fn resume(&self) {
            self.signal(Signal::CONT);
        }

        fn signal(&self, signal: Signal) {
            // That nothing is left of it is no failure.
            let _ = kill_process_group(self.0, signal);
        }

        /// Puts the group in the foreground of the terminal. None while another group that we started is there, and where we
        /// are not in the foreground ourselves.
        pub fn lend_terminal(&self) -> Option<Lent> {
            let alone = match LENT.try_lock() {
                Ok(alone) => alone,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => return None,
            };
            let terminal = File::open("/dev/tty").ok()?;
            if tcgetpgrp(&terminal).ok()? != getpgrp() {
                return None;
            }
            tcsetpgrp(&terminal, self.0).ok()?;
            Some(Lent { terminal, borrower: self.0, _alone: alone })
        }
    }

    /// Held by the run whose program has the terminal.
    static LENT: Mutex<()> = Mutex::new(());

    /// The terminal while a program's group is in its foreground; dropping it brings our own group back there.
    pub struct Lent {
        terminal: File,
        borrower: Pid,
        _alone: MutexGuard<'static, ()>,
    }

    impl Drop for Lent {
        fn drop(&mut self) {
            // In the meantime the shell may have put another group there.
            if !tcgetpgrp(&self.terminal).is_ok_and(|group| group == self.borrower) {
                return;
            }
            // A group in the background may take the terminal only while it blocks the signal that would stop it for that.
            let mut stop = SigSet::empty();
            stop.add(Blocked::SIGTTOU);
            if stop.thread_block().is_ok() {
                let _ = tcsetpgrp(&self.terminal, getpgrp());
                let _ = stop.thread_unblock();
            }
        }
    }
}

/// Windows has no process groups that could be ended as a whole: only the program itself is.
#[cfg(windows)]
mod platform {
    use std::process::{Child, Command};
    use std::sync::mpsc::Sender;

    use crate::subprocess::output::Event;

    pub fn separate(_: &mut Command) {}

    /// Whether it succeeded, once it has ended.
    pub fn has_ended(child: &mut Child) -> Option<bool> {
        match child.try_wait() {
            Ok(status) => status.map(|status| status.success()),
            Err(_) => Some(false),
        }
    }

    #[derive(Clone, PartialEq)]
    pub struct Group;

    /// Never made: a console has no foreground group.
    pub struct Lent;

    impl Group {
        pub fn of(_: &Child) -> Group {
            Group
        }

        /// No program can be waited for without its handle: see [`has_ended`].
        pub fn watch(&self, _: &Sender<Event>) {}

        pub fn end(&self, child: &mut Child) {
            let _ = child.kill();
        }

        pub fn kill(&self) {}

        pub fn resume(&self) {}

        pub fn lend_terminal(&self) -> Option<Lent> {
            None
        }
    }
}
