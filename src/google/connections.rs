//! The connections of the listener: how many there may be, and who goes when there is no room for one more.
//!
//! The newest is never turned away, since it may be the browser: the one that had most time and said least goes. Whoever
//! has only just come is spared as long as there is anybody else, so that no burst drowns a browser before it was heard.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::JoinHandle;
use tokio::time::{Duration, Instant};

/// The most connections at once while the answer is waited for.
const MOST: usize = 128;
/// The most once it is there: what follows needs descriptors of its own, and only the browser has still to be served.
const FEW: usize = 4;
/// How long somebody new is spared.
const NEW: Duration = Duration::from_secs(1);

/// How far a connection has come; the order is that of its worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Silent,
    /// A part of a request's head is there.
    Begun,
    Asked,
    /// It is the browser that brought the answer, and waits for the result.
    Held,
}

/// A connection's own note of its stage.
#[derive(Clone, Debug)]
pub struct Progress(Arc<AtomicU8>);

impl Progress {
    fn new() -> Progress {
        Progress(Arc::new(AtomicU8::new(Stage::Silent as u8)))
    }

    pub fn reach(&self, stage: Stage) {
        self.0.fetch_max(stage as u8, Ordering::Relaxed);
    }

    pub fn has_reached(&self, stage: Stage) -> bool {
        self.0.load(Ordering::Relaxed) >= stage as u8
    }
}

/// Everybody who is connected, the oldest first.
#[derive(Debug)]
pub struct ConnectionPool(Mutex<Inside>);

#[derive(Debug)]
struct Inside {
    guests: VecDeque<Guest>,
    most: usize,
}

#[derive(Debug)]
struct Guest {
    task: JoinHandle<()>,
    progress: Progress,
    since: Instant,
}

impl ConnectionPool {
    pub fn new() -> ConnectionPool {
        ConnectionPool(Mutex::new(Inside { guests: VecDeque::new(), most: MOST }))
    }

    /// Serves one more connection, on a task of its own.
    pub fn admit<F: Future<Output = ()> + Send + 'static>(&self, serve: impl FnOnce(Progress) -> F) {
        let mut inside = self.inside();
        inside.guests.retain(|guest| !guest.task.is_finished());
        while inside.is_full() {
            inside.dismiss();
        }
        let progress = Progress::new();
        let task = tokio::spawn(serve(progress.clone()));
        inside.guests.push_back(Guest { task, progress, since: Instant::now() });
    }

    /// Makes room where the system has none for a new connection.
    pub fn make_room(&self) {
        self.inside().dismiss();
    }

    /// The answer is there: from now on only a few are let in.
    pub fn shrink(&self) {
        let mut inside = self.inside();
        inside.most = FEW;
        while inside.strangers() > FEW {
            inside.dismiss();
        }
    }

    /// Ends all connections, and returns when their sockets are closed.
    pub async fn disperse(&self) {
        let guests = std::mem::take(&mut self.inside().guests);
        guests.iter().for_each(|guest| guest.task.abort());
        for guest in guests {
            // How it ended is all the same.
            let _ = guest.task.await;
        }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    /// Whether somebody must go before the next is let in. Who holds the way to the result takes no stranger's place.
    fn is_full(&self) -> bool {
        self.strangers() >= self.most || self.guests.len() >= MOST
    }

    fn strangers(&self) -> usize {
        self.guests.iter().filter(|guest| !guest.progress.has_reached(Stage::Held)).count()
    }

    fn dismiss(&mut self) {
        let worth = |guest: &Guest| {
            let held = guest.progress.has_reached(Stage::Held);
            (held, guest.since.elapsed() < NEW, guest.progress.has_reached(Stage::Begun))
        };
        // Of equals the first is taken: the oldest.
        let least = self.guests.iter().enumerate().min_by_key(|(_, guest)| worth(guest)).map(|(at, _)| at);
        if let Some(guest) = least.and_then(|at| self.guests.remove(at)) {
            guest.task.abort();
        }
    }
}
