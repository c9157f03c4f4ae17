//! Opens an address in the user's browser, or returns why it did not.
//!
//! [`launchers`] decides what to try: a function of the [`Surroundings`] alone. [`start`] runs it. No shell takes part,
//! and no program is found through the current directory. The launcher's output is discarded (Chromium prints to
//! standard output), and a launcher that keeps running, such as a browser in the foreground, does not block the login.
//! If one fails later, while the login waits, the next is tried ([`Watch`]).
//!
//! Where no browser could show the page to the user (SSH, a container, no display), none is tried unless `BROWSER`
//! names one: remote editors that forward to a local browser set it. What `BROWSER` names is then the only thing tried,
//! so that `BROWSER=false` turns the browser off as it does elsewhere.

mod surroundings;
mod watch;

use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use crate::subprocess::{Launched, Subprocess};
use crate::term;

pub use surroundings::{Surroundings, System};
pub use watch::{LateFailure, Watch};

/// How long the login waits for a launcher to fail before it goes on. The launcher is still watched after that.
const PATIENCE: Duration = Duration::from_millis(300);

/// Whether a browser was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// The escaped name of the launcher that was started.
    With(String),
    /// Why none was started: `this is an SSH session`.
    Not(String),
}

/// A program by its absolute path, and its arguments. `%s` in an argument is replaced by the address; without one the
/// address is appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launcher {
    pub program: PathBuf,
    pub args: Vec<String>,
}

/// Starts the browser's launcher with the address as its one argument, no shell between.
///
/// Only for `http` and `https`. Waits 0.3 seconds at most for each launcher that fails; `late` is called from another thread if
/// one fails after that, as long as the [`Watch`] exists.
pub fn open(url: &Url, late: impl Fn(LateFailure) + Send + 'static) -> (Opened, Watch) {
    match launchers(&Surroundings::here()) {
        Ok(launchers) => start(&launchers, url, late),
        Err(reason) => (Opened::Not(reason), Watch::default()),
    }
}

/// Returns the launchers that could show the page, best first, or why nothing can.
pub fn launchers(surroundings: &Surroundings) -> Result<Vec<Launcher>, String> {
    if let Some(wish) = surroundings.browser.as_deref().filter(|wish| !wish.is_empty()) {
        if wish == "none" {
            return Err("`BROWSER` is `none`".to_owned());
        }
        let launchers = from_variable(wish, surroundings);
        return if launchers.is_empty() { Err(why_none(wish)) } else { Ok(launchers) };
    }
    if surroundings.ssh && !surroundings.display {
        return Err("this is an SSH session".to_owned());
    }
    if surroundings.container && !surroundings.display {
        return Err("this is a container".to_owned());
    }
    match surroundings.system {
        System::MacOs => Ok(vec![Launcher { program: "/usr/bin/open".into(), args: Vec::new() }]),
        System::Windows => {
            // Not `cmd /c start`: that is a shell, which ends the command at an `&` in the address.
            let root = surroundings.windows_root.clone().unwrap_or_else(|| r"C:\Windows".into());
            let program = root.join("System32").join("rundll32.exe");
            Ok(vec![Launcher { program, args: vec!["url.dll,FileProtocolHandler".to_owned()] }])
        }
        System::Unix => from_desktop(surroundings),
    }
}

/// Tries one after the other until one does not fail at once.
pub fn start(launchers: &[Launcher], url: &Url, late: impl Fn(LateFailure) + Send + 'static) -> (Opened, Watch) {
    // Other schemes, such as `file:` and `ms-msdt:`, can start programs.
    if !matches!(url.scheme(), "http" | "https") {
        return (Opened::Not("it is not the address of a web page".to_owned()), Watch::default());
    }
    let mut rest = launchers.iter();
    match next(&mut rest, url) {
        Some(opener) => {
            let opened = Opened::With(opener.name.clone());
            (opened, Watch::start(opener, rest.as_slice().to_vec(), url.clone(), late))
        }
        None => {
            let names: Vec<String> = launchers.iter().map(|launcher| format!("`{}`", launcher.name())).collect();
            (Opened::Not(format!("{} could not open it", names.join(" and "))), Watch::default())
        }
    }
}

/// A launcher that did not fail at once.
struct Opener {
    name: String,
    /// `None` if it has already exited with status 0.
    running: Option<Launched>,
}

/// Starts launchers until one does not fail at once.
fn next<'a>(launchers: &mut impl Iterator<Item = &'a Launcher>, url: &Url) -> Option<Opener> {
    launchers.find_map(|launcher| launcher.run(url))
}

/// Returns the destination to give `ssh` to reach this machine, in an SSH session: `user@host`, with `-p PORT` before
/// it if needed.
pub fn ssh_destination() -> Option<String> {
    let var = |name| std::env::var(name).ok();
    ssh_destination_from(&var("SSH_CONNECTION")?, var("LOGNAME").or_else(|| var("USER")).as_deref())
}

/// Returns the destination for a value of `SSH_CONNECTION` (address and port of the client, then of the server) and a
/// user name.
///
/// It is a guess: the server's address differs from the one the user typed behind NAT or a jump host, and the user may
/// have changed since (`su`). Only text that is safe to paste into a shell is returned; an unusual user name is left
/// out.
pub fn ssh_destination_from(connection: &str, user: Option<&str>) -> Option<String> {
    let mut fields = connection.split_ascii_whitespace().skip(2);
    let (address, port) = (fields.next()?, fields.next()?);
    // A link-local address carries the name of an interface of this machine (`fe80::1%eth0`), which is useless
    // elsewhere.
    let address: std::net::IpAddr = address.parse().ok()?;
    let port: u16 = port.parse().ok()?;
    let plain = |user: &&str| {
        let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        !user.is_empty() && !user.starts_with('-') && user.bytes().all(usual)
    };
    let user = user.filter(plain).map(|user| format!("{user}@")).unwrap_or_default();
    let port = if port == 22 { String::new() } else { format!("-p {port} ") };
    Some(format!("{port}{user}{address}"))
}

/// Parses `BROWSER`: commands separated by `:` (`;` on Windows), each a program and its arguments, split as a shell
/// splits words: quotes and backslashes count, nothing is expanded. A trailing `&`, which runs a command in the
/// background in a shell, is ignored.
fn from_variable(wish: &str, surroundings: &Surroundings) -> Vec<Launcher> {
    let separator = if surroundings.system == System::Windows { ';' } else { ':' };
    let mut launchers = Vec::new();
    let mut open_quote: Option<String> = None;
    for part in wish.split(separator) {
        // A separator between quotes belongs to the argument.
        let command = match open_quote.take() {
            Some(start) => format!("{start}{separator}{part}"),
            None => part.to_owned(),
        };
        // An unquoted path may hold spaces: `C:\Program Files\…`.
        if let Some(program) = surroundings.program(command.trim()) {
            launchers.push(Launcher { program, args: Vec::new() });
            continue;
        }
        let Some(words) = words(without_background(&command), surroundings.system) else {
            open_quote = Some(command);
            continue;
        };
        let mut words = words.into_iter();
        if let Some(program) = words.next().and_then(|name| surroundings.program(&name)) {
            launchers.push(Launcher { program, args: words.collect() });
        }
    }
    launchers
}

/// Returns why the variable names no program, as far as its first word shows it.
fn why_none(wish: &str) -> String {
    let word = wish.split_whitespace().next().unwrap_or_default().trim_matches(['"', '\'']);
    let path = Path::new(word);
    match word.split_once('=') {
        _ if word.starts_with(['~', '$']) => "`BROWSER` is not expanded: write the path in full".to_owned(),
        Some((name, _)) if !name.contains('/') => "`BROWSER` sets a variable: begin it with `env`".to_owned(),
        _ if path.is_absolute() && path.is_dir() => format!("`BROWSER` names the directory {}", term::path(path)),
        _ if path.is_absolute() && path.exists() => format!("{} in `BROWSER` is not executable", term::path(path)),
        _ => "the program in `BROWSER` was not found".to_owned(),
    }
}

/// Returns the command without a trailing `&`, which need not be a word of its own.
fn without_background(command: &str) -> &str {
    command.trim_end().strip_suffix('&').filter(|before| !before.ends_with('\\')).unwrap_or(command)
}

/// Splits a command into words; `None` if a quote is not closed. On Windows a backslash is part of a path.
fn words(command: &str, system: System) -> Option<Vec<String>> {
    match system {
        System::Windows => shlex::split(&command.replace('\\', r"\\")),
        System::Unix | System::MacOs => shlex::split(command),
    }
}

fn from_desktop(surroundings: &Surroundings) -> Result<Vec<Launcher>, String> {
    let find = |name: &str, args: &[&str]| {
        let args = args.iter().map(|&arg| arg.to_owned()).collect();
        surroundings.program(name).map(|program| Launcher { program, args })
    };
    // `wslview` opens the Windows browser, with or without a display; under WSL `xdg-open` may open a directory
    // instead.
    let windows = if surroundings.wsl { find("wslview", &[]) } else { None };
    if !surroundings.display {
        let reason = if surroundings.wsl {
            "this is WSL without `wslview`"
        } else {
            "there is no display (`DISPLAY` and `WAYLAND_DISPLAY` are not set)"
        };
        return nonempty(windows.into_iter().collect(), reason);
    }
    let desktop = [find("xdg-open", &[]), find("gio", &["open"]), find("x-www-browser", &[])];
    let launchers = windows.into_iter().chain(desktop.into_iter().flatten()).collect();
    nonempty(launchers, "there is no `xdg-open`, `gio` or `x-www-browser`")
}

fn nonempty(launchers: Vec<Launcher>, otherwise: &str) -> Result<Vec<Launcher>, String> {
    if launchers.is_empty() { Err(otherwise.to_owned()) } else { Ok(launchers) }
}

impl Launcher {
    fn name(&self) -> String {
        let name = self.program.file_name().unwrap_or(self.program.as_os_str());
        term::excerpt(&name.to_string_lossy())
    }

    /// Starts it; `None` if it fails at once.
    fn run(&self, url: &Url) -> Option<Opener> {
        let url = url.as_str();
        let mut args: Vec<String> = self.args.iter().map(|arg| arg.replace("%s", url)).collect();
        if !self.args.iter().any(|arg| arg.contains("%s")) {
            args.push(url.to_owned());
        }
        // Its own process group: the Ctrl-C that ends the login must not reach the browser.
        let launched = Subprocess::new(&self.program).args(args).inherit_environment().launch().ok()?;
        match launched.ended_within(PATIENCE) {
            Some(succeeded) => succeeded.then(|| Opener { name: self.name(), running: None }),
            None => Some(Opener { name: self.name(), running: Some(launched) }),
        }
    }
}
