//! Two logins that end at the same moment: each field comes from one of them, what only one of them set stays, and no
//! token is left with another client.

use super::{Held, browse, hold, recovery_files};
use crate::google::{Client, Endpoint};
#[cfg(target_os = "linux")]
use crate::harness::keyring::Session;
use crate::sandbox::{Outcome, Sandbox, Spec};

const DEVELOPER_TOKEN: &str = "a-developer-token-22ch";

/// Lets both reach the Google Ads API, and then both go on.
fn together(sandbox: &Sandbox, specs: [Spec; 2]) -> [Outcome; 2] {
    let held = [(); 2].map(|()| hold(sandbox, Endpoint::Ads));
    let running = specs.map(Spec::start);
    let pages = running.each_ref().map(|running| browse(&running.url()));
    held.iter().for_each(Held::reached);
    drop(held);
    let outcomes = running.map(crate::sandbox::Running::finish);
    for page in pages {
        page.join().expect("the browser does not panic").expect("a page");
    }
    assert!(recovery_files(sandbox).is_empty());
    outcomes
}

/// Returns two logins of two clients with these arguments; each sets what the other does not.
fn both<'a>(sandbox: &'a Sandbox, args: &[&str]) -> [Spec<'a>; 2] {
    sandbox.plant(DEVELOPER_TOKEN);
    sandbox.write("developer", DEVELOPER_TOKEN);
    let with = |client: &Client, more: [&str; 2]| {
        let args = [&["-c", "-"][..], &more, args].concat();
        sandbox.login(&args).stdin(client.secrets_file())
    };
    let clients = [sandbox.google.desktop(), sandbox.google.desktop()];
    [
        with(&clients[0], ["--login-customer-id", "123-456-7890"]),
        with(&clients[1], ["--developer-token-file", "../home/developer"]),
    ]
}

/// Checks that the credential that `show` reveals is complete.
#[track_caller]
fn is_whole(sandbox: &Sandbox, show: Spec) {
    let show = sandbox.google.secrets().iter().fold(show.reveals(DEVELOPER_TOKEN), |show, secret| show.reveals(secret));
    let shown = show.stdout_has("{").run().json();
    assert_eq!(
        (&shown["login_customer_id"], &shown["developer_token"]),
        (&"1234567890".into(), &DEVELOPER_TOKEN.into())
    );
    let world = sandbox.google.world();
    let client = world.clients.iter().find(|client| client.id == shown["client_id"]).expect("one of the two");
    assert_eq!(shown["client_secret"], client.secret);
}

#[test]
fn two_logins_into_one_file_leave_what_both_gave_and_one_token_with_its_client() {
    for before in ["", "# mine\nuse_proto_plus: false\n"] {
        for _ in 0..3 {
            let sandbox = Sandbox::new();
            if !before.is_empty() {
                sandbox.write("google-ads.yaml", before);
            }
            let outcomes = together(&sandbox, both(&sandbox, &[]));
            let expected = "held another refresh token by now";
            assert_eq!(outcomes.iter().filter(|outcome| outcome.stderr.contains(expected)).count(), 1, "{outcomes:#?}");
            assert!(before.is_empty() || sandbox.read("google-ads.yaml").starts_with(before));
            is_whole(&sandbox, sandbox.command(&["show", "--reveal", "--json"]));
            sandbox.command(&["refresh"]).stderr_has("works").run();
            let names =
                std::fs::read_dir(sandbox.home()).expect("a directory").flatten().map(|entry| entry.file_name());
            let leftovers: Vec<_> = names.filter(|name| name.to_string_lossy().contains(".gads-creds-")).collect();
            assert!(leftovers.is_empty(), "{leftovers:?}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn two_logins_into_one_profile_of_the_keychain_leave_what_both_gave_and_one_token_with_its_client() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    let logins = both(&sandbox, &["-p", "work", "--store", "keychain"]);
    together(&sandbox, logins.map(|login| login.env("DBUS_SESSION_BUS_ADDRESS", session.address())));
    is_whole(&sandbox, session.command(&["show", "--reveal", "--json"]));
    session.command(&["refresh", "-p", "work"]).stderr_has("works").run();
}

#[cfg(target_os = "linux")]
#[test]
fn two_logins_into_two_profiles_of_the_keychain_are_both_recorded() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    sandbox.write(".config/gads-creds/profiles.toml", "# mine\n");
    let client = sandbox.desktop();
    let login = |name| session.login(&["-c", "-", "-p", name, "--store", "keychain"]).stdin(client.secrets_file());
    together(&sandbox, [login("a"), login("b")]);
    assert!(sandbox.read(".config/gads-creds/profiles.toml").starts_with("# mine\n"));
    for name in ["a", "b"] {
        session.command(&["refresh", "-p", name]).stderr_has("works").run();
    }
}
