//! `cargo try`: the whole program against the stand-in, on a machine with only Rust.
//!
//! Every command runs in its own process, which is this executable again, with an environment of its own and its files
//! in a temporary directory that is removed at the end. The consent screen opens in the desktop's browser if there is
//! one; without one, or if nobody responds, the example presses the button itself.
//!
//! With `--keep` it runs no command: it keeps the stand-in running and prints what to paste into another terminal, where
//! this executable serves as gads-creds if that is not installed.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, reason = "it talks to a person")]

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use gads_creds::browser::Opened;
use gads_creds::profile::{quoted, quoted_word};
use gads_creds::subprocess;
use url::Url;

#[path = "mod.rs"]
#[expect(dead_code, unused_imports, reason = "the tests use the rest of the stand-in")]
mod google;

use google::browser::{self, Decision};
use google::{Endpoint, Google};

/// The first argument that makes it run the program itself.
const AS_PROGRAM: &str = "--as-gads-creds";
/// The only argument that keeps the stand-in running.
const KEEP: &str = "--keep";
/// Given to every command, because the environment does not determine the home directory on every system.
const FILE: [&str; 2] = ["--config", "google-ads.yaml"];
/// The variables that decide where the program keeps what is its own, and the directory below ours for each.
const PLACES: &[(&str, &str)] = if cfg!(windows) {
    &[("APPDATA", "config"), ("LOCALAPPDATA", "state")]
} else if cfg!(target_vendor = "apple") {
    &[("HOME", "home")]
} else {
    &[("XDG_CONFIG_HOME", "config"), ("XDG_STATE_HOME", "state")]
};
/// How long a browser may take to show the page, and the user to decide.
const PATIENCE: [Duration; 2] = [Duration::from_secs(15), Duration::from_secs(60)];
const BEFORE: &str = "\
# The file of the Python library, as somebody left it.
login_customer_id: 1234567890  # the agency
client_id: INSERT_CLIENT_ID_HERE
logging:
  version: 1
";

fn main() -> ExitCode {
    let mut args = env::args_os();
    let program = args.next();
    let rest: Vec<OsString> = args.collect();
    if rest.first().is_some_and(|arg| arg == AS_PROGRAM) {
        return ExitCode::from(gads_creds::run(program.into_iter().chain(rest.into_iter().skip(1))));
    }
    let result = match rest.iter().map(|arg| arg.to_str()).collect::<Vec<_>>()[..] {
        [] => show(),
        [Some(KEEP)] => keep(),
        _ => {
            eprintln!("usage: cargo try [{KEEP}]");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs through the lifecycle of a token; stops at the first command that fails, with its exit code.
fn show() -> io::Result<u8> {
    let google = Google::start()?;
    let directory = tempfile::Builder::new().prefix("gads-creds-try-").tempdir()?;
    let stage = Stage { google, directory: directory.path().canonicalize()? };
    let file = stage.directory.join("google-ads.yaml");
    fs::write(stage.directory.join("client_secret.json"), stage.google.desktop().secrets_file())?;
    fs::write(&file, BEFORE)?;
    println!("A stand-in for Google runs at {}: accounts, clients and tokens are made up.", stage.google.url());
    println!("Everything is in {}, which is deleted at the end.", stage.directory.display());
    let login = ["login", "--client-secrets", "client_secret.json", "--no-browser", "--timeout", "90"];
    let mut status = stage.login(&[&login[..], &FILE].concat())?;
    if status.success() {
        println!("\n--- google-ads.yaml before\n+++ google-ads.yaml after");
        print!("{}", difference(BEFORE, &fs::read_to_string(&file)?));
    }
    for command in [&["show"][..], &["refresh"], &["revoke", "--yes"]] {
        if status.success() {
            status = stage.run(&[command, &FILE].concat())?;
        }
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    println!("\n{}", if code == 0 { "Done." } else { "It ended with this failure." });
    Ok(code)
}

/// Keeps the stand-in running until Ctrl-C, for a program in another terminal.
fn keep() -> io::Result<u8> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, stop.clone())?;
    }
    let google = Google::start()?;
    let directory = tempfile::Builder::new().prefix("gads-creds-try-").tempdir()?;
    // On Windows that would be a path that no shell enters.
    let path = if cfg!(windows) { directory.path().to_path_buf() } else { directory.path().canonicalize()? };
    fs::write(path.join("client_secret.json"), google.desktop().secrets_file())?;
    let shell = if cfg!(windows) { " (PowerShell)" } else { "" };
    println!(
        "A stand-in for Google is running: accounts, clients and tokens are made up. In another terminal{shell}:\n"
    );
    println!("{}", set("GADS_CREDS_ENDPOINT", Path::new(google.url())));
    for (name, place) in PLACES {
        println!("{}", set(name, &path.join(place)));
    }
    println!("cd {}", quoted(&path));
    if subprocess::find("gads-creds").is_none() {
        let this = quoted(&env::current_exe()?);
        match cfg!(windows) {
            true => println!("function gads-creds {{ & {this} {AS_PROGRAM} @args }}"),
            false => println!("alias gads-creds={}", quoted_word(&format!("{this} {AS_PROGRAM}"))),
        }
    }
    println!("gads-creds login --config google-ads.yaml");
    println!("\nCtrl-C stops it and deletes that directory.");
    while !stop.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(100));
    }
    Ok(0)
}

/// Returns the line that sets a variable, for the shell of this system.
fn set(name: &str, value: &Path) -> String {
    match cfg!(windows) {
        // Only a string has a value there.
        true => format!("$env:{name} = \"{}\"", value.display()),
        false => format!("export {name}={}", quoted(value)),
    }
}

struct Stage {
    google: Google,
    directory: PathBuf,
}

impl Stage {
    /// Runs a command with both streams on our stdout, so that the transcript is in order.
    fn run(&self, args: &[&str]) -> io::Result<ExitStatus> {
        self.process(args)?.stderr(io::stdout()).status()
    }

    /// Runs a login and completes its consent screen.
    fn login(&self, args: &[&str]) -> io::Result<ExitStatus> {
        let mut login = self.process(args)?.stderr(Stdio::piped()).spawn()?;
        let lines = BufReader::new(login.stderr.take().ok_or(io::ErrorKind::BrokenPipe)?).lines();
        thread::scope(|scope| {
            for line in lines {
                let line = line?;
                println!("{line}");
                if let Ok(url) = Url::parse(line.trim())
                    && line.contains("/o/oauth2/v2/auth?")
                {
                    scope.spawn(move || self.consent(&url));
                }
            }
            login.wait()
        })
    }

    /// Completes the consent screen: the user at the desktop does, or else this program.
    fn consent(&self, url: &Url) {
        if io::stdin().is_terminal() && io::stdout().is_terminal() {
            match gads_creds::browser::open(url, |_| ()).0 {
                Opened::With(_) if self.is_decided() => return,
                Opened::With(_) => println!("(no response in the browser)"),
                Opened::Not(reason) => println!("(no browser: {reason})"),
            }
        }
        println!("(the example visits that address itself and allows)");
        match browser::visit(url.as_str(), &Decision::allow()) {
            Ok(page) => println!("(the browser now shows a page with status {})", page.status),
            // The login reaches its time limit and says so.
            Err(error) => println!("(the visit failed: {error})"),
        }
    }

    /// Whether a button of the consent screen is pressed in time.
    fn is_decided(&self) -> bool {
        let start = Instant::now();
        loop {
            let requests = self.google.requests(Endpoint::Authorize);
            if requests.iter().any(|request| request.method == "POST") {
                return true;
            }
            let [to_show, to_decide] = PATIENCE;
            if start.elapsed() > if requests.is_empty() { to_show } else { to_decide } {
                return false;
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Returns the program in an isolated environment; prints the command as a user would type it.
    fn process(&self, args: &[&str]) -> io::Result<Command> {
        println!("\n$ gads-creds {}", args.join(" "));
        let mut command = Command::new(env::current_exe()?);
        command.arg(AS_PROGRAM).args(args).current_dir(&self.directory).stdin(Stdio::null()).env_clear();
        for name in ["PATH", "TERM", "NO_COLOR", "LANG", "SystemRoot", "SSL_CERT_FILE", "SSL_CERT_DIR"] {
            command.envs(env::var_os(name).map(|value| (name, value)));
        }
        command.env("HOME", &self.directory).env("USERPROFILE", &self.directory);
        command.envs(PLACES.iter().map(|(name, place)| (name, self.directory.join(place))));
        command.env("GADS_CREDS_ENDPOINT", self.google.url());
        Ok(command)
    }
}

/// Returns the lines of both texts in order, each marked as unchanged, removed or added.
fn difference(before: &str, after: &str) -> String {
    let (before, after): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    // common[i][j]: how many lines the texts have in common from line i and line j on.
    let mut common = vec![vec![0; after.len() + 1]; before.len() + 1];
    for i in (0..before.len()).rev() {
        for j in (0..after.len()).rev() {
            let same = if before[i] == after[j] { common[i + 1][j + 1] + 1 } else { 0 };
            common[i][j] = same.max(common[i + 1][j]).max(common[i][j + 1]);
        }
    }
    let (mut i, mut j, mut text) = (0, 0, String::new());
    while i < before.len() || j < after.len() {
        let (mark, line) = if i < before.len() && j < after.len() && before[i] == after[j] {
            (i, j) = (i + 1, j + 1);
            (' ', before[i - 1])
        } else if i < before.len() && (j == after.len() || common[i + 1][j] >= common[i][j + 1]) {
            i += 1;
            ('-', before[i - 1])
        } else {
            j += 1;
            ('+', after[j - 1])
        };
        text.push_str(&format!("{mark}{line}\n"));
    }
    text
}
