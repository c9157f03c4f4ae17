//! Finds out which process holds a lock.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

use super::names;

/// Whether that process has ended, or its number is that of another program now.
pub fn has_ended(process: u32) -> bool {
    let Some(id) = i32::try_from(process).ok().and_then(Pid::from_raw) else { return false };
    let is_another = || name(process).is_some_and(|name_there| Some(name_there) != name(std::process::id()));
    test_kill_process(id) == Err(Errno::SRCH) || is_another()
}

/// Returns the number and the name of a process that has that file open with its lock, as far as `/proc` shows it.
pub fn holder(path: &Path) -> Option<(u32, String)> {
    let all = names(Path::new("/proc"), "".as_ref()).ok()?;
    let mut processes = all.iter().filter_map(|process| process.to_str()?.parse().ok());
    let process = processes.find(|process| holds(*process, path))?;
    Some((process, name(process)?))
}

fn holds(process: u32, path: &Path) -> bool {
    let place = Path::new("/proc").join(process.to_string());
    let is_lock = |name: &OsString| {
        fs::read_link(place.join("fd").join(name)).is_ok_and(|file| file == path)
            && fs::read(place.join("fdinfo").join(name))
                .is_ok_and(|info| info.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"lock:")))
    };
    names(&place.join("fd"), "".as_ref()).is_ok_and(|descriptors| descriptors.iter().any(is_lock))
}

fn name(process: u32) -> Option<String> {
    let name = fs::read(format!("/proc/{process}/comm")).ok()?;
    Some(String::from_utf8_lossy(&name).trim_end().to_owned())
}
