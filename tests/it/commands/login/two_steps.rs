//! `login --start` and `login --finish`: one run creates the authorization request, another takes the response.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use url::Url;

use super::{CLIENT, files, free_port, issued, new_file, requests};
use crate::google::browser::{self, Decision};
use crate::google::{Endpoint, Fault};
use crate::sandbox::{Outcome, Sandbox, Spec};

/// Returns what `login --start --json` prints with the sandbox's client and these arguments.
#[track_caller]
pub fn start(sandbox: &Sandbox, args: &[&str]) -> Value {
    let args = [&["login", "--start", "--json"], &CLIENT[..], args].concat();
    sandbox.command(&args).stdout_has("{").stderr_has("").run().json()
}

pub fn text<'a>(started: &'a Value, member: &str) -> &'a str {
    started[member].as_str().unwrap_or_else(|| panic!("no {member} in {started}"))
}

/// Returns the address that the browser ends on after this decision; nothing listens there.
#[track_caller]
pub fn ended_on(started: &Value, decision: &Decision) -> String {
    let page = browser::get(text(started, "url")).expect("a consent page");
    browser::submit(&page, decision).expect("a response").header("location").expect("a redirect").to_owned()
}

pub fn finish<'a>(sandbox: &'a Sandbox, args: &[&str], address: &str) -> Spec<'a> {
    sandbox.command(&[&["login", "--finish"], args].concat()).stdin(format!("{address}\n")).stderr_has("")
}

/// Returns the files of pending logins.
pub fn pending(sandbox: &Sandbox) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files(&sandbox.home());
    files.retain(|path, _| path.components().any(|part| part.as_os_str() == "pending"));
    files
}

#[track_caller]
fn refused(sandbox: &Sandbox, spec: Spec) -> Outcome {
    let before = (files(&sandbox.home()), sandbox.google.requests(Endpoint::Token).len());
    let outcome = spec.run();
    assert_eq!((files(&sandbox.home()), sandbox.google.requests(Endpoint::Token).len()), before, "{outcome:#?}");
    outcome
}

#[test]
fn a_login_is_started_in_one_run_and_finished_in_another() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let started = start(&sandbox, &["--no-verify"]);
    assert_eq!(requests(&sandbox), 0, "a start asks nobody");
    let address = ended_on(&started, &Decision::allow());
    assert!(address.starts_with(&format!("{}?", text(&started, "redirect_uri"))), "{address}");
    finish(&sandbox, &[text(&started, "id")], &address).run();
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
    assert!(pending(&sandbox).is_empty());
    // Only once.
    let again = finish(&sandbox, &[text(&started, "id")], &address).code(3).stderr_has("each can be used only once");
    refused(&sandbox, again);
}

#[test]
fn the_file_of_a_pending_login_is_private_and_holds_no_client_secret_and_no_token() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let token = "a-developer-token-of-a-test";
    sandbox.plant(token);
    sandbox.write("developer", token);
    sandbox.write("google-ads.yaml", new_file(&client, "1//0-the-token-of-before"));
    start(&sandbox, &["--developer-token-file", "../home/developer"]);
    let files = pending(&sandbox);
    let [(path, content)] = &Vec::from_iter(files)[..] else { panic!("one file") };
    let content = String::from_utf8_lossy(content);
    for secret in [&client.secret, token, "1//0-the-token-of-before", "GOCSPX"] {
        assert!(!content.contains(secret), "{content}");
    }
    assert!(content.contains("\"verifier\""), "{content}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        assert_eq!((mode(path), mode(path.parent().unwrap())), (0o600, 0o700));
    }
    #[cfg(not(unix))]
    let _ = path;
}

#[test]
fn a_person_is_shown_the_url_the_id_and_when_it_expires() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let args = [&["login", "--start"], &CLIENT[..]].concat();
    let outcome = sandbox.command(&args).stdout_has("url      http").stdout_has("(in 24 hours)").stderr_has("").run();
    let id = outcome.stdout.lines().find_map(|line| line.strip_prefix("id       ")).expect("an ID").to_owned();
    assert!(outcome.stderr.contains(&format!("run `gads-creds login --finish {id}`")), "{outcome:#?}");
    let quiet = sandbox.command(&[&args[..], &["-q", "-p", "work"]].concat()).stdout_has("expires  ").run();
    assert_eq!(quiet.stderr, "");
}

#[test]
fn the_only_pending_login_needs_no_id_and_several_are_listed() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let none = sandbox.command(&["login", "--finish"]).code(3).stderr_has("no login is pending");
    refused(&sandbox, none.stderr_has("gads-creds login --start"));
    let one = start(&sandbox, &["--no-verify", "-p", "one"]);
    let two = start(&sandbox, &["--no-verify", "-p", "two", "--expect-account", "ada@example.com"]);
    let address = ended_on(&two, &Decision::allow());
    let listed = finish(&sandbox, &[], &address).code(2).stderr_has("2 logins are pending:").stderr_has(", started ");
    let listed =
        listed.stderr_has(text(&one, "id")).stderr_has(text(&two, "id")).stderr_has("profile `two`, account ada@");
    refused(&sandbox, listed);
    let report = finish(&sandbox, &["--json"], &address).code(2).stderr_has("").stdout_has("{").run().json();
    assert_eq!(report["pending"][1]["id"], two["id"]);
    assert!(report["pending"][1]["started_at"].is_string() && report["pending"][1]["account"] == "ada@example.com");
    let none = finish(&sandbox, &["-p", "three"], &address).code(3);
    refused(&sandbox, none.stderr_has("no login is pending for profile `three`; pending: `"));
    // `-p` selects it as well, and must not contradict the ID.
    let other = finish(&sandbox, &[text(&two, "id"), "-p", "one"], &address).code(2);
    refused(&sandbox, other.stderr_has("is for profile `two`"));
    finish(&sandbox, &["-p", "two"], &address).run();
    finish(&sandbox, &[], &ended_on(&one, &Decision::allow())).run();
    assert!(pending(&sandbox).is_empty());
}

#[test]
fn addresses_that_are_not_this_logins_leave_it_pending_and_are_named() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let first = start(&sandbox, &["--no-verify", "-p", "first"]);
    let second = start(&sandbox, &["--no-verify", "-p", "second"]);
    let [of_first, of_second] = [&first, &second].map(|login| ended_on(login, &Decision::allow()));
    let uri = text(&first, "redirect_uri");
    let state = Url::parse(&of_first).unwrap().query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    for (pasted, named) in [
        (format!("{uri}?code=4/0Axyz&state=forged"), "its `state` belongs to another login"),
        (format!("{uri}?error=access_denied"), "its end is missing"),
        (format!("{uri}?error=access_denied&state=forged"), "its `state` belongs to another login"),
        (format!("{of_first}&state=again"), "it has a parameter twice"),
        (of_first.replace("127.0.0.1", "127.0.0.2"), "it is not the URL that Google sends the browser to"),
        (format!("{uri}?code=4/0Axyz&state={state}&iss=https://evil.example"), "its `iss` is not the expected issuer"),
        ("4/0Axyz".to_owned(), "it is only the code"),
        (of_first.replace('&', "&amp;"), "it contains `&amp;`"),
        (text(&first, "url").to_owned(), "it is the URL of Google's own page"),
        (of_second.clone(), &format!("it belongs to login `{}`", text(&second, "id"))),
        ("x".repeat(20_000), "it is too long"),
        (String::new(), "no address came from standard input"),
    ] {
        let spec = finish(&sandbox, &[text(&first, "id")], &pasted).code(2).stderr_has(named);
        refused(&sandbox, spec.stderr_has(&format!("login `{}` is still pending", text(&first, "id"))));
    }
    let as_argument = sandbox.command(&["login", "--finish", &of_first]).code(2);
    refused(&sandbox, as_argument.stderr_has("the address must not be an argument"));
    finish(&sandbox, &[text(&first, "id")], &of_first).run();
    // Now it is the address of a login that was finished.
    let repeated = finish(&sandbox, &[text(&second, "id")], &of_first).code(2);
    refused(&sandbox, repeated.stderr_has("does not complete login"));
    finish(&sandbox, &[text(&second, "id")], &of_second).run();
}

#[test]
#[cfg(target_os = "linux")]
fn a_login_can_be_finished_within_a_day_and_not_later() {
    use crate::platform::environment::with_clock;
    use chrono::{TimeDelta, Utc};
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let in_hours = |hours| (Utc::now() + TimeDelta::hours(hours)).format("%F %T").to_string();
    let late = start(&sandbox, &["--no-verify", "-p", "late"]);
    let in_time = start(&sandbox, &["--no-verify", "-p", "in-time"]);
    let address = ended_on(&late, &Decision::allow());
    let spec = finish(&sandbox, &[text(&late, "id")], &address).code(5);
    let Some(spec) = with_clock(spec, &in_hours(27)) else { return };
    refused(&sandbox, spec.stderr_has("expired 3 hours ago").stderr_has("gads-creds login -p late --start"));
    // Its address is recognized when it is pasted elsewhere.
    let newer =
        with_clock(sandbox.command(&["login", "--start", "--json", "-c", CLIENT[1], "-p", "new"]), &in_hours(27));
    let newer = newer.unwrap().stdout_has("{").stderr_has("").run().json();
    let elsewhere = with_clock(finish(&sandbox, &[text(&newer, "id")], &address).code(2), &in_hours(27)).unwrap();
    refused(&sandbox, elsewhere.stderr_has(&format!("belongs to login `{}`, which expired", text(&late, "id"))));
    let spec = finish(&sandbox, &[text(&in_time, "id")], &ended_on(&in_time, &Decision::allow()));
    with_clock(spec, &in_hours(23)).unwrap().run();
    assert!(sandbox.read(".config/gads-creds/profiles.toml").contains("[profiles.in-time]"));
    // A week after its expiry the next start removes it, and no start before.
    for (days, is_there) in [(7, true), (9, false)] {
        let start =
            sandbox.command(&["login", "--start", "-c", CLIENT[1], "-p", "new"]).stdout_has("id").stderr_has("");
        with_clock(start, &in_hours(days * 24)).unwrap().run();
        let mut there = pending(&sandbox).into_keys();
        assert_eq!(there.any(|path| path.to_string_lossy().contains(text(&late, "id"))), is_there, "{days}");
    }
}

/// Whoever listens at the port of the redirect URI gets the response in place of the user: only root can where Linux keeps ports
/// for root.
#[test]
#[cfg(target_os = "linux")]
fn no_other_user_can_listen_where_the_browser_ends() {
    use crate::harness::skip::{not_root, without};
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let args = [&[crate::PROGRAM, "login", "--start", "--json"], &CLIENT[..]].concat();
    if without("unshare") || without("ip") || not_root() {
        return;
    }
    let listens =
        "import socket,time; s=socket.create_server(('127.0.0.1', 1023)); print(1, flush=True); time.sleep(60)";
    let sysctl = "/proc/sys/net/ipv4/ip_unprivileged_port_start";
    for (before, is_reserved) in [
        ("true".to_owned(), true),
        (format!("echo 1023 > {sysctl}"), false),
        (format!("echo 0 > {sysctl}"), false),
        // A service has it.
        (format!("mkfifo $HOME/up; python3 -c \"{listens}\" > $HOME/up & read up < $HOME/up"), false),
    ] {
        // With the shell, everything else in its namespace ends.
        let script = format!("ip link set lo up; {before}; \"$@\"");
        let command = [&["--net", "--pid", "--fork", "/bin/sh", "-c", &script, "-"], &args[..]].concat();
        let run = sandbox.other_program("unshare", &command).env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").observe();
        let started: Value = run.json();
        let port = Url::parse(text(&started, "redirect_uri")).unwrap().port().unwrap();
        assert_eq!(port == 1023, is_reserved, "{before}: {run:#?}");
        assert!(is_reserved || port >= 1024, "{before}: {run:#?}");
    }
    // A person is told what to make of a page there.
    let run = sandbox.command(&[&["login", "--start"], &CLIENT[..]].concat()).stdout_has("url").stderr_has("");
    run.stderr_has("one that does is not from gads-creds").run();
    let own = start(&sandbox, &["--port", "8085"]);
    assert!(text(&own, "redirect_uri").starts_with("http://127.0.0.1:8085/"));
}

#[test]
fn of_two_finishers_at_once_one_exchanges_the_code() {
    for _ in 0..5 {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        let started = start(&sandbox, &["--no-verify"]);
        let address = ended_on(&started, &Decision::allow());
        let spec = || finish(&sandbox, &[text(&started, "id")], &address);
        let runs = [spec().start(), spec().start(), spec().start()];
        let mut codes = runs.map(|run| run.observe().code);
        codes.sort_unstable();
        assert_eq!((codes, sandbox.google.requests(Endpoint::Token).len()), ([0, 3, 3], 1));
        assert!(sandbox.read("google-ads.yaml").contains(&issued(&sandbox)));
    }
}

#[test]
fn a_denial_ends_it_with_5() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let started = start(&sandbox, &[]);
    let denied = ended_on(&started, &Decision::deny());
    finish(&sandbox, &[], &denied).code(5).stderr_has("gads-creds login --start").run();
    assert!(pending(&sandbox).is_empty() && !sandbox.home().join("google-ads.yaml").exists());
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 0);
}

#[test]
fn for_somebody_else_the_message_names_client_access_and_account() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let args = [&["login", "--start"], &CLIENT[..], &["--no-verify", "--for", "bob@example.org"]].concat();
    let spec = sandbox.command(&args).stdout_has(&client.id).stdout_has("https://www.googleapis.com/auth/adwords");
    let outcome = spec.stdout_has("sign in as bob@example.org").stderr_has("gads-creds login --finish ").run();
    let url =
        outcome.stdout.lines().find(|line| line.starts_with(sandbox.google.url())).expect("the URL on its own line");
    assert!(url.contains("login_hint=bob%40example.org") && !outcome.stdout.contains("gads-creds"), "{outcome:#?}");
    let started = serde_json::json!({ "url": url });
    // Another account than the expected one is rejected, and nothing is saved.
    let other = ended_on(&started, &Decision::allow().by("ada@example.com"));
    let spec = finish(&sandbox, &[], &other).code(4).stderr_has("signed in as ada@example.com, not bob@example.org");
    spec.stderr_has("gads-creds login --start").run();
    assert!(!sandbox.home().join("google-ads.yaml").exists());
    let started = start(&sandbox, &["--no-verify", "--for", "bob@example.org"]);
    assert_eq!(started["account"], "bob@example.org");
    assert!(text(&started, "message").contains(text(&started, "url")));
    finish(&sandbox, &[], &ended_on(&started, &Decision::allow().by("bob@example.org"))).run();
    assert!(sandbox.read("google-ads.yaml").contains(&issued(&sandbox)));
}

#[test]
fn a_consenter_and_an_expected_account_are_one() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let args = ["login", "--start", "--for", "bob@example.org", "--expect-account", "ada@example.com"];
    sandbox.command(&args).code(2).stderr_has("name different accounts").run();
    sandbox.command(&["login", "--for", "bob@example.org"]).code(2).stderr_has("`--for` needs `--start`").run();
    for args in [&["--start", "--finish"][..], &["--finish", "--store", "file"], &["--finish", "--recover"]] {
        sandbox.command(&[&["login"], args].concat()).code(2).stderr_has("cannot be used with").run();
    }
}

#[test]
fn the_options_of_the_start_count_in_the_finish() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    sandbox.write("developer", "a-developer-token-of-a-test");
    let args = ["--config", "java/ads.properties", "--login-customer-id", "123-456-7890"];
    fs::create_dir(sandbox.work().join("java")).unwrap();
    let more = ["--additional-scopes", "datamanager", "--developer-token-file", "../home/developer"];
    let started = start(&sandbox, &[&args[..], &more].concat());
    // From another directory, where no relative path would work.
    let spec = finish(&sandbox, &[], &ended_on(&started, &Decision::allow())).directory("");
    spec.stderr_has("Google Ads accounts that this token reaches directly").run();
    let text = fs::read_to_string(sandbox.work().join("java/ads.properties")).unwrap();
    for wanted in ["loginCustomerId=1234567890", "developerToken=a-developer-token-of-a-test", &issued(&sandbox)] {
        assert!(text.contains(wanted), "{text}");
    }
    assert!(sandbox.google.requests(Endpoint::Authorize)[0].query.get("scope").unwrap().ends_with("auth/datamanager"));
}

#[test]
fn a_web_client_with_an_https_redirect_works_the_same() {
    let sandbox = Sandbox::new();
    let client = sandbox.google.web(&["https://example.com/oauth/cb"]);
    sandbox.client_secrets(&client);
    let started = start(&sandbox, &["--no-verify"]);
    let address = ended_on(&started, &Decision::allow());
    assert!(address.starts_with("https://example.com/oauth/cb?"), "{address}");
    finish(&sandbox, &[], &address).run();
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
    // A second one takes client and redirect URI from the stored credentials.
    fs::remove_file(sandbox.home().join("client_secret.json")).unwrap();
    let again =
        sandbox.command(&["login", "--start", "--json", "--no-verify"]).stdout_has("{").stderr_has("").run().json();
    assert_eq!(again["redirect_uri"], "https://example.com/oauth/cb");
    finish(&sandbox, &[], &ended_on(&again, &Decision::allow())).stderr_has("was replaced by").run();
}

#[test]
fn what_would_fail_in_the_second_step_is_detected_in_the_first() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    sandbox.write("list.yaml", "- a list\n");
    for (args, code, named) in [
        (&["-c", "-"][..], 2, "`--client-secrets -` cannot be read again"),
        (&["-c", CLIENT[1], "--developer-token-file", "-"], 2, "`--developer-token-file -` cannot be read again"),
        (&["-c", "none.json"], 2, "there is no file"),
        (&["-c", CLIENT[1], "--config", "../home/list.yaml"], 1, "list.yaml"),
        (&["-c", CLIENT[1], "--store", "nowhere"], 2, "nowhere"),
        (&["-c", CLIENT[1], "--config", "missing/twice/google-ads.yaml"], 1, "no directory"),
        (&["-c", CLIENT[1], "--config", "../home/list.yaml/x.yaml"], 1, "a part of the path is not a directory"),
    ] {
        let outcome =
            refused(&sandbox, sandbox.command(&[&["login", "--start"], args].concat()).code(code).stderr_has(named));
        assert!(!outcome.stdout.contains("/o/oauth2/"), "{outcome:#?}");
    }
}

#[test]
fn changes_since_the_start_are_detected_before_the_code_is_used() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let started = start(&sandbox, &["--no-verify"]);
    let (id, address) = (text(&started, "id"), ended_on(&started, &Decision::allow()));
    let fails = |code, named: &str| {
        let spec = finish(&sandbox, &[id], &address).code(code).stderr_has(named);
        refused(&sandbox, spec.stderr_has(&format!("login `{id}` is still pending")))
    };
    let file = sandbox.home().join("client_secret.json");
    let moved = file.with_file_name("moved.json");
    fs::rename(&file, &moved).unwrap();
    #[cfg(unix)]
    sandbox.chmod(&moved, 0o600);
    fails(2, "there is no file").stderr.contains("-c FILE").then_some(()).expect("the step");
    sandbox.client_secrets(&sandbox.google.desktop());
    fails(2, "holds another OAuth client than");
    sandbox.write("google-ads.yaml", "- a list\n");
    fails(1, "google-ads.yaml");
    fs::remove_file(sandbox.home().join("google-ads.yaml")).unwrap();
    // Another endpoint is a different Google.
    let elsewhere = Sandbox::new();
    let spec = finish(&sandbox, &[id], &address).env("GADS_CREDS_ENDPOINT", elsewhere.google.url()).code(2);
    refused(&sandbox, spec.stderr_has("was started with the stand-in at"));
    finish(&sandbox, &[id, "-c", "../home/moved.json"], &address).run();
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
}

#[test]
fn a_code_that_was_not_sent_leaves_the_login_pending() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let nobody = format!("http://127.0.0.1:{}", free_port());
    let args = [&["login", "--start", "--json"], &CLIENT[..]].concat();
    // A client-secrets file names the stand-in of its client.
    let json = sandbox.read("client_secret.json").replace(sandbox.google.url(), &nobody);
    sandbox.write("client_secret.json", json);
    let run = sandbox.command(&args).env("GADS_CREDS_ENDPOINT", &nobody).stdout_has("{").stderr_has("").run();
    let started = run.json();
    let url = Url::parse(text(&started, "url")).unwrap();
    let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let address = format!("{}?state={state}&code=4/0Axyz&scope=x", text(&started, "redirect_uri"));
    let spec = finish(&sandbox, &[], &address).env("GADS_CREDS_ENDPOINT", &nobody).code(6);
    refused(&sandbox, spec.stderr_has("is still pending").stderr_has("gads-creds login --finish "));
}

#[test]
fn a_code_that_was_sent_is_not_sent_again() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    for (fault, code) in [
        (Fault::page(503, "later"), 6),
        (Fault::Truncated, 6),
        (Fault::oauth_error(400, "invalid_grant", "Bad Request"), 4),
    ] {
        let started = start(&sandbox, &["--no-verify"]);
        let address = ended_on(&started, &Decision::allow());
        sandbox.google.fault(Endpoint::Token, fault);
        finish(&sandbox, &[], &address).code(code).stderr_has("gads-creds login --start").run();
        assert!(pending(&sandbox).is_empty());
        finish(&sandbox, &[text(&started, "id")], &address).code(3).run();
    }
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 3);
}

#[test]
fn a_token_that_cannot_be_stored_is_kept_in_two_steps_as_well() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let started = start(&sandbox, &[]);
    let file = sandbox.home().join("google-ads.yaml");
    let spoil = move |_: &mut Value| fs::write(&file, "- a list\n").expect("a new file");
    sandbox.google.fault(Endpoint::Ads, Fault::edit(spoil));
    finish(&sandbox, &[], &ended_on(&started, &Decision::allow())).code(1).stderr_has("login --recover").run();
    fs::remove_file(sandbox.home().join("google-ads.yaml")).unwrap();
    sandbox.command(&["login", "--recover"]).stderr_has("").run();
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
}

#[test]
fn a_damaged_pending_login_is_named_and_quotes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let started = start(&sandbox, &[]);
    let address = ended_on(&started, &Decision::allow());
    let [path] = &Vec::from_iter(pending(&sandbox).into_keys())[..] else { panic!("one file") };
    let whole = fs::read_to_string(path).unwrap();
    // A file of a newer version is not damaged.
    let newer = whole.replace("\"version\": 1", "\"version\": 9");
    for (damage, code) in [(&whole[..whole.len() / 2], 1), ("{}", 1), ("[]", 1), (&newer, 2)] {
        fs::write(path, damage).unwrap();
        let spec = finish(&sandbox, &[text(&started, "id")], &address).code(code).stderr_has("pending login `");
        let outcome = refused(&sandbox, spec.stderr_has("hint: delete that file, then run `gads-creds login --start`"));
        assert!(!outcome.stderr.contains("verifier") || damage == "{}", "{outcome:#?}");
        let doctor = sandbox.command(&["doctor", "--offline"]).observe();
        assert!(doctor.stdout.contains("cannot be read"), "{doctor:#?}");
    }
    fs::write(path, whole).unwrap();
    finish(&sandbox, &[], &address).run();
}

#[test]
fn doctor_names_what_is_pending() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let started = start(&sandbox, &["-p", "work", "--expect-account", "ada@example.com"]);
    let outcome = sandbox.command(&["doctor", "--offline", "--json"]).observe();
    let checks = outcome.json()["checks"].as_array().unwrap().clone();
    let check = checks.iter().find(|check| check["id"] == "pending-logins").expect("the check");
    assert_eq!(check["status"], "ok");
    let found = text(check, "text");
    assert!(
        found.contains(text(&started, "id")) && found.contains("profile `work`, account ada@example.com"),
        "{found}"
    );
    assert!(text(check, "hint").contains(&format!("login -p work --finish {}", text(&started, "id"))), "{check}");
}

#[cfg(unix)]
#[test]
fn at_a_prompt_a_wrong_address_is_named_and_asked_for_again() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let started = start(&sandbox, &["--no-verify"]);
    let address = ended_on(&started, &Decision::allow());
    let mut terminal = sandbox.command(&["login", "--finish"]).terminal();
    terminal.expect("Paste the address that the browser ended on");
    terminal.send("yes");
    terminal.expect("it is not a URL");
    terminal.send("");
    terminal.send(&format!("  \"{address}\" "));
    terminal.expect("stored the refresh token");
    terminal.finish();
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
}

#[cfg(unix)]
#[test]
fn an_unanswered_prompt_times_out_and_leaves_the_login_pending() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    start(&sandbox, &[]);
    let mut terminal = sandbox.command(&["login", "--finish", "--timeout", "1"]).code(5).terminal();
    terminal.expect("no address came within 1 second");
    terminal.finish();
    let refused = sandbox.command(&["login", "--finish", "--no-input"]).code(2).terminal().finish();
    assert!(refused.stdout.contains("no prompt is allowed"), "{refused:?}");
    let mut waiting = sandbox.command(&["login", "--finish"]).code(130).terminal();
    waiting.expect("Paste the address");
    super::kill(waiting.id(), rustix::process::Signal::INT);
    waiting.expect("is still pending");
    waiting.finish();
    assert_eq!(pending(&sandbox).len(), 1);
}

#[test]
fn a_token_that_replaces_that_of_another_account_says_so_in_two_steps_as_well() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    for (account, warned) in [("ada@example.com", false), ("bob@example.org", true)] {
        let started = start(&sandbox, &["--no-verify", "--expect-account", account]);
        let address = ended_on(&started, &Decision::allow().by(account));
        let outcome = finish(&sandbox, &[], &address).run();
        assert_eq!(outcome.stderr.contains("the previous token was for ada@example.com"), warned, "{outcome:#?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_state_directory_below_a_file_is_named_by_its_variable() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let args = [&["login", "--start"], &CLIENT[..]].concat();
    let spec = sandbox.command(&args).env("XDG_STATE_HOME", "/dev/null").code(1);
    let spec = spec.stderr_has("`/dev/null/gads-creds`: a part of the path is not a directory");
    spec.stderr_has("hint: set `XDG_STATE_HOME` to a directory of your own").run();
    // Root has permission there, and nobody can create a file.
    for place in ["/proc/x", "/sys/x"] {
        let spec = sandbox.command(&args).env("XDG_STATE_HOME", place).code(1);
        spec.stderr_has("hint: set `XDG_STATE_HOME` to a directory of your own").run();
    }
}
