//! Somebody who just got the program: what it says unasked, and to a slip of the finger.

use crate::sandbox::Sandbox;

#[test]
fn alone_it_tells_the_steps_to_a_first_token() {
    let sandbox = Sandbox::new();
    let mut run = sandbox.command(&[]);
    for step in [
        "console.cloud.google.com/apis/library/googleads.googleapis.com",
        "console.cloud.google.com/auth/audience",
        "console.cloud.google.com/auth/clients",
        "gads-creds login -c client_secret.json\n",
        "gads-creds doctor",
    ] {
        run = run.stdout_has(step);
    }
    let outcome = run.run();
    assert!(outcome.stdout.lines().all(|line| line.chars().count() <= 80), "{outcome:?}");
}

#[test]
fn a_slip_of_the_finger_is_answered_with_what_was_meant() {
    let sandbox = Sandbox::new();
    for (args, meant) in [
        (&["logn"][..], "'login'"),
        (&["login", "--clint-secrets", "x"], "'--client-secrets'"),
        (&["refresh", "--al"], "'--all'"),
        (&["export", "pyton"], "'python'"),
        (&["completions", "bsh"], "'bash'"),
    ] {
        sandbox.command(args).code(2).stderr_has("tip: a similar").stderr_has(meant).run();
    }
}
