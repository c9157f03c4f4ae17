//! The next step after an error or a finding, and the credential that it is about.
//!
//! A hint is written as the user reads it, with each command of this program in backticks: ``run `gads-creds login` ``. It is
//! parsed where it is made, so that a command in it can be completed with the options by which it means the same credential as
//! the command that failed. Without them a pasted hint could replace the token of another profile.

use std::fmt;

const PROGRAM: &str = "`gads-creds ";

/// The commands that work on one credential, and therefore accept the options of a [`Target`].
const WITH_TARGET: [&str; 9] = ["login", "show", "refresh", "revoke", "set", "move", "exec", "export", "doctor"];

/// Options that already select a credential, or none.
const WITHOUT_TARGET: [&str; 5] = ["-p", "--profile", "--config", "--all", "--recover"];

/// Options of a login that brings its own options, or takes no client.
const LOGIN_IN_STEPS: [&str; 3] = ["--start", "--finish", KEY_FILE];

const KEY_FILE: &str = "--key-file";

/// Options of a login that is of a user or of a service account whatever is stored.
const WITH_ITS_OWN_KIND: [&str; 7] =
    ["-c", KEY_FILE, "--start", "--finish", "--recover", "--replace-kind", "--expect-account"];

/// One next step: text with commands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// A command of this program: its verb, and the words after it.
    Command {
        verb: String,
        words: String,
        /// It is not about the file that the target names.
        is_for_another_file: bool,
    },
}

impl Hint {
    /// Returns this step followed by another one, with these words between them: `; then `.
    pub fn join(mut self, between: &str, next: impl Into<Hint>) -> Hint {
        self.0.push(Part::Text(between.to_owned()));
        self.0.extend(next.into().0);
        self
    }

    /// Returns the same step with the option for a client in each login: for a place that holds none.
    pub fn with_client(self) -> Hint {
        self.with_option("login", "-c FILE", &["-c", "--recover", "--key-file", "--finish"])
    }

    /// Returns the same step with the option by which a login switches a file to a user's credentials.
    pub fn replacing_kind(self) -> Hint {
        self.with_option("login", "--replace-kind", &["--replace-kind", "--recover", "--key-file"])
    }

    /// Returns the same step with the option by which a revocation asks nothing.
    pub fn without_question(self) -> Hint {
        self.with_option("revoke", "--yes", &["--yes"])
    }

    fn with_option(mut self, of: &str, option: &str, unless: &[&str]) -> Hint {
        for part in &mut self.0 {
            if let Part::Command { verb, words, .. } = part
                && verb == of
                && !words.split(' ').any(|word| unless.contains(&word))
            {
                *words = format!("{words} {option}").trim_start().to_owned();
            }
        }
        self
    }

    /// Returns the same step for another file of the same profile.
    pub fn for_another_file(mut self) -> Hint {
        for part in &mut self.0 {
            if let Part::Command { is_for_another_file, .. } = part {
                *is_for_another_file = true;
            }
        }
        self
    }

    /// Returns the text with every command completed for this target.
    pub fn text(&self, target: &Target) -> String {
        self.0.iter().map(|part| part.text(target)).collect()
    }

    /// Returns the commands as they are written, without a target: `login -c FILE`.
    pub fn commands(&self) -> impl Iterator<Item = String> {
        self.0.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Command { verb, words, .. } => Some(format!("{verb} {words}").trim_end().to_owned()),
        })
    }
}

impl From<&str> for Hint {
    fn from(text: &str) -> Hint {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, command, after)) = next_command(rest) {
            parts.push(Part::Text(before.to_owned()));
            let (verb, words) = command.split_once(' ').unwrap_or((command, ""));
            let (verb, words) = (verb.to_owned(), words.to_owned());
            parts.push(Part::Command { verb, words, is_for_another_file: false });
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Hint(parts)
    }
}

impl From<String> for Hint {
    fn from(text: String) -> Hint {
        Hint::from(text.as_str())
    }
}

impl Part {
    fn text(&self, target: &Target) -> String {
        match self {
            Part::Text(text) => text.clone(),
            Part::Command { verb, words, is_for_another_file: true } => {
                // A profile or a variable that names the file goes on naming it.
                let config = target.config.is_none().then(|| "FILE".to_owned());
                let target = Target { config, format: None, ..target.clone() };
                Part::Command { verb: verb.clone(), words: words.clone(), is_for_another_file: false }.text(&target)
            }
            Part::Command { verb, words, .. } => {
                let (verb, words) = target.fitting(verb, words);
                let space = if words.is_empty() { "" } else { " " };
                let has_target = words.split(' ').any(|word| WITHOUT_TARGET.contains(&word));
                let options = if has_target { String::new() } else { target.options(verb) };
                let again = if has_target || verb != "login" { String::new() } else { target.again(&words) };
                format!("{PROGRAM}{verb}{options}{space}{words}{again}`")
            }
        }
    }
}

/// Returns the text before the next command, that command without the program's name, and the text after it.
fn next_command(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(PROGRAM)?;
    let (command, after) = rest.split_once('`')?;
    Some((before, command, after))
}

/// The options by which another command selects the same credential.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    pub profile: Option<String>,
    /// The file, quoted for a shell.
    pub config: Option<String>,
    pub format: Option<String>,
    /// For another login: options of the one that failed, without which it would use another client or store.
    pub login: Vec<LoginOption>,
    /// It is a service account: it logs in with its key, not in a browser.
    pub is_service_account: bool,
}

/// An option of `login` with its value, quoted for a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginOption {
    pub name: &'static str,
    pub value: Option<String>,
}

impl Target {
    pub fn is_empty(&self) -> bool {
        *self == Target::default()
    }

    /// Returns the command that does the same for a service account which is stored: a login needs its key, and another customer
    /// needs no login.
    fn fitting<'v>(&self, verb: &'v str, words: &str) -> (&'v str, String) {
        let says_how = words.split(' ').any(|word| WITH_ITS_OWN_KIND.contains(&word));
        if !self.is_service_account || !self.login.is_empty() || verb != "login" || says_how {
            return (verb, words.to_owned());
        }
        match words.split(' ').any(|word| word == "--login-customer-id") {
            true => ("set", words.to_owned()),
            false => (verb, format!("{words} --key-file FILE").trim_start().to_owned()),
        }
    }

    /// Returns the options to put after the verb, each with a space before it; only `login` takes a profile and a file
    /// together.
    pub fn options(&self, verb: &str) -> String {
        if !WITH_TARGET.contains(&verb) {
            return String::new();
        }
        let profile = self.profile.as_ref().filter(|_| verb == "login" || self.config.is_none());
        let mut options = String::new();
        for (option, value) in [("-p", profile), ("--config", self.config.as_ref()), ("--format", self.format.as_ref())]
        {
            if let Some(value) = value {
                options += &format!(" {option} {value}");
            }
        }
        options
    }

    /// Returns the options of the login that failed, each with a space before it, unless the hint says otherwise.
    fn again(&self, words: &str) -> String {
        let is_open = |option: &&LoginOption| {
            let is_other_kind = |word: &str| word == "-c" && option.name == KEY_FILE;
            !words.split(' ').any(|word| word == option.name || LOGIN_IN_STEPS.contains(&word) || is_other_kind(word))
        };
        let text = |option: &LoginOption| match &option.value {
            Some(value) => format!(" {} {value}", option.name),
            None => format!(" {}", option.name),
        };
        self.login.iter().filter(is_open).map(text).collect()
    }

    /// Returns this target with what another login needs after the same command, unless that is known already.
    pub fn after(&self, command_line: &Target) -> Target {
        let login = if self.login.is_empty() { &command_line.login } else { &self.login };
        Target { login: login.clone(), ..self.clone() }
    }
}

/// For tests and messages that name no credential.
impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(&Target::default()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Hint, LoginOption, Target};

    fn target(profile: Option<&str>, config: Option<&str>) -> Target {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Target { profile: owned(profile), config: owned(config), ..Target::default() }
    }

    #[test]
    fn another_login_uses_the_same_client_and_store() {
        let option = |name, value: Option<&str>| LoginOption { name, value: value.map(str::to_owned) };
        let login =
            vec![option("--store", Some("pass:ads")), option("-c", Some("c.json")), option("--replace-kind", None)];
        let target = Target { login, ..target(Some("two"), None) };
        for (hint, text) in [
            ("`gads-creds login`", "`gads-creds login -p two --store pass:ads -c c.json --replace-kind`"),
            ("`gads-creds login -c FILE`", "`gads-creds login -p two -c FILE --store pass:ads --replace-kind`"),
            ("`gads-creds login --store file`", "`gads-creds login -p two --store file -c c.json --replace-kind`"),
            ("`gads-creds login --start`", "`gads-creds login -p two --start`"),
            ("`gads-creds login --recover`", "`gads-creds login --recover`"),
            ("`gads-creds doctor`", "`gads-creds doctor -p two`"),
        ] {
            assert_eq!(Hint::from(hint).text(&target), text);
        }
    }

    #[test]
    fn a_service_account_logs_in_with_its_key_and_gets_a_customer_without_a_login() {
        let stored = Target { is_service_account: true, ..target(Some("two"), None) };
        for (hint, text) in [
            ("`gads-creds login`", "`gads-creds login -p two --key-file FILE`"),
            ("`gads-creds login --store file`", "`gads-creds login -p two --store file --key-file FILE`"),
            ("`gads-creds login -c FILE`", "`gads-creds login -p two -c FILE`"),
            ("`gads-creds login --login-customer-id ID`", "`gads-creds set -p two --login-customer-id ID`"),
            ("`gads-creds login --recover`", "`gads-creds login --recover`"),
        ] {
            assert_eq!(Hint::from(hint).text(&stored), text);
        }
        let key = LoginOption { name: "--key-file", value: Some("k.json".to_owned()) };
        let failed = Target { login: vec![key], ..stored };
        for (hint, text) in [
            ("`gads-creds login -c FILE`", "`gads-creds login -p two -c FILE`"),
            (
                "`gads-creds login --login-customer-id ID`",
                "`gads-creds login -p two --login-customer-id ID --key-file k.json`",
            ),
        ] {
            assert_eq!(Hint::from(hint).text(&failed), text);
        }
    }

    #[test]
    fn every_command_gets_the_target() {
        let hint = Hint::from("run `gads-creds login -c FILE`, or `gads-creds doctor` and `ls`");
        assert_eq!(
            hint.text(&target(Some("two"), None)),
            "run `gads-creds login -p two -c FILE`, or `gads-creds doctor -p two` and `ls`"
        );
    }

    #[test]
    fn without_a_target_a_hint_reads_as_it_was_written() {
        for text in
            ["", "try again", "run `gads-creds login`", "`gads-creds explain CODE` says more", "an open `gads-creds x"]
        {
            assert_eq!(Hint::from(text).to_string(), text);
        }
    }

    #[test]
    fn a_command_that_selects_a_credential_or_needs_none_is_unchanged() {
        for text in [
            "`gads-creds show -p one`",
            "`gads-creds login --recover`",
            "`gads-creds refresh --all`",
            "`gads-creds explain`",
        ] {
            assert_eq!(Hint::from(text).text(&target(Some("two"), None)), text);
        }
    }

    #[test]
    fn only_login_takes_a_profile_and_a_file() {
        let hint = Hint::from("`gads-creds login`, `gads-creds show`");
        assert_eq!(
            hint.text(&target(Some("two"), Some("a.yaml"))),
            "`gads-creds login -p two --config a.yaml`, `gads-creds show --config a.yaml`"
        );
    }
}
