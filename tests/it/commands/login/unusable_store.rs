//! The way out of a store that cannot be opened: a login elsewhere and a forgotten profile leave what is in it, and say so.
#![cfg(target_os = "linux")]

use super::allow;
use crate::harness::keyring::Session;
use crate::sandbox::{Sandbox, Spec};
use crate::stores::keychain_commands::log_in;

const PROFILES: &str = ".config/gads-creds/profiles.toml";
const KEYCHAIN: &str = "[profiles.work]\nstore = \"keychain\"\n";
const ENGINE: &str = "[profiles.work]\nstore = \"command\"\nget = [\"nosuchprog\", \"get\"]\n\
                      set = [\"nosuchprog\", \"set\"]\nerase = [\"nosuchprog\", \"rm\", \"-f\"]\n";

const BROKEN: &str = "[profiles.work]\nstore = \"command\"\nget = [\"/bin/sh\", \"-c\", \"echo broken >&2; exit 1\"]\n";

/// The profiles, why their store cannot be opened, and how to delete what is in it later.
const CASES: [(&str, &str, &str); 3] = [
    (KEYCHAIN, "there is no D-Bus session", "`secret-tool clear service gads-creds username work/refresh_token`"),
    (
        ENGINE,
        "the program `nosuchprog` is not installed",
        "delete what is in command (nosuchprog get) with its own program",
    ),
    (BROKEN, "broken", "its own program"),
];

fn login<'a>(sandbox: &'a Sandbox, args: &[&str]) -> Spec<'a> {
    super::login(sandbox, &[&["-p", "work"], args].concat())
}

#[test]
fn a_login_elsewhere_leaves_a_store_that_cannot_be_opened() {
    for (profiles, cause, later) in CASES {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        sandbox.write(PROFILES, profiles);
        let login = login(&sandbox, &["--store", "file"]).stderr_has("is neither used nor deleted").stderr_has(cause);
        allow(login.stderr_has(later).stderr_has("stored the refresh token in"));
        assert!(sandbox.read(PROFILES).contains("store = \"file\""), "{}", sandbox.read(PROFILES));
        sandbox.command(&["refresh", "-p", "work"]).stderr_has("works: access token issued").run();
    }
}

#[test]
fn a_login_to_the_store_itself_fails_before_the_browser_opens() {
    for (profiles, cause, _) in CASES {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        sandbox.write(PROFILES, profiles);
        let run = login(&sandbox, &[]).code(7).stderr_has(cause).run();
        assert!(!run.stderr.contains("/o/oauth2/"), "{run:#?}");
        assert_eq!(sandbox.read(PROFILES), profiles);
    }
}

#[test]
fn a_profile_whose_store_cannot_be_opened_can_be_forgotten() {
    for (profiles, cause, later) in CASES {
        let sandbox = Sandbox::new();
        sandbox.write(PROFILES, profiles);
        let step = "run `gads-creds revoke -p work --local-only --forget --yes`: it forgets the profile";
        for more in [&[][..], &["--local-only"], &["--forget"]] {
            let args = [&["revoke", "-p", "work", "--yes"], more].concat();
            let run = sandbox.command(&args).code(7).stderr_has(cause).stderr_has(step).run();
            assert!(!run.stderr.contains("gads-creds login"), "it would revoke nothing: {run:#?}");
        }
        let forget = ["revoke", "-p", "work", "--local-only", "--forget"];
        sandbox.command(&forget).code(2).stderr_has("hint: add `--yes`").run();
        assert_eq!(sandbox.read(PROFILES), profiles);
        let run = sandbox.command(&[&forget[..], &["--yes"]].concat()).stderr_has("forgot the profile; ");
        let run = run.stderr_has("is as it was, and a token in it may still be valid").stderr_has(cause);
        run.stderr_has(later).run();
        assert_eq!(sandbox.read(PROFILES), "");
    }
}

#[test]
fn what_is_in_a_locked_keychain_stays_there_and_is_deleted_as_the_hint_says() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    let client = sandbox.desktop();
    log_in(&session, &client, &[]);
    let entries = session.entries();
    session.lock();
    let login = login(&sandbox, &["--store", "file"]).env("DBUS_SESSION_BUS_ADDRESS", session.address());
    allow(login.stderr_has("the keychain is locked").stderr_has("is neither used nor deleted"));
    session.command(&["refresh", "-p", "work"]).stderr_has("google-ads.yaml` works").run();
    session.unlock();
    assert_eq!(session.entries(), entries);
    session.shell("secret-tool clear service gads-creds username work/refresh_token");
    assert!(!session.entries().contains("refresh_token"));
}
