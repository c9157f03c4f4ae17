//! Ctrl-C and its kin, for the waits: a future that ends when one arrives.

use std::time::Duration;

use crate::error::{Error, Kind};
use crate::hardening;

/// How long a request goes on after Ctrl-C whose answer may already be on its way and must not be lost.
const GRACE: Duration = Duration::from_millis(700);

/// Waits for SIGINT, SIGTERM or SIGHUP (elsewhere Ctrl-C); pends for ever where they cannot be watched.
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

#[cfg(not(unix))]
async fn arrived() -> Kind {
    match tokio::signal::ctrl_c().await {
        Ok(()) => Kind::Interrupted,
        Err(_) => std::future::pending().await,
    }
}
