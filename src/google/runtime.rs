//! The tokio runtime, and the check that there are file descriptors left for it.

use std::ops::Deref;

use tokio::runtime::{Builder, Runtime};

use crate::error::{Error, Result, system_reason};

/// How many descriptors the runtimes and one connection need.
const NEEDED: usize = 10;

/// A runtime that does not wait when it is dropped: a bare one would wait without limit for a DNS lookup.
#[derive(Debug)]
pub struct BackgroundRuntime(Option<Runtime>);

impl BackgroundRuntime {
    pub fn start() -> Result<BackgroundRuntime> {
        // Tokio panics where it cannot open its own descriptors.
        can_open(NEEDED).map_err(|error| {
            Error::internal(format!("cannot start the runtime: {error}"))
                .hint("raise the limit on open files: `ulimit -n 256`")
        })?;
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| {
            Error::internal(format!("cannot start the runtime: {}", system_reason(&error)))
                .hint("raise the limit on open files: `ulimit -n 256`")
        })?;
        Ok(BackgroundRuntime(Some(runtime)))
    }
}

impl Deref for BackgroundRuntime {
    type Target = Runtime;

    fn deref(&self) -> &Runtime {
        self.0.as_ref().expect("it is taken only when it is dropped")
    }
}

impl Drop for BackgroundRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Fails if this many more descriptors cannot be opened.
#[cfg(unix)]
pub fn can_open(descriptors: usize) -> std::io::Result<()> {
    let pairs = descriptors.div_ceil(2);
    (0..pairs).map(|_| std::os::unix::net::UnixStream::pair()).collect::<std::io::Result<Vec<_>>>().map(drop)
}

#[cfg(not(unix))]
pub fn can_open(_: usize) -> std::io::Result<()> {
    Ok(())
}
