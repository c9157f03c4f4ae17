//! The loopback server that the browser is redirected to (RFC 8252 section 7.3).
//!
//! It listens during a login only, on the loopback interface only, and only the response to this login ends the wait. Whatever
//! else arrives (a page that guesses the port, a port scan, a favicon request, a silent connection, another user of the
//! machine) gets an error page or is closed. The response is redirected to a second path without a code in it; that page is
//! held back until the result of the login is known.

mod connections;
mod requests;
mod start_link;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{OnceCell, mpsc, watch};
use tokio::task::{JoinSet, yield_now};
use tokio::time::{sleep, timeout};
use url::{Host, Url};

use crate::google::authorization_response::{AuthorizationResponse, ResponseChecks};
use crate::google::blocking;
use crate::google::result_page::ResultPage;
use crate::peer;
use crate::term::Term;

use connections::ConnectionPool;
use start_link::StartLink;

/// How long the browser may take to fetch the result page once the result is known.
const RESULT_DEADLINE: Duration = Duration::from_secs(1);
/// How long the result page stays if no browser is known to show it: a program in front of the browser may have fetched it, or
/// only the address that leads to it.
const RESULT_STAYS: Duration = Duration::from_secs(2);

/// Sockets that are bound and not yet served.
#[derive(Debug)]
pub struct BoundSockets {
    sockets: Vec<TcpListener>,
    /// The first address that is listened at.
    pub address: SocketAddr,
}

/// Binds the addresses that a browser may connect to for this host; with port 0 the system chooses one. `localhost` is whichever
/// of both this machine has. A machine that has none, or whose loopback interface is down, gives `AddrNotAvailable`.
///
/// The port stays bound until the login ends, so that no other process can take it meanwhile. (On Windows a program of the same
/// user can share it with SO_REUSEADDR, which safe code cannot prevent. A code that it gets that way is useless without the
/// PKCE verifier.)
pub async fn bind(host: &Host<&str>, port: u16) -> io::Result<BoundSockets> {
    let (v4, v6) = (IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST));
    let wanted = match host {
        Host::Ipv4(_) => vec![v4],
        Host::Ipv6(_) => vec![v6],
        Host::Domain(_) => vec![v4, v6],
    };
    let mut sockets = Vec::new();
    for ip in wanted {
        match listen(SocketAddr::new(ip, port)).await {
            Ok(socket) => sockets.push(socket),
            // If another program has one of the two, the browser may end up there.
            Err(error) if error.kind() != io::ErrorKind::AddrNotAvailable => return Err(error),
            Err(_) => {}
        }
    }
    let first = sockets.first().ok_or(io::ErrorKind::AddrNotAvailable)?;
    Ok(BoundSockets { address: first.local_addr()?, sockets })
}

/// Listens at the address, if this machine has it and a route to it. While the loopback interface is down, Linux binds its address all
/// the same.
async fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied => error,
        // The system may not know the family at all, for which there is no kind.
        _ if address.is_ipv6() => io::ErrorKind::AddrNotAvailable.into(),
        _ => error,
    })?;
    // Of a UDP socket the system only looks for the route: nothing is sent, and no connection waits to be accepted.
    let probe = UdpSocket::bind((address.ip(), 0)).and_then(|probe| probe.connect(socket.local_addr()?));
    match probe {
        Err(error) if is_unreachable(error.kind()) => Err(io::ErrorKind::AddrNotAvailable.into()),
        _ => Ok(socket),
    }
}

fn is_unreachable(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{AddrNotAvailable, HostUnreachable, NetworkDown, NetworkUnreachable};
    matches!(kind, AddrNotAvailable | HostUnreachable | NetworkDown | NetworkUnreachable)
}

/// A running server.
#[derive(Debug)]
pub struct LoopbackServer {
    responses: mpsc::UnboundedReceiver<AuthorizationResponse>,
    result: watch::Sender<Option<ResultPage>>,
    /// Deliveries of the result page, and whether a browser shows it.
    delivered: mpsc::UnboundedReceiver<bool>,
    shared: Arc<Shared>,
    address: SocketAddr,
    tasks: JoinSet<()>,
    /// A browser waits for the result page.
    has_response: bool,
}

/// What every connection needs.
#[derive(Debug)]
struct Shared {
    checks: ResponseChecks,
    hosts: Vec<String>,
    start_link: StartLink,
    result_path: String,
    response: mpsc::UnboundedSender<AuthorizationResponse>,
    /// How many requests brought the response.
    responses: AtomicUsize,
    result: watch::Receiver<Option<ResultPage>>,
    delivered: mpsc::UnboundedSender<bool>,
    warned_of_tls: AtomicBool,
    warned_of_size: AtomicBool,
    warned_of_other_user: AtomicBool,
    had_other_users: OnceCell<bool>,
    connections: ConnectionPool,
    term: Term,
}

impl LoopbackServer {
    /// Starts serving on the current runtime. The start link redirects to `authorization_url`.
    pub fn start(sockets: BoundSockets, checks: ResponseChecks, authorization_url: Url, term: Term) -> LoopbackServer {
        let (response, responses) = mpsc::unbounded_channel();
        let (delivered_in, delivered) = mpsc::unbounded_channel();
        let (result, result_out) = watch::channel(None);
        let shared = Arc::new(Shared {
            hosts: hosts(&checks.redirect_uri),
            start_link: StartLink::new(authorization_url),
            // Random, so that only the browser that brought the response gets the result page.
            result_path: format!("/done/{}", oauth2::CsrfToken::new_random().secret()),
            checks,
            response,
            responses: AtomicUsize::new(0),
            result: result_out,
            delivered: delivered_in,
            warned_of_tls: AtomicBool::new(false),
            warned_of_size: AtomicBool::new(false),
            warned_of_other_user: AtomicBool::new(false),
            had_other_users: OnceCell::new(),
            connections: ConnectionPool::new(),
            term,
        });
        let address = sockets.address;
        let mut tasks: JoinSet<()> =
            sockets.sockets.into_iter().map(|socket| accept(socket, Arc::clone(&shared))).collect();
        let first_look = Arc::clone(&shared);
        tasks.spawn(async move {
            let _ = first_look.had_other_users().await;
        });
        LoopbackServer { responses, result, delivered, shared, address, tasks, has_response: false }
    }

    /// The URL of the [start link](start_link).
    pub fn start_url(&self) -> Url {
        let mut url = self.shared.checks.redirect_uri.clone();
        url.set_path(self.shared.start_link.path());
        url.set_query(None);
        url
    }

    /// The first address that is listened at.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits for the next response to this login.
    pub async fn next_response(&mut self) -> AuthorizationResponse {
        // The sender is part of `shared`, so the channel stays open as long as the server exists.
        let Some(response) = self.responses.recv().await else { return std::future::pending().await };
        self.has_response = true;
        self.shared.connections.lower_limit();
        response
    }

    /// Shows the result in the browser, for which it has a moment, and closes everything.
    pub async fn finish(mut self, page: ResultPage) {
        self.result.send_replace(Some(page));
        if self.has_response {
            let mut delivered = 0;
            let mut is_shown = false;
            // All that brought the response: of several requests of a browser, any may be the one that the user sees.
            let all_delivered = async {
                while delivered < self.shared.responses.load(Ordering::Relaxed) {
                    let Some(shown) = self.delivered.recv().await else { break };
                    delivered += 1;
                    is_shown |= shown;
                }
            };
            let _ = timeout(RESULT_DEADLINE, all_delivered).await;
            if !is_shown {
                let shown = async { while self.delivered.recv().await == Some(false) {} };
                let _ = timeout(RESULT_STAYS, shown).await;
            }
        }
        // Now, and not when the runtime next runs: a prompt that nobody reads for hours may follow.
        self.tasks.shutdown().await;
        self.shared.connections.close_all().await;
    }
}

impl Shared {
    /// Whether other users had processes when the server started.
    async fn had_other_users(&self) -> bool {
        *self.had_other_users.get_or_init(|| blocking::run("peer", peer::other_users_have_processes)).await
    }
}

/// Accepts connections and never waits for one of them.
async fn accept(socket: TcpListener, shared: Arc<Shared>) {
    loop {
        match socket.accept().await {
            Ok((stream, _)) => {
                shared.connections.add(|progress| requests::serve(stream, Arc::clone(&shared), progress));
            }
            Err(_) => {
                // No descriptor left, or the connection was reset before it was accepted.
                shared.connections.evict_one();
                sleep(Duration::from_millis(5)).await;
            }
        }
        // Accepted connections are served before the next one is accepted, however many are waiting.
        yield_now().await;
    }
}

/// The values of `Host` that a browser may send for the redirect URI.
fn hosts(redirect_uri: &Url) -> Vec<String> {
    let port = redirect_uri.port_or_known_default().unwrap_or(80);
    let names = ["127.0.0.1", "[::1]", "localhost"];
    let mut hosts: Vec<String> = names.map(|name| format!("{name}:{port}")).into();
    if port == 80 {
        hosts.extend(names.map(str::to_owned));
    }
    hosts
}
