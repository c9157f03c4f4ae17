//! The connections of the loopback server: their limit, and which one is evicted for a new one.
//!
//! A new connection is never refused, since it may be the browser. The one that had the most time and sent the least is evicted;
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
    /// It asked for the start link or brought the authorization response, with the state, and who sent it is being looked up. A
    /// request without one of the two secrets does not come this far, and one of another user has at most the five seconds of
    /// every connection.
    Responding,
    /// It brought the response, and waits for the result page.
    AwaitingResult,
    /// It does, and is a page in a browser.
    PageAwaitingResult,
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
        self.stage() >= stage as u8
    }

    fn stage(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
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

    /// The connections that count towards the limit: not those that know a secret of this login.
    fn counted(&self) -> usize {
        self.connections.iter().filter(|connection| !connection.progress.has_reached(Stage::Responding)).count()
    }

    fn evict(&mut self) {
        let worth = |connection: &Connection| {
            let is_the_browser = connection.progress.has_reached(Stage::Responding);
            let is_new = connection.since.elapsed() < GRACE_PERIOD;
            (is_the_browser, is_new, connection.progress.stage())
        };
        // The first of equals, which is the oldest.
        let least = self.connections.iter().enumerate().min_by_key(|(_, connection)| worth(connection));
        let index = least.map(|(index, _)| index);
        if let Some(connection) = index.and_then(|index| self.connections.remove(index)) {
            connection.task.abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Weak;

    use super::*;

    /// Adds connections at this stage that stay open; each lives until the pool evicts it.
    async fn hold(pool: &ConnectionPool, count: usize, stage: Stage) -> Vec<Weak<()>> {
        let mut connections = Vec::new();
        for _ in 0..count {
            let open = Arc::new(());
            connections.push(Arc::downgrade(&open));
            pool.add(|progress| async move {
                progress.reach(stage);
                std::future::pending::<()>().await;
                drop(open);
            });
            settle().await;
        }
        connections
    }

    /// Lets every task run, an aborted one to its end.
    async fn settle() {
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
    }

    fn open(connections: &[Weak<()>]) -> usize {
        connections.iter().filter(|connection| connection.strong_count() > 0).count()
    }

    fn run(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(test);
    }

    #[test]
    fn a_request_without_the_state_is_counted_and_evicted_whatever_it_has_sent() {
        for stage in [Stage::Connected, Stage::Receiving, Stage::Requested] {
            run(async {
                let pool = ConnectionPool::new();
                let connections = hold(&pool, LIMIT, stage).await;
                let newest = hold(&pool, LIMIT, stage).await;
                assert_eq!((open(&connections), open(&newest)), (0, LIMIT), "{stage:?}");
                pool.lower_limit();
                settle().await;
                assert_eq!(open(&newest), LIMIT_AFTER_RESPONSE, "{stage:?}");
            });
        }
    }

    #[test]
    fn the_connections_of_the_browser_are_not_evicted_for_others() {
        for stage in [Stage::Responding, Stage::AwaitingResult] {
            run(async {
                let pool = ConnectionPool::new();
                let browser = hold(&pool, 5, stage).await;
                let others = hold(&pool, 2 * LIMIT, Stage::Requested).await;
                assert_eq!((open(&browser), open(&others)), (5, LIMIT - 5), "{stage:?}");
                pool.lower_limit();
                settle().await;
                assert_eq!((open(&browser), open(&others)), (5, LIMIT_AFTER_RESPONSE), "{stage:?}");
            });
        }
    }

    #[test]
    fn the_limit_holds_for_those_that_know_the_state_as_well() {
        run(async {
            let pool = ConnectionPool::new();
            let first = hold(&pool, LIMIT, Stage::Responding).await;
            let second = hold(&pool, LIMIT, Stage::Responding).await;
            assert_eq!((open(&first), open(&second)), (0, LIMIT));
        });
    }
}
