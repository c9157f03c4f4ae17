//! The listener that the browser comes back to (RFC 8252 section 7.3).
//!
//! It is open only while a login waits, only on the loopback address, and only the true answer ends the wait: whatever else
//! arrives (a page that guesses the port, a port scan, a favicon request, a socket that says nothing) is answered or dropped.
//! The true answer is sent on to a second address that holds no code; that page is held back until it is known what happened.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinSet, yield_now};
use tokio::time::{sleep, timeout};
use url::{Host, Url};

use crate::google::authorization_response::{self, Answer, Expected};
use crate::google::connections::{ConnectionPool, Progress, Stage};
use crate::google::result_page::{self, Page};
use crate::term::{self, Term};

/// How long a connection may take to say a first byte, and then to say what it wants.
const HEAD: Duration = Duration::from_secs(5);
/// The most bytes of a request's head; the smallest that hyper takes is 8 KiB.
const MOST: usize = 16 << 10;
/// How long the browser may take to fetch the result once it is known.
const FAREWELL: Duration = Duration::from_secs(1);

/// Open sockets, not yet served.
#[derive(Debug)]
pub struct Sockets {
    sockets: Vec<TcpListener>,
    pub port: u16,
}

/// Binds the addresses that a browser may try for this host. Port 0 lets the system choose. The port stays bound until the
/// login is over: there is no moment in which another process could take it. (Windows lets a program of the same user share
/// it by SO_REUSEADDR, of which no safe code keeps it; what it could then read is of no use without the PKCE verifier.)
pub async fn bind(host: &Host<&str>, port: u16) -> io::Result<Sockets> {
    let v4 = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let v6 = SocketAddr::from((Ipv6Addr::LOCALHOST, port));
    let sockets = match host {
        Host::Ipv6(_) => vec![TcpListener::bind(v6).await?],
        Host::Ipv4(_) => vec![TcpListener::bind(v4).await?],
        // `localhost` is either; a machine without IPv6 has only one. That the other is taken by somebody else is a failure.
        Host::Domain(_) => {
            let first = TcpListener::bind(v4).await?;
            match TcpListener::bind(v6).await {
                Ok(second) => vec![first, second],
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
                Err(_) => vec![first],
            }
        }
    };
    let port = sockets.first().map_or(Ok(port), |socket| socket.local_addr().map(|address| address.port()))?;
    Ok(Sockets { sockets, port })
}

/// A listener at work.
#[derive(Debug)]
pub struct Listener {
    answers: mpsc::UnboundedReceiver<Answer>,
    result: watch::Sender<Option<Page>>,
    told: mpsc::UnboundedReceiver<()>,
    desk: Arc<Desk>,
    accepting: JoinSet<()>,
    /// An answer came, so a browser waits for the result.
    answered: bool,
}

/// What every connection needs to know.
#[derive(Debug)]
struct Desk {
    expected: Expected,
    hosts: Vec<String>,
    result_path: String,
    answers: mpsc::UnboundedSender<Answer>,
    result: watch::Receiver<Option<Page>>,
    told: mpsc::UnboundedSender<()>,
    used_tls: AtomicBool,
    /// How many requests brought the answer.
    brought: AtomicUsize,
    crowd: ConnectionPool,
    term: Term,
}

impl Listener {
    /// Serves the sockets on the current runtime.
    pub fn start(sockets: Sockets, expected: Expected, term: Term) -> Listener {
        let (answers_in, answers) = mpsc::unbounded_channel();
        let (told_in, told) = mpsc::unbounded_channel();
        let (result, result_out) = watch::channel(None);
        let desk = Arc::new(Desk {
            hosts: hosts(&expected.redirect),
            // Unguessable, so that only the browser that brought the answer fetches the result.
            result_path: format!("/done/{}", oauth2::CsrfToken::new_random().secret()),
            expected,
            answers: answers_in,
            result: result_out,
            told: told_in,
            used_tls: AtomicBool::new(false),
            brought: AtomicUsize::new(0),
            crowd: ConnectionPool::new(),
            term,
        });
        let accepting = sockets.sockets.into_iter().map(|socket| accept(socket, Arc::clone(&desk))).collect();
        Listener { answers, result, told, desk, accepting, answered: false }
    }

    /// The next answer that fits the question: a code or a refusal.
    pub async fn answer(&mut self) -> Answer {
        // Accepting never ends, and a panic in it ends the process: as long as there is a listener, an answer can come.
        let Some(answer) = self.answers.recv().await else { return std::future::pending().await };
        self.answered = true;
        self.desk.crowd.shrink();
        answer
    }

    /// Tells the browser what happened and gives it a moment to fetch the page; then everything is closed.
    pub async fn finish(mut self, page: Page) {
        self.result.send_replace(Some(page));
        if self.answered {
            // Everybody who brought the answer: of a browser that asks several times, any one may be the one that is looked at.
            let _ = timeout(FAREWELL, async {
                let mut told = 0;
                while told < self.desk.brought.load(Ordering::Relaxed) && self.told.recv().await.is_some() {
                    told += 1;
                }
            })
            .await;
        }
        // To the end, and not when the runtime next has time: what follows may be a question that nobody answers for hours.
        self.accepting.shutdown().await;
        self.desk.crowd.disperse().await;
    }
}

/// Takes connections, each on a task of its own, and never waits for any of them.
async fn accept(socket: TcpListener, desk: Arc<Desk>) {
    loop {
        match socket.accept().await {
            Ok((stream, _)) => desk.crowd.admit(|progress| connection(stream, Arc::clone(&desk), progress)),
            Err(_) => {
                // No descriptors left, or a connection that broke before it was taken: neither ends the wait.
                desk.crowd.make_room();
                sleep(Duration::from_millis(5)).await;
            }
        }
        // However many stand in the queue, who was let in is heard before the next.
        yield_now().await;
    }
}

/// One connection, one request.
async fn connection(stream: TcpStream, desk: Arc<Desk>, progress: Progress) {
    if !timeout(HEAD, speaks_http(&stream, &desk)).await.unwrap_or(false) {
        return;
    }
    progress.reach(Stage::Begun);
    let service = service_fn(|request| {
        progress.reach(Stage::Asked);
        let (desk, progress) = (Arc::clone(&desk), progress.clone());
        async move { Ok::<_, std::convert::Infallible>(respond(&desk, &request, &progress).await) }
    });
    let mut serving = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .max_buf_size(MOST)
            .max_headers(64)
            .keep_alive(false)
            .half_close(true)
            .serve_connection(TokioIo::new(stream), service)
    );
    // One limit for all, from the first byte to the last; only the result page is held back for as long as the login takes.
    let finished = match timeout(HEAD, &mut serving).await {
        Err(_) if !progress.has_reached(Stage::Held) => return,
        Err(_) => serving.await,
        Ok(finished) => finished,
    };
    if finished.is_ok() && progress.has_reached(Stage::Held) {
        let _ = desk.told.send(());
    }
}

/// Whether the first byte is no TLS handshake (RFC 8446 section 5.1); browsers that insist on `https` begin with one.
async fn speaks_http(stream: &TcpStream, desk: &Desk) -> bool {
    let mut first = [0];
    match stream.peek(&mut first).await {
        Ok(1) if first[0] == 0x16 => {
            if !desk.used_tls.swap(true, Ordering::Relaxed) {
                desk.term.warn("a browser tried https on the loopback address; this login expects plain http");
                desk.term.hint("if the page does not load, change `https://` to `http://` in the address bar");
            }
            false
        }
        Ok(count) => count == 1,
        Err(_) => false,
    }
}

/// The checks in their order: who is addressed, how, where; only then what is said, and there the state before all else.
async fn respond(desk: &Desk, request: &Request<Incoming>, progress: &Progress) -> Response<Full<Bytes>> {
    let path = request.uri().path();
    if !is_addressed_to_us(desk, request) {
        return refuse(desk, request, StatusCode::MISDIRECTED_REQUEST, "it is addressed to another host");
    }
    if path == desk.result_path && request.method() == Method::GET {
        progress.reach(Stage::Held);
        let mut result = desk.result.clone();
        let known = result.wait_for(Option::is_some).await;
        return match known.as_deref() {
            Ok(Some(page)) => result_page::result(page),
            Ok(None) | Err(_) => result_page::refusal(StatusCode::GONE),
        };
    }
    if request.method() != Method::GET {
        let mut response = refuse(desk, request, StatusCode::METHOD_NOT_ALLOWED, "only GET brings an answer");
        response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("GET"));
        return response;
    }
    if path != desk.expected.redirect.path() {
        return refuse(desk, request, StatusCode::NOT_FOUND, "its path is another");
    }
    match authorization_response::from_query(request.uri().query().unwrap_or_default(), &desk.expected) {
        Answer::NotOurs(why) => refuse(desk, request, StatusCode::BAD_REQUEST, why),
        answer => {
            // Whoever brings the answer again is shown the same result; the login takes the first.
            desk.brought.fetch_add(1, Ordering::Relaxed);
            let _ = desk.answers.send(answer);
            result_page::go_to(&desk.result_path)
        }
    }
}

fn refuse(desk: &Desk, request: &Request<Incoming>, status: StatusCode, why: &str) -> Response<Full<Bytes>> {
    desk.term.step(&format!("ignored a request ({}): {why}", term::excerpt(request.method().as_str())));
    result_page::refusal(status)
}

/// Against DNS rebinding: exactly one `Host`, and it is the loopback address with our port.
fn is_addressed_to_us(desk: &Desk, request: &Request<Incoming>) -> bool {
    let ours = |text: &str| desk.hosts.iter().any(|host| host.eq_ignore_ascii_case(text));
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next().and_then(|value| value.to_str().ok());
    let one = hosts.next().is_none();
    one && host.is_some_and(ours) && request.uri().authority().is_none_or(|authority| ours(authority.as_str()))
}

/// The `Host` values a browser may send for the redirect URI: the loopback names with its port.
fn hosts(redirect: &Url) -> Vec<String> {
    let port = redirect.port_or_known_default().unwrap_or(80);
    let mut hosts: Vec<String> = ["127.0.0.1", "[::1]", "localhost"].map(|name| format!("{name}:{port}")).into();
    if port == 80 {
        hosts.extend(["127.0.0.1", "[::1]", "localhost"].map(str::to_owned));
    }
    hosts
}
