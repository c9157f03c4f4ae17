//! A login that waits for the person: the listener is open, the question is asked, the answer comes from the browser or by paste.

use std::time::Duration;

use url::{Host, Url};

use crate::credentials::Client;
use crate::error::{Error, Kind, Result};
use crate::google::authorization_request::{self, Question, Request};
use crate::google::authorization_response::{self, Answer};
use crate::google::error_response::{self, ErrorResponse};
use crate::google::explain::Step;
use crate::google::loopback::{self, Listener};
use crate::google::paste::Paste;
use crate::google::result_page::Page;
use crate::google::token::{self, Grant};
use crate::google::{Google, is_loopback, may_open, signals};
use crate::secret::Secret;

/// An open question. Dropping it closes the port.
#[derive(Debug)]
pub struct PendingAuthorization<'g> {
    google: &'g Google,
    client: Client,
    redirect: String,
    question: Question,
    listener: Option<Listener>,
}

impl<'g> PendingAuthorization<'g> {
    /// Opens the listener, then forms the question: the port is ours before anybody is told of it.
    ///
    /// `redirect` is a registered URI of a web client; none asks for a desktop client's own, on `port` or one of the system's
    /// choosing. A URI that is not on this machine gets no listener: its answer is pasted.
    pub fn open(google: &'g Google, request: Request, port: Option<u16>) -> Result<PendingAuthorization<'g>> {
        has_room()?;
        let _inside = google.runtime.enter();
        let mut request = request;
        let mut sockets = None;
        if request.redirect.is_empty() {
            let host = Host::<&str>::Ipv4(std::net::Ipv4Addr::LOCALHOST);
            let bound = bind(google, &host, port.unwrap_or(0))?;
            request.redirect = format!("http://127.0.0.1:{}/callback", bound.port);
            sockets = Some(bound);
        } else if let Some(url) = Url::parse(&request.redirect).ok().filter(is_loopback)
            && let Some(host) = url.host()
        {
            sockets = Some(bind(google, &host, url.port_or_known_default().unwrap_or(80))?);
        }
        let question = authorization_request::question(&request, &google.endpoints)?;
        let start = |sockets| Listener::start(sockets, question.expected.clone(), google.term);
        let listener = sockets.map(start);
        Ok(PendingAuthorization { google, client: request.client, redirect: request.redirect, question, listener })
    }

    /// Where the person must go.
    pub fn url(&self) -> &Url {
        &self.question.url
    }

    /// The conversation this login is part of.
    pub fn google(&self) -> &'g Google {
        self.google
    }

    /// The address that Google sends the answer to.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect
    }

    /// The port that the browser comes back to; none if the answer can only be pasted.
    pub fn port(&self) -> Option<u16> {
        self.listener.as_ref().and(self.question.expected.redirect.port_or_known_default())
    }

    /// Waits for the code. Only the true answer, the time-out or a signal ends the wait.
    pub fn code(&mut self, limit: Duration) -> Result<Secret> {
        let term = self.google.term;
        let mut pasted = Paste::new(term.input);
        let expected = self.question.expected.clone();
        let listener = &mut self.listener;
        let wait = async {
            loop {
                let answer = tokio::select! {
                    Some(answer) = from_browser(listener) => answer,
                    Some(line) = pasted.line() => authorization_response::from_pasted(&line, &expected),
                    else => return Err(input_ended()),
                };
                match answer {
                    Answer::Code(code) => return Ok(code),
                    Answer::Refused { error, description } => return Err(refused(&error, description.as_deref())),
                    Answer::NotOurs(why) => {
                        term.warn(&format!("that is not the answer to this login: {why}"));
                        term.hint("paste the whole address that the browser ended on");
                    }
                }
            }
        };
        self.google.runtime.block_on(async {
            tokio::select! {
                biased;
                answered = wait => answered,
                stopped = signals::interrupted() => Err(stopped),
                () = tokio::time::sleep(limit) => Err(timed_out(limit)),
            }
        })
    }

    /// Exchanges the code. A signal is heeded, but an answer that is on its way is waited for a moment.
    pub fn exchange(&self, code: &Secret) -> Result<Grant> {
        let google = self.google;
        let client = token::client(&google.endpoints, &self.client.id, &self.client.secret);
        // The verifier type cannot be copied on purpose; its text can, for the one request that needs it.
        let verifier = oauth2::PkceCodeVerifier::new(self.question.verifier.secret().clone());
        google.runtime.block_on(async {
            tokio::select! {
                biased;
                grant = token::exchange(&google.http, client, &self.redirect, code, verifier) => grant,
                stopped = signals::interrupted_a_moment_ago() => Err(stopped),
            }
        })
    }

    /// Tells the browser what happened and closes the port.
    pub fn finish(self, page: Page) {
        if let Some(listener) = self.listener {
            self.google.runtime.block_on(listener.finish(page));
        }
    }
}

fn bind(google: &Google, host: &Host<&str>, port: u16) -> Result<loopback::Sockets> {
    google.runtime.block_on(loopback::bind(host, port)).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => Error::usage(format!(
            "port {port} of the loopback address is taken by another program"
        ))
        .hint("stop that program, or choose another port: `--port`; for a web client, another registered redirect URI"),
        // Whole ranges of ports are set aside there, for virtual machines most of all.
        std::io::ErrorKind::PermissionDenied if cfg!(windows) => Error::usage(format!(
            "Windows does not give out port {port} of the loopback address"
        ))
        .hint("choose another port; `netsh interface ipv4 show excludedportrange protocol=tcp` lists those it keeps"),
        std::io::ErrorKind::PermissionDenied => {
            Error::usage(format!("port {port} may only be opened by an administrator"))
                .hint("register a redirect URI with a port of 1024 or more, or use a Desktop client")
        }
        kind => Error::io(format!("cannot listen on port {port} of the loopback address: {kind}"))
            .hint("try another port: `--port N`"),
    })
}

/// Whether the listener, the browser, the exchange and the storing of the token all find descriptors: better no question than
/// a consent whose token cannot be stored.
fn has_room() -> Result<()> {
    may_open(8).map_err(|error| {
        Error::io(format!("cannot wait for a browser: {error}")).hint("raise the limit on open files: `ulimit -n 256`")
    })
}

/// The next answer at the listener, if there is one.
async fn from_browser(listener: &mut Option<Listener>) -> Option<Answer> {
    match listener {
        Some(listener) => Some(listener.answer().await),
        None => None,
    }
}

/// Nobody can answer any more: the browser does not come back to us, and nothing more can be pasted.
fn input_ended() -> Error {
    Error::new(Kind::ConsentTimedOut, "the input ended before the address was pasted")
        .hint("run `gads-creds login` again and paste the address that the browser ends on")
}

/// The error that the browser brought, in our words.
fn refused(error: &str, description: Option<&str>) -> Error {
    let said = ErrorResponse {
        code: crate::term::excerpt(error),
        description: description.map(crate::term::excerpt),
        ..ErrorResponse::default()
    };
    error_response::explained(Step::Page, &said).with_kind(Kind::ConsentDenied)
}

fn timed_out(limit: Duration) -> Error {
    let limit = if limit.as_secs() == 1 { "1 second".to_owned() } else { format!("{} seconds", limit.as_secs()) };
    Error::new(Kind::ConsentTimedOut, format!("no answer came from the browser within {limit}"))
        .hint("run `gads-creds login` again; `--timeout` waits longer")
}
