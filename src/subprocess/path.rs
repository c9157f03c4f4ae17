//! Finds programs in `PATH`.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Finds the program of that name in `PATH`, or at that absolute path.
pub fn find(name: &str) -> Option<PathBuf> {
    find_in(name, &env::var_os("PATH").unwrap_or_default())
}

/// Finds the program of that name in this value of `PATH`, or at that absolute path.
///
/// Empty and relative entries of `PATH` are ignored, and so is a relative path: all of them mean the current directory,
/// where anybody may have put a program (GHSA-2gq7-ww4j-3m76).
pub fn find_in(name: &str, path: &OsStr) -> Option<PathBuf> {
    if Path::new(name).is_absolute() {
        return runnable(PathBuf::from(name));
    }
    if name.is_empty() || name.contains(['/', '\\']) {
        return None;
    }
    env::split_paths(path)
        .filter(|directory| directory.is_absolute())
        .find_map(|directory| runnable(directory.join(name)))
}

/// Returns the path of the program at this one, which may be relative: only what the user wrote is looked for there.
#[cfg(unix)]
pub fn runnable(path: PathBuf) -> Option<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = path.metadata().ok()?;
    (metadata.is_file() && metadata.permissions().mode() & 0o111 != 0).then_some(path)
}

/// Accepts scripts of cmd as well, with or without their ending: `gcloud`, `az` and `npm` are some. The standard library
/// escapes their arguments, and starts none where it cannot (CVE-2024-24576).
#[cfg(windows)]
pub fn runnable(path: PathBuf) -> Option<PathBuf> {
    const ENDINGS: [&str; 3] = ["exe", "bat", "cmd"];
    let is_program = |path: &PathBuf| {
        let ending = path.extension().unwrap_or_default();
        ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)) && path.is_file()
    };
    if is_program(&path) {
        return Some(path);
    }
    ENDINGS.into_iter().find_map(|ending| {
        let mut name = path.clone().into_os_string();
        name.push(".");
        name.push(ending);
        Some(PathBuf::from(name)).filter(is_program)
    })
}
