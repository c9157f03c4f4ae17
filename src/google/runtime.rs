//! The tokio runtime, and the check that there are file descriptors left for it.

use std::io::{self, ErrorKind};
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
        // Better now than in the middle of a request.
        let runtime = can_open(NEEDED).and_then(|()| Builder::new_current_thread().enable_all().build());
        let runtime = runtime.map_err(|error| {
            let failed = Error::internal(format!("cannot start the runtime: {}", system_reason(&error)));
            failed.hint(no_descriptors(&error))
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
pub fn can_open(descriptors: usize) -> io::Result<()> {
    let pairs = descriptors.div_ceil(2);
    (0..pairs).map(|_| io::pipe()).collect::<io::Result<Vec<_>>>().map(drop)
}

#[cfg(not(unix))]
pub fn can_open(_: usize) -> io::Result<()> {
    Ok(())
}

/// Returns the next step where the system grants no descriptors: a limit, unless a sandbox forbids the call.
pub fn no_descriptors(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::Unsupported => {
            "this sandbox forbids what a connection needs: run it with another seccomp filter, or outside"
        }
        _ => "raise the limit on open files: `ulimit -n 256`",
    }
}
