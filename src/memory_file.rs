//! A file for the command that `exec` runs: it can be read by name, repeatedly and by child processes, and is gone
//! afterwards.
//!
//! On Linux it exists in memory only, without a name in any directory: a descriptor that the command inherits, under
//! `/proc/PID/fd/N` with the number of this process, which the command keeps. `/proc/self` would be another process in
//! the command's children. Elsewhere, without `/proc`, or for a reader that needs a name, it is a file of mode 0600 in
//! a directory of its own below the session's runtime directory, which the caller removes after the command. If this process is
//! killed, the next run that would use that directory removes it, once the command has ended as well; so does `doctor --fix`.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::disk::{self, Lock};
use crate::error::{Error, Result, system_reason};
use crate::paths;
use crate::term;

/// What the name of such a directory begins with, and how many characters follow. No other directory has such a name, not those
/// of the recovery files either.
const PREFIX: &str = "gads-creds-exec-";
const RANDOM: usize = 12;
const ELSEWHERE: &str = if cfg!(windows) {
    "make that directory yours and writable"
} else {
    "set `TMPDIR` to a directory of your own that can be written to"
};

pub struct MemoryFile {
    path: PathBuf,
    kept: Kept,
}

enum Kept {
    /// Open until this is dropped.
    #[cfg(target_os = "linux")]
    InMemory { _descriptor: std::fs::File },
    /// Locked until the command and whatever it started have ended, so that no other run clears it.
    OnDisk { lock: Option<Lock>, directory: TempDir },
}

impl MemoryFile {
    /// Creates a file with that text; `name` is used where it needs a name.
    pub fn new(name: &str, text: &str) -> Result<MemoryFile> {
        #[cfg(target_os = "linux")]
        if let Ok(file) = in_memory(name, text) {
            return Ok(file);
        }
        MemoryFile::with_name(name, text)
    }

    /// Creates a file with that text in a directory, wherever possible: for a reader that resolves a file's real path
    /// first, which a descriptor does not have.
    pub fn with_name(name: &str, text: &str) -> Result<MemoryFile> {
        let mut failed = Error::internal("there is no directory for a file");
        // The shared memory of a container may be full, or read-only.
        for directory in paths::runtime()? {
            clear(left_in(&directory));
            match on_disk(&directory, name, text) {
                Ok(file) => return Ok(file),
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the caller has to stay and call [`MemoryFile::remove`].
    pub fn must_be_removed(&self) -> bool {
        matches!(self.kept, Kept::OnDisk { .. })
    }

    pub fn remove(self) -> Result<()> {
        match self.kept {
            #[cfg(target_os = "linux")]
            Kept::InMemory { .. } => Ok(()),
            Kept::OnDisk { lock, directory } => {
                // Windows removes no file that is held.
                let _lock = lock.filter(|_| cfg!(unix));
                directory.close().map_err(|error| {
                    Error::io(format!("cannot remove {}: {}", term::path(&self.path), system_reason(&error)))
                        .hint("remove it yourself: it holds the credentials")
                })
            }
        }
    }
}

#[cfg(target_os = "linux")]
fn in_memory(name: &str, text: &str) -> io::Result<MemoryFile> {
    use std::fs::File;
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::MetadataExt;

    use rustix::fs::{MemfdFlags, Mode, SealFlags, fchmod, fcntl_add_seals, memfd_create};

    // Not close-on-exec: the command inherits it. Kernels before 6.3 do not know the second flag.
    let flags = MemfdFlags::ALLOW_SEALING;
    let descriptor = memfd_create(name, flags | MemfdFlags::NOEXEC_SEAL).or_else(|_| memfd_create(name, flags))?;
    let mut file = File::from(descriptor);
    file.write_all(text.as_bytes())?;
    fchmod(&file, Mode::RUSR)?;
    fcntl_add_seals(&file, SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE | SealFlags::SEAL)?;

    // `/proc` may be missing, or show another process namespace: in a container the path may name another process's
    // file.
    let path = PathBuf::from(format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd()));
    let (ours, named) = (file.metadata()?, File::open(&path)?.metadata()?);
    if (ours.dev(), ours.ino()) != (named.dev(), named.ino()) {
        return Err(io::ErrorKind::NotFound.into());
    }
    Ok(MemoryFile { path, kept: Kept::InMemory { _descriptor: file } })
}

fn on_disk(directory: &Path, name: &str, text: &str) -> Result<MemoryFile> {
    // Whoever may rename what is in it could give the command another credential.
    disk::check_directory(directory)
        .map_err(|error| error.while_trying("cannot create a file for the command").hint(ELSEWHERE))?;
    write_below(directory, name, text).map_err(|error| {
        let (place, reason) = (term::path(directory), system_reason(&error));
        Error::io(format!("cannot create a file for the command in {place}: {reason}")).hint(ELSEWHERE)
    })
}

fn write_below(directory: &Path, name: &str, text: &str) -> io::Result<MemoryFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).rand_bytes(RANDOM);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        builder.permissions(private(0o700));
        options.mode(0o600);
    }
    let own = builder.tempdir_in(directory)?;
    let path = own.path().join(name);
    // Again, since an umask may have taken rights from the owner.
    #[cfg(unix)]
    fs::set_permissions(own.path(), private(0o700))?;
    let mut file = options.open(&path)?;
    #[cfg(unix)]
    file.set_permissions(private(0o600))?;
    // As long as the file is empty, no other run takes it for one that was left.
    let lock = disk::hold_with_children(&path);
    file.write_all(text.as_bytes())?;
    Ok(MemoryFile { path, kept: Kept::OnDisk { lock, directory: own } })
}

#[cfg(unix)]
fn private(mode: u32) -> fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(mode)
}

/// Returns the directories that killed runs left, each with a file of credentials that no running command uses.
pub fn leftovers() -> Vec<PathBuf> {
    let directories = paths::runtime().unwrap_or_default();
    let mut left: Vec<PathBuf> = directories.iter().flat_map(|directory| left_in(directory)).collect();
    left.sort();
    left.dedup();
    left
}

/// Removes what killed runs left, and returns it. What cannot be removed is left to the next run.
pub fn clear_leftovers() -> Vec<PathBuf> {
    clear(leftovers())
}

/// Does the same in the directory that is tried first: the system's one for temporary files may have thousands of entries.
pub fn clear_usual_leftovers() {
    if let Some(usual) = paths::runtime().unwrap_or_default().first() {
        clear(left_in(usual));
    }
}

fn clear(left: Vec<PathBuf>) -> Vec<PathBuf> {
    let remove = |path: &PathBuf| fs::remove_dir_all(path).is_ok();
    left.into_iter().filter(remove).collect()
}

fn left_in(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let ours = entries.filter(|entry| is_name_of_ours(&entry.file_name())).map(|entry| entry.path());
    ours.filter(|path| is_left(path)).collect()
}

fn is_name_of_ours(name: &OsStr) -> bool {
    let random = name.as_encoded_bytes().strip_prefix(PREFIX.as_bytes());
    random.is_some_and(|random| random.len() == RANDOM && random.iter().all(u8::is_ascii_alphanumeric))
}

/// Whether the directory is one of this user's with nothing but one file in it, which no run holds; both as private as they were
/// made.
fn is_left(path: &Path) -> bool {
    let is_private = |path: &Path| disk::mode(path).is_none_or(|mode| mode & 0o077 == 0);
    let is_own = |metadata: fs::Metadata| metadata.is_dir() && disk::is_own(&metadata) && is_private(path);
    if !fs::symlink_metadata(path).is_ok_and(is_own) {
        return false;
    }
    let Ok(entries) = fs::read_dir(path) else { return false };
    let files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    let Some(file) = files.first() else { return disk::is_abandoned(path) };
    let is_own = |metadata: fs::Metadata| metadata.is_file() && disk::is_own(&metadata) && is_private(file);
    let is_regular = fs::symlink_metadata(file).is_ok_and(is_own);
    let is_empty = fs::metadata(file).is_ok_and(|metadata| metadata.len() == 0);
    files.len() == 1 && is_regular && (!is_empty || disk::is_abandoned(file)) && disk::hold(file).is_some()
}
