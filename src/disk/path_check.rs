//! Resolves the real path of a file, and checks whether a secret may be written there.
//!
//! Links are followed component by component, because each link and each directory on the way has an owner: one that
//! belongs to another user, or that everybody may write into, lets others read or replace what is below it.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use crate::disk::{cannot, retry, system};
use crate::error::{Error, Result};
use crate::term;

/// The same limit as Linux.
const MOST_LINKS: usize = 40;

/// Returns the real path of a file: every link followed, the directory absolute. The file need not exist.
pub fn resolve(path: &Path) -> Result<PathBuf> {
    walk(path, &mut |_, _| Ok(()))
}

/// Returns the real path, or fails if anyone but root and this user can change what it leads to.
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
    // While a link's target is resolved: the link, and how many components follow that target.
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
                system::check_missing(&real)?;
                let Some((link, _)) = within else {
                    real.extend(ahead);
                    return Ok(real);
                };
                let message = format!("{} is a dangling link: there is no {}", term::path(&link), term::path(&real));
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
