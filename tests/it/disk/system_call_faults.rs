//! After an error of any system call, and wherever the program is killed, the file is the old one or the new one,
//! complete.
#![cfg(target_os = "linux")]

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::child::mode;
use crate::harness::skip::without;
use crate::harness::strace_part;
use crate::sandbox::Sandbox;

/// The calls that a change may make on files.
const CALLS: &str = "openat,statx,newfstatat,read,write,pread64,lseek,fsync,renameat2,rename,unlink,unlinkat,flock,fchmod,\
                     fchown,mkdir,getdents64,readlink,ftruncate,close";

const OLD: &str = "old text\n";
const NEW: &str = "new text, which is longer\n";

/// Returns every call of the change: its name, its number among the calls of that name, and its line of the trace.
fn calls(sandbox: &Sandbox, file: &Path) -> Vec<(String, usize, String)> {
    let (run, log) = strace_part::run(sandbox, &["-e", &format!("trace={CALLS}")], ("update", file, NEW));
    assert!(run.is_done(), "{run:?}");
    let mut counts = HashMap::new();
    let own = log.lines().take_while(|line| !line.starts_with("write(1, "));
    let calls: Vec<_> = own
        .filter_map(|line| line.split_once('(').map(|(name, _)| (name.to_owned(), line.to_owned())))
        .map(|(name, line)| {
            let count: &mut usize = counts.entry(name.clone()).or_default();
            *count += 1;
            (name, *count, line)
        })
        .collect();
    assert!(calls.len() > 25, "only these calls were seen: {calls:#?}");
    calls
}

/// Checks that the next run succeeds, the file is private and complete, and no temporary files are left.
fn recovers(sandbox: &Sandbox, file: &Path, context: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text == OLD || text == NEW, "{context}: {text:?}");
    let run = sandbox.run_part("update", file, "the next text\n");
    assert!(run.is_done(), "{context}: {run:?}");
    assert_eq!(fs::read_to_string(file).unwrap(), "the next text\n", "{context}");
    assert_eq!(mode(file), 0o600, "{context}");
    assert_eq!(sandbox.names("config"), ["file"], "{context}");
}

fn home() -> (Sandbox, std::path::PathBuf) {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("config")).unwrap();
    let file = sandbox.write("config/file", OLD);
    (sandbox, file)
}

/// Resets the start of every run: the old file, and no state directory.
fn start_over(sandbox: &Sandbox) {
    sandbox.write("config/file", OLD);
    let _ = fs::remove_dir_all(sandbox.path(".local"));
}

#[test]
fn an_error_of_any_call_leaves_old_or_new_and_says_so() {
    if without("strace") {
        return;
    }
    let (sandbox, file) = home();
    for (name, number, line) in calls(&sandbox, &file) {
        for error in ["EIO", "ENOSPC", "EACCES"] {
            start_over(&sandbox);
            let run =
                strace_part::inject(&sandbox, &format!("{name}:error={error}:when={number}"), ("update", &file, NEW));
            let context = format!("{error} at {line}: {:?}", run.lines);
            let text = fs::read_to_string(&file).unwrap();
            let claims_new = run.is_done() || run.error().contains("is written, but");
            assert_eq!(text, if claims_new { NEW } else { OLD }, "{context}");
            // A file that could not be removed is reported or removed by the next run; nothing else stays behind.
            if !line.starts_with("unlink") {
                assert_eq!(sandbox.names("config"), ["file"], "{context}");
            }
            recovers(&sandbox, &file, &context);
        }
    }
}

#[test]
fn an_interrupted_call_is_repeated() {
    if without("strace") {
        return;
    }
    let (sandbox, file) = home();
    for (name, number, line) in calls(&sandbox, &file) {
        start_over(&sandbox);
        let run = strace_part::inject(&sandbox, &format!("{name}:error=EINTR:when={number}"), ("update", &file, NEW));
        assert!(run.is_done(), "EINTR at {line}: {run:?}");
        assert_eq!(fs::read_to_string(&file).unwrap(), NEW, "EINTR at {line}");
        recovers(&sandbox, &file, &line);
    }
}

#[test]
fn killed_at_any_call_it_leaves_old_or_new_and_the_next_run_clears_up() {
    if without("strace") {
        return;
    }
    let (sandbox, file) = home();
    let mut leftovers = 0;
    for (name, number, line) in calls(&sandbox, &file) {
        start_over(&sandbox);
        let kill = format!("inject={name}:signal=KILL:when={number}");
        let (run, _) = strace_part::run(&sandbox, &["-e", &kill], ("update", &file, NEW));
        assert!(run.lines.is_empty(), "it was not killed at {line}: {run:?}");
        leftovers += usize::from(sandbox.names("config").len() > 1);
        recovers(&sandbox, &file, &format!("killed at {line}"));
    }
    assert!(leftovers > 0, "no kill left anything to clear: the sweep missed the write");
}

#[test]
fn without_locks_nothing_is_written() {
    if without("strace") {
        return;
    }
    let (sandbox, file) = home();
    for error in ["ENOLCK", "EOPNOTSUPP"] {
        let run = strace_part::inject(&sandbox, &format!("flock:error={error}"), ("update", &file, NEW));
        assert!(run.error().starts_with("cannot lock `"), "{run:?}");
        assert!(run.lines[1].starts_with("hint: set `XDG_STATE_HOME`"), "{run:?}");
        assert_eq!(fs::read_to_string(&file).unwrap(), OLD);
    }
}

#[test]
fn where_names_cannot_be_exchanged_the_file_is_renamed() {
    if without("strace") {
        return;
    }
    for error in ["EINVAL", "ENOSYS"] {
        let (sandbox, file) = home();
        let other = sandbox.path("config/other");
        for path in [&file, &other] {
            assert!(
                strace_part::inject(&sandbox, &format!("renameat2:error={error}"), ("update", path, NEW)).is_done()
            );
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), NEW);
        assert_eq!(fs::read_to_string(&other).unwrap(), NEW);
        assert_eq!(sandbox.names("config"), ["file", "other"]);
    }
}

#[test]
fn where_names_cannot_be_exchanged_an_edit_since_reading_stays() {
    if without("strace") {
        return;
    }
    let (sandbox, file) = home();
    let run = strace_part::inject(&sandbox, "renameat2:error=EINVAL", ("append_while_edited", &file, "new"));
    assert!(run.is_done(), "{run:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("{OLD}by hand\nnew\n"));
}

#[test]
fn an_error_of_the_exchange_itself_is_reported() {
    if without("strace") {
        return;
    }
    let (sandbox, file) = home();
    for error in ["EBUSY", "EXDEV", "EROFS", "EDQUOT", "EPERM"] {
        let run = strace_part::inject(&sandbox, &format!("renameat2,rename:error={error}"), ("update", &file, NEW));
        assert!(run.error().starts_with(&format!("cannot replace `{}`: ", file.display())), "{run:?}");
        assert!(run.error().ends_with(&format!("; `{}` is as it was", file.display())), "{run:?}");
        assert_eq!(fs::read_to_string(&file).unwrap(), OLD);
        assert_eq!(sandbox.names("config"), ["file"]);
    }
}

/// Edits the file while the program is stopped before its exchange, in one of the ways that editors use.
fn edit_at_the_swap(edit: fn(&Path)) {
    if without("strace") {
        return;
    }
    let (sandbox, file) = home();
    let written_aside = |name: &String| {
        name != "file"
            && fs::read_to_string(sandbox.path("config").join(name)).is_ok_and(|text| text.contains("program"))
    };
    let options = ["-e", "inject=renameat2:delay_enter=1000000:when=1"];
    let (run, log) = strace_part::run_while(&sandbox, &options, ("append", &file, "by the program"), || {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !sandbox.names("config").iter().any(written_aside) {
            assert!(Instant::now() < deadline, "the program never wrote a temporary file");
            std::thread::sleep(Duration::from_millis(5));
        }
        // Only a few quick calls separate writing the temporary file from the exchange; the exchange waits a second.
        std::thread::sleep(Duration::from_millis(300));
        edit(&file);
    });
    assert!(run.is_done(), "{run:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "by hand\nby the program\n");
    assert_eq!(sandbox.names("config"), ["file"]);
    // The edit came after the last check: the exchange was made, undone and repeated.
    assert_eq!(log.matches("RENAME_EXCHANGE) = 0").count(), 3, "{log}");
}

#[test]
fn a_save_in_place_at_the_last_moment_stays() {
    edit_at_the_swap(|file| fs::write(file, "by hand\n").unwrap());
}

#[test]
fn a_save_by_rename_at_the_last_moment_stays() {
    edit_at_the_swap(|file| {
        let other = file.with_file_name("editors-own");
        fs::write(&other, "by hand\n").unwrap();
        fs::rename(other, file).unwrap();
    });
}
