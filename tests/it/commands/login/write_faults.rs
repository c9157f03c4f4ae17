//! Every call with which a login writes its file, and every error of a disk: what is reported, whether the file is the
//! old one or the new one, and that the token is in it or recovered by `login --recover`.
//!
//! `system_call_faults` has every other call of a login, with one error each.
#![cfg(target_os = "linux")]

use super::system_call_faults::Run;
use crate::traced::{self, Call, each};

/// How a login ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// With 0 and the token in the file.
    Stored,
    /// With 1, the file unchanged, and a recovery file.
    Kept,
    /// With 1, the token in the file, and a recovery file, since a power cut may still undo it.
    Written,
}
use End::{Kept, Stored, Written};

/// A call by its name and text in its line of the trace, its errors, the message about them, and the end.
type Row = (&'static str, &'static [&'static str], &'static [&'static str], &'static str, End);

const TEMPORARY: &str = "/home/.google-ads.yaml.gads-creds-";

const ROWS: [Row; 12] = [
    ("openat", &["/locks/"], &["EACCES", "EROFS", "ENOSPC", "EDQUOT", "ELOOP"], "cannot open lock `", Kept),
    ("flock", &["/locks/"], &["ENOLCK", "EOPNOTSUPP", "EIO"], "cannot lock `", Kept),
    (
        "openat",
        &[TEMPORARY, "O_CREAT"],
        &["EACCES", "EROFS", "ENOSPC", "EDQUOT", "EIO", "EMFILE"],
        "cannot create a file in `",
        Kept,
    ),
    ("fchmod", &[TEMPORARY], &["EPERM", "EROFS", "EIO"], "cannot write into `", Kept),
    ("write", &[TEMPORARY], &["ENOSPC", "EDQUOT", "EIO", "EFBIG"], "cannot write into `", Kept),
    ("fsync", &[TEMPORARY], &["EIO", "ENOSPC", "EDQUOT", "EROFS"], "cannot write into `", Kept),
    ("read", &[TEMPORARY], &["EIO", "ESTALE"], "cannot write into `", Kept),
    (
        "renameat2",
        &[TEMPORARY],
        &["EBUSY", "EXDEV", "EROFS", "EACCES", "EPERM", "ENOSPC", "EDQUOT", "EIO"],
        "cannot replace `",
        Kept,
    ),
    (
        "openat",
        &["/home\"", "O_RDONLY"],
        &["EACCES", "EMFILE", "EIO"],
        "google-ads.yaml` is written, but cannot sync directory `",
        Written,
    ),
    (
        "fsync",
        &["/home>"],
        &["EIO", "ENOSPC", "EROFS"],
        "google-ads.yaml` is written, but cannot sync directory `",
        Written,
    ),
    ("unlink", &[TEMPORARY], &["EACCES", "EROFS", "EBUSY", "EIO"], "; the next run tries again", Stored),
    ("unlink", &["/recovery/"], &["EACCES", "EROFS", "EBUSY", "EIO"], "could not remove `", Stored),
];

/// Whether it is a call of that row.
fn is_of((name, parts, ..): &Row, call: &Call) -> bool {
    call.name == *name && parts.iter().all(|part| call.line.contains(part))
}

/// A row, its call in a successful login, and how many calls before that one look the same.
type Place = (&'static Row, Call, usize);

/// Returns the rows with their calls in a successful login: the first that matches after that of the previous row, once
/// the token is in a recovery file.
fn places() -> Option<Vec<Place>> {
    let calls = traced::calls_of(Run::new, |run| (&run.sandbox, &run.outcome), 80)?;
    let is_kept = |call: &Call| call.line.contains("/recovery/") && call.line.contains(".json\", O_RDWR|O_CREAT");
    let mut at = calls.iter().position(is_kept).expect("a recovery file");
    let mut find = |row: &'static Row| {
        at += 1;
        at += calls[at..].iter().position(|call| is_of(row, call)).unwrap_or_else(|| panic!("no {row:?}"));
        (row, calls[at].clone(), calls[..at].iter().filter(|call| is_of(row, call)).count())
    };
    Some(ROWS.iter().map(&mut find).collect())
}

/// Runs a login with the error at that call. Its number varies with the network's descriptors and the processes that
/// run: after a miss, that of the run itself is used.
fn run_with((row, call, before): &Place, error: &str) -> Run {
    let mut number = call.number;
    for _ in 0..12 {
        let run = Run::new(Some(&format!("{}:error={error}:when={number}", call.name)));
        let calls = traced::calls(&run.sandbox);
        match calls.iter().filter(|call| is_of(row, call)).nth(*before) {
            Some(found) if found.line.contains("(INJECTED)") => return run,
            Some(found) => number = found.number,
            None => number = call.number,
        }
    }
    panic!("{error} was never injected at {}", call.line)
}

#[test]
fn every_error_of_every_call_that_writes_the_file_is_reported_and_loses_no_token() {
    let Some(places) = places() else { return };
    let faults: Vec<_> = places.iter().flat_map(|place| place.0.2.iter().map(move |error| (place, error))).collect();
    each(&faults, |(place @ ((.., expected, end), call, _), error)| {
        let run = run_with(place, error);
        let context = format!("{error} at {}: {:#?}", call.line, run.outcome);
        assert_eq!(run.outcome.code, i32::from(*end != Stored), "{context}");
        assert!(run.outcome.stderr.contains(expected), "{context}");
        assert_eq!(run.outcome.stderr.contains("login --recover"), *end != Stored, "{context}");
        let is_old = run.sandbox.read("google-ads.yaml").contains(super::system_call_faults::OLD_TOKEN);
        assert_eq!(is_old, *end == Kept, "{context}");
        run.check(&context);
    });
}

#[test]
fn an_interrupted_call_that_writes_the_file_is_repeated() {
    let Some(places) = places() else { return };
    // What `system_call_faults` interrupts is not interrupted twice.
    let rest =
        places.iter().filter(|(_, call, _)| ["fchmod", "write", "renameat2", "unlink"].contains(&call.name.as_str()));
    each(&rest.collect::<Vec<_>>(), |place @ (_, call, _)| {
        let run = run_with(place, "EINTR");
        assert_eq!(run.outcome.code, 0, "{}: {:#?}", call.line, run.outcome);
        run.check(&call.line);
    });
}

#[test]
fn a_temporary_file_removed_before_the_rename_is_written_again() {
    if traced::cannot() {
        return;
    }
    // The credentials' file is exchanged, profiles.toml is new.
    for number in [1, 2] {
        let fault = format!("renameat2:error=ENOENT:when={number}");
        let run = Run::new(Some(&fault));
        assert_eq!(run.outcome.code, 0, "{fault}: {:#?}", run.outcome);
        run.check(&fault);
    }
}

#[test]
fn where_names_can_be_neither_exchanged_nor_linked_the_files_are_renamed() {
    if traced::cannot() {
        return;
    }
    // A directory shared with a virtual machine, a mounted bucket.
    for (exchange, link) in [("EINVAL", "EPERM"), ("ENOSYS", "ENOSYS"), ("EINVAL", "EOPNOTSUPP")] {
        let fault = format!("renameat2:error={exchange};linkat:error={link}");
        let run = Run::new(Some(&fault));
        assert_eq!(run.outcome.code, 0, "{fault}: {:#?}", run.outcome);
        run.check(&fault);
    }
}
