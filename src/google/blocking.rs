//! Runs a function that blocks on a thread of its own, so that it delays neither connections nor deadlines.

use std::thread;

use tokio::sync::oneshot;

/// Returns the function's result. Tokio's own thread pool panics if the system cannot start a thread; the function then
/// runs in place.
pub async fn run<T: Send + 'static>(name: &str, function: impl Fn() -> T + Clone + Send + 'static) -> T {
    let (sender, receiver) = oneshot::channel();
    let copy = function.clone();
    // The receiver is gone if the caller was cancelled meanwhile.
    let thread = thread::Builder::new().name(name.to_owned()).spawn(move || drop(sender.send(copy())));
    match thread {
        Ok(_) => receiver.await.unwrap_or_else(|_| function()),
        Err(_) => function(),
    }
}
