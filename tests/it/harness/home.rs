//! A home directory and the program in it, for what meets no Google: no stand-in is started.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

pub const CLIENT: &str = "1234567890-abc.apps.googleusercontent.com";
pub const SECRET: &str = "GOCSPX-a-planted-client-secret";
pub const TOKEN: &str = "1//0a-planted-refresh-token";

pub struct Home {
    /// Removes the directory in the end.
    directory: TempDir,
}

/// What a run printed, and its exit code.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Home {
    pub fn new() -> Home {
        let home = Home { directory: tempfile::tempdir().expect("a temporary directory") };
        lead_to_our_directories(&home.path(""), &["config", "state"]);
        home
    }

    /// A home directory with a `~/google-ads.yaml` that holds a token.
    pub fn logged_in() -> Home {
        let home = Home::new();
        home.write_yaml("google-ads.yaml", TOKEN);
        home
    }

    pub fn path(&self, name: &str) -> PathBuf {
        real(self.directory.path()).join(name)
    }

    /// Writes a file, 0600, and its directory.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("below the home directory")).expect("a new directory");
        fs::write(&path, text).expect("a new file");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("the file is ours");
        }
        path
    }

    pub fn write_yaml(&self, name: &str, token: &str) -> PathBuf {
        let text = format!(
            "use_proto_plus: true\nclient_id: {CLIENT}\nclient_secret: {SECRET}\nrefresh_token: {token}\n\
             login_customer_id: \"1234567890\"\n"
        );
        self.write(name, &text)
    }

    pub fn profiles_file(&self) -> PathBuf {
        self.path("config/gads-creds/profiles.toml")
    }

    /// Writes profiles.toml; `~~` stands for this home directory.
    pub fn write_profiles(&self, text: &str) {
        self.write(
            "config/gads-creds/profiles.toml",
            &text.replace("~~", &self.path("").to_string_lossy().replace('\\', r"\\")),
        );
    }

    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.env_clear().stdin(Stdio::null()).current_dir(self.path(""));
        for (variable, directory) in [
            ("HOME", ""),
            ("USERPROFILE", ""),
            ("APPDATA", "config"),
            ("LOCALAPPDATA", "state"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_STATE_HOME", "state"),
        ] {
            command.env(variable, self.path(directory));
        }
        command
    }

    pub fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, &[])
    }

    pub fn run_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Run {
        let mut command = self.command(crate::PROGRAM);
        let output = command.args(args).envs(variables.iter().copied()).output().expect("the program starts");
        let run = Run::of(output);
        if !args.contains(&"--reveal") {
            for secret in [SECRET, TOKEN] {
                assert!(!run.out.contains(secret) && !run.err.contains(secret), "a secret shows: {run:?}");
            }
        }
        run
    }
}

/// On macOS both directories of the program are one in the user's library, whatever the `XDG_…` variables say: there these names
/// of Linux lead to it, so that a test can name a file in one way.
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

impl Run {
    pub fn of(output: Output) -> Run {
        Run {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            err: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }

    /// Data on stdout, nothing on stderr, exit 0.
    #[track_caller]
    pub fn fine(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{self:?}");
        self.out
    }

    #[track_caller]
    pub fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.fine()).expect("stdout is JSON")
    }

    /// Nothing on stdout, this code, and every one of these texts on stderr.
    #[track_caller]
    pub fn fails(self, code: i32, texts: &[&str]) {
        assert_eq!((self.code, self.out.as_str()), (Some(code), ""), "{self:?}");
        for text in texts {
            assert!(self.err.contains(text), "no {text:?} on stderr: {self:?}");
        }
    }
}

/// The directory as messages name it: where the one for temporary files is a link, as on macOS, they follow it. Windows'
/// answer to that question is a spelling (`\\?\C:`) that nobody uses.
pub fn real(directory: &Path) -> PathBuf {
    if cfg!(windows) { directory.to_path_buf() } else { directory.canonicalize().expect("the directory is there") }
}
