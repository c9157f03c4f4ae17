//! Many credentials at once: `refresh --all`, logins side by side, refreshes of one token side by side.
#![cfg(unix)]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::google::browser::Decision;
use crate::google::{ADWORDS, Client, Endpoint, Fault};
use crate::sandbox::{PATIENCE, Running, Sandbox};

const PROFILES: &str = ".config/gads-creds/profiles.toml";

fn yaml(client: &Client, token: &str) -> String {
    let Client { id, secret, .. } = client;
    format!("client_id: {id}\nclient_secret: {secret}\nrefresh_token: {token}\nuse_proto_plus: true\n")
}

/// Creates this many profiles, each with a file and a valid token of its own: `p0`, `p1`, …
fn with_profiles(sandbox: &Sandbox, count: usize) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut entries = String::new();
    for number in 0..count {
        // An account has at most a hundred tokens per client.
        let client = sandbox.google.desktop();
        let token = sandbox.google.grant(&client, &[ADWORDS]);
        sandbox.write(format!("p{number}.yaml"), yaml(&client, &token));
        writeln!(entries, "[profiles.p{number}]\nfile = \"~/p{number}.yaml\"").unwrap();
        tokens.push(token);
    }
    sandbox.write(PROFILES, entries);
    tokens
}

fn interrupt(running: &Running) {
    kill_process(Pid::from_raw(i32::try_from(running.id()).unwrap()).unwrap(), Signal::INT).unwrap();
}

/// Waits until the stand-in has received this many token requests.
fn wait_for_requests(sandbox: &Sandbox, count: usize) {
    let end = Instant::now() + PATIENCE;
    while sandbox.google.requests(Endpoint::Token).len() < count {
        assert!(Instant::now() < end, "no {count} requests came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn every_profile_gets_its_line_and_the_worst_gives_the_code() {
    let sandbox = Sandbox::new();
    with_profiles(&sandbox, 4);
    let client = sandbox.google.desktop();
    let revoked = sandbox.google.grant(&client, &[ADWORDS]);
    sandbox.google.withdraw(&client);
    sandbox.write("p1.yaml", yaml(&client, &revoked));
    sandbox.write("p2.yaml", "client_id: x\n");
    let run = sandbox.command(&["refresh", "--all"]).code(4).stderr_has("error: 1 of 4 profiles failed: `p1`\n").run();
    for (name, expected) in [
        ("p0", "ok, valid 59 min"),
        ("p1", "failed: Google rejected the refresh token"),
        ("p2", "no token"),
        ("p3", "ok, valid 59 min"),
    ] {
        let lines: Vec<_> = run.stderr.lines().filter(|line| line.starts_with(&format!("{name}  "))).collect();
        assert!(lines.len() == 1 && lines[0].contains(expected), "{name}: {run:#?}");
    }
    assert!(run.stderr.contains("login -p p1"), "the hint names the profile: {run:#?}");
    assert!(run.stderr.find("p1  failed") > run.stderr.find("p3  ok"), "failures come last: {run:#?}");
    assert!(run.stderr.contains("`gads-creds revoke -p p2 --forget` leaves the profile out"), "{run:#?}");
    // A revoked profile is a state and not a failure.
    sandbox.write("p1.yaml", "client_id: x\n");
    sandbox.command(&["refresh", "--all", "-q"]).stderr_has("").run();
    std::fs::remove_file(sandbox.home().join("p1.yaml")).expect("it is there");
    sandbox.command(&["refresh", "--all", "-q"]).code(3).stderr_has("p1  failed: ").run();
}

#[test]
fn with_json_each_profile_is_an_object_on_a_line_and_the_error_is_the_last() {
    let sandbox = Sandbox::new();
    with_profiles(&sandbox, 3);
    std::fs::remove_file(sandbox.home().join("p1.yaml")).expect("it is there");
    let run = sandbox.command(&["refresh", "--all", "--json"]).code(3).stderr_has("").stdout_has("{").run();
    let mut lines: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.pop().unwrap()["error"]["code"], 3);
    lines.sort_by_key(|line| line["profile"].as_str().unwrap().to_owned());
    let results: Vec<_> = lines.iter().map(|line| format!("{} {}", line["profile"], line["valid"])).collect();
    assert_eq!(results, ["\"p0\" true", "\"p1\" false", "\"p2\" true"]);
    assert_eq!((&lines[0]["expires_in"], &lines[1]["error"]["kind"]), (&3599.into(), &"not_logged_in".into()));
}

#[test]
fn a_hanging_response_blocks_no_other_profile_and_ctrl_c_reports_what_is_known() {
    let sandbox = Sandbox::new();
    with_profiles(&sandbox, 20);
    sandbox.google.fault(Endpoint::Token, Fault::Silence);
    let expected = "error: interrupted after 19 of 20 profiles";
    let running = sandbox.command(&["refresh", "--all", "--jobs", "4"]).code(130).stderr_has(expected).start();
    wait_for_requests(&sandbox, 20);
    // The rows are printed in order at the end. The last responses need a moment, far less than the one that hangs.
    std::thread::sleep(Duration::from_secs(3));
    interrupt(&running);
    let run = running.finish();
    assert_eq!(run.stderr.matches("  ok, ").count(), 19, "{run:#?}");
}

#[test]
fn under_a_low_limit_on_open_files_workers_share_connections() {
    let sandbox = Sandbox::new();
    with_profiles(&sandbox, 20);
    for (limit, jobs) in [(64, 16), (24, 50)] {
        let script = format!("ulimit -n {limit}; exec {} refresh --all --jobs {jobs}", crate::PROGRAM);
        let run = sandbox.other_program("/bin/sh", &["-c", &script]).stderr_has("p19  ok, ").run();
        assert_eq!(run.stderr.matches("  ok, ").count(), 20, "{limit}: {run:#?}");
    }
}

#[test]
fn the_number_of_parallel_refreshes_is_limited() {
    let sandbox = Sandbox::new();
    with_profiles(&sandbox, 10);
    sandbox.google.fault_always(Endpoint::Token, Fault::Silence);
    let expected = "error: interrupted after 0 of 10 profiles";
    let running = sandbox.command(&["refresh", "--all", "--jobs", "3"]).code(130).stderr_has(expected).start();
    wait_for_requests(&sandbox, 3);
    let start = Instant::now();
    interrupt(&running);
    running.finish();
    assert!(start.elapsed() < Duration::from_secs(5), "the signal is heeded before the time limit of a request");
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 3);
}

#[test]
fn profiles_are_refreshed_in_parallel() {
    let sandbox = Sandbox::new();
    with_profiles(&sandbox, 60);
    sandbox.google.fault_always(Endpoint::Token, Fault::Late(Duration::from_millis(500)));
    let start = Instant::now();
    let run = sandbox.command(&["refresh", "--all", "--jobs", "60"]).stderr_has("p59  ok").run();
    assert_eq!(run.stderr.matches("  ok, ").count(), 60, "{run:#?}");
    // In sequence they would take thirty.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn tokens_that_are_replaced_are_all_stored() {
    let sandbox = Sandbox::new();
    let old = with_profiles(&sandbox, 20);
    sandbox.google.world().rotate = true;
    for _ in 0..2 {
        sandbox.command(&["refresh", "--all"]).stderr_has("p19  ok").run();
    }
    for (number, old) in old.iter().enumerate() {
        let text = sandbox.read(format!("p{number}.yaml"));
        let token = text.lines().find_map(|line| line.strip_prefix("refresh_token: ")).unwrap().trim_matches('"');
        assert!(token != old && sandbox.google.lives(token), "p{number}");
    }
}

#[test]
fn profiles_that_share_a_file_do_not_use_one_rotated_token_twice() {
    let sandbox = Sandbox::new();
    with_profiles(&sandbox, 1);
    let entries: String = (0..8).map(|number| format!("[profiles.p{number}]\nfile = \"~/p0.yaml\"\n")).collect();
    sandbox.write(PROFILES, entries);
    sandbox.google.world().rotate = true;
    let run = sandbox.command(&["refresh", "--all"]).stderr_has("").run();
    assert_eq!(run.stderr.matches("  ok, ").count(), 8, "{run:#?}");
}

#[test]
fn fifty_refreshes_of_one_profile_leave_one_valid_token_family() {
    let sandbox = Sandbox::new();
    with_profiles(&sandbox, 1);
    sandbox.google.world().rotate = true;
    let runs: Vec<_> = (0..50).map(|_| sandbox.command(&["refresh", "-p", "p0"]).stderr_has("works").start()).collect();
    runs.into_iter().for_each(|run| _ = run.finish());
    sandbox.command(&["refresh", "-p", "p0"]).stderr_has("works").run();
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 51);
}

#[test]
fn fifty_logins_at_once_are_all_remembered_in_files_of_their_own() {
    let sandbox = Sandbox::new();
    sandbox.write(PROFILES, "# kept\n");
    let secrets = sandbox.client_secrets(&sandbox.google.desktop());
    let secrets = secrets.to_str().unwrap();
    let names: Vec<_> = (0..50).map(|number| format!("p{number}")).collect();
    // All of them find `~/google-ads.yaml` free.
    let start = |name: &String| sandbox.login(&["-p", name, "-c", secrets, "--no-verify"]).start();
    let logins: Vec<_> = names.iter().map(start).collect();
    logins.iter().for_each(|login| _ = login.url());
    std::thread::scope(|scope| {
        for login in &logins {
            let url = login.url();
            scope.spawn(move || crate::google::browser::visit(url.as_str(), &Decision::allow()).unwrap());
        }
    });
    logins.into_iter().for_each(|login| _ = login.finish());
    let run = sandbox.command(&["refresh", "--all", "--json"]).stdout_has("").stderr_has("").run();
    let mut places: Vec<_> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["location"].as_str().unwrap().to_owned())
        .collect();
    places.sort();
    places.dedup();
    assert_eq!(places.len(), 50, "{places:?}");
    assert!(sandbox.read(PROFILES).starts_with("# kept\n"));
    let mut leftovers = Vec::new();
    for directory in ["", ".config/gads-creds", ".local/state/gads-creds/recovery"] {
        for entry in std::fs::read_dir(sandbox.home().join(directory)).into_iter().flatten().flatten() {
            let name = entry.file_name().into_string().unwrap();
            let known = ["client_secret.json", "profiles.toml", ".config", ".local"].contains(&name.as_str());
            let file = name.starts_with("google-ads") && name.ends_with(".yaml");
            leftovers.extend((!known && !file).then_some(name));
        }
    }
    assert_eq!(leftovers, [""; 0]);
}

#[test]
fn profiles_that_share_a_file_do_not_report_another_run() {
    let sandbox = Sandbox::new();
    with_profiles(&sandbox, 1);
    sandbox.write(PROFILES, "[profiles.a]\nfile = \"~/p0.yaml\"\n[profiles.b]\nfile = \"~/p0.yaml\"\n");
    sandbox.google.fault_always(Endpoint::Token, Fault::Late(Duration::from_millis(1500)));
    let run = sandbox.command(&["refresh", "--all"]).stderr_has("b  ok").run();
    assert!(!run.stderr.contains("waiting"), "{run:#?}");
}
