//! Runs work that may hang on a separate thread, and stops waiting for it in time.
//!
//! A frozen keychain blocks its caller inside the operating system, where nothing can interrupt it: the thread is
//! abandoned and ends with the process. The work checks [`Cancelled`] before every step, so that a keychain that
//! recovers later is not written to after the program has reported an error.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// The times until which to wait, from [`Deadline::start`].
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    /// For the first response.
    response: Instant,
    /// For the result.
    finish: Instant,
    response_after: Duration,
    finish_after: Duration,
}

impl Deadline {
    pub fn start(response: Duration, finish: Duration) -> Deadline {
        let now = Instant::now();
        Deadline { response: now + response, finish: now + finish, response_after: response, finish_after: finish }
    }

    pub fn response_after(self) -> Duration {
        self.response_after
    }

    pub fn finish_after(self) -> Duration {
        self.finish_after
    }
}

/// Whether the caller has stopped waiting for the work.
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
    NoResponse,
    /// `work` did not return in time.
    NotFinished,
    /// The thread could not be started, or panicked.
    ThreadFailed,
}

/// Runs `open`, which prompts nobody, and then `work`, which may.
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
        // After the deadline nobody receives it; a failed send is fine.
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
    let response = wait(deadline.response, NoResult::NoResponse).and_then(|first| match first {
        Some(result) => Ok(Some(result)),
        None => wait(deadline.finish, NoResult::NotFinished),
    });
    cancelled.0.store(true, Ordering::SeqCst);
    // After the first response only a result is sent.
    response.and_then(|result| result.ok_or(NoResult::ThreadFailed))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::{Duration, Instant};

    use super::{Deadline, NoResult, run};

    const LONG: Duration = Duration::from_secs(60);
    const SHORT: Duration = Duration::from_millis(50);

    #[test]
    fn a_result_in_time_is_returned_and_nothing_is_cancelled() {
        let done: Result<Result<bool, ()>, _> =
            run(Deadline::start(LONG, LONG), || Ok(()), |cancelled| Ok(cancelled.is_set()));
        assert_eq!(done, Ok(Ok(false)));
        let failed: Result<Result<(), &str>, _> = run(Deadline::start(LONG, LONG), || Err("locked"), |_| Ok(()));
        assert_eq!(failed, Ok(Err("locked")));
    }

    #[test]
    fn abandoned_work_is_cancelled_before_its_next_step() {
        let (go_on, wait) = mpsc::channel::<()>();
        let (sender, receiver) = mpsc::channel();
        let work = move |cancelled: &super::Cancelled| {
            let _ = wait.recv();
            let _ = sender.send(cancelled.is_set());
            Ok::<(), ()>(())
        };
        assert_eq!(run(Deadline::start(LONG, SHORT), || Ok(()), work), Err(NoResult::NotFinished));
        go_on.send(()).expect("the work waits");
        assert_eq!(receiver.recv_timeout(LONG), Ok(true));
    }

    #[test]
    fn a_missing_response_differs_from_work_that_takes_too_long() {
        let (hold, wait) = mpsc::channel::<()>();
        let start = Instant::now();
        let opening = move || wait.recv().map_err(|_| ());
        assert_eq!(run(Deadline::start(SHORT, LONG), opening, |_| Ok(())), Err(NoResult::NoResponse));
        assert!(start.elapsed() < LONG / 2);
        drop(hold);
    }
}
