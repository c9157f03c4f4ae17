//! A time limit for a program that may be stopped meanwhile: by Ctrl-Z, SIGSTOP or `docker pause`.
//!
//! What arrives while the program is stopped waits in the system. When it goes on, a timer that has run out by the clock
//! and a response that can be read are there at the same moment; the response counts.

use std::time::Duration;

use tokio::time::sleep;

const TICK: Duration = Duration::from_secs(1);

/// How long what has arrived may take to be read.
const GRACE_PERIOD: Duration = Duration::from_millis(500);

/// Resolves when the program has run for this long, and a moment later. A stop, however long, counts as a second.
pub async fn elapsed(limit: Duration) {
    let mut left = limit;
    while !left.is_zero() {
        let tick = left.min(TICK);
        sleep(tick).await;
        left -= tick;
    }
    sleep(GRACE_PERIOD).await;
}
