//! One of many profiles has a server that floods: the others are not delayed. `endless_servers.rs` tests the limits
//! that end the flood; here Ctrl-C does.
#![cfg(unix)]

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::endless_servers::{Serve, for_ever};
use crate::google::ADWORDS;
use crate::oauth::token_endpoint::error_responses::GOOD;
use crate::sandbox::Sandbox;

const PROFILES: usize = 40;
const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

/// Starts a server that floods whoever sends this token and serves everybody else.
fn server(token: &str, flood: Serve) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let token: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let token = token.clone();
            thread::spawn(move || -> std::io::Result<()> {
                let mut seen = Vec::new();
                let mut block = [0; 4096];
                while !String::from_utf8_lossy(&seen).contains("client_secret=") {
                    match stream.read(&mut block)? {
                        0 => return Ok(()),
                        count => seen.extend(&block[..count]),
                    }
                }
                if String::from_utf8_lossy(&seen).contains(&token) {
                    return flood(stream);
                }
                let head = format!("Content-Length: {}\r\nConnection: close\r\n\r\n", GOOD.len());
                stream.write_all(&[HEAD, head.as_bytes(), GOOD.as_bytes()].concat())
            });
        }
    });
    origin
}

#[test]
fn one_server_that_floods_delays_no_other_profile() {
    // Without end and without a pause, and never a final response.
    let flood: Serve = |stream| for_ever(stream, &b"HTTP/1.1 102 P\r\n\r\n".repeat(10_000), Duration::ZERO);
    let sandbox = Sandbox::new();
    let mut entries = String::new();
    let mut first = String::new();
    for number in 0..PROFILES {
        let client = sandbox.google.desktop();
        let token = sandbox.google.grant(&client, &[ADWORDS]);
        sandbox.write(format!("p{number}.yaml"), crate::stored::yaml(&client, &token));
        writeln!(entries, "[profiles.p{number}]\nfile = \"~/p{number}.yaml\"").unwrap();
        if number == 0 {
            first = token;
        }
    }
    sandbox.write(".config/gads-creds/profiles.toml", entries);
    let run = sandbox.command(&["refresh", "--all"]).env("GADS_CREDS_ENDPOINT", server(&first, flood));
    let run = run.code(130).stderr_has("error: interrupted after 39 of 40 profiles").start();
    // None of them waits for the flood to end, which takes ten seconds.
    std::thread::sleep(Duration::from_secs(7));
    kill_process(Pid::from_raw(i32::try_from(run.id()).unwrap()).unwrap(), Signal::INT).unwrap();
    let printed = run.finish().stderr;
    for number in 1..PROFILES {
        assert!(printed.contains(&format!("{:<3}  ok", format!("p{number}"))), "{printed}");
    }
}
