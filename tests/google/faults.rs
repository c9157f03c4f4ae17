//! Scripted faults: what an endpoint does instead of responding, or to its response.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::http::Reply;
use super::server::Endpoint;

#[derive(Clone)]
pub enum Fault {
    /// This response; the request has no effect.
    Reply(Reply),
    /// These bytes, then the end; the request has no effect.
    Raw(Vec<u8>),
    /// Nothing, as long as the client waits; the request has no effect.
    Silence,
    /// JSON of this many bytes that never closes its string; the request has no effect.
    Huge(usize),
    /// The real response with its JSON changed; the request takes effect, as in all that follow.
    Edit(Edit),
    /// The first half of the real response.
    Truncated,
    /// The real response, a byte at a time.
    Drip(Duration),
    /// The real response, late.
    Late(Duration),
    /// The real response in chunks of seven bytes.
    Chunked,
}

type Edit = Arc<dyn Fn(&mut Value) + Send + Sync>;

#[derive(Default)]
pub struct Faults {
    once: Vec<(Endpoint, Fault)>,
    always: Vec<(Endpoint, Fault)>,
}

impl Fault {
    /// An error of Google's token endpoint.
    pub fn oauth_error(status: u16, error: &str, description: &str) -> Fault {
        Fault::Reply(Reply::oauth_error(status, error, description))
    }

    /// A page instead of a token response, as proxies and overloaded front ends send it.
    pub fn page(status: u16, body: &str) -> Fault {
        Fault::Reply(Reply::html(status, body))
    }

    pub fn redirect(location: &str) -> Fault {
        Fault::Reply(Reply::redirect(307, location))
    }

    pub fn edit(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Fault {
        Fault::Edit(Arc::new(edit))
    }

    /// Performs the fault for the client at the other end of `stream`.
    pub fn perform(self, mut stream: &TcpStream, honest: impl FnOnce() -> Reply) -> io::Result<()> {
        match self {
            Fault::Reply(reply) => stream.write_all(&reply.bytes()),
            Fault::Raw(bytes) => stream.write_all(&bytes),
            // Returns when the client disconnects, or at the time limit of the stream.
            Fault::Silence => stream.read(&mut [0]).map(|_| ()),
            Fault::Huge(size) => {
                let reply = Reply::json(200, &Value::Null);
                stream.write_all(&reply.head(&format!("Content-Length: {size}")))?;
                stream.write_all(b"{\"access_token\":\"")?;
                let block = [b'a'; 1 << 16];
                for _ in 0..size.div_ceil(block.len()) {
                    stream.write_all(&block)?;
                }
                Ok(())
            }
            Fault::Edit(edit) => {
                let mut reply = honest();
                let mut value = serde_json::from_slice(&reply.body).unwrap_or_default();
                edit(&mut value);
                reply.body = value.to_string().into_bytes();
                stream.write_all(&reply.bytes())
            }
            Fault::Truncated => {
                let reply = honest();
                stream.write_all(&reply.head(&format!("Content-Length: {}", reply.body.len())))?;
                stream.write_all(&reply.body[..reply.body.len() / 2])
            }
            Fault::Drip(pause) => {
                for byte in honest().bytes() {
                    stream.write_all(&[byte])?;
                    thread::sleep(pause);
                }
                Ok(())
            }
            Fault::Late(pause) => {
                let reply = honest();
                thread::sleep(pause);
                stream.write_all(&reply.bytes())
            }
            Fault::Chunked => {
                let reply = honest();
                stream.write_all(&reply.head("Transfer-Encoding: chunked"))?;
                for chunk in reply.body.chunks(7) {
                    stream.write_all(&[format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat())?;
                }
                stream.write_all(b"0\r\n\r\n")
            }
        }
    }
}

impl Faults {
    pub fn once(&mut self, endpoint: Endpoint, fault: Fault) {
        self.once.push((endpoint, fault));
    }

    pub fn always(&mut self, endpoint: Endpoint, fault: Fault) {
        self.always.push((endpoint, fault));
    }

    /// Returns the fault for the next request: the oldest one meant for one request, or else one meant for all.
    pub fn take(&mut self, endpoint: Endpoint) -> Option<Fault> {
        match self.once.iter().position(|(at, _)| *at == endpoint) {
            Some(at) => Some(self.once.remove(at).1),
            None => self.always.iter().find(|(at, _)| *at == endpoint).map(|(_, fault)| fault.clone()),
        }
    }
}
