//! Signals where `exec` stays as the parent of the command: as if the command were there alone, and no file is left.
#![cfg(target_os = "linux")]

use std::fs;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::{PROGRAM, World, stdout};

/// A program that says which signals it gets, and ends at TERM.
const REPORTS: &str = "
import os, signal, sys, time
def got(number, frame):
    os.write(1, signal.Signals(number).name.encode() + b'\\n')
    if number == signal.SIGTERM: sys.exit(7)
for number in {signals}: signal.signal(number, got)
os.write(1, b'ready\\n')
end = time.time() + 30
while time.time() < end: time.sleep(0.01)
";

fn reports(signals: &[Signal]) -> String {
    let numbers: Vec<i32> = signals.iter().map(|signal| signal.as_raw()).collect();
    REPORTS.replace("{signals}", &format!("{numbers:?}"))
}

fn lines(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    let stdout = std::io::BufReader::new(child.stdout.take().expect("it is piped"));
    std::io::BufRead::lines(stdout).map(|line| line.expect("text"))
}

/// Blocked, ignored and caught. glibc has two signals of its own ignored in what it starts.
fn masks(output: &Output) -> Vec<u64> {
    let text = stdout(output);
    let numbers = text.lines().map(|line| line.split_whitespace().nth(1).expect("a mask"));
    numbers.map(|mask| u64::from_str_radix(mask, 16).expect("hexadecimal") & !(0b11 << 31)).collect()
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).expect("it runs");
}

fn is_clean(world: &World) -> bool {
    fs::read_dir(world.path().join("run")).unwrap().count() == 0
}

#[test]
fn what_a_process_sends_reaches_the_command() {
    let world = World::new();
    let sent = [
        (Signal::INT, "SIGINT"),
        (Signal::QUIT, "SIGQUIT"),
        (Signal::HUP, "SIGHUP"),
        (Signal::USR1, "SIGUSR1"),
        (Signal::USR2, "SIGUSR2"),
        (Signal::ALARM, "SIGALRM"),
        (Signal::WINCH, "SIGWINCH"),
        (Signal::XCPU, "SIGXCPU"),
        (Signal::ABORT, "SIGABRT"),
        (Signal::TERM, "SIGTERM"),
    ];
    let script = reports(&sent.map(|(signal, _)| signal));
    let mut run = world.exec(&["--as-file", "php", "--", "python3", "-c", &script]);
    let mut child = run.stdout(Stdio::piped()).spawn().unwrap();
    let mut said = lines(&mut child);
    assert_eq!(said.next().as_deref(), Some("ready"));
    for (signal, name) in sent {
        send(&child, signal);
        assert_eq!(said.next().as_deref(), Some(name));
    }
    assert_eq!(child.wait().unwrap().code(), Some(7));
    assert!(is_clean(&world));
}

/// What safe code cannot send does at least not end this process, and so leave the file.
#[test]
fn a_real_time_signal_leaves_no_file() {
    let world = World::new();
    for number in [34, 40, 64] {
        let inside = format!("kill -{number} $PPID; sleep 0.2; exit 5");
        let status = world.exec(&["--as-file", "php", "--", "bash", "-c", &inside]).status().unwrap();
        assert_eq!((status.code(), is_clean(&world)), (Some(5), true), "{number}");
    }
}

#[test]
fn a_signal_that_was_ignored_at_the_start_stays_ignored_in_the_command() {
    let world = World::new();
    let inside = "grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status";
    for ignored in ["HUP", "INT QUIT", "HUP INT QUIT TERM USR1 USR2 ALRM XFSZ XCPU WINCH"] {
        let without = world.shell(&format!("trap '' {ignored}; exec {inside}")).output().unwrap();
        for options in ["", "--as-file python", "--as-file php"] {
            let script = format!("trap '' {ignored}; exec '{PROGRAM}' exec {options} -- {inside}");
            let with = world.shell(&script).output().unwrap();
            assert_eq!(masks(&with), masks(&without), "{ignored}, {options}");
        }
    }
    // As below `nohup`, when the terminal is closed; and as a job in the background of a script, at Ctrl-C.
    for name in ["HUP", "INT"] {
        let script = format!("trap '' {name}; kill -{name} $PPID; sleep 0.1; echo survived");
        let script =
            format!("trap '' {name}; exec '{PROGRAM}' exec --as-file php -- sh -c \"{}\"", script.replace('$', "\\$"));
        assert_eq!(stdout(&world.shell(&script).output().unwrap()), "survived\n", "{name}");
    }
    assert!(is_clean(&world));
}

/// The terminal itself sends it to both.
#[test]
fn a_key_of_the_terminal_reaches_the_command_once() {
    if crate::harness::skip::without("script") {
        return;
    }
    let world = World::new();
    fs::write(world.home().join("report.py"), reports(&[Signal::INT, Signal::QUIT, Signal::TERM])).unwrap();
    let inside = format!("exec '{PROGRAM}' exec --as-file php -- python3 report.py");
    let mut command: Command = world.process("script");
    command.current_dir(world.home()).args(["-qec", &inside, "/dev/null"]).env("SHELL", "/bin/sh");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = lines(&mut child);
    let start = Instant::now();
    let mut next = || {
        assert!(start.elapsed() < Duration::from_secs(30));
        said.next().unwrap_or_default().trim_start_matches(['^', 'C', '\\']).trim_end().to_owned()
    };
    assert_eq!(next(), "ready");
    let mut keyboard = child.stdin.take().unwrap();
    for (key, name) in [(b"\x03", "SIGINT"), (b"\x1c", "SIGQUIT"), (b"\x03", "SIGINT")] {
        std::io::Write::write_all(&mut keyboard, key).unwrap();
        assert_eq!(next(), name);
    }
    let ours = fs::read_dir("/proc").unwrap().flatten().find(|entry| {
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).into_owned();
        line.starts_with(PROGRAM) && line.contains("report.py") && {
            let directory = fs::read_link(entry.path().join("cwd")).unwrap_or_default();
            directory == world.home().canonicalize().unwrap()
        }
    });
    let process = ours.and_then(|entry| entry.file_name().to_str()?.parse().ok()).and_then(Pid::from_raw);
    kill_process(process.expect("it runs"), Signal::TERM).unwrap();
    assert_eq!(next(), "SIGTERM");
    child.wait().unwrap();
    assert!(is_clean(&world));
}
