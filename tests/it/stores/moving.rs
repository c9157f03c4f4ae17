//! A profile moves from a file into the keychain and back: the previous store is cleared last, and nothing else
//! changes.

use crate::google::browser::Decision;
use crate::google::{ADWORDS, Client};
use crate::harness::keyring::Session;
use crate::sandbox::{Outcome, Sandbox};
use crate::stores::keychain_commands::{holding, log_in};

const PROFILES: &str = ".config/gads-creds/profiles.toml";
const DEVELOPER_TOKEN: &str = "a-developer-token-22ch";

/// Creates the profile `work` in `~/work.yaml`, with comments and other settings; returns its token.
fn with_file(sandbox: &Sandbox) -> (Client, String) {
    let client = sandbox.google.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    sandbox.plant(DEVELOPER_TOKEN);
    let Client { id, secret, .. } = &client;
    let text = format!(
        "# ours\nclient_id: {id}  # the agency's\nclient_secret: {secret}\n\nrefresh_token: '{token}' # do not touch\n\
         developer_token: {DEVELOPER_TOKEN}\nlogin_customer_id: 1234567890 # manager\nuse_proto_plus: True\n\
         logging:\n  version: 1\n  # kept\n"
    );
    sandbox.write("work.yaml", text);
    sandbox.write(PROFILES, "# by hand\n[profiles.work] # mine\nfile = \"~/work.yaml\"\nnote = \"x\"\n");
    (client, token)
}

#[track_caller]
fn moved(session: &Session, args: &[&str], expected: &str) -> Outcome {
    let login = session.login(args).stderr_has(expected).start();
    login.visit(&Decision::allow());
    login.finish()
}

/// Returns what is stored in the profile, revealed.
#[track_caller]
fn revealed(sandbox: &Sandbox, session: &Session) -> serde_json::Value {
    let show = session.command(&["show", "-p", "work", "--reveal", "--json"]).stdout_has("{").reveals(DEVELOPER_TOKEN);
    sandbox.google.secrets().iter().fold(show, |show, secret| show.reveals(secret)).run().json()
}

#[test]
fn a_profile_moves_into_the_keychain_and_back() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    let (client, old_token) = with_file(&sandbox);
    let before = sandbox.read("work.yaml");

    moved(&session, &["-p", "work", "--store", "keychain"], "removed the secrets from");
    let mut secrets = sandbox.google.secrets();
    secrets.push(DEVELOPER_TOKEN.to_owned());
    assert_eq!(holding(&sandbox.home(), &secrets), [""; 0]);
    let gone = ["client_id", "client_secret", "refresh_token", "developer_token"];
    let is_left = |line: &&str| !gone.iter().any(|key| line.starts_with(key));
    let left = |text: &str| text.lines().filter(is_left).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(left(&sandbox.read("work.yaml")), left(&before));
    let profiles = sandbox.read(PROFILES);
    assert!(
        profiles.starts_with("# by hand\n[profiles.work] # mine\nnote = \"x\"\nstore = \"keychain\"\n"),
        "{profiles}"
    );
    let shown = revealed(&sandbox, &session);
    assert_eq!((&shown["store"], &shown["client_id"]), (&"keychain".into(), &client.id.as_str().into()));
    assert_eq!(shown["developer_token"], DEVELOPER_TOKEN);
    assert_eq!(shown["login_customer_id"], "1234567890");
    assert_ne!(shown["refresh_token"], old_token.as_str());

    let file = sandbox.home().join("work.yaml");
    moved(&session, &["-p", "work", "--store", "file", "--config", file.to_str().unwrap()], "removed the secrets from");
    assert_eq!(session.entries(), "");
    let shown = revealed(&sandbox, &session);
    assert_eq!((&shown["store"], &shown["client_secret"]), (&"file".into(), &client.secret.as_str().into()));
    assert_eq!(
        (&shown["developer_token"], &shown["login_customer_id"]),
        (&DEVELOPER_TOKEN.into(), &"1234567890".into())
    );
    assert!(left(&before).iter().all(|line| sandbox.read("work.yaml").lines().any(|other| other == line)));
    session.command(&["refresh", "-p", "work"]).stderr_has("works").run();
}

#[test]
fn a_move_that_fails_in_the_middle_leaves_the_file_as_it_was() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    let (_, token) = with_file(&sandbox);
    let before = sandbox.read("work.yaml");
    let login = session.login(&["-p", "work", "--store", "keychain"]).code(7).stderr_has("login --recover").start();
    login.url();
    session.lock();
    login.visit(&Decision::allow());
    login.finish();
    assert_eq!(sandbox.read("work.yaml"), before);
    assert!(sandbox.google.lives(&token));
    session.command(&["refresh", "-p", "work"]).stderr_has("works").run();

    session.unlock();
    let recovered = session.command(&["login", "--recover"]).stderr_has("removed the secrets from");
    recovered.stderr_has("stored the refresh token in keychain").run();
    assert_eq!(holding(&sandbox.home(), &sandbox.google.secrets()), [""; 0]);
    assert_eq!(revealed(&sandbox, &session)["developer_token"], DEVELOPER_TOKEN);
}

#[test]
fn a_move_onto_an_older_token_in_the_keychain_is_finished_as_well() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    log_in(&session, &sandbox.google.desktop(), &[]);
    with_file(&sandbox);
    let login = session.login(&["-p", "work", "--store", "keychain"]).code(7).stderr_has("login --recover").start();
    login.url();
    session.lock();
    login.visit(&Decision::allow());
    login.finish();
    session.unlock();
    session.command(&["login", "--recover"]).stderr_has("stored the refresh token in keychain").run();
    assert_eq!(revealed(&sandbox, &session)["developer_token"], DEVELOPER_TOKEN);
}

#[test]
fn a_file_that_is_another_profiles_as_well_keeps_its_secrets() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    with_file(&sandbox);
    let before = sandbox.read("work.yaml");
    let profiles = sandbox.read(PROFILES);
    sandbox.write(PROFILES, format!("{profiles}\n[profiles.twin]\nfile = \"~/./work.yaml\"\n"));
    moved(&session, &["-p", "work", "--store", "keychain"], "it also keeps the credentials of `twin`");
    assert_eq!(sandbox.read("work.yaml"), before);
    session.command(&["refresh", "--all"]).stderr_has("twin  ok").stderr_has("work  ok").run();
}

#[test]
fn a_login_without_a_name_into_the_keychain_warns_about_the_librarys_file() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    let client = sandbox.google.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let text = format!("client_id: {}\nclient_secret: {}\nrefresh_token: {token}\n", client.id, client.secret);
    let file = sandbox.write("google-ads.yaml", &text);
    let login = || session.login(&["-c", "-", "--store", "keychain"]).stdin(client.secrets_file());
    let command = format!("gads-creds revoke --local-only --forget --config {}", file.display());
    let expected = format!("`{}` still holds a refresh token in plain text", file.display());
    let first = login().stderr_has(&expected).stderr_has(&command).start();
    first.visit(&Decision::allow());
    first.finish();
    assert_eq!(sandbox.read("google-ads.yaml"), text);
    let words: Vec<_> = command.split(' ').skip(1).chain(["--yes"]).collect();
    session.command(&words).stderr_has("still valid at Google").run();
    assert_eq!(holding(&sandbox.home(), &sandbox.google.secrets()), [""; 0]);
    session.command(&["refresh"]).stderr_has("keychain").run();
}

#[test]
fn a_login_warns_about_another_profile_in_the_same_file_before_the_browser_opens() {
    let sandbox = Sandbox::new();
    with_file(&sandbox);
    let file = sandbox.home().join("work.yaml");
    let login = sandbox.login(&["-p", "twin", "--config", file.to_str().unwrap()]);
    let login = login.stderr_has("also keeps the credentials of `work`: this login replaces their token").start();
    let url = login.url();
    assert!(
        login.stderr_so_far().find("also keeps the credentials of").unwrap()
            < login.stderr_so_far().find(url.as_str()).unwrap()
    );
    login.visit(&Decision::allow());
    login.finish();
    sandbox.command(&["show", "-p", "work", "--json"]).stdout_has("\"profile\":\"twin\"").run();
}
