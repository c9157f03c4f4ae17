//! Serves one connection of the loopback server: reads the request, checks it, responds.
//!
//! The checks are in this order: the host that is addressed, the path, the method; then the parameters, of which the state is
//! first; last the user at the other end of the connection.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::google::authorization_response;
use crate::google::blocking;
use crate::google::loopback::Shared;
use crate::google::loopback::connections::{Progress, Stage};
use crate::google::loopback::start_link::Start;
use crate::google::result_page;
use crate::peer::{self, Peer};
use crate::term;

/// How long a connection may take for its first byte, and then for its request and our response.
const DEADLINE: Duration = Duration::from_secs(5);
/// The longest head of a request. A browser sends the cookies of every program that was ever served at this address, whatever its
/// port; all connections of the pool together take 16 MiB.
const MAX_HEAD: usize = 128 << 10;
const MAX_HEADERS: usize = 256;

/// The two ends of a connection.
#[derive(Clone, Copy)]
struct Ends {
    local: SocketAddr,
    remote: SocketAddr,
}

/// Serves one request on the connection and closes it.
pub async fn serve(stream: TcpStream, shared: Arc<Shared>, progress: Progress) {
    let (Ok(local), Ok(remote)) = (stream.local_addr(), stream.peer_addr()) else { return };
    if !timeout(DEADLINE, is_http(&stream, &shared)).await.unwrap_or(false) {
        return;
    }
    progress.reach(Stage::Receiving);
    let service = service_fn(|request| {
        progress.reach(Stage::Requested);
        let (shared, progress, ends) = (Arc::clone(&shared), progress.clone(), Ends { local, remote });
        async move { Ok::<_, Infallible>(respond(&shared, &request, ends, &progress).await) }
    });
    let mut serving = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(DEADLINE)
            .max_buf_size(MAX_HEAD)
            .max_headers(MAX_HEADERS)
            .keep_alive(false)
            .half_close(true)
            .serve_connection(TokioIo::new(stream), service)
    );
    // One deadline from the first byte to the last, except for the result page, which waits as long as the login takes.
    let finished = match timeout(DEADLINE, &mut serving).await {
        Err(_) if !progress.has_reached(Stage::AwaitingResult) => return,
        Err(_) => serving.await,
        Ok(finished) => finished,
    };
    match finished {
        Ok(()) if progress.has_reached(Stage::AwaitingResult) => {
            let _ = shared.delivered.send(progress.has_reached(Stage::PageAwaitingResult));
        }
        Err(error) if error.is_parse_too_large() => warn_of_size(&shared),
        _ => {}
    }
}

/// Says, once, that hyper has refused a request with status 431: the browser shows a page of its own for that, or none.
fn warn_of_size(shared: &Shared) {
    if !shared.warned_of_size.swap(true, Ordering::Relaxed) {
        shared.term.warn("a browser's request to this login was too large, probably because of its cookies");
        shared.term.hint(match shared.term.input {
            true => "paste the URL that the browser ended on, or open it in a private window",
            false => "open the URL that the browser ended on in a private window of that browser",
        });
    }
}

/// Whether the first byte does not begin a TLS handshake (RFC 8446 section 5.1), as in browsers that insist on `https`.
async fn is_http(stream: &TcpStream, shared: &Shared) -> bool {
    let mut first = [0];
    match stream.peek(&mut first).await {
        Ok(1) if first[0] == 0x16 => {
            if !shared.warned_of_tls.swap(true, Ordering::Relaxed) {
                shared.term.warn("a browser tried https on the loopback address; this login uses plain http");
                shared.term.hint("if the page does not load, change `https://` to `http://` in the address bar");
            }
            false
        }
        Ok(count) => count == 1,
        Err(_) => false,
    }
}

async fn respond(
    shared: &Shared,
    request: &Request<Incoming>,
    ends: Ends,
    progress: &Progress,
) -> Response<Full<Bytes>> {
    let path = request.uri().path();
    if !is_for_us(shared, request) {
        return reject(shared, request, StatusCode::MISDIRECTED_REQUEST, "it is for another host");
    }
    if is_prefetch(request) {
        return reject(shared, request, StatusCode::SERVICE_UNAVAILABLE, "a browser fetches it in advance");
    }
    if path == shared.result_path && request.method() == Method::GET {
        progress.reach(if is_page(request) { Stage::PageAwaitingResult } else { Stage::AwaitingResult });
        return result(shared).await;
    }
    if request.method() != Method::GET {
        let mut response = reject(shared, request, StatusCode::METHOD_NOT_ALLOWED, "its method is not GET");
        response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("GET"));
        return response;
    }
    if path == shared.start_link.path() {
        progress.reach(Stage::Responding);
        return start(shared, request, ends).await;
    }
    if path != shared.checks.redirect_uri.path() {
        return reject(shared, request, StatusCode::NOT_FOUND, "its path is not the one of the redirect URI");
    }
    let query = request.uri().query().unwrap_or_default();
    let response = authorization_response::from_query(query, &shared.checks);
    if response.is_ok() {
        progress.reach(Stage::Responding);
    }
    match response {
        Err(rejection) => reject(shared, request, StatusCode::BAD_REQUEST, rejection.reason()),
        Ok(_) if !is_allowed(shared, ends).await => {
            reject(shared, request, StatusCode::FORBIDDEN, "it comes from another user of this machine")
        }
        Ok(response) => {
            // The login takes the first response; a repeated request gets the same result page.
            shared.responses.fetch_add(1, Ordering::Relaxed);
            let _ = shared.response.send(response);
            result_page::redirect(&shared.result_path)
        }
    }
}

/// Waits until the result is known.
async fn result(shared: &Shared) -> Response<Full<Bytes>> {
    let mut result = shared.result.clone();
    let known = result.wait_for(Option::is_some).await;
    match known.as_deref() {
        Ok(Some(page)) => result_page::result(page),
        Ok(None) | Err(_) => result_page::rejection(StatusCode::GONE),
    }
}

/// Sends the browser to Google.
async fn start(shared: &Shared, request: &Request<Incoming>, ends: Ends) -> Response<Full<Bytes>> {
    match shared.start_link.open(identify(shared, ends).await) {
        Start::Redirect(url) => result_page::redirect(url.as_str()),
        Start::Expired => {
            shared.term.step("the start link was opened again, or late");
            result_page::start_link_expired()
        }
        Start::Forbidden => {
            reject(shared, request, StatusCode::FORBIDDEN, "it comes from another user of this machine")
        }
    }
}

/// Whether the user at the other end may send the authorization response.
async fn is_allowed(shared: &Shared, ends: Ends) -> bool {
    match identify(shared, ends).await {
        Peer::Trusted | Peer::NotShown => true,
        Peer::Other(_) => false,
        Peer::Gone => {
            shared.term.warn("a browser closed the connection before it was known which user it belongs to");
            shared.term.hint(match shared.term.input {
                true => "reload the page in the browser, or paste the URL that the browser ended on",
                false => "reload the page in the browser, or run `gads-creds login` again",
            });
            false
        }
    }
}

/// Finds out who is at the other end, and warns of another user, once.
///
/// A browser that has closed the connection already is accepted only where no other user can have sent the request: none had
/// a process when the login began, and none has one now.
async fn identify(shared: &Shared, ends: Ends) -> Peer {
    let peer = match blocking::run("peer", move || peer::identify(ends.local, ends.remote)).await {
        Peer::Gone
            if !shared.had_other_users().await && !blocking::run("peer", peer::other_users_have_processes).await =>
        {
            Peer::Trusted
        }
        peer => peer,
    };
    if let Peer::Other(uid) = peer
        && !shared.warned_of_other_user.swap(true, Ordering::Relaxed)
    {
        shared.term.warn(&format!("rejected a request to this login from another user of this machine (uid {uid})"));
        shared.term.hint(match shared.term.input {
            true => "if it is from your own browser, paste the URL that the browser ended on",
            false => "if it is from your own browser, run `gads-creds login` as the user that the browser runs as",
        });
    }
    peer
}

/// Whether a browser fetches the page before anybody wants to see it, or something in front of a browser does.
fn is_prefetch(request: &Request<Incoming>) -> bool {
    let names = ["sec-purpose", "purpose", "x-purpose", "x-moz"];
    let values = names.iter().flat_map(|name| request.headers().get_all(*name)).filter_map(|value| value.to_str().ok());
    values.map(str::to_ascii_lowercase).any(|value| value.starts_with("prefetch") || value.starts_with("preview"))
}

/// Whether a browser says that it shows the page to the user (Fetch Metadata, which all browsers send since 2023).
fn is_page(request: &Request<Incoming>) -> bool {
    request.headers().get("sec-fetch-dest").is_some_and(|value| value == "document")
}

fn reject(shared: &Shared, request: &Request<Incoming>, status: StatusCode, reason: &str) -> Response<Full<Bytes>> {
    shared.term.step(&format!("rejected a request ({}): {reason}", term::excerpt(request.method().as_str())));
    result_page::rejection(status)
}

/// Whether there is exactly one `Host`, and it is the loopback interface with our port: against DNS rebinding.
fn is_for_us(shared: &Shared, request: &Request<Incoming>) -> bool {
    let ours = |text: &str| shared.hosts.iter().any(|host| host.eq_ignore_ascii_case(text));
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next().and_then(|value| value.to_str().ok());
    let is_only_one = hosts.next().is_none();
    is_only_one && host.is_some_and(ours) && request.uri().authority().is_none_or(|authority| ours(authority.as_str()))
}
