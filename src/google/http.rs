//! The HTTP client for every request to Google.
//!
//! Redirects are never followed: one would carry the client secret and the token to an address that nobody checked. Each
//! request has one deadline, retries included, and a response is read up to a limit. Errors of the transport are described in
//! [`transport_error`](crate::google::transport_error).

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use reqwest::{Request, header};
use tokio::sync::OnceCell;

use crate::certificates;
use crate::clock;
use crate::error::{Detail, Error, Kind, Result, Transport, system_reason};
use crate::google::dns::SystemResolver;
use crate::google::endpoints::Endpoints;
use crate::google::io_thread::IoThread;
use crate::google::proxy::Proxy;
use crate::google::response::{LastDate, Response, attempt, is_busy};
use crate::google::runtime::no_descriptors;
use crate::google::time_limit;
use crate::google::transport_error::{TransportError, unreachable};
use crate::term::Term;

/// How long a request may take, from the connection to the last byte of the response, retries included.
pub const DEADLINE: Duration = Duration::from_secs(10);
/// The longest `Retry-After` that is waited for.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(5);
/// How long a connection may take: its name, its proxy, its TLS. Two attempts fit into the deadline.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(4500);
/// How much of the deadline must be left for another attempt.
const MIN_ATTEMPT: Duration = Duration::from_secs(1);
const RETRIES: u32 = 2;

/// When a request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Whenever the server is busy or the connection fails: the request is idempotent.
    Always,
    /// Only if no connection was made, so that nothing was sent: it carries a code that works once.
    IfNotSent,
}

/// A request without a complete response.
#[derive(Debug)]
pub struct NoResponse {
    pub error: Error,
    /// The server may have received the request and acted on it.
    pub may_have_arrived: bool,
}

/// A connection pool with the rules above.
#[derive(Clone, Debug)]
pub struct Http {
    client: reqwest::Client,
    term: Term,
    io_thread: IoThread,
    resolver: SystemResolver,
    proxy: Option<Arc<ProxyTrial>>,
    last_date: LastDate,
}

/// Whether the proxy took the user name and the password of the first request, or why it did not. All clients of a command share
/// it: each further wrong password counts towards locking the account.
type ProxyTrial = OnceCell<Option<Error>>;

impl Http {
    /// Returns a client for these endpoints. The system's certificates are loaded only for `https`. A proxy is used for Google
    /// only, never for a loopback address.
    pub fn new(endpoints: &Endpoints, term: Term) -> Result<Http> {
        let resolver = SystemResolver::default();
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .dns_resolver(resolver.clone())
            .user_agent(concat!("gads-creds/", env!("CARGO_PKG_VERSION")));
        let named = Proxy::from_environment().filter(|_| endpoints.origin().is_none());
        let builder = match &named {
            _ if endpoints.origin().is_some() => builder.no_proxy(),
            Some(proxy) => builder.proxy(proxy.for_client()?),
            // macOS and Windows have settings for a proxy as well.
            None => builder,
        };
        // reqwest needs an installed provider; an error means that there is one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = if endpoints.token.scheme() == "http" {
            let no_roots = rustls::RootCertStore::empty();
            let unused = rustls::ClientConfig::builder().with_root_certificates(no_roots).with_no_client_auth();
            builder.tls_backend_preconfigured(unused)
        } else {
            builder
        };
        if endpoints.token.scheme() == "https" {
            check_clock()?;
            certificates::check()?;
        }
        let client = builder.build().map_err(|_| certificates::none_found())?;
        let io_thread = IoThread::start().map_err(|error| {
            let failed = Error::internal(format!("cannot start a thread: {}", system_reason(&error)));
            failed.hint(match error.kind() {
                io::ErrorKind::WouldBlock => "raise the limit on processes (`ulimit -u`) or on memory (`ulimit -v`)",
                _ => no_descriptors(&error),
            })
        })?;
        let proxy = named.filter(Proxy::has_user).map(|_| Arc::default());
        Ok(Http { client, term, io_thread, resolver, proxy, last_date: Arc::default() })
    }

    /// Returns a client with connections and an I/O thread of its own; where the system has no more to give, the same one.
    pub fn apart(&self, endpoints: &Endpoints) -> Http {
        match Http::new(endpoints, self.term) {
            Ok(http) => Http { proxy: self.proxy.clone(), ..http },
            Err(_) => self.clone(),
        }
    }

    /// How far this machine's clock is ahead of the server's, by the `Date` of the last response; `None` without one.
    pub fn clock_error(&self) -> Option<TimeDelta> {
        self.last_date.lock().ok()?.as_ref()?.clock_error()
    }

    pub fn get(&self, url: &url::Url) -> reqwest::RequestBuilder {
        self.client.get(url.clone())
    }

    /// A POST of a JSON body.
    pub fn post_json(&self, url: &url::Url, body: &serde_json::Value) -> reqwest::RequestBuilder {
        self.client.post(url.clone()).header(header::CONTENT_TYPE, "application/json").body(body.to_string())
    }

    /// A POST of a form (RFC 6749 appendix B).
    pub fn post_form(&self, url: &url::Url, fields: &[(&str, &str)]) -> reqwest::RequestBuilder {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.client
            .post(url.clone())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .body(body)
    }

    /// Sends the request and reads the response, within [`DEADLINE`].
    pub async fn send(&self, request: reqwest::RequestBuilder, retry: Retry) -> Result<Response> {
        self.try_send(request, retry).await.map_err(|lost| lost.error)
    }

    /// Does the same. The error says whether the request may have arrived.
    pub async fn try_send(
        &self,
        request: reqwest::RequestBuilder,
        retry: Retry,
    ) -> std::result::Result<Response, NoResponse> {
        let request = request.build().map_err(|_| NoResponse { error: invalid_request(), may_have_arrived: false })?;
        self.execute(request, retry).await
    }

    /// Does the same for a request that is already built.
    pub async fn execute(&self, request: Request, retry: Retry) -> std::result::Result<Response, NoResponse> {
        let Some(proxy) = &self.proxy else { return self.within_deadline(request, retry).await };
        let mut first = None;
        let refused = proxy.get_or_init(async || {
            let result = self.within_deadline(request.try_clone()?, retry).await;
            let refused = result.as_ref().err().map(|lost| lost.error.clone());
            first = Some(result);
            refused.filter(|error| error.detail() == Some(Detail::Transport(Transport::Proxy)))
        });
        match (refused.await.clone(), first) {
            (_, Some(result)) => result,
            (Some(error), None) => Err(NoResponse { error, may_have_arrived: false }),
            (None, None) => self.within_deadline(request, retry).await,
        }
    }

    async fn within_deadline(&self, request: Request, retry: Retry) -> std::result::Result<Response, NoResponse> {
        let host = request.url().host_str().unwrap_or_default().to_owned();
        tokio::select! {
            biased;
            result = self.with_retries(request, retry, &host) => result,
            // There was a connection: to make one takes less time, and no attempt at it begins too late to fail by itself.
            () = time_limit::elapsed(DEADLINE) => Err(NoResponse { error: silent(&host), may_have_arrived: true }),
        }
    }

    async fn with_retries(
        &self,
        request: Request,
        retry: Retry,
        host: &str,
    ) -> std::result::Result<Response, NoResponse> {
        let mut pause = Duration::from_millis(250);
        let mut may_have_arrived = false;
        let deadline = Instant::now() + DEADLINE;
        let is_too_late = |wait, needed| Instant::now() + wait + needed > deadline;
        for retries_left in (0..=RETRIES).rev() {
            let copy = request
                .try_clone()
                .ok_or_else(|| NoResponse { error: Error::internal("cannot repeat a request"), may_have_arrived })?;
            self.term.trace(&format!("> {} {}", copy.method(), copy.url()));
            let attempt = attempt(self.client.clone(), copy, Arc::clone(&self.last_date));
            let result = self.io_thread.run(attempt).await.unwrap_or(Err(TransportError::Panicked));
            match result.map_err(|error| error.or_lookup(self.resolver.is_looking_up())) {
                Ok(mut response) => {
                    response.follows_lost_one = may_have_arrived;
                    self.term.trace(&format!("< {}, {} bytes", response.status, response.body.len()));
                    let busy = is_busy(response.status);
                    let wait = response.retry_after.unwrap_or(pause);
                    // A late response with the server's status is better than a time-out without one.
                    let too_long = wait > MAX_RETRY_AFTER || is_too_late(wait, MIN_ATTEMPT);
                    if !busy || retry == Retry::IfNotSent || retries_left == 0 || too_long {
                        return Ok(response);
                    }
                    self.term.step(&format!("{host} responded with HTTP {}; trying again", response.status.as_u16()));
                    tokio::time::sleep(wait).await;
                }
                Err(error) => {
                    let is_connect = error.is_connect();
                    may_have_arrived |= !is_connect;
                    let is_last = retries_left == 0 || !is_connect && retry == Retry::IfNotSent;
                    let needed = if is_connect { CONNECT_TIMEOUT } else { MIN_ATTEMPT };
                    if is_last || error.is_permanent() || is_too_late(pause, needed) {
                        return Err(NoResponse { error: error.into_error(host), may_have_arrived });
                    }
                    tokio::time::sleep(pause).await;
                }
            }
            pause *= 2;
        }
        let error = unreachable(Transport::Connection, format!("cannot reach {host}"));
        Err(NoResponse { error, may_have_arrived })
    }
}

/// The error for a host that has the request, as far as is known, and sends no response.
fn silent(host: &str) -> Error {
    let through = Proxy::to(host).map(|proxy| format!(" and the proxy in `{}`", proxy.variable)).unwrap_or_default();
    unreachable(Transport::Timeout, format!("{host} did not respond within {} seconds", DEADLINE.as_secs()))
        .hint(format!("check the network{through}, or try again later"))
}

/// The error for stored values of which no HTTP request can be made.
pub fn invalid_request() -> Error {
    Error::internal("cannot build a request from the stored values")
        .hint("compare the output of `gads-creds show` with the console, or run `gads-creds login` again")
}

/// Fails for a clock that the libraries of TLS and of the loopback server do not accept: they panic before 1970.
pub fn check_clock() -> Result<()> {
    let now = clock::now();
    if now.timestamp() >= 0 {
        return Ok(());
    }
    let message = format!("this machine's clock shows {}, when no certificate was valid", now.format("%F %H:%M UTC"));
    Err(Error::new(Kind::Unreachable, message).hint("set the clock"))
}
