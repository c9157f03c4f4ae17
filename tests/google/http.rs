//! HTTP/1.1 as far as the stand-in needs it: one request per connection, its body by `Content-Length`.
//!
//! Hand-written rather than hyper's, because half of the stand-in's purpose is to send what no library would send.

use std::io::{self, BufRead, ErrorKind, Read};

use chrono::DateTime;

use serde_json::Value;
use url::form_urlencoded;

/// The size limit for heads and bodies.
const MOST: u64 = 1 << 20;

/// A received request, for tests to inspect.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub query: Pairs,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// Decoded `name=value` pairs in order, including repetitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(pub Vec<(String, String)>);

/// A response before it is encoded.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    /// Reads one request; anything else is an error.
    pub fn read(stream: impl Read) -> io::Result<Request> {
        let mut stream = io::BufReader::new(stream.take(MOST));
        let line = read_line(&mut stream)?;
        let [method, target, "HTTP/1.1"] = line.split(' ').collect::<Vec<_>>()[..] else {
            return Err(io::Error::new(ErrorKind::InvalidData, "no request line of HTTP/1.1"));
        };
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut request = Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: Pairs::parse(query),
            headers: Vec::new(),
            body: String::new(),
        };
        loop {
            let line = read_line(&mut stream)?;
            if line.is_empty() {
                break;
            }
            let Some((name, value)) = line.split_once(':') else {
                return Err(io::Error::new(ErrorKind::InvalidData, "a header without a colon"));
            };
            request.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let length = request.header("content-length").map_or(Ok(0), str::parse::<u64>);
        let length = length.map_err(|_| io::Error::new(ErrorKind::InvalidData, "Content-Length is not a number"))?;
        let mut body = Vec::new();
        stream.take(length).read_to_end(&mut body)?;
        request.body = String::from_utf8_lossy(&body).into_owned();
        Ok(request)
    }

    /// Returns the value of a header; `name` is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Returns the body as a form.
    pub fn form(&self) -> Pairs {
        Pairs::parse(&self.body)
    }
}

impl Pairs {
    pub fn parse(text: &str) -> Pairs {
        Pairs(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// Returns the first value of that name, unless it is empty (RFC 6749 section 3.1: an empty value counts as
    /// absent).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next().filter(|value| !value.is_empty())
    }

    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Returns a repeated name, which OAuth forbids (RFC 6749 sections 3.1 and 3.2).
    pub fn repeated(&self) -> Option<&str> {
        let names = self.0.iter().map(|(name, _)| name.as_str());
        names.enumerate().find(|(at, name)| self.0[..*at].iter().any(|(key, _)| key == name)).map(|(_, name)| name)
    }
}

impl Reply {
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Reply {
        let reply = Reply { status, headers: Vec::new(), body: body.into() };
        reply
            .header("Content-Type", content_type)
            .header("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate")
    }

    pub fn html(status: u16, body: impl Into<Vec<u8>>) -> Reply {
        Reply::new(status, "text/html; charset=utf-8", body)
    }

    /// Returns JSON indented as Google does it.
    pub fn json(status: u16, value: &Value) -> Reply {
        Reply::new(status, "application/json; charset=utf-8", format!("{value:#}\n"))
    }

    /// Returns an error response of the token or the revocation endpoint.
    pub fn oauth_error(status: u16, error: &str, description: &str) -> Reply {
        Reply::json(status, &serde_json::json!({ "error": error, "error_description": description }))
    }

    pub fn redirect(status: u16, location: &str) -> Reply {
        Reply::html(status, "").header("Location", location)
    }

    /// Returns the response of Google's front end for an unknown path or method.
    pub fn not_found() -> Reply {
        Reply::html(404, "<!DOCTYPE html><title>Error 404 (Not Found)</title><p>The requested URL was not found.")
    }

    pub fn header(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds the `Date` header, in seconds since 1970, as every Google server sends it.
    pub fn dated(self, now: u64) -> Reply {
        let now = i64::try_from(now).ok().and_then(|now| DateTime::from_timestamp(now, 0));
        let now = now.expect("the stand-in's clock runs in this era");
        self.header("Date", &now.format("%a, %d %b %Y %H:%M:%S GMT").to_string())
    }

    /// Returns status line and headers, up to the empty line.
    pub fn head(&self, framing: &str) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} Stand-In\r\n{framing}\r\nConnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        head.into_bytes()
    }

    pub fn bytes(&self) -> Vec<u8> {
        [self.head(&format!("Content-Length: {}", self.body.len())), self.body.clone()].concat()
    }
}

fn read_line(stream: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
