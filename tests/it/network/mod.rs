//! The way to Google: name servers, proxies, TLS, servers that never come to an end.

mod dns;
pub mod endless_servers;
mod flooding_server;
mod proxy;
mod tls;
