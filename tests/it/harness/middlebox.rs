//! What is between the program and the stand-in: a TLS server, a server with one fixed response, a proxy.
//!
//! Each counts its connections. The certificates are those of `fixtures/tls`; none is trusted unless [`authority`] is
//! named.
#![cfg(target_os = "linux")]

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::google::Google;

/// How long either end of a connection waits for the other.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server on the loopback interface, and the first lines of each connection to it.
pub struct Server {
    pub address: SocketAddr,
    came: Arc<Mutex<Vec<String>>>,
}

/// What a proxy does when it is asked for a tunnel.
#[derive(Clone, Copy)]
pub enum Way {
    /// Opens it to this address, whatever was requested.
    To(SocketAddr),
    /// Sends this and disconnects.
    Says(&'static [u8]),
    /// Sends the first, then the second again and again, with a pause between.
    SaysOn(&'static [u8], &'static [u8], Duration),
    /// Sends this, and then nothing any more, whatever it receives.
    Stops(&'static [u8]),
}

impl Server {
    /// TLS with one of the certificates in `fixtures/tls`, and the stand-in behind it.
    pub fn secured(certificate: &str, google: &Google) -> Server {
        let chain = vec![CertificateDer::from_pem_file(fixture(certificate)).expect("a certificate")];
        let key = PrivateKeyDer::from_pem_file(fixture("server.key")).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        // Also with a certificate that rustls itself would refuse to show.
        let key = rustls::crypto::ring::sign::any_supported_type(&key).expect("a key");
        let certified = SingleCertAndKey::from(CertifiedKey::new(chain, key));
        let config = config.expect("TLS 1.2 and 1.3").with_no_client_auth().with_cert_resolver(Arc::new(certified));
        let config = Arc::new(config);
        let behind = google.url().trim_start_matches("http://").to_owned();
        Server::serve(move |stream, came| {
            came.lock().unwrap().push("somebody".to_owned());
            let connection = ServerConnection::new(Arc::clone(&config)).map_err(io::Error::other)?;
            let mut inside = StreamOwned::new(connection, stream);
            let request = request(&mut inside)?;
            let mut google = TcpStream::connect(&behind)?;
            google.write_all(&request)?;
            let mut response = Vec::new();
            google.read_to_end(&mut response)?;
            inside.write_all(&response)?;
            inside.conn.send_close_notify();
            inside.flush()
        })
    }

    /// Reads the beginning of the request, sends these bytes and disconnects.
    pub fn says(bytes: &'static [u8]) -> Server {
        Server::serve(move |mut stream, came| {
            let mut block = [0; 4096];
            let count = stream.read(&mut block)?;
            came.lock().unwrap().push(String::from_utf8_lossy(&block[..count]).into_owned());
            stream.write_all(bytes)
        })
    }

    /// A proxy: reads a request for a tunnel (`CONNECT`), and then does this.
    pub fn proxy(way: Way) -> Server {
        Server::serve(move |mut stream, came| {
            let head = head(&mut stream)?;
            came.lock().unwrap().push(String::from_utf8_lossy(&head).into_owned());
            match way {
                Way::To(address) => {
                    stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
                    join(stream, TcpStream::connect(address)?)
                }
                Way::Says(bytes) => stream.write_all(bytes),
                Way::SaysOn(first, again, pause) => {
                    stream.write_all(first)?;
                    loop {
                        stream.write_all(again)?;
                        thread::sleep(pause);
                    }
                }
                Way::Stops(bytes) => {
                    stream.write_all(bytes)?;
                    io::copy(&mut stream, &mut io::sink()).map(|_| ())
                }
            }
        })
    }

    /// An address where nothing listens.
    pub fn closed() -> Server {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        Server { address: address.expect("a loopback port"), came: Arc::default() }
    }

    /// Returns the connections so far, and what they sent in clear text.
    pub fn came(&self) -> Vec<String> {
        self.came.lock().unwrap().clone()
    }

    fn serve(each: impl Fn(TcpStream, &Mutex<Vec<String>>) -> io::Result<()> + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let address = listener.local_addr().expect("it is bound");
        let came = Arc::<Mutex<Vec<String>>>::default();
        let (kept, each) = (Arc::clone(&came), Arc::new(each));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, each) = (Arc::clone(&kept), Arc::clone(&each));
                // The program may disconnect at any point, which ends it.
                thread::spawn(move || {
                    stream.set_read_timeout(Some(PATIENCE))?;
                    stream.set_write_timeout(Some(PATIENCE))?;
                    each(stream, &kept)
                });
            }
        });
        Server { address, came }
    }
}

/// Returns the value of `SSL_CERT_FILE` that trusts the good certificates.
pub fn authority() -> PathBuf {
    fixture("authority.pem")
}

fn fixture(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "fixtures", "tls", name].iter().collect()
}

/// Reads a request with its body.
fn request(mut stream: impl Read) -> io::Result<Vec<u8>> {
    let mut request = head(&mut stream)?;
    let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    stream.take(length.unwrap_or(0)).read_to_end(&mut request)?;
    Ok(request)
}

/// Reads everything up to the empty line.
fn head(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && head.len() < 1 << 16 {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(head)
}

/// Copies everything from each end to the other until both have finished.
fn join(one: TcpStream, other: TcpStream) -> io::Result<()> {
    let (mut from, mut to) = (one.try_clone()?, other.try_clone()?);
    let there = thread::spawn(move || io::copy(&mut from, &mut to).and_then(|_| to.shutdown(Shutdown::Write)));
    let (mut from, mut to) = (other, one);
    io::copy(&mut from, &mut to)?;
    to.shutdown(Shutdown::Write)?;
    there.join().unwrap_or(Ok(()))
}
