//! The URL that is handed to the program that opens the browser: a page of the loopback server that redirects to Google.
//!
//! Every user of a machine can read the arguments of every program. The authorization URL contains the state, the challenge and
//! the port; whoever has them can end the login, or complete it with a code of their own account. So the browser's launcher
//! gets `http://127.0.0.1:PORT/start/RANDOM` instead. Where the system shows who asks ([`crate::peer`]), the redirect is given
//! to our own user only, as often as asked: a browser whose first connection is cut asks again. Elsewhere it is given once, and
//! within two minutes.
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
    /// Whether it was given to somebody whom the system does not show.
    used: AtomicBool,
}

/// The response to a request for the link.
#[derive(Debug, PartialEq, Eq)]
pub enum Start<'a> {
    Redirect(&'a Url),
    /// It was used already, or is too old, and the system does not show who asks.
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
            Peer::Other(_) | Peer::Gone => Start::Forbidden,
            Peer::NotShown if self.created.elapsed() > VALIDITY || self.used.swap(true, Ordering::SeqCst) => {
                Start::Expired
            }
            Peer::Trusted | Peer::NotShown => Start::Redirect(&self.target),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> StartLink {
        StartLink::new(Url::parse("https://accounts.google.com/").expect("a URL"))
    }

    /// A browser whose first connection is cut asks again.
    #[test]
    fn the_users_own_browser_is_redirected_as_often_as_it_asks() {
        let link = link();
        for peer in [Peer::Trusted, Peer::Other(1), Peer::Gone, Peer::Trusted, Peer::Trusted] {
            let is_trusted = peer == Peer::Trusted;
            assert_eq!(link.open(peer), if is_trusted { Start::Redirect(&link.target) } else { Start::Forbidden });
        }
    }

    #[test]
    fn where_the_system_does_not_show_who_asks_the_link_works_once_and_for_two_minutes() {
        let once = link();
        assert_eq!(once.open(Peer::NotShown), Start::Redirect(&once.target));
        assert_eq!(once.open(Peer::NotShown), Start::Expired);
        let mut old = link();
        old.created = Instant::now().checked_sub(VALIDITY + Duration::from_secs(1)).expect("a time");
        assert_eq!(old.open(Peer::NotShown), Start::Expired);
        assert_eq!(old.open(Peer::Trusted), Start::Redirect(&old.target));
    }
}
