//! The one HTTP client: what is sent to Google goes out here.
//!
//! No redirect is ever followed: a redirect would carry the client secret and the token to an address that nobody checked.
//! Each call has one deadline over everything, retries included; an answer is read up to a cap. What a failure
//! is called stands in [`trouble`](crate::google::trouble).

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::{Request, StatusCode, header};

use crate::error::{Error, Result};
use crate::google::echo::Sent;
use crate::google::endpoints::Endpoints;
use crate::google::names::Names;
use crate::google::proxy;
use crate::google::transport_error::{Failure, told, unreachable};
use crate::google::wire::Wire;
use crate::term::Term;

/// How long one call may take, from connecting to the last byte, retries and all.
pub const DEADLINE: Duration = Duration::from_secs(10);
/// The most that is read of an answer's body: 1 MiB.
const MOST: usize = 1 << 20;
/// The longest wait that a server's `Retry-After` is granted.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// What has to be left of the deadline for one more attempt.
const A_CALL: Duration = Duration::from_secs(1);
const RETRIES: u32 = 2;

/// Whether a request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It does no harm twice: repeat it when the server is busy or the connection fails.
    Harmless,
    /// It holds a code that works once: repeat it only when no connection came about, so that nothing was sent.
    OnlyUnsent,
}

/// An answer, whole and within the cap.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub body: Vec<u8>,
    /// What the request carried and no message may repeat.
    pub sent: Sent,
    retry_after: Option<Duration>,
}

impl Reply {
    /// An answer that nobody needs to wait for.
    pub fn whole(status: StatusCode, body: Vec<u8>, sent: Sent) -> Reply {
        Reply { status, body, sent, retry_after: None }
    }
}

/// No answer came, or none that could be read.
#[derive(Debug)]
pub struct NoResponse {
    pub error: Error,
    /// The request may have had its effect all the same.
    pub may_have_arrived: bool,
}

/// A connection pool and the rules for using it.
#[derive(Clone, Debug)]
pub struct Http {
    client: reqwest::Client,
    term: Term,
    wire: Wire,
    /// The `Date` of the last answer.
    date: Date,
}

impl Http {
    /// A client for these endpoints. The certificates of the system are read only if one of them is `https`, and a proxy is
    /// only used for Google: a loopback address is never somebody else's business.
    pub fn new(endpoints: &Endpoints, term: Term) -> Result<Http> {
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(Duration::from_secs(5))
            .dns_resolver(Names)
            .user_agent(concat!("gads-creds/", env!("CARGO_PKG_VERSION")));
        let builder = match endpoints.origin() {
            Some(_) => builder.no_proxy(),
            None => proxy::check().map(|()| builder)?,
        };
        // The provider must stand before reqwest asks for it; that it already stands is all the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = if endpoints.token.scheme() == "http" {
            let no_roots = rustls::RootCertStore::empty();
            let unused = rustls::ClientConfig::builder().with_root_certificates(no_roots).with_no_client_auth();
            builder.tls_backend_preconfigured(unused)
        } else {
            builder
        };
        let unusable = |found: &str| {
            Error::io(format!("cannot set up TLS: no usable CA certificates {found}"))
                .hint("install the package `ca-certificates`, or point `SSL_CERT_FILE` at a bundle of CA certificates")
        };
        if endpoints.token.scheme() == "https" && !certificates_end() {
            return Err(unusable("in `SSL_CERT_FILE`: it is no regular file"));
        }
        let client = builder.build().map_err(|_| unusable("were found on this machine"))?;
        let wire = Wire::start().map_err(|error| {
            Error::internal(format!("cannot start a thread: {}", error.kind()))
                .hint("raise the limit of processes (`ulimit -u`)")
        })?;
        Ok(Http { client, term, wire, date: Arc::default() })
    }

    /// What the clock of the server said in its last answer.
    pub fn server_time(&self) -> Option<Timestamp> {
        let date = self.date.lock().ok()?.clone()?;
        jiff::fmt::rfc2822::parse(&date).ok().map(|time| time.timestamp())
    }

    /// A GET.
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

    /// Sends what a builder made.
    pub async fn send(&self, request: reqwest::RequestBuilder, again: Again) -> Result<Reply> {
        self.ask(request, again).await.map_err(|lost| lost.error)
    }

    /// Likewise, for whom it matters whether a request without an answer has arrived.
    pub async fn ask(&self, request: reqwest::RequestBuilder, again: Again) -> std::result::Result<Reply, NoResponse> {
        let unformed = || {
            Error::internal("cannot form a request from the stored values")
                .hint("run `gads-creds doctor --offline`: it checks what is stored")
        };
        let request = request.build().map_err(|_| NoResponse { error: unformed(), may_have_arrived: false })?;
        self.within_deadline(request, again).await
    }

    /// Sends the request and reads the answer, within [`DEADLINE`].
    pub async fn execute(&self, request: Request, again: Again) -> Result<Reply> {
        self.within_deadline(request, again).await.map_err(|lost| lost.error)
    }

    async fn within_deadline(&self, request: Request, again: Again) -> std::result::Result<Reply, NoResponse> {
        let host = request.url().host_str().unwrap_or_default().to_owned();
        let late = |_| {
            let error = unreachable(format!("{host} did not answer within {} seconds", DEADLINE.as_secs()))
                .hint("try again later; `gads-creds doctor` checks the network");
            NoResponse { error, may_have_arrived: true }
        };
        tokio::time::timeout(DEADLINE, self.with_retries(request, again, &host)).await.map_err(late)?
    }

    async fn with_retries(&self, request: Request, again: Again, host: &str) -> std::result::Result<Reply, NoResponse> {
        let mut pause = Duration::from_millis(250);
        let mut may_have_arrived = false;
        let end = Instant::now() + DEADLINE;
        for left in (0..=RETRIES).rev() {
            let copy = request
                .try_clone()
                .ok_or_else(|| NoResponse { error: Error::internal("cannot repeat a request"), may_have_arrived })?;
            self.term.trace(&format!("> {} {}", copy.method(), copy.url()));
            let work = once(self.client.clone(), copy, Arc::clone(&self.date));
            match self.wire.carry(work).await.unwrap_or(Err(Failure::BrokeDown)) {
                Ok(reply) => {
                    self.term.trace(&format!("< {}, {} bytes", reply.status, reply.body.len()));
                    let busy = reply.status == StatusCode::TOO_MANY_REQUESTS || reply.status.is_server_error();
                    let wait = reply.retry_after.unwrap_or(pause);
                    // Better to tell what the server said than to run out of time over the next attempt.
                    let too_long = wait > LONGEST_PAUSE || Instant::now() + wait + A_CALL > end;
                    if !busy || again == Again::OnlyUnsent || left == 0 || too_long {
                        return Ok(reply);
                    }
                    self.term.step(&format!("{host} answered {}; trying again", reply.status.as_u16()));
                    tokio::time::sleep(wait).await;
                }
                Err(failure) => {
                    may_have_arrived |= !failure.is_connect();
                    if left == 0 || failure.lasts() || !(failure.is_connect() || again == Again::Harmless) {
                        return Err(NoResponse { error: told(&failure, host), may_have_arrived });
                    }
                    tokio::time::sleep(pause).await;
                }
            }
            pause *= 2;
        }
        Err(NoResponse { error: unreachable(format!("cannot reach {host}")), may_have_arrived })
    }
}

type Date = Arc<Mutex<Option<String>>>;

/// One request and its answer, whole.
async fn once(client: reqwest::Client, request: Request, date: Date) -> std::result::Result<Reply, Failure> {
    let sent = Sent::by(&request);
    let mut response = client.execute(request).await.map_err(Failure::Http)?;
    let header = |name: header::HeaderName| response.headers().get(name)?.to_str().ok().map(str::to_owned);
    let retry_after = header(header::RETRY_AFTER).and_then(|text| pause_in(&text));
    if let (Some(said), Ok(mut last)) = (header(header::DATE), date.lock()) {
        *last = Some(said);
    }
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Failure::Http)? {
        if body.len() + chunk.len() > MOST {
            return Err(Failure::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply { status, body, sent, retry_after })
}

/// Whether what reads the bundle comes to an end: it opens whatever the variable names, and a pipe or an endless device would
/// hold it for ever. A file that is not there is left to it, since `SSL_CERT_DIR` may do.
fn certificates_end() -> bool {
    let bundle = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    bundle.is_none_or(|path| path.is_file() || !path.exists())
}

/// A `Retry-After`: seconds, or a date (RFC 9110 section 10.2.3).
fn pause_in(text: &str) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(Duration::try_from(date.duration_since(Timestamp::now())).unwrap_or(Duration::ZERO))
}
