//! Ctrl-C and its kin, for the waits: a future that ends when one arrives.

use crate::error::{Error, Kind};
use crate::hardening;

/// Waits for SIGINT, SIGTERM or SIGHUP (elsewhere Ctrl-C); pends for ever where they cannot be watched.
pub async fn interrupted() -> Error {
    let kind = arrived().await;
    let message = match kind {
        Kind::Terminated => "stopped by a signal",
        _ => "interrupted",
    };
    Error::new(kind, message)
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
