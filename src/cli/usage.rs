//! Turns clap's parse errors into our own: clap finds the mistake, the wording is ours.
//!
//! Hints repeat the profile or file that was typed, as every other hint does.

use std::error::Error as _;
use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::{Cli, foreign};
use crate::error::Error;
use crate::hint::Target;
use crate::profile;
use crate::term;

/// Returns the error for what clap found in these words.
pub fn error(found: &clap::Error, words: &[OsString]) -> Error {
    let words: Vec<String> = words.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let words = &words.iter().map(String::as_str).collect::<Vec<_>>()[..];
    let see = see(words);
    let arg = argument(found, ContextKind::InvalidArg);
    match found.kind() {
        ErrorKind::InvalidSubcommand => unknown_command(found, words),
        ErrorKind::UnknownArgument => unknown_argument(found, &arg, words).hint_if_none(see),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => value(found, &arg, words).hint_if_none(see),
        ErrorKind::MissingRequiredArgument => {
            let missing = texts(found, ContextKind::InvalidArg);
            let quoted: Vec<String> = missing.iter().map(|arg| format!("`{}`", shown(arg))).collect();
            match missing.iter().find_map(|arg| needed_by(arg, words)) {
                Some(option) => Error::usage(format!("`{option}` needs {}", quoted.join(" and "))).hint(see),
                None => Error::usage(format!("{} is missing", quoted.join(" and "))).hint(see),
            }
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Error::usage("no command is given").hint(see)
        }
        ErrorKind::ArgumentConflict => conflict(found, &arg).hint(see),
        ErrorKind::InvalidUtf8 => Error::usage("an argument is not UTF-8").hint(see),
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => {
            Error::usage(format!("`{}` has too few or too many values", shown(&arg))).hint(see)
        }
        _ => Error::usage("the command line cannot be read").hint(see),
    }
}

/// Returns the credential that these words select, as far as they can be parsed.
pub fn target(words: &[OsString]) -> Target {
    let words: Vec<&str> =
        words.iter().skip(1).map_while(|word| word.to_str()).take_while(|word| *word != "--").collect();
    let value = |option: &str| {
        let value = words.iter().enumerate().find_map(|(at, word)| match assigned(word, option)? {
            "" => words.get(at + 1).copied(),
            value => Some(value),
        });
        value.filter(|value| !value.starts_with('-'))
    };
    Target {
        profile: value("--profile").map(profile::quoted_name),
        config: value("--config").map(|path| profile::quoted(Path::new(path))),
        format: value("--format").map(profile::quoted_name),
        ..Target::default()
    }
}

/// Returns the value that this word assigns to the option: `x` for `--profile=x`, `-px`, `-p=x` and `-qpx`; empty if
/// the value is the next word.
fn assigned<'w>(word: &'w str, option: &str) -> Option<&'w str> {
    match word.strip_prefix(option) {
        Some("") => return Some(""),
        Some(value) => return value.strip_prefix('='),
        None if option != "--profile" => return None,
        None => {}
    }
    let cluster = word.strip_prefix('-').filter(|cluster| !cluster.starts_with('-'))?;
    // Only short options that take no value may come before it.
    let value = cluster.trim_start_matches(['q', 'v']).strip_prefix('p')?;
    Some(value.strip_prefix('=').unwrap_or(value))
}

fn unknown_command(found: &clap::Error, words: &[&str]) -> Error {
    let word = argument(found, ContextKind::InvalidSubcommand);
    let error = Error::usage(format!("there is no command `{}`", shown(&word)));
    let mut behind = words.iter().skip_while(|other| **other != word).skip(1).copied();
    let next = behind.next();
    if let Some(ours) = foreign::command(&word, next) {
        // `logout work`, but `auth logout` has its command in the next word.
        let name = if foreign::is_group(&word) { behind.next() } else { next };
        let profile = name.and_then(|name| profile_option(ours, name, words)).unwrap_or_default();
        return error.hint(format!("run `gads-creds {ours}{profile}`"));
    }
    let near = texts(found, ContextKind::SuggestedSubcommand);
    // What cannot be undone is not suggested for a misspelled word.
    match near.iter().rfind(|near| *near != "revoke" && is_near(&word, near)) {
        Some(near) => error.hint(format!("did you mean `gads-creds {near}`?")),
        None => error.hint("`gads-creds help` lists the commands"),
    }
}

/// Returns ` -p NAME` for a word that may be the name of a profile, behind a command that works on one.
fn profile_option(command: &str, name: &str, words: &[&str]) -> Option<String> {
    const OF_NO_PROFILE: [&str; 7] = ["--all", "COMMAND", "FORMAT", "explain", "completions", "help", "--version"];
    let takes_profile = !command.split(' ').any(|word| OF_NO_PROFILE.contains(&word));
    let is_named =
        words.iter().any(|word| assigned(word, "--profile").is_some() || assigned(word, "--config").is_some());
    let is_name = takes_profile && !is_named && profile::ProfileName::new(name).is_ok();
    is_name.then(|| format!(" -p {}", profile::quoted_name(name)))
}

/// Whether one word is a misspelling of the other.
fn is_near(typed: &str, meant: &str) -> bool {
    let most = (meant.trim_start_matches('-').chars().count() / 3).clamp(1, 3);
    strsim::osa_distance(typed, meant) <= most
}

/// Options that need another one.
const NEEDS: [(&str, &str); 3] = [("--jobs", "--all"), ("--impersonate", "--key-file"), ("--for", "--start")];

/// Returns the option among the words for which this one is needed.
fn needed_by(missing: &str, words: &[&str]) -> Option<&'static str> {
    let is_given = |option: &str| words.iter().any(|word| assigned(word, option).is_some());
    NEEDS.iter().find(|(option, needed)| *needed == shown(missing) && is_given(option)).map(|(option, _)| *option)
}

fn unknown_argument(found: &clap::Error, arg: &str, words: &[&str]) -> Error {
    let command = command(words);
    if !arg.starts_with('-') {
        let error = Error::usage(format!("unexpected argument `{}`", shown(arg)));
        let Some(command) = command.filter(|_| term::masked(arg) == arg) else { return error };
        if command == "login" && (arg.contains(['.', '/', '\\', ' ']) || Path::new(arg).exists()) {
            let file = profile::quoted(Path::new(arg));
            if is_configuration(arg) {
                return error
                    .hint(format!("a library's file is named with `--config`: `gads-creds login --config {file}`"));
            }
            return error.hint(format!("a client-secrets file is named with `-c`: `gads-creds login -c {file}`"));
        }
        return match profile_option(command, arg, words) {
            Some(option) => error.hint(format!("a profile is named with `-p`: `gads-creds {command}{option}`")),
            None => error,
        };
    }
    let name = shown(arg);
    let error = Error::usage(match command {
        Some(command) => format!("`gads-creds {command}` has no option `{name}`"),
        None => format!("there is no option `{name}`"),
    });
    let ours = foreign::option(arg).filter(|ours| command.is_some_and(|command| has(command, ours)));
    let mut near = texts(found, ContextKind::SuggestedArg).into_iter().map(|near| shown(&near));
    if let Some(near) = ours.map(str::to_owned).or_else(|| near.rfind(|near| is_near(&name, near))) {
        return error.hint(format!("did you mean `{near}`?"));
    }
    match whose(arg) {
        Some(other) => error.hint(format!("it is an option of another command: `gads-creds help {other}`")),
        None => error,
    }
}

/// Whether the name is one of a library's configuration rather than that of a client-secrets file.
fn is_configuration(name: &str) -> bool {
    let name = Path::new(name).file_name().unwrap_or_default().to_string_lossy();
    let is_client_secrets = name.starts_with("client_secret");
    let ends = [".yaml", ".yml", ".properties", ".ini", ".rb", ".config", ".env", ".toml"];
    !is_client_secrets && (ends.iter().any(|end| name.ends_with(end)) || name.starts_with("appsettings"))
}

/// Returns the first command that has this option.
fn whose(option: &str) -> Option<String> {
    let tree = Cli::command();
    let mut commands = tree.get_subcommands().map(clap::Command::get_name);
    commands.find(|command| has(command, option)).map(str::to_owned)
}

/// Whether the command has this option, besides the common ones.
fn has(command: &str, option: &str) -> bool {
    let Some(long) = option.strip_prefix("--").and_then(|option| option.split('=').next()) else { return false };
    let tree = Cli::command();
    let arguments = |command: &clap::Command| command.get_arguments().any(|arg| arg.get_long() == Some(long));
    arguments(&tree) || tree.find_subcommand(command).is_some_and(arguments)
}

fn value(found: &clap::Error, arg: &str, words: &[&str]) -> Error {
    let given = argument(found, ContextKind::InvalidValue);
    let option = shown(arg);
    let is_typed = words.iter().any(|word| assigned(word, &option).is_some());
    // Only this option has a variable that clap reads.
    let option = if option == "--api-version" && !is_typed { "GADS_CREDS_API_VERSION".to_owned() } else { option };
    let valid = texts(found, ContextKind::ValidValue);
    if given.is_empty() {
        let error = Error::usage(format!("`{option}` needs a value"));
        return if valid.is_empty() { error } else { error.hint(one_of(&valid)) };
    }
    let given = term::excerpt(&given);
    if let Some(reason) = found.source() {
        // The text comes from one of our own value parsers.
        return Error::usage(format!("invalid value `{given}` for `{option}`: {reason}"));
    }
    let error = Error::usage(format!("invalid value `{given}` for `{option}`"));
    match texts(found, ContextKind::SuggestedValue).first() {
        Some(near) if is_near(&given, near) => error.hint(format!("did you mean `{near}`?")),
        _ if !valid.is_empty() => error.hint(one_of(&valid)),
        _ => error,
    }
}

fn one_of(valid: &[String]) -> String {
    format!("it is one of `{}`", valid.join("`, `"))
}

fn conflict(found: &clap::Error, arg: &str) -> Error {
    let others = texts(found, ContextKind::PriorArg);
    if others.is_empty() || others.iter().any(|other| shown(other) == shown(arg)) {
        return Error::usage(format!("`{}` is given twice", shown(arg)));
    }
    let others: Vec<String> = others.iter().map(|other| format!("`{}`", shown(other))).collect();
    Error::usage(format!("`{}` cannot be used with {}", shown(arg), others.join(" and ")))
}

/// Returns the command among the words, if there is one. The value of an option before it is none.
fn command<'w>(words: &[&'w str]) -> Option<&'w str> {
    let tree = Cli::command();
    let is_value = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or_default();
        ["--profile", "--config", "--format"].iter().any(|option| assigned(before, option) == Some(""))
    };
    let is_command = |word: &str| tree.get_subcommands().any(|command| command.get_name() == word);
    words.iter().enumerate().find(|(at, word)| is_command(word) && !is_value(*at)).map(|(_, word)| *word)
}

fn see(words: &[&str]) -> String {
    match command(words) {
        Some(command) if command != "help" => format!("see `gads-creds help {command}`"),
        _ => "see `gads-creds help`".to_owned(),
    }
}

/// Returns `--port <N>` as `--port`, `<FORMAT>` as `FORMAT`. Anything the user typed is escaped and its secrets are
/// left out.
fn shown(arg: &str) -> String {
    let name = if arg.starts_with('-') { arg.split([' ', '=']).next().unwrap_or(arg) } else { arg };
    term::excerpt(name.trim_matches(['<', '>', '[', ']', '.']))
}

fn argument(found: &clap::Error, kind: ContextKind) -> String {
    texts(found, kind).into_iter().next().unwrap_or_default()
}

fn texts(found: &clap::Error, kind: ContextKind) -> Vec<String> {
    match found.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}
