//! The URL that is handed to the program that opens the browser: a page of the loopback server that redirects to Google once.
//!
//! Every user of a machine can read the arguments of every program. The authorization URL contains the state, the challenge and
//! the port; whoever has them can end the login, or complete it with a code of their own account. So the browser's launcher
//! gets `http://127.0.0.1:PORT/start/RANDOM` instead. The redirect is given to our own user only, where the system shows who
//! asks ([`crate::peer`]), and elsewhere within two minutes; in either case once.
//!
//! A private HTML file was the alternative: browsers from snap and flatpak cannot read every directory, the browser of Windows
//! reads no file of WSL by its path, and file managers open such files in editors. A browser that cannot reach the loopback
//! address cannot finish the login either, and the authorization URL is printed for such cases. Without a loopback server,
//! which is a web client with a redirect elsewhere, the launcher gets the authorization URL: a response must then be pasted,
//! which no other user can do.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use oauth2::CsrfToken;
use url::Url;

use crate::peer::Peer;

/// How long the link works where the system does not show who asks.
const VALIDITY: Duration = Duration::from_secs(120);

#[derive(Debug)]
pub struct StartLink {
    path: String,
    target: Url,
    created: Instant,
    used: AtomicBool,
}

/// The response to a request for the link.
#[derive(Debug, PartialEq, Eq)]
pub enum Start<'a> {
    Redirect(&'a Url),
    /// It was used already, or is too old.
    Expired,
    /// Another user sent the request; the link stays valid.
    Forbidden,
}

impl StartLink {
    /// Returns a link to this URL with a random path.
    pub fn new(target: Url) -> StartLink {
        let path = format!("/start/{}", CsrfToken::new_random_len(32).secret());
        StartLink { path, target, created: Instant::now(), used: AtomicBool::new(false) }
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the response to a request for the link by this peer.
    pub fn open(&self, peer: Peer) -> Start<'_> {
        match peer {
            Peer::Other(_) | Peer::Gone => return Start::Forbidden,
            Peer::NotShown if self.created.elapsed() > VALIDITY => return Start::Expired,
            Peer::Trusted | Peer::NotShown => {}
        }
        if self.used.swap(true, Ordering::SeqCst) { Start::Expired } else { Start::Redirect(&self.target) }
    }
}
