//! A credential kept by a secret manager: `store = "command"` with scripts in place of real managers.
#![cfg(unix)]

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::google::{ADWORDS, Client};
use crate::sandbox::{Sandbox, Spec};

mod by_hand;
#[cfg(target_os = "linux")]
mod clouds;
#[cfg(target_os = "linux")]
mod keys;
#[cfg(target_os = "linux")]
mod kills;
#[cfg(target_os = "linux")]
mod left_over;
mod lifecycle;
#[cfg(target_os = "linux")]
pub mod managers;
#[cfg(target_os = "linux")]
mod members;
mod misbehaving;
#[cfg(target_os = "linux")]
mod put;
#[cfg(target_os = "linux")]
mod real;
mod removals;
#[cfg(target_os = "linux")]
mod terminals;
#[cfg(target_os = "linux")]
mod together;
mod trust;

pub const PROFILES: &str = ".config/gads-creds/profiles.toml";
pub const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// A manager that works: its entry is the file `entry` in its directory.
pub const GOOD: &str = r#"
case "$1" in
get) [ -e "$entry" ] || { echo "no such entry" >&2; exit 1; }; cat "$entry" ;;
set) cat > "$entry.new" && mv "$entry.new" "$entry" ;;
erase) rm -f "$entry" ;;
esac
"#;

/// A profile `work` whose manager is a script of the test's.
pub struct Manager {
    pub sandbox: Sandbox,
    pub client: Client,
    pub token: String,
}

impl Manager {
    /// Creates it with a script that `/bin/sh` runs with `$entry` set and `get`, `set` or `erase` as its argument.
    pub fn new(script: &str) -> Manager {
        let sandbox = Sandbox::new();
        let client = sandbox.google.desktop();
        let token = sandbox.google.grant(&client, &[ADWORDS]);
        let manager = Manager { sandbox, client, token };
        manager.script(script);
        manager.profile("timeout = 5\n");
        manager
    }

    /// Creates it with a credential that works.
    pub fn with_document(script: &str) -> Manager {
        let manager = Manager::new(script);
        manager.keep(manager.document().to_string());
        manager
    }

    /// Creates it with a credential that works, and no member of others beside it.
    pub fn with_plain_document(script: &str) -> Manager {
        let manager = Manager::new(script);
        manager.keep(manager.plain_document().to_string());
        manager
    }

    /// Returns a document that works.
    pub fn plain_document(&self) -> Value {
        let mut document = self.document();
        let members = document.as_object_mut().expect("an object");
        members.retain(|name, _| name != "quota_project_id" && name != "team");
        document
    }

    /// Returns a document that works, with an unknown member.
    pub fn document(&self) -> Value {
        json!({
            "type": "authorized_user",
            "client_id": self.client.id,
            "client_secret": self.client.secret,
            "refresh_token": self.token,
            "quota_project_id": "ours",
            "team": { "owner": "Zoë", "since": 2019.5 },
        })
    }

    pub fn keep(&self, text: impl AsRef<[u8]>) {
        self.sandbox.write(self.entry(), text);
    }

    pub fn entry(&self) -> PathBuf {
        self.sandbox.home().with_file_name("manager").join("entry")
    }

    /// Returns what the manager keeps, unchanged.
    pub fn kept(&self) -> Option<String> {
        fs::read_to_string(self.entry()).ok()
    }

    /// Returns what the manager keeps, as JSON.
    #[track_caller]
    pub fn kept_json(&self) -> Value {
        let text = self.kept().expect("an entry");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    pub fn program(&self) -> PathBuf {
        self.sandbox.home().with_file_name("manager").join("manager")
    }

    pub fn script(&self, script: &str) {
        let text = format!("#!/bin/sh\numask 077\nentry='{}'\n{script}\n", self.entry().display());
        self.sandbox.write(self.program(), text);
        self.sandbox.chmod(self.program(), 0o700);
    }

    /// Writes the profile `work`, with these lines after its commands.
    pub fn profile(&self, more: &str) {
        let program = self.program();
        let text = format!(
            "# by hand\n[profiles.work] # mine\nstore = \"command\"\nget = [{program:?}, \"get\"]\n\
             set = [{program:?}, \"set\"]\nerase = [{program:?}, \"erase\"]\nabsent = \"no such entry\"\n{more}"
        );
        self.sandbox.write(PROFILES, text);
    }

    /// Returns a command for the profile `work`.
    pub fn command(&self, args: &[&str]) -> Spec<'_> {
        let (verb, rest) = args.split_first().expect("a command");
        self.sandbox.command(&[&[*verb, "-p", "work"], rest].concat()).env("PATH", PATH)
    }

    /// Returns `login` for the profile `work`, the client by stdin.
    pub fn login(&self, args: &[&str]) -> Spec<'_> {
        let login = self.sandbox.login(&[&["-p", "work", "-c", "-"], args].concat());
        login.stdin(self.client.secrets_file()).env("PATH", PATH)
    }

    pub fn recoveries(&self) -> usize {
        fs::read_dir(self.sandbox.home().join(".local/state/gads-creds/recovery")).into_iter().flatten().count()
    }
}
