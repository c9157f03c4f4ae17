//! Looking names up, which only the C library can do, and it blocks.
//!
//! A name has a thread of its own. Tokio has such threads as well, and panics where the system has none to give; here the
//! name is looked up in place then. That holds up the connections of this wire, and nobody's deadline: see [`wire`].
//!
//! [`wire`]: crate::google::wire

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::thread;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::oneshot;

/// What the system's own settings say of a name.
pub struct Names;

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let (tell, told) = oneshot::channel();
            let asked = name.as_str().to_owned();
            // Nobody may be waiting any more when the system answers.
            let asking = move || drop(tell.send(look_up(&asked)));
            let found = match thread::Builder::new().name("names".to_owned()).spawn(asking) {
                Ok(_) => told.await.map_err(io::Error::other)??,
                Err(_) => look_up(name.as_str())?,
            };
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn look_up(name: &str) -> io::Result<Vec<SocketAddr>> {
    // The port of the address that is asked for takes the place of this one.
    Ok((name, 0).to_socket_addrs()?.collect())
}
