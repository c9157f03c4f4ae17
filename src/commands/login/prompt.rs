//! What the user sees while the login waits.

use crate::browser::{self, LateFailure, Opened, Watch};
use crate::commands::login::Login;
use crate::error::{Error, Kind};
use crate::google::PendingAuthorization;
use crate::term::{Term, layout};

/// Opens the browser, prints the address, and says how to continue from another machine. The launcher is watched until
/// the returned value is dropped.
pub fn ask(waiting: &PendingAuthorization, login: &Login, term: Term) -> Watch {
    let (opened, watch) = if login.no_browser {
        (Opened::Not("`--no-browser` was given".to_owned()), Watch::default())
    } else {
        browser::open(&waiting.browser_url(), move |failure| say_failure(&failure, term))
    };
    let tunnel = waiting.address().zip(browser::ssh_destination());
    if let Some((address, destination)) = &tunnel {
        term.must("If the browser is on another computer, run this there first:");
        term.must("");
        term.must(&format!("ssh -N -L {}:{address} {destination}", address.port()));
        term.must("");
    }
    match &opened {
        Opened::With(launcher) => {
            term.step(&format!("the browser was opened with {launcher}"));
            term.must("Opened your browser at:");
        }
        Opened::Not(why) => {
            if !login.no_browser {
                term.say(&format!("No browser was opened: {why}."));
            }
            term.must("Open this URL in your browser:");
        }
    }
    term.must("");
    term.must(waiting.url().as_str());
    term.must("");
    term.say("Google asks for a passkey when a new refresh token is made: https://g.co/passkeys");
    match waiting.address() {
        Some(_) if term.input && tunnel.is_some() => {
            term.say("Or, without that command, paste here the address that the browser ended on, even if its page did not load.");
        }
        Some(_) if term.input => {
            term.say("Browser on another computer? Then paste here the address that it ended on, even if its page did not load.");
        }
        Some(_) => {}
        None => term.must("Then paste here the address that the browser ended on:"),
    }
    if term.input || !term.shows_progress() {
        let limit = layout::limit(login.timeout);
        term.say(&format!("Waiting for the browser, {limit} at most; Ctrl-C stops."));
    }
    watch
}

/// Reports a launcher that failed after the login had announced that a browser was opened.
fn say_failure(failure: &LateFailure, term: Term) {
    term.warn(&format!("`{}` failed, so the browser may not have opened", failure.launcher));
    match &failure.next {
        Some(next) => term.must(&format!("Opened your browser with `{next}` instead.")),
        None => term.hint("open the URL above in your browser"),
    }
}

/// Extends the time-out error: Google's own page may have shown an error, which Google does not send to us.
pub fn with_page_errors(error: Error) -> Error {
    match error.kind() {
        Kind::ConsentTimedOut | Kind::Interrupted => error.hint(
            "if Google's page showed an error, `gads-creds explain CODE` says what it means; otherwise, run `gads-creds login` again",
        ),
        _ => error,
    }
}
