//! Where a file really is, and whether a secret may be written there.
//!
//! Links are followed by hand, part by part, because each link and each directory on the way is somebody's: one that belongs to
//! another user, or a directory that everybody may write into, lets others read or replace what is put below it.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use crate::disk::{cannot, retry, system};
use crate::error::{Error, Result};
use crate::term;

/// As many links as Linux follows.
const MOST_LINKS: usize = 40;

/// Where the file really is: every link followed, the directory made absolute; the file itself need not exist.
pub fn resolve(path: &Path) -> Result<PathBuf> {
    walk(path, &mut |_, _| Ok(()))
}

/// Likewise, and nobody but root and us has a say in what stands there.
pub fn writable(path: &Path) -> Result<PathBuf> {
    walk(path, &mut |part, metadata| {
        if metadata.is_symlink() || metadata.is_dir() { system::check_way(part, metadata) } else { Ok(()) }
    })
}

fn walk(path: &Path, visit: &mut dyn FnMut(&Path, &Metadata) -> Result<()>) -> Result<PathBuf> {
    let absolute = std::path::absolute(path).map_err(|error| cannot("find", path, &error))?;
    let mut ahead = parts(&absolute);
    let mut real = PathBuf::new();
    let mut links = 0;
    // While the goal of a link is walked: the link, and how many parts stand behind that goal.
    let mut within: Option<(PathBuf, usize)> = None;
    while let Some(part) = ahead.pop_front() {
        within.take_if(|(_, behind)| ahead.len() < *behind);
        if part == ".." {
            real.pop();
            continue;
        }
        real.push(&part);
        if matches!(real.components().next_back(), Some(Component::Prefix(_))) {
            continue;
        }
        let metadata = match retry(|| fs::symlink_metadata(&real)) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let Some((link, _)) = within else {
                    real.extend(ahead);
                    return Ok(real);
                };
                let message = format!("{} is a link to nothing: there is no {}", term::path(&link), term::path(&real));
                return Err(Error::io(message).hint("fix or remove the link"));
            }
            Err(error) => return Err(cannot("look at", &real, &error)),
        };
        visit(&real, &metadata)?;
        if metadata.is_symlink() {
            links += 1;
            if links > MOST_LINKS {
                let message = format!("{} is a link that leads in a circle", term::path(path));
                return Err(Error::io(message).hint("fix or remove the link"));
            }
            let goal = retry(|| fs::read_link(&real)).map_err(|error| cannot("read link", &real, &error))?;
            within.get_or_insert_with(|| (real.clone(), ahead.len()));
            real.pop();
            for part in parts(&goal).into_iter().rev() {
                ahead.push_front(part);
            }
        }
    }
    Ok(real)
}

fn parts(path: &Path) -> VecDeque<OsString> {
    path.components().map(|part| part.as_os_str().to_owned()).collect()
}
