//! What the person reads while the login waits.

use crate::browser::{self, Opened};
use crate::commands::login::Login;
use crate::error::{Error, Kind};
use crate::google::{PendingAuthorization, explain};
use crate::term::Term;

/// Prints the address, opens the browser, and says how it can be done from elsewhere.
pub fn ask(waiting: &PendingAuthorization, login: &Login, term: Term) {
    term.must("Open this address in a browser and allow access:");
    term.must("");
    term.must(waiting.url().as_str());
    term.must("");
    term.say("Google asks for a passkey when a new refresh token is made: https://g.co/passkeys");
    let opened = if login.no_browser {
        Opened::Not("`--no-browser` was given".to_owned())
    } else {
        browser::open(waiting.url())
    };
    match opened {
        Opened::With(launcher) => term.step(&format!("opened it with {launcher}")),
        Opened::Not(why) if login.no_browser => term.step(&format!("no browser was opened: {why}")),
        Opened::Not(why) => term.say(&format!("No browser was opened: {why}.")),
    }
    match (waiting.port(), browser::ssh_destination()) {
        (Some(port), Some(destination)) => {
            term.must("If the browser is on another computer, run this there first:");
            term.must(&format!("ssh -N -L {port}:127.0.0.1:{port} {destination}"));
            if term.input {
                term.say("Or paste here the address that the browser ended on, even if its page did not load.");
            }
        }
        (Some(_), None) if term.input => {
            term.say("Is the browser elsewhere? Then paste here the address that it ended on, even if its page did not load.");
        }
        (Some(_), None) => {}
        (None, _) => term.must("Then paste here the address that the browser ended on:"),
    }
    term.say(&format!("Waiting for the browser, {} seconds at most; Ctrl-C stops.", login.timeout));
}

/// After a wait without an answer: what Google's own page may have shown, since it tells nobody else.
pub fn page_errors(error: &Error, term: Term) {
    if !matches!(error.kind(), Kind::ConsentTimedOut | Kind::Interrupted) {
        return;
    }
    term.say("If Google's page showed an error, this is what it means:");
    for row in explain::page_errors() {
        term.say(&format!("  {}: {}; {}", row.code, row.cause, row.next));
    }
}
