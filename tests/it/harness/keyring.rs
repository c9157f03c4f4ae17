//! A real keyring for a sandbox: its own D-Bus session with gnome-keyring in it, until dropped.
#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use crate::sandbox::{Sandbox, Spec};
use crate::stores::keychain::{DAEMON, LOCK, UNLOCK, missing_part};

pub struct Session<'a> {
    sandbox: &'a Sandbox,
    child: Child,
    address: String,
}

impl<'a> Session<'a> {
    /// Starts an unlocked keyring below the sandbox's home directory; `None` if this machine lacks the programs.
    pub fn start(sandbox: &'a Sandbox) -> Option<Session<'a>> {
        if missing_part() {
            return None;
        }
        let script = format!("{UNLOCK}echo \"$DBUS_SESSION_BUS_ADDRESS\"; read end");
        let mut command = process(sandbox, "dbus-run-session");
        let mut child = command.args(["--", "sh", "-c", &script]).stdin(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Some(Session { sandbox, child, address: address.trim().to_owned() })
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// Returns the program in the sandbox and in this session.
    pub fn command(&self, args: &[&str]) -> Spec<'a> {
        self.sandbox.command(args).env("DBUS_SESSION_BUS_ADDRESS", &self.address)
    }

    /// Starts `login --no-browser` in this session.
    pub fn login(&self, args: &[&str]) -> Spec<'a> {
        self.sandbox.login(args).env("DBUS_SESSION_BUS_ADDRESS", &self.address)
    }

    /// Returns every entry of ours as another program sees it; empty if there is none.
    pub fn entries(&self) -> String {
        let printed = self.shell("secret-tool search --all --unlock service gads-creds 2>&1 || true");
        let mut accounts: Vec<_> =
            printed.lines().filter_map(|line| line.strip_prefix("attribute.username = ")).map(str::to_owned).collect();
        accounts.sort();
        accounts.join(" ")
    }

    pub fn lock(&self) {
        self.shell(LOCK);
    }

    /// Unlocks it with a new daemon, since the old one would show a prompt.
    pub fn unlock(&self) {
        self.shell(&UNLOCK.replace("--unlock", "--replace --unlock"));
    }

    /// Stops the daemon; it goes on with `CONT`.
    pub fn signal_daemon(&self, signal: &str) {
        self.shell(&format!("{DAEMON}kill -{signal} \"$daemon\""));
    }

    pub fn shell(&self, script: &str) -> String {
        let mut command = process(self.sandbox, "sh");
        let mut child = command.args(["-c", script]).env("DBUS_SESSION_BUS_ADDRESS", &self.address).spawn().unwrap();
        let mut printed = String::new();
        child.stdout.take().unwrap().read_to_string(&mut printed).unwrap();
        assert!(child.wait().unwrap().success(), "{script}");
        printed
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        // A stopped daemon would outlive its session.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.signal_daemon("CONT")));
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn process(sandbox: &Sandbox, program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", sandbox.home())
        .env("XDG_RUNTIME_DIR", sandbox.home().join("../tmp"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // The bus and the prompter without a display print many messages.
        .stderr(Stdio::null());
    command
}
