//! Real secret managers for tests: pass with gpg, sops and age with their own keys, OpenBao's and AWS's servers on the
//! loopback address.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::clouds;
use crate::google::Client;
use crate::harness::skip::{skip, without};
use crate::sandbox::{Sandbox, Spec};

/// The managers, by the names of their recipes. `vault` is OpenBao's program under the name of the one that it was
/// forked from: the command line and the protocol are the same, the program is not HashiCorp's.
pub const ALL: [&str; 6] = ["pass", "sops", "age", "bao", "vault", "aws"];

pub struct Real<'s> {
    pub sandbox: &'s Sandbox,
    /// How `--store` spells its entry.
    pub store: String,
    env: Vec<(&'static str, String)>,
    server: Option<Child>,
}

impl<'s> Real<'s> {
    /// Sets the manager up with nothing in it; `None` if it is not installed.
    pub fn start(sandbox: &'s Sandbox, name: &str) -> Option<Real<'s>> {
        let real = Real::unprepared(sandbox, name)?;
        match name {
            "pass" => real.runs("pass", &["init", "ada@example.com"]),
            "sops" => {
                let rules = format!("creation_rules:\n  - age: {}\n", real.recipient("sops-key.txt"));
                sandbox.write("team/.sops.yaml", rules);
            }
            "age" => {
                let _ = real.recipient(".config/age/keys.txt");
            }
            "aws" => real.runs("aws", &["secretsmanager", "create-secret", "--name", "google-ads/work"]),
            _ => {}
        }
        Some(real)
    }

    /// Returns the manager before anybody has set it up.
    pub fn unprepared(sandbox: &'s Sandbox, name: &str) -> Option<Real<'s>> {
        if clouds::ALL.contains(&name) {
            return clouds::start(sandbox, name);
        }
        let programs: &[&str] = match name {
            "pass" => &["pass", "gpg"],
            "sops" => &["sops", "age-keygen"],
            "age" => &["age", "age-keygen"],
            "bao" | "vault" => &["bao"],
            _ => &["aws", "moto_server"],
        };
        if programs.iter().any(|program| without(program)) {
            return None;
        }
        let home = |path: &str| sandbox.home().join(path).to_str().expect("a plain path").to_owned();
        let mut env = vec![("PATH", std::env::var("PATH").expect("a path"))];
        let mut server = None;
        let store = match name {
            "pass" => {
                fs::create_dir(sandbox.home().join(".gnupg")).expect("a new directory");
                sandbox.chmod(".gnupg", 0o700);
                "pass:google-ads/work".to_owned()
            }
            "sops" => {
                env.push(("SOPS_AGE_KEY_FILE", home("sops-key.txt")));
                fs::create_dir(sandbox.home().join("team")).expect("a new directory");
                format!("sops:{}", home("team/work.json"))
            }
            "age" => format!("age:{}", home("work.age")),
            "bao" | "vault" => {
                let address = free_address();
                let listen = format!("-dev-listen-address={address}");
                server = Some(start(
                    sandbox,
                    "bao",
                    &["server", "-dev", "-dev-root-token-id=root", "-dev-no-store-token", &listen],
                    &address,
                )?);
                let (address_variable, token_variable) = match name {
                    "vault" => ("VAULT_ADDR", "VAULT_TOKEN"),
                    _ => ("BAO_ADDR", "BAO_TOKEN"),
                };
                env.push((address_variable, format!("http://{address}")));
                env.push((token_variable, "root".to_owned()));
                if name == "vault" {
                    env[0].1 = format!("{}:{}", under_the_name_of_vault(sandbox).display(), env[0].1);
                }
                format!("{name}:secret/google-ads/work")
            }
            _ => {
                let address = free_address();
                let (host, port) = address.split_once(':').expect("an address");
                server = Some(start(sandbox, "moto_server", &["-H", host, "-p", port], &address)?);
                env.push(("AWS_ENDPOINT_URL", format!("http://{address}")));
                for (name, value) in [
                    ("AWS_ACCESS_KEY_ID", "an-id"),
                    ("AWS_SECRET_ACCESS_KEY", "a-key"),
                    ("AWS_DEFAULT_REGION", "eu-west-1"),
                ] {
                    env.push((name, value.to_owned()));
                }
                "aws:google-ads/work".to_owned()
            }
        };
        let real = Real::new(sandbox, store, env, server);
        if name == "pass" {
            let key = [
                "--batch",
                "--quiet",
                "--passphrase",
                "",
                "--quick-generate-key",
                "Ada <ada@example.com>",
                "default",
                "default",
                "never",
            ];
            real.runs("gpg", &key);
        }
        Some(real)
    }

    pub fn new(
        sandbox: &'s Sandbox,
        store: String,
        env: Vec<(&'static str, String)>,
        server: Option<Child>,
    ) -> Real<'s> {
        Real { sandbox, store, env, server }
    }

    /// Adds the variables of another manager, so that one run can use both.
    pub fn and(mut self, other: &Real) -> Real<'s> {
        let directories = format!("{}:{}", other.env[0].1, self.env[0].1);
        self.env.extend(other.env[1..].iter().cloned());
        self.env[0].1 = directories;
        self
    }

    /// Removes what `set` needs; the other function restores it. Neither needs this manager's own variables.
    pub fn spoil(&self) {
        self.away(
            |from, to| fs::rename(from, to).expect("a file that moves"),
            &["secrets", "disable", "secret"],
            "delete-secret",
        );
    }

    pub fn restore(&self) {
        let enable = ["secrets", "enable", "-path=secret", "-version=2", "kv"];
        self.away(|from, to| fs::rename(to, from).expect("a file that moves back"), &enable, "create-secret");
    }

    fn away(&self, file: fn(&PathBuf, &PathBuf), server: &[&str], aws: &str) {
        let (name, _) = self.store.split_once(':').expect("an engine and a place");
        let path = match name {
            "pass" => ".password-store/.gpg-id",
            "sops" => "team/.sops.yaml",
            "age" => ".config/age/keys.txt",
            "bao" | "vault" => return self.runs(name, server),
            _ if aws == "delete-secret" => {
                let id = ["secretsmanager", aws, "--secret-id", "google-ads/work", "--force-delete-without-recovery"];
                return self.runs("aws", &id);
            }
            _ => return self.runs("aws", &["secretsmanager", aws, "--name", "google-ads/work"]),
        };
        let path = self.sandbox.home().join(path);
        file(&path, &path.with_extension("away"));
    }

    /// Returns the directories of its programs.
    pub fn path(&self) -> &str {
        &self.env[0].1
    }

    /// Returns a program in the same sandbox.
    pub fn other(&self, program: &str, args: &[&str]) -> Spec<'s> {
        self.environment(self.sandbox.other_program(program, args))
    }

    /// Returns the run with the environment that this manager needs.
    pub fn environment(&self, spec: Spec<'s>) -> Spec<'s> {
        self.env.iter().fold(spec, |spec, (name, value)| spec.env(name, value))
    }

    pub fn command(&self, args: &[&str]) -> Spec<'s> {
        self.other(crate::PROGRAM, args)
    }

    /// Returns a login of the profile `work` into this manager, the client by stdin.
    pub fn login(&self, client: &Client) -> Spec<'s> {
        let args = ["login", "--no-browser", "-p", "work", "--store", &self.store, "-c", "-"];
        self.command(&args).stdin(client.secrets_file()).stderr_has("")
    }

    /// Returns what the manager itself prints for the entry.
    pub fn entry(&self) -> Option<String> {
        self.entry_of(&self.store)
    }

    /// Returns what it prints for the entry with this spelling in `--store`.
    pub fn entry_of(&self, store: &str) -> Option<String> {
        let (name, place) = store.split_once(':').expect("an engine and a place");
        let run = match name {
            "pass" => self.other("pass", &["show", place]),
            "sops" => self.other("sops", &["decrypt", "--output-type", "json", place]),
            "age" => self.other("age", &["-d", "-i", ".config/age/keys.txt", place]).directory(""),
            "bao" | "vault" => self.other(name, &["kv", "get", "-format=json", "-field=data", place]),
            "aws" => {
                let get = ["secretsmanager", "get-secret-value", "--query", "SecretString", "--output", "text"];
                self.other("aws", &[&get[..], &["--secret-id", place]].concat())
            }
            _ => clouds::get(self, name),
        };
        let run = self.sandbox.google.secrets().iter().fold(run, |run, secret| run.reveals(secret));
        let outcome = run.observe();
        (outcome.code == 0).then_some(outcome.stdout)
    }

    #[track_caller]
    pub fn runs(&self, program: &str, args: &[&str]) {
        let outcome = self.other(program, args).directory("").observe();
        assert_eq!(outcome.code, 0, "{program} {args:?}: {outcome:#?}");
    }

    /// Creates a new age key in that file and returns its public part.
    pub fn recipient(&self, file: &str) -> String {
        let path = self.sandbox.home().join(file);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a new directory");
        self.runs("age-keygen", &["-o", file]);
        self.recipient_of(file)
    }

    /// The public part of an age key.
    pub fn recipient_of(&self, file: &str) -> String {
        let text = self.sandbox.read(file);
        text.lines().find_map(|line| line.strip_prefix("# public key: ")).expect("a public key").to_owned()
    }
}

impl Drop for Real<'_> {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            let _ = server.kill();
            let _ = server.wait();
        }
        if self.store.starts_with("pass:") {
            let gnupg = self.sandbox.home().join(".gnupg");
            let _ = Command::new("gpgconf").env("GNUPGHOME", gnupg).args(["--kill", "all"]).status();
        }
    }
}

/// Creates a directory in which `vault` is OpenBao's program.
fn under_the_name_of_vault(sandbox: &Sandbox) -> PathBuf {
    let directories = std::env::var_os("PATH").expect("a path");
    let bao = std::env::split_paths(&directories).map(|directory| directory.join("bao")).find(|bao| bao.is_file());
    let directory = sandbox.home().with_file_name("vault");
    fs::create_dir(&directory).expect("a new directory");
    std::os::unix::fs::symlink(bao.expect("OpenBao's program"), directory.join("vault")).expect("a new link");
    directory
}

pub fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").to_string()
}

/// Starts a server in the sandbox's home, and waits until it responds.
pub fn start(sandbox: &Sandbox, program: &str, args: &[&str], address: &str) -> Option<Child> {
    let log = || fs::File::create(sandbox.home().with_file_name("work").join(format!("{program}.log"))).expect("a log");
    let mut command = Command::new(program);
    command.args(args).env("HOME", sandbox.home()).stdin(Stdio::null()).stdout(log()).stderr(log());
    let mut server = command.spawn().expect("the server starts");
    let start = Instant::now();
    while TcpStream::connect(address).is_err() {
        if server.try_wait().expect("the server is ours").is_some() || start.elapsed() > Duration::from_secs(60) {
            let _ = server.kill();
            let _ = server.wait();
            skip(&format!("`{program}` does not start here"));
            return None;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Some(server)
}

/// Returns the paths below the sandbox's home directory that hold one of the secrets in plain text.
pub fn plain(sandbox: &Sandbox) -> Vec<PathBuf> {
    fn walk(directory: PathBuf, secrets: &[String], found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            let path = entry.path();
            if entry.metadata().is_ok_and(|metadata| metadata.is_dir()) {
                walk(path, secrets, found);
            } else if entry.metadata().is_ok_and(|metadata| metadata.is_file())
                && let Ok(bytes) = fs::read(&path)
                && secrets.iter().any(|secret| bytes.windows(secret.len()).any(|window| window == secret.as_bytes()))
            {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(sandbox.home(), &sandbox.google.secrets(), &mut found);
    found
}
