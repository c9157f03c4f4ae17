//! Signals, limits and core dumps.
#![cfg(unix)]

use std::fs;
use std::path::Path;

use gads_creds::hardening::{self, Critical};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::child::report;
use crate::sandbox::Sandbox;

pub fn part(part: &str, file: &Path, text: &str) {
    let signal = match text {
        "INT" => SIGINT,
        "TERM" => SIGTERM,
        _ => SIGHUP,
    };
    // Sent to this thread: it has arrived when the call returns.
    let stop = || signal_hook::low_level::raise(signal).unwrap();
    match part {
        "hardening_stop" => {
            stop();
            println!("\n@went on");
        }
        "hardening_stop_in_critical" => {
            let outer = Critical::enter();
            let inner = Critical::enter();
            stop();
            inner.finish().unwrap();
            fs::write(file, "finished").unwrap();
            let ended = outer.finish();
            println!("\n@{:?}", ended.map_err(|error| error.kind()));
        }
        "hardening_stop_and_drop" => {
            let critical = Critical::enter();
            stop();
            fs::write(file, "finished").unwrap();
            drop(critical);
            println!("\n@went on");
        }
        "hardening_core" => {
            println!("\n@{:?}", getrlimit(Resource::Core).current);
            hardening::restore_core_limit();
            println!("\n@{:?}", getrlimit(Resource::Core).current);
        }
        "hardening_file_size" => {
            let lock = gads_creds::disk::lock("file").unwrap();
            setrlimit(Resource::Fsize, Rlimit { current: Some(4), maximum: None }).unwrap();
            let result = gads_creds::disk::update(file, &lock, &mut |_| Ok(text.to_owned()));
            setrlimit(Resource::Fsize, Rlimit { current: None, maximum: None }).unwrap();
            report(result);
        }
        "hardening_panic" => {
            gads_creds::end_on_panic();
            panic!("{text}");
        }
        "hardening_panic_beside" => {
            gads_creds::end_on_panic();
            let text = text.to_owned();
            let _ = std::thread::spawn(move || panic!("{text}")).join();
            println!("\n@went on");
        }
        other => panic!("no part {other}"),
    }
}

#[test]
fn a_panic_on_any_thread_is_an_error_that_shows_nothing_of_its_message() {
    let sandbox = Sandbox::new();
    for part in ["hardening_panic", "hardening_panic_beside"] {
        let run = sandbox.run_part(part, &sandbox.path("file"), "1//secret");
        let stderr = String::from_utf8_lossy(&run.output.stderr);
        assert_eq!((run.output.status.code(), run.lines.as_slice()), (Some(1), [].as_slice()), "{stderr}");
        assert!(stderr.starts_with("error: this is a bug in gads-creds "), "{stderr}");
        assert!(stderr.contains("tests/it/security/hardening.rs, line ") && stderr.contains("\nhint: "), "{stderr}");
        assert!(!stderr.contains("1//secret") && stderr.lines().count() == 2, "{stderr}");
    }
}

#[test]
fn a_signal_ends_the_program_at_once() {
    let sandbox = Sandbox::new();
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 143)] {
        let run = sandbox.run_part("hardening_stop", &sandbox.path("file"), signal);
        assert_eq!((run.output.status.code(), run.lines.as_slice()), (Some(code), [].as_slice()), "{signal}");
    }
}

#[test]
fn a_signal_waits_for_the_critical_section_and_is_reported_then() {
    let sandbox = Sandbox::new();
    for (signal, reported) in [("INT", "Err(Interrupted)"), ("TERM", "Err(Terminated)"), ("HUP", "Err(Terminated)")] {
        let _ = fs::remove_file(sandbox.path("file"));
        let run = sandbox.run_part("hardening_stop_in_critical", &sandbox.path("file"), signal);
        assert_eq!(run.first(), reported);
        assert_eq!(fs::read_to_string(sandbox.path("file")).unwrap(), "finished");
    }
}

#[test]
fn an_unchecked_signal_ends_the_program_after_the_critical_section() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_part("hardening_stop_and_drop", &sandbox.path("file"), "TERM");
    assert_eq!((run.output.status.code(), run.lines.as_slice()), (Some(143), [].as_slice()));
    assert_eq!(fs::read_to_string(sandbox.path("file")).unwrap(), "finished");
}

#[test]
#[cfg(target_os = "linux")]
fn a_signal_that_the_parent_ignores_stays_ignored() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_part_under(
        &["sh", "-c", "trap '' HUP; exec \"$@\"", "-"],
        "hardening_stop",
        &sandbox.path("file"),
        "HUP",
    );
    assert_eq!((std::os::unix::process::ExitStatusExt::signal(&run.output.status), run.first()), (None, "went on"));
}

#[test]
fn there_are_no_core_dumps_but_a_started_program_may_have_them() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_part_under(
        &["sh", "-c", "ulimit -S -c 7; exec \"$@\"", "-"],
        "hardening_core",
        &sandbox.path("file"),
        "",
    );
    let [during, after] = run.lines.as_slice() else { panic!("{run:?}") };
    assert_eq!(during, "Some(0)");
    assert_ne!(after, "Some(0)");
}

/// As in a service or a container with a filter for system calls.
#[cfg(target_os = "linux")]
#[test]
fn where_the_system_refuses_to_limit_or_to_hide_the_process_it_works_without() {
    if crate::harness::skip::without("strace") {
        return;
    }
    let sandbox = Sandbox::new();
    crate::stored::works(&sandbox);
    for (call, error) in
        [("prlimit64", "EPERM"), ("prlimit64", "ENOSYS"), ("prctl", "EPERM"), ("rt_sigaction", "EPERM")]
    {
        let inject = format!("inject={call}:error={error}");
        // The standard library needs signals before `main`.
        let inject = if call == "rt_sigaction" { format!("{inject}:when=10+") } else { inject };
        for verb in ["show", "refresh"] {
            let args = ["-f", "-o", "/dev/null", "-e", &inject, crate::PROGRAM, verb];
            let run = sandbox.other_program("strace", &args).env("PATH", "/usr/local/bin:/usr/bin:/bin").observe();
            assert!(run.code == 0 && !run.stderr.contains("bug"), "{call} {error} {verb}: {run:#?}");
        }
    }
}

#[test]
fn a_file_size_limit_is_an_error_and_does_not_kill_the_program() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("file", "old\n");
    let run = sandbox.run_part("hardening_file_size", &file, "a longer text\n");
    assert!(run.error().contains("the file would be too large"), "{run:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "old\n");
    assert_eq!(sandbox.names(""), [".local", "file"]);
}
