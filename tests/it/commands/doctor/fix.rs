//! `doctor --fix`: what is certain is fixed and named, and nothing else is changed.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::sandbox::Sandbox;
use crate::stored;
use crate::stored::{CLIENT, SECRET, TOKEN};

/// A file of each format: its name, and its text; `PLACEHOLDER` is a line that still has the value of the sample file.
const FILES: [(&str, &str, &str); 9] = [
    (
        "google-ads.yaml",
        "use_proto_plus: true\nclient_id: <CLIENT>\nclient_secret: <SECRET>\nrefresh_token: <TOKEN>\nPLACEHOLDER\n",
        "developer_token: INSERT_DEVELOPER_TOKEN_HERE",
    ),
    (
        "ads.properties",
        "api.googleads.clientId=<CLIENT>\napi.googleads.clientSecret=<SECRET>\napi.googleads.refreshToken=<TOKEN>\nPLACEHOLDER\n",
        "api.googleads.developerToken=INSERT_DEVELOPER_TOKEN_HERE",
    ),
    (
        "google_ads_php.ini",
        "[GOOGLE_ADS]\nPLACEHOLDER\n[OAUTH2]\nclientId = \"<CLIENT>\"\nclientSecret = \"<SECRET>\"\nrefreshToken = \"<TOKEN>\"\n",
        "developerToken = \"INSERT_DEVELOPER_TOKEN_HERE\"",
    ),
    (
        "google_ads_config.rb",
        "Google::Ads::GoogleAds::Config.new do |c|\n  c.client_id = '<CLIENT>'\n  c.client_secret = '<SECRET>'\n  c.refresh_token = '<TOKEN>'\n  PLACEHOLDER\nend\n",
        "c.developer_token = 'INSERT_DEVELOPER_TOKEN_HERE'",
    ),
    (
        "googleads.properties",
        "clientId=<CLIENT>\nclientSecret=<SECRET>\nrefreshToken=<TOKEN>\nPLACEHOLDER\n",
        "developerToken=INSERT_DEVELOPER_TOKEN_HERE",
    ),
    (
        "App.config",
        "<configuration>\n<configSections><section name=\"GoogleAdsApi\" \
         type=\"System.Configuration.DictionarySectionHandler\"/></configSections>\n<GoogleAdsApi>\n\
         <add key=\"OAuth2ClientId\" value=\"<CLIENT>\"/>\n<add key=\"OAuth2ClientSecret\" value=\"<SECRET>\"/>\n\
         <add key=\"OAuth2RefreshToken\" value=\"<TOKEN>\"/>\nPLACEHOLDER\n</GoogleAdsApi>\n</configuration>\n",
        "<add key=\"DeveloperToken\" value=\"INSERT_DEVELOPER_TOKEN_HERE\"/>",
    ),
    (
        "appsettings.json",
        "{\"GoogleAdsApi\": {\n\"OAuth2ClientId\": \"<CLIENT>\",\n\"OAuth2ClientSecret\": \"<SECRET>\",\n\
         \"OAuth2RefreshToken\": \"<TOKEN>\",\nPLACEHOLDER\n\"OAuth2Mode\": \"APPLICATION\"\n}}\n",
        "\"DeveloperToken\": \"INSERT_DEVELOPER_TOKEN_HERE\",",
    ),
    (
        "application_default_credentials.json",
        "{\"type\": \"authorized_user\",\nPLACEHOLDER\n\"client_id\": \"<CLIENT>\",\n\"client_secret\": \"<SECRET>\",\n\"refresh_token\": \"<TOKEN>\"\n}\n",
        "\"quota_project_id\": \"INSERT_PROJECT_ID_HERE\",",
    ),
    (
        ".env",
        "GOOGLE_ADS_CLIENT_ID=<CLIENT>\nGOOGLE_ADS_CLIENT_SECRET=<SECRET>\nGOOGLE_ADS_REFRESH_TOKEN=<TOKEN>\n\
         GOOGLE_ADS_USE_PROTO_PLUS=True\nPLACEHOLDER\n",
        "GOOGLE_ADS_DEVELOPER_TOKEN=INSERT_DEVELOPER_TOKEN_HERE",
    ),
];

fn filled(text: &str, line: &str) -> String {
    let text = text.replace("PLACEHOLDER", line);
    text.replace("<CLIENT>", CLIENT).replace("<SECRET>", SECRET).replace("<TOKEN>", TOKEN)
}

/// Returns the lines of a text without a placeholder.
fn without(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.contains("INSERT_")).collect()
}

fn fix(sandbox: &Sandbox, path: &Path) -> Value {
    let run = sandbox.run(&["doctor", "--offline", "--fix", "--json", "--config", &path.to_string_lossy()]);
    assert!(!run.stderr.contains("doctor --fix"), "it must not name itself: {run:?}");
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    assert_eq!(report["not_fixed"], serde_json::json!([]), "{run:?}");
    report
}

fn ids(report: &Value) -> Vec<&str> {
    let fixed = report["fixed"].as_array().expect("a list");
    fixed.iter().map(|fixed| fixed["id"].as_str().expect("an id")).collect()
}

#[cfg(unix)]
fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644)).expect("the file is ours");
}

#[test]
fn mode_mark_and_placeholders_are_fixed_in_every_format_and_nothing_else_is_changed() {
    for (name, text, placeholder) in FILES {
        let sandbox = Sandbox::new();
        let clean = filled(text, placeholder);
        let path = sandbox.write(name, format!("\u{feff}{clean}"));
        #[cfg(unix)]
        open_to_all(&path);
        // The library does not mind the mark there.
        let keeps_mark =
            ["google-ads.yaml", "google_ads_php.ini", "google_ads_config.rb", "App.config", "appsettings.json"];
        let keeps_mark = keeps_mark.contains(&name);
        let report = fix(&sandbox, &path);
        let expected = [("file-mode", cfg!(unix)), ("byte-order-mark", !keeps_mark), ("placeholders", true)];
        let expected: Vec<&str> = expected.into_iter().filter(|(_, is_found)| *is_found).map(|(id, _)| id).collect();
        assert_eq!(ids(&report), expected, "{name}: {report:#}");
        let fixed = fs::read_to_string(&path).expect("the file is there");
        assert_eq!(fixed.starts_with('\u{feff}'), keeps_mark, "{name}");
        assert_eq!(without(fixed.trim_start_matches('\u{feff}')), without(&clean), "{name}: {fixed}");
        #[cfg(unix)]
        assert_eq!(crate::child::mode(&path), 0o600, "{name}");
        let checks = report["checks"].as_array().expect("a list");
        let is_fine = |check: &&Value| check["status"] != "fail" && check["status"] != "warn";
        assert!(checks.iter().all(|check| is_fine(&check)), "{name}: {report:#}\n{fixed}");
        // The second time there is nothing left, and not one byte changes.
        assert!(ids(&fix(&sandbox, &path)).is_empty(), "{name}");
        assert_eq!(fs::read_to_string(&path).expect("the file is there"), fixed, "{name}");
        let exec = sandbox.run(&["exec", "--config", &path.to_string_lossy(), "--", crate::PROGRAM, "--version"]);
        assert_eq!(exec.code, 0, "{name}: {exec:?}");
    }
}

#[cfg(unix)]
#[test]
fn the_hints_of_other_commands_name_it_with_their_target() {
    let sandbox = Sandbox::new();
    let path = sandbox.write("ads.properties", format!("\u{feff}{}", filled(FILES[1].1, "")));
    let command = format!("`gads-creds doctor --config {} --fix`", path.display());
    for command_line in [
        &["refresh"][..],
        &["exec", "--", crate::PROGRAM, "--version"],
        &["export", "env", "--stdout"],
        &["doctor", "--offline"],
    ] {
        let (verb, rest) = command_line.split_first().expect("a verb");
        let run = sandbox.run(&[&[*verb, "--config", &path.to_string_lossy()], rest].concat());
        assert!(run.code != 0 && run.stderr.contains(&command), "{run:?}");
    }
    open_to_all(&path);
    let show = sandbox.run(&["show", "--config", &path.to_string_lossy()]);
    assert!(show.stderr.contains(&command), "{show:?}");
    let fixed = sandbox.run(&["doctor", "--offline", "--fix", "--config", &path.to_string_lossy()]);
    assert_eq!(fixed.code, 0, "{fixed:?}");
    let lines: Vec<&str> = fixed.stdout.lines().filter(|line| line.starts_with("done ")).collect();
    assert!(lines.len() == 2 && lines[0].contains("0600") && lines[1].contains("byte order mark"), "{fixed:?}");
    let show = sandbox.run(&["show", "--config", &path.to_string_lossy()]);
    assert_eq!((show.code, show.stderr.as_str()), (0, ""), "{show:?}");
}

/// Creates a file that has not been changed for a long time.
fn abandoned(sandbox: &Sandbox, name: &str, text: &str) -> std::path::PathBuf {
    let path = sandbox.write(name, text);
    let long_ago = SystemTime::now() - Duration::from_secs(3600);
    fs::File::options().write(true).open(&path).and_then(|file| file.set_modified(long_ago)).expect("the file is ours");
    path
}

#[test]
fn what_interrupted_runs_left_is_removed_and_what_may_be_of_use_stays() {
    let sandbox = Sandbox::logged_in();
    let gone = [
        abandoned(&sandbox, ".google-ads.yaml.gads-creds-abcdefABCDEF", "half a file"),
        abandoned(&sandbox, ".config/gads-creds/.profiles.toml.gads-creds-abcdefABCDEF", ""),
        abandoned(&sandbox, ".local/state/gads-creds/recovery/0000000000001-abcdefABCDEF.json", ""),
        abandoned(&sandbox, ".local/state/gads-creds/recovery/0000000000002-abcdefABCDEF.probe", " "),
        abandoned(&sandbox, ".local/state/gads-creds/pending/abcdefABCDEF.json", ""),
        abandoned(&sandbox, ".local/state/gads-creds/pending/abcdefABCDEG.probe", " "),
    ];
    let stays = [
        abandoned(&sandbox, ".other.yaml.gads-creds-abcdefABCDEF", "of another file"),
        abandoned(&sandbox, ".google-ads.yaml.gads-creds-mine", "not a name of ours"),
        abandoned(&sandbox, ".local/state/gads-creds/recovery/0000000000003-abcdefABCDEF.json", "{\"damaged\": true}"),
        sandbox.write(".local/state/gads-creds/pending/abcdefABCDEH.json", ""),
    ];
    let before = sandbox.run(&["doctor", "--offline"]);
    assert!(before.stdout.contains("never stored"), "a token comes first: {before:?}");
    let report: Value =
        serde_json::from_str(&sandbox.run(&["doctor", "--offline", "--fix", "--json"]).stdout).expect("JSON");
    assert_eq!(ids(&report), ["leftovers"; 6], "{report:#}");
    assert_eq!(report["not_fixed"], serde_json::json!([]), "{report:#}");
    for path in &gone {
        assert!(!path.exists() && report["fixed"].to_string().contains(&*path.file_name().unwrap().to_string_lossy()));
    }
    assert!(stays.iter().all(|path| path.exists()));
}

#[test]
fn doctor_names_what_interrupted_runs_left() {
    let sandbox = Sandbox::logged_in();
    abandoned(&sandbox, ".google-ads.yaml.gads-creds-abcdefABCDEF", "half a file");
    let before = sandbox.run(&["doctor", "--offline"]);
    let lines: Vec<&str> = before.stdout.lines().skip_while(|line| !line.starts_with("warn")).take(2).collect();
    assert!(lines[0].contains("an interrupted run left") && lines[1].contains("gads-creds doctor --fix"), "{before:?}");
    assert!(!sandbox.run(&["doctor", "--offline", "--fix"]).stdout.contains("warn"));
}

#[test]
fn stale_pending_logins_are_deleted_and_others_stay() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    stored::works(&sandbox);
    let start = || {
        let args = ["login", "--start", "--json", "-c", "../home/client_secret.json"];
        let id = sandbox.command(&args).stdout_has("id").run().json()["id"].as_str().expect("an id").to_owned();
        let path = sandbox.home().join(format!(".local/state/gads-creds/pending/{id}.json"));
        (id, path)
    };
    let logins = [start(), start(), start(), start()];
    let edit = |index: usize, change: &dyn Fn(Value) -> String| {
        let path = &logins[index].1;
        let value = serde_json::from_str(&fs::read_to_string(path).expect("a pending login")).expect("JSON");
        sandbox.write(path, change(value));
        let long_ago = SystemTime::now() - Duration::from_secs(3600);
        fs::File::options().write(true).open(path).and_then(|file| file.set_modified(long_ago)).expect("it is ours");
    };
    edit(0, &|mut login| {
        login["expires_at"] = "2026-01-01T00:00:00Z".into();
        login.to_string()
    });
    edit(1, &|login| login.to_string()[..40].to_owned());
    edit(2, &|mut login| {
        login["version"] = 99.into();
        login.to_string()
    });
    sandbox.command(&["doctor", "--offline"]).stdout_has("warn  pending logins: ").stdout_has("doctor --fix").run();
    let run =
        sandbox.command(&["doctor", "--offline", "--fix"]).stdout_has("done  deleted the pending login").observe();
    assert_eq!(run.stdout.matches("done ").count(), 2, "{run:#?}");
    let left: Vec<bool> = logins.iter().map(|(_, path)| path.exists()).collect();
    assert_eq!(left, [false, false, true, true], "{run:#?}");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_fixed_is_named_and_the_step_is_another_one() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    let text = format!("\u{feff}{}", filled(FILES[1].1, ""));
    let path = sandbox.write("shared/ads.properties", &text);
    let directory = path.parent().expect("a directory");
    fs::set_permissions(directory, fs::Permissions::from_mode(0o777)).expect("it is ours");
    let args = ["doctor", "--offline", "--fix", "--config", &path.to_string_lossy()];
    let run = sandbox.run(&args);
    assert!(
        run.code == 3 && run.stdout.contains("\nwarn  not fixed: ") || run.stdout.starts_with("warn  not fixed: "),
        "{run:?}"
    );
    assert!(run.stderr.contains("chmod o-w") && !run.stderr.contains("--fix"), "{run:?}");
    assert_eq!(fs::read_to_string(&path).expect("it is there"), text);
    let json = sandbox.run(&[&args[..], &["--json"]].concat());
    let report: Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(report["not_fixed"][0]["id"], "byte-order-mark", "{report:#}");
}

#[test]
fn that_there_is_nothing_to_fix_is_said() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let text = stored::yaml(&client, &token) + "use_proto_plus: true\n";
    sandbox.write("google-ads.yaml", &text);
    let run = sandbox.command(&["doctor", "--fix", "--offline"]).stdout_has("ok    nothing that `--fix` changes\n");
    run.run();
    assert_eq!(sandbox.read("google-ads.yaml"), text);
}

#[test]
fn nothing_uncertain_is_touched() {
    for (name, text) in [
        ("google-ads.yaml", "client_id: x\nclient_secret: [\n"),
        (
            "google-ads.yaml",
            "use_proto_plus: INSERT_USE_PROTO_PLUS_FLAG_HERE\nrefreshToken: 1//0a-planted-refresh-token\n",
        ),
        ("ads.properties", "refresh_token=1//0a-planted-refresh-token\n"),
        ("App.config", "<configuration><GoogleAdsApi configSource=\"x.config\"/></configuration>\n"),
        ("settings.txt", "refresh_token=INSERT_REFRESH_TOKEN_HERE\n"),
    ] {
        let sandbox = Sandbox::new();
        let path = sandbox.write(name, text);
        let run = sandbox.run(&["doctor", "--offline", "--fix", "--config", &path.to_string_lossy()]);
        assert!(run.code != 0 && !run.stdout.contains("done "), "{name}: {run:?}");
        assert_eq!(fs::read_to_string(&path).expect("it is there"), text, "{name}");
    }
    let sandbox = Sandbox::new();
    sandbox.run(&["doctor", "--offline", "--fix"]);
    assert!(!sandbox.path("google-ads.yaml").exists());
}
