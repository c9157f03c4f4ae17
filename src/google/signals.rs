//! Futures that resolve when the user or the system interrupts the program.

use std::future::Future;
use std::time::Duration;

use crate::error::{Error, Kind};
use crate::hardening;

/// How often the signals that the guard has recorded are looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// How long a request goes on after a signal, so that a response that is on its way is not lost.
const GRACE_PERIOD: Duration = Duration::from_millis(700);

/// Resolves at SIGINT, SIGTERM or SIGHUP (on Windows at Ctrl-C, Ctrl-Break or when the window is closed). Never resolves
/// where no signal can be watched.
pub async fn interrupted() -> Error {
    let kind = next_signal().await;
    Error::new(kind, kind.name())
}

/// Returns the result of a request that takes effect whether its response is read or not, such as one that may replace a token.
/// After a signal, a response on its way is awaited for a moment; then the result is `unknown`.
pub async fn with_grace<T>(request: impl Future<Output = T>, unknown: impl FnOnce(Error) -> T) -> T {
    let late = async {
        let error = interrupted().await;
        tokio::time::sleep(GRACE_PERIOD).await;
        error
    };
    tokio::select! {
        biased;
        result = request => result,
        error = late => unknown(error),
    }
}

/// Looks at what the guard has recorded, which has the handlers. Tokio's own signals need a pair of sockets, and panic in a service
/// that may not have any (`RestrictAddressFamilies=` of systemd).
async fn recorded() -> Kind {
    loop {
        match hardening::stopping() {
            Some(kind) => return kind,
            None => tokio::time::sleep(POLL_INTERVAL).await,
        }
    }
}

#[cfg(unix)]
async fn next_signal() -> Kind {
    recorded().await
}

/// While `ctrl_close` is awaited, Windows grants a few seconds after the window is closed.
#[cfg(windows)]
async fn next_signal() -> Kind {
    let Ok(mut close) = tokio::signal::windows::ctrl_close() else { return recorded().await };
    tokio::select! {
        kind = recorded() => kind,
        _ = close.recv() => Kind::Terminated,
    }
}
