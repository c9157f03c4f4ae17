//! Secret managers that misbehave: each has its exit code and cause, loses nothing, overwrites nothing, leaves nothing running.

use std::fs;
use std::time::{Duration, Instant};

use super::{GOOD, Manager};
use crate::google::browser::Decision;
use crate::sandbox::Outcome;

/// What a manager does wrong.
struct Case {
    name: &'static str,
    /// Runs for every verb, before what a good manager does; `exit` prevents that.
    script: &'static str,
    code: i32,
    cause: &'static str,
}

const fn case(name: &'static str, script: &'static str, code: i32, cause: &'static str) -> Case {
    Case { name, script, code, cause }
}

/// `get` does not return the document.
const READING: &[Case] = &[
    case("hangs", "sleep 300", 7, "did not end within 1 second"),
    case(
        "hangs and ignores the first signal",
        "trap '' TERM HUP INT; sleep 300; sleep 300",
        7,
        "did not end within 1 second",
    ),
    case("forks and hangs", "sleep 300 & sleep 300 & wait", 7, "did not end within 1 second"),
    case("ends and leaves one in its group", "sleep 300 & cat \"$entry\"; exit 0", 0, "works"),
    case(
        "ends and leaves one elsewhere with its output",
        "setsid sleep 20 & sleep 0.1; exit 0",
        7,
        "holds its output open",
    ),
    case("floods stdout", "yes", 7, "more than 64 KiB"),
    case("floods stderr", "yes >&2", 7, "did not end within 1 second"),
    case("prints a web page", "echo '<!DOCTYPE html><title>Sign in</title>'; exit 0", 7, "web page"),
    case("prints a web page and fails", "echo '<html>'; exit 22", 7, "exit code 22"),
    case("prints plain text", "echo hello; exit 0", 7, "not a JSON object"),
    case(
        "prints a banner",
        "echo Welcome; cat \"$entry\"; exit 0",
        7,
        "not a JSON object alone: other text is before it",
    ),
    case(
        "prints colors",
        "printf '\\033[1m'; cat \"$entry\"; exit 0",
        7,
        "and a command that prints that and nothing else",
    ),
    case("prints Done", "cat \"$entry\"; echo Done.; exit 0", 7, "other text is behind the object"),
    case("prints base64", "base64 <\"$entry\"; exit 0", 7, "is in base64, not a JSON object"),
    case("prints a list", "echo '[]'; exit 0", 7, "not a JSON object"),
    case("prints null", "echo null; exit 0", 7, "not a JSON object"),
    case("prints nothing and succeeds", "exit 0", 3, "there is no refresh token"),
    case("prints an empty object", "echo '{}'; exit 0", 3, "there is no refresh token"),
    case("prints the document and fails", "cat \"$entry\"; exit 1", 7, "exit code 1"),
    case("prints half of the document", "head -c 100 \"$entry\"; exit 0", 7, "cut short"),
    case("prints the document twice", "cat \"$entry\" \"$entry\"; exit 0", 7, "not valid JSON"),
    case(
        "prints two members of one name",
        "sed 's/{/{\"type\":\"x\",/' \"$entry\"; exit 0",
        7,
        "two members of one name",
    ),
    case(
        "nests two members of one name",
        "echo '{\"type\":\"authorized_user\",\"a\":[{\"b\":1,\"b\":2}]}'; exit 0",
        7,
        "two members of one name",
    ),
    case(
        "escapes a member's name the second time",
        "echo '{\"type\":\"a\",\"typ\\u0065\":\"b\"}'; exit 0",
        7,
        "two members of one name",
    ),
    case("prints what is not UTF-8", "printf '{\"type\":\"\\377\"}'; exit 0", 7, "not UTF-8"),
    case("prints UTF-16", "printf '\\377\\376{\\000}\\000'; exit 0", 7, "not UTF-8"),
    case("prints control characters in a text", "printf '{\"type\":\"a\\001\"}'; exit 0", 7, "not valid JSON"),
    case("prints comments", "echo '{ // x'; echo '\"type\":\"authorized_user\"}'; exit 0", 7, "not valid JSON"),
    case("nests without end", "head -c 60000 /dev/zero | tr '\\0' '['; exit 0", 7, "not a JSON object"),
    case("nests objects without end", "yes '{\"a\":' | head -c 50000; exit 0", 7, "not valid JSON"),
    case(
        "prints more than a document may hold",
        "printf '{\"a\":\"'; head -c 70000 /dev/zero | tr '\\0' x; echo '\"}'; exit 0",
        7,
        "more than 64 KiB",
    ),
    case(
        "prints another kind of entry",
        "echo '{\"username\":\"ada\",\"password\":\"x\"}'; exit 0",
        7,
        "without `type`",
    ),
    case("prints another type of credential", "echo '{\"type\":\"external_account\"}'; exit 0", 7, "external_account"),
    case(
        "prints a number for the token",
        "echo '{\"type\":\"authorized_user\",\"refresh_token\":5}'; exit 0",
        7,
        "`refresh_token` that is not a text",
    ),
    case(
        "prints a customer id of nine digits",
        "echo '{\"type\":\"authorized_user\",\"login_customer_id\":\"123456789\"}'; exit 0",
        7,
        "not ten digits",
    ),
    case(
        "prints a customer id with dashes",
        "echo '{\"type\":\"authorized_user\",\"login_customer_id\":\"123-456-7890\"}'; exit 0",
        7,
        "not ten digits",
    ),
    case("says something else than what `absent` means", "echo 'vault is sealed' >&2; exit 2", 7, "vault is sealed"),
    case("says what `absent` means and is killed", "echo 'no such entry' >&2; kill -9 $$", 7, "no such entry"),
    case("says what `absent` means on stdout", "echo 'no such entry'; exit 1", 7, "exit code 1"),
    case(
        "colors and controls the terminal",
        "printf '\\033[1;31mbad\\033[0m \\033]0;title\\007 \\302\\233 end\\n' >&2; exit 1",
        7,
        "bad \\u{1b}]0;title\\u{7} \\u{9b} end",
    ),
    case(
        "lists its cause as programs in Go do",
        "printf 'Error making request.\\n\\nURL: x\\n\\n* permission denied\\n' >&2; exit 2",
        7,
        "failed: Error making request. permission denied\n",
    ),
    case("says nothing", "exit 42", 7, "exit code 42"),
    case(
        "begins with empty lines",
        "printf '\\n\\n  the cause\\nwhat nobody needs\\n' >&2; exit 1",
        7,
        "failed: the cause\n",
    ),
    case(
        "prints a line of a key on stderr",
        "echo MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj >&2; exit 1",
        7,
        "may not be shown",
    ),
    case("names a member with its value", "echo 'refresh_token=0gAbCdEfGhIjKlMnOp' >&2; exit 1", 7, "may not be shown"),
    case("prints the document on stderr", "cat \"$entry\" >&2; exit 1", 7, "may not be shown"),
    case("prints an object on stderr", "echo '{\"a\":1}' >&2; exit 1", 7, "may not be shown"),
    case("prints a member on stderr", "echo 'bad: \"refresh_token\": 5' >&2; exit 1", 7, "may not be shown"),
    case(
        "prints the document in base64 on stderr",
        "echo \"bad: $(base64 \"$entry\" | tr -d '\\n')\" >&2; exit 1",
        7,
        "may not be shown",
    ),
    case(
        "prints a token in base64",
        "echo \"bad R09DU1BYLWFiY2RlZmdoaWprbG1u and 1\\\\/\\\\/0gabcdefghijk\" >&2; exit 1",
        7,
        "failed: bad [redacted] and 1\\/\\/[redacted]",
    ),
    case("is killed", "kill -9 $$", 7, "was killed"),
    case("is interrupted, and not by Ctrl-C here", "kill -INT $$", 7, "was killed"),
    case("exits like a program after Ctrl-C", "exit 130", 7, "exit code 130"),
    case("crashes", "kill -SEGV $$", 7, "was killed"),
    case("stops itself", "kill -STOP $$", 7, "was stopped"),
    case("reads the terminal", "read answer < /dev/tty || exit 3", 7, "/dev/tty"),
    case("reads its input", "read answer && exit 1; cat \"$entry\"; exit 0", 0, "works"),
    case("closes its input", "exec <&-; cat \"$entry\"; exit 0", 0, "works"),
    case("is slow, but in time", "sleep 0.6; cat \"$entry\"; exit 0", 0, "works"),
    case(
        "prints a byte order mark and spaces",
        "printf '\\357\\273\\277 \\n'; cat \"$entry\"; echo; exit 0",
        0,
        "works",
    ),
    case("prints warnings as well", "echo 'deprecated' >&2; cat \"$entry\"; exit 0", 0, "works"),
];

#[test]
fn a_manager_that_gives_no_document_ends_refresh_with_its_cause() {
    for Case { name, script, code, cause } in READING {
        let manager = Manager::with_document(&format!("echo $$ >> \"$entry.runs\"\n{script}\n{GOOD}"));
        manager.profile("timeout = 1\n");
        let before = manager.kept();
        let run = timed(name, || manager.command(&["refresh"]).observe());
        assert!(run.code == *code && run.stderr.contains(cause), "{name}: {run:#?}");
        assert!(!run.stderr.contains("what nobody needs"), "{name}: {run:#?}");
        assert_eq!(manager.kept(), before, "{name}: overwritten");
        assert_eq!(manager.recoveries(), 0, "{name}");
        nothing_runs(&manager, name);
    }
}

#[test]
fn no_browser_opens_and_nothing_is_written_where_reading_fails() {
    for Case { name, script, code, cause } in READING.iter().filter(|case| case.code == 7) {
        let only_reading = format!("case \"$1\" in get) {script} ;; *) touch \"$entry.written\" ;; esac\n{GOOD}");
        let manager = Manager::with_document(&only_reading);
        manager.profile("timeout = 1\n");
        let before = manager.kept();
        let run = timed(name, || manager.login(&[]).observe());
        assert!(run.code == *code && run.stderr.contains(cause), "{name}: {run:#?}");
        assert!(!run.stderr.contains("/o/oauth2/"), "{name}: {run:#?}");
        assert!(!manager.entry().with_extension("written").exists(), "{name}: written after a failure");
        assert_eq!(manager.kept(), before, "{name}");
        let run = timed(name, || manager.command(&["revoke", "--yes"]).observe());
        assert!(run.code == *code && manager.sandbox.google.lives(&manager.token), "{name}: {run:#?}");
        let run = timed(name, || manager.command(&SET).observe());
        assert!(run.code == *code && run.stderr.contains(cause), "{name}: {run:#?}");
        let run = timed(name, || manager.command(&["doctor", "--offline"]).observe());
        assert!(run.code == *code && run.stdout.contains(cause), "{name}: {run:#?}");
        let run = timed(name, || manager.command(&["show", "--json"]).observe());
        assert!(run.code == *code && run.stderr.contains(cause), "{name}: {run:#?}");
        assert!(!manager.entry().with_extension("written").exists(), "{name}: written after a failure");
        assert_eq!(manager.kept(), before, "{name}");
    }
}

/// Changes the document without Google.
const SET: [&str; 4] = ["set", "--login-customer-id", "123-456-7890", "--no-verify"];

#[test]
fn nothing_moves_out_of_or_into_a_manager_that_cannot_be_read() {
    for Case { name, script, code, cause } in READING.iter().filter(|case| case.code == 7) {
        let only_reading = format!("case \"$1\" in get) {script} ;; *) touch \"$entry.written\" ;; esac\n{GOOD}");
        let manager = Manager::with_document(&only_reading);
        manager.profile("timeout = 1\n");
        let sandbox = &manager.sandbox;
        let before = (manager.kept(), sandbox.read(super::PROFILES));
        let run = timed(name, || manager.command(&["move", "--store", "file"]).observe());
        assert!(run.code == *code && run.stderr.contains(cause), "{name}: {run:#?}");
        assert_eq!((manager.kept(), sandbox.read(super::PROFILES)), before, "{name}");
        assert!(!sandbox.home().join("google-ads.yaml").exists(), "{name}");
        // To it: the commands are in profiles.toml next to the profile's current file.
        let token = sandbox.google.grant(&manager.client, &[crate::google::ADWORDS]);
        sandbox.write("work.yaml", crate::stored::yaml(&manager.client, &token));
        let text = before.1.replace("store = \"command\"\n", "file = \"~/work.yaml\"\nstore = \"file\"\n");
        sandbox.write(super::PROFILES, &text);
        let file = sandbox.read("work.yaml");
        let run = timed(name, || manager.command(&["move", "--store", "command"]).observe());
        assert!(run.code != 0, "{name}: {run:#?}");
        assert_eq!((manager.kept(), sandbox.read(super::PROFILES), sandbox.read("work.yaml")), (before.0, text, file));
        assert!(!manager.entry().with_extension("written").exists(), "{name}: written after a failure");
    }
}

/// `set` does not save the document. The entry is unchanged, or `lost`.
const WRITING: &[(Case, bool)] = &[
    (case("hangs", "sleep 300", 7, "did not end within 1 second"), false),
    (case("fails", "echo 'permission denied' >&2; exit 1", 7, "permission denied"), false),
    (case("fails and shows what it got", "head -c 300 >&2; exit 1", 7, "may not be shown"), false),
    (
        case(
            "fails and shows a part of what it got",
            "sed 's/.*client_secret...//' | head -c 30 >&2; exit 1",
            7,
            "may not be shown",
        ),
        false,
    ),
    (
        case(
            "fails and shows a part of it in base64",
            "sed 's/.*client_secret...//' | head -c 30 | base64 >&2; exit 1",
            7,
            "may not be shown",
        ),
        false,
    ),
    (case("closes its input", "exec <&-; exit 0", 7, "returned another"), false),
    (case("does nothing", "cat >/dev/null; exit 0", 7, "returned another"), false),
    (case("is killed", "kill -9 $$", 7, "was killed"), false),
    (case("floods", "yes", 7, "more than 64 KiB"), false),
    (case("asks on the terminal", "read answer < /dev/tty || exit 3", 7, "/dev/tty"), false),
    (case("saves and fails", "cat > \"$entry\"; exit 1", 7, "exit code 1"), false),
    (case("changes a value", "sed 's/ours/theirs/' > \"$entry\"; exit 0", 7, "another `quota_project_id`"), true),
    (case("drops a value", "sed 's/,\"team\":{[^}]*}//' > \"$entry\"; exit 0", 7, "another `team`"), true),
    (case("saves half of it", "head -c 90 > \"$entry\"; exit 0", 7, "cut short"), true),
    (case("saves nothing", "cat >/dev/null; : > \"$entry\"; exit 0", 7, "returned another"), true),
    (case("destroys the entry and fails", "rm \"$entry\"; exit 1", 7, "exit code 1"), true),
    (
        case(
            "saves another account's document",
            "echo '{\"type\":\"authorized_user\",\"client_id\":\"x\",\"refresh_token\":\"1//0theirs\"}' > \"$entry\"; exit 0",
            7,
            "returned another",
        ),
        true,
    ),
];

#[test]
fn a_manager_that_does_not_save_is_found_before_the_browser_opens_and_loses_nothing() {
    // That nothing is done can only be seen where the new value differs.
    let shows = |(case, _): &&(Case, bool)| !["closes its input", "does nothing"].contains(&case.name);
    for (Case { name, script, code, cause }, loses) in WRITING.iter().filter(shows) {
        let script = format!("echo $$ >> \"$entry.runs\"\ncase \"$1\" in set) {script} ;; esac\n{GOOD}");
        let manager = Manager::with_document(&script);
        manager.profile("timeout = 1\n");
        let before = manager.document();
        let run = timed(name, || manager.login(&["--timeout", "5"]).observe());
        assert!(run.code == *code && run.stderr.contains(cause), "{name}: {run:#?}");
        assert!(!run.stderr.contains("/o/oauth2/"), "{name}: {run:#?}");
        nothing_runs(&manager, name);
        if *loses {
            // The previous document is in a recovery file, and is restored from it.
            assert_eq!(manager.recoveries(), 1, "{name}: {run:#?}");
            assert!(run.stderr.contains("login --recover"), "{name}: {run:#?}");
            manager.script(GOOD);
            manager.keep("");
            manager.sandbox.command(&["login", "--recover"]).env("PATH", super::PATH).stderr_has("stored").run();
            assert_eq!(manager.kept_json()["refresh_token"], before["refresh_token"], "{name}");
        } else {
            assert_eq!(manager.kept_json(), before, "{name}");
            assert_eq!(manager.recoveries(), 0, "{name}");
        }
    }
}

#[test]
fn a_lost_document_without_a_secret_is_not_kept() {
    let manager = Manager::new(&format!("case \"$1\" in set) rm \"$entry\"; exit 1 ;; esac\n{GOOD}"));
    let mut document = manager.document();
    document.as_object_mut().unwrap().retain(|name, _| name != "refresh_token");
    manager.keep(document.to_string());
    let set = manager.command(&["set", "--login-customer-id", "1234567890", "--no-verify"]).code(7);
    let run = set.stderr_has("exit code 1").run();
    assert_eq!((manager.recoveries(), run.stderr.contains("--recover")), (0, false), "{run:#?}");
}

/// As gpg does, which starts its agent.
#[test]
fn what_a_write_prints_does_not_count_and_is_not_waited_for() {
    let script = format!("case \"$1\" in set) echo saving; setsid sleep 20 & ;; esac\n{GOOD}");
    let manager = Manager::with_document(&script);
    manager.command(&["set", "--login-customer-id", "1234567890", "--no-verify"]).stderr_has("").run();
    assert_eq!(manager.kept_json()["login_customer_id"], "1234567890");
}

#[test]
fn a_manager_that_fails_only_after_the_consent_loses_no_token() {
    for (Case { name, script, code, cause }, _) in WRITING {
        // The first `set` is the preflight's.
        let script = format!(
            "case \"$1\" in set) if [ -e \"$entry.tried\" ]; then {script}\nfi; touch \"$entry.tried\" ;; esac\n{GOOD}"
        );
        let manager = Manager::with_document(&script);
        manager.profile("timeout = 1\n");
        let login = manager.login(&[]).start();
        let page = login.visit(&Decision::allow());
        let run = login.observe();
        assert!(run.code == *code && run.stderr.contains(cause), "{name}: {run:#?}");
        assert!(run.stderr.contains("`gads-creds login --recover`"), "{name}: {run:#?}");
        assert!(page.body.contains("did not succeed"), "{name}: {}", page.body);
        assert_eq!(manager.recoveries(), 1, "{name}");
        manager.script(GOOD);
        manager.keep("");
        manager.sandbox.command(&["login", "--recover"]).env("PATH", super::PATH).stderr_has("stored").run();
        manager.command(&["refresh"]).stderr_has("works").run();
        assert_eq!(manager.recoveries(), 0, "{name}");
    }
}

/// The command `set` with a manager that fails at once, and with one that fails only after the preflight.
#[test]
fn a_value_that_a_manager_does_not_save_loses_no_token() {
    for (Case { name, script, code, cause }, loses) in WRITING {
        for good in [0, 1] {
            let written = "runs=$(cat \"$entry.sets\" 2>/dev/null || echo 0); echo $((runs + 1)) > \"$entry.sets\"";
            let fails = format!("set) {written}; if [ $runs -ge {good} ]; then {script}\nfi ;;");
            let manager = Manager::with_document(&format!("case \"$1\" in {fails} esac\n{GOOD}"));
            manager.profile("timeout = 1\n");
            let before = manager.document();
            let run = timed(name, || manager.command(&SET).observe());
            assert!(run.code == *code && run.stderr.contains(cause), "{name} after {good}: {run:#?}");
            if *loses {
                assert_eq!(manager.recoveries(), 1, "{name} after {good}: {run:#?}");
                assert!(run.stderr.contains("login --recover"), "{name} after {good}: {run:#?}");
                manager.script(GOOD);
                manager.keep("");
                manager.sandbox.command(&["login", "--recover"]).env("PATH", super::PATH).stderr_has("stored").run();
            } else {
                manager.script(GOOD);
            }
            assert_eq!(manager.kept_json()["refresh_token"], before["refresh_token"], "{name} after {good}");
            assert_eq!(manager.recoveries(), 0, "{name} after {good}");
        }
    }
}

/// `erase` does not remove the document.
const ERASING: &[Case] = &[
    case("hangs", "sleep 300", 7, "did not end within 1 second"),
    case("fails", "echo 'permission denied' >&2; exit 1", 7, "permission denied"),
    case("does nothing", "exit 0", 7, "did not remove the document"),
    case("is killed", "kill -9 $$", 7, "was killed"),
    case("floods", "yes", 7, "more than 64 KiB"),
    case("erases and fails", "rm -f \"$entry\"; exit 1", 7, "exit code 1"),
];

#[test]
fn a_manager_that_does_not_erase_is_named_with_the_next_step_and_cleared_later() {
    for Case { name, script, code, cause } in ERASING {
        let manager = Manager::with_plain_document(&format!("case \"$1\" in erase) {script} ;; esac\n{GOOD}"));
        manager.profile("timeout = 1\n");
        let go = ["move", "--store", "file", "--config", "../home/new.yaml"];
        let run = timed(name, || manager.command(&go).observe());
        assert!(run.code == *code && run.stderr.contains(cause), "{name}: {run:#?}");
        assert!(run.stderr.contains("`gads-creds move -p work --store file --config "), "{name}: {run:#?}");
        // The new store is complete, and the next run finishes.
        manager.command(&["refresh"]).stderr_has("new.yaml` works").run();
        manager.script(GOOD);
        manager.command(&go).stderr_has("keeps no secret of it").run();
        assert_eq!(manager.kept(), None, "{name}");
        assert!(!manager.sandbox.read(super::PROFILES).contains("moving_from"), "{name}");
    }
}

#[test]
fn a_manager_that_is_missing_or_cannot_be_run_is_named() {
    for (spoil, cause) in [
        ("missing", "is not the full path of a program"),
        ("mode", "is not the full path of a program"),
        ("directory", "is not the full path of a program"),
        ("interpreter", "cannot be run: "),
        ("empty", "not a JSON object"),
    ] {
        let manager = Manager::with_document(GOOD);
        let program = manager.program();
        match spoil {
            "missing" => fs::remove_file(&program).unwrap(),
            "mode" => manager.sandbox.chmod(&program, 0o600),
            "directory" => fs::remove_file(&program).and_then(|()| fs::create_dir(&program)).unwrap(),
            "interpreter" => manager.sandbox.chmod(manager.sandbox.write(&program, "#!/nowhere/sh\n"), 0o700),
            _ => manager.script("echo x; exit 0"),
        }
        let before = manager.kept();
        manager.command(&["refresh"]).code(7).stderr_has(cause).run();
        let login = manager.login(&[]).code(7).stderr_has(cause).run();
        assert!(!login.stderr.contains("/o/oauth2/"), "{spoil}: {login:#?}");
        assert_eq!(manager.kept(), before, "{spoil}");
    }
}

#[test]
fn a_first_login_finds_that_nothing_is_written() {
    for script in ["cat >/dev/null; exit 0", "exec <&-; exit 0"] {
        let manager = Manager::new(&format!("case \"$1\" in set) {script} ;; esac\n{GOOD}"));
        let login = manager.login(&[]).code(7).stderr_has("finds nothing where a document was written").run();
        assert!(!login.stderr.contains("/o/oauth2/"), "{login:#?}");
    }
}

#[test]
fn metadata_of_the_previous_document_is_not_applied_to_another_accounts() {
    let manager = Manager::with_document(GOOD);
    let fingerprint = gads_creds::secret::Secret::new("1//0-of-another-token").fingerprint();
    manager.profile(&format!("account = \"ada@example.com\"\nfingerprint = \"{fingerprint}\"\n"));
    let shown = manager.command(&["show", "--json"]).stdout_has("{").run().json();
    assert_eq!(shown["account"], serde_json::Value::Null);
}

#[test]
fn a_manager_that_lags_behind_a_write_is_asked_again() {
    let late = r#"case "$1" in
set) cat > "$entry.next"; exit 0 ;;
get) if [ -e "$entry.next" ]; then if [ -e "$entry.seen" ]; then mv "$entry.next" "$entry"; rm "$entry.seen"; else touch "$entry.seen"; fi; fi ;;
esac"#;
    let manager = Manager::with_document(&format!("{late}\n{GOOD}"));
    manager.sandbox.google.world().rotate = true;
    manager.command(&["refresh"]).stderr_has("replaced the refresh token").run();
    assert_ne!(manager.kept_json()["refresh_token"], manager.document()["refresh_token"]);
}

#[test]
fn ctrl_c_ends_a_hanging_manager_and_its_children() {
    for args in [&["refresh", "-p", "work"][..], &["refresh", "--all"], &["show", "-p", "work"], &["show", "--all"]] {
        let hangs = "case \"$1\" in get) trap ': > \"$entry.told\"; exit 1' TERM
            echo $$ >> \"$entry.runs\"; sleep 300 & wait; sleep 300 ;; esac";
        let manager = Manager::with_document(&format!("{hangs}\n{GOOD}"));
        manager.profile("timeout = 100\n");
        let run = manager.sandbox.command(args).env("PATH", super::PATH).start();
        let start = Instant::now();
        while !manager.entry().with_extension("runs").exists() {
            assert!(start.elapsed() < Duration::from_secs(20));
            std::thread::sleep(Duration::from_millis(5));
        }
        let id = rustix::process::Pid::from_raw(run.id().try_into().unwrap()).unwrap();
        rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
        let outcome = run.observe();
        assert_eq!(outcome.code, 130, "{args:?}: {outcome:#?}");
        // With `--all` nobody waits for it.
        let was_told = args.contains(&"--all") || manager.entry().with_extension("told").exists();
        assert!(was_told, "{args:?}: it could not clean up");
        nothing_runs(&manager, &args.join(" "));
    }
}

fn timed(name: &str, run: impl FnOnce() -> Outcome) -> Outcome {
    let start = Instant::now();
    let outcome = run();
    assert!(start.elapsed() < Duration::from_secs(12), "{name}: {:?}", start.elapsed());
    outcome
}

/// Checks that nothing of the manager's process group is left.
#[track_caller]
fn nothing_runs(manager: &Manager, name: &str) {
    let runs = fs::read_to_string(manager.entry().with_extension("runs")).unwrap_or_default();
    for leader in runs.lines() {
        let group = leader.parse().ok().and_then(rustix::process::Pid::from_raw).expect("a process id");
        let start = Instant::now();
        while rustix::process::test_kill_process_group(group).is_ok() {
            assert!(start.elapsed() < Duration::from_secs(5), "{name}: the group of {leader} still runs");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
