//! The thread that connections live on, apart from the one that watches the clock.
//!
//! A server that floods a connection keeps its reader busy for as long as it likes: hyper reads provisional answers (1xx) as
//! fast as they come, without a pause. A deadline that waits for its turn on the same thread comes too late; here it does not.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// The thread lives as long as a copy of this does.
#[derive(Clone, Debug)]
pub struct Wire {
    thread: Handle,
    _alive: Arc<oneshot::Sender<()>>,
}

impl Wire {
    pub fn start() -> io::Result<Wire> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        let handle = runtime.handle().clone();
        let (alive, ended) = oneshot::channel::<()>();
        thread::Builder::new().name("wire".to_owned()).spawn(move || {
            // It ends with an error, when nobody is left who could send.
            let _ = runtime.block_on(ended);
        })?;
        Ok(Wire { thread: handle, _alive: Arc::new(alive) })
    }

    /// What the work brings, done over there; nothing if it broke down. Whoever stops waiting ends the work.
    pub async fn carry<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> Option<T> {
        let mut works = JoinSet::new();
        works.spawn_on(work, &self.thread);
        works.join_next().await?.ok()
    }
}
