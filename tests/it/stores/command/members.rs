//! What is beside a credential in an entry, what is missing there, and one entry under two names: nothing is lost or made up.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::json;

use super::managers::Real;
use super::put::put;
use super::{GOOD, Manager, PATH, PROFILES};
use crate::google::browser::Decision;
use crate::sandbox::{Sandbox, Spec};
use crate::stored;

/// Two managers: that of the profile `work`, and a `pass` with an entry of its own.
fn with_pass(manager: &Manager) {
    let other = manager.sandbox.home().with_file_name("other");
    fs::create_dir(&other).unwrap();
    let script = format!(
        "#!/bin/sh\numask 077\nentry='{}'\ncase \"$1\" in\nshow) set -- get ;;\ninsert) set -- set ;;\nrm) set -- erase ;;\nesac\n{}",
        other.join("entry").display(),
        GOOD.replace("no such entry", "Error: it is not in the password store")
    );
    let path = manager.sandbox.write("../bin/pass", script);
    manager.sandbox.chmod(path, 0o700);
}

fn in_pass(manager: &Manager) -> Option<String> {
    fs::read_to_string(manager.sandbox.home().with_file_name("other").join("entry")).ok()
}

fn with_path<'m>(manager: &'m Manager, args: &[&str]) -> Spec<'m> {
    let directory = manager.sandbox.home().with_file_name("bin");
    manager.command(args).env("PATH", format!("{}:{PATH}", directory.display())).stderr_has("")
}

#[test]
fn a_move_that_would_delete_a_member_is_refused_before_anything_is_written() {
    // The member, its value, and the message where it has no place.
    for (name, value, expected) in [
        ("x_team", json!({ "a": 1 }), "has no place for `x_team`"),
        ("quota_project_id", json!("ours"), "has no place for `quota_project_id`"),
        ("impersonated_email", json!("ada@example.com"), "has no place for `impersonated_email`"),
        ("json_key_file_path", json!("/x"), "has no place for `json_key_file_path`"),
        ("refresh-token", json!("1//0-another-one"), "has no place for `refresh-token`"),
    ] {
        let manager = Manager::new(GOOD);
        with_pass(&manager);
        let mut document = manager.plain_document();
        document[name] = value;
        manager.keep(document.to_string());
        let before = (manager.kept(), manager.sandbox.read(PROFILES));
        for format in ["python", "adc", "env"] {
            let to_file = ["move", "--store", "file", "--config", "../home/new.txt", "--format", format];
            let run = with_path(&manager, &to_file).observe();
            assert_eq!(run.code, 2, "{name}, {format}: {run:#?}");
            if format == "python" {
                assert!(run.stderr.contains(expected) && run.stderr.contains("`gads-creds export"), "{name}: {run:#?}");
            }
            assert_eq!((manager.kept(), manager.sandbox.read(PROFILES)), before, "{name}, {format}");
            assert!(!manager.sandbox.home().join("new.txt").exists(), "{name}, {format}");
        }
        let login = manager.login(&["--store", "file", "--config", "../home/new.yaml"]).code(2);
        let login = login.stderr_has("which this login would delete there").run();
        assert!(!login.stderr.contains("/o/oauth2/"), "{name}: {login:#?}");
        assert_eq!((manager.kept(), manager.sandbox.read(PROFILES)), before, "{name}");
        // Another manager keeps it.
        with_path(&manager, &["move", "--store", "pass:ads/work"]).run();
        let moved: serde_json::Value = serde_json::from_str(&in_pass(&manager).unwrap()).unwrap();
        assert_eq!((manager.kept(), moved), (None, document), "{name}");
    }
}

#[test]
fn a_misspelled_member_is_named_by_every_command_and_never_moved() {
    for (key, misspelled) in [
        ("refresh_token", "refresh-token"),
        ("refresh_token", "refreshToken"),
        ("refresh_token", "refresh_tokn"),
        ("client_id", "clientId"),
        ("client_secret", "client-secret"),
    ] {
        let manager = Manager::new(GOOD);
        with_pass(&manager);
        let mut document = manager.plain_document();
        let members = document.as_object_mut().unwrap();
        let value = members.remove(key).unwrap();
        members.insert(misspelled.to_owned(), value);
        manager.keep(document.to_string());
        let before = (manager.kept(), manager.sandbox.read(PROFILES));
        let cause = format!("`{misspelled}` is not read: the member is called `{key}`");
        for (args, code) in [
            (&["refresh"][..], 3),
            (&["exec", "--", "/bin/true"], 3),
            (&["export", "python", "../home/x.yaml"], 3),
            (&["move", "--store", "pass:ads/work"], 3),
            (&["move", "--store", "file", "--config", "../home/x.yaml"], 3),
        ] {
            let run = with_path(&manager, args).observe();
            assert!(run.code == code && run.stderr.contains(&cause), "{misspelled}, {args:?}: {run:#?}");
            assert!(run.stderr.contains("\nhint: ") && !run.stderr.contains("line 0"), "{misspelled}: {run:#?}");
        }
        let doctor = with_path(&manager, &["doctor", "--offline"]).observe();
        assert!(doctor.stdout.contains(&cause) && !doctor.stdout.contains("line 0"), "{misspelled}: {doctor:#?}");
        assert_eq!((manager.kept(), manager.sandbox.read(PROFILES)), before, "{misspelled}");
        assert_eq!(in_pass(&manager), None, "{misspelled}");
    }
}

#[test]
fn what_can_be_put_right_in_an_entry_is_named_with_its_step() {
    let other = |name: fn(&str) -> String| {
        let value = |key: &str| format!("a value of {key}");
        ["client_id", "client_secret", "refresh_token"].map(|key| (name(key), value(key)))
    };
    let named = |members: [(String, String); 3]| serde_json::Value::from_iter(members).to_string();
    let camel = |key: &str| key.replace("_i", "I").replace("_s", "S").replace("_t", "T");
    for (kept, cause, step) in [
        (
            named(other(|key| key.replace('_', "-"))),
            "`client-id` is not read: the member is called `client_id`",
            "rename it",
        ),
        (named(other(camel)), "`clientId` is not read: the member is called `client_id`", "rename it"),
        (
            json!({ "type": "authorized_user", "login_customer_id": "123-456-7890" }).to_string(),
            "a `login_customer_id` that is not ten digits",
            "write `1234567890` there",
        ),
        ("<html>".to_owned(), "is a web page", "sign in"),
    ] {
        let manager = Manager::new(&format!("case \"$1\" in set) touch \"$entry.written\" ;; esac\n{GOOD}"));
        manager.keep(&kept);
        for args in [&["refresh"][..], &["show"], &["set", "--login-customer-id", "1234567890"]] {
            manager.command(args).code(7).stderr_has(cause).stderr_has(step).run();
        }
        manager.login(&[]).code(7).stderr_has(cause).stderr_has(step).run();
        assert_eq!(manager.kept(), Some(kept));
        assert!(!manager.entry().with_extension("written").exists());
    }
}

/// What `get` does at one of its runs.
const NOTHING: [&str; 5] =
    ["exit 0", "echo '  '; exit 0", "echo; echo; exit 0", "echo '{}'; exit 0", "echo 'no such entry' >&2; exit 1"];

#[test]
fn nothing_is_written_over_a_document_that_get_once_does_not_print() {
    for nothing in NOTHING {
        for at in 1..=3 {
            let count = "runs=$(($(cat \"$entry.gets\" 2>/dev/null || echo 0) + 1)); echo $runs > \"$entry.gets\"";
            let script =
                format!("case \"$1\" in get) {count}; if [ $runs = {at} ]; then {nothing}; fi ;; esac\n{GOOD}");
            for args in [
                &["set", "--login-customer-id", "123-456-7890", "--no-verify"][..],
                &["set", "--developer-token-file", "../home/token"],
            ] {
                let manager = Manager::with_document(&script);
                manager.sandbox.write("token", "a-developer-token-22ch");
                let run = manager.command(args).stderr_has("").observe();
                let kept = manager.kept_json();
                let whole = manager.document().as_object().unwrap().iter().all(|(name, value)| kept[name] == *value);
                assert!(whole, "{nothing} at {at}: {kept}: {run:#?}");
                assert!(run.code == 3 || at == 3, "{nothing} at {at}: {run:#?}");
            }
            let manager = Manager::with_document(&script);
            let before = manager.kept();
            let run = manager.login(&["--timeout", "1"]).observe();
            assert!([5, 7].contains(&run.code), "{nothing} at {at}: {run:#?}");
            assert_eq!(manager.kept_json(), manager.document(), "{nothing} at {at}: {before:?} {run:#?}");
        }
    }
}

#[test]
fn set_where_nothing_is_saved_makes_no_entry_and_no_file() {
    let set = ["set", "--login-customer-id", "123-456-7890", "--no-verify"];
    for kept in [None, Some(""), Some(" \n"), Some("{}")] {
        let manager = Manager::new(&format!("case \"$1\" in set) touch \"$entry.written\" ;; esac\n{GOOD}"));
        if let Some(kept) = kept {
            manager.keep(kept);
        }
        manager.command(&set).code(3).stderr_has("there is no refresh token in command (").run();
        assert_eq!(manager.kept().as_deref(), kept);
        assert!(!manager.entry().with_extension("written").exists(), "{kept:?}");
    }
    let manager = Manager::new(GOOD);
    for (text, file) in [(None, "new.yaml"), (Some("# ours\n"), "empty.yaml"), (None, "ads.properties")] {
        if let Some(text) = text {
            manager.sandbox.write(file, text);
        }
        manager.sandbox.write(PROFILES, format!("[profiles.work]\nfile = \"~/{file}\"\n"));
        manager.command(&set).code(3).stderr_has("there is no refresh token in").run();
        assert_eq!(fs::read_to_string(manager.sandbox.home().join(file)).ok().as_deref(), text, "{file}");
    }
}

#[test]
fn one_entry_is_known_by_what_reads_it() {
    let manager = Manager::with_document(GOOD);
    let sandbox = &manager.sandbox;
    let program = manager.program();
    let link = sandbox.home().join("link");
    std::os::unix::fs::symlink(program.parent().unwrap(), &link).unwrap();
    let text = sandbox.read(PROFILES);
    // A profile that only reads, one with another `set`, the program by another path, and a file by three.
    let reads: String = text
        .lines()
        .filter(|line| !line.starts_with("set") && !line.starts_with("erase"))
        .map(|line| format!("{line}\n"))
        .collect();
    let linked = text.replace(program.parent().unwrap().to_str().unwrap(), link.to_str().unwrap());
    for (case, twin) in
        [("reads", reads), ("sets otherwise", text.replace("\"set\"]", "\"set\", \"--force\"]")), ("by a link", linked)]
    {
        let twin = twin.replace("profiles.work", "profiles.twin");
        sandbox.write(PROFILES, format!("{text}{twin}"));
        let shown = manager.command(&["show", "--json"]).stdout_has("{").run().json();
        let mut shared = shown["shared_with"].clone();
        let location = shared[0]["location"].take();
        assert!(location.as_str().unwrap().ends_with("/manager get)"), "{case}: {location}");
        assert_eq!(shared, json!([{ "profile": "twin", "by": "location", "location": null }]), "{case}");
        let login = manager.login(&["--timeout", "1"]).stderr_has("also keeps the credentials of `twin`").observe();
        assert!(login.stderr.contains("also keeps the credentials of `twin`"), "{case}: {login:#?}");
        let moved = manager.command(&["move", "--store", "file", "--config", "../home/moved.yaml"]).observe();
        assert!(moved.code == 0 && moved.stderr.contains("`twin`"), "{case}: {moved:#?}");
        assert_eq!(manager.kept_json(), manager.document(), "{case}");
        fs::remove_file(sandbox.home().join("moved.yaml")).unwrap();
    }
    // A file of age by three spellings.
    let path = sandbox.write("real/work.age", "x");
    std::os::unix::fs::symlink(path.parent().unwrap(), sandbox.home().join("alias")).unwrap();
    let home = sandbox.home();
    let entry = |name: &str, file: &str| {
        format!("[profiles.{name}]\nstore = \"command\"\nget = [\"/bin/cat\", \"{}/{file}\"]\n", home.display())
    };
    sandbox.write(&path, manager.document().to_string());
    let names = [("work", "real/work.age"), ("two", "alias/work.age"), ("three", "real/../real/work.age")];
    sandbox.write(PROFILES, names.map(|(name, file)| entry(name, file)).concat());
    let shown = manager.command(&["show", "--json"]).stdout_has("{").run().json();
    let shared = [names[1], names[2]].map(|(name, file)| {
        let location = format!("command (/bin/cat {}/{file})", home.display());
        json!({ "profile": name, "by": "location", "location": location })
    });
    assert_eq!(shown["shared_with"], json!(shared));
}

#[test]
fn a_move_between_managers_that_stops_after_the_new_one_is_written_is_finished_or_withdrawn() {
    // As a run leaves it that is killed between the new entry and profiles.toml.
    let stopped = || {
        let manager = Manager::with_document(GOOD);
        with_pass(&manager);
        let pass = manager.sandbox.read("../bin/pass");
        let second = "n=$(cat \"$entry.n\" 2>/dev/null || echo 0); echo $((n + 1)) > \"$entry.n\"; \
                      [ $n = 1 ] && { cat > \"$entry\"; kill -9 $PPID; exit 0; }";
        let kills = pass.replace("insert) set -- set ;;", &format!("insert) set -- set; {second} ;;"));
        let program = manager.sandbox.write("../bin/pass", kills);
        manager.sandbox.chmod(&program, 0o700);
        let run = with_path(&manager, &["move", "--store", "pass:ads/work"]).observe();
        assert!(
            manager.sandbox.read(PROFILES).contains("moving_to = { store = \"command\", get = [\"pass\""),
            "{run:#?}"
        );
        assert!(in_pass(&manager).unwrap().contains(&manager.token) && manager.kept().is_some(), "{run:#?}");
        manager.sandbox.chmod(manager.sandbox.write(&program, pass), 0o700);
        manager
    };
    let finished = |manager: &Manager| {
        assert!(!manager.sandbox.read(PROFILES).contains("moving_"), "{}", manager.sandbox.read(PROFILES));
    };
    let manager = stopped();
    let step = "gads-creds move -p work --store pass:ads/work`";
    with_path(&manager, &["show"]).stdout_has("").stderr_has("was interrupted").stderr_has(step).run();
    with_path(&manager, &["doctor", "--offline"]).stdout_has("was interrupted").stdout_has(step).run();
    with_path(&manager, &["move", "--store", "pass:ads/work"]).stderr_has("keeps no secret of it").run();
    assert!(manager.kept().is_none() && in_pass(&manager).unwrap().contains(&manager.token));
    finished(&manager);

    let manager = stopped();
    manager.keep(manager.plain_document().to_string());
    let elsewhere = ["move", "--store", "file", "--config", "../home/new.yaml"];
    with_path(&manager, &elsewhere).stderr_has("removed the secrets from pass:ads/work").run();
    assert_eq!((manager.kept(), in_pass(&manager)), (None, None));
    finished(&manager);

    for forget in [&["--forget"][..], &[]] {
        let manager = stopped();
        let run = with_path(&manager, &[&["revoke", "--yes"], forget].concat());
        run.stderr_has("removed it from pass:ads/work as well").run();
        assert_eq!(in_pass(&manager), None, "{forget:?}");
        assert!(!manager.kept().unwrap_or_default().contains(&manager.token), "{forget:?}");
        finished(&manager);
    }
}

#[test]
fn what_a_move_left_at_the_old_place_is_removed_by_revoke_and_named_by_others() {
    for args in [&["revoke", "--yes"][..], &["revoke", "--yes", "--forget"], &["revoke", "--yes", "--local-only"]] {
        let manager = Manager::with_document(GOOD);
        let file = manager.sandbox.write("old.yaml", stored::yaml(&manager.client, &manager.token));
        manager.profile(&format!("moving_from = {{ store = \"file\", file = {file:?} }}\n"));
        let expected = format!("a move from `{}` was interrupted", file.display());
        manager.command(&["show"]).stdout_has("").stderr_has(&expected).run();
        let login = manager.login(&["--timeout", "1"]).observe();
        assert!(login.stderr.contains(&expected), "{login:#?}");
        let removed = format!("removed it from `{}` as well", file.display());
        manager.command(args).stderr_has(&removed).run();
        assert!(!manager.sandbox.read("old.yaml").contains(&manager.token), "{args:?}");
        assert!(!manager.sandbox.read(PROFILES).contains("moving_"), "{args:?}");
    }
    // Another credential there stays.
    let manager = Manager::with_document(GOOD);
    let other = manager.sandbox.google.grant(&manager.client, &[crate::google::ADWORDS]);
    let text = stored::yaml(&manager.client, &other);
    let file = manager.sandbox.write("old.yaml", &text);
    manager.profile(&format!("moving_from = {{ store = \"file\", file = {file:?} }}\n"));
    manager.command(&["revoke", "--yes", "--local-only"]).stderr_has("removed the refresh token").run();
    assert_eq!(manager.sandbox.read("old.yaml"), text);
}

#[test]
fn what_openbao_deleted_counts_as_nothing_and_a_mount_of_version_1_has_its_own_step() {
    let sandbox = Sandbox::new();
    let Some(mut real) = Real::start(&sandbox, "bao") else { return };
    put(&real, &json!({ "type": "authorized_user" }));
    real.runs("bao", &["kv", "delete", "-mount=secret", "google-ads/work"]);
    let client = sandbox.google.desktop();
    let login = real.login(&client).stderr_has("stored the refresh token in bao:").start();
    login.visit(&Decision::allow());
    login.finish();
    real.runs("bao", &["kv", "delete", "-mount=secret", "google-ads/work"]);
    let run = real.command(&["refresh", "-p", "work"]).code(3).stderr_has("there is no refresh token in bao:").run();
    assert!(!run.stderr.contains("secrets enable"), "{run:#?}");
    real.runs("bao", &["secrets", "enable", "-path=one", "-version=1", "kv"]);
    real.store = "bao:one/google-ads/work".to_owned();
    let run = real.login(&client).code(7).stderr_has("`bao kv enable-versioning one`").run();
    assert!(!run.stderr.contains("secrets enable") && !run.stderr.contains("/o/oauth2/"), "{run:#?}");
    real.runs("bao", &["kv", "enable-versioning", "one"]);
    // The server needs a moment for that.
    let start = Instant::now();
    while !real.other("bao", &["kv", "get", "-mount=one", "x"]).observe().stderr.contains("No value found") {
        assert!(start.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(100));
    }
    let login = real.login(&client).stderr_has("stored the refresh token in bao:one/").start();
    login.visit(&Decision::allow());
    login.finish();
}
