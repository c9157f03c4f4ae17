//! Paths as users write them: expands `~`, and rejects what is not a local path before anything is created.
//!
//! A shell expands `~` and `$HOME` only unquoted at the start of a word. In a variable, after `--config=` or in
//! profiles.toml they arrive unchanged, and taking them literally would create a directory called `~`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::term;

/// How `export` calls the path of its file.
pub const FILE: &str = "FILE";

/// Returns the absolute path that this text means. `source` names the option, variable or key in messages: `--config`.
///
/// Relative paths start at the current directory. Fails (exit 2) for what is not a local path.
pub fn resolve(text: impl AsRef<OsStr>, source: &str) -> Result<PathBuf> {
    let text = text.as_ref();
    if text == "-" {
        let step = if source == FILE { "use `--stdout`" } else { "name a file (`./-` for one of that name)" };
        return Err(refused(text, source, "does not mean standard input or output here", step));
    }
    let expanded = expand(text, source)?;
    let path =
        absolute(&expanded)?.ok_or_else(|| refused(text, source, "is not a path", "write the path of a file"))?;
    // A file would be written without the slash, and then not be found with it.
    if text.to_string_lossy().ends_with(is_separator) && !path.is_dir() {
        let what = "ends with a slash, as the path of a directory does, and there is no such directory";
        return Err(refused(text, source, what, "leave the slash out"));
    }
    // What Windows makes of `CON` and `aux.yaml`.
    if cfg!(windows) && path.as_os_str().as_encoded_bytes().starts_with(br"\\.\") {
        return Err(refused(text, source, "is the name of a device of Windows", "choose another name"));
    }
    Ok(path)
}

/// Returns the absolute path; `None` for an empty one. Fails where the current directory was removed.
pub fn absolute(path: &Path) -> Result<Option<PathBuf>> {
    match std::path::absolute(path) {
        Err(_) if !path.as_os_str().is_empty() => {
            Err(Error::io("the current directory does not exist any more").hint("change to another one with `cd`"))
        }
        absolute => Ok(absolute.ok()),
    }
}

/// Returns the path with `~` expanded where possible, for comparisons only.
pub fn lenient(text: &OsStr) -> PathBuf {
    resolve(text, "").unwrap_or_else(|_| text.into())
}

/// Returns the path with a leading `~` or `~user` expanded; relative paths stay relative.
pub fn expand(text: &OsStr, source: &str) -> Result<PathBuf> {
    // Text that is not Unicode contains none of these marks.
    let Some(spelled) = text.to_str() else { return Ok(text.into()) };
    if let Some((what, step)) = not_local(spelled) {
        return Err(refused(text, source, what, step));
    }
    let Some(rest) = spelled.strip_prefix('~') else { return Ok(text.into()) };
    let (user, below) = match rest.find(is_separator) {
        Some(end) => (&rest[..end], Some(rest[end + 1..].trim_start_matches(is_separator))),
        None => (rest, None),
    };
    let home = match user {
        "" => Some(super::home()?),
        user => home_of(user),
    };
    match (home, below) {
        (Some(home), Some(below)) => Ok(home.join(below)),
        (Some(home), None) => Ok(home),
        // A file may be called `~backup.yaml`.
        (None, None) => Ok(text.into()),
        (None, Some(_)) => {
            Err(refused(text, source, "begins with the home directory of an unknown user", "write the path in full"))
        }
    }
}

/// Returns what is wrong with a text that is not a local path, and how to correct it.
fn not_local(text: &str) -> Option<(&'static str, &'static str)> {
    let quoted = |open, close| text.len() > 1 && text.starts_with(open) && text.ends_with(close);
    if is_drive(&text.replace(char::is_control, "/")) && text.trim_end().contains(char::is_control) {
        return Some((
            "has a control character in it, as a `\\` in double quotes makes one",
            "write `/` in place of `\\`",
        ));
    }
    if text.contains(['\n', '\r']) {
        return Some(("has a line break in it", "remove the line break"));
    }
    if text.contains(char::is_control) {
        return Some(("has a control character in it", "remove that character"));
    }
    if quoted('"', '"') || quoted('\'', '\'') || quoted('“', '”') || quoted('‘', '’') {
        return Some(("has quotes around it", "remove the quotes"));
    }
    if cfg!(windows) && text.contains('"') {
        // cmd and PowerShell 5 pass `"C:\my dir\"` on so.
        return Some(("has a `\"` in it, as a path in quotes that ends in `\\` gets one", "leave out that `\\`"));
    }
    if cfg!(windows) && text.trim_start_matches(r"\\?\").contains(['*', '?']) {
        return Some(("has a `*` or `?` in it, which no shell expands here", "write the whole name"));
    }
    if text.trim() != text {
        return Some(("has spaces around it", "remove the spaces"));
    }
    if is_url(text) {
        return Some(("is a URL, not a local path", "name a file on this machine, without a scheme like `file://`"));
    }
    if text.strip_prefix('$').is_some_and(|rest| rest.starts_with(|first: char| first == '{' || is_name(first))) {
        return Some((
            "begins with a variable that no shell has expanded",
            "write the path in full, or begin it with `~/`",
        ));
    }
    if text.strip_prefix('%').and_then(|rest| rest.split_once('%')).is_some_and(|(name, _)| name.chars().all(is_name)) {
        return Some(("begins with a variable of Windows that is not expanded", "write the path in full"));
    }
    if cfg!(not(windows)) && (is_drive(text) || text.starts_with("\\\\")) {
        return Some(("is a path of Windows", "write it as this system does: `/mnt/c/…` under WSL, for example"));
    }
    None
}

fn is_url(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|char| char.is_ascii_alphanumeric() || "+-.".contains(char))
    })
}

fn is_name(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_'
}

fn is_drive(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes, [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic())
}

fn is_separator(char: char) -> bool {
    char == '/' || (cfg!(windows) && char == '\\')
}

fn refused(text: &OsStr, source: &str, what: &str, step: &str) -> Error {
    let shown = term::path(Path::new(text));
    Error::usage(format!("the path {shown} in `{source}` {what}")).hint(step)
}

/// Returns another user's home directory from `/etc/passwd`.
#[cfg(unix)]
fn home_of(user: &str) -> Option<PathBuf> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let line = users.lines().find(|line| line.split(':').next() == Some(user))?;
    line.split(':').nth(5).filter(|home| home.starts_with('/')).map(PathBuf::from)
}

#[cfg(windows)]
fn home_of(_: &str) -> Option<PathBuf> {
    None
}

#[cfg(test)]
mod tests {
    use super::{expand, resolve};
    use crate::error::Kind;

    #[test]
    fn what_is_not_a_local_path_is_refused_with_its_source() {
        for text in [
            "gs://bucket/google-ads.yaml",
            "file:///x.yaml",
            "HTTP://host/x.yaml",
            "$HOME/google-ads.yaml",
            "${HOME}/google-ads.yaml",
            "%USERPROFILE%\\google-ads.yaml",
            "\"/x/google-ads.yaml\"",
            "'~/google-ads.yaml'",
            "/x/google-ads.yaml\n",
            " /x/google-ads.yaml",
            "~no-such-user-here/google-ads.yaml",
        ] {
            let error = resolve(text, "GADS_CREDS_CONFIG").expect_err(text);
            assert_eq!(error.kind(), Kind::Usage, "{text:?}");
            assert_ne!(error, resolve(text, "--config").expect_err(text), "the source is not named");
            assert!(error.next_step().is_some(), "{text:?}");
        }
    }

    #[cfg(not(windows))]
    #[test]
    fn a_path_of_windows_is_refused_elsewhere() {
        for text in ["C:\\ads\\google-ads.yaml", "c:/google-ads.yaml", "\\\\host\\share\\x.yaml"] {
            assert!(super::not_local(text).is_some(), "{text:?}");
        }
    }

    #[test]
    fn local_paths_are_unchanged() {
        for text in ["/x/y.yaml", "x.yaml", "./~/x", "a b/c.yaml", "~backup.yaml", "x$y.yaml", "100%.yaml", "it's.yaml"]
        {
            assert_eq!(expand(text.as_ref(), "--config").as_deref(), Ok(text.as_ref()), "{text:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_home_directory_of_a_user_is_expanded() {
        assert!(resolve("~root/x.yaml", "--config").expect("root is known").ends_with("root/x.yaml"));
    }
}
