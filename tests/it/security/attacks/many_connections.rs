//! Very many connections at once, which neither keep the browser out nor use many resources.

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::{Target, lets_in, withstands};

#[test]
fn three_hundred_unrelated_requests_arrive_first() {
    withstands(|target| {
        for _ in 0..300 {
            let text = format!("GET /favicon.ico HTTP/1.1\r\nHost: {}\r\n\r\n", target.host);
            assert!(target.say(text.as_bytes()).starts_with("HTTP/1.1 404 "));
        }
    });
}

#[test]
fn four_hundred_connections_stay_silent() {
    withstands(|target| {
        let silent: Vec<TcpStream> = (0..400).map(|_| target.connect()).collect();
        target.come_through();
        drop(silent);
    });
}

#[test]
fn three_hundred_connections_send_a_byte_a_second() {
    withstands(|target| {
        let mut slow: Vec<TcpStream> = (0..300).map(|_| target.connect()).collect();
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                for byte in b"GET /callback?state=".iter().cycle() {
                    slow.retain_mut(|stream| stream.write_all(&[*byte]).is_ok());
                    thread::sleep(Duration::from_millis(100));
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                }
            });
            thread::sleep(Duration::from_millis(300));
            target.come_through();
            stop.store(true, Ordering::SeqCst);
        });
    });
}

#[test]
fn three_hundred_connections_send_the_longest_head_that_is_read() {
    withstands(|target| {
        let half = [b"GET /callback HTTP/1.1\r\nCookie: a=".as_slice(), &[b'x'; 120_000]].concat();
        let large: Vec<TcpStream> = (0..300).map(|_| target.connect()).collect();
        // One that has been evicted takes no more.
        large.iter().for_each(|mut stream| drop(stream.write_all(&half)));
        target.come_through();
        drop(large);
    });
}

/// New connections all the time, which each send a byte: the browser's start link and its response come through.
#[test]
#[cfg(unix)]
fn a_flood_keeps_out_neither_the_start_nor_the_response() {
    let sandbox = crate::sandbox::Sandbox::new();
    let (login, link) = super::with_start_link(&sandbox, "exit 0");
    let address = (std::net::Ipv4Addr::LOCALHOST, login.redirect_uri().port().expect("a port"));
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut open = std::collections::VecDeque::new();
            while !stop.load(Ordering::SeqCst) {
                let Ok(mut stream) = TcpStream::connect(address) else { continue };
                let _ = stream.write_all(b"G");
                open.push_back(stream);
                if open.len() > 500 {
                    open.pop_front();
                }
            }
        });
        thread::sleep(Duration::from_millis(500));
        let page = crate::google::browser::get(&link);
        let ended = page
            .as_ref()
            .ok()
            .and_then(|page| page.header("location"))
            .map(|location| crate::google::browser::visit(location, &crate::google::browser::Decision::allow()));
        stop.store(true, Ordering::SeqCst);
        let ended = ended.unwrap_or_else(|| panic!("no redirect: {page:?}")).expect("the result page");
        assert!(ended.body.contains("You are logged in"), "{ended:?}");
    });
    login.finish();
}

#[test]
fn three_hundred_forged_responses_hold_no_connection() {
    withstands(|target| {
        for query in ["code=4/0Ax&state=wrong", "code=4/0Ax", "error=access_denied&state="] {
            let request = format!("GET /callback?{query} HTTP/1.1\r\nHost: {}\r\n\r\n", target.host);
            let mut forged: Vec<TcpStream> = (0..100).map(|_| target.connect()).collect();
            forged.iter_mut().for_each(|stream| _ = stream.write_all(request.as_bytes()));
            target.come_through();
            // Each is closed, although nobody has read its response.
            for stream in forged {
                let response = super::read(stream);
                assert!(response.is_empty() || response.starts_with("HTTP/1.1 400 "), "{query}: {response}");
            }
        }
    });
}

#[test]
fn five_hundred_connections_close_early() {
    withstands(|target| {
        let mut half_open = Vec::new();
        for number in 0..500 {
            let mut stream = target.connect();
            match number % 3 {
                0 => {}
                1 => {
                    let _ = stream.shutdown(Shutdown::Write);
                    half_open.push(stream);
                }
                _ => {
                    let _ = stream.write_all(b"GET /callback?code=");
                }
            }
        }
        target.come_through();
    });
}

#[test]
fn the_browser_gets_the_result_despite_many_connections() {
    lets_in(&[], |target| {
        let mut stream = target.connect();
        stream.write_all(target.request().as_bytes()).unwrap();
        let response = super::read(stream);
        let path = response.lines().find_map(|line| line.strip_prefix("location: ")).expect("it is sent on").to_owned();
        let mut page = target.connect();
        page.write_all(format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", target.host).as_bytes()).unwrap();
        // It may be over before all of them have connected.
        let _silent: Vec<_> = (0..300).map_while(|_| TcpStream::connect(target.address).ok()).collect();
        assert!(super::read(page).contains("You are logged in"));
    });
}

#[test]
#[cfg(unix)]
fn a_login_with_few_descriptors_survives_many_connections() {
    let sandbox = crate::sandbox::Sandbox::new();
    sandbox.desktop();
    let program = crate::PROGRAM;
    let script = format!("ulimit -n 24; exec {program} login --no-browser -c \"$HOME/client_secret.json\"");
    let login = sandbox.other_program("/bin/sh", &["-c", &script]).stderr_has("").start();
    let target = Target::new(login);
    let silent: Vec<_> = (0..100).map(|_| target.connect()).collect();
    let start = std::time::Instant::now();
    let page = target.come();
    // Not in sequence, each after its own time limit.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    assert!(page.body.contains("You are logged in"), "{page:?}");
    drop(silent);
    target.login.finish();
}

impl Target<'_> {
    /// An unrelated request in the middle gets its response, and the program stays small.
    fn come_through(&self) {
        let text = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", self.host);
        assert!(self.say(text.as_bytes()).starts_with("HTTP/1.1 404 "));
        let process = format!("/proc/{}", self.login.id());
        let Ok(status) = std::fs::read_to_string(format!("{process}/status")) else { return };
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its peak");
        let peak: u64 = peak.trim().trim_end_matches(" kB").parse().expect("kilobytes");
        assert!(peak < 80_000, "{peak} kB");
        // Only the owner may inspect the process, and not even the owner if it cannot be debugged.
        if let Ok(descriptors) = std::fs::read_dir(format!("{process}/fd")) {
            let count = descriptors.count();
            assert!(count < 180, "{count} descriptors");
        }
    }
}
