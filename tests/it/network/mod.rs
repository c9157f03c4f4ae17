//! The network: name servers, proxies, TLS, servers whose responses never end.

mod dns;
pub mod endless_servers;
mod flooding_server;
mod proxy;
mod proxy_variables;
mod stopped;
mod tls;
