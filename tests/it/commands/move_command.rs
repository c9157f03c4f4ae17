//! `move`: from any store to any other, proved before the old place gives its secrets up, whole wherever it is interrupted.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::google::ADWORDS;
use crate::google::browser::Decision;
use crate::harness::keyring::Session;
use crate::sandbox::Sandbox;
use crate::stored;
use crate::stores::command::{GOOD, Manager, PATH, PROFILES};
use crate::stores::keychain_commands::holding;
use crate::traced;

const DEVELOPER_TOKEN: &str = "a-developer-token-22ch";

/// The profile `work` in `~/work.yaml`, and a manager that has nothing yet.
fn with_file() -> Manager {
    let manager = Manager::new(GOOD);
    let sandbox = &manager.sandbox;
    sandbox.plant(DEVELOPER_TOKEN);
    let text = stored::yaml(&manager.client, &manager.token)
        + &format!(
            "developer_token: {DEVELOPER_TOKEN}\nlogin_customer_id: 1234567890\nlogging:\n  version: 1 # ours\n"
        );
    sandbox.write("work.yaml", text);
    sandbox.write(PROFILES, "# by hand\n[profiles.work] # mine\nfile = \"~/work.yaml\"\nnote = \"x\"\n");
    manager
}

fn go<'m>(manager: &'m Manager, args: &[&str]) -> crate::sandbox::Spec<'m> {
    // No network: nothing responds there.
    manager.command(&[&["move"], args].concat()).env("GADS_CREDS_ENDPOINT", "http://127.0.0.1:1").stderr_has("")
}

#[test]
fn a_profile_moves_from_a_file_to_a_manager_and_back() {
    let manager = with_file();
    let sandbox = &manager.sandbox;
    with_pass(&manager);
    let moved = go(&manager, &["--store", "pass:ads/work", "--json"]).env("PATH", path(&manager)).stdout_has("{").run();
    let file = sandbox.home().join("work.yaml");
    let expected = json!({ "profile": "work", "from": file.to_str().unwrap(), "location": "pass:ads/work", "cleared": true, "warnings": [] });
    assert_eq!(moved.json(), expected);
    let kept = manager.kept_json();
    assert_eq!((&kept["refresh_token"], &kept["developer_token"]), (&json!(manager.token), &json!(DEVELOPER_TOKEN)));
    let mut secrets = sandbox.google.secrets();
    secrets.push(DEVELOPER_TOKEN.to_owned());
    assert_eq!(holding(&sandbox.home(), &secrets), [""; 0]);
    let text = sandbox.read("work.yaml");
    assert!(text.starts_with("# mine\n") && text.contains("login_customer_id: 1234567890\n"), "{text}");
    assert!(text.ends_with("logging:\n  version: 1 # ours\n"), "{text}");
    let profiles = sandbox.read(PROFILES);
    assert!(
        profiles.starts_with("# by hand\n[profiles.work] # mine\nnote = \"x\"\nstore = \"command\"\n"),
        "{profiles}"
    );
    assert!(!profiles.contains("moving_from") && !profiles.contains("file ="), "{profiles}");
    manager.command(&["refresh"]).env("PATH", path(&manager)).stderr_has("works").run();

    let back = ["--store", "file", "--config", file.to_str().unwrap()];
    go(&manager, &back).env("PATH", path(&manager)).stderr_has("profile `work` is kept in").run();
    assert_eq!(manager.kept(), None);
    let shown = manager.command(&["show", "--json"]).stdout_has("{").run().json();
    assert_eq!((&shown["store"], &shown["login_customer_id"]), (&json!("file"), &json!("1234567890")));
    assert!(!sandbox.read(PROFILES).contains("get ="), "{}", sandbox.read(PROFILES));
    manager.command(&["refresh"]).stderr_has("works").run();
    assert_eq!(sandbox.google.requests(crate::google::Endpoint::Authorize).len(), 0);
}

/// A `pass` on the manager's own directory that keeps the manager's entry.
fn with_pass(manager: &Manager) {
    let script = format!(
        "#!/bin/sh\numask 077\nentry='{}'\ncase \"$1\" in\nshow) set -- get ;;\ninsert) set -- set ;;\nrm) set -- erase ;;\nesac\n{}",
        manager.entry().display(),
        GOOD.replace("no such entry", "Error: it is not in the password store")
    );
    let path = manager.sandbox.write("../bin/pass", script);
    manager.sandbox.chmod(path, 0o700);
}

/// Where `pass` is found as well.
fn path(manager: &Manager) -> String {
    format!("{}:{PATH}", manager.sandbox.home().with_file_name("bin").display())
}

#[test]
fn a_profile_moves_into_the_keychain_and_out() {
    let manager = with_file();
    let Some(session) = Session::start(&manager.sandbox) else { return };
    session.command(&["move", "-p", "work", "--store", "keychain"]).stderr_has("is kept in keychain").run();
    assert!(session.entries().contains("work/refresh_token"));
    let secrets = manager.sandbox.google.secrets();
    assert_eq!(holding(&manager.sandbox.home(), &secrets), [""; 0]);
    session.command(&["refresh", "-p", "work"]).stderr_has("works").run();
    session.command(&["move", "-p", "work", "--store", "file"]).stderr_has("is kept in").run();
    assert_eq!(session.entries(), "");
    session.command(&["refresh", "-p", "work"]).stderr_has("works").run();
}

#[test]
fn unknown_members_move_from_one_manager_to_another() {
    let manager = Manager::with_document(GOOD);
    with_pass_elsewhere(&manager);
    go(&manager, &["--store", "pass:ads/work"])
        .env("PATH", path(&manager))
        .stderr_has("is kept in pass:ads/work")
        .run();
    assert_eq!(manager.kept(), None);
    let moved: serde_json::Value = serde_json::from_str(&manager.sandbox.read("../other/entry")).unwrap();
    assert_eq!(moved, manager.document());
}

fn with_pass_elsewhere(manager: &Manager) {
    with_pass(manager);
    fs::create_dir(manager.sandbox.home().with_file_name("other")).unwrap();
    let text = manager.sandbox.read("../bin/pass").replace("/manager/entry", "/other/entry");
    let path = manager.sandbox.write("../bin/pass", text);
    manager.sandbox.chmod(path, 0o700);
}

#[test]
fn no_token_of_another_credential_is_replaced() {
    let manager = with_file();
    with_pass(&manager);
    let other = manager.sandbox.google.grant(&manager.client, &[ADWORDS]);
    let mut document = manager.document();
    document["refresh_token"] = json!(other);
    manager.keep(document.to_string());
    let before = (manager.kept(), manager.sandbox.read("work.yaml"), manager.sandbox.read(PROFILES));
    let run = go(&manager, &["--store", "pass:ads/work"]).env("PATH", path(&manager)).code(2);
    run.stderr_has("holds another refresh token").run();
    assert_eq!((manager.kept(), manager.sandbox.read("work.yaml"), manager.sandbox.read(PROFILES)), before);
}

#[test]
fn an_impossible_move_fails_before_anything_changes() {
    let manager = with_file();
    let sandbox = &manager.sandbox;
    let before = (sandbox.read("work.yaml"), sandbox.read(PROFILES));
    for (args, code, expected) in [
        (&["--store", "nowhere"][..], 2, "`nowhere` is not a store"),
        (&["--store", "pass:"], 2, "is not a path"),
        (&["--store", "pass:../x"], 2, "is not a path"),
        (&["--store", "pass:-x"], 2, "is not a path"),
        (&["--store", "bao:x"], 2, "is not a name"),
        (&["--store", "aws:a b"], 2, "is not the name of a secret"),
        (&["--store", "command"], 2, "has no commands in profiles.toml"),
        (&["--store", "pass:ads/work"], 7, "`pass` is not installed"),
        (&["--store", "pass:ads/work", "--config", "x.yaml"], 2, "`--config` names a file"),
        (&["--store", "file", "--config", "../home/work.yaml"], 2, "is kept in"),
        (&["--store", "file", "--config", "../home/x.json", "--format", "adc"], 2, "has no place for everything"),
        (&["--store", "keychain"], 7, "D-Bus"),
        (&["--store", "keychain"], 7, "hint: start or unlock the keychain, or name another store with `--store`"),
    ] {
        go(&manager, args).env("PATH", "/nowhere").code(code).stderr_has(expected).run();
        assert_eq!((sandbox.read("work.yaml"), sandbox.read(PROFILES)), before, "{args:?}");
    }
    sandbox.command(&["move"]).code(2).stderr_has("--store").run();
    sandbox.command(&["move", "--store", "keychain", "-p", "nobody"]).code(3).stderr_has("nobody").run();
}

#[test]
fn the_librarys_own_file_becomes_the_default_profile() {
    let manager = Manager::new(GOOD);
    let sandbox = &manager.sandbox;
    with_pass(&manager);
    sandbox.write("google-ads.yaml", stored::yaml(&manager.client, &manager.token));
    sandbox.write(PROFILES, "");
    let run = sandbox.command(&["move", "--store", "pass:ads/work"]).env("PATH", path(&manager));
    run.stderr_has("profile `default` is kept in pass:ads/work now").run();
    assert!(sandbox.read(PROFILES).starts_with("default = \"default\"\n"), "{}", sandbox.read(PROFILES));
    sandbox.command(&["refresh"]).env("PATH", path(&manager)).stderr_has("works").run();
    // What was recorded of a file that nobody named goes with its credentials.
    let manager = Manager::new(GOOD);
    let sandbox = &manager.sandbox;
    with_pass(&manager);
    sandbox.desktop();
    let login = sandbox.login(&["-c", "../home/client_secret.json", "--no-verify"]).start();
    login.visit(&Decision::allow());
    login.finish();
    let recorded = sandbox.read(PROFILES);
    assert!(recorded.contains("[profiles.google-ads-yaml-"), "{recorded}");
    sandbox.command(&["move", "--store", "pass:ads/work"]).env("PATH", path(&manager)).stderr_has("kept in").run();
    assert!(!sandbox.read(PROFILES).contains("google-ads-yaml"), "{}", sandbox.read(PROFILES));
    sandbox.command(&["refresh", "--all"]).env("PATH", path(&manager)).stderr_has("default  ok").run();
    // A file that only `--config` names has no name under which it would be found again.
    sandbox.write("other.yaml", stored::yaml(&manager.client, &manager.token));
    let run = sandbox.command(&["move", "--config", "../home/other.yaml", "--store", "pass:ads/other"]);
    run.env("PATH", path(&manager)).code(2).stderr_has("has no profile").run();
}

#[test]
fn secrets_that_another_profile_uses_as_well_stay() {
    let manager = with_file();
    with_pass(&manager);
    let profiles = manager.sandbox.read(PROFILES) + "[profiles.twin]\nfile = \"~/work.yaml\"\n";
    manager.sandbox.write(PROFILES, profiles);
    let before = manager.sandbox.read("work.yaml");
    let run = go(&manager, &["--store", "pass:ads/work"]).env("PATH", path(&manager));
    run.stderr_has("it also keeps the credentials of `twin`").run();
    assert_eq!(manager.sandbox.read("work.yaml"), before);
    assert_eq!(manager.kept_json()["refresh_token"], manager.token.as_str());
}

#[test]
fn a_manager_that_does_not_save_gets_nothing_moved_to_it() {
    for script in ["exit 1", "cat >/dev/null; exit 0", "sed 's/refresh/x/' > \"$entry\"; exit 0", "sleep 60"] {
        let manager = with_file();
        with_pass(&manager);
        let text =
            manager.sandbox.read("../bin/pass").replace("insert) set -- set ;;", &format!("insert) {script} ;;"));
        let program = manager.sandbox.write("../bin/pass", text);
        manager.sandbox.chmod(program, 0o700);
        let before = (manager.sandbox.read("work.yaml"), manager.sandbox.read(PROFILES));
        let run = go(&manager, &["--store", "pass:ads/work"]).env("PATH", path(&manager)).code(7).run();
        assert_eq!((manager.sandbox.read("work.yaml"), manager.sandbox.read(PROFILES)), before, "{script}: {run:#?}");
    }
}

/// A profile before its move, and how its other store is asked.
struct Prepared {
    manager: Manager,
    name: String,
    env: Vec<(&'static str, String)>,
}

impl Prepared {
    fn new(manager: Manager) -> Prepared {
        let env = vec![("PATH", path(&manager))];
        Prepared { manager, name: "work".to_owned(), env }
    }

    fn environment<'p>(&self, spec: crate::sandbox::Spec<'p>) -> crate::sandbox::Spec<'p> {
        self.env.iter().fold(spec, |spec, (name, value)| spec.env(name, value))
    }

    fn run(&self, args: &[&str]) -> crate::sandbox::Outcome {
        self.environment(self.manager.sandbox.command(args)).observe()
    }
}

/// Kills the run at every call that changes a file: the store that the profile leads to is whole, nothing is lost, and the
/// next run says where the credentials are and finishes. `holds` says whether the store that is not `~/work.yaml` has the token.
fn sweep(prepare: impl Fn() -> Prepared + Sync, store: &[&str], holds: impl Fn(&Prepared) -> bool + Sync) {
    if traced::cannot() {
        return;
    }
    let run = |inject: Option<&str>| {
        let prepared = prepare();
        let args = [&["move", "-p", &prepared.name, "--store"], store].concat();
        let traced = traced::command(&prepared.manager.sandbox, inject, &args);
        let outcome = prepared.environment(traced).observe();
        (prepared, outcome)
    };
    let (prepared, outcome) = run(None);
    assert_eq!(outcome.code, 0, "{outcome:#?}");
    let calls = traced::changes(traced::calls(&prepared.manager.sandbox));
    assert!(calls.len() > 10, "only {} calls were seen", calls.len());
    traced::each(&calls, |call| {
        let fault = call.killed();
        let (prepared, outcome) = run(Some(&fault));
        let sandbox = &prepared.manager.sandbox;
        let context = format!("{fault} at {}: {outcome:#?}", call.line);
        traced::killed(&outcome, &context);
        // Whole, wherever it leads.
        let refresh = ["refresh", "-p", &prepared.name];
        let works = prepared.run(&refresh);
        assert!(works.code == 0 && works.stderr.contains("works"), "{context}, and then {works:#?}");
        let again = prepared.run(&[&["move", "-p", &prepared.name, "--store"], store].concat());
        let is_done = again.code == 2 && again.stderr.contains("already");
        assert!(again.code == 0 || is_done, "{context}, and then {again:#?}");
        let profiles = sandbox.read(PROFILES);
        assert!(!profiles.contains("moving_"), "{context}: {profiles}");
        let works = prepared.run(&refresh);
        assert_eq!(works.code, 0, "{context}, and at last {works:#?}");
        // One place has the token.
        let text = fs::read_to_string(sandbox.home().join("work.yaml")).unwrap_or_default();
        let (in_file, elsewhere) = (text.contains(&prepared.manager.token), holds(&prepared));
        assert!(in_file != elsewhere, "{context}: file {in_file}, elsewhere {elsewhere}");
    });
}

fn in_manager(prepared: &Prepared) -> bool {
    prepared.manager.kept().unwrap_or_default().contains(&prepared.manager.token)
}

#[test]
fn a_move_to_a_manager_that_is_killed_anywhere_loses_nothing_and_is_finished_by_the_next() {
    let prepare = || {
        let manager = with_file();
        with_pass(&manager);
        Prepared::new(manager)
    };
    sweep(prepare, &["pass:ads/work"], in_manager);
}

#[test]
fn a_move_to_a_file_that_is_killed_anywhere_loses_nothing_and_is_finished_by_the_next() {
    let prepare = || {
        let manager = Manager::with_plain_document(GOOD);
        with_pass(&manager);
        Prepared::new(manager)
    };
    sweep(prepare, &["file", "--config", "../home/work.yaml"], in_manager);
}

/// A profile with a name of its own in `~/work.yaml`, so that many can use one keychain.
fn for_keychain(address: &str) -> Prepared {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("work{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let mut prepared = Prepared::new(with_file());
    let sandbox = &prepared.manager.sandbox;
    sandbox.write(PROFILES, sandbox.read(PROFILES).replace("profiles.work", &format!("profiles.{name}")));
    prepared.name = name;
    prepared.env.push(("DBUS_SESSION_BUS_ADDRESS", address.to_owned()));
    prepared
}

#[test]
fn a_move_into_the_keychain_and_out_that_is_killed_anywhere_loses_nothing_and_is_finished_by_the_next() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    let address = session.address().to_owned();
    let holds = |prepared: &Prepared| {
        let entry = format!("{}/refresh_token", prepared.name);
        let args = ["lookup", "service", "gads-creds", "username", &entry];
        let lookup = prepared.environment(prepared.manager.sandbox.other_program("secret-tool", &args));
        lookup.reveals(&prepared.manager.token).observe().code == 0
    };
    sweep(|| for_keychain(&address), &["keychain"], holds);
    let inside = || {
        let prepared = for_keychain(&address);
        let moved = prepared.run(&["move", "-p", &prepared.name, "--store", "keychain"]);
        assert_eq!(moved.code, 0, "{moved:#?}");
        prepared
    };
    sweep(inside, &["file", "--config", "../home/work.yaml"], holds);
}

/// The file of age, which only age writes and `rm` removes.
fn in_age_file(prepared: &Prepared) -> bool {
    prepared.manager.sandbox.home().join("work.age").exists()
}

#[test]
fn a_move_with_a_real_manager_that_is_killed_anywhere_loses_nothing_and_is_finished_by_the_next() {
    if crate::harness::skip::without("age") || crate::harness::skip::without("age-keygen") {
        return;
    }
    let prepare = || {
        let manager = with_file();
        let keys = manager.sandbox.home().join(".config/age");
        fs::create_dir_all(&keys).unwrap();
        let made =
            manager.sandbox.other_program("age-keygen", &["-o"]).env("PATH", PATH).arg(keys.join("keys.txt")).observe();
        assert_eq!(made.code, 0, "{made:#?}");
        Prepared::new(manager)
    };
    sweep(prepare, &["age:~/work.age"], in_age_file);
    let inside = || {
        let prepared = prepare();
        let moved = prepared.run(&["move", "-p", "work", "--store", "age:~/work.age"]);
        assert_eq!(moved.code, 0, "{moved:#?}");
        prepared
    };
    sweep(inside, &["file", "--config", "../home/work.yaml"], in_age_file);
}

#[test]
fn a_previous_store_that_keeps_its_secrets_is_named_and_cleared_later() {
    let manager = with_file();
    with_pass(&manager);
    go(&manager, &["--store", "pass:ads/work"]).env("PATH", path(&manager)).run();
    // As a run leaves it that is killed before the old place is cleared.
    let file = manager.sandbox.home().join("work.yaml");
    manager.sandbox.write("work.yaml", stored::yaml(&manager.client, &manager.token));
    let moving = format!("moving_from = {{ store = \"file\", file = {:?} }}\n", file);
    manager.sandbox.write(PROFILES, manager.sandbox.read(PROFILES) + &moving);
    let again = go(&manager, &["--store", "pass:ads/work"]).env("PATH", path(&manager));
    again.stderr_has("was interrupted: pass:ads/work has the credentials").run();
    assert!(!manager.sandbox.read("work.yaml").contains(&manager.token));
    assert!(!manager.sandbox.read(PROFILES).contains("moving_from"));
}

/// Two commands that read and write one entry.
#[test]
fn one_entry_under_two_names_keeps_its_token() {
    let manager = Manager::with_document(GOOD);
    with_pass(&manager);
    let before = manager.kept_json();
    let moved = go(&manager, &["--store", "pass:ads/work", "--json"]).env("PATH", path(&manager)).stdout_has("{");
    let moved = moved.stderr_has("it may be the same entry under another name").run();
    assert_eq!(moved.json()["cleared"], false);
    assert_eq!(manager.kept_json(), before);
    assert!(!manager.sandbox.read(PROFILES).contains("moving_from"));
    manager.command(&["refresh"]).env("PATH", path(&manager)).stderr_has("pass:ads/work works").run();
}

/// The same with a login: it saves in the entry that it would then take the secrets out of.
#[test]
fn a_login_into_one_entry_under_another_name_keeps_its_token() {
    let manager = Manager::with_plain_document(GOOD);
    with_pass(&manager);
    let login = manager.login(&["--store", "pass:ads/work"]).env("PATH", path(&manager));
    let login = login.stderr_has("it has other credentials by now").start();
    login.visit(&Decision::allow());
    login.finish();
    assert_ne!(manager.kept_json()["refresh_token"], json!(manager.token));
    manager.command(&["refresh"]).env("PATH", path(&manager)).stderr_has("pass:ads/work works").run();
}

#[test]
fn two_moves_at_once_end_with_one_whole_store() {
    let manager = with_file();
    with_pass(&manager);
    let start = |store: &str, more: &[&str]| {
        let args = [&["--store", store], more].concat();
        go(&manager, &args).env("PATH", path(&manager)).start()
    };
    let runs = [start("pass:ads/work", &[]), start("file", &["--config", "../home/elsewhere.yaml"])];
    for run in runs {
        let outcome = run.observe();
        assert!([0, 2, 3].contains(&outcome.code), "{outcome:#?}");
    }
    manager.command(&["refresh"]).env("PATH", path(&manager)).stderr_has("works").run();
}

/// Every real manager and the keychain, there and back again.
#[test]
fn a_profile_moves_through_every_real_store_both_ways() {
    use crate::stores::command::managers::{ALL, Real, plain};
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    // `vault` is OpenBao's program here: both in one run would ask the server that BAO_ADDR names.
    let names = ALL.iter().filter(|name| **name != "vault");
    let reals: Vec<Real> = names.filter_map(|name| Real::start(&sandbox, name)).collect();
    let client = sandbox.google.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let file = sandbox.write("work.yaml", stored::yaml(&client, &token));
    sandbox.write(PROFILES, format!("[profiles.work]\nfile = {file:?}\n"));
    let keychain = "keychain".to_owned();
    let there: Vec<&String> = reals.iter().map(|real| &real.store).chain([&keychain]).collect();
    let back = there.iter().rev().skip(1).copied();
    // PATH with the directories of all, and every variable.
    let path = reals.iter().fold(String::new(), |path, real| format!("{}:{path}", real.path()));
    let run = |args: &[&str]| {
        let spec = session.command(args);
        reals.iter().fold(spec, |spec, real| real.environment(spec)).env("PATH", &path)
    };
    let works = |args: &[&str], expected: &str| {
        let outcome = run(args).observe();
        assert!(outcome.code == 0 && outcome.stderr.contains(expected), "{args:?}: {outcome:#?}");
    };
    let mut previous: Option<&String> = None;
    for store in there.iter().copied().chain(back) {
        works(&["move", "-p", "work", "--store", store], "profile `work` is kept in ");
        assert_eq!(plain(&sandbox), [""; 0].map(std::path::Path::new), "{store}");
        works(&["refresh", "-p", "work"], "works");
        let left = match previous {
            Some(previous) if *previous == keychain => Some(session.entries()).filter(|entries| !entries.is_empty()),
            Some(previous) => reals.iter().find(|real| real.store == *previous).and_then(Real::entry),
            None => None,
        };
        assert_eq!(left, None, "{previous:?}");
        if let Some(aws) = reals.iter().find(|real| Some(&real.store) == previous && real.store.starts_with("aws:")) {
            aws.restore();
        }
        previous = Some(store);
    }
    let file = file.to_str().unwrap();
    run(&["move", "-p", "work", "--store", "file", "--config", file]).stderr_has("work.yaml").run();
    assert!(sandbox.read("work.yaml").contains(&token));
}

/// The profile `work` in `~/work.yaml`, which names a service account's key; the account's address and the key.
fn with_key_file() -> (Manager, String, PathBuf) {
    let manager = Manager::new(GOOD);
    let sandbox = &manager.sandbox;
    with_pass(&manager);
    let account = sandbox.google.service_account();
    let key = sandbox.write("key.json", account.key_file());
    let text = format!("# ours\njson_key_file_path: {}\nlogin_customer_id: 4445556666\n", key.display());
    sandbox.write("work.yaml", text);
    sandbox.write(PROFILES, "[profiles.work]\nfile = \"~/work.yaml\"\n");
    (manager, account.email, key)
}

/// `move` with the stand-in in its place: the endpoints in a key are those of the stand-in.
fn go_with_key<'m>(manager: &'m Manager, args: &[&str]) -> crate::sandbox::Spec<'m> {
    manager.command(&[&["move"], args].concat()).env("PATH", path(manager))
}

#[test]
fn a_key_at_its_path_moves_into_a_manager_which_holds_the_key_itself() {
    let (manager, email, key) = with_key_file();
    let sandbox = &manager.sandbox;
    let run = go_with_key(&manager, &["--store", "pass:ads/work"]).stderr_has("can be deleted");
    run.stderr_has(&key.display().to_string()).run();
    let kept = manager.kept_json();
    assert_eq!((&kept["type"], &kept["client_email"]), (&json!("service_account"), &json!(email)));
    assert_eq!(kept["login_customer_id"], "4445556666");
    assert_eq!(sandbox.read("work.yaml"), "# ours\nlogin_customer_id: 4445556666\n");
    fs::remove_file(&key).unwrap();
    manager.command(&["refresh"]).env("PATH", path(&manager)).stderr_has(&email).stderr_has("works").run();
}

#[test]
fn a_key_that_a_store_holds_is_not_moved_into_a_file_that_can_only_name_one() {
    let (manager, email, key) = with_key_file();
    let sandbox = &manager.sandbox;
    go_with_key(&manager, &["--store", "pass:ads/work"]).stderr_has("").run();
    fs::remove_file(&key).unwrap();
    let before = (manager.kept(), sandbox.read("work.yaml"), sandbox.read(PROFILES));
    let file = sandbox.home().join("work.yaml");
    let back = go_with_key(&manager, &["--store", "file", "--config", file.to_str().unwrap()]).code(2);
    let steps = format!("login -p work --store file --config {} --key-file FILE`", file.display());
    let run = back.stderr_has("`gads-creds export -p work adc FILE`").stderr_has(&steps).run();
    assert_eq!((manager.kept(), sandbox.read("work.yaml"), sandbox.read(PROFILES)), before, "{run:#?}");
    // The steps work.
    manager.command(&["export", "adc"]).arg(&key).env("PATH", path(&manager)).stderr_has("wrote").run();
    let login = manager.command(&["login", "--store", "file", "--config", file.to_str().unwrap(), "--key-file"]);
    login.arg(&key).env("PATH", path(&manager)).stderr_has("removed the secrets from pass:ads/work").run();
    assert_eq!(manager.kept(), None);
    manager.command(&["refresh"]).stderr_has(&email).stderr_has("works").run();
}

#[test]
fn a_key_moves_from_the_keychain_to_a_manager_and_back() {
    let (manager, email, key) = with_key_file();
    let Some(session) = Session::start(&manager.sandbox) else { return };
    let run = |args: &[&str]| session.command(args).env("PATH", path(&manager)).stderr_has("");
    run(&["move", "-p", "work", "--store", "keychain"]).stderr_has("can be deleted").run();
    assert_eq!(session.entries(), "work/login_customer_id work/service_account_key");
    fs::remove_file(&key).unwrap();
    run(&["move", "-p", "work", "--store", "pass:ads/work"]).stderr_has("is kept in pass:ads/work now").run();
    assert_eq!(session.entries(), "");
    run(&["refresh", "-p", "work"]).stderr_has(&email).stderr_has("works").run();
    run(&["move", "-p", "work", "--store", "keychain"]).stderr_has("is kept in keychain").run();
    assert_eq!(manager.kept(), None);
    run(&["refresh", "-p", "work"]).stderr_has(&email).stderr_has("works").run();
}

#[test]
fn a_key_file_that_cannot_be_used_is_not_moved() {
    let (manager, _, key) = with_key_file();
    for text in [None, Some("{}"), Some("not JSON")] {
        match text {
            Some(text) => drop(manager.sandbox.write(&key, text)),
            None => fs::remove_file(&key).unwrap(),
        }
        let before = (manager.sandbox.read("work.yaml"), manager.sandbox.read(PROFILES));
        let run =
            go_with_key(&manager, &["--store", "pass:ads/work"]).code(2).stderr_has("login -p work --key-file FILE");
        let run = run.stderr_has("key.json").run();
        assert_eq!((manager.sandbox.read("work.yaml"), manager.sandbox.read(PROFILES)), before, "{run:#?}");
        assert_eq!(manager.kept(), None, "{run:#?}");
    }
}

#[test]
fn no_other_credential_is_replaced_whatever_its_kind() {
    let (manager, ..) = with_key_file();
    let sandbox = &manager.sandbox;
    let other = sandbox.google.service_account().key_file();
    let other = serde_json::from_str::<serde_json::Value>(&other).unwrap().to_string();
    let user = stored::yaml(&manager.client, &manager.token);
    let from_key = sandbox.read("work.yaml");
    for (from, document, expected) in [
        (&from_key, &other, "holds another key of a service account"),
        (&user, &other, "holds another key of a service account"),
        (&from_key, &manager.document().to_string(), "holds another refresh token"),
    ] {
        sandbox.write("work.yaml", from);
        manager.keep(document);
        let run = go_with_key(&manager, &["--store", "pass:ads/work"]).code(2).stderr_has(expected).run();
        assert_eq!((manager.kept().as_ref(), &sandbox.read("work.yaml")), (Some(document), from), "{run:#?}");
        assert!(!run.stderr.contains("--replace-kind"), "{run:#?}");
    }
    // A library's file in which the other kind is active.
    sandbox.write("work.yaml", &user);
    let there = "use_application_default_credentials: true\n";
    for there in [from_key.as_str(), there] {
        let file = sandbox.write("there.yaml", there);
        let run = go_with_key(&manager, &["--store", "file", "--config", file.to_str().unwrap()]).code(2);
        let run = run.stderr_has("there.yaml").run();
        assert!(!run.stderr.contains("--replace-kind"), "{run:#?}");
        assert_eq!((sandbox.read("there.yaml").as_str(), &sandbox.read("work.yaml")), (there, &user), "{run:#?}");
    }
}

#[test]
fn an_interrupted_move_of_a_key_is_finished_although_the_manager_spells_it_otherwise() {
    let (manager, email, _) = with_key_file();
    let sandbox = &manager.sandbox;
    let text = sandbox.read("work.yaml");
    go_with_key(&manager, &["--store", "pass:ads/work"]).stderr_has("").run();
    let file = sandbox.write("work.yaml", &text);
    let moving = format!("moving_from = {{ store = \"file\", file = {file:?} }}\n");
    sandbox.write(PROFILES, sandbox.read(PROFILES) + &moving);
    go_with_key(&manager, &["--store", "pass:ads/work"]).stderr_has("keeps no secret of it").run();
    assert!(!sandbox.read("work.yaml").contains("json_key_file_path"), "{}", sandbox.read("work.yaml"));
    manager.command(&["refresh"]).env("PATH", path(&manager)).stderr_has(&email).stderr_has("works").run();
}

#[test]
fn what_another_run_left_at_the_old_location_stays_and_is_named() {
    let manager = with_file();
    with_pass(&manager);
    go(&manager, &["--store", "pass:ads/work"]).env("PATH", path(&manager)).run();
    let other = manager.sandbox.google.grant(&manager.client, &[ADWORDS]);
    let text = stored::yaml(&manager.client, &other);
    let file = manager.sandbox.write("work.yaml", &text);
    let moving = format!("moving_from = {{ store = \"file\", file = {file:?} }}\n");
    manager.sandbox.write(PROFILES, manager.sandbox.read(PROFILES) + &moving);
    let run = go(&manager, &["--store", "pass:ads/work", "--json"]).env("PATH", path(&manager)).stdout_has("{");
    let run = run.stderr_has("has another credential by now, which stays").run();
    assert_eq!(run.json()["cleared"], false);
    assert_eq!(manager.sandbox.read("work.yaml"), text);
}

/// In the step `--config` would name the file that is read, and not the new one.
#[test]
fn the_step_after_a_file_that_nobody_named_works_as_it_is_printed() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let run = sandbox.command(&["move", "--store", "file", "--config", "other.yaml"]).code(2);
    run.stderr_has("hint: `gads-creds export FORMAT FILE` writes").run();
    sandbox.command(&["export", "python", "other.yaml"]).stderr_has("wrote the credentials").run();
}

#[test]
fn a_profile_in_a_file_stays_there_unless_another_file_is_named() {
    let manager = with_file();
    let before = (manager.sandbox.read("work.yaml"), manager.sandbox.read(PROFILES));
    go(&manager, &["--store", "file"]).code(2).stderr_has("work.yaml` already").run();
    assert_eq!((manager.sandbox.read("work.yaml"), manager.sandbox.read(PROFILES)), before);
}

#[test]
fn a_next_step_is_about_the_profile_and_not_about_the_new_file() {
    let manager = with_file();
    manager.sandbox.write("work.yaml", "");
    let run = go(&manager, &["--store", "file", "--config", "../home/new.yaml"]).code(3);
    run.stderr_has("`gads-creds login -p work --store file`").run();
}

#[test]
fn the_step_after_secrets_that_could_not_be_deleted_names_the_new_file() {
    let manager = Manager::with_plain_document(GOOD);
    manager.script(&GOOD.replace("rm -f \"$entry\"", "exit 3"));
    let file = manager.sandbox.home().join("new.yaml");
    let args = ["--store", "file", "--config", file.to_str().unwrap()];
    let run = go(&manager, &args).code(7);
    let step = format!("gads-creds move -p work --store file --config {}`", file.display());
    run.stderr_has(&step).run();
    manager.script(GOOD);
    go(&manager, &args).stderr_has("keeps no secret").run();
    assert_eq!(manager.kept(), None);
    manager.command(&["refresh"]).stderr_has("works").run();
}
