//! A sandbox for one test: a home directory, a cleared environment, a stand-in for Google, and the program in it.
//!
//! Three rules are checked for every run: it ends within a minute, it prints exactly what the test expects (nothing and
//! 0 unless the test says otherwise), and no secret appears where the test did not name it ([`leaks`]). `GADS_CREDS_ENDPOINT` is
//! always set, so that no test can reach Google.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::google::{Client, Google};
use crate::stored::{CLIENT, SECRET, TOKEN};

mod leaks;
mod running;
#[cfg(unix)]
mod screen;
mod spec;
#[cfg(unix)]
mod terminal;
mod transcript;

pub use running::Running;
#[cfg(unix)]
pub use screen::Screen;
pub use spec::{Outcome, Spec};
#[cfg(target_os = "linux")]
pub use terminal::Terminal;

/// The quotes around a path in a command to paste.
pub const QUOTE: char = if cfg!(windows) { '"' } else { '\'' };

/// The time limit of any run, and of any wait within one.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct Sandbox {
    /// Removes the directory at the end.
    _directory: tempfile::TempDir,
    root: PathBuf,
    pub google: Google,
    /// Secrets that the stand-in does not know, like a developer token.
    planted: RefCell<Vec<String>>,
    /// Files as the test wrote them: their modes are not checked until the program writes them.
    files: RefCell<HashMap<PathBuf, Vec<u8>>>,
}

impl Sandbox {
    pub fn new() -> Sandbox {
        reset_ignored_signals();
        let directory = tempfile::Builder::new().prefix("gads-creds-test-").tempdir().expect("a temporary directory");
        let root = real(directory.path());
        for name in ["home", "work", "tmp", "bin"] {
            fs::create_dir(root.join(name)).expect("a new directory");
        }
        lead_to_our_directories(&root.join("home"), &[".config", ".local/state"]);
        let google = Google::start().expect("a loopback port");
        Sandbox { _directory: directory, root, google, planted: RefCell::default(), files: RefCell::default() }
    }

    pub fn home(&self) -> PathBuf {
        self.root.join("home")
    }

    /// A home directory with a `~/google-ads.yaml` that holds a token which no stand-in knows.
    pub fn logged_in() -> Sandbox {
        let sandbox = Sandbox::new();
        sandbox.write_yaml("google-ads.yaml", TOKEN);
        sandbox
    }

    /// A path below the home directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home().join(name)
    }

    /// The directory for temporary files.
    #[cfg(unix)]
    pub fn tmp(&self) -> PathBuf {
        self.root.join("tmp")
    }

    /// The names in a directory below the home directory, sorted; none if it does not exist.
    pub fn names(&self, directory: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path(directory)) else { return Vec::new() };
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name().into_string();
        let mut names: Vec<_> = entries.map(|entry| name(entry).expect("a UTF-8 name")).collect();
        names.sort();
        names
    }

    /// Returns the directory the program is started in; empty, and not the home directory.
    pub fn work(&self) -> PathBuf {
        self.root.join("work")
    }

    /// Writes a file, 0600, and its directory; a relative path starts at the home directory.
    pub fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        // As messages name it: with the separator of this system.
        let path: PathBuf = self.home().join(path).components().collect();
        fs::create_dir_all(path.parent().expect("below the home directory")).expect("a new directory");
        fs::write(&path, &content).expect("a new file");
        self.files.borrow_mut().insert(path.clone(), content.as_ref().to_vec());
        #[cfg(unix)]
        self.chmod(&path, 0o600);
        path
    }

    /// Reads a file; a relative path starts at the home directory.
    pub fn read(&self, path: impl AsRef<Path>) -> String {
        let path = self.home().join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    #[cfg(unix)]
    pub fn chmod(&self, path: impl AsRef<Path>, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(self.home().join(path), fs::Permissions::from_mode(mode)).expect("the file is ours");
    }

    /// Writes a google-ads.yaml of a client that no stand-in knows, with that token.
    pub fn write_yaml(&self, name: &str, token: &str) -> PathBuf {
        self.plant(SECRET);
        self.plant(token);
        let text = format!(
            "use_proto_plus: true\nclient_id: {CLIENT}\nclient_secret: {SECRET}\nrefresh_token: {token}\n\
             login_customer_id: \"1234567890\"\n"
        );
        self.write(name, text)
    }

    pub fn profiles_file(&self) -> PathBuf {
        self.path(".config/gads-creds/profiles.toml")
    }

    /// Writes profiles.toml; `~~` stands for the home directory.
    pub fn write_profiles(&self, text: &str) {
        let home = self.path("").to_string_lossy().replace('\\', r"\\");
        self.write(self.profiles_file(), text.replace("~~", &home));
    }

    /// Writes the client-secrets file as a browser downloads it: readable by everybody.
    pub fn client_secrets(&self, client: &Client) -> PathBuf {
        let path = self.write("client_secret.json", client.secrets_file());
        #[cfg(unix)]
        self.chmod(&path, 0o644);
        path
    }

    /// Creates a desktop client of the stand-in, and writes its client-secrets file.
    pub fn desktop(&self) -> Client {
        let client = self.google.desktop();
        self.client_secrets(&client);
        client
    }

    /// Adds a text that must not be shown.
    pub fn plant(&self, secret: &str) {
        self.planted.borrow_mut().push(secret.to_owned());
    }

    /// Returns the program with these arguments, not yet started.
    pub fn command(&self, args: &[&str]) -> Spec<'_> {
        self.other_program(crate::PROGRAM, args)
    }

    /// Runs the program in the home directory, to the end: the test checks what came out.
    #[track_caller]
    pub fn run(&self, args: &[&str]) -> Outcome {
        self.run_with(args, &[])
    }

    #[track_caller]
    pub fn run_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Outcome {
        let planted = self.planted.borrow().clone();
        let mut spec = self.command(args).directory("");
        if args.contains(&"--reveal") {
            spec = planted.iter().fold(spec, |spec, secret| spec.reveals(secret));
        }
        variables.iter().fold(spec, |spec, (name, value)| spec.env(name, value)).observe()
    }

    /// Returns `login --no-browser` with these arguments: stderr is not checked unless the test says so.
    pub fn login(&self, args: &[&str]) -> Spec<'_> {
        self.command(&[&["login", "--no-browser"], args].concat()).stderr_has("")
    }

    /// Returns another program in the same sandbox.
    pub fn other_program(&self, program: &str, args: &[&str]) -> Spec<'_> {
        Spec::new(self, program, args.iter().map(OsString::from).collect())
    }

    /// A process of another program with the sandbox's environment, started in the home directory.
    pub fn process_in_home(&self, program: impl AsRef<Path>) -> Command {
        let mut command = self.process(&program.as_ref().to_string_lossy());
        command.stdin(Stdio::null()).current_dir(self.home());
        command
    }

    /// Returns a process with only the sandbox's environment.
    fn process(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir(self.work());
        // Windows programs cannot open a socket without it.
        command.envs(std::env::var_os("SystemRoot").map(|value| ("SystemRoot", value)));
        for (name, directory) in [
            ("HOME", "home"),
            ("USERPROFILE", "home"),
            ("APPDATA", "home/.config"),
            ("LOCALAPPDATA", "home/.local/state"),
            ("XDG_CONFIG_HOME", "home/.config"),
            ("XDG_STATE_HOME", "home/.local/state"),
            ("XDG_DATA_HOME", "home/.local/share"),
            ("XDG_CACHE_HOME", "home/.cache"),
            ("XDG_RUNTIME_DIR", "tmp"),
            ("TMPDIR", "tmp"),
            // It has no browser launcher, no git, nothing.
            ("PATH", "bin"),
        ] {
            command.env(name, self.root.join(directory));
        }
        command.env("GADS_CREDS_ENDPOINT", self.google.url());
        command
    }

    fn secrets(&self) -> Vec<String> {
        let mut secrets = self.google.secrets();
        secrets.extend(self.planted.borrow().iter().cloned());
        secrets
    }
}

/// Links the Linux names of our directories to where they are on macOS: one directory in the user's library, whatever
/// the `XDG_…` variables say. A test can then name a file in one way.
pub fn lead_to_our_directories(home: &Path, names: &[&str]) {
    #[cfg(target_os = "macos")]
    for name in names {
        let ours = home.join("Library/Application Support/gads-creds");
        fs::create_dir_all(&ours).expect("a new directory");
        let link = home.join(name).join("gads-creds");
        fs::create_dir_all(link.parent().expect("a name below the home directory")).expect("a new directory");
        std::os::unix::fs::symlink(&ours, link).expect("a new link");
    }
    #[cfg(not(target_os = "macos"))]
    let _ = (home, names);
}

/// Returns the directory as messages name it: if the one for temporary files is a link, as on macOS, they follow it. On
/// Windows the resolved path has a spelling (`\\?\C:`) that nobody uses.
pub fn real(directory: &Path) -> PathBuf {
    if cfg!(windows) { directory.to_path_buf() } else { directory.canonicalize().expect("the directory is there") }
}

/// A program inherits the signals that are ignored here, as they are below `nohup` and in the background of a script; those that
/// are caught have their default again in it.
fn reset_ignored_signals() {
    #[cfg(target_os = "linux")]
    {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            let status = fs::read_to_string("/proc/self/status").expect("Linux has it");
            let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).expect("the mask");
            let ignored = u64::from_str_radix(mask.trim(), 16).expect("a hexadecimal number");
            for signal in [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| ignored & (1 << (signal - 1)) != 0) {
                signal_hook::flag::register(signal, std::sync::Arc::default()).expect("a handler");
            }
        });
    }
}
