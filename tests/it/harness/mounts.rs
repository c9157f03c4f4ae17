//! File systems for one sandbox: small ones, read-only ones, mounted files. Only programs started through this see
//! them, and they are gone with it.
#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::harness::skip::{not_root, skip, without};
use crate::sandbox::{Sandbox, Spec};

/// Where the programs that mount are; the sandbox has an empty `PATH`.
const PATH: &str = "/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin";

pub struct Mounts<'a> {
    sandbox: &'a Sandbox,
    /// Holds the namespace open until its input ends.
    holder: Child,
}

impl<'a> Mounts<'a> {
    /// Returns `None` if this machine does not allow mounting.
    pub fn start(sandbox: &'a Sandbox) -> Option<Mounts<'a>> {
        // A user namespace would let anybody mount, but root's directories would belong to an unknown user there.
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

    /// Returns the output of a script that runs there, in the home directory.
    #[track_caller]
    pub fn sh(&self, script: &str) -> String {
        let args = self.entering(&["sh", "-ec", script]);
        let output = Command::new("nsenter").args(args).env("PATH", PATH).output().expect("nsenter is there");
        assert!(output.status.success(), "{script}: {output:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// Mounts a disk of this many KiB on a directory; a relative path starts at the home directory.
    pub fn small(&self, directory: &str, size: usize) {
        self.sh(&format!("mkdir -p {directory}; mount -t tmpfs -o size={size}k,mode=700 none {directory}"));
    }

    /// Fills all remaining space on it.
    pub fn fill(&self, directory: &str) {
        self.sh(&format!("! cat /dev/zero >{directory}/filler 2>/dev/null"));
    }

    /// Makes everything below a directory read-only.
    pub fn fix(&self, directory: &str) {
        self.sh(&format!("mount --bind {directory} {directory}; mount -o remount,ro,bind {directory}"));
    }

    /// Returns the program with these arguments, there.
    pub fn command(&self, args: &[&str]) -> Spec<'a> {
        self.program(&[&[crate::PROGRAM], args].concat())
    }

    /// Returns another program, there.
    pub fn program(&self, words: &[&str]) -> Spec<'a> {
        let args = self.entering(words);
        let args: Vec<_> = args.iter().map(String::as_str).collect();
        self.sandbox.other_program("nsenter", &args).env("PATH", PATH)
    }

    /// Returns the arguments of nsenter, which starts in the root directory.
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
