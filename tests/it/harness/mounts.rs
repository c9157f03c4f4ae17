//! File systems of a sandbox's own: small ones, read-only ones, a file mounted by itself. They are seen by the programs that
//! are started through this and by nobody else, and are gone with it.
#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::harness::skip::{not_root, skip, without};
use crate::sandbox::{Sandbox, Spec};

/// Where the programs that mount stand; the sandbox has an empty `PATH`.
const PATH: &str = "/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin";

pub struct Mounts<'a> {
    sandbox: &'a Sandbox,
    /// Holds the namespace open until its input ends.
    holder: Child,
}

impl<'a> Mounts<'a> {
    /// None where this machine lets nobody mount.
    pub fn start(sandbox: &'a Sandbox) -> Option<Mounts<'a>> {
        // A namespace of users would let anybody mount, but root's directories belong to a stranger there.
        if not_root() || without("unshare") {
            return None;
        }
        let script = "mount --bind bin bin && echo ready && read end";
        let mut holder = Command::new("unshare")
            .args(["-m", "sh", "-c", script])
            .current_dir(sandbox.home().join(".."))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("unshare is there");
        let mut ready = String::new();
        BufReader::new(holder.stdout.take().expect("a pipe")).read_line(&mut ready).expect("text");
        let mounts = Mounts { sandbox, holder };
        if ready.is_empty() {
            skip("mounting is not allowed here");
            return None;
        }
        Some(mounts)
    }

    /// What a script says that is run there, in the home directory.
    #[track_caller]
    pub fn sh(&self, script: &str) -> String {
        let args = self.entering(&["sh", "-ec", script]);
        let output = Command::new("nsenter").args(args).env("PATH", PATH).output().expect("nsenter is there");
        assert!(output.status.success(), "{script}: {output:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// Mounts a disk of so many KiB on a directory; a relative path starts at the home directory.
    pub fn small(&self, directory: &str, size: usize) {
        self.sh(&format!("mkdir -p {directory}; mount -t tmpfs -o size={size}k,mode=700 none {directory}"));
    }

    /// Takes all the room there is left on it.
    pub fn fill(&self, directory: &str) {
        self.sh(&format!("! cat /dev/zero >{directory}/filler 2>/dev/null"));
    }

    /// Makes what is below a directory read-only.
    pub fn fix(&self, directory: &str) {
        self.sh(&format!("mount --bind {directory} {directory}; mount -o remount,ro,bind {directory}"));
    }

    /// The program with these arguments, there.
    pub fn command(&self, args: &[&str]) -> Spec<'a> {
        self.program(&[&[crate::PROGRAM], args].concat())
    }

    /// Another program, there.
    pub fn program(&self, words: &[&str]) -> Spec<'a> {
        let args = self.entering(words);
        let args: Vec<_> = args.iter().map(String::as_str).collect();
        self.sandbox.other_program("nsenter", &args).env("PATH", PATH)
    }

    /// The arguments of nsenter, which leaves whoever enters in the root directory.
    fn entering(&self, words: &[&str]) -> Vec<String> {
        let holder = self.holder.id().to_string();
        let home = self.sandbox.home().display().to_string();
        let enter = ["-t", &holder, "-m", "sh", "-c", "cd \"$0\" && exec \"$@\"", &home];
        enter.iter().chain(words).map(|word| (*word).to_owned()).collect()
    }
}

impl Drop for Mounts<'_> {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
    }
}
