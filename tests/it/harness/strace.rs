//! Runs the program under `strace`, which fails, shortens or kills at any one call on a file.
//!
//! Only the main thread is traced: it alone uses files, and strace counts each kind of call per thread.
#![cfg(target_os = "linux")]

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::harness::skip::{skip, without};
use crate::sandbox::{Outcome, Sandbox, Spec};

const CALLS: &str = "openat,statx,newfstatat,fstat,read,write,pread64,lseek,fsync,renameat2,rename,linkat,unlink,unlinkat,\
                     flock,fchmod,fchown,mkdir,getdents64,readlink,ftruncate,close";
/// The errors that a file system may return, used in turn.
const ERRORS: [&str; 7] = ["EIO", "ENOSPC", "EACCES", "EROFS", "EDQUOT", "EMFILE", "EXDEV"];
const LOG: &str = "trace";

/// A call on a file below the home directory: its name, its number among all calls of that name, its line in the trace.
#[derive(Clone)]
pub struct Call {
    pub name: String,
    pub number: usize,
    pub line: String,
}

impl Call {
    /// Returns the fault that makes it fail with this error.
    pub fn fails(&self, error: &str) -> String {
        format!("{}:error={error}:when={}", self.name, self.number)
    }

    /// Returns the fault that kills the program there.
    pub fn killed(&self) -> String {
        format!("{}:signal=KILL:when={}", self.name, self.number)
    }
}

/// Whether nothing can be traced on this machine.
pub fn cannot() -> bool {
    let sandbox = Sandbox::new();
    if without("strace") {
        return true;
    }
    let cannot = command(&sandbox, None, &["--version"]).observe().code != 0;
    if cannot {
        skip("strace may not trace here");
    }
    cannot
}

/// Returns the program with these arguments, traced and with this fault, or several separated by `;`.
pub fn command<'a>(sandbox: &'a Sandbox, inject: Option<&str>, args: &[&str]) -> Spec<'a> {
    let trace = format!("trace={CALLS}");
    let faults: Vec<_> = inject.iter().flat_map(|what| what.split(';')).map(|what| format!("inject={what}")).collect();
    let mut options = vec!["-y", "-s", "0", "-e", &trace];
    options.extend(faults.iter().flat_map(|what| ["-e", what.as_str()]));
    strace(sandbox, &options, args)
}

/// Returns the program with these arguments, under strace with these options.
pub fn strace<'a>(sandbox: &'a Sandbox, options: &[&str], args: &[&str]) -> Spec<'a> {
    let log = sandbox.write(sandbox.work().join(LOG), "");
    let log = ["-o", log.to_str().expect("a plain path")];
    let all = [&log, options, &[crate::PROGRAM], args].concat();
    sandbox.other_program("strace", &all).env("PATH", "/usr/local/bin:/usr/bin:/bin")
}

/// Returns the trace of the last run.
pub fn log(sandbox: &Sandbox) -> String {
    sandbox.read(sandbox.work().join(LOG))
}

/// Returns its calls on files below the home directory.
pub fn calls(sandbox: &Sandbox) -> Vec<Call> {
    let mut counts = HashMap::new();
    let mut calls = Vec::new();
    for line in log(sandbox).lines() {
        let Some((name, _)) = line.split_once('(') else { continue };
        let number = counts.entry(name.to_owned()).or_insert(0);
        *number += 1;
        if is_ours(sandbox, line) {
            calls.push(Call { name: name.to_owned(), number: *number, line: line.to_owned() });
        }
    }
    calls
}

/// Whether the fault of the last run hit a file. The network's descriptors are read and written a varying number of
/// times, so that a call's number may be one of theirs.
pub fn hit(sandbox: &Sandbox) -> bool {
    calls(sandbox).iter().any(|call| call.line.contains("(INJECTED)"))
}

fn is_ours(sandbox: &Sandbox, line: &str) -> bool {
    line.contains(sandbox.home().to_str().expect("a plain path")) || line.contains("\"../home/")
}

/// Returns the calls of a successful run, of which there are at least this many; `None` if nothing can be traced.
pub fn calls_of<T>(
    run: impl Fn(Option<&str>) -> T,
    seen: impl Fn(&T) -> (&Sandbox, &Outcome),
    least: usize,
) -> Option<Vec<Call>> {
    if cannot() {
        return None;
    }
    let good = run(None);
    let (sandbox, outcome) = seen(&good);
    assert_eq!(outcome.code, 0, "{outcome:#?}");
    let calls = calls(sandbox);
    assert!(calls.len() >= least, "only {} calls were seen", calls.len());
    Some(calls)
}

/// Returns one error for each call. Not for those that close: Linux closes the file whatever it returns, and strace
/// does not.
pub fn errors(calls: &[Call]) -> Vec<(String, &Call)> {
    let errors = ERRORS.iter().cycle();
    calls
        .iter()
        .filter(|call| call.name != "close")
        .zip(errors)
        .map(|(call, error)| (call.fails(error), call))
        .collect()
}

/// Returns the calls whose effect others can see. Killed at any other call, a program leaves what it leaves at the next
/// of these. A lock ends with its process, and taken again it changes nothing in its file.
pub fn changes(mut calls: Vec<Call>) -> Vec<Call> {
    let names = ["mkdir", "renameat2", "linkat", "unlink", "write"];
    let mut locks = HashSet::new();
    calls.retain(|call| {
        let changes = names.contains(&call.name.as_str()) || call.line.contains("O_CREAT");
        let lock = call.line.split_once("/locks/").and_then(|(_, rest)| rest.get(..32));
        let is_new = lock.is_none_or(|lock| locks.insert((call.name.clone(), lock.to_owned())));
        changes && is_new && !call.line.contains(" = -1 ")
    });
    calls
}

/// Returns the faults that kill the program at each of its last calls.
pub fn kills(calls: &[Call], last: usize) -> Vec<(String, &Call)> {
    calls[calls.len().saturating_sub(last)..].iter().map(|call| (call.killed(), call)).collect()
}

/// Whether a run that was to be killed was. The number of its last call may be one too high this time: then it
/// succeeds.
#[track_caller]
pub fn killed(outcome: &Outcome, context: &str) -> bool {
    assert!([0, 137].contains(&outcome.code), "{context}: {outcome:#?}");
    outcome.code == 137
}

/// Runs each of the faults; `check` gets it and its description, and returns whether a token had to be recovered.
/// Returns how many had.
pub fn inject_each(faults: &[(String, &Call)], check: impl Fn(&str, &str) -> bool + Sync) -> usize {
    let left = AtomicUsize::new(0);
    each(faults, |(fault, call)| {
        let found = check(fault, &format!("{fault} at {}", call.line));
        left.fetch_add(usize::from(found), Ordering::Relaxed);
    });
    left.into_inner()
}

/// Whether a recovery file was written before the program was killed.
pub fn was_written_down(trace: &str) -> bool {
    let written = |line: &str| line.starts_with("write(") && line.contains(".json>") && !line.ends_with("= ?");
    trace.lines().any(|line| written(line) && line.contains("/recovery/"))
}

/// Whether this is a recovery file that is not empty.
pub fn is_kept(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json")
        && fs::metadata(path).is_ok_and(|found| found.len() > 0)
}

/// Calls it for each, on two threads.
pub fn each<T: Sync>(all: &[T], check: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    check(one);
                }
            });
        }
    });
}
