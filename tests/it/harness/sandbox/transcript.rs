//! The output of a program so far, collected by a thread, so that a test can wait for a text with a time limit.

use std::io::Read;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Instant;

use super::PATIENCE;

#[derive(Clone, Default)]
pub struct Transcript(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    bytes: Vec<u8>,
    ended: bool,
}

impl Transcript {
    /// Collects the output until its end.
    pub fn of(mut stream: impl Read + Send + 'static) -> Transcript {
        let transcript = Transcript::default();
        let ours = transcript.clone();
        thread::spawn(move || {
            let mut block = [0; 4096];
            loop {
                // A terminal whose last program has exited returns an error: that is the end as well.
                let read = stream.read(&mut block).unwrap_or(0);
                let mut state = ours.0.0.lock().expect("no holder panics");
                state.bytes.extend(&block[..read]);
                state.ended = read == 0;
                ours.0.1.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        transcript
    }

    /// Waits until `look` finds something in the text; `None` if the text or the time ends first.
    pub fn wait<T>(&self, mut look: impl FnMut(&str) -> Option<T>) -> Option<T> {
        let end = Instant::now() + PATIENCE;
        let mut state = self.0.0.lock().expect("no holder panics");
        loop {
            let found = look(&String::from_utf8_lossy(&state.bytes));
            let left = end.saturating_duration_since(Instant::now());
            if found.is_some() || state.ended || left.is_zero() {
                return found;
            }
            (state, _) = self.0.1.wait_timeout(state, left).expect("no holder panics");
        }
    }

    /// Returns the whole text, once it has ended.
    pub fn whole(&self, whose: &str) -> String {
        self.wait(|_| None::<()>);
        let state = self.0.0.lock().expect("no holder panics");
        assert!(state.ended, "{whose} is still held open after {PATIENCE:?}");
        String::from_utf8_lossy(&state.bytes).into_owned()
    }

    /// Returns the text so far.
    pub fn so_far(&self) -> String {
        String::from_utf8_lossy(&self.0.0.lock().expect("no holder panics").bytes).into_owned()
    }
}
