//! The words that other tools use for what a command here does.

/// Each word and the command that does it.
const WORDS: &[(&str, &str)] = &[
    ("logout", "revoke"),
    ("signout", "revoke"),
    ("disconnect", "revoke"),
    ("delete", "revoke"),
    ("remove", "revoke"),
    ("rm", "revoke"),
    ("signin", "login"),
    ("authorize", "login"),
    ("authenticate", "login"),
    ("init", "login"),
    ("setup", "login"),
    ("configure", "login"),
    ("add", "login"),
    ("new", "login"),
    ("create", "login"),
    ("status", "show --all"),
    ("list", "show --all"),
    ("ls", "show --all"),
    ("profiles", "show --all"),
    ("accounts", "show --all"),
    ("whoami", "show"),
    ("get", "show"),
    ("info", "show"),
    ("describe", "show"),
    ("view", "show"),
    ("cat", "show"),
    ("renew", "refresh"),
    ("update", "set"),
    ("edit", "set"),
    ("rotate", "set --client-secrets FILE"),
    ("use", "set --default"),
    ("switch", "set --default"),
    ("select", "set --default"),
    ("migrate", "move --store WHERE"),
    ("env", "exec -- COMMAND"),
    ("token", "refresh --print-access-token"),
    ("print-access-token", "refresh --print-access-token"),
    ("access-token", "refresh --print-access-token"),
    ("test", "refresh"),
    ("check", "refresh"),
    ("verify", "refresh"),
    ("validate", "refresh"),
    ("diagnose", "doctor"),
    ("debug", "doctor"),
    ("troubleshoot", "doctor"),
    ("error", "explain"),
    ("run", "exec -- COMMAND"),
    ("convert", "export FORMAT"),
    ("version", "--version"),
];

/// The options of other tools that mean one of ours.
const OPTIONS: &[(&str, &str)] = &[
    ("--headless", "--no-browser"),
    ("--no-launch-browser", "--no-browser"),
    ("--no-open", "--no-browser"),
    ("--remote", "--no-browser"),
    ("--credentials", "--client-secrets"),
    ("--scopes", "--additional-scopes"),
    ("--output", "--json"),
    ("--non-interactive", "--no-input"),
    ("--force", "--yes"),
];

/// Words that other tools put before the command: `auth login`.
const GROUPS: &[&str] = &["auth", "account", "credentials", "config", "profile"];

/// Returns the option of ours that this one means.
pub fn option(option: &str) -> Option<&'static str> {
    let name = option.split('=').next().unwrap_or(option);
    OPTIONS.iter().find(|(theirs, _)| *theirs == name).map(|(_, ours)| *ours)
}

/// Whether the command is the next word.
pub fn is_group(word: &str) -> bool {
    GROUPS.contains(&word)
}

/// Returns the command of ours that this word means; `next` is the word after it.
pub fn command(word: &str, next: Option<&str>) -> Option<&'static str> {
    let known = |word: &str| WORDS.iter().find(|(theirs, _)| *theirs == word).map(|(_, ours)| *ours);
    if !is_group(word) {
        return known(word);
    }
    match next {
        None => Some("login").filter(|_| word == "auth"),
        Some(next) => super::COMMANDS.iter().map(|(name, _)| *name).find(|name| *name == next).or_else(|| known(next)),
    }
}
