//! Protects the whole process: no core dumps, and no exit in the middle of a write.
//!
//! A write over a file size limit fails like any other write instead of killing the process (SIGXFSZ). Ctrl-C, SIGTERM
//! and SIGHUP end the program at once, except while a [`Critical`] guard exists: then they wait until it is dropped, so
//! that an issued token is stored and no change is left half done. A signal that the parent ignored stays ignored:
//! `nohup` and background jobs work. Before [`start`] none of this applies. On Windows the signals are Ctrl-C and
//! Ctrl-Break; closing the window ends the program immediately, and there are no core dumps by default.

use crate::error::{Error, Kind, Result};

/// Enables the protection, once per process: every command that reads a secret calls it first.
pub fn start() {
    signals::start();
}

/// Whether the parent ignored the signal when this process started. Without unsafe code only Linux shows it; elsewhere false. Rust's
/// runtime ignores SIGPIPE before anything here runs, so nobody knows what the parent did.
#[cfg(unix)]
pub fn is_ignored(signal: i32) -> bool {
    platform::is_ignored(signal)
}

/// Restores, for a program that replaces this process, the core limit that this process was started with.
pub fn restore_core_limit() {
    platform::restore_core_limit();
}

/// Fails for a program that has the rights of another user than the one who runs it: it would hand out that user's credentials.
pub fn check_user() -> Result<()> {
    platform::has_own_rights().then_some(()).ok_or_else(|| {
        Error::io(
            "gads-creds has the setuid or setgid bit, and would use the files of another user for whoever runs it",
        )
        .hint("remove the bit: `chmod ug-s` with the path of gads-creds")
    })
}

/// Returns the signal that waits for the last [`Critical`], if any; optional work is then skipped.
pub fn stopping() -> Option<Kind> {
    signals::stopping()
}

/// While one of these exists, a signal to stop is recorded and the process goes on.
#[must_use = "the guard protects as long as it lives"]
pub struct Critical(());

impl Critical {
    pub fn enter() -> Critical {
        signals::enter();
        Critical(())
    }

    /// Ends the guard; fails if a signal to stop came meanwhile. Dropping the last guard instead ends the process.
    pub fn finish(self) -> Result<()> {
        signals::pending()
    }

    /// Does the same while other guards exist: for a thread that leaves workers behind and ends the process itself.
    pub fn finish_for_all(self) -> Result<()> {
        signals::take()
    }
}

/// Does the work under a guard. If a signal came meanwhile, that is the error, with what failed nevertheless.
pub fn critically<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    critically_saying(|_| None, work)
}

/// Does the same; `fact` is what the error of a signal says of work that was done.
pub fn critically_saying<T>(fact: impl FnOnce(&T) -> Option<String>, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let critical = Critical::enter();
    let done = work();
    let Err(stopped) = critical.finish() else { return done };
    Err(match done {
        Ok(done) => fact(&done).into_iter().fold(stopped, |stopped, fact| stopped.adding(&fact)),
        Err(error) if error.kind().is_stop() => error,
        Err(error) => error.while_stopped(&stopped),
    })
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

    /// The number of guards; the lock also keeps `MAY_EXIT` consistent with it.
    static GUARDS: Mutex<usize> = Mutex::new(0);
    static MAY_EXIT: AtomicBool = AtomicBool::new(true);
    /// The signal that waits for the last guard, or 0.
    static PENDING: AtomicUsize = AtomicUsize::new(0);

    pub fn start() {
        static STARTED: Once = Once::new();
        STARTED.call_once(|| {
            platform::start();
            // Best effort: a sandbox that forbids this must not prevent a login.
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

    /// Set by SIGXFSZ and never read: having a handler makes the write fail instead.
    static TOO_LARGE: AtomicBool = AtomicBool::new(false);
    static CORE_LIMIT: OnceLock<Rlimit> = OnceLock::new();

    pub fn has_own_rights() -> bool {
        use rustix::process::{getegid, geteuid, getgid, getuid};
        // The real ID comes before the effective one. The file is read anyway.
        let is_one = |name| {
            let mut ids = status(name)?.split_whitespace();
            Some(ids.next()? == ids.next()?)
        };
        match (is_one("Uid:"), is_one("Gid:")) {
            (Some(user), Some(group)) => user && group,
            _ => (getuid(), getgid()) == (geteuid(), getegid()),
        }
    }

    /// Best effort, like the signals.
    pub fn start() {
        if !is_ignored(SIGXFSZ) {
            let _ = flag::register(SIGXFSZ, &TOO_LARGE);
        }
        if may_limit() {
            let limit = getrlimit(Resource::Core);
            if setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: limit.maximum }).is_ok() {
                CORE_LIMIT.get_or_init(|| limit);
            }
        }
        // A pipe in core_pattern ignores the limit; this setting applies there too, and also blocks debuggers of the
        // same user.
        #[cfg(target_os = "linux")]
        let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    }

    /// Whether the system lets a process see its limits: where a sandbox does not, `getrlimit` panics. Asked with a limit above its
    /// maximum, which Linux rejects before it changes anything.
    fn may_limit() -> bool {
        let invalid = Rlimit { current: Some(1), maximum: Some(0) };
        !cfg!(target_os = "linux") || setrlimit(Resource::Core, invalid) == Err(rustix::io::Errno::INVAL)
    }

    pub fn restore_core_limit() {
        if let Some(limit) = CORE_LIMIT.get() {
            let _ = setrlimit(Resource::Core, *limit);
        }
    }

    /// Ends the process on a signal while it may, and records the signal otherwise.
    pub fn watch(may_exit: &'static AtomicBool, pending: &'static AtomicUsize) {
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            if !is_ignored(signal) {
                // The exit code is the same whether the signal ends the process here or becomes an error later.
                let code = error_for_signal(signal).map_or(128 + signal, |(kind, _)| i32::from(kind.code()));
                let _ = flag::register_conditional_shutdown(signal, code, may_exit)
                    .and_then(|_| flag::register_usize(signal, pending, signal.unsigned_abs() as usize));
            }
        }
    }

    /// Asked first by `start`, before anything is changed.
    pub fn is_ignored(signal: i32) -> bool {
        static IGNORED: OnceLock<u64> = OnceLock::new();
        IGNORED.get_or_init(ignored_signals) & (1 << (signal - 1)) != 0
    }

    /// Returns the mask of the signals that are ignored.
    fn ignored_signals() -> u64 {
        status("SigIgn:").and_then(|mask| u64::from_str_radix(mask, 16).ok()).unwrap_or(0)
    }

    /// Returns what Linux showed of this process when it was asked first.
    fn status(name: &str) -> Option<&'static str> {
        static STATUS: OnceLock<String> = OnceLock::new();
        let status = STATUS.get_or_init(|| {
            // The kernel reports no size for this file: without capacity it is read in a dozen small pieces.
            let mut status = String::with_capacity(4096);
            let file = std::fs::File::open("/proc/self/status");
            // Without it, nothing is known.
            let _ = file.and_then(|file| file.take(1 << 16).read_to_string(&mut status));
            status
        });
        status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim)
    }

    pub fn raise_again(signal: i32) {
        let _ = low_level::raise(signal);
    }

    pub fn error_for_signal(signal: i32) -> Option<(Kind, &'static str)> {
        match signal {
            SIGINT => Some((Kind::Interrupted, "interrupted")),
            SIGTERM => Some((Kind::Terminated, "terminated")),
            SIGHUP => Some((Kind::Terminated, "terminated: the terminal was closed")),
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

    pub fn has_own_rights() -> bool {
        true
    }

    pub fn restore_core_limit() {}

    /// Ends the process on Ctrl-C or Ctrl-Break while it may, and records it otherwise. The signals of the C library
    /// are not used: their handler is reset at each call.
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
