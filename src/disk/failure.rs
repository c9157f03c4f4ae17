//! The error of a call on a path, with the next step.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::disk::system;
use crate::error::{Error, LINKS_IN_A_CIRCLE, TOO_MANY_FILES, system_reason};
use crate::{paths, term};

/// Returns the error of a call on a path. The system's error is a fixed text that quotes nothing.
pub(super) fn cannot(verb: &str, path: &Path, error: &io::Error) -> Error {
    if error.kind() == ErrorKind::NotFound && path.is_dir() {
        let message = format!("cannot {verb} {}: its file system accepts none", term::path(path));
        return Error::io(message).hint("choose a file elsewhere");
    }
    let is_without_inodes = error.kind() == ErrorKind::StorageFull && system::has_no_inodes(path);
    let reason = if is_without_inodes { "the disk has no inode left for another file" } else { system_reason(error) };
    let known = Error::io(format!("cannot {verb} {}: {reason}", term::path(path)));
    match error.kind() {
        _ if is_without_inodes => known.hint("remove files from that disk and try again"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => known.hint("free some space on that disk and try again"),
        ErrorKind::ReadOnlyFilesystem => known.hint("make that file system writable"),
        ErrorKind::ResourceBusy => known.hint("if it is a mount point, mount its directory instead"),
        ErrorKind::FileTooLarge => known.hint("raise the file size limit (`ulimit -f unlimited`) and try again"),
        ErrorKind::PermissionDenied => known.hint(denied(path)),
        _ if system::is_held(error) => known.hint(system::DENIED),
        ErrorKind::NotADirectory => known.hint("check the path: a part of it is a file where a directory should be"),
        _ if system_reason(error) == LINKS_IN_A_CIRCLE => known.hint("fix or remove the link"),
        _ if system_reason(error) == TOO_MANY_FILES => known.hint("raise the limit on open files: `ulimit -n 256`"),
        _ => known.hint("check the path and the disk that it leads to, then try again"),
    }
}

/// Returns the next step after permission was denied: below the home directory of another user, `su` or a service kept `HOME`.
fn denied(path: &Path) -> String {
    let home = paths::home().ok().filter(|home| path.starts_with(home));
    match home.and_then(|home| fs::metadata(home).ok()).filter(|home| home.is_dir() && !system::is_ours(home)) {
        Some(_) => {
            format!("`{}` is the home directory of another user: set it to your own, as `sudo -H` does", paths::HOME)
        }
        None => system::DENIED.to_owned(),
    }
}
