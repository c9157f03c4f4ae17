//! Every command with a profile in the keychain, in every state of a keychain: the real gnome-keyring.

use std::fs;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::google::browser::Decision;
use crate::google::{Client, Endpoint};
use crate::harness::keyring::Session;
use crate::sandbox::Sandbox;

const PROFILES: &str = ".config/gads-creds/profiles.toml";

/// Logs the profile `work` in with the keychain. The client comes by stdin, so that no file holds its secret.
pub fn log_in(session: &Session, client: &Client, args: &[&str]) {
    let args = [&["-c", "-", "-p", "work", "--store", "keychain"], args].concat();
    let login = session.login(&args).stdin(client.secrets_file()).stderr_has("stored the refresh token in keychain");
    let login = login.start();
    login.visit(&Decision::allow());
    login.finish();
}

/// Returns the files below a directory that hold one of the texts.
pub fn holding(directory: &Path, texts: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holding(&path, texts));
        } else if let Ok(bytes) = fs::read(&path)
            && texts.iter().any(|text| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
        {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn the_keychain_keeps_a_credential_from_login_to_revocation_without_files() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    let client = sandbox.google.desktop();
    log_in(&session, &client, &["--login-customer-id", "123-456-7890"]);
    let fields = "work/client_id work/client_secret work/login_customer_id work/refresh_token";
    assert_eq!(session.entries(), fields);
    assert_eq!(holding(&sandbox.home(), &sandbox.google.secrets()), [""; 0]);

    let shown = session.command(&["show", "--json"]).stdout_has("{").run().json();
    assert_eq!((&shown["store"], &shown["login_customer_id"]), (&"keychain".into(), &"1234567890".into()));
    assert_eq!(shown["location"], "keychain (service gads-creds, profile work)");
    session.command(&["refresh"]).stderr_has("works: access token issued").run();
    session.command(&["doctor"]).stdout_has("ok    location: keychain").run();
    let exec = session.command(&["exec", "--", "/bin/sh", "-c", "echo $GOOGLE_ADS_CLIENT_ID $GADS_CREDS_PROFILE"]);
    exec.stdout(format!("{} work\n", client.id)).run();
    let as_file =
        ["exec", "--as-file", "python", "--", "/bin/sh", "-c", "/bin/cat $GOOGLE_ADS_CONFIGURATION_FILE_PATH"];
    let token = session.command(&["show", "--json", "--reveal"]);
    let token = sandbox.google.secrets().iter().rev().fold(token, |spec, secret| spec.reveals(secret));
    let token = token.stdout_has("{").run().json()["refresh_token"].as_str().unwrap().to_owned();
    let as_file = session.command(&as_file).reveals(&token).reveals(&client.secret);
    as_file.stdout_has(&token).stdout_has("use_proto_plus").run();
    assert_eq!(holding(&sandbox.home(), &sandbox.google.secrets()), [""; 0]);

    session.command(&["revoke", "--yes"]).stderr_has("revoked the refresh token at Google").run();
    assert!(!sandbox.google.lives(&token));
    assert_eq!(session.entries(), "work/client_id work/client_secret work/login_customer_id");
    session.command(&["refresh"]).code(3).stderr_has("there is no refresh token in keychain").run();
    session.command(&["revoke", "--yes", "--forget"]).stderr_has("").run();
    assert_eq!(session.entries(), "");
    assert_eq!(sandbox.read(PROFILES), "");
}

#[test]
fn a_replaced_token_is_replaced_in_the_keychain() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    log_in(&session, &sandbox.google.desktop(), &[]);
    sandbox.google.world().rotate = true;
    let runs: Vec<_> = (0..4).map(|_| session.command(&["refresh"]).stderr_has("works").start()).collect();
    runs.into_iter().for_each(|run| _ = run.finish());
    session.command(&["refresh"]).stderr_has("works").run();
}

#[test]
fn many_profiles_of_the_keychain_are_refreshed_at_once() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    let client = sandbox.google.desktop();
    let names: Vec<_> = (0..5).map(|number| format!("p{number}")).collect();
    let start = |name: &String| {
        session.login(&["-c", "-", "-p", name, "--store", "keychain"]).stdin(client.secrets_file()).start()
    };
    let logins: Vec<_> = names.iter().map(start).collect();
    logins.iter().for_each(|login| _ = login.visit(&Decision::allow()));
    logins.into_iter().for_each(|login| _ = login.finish());
    let run = session.command(&["refresh", "--all"]).stderr_has("p4  ok").run();
    assert_eq!(run.stderr.matches("  ok, ").count(), 5, "{run:#?}");
    session.lock();
    let run = session.command(&["refresh", "--all"]).code(7).stderr_has("error: 5 of 5 profiles failed").run();
    assert_eq!(run.stderr.matches("  failed: the keychain ").count(), 1, "{run:#?}");
    assert_eq!(run.stderr.matches("  failed: for the same reason").count(), 4, "{run:#?}");
    assert_eq!(run.stderr.matches("`gads-creds login -p NAME --store file`").count(), 1, "{run:#?}");
}

/// The commands that need the profile, with their exit codes when the keychain fails.
const COMMANDS: [&[&str]; 6] = [
    &["login", "--no-browser", "-c", "-", "-p", "work"],
    &["show", "-p", "work"],
    &["refresh", "-p", "work"],
    &["revoke", "--yes", "-p", "work"],
    &["exec", "-p", "work", "--", "/bin/echo", "started"],
    &["doctor", "-p", "work"],
];

/// Checks that every command ends with 7, the cause and the next step, before a browser opens, within its limit, and
/// writes nothing.
#[track_caller]
fn commands_fail(sandbox: &Sandbox, commands: &[&[&str]], address: Option<&str>, cause: &str) {
    let profiles = sandbox.read(PROFILES);
    let client = sandbox.google.desktop();
    let asked = |endpoint| sandbox.google.requests(endpoint).len();
    let before = [Endpoint::Authorize, Endpoint::Token, Endpoint::Revoke].map(asked);
    let start = Instant::now();
    let runs = commands.iter().map(|args| {
        let stdin = if args[0] == "login" { client.secrets_file() } else { String::new() };
        let way_out = match args[0] {
            "login" => "--store file --no-browser`",
            // A login elsewhere revokes nothing.
            "revoke" => "`gads-creds revoke -p work --local-only --forget --yes`",
            _ => "`gads-creds login -p work --store file`",
        };
        let spec = sandbox.command(args).code(7).stdin(stdin).stderr_has(cause).stderr_has(way_out);
        let spec = if args[0] == "doctor" { spec.stdout_has("fail  location: ") } else { spec };
        address.into_iter().fold(spec, |spec, address| spec.env("DBUS_SESSION_BUS_ADDRESS", address)).start()
    });
    for run in runs.collect::<Vec<_>>() {
        let run = run.finish();
        assert!(!run.stderr.contains("/o/oauth2/"), "{run:#?}");
    }
    // Ten, and some for a busy machine.
    assert!(start.elapsed() < Duration::from_secs(20), "{cause}: {:?}", start.elapsed());
    assert_eq!([Endpoint::Authorize, Endpoint::Token, Endpoint::Revoke].map(asked), before, "{cause}");
    assert_eq!(sandbox.read(PROFILES), profiles, "{cause}");
    assert_eq!(holding(&sandbox.home(), &sandbox.google.secrets()), [""; 0], "{cause}");
}

#[test]
fn an_unusable_keychain_ends_every_command_with_its_cause() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    log_in(&session, &sandbox.google.desktop(), &[]);
    session.lock();
    // In sequence: the keyring can fail only one prompt at a time.
    for command in COMMANDS {
        commands_fail(&sandbox, &[command], Some(session.address()), "the keychain is locked");
    }
    session.signal_daemon("STOP");
    commands_fail(&sandbox, &COMMANDS, Some(session.address()), "the keychain did not respond within 5 s");
    session.signal_daemon("CONT");
    let socket = sandbox.home().join("../tmp/mute");
    // Connections wait in the listener's queue: the peer exists and sends nothing.
    let _mute = UnixListener::bind(&socket).unwrap();
    let mute = format!("unix:path={}", socket.display());
    commands_fail(&sandbox, &COMMANDS, Some(&mute), "the keychain did not respond within 5 s");
    commands_fail(&sandbox, &COMMANDS, None, "there is no D-Bus session to find a keychain in");
    session.unlock();
    session.command(&["refresh"]).stderr_has("works").run();
}

#[test]
fn a_new_profile_finds_the_keychain_locked_before_the_browser_opens() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    session.lock();
    let client = sandbox.google.desktop();
    let login = session.login(&["-c", "-", "-p", "new", "--store", "keychain"]).stdin(client.secrets_file());
    let run = login.code(7).stderr_has("error: the keychain is locked").run();
    assert!(!run.stderr.contains("/o/oauth2/"), "{run:#?}");
    assert!(!sandbox.home().join(PROFILES).exists());
}

/// Checks what a failed login leaves, and that recovery completes it.
fn finished_by_recover(sandbox: &Sandbox, session: &Session) {
    let directory = sandbox.home().join(".local/state/gads-creds/recovery");
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 1);
    session.command(&["login", "--recover"]).stderr_has("stored the refresh token in keychain").run();
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 0);
    session.command(&["refresh", "-p", "work"]).stderr_has("works").run();
    assert_eq!(holding(&sandbox.home(), &sandbox.google.secrets()), [""; 0]);
}

#[test]
fn a_keychain_that_locks_during_the_consent_loses_no_token() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    let client = sandbox.google.desktop();
    let login = session.login(&["-c", "-", "-p", "work", "--store", "keychain"]).stdin(client.secrets_file());
    let login = login.code(7).stderr_has("is locked").stderr_has("`gads-creds login --recover`").start();
    login.url();
    session.lock();
    assert!(login.visit(&Decision::allow()).body.contains("did not succeed"));
    login.finish();
    assert!(!sandbox.home().join(PROFILES).exists(), "no profile without its secrets");
    session.unlock();
    finished_by_recover(&sandbox, &session);
}

#[test]
fn a_profile_that_cannot_be_recorded_leaves_no_keychain_entry() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    let client = sandbox.google.desktop();
    let login = session.login(&["-c", "-", "-p", "work", "--store", "keychain"]).stdin(client.secrets_file());
    let login = login.code(1).stderr_has("profiles.toml").stderr_has("`gads-creds login --recover`").start();
    login.url();
    fs::create_dir_all(sandbox.home().join(PROFILES)).unwrap();
    login.visit(&Decision::allow());
    login.finish();
    fs::remove_dir(sandbox.home().join(PROFILES)).unwrap();
    finished_by_recover(&sandbox, &session);
}
