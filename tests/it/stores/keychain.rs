//! The keychain store against the real gnome-keyring, in every state of a keychain.
//!
//! Each test has its own home directory, runtime directory and D-Bus session, no display, and may run as root. It uses
//! the store in a process of its own, since a process is bound to one keychain: the script calls [`visitor`] through
//! this same test program. The commands for such a keyring in CI are in [`UNLOCK`].
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use gads_creds::credentials::{Credentials, Field};
use gads_creds::error::{Kind, Result};
use gads_creds::profile::{Location, ProfileName};
use gads_creds::store::{self, Purpose};

use crate::harness::skip::without;

/// An unlocked keyring: the password on stdin creates the login keyring and opens it.
pub const UNLOCK: &str = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\n";

/// A profile in the keychain.
const PROFILE: &str = "mkdir -p \"$HOME/.config/gads-creds\"\n\
    printf '[profiles.work]\\nstore = \"keychain\"\\n' >\"$HOME/.config/gads-creds/profiles.toml\"\n";

/// The pid of the keyring's daemon, from the bus.
pub const DAEMON: &str = "daemon=$(dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / \
    org.freedesktop.DBus.GetConnectionUnixProcessID string:org.freedesktop.secrets | awk '{print $2}')\n";

pub const LOCK: &str = "dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
    org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null\n";

#[test]
fn what_is_stored_is_loaded_again_and_others_see_the_same_entries() {
    let Some(lines) = in_session(&[
        UNLOCK,
        "visit 'update refresh_token=1//tok client_id=1-a.apps client_secret=s%20x login_customer_id=1234567890'\n",
        "visit load\n",
        "secret-tool lookup service gads-creds username work/refresh_token >>\"$REPORT\"; echo >>\"$REPORT\"\n",
        "secret-tool lookup service gads-creds username work/login_customer_id >>\"$REPORT\"; echo >>\"$REPORT\"\n",
    ]) else {
        return;
    };
    assert_eq!(
        lines,
        [
            "ok",
            "ok client_id=1-a.apps client_secret=s%20x refresh_token=1//tok login_customer_id=1234567890",
            "1//tok",
            "1234567890"
        ]
    );
}

#[test]
fn another_profile_with_a_like_name_is_left_alone() {
    let Some(lines) = in_session(&[
        UNLOCK,
        "visit 'update refresh_token=mine'\n",
        "PROFILE=work2 visit load\nPROFILE=wor visit load\nPROFILE=work2 visit 'update refresh_token=other'\n",
        "visit 'update refresh_token='\nPROFILE=work2 visit load\n",
    ]) else {
        return;
    };
    assert_eq!(lines, ["ok", "ok", "ok", "ok", "ok", "ok refresh_token=other"]);
}

#[test]
fn a_removed_value_leaves_no_entry() {
    let Some(lines) = in_session(&[
        UNLOCK,
        "visit 'update refresh_token=1 client_id=2 client_secret=3 developer_token=4 linked_customer_id=1234567890'\n",
        "visit 'update refresh_token='\nvisit load\n",
        "visit 'update client_id= client_secret= developer_token= linked_customer_id='\nvisit load\n",
        "secret-tool search --all service gads-creds >>\"$REPORT\" 2>&1 || true\n",
    ]) else {
        return;
    };
    let partly = "ok client_id=2 client_secret=3 developer_token=4 linked_customer_id=1234567890";
    assert_eq!(lines, ["ok", "ok", partly, "ok", "ok"]);
}

#[test]
fn a_preflight_changes_nothing_and_leaves_nothing() {
    let Some(lines) = in_session(&[
        UNLOCK,
        "visit 'preflight refresh_token=new'\nvisit load\n",
        "secret-tool search --all service gads-creds >>\"$REPORT\" 2>&1 || true\n",
    ]) else {
        return;
    };
    assert_eq!(lines, ["ok", "ok"]);
}

#[test]
fn no_secret_lies_in_plain_text_under_the_home_directory() {
    let Some(lines) = in_session(&[
        UNLOCK,
        "visit 'update refresh_token=PLAINTEXTCANARY'\n",
        "sync; grep -rl PLAINTEXTCANARY \"$HOME\" >>\"$REPORT\" || true\n",
        "ls \"$HOME\"/.local/share/keyrings/login.keyring >/dev/null && echo keyring-on-disk >>\"$REPORT\"\n",
    ]) else {
        return;
    };
    assert_eq!(lines, ["ok", "keyring-on-disk"]);
}

#[test]
fn a_locked_keychain_says_so_at_once() {
    let Some(lines) = in_session(&[
        UNLOCK,
        "visit 'update refresh_token=1'\n",
        LOCK,
        "visit load\nvisit 'preflight refresh_token=2'\nvisit 'update refresh_token=2'\n",
    ]) else {
        return;
    };
    for line in &lines[1..] {
        assert!(line.starts_with("code 7, 0 s: the keychain is locked"), "{line}");
        assert!(line.ends_with("`gads-creds login --store file`"), "{line}");
    }
    assert_eq!(lines.len(), 4);
}

#[test]
fn a_locked_keychain_fails_the_preflight_of_a_new_profile() {
    let Some(lines) = in_session(&[UNLOCK, LOCK, "PROFILE=new visit 'preflight refresh_token=2'\n"]) else { return };
    assert!(lines[0].starts_with("code 7, 0 s: the keychain is locked"), "{lines:?}");
}

#[test]
fn a_frozen_keychain_times_out_after_five_seconds() {
    let Some(lines) = in_session(&[
        UNLOCK,
        "visit 'update refresh_token=1'\n",
        DAEMON,
        "kill -STOP \"$daemon\"\nvisit load\nkill -CONT \"$daemon\"\nvisit load\n",
    ]) else {
        return;
    };
    assert!(lines[1].starts_with("code 7, 5 s: the keychain did not respond within 5 s"), "{lines:?}");
    assert_eq!(lines[2], "ok refresh_token=1");
}

#[test]
fn a_silent_bus_times_out_after_five_seconds() {
    let Some(private) = private_directories() else { return };
    let socket = private.path().join("mute");
    // Connections wait in the listener's queue: the peer exists and sends nothing.
    let _mute = UnixListener::bind(&socket).unwrap();
    let mut command = Command::new("sh");
    command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", socket.display()));
    let lines = run(command, private.path(), &["visit load\nvisit 'preflight refresh_token=1'\n"]);
    assert_eq!(lines.len(), 2, "{lines:?}");
    for line in lines {
        assert!(line.starts_with("code 7, 5 s: the keychain did not respond within 5 s"), "{line}");
    }
}

#[test]
fn a_missing_bus_is_distinguished_from_a_locked_keychain() {
    let Some(private) = private_directories() else { return };
    let lines = run(Command::new("sh"), private.path(), &["visit load\nvisit 'update refresh_token=1'\n"]);
    assert_eq!(lines.len(), 2, "{lines:?}");
    for line in lines {
        assert!(line.starts_with("code 7, 0 s: there is no D-Bus session to find a keychain in / "), "{line}");
    }
}

#[test]
fn a_missing_secret_service_is_distinguished_from_a_locked_keychain() {
    let Some(private) = private_directories() else { return };
    let lines = run(bare_bus(private.path(), ""), private.path(), &["visit load\n"]);
    assert!(lines[0].starts_with("code 7, 0 s: no Secret Service runs in this D-Bus session / "), "{lines:?}");
}

/// As after a keyring was removed: it responds to every search, and saves nothing.
#[test]
fn a_missing_default_collection_is_named_and_the_step_makes_one() {
    let Some(lines) = in_session(&[
        "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1\n",
        "visit load\nvisit 'preflight refresh_token=1'\nvisit 'update refresh_token=1'\n",
        // What the keychain's own program does at the end of its dialog.
        &UNLOCK.replace("--unlock", "--replace --unlock"),
        "visit 'preflight refresh_token=1'\n",
    ]) else {
        return;
    };
    assert_eq!((lines[0].as_str(), lines[3].as_str()), ("ok", "ok"), "{lines:?}");
    for line in &lines[1..3] {
        assert!(line.contains("there is no default keychain collection to save in"), "{line}");
        assert!(line.starts_with("code 7, 0 s: ") && !line.contains("locked"), "{line}");
        assert!(line.contains(" / create one with") && line.contains("`gads-creds login --store file`"), "{line}");
    }
}

#[test]
fn two_entries_of_one_name_are_refused() {
    let Some(lines) = in_session(&[
        UNLOCK,
        "for extra in a b; do printf \"$extra\" | secret-tool store --label x service gads-creds \
         username work/refresh_token extra $extra; done\n",
        "visit load\n",
    ]) else {
        return;
    };
    assert!(lines[0].contains("more than one entry `work/refresh_token`"), "{lines:?}");
}

#[test]
fn what_a_killed_preflight_left_is_cleared_by_the_next() {
    let Some(lines) = in_session(&[
        UNLOCK,
        "printf 'not a secret' | secret-tool store --label x service gads-creds username work/write-test\n",
        "visit preflight\n",
        "secret-tool search --all service gads-creds >>\"$REPORT\" 2>&1 || true\n",
    ]) else {
        return;
    };
    assert_eq!(lines, ["ok"]);
}

#[test]
fn an_invalid_entry_is_named_and_not_quoted() {
    let Some(lines) = in_session(&[
        UNLOCK,
        "printf 'CANARY-12' | secret-tool store --label x service gads-creds username work/login_customer_id\n",
        "visit load\n",
        "printf 'CANARY\\377' | secret-tool store --label x service gads-creds username work/client_id\n",
        "visit load\n",
    ]) else {
        return;
    };
    assert!(lines[0].contains("`work/login_customer_id` of service `gads-creds` holds no customer ID"), "{lines:?}");
    assert!(lines[1].contains("`work/client_id` of service `gads-creds` holds no text"), "{lines:?}");
    assert!(!lines.concat().contains("CANARY"), "{lines:?}");
}

#[test]
fn a_failure_in_the_middle_restores_the_previous_values() {
    let Some(lines) = in_session(&[UNLOCK, "FLAKY=fail visit 'update client_id=new refresh_token=new'\n"]) else {
        return;
    };
    assert!(lines[0].contains("cannot store into the keychain (service gads-creds, profile work): "), "{lines:?}");
    assert!(lines[0].contains("; the previous values were restored"), "{lines:?}");
    assert_eq!(lines[1], "ok client_id=old refresh_token=old");
}

#[test]
fn a_value_that_is_too_long_for_an_entry_is_found_before_anything_is_written() {
    let long = "1".repeat(150);
    let script = format!("FLAKY=small visit 'preflight client_id=new refresh_token={long}'\n");
    let Some(lines) = in_session(&[UNLOCK, &script]) else { return };
    assert!(lines[0].starts_with("code 7, 0 s: a keychain entry holds at most 100 bytes"), "{lines:?}");
    assert!(lines[0].contains("--store"), "{lines:?}");
    assert_eq!(lines[1], "ok client_id=old refresh_token=old");
}

#[test]
fn a_keychain_that_stores_another_value_is_detected() {
    let Some(lines) = in_session(&[UNLOCK, "FLAKY=garble visit 'update client_id=new refresh_token=new'\n"]) else {
        return;
    };
    assert!(lines[0].contains("returned something other than was stored in `work/refresh_token`"), "{lines:?}");
    assert!(lines[0].contains("could not be restored in `work/refresh_token`"), "{lines:?}");
    assert_eq!(lines[1], "ok client_id=old refresh_token=garbled");
}

#[test]
fn a_keychain_that_hangs_while_writing_says_that_part_may_be_stored() {
    let Some(lines) = in_session(&[UNLOCK, "FLAKY=hang visit 'update client_id=new refresh_token=new'\n"]) else {
        return;
    };
    assert!(lines[0].starts_with("code 7, 5 s: cannot store into the keychain"), "{lines:?}");
    assert!(lines[0].contains("responded, but did not finish within 5 s"), "{lines:?}");
    assert!(lines[0].contains("; part of the change may be stored / "), "{lines:?}");
}

#[test]
fn a_connection_that_breaks_in_the_middle_says_what_may_be_changed() {
    let Some(private) = private_directories() else { return };
    let long = "x".repeat(40_000);
    let limit = "<limit name=\"max_message_size\">30000</limit>";
    let change = format!("visit 'update client_id=new refresh_token={long}'\n");
    let lines =
        run(bare_bus(private.path(), limit), private.path(), &[UNLOCK, "visit 'update client_id=old'\n", &change]);
    assert!(lines[1].contains("could not be restored in `work/client_id`, `work/refresh_token`"), "{lines:?}");
    assert!(!lines[1].contains("xxx"), "{lines:?}");
}

#[test]
fn on_a_desktop_terminal_there_is_time_for_a_keychain_prompt() {
    let Some(lines) = in_session(&[
        UNLOCK,
        "export FLAKY=slow DISPLAY=:99\nvisit load\n",
        "export STEP=load; script -qec \"$TESTS --exact stores::keychain::visitor --nocapture\" /dev/null >/dev/null </dev/null\n",
    ]) else {
        return;
    };
    assert!(lines[0].contains("responded, but did not finish within 5 s"), "{lines:?}");
    assert_eq!(lines[1], "ok client_id=old refresh_token=old", "{lines:?}");
}

#[test]
fn exec_takes_a_profile_from_the_keychain_and_keeps_no_connection_open() {
    let Some(lines) = in_session(&[
        UNLOCK,
        PROFILE,
        "visit 'update refresh_token=1//tok client_id=1-a.apps client_secret=s'\n",
        "list='for fd in /proc/$$/fd/*; do echo ${fd##*/}; done'\n",
        "sh -c \"$list\" >without 2>&1; \"$PROGRAM\" -p work exec -- sh -c \"$list\" >with 2>&1\n",
        "cmp without with && echo same >>\"$REPORT\"\n",
        "\"$PROGRAM\" -p work exec -- sh -c 'echo $GOOGLE_ADS_REFRESH_TOKEN $GADS_CREDS_PROFILE' >>\"$REPORT\"\n",
    ]) else {
        return;
    };
    assert_eq!(lines, ["ok", "same", "1//tok work"]);
}

#[test]
fn exec_starts_nothing_while_the_keychain_is_locked() {
    let Some(lines) = in_session(&[
        UNLOCK,
        PROFILE,
        "visit 'update refresh_token=1//tok client_id=1-a.apps client_secret=s'\n",
        LOCK,
        "\"$PROGRAM\" -p work exec -- echo started >>\"$REPORT\" 2>&1 || echo \"code $?\" >>\"$REPORT\"\n",
    ]) else {
        return;
    };
    assert!(lines[1].starts_with("error: the keychain is locked"), "{lines:?}");
    assert!(lines[2].starts_with("hint: unlock the keychain"), "{lines:?}");
    assert_eq!(lines[3], "code 7");
}

/// Runs the script's steps on the store, and reports; alone it does nothing.
#[test]
fn visitor() {
    let Ok(step) = std::env::var("STEP") else { return };
    let report = std::env::var("REPORT").unwrap();
    let mut lines = fs::read_to_string(&report).unwrap_or_default();
    let how = std::env::var("FLAKY").ok();
    how.as_deref().into_iter().for_each(flaky::install);
    lines += &format!("{}\n", visit(&step));
    if matches!(how.as_deref(), Some("fail" | "garble" | "small")) {
        lines += &format!("{}\n", visit("load"));
    }
    fs::write(report, lines).unwrap();
}

fn visit(step: &str) -> String {
    let profile = ProfileName::new(&std::env::var("PROFILE").unwrap_or("work".to_owned())).unwrap();
    let store = store::open(&Location::Keychain { profile }, Purpose::Update).unwrap();
    let mut words = step.split(' ');
    let verb = words.next().unwrap();
    let pairs: Vec<(&str, &str)> = words.map(|word| word.split_once('=').unwrap()).collect();
    let change = |credentials: &mut Credentials| pairs.iter().for_each(|(name, value)| set(credentials, name, value));
    let start = std::time::Instant::now();
    let result: Result<Credentials> = match verb {
        "load" => store.load().map(|contents| contents.credentials),
        "preflight" => store.preflight(&change).map(|()| Credentials::default()),
        "update" => store.lock().and_then(|lock| store.update(&lock, &change)).map(|notes| {
            assert!(notes.is_empty());
            Credentials::default()
        }),
        _ => panic!("no such step"),
    };
    match result {
        Ok(credentials) => ["ok".to_owned()].into_iter().chain(fields(&credentials)).collect::<Vec<_>>().join(" "),
        Err(error) => {
            assert!(matches!(error.kind(), Kind::Keychain | Kind::Io | Kind::Parse));
            // On a busy machine "at once" takes a moment; no limit of five seconds may have been reached.
            let seconds = Some(start.elapsed().as_secs()).filter(|seconds| *seconds >= 4).unwrap_or_default();
            let hint = error.next_step().map(ToString::to_string).unwrap_or_default();
            format!("code {}, {seconds} s: {} / {hint}", error.kind().code(), error.message())
        }
    }
}

fn set(credentials: &mut Credentials, name: &str, value: &str) {
    let field = Field::ALL.into_iter().find(|field| field.key() == name).expect("a field");
    field.set(credentials, (!value.is_empty()).then_some(value));
}

fn fields(credentials: &Credentials) -> impl Iterator<Item = String> {
    let order = [
        Field::ClientId,
        Field::ClientSecret,
        Field::RefreshToken,
        Field::DeveloperToken,
        Field::LoginCustomerId,
        Field::LinkedCustomerId,
    ];
    order.into_iter().filter_map(|field| field.get(credentials).map(|value| format!("{}={value}", field.key())))
}

/// Runs the script in its own D-Bus session; `None` if this machine lacks the programs.
fn in_session(script: &[&str]) -> Option<Vec<String>> {
    let private = private_directories()?;
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh"]);
    Some(run(command, private.path(), script))
}

/// Starts a D-Bus session that starts no service by itself.
pub fn bare_bus(private: &Path, limit: &str) -> Command {
    let config = private.join("bus.conf");
    let text = format!(
        "<busconfig><type>session</type><listen>unix:dir={}</listen><auth>EXTERNAL</auth>\
         <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
         <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy>{limit}</busconfig>",
        private.display()
    );
    fs::write(&config, text).unwrap();
    let mut command = Command::new("dbus-run-session");
    command.arg("--config-file").arg(config).args(["--", "sh"]);
    command
}

pub fn private_directories() -> Option<tempfile::TempDir> {
    if missing_part() {
        return None;
    }
    let private = tempfile::tempdir().unwrap();
    for directory in ["home", "run"] {
        fs::create_dir(private.path().join(directory)).unwrap();
        fs::set_permissions(private.path().join(directory), fs::Permissions::from_mode(0o700)).unwrap();
    }
    Some(private)
}

/// Whether this machine lacks what a keyring needs.
pub fn missing_part() -> bool {
    let parts = ["dbus-run-session", "dbus-send", "gnome-keyring-daemon", "secret-tool", "script"];
    parts.into_iter().any(without)
}

/// Returns what the script reported, one line per step.
pub fn run(mut session: Command, private: &Path, script: &[&str]) -> Vec<String> {
    let file = private.join("script");
    let visit =
        "set -eu\nvisit() { STEP=\"$1\" \"$TESTS\" --exact stores::keychain::visitor --nocapture >/dev/null; }\n";
    fs::write(&file, format!("{visit}{}", script.concat())).unwrap();
    let address = session.get_envs().find_map(|(name, value)| value.filter(|_| name == "DBUS_SESSION_BUS_ADDRESS"));
    let address = address.map(|address| address.to_owned());
    session.arg(&file).env_clear();
    if let Some(address) = address {
        session.env("DBUS_SESSION_BUS_ADDRESS", address);
    }
    session
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", private.join("home"))
        .env("XDG_RUNTIME_DIR", private.join("run"))
        .current_dir(private)
        .env("TESTS", std::env::current_exe().unwrap())
        .env("PROGRAM", crate::PROGRAM)
        .env("REPORT", private.join("report"))
        .stdin(std::process::Stdio::null());
    let output = session.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "the session failed: {stderr}");
    let report = fs::read_to_string(private.join("report")).unwrap_or_default();
    report.lines().map(str::to_owned).collect()
}

/// A keychain that fails at the refresh token.
mod flaky {
    use std::any::Any;
    use std::collections::HashMap;
    use std::sync::{Arc, Mutex};

    use keyring_core::api::{Credential, CredentialApi, CredentialStoreApi};
    use keyring_core::{Entry, Error, Result};

    type Entries = Arc<Mutex<HashMap<String, Vec<u8>>>>;

    #[derive(Debug)]
    struct Flaky {
        how: String,
        entries: Entries,
    }

    #[derive(Debug)]
    struct FlakyEntry {
        account: String,
        how: String,
        entries: Entries,
    }

    /// Replaces the real keychain, with an old client id and an old token.
    pub fn install(how: &str) {
        keyring::Entry::store_status().as_ref().unwrap();
        let old = ["work/client_id", "work/refresh_token"].map(|account| (account.to_owned(), b"old".to_vec()));
        let entries = Arc::new(Mutex::new(HashMap::from(old)));
        keyring_core::set_default_store(Arc::new(Flaky { how: how.to_owned(), entries }));
    }

    impl CredentialStoreApi for Flaky {
        fn vendor(&self) -> String {
            "flaky".to_owned()
        }

        fn id(&self) -> String {
            "flaky".to_owned()
        }

        fn build(&self, service: &str, account: &str, _: Option<&HashMap<&str, &str>>) -> Result<Entry> {
            assert_eq!(service, "gads-creds");
            let (account, how, entries) = (account.to_owned(), self.how.clone(), self.entries.clone());
            Ok(Entry::new_with_credential(Arc::new(FlakyEntry { account, how, entries })))
        }

        fn as_any(&self) -> &dyn Any {
            self
        }
    }

    impl CredentialApi for FlakyEntry {
        fn set_secret(&self, secret: &[u8]) -> Result<()> {
            let mut value = secret.to_vec();
            if self.how == "small" && secret.len() > 100 {
                return Err(Error::TooLong("secret".to_owned(), 100));
            }
            if self.account == "work/refresh_token" {
                match self.how.as_str() {
                    "fail" if secret != b"old" => return Err(Error::PlatformFailure("no space".into())),
                    "garble" => value = b"garbled".to_vec(),
                    "hang" => loop {
                        std::thread::park();
                    },
                    _ => {}
                }
            }
            self.entries.lock().unwrap().insert(self.account.clone(), value);
            Ok(())
        }

        fn get_secret(&self) -> Result<Vec<u8>> {
            if self.how == "slow" && self.account == "work/refresh_token" {
                // A user types a password.
                std::thread::sleep(std::time::Duration::from_secs(6));
            }
            self.entries.lock().unwrap().get(&self.account).cloned().ok_or(Error::NoEntry)
        }

        fn delete_credential(&self) -> Result<()> {
            self.entries.lock().unwrap().remove(&self.account).map(drop).ok_or(Error::NoEntry)
        }

        fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
            Ok(None)
        }

        fn get_specifiers(&self) -> Option<(String, String)> {
            None
        }

        fn as_any(&self) -> &dyn Any {
            self
        }
    }
}
