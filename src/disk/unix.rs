//! File owners, modes, mounts and exchange on Unix. `windows.rs` has the same functions for a system without them.

#[cfg(target_os = "linux")]
#[path = "unix/access_list.rs"]
mod access_list;
#[path = "unix/holder.rs"]
mod holder;
#[path = "unix/trust.rs"]
mod trust;

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File, FileType, Metadata, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::Path;

#[cfg(target_os = "linux")]
use rustix::fs::StatxAttributes;
use rustix::fs::{Access, OFlags};
use rustix::process::{getegid, geteuid};

use crate::disk::snapshot::Snapshot;
use crate::disk::{cannot, retry};
use crate::error::Result;
use crate::term;

pub use holder::{has_ended, holder};
pub use trust::{
    check_changeable, check_file, check_owner, check_trusted, check_way, check_writers, is_ours, is_root, other_owner,
};

/// The next step after permission was denied. On macOS an app needs consent to read Desktop, Documents and Downloads.
pub const DENIED: &str = if cfg!(target_os = "macos") {
    "fix the permissions of the file and its directory, or allow your terminal to read that directory (System Settings, \
     Privacy & Security, Files & Folders), or choose another file"
} else {
    "fix the permissions of the file and its directory, or choose another file"
};

const PRIVATE: u32 = 0o600;
/// The mode bits that give access to others, or make a file executable.
const LOOSE: u32 = 0o7177;

/// Opens for reading without waiting for the other end of a pipe.
pub fn reading() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed());
    options
}

/// Creates a file that must not exist yet, not even as a link.
pub fn creating() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true).mode(PRIVATE).custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
    options
}

/// Creates a new file that everybody may read and write whom the umask admits.
pub fn creating_public() -> OpenOptions {
    let mut options = creating();
    options.mode(0o666);
    options
}

/// Opens a lock file, or creates it, with mode 0600 whatever the umask. One of this user that an umask has closed is repaired.
pub fn open_lock(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(PRIVATE);
    options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    let is_closed = |metadata: &Metadata| metadata.is_file() && metadata.mode() & PRIVATE != PRIVATE;
    let file = match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            fs::symlink_metadata(path).ok().filter(|found| is_ours(found) && is_closed(found)).ok_or(error)?;
            fs::set_permissions(path, Permissions::from_mode(PRIVATE))?;
            options.open(path)?
        }
        opened => opened?,
    };
    if file.metadata().is_ok_and(|metadata| is_closed(&metadata)) {
        make_private(&file)?;
    }
    Ok(file)
}

/// Creates a directory with mode 0700, whatever the umask.
pub fn make_private_directory(directory: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(directory)?;
    fs::set_permissions(directory, Permissions::from_mode(0o700))
}

/// Whether nothing can be changed where the file is: even its mode.
pub fn is_read_only(path: &Path) -> bool {
    use rustix::fs::StatVfsMountFlags;
    rustix::fs::statvfs(path).is_ok_and(|system| system.f_flag.contains(StatVfsMountFlags::RDONLY))
}

/// Whether the disk has no room for another file, whatever room there is for data.
pub fn has_no_inodes(path: &Path) -> bool {
    rustix::fs::statvfs(path).is_ok_and(|system| system.f_files > 0 && system.f_favail == 0)
}

/// Whether a file can be created in the directory; it may be mounted read-only.
pub fn is_writable(directory: &Path) -> bool {
    rustix::fs::access(directory, Access::WRITE_OK | Access::EXEC_OK).is_ok() && !is_of_kernel(directory)
}

/// Whether it shows what the kernel knows (`/proc`, `/sys`): root has permission there, and nobody can create a file.
#[cfg(target_os = "linux")]
fn is_of_kernel(directory: &Path) -> bool {
    /// `PROC_SUPER_MAGIC`, `SYSFS_MAGIC`
    const MAGIC: [rustix::fs::FsWord; 2] = [0x9fa0, 0x6265_6572];
    rustix::fs::statfs(directory).is_ok_and(|system| MAGIC.contains(&system.f_type))
}

#[cfg(not(target_os = "linux"))]
fn is_of_kernel(_: &Path) -> bool {
    false
}

pub fn sync_directory(directory: &Path) -> io::Result<()> {
    sync(&opened(directory)?)
}

/// Writes through to the disk.
#[cfg(not(target_vendor = "apple"))]
pub fn sync(file: &File) -> io::Result<()> {
    file.sync_all()
}

/// Writes through to the disk. The call of the standard library (F_FULLFSYNC) is unknown to network volumes, which return one of
/// three errors: https://github.com/libuv/libuv/pull/2135
#[cfg(target_vendor = "apple")]
pub fn sync(file: &File) -> io::Result<()> {
    use rustix::io::Errno;
    file.sync_all().or_else(|error| match Errno::from_io_error(&error) {
        Some(Errno::NOTSUP | Errno::NOTTY | Errno::INVAL) => Ok(rustix::fs::fsync(file)?),
        _ => Err(error),
    })
}

/// Opens a directory, and nothing else that somebody put there meanwhile: opening a pipe would wait for its other end.
fn opened(directory: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(OFlags::DIRECTORY.bits().cast_signed()).open(directory)
}

/// What is below a file has an error of its own here.
pub fn check_missing(_: &Path) -> Result<()> {
    Ok(())
}

/// Returns the names in a directory that begin like that; it may be one with thousands of others. Not with
/// `std::fs::read_dir`, which panics if closing the directory fails.
pub fn names(directory: &Path, beginning: &OsStr) -> io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in rustix::fs::Dir::new(OwnedFd::from(opened(directory)?))? {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if name != b"." && name != b".." && name.starts_with(beginning.as_bytes()) {
            names.push(OsStr::from_bytes(name).to_owned());
        }
    }
    Ok(names)
}

/// Sets mode 0600, whatever the umask.
pub fn make_private(file: &File) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(PRIVATE))
}

/// Removes permissions of others from a file's mode. Returns a note about that.
pub fn tighten(path: &Path, seen: &Snapshot) -> Result<Option<String>> {
    let note = loose_mode(path, &seen.metadata);
    if note.is_some() {
        retry(|| make_private(&seen.file)).map_err(|error| cannot("set the mode of", path, &error))?;
    }
    Ok(note)
}

/// Returns notes about a file that was replaced by a private one.
pub fn notes(path: &Path, old: &Snapshot) -> Vec<String> {
    let mut notes = Vec::from_iter(loose_mode(path, &old.metadata));
    if old.metadata.nlink() > 1 {
        notes.push(format!("{} had other names (hard links): they keep the old text", term::path(path)));
    }
    notes
}

fn loose_mode(path: &Path, old: &Metadata) -> Option<String> {
    let mode = old.mode() & 0o7777;
    (mode & LOOSE != 0).then(|| format!("the mode of {} was {mode:04o}; it is 0600 now", term::path(path)))
}

/// Keeps the owner of a file that root replaces.
pub fn keep_owner(new: &File, old: &Metadata) -> io::Result<()> {
    if geteuid().is_root() && (old.uid(), old.gid()) != (geteuid().as_raw(), getegid().as_raw()) {
        fchown(new, Some(old.uid()), Some(old.gid()))?;
        sync(new)?;
    }
    Ok(())
}

/// Exchanges the names of two files at once; false if the kernel or the file system cannot.
pub fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
            Ok(()) => Ok(true),
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    {
        let _ = (one, other);
        Ok(false)
    }
}

/// Whether the error means that the file system has no hard links.
pub fn cannot_link(error: &io::Error) -> bool {
    use rustix::io::Errno;
    matches!(Errno::from_io_error(error), Some(Errno::PERM | Errno::NOSYS | Errno::NOTSUP | Errno::MLINK))
}

/// Whether that open file is the one at that path.
pub fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let ours = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(there) => Ok((ours.dev(), ours.ino()) == (there.dev(), there.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Always false: on Unix an open file does not block others.
pub fn is_held(_: &io::Error) -> bool {
    false
}

/// Always `None`: the mode shows it.
pub fn exposed(_: &Path) -> Option<String> {
    None
}

/// Asked of the kernel (Linux 5.8): device numbers do not show it, since file and directory of an overlay may differ.
#[cfg(target_os = "linux")]
fn is_mount_point(path: &Path, _: &Metadata, _: &Metadata) -> bool {
    has_attribute(path, StatxAttributes::MOUNT_ROOT)
}

#[cfg(not(target_os = "linux"))]
fn is_mount_point(_: &Path, file: &Metadata, directory: &Metadata) -> bool {
    file.dev() != directory.dev()
}

#[cfg(target_os = "linux")]
fn is_immutable(path: &Path) -> bool {
    has_attribute(path, StatxAttributes::IMMUTABLE | StatxAttributes::APPEND)
}

/// By a flag of the file or of the system, for example what the Finder calls locked.
#[cfg(target_os = "macos")]
fn is_immutable(path: &Path) -> bool {
    use std::os::macos::fs::MetadataExt as _;
    /// UF_IMMUTABLE, UF_APPEND, SF_IMMUTABLE, SF_APPEND of sys/stat.h.
    const FLAGS: u32 = 0x2 | 0x4 | 0x2_0000 | 0x4_0000;
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.st_flags() & FLAGS != 0)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn is_immutable(_: &Path) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn has_attribute(path: &Path, wanted: StatxAttributes) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxFlags, statx};
    statx(CWD, path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BASIC_STATS)
        .is_ok_and(|found| (found.stx_attributes & found.stx_attributes_mask).intersects(wanted))
}

/// Returns what a file that is not a regular one is, in words.
pub fn kind(kind: FileType) -> &'static str {
    if kind.is_dir() {
        "a directory"
    } else if kind.is_fifo() {
        "a pipe (FIFO)"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_char_device() || kind.is_block_device() {
        "a device"
    } else {
        "something else"
    }
}

/// Returns the permission bits.
pub fn mode(metadata: &Metadata) -> Option<u32> {
    Some(metadata.mode() & 0o7777)
}

/// Opens a file and locks it; `None` if another run holds it, or the file system has no locks.
pub fn hold(path: &Path) -> Option<File> {
    let file = reading().open(path).ok()?;
    file.try_lock().ok().map(|()| file)
}

/// Whether another run holds the file. Uses a shared lock, so that two callers do not mistake each other for holders.
pub fn is_held_by_another(path: &Path) -> bool {
    reading().open(path).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// Lets the programs that this one starts inherit the file, and with it its lock.
pub fn pass_on(file: &File) -> io::Result<()> {
    rustix::io::fcntl_setfd(file, rustix::io::FdFlags::empty()).map_err(Into::into)
}
