//! Every failure that a user can see says what, where, and one next step.

use crate::sandbox::{QUOTE, Sandbox};

/// Arguments, exit code, part of the message, and the beginning of the hint. `@` is the home directory.
const CASES: &[(&[&str], i32, &str, &str)] = &[
    (&["login", "-c", "adir"], 2, "`adir` is a directory", "name a file in it"),
    (&["show", "--config", "adir"], 1, "`@adir` is a directory", "name a file in it"),
    (&["refresh", "--config", "adir"], 1, "`@adir` is a directory", "name a file in it"),
    (&["show", "--config", "broken.yaml"], 1, "line 2 of `@broken.yaml`: a bracket is not closed", "fix line 2"),
    (
        &["exec", "--config", "broken.yaml", "--", "x"],
        1,
        "line 2 of `@broken.yaml`: a bracket is not closed",
        "fix line 2",
    ),
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
        "in `@no.yaml`: there is no such file",
        "run `gads-creds login --config @no.yaml`",
    ),
    (&["refresh", "--config", "no.yaml"], 3, "in `@no.yaml`: there is no such file", "run `gads-creds login"),
    (&["export", "--config", "no.yaml", "java"], 3, "in `@no.yaml`: there is no such file", "run `gads-creds login"),
    (&["exec", "--config", "no.yaml", "--", "x"], 3, "in `@no.yaml`: there is no such file", "run `gads-creds login"),
    (&["revoke", "--config", "no.yaml", "--yes"], 3, "in `@no.yaml`", "nothing is left to revoke here"),
    (&["show", "--config", "what.txt"], 2, "cannot determine the format of `@what.txt`", "add `--format`"),
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
    let sandbox = Sandbox::new();
    sandbox.write("adir/x", "");
    sandbox.write("broken.yaml", "client_id: a\nclient_secret: [\n");
    sandbox.write("large.yaml", "#".repeat((1 << 20) + 1));
    sandbox.write("what.txt", "");
    sandbox.write_yaml("good.yaml", crate::stored::TOKEN);
    sandbox.write("secrets.json", include_str!("../../../fixtures/client_secrets/desktop.json"));
    let here = sandbox.path("").to_string_lossy().into_owned();
    for (args, code, message, hint) in CASES {
        if cfg!(windows) && args.contains(&"good.yaml/x.yaml") {
            // Windows does not distinguish a file in place of a directory from a missing one.
            continue;
        }
        let at = |text: &str| text.replace('@', &here);
        let run = sandbox.run(args);
        let (first, next) = run.stderr.split_once('\n').unwrap_or_default();
        assert_eq!(run.code, *code, "{args:?}: {run:?}");
        assert!(first.starts_with("error: ") && first.contains(&at(message)), "{args:?}: {run:?}");
        assert!(next.starts_with(&format!("hint: {}", at(hint))) && next.lines().count() == 1, "{args:?}: {run:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_command_that_cannot_run_says_what_would_help() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::logged_in();
    sandbox.write("script", "#!/nowhere/at/all\n");
    sandbox.write("adir/x", "");
    sandbox
        .run(&["exec", "--", "./script"])
        .fails(126, &["cannot run `./script`", "hint: if it is a program, run `chmod +x ./script`"]);
    std::fs::set_permissions(sandbox.path("script"), std::fs::Permissions::from_mode(0o700)).expect("it is ours");
    sandbox
        .run(&["exec", "--", "./script"])
        .fails(126, &["the interpreter that it names is not there", "hint: install what its first line"]);
    sandbox
        .run(&["exec", "--", "./adir"])
        .fails(126, &["cannot run `./adir`", "hint: name a program in that directory"]);
}

#[cfg(unix)]
#[test]
fn a_command_of_a_shell_and_a_start_that_the_system_refuses_have_their_causes() {
    let sandbox = Sandbox::logged_in();
    let exec = |args: &[&str]| sandbox.run(&[&["exec", "--"], args].concat());
    exec(&["FOO=1", "prog"]).fails(127, &["there is no command `FOO=1`", "put `env` before it"]);
    exec(&["cd", "/"]).fails(127, &["there is no command `cd`", "hint: only a shell has this command: run `sh -c`"]);
    let circle = sandbox.path("circle");
    std::os::unix::fs::symlink(&circle, &circle).expect("a link");
    exec(&["./circle"]).fails(126, &["its symbolic links lead in a circle", "hint: fix these links"]);
    if cfg!(not(target_os = "linux")) {
        return;
    }
    // No variable may be as long as this token.
    let token = format!("developer_token: {}\n", "Ab3x".repeat(1 << 15));
    sandbox.write("long.yaml", std::fs::read_to_string(sandbox.path("google-ads.yaml")).expect("a file") + &token);
    let run = sandbox.run(&["exec", "--config", "long.yaml", "--", "/usr/bin/true"]);
    run.fails(126, &["arguments and environment are too long", "hint: pass less"]);
}

/// Commands that fail in different ways, each with a target of its own before or after it.
const FAILURES: &[&[&str]] = &[
    &["login", "-c", "no.json"],
    &["login", "-c", "adir"],
    &["login", "-c", "secrets.json", "--developer-token-file", "no"],
    &["login", "--key-file", "no.json"],
    &["login", "--key-file", "secrets.json"],
    &["login", "--store", "nowhere"],
    &["login", "secrets.json"],
    &["show"],
    &["refresh"],
    &["refresh", "--print-access-token"],
    &["revoke", "--yes"],
    &["revoke", "--local-only", "--yes"],
    &["set"],
    &["set", "--login-customer-id", "1234567890"],
    &["set", "--default"],
    &["move", "--store", "file"],
    &["move", "--store", "nowhere"],
    &["exec", "--", "true"],
    &["exec", "--as-file", "java", "--", "true"],
    &["export", "java"],
    &["export", "adc", "--stdout"],
    &["doctor", "--offline"],
    // A command line that cannot be parsed.
    &["logout"],
    &["logn"],
    &["token"],
    &["auth", "login"],
    &["export"],
    &["refresh", "--reveal"],
    &["help", "nothing"],
];

/// Returns the commands of this program between backticks, as words.
fn commands(text: &str) -> Vec<Vec<String>> {
    let parts = text.split('`').skip(1).step_by(2);
    parts
        .filter(|part| part.starts_with("gads-creds "))
        .map(|part| shell_words(part).into_iter().skip(1).collect())
        .collect()
}

/// Splits words as a shell does, with the quotes that hints have there.
fn shell_words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for char in text.chars() {
        match char {
            QUOTE => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().expect("there is one from the start").push(char),
        }
    }
    words
}

#[test]
fn every_command_in_a_hint_is_valid_and_selects_the_same_credential() {
    let sandbox = Sandbox::new();
    sandbox.write("adir/x", "");
    sandbox.write("secrets.json", include_str!("../../../fixtures/client_secrets/desktop.json"));
    sandbox.write("not yaml", "client_id = [\n");
    sandbox.write(
        "code.yaml",
        "client_id: 1-a.apps.googleusercontent.com\nclient_secret: GOCSPX-x\nrefresh_token: 4/0Aabcdefghijkl\n",
    );
    sandbox.write(
        "placeholders.yaml",
        "client_id: INSERT_OAUTH2_CLIENT_ID_HERE\nrefresh_token: INSERT_REFRESH_TOKEN_HERE\n",
    );
    sandbox.write("other.yaml", "json_key_file_path: /nowhere/key.json\nimpersonated_email: a@b.c\n");
    sandbox.write("client.yaml", "client_id: 1-a.apps.googleusercontent.com\nclient_secret: GOCSPX-x\n");
    sandbox.write_profiles(
        "[profiles.work]\nfile = \"~~client.yaml\"\n[profiles.gone]\nfile = \"~~gone.yaml\"\n\
         [profiles.vault]\nstore = \"command\"\nget = [\"gads-creds-no-such-engine\"]\n",
    );
    let (mut checked, mut faults) = (0, Vec::new());
    for target in [
        &["-p", "work"][..],
        &["-p", "gone"],
        &["-p", "vault"],
        &["-p", "nobody"],
        &["--config", "no.yaml"],
        &["--config", "code.yaml"],
        &["--config", "placeholders.yaml"],
        &["--config", "other.yaml"],
        &["--config", "not yaml", "--format", "python"],
        &["--config", "a b", "--format", "php"],
    ] {
        for failure in FAILURES {
            let split = failure.iter().position(|word| *word == "--").unwrap_or(failure.len());
            let args = [&failure[..split], target, &failure[split..]].concat();
            let run = sandbox.run(&args);
            let conversation: Vec<&str> = run.stderr.lines().filter(|line| !line.starts_with("error: ")).collect();
            for command in commands(&conversation.join("\n")).into_iter().chain(commands(&run.stdout)) {
                checked += 1;
                if let Some(fault) = fault(&sandbox, target, &command) {
                    faults.push(format!("{args:?}: `gads-creds {}`: {fault}", command.join(" ")));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(checked > 200, "only {checked} commands were seen");
}

/// Returns why the program does not accept this command, or selects another credential than `target`.
fn fault(sandbox: &Sandbox, target: &[&str], command: &[String]) -> Option<String> {
    let words = command.iter().map(String::as_str).take_while(|word| *word != "--");
    // `ID` stands for the user's own, as `NAME` does.
    let own: Vec<&str> = words.map(|word| if word == "ID" { "1234567890" } else { word }).collect();
    // Only its help is requested: nothing is done.
    let help = sandbox.run(&[&own[..], &["--help"]].concat());
    if help.code != 0 || !help.stderr.is_empty() {
        return Some(format!("it cannot be run: {help:?}"));
    }
    let is_of_no_credential = ["help", "explain", "completions"].contains(&own[0]);
    if is_of_no_credential || own.iter().any(|word| ["--all", "--recover"].contains(word)) {
        return None;
    }
    let of = |words: &[&str], option: &str| {
        let value = words.iter().position(|word| *word == option).and_then(|at| words.get(at + 1));
        value.map(|value| if option == "--config" { sandbox.path(value) } else { value.into() })
    };
    let differs = |option: &&str| of(&own, option) != of(target, option) && of(&own, option) != Some("NAME".into());
    ["-p", "--config", "--format"].into_iter().find(differs).map(|option| format!("another `{option}`"))
}

/// The secret manager is a script, and a program elsewhere.
#[cfg(unix)]
#[test]
fn another_login_keeps_the_client_the_store_and_the_kind() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    sandbox.write("bin/pass", "#!/bin/sh\n[ \"$1\" = show ] && echo '{}'\nexit 0\n");
    std::fs::set_permissions(sandbox.path("bin/pass"), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let path = format!("{}:/usr/bin:/bin", sandbox.path("bin").display());
    let login = |options: &[&str]| {
        let client = ["-c", "../home/client_secret.json", "--timeout", "1"];
        sandbox.login(&[options, &client].concat()).env("PATH", &path).code(5).stderr_has("hint: ").run().stderr
    };
    let printed = login(&["-p", "two", "--store", "pass:ads"]);
    assert!(
        printed.contains("`gads-creds login -p two --store pass:ads -c ../home/client_secret.json --no-browser`"),
        "{printed}"
    );
    let asked = ["--expect-account", "a@b.c", "--login-hint", "d@e.f", "--login-customer-id", "1234567890"];
    let printed = login(&[&asked[..], &["--additional-scopes", "datamanager"]].concat());
    let more =
        "-c ../home/client_secret.json --login-customer-id 1234567890 --additional-scopes datamanager --no-browser`";
    let again = format!("`gads-creds login --expect-account a@b.c --login-hint d@e.f {more}");
    assert!(printed.contains(&again), "{printed}");
    let printed = login(&["--config", "a.yaml", "--replace-kind"]);
    assert!(
        printed
            .contains("`gads-creds login --config a.yaml -c ../home/client_secret.json --no-browser --replace-kind`"),
        "{printed}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_directory_that_takes_no_file_is_named_as_such() {
    let sandbox = Sandbox::new();
    sandbox.write("secrets.json", include_str!("../../../fixtures/client_secrets/desktop.json"));
    let run = sandbox.run(&["login", "-c", "secrets.json", "--config", "/proc/google-ads.yaml"]);
    run.fails(1, &["cannot create a file in `/proc`: its file system accepts none", "hint: choose a file elsewhere"]);
}

#[test]
fn where_nothing_is_named_the_profiles_that_there_are_may_be_meant() {
    let sandbox = Sandbox::new();
    let (client, token) = crate::stored::works(&sandbox);
    sandbox.write("a.yaml", crate::stored::yaml(&client, &token));
    sandbox.write_profiles("[profiles.a]\nfile = \"~/a.yaml\"\n");
    std::fs::remove_file(sandbox.path("google-ads.yaml")).unwrap();
    for args in [&["refresh"][..], &["show"], &["exec", "--", "true"], &["doctor", "--offline"]] {
        let run = sandbox.command(args).code(3).observe();
        let (printed, step) =
            (run.stdout.clone() + &run.stderr, "make it the default with `gads-creds set --default -p a`");
        assert!(printed.contains("name a profile with `-p` (`a`)") && printed.contains(step), "{args:?}: {run:#?}");
    }
}

#[test]
fn a_token_that_waits_to_be_stored_comes_before_another_consent() {
    let sandbox = Sandbox::new();
    crate::stored::works(&sandbox);
    std::fs::remove_file(sandbox.path("google-ads.yaml")).unwrap();
    sandbox.write(".local/state/gads-creds/recovery/left.json", "{}");
    let run = sandbox.command(&["doctor", "--offline"]).code(3).observe();
    assert!(run.stdout.contains("run `gads-creds login --recover`") && !run.stdout.contains("Three steps"), "{run:#?}");
}

#[cfg(unix)]
#[test]
fn a_path_that_cannot_be_shown_is_quoted_by_its_bytes() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::{OsStrExt, OsStringExt};

    use crate::harness::skip::without;
    let sandbox = Sandbox::new();
    for name in [&b"bad\xff.yaml"[..], "zero\u{200b}width it's\\.yaml".as_bytes()] {
        let path = sandbox.home().join(OsStr::from_bytes(name)).into_os_string().into_vec();
        let run =
            sandbox.command(&["show", "--config"]).arg(OsStr::from_bytes(&path)).code(3).stderr_has("hint: run `");
        let run = run.run();
        let word = run.stderr.split("login --config ").nth(1).and_then(|rest| rest.split('`').next()).expect("a hint");
        for shell in ["bash", "zsh"].into_iter().filter(|shell| !without(shell)) {
            let mut command = std::process::Command::new(shell);
            let said = command.args(["-c", &format!("printf %s {word}")]).output().expect("it starts").stdout;
            assert_eq!(OsStr::from_bytes(&said), OsStr::from_bytes(&path), "{shell}: {word}");
        }
    }
}
