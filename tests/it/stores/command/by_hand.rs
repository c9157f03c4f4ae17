//! What is to be tried by hand after a failure of a secret manager: it shows no secret and writes nothing, and the cause is named.

use super::{GOOD, Manager, PATH, PROFILES};

/// Makes the program of a recipe out of a script, and returns what a move there says.
fn moved(recipe: &str, store: &str, script: &str) -> String {
    let manager = Manager::new(GOOD);
    let sandbox = &manager.sandbox;
    sandbox.write("work.yaml", crate::stored::yaml(&manager.client, &manager.token));
    sandbox.write(PROFILES, "[profiles.work]\nfile = \"~/work.yaml\"\n");
    let program = sandbox.write(format!("bin/{recipe}"), format!("#!/bin/sh\n{script}\n"));
    sandbox.chmod(&program, 0o700);
    let path = format!("{}:{PATH}", sandbox.home().join("bin").display());
    let run = sandbox.command(&["move", "-p", "work", "--store", store]).env("PATH", path).observe();
    assert_eq!(run.code, 7, "{recipe}: {run:#?}");
    run.stderr
}

#[test]
fn whatever_fails_only_get_is_named_with_its_output_discarded() {
    for (verb, script) in [
        ("get", "echo sealed >&2; exit 1"),
        ("get", "sleep 300"),
        ("get", "echo a text; exit 0"),
        ("set", "echo sealed >&2; exit 1"),
        ("set", "sleep 300"),
        ("set", "kill -9 $$"),
        ("erase", "echo sealed >&2; exit 1"),
    ] {
        let manager = Manager::with_document(&format!("case \"$1\" in {verb}) {script} ;; esac\n{GOOD}"));
        manager.profile("timeout = 1\n");
        let program = manager.program().display().to_string();
        for command in [
            &["doctor", "--offline"][..],
            &["refresh"],
            &["set", "--login-customer-id", "1234567890", "--no-verify"],
            &["revoke", "--forget", "--yes", "--local-only"],
        ] {
            let run = manager.command(command).observe();
            let text = run.stdout.clone() + &run.stderr;
            let is_step = |line: &&str| ["hint:", "run `"].iter().any(|mark| line.contains(mark));
            let step = match (verb, command[0]) {
                ("get", "refresh") => {
                    &format!("hint: run `{program} get > /dev/null` in a terminal to see what is wrong")
                }
                ("set", "set") | ("erase", "revoke") => "check in the secret manager that you may also write there",
                _ => "",
            };
            if script.contains("sealed") {
                assert!(run.stderr.contains(step), "{verb} {command:?}: {run:#?}");
            }
            for step in text.lines().filter(is_step) {
                for bad in ["set", "erase", "get`"].map(|verb| format!("{program} {verb}")) {
                    assert!(!step.contains(&bad), "{verb} {script} {command:?}: {run:#?}");
                }
            }
        }
    }
}

#[test]
fn the_line_that_says_why_is_shown_and_the_step_fits_it() {
    let bao = "case \"$2\" in\nget) echo 'No value found at x' >&2; exit 2 ;;\nput) cat >&2 <<'END'\n\
        Error writing data to team/data/ads: Error making API request.\n\nURL: PUT http://x\nCode: 403. Errors:\n\n\
        * 1 error occurred:\n\t* permission denied\n\nEND\nexit 2 ;;\nesac";
    let printed = moved("bao", "bao:team/ads", bao);
    assert!(printed.contains("API request. permission denied"), "{printed}");
    let pass = "case \"$1\" in\nshow) echo 'Error: ads is not in the password store.' >&2; exit 1 ;;\ninsert) cat >&2 <<'END'\n\
        Error: You must run:\n    pass init your-gpg-id\nbefore you may use the password store.\nEND\nexit 1 ;;\nesac";
    let printed = moved("pass", "pass:ads", pass);
    assert!(
        printed.contains("You must run: pass init your-gpg-id") && printed.contains("`pass init GPG-ID`"),
        "{printed}"
    );
    // What was encrypted for others cannot be read back.
    let sops = "for last; do :; done\ncase \"$*\" in\n*decrypt*) [ -e ~/written ] && { echo 'Failed to get the data key required \
        to decrypt the SOPS file.' >&2; exit 128; }\necho \"cannot operate on non-existent file \\\"$last\\\"\" >&2; exit 1 ;;\n\
        *) cat > /dev/null; touch ~/written ;;\nesac";
    let printed = moved("sops", "sops:/tmp/none/ads.json", sops);
    assert!(printed.contains("export SOPS_AGE_KEY_FILE=") && !printed.contains(".sops.yaml"), "{printed}");
}

#[test]
fn a_move_that_would_lose_a_value_or_cannot_be_recorded_changes_nothing_and_makes_no_entry() {
    let manager = Manager::new(GOOD);
    let sandbox = &manager.sandbox;
    let pass = sandbox.write(
        "bin/pass",
        "#!/bin/sh\necho \"$1\" >> ~/runs\necho is not in the password store >&2; [ $1 = insert ]\n",
    );
    sandbox.chmod(&pass, 0o700);
    let path = format!("{}:{PATH}", sandbox.home().join("bin").display());
    let user = crate::stored::yaml(&manager.client, &manager.token);
    let go = || sandbox.command(&["move", "-p", "work", "--store", "pass:ads"]).env("PATH", &path).code(1);
    sandbox.write(PROFILES, "[profiles.work]\nfile = \"~/work.yaml\"\n");
    for id in ["123-456-7890", "'12345'", "1234567890123"] {
        let yaml = format!("{user}login_customer_id: {id}\n");
        let line = yaml.lines().position(|line| line.starts_with("login_customer_id")).map_or(0, |at| at + 1);
        sandbox.write("work.yaml", &yaml);
        let run = go().stderr_has(&format!("line {line}")).stderr_has("would be lost").run();
        assert!(run.stderr.contains("`login_customer_id`"), "{id}: {run:#?}");
        assert_eq!(sandbox.read("work.yaml"), yaml);
    }
    sandbox.write("work.yaml", &user);
    sandbox.chmod(".config/gads-creds", 0o500);
    let refused = go().observe();
    sandbox.chmod(".config/gads-creds", 0o700);
    if refused.code == 1 {
        let runs = std::fs::read_to_string(sandbox.home().join("runs")).unwrap_or_default();
        assert!(!runs.contains("insert"), "{runs}: {refused:#?}");
    }
}

#[test]
fn a_failed_erase_is_to_be_repeated_with_all_that_was_asked() {
    let script = format!("case \"$1\" in erase) echo sealed >&2; exit 1 ;; esac\n{GOOD}");
    let manager = Manager::with_plain_document(&script);
    let run = manager.command(&["revoke", "--forget", "--yes"]).code(7).stderr_has("sealed").run();
    assert!(run.stderr.contains("`gads-creds revoke -p work --forget --yes`"), "{run:#?}");
}
