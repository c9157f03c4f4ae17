//! A file for the command that `exec` runs: it can be read by name, repeatedly and by child processes, and is gone
//! afterwards.
//!
//! On Linux it exists in memory only, without a name in any directory: a descriptor that the command inherits, under
//! `/proc/PID/fd/N` with the number of this process, which the command keeps. `/proc/self` would be another process in
//! the command's children. Elsewhere, without `/proc`, or for a reader that needs a name, it is a file of mode 0600 in
//! a directory of its own below the session's runtime directory, which the caller removes after the command.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::error::{Error, Result};
use crate::paths;
use crate::term;

pub struct MemoryFile {
    path: PathBuf,
    kept: Kept,
}

enum Kept {
    /// Open until this is dropped.
    #[cfg(target_os = "linux")]
    InMemory {
        _descriptor: std::fs::File,
    },
    OnDisk(TempDir),
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
        let directory = paths::runtime()?;
        on_disk(&directory, name, text).map_err(|error| {
            Error::io(format!("cannot make a file for the command in {}: {error}", term::path(&directory)))
                .hint("set `TMPDIR` to a directory that can be written to")
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the caller has to stay and call [`MemoryFile::remove`].
    pub fn must_be_removed(&self) -> bool {
        matches!(self.kept, Kept::OnDisk(_))
    }

    pub fn remove(self) -> Result<()> {
        match self.kept {
            #[cfg(target_os = "linux")]
            Kept::InMemory { .. } => Ok(()),
            Kept::OnDisk(directory) => directory.close().map_err(|error| {
                Error::io(format!("cannot remove {}: {error}", term::path(&self.path)))
                    .hint("remove it yourself: it holds the credentials")
            }),
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

fn on_disk(directory: &Path, name: &str, text: &str) -> io::Result<MemoryFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("gads-creds-");
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        builder.permissions(std::fs::Permissions::from_mode(0o700));
        options.mode(0o600);
    }
    let own = builder.tempdir_in(directory)?;
    let path = own.path().join(name);
    options.open(&path)?.write_all(text.as_bytes())?;
    Ok(MemoryFile { path, kept: Kept::OnDisk(own) })
}
