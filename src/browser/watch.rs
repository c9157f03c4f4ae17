//! Watches a launcher while the login waits. One that fails late has opened nothing, and the next is tried.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use url::Url;

use crate::browser::{Launcher, Opener, next};

/// A browser that exits later than this with a status other than 0 did open the page.
const LATEST: Duration = Duration::from_secs(20);
/// How often the end of the watch is checked.
const INTERVAL: Duration = Duration::from_millis(100);

/// A launcher that failed after it seemed to have succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateFailure {
    /// Its escaped name.
    pub launcher: String,
    /// The launcher that was started in its place, if one was left.
    pub next: Option<String>,
}

/// Keeps launchers watched until it is dropped.
#[derive(Debug, Default)]
pub struct Watch {
    stop: Arc<AtomicBool>,
}

impl Watch {
    pub(super) fn start(
        opener: Opener,
        rest: Vec<Launcher>,
        url: Url,
        report: impl Fn(LateFailure) + Send + 'static,
    ) -> Watch {
        let watch = Watch::default();
        let stop = Arc::clone(&watch.stop);
        let turn = move || {
            let mut rest = rest.iter();
            let mut opener = opener;
            while fails(&opener, &stop) {
                let following = next(&mut rest, &url);
                let next = following.as_ref().map(|opener| opener.name.clone());
                report(LateFailure { launcher: opener.name, next });
                let Some(following) = following else { return };
                opener = following;
            }
        };
        // If the system cannot start a thread, nothing is watched.
        let _ = thread::Builder::new().spawn(turn);
        watch
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, SeqCst);
    }
}

/// Whether the launcher fails while it is watched.
fn fails(opener: &Opener, stop: &AtomicBool) -> bool {
    let Some(running) = &opener.running else { return false };
    let end = Instant::now() + LATEST;
    while Instant::now() < end {
        let ended = running.ended_within(INTERVAL);
        if stop.load(SeqCst) {
            return false;
        }
        if let Some(succeeded) = ended {
            return !succeeded;
        }
    }
    false
}
