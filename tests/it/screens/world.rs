//! A home directory whose screens are the same in every run: its path has one length, and what differs is replaced.

use std::os::unix::fs::symlink;

use crate::google::{ADWORDS, Client};
use crate::sandbox::{Sandbox, Screen, Spec, Terminal};
use crate::stored::{self, DAY};

/// What stands for the home directory: as long as its path.
const HOME: &str = "/home/garden-shop";

pub struct World {
    pub sandbox: Sandbox,
    pub client: Client,
    pub token: String,
    home: String,
    /// Keeps the link to the home directory.
    _link: tempfile::TempDir,
}

impl World {
    /// A home directory with a client and a token that works, and no file.
    pub fn new() -> World {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        let token = sandbox.google.grant(&client, &[ADWORDS]);
        let link = tempfile::Builder::new().prefix("you-").rand_bytes(6).tempdir_in("/tmp").expect("a new directory");
        let home = link.path().join("a");
        symlink(sandbox.home(), &home).expect("a new link");
        let home = home.to_str().expect("UTF-8").to_owned();
        assert_eq!(home.len(), HOME.len());
        World { sandbox, client, token, home, _link: link }
    }

    /// Writes a `google-ads.yaml` of that name with a token, and returns its entry for profiles.toml.
    pub fn profile(&self, name: &str, token: &str, facts: &str) -> String {
        let file = format!("google-ads-{name}.yaml");
        let text = stored::yaml(&self.client, token);
        // A revocation removes the line of the token.
        let kept = text.lines().filter(|line| !(token.is_empty() && line.starts_with("refresh_token")));
        self.sandbox.write(&file, kept.map(|line| format!("{line}\n")).collect::<String>());
        format!("[profiles.{name}]\nstore = \"file\"\nfile = \"~/{file}\"\n{facts}\n")
    }

    /// Four profiles as they come about: one that works, one from Testing, one that was revoked, one whose file is gone.
    pub fn four_profiles(&self) {
        let facts = |ago, lives| stored::metadata(&self.sandbox, &self.token, ago, lives);
        let text = [
            "default = \"agency\"\n".to_owned(),
            self.profile("agency", &self.token, &facts(DAY, Some(180 * DAY))),
            self.profile("shop-in-testing", &self.token, &facts(3 * DAY, Some(7 * DAY))),
            self.profile("revoked", "", ""),
            "[profiles.moved-away]\nstore = \"file\"\nfile = \"~/clients/2019/old-google-ads.yaml\"\n".to_owned(),
        ];
        self.sandbox.write_profiles(&text.join("\n"));
    }

    pub fn command(&self, args: &[&str]) -> Spec<'_> {
        self.sandbox.command(args).directory(&self.home).env("HOME", &self.home).env("TERM", "xterm")
    }

    /// What a terminal of that width shows when the run is over.
    pub fn shown(&self, terminal: Terminal, columns: u16) -> Screen {
        let screen = terminal.finish_shown(columns);
        Screen::new(&self.settled(&screen.raw), columns)
    }

    /// The text with values of their own length for what differs from run to run.
    fn settled(&self, text: &str) -> String {
        let (project, rest) = self.client.id.split_once('-').expect("a project's number");
        let rest = rest.trim_end_matches(".apps.googleusercontent.com");
        let text = text
            .replace(&self.home, HOME)
            .replace(rest, &"abcdefghijklmnopqrstuvwxyz012345"[..rest.len().min(32)])
            .replace(project, &"123456789012"[..project.len()]);
        let url = self.sandbox.google.url();
        let mut settled = String::new();
        for line in text.split_inclusive('\n') {
            match line.split_once(url) {
                // The consent page: the rest of the address is of this login alone.
                Some(("", _)) => settled.push_str("https://accounts.google.com/o/oauth2/v2/auth?...\r\n"),
                _ => settled.push_str(&line.replace(url, "http://127.0.0.1:54321")),
            }
        }
        settled
    }
}
