//! The connections of the loopback server: their limit, and which one is evicted for a new one.
//!
//! A new connection is never refused, since it may be the browser. Evicted is the connection that had most time and sent least;
//! one that has just come only if there is no other, so that a burst cannot push out a browser before its request is read.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::JoinHandle;
use tokio::time::{Duration, Instant};

/// The limit while the authorization response is waited for.
const LIMIT: usize = 128;
/// The limit after it: the next steps need descriptors of their own, and only the browser has still to be served.
const LIMIT_AFTER_RESPONSE: usize = 4;
/// How long a new connection is spared.
const GRACE_PERIOD: Duration = Duration::from_secs(1);

/// How far a connection has come; later stages are worth more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Connected,
    /// A part of the request has arrived.
    Receiving,
    Requested,
    /// It brought the authorization response, and who sent it is being looked up.
    Responding,
    /// It is the browser that brought the response, and waits for the result page.
    AwaitingResult,
}

/// The stage of a connection, shared with the pool.
#[derive(Clone, Debug)]
pub struct Progress(Arc<AtomicU8>);

impl Progress {
    fn new() -> Progress {
        Progress(Arc::new(AtomicU8::new(Stage::Connected as u8)))
    }

    pub fn reach(&self, stage: Stage) {
        self.0.fetch_max(stage as u8, Ordering::Relaxed);
    }

    pub fn has_reached(&self, stage: Stage) -> bool {
        self.0.load(Ordering::Relaxed) >= stage as u8
    }
}

/// All open connections.
#[derive(Debug)]
pub struct ConnectionPool(Mutex<Pool>);

#[derive(Debug)]
struct Pool {
    /// The oldest first.
    connections: VecDeque<Connection>,
    limit: usize,
}

#[derive(Debug)]
struct Connection {
    task: JoinHandle<()>,
    progress: Progress,
    since: Instant,
}

impl ConnectionPool {
    pub fn new() -> ConnectionPool {
        ConnectionPool(Mutex::new(Pool { connections: VecDeque::new(), limit: LIMIT }))
    }

    /// Serves a connection on a task of its own; evicts others until it is within the limit.
    pub fn add<F: Future<Output = ()> + Send + 'static>(&self, serve: impl FnOnce(Progress) -> F) {
        let mut pool = self.lock();
        pool.connections.retain(|connection| !connection.task.is_finished());
        while pool.is_full() {
            pool.evict();
        }
        let progress = Progress::new();
        let task = tokio::spawn(serve(progress.clone()));
        pool.connections.push_back(Connection { task, progress, since: Instant::now() });
    }

    /// Evicts a connection: the system has no descriptor for a new one.
    pub fn evict_one(&self) {
        self.lock().evict();
    }

    /// Lowers the limit: the authorization response has arrived.
    pub fn lower_limit(&self) {
        let mut pool = self.lock();
        pool.limit = LIMIT_AFTER_RESPONSE;
        while pool.counted() > LIMIT_AFTER_RESPONSE {
            pool.evict();
        }
    }

    /// Closes all connections, and returns when their sockets are closed.
    pub async fn close_all(&self) {
        let connections = std::mem::take(&mut self.lock().connections);
        connections.iter().for_each(|connection| connection.task.abort());
        for connection in connections {
            // Cancelled or finished: closed either way.
            let _ = connection.task.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Pool> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pool {
    fn is_full(&self) -> bool {
        self.counted() >= self.limit || self.connections.len() >= LIMIT
    }

    /// The connections that count towards the limit: not those that bring the response or wait for the result page.
    fn counted(&self) -> usize {
        self.connections.iter().filter(|connection| !connection.progress.has_reached(Stage::Responding)).count()
    }

    fn evict(&mut self) {
        let worth = |connection: &Connection| {
            let is_the_browser = connection.progress.has_reached(Stage::Responding);
            let is_new = connection.since.elapsed() < GRACE_PERIOD;
            (is_the_browser, is_new, connection.progress.has_reached(Stage::Receiving))
        };
        // The first of equals, which is the oldest.
        let least = self.connections.iter().enumerate().min_by_key(|(_, connection)| worth(connection));
        let index = least.map(|(index, _)| index);
        if let Some(connection) = index.and_then(|index| self.connections.remove(index)) {
            connection.task.abort();
        }
    }
}
