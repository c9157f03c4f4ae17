//! A pending authorization: the loopback server runs, the request exists, and the response comes from the browser or by
//! paste.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use url::{Host, Url};

use crate::credentials::Client;
use crate::error::{Error, Kind, Result, system_reason};
use crate::google::authorization_request::{AuthorizationParameters, AuthorizationRequest, Redirect};
use crate::google::authorization_response::AuthorizationResponse;
use crate::google::error_response::{self, ErrorResponse};
use crate::google::explain::Operation;
use crate::google::http::check_clock;
use crate::google::loopback::{self, BoundSockets, LoopbackServer};
use crate::google::pasted::{Pasted, PastedLines, PastedText};
use crate::google::result_page::ResultPage;
use crate::google::runtime::no_descriptors;
use crate::google::token::{self, NoGrant};
use crate::google::token_response::Grant;
use crate::google::web_url::parse_url;
use crate::google::{Google, can_open, is_loopback, signals, time_limit};
use crate::secret::Secret;
use crate::term::layout;

/// How many descriptors the server, the browser, the exchange and the store need.
const NEEDED_DESCRIPTORS: usize = 10;

/// An authorization that waits for its response. Dropping it closes the port.
#[derive(Debug)]
pub struct PendingAuthorization<'g> {
    google: &'g Google,
    client: Client,
    redirect_uri: String,
    request: AuthorizationRequest,
    server: Option<LoopbackServer>,
}

impl<'g> PendingAuthorization<'g> {
    /// Starts the loopback server, then builds the request: its redirect URI names a port that is ours. For a redirect URI
    /// that is not on this machine there is no server, and the response has to be pasted.
    pub fn start(google: &'g Google, parameters: &AuthorizationParameters) -> Result<PendingAuthorization<'g>> {
        check_clock()?;
        // Better no request than a consent whose token cannot be stored.
        can_open(NEEDED_DESCRIPTORS).map_err(|error| {
            Error::internal(format!("cannot wait for a browser: {}", system_reason(&error)))
                .hint(no_descriptors(&error))
        })?;
        let _runtime = google.runtime.enter();
        let (redirect_uri, sockets) = match &parameters.redirect {
            Redirect::Loopback { port } => {
                let sockets = bind_loopback(google, port.unwrap_or(0))?;
                (format!("http://{}/callback", sockets.address), Some(sockets))
            }
            Redirect::Uri(uri) => (uri.clone(), bind_for(google, uri)?),
        };
        let request = AuthorizationRequest::new(parameters, &redirect_uri, &google.endpoints)?;
        let start = |sockets| LoopbackServer::start(sockets, request.checks.clone(), request.url.clone(), google.term);
        let server = sockets.map(start);
        Ok(PendingAuthorization { google, client: parameters.client.clone(), redirect_uri, request, server })
    }

    /// The authorization URL, for the user to open.
    pub fn url(&self) -> &Url {
        &self.request.url
    }

    /// The URL for the program that opens the browser, whose arguments every user of the machine can read.
    pub fn browser_url(&self) -> Url {
        self.server.as_ref().map_or_else(|| self.request.url.clone(), LoopbackServer::start_url)
    }

    pub fn google(&self) -> &'g Google {
        self.google
    }

    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// The address of the loopback server; `None` if the response has to be pasted.
    pub fn address(&self) -> Option<SocketAddr> {
        self.server.as_ref().map(LoopbackServer::address)
    }

    /// Waits for the authorization code. Only the response to this login, the time-out or a signal ends the wait.
    pub fn wait_for_code(&mut self, timeout: Duration) -> Result<Secret> {
        let term = self.google.term;
        let mut pasted = PastedLines::read(term.input);
        let mut text = PastedText::default();
        let checks = &self.request.checks;
        let server = &mut self.server;
        let is_listening = server.is_some();
        let response = async {
            loop {
                let response = tokio::select! {
                    Some(response) = next_response(server) => Some(Ok(response)),
                    Some(pasted) = pasted.next() => match pasted {
                        Pasted::Lines(lines) => text.add(&lines, checks),
                        Pasted::End if !is_listening => return Err(input_ended()),
                        Pasted::End => {
                            term.warn("the input ended; this login goes on and waits for the browser");
                            term.hint("Ctrl-C stops it");
                            None
                        }
                    },
                    else => return Err(input_ended()),
                };
                match response {
                    None => {}
                    Some(Ok(AuthorizationResponse::Code(code))) => return Ok(code),
                    Some(Ok(AuthorizationResponse::Error { code, description })) => {
                        return Err(authorization_error(code, description));
                    }
                    Some(Err(rejection)) => {
                        term.warn(&format!("what was pasted does not complete this login: {}", rejection.reason()));
                        term.hint(rejection.next_step(checks));
                    }
                }
            }
        };
        self.google.runtime.block_on(async {
            // In this order, no flood of requests or lines can keep a signal or the time-out from ending the wait.
            tokio::select! {
                biased;
                interrupted = signals::interrupted() => Err(interrupted),
                () = time_limit::elapsed(timeout) => Err(timed_out(timeout)),
                code = response => code,
            }
        })
    }

    /// Exchanges the code. After a signal, a response on its way is awaited for a moment.
    pub fn exchange(&self, code: &Secret) -> std::result::Result<Grant, NoGrant> {
        let google = self.google;
        let client = token::client(&google.endpoints, &self.client.id, &self.client.secret);
        // The verifier's type cannot be cloned; its text can, for the one request that needs it.
        let verifier = oauth2::PkceCodeVerifier::new(self.request.verifier.secret().clone());
        let exchange = token::exchange(&google.http, client, &self.redirect_uri, code, verifier);
        google.runtime.block_on(signals::with_grace(exchange, |interrupted| Err(interrupted.into())))
    }

    /// Shows the result in the browser and closes the port.
    pub fn finish(self, page: ResultPage) {
        if let Some(server) = self.server {
            self.google.runtime.block_on(server.finish(page));
        }
    }
}

/// Binds the loopback address: that of IPv4, or on a machine that does not have it, that of IPv6 (RFC 8252 section 7.3 allows
/// both).
fn bind_loopback(google: &Google, port: u16) -> Result<BoundSockets> {
    let [v4, v6] = [Host::Ipv4(Ipv4Addr::LOCALHOST), Host::Ipv6(Ipv6Addr::LOCALHOST)];
    let bound = google.runtime.block_on(async {
        match loopback::bind(&v4, port).await {
            Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => loopback::bind(&v6, port).await,
            bound => bound,
        }
    });
    bound.map_err(|error| cannot_listen(&error, port))
}

/// Binds the sockets for a redirect URI on the loopback interface; `None` for another one.
fn bind_for(google: &Google, redirect_uri: &str) -> Result<Option<BoundSockets>> {
    let url = parse_url(redirect_uri).filter(is_loopback);
    let Some((url, host)) = url.as_ref().and_then(|url| Some((url, url.host()?))) else { return Ok(None) };
    let port = url.port_or_known_default().unwrap_or(80);
    let has_another = || google.runtime.block_on(loopback::bind(&Host::Domain("localhost"), 0)).is_ok();
    match google.runtime.block_on(loopback::bind(&host, port)) {
        Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable && has_another() => Err(lacks_family(url)),
        bound => bound.map(Some).map_err(|error| cannot_listen(&error, port)),
    }
}

/// The error for a redirect URI with an address of a family that this machine does not have.
fn lacks_family(url: &Url) -> Error {
    let mut other = url.clone();
    // It has a host, and `localhost` is one.
    let _ = other.set_host(Some("localhost"));
    let host = url.host_str().unwrap_or_default();
    Error::usage(format!("cannot listen at the redirect URI: this machine does not have the address {host}")).hint(
        format!("use `--redirect-uri {other}` (for a web client: register it first), which any machine can listen at"),
    )
}

fn cannot_listen(error: &io::Error, port: u16) -> Error {
    match error.kind() {
        io::ErrorKind::AddrInUse => Error::usage(format!(
            "port {port} of the loopback interface is in use by another program"
        ))
        .hint("stop that program, or choose another port with `--port N` (for a web client: register another redirect URI)"),
        io::ErrorKind::AddrNotAvailable => {
            Error::io("cannot listen on the loopback interface: this machine has no loopback address")
                .hint("bring the interface up (on Linux: `ip link set lo up`), or log in on another machine")
        }
        // Windows reserves ranges of ports, for virtual machines most of all.
        io::ErrorKind::PermissionDenied if cfg!(windows) => Error::usage(format!(
            "Windows has reserved port {port} of the loopback interface"
        ))
        .hint("choose another port; `netsh interface ipv4 show excludedportrange protocol=tcp` lists the reserved ones"),
        io::ErrorKind::PermissionDenied => {
            Error::usage(format!("port {port} can only be opened by an administrator"))
                .hint("use `--port N` with 1024 or more, or leave it out (for a web client: register another redirect URI)")
        }
        kind => Error::io(format!("cannot listen on port {port} of the loopback interface: {kind}"))
            .hint("try another port: `--port N`"),
    }
}

async fn next_response(server: &mut Option<LoopbackServer>) -> Option<AuthorizationResponse> {
    match server {
        Some(server) => Some(server.next_response().await),
        None => None,
    }
}

/// The error when no response can come any more: there is no server, and nothing more can be pasted.
fn input_ended() -> Error {
    Error::new(Kind::ConsentTimedOut, "the input ended before the URL was pasted")
        .hint("run `gads-creds login` again and paste the URL that the browser ends on")
}

/// The error for an authorization response with an error, whose texts have been cleaned.
pub fn authorization_error(code: String, description: Option<String>) -> Error {
    let response = ErrorResponse { code: Some(code), description, ..ErrorResponse::default() };
    error_response::explain(Operation::Consent, &response, None)
}

fn timed_out(timeout: Duration) -> Error {
    let limit = layout::limit(timeout.as_secs());
    Error::new(Kind::ConsentTimedOut, format!("no response came from the browser within {limit}"))
        .hint("run `gads-creds login` again; `--timeout SECONDS` sets a longer time")
}
