//! Guards of the whole process: no core dumps, no death in the middle of a write.
//!
//! A write over a file size limit fails like any other write instead of killing the process (SIGXFSZ). Ctrl-C, SIGTERM and
//! SIGHUP end the program at once, except while a [`Critical`] guard lives: then they wait until it is gone, so that an
//! issued token is stored and no half of a change is left behind. A signal that the parent had ignored stays ignored:
//! `nohup` and background jobs work. Until [`start`] is called all of this does nothing. On Windows the signals are Ctrl-C
//! and Ctrl-Break; a window that is closed ends the program in it without asking, and core dumps are not its habit.

use crate::error::{Kind, Result};

/// Switches the guards on, once per process: what every command that meets a secret calls first.
pub fn start() {
    signals::start();
}

/// Gives a program that takes over this process the core limit that this one was started with.
pub fn restore_core_limit() {
    platform::restore_core_limit();
}

/// Whether a signal to stop came and waits for the last [`Critical`]: what may be left out is left out then.
pub fn stopping() -> Option<Kind> {
    signals::stopping()
}

/// While one of these lives, a signal to stop is remembered instead of obeyed.
#[must_use = "the guard protects as long as it lives"]
pub struct Critical(());

impl Critical {
    pub fn enter() -> Critical {
        signals::enter();
        Critical(())
    }

    /// Ends the guard; an error if a signal to stop came meanwhile. Dropping the last guard instead ends the process there.
    pub fn finish(self) -> Result<()> {
        signals::pending()
    }

    /// As [`Critical::finish`], also while others live: for a thread that leaves workers behind and ends the process itself.
    pub fn finish_for_all(self) -> Result<()> {
        signals::take()
    }
}

/// Does the work under a guard. A signal that came meanwhile is the error, whatever the work made of it.
pub fn critically<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    let critical = Critical::enter();
    let done = work();
    critical.finish()?;
    done
}

impl Drop for Critical {
    fn drop(&mut self) {
        signals::leave();
    }
}

mod signals {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
    use std::sync::{Mutex, MutexGuard, Once, PoisonError};

    use crate::error::{Error, Kind, Result};
    use crate::hardening::platform;

    /// How many guards live; the lock also keeps `MAY_EXIT` in step with it.
    static GUARDS: Mutex<usize> = Mutex::new(0);
    static MAY_EXIT: AtomicBool = AtomicBool::new(true);
    /// The signal that waits for the last guard, or 0.
    static PENDING: AtomicUsize = AtomicUsize::new(0);

    pub fn start() {
        static STARTED: Once = Once::new();
        STARTED.call_once(|| {
            platform::start();
            // Best effort: a sandbox that forbids this must not keep anybody from logging in.
            platform::watch(&MAY_EXIT, &PENDING);
        });
    }

    pub fn enter() {
        let mut guards = guards();
        *guards += 1;
        MAY_EXIT.store(false, SeqCst);
    }

    pub fn leave() {
        let mut guards = guards();
        *guards -= 1;
        if *guards > 0 {
            return;
        }
        MAY_EXIT.store(true, SeqCst);
        let signal = PENDING.swap(0, SeqCst);
        if let Ok(signal @ 1..) = i32::try_from(signal) {
            platform::raise_again(signal);
        }
    }

    pub fn pending() -> Result<()> {
        let guards = guards();
        if *guards == 1 { take() } else { Ok(()) }
    }

    pub fn take() -> Result<()> {
        let signal = PENDING.swap(0, SeqCst);
        match i32::try_from(signal).ok().and_then(platform::error_for_signal) {
            Some((kind, message)) => Err(Error::new(kind, message)),
            None => Ok(()),
        }
    }

    pub fn stopping() -> Option<Kind> {
        let signal = i32::try_from(PENDING.load(SeqCst)).ok()?;
        platform::error_for_signal(signal).map(|(kind, _)| kind)
    }

    fn guards() -> MutexGuard<'static, usize> {
        GUARDS.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(unix)]
mod platform {
    use std::io::Read;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicBool, AtomicUsize};

    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::{flag, low_level};

    use crate::error::Kind;

    /// Set by SIGXFSZ and read by nobody: having a handler is what makes the write fail instead.
    static TOO_LARGE: AtomicBool = AtomicBool::new(false);
    static CORE_LIMIT: OnceLock<Rlimit> = OnceLock::new();

    /// Best effort, like the signals.
    pub fn start() {
        let _ = flag::register(SIGXFSZ, &TOO_LARGE);
        let limit = getrlimit(Resource::Core);
        if setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: limit.maximum }).is_ok() {
            CORE_LIMIT.get_or_init(|| limit);
        }
        // The limit does not hold where core_pattern is a pipe; this does, and it keeps debuggers of the same user away.
        #[cfg(target_os = "linux")]
        let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    }

    pub fn restore_core_limit() {
        if let Some(limit) = CORE_LIMIT.get() {
            let _ = setrlimit(Resource::Core, *limit);
        }
    }

    /// Ends the process on a signal while it may, else notes the signal down.
    pub fn watch(may_exit: &'static AtomicBool, pending: &'static AtomicUsize) {
        let ignored = ignored_signals();
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            if ignored & (1 << (signal - 1)) == 0 {
                // The same code whether it ends us here or is an error later on.
                let code = error_for_signal(signal).map_or(128 + signal, |(kind, _)| i32::from(kind.code()));
                let _ = flag::register_conditional_shutdown(signal, code, may_exit)
                    .and_then(|_| flag::register_usize(signal, pending, signal.unsigned_abs() as usize));
            }
        }
    }

    /// The mask of the signals that the parent told us to ignore. Only Linux tells without unsafe code; elsewhere none.
    fn ignored_signals() -> u64 {
        // The kernel gives such a file no size: without room beforehand it is read in a dozen small pieces.
        let mut status = String::with_capacity(4096);
        std::fs::File::open("/proc/self/status")
            .and_then(|file| file.take(1 << 16).read_to_string(&mut status))
            .ok()
            .and_then(|_| {
                let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
                u64::from_str_radix(mask.trim(), 16).ok()
            })
            .unwrap_or(0)
    }

    pub fn raise_again(signal: i32) {
        let _ = low_level::raise(signal);
    }

    pub fn error_for_signal(signal: i32) -> Option<(Kind, &'static str)> {
        match signal {
            SIGINT => Some((Kind::Interrupted, "interrupted")),
            SIGTERM => Some((Kind::Terminated, "terminated")),
            SIGHUP => Some((Kind::Terminated, "terminated: the terminal is gone")),
            _ => None,
        }
    }
}

#[cfg(windows)]
mod platform {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

    use signal_hook::consts::SIGINT;
    use signal_hook::low_level;
    use tokio::signal::windows::{ctrl_break, ctrl_c};

    use crate::error::Kind;

    pub fn start() {}

    pub fn restore_core_limit() {}

    /// Ends the process on Ctrl-C or Ctrl-Break while it may, else notes it down. Not by the signals of the C library: those
    /// have one handler each, which is forgotten when it is called.
    pub fn watch(may_exit: &'static AtomicBool, pending: &'static AtomicUsize) {
        let (Ok(runtime), Ok(mut interrupt), Ok(mut stop)) =
            (tokio::runtime::Builder::new_current_thread().build(), ctrl_c(), ctrl_break())
        else {
            return;
        };
        let watch = async move {
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = stop.recv() => {}
                }
                pending.store(SIGINT.unsigned_abs() as usize, SeqCst);
                if may_exit.load(SeqCst) {
                    raise_again(SIGINT);
                }
            }
        };
        std::thread::spawn(move || runtime.block_on(watch));
    }

    pub fn raise_again(_: i32) {
        low_level::exit(i32::from(Kind::Interrupted.code()));
    }

    pub fn error_for_signal(signal: i32) -> Option<(Kind, &'static str)> {
        (signal == SIGINT).then_some((Kind::Interrupted, "interrupted"))
    }
}
