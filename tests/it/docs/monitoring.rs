//! `docs/monitoring.md`: its commands are run as they stand there, and its files are checked by the programs that read them.
#![cfg(target_os = "linux")]

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::recipes::{self, machine, script, yaml};
use crate::commands::refresh::metrics::samples;
use crate::google::{Endpoint, Fault};
use crate::harness::skip::without;
use crate::sandbox::Sandbox;
use crate::stored::{self, DAY};

const PAGE: &str = "docs/monitoring.md";

fn blocks(language: &str, mark: Option<&str>) -> Vec<String> {
    recipes::blocks(PAGE, language, mark)
}

/// The machine with a profile `work` whose token expires in so many days, if it expires.
fn watched(days: Option<u32>) -> Sandbox {
    let sandbox = machine();
    let token = sandbox.google.secrets().into_iter().find(|secret| secret.starts_with("1//")).expect("a token");
    let lives = days.map(|days| days * DAY + DAY);
    stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &token, DAY, lives));
    sandbox
}

/// Google repeats with the access token that the refresh token expires in an hour.
fn expires_in_an_hour(sandbox: &Sandbox) {
    let soon = |response: &mut Value| response["refresh_token_expires_in"] = 3_600.into();
    sandbox.google.fault_always(Endpoint::Token, Fault::edit(soon));
}

#[test]
fn what_is_marked_as_run_runs() {
    let sandbox = watched(Some(30));
    fs::create_dir(sandbox.home().join("textfile")).unwrap();
    for text in &blocks("sh", Some("<!-- run -->")) {
        script(&sandbox, text).stdout_has("").stderr_has("").run();
    }
    for file in ["gads-creds.prom", "textfile/gads-creds.prom"] {
        let Some(found) = samples(&sandbox.read(file)) else { return };
        assert_eq!(found.len(), 3, "{found:?}");
    }
    // Every other block of commands is the plugin.
    assert_eq!(blocks("sh", None).len(), blocks("sh", Some("<!-- run -->")).len() + 1);
}

#[test]
fn every_metric_of_the_page_is_in_a_file_and_the_reverse() {
    let sandbox = watched(Some(2));
    sandbox.write(
        ".config/gads-creds/profiles.toml",
        sandbox.read(".config/gads-creds/profiles.toml") + "[profiles.gone]\nfile = \"~/none.yaml\"\n",
    );
    script(&sandbox, "gads-creds refresh --all --metrics all.prom").code(3).stderr_has("").run();
    let text = sandbox.read("all.prom");
    let of_file: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE)).unwrap();
    let of_page: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `gads_creds_")?.split('`').next()).collect();
    let of_page: Vec<String> = of_page.iter().map(|name| format!("gads_creds_{name}")).collect();
    assert_eq!(of_file, of_page);
}

#[test]
fn the_units_for_systemd_are_read_by_it_and_their_command_runs() {
    let sandbox = watched(Some(30));
    let units = blocks("ini", None);
    let directory = sandbox.home().join("units");
    fs::create_dir(&directory).unwrap();
    let paths: Vec<PathBuf> =
        ["service", "timer"].map(|kind| directory.join(format!("gads-creds-watch.{kind}"))).into();
    for (path, text) in paths.iter().zip(&units) {
        // It must be there for systemd; here it is not where a package puts it.
        fs::write(path, text.replace("/usr/bin/gads-creds", crate::PROGRAM) + "\n").unwrap();
    }
    assert_eq!(units.len(), paths.len());
    if !without("systemd-analyze") {
        let mut verify = Command::new("systemd-analyze");
        let output = verify.args(["verify", "--man=no"]).args(&paths).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    }
    let command = units[0].lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
    let state = sandbox.home().join("state");
    fs::create_dir(&state).unwrap();
    let command = command.replace("/usr/bin/", "").replace("/var/lib/gads-creds-watch", &state.display().to_string());
    script(&sandbox, &command).run();
    expires_in_an_hour(&sandbox);
    script(&sandbox, &command).code(9).stderr_has("work  expires soon: ").run();
    assert!(
        fs::read_to_string(state.join("gads-creds.prom")).unwrap().contains("gads_creds_valid{profile=\"work\"} 1")
    );
}

#[test]
fn the_line_for_cron_is_read_by_it_and_runs() {
    let sandbox = watched(Some(30));
    let table = &blocks("crontab", None)[0];
    let file = sandbox.write("crontab", format!("{table}\n"));
    if !without("crontab") {
        let output = Command::new("crontab").arg("-n").arg(file).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    let line = table.lines().find(|line| line.starts_with(char::is_numeric)).expect("a line with a time");
    let command = line.splitn(6, ' ').last().expect("a command").replace("/var/lib/gads-creds/", "");
    script(&sandbox, &command).run();
    assert!(sandbox.read("gads-creds.prom").contains("gads_creds_valid"));
}

#[test]
fn the_workflow_for_github_warns_and_fails_as_the_page_says() {
    let sandbox = watched(None);
    let secret = sandbox.read("google-ads.yaml");
    let workflow = yaml(&blocks("yaml", None)[0]);
    let step = &workflow["jobs"]["watch"]["steps"][0];
    assert_eq!(step["env"]["GOOGLE_ADS_YAML"], "${{ secrets.GOOGLE_ADS_YAML }}");
    let run = || {
        let text = step["run"].as_str().unwrap();
        script(&sandbox, text).env("RUNNER_TEMP", sandbox.home()).env("GOOGLE_ADS_YAML", &secret).stderr_has("")
    };
    run().run();
    expires_in_an_hour(&sandbox);
    run().stdout_has("::warning::the Google Ads token expires").run();
    sandbox.google.world().faults = Default::default();
    sandbox.google.fault(Endpoint::Token, Fault::oauth_error(400, "invalid_grant", "Bad Request"));
    run().code(4).run();
}

#[test]
fn node_exporter_serves_the_file() {
    let program = ["prometheus-node-exporter", "node_exporter"].into_iter().find(|program| {
        std::env::var_os("PATH")
            .is_some_and(|path| std::env::split_paths(&path).any(|path| path.join(program).is_file()))
    });
    let Some(program) = program else { return crate::harness::skip::skip("node_exporter is not installed") };
    let sandbox = watched(Some(30));
    fs::create_dir(sandbox.home().join("textfile")).unwrap();
    script(&sandbox, "gads-creds refresh --all --metrics textfile/gads-creds.prom").stderr_has("").run();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut exporter = Command::new(program)
        .args(["--collector.disable-defaults", "--collector.textfile"])
        .arg(format!("--collector.textfile.directory={}", sandbox.home().join("textfile").display()))
        .arg(format!("--web.listen-address=127.0.0.1:{port}"))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let end = Instant::now() + Duration::from_secs(30);
    let address = format!("http://127.0.0.1:{port}/metrics");
    let page = loop {
        let output = Command::new("curl").args(["--silent", "--noproxy", "*", &address]).output().unwrap();
        if output.status.success() || Instant::now() > end {
            break String::from_utf8_lossy(&output.stdout).into_owned();
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    exporter.kill().unwrap();
    exporter.wait().unwrap();
    assert!(page.contains("gads_creds_valid{profile=\"work\"} 1"), "{page}");
    assert!(page.contains("node_textfile_scrape_error 0"), "{page}");
}

#[test]
fn prometheus_reads_the_rules() {
    let rules = &blocks("yaml", None)[1];
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE)).unwrap();
    for alert in yaml(rules)["groups"][0]["rules"].as_array().unwrap() {
        let metric = alert["expr"].as_str().unwrap().split(|char: char| !char.is_ascii_alphanumeric() && char != '_');
        let metric = metric.into_iter().find(|word| word.starts_with("gads_creds_")).expect("a metric of ours");
        assert!(page.contains(&format!("| `{metric}` |")), "{metric}");
    }
    if without("promtool") {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("rules.yml");
    fs::write(&file, rules).unwrap();
    let output = Command::new("promtool").args(["check", "rules"]).arg(file).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn the_plugin_has_a_line_and_a_code_for_each_state() {
    let sandbox = watched(Some(30));
    let text = &blocks("sh", Some("<!-- run: check_gads_creds -->"))[0];
    let plugin = sandbox.write("../bin/check_gads_creds", text);
    sandbox.chmod(plugin, 0o755);
    let check = |code: i32, says: &str| {
        let run = script(&sandbox, "check_gads_creds -p work").code(code).stdout_has(says).run();
        assert_eq!(run.stdout.lines().count(), 1, "{run:#?}");
        assert!(!run.stdout.contains('|'), "{run:#?}");
    };
    check(0, "GADS OK - the token works\n");
    expires_in_an_hour(&sandbox);
    check(1, "GADS WARNING - profile `work`: the refresh token expires in 60 minutes");
    sandbox.google.world().faults = Default::default();
    sandbox.google.fault(Endpoint::Token, Fault::oauth_error(400, "invalid_grant", "a | b"));
    check(2, "GADS CRITICAL - ");
    sandbox.google.fault_always(Endpoint::Token, Fault::page(503, "later"));
    check(3, "GADS UNKNOWN - ");
    script(&sandbox, "check_gads_creds -p nobody").code(2).stdout_has("GADS CRITICAL - there is no profile").run();
}
