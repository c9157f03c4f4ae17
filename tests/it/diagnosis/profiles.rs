//! `refresh --all` and `show --all` warn of each profile as `refresh` and `show` do of one.

use std::time::Duration;

use crate::sandbox::Sandbox;
use crate::stored;

/// Two profiles whose libraries fail on a line of their files, and one with nothing wrong.
fn three_profiles() -> Sandbox {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let good = stored::yaml(&client, &token);
    sandbox.write("a.yaml", good.replace("use_proto_plus: true\n", "login_customer_id: 12\n"));
    sandbox.write("b.yaml", good.replace("# mine", "logging: INFO"));
    sandbox.write_profiles(
        "[profiles.a]\nfile = \"~~a.yaml\"\n[profiles.b]\nfile = \"~~b.yaml\"\n[profiles.good]\nfile = \"~~google-ads.yaml\"\n",
    );
    sandbox
}

#[test]
fn the_warning_that_explains_is_printed_for_each_profile() {
    let sandbox = three_profiles();
    for command in [&["refresh", "--all"][..], &["show", "--all"]] {
        let run = sandbox.command(command).observe();
        let warnings: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with("warning: ")).collect();
        assert!(run.code == 0 && warnings.len() == 2, "{command:?}: {run:#?}");
        assert!(warnings[0].contains("`use_proto_plus` is missing"), "{run:#?}");
        assert!(warnings[1].contains("line 1: `logging` is not JSON"), "{run:#?}");
        assert_eq!(run.stderr.matches("\nhint: ").count(), 2, "{run:#?}");
    }
    let all = sandbox.command(&["refresh", "--all"]).observe().stderr;
    assert!(
        all.contains("warning: `a`: ") && all.contains(" (and 1 more)\n") && all.contains("warning: `b`: "),
        "{all}"
    );
}

#[test]
fn a_line_that_works_and_is_not_what_it_looks_like_is_a_warning_of_show() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    sandbox.write("google-ads.yaml", stored::yaml(&client, &token) + "\nmanager_customer_id: 1234567890\n");
    sandbox.write_profiles("default = \"work\"\n[profiles.work]\nfile = \"~~google-ads.yaml\"\n");
    for command in [&["show"][..], &["show", "--all"], &["show", "--json"], &["show", "--all", "--json"]] {
        let run = sandbox.command(command).observe();
        let text = run.stdout.clone() + &run.stderr;
        assert_eq!(text.matches("`manager_customer_id` is").count(), 1, "{command:?}: {run:#?}");
    }
}

#[test]
fn a_wrong_clock_is_a_warning_once() {
    let sandbox = three_profiles();
    sandbox.google.later(Duration::from_secs(1800));
    let fact = "clock is 30 minutes behind Google's";
    let run = sandbox.command(&["refresh", "--all"]).observe();
    assert!(run.code == 0 && run.stderr.matches(fact).count() == 1, "{run:#?}");
    assert!(run.stderr.find("good").unwrap_or(usize::MAX) < run.stderr.find(fact).unwrap_or_default(), "{run:#?}");
    let json = sandbox.command(&["refresh", "--all", "--json"]).observe();
    assert!(json.code == 0 && json.stdout.lines().all(|line| line.matches(fact).count() == 1), "{json:#?}");
    // What is wrong with a token hides no clock.
    for name in ["a.yaml", "b.yaml", "google-ads.yaml"] {
        let text = sandbox.read(name).replace("refresh_token: 1//", "refresh_token: 1//0");
        sandbox.write(name, text);
    }
    let run = sandbox.command(&["refresh", "--all"]).observe();
    assert!(run.code == 4 && run.stderr.matches(fact).count() == 1, "{run:#?}");
}

#[test]
fn json_has_the_warnings_of_each_profile() {
    let sandbox = three_profiles();
    let shown = sandbox.command(&["show", "--all", "--json"]).observe().json();
    let of_show: Vec<usize> = shown["profiles"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|profile| profile["warnings"].as_array().map_or(0, Vec::len))
        .collect();
    assert_eq!(of_show, [2, 1, 0], "{shown}");
    for (name, count) in [("a", 2), ("b", 1), ("good", 0)] {
        for verb in ["refresh", "show"] {
            let run = sandbox.command(&[verb, "-p", name, "--json"]).observe();
            let warnings = run.json()["warnings"].as_array().cloned().unwrap_or_default();
            assert_eq!(warnings.len(), count, "{verb} {name}: {run:#?}");
            assert!(warnings.iter().all(|warning| warning["message"].is_string() && warning["hint"].is_string()));
        }
    }
    let refreshed = sandbox.command(&["refresh", "--all", "--json"]).observe();
    let lines = refreshed.stdout.lines().filter(|line| line.contains("is not ten digits"));
    assert_eq!(lines.count(), 1, "{refreshed:#?}");
}
