//! Name resolution through the C library, which blocks.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::google::blocking;

/// The resolver of the system.
#[derive(Clone, Debug, Default)]
pub struct SystemResolver {
    is_looking_up: Arc<AtomicBool>,
}

impl SystemResolver {
    /// Whether the last lookup has not ended; a connection may have been given up meanwhile.
    pub fn is_looking_up(&self) -> bool {
        self.is_looking_up.load(Ordering::Relaxed)
    }
}

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let is_looking_up = Arc::clone(&self.is_looking_up);
        Box::pin(async move {
            let host = name.as_str().to_owned();
            is_looking_up.store(true, Ordering::Relaxed);
            let addresses = blocking::run("dns", move || look_up(&host)).await;
            is_looking_up.store(false, Ordering::Relaxed);
            Ok(Box::new(addresses?.into_iter()) as Addrs)
        })
    }
}

fn look_up(host: &str) -> io::Result<Vec<SocketAddr>> {
    // reqwest replaces the port by the one of the URL.
    Ok((host, 0).to_socket_addrs()?.collect())
}
