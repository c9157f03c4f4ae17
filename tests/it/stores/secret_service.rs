//! The causes of a Secret Service that does not serve: its errors by their names, and the session of another user.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::skip::{not_root, without};
use crate::sandbox::{Sandbox, Spec};
use crate::security::files_of_others::{hand_over, run_as_user};
use crate::stores::keychain::{bare_bus, private_directories, run};

const PROFILES: &str = ".config/gads-creds/profiles.toml";

/// Waits until somebody serves the name.
const UNTIL_SERVED: &str = "until dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
    org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q true; do sleep 0.02; done\n";

#[test]
fn an_error_of_the_secret_service_is_known_by_its_name() {
    for (name, cause) in [
        ("org.freedesktop.Secret.Error.IsLocked", "the keychain is locked / unlock the keychain"),
        ("org.freedesktop.DBus.Error.Spawn.ChildExited", "no Secret Service runs in this D-Bus session / start the"),
        (
            "org.freedesktop.DBus.Error.AccessDenied",
            "org.freedesktop.DBus.Error.AccessDenied (its own \\u{1b}text) / fix or",
        ),
        ("org.example.Locked", "org.example.Locked (its own \\u{1b}text) / fix or"),
    ] {
        let Some(private) = private_directories() else { return };
        let start =
            format!("SERVICE={name} \"$TESTS\" --exact stores::secret_service::service >/dev/null & service=$!\n");
        let script = [&start, UNTIL_SERVED, "visit load\nkill $service\n"];
        let lines = run(bare_bus(private.path(), ""), private.path(), &script);
        assert!(lines[0].starts_with("code 7, 0 s: ") && lines[0].contains(cause), "{name}: {lines:?}");
    }
}

/// A Secret Service in a process of its own that answers every call with one error; alone it has nothing to do.
#[test]
fn service() {
    let Ok(name) = std::env::var("SERVICE") else { return };
    let bus = zbus::blocking::Connection::session().unwrap();
    let messages = zbus::blocking::MessageIterator::from(&bus);
    bus.request_name("org.freedesktop.secrets").unwrap();
    for message in messages {
        let message = message.unwrap();
        if message.message_type() == zbus::message::Type::MethodCall {
            bus.reply_error(&message.header(), name.as_str(), &"its own \u{1b}text").unwrap();
        }
    }
}

/// The user of the session, who must have an entry in /etc/passwd: `daemon`, in every Linux.
const OWNER: u32 = 1;

struct OthersBus {
    directory: tempfile::TempDir,
    bus: Child,
}

impl OthersBus {
    fn start(owner: u32) -> Option<OthersBus> {
        if not_root() || without("dbus-daemon") || without("setpriv") {
            return None;
        }
        let directory = tempfile::tempdir().unwrap();
        chown(directory.path(), Some(owner), Some(owner)).unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o711)).unwrap();
        let mut bus = Command::new("dbus-daemon");
        bus.args(["--session", "--nofork", "--nopidfile", "--address"]).uid(owner).gid(owner);
        bus.env("XDG_RUNTIME_DIR", directory.path()).stdin(Stdio::null()).stderr(Stdio::null());
        let bus = bus.arg(format!("unix:path={}", directory.path().join("bus").display())).spawn().unwrap();
        let session = OthersBus { directory, bus };
        let start = Instant::now();
        while !session.socket().exists() {
            assert!(start.elapsed() < Duration::from_secs(20), "no bus");
            std::thread::sleep(Duration::from_millis(5));
        }
        Some(session)
    }

    fn socket(&self) -> PathBuf {
        self.directory.path().join("bus")
    }

    fn is_named_by<'s>(&self, spec: Spec<'s>) {
        let spec = spec.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", self.socket().display())).code(7);
        let spec = spec.stderr_has("the D-Bus session is that of another user (uid 1), and so is its keychain\n");
        spec.stderr_has("hint: run this as that user, without `sudo`").run();
    }
}

impl Drop for OthersBus {
    fn drop(&mut self) {
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}

#[test]
fn the_session_of_another_user_is_named_and_not_called_locked() {
    let Some(session) = OthersBus::start(OWNER) else { return };
    let sandbox = Sandbox::new();
    sandbox.write(PROFILES, "[profiles.work]\nstore = \"keychain\"\n");
    // Root by sudo: the bus closes the connection.
    for args in [&["show", "-p", "work"][..], &["refresh", "-p", "work"]] {
        session.is_named_by(sandbox.command(args));
    }
    // Another user by su: the socket is there, or behind a closed directory.
    hand_over(&sandbox);
    session.is_named_by(run_as_user(&sandbox, &["show", "-p", "work"]));
    fs::set_permissions(session.directory.path(), fs::Permissions::from_mode(0o700)).unwrap();
    session.is_named_by(run_as_user(&sandbox, &["show", "-p", "work"]));
}

/// `su` from root: to the bus, root is another user as well.
#[test]
fn the_session_of_root_is_named_as_that_of_another_user() {
    let Some(session) = OthersBus::start(0) else { return };
    let sandbox = Sandbox::new();
    sandbox.write(PROFILES, "[profiles.work]\nstore = \"keychain\"\n");
    hand_over(&sandbox);
    let address = format!("unix:path={}", session.socket().display());
    let show = run_as_user(&sandbox, &["show", "-p", "work"]).env("DBUS_SESSION_BUS_ADDRESS", address).code(7);
    let show = show.stderr_has("the D-Bus session is that of another user (uid 0), and so is its keychain\n");
    show.stderr_has("hint: set `DBUS_SESSION_BUS_ADDRESS` to the address of a session of your own").run();
}

/// The D-Bus specification allows lists, and programs in place of sockets; a path tells nothing about what is behind it.
#[test]
fn an_address_that_cannot_be_used_is_told_from_a_failing_keychain() {
    let sandbox = Sandbox::new();
    sandbox.write(PROFILES, "[profiles.work]\nstore = \"keychain\"\n");
    let bytes = crate::harness::middlebox::Server::says(b"SSH-2.0-OpenSSH_9.9\r\n");
    let no_bus = format!("tcp:host={},port={}", bytes.address.ip(), bytes.address.port());
    let program = sandbox.write("program", "#!/bin/sh\n: > \"$HOME/started\"\n");
    sandbox.chmod(&program, 0o700);
    let list = "is a list of addresses, of which only one can be used here\n";
    let socket = sandbox.path("bus");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let working = format!("unix:path={}", socket.display());
    let with_one = format!("of which only one can be used here; `{working}` is one that works\n");
    let program_named = "names a program to start in place of a session, and none is started";
    for (address, fact, step) in [
        (
            "unix:path=/nowhere/x;unix:path=/nowhere/y",
            list,
            "hint: set that variable to the one address of the session",
        ),
        ("unix:path=/nowhere/x,guid=1;unix:path=/nowhere/y", list, "hint: set that variable to the one address"),
        (&format!("unix:path=/nowhere/x;{working}"), &with_one, "hint: set that variable to the one address"),
        (&format!("unixexec:path={}", program.display()), program_named, "hint: set that variable to the address of"),
        ("ibus:", program_named, "hint: set that variable to the address of"),
        (&no_bus, "no D-Bus session can be used at the address in `DBUS", "hint: set that variable to the address of"),
        (
            "tcp:host=127.0.0.1,port=1",
            "D-Bus session at the address in `DBUS",
            "hint: set that variable to the address of",
        ),
    ] {
        let show = sandbox.command(&["show", "-p", "work"]).env("DBUS_SESSION_BUS_ADDRESS", address).code(7);
        let outcome =
            show.stderr_has(fact).stderr_has(step).stderr_has("`gads-creds login -p work --store file`").run();
        assert!(!outcome.stderr.contains("restart the keychain"), "{outcome:#?}");
    }
    assert!(!sandbox.path("started").exists());
}

/// In tmux the variable outlives the session.
#[test]
fn an_address_of_no_session_is_named_by_its_variable() {
    let sandbox = Sandbox::new();
    sandbox.write(PROFILES, "[profiles.work]\nstore = \"keychain\"\n");
    for address in ["unix:path=/nowhere/bus", "garbage"] {
        let show = sandbox.command(&["show", "-p", "work"]).env("DBUS_SESSION_BUS_ADDRESS", address).code(7);
        let show = show.stderr_has("there is no D-Bus session at the address in `DBUS_SESSION_BUS_ADDRESS`\n");
        show.stderr_has("hint: set that variable to the address of the session that runs now, or unset it").run();
    }
}
