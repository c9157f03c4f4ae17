//! What Unix calls owner, mode, mount and exchange. `windows.rs` has the same functions for a system
//! without them.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File, FileType, Metadata, OpenOptions, Permissions};
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
use crate::disk::{cannot, directory_of, retry};
use crate::error::{Error, Result};
use crate::term;

const PRIVATE: u32 = 0o600;
/// Linux: the uid of who is not mapped into this user namespace (`/proc/sys/kernel/overflowuid`).
const OVERFLOW_UID: u32 = 65_534;
/// The mode bits that let others in, or let anybody run the file.
const LOOSE: u32 = 0o7177;

/// To read without waiting for the other end of a pipe.
pub fn reading() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed());
    options
}

/// To create a file that must not be there yet, not even as a link.
pub fn creating() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true).mode(PRIVATE).custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
    options
}

/// To open a lock file, or to create it.
pub fn locking() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(PRIVATE);
    options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    options
}

pub fn make_private_directory(directory: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(directory)
}

/// Whether the system would let us make a file in the directory; it may be mounted read-only.
pub fn is_writable(directory: &Path) -> bool {
    rustix::fs::access(directory, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

pub fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// The names in a directory. Not `std::fs::read_dir`: that panics if closing the directory fails.
pub fn names(directory: &Path) -> io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in rustix::fs::Dir::new(OwnedFd::from(File::open(directory)?))? {
        let entry = entry?;
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        if name != "." && name != ".." {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// 0600 whatever the umask made of it.
pub fn make_private(file: &File) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(PRIVATE))
}

/// Takes away what a file's mode grants to others. Returns what to tell the user about that.
pub fn tighten(path: &Path, seen: &Snapshot) -> Result<Option<String>> {
    let note = loose_mode(path, &seen.metadata);
    if note.is_some() {
        retry(|| make_private(&seen.file)).map_err(|error| cannot("set the mode of", path, &error))?;
    }
    Ok(note)
}

/// What to tell the user about a file that was replaced by a private one.
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

/// A file that root replaces stays its owner's.
pub fn keep_owner(new: &File, old: &Metadata) -> io::Result<()> {
    if geteuid().is_root() && (old.uid(), old.gid()) != (geteuid().as_raw(), getegid().as_raw()) {
        fchown(new, Some(old.uid()), Some(old.gid()))?;
        new.sync_all()?;
    }
    Ok(())
}

/// Swaps the files of two names in one step; false where kernel or file system cannot.
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

/// Whether that says that the file system has no hard links.
pub fn cannot_link(error: &io::Error) -> bool {
    use rustix::io::Errno;
    matches!(Errno::from_io_error(error), Some(Errno::PERM | Errno::NOSYS | Errno::NOTSUP | Errno::MLINK))
}

/// Whether that open file is what stands at that path.
pub fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let ours = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(there) => Ok((ours.dev(), ours.ino()) == (there.dev(), there.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Reading asks nobody's leave here: opening a file keeps no one else out.
pub fn is_held(_: &io::Error) -> bool {
    false
}

/// The mode tells.
pub fn exposed(_: &Path) -> Option<String> {
    None
}

pub fn is_ours(metadata: &Metadata) -> bool {
    metadata.uid() == geteuid().as_raw()
}

/// Whether the owner is root. In a user namespace whoever is not mapped into it shows as the overflow uid: on the way to a
/// file those are the system's own directories, and nobody in the namespace can become their owner.
fn is_roots(metadata: &Metadata) -> bool {
    metadata.uid() == 0 || (metadata.uid() == OVERFLOW_UID && is_unmapped(OVERFLOW_UID))
}

/// Whether the user namespace of this process has no user of that id.
fn is_unmapped(uid: u32) -> bool {
    let Ok(map) = fs::read_to_string("/proc/self/uid_map") else { return false };
    let covers = |line: &str| {
        let mut numbers = line.split_whitespace().map(str::parse::<u64>);
        let (Some(Ok(first)), Some(Ok(_)), Some(Ok(count))) = (numbers.next(), numbers.next(), numbers.next()) else {
            return true;
        };
        (first..first.saturating_add(count)).contains(&u64::from(uid))
    };
    !map.lines().any(covers)
}

/// A link or a directory on the way to a file: refused if it lets another user decide what stands there.
pub fn check_way(path: &Path, metadata: &Metadata) -> Result<()> {
    let what = if metadata.is_symlink() { "link" } else { "directory" };
    if !is_roots(metadata) && !is_ours(metadata) {
        let message = format!("{what} {} belongs to another user (uid {})", term::path(path), metadata.uid());
        return Err(
            Error::io(message).hint("use a file in a directory of your own, below directories of yours or of root")
        );
    }
    if !metadata.is_dir() || metadata.mode() & 0o1000 != 0 {
        return Ok(());
    }
    let (who, right) = match metadata.mode() {
        mode if mode & 0o002 != 0 => ("everybody".to_owned(), "o-w"),
        mode if mode & 0o020 != 0 && !is_trusted_group(metadata.gid()) => (format!("group {}", metadata.gid()), "g-w"),
        _ => return Ok(()),
    };
    let message = format!("{who} may write into directory {}, and so replace the file in it", term::path(path));
    let hint = match is_ours(metadata) {
        true => format!("run `chmod {right} {}`", term::plain_path(path)),
        false => "use a file in a directory of your own".to_owned(),
    };
    Err(Error::io(message).hint(hint))
}

/// A file that says what is to be run: refused if it is neither ours nor root's, or if others may write it.
pub fn check_trusted(path: &Path, metadata: &Metadata) -> Result<()> {
    if metadata.uid() != 0 && !is_ours(metadata) {
        let message = format!("{} belongs to another user (uid {})", term::path(path), metadata.uid());
        return Err(Error::io(message).hint("use a file of your own: it names programs that are run"));
    }
    if metadata.mode() & 0o022 != 0 {
        let message = format!("others may write {}, which names programs that are run", term::path(path));
        return Err(Error::io(message).hint(format!("run `chmod go-w {}`", term::plain_path(path))));
    }
    Ok(())
}

/// A file that shall be replaced: refused if it is not ours to replace, or cannot be.
pub fn check_file(path: &Path, metadata: &Metadata) -> Result<()> {
    let directory =
        retry(|| fs::metadata(directory_of(path))).map_err(|error| cannot("look at", directory_of(path), &error))?;
    // Root may keep another user's file in order, but not take one for real that anybody could have put there.
    if !is_ours(metadata) && (!geteuid().is_root() || everybody_writes(&directory)) {
        let message = format!("{} belongs to another user (uid {})", term::path(path), metadata.uid());
        return Err(Error::io(message).hint(format!(
            "copy it to a file of your own, or as root: `chown {} {}`",
            geteuid().as_raw(),
            term::plain_path(path)
        )));
    }
    if is_mount_point(path, metadata, &directory) {
        let message = format!("{} is mounted by itself, so it cannot be replaced in one step", term::path(path));
        return Err(Error::io(message).hint("mount its directory instead of the single file"));
    }
    if is_immutable(path) {
        let message = format!("{} is marked as never to be changed", term::path(path));
        return Err(Error::io(message).hint("take the mark away (`chattr -i -a`)"));
    }
    Ok(())
}

/// Whether a group is as good as its user: root's, or the one that has this user's name, which many systems make for each user.
/// Unknown groups are not. The rule of the crate `fs-mistrust`, without the lookups that need unsafe code.
fn is_trusted_group(gid: u32) -> bool {
    gid == 0
        || (gid == getegid().as_raw()
            && name_of_id("/etc/passwd", geteuid().as_raw())
                .is_some_and(|user| name_of_id("/etc/group", gid).is_some_and(|group| group == user)))
}

/// The name of that number in `/etc/passwd` or `/etc/group`.
fn name_of_id(table: &str, id: u32) -> Option<String> {
    let text = fs::read_to_string(table).ok()?;
    let line = text.lines().find(|line| line.split(':').nth(2).and_then(|number| number.parse().ok()) == Some(id))?;
    line.split(':').next().map(str::to_owned)
}

fn everybody_writes(metadata: &Metadata) -> bool {
    metadata.mode() & 0o002 != 0
}

/// The kernel tells, since Linux 5.8; the numbers of the disks do not, as file and directory of an overlay may differ there.
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

#[cfg(not(target_os = "linux"))]
fn is_immutable(_: &Path) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn has_attribute(path: &Path, wanted: StatxAttributes) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxFlags, statx};
    statx(CWD, path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BASIC_STATS)
        .is_ok_and(|found| (found.stx_attributes & found.stx_attributes_mask).intersects(wanted))
}

/// What something that is not a regular file is, in words.
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

/// The permission bits.
pub fn mode(metadata: &Metadata) -> Option<u32> {
    Some(metadata.mode() & 0o7777)
}
