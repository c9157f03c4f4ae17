//! The process group of a program: watched, ended as a whole, and put in the foreground of the terminal while it
//! prompts.

pub use platform::{Foreground, Group, has_ended, separate, succeeds};

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

    use crate::subprocess::event::Event;

    /// How long a group has to end by itself.
    const PATIENCE: Duration = Duration::from_millis(300);

    /// Gives the program a process group of its own when it starts.
    pub fn separate(command: &mut Command) {
        command.process_group(0);
    }

    /// Always `None`: a thread reports the exit, see [`Group::watch`], and checking here would reap the program.
    pub fn has_ended(_: &mut Child) -> Option<bool> {
        None
    }

    /// Waits for the end of the program and returns whether it succeeded. One that waits for the terminal, which it does not
    /// get, is ended with its group.
    pub fn succeeds(child: &mut Child) -> bool {
        let group = Group::of(child);
        let success = loop {
            match group.next() {
                Event::Ended { success } => break success,
                Event::WantsTerminal => {
                    group.end(child);
                    group.kill();
                    break false;
                }
                _ => {}
            }
        };
        child.wait().is_ok() && success
    }

    /// The process group that a program leads.
    #[derive(Clone, PartialEq)]
    pub struct Group(Pid);

    impl Group {
        pub fn of(child: &Child) -> Group {
            Group(Pid::from_child(child))
        }

        /// Reports until the leader has exited.
        pub fn watch(&self, events: &Sender<Event>) {
            loop {
                let event = self.next();
                let is_last = matches!(event, Event::Ended { .. });
                // Nobody receives it once the run is over.
                if events.send(event).is_err() || is_last {
                    return;
                }
            }
        }

        /// Waits until the leader is stopped or has exited, without reaping it: until then its process ID is not reused.
        fn next(&self) -> Event {
            let wait = |options| waitid(WaitId::Pid(self.0), options);
            loop {
                match wait(WaitIdOptions::EXITED | WaitIdOptions::STOPPED | WaitIdOptions::NOWAIT) {
                    Err(rustix::io::Errno::INTR) => {}
                    Ok(Some(status)) if status.stopped() => {
                        // Only this makes the system forget that it was reported.
                        let _ = wait(WaitIdOptions::STOPPED | WaitIdOptions::NOHANG);
                        let signal = status.stopping_signal();
                        let asks = [Signal::TTIN, Signal::TTOU].map(|signal| Some(signal.as_raw())).contains(&signal);
                        return if asks { Event::WantsTerminal } else { Event::Suspended };
                    }
                    ended => {
                        let success =
                            ended.is_ok_and(|status| status.and_then(|status| status.exit_status()) == Some(0));
                        return Event::Ended { success };
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

        /// Kills whatever is left of the group.
        pub fn kill(&self) {
            self.signal(Signal::KILL);
        }

        pub fn resume(&self) {
            self.signal(Signal::CONT);
        }

        fn signal(&self, signal: Signal) {
            // The group may be empty already.
            let _ = kill_process_group(self.0, signal);
        }

        /// Puts the group in the foreground of the terminal. `None` while another group that we started is there, or if
        /// we are not in the foreground ourselves.
        pub fn give_terminal(&self) -> Option<Foreground> {
            let alone = match TERMINAL.try_lock() {
                Ok(alone) => alone,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => return None,
            };
            let terminal = File::open("/dev/tty").ok()?;
            if tcgetpgrp(&terminal).ok()? != getpgrp() {
                return None;
            }
            tcsetpgrp(&terminal, self.0).ok()?;
            Some(Foreground { terminal, group: self.0, _alone: alone })
        }
    }

    /// Held by the run whose program has the terminal.
    static TERMINAL: Mutex<()> = Mutex::new(());

    /// Keeps a program's group in the foreground of the terminal; dropping it brings our own group back.
    pub struct Foreground {
        terminal: File,
        group: Pid,
        _alone: MutexGuard<'static, ()>,
    }

    impl Drop for Foreground {
        fn drop(&mut self) {
            // The shell may have put another group there since.
            if !tcgetpgrp(&self.terminal).is_ok_and(|group| group == self.group) {
                return;
            }
            // A background group may take the terminal only while it blocks the signal that would stop it.
            let mut stop = SigSet::empty();
            stop.add(Blocked::SIGTTOU);
            if stop.thread_block().is_ok() {
                let _ = tcsetpgrp(&self.terminal, getpgrp());
                let _ = stop.thread_unblock();
            }
        }
    }
}

/// Windows has no process groups. What a program has started is ended with it, unless it has exited by itself.
#[cfg(windows)]
mod platform {
    use std::path::Path;
    use std::process::{Child, Command, Stdio};
    use std::sync::mpsc::Sender;

    use crate::subprocess::event::Event;

    pub fn separate(_: &mut Command) {}

    /// Returns whether it succeeded, once it has exited.
    pub fn has_ended(child: &mut Child) -> Option<bool> {
        match child.try_wait() {
            Ok(status) => status.map(|status| status.success()),
            Err(_) => Some(false),
        }
    }

    /// Waits for the end of the program and returns whether it succeeded.
    pub fn succeeds(child: &mut Child) -> bool {
        child.wait().is_ok_and(|status| status.success())
    }

    #[derive(Clone, PartialEq)]
    pub struct Group;

    /// Never created: a console has no foreground group.
    pub struct Foreground;

    impl Group {
        pub fn of(_: &Child) -> Group {
            Group
        }

        /// A program can only be waited for through its handle: see [`has_ended`].
        pub fn watch(&self, _: &Sender<Event>) {}

        /// Ends the program and what it has started: the interpreter of a script would go on without the script.
        pub fn end(&self, child: &mut Child) {
            let root = std::env::var_os("SystemRoot").unwrap_or_else(|| r"C:\Windows".into());
            let mut all = Command::new(Path::new(&root).join(r"System32\taskkill.exe"));
            all.args(["/t", "/f", "/pid", &child.id().to_string()]);
            let _ = all.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
            let _ = child.kill();
        }

        pub fn kill(&self) {}

        pub fn resume(&self) {}

        pub fn give_terminal(&self) -> Option<Foreground> {
            None
        }
    }
}
