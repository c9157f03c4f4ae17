//! First steps: what the program prints without arguments, and for a misspelled command.

use crate::sandbox::{QUOTE, Sandbox};

#[test]
fn without_arguments_the_steps_to_a_first_token_are_shown() {
    let sandbox = Sandbox::new();
    let mut run = sandbox.command(&[]);
    for step in [
        "console.cloud.google.com/apis/library/googleads.googleapis.com",
        "console.cloud.google.com/auth/audience",
        "console.cloud.google.com/auth/clients",
        "`gads-creds login -c client_secret.json`\n",
        "gads-creds doctor",
    ] {
        run = run.stdout_has(step);
    }
    let outcome = run.run();
    assert!(outcome.stdout.lines().all(|line| line.chars().count() <= 80), "{outcome:?}");
}

#[test]
fn a_misspelled_command_gets_a_suggestion() {
    let sandbox = Sandbox::new();
    for (args, meant) in [
        (&["logn"][..], "`gads-creds login`"),
        (&["login", "--clint-secrets", "x"], "`--client-secrets`"),
        (&["refresh", "--al"], "`--all`"),
        (&["export", "pyton"], "`python`"),
        (&["completions", "bsh"], "`bash`"),
        (&["login", "--headless"], "`--no-browser`"),
    ] {
        sandbox.command(args).code(2).stderr_has(&format!("hint: did you mean {meant}?\n")).run();
    }
}

#[test]
fn what_cannot_be_undone_is_not_suggested_for_a_misspelling() {
    let sandbox = Sandbox::new();
    for word in ["revok", "revoek", "evoke"] {
        let run =
            sandbox.command(&["-p", "two", word]).code(2).stderr_has("`gads-creds help` lists the commands").run();
        assert!(!run.stderr.contains("revoke"), "{run:?}");
    }
}

#[test]
fn a_value_from_the_environment_is_named_by_its_variable() {
    let sandbox = Sandbox::new();
    for (variable, value, command) in [
        ("GADS_CREDS_API_VERSION", "x", "login"),
        ("GADS_CREDS_PROFILE", "a b", "show"),
        ("GADS_CREDS_PROFILE", "nosuch", "show"),
    ] {
        let run = sandbox.command(&[command]).env(variable, value).observe();
        assert!(run.code > 0 && run.stderr.contains(&format!("`{variable}`")), "{run:?}");
    }
}

#[test]
fn commands_of_other_tools_get_our_equivalent() {
    let sandbox = Sandbox::new();
    for (args, ours) in [
        (&["logout"][..], "revoke"),
        (&["logout", "-p", "two"], "revoke -p two"),
        (&["-p", "two", "logout"], "revoke -p two"),
        (&["logout", "-ptwo"], "revoke -p two"),
        (&["logout", "-p=two"], "revoke -p two"),
        (&["logout", "-qp", "two"], "revoke -p two"),
        (&["logout", "-vvptwo"], "revoke -p two"),
        (&["logout", "--profile=two"], "revoke -p two"),
        (&["logout", "--config", "a.txt", "--format=php"], "revoke --config a.txt --format php"),
        // Without `-p`, the command would revoke the token of the default profile.
        (&["logout", "-p", "two words"], "revoke -p 'two words'"),
        (&["status"], "show --all"),
        (&["list"], "show --all"),
        (&["auth", "login"], "login"),
        (&["auth", "login", "--config=x.yaml"], "login --config x.yaml"),
        (&["auth", "logout"], "revoke"),
        (&["auth", "status"], "show --all"),
        (&["auth", "token"], "refresh --print-access-token"),
        (&["token"], "refresh --print-access-token"),
        (&["-p", "two", "renew"], "refresh -p two"),
        (&["get"], "show"),
        (&["whoami"], "show"),
        (&["add"], "login"),
        (&["rotate"], "set --client-secrets FILE"),
        // The word behind it is a profile.
        (&["logout", "two"], "revoke -p two"),
        (&["auth", "logout", "two"], "revoke -p two"),
        (&["use", "two"], "set --default -p two"),
        (&["refresh", "two"], "refresh -p two"),
        (&["show", "two"], "show -p two"),
        (&["login", "two"], "login -p two"),
        (&["revoke", "two", "--config", "a.yaml"], "help revoke"),
        (&["login", "secrets.json"], "login -c secrets.json"),
        (&["login", "-p", "two", "a b.json"], "login -p two -c 'a b.json'"),
    ] {
        let run = sandbox.command(args).code(2).stderr_has("").run();
        let hint = run.stderr.lines().last().unwrap_or_default();
        let ours = format!("`gads-creds {}`", ours.replace('\'', &QUOTE.to_string()));
        assert!(hint.starts_with("hint: ") && hint.contains(&ours), "{args:?}: {run:?}");
    }
}

#[test]
fn a_command_line_that_cannot_be_read_is_two_lines_in_our_words() {
    let sandbox = Sandbox::new();
    for (args, fact) in [
        (
            &["login", "--timeout", "0"][..],
            "invalid value `0` for `--timeout`: it takes a number of seconds from 1 to 86400",
        ),
        (
            &["login", "--timeout", "soon"],
            "invalid value `soon` for `--timeout`: it takes a number of seconds from 1 to 86400",
        ),
        (&["login", "--port", "70000"], "invalid value `70000` for `--port`: it takes a number from 1 to 65535"),
        (&["login", "--port"], "`--port` needs a value"),
        (&["refresh", "--all", "--jobs", "x"], "invalid value `x` for `--jobs`: it takes a number from 1 to 256"),
        (&["login", "--login-customer-id", "12"], "invalid value `12` for `--login-customer-id`: "),
        (&["show", "--format", "cobol"], "invalid value `cobol` for `--format`"),
        (&["show", "--nothing"], "`gads-creds show` has no option `--nothing`"),
        (&["-p", "show", "login", "--foo"], "`gads-creds login` has no option `--foo`"),
        (&["show", "extra"], "unexpected argument `extra`"),
        (&["refresh", "--reveal"], "`gads-creds refresh` has no option `--reveal`"),
        (&["refresh", "--all", "--print-access-token"], "`--all` cannot be used with `--print-access-token`"),
        (&["login", "--port", "1", "--port", "2"], "`--port` is given twice"),
        (&["refresh", "--jobs", "3"], "`--jobs` needs `--all`"),
        (&["login", "--for", "ann@example.com"], "`--for` needs `--start`"),
        (&["export"], "`FORMAT` is missing"),
        (&["completions", "tcsh"], "invalid value `tcsh` for `SHELL`"),
        (&["show", "-p", ""], "the name of a profile cannot be empty"),
        (&["--json"], "no command is given"),
    ] {
        let run = sandbox.command(args).observe();
        let lines: Vec<&str> = run.stderr.lines().collect();
        assert!(run.code == 2 && lines.len() == 2, "{args:?}: {run:?}");
        assert!(lines[0].starts_with(&format!("error: {fact}")) && lines[1].starts_with("hint: "), "{args:?}: {run:?}");
    }
    let other = sandbox.command(&["refresh", "--reveal"]).code(2).stderr_has("`gads-creds help show`").run();
    assert!(!other.stderr.contains("Usage"), "{other:?}");
}

#[test]
fn help_is_a_command() {
    let sandbox = Sandbox::new();
    for command in ["login", "show", "revoke", "exec", "explain", "help"] {
        let shown = sandbox.command(&["help", command]).stdout_has("Examples:").run();
        assert_eq!(shown.stdout, sandbox.command(&[command, "--help"]).observe().stdout, "{command}");
    }
    let whole = sandbox.command(&["help"]).stdout_has("  explain      Explain an error code from Google\n").run();
    assert_eq!(whole.stdout, sandbox.command(&["--help"]).observe().stdout);
    sandbox.command(&["help", "nothing"]).code(2).stderr_has("there is no command `nothing`").run();
    for heading in ["Client:\n", "Browser:\n", "Account:\n", "Store:\n"] {
        sandbox.command(&["help", "login"]).stdout_has(heading).run();
    }
}
