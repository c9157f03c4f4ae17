//! Warns of a file with secrets that git could publish.

use std::path::Path;

use crate::disk;
use crate::git::{self, Status};
use crate::term::{self, Term};

/// The step where git was not, or cannot be, asked. Not a git command: git runs programs that the repository names.
pub const BY_HAND: &str =
    "check that a `.gitignore` there names the file; do not run git in a repository you do not trust";

/// Returns the step that makes git leave out the file.
pub fn step(path: &Path) -> String {
    let line = pattern(&path.file_name().unwrap_or_default().to_string_lossy());
    format!(
        "add {} to the `.gitignore` there, or keep the file outside of the repository",
        term::path(Path::new(&line))
    )
}

/// Returns the line of a `.gitignore` that stands for a file of that name.
fn pattern(name: &str) -> String {
    let mut line = String::new();
    for (at, char) in name.char_indices() {
        let is_special = matches!(char, '\\' | '*' | '?' | '[') || at == 0 && matches!(char, '#' | '!');
        line.extend(is_special.then_some('\\'));
        // What cannot be shown is left open.
        line.push(if char == char::REPLACEMENT_CHARACTER { '*' } else { char });
    }
    line
}

/// Warns if the file, which need not exist, is in a git work tree and not ignored there.
pub fn warn_of(path: &Path, term: Term) {
    let Ok(path) = disk::resolve(path) else { return };
    let shown = term::path(&path);
    let (text, step) = match git::status(&path) {
        Status::Ignored | Status::NoRepository => return,
        Status::Tracked => (
            format!("git tracks {shown}: the next commit publishes what is in it"),
            "run `git rm --cached` on it, and add it to `.gitignore`".to_owned(),
        ),
        Status::Untracked => {
            (format!("{shown} is in a git repository and not ignored: `git add .` would take it along"), step(&path))
        }
        Status::GitIsMissing | Status::NotRead | Status::TimedOut | Status::NotStarted => {
            (format!("{shown} is in a git repository that git could not be asked about"), BY_HAND.to_owned())
        }
    };
    term.warn(&text);
    term.hint(step);
}
