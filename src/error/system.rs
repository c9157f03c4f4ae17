//! Errors of the operating system in our own words: one wording on every system, in every language, and no numbers.

use std::io::{self, ErrorKind};

/// The reason of a call that would need one more descriptor.
pub const TOO_MANY_FILES: &str = "too many files are open";

/// The reason of a call on a path that leads nowhere.
pub const LINKS_IN_A_CIRCLE: &str = "its symbolic links lead in a circle";

/// Returns why a call failed, worded to follow a colon: `cannot read FILE: permission denied`.
pub fn system_reason(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::NotFound => "it does not exist",
        ErrorKind::PermissionDenied => "permission denied",
        ErrorKind::AlreadyExists => "it already exists",
        ErrorKind::StorageFull => "the disk is full",
        ErrorKind::QuotaExceeded => "the disk quota is used up",
        ErrorKind::FileTooLarge => "the file would be too large",
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => "it is in use",
        ErrorKind::NotADirectory => "a part of the path is not a directory",
        ErrorKind::IsADirectory => "it is a directory",
        ErrorKind::DirectoryNotEmpty => "the directory is not empty",
        ErrorKind::InvalidFilename => "the name is too long or not valid",
        ErrorKind::TooManyLinks => "it has too many hard links",
        ErrorKind::CrossesDevices => "it is on another file system",
        ErrorKind::StaleNetworkFileHandle => "the network file system has lost it",
        ErrorKind::ArgumentListTooLong => "arguments and environment are too long",
        ErrorKind::OutOfMemory => "out of memory",
        ErrorKind::Interrupted => "interrupted by a signal",
        ErrorKind::TimedOut => "no response in time",
        ErrorKind::WouldBlock => "it is not available now",
        ErrorKind::BrokenPipe => "the other end is closed",
        ErrorKind::InvalidData => "it is not UTF-8 text",
        ErrorKind::UnexpectedEof => "it ended too early",
        ErrorKind::Unsupported => "this system does not support it",
        ErrorKind::AddrInUse => "the port is in use",
        ErrorKind::AddrNotAvailable => "this machine does not have the address",
        ErrorKind::ConnectionRefused => "the connection was refused",
        _ => by_number(error),
    }
}

#[cfg(unix)]
fn by_number(error: &io::Error) -> &'static str {
    use rustix::io::Errno;
    match Errno::from_io_error(error) {
        Some(Errno::IO) => "the device reports an error",
        Some(Errno::LOOP) => LINKS_IN_A_CIRCLE,
        Some(Errno::MFILE | Errno::NFILE) => TOO_MANY_FILES,
        Some(Errno::NOEXEC) => "this system cannot run a file of that kind",
        Some(Errno::NOLCK) => "the file system has no locks left",
        Some(Errno::NODEV | Errno::NXIO) => "there is no such device",
        Some(Errno::INVAL) => "the file system does not accept this",
        _ => "the operating system gives no clear reason",
    }
}

/// The numbers of winerror.h.
#[cfg(windows)]
fn by_number(error: &io::Error) -> &'static str {
    match error.raw_os_error() {
        Some(4) => TOO_MANY_FILES,
        Some(32 | 33) => "it is in use",
        Some(193 | 216) => "this system cannot run a file of that kind",
        Some(483 | 1117) => "the device reports an error",
        Some(681 | 1921) => LINKS_IN_A_CIRCLE,
        Some(740) => "it may only be run as an administrator",
        None if error.kind() == ErrorKind::InvalidInput => "an argument cannot be passed on",
        _ => "the operating system gives no clear reason",
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io;

    use super::system_reason;

    /// The library's own texts differ from system to system and carry a number.
    #[test]
    fn every_usual_error_has_words_of_ours() {
        use rustix::io::Errno;
        for (errno, words) in [
            (Errno::NOENT, "it does not exist"),
            (Errno::ACCESS, "permission denied"),
            (Errno::PERM, "permission denied"),
            (Errno::NOSPC, "the disk is full"),
            (Errno::DQUOT, "the disk quota is used up"),
            (Errno::ROFS, "the file system is read-only"),
            (Errno::FBIG, "the file would be too large"),
            (Errno::IO, "the device reports an error"),
            (Errno::LOOP, "its symbolic links lead in a circle"),
            (Errno::MFILE, "too many files are open"),
            (Errno::NAMETOOLONG, "the name is too long or not valid"),
            (Errno::NOEXEC, "this system cannot run a file of that kind"),
            (Errno::TXTBSY, "it is in use"),
        ] {
            assert_eq!(system_reason(&io::Error::from(errno)), words, "{errno:?}");
        }
        assert_eq!(system_reason(&io::Error::from_raw_os_error(9_999)), "the operating system gives no clear reason");
    }
}
