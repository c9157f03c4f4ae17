//! Name resolution through the C library, which blocks.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::google::blocking;

/// The resolver of the system.
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let addresses = blocking::run("dns", move || look_up(&host)).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

fn look_up(host: &str) -> io::Result<Vec<SocketAddr>> {
    // reqwest replaces the port by the one of the URL.
    Ok((host, 0).to_socket_addrs()?.collect())
}
