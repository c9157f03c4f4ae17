//! Servers whose responses never end: each costs twelve seconds and a little memory at most.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::google::{Endpoint, Fault};
use crate::oauth::token_endpoint::Scenario;

pub type Serve = fn(TcpStream) -> std::io::Result<()>;

/// Fails the test unless a refresh against this server ends in time, with little memory, and the file unchanged.
fn ends(name: &str, serve: Serve) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // The program disconnects at some point, which ends it.
            thread::spawn(move || read_request(&stream).and_then(|()| serve(stream)));
        }
    });
    let scenario = Scenario::new();
    let start = Instant::now();
    let run =
        scenario.sandbox.command(&["refresh"]).env("GADS_CREDS_ENDPOINT", origin).code(6).stderr_has("error: ").start();
    let peak = peak_of(run.id());
    let outcome = run.finish();
    // The deadline is ten seconds; the rest is for a busy machine.
    assert!(start.elapsed() < Duration::from_secs(20), "{name}: {:?}", start.elapsed());
    assert!(peak < 150_000, "{name}: {peak} kB");
    scenario.check(name, &outcome, 1, 6, "127.0.0.1");
}

fn read_request(mut stream: &TcpStream) -> std::io::Result<()> {
    let mut seen = Vec::new();
    let mut block = [0; 4096];
    while !String::from_utf8_lossy(&seen).contains("grant_type=") {
        let count = stream.read(&mut block)?;
        if count == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        seen.extend(&block[..count]);
    }
    Ok(())
}

/// Returns the peak memory of a process, in kilobytes, watched until it ends; 0 if it cannot be read.
fn peak_of(process: u32) -> u64 {
    let mut peak = 0;
    while let Ok(status) = std::fs::read_to_string(format!("/proc/{process}/status")) {
        let Some(now) = status.lines().find_map(|line| line.strip_prefix("VmHWM:")) else { break };
        peak = now.trim().trim_end_matches(" kB").parse().expect("kilobytes");
        thread::sleep(Duration::from_millis(5));
    }
    peak
}

pub fn for_ever(mut stream: TcpStream, bytes: &[u8], pause: Duration) -> std::io::Result<()> {
    loop {
        stream.write_all(bytes)?;
        thread::sleep(pause);
    }
}

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const SLOW: Duration = Duration::from_millis(500);

#[test]
fn no_server_blocks_the_program_for_long() {
    let rogues: [(&str, Serve); 9] = [
        ("silence", |mut stream| stream.read(&mut [0]).map(|_| ())),
        ("a head in drops", |stream| for_ever(stream, b"H", SLOW)),
        ("headers in drops", |mut stream| stream.write_all(HEAD).and_then(|()| for_ever(stream, b"X: y\r\n", SLOW))),
        ("a body in drops", |mut stream| {
            stream.write_all(HEAD)?;
            stream.write_all(b"Content-Length: 1000\r\n\r\n")?;
            for_ever(stream, b"{", SLOW)
        }),
        ("headers without end", |mut stream| {
            stream.write_all(HEAD).and_then(|()| for_ever(stream, b"X: y\r\n", Duration::ZERO))
        }),
        ("one header without end", |mut stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nX: ").and_then(|()| for_ever(stream, &[b'a'; 4096], Duration::ZERO))
        }),
        ("a body without end", |mut stream| {
            stream.write_all(HEAD)?;
            stream.write_all(b"\r\n")?;
            for_ever(stream, &[b' '; 4096], Duration::ZERO)
        }),
        ("1xx without end", |stream| for_ever(stream, b"HTTP/1.1 100 Continue\r\n\r\n", Duration::ZERO)),
        ("1xx in floods", |stream| for_ever(stream, &b"HTTP/1.1 102 P\r\n\r\n".repeat(10_000), Duration::ZERO)),
    ];
    thread::scope(|scope| {
        for (name, serve) in rogues {
            scope.spawn(move || ends(name, serve));
        }
    });
}

#[test]
fn huge_and_compressed_responses_are_not_read_into_memory() {
    let scenario = Scenario::new();
    // A compressed response is only dangerous if it is decompressed, which does not happen here.
    let zipped = [b"\x1f\x8b\x08\0\0\0\0\0\x02\x03".as_slice(), &[0x55; 10_000]].concat();
    for (name, fault, fact) in [
        ("100 MB", Fault::Huge(100 << 20), "more than 1 MiB"),
        ("gzip", crate::oauth::token_endpoint::raw("200 OK\r\nContent-Encoding: gzip", &zipped), "cannot be used"),
        (
            "deflate twice",
            crate::oauth::token_endpoint::raw("200 OK\r\nContent-Encoding: deflate, br", &zipped),
            "cannot be used",
        ),
        ("gzip unlabelled", crate::oauth::token_endpoint::raw("200 OK", &zipped), "cannot be used"),
        (
            "a length that lies",
            Fault::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{".to_vec()),
            "cannot reach",
        ),
        (
            "two lengths",
            Fault::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}".to_vec()),
            "cannot reach",
        ),
        (
            "a huge chunk",
            Fault::Raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{".to_vec()),
            "cannot reach",
        ),
        (
            "no number of a chunk",
            Fault::Raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{".to_vec()),
            "cannot reach",
        ),
        ("no HTTP", Fault::Raw(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec()), "cannot reach"),
        ("HTTP/0.9", Fault::Raw(b"{\"access_token\":\"a\",\"token_type\":\"Bearer\"}".to_vec()), "cannot reach"),
        ("TLS", Fault::Raw(b"\x15\x03\x03\0\x02\x02\x28".to_vec()), "cannot reach"),
    ] {
        scenario.responds(Endpoint::Token, fault);
        let before = scenario.sandbox.google.requests(Endpoint::Token).len();
        let run = scenario.sandbox.command(&["refresh"]).code(6).stderr_has("error: ").start();
        let peak = peak_of(run.id());
        let outcome = run.finish();
        assert!(peak < 150_000, "{name}: {peak} kB");
        scenario.check(name, &outcome, scenario.sandbox.google.requests(Endpoint::Token).len() - before, 6, fact);
    }
}
