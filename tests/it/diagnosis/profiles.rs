//! `refresh --all` and `show --all` warn of each profile as `refresh` and `show` do of one.

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
