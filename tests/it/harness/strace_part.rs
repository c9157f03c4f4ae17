//! Runs a part of the library under `strace`, which makes its system calls fail, wait or be its last.
//!
//! Only the one thread that runs the part is traced, from the moment before it begins, so that the calls can be
//! counted: strace counts each kind of call per thread.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::child::PartRun;
use crate::sandbox::Sandbox;

const TRACER: &str = "GADS_CREDS_TEST_TRACER";

/// Runs the part with these options of strace, and something else meanwhile. Returns its results and the trace.
pub fn run_while(
    sandbox: &Sandbox,
    options: &[&str],
    part: (&str, &Path, &str),
    meanwhile: impl FnOnce(),
) -> (PartRun, String) {
    let (socket, log) = (sandbox.tmp().join("tracer"), sandbox.tmp().join("trace"));
    let _ = fs::remove_file(&socket);
    let listener = UnixListener::bind(&socket).unwrap();
    let mut command = sandbox.part(part.0, part.1, part.2);
    let child = command.env(TRACER, &socket).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();

    let mut part = accept(&listener);
    let mut thread = String::new();
    BufReader::new(&part).read_line(&mut thread).unwrap();
    let mut strace = Command::new("strace");
    strace.arg("-o").arg(&log).args(options).args(["-p", thread.trim()]);
    let mut strace = strace.stderr(Stdio::piped()).spawn().unwrap();
    let mut attached = String::new();
    BufReader::new(strace.stderr.as_mut().unwrap()).read_line(&mut attached).unwrap();
    assert!(attached.contains("attached"), "strace says: {attached}");
    part.write_all(b"!").unwrap();

    meanwhile();
    let run = PartRun::from(child.wait_with_output().unwrap());
    strace.wait().unwrap();
    (run, fs::read_to_string(&log).unwrap())
}

pub fn run(sandbox: &Sandbox, options: &[&str], part: (&str, &Path, &str)) -> (PartRun, String) {
    run_while(sandbox, options, part, || ())
}

/// Runs the part with an injected fault, and checks that it was.
pub fn inject(sandbox: &Sandbox, what: &str, part: (&str, &Path, &str)) -> PartRun {
    let (run, log) = run(sandbox, &["-e", &format!("inject={what}")], part);
    assert!(log.contains("(INJECTED)"), "{what} was never injected");
    run
}

/// In the traced process: waits until it is traced, if requested.
pub fn wait() {
    let Some(socket) = std::env::var_os(TRACER) else { return };
    let _ = rustix::process::set_ptracer(rustix::process::PTracer::Any);
    let thread = fs::read_link("/proc/thread-self").unwrap();
    let mut parent = UnixStream::connect(socket).unwrap();
    writeln!(parent, "{}", thread.file_name().unwrap().to_str().unwrap()).unwrap();
    // This call is recvfrom(2), which is not counted.
    parent.read_exact(&mut [0]).unwrap();
    // Not closed: that would be counted.
    std::mem::forget(parent);
}

fn accept(listener: &UnixListener) -> UnixStream {
    listener.set_nonblocking(true).unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(false).unwrap();
                return stream;
            }
            Err(_) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(1)),
            Err(error) => panic!("the part never began: {error}"),
        }
    }
}
