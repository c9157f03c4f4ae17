//! Asks git about a file, in a repository that may be hostile.
//!
//! Git runs no program that the repository names, fetches nothing and writes nothing: lazy fetching is off, no protocol
//! is allowed (an old git ignores the first setting), hooks and the file system monitor are off, and neither the user's
//! nor the system's configuration is read. Git may still read pipes or files of any size, hence the deadline. Reading
//! the index with a library would need no git, but would miss files: a sparse index lists directories whose files only
//! git's objects contain.

use std::path::Path;
use std::time::Duration;

use crate::subprocess::{self, Input, Limits, Subprocess};

/// The time limit for git, which reads an index of a million files in a fraction of it.
const DEADLINE: Duration = Duration::from_secs(3);

/// What git knows about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracked {
    Yes,
    No,
    /// No repository has a `.git` above the file.
    NoRepository,
    GitIsMissing,
    /// Git did not read the repository: it is broken, another user's, or needs what is switched off.
    Refused,
    /// Git could not be started.
    NotStarted,
    /// Git did not finish in time.
    Late,
}

/// Whether git tracks the file at that path, which is absolute and free of links.
pub fn tracks(path: &Path) -> Tracked {
    let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else { return Tracked::NoRepository };
    if !directory.ancestors().any(|directory| directory.join(".git").exists()) {
        return Tracked::NoRepository;
    }
    let Some(program) = subprocess::find("git") else { return Tracked::GitIsMissing };
    let limits =
        Limits { deadline: DEADLINE, stdout: 1 << 20, output_counts: true, may_ask: false, interruptible: true };
    let git = Subprocess::new(&program).args(SWITCHES).args(["-C".as_ref(), directory.as_os_str()]);
    let git = git.args(["ls-files", "--error-unmatch", "--"]).args([name]);
    match VARIABLES.iter().fold(git, |git, (name, value)| git.env(name, *value)).run(Input::Empty, limits) {
        Ok(output) if output.status.success() => Tracked::Yes,
        // Git exits with 1 for "not tracked"; any other code means that it did not look.
        Ok(output) if output.status.code() == Some(1) => Tracked::No,
        Ok(_) => Tracked::Refused,
        Err(subprocess::Failure::NotStarted(_)) => Tracked::NotStarted,
        Err(_) => Tracked::Late,
    }
}

const SWITCHES: &[&str] = &[
    "--no-optional-locks",
    "--no-pager",
    "--literal-pathspecs",
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
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_ASKPASS", "false"),
    ("LC_ALL", "C"),
];
