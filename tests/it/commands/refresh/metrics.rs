//! `refresh --metrics`: what was found of each profile, as Prometheus reads it, in a file that is replaced in one step.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use chrono::Utc;

use crate::google::{Endpoint, Fault};
use crate::harness::libraries::read_by_python;
use crate::harness::skip::without;
use crate::sandbox::{Sandbox, Spec};
use crate::stored::{self, DAY};

/// Reads the text as Prometheus' own Python client does: of each metric its type and its samples.
const PARSER: &str = r"
import json, sys
try:
    from prometheus_client.parser import text_string_to_metric_families
except ImportError:
    print('prometheus-client is not installed', file=sys.stderr)
    sys.exit(77)
answers = []
for text in json.load(sys.stdin):
    families = list(text_string_to_metric_families(text))
    assert all(family.type == 'gauge' and family.documentation for family in families), families
    samples = [[sample.name, sample.labels, sample.value] for family in families for sample in family.samples]
    answers.append(samples)
print(json.dumps(answers))
";

/// What an earlier run left.
#[cfg(unix)]
const OLD: &str = "# HELP gads_creds_old old\n";

/// The value of each sample, by metric and labels.
pub type Samples = BTreeMap<(String, Vec<(String, String)>), f64>;

/// The samples in the file; `None` where nothing here reads them.
pub fn samples(text: &str) -> Option<Samples> {
    let answers = read_by_python(PARSER, &[text.to_owned()])?;
    let mut samples = Samples::new();
    for sample in answers[0].as_array().unwrap() {
        let labels = sample[1].as_object().unwrap().iter();
        let labels = labels.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
        let key = (sample[0].as_str().unwrap().to_owned(), labels);
        assert!(samples.insert(key, sample[2].as_f64().unwrap()).is_none(), "a sample twice in {text}");
    }
    check_by_promtool(text);
    Some(samples)
}

/// Prometheus' own program has nothing to say against the text.
fn check_by_promtool(text: &str) {
    if without("promtool") {
        return;
    }
    let mut promtool = Command::new("promtool");
    let mut promtool =
        promtool.args(["check", "metrics"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = promtool.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?} for {text}");
}

/// The value of that metric for this profile.
pub fn of(samples: &Samples, name: &str, profile: &str) -> Option<f64> {
    samples.get(&(name.to_owned(), vec![("profile".to_owned(), profile.to_owned())])).copied()
}

/// The exit code under which a failure of this profile is counted.
pub fn failure(samples: &Samples, profile: &str) -> Option<String> {
    let mut found = samples.keys().filter(|(name, labels)| {
        name == "gads_creds_failure" && labels.contains(&("profile".to_owned(), profile.to_owned()))
    });
    let code = found.next().map(|(_, labels)| labels.iter().find(|(name, _)| name == "code").unwrap().1.clone());
    assert_eq!(found.next(), None);
    code
}

fn refresh<'a>(sandbox: &'a Sandbox, args: &[&str]) -> Spec<'a> {
    sandbox.command(&[&["refresh", "--metrics", "gads.prom"], args].concat()).stderr_has("")
}

fn file(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.work().join("gads.prom")).expect("the metrics")
}

#[test]
fn a_profile_that_works_has_three_samples() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &token, DAY, Some(30 * DAY)));
    refresh(&sandbox, &["-p", "work"]).run();
    let Some(found) = samples(&file(&sandbox)) else { return };
    let now = Utc::now().timestamp() as f64;
    assert_eq!(of(&found, "gads_creds_valid", "work"), Some(1.0));
    let expires = of(&found, "gads_creds_expires_timestamp_seconds", "work").unwrap();
    assert!((expires - now - 29.0 * 86_400.0).abs() < 60.0, "{found:?}");
    assert!((of(&found, "gads_creds_checked_timestamp_seconds", "work").unwrap() - now).abs() < 60.0, "{found:?}");
    assert_eq!(found.len(), 3);
    // It works and expires soon: that is not a failure of the credentials.
    refresh(&sandbox, &["-p", "work", "--expires-within", "60d"]).code(9).run();
    let again = samples(&file(&sandbox)).unwrap();
    assert_eq!((of(&again, "gads_creds_valid", "work"), again.len()), (Some(1.0), 3));
}

#[test]
fn a_failure_is_written_with_its_exit_code() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &token, DAY, Some(30 * DAY)));
    let later = Fault::page(503, "later");
    sandbox.google.fault_always(Endpoint::Token, later);
    refresh(&sandbox, &["-p", "work", "--json"]).code(6).stdout_has("{").run();
    let Some(found) = samples(&file(&sandbox)) else { return };
    assert_eq!((of(&found, "gads_creds_valid", "work"), failure(&found, "work").as_deref()), (Some(0.0), Some("6")));
    // What was recorded of it is still true.
    assert!(of(&found, "gads_creds_expires_timestamp_seconds", "work").is_some());
    sandbox.google.world().faults = Default::default();
    sandbox.google.withdraw(&client);
    for (args, code, name) in [
        (&["-p", "work"][..], 4, "work".to_owned()),
        (&["-p", "nobody"], 3, "nobody".to_owned()),
        (&["--config", "none.yaml"], 3, sandbox.work().join("none.yaml").display().to_string()),
        (&["--config", "gs://bucket/x.yaml"], 2, "gs://bucket/x.yaml".to_owned()),
    ] {
        refresh(&sandbox, args).code(code).run();
        let found = samples(&file(&sandbox)).unwrap();
        assert_eq!(
            (of(&found, "gads_creds_valid", &name), failure(&found, &name)),
            (Some(0.0), Some(code.to_string())),
            "{found:?}"
        );
        assert!(of(&found, "gads_creds_checked_timestamp_seconds", &name).is_some());
    }
    refresh(&sandbox, &[]).env("GADS_CREDS_PROFILE", "nobody").code(3).run();
    assert_eq!(failure(&samples(&file(&sandbox)).unwrap(), "nobody").as_deref(), Some("3"));
}

#[test]
fn one_file_has_all_profiles_whatever_became_of_them() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    sandbox.write("no-token.yaml", format!("client_id: {}\nclient_secret: {}\n", client.id, client.secret));
    sandbox.write("revoked.yaml", stored::yaml(&client, "1//0-revoked-long-ago"));
    stored::profile(&sandbox, "soon", &stored::metadata(&sandbox, &token, 29 * DAY, Some(30 * DAY)));
    let mut entries = sandbox.read(".config/gads-creds/profiles.toml");
    // The last is a name that no profile can have, with everything that a label has to escape.
    for (name, file) in [
        ("empty", "no-token.yaml"),
        ("revoked", "revoked.yaml"),
        ("missing", "none.yaml"),
        ("plain", "google-ads.yaml"),
        (r#""a\"b\\c\nd}é""#, "google-ads.yaml"),
    ] {
        entries += &format!("[profiles.{name}]\nfile = \"~/{file}\"\n");
    }
    sandbox.write(".config/gads-creds/profiles.toml", entries);
    refresh(&sandbox, &["--all", "--expires-within", "2d"]).code(4).run();
    let Some(found) = samples(&file(&sandbox)) else { return };
    let odd = "a\"b\\c\\nd}é";
    for (name, valid, code) in [
        ("soon", 1.0, None),
        ("plain", 1.0, None),
        ("empty", 0.0, None),
        ("revoked", 0.0, Some("4")),
        ("missing", 0.0, Some("3")),
    ] {
        let is = (of(&found, "gads_creds_valid", name), failure(&found, name));
        assert_eq!(is, (Some(valid), code.map(str::to_owned)), "{name} in {found:?}");
    }
    assert_eq!(of(&found, "gads_creds_valid", odd), Some(0.0), "{found:?}");
    let dated = found.keys().filter(|(name, _)| name == "gads_creds_expires_timestamp_seconds").count();
    assert_eq!(
        (dated, found.keys().filter(|(name, _)| name == "gads_creds_checked_timestamp_seconds").count()),
        (1, 6)
    );
}

#[cfg(unix)]
#[test]
fn credentials_without_a_name_are_named_by_their_file() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let path = sandbox.home().join("a \"quoted\" \\ directory/google-ads.yaml");
    sandbox.write(&path, stored::yaml(&client, &token));
    for (args, path) in
        [(vec![], sandbox.home().join("google-ads.yaml")), (vec!["--config", path.to_str().unwrap()], path.clone())]
    {
        refresh(&sandbox, &args).run();
        let Some(found) = samples(&file(&sandbox)) else { return };
        assert_eq!(of(&found, "gads_creds_valid", path.to_str().unwrap()), Some(1.0), "{found:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_could_not_be_written_is_found_before_anything_is_sent() {
    use std::os::unix::fs::symlink;
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    stored::profile(&sandbox, "work", "");
    sandbox.write("kept", "kept");
    symlink(sandbox.home().join("kept"), sandbox.work().join("link.prom")).unwrap();
    fs::create_dir(sandbox.work().join("directory.prom")).unwrap();
    let mut cases = vec![
        ("missing/gads.prom", 1, "there is no directory"),
        ("../home/kept/gads.prom", 1, "is not a directory"),
        ("directory.prom", 1, "is a directory"),
        ("link.prom", 1, "is a link"),
        ("/dev/full", 1, "is a device"),
        ("gs://bucket/gads.prom", 2, "is a URL"),
        ("", 2, "needs a value"),
        ("-", 2, "not to standard output"),
    ];
    if cfg!(target_os = "linux") {
        cases.push(("/proc/gads.prom", 1, "the metrics cannot be written: "));
    }
    for (path, code, says) in cases {
        for which in [&["-p", "work"][..], &["--all"]] {
            let args = [&["refresh", "--metrics", path], which].concat();
            sandbox.command(&args).code(code).stderr_has(says).run();
        }
    }
    assert!(sandbox.google.world().requests.is_empty());
    assert_eq!(sandbox.read("kept"), "kept");
    assert!(!sandbox.work().join("missing").exists());
}

#[cfg(unix)]
#[test]
fn the_mode_is_that_of_the_umask_or_the_one_that_the_file_has() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let path = sandbox.work().join("gads.prom");
    for (before, umask, after) in [(None, "022", 0o644), (None, "027", 0o640), (Some(0o604), "077", 0o604)] {
        let _ = fs::remove_file(&path);
        if let Some(mode) = before {
            fs::write(&path, OLD).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }
        let script = format!("umask {umask}; exec '{}' refresh --quiet --metrics gads.prom", crate::PROGRAM);
        sandbox.other_program("/bin/sh", &["-c", &script]).stderr_has("").run();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, after);
        assert!(file(&sandbox).contains("gads_creds_valid"));
    }
}

#[test]
fn what_killed_runs_left_is_cleared_when_it_is_old_and_nothing_else_is() {
    use std::time::{Duration, SystemTime};
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let make = |name: &str, age: u64| {
        let path = sandbox.work().join(name);
        let time = SystemTime::now() - Duration::from_secs(age);
        fs::File::create(&path).unwrap().set_modified(time).unwrap();
        path
    };
    let old = make(".gads.prom.gads-creds-abcdefghijkl", 3_600);
    let kept = [
        make(".gads.prom.gads-creds-mnopqrstuvwx", 1),
        make(".other.prom.gads-creds-abcdefghijkl", 3_600),
        make("gads.prom.backup", 3_600),
    ];
    refresh(&sandbox, &[]).run();
    assert!(!old.exists() && kept.iter().all(|path| path.exists()));
    // Nothing of this run is left beside the file.
    let names: Vec<_> = fs::read_dir(sandbox.work()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_file_is_replaced_once_and_whole_or_stays_as_it_was() {
    use crate::traced as strace;
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let path = sandbox.work().join("gads.prom");
    stored::profile(&sandbox, "one", "");
    let more = sandbox.read(".config/gads-creds/profiles.toml") + "[profiles.two]\nfile = \"~/google-ads.yaml\"\n";
    sandbox.write(".config/gads-creds/profiles.toml", more);
    if strace::cannot() {
        return;
    }
    let args = ["refresh", "--metrics", "gads.prom"];
    let all = [&args[..], &["--all"]].concat();
    let run = strace::command(&sandbox, None, &all).observe();
    let log = strace::log(&sandbox);
    let replaced = log.lines().filter(|line| line.contains("rename") && line.contains("gads.prom\"")).count();
    assert_eq!((run.code, replaced), (0, 1), "{log}");
    assert!(!log.lines().any(|line| line.contains("openat") && line.contains("/gads.prom\"") && line.contains("O_WR")));
    for fault in ["rename:error=EACCES", "rename:error=EIO"] {
        fs::write(&path, OLD).unwrap();
        let failed = strace::command(&sandbox, Some(fault), &[&args[..], &["-p", "one", "--json"]].concat()).observe();
        assert_eq!((failed.code, file(&sandbox).as_str()), (1, OLD), "{failed:#?}");
        // The credentials work all the same.
        let json = failed.json();
        assert_eq!((&json["valid"], &json["error"]["code"]), (&true.into(), &1.into()), "{json}");
        let names = fs::read_dir(sandbox.work()).unwrap().map(|entry| entry.unwrap().file_name());
        assert!(!names.into_iter().any(|name| name.to_string_lossy().contains("gads-creds-")));
        let all = strace::command(&sandbox, Some(fault), &all).observe();
        assert!(
            all.code == 1 && all.stderr.contains("one  ok") && all.stderr.contains("metrics cannot be"),
            "{all:#?}"
        );
        sandbox.google.fault(Endpoint::Token, Fault::oauth_error(400, "invalid_grant", "Bad Request"));
        let both = strace::command(&sandbox, Some(fault), &[&args[..], &["-p", "one"]].concat()).observe();
        assert!(both.code == 4 && both.stderr.contains("metrics cannot be written"), "{both:#?}");
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_is_interrupted_leaves_the_file_as_it_was() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    stored::profile(&sandbox, "work", "");
    for which in [&["-p", "work"][..], &["--all"]] {
        fs::write(sandbox.work().join("gads.prom"), OLD).unwrap();
        let before = sandbox.google.requests(Endpoint::Token).len();
        sandbox.google.fault(Endpoint::Token, Fault::Silence);
        let running = refresh(&sandbox, which).code(130).start();
        while sandbox.google.requests(Endpoint::Token).len() == before {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let id = rustix::process::Pid::from_raw(running.id().cast_signed()).unwrap();
        rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
        running.finish();
        assert_eq!(file(&sandbox), OLD);
    }
}

#[test]
fn a_replaced_token_is_stored_before_the_metrics_say_that_it_works() {
    let sandbox = Sandbox::new();
    let (_, old) = stored::works(&sandbox);
    sandbox.google.world().rotate = true;
    refresh(&sandbox, &[]).run();
    assert!(!sandbox.read("google-ads.yaml").contains(&old));
    assert!(!file(&sandbox).contains("1//"));
}
