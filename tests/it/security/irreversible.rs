//! Irreversible steps come last: each command, with each later step made impossible, either succeeds or has revoked,
//! exchanged and deleted nothing.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;

use crate::commands::login::two_steps;
use crate::google::Endpoint;
use crate::google::browser::Decision;
use crate::harness::mounts::Mounts;
use crate::sandbox::{Outcome, Sandbox};
use crate::stored::{self, DAY};

const PROFILES: &str = ".config/gads-creds/profiles.toml";
const STORED: &str = "google-ads.yaml";

/// How a later step is made impossible; what is made read-only is so for root as well.
type Block = (&'static str, fn(&Sandbox, &Mounts));

const UNHINDERED: &str = "nothing is in the way";
const NOWHERE: &str = "all is read-only";
const NO_RECOVERY: &str = "neither the state directory nor the one for temporary files can be written";

/// The other profiles are used, so a failure of `--all` is not one of them.
const PARTLY_BROKEN: &str = "a table of profiles.toml is broken";

const BLOCKS: [Block; 12] = [
    (UNHINDERED, |_, _| {}),
    (NOWHERE, |_, mounts| mounts.fix("..")),
    ("the state directory is read-only", |_, mounts| mounts.fix(".local")),
    ("the configuration directory is read-only", |_, mounts| mounts.fix(".config")),
    ("the stored file is read-only", |_, mounts| mounts.fix(STORED)),
    ("profiles.toml is read-only", |_, mounts| mounts.fix(PROFILES)),
    ("profiles.toml is a link into a directory that is read-only", |sandbox, mounts| {
        fs::create_dir(sandbox.home().join("dotfiles")).unwrap();
        let (link, file) = (sandbox.home().join(PROFILES), sandbox.home().join("dotfiles/profiles.toml"));
        fs::rename(&link, &file).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        mounts.fix("dotfiles");
    }),
    ("the state directory is a file", |sandbox, _| {
        fs::remove_dir_all(sandbox.home().join(".local/state")).unwrap();
        sandbox.write(".local/state", "in the way");
    }),
    (NO_RECOVERY, |_, mounts| {
        mounts.fix(".local");
        mounts.fix("../tmp");
    }),
    ("the file of the metrics is a directory", |sandbox, _| {
        fs::create_dir(sandbox.home().join("metrics.prom")).unwrap();
    }),
    ("profiles.toml is broken", |sandbox, _| {
        let broken = sandbox.read(PROFILES).replace("[profiles.work]", "[profiles.work");
        sandbox.write(PROFILES, broken);
    }),
    (PARTLY_BROKEN, |sandbox, _| {
        let broken = sandbox.read(PROFILES) + "[profiles.other\n";
        sandbox.write(PROFILES, broken);
    }),
];

const COMMANDS: [&[&str]; 16] = [
    &["login", "--no-browser", "--no-verify", "-p", "work", "-c", "client_secret.json"],
    &["login", "--no-browser", "--no-verify", "-p", "other", "--config", "other.yaml", "-c", "client_secret.json"],
    &["revoke", "--yes", "-p", "work"],
    &["revoke", "--yes", "--forget", "-p", "work"],
    &["revoke", "--yes", "--local-only", "-p", "work"],
    &["refresh", "-p", "work"],
    &["refresh", "--all"],
    &["refresh", "-p", "work", "--metrics", "metrics.prom"],
    &["refresh", "--all", "--metrics", "metrics.prom"],
    &["set", "--client-secrets", "client_secret.json", "-p", "work"],
    &["set", "--login-customer-id", "1234567890", "--no-verify", "-p", "work"],
    &["set", "--default", "-p", "work"],
    &["move", "--store", "file", "--config", "moved.yaml", "-p", "work"],
    &["export", "java", "out.properties", "-p", "work"],
    &["export", "adc", "-p", "work"],
    &["doctor", "--fix", "-p", "work"],
];

/// Creates a profile `work`, and its client's file.
fn prepare(sandbox: &Sandbox) {
    let (client, token) = stored::works(sandbox);
    stored::profile(sandbox, "work", &stored::metadata(sandbox, &token, DAY, None));
    sandbox.write(".local/state/here", "");
    sandbox.client_secrets(&client);
}

#[test]
fn irreversible_steps_come_last() {
    for (what, block) in BLOCKS {
        for args in COMMANDS {
            let sandbox = Sandbox::new();
            prepare(&sandbox);
            // There, a token that Google rotates cannot be kept anywhere.
            sandbox.google.world().rotate = ![NOWHERE, NO_RECOVERY].contains(&what);
            let Some(mounts) = Mounts::start(&sandbox) else { return };
            block(&sandbox, &mounts);
            let before = [STORED, PROFILES].map(|name| sandbox.read(name));
            let running = mounts.command(args).start();
            if running.address().is_some() {
                running.visit(&Decision::allow());
            }
            let outcome = running.observe();
            let case = format!("{args:?}, {what}");
            assert!(outcome.code == 0 || what != UNHINDERED, "{case}: {outcome:#?}");
            let is_of_another = what == PARTLY_BROKEN && args.contains(&"--all");
            if outcome.code != 0 && !is_of_another {
                changed_nothing(&sandbox, &case, &outcome, &before);
            }
            keeps_the_live_token(&sandbox, &case, &outcome);
        }
    }
}

/// The code of a login that was started before works once: it is sent only where its token can be stored.
#[test]
fn a_pending_login_is_finished_only_where_its_token_can_be_stored() {
    for (what, block) in BLOCKS {
        let sandbox = Sandbox::new();
        prepare(&sandbox);
        let started = two_steps::start(&sandbox, &["--no-verify", "-p", "work"]);
        let address = two_steps::ended_on(&started, &Decision::allow());
        let Some(mounts) = Mounts::start(&sandbox) else { return };
        block(&sandbox, &mounts);
        let before = [STORED, PROFILES].map(|name| sandbox.read(name));
        let outcome = mounts.command(&["login", "--finish"]).stdin(format!("{address}\n")).observe();
        let case = format!("login --finish, {what}");
        assert!(outcome.code == 0 || what != UNHINDERED, "{case}: {outcome:#?}");
        if outcome.code != 0 {
            changed_nothing(&sandbox, &case, &outcome, &before);
        }
        keeps_the_live_token(&sandbox, &case, &outcome);
    }
}

fn changed_nothing(sandbox: &Sandbox, case: &str, outcome: &Outcome, before: &[String; 2]) {
    assert_eq!(sandbox.google.requests(Endpoint::Revoke).len(), 0, "{case}: revoked: {outcome:#?}");
    let exchanges = sandbox.google.requests(Endpoint::Token);
    let exchanged = exchanges.iter().any(|request| request.form().get("grant_type") == Some("authorization_code"));
    assert!(!exchanged, "{case}: exchanged a code: {outcome:#?}");
    for (name, before) in [STORED, PROFILES].into_iter().zip(before) {
        assert_eq!(&sandbox.read(name), before, "{case}: changed {name}: {outcome:#?}");
    }
    for name in ["moved.yaml", "other.yaml", "out.properties", ".config/gcloud"] {
        assert!(!sandbox.home().join(name).exists(), "{case}: left {name}: {outcome:#?}");
    }
    assert!(outcome.stderr.contains("error: "), "{case}: {outcome:#?}");
}

/// Checks that a token that is valid at Google is somewhere on this machine, unless it was to be deleted.
fn keeps_the_live_token(sandbox: &Sandbox, case: &str, outcome: &Outcome) {
    let mut live: Vec<String> =
        sandbox.google.secrets().into_iter().filter(|text| sandbox.google.lives(text)).collect();
    live.retain(|token| token.starts_with("1//"));
    let Some(newest) = live.last() else { return };
    if case.contains("--local-only") && outcome.code == 0 {
        return;
    }
    assert!(is_below(&sandbox.home().join(".."), newest), "{case}: lost the token that works: {outcome:#?}");
}

fn is_below(directory: &Path, text: &str) -> bool {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| match path.is_dir() {
        true => is_below(&path, text),
        false => fs::read_to_string(&path).is_ok_and(|content| content.contains(text)),
    })
}
