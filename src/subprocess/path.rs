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

#[cfg(unix)]
fn runnable(path: PathBuf) -> Option<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = path.metadata().ok()?;
    (metadata.is_file() && metadata.permissions().mode() & 0o111 != 0).then_some(path)
}

/// Accepts only an `.exe` on Windows: a shell runs `.bat` and `.cmd`.
#[cfg(windows)]
fn runnable(path: PathBuf) -> Option<PathBuf> {
    let path = if path.extension().is_none() { path.with_extension("exe") } else { path };
    let executable = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("exe"));
    (executable && path.is_file()).then_some(path)
}
