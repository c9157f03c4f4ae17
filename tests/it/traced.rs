//! A whole run of the program under `strace`, which fails, cuts short or kills any one call on a file.
//!
//! Only the main thread is traced: it alone touches files, and strace counts each kind of call of each thread by itself.
#![cfg(target_os = "linux")]

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::child::{skipped, without};
use crate::sandbox::{Sandbox, Spec};

const CALLS: &str = "openat,statx,newfstatat,fstat,read,write,pread64,lseek,fsync,renameat2,rename,linkat,unlink,unlinkat,\
                     flock,fchmod,fchown,mkdir,getdents64,readlink,ftruncate,close";
/// What a file system may answer, each in its turn.
const ERRORS: [&str; 7] = ["EIO", "ENOSPC", "EACCES", "EROFS", "EDQUOT", "EMFILE", "EXDEV"];
const LOG: &str = "../work/trace";

/// A call on a file below the home folder: its name, its number among all calls of that name, its line in the trace.
pub struct Call {
    pub name: String,
    pub number: usize,
    pub line: String,
}

impl Call {
    /// The fault that kills the program there.
    pub fn killed(&self) -> String {
        format!("{}:signal=KILL:when={}", self.name, self.number)
    }
}

/// Whether this machine lets nothing be traced.
pub fn cannot() -> bool {
    let sandbox = Sandbox::new();
    without("strace")
        || (command(&sandbox, None, &["--version"]).observe().code != 0 && skipped("strace may not trace here"))
}

/// The program with these arguments, traced and with this fault.
pub fn command<'a>(sandbox: &'a Sandbox, inject: Option<&str>, args: &[&str]) -> Spec<'a> {
    let log = sandbox.write(LOG, "");
    let trace = format!("trace={CALLS}");
    let mut all = vec!["-o", log.to_str().expect("a plain path"), "-y", "-s", "0", "-e", &trace];
    let inject = inject.map(|what| format!("inject={what}"));
    all.extend(inject.iter().flat_map(|what| ["-e", what.as_str()]));
    all.push(env!("CARGO_BIN_EXE_gads-creds"));
    all.extend(args);
    sandbox.other_program("strace", &all).env("PATH", "/usr/local/bin:/usr/bin:/bin")
}

/// The trace of the last run.
pub fn log(sandbox: &Sandbox) -> String {
    sandbox.read(LOG)
}

/// Its calls on files below the home folder.
pub fn calls(sandbox: &Sandbox) -> Vec<Call> {
    let home = sandbox.home();
    let ours = |line: &str| line.contains(home.to_str().expect("a plain path")) || line.contains("\"../home/");
    let mut counts = HashMap::new();
    let mut calls = Vec::new();
    for line in log(sandbox).lines() {
        let Some((name, _)) = line.split_once('(') else { continue };
        let number = counts.entry(name.to_owned()).or_insert(0);
        *number += 1;
        if ours(line) {
            calls.push(Call { name: name.to_owned(), number: *number, line: line.to_owned() });
        }
    }
    calls
}

/// One error for each call.
pub fn errors(calls: &[Call]) -> Vec<(String, &Call)> {
    let errors = ERRORS.iter().cycle();
    calls
        .iter()
        .zip(errors)
        .map(|(call, error)| (format!("{}:error={error}:when={}", call.name, call.number), call))
        .collect()
}

/// Whether a recovery file was written before the program was killed.
pub fn was_written_down(trace: &str) -> bool {
    let written = |line: &str| line.starts_with("write(") && line.contains(".json>") && !line.ends_with("= ?");
    trace.lines().any(|line| written(line) && line.contains("/recovery/"))
}

/// Whether this is a recovery file with something in it.
pub fn is_kept(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json")
        && fs::metadata(path).is_ok_and(|found| found.len() > 0)
}

/// Does it for each, on two threads.
pub fn each<T: Sync>(all: &[T], judge: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    judge(one);
                }
            });
        }
    });
}
