//! Asks git about a file, in a repository that may be hostile.
//!
//! Git runs no program that the repository names, fetches nothing and writes nothing: lazy fetching is off, no protocol
//! is allowed (an old git ignores the first setting), hooks and the file system monitor are off, and the system's
//! configuration is not read. Git may still read pipes or files of any size, hence the deadline and
//! the limit of memory. Reading
//! the index with a library would need no git, but would miss files: a sparse index lists directories whose files only
//! git's objects contain.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use crate::subprocess::{self, Input, Limits, Subprocess};

/// The time limit for git, which reads an index of a million files in a fraction of it.
const DEADLINE: Duration = Duration::from_secs(3);

/// More than git needs for such an index: 512 MiB.
const MEMORY: u64 = 1 << 29;

/// What git knows about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Tracked,
    /// Neither tracked nor ignored: `git add .` takes it along.
    Untracked,
    Ignored,
    /// No repository has a `.git` above the file.
    NoRepository,
    GitIsMissing,
    /// Git did not read the repository: it is broken, another user's, or needs what is switched off.
    NotRead,
    /// Git could not be started.
    NotStarted,
    /// Git did not finish in time.
    TimedOut,
}

/// What git knows about the file at that path, which is absolute and free of links. The file need not exist.
pub fn status(path: &Path) -> Status {
    let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else { return Status::NoRepository };
    if !directory.ancestors().any(|directory| directory.join(".git").exists()) {
        return Status::NoRepository;
    }
    let Some(program) = subprocess::find("git") else { return Status::GitIsMissing };
    // Git starts in a directory, and is asked for what is below it.
    let Some(there) = directory.ancestors().find(|directory| directory.is_dir()) else { return Status::NoRepository };
    // From `.`, so that nothing in the name has a meaning: `check-ignore` takes names literally but for a colon at the beginning.
    let file = Path::new(".").join(directory.strip_prefix(there).unwrap_or(Path::new(""))).join(name);
    let git = Git { program: &program, directory: there, file: &file };
    match git.ask(&["--literal-pathspecs", "ls-files", "--error-unmatch"], &no_configuration()) {
        Ok(true) => Status::Tracked,
        Ok(false) => match git.ask(&["check-ignore", "--quiet", "--no-index"], &own_configuration()) {
            Ok(true) => Status::Ignored,
            Ok(false) => Status::Untracked,
            Err(not_asked) => not_asked,
        },
        Err(not_asked) => not_asked,
    }
}

struct Git<'g> {
    program: &'g Path,
    directory: &'g Path,
    file: &'g Path,
}

impl Git<'_> {
    /// Asks about the file; git answers yes and no by its exit code.
    fn ask(&self, question: &[&str], variables: &[(&str, OsString)]) -> Result<bool, Status> {
        let limits = Limits {
            deadline: DEADLINE,
            memory: Some(MEMORY),
            stdout: 1 << 20,
            output_counts: true,
            may_ask: false,
            interruptible: true,
        };
        let git = Subprocess::new(self.program).args(SWITCHES).args(["-C".as_ref(), self.directory.as_os_str()]);
        let git = git.args(question).args(["--"]).args([self.file]);
        let git = VARIABLES.iter().fold(git, |git, (name, value)| git.env(name, *value));
        match variables.iter().fold(git, |git, (name, value)| git.env(name, value)).run(Input::Empty, limits) {
            Ok(output) if output.status.success() => Ok(true),
            // Any other code means that it did not look.
            Ok(output) if output.status.code() == Some(1) => Ok(false),
            Ok(_) => Err(Status::NotRead),
            Err(subprocess::Failure::NotStarted(_)) => Err(Status::NotStarted),
            Err(_) => Err(Status::TimedOut),
        }
    }
}

/// Git reads no configuration but the repository's.
fn no_configuration() -> Vec<(&'static str, OsString)> {
    vec![("GIT_CONFIG_GLOBAL", "/dev/null".into())]
}

/// The variables by which git finds the user's own configuration, which may name a file of patterns for every repository. It is
/// as trustworthy as the user; what it might run is switched off all the same.
fn own_configuration() -> Vec<(&'static str, OsString)> {
    let set = |name| Some((name, std::env::var_os(name)?));
    USERS_OWN.iter().copied().filter_map(set).collect()
}

/// Git for Windows takes the others for a missing `HOME`.
const USERS_OWN: &[&str] = match cfg!(windows) {
    true => &["HOME", "XDG_CONFIG_HOME", "HOMEDRIVE", "HOMEPATH", "USERPROFILE"],
    false => &["HOME", "XDG_CONFIG_HOME"],
};

const SWITCHES: &[&str] = &[
    "--no-optional-locks",
    "--no-pager",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.sshCommand=false",
    "-c",
    "core.alternateRefsCommand=false",
    "-c",
    "protocol.allow=never",
    "-c",
    "credential.helper=",
    "-c",
    "gc.auto=0",
    "-c",
    "maintenance.auto=false",
    // A directory that looks like a repository (a commit can contain one) is not used as one.
    "-c",
    "safe.bareRepository=explicit",
];

const VARIABLES: &[(&str, &str)] = &[
    ("GIT_NO_LAZY_FETCH", "1"),
    // Takes precedence over the repository's own configuration: the empty list.
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_PROTOCOL_FROM_USER", "0"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_SYSTEM", "/dev/null"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_ASKPASS", "false"),
    ("LC_ALL", "C"),
];
