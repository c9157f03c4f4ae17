//! Futures that resolve when the user or the system interrupts the program.

use std::time::Duration;

use crate::error::{Error, Kind};
use crate::hardening;

/// How often the signals that the guard has recorded are looked at.
#[cfg(windows)]
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// How long a request goes on after a signal, so that a response that is on its way is not lost.
const GRACE_PERIOD: Duration = Duration::from_millis(700);

/// Resolves at SIGINT, SIGTERM or SIGHUP (on Windows at Ctrl-C, Ctrl-Break or when the window is closed). Never resolves
/// where no signal can be watched.
pub async fn interrupted() -> Error {
    let kind = next_signal().await;
    let message = match kind {
        Kind::Terminated => "terminated by a signal",
        _ => "interrupted",
    };
    Error::new(kind, message)
}

/// Does the same a moment later: for a request that takes effect whether its response is read or not.
pub async fn interrupted_with_grace() -> Error {
    let error = interrupted().await;
    tokio::time::sleep(GRACE_PERIOD).await;
    error
}

#[cfg(unix)]
async fn next_signal() -> Kind {
    use tokio::signal::unix::{SignalKind, signal};
    let watch = |kind| signal(kind).ok();
    let (Some(mut interrupt), Some(mut terminate), Some(mut hangup)) =
        (watch(SignalKind::interrupt()), watch(SignalKind::terminate()), watch(SignalKind::hangup()))
    else {
        return std::future::pending().await;
    };
    // The guard has recorded a signal that came before these streams existed.
    if let Some(kind) = hardening::stopping() {
        return kind;
    }
    tokio::select! {
        _ = interrupt.recv() => Kind::Interrupted,
        _ = terminate.recv() => Kind::Terminated,
        _ = hangup.recv() => Kind::Terminated,
    }
}

/// The guard handles Ctrl-C and Ctrl-Break and records them. While `ctrl_close` is awaited, Windows grants a few seconds after
/// the window is closed.
#[cfg(windows)]
async fn next_signal() -> Kind {
    let recorded = async {
        loop {
            match hardening::stopping() {
                Some(kind) => return kind,
                None => tokio::time::sleep(POLL_INTERVAL).await,
            }
        }
    };
    let Ok(mut close) = tokio::signal::windows::ctrl_close() else { return recorded.await };
    tokio::select! {
        kind = recorded => kind,
        _ = close.recv() => Kind::Terminated,
    }
}
