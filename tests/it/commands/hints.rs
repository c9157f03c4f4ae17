//! Every failure that a user can meet says what, where, and one next step.

use crate::home::Home;

/// Arguments, exit code, what the message holds, and how the hint begins. `@` is the home directory.
const CASES: &[(&[&str], i32, &str, &str)] = &[
    (&["login", "-c", "adir"], 2, "`adir` is a directory", "name a file in it"),
    (&["show", "--config", "adir"], 1, "`@adir` is a directory", "name a file in it"),
    (&["refresh", "--config", "adir"], 1, "`@adir` is a directory", "name a file in it"),
    (&["show", "--config", "broken.yaml"], 1, "`@broken.yaml` line 2: a bracket is not closed", "fix line 2"),
    (&["exec", "--config", "broken.yaml", "--", "x"], 1, "line 2: a bracket is not closed", "fix line 2"),
    (&["show", "--config", "good.yaml/x.yaml"], 1, "`@good.yaml/x.yaml`", "check the path"),
    (
        &["show", "--config", "large.yaml"],
        1,
        "`@large.yaml` is larger than 1 MiB",
        "name the file that holds the settings",
    ),
    (
        &["show", "--config", "no.yaml"],
        3,
        "in @no.yaml: there is no such file",
        "run `gads-creds login --config @no.yaml`",
    ),
    (&["refresh", "--config", "no.yaml"], 3, "in @no.yaml: there is no such file", "run `gads-creds login"),
    (&["export", "--config", "no.yaml", "java"], 3, "in @no.yaml: there is no such file", "run `gads-creds login"),
    (&["exec", "--config", "no.yaml", "--", "x"], 3, "in @no.yaml: there is no such file", "run `gads-creds login"),
    (&["revoke", "--config", "no.yaml", "--yes"], 3, "in @no.yaml", "nothing is left to revoke here"),
    (&["show", "--config", "what.txt"], 2, "cannot tell the format of `@what.txt`", "add `--format`"),
    (
        &["login", "-c", "secrets.json", "--developer-token-file", "no"],
        2,
        "there is no file `no`",
        "leave `--developer-token-file` out",
    ),
    (
        &["login", "-c", "secrets.json", "--developer-token-file", "adir"],
        1,
        "`adir` is a directory",
        "name a file in it",
    ),
    (&["export", "--config", "good.yaml", "java", "adir"], 1, "`@adir` is a directory", "name a file in it"),
];

#[test]
fn a_failure_names_what_where_and_the_next_step() {
    let home = Home::new();
    home.write("adir/x", "");
    home.write("broken.yaml", "client_id: a\nclient_secret: [\n");
    home.write("large.yaml", &"#".repeat((1 << 20) + 1));
    home.write("what.txt", "");
    home.write_yaml("good.yaml", crate::home::TOKEN);
    home.write("secrets.json", include_str!("../../../fixtures/client_secrets/desktop.json"));
    let here = home.path("").to_string_lossy().into_owned();
    for (args, code, message, hint) in CASES {
        if cfg!(windows) && args.contains(&"good.yaml/x.yaml") {
            // Windows does not tell a file where a directory belongs from nothing.
            continue;
        }
        let at = |text: &str| text.replace('@', &here);
        let run = home.run(args);
        let (first, next) = run.err.split_once('\n').unwrap_or_default();
        assert_eq!(run.code, Some(*code), "{args:?}: {run:?}");
        assert!(first.starts_with("error: ") && first.contains(&at(message)), "{args:?}: {run:?}");
        assert!(next.starts_with(&format!("hint: {}", at(hint))) && next.lines().count() == 1, "{args:?}: {run:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_command_that_cannot_be_run_says_what_would_help() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::logged_in();
    home.write("script", "#!/nowhere/at/all\n");
    home.write("adir/x", "");
    home.run(&["exec", "--", "./script"])
        .fails(126, &["cannot run `./script`", "hint: if it is a program, run `chmod +x ./script`"]);
    std::fs::set_permissions(home.path("script"), std::fs::Permissions::from_mode(0o700)).expect("it is ours");
    home.run(&["exec", "--", "./script"])
        .fails(126, &["the interpreter that it names is not there", "hint: install what its first line"]);
    home.run(&["exec", "--", "./adir"]).fails(126, &["cannot run `./adir`", "hint: name a program in that directory"]);
}
