//! The surroundings of a credential: the network, the clock, variables, git, the file's mode.

use std::fs;
use std::time::Duration;

use super::{diagnose, examine};
use crate::google::{Endpoint, Fault};
use crate::harness::skip::skip;
use crate::sandbox::Sandbox;
use crate::stored;

#[test]
fn an_unreachable_google_exits_6_and_nothing_else_fails() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    for (endpoint, fault) in [
        (Endpoint::Token, Fault::page(502, "<html>Bad Gateway</html>")),
        (Endpoint::Token, Fault::page(200, "<html>Sign in to the WLAN</html>")),
        (Endpoint::Token, Fault::redirect("https://portal.example/")),
        (Endpoint::Ads, Fault::page(503, "later")),
    ] {
        // A busy server gets three requests.
        (0..3).for_each(|_| sandbox.google.fault(endpoint, fault.clone()));
        diagnose(&sandbox, &[], 6, "fail  network: ", "");
        sandbox.google.world().faults = Default::default();
    }
    let nobody = sandbox.command(&["doctor"]).env("GADS_CREDS_ENDPOINT", "http://127.0.0.1:1").observe();
    examine(&nobody, 6, "fail  network: cannot reach 127.0.0.1", "check the network");
}

#[test]
fn a_proxy_in_the_way_is_named() {
    let Some(bundle) = certificates() else { return skip("no bundle of CA certificates is known here") };
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    // Port 1 of this machine: nothing leaves it.
    let run = sandbox.command(&["doctor"]).without_env("GADS_CREDS_ENDPOINT").env("HTTPS_PROXY", "http://127.0.0.1:1");
    let run = run.env("SSL_CERT_FILE", bundle).observe();
    examine(
        &run,
        6,
        "fail  through the proxy that `HTTPS_PROXY` names",
        "check that the proxy in `HTTPS_PROXY` is running",
    );
}

#[test]
fn certificates_that_cannot_be_read_are_a_finding() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let run = sandbox.command(&["doctor"]).without_env("GADS_CREDS_ENDPOINT").env("HTTPS_PROXY", "http://127.0.0.1:1");
    let run = run.env("SSL_CERT_FILE", "/nowhere").env("SSL_CERT_DIR", "/nowhere").observe();
    assert!(run.code != 0 && run.stdout.contains("\nfail  network: "), "{run:#?}");
    assert_eq!(run.stdout.lines().filter(|line| line.starts_with("fail ")).count(), 1, "{run:#?}");
}

/// Returns a bundle of certificates, so that a client can be built.
fn certificates() -> Option<&'static str> {
    let known = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];
    known.into_iter().find(|bundle| fs::metadata(bundle).is_ok())
}

#[test]
fn a_wrong_clock_is_detected() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    sandbox.google.later(Duration::from_secs(1800));
    let run = diagnose(&sandbox, &[], 0, "warn  clock: this machine's clock is", "set the clock");
    assert!(run.stdout.contains("clock is 30 minutes behind Google's"), "{run:#?}");
}

#[test]
fn variables_that_override_the_file_are_named() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let run = sandbox.command(&["doctor"]).env("GOOGLE_ADS_REFRESH_TOKEN", "x").observe();
    examine(&run, 0, "warn  overriding variables: `GOOGLE_ADS_REFRESH_TOKEN` set", "unset");
    let file = sandbox.home().join("google-ads.yaml");
    let run = sandbox.command(&["doctor", "--config"]).arg(&file).env("GOOGLE_ADS_CONFIGURATION_FILE_PATH", "x.yaml");
    examine(
        &run.observe(),
        0,
        "warn  `GOOGLE_ADS_CONFIGURATION_FILE_PATH` sends the libraries to `x.yaml`",
        "unset it",
    );
}

#[cfg(unix)]
#[test]
fn a_mode_that_lets_others_read_is_reported_with_the_fix() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    sandbox.chmod("google-ads.yaml", 0o644);
    diagnose(
        &sandbox,
        &[],
        0,
        "warn  file mode: 0644: others on this machine can read it",
        "run `gads-creds doctor --fix`",
    );
    // It does not cause anything: a failure comes first.
    let text = sandbox.read("google-ads.yaml").replace(&token, "1//0unknown");
    sandbox.write("google-ads.yaml", text);
    sandbox.chmod("google-ads.yaml", 0o644);
    diagnose(&sandbox, &[], 4, "fail  token accepted: ", "gads-creds login");
}

#[test]
fn a_file_that_git_tracks_is_found() {
    let Some(git) =
        ["/usr/local/bin", "/usr/bin"].into_iter().find(|directory| fs::metadata(format!("{directory}/git")).is_ok())
    else {
        return skip("`git` is in neither /usr/bin nor /usr/local/bin");
    };
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let git_says = |args: &[&str]| {
        let run = sandbox
            .other_program(&format!("{git}/git"), args)
            .directory("")
            .env("PATH", "/usr/local/bin:/usr/bin:/bin");
        assert_eq!(run.observe().code, 0, "git {args:?}");
    };
    git_says(&["init", "--quiet"]);
    let doctor = || sandbox.command(&["doctor"]).env("PATH", "/usr/local/bin:/usr/bin:/bin").observe();
    examine(&doctor(), 0, "warn  git: git does not track the file, but does not ignore it either", "`.gitignore`");
    sandbox.write(".gitignore", "google-ads.yaml\n");
    assert!(doctor().stdout.contains("ok    git: git ignores the file"));
    git_says(&["add", "--force", "google-ads.yaml"]);
    examine(&doctor(), 1, "fail  git: git tracks", "git rm --cached");
    let without_git = sandbox.command(&["doctor"]).observe();
    assert!(without_git.code == 0 && without_git.stdout.contains("skip  git: "), "{without_git:#?}");
    assert!(without_git.stdout.contains("install git"), "{without_git:#?}");
}

#[cfg(unix)]
#[test]
fn an_unknown_git_state_is_skipped_and_not_reported_as_untracked() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    sandbox.write(".git/HEAD", "");
    for (git, code, line, next) in [
        ("#!/bin/sh\nexit 1\n", 0, "warn  git: git does not track the file, but does not ignore", "`.gitignore`"),
        ("#!/bin/sh\nexit 0\n", 1, "fail  git: git tracks", "git rm --cached"),
        // A repository of another user, or a broken one.
        ("#!/bin/sh\nexit 128\n", 0, "skip  git: git would not look into that repository", "check that a `.gitignore`"),
        (
            "#!/bin/sh\nkill -9 $$\n",
            0,
            "skip  git: git would not look into that repository",
            "check that a `.gitignore`",
        ),
        ("#!/nowhere/at/all\n", 0, "skip  git: git could not be run", "check that a `.gitignore`"),
    ] {
        let program = sandbox.write("../bin/git", git);
        sandbox.chmod(&program, 0o700);
        let run = sandbox.command(&["doctor"]).observe();
        let lines: Vec<&str> = run.stdout.lines().collect();
        let at =
            lines.iter().position(|shown| shown.starts_with(line)).unwrap_or_else(|| panic!("no {line:?}: {run:#?}"));
        assert!(next.is_empty() || lines[at + 1].contains(next), "{run:#?}");
        assert_eq!(run.code, code, "{run:#?}");
    }
}

#[test]
fn a_login_that_was_not_finished_is_offered() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    sandbox.write(".local/state/gads-creds/recovery/1.json", "{}");
    diagnose(&sandbox, &[], 0, "warn  unfinished logins: a credential that was never stored", "login --recover`");
    sandbox.write("google-ads.yaml", stored::yaml(&client, &token).replace(&token, ""));
    diagnose(&sandbox, &[], 3, "fail  token: there is no refresh token", "login --recover`");
}

#[test]
fn what_could_not_be_read_is_unknown_and_not_absent() {
    let sandbox = Sandbox::new();
    sandbox.write("google-ads.yaml", "client_id: [\n");
    let run = sandbox.command(&["doctor", "--json"]).observe();
    let report = run.json();
    let unknown = "the location cannot be read";
    let unread = ["token", "token-age", "login-customer", "client", "network", "token-accepted", "scopes"];
    for check in report["checks"].as_array().expect("a list") {
        if unread.contains(&check["id"].as_str().unwrap_or_default()) {
            assert_eq!((&check["status"], &check["text"]), (&"skip".into(), &unknown.into()), "{check}");
        }
    }
    let text = sandbox.command(&["doctor"]).observe().stdout;
    assert!(!text.contains("there is no") && !text.contains("Three steps"), "{text}");
    assert_eq!(text.matches(unknown).count(), 1, "one cause is named once: {text}");
}

#[test]
fn the_first_steps_are_those_of_the_credential_that_was_examined() {
    let sandbox = Sandbox::new();
    let text = sandbox.command(&["doctor", "--config", "a.yaml"]).observe().stdout;
    assert!(
        text.contains("a.yaml -c client_secret.json`\n") && text.contains("3. Run `gads-creds login --config "),
        "{text}"
    );
    // A token is there, under another name.
    sandbox.write("google-ads.yaml", format!("use_proto_plus: true\nrefreshToken: {}\n", stored::TOKEN));
    assert!(!sandbox.command(&["doctor"]).observe().stdout.contains("Three steps"));
    // Other profiles exist.
    sandbox.write_profiles("[profiles.work]\nstore = \"file\"\nfile = \"~~/work.yaml\"\n");
    assert!(!sandbox.command(&["doctor", "--config", "a.yaml"]).observe().stdout.contains("Three steps"));
}

#[test]
fn a_pending_login_is_finished_for_its_own_profile() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    stored::works(&sandbox);
    let args = ["login", "--start", "--json", "-p", "other", "-c", "../home/client_secret.json"];
    let id = sandbox.command(&args).stdout_has("id").run().json()["id"].as_str().expect("an id").to_owned();
    let text = sandbox.command(&["doctor", "--offline"]).observe().stdout;
    assert!(text.contains(&format!("`gads-creds login -p other --finish {id}`")), "{text}");
}

/// A proxy may leave the header out.
#[cfg(target_os = "linux")]
#[test]
fn a_response_without_a_date_leaves_nothing_to_do() {
    const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 75\r\n\r\n\
        {\"access_token\":\"ya29.without-a-date\",\"expires_in\":9,\"token_type\":\"Bearer\"}";
    let server = crate::harness::middlebox::Server::says(RESPONSE);
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let doctor = |args: &[&str]| {
        let run = sandbox.command(&[&["doctor"], args].concat());
        run.env("GADS_CREDS_ENDPOINT", format!("http://{}", server.address)).observe()
    };
    let value = doctor(&["--json"]).json();
    let checks = value["checks"].as_array().expect("a list");
    let clock = checks.iter().find(|check| check["id"] == "clock").expect("a check");
    assert_eq!([&clock["status"], &clock["text"]], ["skip", "Google sent no time"], "{value:#}");
    assert!(clock["hint"].is_null(), "{value:#}");
    let text = doctor(&[]).stdout;
    assert!(text.contains("skip  clock: Google sent no time\n") && !text.contains("fix what failed first"), "{text}");
}
