//! Every real manager, the keychain and a file in one run: refreshed, changed, recovered and revoked together.

use serde_json::{Value, json};

use super::PROFILES;
use super::managers::{ALL, Real, plain};
use crate::google::browser::Decision;
use crate::google::{ADWORDS, Client};
use crate::harness::keyring::Session;
use crate::sandbox::{Sandbox, Spec};
use crate::stored;

/// The profiles `pass`, `sops`, …, `keychain` and `file`, of one client.
struct Together<'s> {
    session: Session<'s>,
    /// Knows the variables of all.
    all: Real<'s>,
    others: Vec<Real<'s>>,
    /// Each manager's profile and store.
    stores: Vec<(&'static str, String)>,
    client: Client,
}

impl<'s> Together<'s> {
    fn start(sandbox: &'s Sandbox) -> Option<Together<'s>> {
        let session = Session::start(sandbox)?;
        // OpenBao's program under the name `vault` asks the server of `BAO_ADDR`, too: both have one, and an entry each.
        let names = ALL.into_iter().filter(|name| *name != "vault");
        let mut started: Vec<(&str, Real)> =
            names.filter_map(|name| Some((name, Real::start(sandbox, name)?))).collect();
        let mut stores: Vec<_> = started.iter().map(|(name, real)| (*name, real.store.clone())).collect();
        if stores.iter().any(|(name, _)| *name == "bao") {
            started.push(("vault", Real::start(sandbox, "vault")?));
            stores.push(("vault", "vault:secret/google-ads/other".to_owned()));
        }
        let (_, mut all) = started.pop()?;
        for (_, real) in &started {
            all = all.and(real);
        }
        let others = started.into_iter().map(|(_, real)| real).collect();
        let client = sandbox.google.desktop();
        let together = Together { session, all, others, stores, client };
        let keychain = ("keychain", "keychain".to_owned());
        for (profile, store) in together.stores.iter().chain([&keychain]) {
            let args = ["login", "--no-browser", "-p", profile, "--store", store, "-c", "-"];
            let login = together.command(&args).stdin(together.client.secrets_file()).stderr_has("stored").start();
            login.visit(&Decision::allow());
            login.finish();
        }
        let token = sandbox.google.grant(&together.client, &[ADWORDS]);
        let file = sandbox.write("file.yaml", stored::yaml(&together.client, &token));
        sandbox.write(PROFILES, sandbox.read(PROFILES) + &format!("\n[profiles.file]\nfile = {file:?}\n"));
        Some(together)
    }

    fn command(&self, args: &[&str]) -> Spec<'s> {
        self.all.command(args).env("DBUS_SESSION_BUS_ADDRESS", self.session.address())
    }

    fn count(&self) -> usize {
        self.stores.len() + 2
    }

    /// How many of all profiles work.
    fn valid(&self, code: i32) -> usize {
        let run = self.command(&["refresh", "--all", "--json"]).code(code).stderr_has("").stdout_has("{").run();
        let lines = run.stdout.lines().map(|line| serde_json::from_str(line).expect("an object"));
        let profiles: Vec<Value> = lines.filter(|line: &Value| line.get("profile").is_some()).collect();
        assert_eq!(profiles.len(), self.count(), "{run:#?}");
        profiles.iter().filter(|profile| profile["valid"] == json!(true)).count()
    }
}

#[test]
fn profiles_in_files_managers_and_the_keychain_are_refreshed_changed_recovered_and_revoked_together() {
    let sandbox = Sandbox::new();
    let Some(together) = Together::start(&sandbox) else { return };
    let count = together.count();
    // The first time Google replaces every token, and each is saved where its profile is kept.
    for rotate in [true, false] {
        sandbox.google.world().rotate = rotate;
        assert_eq!(together.valid(0), count, "rotate {rotate}");
    }
    // One manager does not save: its new token is in a recovery file, and no other profile suffers.
    let Some(pass) = together.others.iter().find(|real| real.store.starts_with("pass:")) else { return };
    pass.spoil();
    sandbox.google.world().rotate = true;
    assert_eq!(together.valid(7), count - 1);
    sandbox.google.world().rotate = false;
    pass.restore();
    together.command(&["login", "--recover"]).stderr_has(&pass.store).run();
    assert_eq!(together.valid(0), count);

    let mut new = together.client.clone();
    new.secret = "GOCSPX-the-new-secret-of-28-chars-".to_owned();
    sandbox.google.world().secrets.push(new.secret.clone());
    sandbox.google.edit(&together.client, |client| client.secret = new.secret.clone());
    let set = together.command(&["set", "--all", "-c", "-", "--json"]).stdin(new.secrets_file()).stdout_has("{");
    let changed = set.stderr_has("").run().json();
    let changed = changed["profiles"].as_array().expect("a list").iter();
    assert_eq!(changed.filter(|profile| profile["changed"] == json!(["client_secret"])).count(), count);
    assert_eq!(together.valid(0), count);
    assert_eq!(plain(&sandbox), [sandbox.home().join("file.yaml")]);

    // One user, one client, one grant: the first revocation ends all tokens, and the others are removed.
    for profile in together.stores.iter().map(|(profile, _)| *profile).chain(["keychain", "file"]) {
        together.command(&["revoke", "-p", profile, "--yes", "--forget"]).stderr_has("removed it from ").run();
    }
    for (profile, store) in &together.stores {
        assert_eq!(together.all.entry_of(store), None, "{profile}");
    }
    assert_eq!((together.session.entries(), sandbox.read(PROFILES).contains("[profiles.")), (String::new(), false));
    assert!(!sandbox.google.requests(crate::google::Endpoint::Revoke).is_empty());
}
