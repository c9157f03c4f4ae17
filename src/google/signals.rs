//! Ctrl-C and its kin, for the waits: a future that ends when one arrives.

use std::time::Duration;

use crate::error::{Error, Kind};
use crate::hardening;

/// How often is looked whether the guard remembers something.
#[cfg(windows)]
const LOOK: std::time::Duration = std::time::Duration::from_millis(50);

/// How long a request goes on after Ctrl-C whose answer may already be on its way and must not be lost.
const GRACE: Duration = Duration::from_millis(700);

/// Waits for SIGINT, SIGTERM or SIGHUP (on Windows for Ctrl-C, Ctrl-Break or the end of the window); pends for ever where
/// they cannot be watched.
pub async fn interrupted() -> Error {
    let kind = arrived().await;
    let message = match kind {
        Kind::Terminated => "stopped by a signal",
        _ => "interrupted",
    };
    Error::new(kind, message)
}

/// Likewise, a moment later: for a request that has its effect whether its answer is heard or not.
pub async fn interrupted_a_moment_ago() -> Error {
    let stopped = interrupted().await;
    tokio::time::sleep(GRACE).await;
    stopped
}

#[cfg(unix)]
async fn arrived() -> Kind {
    use tokio::signal::unix::{SignalKind, signal};
    let watch = |kind| signal(kind).ok();
    let (Some(mut interrupt), Some(mut terminate), Some(mut hangup)) =
        (watch(SignalKind::interrupt()), watch(SignalKind::terminate()), watch(SignalKind::hangup()))
    else {
        return std::future::pending().await;
    };
    // One that came before anybody watched is remembered by the guard that kept it from ending the process.
    if let Some(kind) = hardening::stopping() {
        return kind;
    }
    tokio::select! {
        _ = interrupt.recv() => Kind::Interrupted,
        _ = terminate.recv() => Kind::Terminated,
        _ = hangup.recv() => Kind::Terminated,
    }
}

/// The guard hears Ctrl-C and Ctrl-Break and remembers them. While somebody waits for it, the end of the window leaves the
/// program the seconds that Windows grants.
#[cfg(windows)]
async fn arrived() -> Kind {
    let remembered = async {
        loop {
            match hardening::stopping() {
                Some(kind) => return kind,
                None => tokio::time::sleep(LOOK).await,
            }
        }
    };
    let Ok(mut close) = tokio::signal::windows::ctrl_close() else { return remembered.await };
    tokio::select! {
        kind = remembered => kind,
        _ = close.recv() => Kind::Terminated,
    }
}
