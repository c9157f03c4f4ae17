//! The server: a thread for each connection, one request on each.

use std::io::{self, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::http::{Reply, Request};
use super::world::World;
use super::{ads, authorize, revoke, token};

/// How long the stand-in waits for a client, and so the longest that any test waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Shared {
    world: Mutex<World>,
    pub stopped: AtomicBool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// The consent screen, and the target of its form.
    Authorize,
    Token,
    Revoke,
    Ads,
}

impl Shared {
    pub fn new(world: World) -> Shared {
        Shared { world: Mutex::new(world), stopped: AtomicBool::new(false) }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        // A panic under the lock fails its own test; later uses of the lock need not fail.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Endpoint {
    pub fn of(path: &str) -> Option<Endpoint> {
        match path {
            authorize::PATH | authorize::CONSENT_PATH => Some(Endpoint::Authorize),
            "/token" => Some(Endpoint::Token),
            "/revoke" => Some(Endpoint::Revoke),
            _ => ads::version(path).map(|_| Endpoint::Ads),
        }
    }
}

/// Serves until [`Shared::stopped`] is set and one more connection arrives.
pub fn serve(listener: TcpListener, shared: Arc<Shared>) {
    thread::spawn(move || {
        for stream in listener.incoming() {
            if shared.stopped.load(Ordering::SeqCst) {
                return;
            }
            let (Ok(stream), shared) = (stream, Arc::clone(&shared)) else { continue };
            // Connection errors are ignored: half of the tests disconnect in the middle.
            thread::spawn(move || connection(&stream, &shared));
        }
    });
}

fn connection(mut stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request = Request::read(stream)?;
    let Some(endpoint) = Endpoint::of(&request.path) else {
        shared.world().requests.push(request);
        return stream.write_all(&Reply::not_found().bytes());
    };
    let fault = {
        let mut world = shared.world();
        world.requests.push(request.clone());
        world.faults.take(endpoint)
    };
    let honest = || {
        let mut world = shared.world();
        let date = world.now();
        respond(endpoint, &mut world, &request).dated(date)
    };
    match fault {
        None => stream.write_all(&honest().bytes())?,
        Some(fault) => fault.perform(stream, honest)?,
    }
    stream.shutdown(Shutdown::Write)
}

fn respond(endpoint: Endpoint, world: &mut World, request: &Request) -> Reply {
    match (endpoint, request.method.as_str(), request.path.as_str()) {
        (Endpoint::Authorize, "GET", authorize::PATH) => authorize::ask(world, request),
        (Endpoint::Authorize, "POST", authorize::CONSENT_PATH) => authorize::decide(world, request),
        (Endpoint::Token, "POST", _) => token::respond(world, request),
        (Endpoint::Revoke, "POST", _) => revoke::respond(world, request),
        (Endpoint::Ads, _, _) => ads::respond(world, request),
        _ => Reply::not_found(),
    }
}
