//! Runs work that may hang on a thread of its own, and stops waiting for it in time.
//!
//! A frozen keychain hangs the caller inside the operating system, where nothing can interrupt it: the thread is left
//! behind and ends with the process. So that a keychain that thaws later is not written to behind everybody's back, the
//! work asks [`Cancelled`] before every step.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// Until when to wait, counted from [`Deadline::start`].
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    /// For a first sign of life.
    answer: Instant,
    /// For the rest.
    finish: Instant,
    finish_after: Duration,
}

impl Deadline {
    pub fn start(answer: Duration, finish: Duration) -> Deadline {
        let now = Instant::now();
        Deadline { answer: now + answer, finish: now + finish, finish_after: finish }
    }

    pub fn finish_after(self) -> Duration {
        self.finish_after
    }
}

/// Whether nobody waits for the work any more.
#[derive(Clone, Debug, Default)]
pub struct Cancelled(Arc<AtomicBool>);

impl Cancelled {
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoResult {
    /// `open` did not return in time.
    NoAnswer,
    /// `work` did not return in time.
    NotFinished,
    /// The thread could not be started, or died.
    ThreadFailed,
}

/// Runs `open`, which asks no person anything, and after it `work`, which may.
pub fn run<T, E>(
    deadline: Deadline,
    open: impl FnOnce() -> Result<(), E> + Send + 'static,
    work: impl FnOnce(&Cancelled) -> Result<T, E> + Send + 'static,
) -> Result<Result<T, E>, NoResult>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let cancelled = Cancelled::default();
    let seen = cancelled.clone();
    let (sender, receiver) = mpsc::channel();
    let job = move || {
        // Nobody listens once the wait has ended: a failed send is no news to anyone.
        let result = open().and_then(|()| {
            let _ = sender.send(None);
            work(&seen)
        });
        let _ = sender.send(Some(result));
    };
    thread::Builder::new().name("keychain".to_owned()).spawn(job).map_err(|_| NoResult::ThreadFailed)?;

    let wait = |until: Instant, late: NoResult| {
        receiver.recv_timeout(until.saturating_duration_since(Instant::now())).map_err(|error| match error {
            RecvTimeoutError::Timeout => late,
            RecvTimeoutError::Disconnected => NoResult::ThreadFailed,
        })
    };
    let answer = wait(deadline.answer, NoResult::NoAnswer).and_then(|first| match first {
        Some(result) => Ok(Some(result)),
        None => wait(deadline.finish, NoResult::NotFinished),
    });
    cancelled.0.store(true, Ordering::SeqCst);
    // After the sign of life only a result is sent.
    answer.and_then(|result| result.ok_or(NoResult::ThreadFailed))
}
