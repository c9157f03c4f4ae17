//! Programs that are run for their output: limits, deadline, process group, streams, environment.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use gads_creds::secret::Secret;
use gads_creds::subprocess::{Failure, Input, Limits, Output, Subprocess};
use tempfile::TempDir;

const LIMITS: Limits = Limits {
    memory: None,
    deadline: Duration::from_secs(20),
    stdout: 64 * 1024,
    output_counts: true,
    may_ask: false,
    interruptible: true,
};
const SHORT: Limits = Limits { deadline: Duration::from_millis(400), ..LIMITS };

fn shell(script: &str) -> Subprocess {
    Subprocess::new(Path::new("/bin/sh")).args(["-c", script]).env("PATH", "/usr/bin:/bin")
}

#[track_caller]
fn run(script: &str, input: Input, limits: Limits) -> Result<Output, Failure> {
    let start = Instant::now();
    let result = shell(script).run(input, limits);
    let most = limits.deadline.min(Duration::from_secs(2)) + Duration::from_secs(3);
    assert!(start.elapsed() < most, "{script}: {:?}", start.elapsed());
    result
}

#[track_caller]
fn output(script: &str) -> Output {
    run(script, Input::Empty, LIMITS).unwrap_or_else(|failure| panic!("{script}: {failure:?}"))
}

#[test]
fn output_errors_and_status_are_what_the_program_gave() {
    let done = output("echo out; echo err >&2; exit 3");
    assert_eq!((done.status.code(), &done.stdout[..], &done.stderr[..]), (Some(3), &b"out\n"[..], &b"err\n"[..]));
}

#[test]
fn input_is_given_whole_and_ends() {
    let text = "x".repeat(300_000);
    let done = run("wc -c", Input::Text(Secret::new(text)), LIMITS).unwrap();
    assert_eq!(String::from_utf8_lossy(&done.stdout).trim(), "300000");
    assert_eq!(output("wc -c").stdout, b"0\n");
    // An input that is not read is not a failure.
    for script in ["exec <&-; exit 0", "true"] {
        let text = Input::Text(Secret::new("x".repeat(300_000)));
        assert!(run(script, text, LIMITS).unwrap().status.success(), "{script}");
    }
}

#[test]
fn the_environment_contains_only_what_is_set() {
    let env = Subprocess::new(Path::new("/usr/bin/env")).env("LC_ALL", "C").run(Input::Empty, LIMITS).unwrap();
    assert_eq!(String::from_utf8_lossy(&env.stdout), "LC_ALL=C\n");
}

/// Whether a process with this number runs; one that waits to be reaped does not.
fn runs(number: &str) -> bool {
    let status = fs::read_to_string(format!("/proc/{number}/status")).unwrap_or_default();
    status.contains("State:") && !status.contains("State:\tZ")
}

#[track_caller]
fn is_gone(file: &Path) {
    let number = fs::read_to_string(file).unwrap();
    let start = Instant::now();
    while runs(number.trim()) {
        assert!(start.elapsed() < Duration::from_secs(5), "process {number} still runs");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn nothing_of_the_process_group_is_left_however_it_ends() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("number");
    let file_name = file.display();
    let sleeper = format!("sleep 300 & echo $! >'{file_name}'");
    let stubborn = format!("(trap '' TERM HUP INT; sleep 300; sleep 300) & echo $! >'{file_name}'; trap '' TERM");
    for (script, expected) in [
        (format!("{sleeper}; wait"), "Late"),
        (format!("{stubborn}; wait; wait; wait"), "Late"),
        (format!("{sleeper}; yes"), "TooMuchOutput"),
        (format!("{sleeper}; exit 0"), "ended"),
        (format!("{stubborn}; exit 1"), "ended"),
        (format!("{sleeper}; kill -STOP $$"), "Suspended"),
        (format!("{sleeper}; kill -TTIN $$"), "AsksInVain"),
        (format!("{sleeper}; yes >&2"), "Late"),
    ] {
        let ended = match run(&script, Input::Empty, SHORT) {
            Ok(_) => "ended".to_owned(),
            Err(failure) => format!("{failure:?}"),
        };
        assert_eq!(ended, expected, "{script}");
        is_gone(&file);
    }
}

/// A program that is in the middle of something can clean up. On a busy machine it may come too late.
#[test]
fn a_program_is_asked_to_end_before_it_is_killed() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("asked");
    let script = format!("trap 'echo yes >{0}; exit' TERM; sleep 300 & wait", file.display());
    let asked = (0..5).any(|_| {
        assert!(matches!(run(&script, Input::Empty, SHORT), Err(Failure::Late)));
        file.exists()
    });
    assert!(asked, "it was killed at once");
}

#[test]
fn a_program_that_left_the_group_is_not_waited_for() {
    // It holds stdout: the output may be incomplete.
    assert!(matches!(run("setsid sleep 7 & sleep 0.1", Input::Empty, LIMITS), Err(Failure::OutputHeldOpen)));
    // Whoever only writes needs no output.
    let writes = Limits { output_counts: false, ..LIMITS };
    assert!(run("setsid sleep 7 & sleep 0.1", Input::Text(Secret::new("text")), writes).is_ok());
    // It holds only stderr, as the master of a shared SSH connection does.
    let done = run("setsid sleep 7 >/dev/null & sleep 0.1; echo out", Input::Empty, LIMITS).unwrap();
    assert_eq!(done.stdout, b"out\n");
}

#[test]
fn output_is_limited_and_stderr_is_kept_in_part() {
    assert!(matches!(run("yes", Input::Empty, LIMITS), Err(Failure::TooMuchOutput)));
    let just = Limits { stdout: 4, ..LIMITS };
    assert_eq!(run("printf 1234", Input::Empty, just).unwrap().stdout, b"1234");
    assert!(matches!(run("printf 12345", Input::Empty, just), Err(Failure::TooMuchOutput)));
    let done = output("head -c 3000000 /dev/zero >&2");
    assert_eq!(done.stderr.len(), 64 * 1024);
}

#[test]
fn a_program_that_cannot_be_started_is_a_failure_of_the_start() {
    let missing = Subprocess::new(Path::new("/nowhere/at/all")).run(Input::Empty, LIMITS);
    assert!(matches!(missing, Err(Failure::NotStarted(_))));
}
