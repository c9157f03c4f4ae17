//! Parts of the library in a process of their own, so that a test can trace, starve or kill them.
//!
//! The process is this test program, started for one test, with the part to run in a variable. The part's results are
//! on lines that begin with `@`.
#![cfg(unix)]

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use gads_creds::error::Result;
use gads_creds::{disk, hardening};

use crate::sandbox::Sandbox;

const PART: &str = "GADS_CREDS_TEST_PART";
const FILE: &str = "GADS_CREDS_TEST_FILE";
const TEXT: &str = "GADS_CREDS_TEST_TEXT";

impl Sandbox {
    /// Returns a command that runs that part with this home, on that file and with that text.
    pub fn part(&self, part: &str, file: &Path, text: &str) -> Command {
        self.part_under(&[], part, file, text)
    }

    /// A command that runs a part in a process which another program starts, whose arguments come first.
    pub fn part_under(&self, starter: &[&str], part: &str, file: &Path, text: &str) -> Command {
        let program = std::env::current_exe().unwrap();
        let arguments = ["harness::own_process::in_a_process_of_its_own", "--exact", "--nocapture", "--test-threads=1"];
        let mut words = starter.iter().map(OsStr::new).chain([program.as_os_str()]).chain(arguments.map(OsStr::new));
        let mut command = Command::new(words.next().unwrap());
        command.args(words).env_clear().env("HOME", self.home()).env("TMPDIR", self.tmp());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env(PART, part).env(FILE, file).env(TEXT, text);
        command
    }

    /// Runs the part and returns its results.
    pub fn run_part(&self, part: &str, file: &Path, text: &str) -> PartRun {
        PartRun::from(self.part(part, file, text).output().unwrap())
    }

    pub fn run_part_under(&self, starter: &[&str], part: &str, file: &Path, text: &str) -> PartRun {
        PartRun::from(self.part_under(starter, part, file, text).output().unwrap())
    }
}

/// The results of a part, and how it ended.
#[derive(Debug)]
pub struct PartRun {
    pub lines: Vec<String>,
    pub output: Output,
}

impl From<Output> for PartRun {
    fn from(output: Output) -> PartRun {
        let text = String::from_utf8_lossy(&output.stdout);
        let lines = text.lines().filter_map(|line| line.split_once('@')).map(|(_, result)| result.to_owned()).collect();
        PartRun { lines, output }
    }
}

impl PartRun {
    /// Returns the first result.
    pub fn first(&self) -> &str {
        self.lines.first().unwrap_or_else(|| panic!("nothing was printed: {:?}", self.output))
    }

    pub fn is_done(&self) -> bool {
        self.lines.iter().any(|line| line == "done")
    }

    pub fn error(&self) -> &str {
        self.first().strip_prefix("error: ").unwrap_or_else(|| panic!("no error: {:?}", self.lines))
    }
}

pub fn chmod(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

pub fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn in_a_process_of_its_own() {
    let Ok(part) = std::env::var(PART) else { return };
    let file = PathBuf::from(std::env::var_os(FILE).unwrap());
    let text = std::env::var(TEXT).unwrap();
    #[cfg(target_os = "linux")]
    crate::harness::strace_part::wait();
    hardening::start();
    match part.as_str() {
        "read" => report(disk::read(&file).map(|text| vec![format!("{text:?}")])),
        "preflight" => report(preflight(&file, &text).map(|()| Vec::new())),
        "update" => report(update(&file, &mut |_| Ok(text.clone()))),
        "append" => report(update(&file, &mut |old| Ok(format!("{old}{text}\n")))),
        "append_while_edited" => {
            let mut edited = false;
            report(update(&file, &mut |old| {
                if !edited {
                    edited = true;
                    fs::write(&file, format!("{old}by hand\n")).unwrap();
                }
                Ok(format!("{old}{text}\n"))
            }));
        }
        "append_while_edited_always" => {
            let mut count = 0;
            report(update(&file, &mut |old| {
                count += 1;
                fs::write(&file, format!("by hand {count}\n")).unwrap();
                Ok(format!("{old}{text}\n"))
            }));
        }
        other if other.starts_with("hardening_") => crate::security::hardening::part(other, &file, &text),
        other if other.starts_with("recovery_") => crate::stores::recovery_files::part(other, &file, &text),
        other if other.starts_with("store_") => crate::stores::file::part(other, &file, &text),
        other => panic!("no part {other}"),
    }
}

fn preflight(file: &Path, text: &str) -> Result<()> {
    disk::preflight(file, &disk::lock(&file.to_string_lossy())?, &mut |_| Ok(text.to_owned()))
}

fn update(file: &Path, change: &mut dyn FnMut(&str) -> Result<String>) -> Result<Vec<String>> {
    disk::update(file, &disk::lock(&file.to_string_lossy())?, change)
}

/// Prints the result for the parent, on a line of its own, whatever the test harness has begun to write.
pub fn report(result: Result<Vec<String>>) {
    match result {
        Ok(lines) => {
            lines.iter().for_each(|line| println!("\n@{line}"));
            println!("\n@done");
        }
        Err(error) => println!(
            "\n@error: {}\n@hint: {}",
            error.message(),
            error.next_step().map(ToString::to_string).unwrap_or_default()
        ),
    }
}
