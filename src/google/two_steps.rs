//! An authorization in two steps: one run creates the request, a later run takes the response.
//!
//! No server listens in between, so the response is always pasted, and no browser is opened on this machine.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use url::Url;

use crate::credentials::Client;
use crate::error::Result;
use crate::google::authorization_request::{AuthorizationParameters, AuthorizationRequest, Redirect};
use crate::google::authorization_response::{self, AuthorizationResponse, Rejection, ResponseChecks};
use crate::google::pasted::PastedText;
use crate::google::pending::authorization_error;
use crate::google::token::{self, NoGrant};
use crate::google::token_response::Grant;
use crate::google::web_url::parse_url;
use crate::google::{Endpoints, Google, signals};
use crate::peer;
use crate::secret::Secret;
use crate::term::lines;

/// What the second step needs from the first. With it, the authorization code and the client's secret, anyone can get
/// the tokens: it is kept secret, although no part gives access on its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationRecord {
    pub redirect_uri: String,
    pub state: Secret,
    /// The PKCE verifier (RFC 7636 section 4.1).
    pub verifier: Secret,
}

/// Creates an authorization request for a later run. Returns the URL for the user to open.
pub fn start_authorization(
    parameters: &AuthorizationParameters,
    endpoints: &Endpoints,
) -> Result<(Url, AuthorizationRecord)> {
    let redirect_uri = match &parameters.redirect {
        Redirect::Loopback { port } => {
            let mut address = unused_address();
            address.set_port(port.unwrap_or(address.port()));
            format!("http://{address}/callback")
        }
        Redirect::Uri(uri) => uri.clone(),
    };
    let AuthorizationRequest { url, checks, verifier } =
        AuthorizationRequest::new(parameters, &redirect_uri, endpoints)?;
    let verifier = Secret::new(verifier.secret().as_str());
    Ok((url, AuthorizationRecord { redirect_uri, state: checks.state, verifier }))
}

/// Returns what the address begins with that the browser ends on.
pub fn address_start(redirect_uri: &str) -> String {
    parse_url(redirect_uri)
        .map_or_else(|| format!("{redirect_uri}?"), |url| authorization_response::response_start(&url))
}

/// Returns a loopback address at which nothing listens, so that the browser ends on an error page with the response in its
/// address bar: of IPv4, or on a machine that does not have that, of IPv6.
///
/// Whoever listens there later gets a code that is useless without the verifier, and can keep it from the user; so it is one
/// where only root may listen, if this system has such ports.
fn unused_address() -> SocketAddr {
    let any_port = |ip| TcpListener::bind(SocketAddr::new(ip, 0)).and_then(|socket| socket.local_addr()).ok();
    let (v4, v6) = (Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into());
    // Where nothing can listen, any port is as good, and the browser may be on another machine.
    let address = any_port(v4).or_else(|| any_port(v6)).unwrap_or(SocketAddr::new(v4, RESERVED_PORT));
    let reserved = SocketAddr::new(address.ip(), RESERVED_PORT);
    if peer::only_root_may_listen(RESERVED_PORT) && is_free(reserved) { reserved } else { address }
}

/// The highest port of which Linux reserves all below for root, unless it is configured otherwise. No browser blocks it (Fetch
/// standard, section 2.9, "bad port").
const RESERVED_PORT: u16 = 1023;

fn is_free(address: SocketAddr) -> bool {
    let connected = TcpStream::connect_timeout(&address, Duration::from_millis(500));
    connected.is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
}

/// Whether the pasted URL is the response to that request.
pub fn is_response_to(pasted: &str, record: &AuthorizationRecord, endpoints: &Endpoints) -> bool {
    let checks = ResponseChecks::new(&record.redirect_uri, record.state.clone(), endpoints);
    checks.is_ok_and(|checks| authorization_response::from_pasted(&lines::cleaned(pasted), &checks).is_ok())
}

/// An authorization requested by an earlier run.
#[derive(Debug)]
pub struct ResumedAuthorization<'g> {
    google: &'g Google,
    client: Client,
    record: AuthorizationRecord,
    checks: ResponseChecks,
}

impl<'g> ResumedAuthorization<'g> {
    pub fn new(google: &'g Google, client: Client, record: AuthorizationRecord) -> Result<ResumedAuthorization<'g>> {
        let checks = ResponseChecks::new(&record.redirect_uri, record.state.clone(), &google.endpoints)?;
        Ok(ResumedAuthorization { google, client, record, checks })
    }

    /// Reads the authorization code, or the error that Google sent in its place, from what was pasted so far and these lines; none
    /// if they say nothing.
    pub fn read(
        &self,
        text: &mut PastedText,
        lines: &[String],
    ) -> Option<std::result::Result<Result<Secret>, Rejection>> {
        Some(text.add(lines, &self.checks)?.map(|response| match response {
            AuthorizationResponse::Code(code) => Ok(code),
            AuthorizationResponse::Error { code, description } => Err(authorization_error(code, description)),
        }))
    }

    /// Returns what the user can paste in place of something that was rejected.
    pub fn next_step(&self, rejection: Rejection) -> String {
        rejection.next_step(&self.checks)
    }

    /// Exchanges the code. After a signal, a response on its way is awaited for a moment.
    pub fn exchange(&self, code: &Secret) -> std::result::Result<Grant, NoGrant> {
        let google = self.google;
        let client = token::client(&google.endpoints, &self.client.id, &self.client.secret);
        let verifier = oauth2::PkceCodeVerifier::new(self.record.verifier.expose().to_owned());
        let exchange = token::exchange(&google.http, client, &self.record.redirect_uri, code, verifier);
        google.runtime.block_on(signals::with_grace(exchange, |interrupted| Err(interrupted.into())))
    }
}
