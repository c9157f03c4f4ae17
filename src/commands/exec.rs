//! `exec`: replaces this process with another program, with the credentials in its environment.
//!
//! The variables are those that the six client libraries read; inherited ones that would mix in another credential are
//! removed. Nothing is passed in arguments. Exit code, signals and job control are the program's own, because it
//! replaces this process. The process stays only where a file has to be removed afterwards, and passes signals on; and on
//! Windows, which cannot replace a process.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::commands::exec::as_file::{AsFile, AsFileOption, FILE_VARIABLE};
use crate::commands::{keys, others};
use crate::context::Context;
use crate::credentials::{Credentials, Field, Identity, IdentityKind, Key};
use crate::diagnosis;
use crate::error::{Error, Kind, Result, system_reason};
use crate::format::FormatName;
use crate::google::Endpoints;
use crate::hardening;
use crate::memory_file::{self, MemoryFile};
use crate::profile;
use crate::subprocess;
use crate::term;
use crate::tokens;

mod as_file;
mod php;

/// Other kinds of credential: a service account under its old names, and Application Default Credentials, which .NET's
/// library enables by a variable without the prefix. An inherited `GOOGLE_APPLICATION_CREDENTIALS` stays: the libraries
/// read it only if one of these says so, and the command may use other Google services with it.
const CONFLICTING: [&str; 4] = [
    "GOOGLE_ADS_PATH_TO_PRIVATE_KEY_FILE",
    "GOOGLE_ADS_DELEGATED_ACCOUNT",
    "GOOGLE_ADS_USE_APPLICATION_DEFAULT_CREDENTIALS",
    "USE_APPLICATION_DEFAULT_CREDENTIALS",
];

/// Run a program with the credentials in its environment
#[derive(Args, Debug)]
#[command(
    override_usage = "gads-creds exec [OPTIONS] -- <COMMAND>...",
    after_long_help = concat!(waits_for_keychain!(), "\
Examples:
  gads-creds exec -- python report.py                    for load_from_env()
  gads-creds exec --as-file python -- python report.py   for load_from_storage()
  gads-creds exec --as-file adc=KEY_FILE -- ./job        the path in KEY_FILE
  gads-creds -p client-a exec -- sh                      a shell for one account")
)]
pub struct Exec {
    /// Also a file of that format, gone with the program, named by VARIABLE: GOOGLE_ADS_CONFIGURATION_FILE_PATH if none is given (adc: GOOGLE_APPLICATION_CREDENTIALS)
    #[arg(long, value_name = "FORMAT[=VARIABLE]", value_parser = AsFileOption)]
    as_file: Vec<AsFile>,
    /// The program and its arguments
    #[arg(required = true, trailing_var_arg = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl Exec {
    /// Returns only if the program does not start, or where this process had to stay.
    pub fn run(self, context: &Context) -> Result<u8> {
        hardening::start();
        let (program, arguments) = self.command.split_first().ok_or_else(|| Error::usage("no command is given"))?;
        as_file::check(&self.as_file, has_meaning)?;
        memory_file::clear_usual_leftovers();
        let profile = diagnosis::choose(context.choice())?;
        let endpoints = Endpoints::from_environment()?;
        let waiting = context.term.spinner("reading the credentials");
        let loaded = tokens::load(profile);
        drop(waiting);
        let (mut profile, store, contents) = loaded?;
        profile.check_not_keyless(&contents)?;
        if let Some(error) = diagnosis::first(&profile, &contents) {
            return Err(error);
        }
        let mut stored = others::to_hand_out(&profile, contents, context.term);
        others::warn(&profile, &stored, context.term);
        // The program will send the token to Google, or to the stand-in in use. The same holds for what the key signs.
        profile.check_endpoint(IdentityKind::of(&stored), endpoints.origin())?;
        profile.metadata = match stored.service_account() {
            Some(account) => {
                profile.metadata.valid_for(&tokens::read_key(account, &store.location(), &endpoints)?.private_key)
            }
            None => stored.refresh_token().map(|token| profile.metadata.valid_for(token)).unwrap_or_default(),
        };
        let holds_key = self.as_file.iter().any(AsFile::holds_key);
        let with_key = holds_key.then(|| keys::held_by(&stored, &store.location())).transpose()?;
        let is_for_php = php::runs(&self.command) || self.as_file.iter().any(|file| file.format == FormatName::Php);
        let key = hand_over_key(&mut stored, is_for_php)?;
        if let Some(file) = key.as_ref().filter(|file| file.must_be_removed()) {
            let path = term::path(file.path());
            let mode = if cfg!(unix) { " (mode 0600)" } else { "" };
            context.term.warn(&format!("the key is in the file {path}{mode} while the program runs"));
        }

        let mut command = Command::new(program_to_run(program));
        command.args(arguments);
        for (name, value) in environment(&stored) {
            match value {
                Some(value) if value.contains('\0') => {
                    let place = store.location();
                    return Err(Error::io(format!("the value for `{name}` in {place} holds a NUL character"))
                        .hint("run `gads-creds login` again"));
                }
                Some(value) => _ = command.env(name, value),
                None => {
                    if std::env::var_os(name).is_some() {
                        context.term.step(&format!("`{name}` is not passed on: it would mix two credentials"));
                    }
                    command.env_remove(name);
                }
            }
        }
        for (name, value) in profile::environment_for_child(&profile, context.choice()) {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let mut files = Vec::from_iter(key);
        for file in &self.as_file {
            let held = with_key.as_ref().filter(|_| file.holds_key()).unwrap_or(&stored);
            let written = file.write(held)?;
            command.env(file.variable(), written.path());
            files.push(written);
        }
        hand_over(&mut command, files)
    }
}

/// Returns the path of a program where the system itself would not find every kind: on Windows a script such as `npm.cmd` or
/// `.\gradlew`.
fn program_to_run(name: &OsStr) -> OsString {
    let found = match Path::new(name).components().count() {
        _ if !cfg!(windows) => None,
        1 => name.to_str().and_then(subprocess::find),
        _ => subprocess::runnable(name.into()),
    };
    found.map_or_else(|| name.to_owned(), PathBuf::into_os_string)
}

/// Returns the variables that the libraries read, each once; one without a value is to be removed.
fn environment(stored: &Credentials) -> Vec<(&'static str, Option<&str>)> {
    let is_account = stored.service_account().is_some();
    let mut variables = vec![
        ("GOOGLE_ADS_CLIENT_ID", Field::ClientId.get(stored)),
        ("GOOGLE_ADS_CLIENT_SECRET", Field::ClientSecret.get(stored)),
        ("GOOGLE_ADS_REFRESH_TOKEN", Field::RefreshToken.get(stored)),
        ("GOOGLE_ADS_JSON_KEY_FILE_PATH", Field::KeyFile.get(stored)),
        ("GOOGLE_ADS_IMPERSONATED_EMAIL", Field::ImpersonatedEmail.get(stored)),
        ("GOOGLE_ADS_DEVELOPER_TOKEN", Field::DeveloperToken.get(stored)),
        ("GOOGLE_ADS_LOGIN_CUSTOMER_ID", Field::LoginCustomerId.get(stored)),
        ("GOOGLE_ADS_LINKED_CUSTOMER_ID", Field::LinkedCustomerId.get(stored)),
        // .NET's kind of credential; an inherited value of the other kind would take precedence.
        ("GOOGLE_ADS_OAUTH2_MODE", Some(if is_account { "SERVICE_ACCOUNT" } else { "APPLICATION" })),
        (FILE_VARIABLE, None),
    ];
    if std::env::var_os("GOOGLE_ADS_USE_PROTO_PLUS").is_none() {
        // Python's load_from_env() fails without it; its documentation recommends True.
        variables.push(("GOOGLE_ADS_USE_PROTO_PLUS", Some("True")));
    }
    variables.extend(CONFLICTING.map(|name| (name, None)));
    variables
}

/// How the names of the variables of this program begin.
const OURS: &str = "GADS_CREDS_";

/// Whether this variable has another meaning than to name a file with credentials: `exec` gives it a value or takes it away, or
/// the system, the loader or the libraries for the network act on it.
fn has_meaning(variable: &str) -> bool {
    let is = |name: &str| as_file::is_same_variable(variable, name);
    as_file::is_of_the_system(variable)
        || variable.get(..OURS.len()).is_some_and(|start| as_file::is_same_variable(start, OURS))
        || (!is(FILE_VARIABLE) && environment(&Credentials::default()).iter().any(|(name, _)| is(name)))
}

/// Puts a key that the store holds into a file for the command; the credentials then name that file.
fn hand_over_key(stored: &mut Credentials, needs_name: bool) -> Result<Option<MemoryFile>> {
    let Some(Identity::ServiceAccount(account)) = &mut stored.identity else { return Ok(None) };
    let Key::Document(document) = &account.key else {
        // The command may run in another directory.
        if let Key::File(path) = &account.key
            && let Ok(absolute) = std::path::absolute(path)
        {
            account.key = Key::File(absolute);
        }
        return Ok(None);
    };
    const NAME: &str = "service_account_key.json";
    let file = match needs_name {
        true => MemoryFile::with_name(NAME, document.expose())?,
        false => MemoryFile::new(NAME, document.expose())?,
    };
    account.key = Key::File(file.path().to_owned());
    Ok(Some(file))
}

fn hand_over(command: &mut Command, files: Vec<MemoryFile>) -> Result<u8> {
    // No core dump contains our memory; the command may write one as its user allows.
    hardening::restore_core_limit();
    let done = match files.iter().any(MemoryFile::must_be_removed) {
        true => {
            let done = subprocess::run_to_end(command);
            // Each is tried, even if another fails.
            let removed: Vec<Result<()>> = files.into_iter().map(MemoryFile::remove).collect();
            removed.into_iter().collect::<Result<()>>()?;
            done
        }
        // They are open as long as the command is.
        false => replace(command),
    };
    done.map_err(|error| not_started(command.get_program(), &error))
}

#[cfg(unix)]
fn replace(command: &mut Command) -> io::Result<u8> {
    Err(std::os::unix::process::CommandExt::exec(command))
}

#[cfg(windows)]
fn replace(command: &mut Command) -> io::Result<u8> {
    subprocess::run_to_end(command)
}

/// Returns the next step for a program that is there and was not started.
#[cfg(unix)]
fn step_before_start(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied if path.is_dir() => "name a program in that directory".to_owned(),
        io::ErrorKind::PermissionDenied => format!("if it is a program, run `chmod +x {}`", profile::quoted(path)),
        io::ErrorKind::ArgumentListTooLong => "pass less in arguments and variables, for example by a file".to_owned(),
        _ if system_reason(error) == crate::error::LINKS_IN_A_CIRCLE => {
            "fix these links, or name the program itself".to_owned()
        }
        _ => "name a program for this system, or a script that begins with `#!` and its interpreter".to_owned(),
    }
}

/// A script has no interpreter of its own there, except for cmd, whose arguments cannot hold every character.
#[cfg(windows)]
fn step_before_start(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        _ if path.is_dir() => "name a program in that directory".to_owned(),
        io::ErrorKind::InvalidInput => {
            "leave line breaks out of the arguments, and `\\` off the end of the program".to_owned()
        }
        _ => {
            "name a program for this system; for a script name its interpreter too, as in `python report.py`".to_owned()
        }
    }
}

/// Returns the same codes as a shell: 127 for a program that is not there, 126 for one that cannot be run.
fn not_started(program: &OsStr, error: &io::Error) -> Error {
    let path = Path::new(program);
    let name = term::path(path);
    let there = path.components().count() > 1 && path.exists();
    if error.kind() != io::ErrorKind::NotFound {
        let cannot = Error::new(Kind::CannotRun, format!("cannot run {name}: {}", system_reason(error)));
        return cannot.hint(step_before_start(path, error));
    }
    if there && cfg!(unix) {
        return Error::new(Kind::CannotRun, format!("cannot run {name}: the interpreter that it names is not there"))
            .hint("install what its first line names behind `#!`, or fix that line");
    }
    let missing = Error::new(Kind::CommandNotFound, format!("there is no command {name}"));
    let here = Path::new(".").join(path);
    let is_here = || here.is_file() || (cfg!(windows) && subprocess::runnable(here.clone()).is_some());
    if path.components().count() == 1 && is_here() {
        return missing.hint(format!("to run the one in this directory, name it as {}", term::path(&here)));
    }
    // A directory may have a space in its name.
    if program.to_string_lossy().contains(' ') && !path.parent().is_some_and(Path::is_dir) {
        return missing.hint("give the command and its arguments as separate words");
    }
    let name = program.to_string_lossy();
    missing.hint(match &*name {
        _ if name.contains('=') => "to set a variable, put `env` before it: `env NAME=VALUE COMMAND`",
        "." | "alias" | "cd" | "eval" | "export" | "set" | "source" | "ulimit" | "umask" | "unset" => {
            "only a shell has this command: run `sh -c` with all that it is to do"
        }
        _ => "name a program that is on your `PATH`, or its path",
    })
}
