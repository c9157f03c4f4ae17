//! Checks the owner of a file or directory, and who else may change it.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::OnceLock;

use rustix::process::{Uid, getegid, geteuid};

#[cfg(target_os = "linux")]
use super::access_list::{self, Writer};
use super::{is_immutable, is_mount_point, is_writable};
use crate::disk::{cannot, directory_of, retry};
use crate::error::{Error, Result};
use crate::term;

/// Linux: the uid that stands for unmapped users in this user namespace (`/proc/sys/kernel/overflowuid`).
const OVERFLOW_UID: u32 = 65_534;
/// In such a directory users cannot rename or remove each other's files.
const STICKY: u32 = 0o1000;

/// Returns the user of this process, which never changes.
fn own() -> Uid {
    static OWN: OnceLock<Uid> = OnceLock::new();
    *OWN.get_or_init(geteuid)
}

pub fn is_root() -> bool {
    own().is_root()
}

pub fn is_ours(metadata: &Metadata) -> bool {
    metadata.uid() == own().as_raw()
}

/// Whether the owner is root. In a user namespace, root and every other user may appear as the overflow uid: the directories on
/// the way to a file then belong to the system, and nobody in the namespace can become their owner. What anybody could have put
/// there may be another user's, and so may a directory that this user was given write access to.
fn is_roots(path: &Path, metadata: &Metadata) -> bool {
    let is_sticky = |metadata: &Metadata| metadata.mode() & STICKY != 0;
    let is_anybodys = || fs::symlink_metadata(directory_of(path)).is_ok_and(|directory| is_sticky(&directory));
    let is_lent = || metadata.is_dir() && !is_sticky(metadata) && is_writable(path);
    metadata.uid() == 0 || (metadata.uid() == OVERFLOW_UID && is_unmapped(OVERFLOW_UID) && !is_anybodys() && !is_lent())
}

/// Whether the uid is unmapped in the user namespace of this process.
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

/// Returns the owner, unless that is this user or root.
pub fn other_owner(path: &Path, metadata: &Metadata) -> Option<u32> {
    (!is_ours(metadata) && !is_roots(path, metadata)).then(|| metadata.uid())
}

/// Fails for a link or a directory on the way to a file that lets another user decide what is there.
pub fn check_way(path: &Path, metadata: &Metadata) -> Result<()> {
    let what = if metadata.is_symlink() { "link" } else { "directory" };
    if !is_roots(path, metadata) && !is_ours(metadata) {
        let message = format!("{what} {} belongs to another user (uid {})", term::path(path), metadata.uid());
        let hint = match is_root() {
            true => "run it as that user, without `sudo`, or use a file in a directory of your own",
            false => "use a file in a directory of your own, below directories of yours or of root",
        };
        return Err(Error::io(message).hint(hint));
    }
    if !metadata.is_dir() || metadata.mode() & STICKY != 0 {
        return Ok(());
    }
    let Some((who, right)) = others_who_write(path, metadata) else { return Ok(()) };
    let message = format!("{who} may write into directory {}, and so replace the file in it", term::path(path));
    let hint = match is_ours(metadata) {
        true => format!("run `chmod {right} {}`", term::quoted(path)),
        false => "use a file in a directory of your own".to_owned(),
    };
    Err(Error::io(message).hint(hint))
}

/// Fails for a file that is to be read if others may write it: they may have put another credential there.
pub fn check_writers(path: &Path, metadata: &Metadata) -> Result<()> {
    let Some((who, _)) = others_who_write(path, metadata).filter(|_| metadata.is_file()) else { return Ok(()) };
    let message = format!("{who} may write {}, and so put another credential there", term::path(path));
    let hint = format!("run `chmod 600 {}`, and check what is in it", term::quoted(path));
    Err(Error::io(message).hint(hint))
}

/// Returns who besides this user and root may write, and the permission to take away.
fn others_who_write(path: &Path, metadata: &Metadata) -> Option<(String, &'static str)> {
    match metadata.mode() {
        mode if mode & 0o002 != 0 => Some(("everybody".to_owned(), "o-w")),
        mode if mode & 0o020 != 0 => other_writer(path, metadata).map(|who| (who, "g-w")),
        _ => None,
    }
}

/// Returns who besides this user and root may write what has group write permission.
fn other_writer(path: &Path, metadata: &Metadata) -> Option<String> {
    let group = |gid: u32| (!is_trusted_group(gid)).then(|| format!("group {gid}"));
    #[cfg(target_os = "linux")]
    if let Some(writers) = access_list::writers(path) {
        return writers.into_iter().find_map(|writer| match writer {
            Writer::User(uid) => (uid != 0 && uid != geteuid().as_raw()).then(|| format!("user {uid}")),
            Writer::OwningGroup => group(metadata.gid()),
            Writer::Group(gid) => group(gid),
        });
    }
    #[cfg(not(target_os = "linux"))]
    let _ = path;
    group(metadata.gid())
}

/// Fails for a file that names programs to run if another user than root owns it, or others may write it.
pub fn check_trusted(path: &Path, metadata: &Metadata) -> Result<()> {
    if metadata.uid() != 0 && !is_ours(metadata) {
        let message = format!("{} belongs to another user (uid {})", term::path(path), metadata.uid());
        return Err(Error::io(message).hint("use a file of your own: it names programs that are run"));
    }
    if metadata.mode() & 0o022 != 0 {
        let message = format!("others may write {}, which names programs that are run", term::path(path));
        return Err(Error::io(message).hint(format!("run `chmod go-w {}`", term::quoted(path))));
    }
    Ok(())
}

/// Fails for a file that is to be replaced if it belongs to another user or cannot be replaced.
pub fn check_file(path: &Path, metadata: &Metadata) -> Result<()> {
    let directory =
        retry(|| fs::metadata(directory_of(path))).map_err(|error| cannot("look at", directory_of(path), &error))?;
    // Root may fix another user's file, but must not trust one that its owner could have put there.
    let is_put_there = || others_who_write(directory_of(path), &directory).is_some();
    if !is_ours(metadata) && (!geteuid().is_root() || is_put_there()) {
        return Err(of_another_user(path, metadata));
    }
    if is_mount_point(path, metadata, &directory) {
        let message = format!("{} is a mount point, so it cannot be replaced in one step", term::path(path));
        return Err(Error::io(message).hint("mount its directory instead of the single file"));
    }
    check_changeable(path)?;
    check_changeable(directory_of(path))
}

/// Fails for a file or directory with an attribute by which nothing in it may be replaced or removed, even by root.
pub fn check_changeable(path: &Path) -> Result<()> {
    if !is_immutable(path) {
        return Ok(());
    }
    let message = format!("{} is marked as never to be changed", term::path(path));
    let path = term::quoted(path);
    Err(Error::io(message).hint(match cfg!(target_os = "macos") {
        true => format!(
            "run `chflags nouchg,nouappnd {path}`, or remove \"Locked\" in the Finder; if it stays, run \
             `sudo chflags noschg,nosappnd {path}`"
        ),
        false => format!("as root, run `chattr -i -a {path}`"),
    }))
}

/// Fails for a file that is to be read if its owner is neither this user nor root.
pub fn check_owner(path: &Path, metadata: &Metadata) -> Result<()> {
    if is_ours(metadata) || is_roots(path, metadata) { Ok(()) } else { Err(of_another_user(path, metadata)) }
}

fn of_another_user(path: &Path, metadata: &Metadata) -> Error {
    let message = format!("{} belongs to another user (uid {})", term::path(path), metadata.uid());
    Error::io(message).hint(format!(
        "copy it to a file of your own, or as root: `chown {} {}`",
        geteuid().as_raw(),
        term::quoted(path)
    ))
}

/// Whether a group is as private as its user: root's, or the group with this user's name, which many systems create for
/// each user, and nobody else is in. Unknown groups are not. The rule of the crate `fs-mistrust`, without the lookups that
/// need unsafe code.
fn is_trusted_group(gid: u32) -> bool {
    gid == 0 || (gid == getegid().as_raw() && is_private_group(gid).unwrap_or(false))
}

/// Whether this user is the only one in the group, by `/etc/passwd` and `/etc/group`.
fn is_private_group(gid: u32) -> Option<bool> {
    let (users, groups) = (fs::read_to_string("/etc/passwd").ok()?, fs::read_to_string("/etc/group").ok()?);
    let user = rows(&users, 2, geteuid().as_raw()).next()?.first().copied()?;
    let is_mine = |group: &Vec<&str>| {
        let members = group.get(3).copied().unwrap_or_default();
        group.first() == Some(&user) && members.split(',').all(|member| member.is_empty() || member == user)
    };
    let mut named = rows(&groups, 2, gid).peekable();
    let is_named = named.peek().is_some();
    Some(is_named && named.all(|group| is_mine(&group)) && rows(&users, 3, gid).all(|row| row.first() == Some(&user)))
}

/// Returns the lines of such a table that have this number in that field.
fn rows(table: &str, field: usize, id: u32) -> impl Iterator<Item = Vec<&str>> {
    let rows = table.lines().map(|line| line.split(':').collect::<Vec<_>>());
    rows.filter(move |row| row.get(field).and_then(|number| number.parse().ok()) == Some(id))
}
