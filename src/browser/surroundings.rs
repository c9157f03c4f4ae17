//! What the choice of a browser depends on, read from the environment once.
//!
//! Some of it is a guess: WSL from its variables or the kernel's name; a container from the file that Docker or Podman
//! creates, or from a variable of Dev Containers, Codespaces or Kubernetes; a display from its variable alone, whether
//! or not the display works.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::subprocess;

/// What the choice of a browser depends on.
#[derive(Clone, Debug)]
pub struct Surroundings {
    pub system: System,
    /// `BROWSER`.
    pub browser: Option<String>,
    /// `PATH`.
    pub path: OsString,
    pub ssh: bool,
    /// Whether there is an X or Wayland display. Always false on macOS and Windows, where it cannot be known.
    pub display: bool,
    pub container: bool,
    pub wsl: bool,
    /// `SystemRoot` of Windows.
    pub windows_root: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Linux and other systems with the same kind of desktop.
    Unix,
    MacOs,
    Windows,
}

impl Surroundings {
    /// Returns those of this process.
    pub fn here() -> Surroundings {
        let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        let any = |names: &[&str]| names.iter().any(|name| set(name));
        let system = if cfg!(windows) {
            System::Windows
        } else if cfg!(target_os = "macos") {
            System::MacOs
        } else {
            System::Unix
        };
        let kernel = || std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        let unix = system == System::Unix;
        Surroundings {
            system,
            // A value that is not UTF-8 is kept, and matches no program.
            browser: env::var_os("BROWSER").map(|value| value.to_string_lossy().into_owned()),
            path: env::var_os("PATH").unwrap_or_default(),
            ssh: any(&["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"]),
            display: unix && any(&["DISPLAY", "WAYLAND_DISPLAY"]),
            container: any(&["REMOTE_CONTAINERS", "CODESPACES", "KUBERNETES_SERVICE_HOST"])
                || ["/.dockerenv", "/run/.containerenv"].iter().any(|path| Path::new(path).exists()),
            wsl: unix && (any(&["WSL_DISTRO_NAME", "WSL_INTEROP"]) || kernel().to_lowercase().contains("microsoft")),
            windows_root: env::var_os("SystemRoot").map(PathBuf::from).filter(|root| root.is_absolute()),
        }
    }

    /// Finds the program of that name in `PATH`, or at that absolute path.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        subprocess::find_in(name, &self.path)
    }
}
