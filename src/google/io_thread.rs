//! The thread that runs connections to Google, apart from the thread that watches deadlines.
//!
//! A server that floods a connection keeps its reader busy: hyper reads interim responses (1xx) as fast as they arrive,
//! without yielding. A deadline on the same thread would fire too late.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// A handle to the thread, which runs until the last copy of the handle is dropped.
#[derive(Clone, Debug)]
pub struct IoThread {
    runtime: Handle,
    _alive: Arc<oneshot::Sender<()>>,
}

impl IoThread {
    pub fn start() -> io::Result<IoThread> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        let handle = runtime.handle().clone();
        let (alive, stopped) = oneshot::channel::<()>();
        thread::Builder::new().name("connections".to_owned()).spawn(move || {
            // Resolves, with an error, when the last sender is dropped.
            let _ = runtime.block_on(stopped);
        })?;
        Ok(IoThread { runtime: handle, _alive: Arc::new(alive) })
    }

    /// Runs the future on the thread and returns its output; `None` if it panicked. Dropping the call cancels the future.
    pub async fn run<T: Send + 'static>(&self, future: impl Future<Output = T> + Send + 'static) -> Option<T> {
        let mut tasks = JoinSet::new();
        tasks.spawn_on(future, &self.runtime);
        tasks.join_next().await?.ok()
    }
}
