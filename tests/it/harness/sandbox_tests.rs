//! The sandbox catches what it promises to catch. A shell plays the program.
#![cfg(unix)]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rustix::process::{Pid, Signal, kill_process};

use crate::google::browser::Decision;
use crate::google::{ADA, ADWORDS, Party};
use crate::sandbox::{Sandbox, Spec};

fn shell<'a>(sandbox: &'a Sandbox, script: &str) -> Spec<'a> {
    sandbox.other_program("/bin/sh", &["-c", script])
}

/// Returns the message with which the test would have failed.
fn failure<T>(test: impl FnOnce() -> T) -> String {
    let panic = catch_unwind(AssertUnwindSafe(test)).err().expect("the test passes, and should not");
    *panic.downcast::<String>().expect("a panic with a message")
}

#[test]
fn a_run_as_expected_passes() {
    let sandbox = Sandbox::new();
    let script = "read line; echo \"$line $1\"; echo oops >&2; exit 3";
    shell(&sandbox, script).arg("sh").arg("b").stdin("a\n").stdout("a b\n").stderr("oops\n").code(3).run();
    let both =
        shell(&sandbox, "echo one two; echo three four >&2").stdout_has("one").stdout_has("two").stderr_has("four");
    both.run();
    assert_eq!(shell(&sandbox, "echo '{\"a\": 1}'").stdout_has("a").run().json()["a"], 1);
}

#[test]
fn the_program_itself_runs_in_it() {
    let sandbox = Sandbox::new();
    sandbox.command(&["--version"]).stdout(format!("gads-creds {}\n", env!("CARGO_PKG_VERSION"))).run();
    sandbox.login(&["--no-such-option"]).code(2).run();
}

#[test]
fn an_unexpected_line_or_code_fails() {
    let sandbox = Sandbox::new();
    assert!(failure(|| shell(&sandbox, "echo hello").run()).contains("expected stdout \"\""));
    assert!(failure(|| shell(&sandbox, "echo hello >&2").run()).contains("expected stderr \"\""));
    assert!(failure(|| shell(&sandbox, "exit 4").run()).contains("expected exit code 0"));
    assert!(failure(|| shell(&sandbox, "echo one").stdout_has("two").run()).contains("two"));
    assert_eq!(shell(&sandbox, "kill -9 $$").observe().code, 137);
}

#[test]
fn the_environment_is_the_sandbox_and_no_more() {
    let sandbox = Sandbox::new();
    let home = sandbox.home();
    let names = "env | grep -v -e '^XDG_.*_HOME=' -e '^PWD=' -e '^_=' -e '^SHLVL=' -e '^OLDPWD=' | cut -d= -f1 | sort";
    let outcome = shell(&sandbox, names).env("PATH", "/usr/bin:/bin").env("ONE", "1").without_env("APPDATA").observe();
    let known =
        ["GADS_CREDS_ENDPOINT", "HOME", "LOCALAPPDATA", "ONE", "PATH", "TMPDIR", "USERPROFILE", "XDG_RUNTIME_DIR"];
    assert_eq!(outcome.stdout.lines().collect::<Vec<_>>(), known);
    shell(&sandbox, "echo $HOME").stdout(format!("{}\n", home.display())).run();
    shell(&sandbox, "pwd").stdout(format!("{}\n", sandbox.work().display())).run();
    shell(&sandbox, "pwd").directory("").stdout(format!("{}\n", home.display())).run();
}

#[test]
fn the_notice_of_the_stand_in_is_expected_but_an_error_about_it_is_not() {
    let sandbox = Sandbox::new();
    shell(&sandbox, "echo 'using GADS_CREDS_ENDPOINT=x' >&2").run();
    failure(|| shell(&sandbox, "echo 'error: GADS_CREDS_ENDPOINT is x' >&2").run());
}

#[test]
fn a_secret_of_google_or_of_the_test_that_shows_fails() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    sandbox.plant("short/secret");
    for secret in [token.as_str(), &token[40..60], &client.secret, "short/secret", "short%2Fsecret"] {
        let message = failure(|| shell(&sandbox, "echo \"$1\"").arg("sh").arg(secret).observe());
        assert!(message.contains("shows a secret on stdout"), "{message}");
        let message =
            failure(|| shell(&sandbox, "echo \"$1\" >&2; exit 1").arg("sh").arg(secret).code(1).stderr_has("").run());
        assert!(message.contains("shows a secret on stderr"), "{message}");
    }
}

#[test]
fn a_secret_that_was_asked_for_may_show_on_stdout_only() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let refresh = sandbox.google.grant(&client, &[ADWORDS]);
    let party = Party { email: ADA.to_owned(), client_id: client.id };
    let access = sandbox.google.world().mint_access_token(&party, &[ADWORDS.to_owned()], 1);
    let echo = |secret: &str| shell(&sandbox, "echo \"$1\"").arg("sh").arg(secret).stdout(format!("{secret}\n"));
    echo(&refresh).reveals(&refresh).run();
    echo(&access).reveals_access_token().run();
    failure(|| echo(&refresh).reveals_access_token().run());
    failure(|| echo(&access).reveals(&refresh).run());
    failure(|| shell(&sandbox, "echo \"$1\" >&2").arg("sh").arg(&refresh).reveals(&refresh).observe());
}

#[test]
fn a_secret_in_a_file_for_others_to_read_fails() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    sandbox.write("google-ads.yaml", format!("refresh_token: {token}\n"));
    shell(&sandbox, "true").run();
    let script = "umask 077; echo \"$1\" > \"$HOME/private\"; umask 022; echo \"$1\" > \"$HOME/public\"";
    let message = failure(|| shell(&sandbox, script).arg("sh").arg(&token).run());
    assert!(message.contains("public holds a secret"), "{message}");
    assert_eq!(sandbox.read("private"), format!("{token}\n"));
    fs::remove_file(sandbox.home().join("public")).unwrap();
    // A mode that the test itself chose is not a failure, until the program writes the file.
    sandbox.chmod("google-ads.yaml", 0o644);
    shell(&sandbox, "true").run();
    failure(|| shell(&sandbox, "echo '#' >> \"$HOME/google-ads.yaml\"").run());
}

#[test]
fn a_login_is_waited_for_visited_and_finished() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    // No loopback server: the browser cannot deliver the response, and shows an error page.
    let query = format!("client_id={}x&state=abc&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcallback", client.id);
    let script = format!("echo Open: >&2; echo '  {}/o/oauth2/v2/auth?{query}' >&2; read end", sandbox.google.url());
    let login = shell(&sandbox, &format!("{script}; exit 5")).code(5).stderr_has("Open:").stdin("end\n").start();
    assert_eq!(login.redirect_uri().as_str(), "http://127.0.0.1:1/callback");
    assert_eq!(login.state(), "abc");
    login.wait_for("Open:");
    assert!(login.visit(&Decision::allow()).body.contains("invalid_client"));
    login.finish();
}

#[test]
fn a_dropped_run_is_killed() {
    let sandbox = Sandbox::new();
    let running = shell(&sandbox, "echo ready >&2; exec /bin/sleep 50").start();
    running.wait_for("ready");
    let pid = Pid::from_raw(i32::try_from(running.id()).unwrap()).unwrap();
    drop(running);
    assert!(kill_process(pid, Signal::TERM).is_err());
}

#[test]
fn a_terminal_shows_and_takes_lines() {
    let sandbox = Sandbox::new();
    let script = "test -t 0 && test -t 1 && test -t 2 && printf 'Name? '; read name; echo \"Hello $name\" >&2; exit 7";
    let mut terminal = shell(&sandbox, script).code(7).terminal();
    terminal.expect("Name? ");
    terminal.send("Ada");
    terminal.expect("Ada");
    assert_eq!(terminal.finish().stdout, "Name? Hello Ada\n");
}

#[test]
fn a_terminal_is_checked_for_leaks_takes_signals_and_finds_the_address() {
    let sandbox = Sandbox::new();
    sandbox.plant("short-secret");
    let terminal = shell(&sandbox, "echo short-secret").terminal();
    assert!(failure(|| terminal.finish()).contains("shows a secret"));
    let url = format!("{}/o/oauth2/v2/auth?a=b", sandbox.google.url());
    let terminal = shell(&sandbox, &format!("echo '{url}'; exec /bin/sleep 50")).code(130).terminal();
    assert_eq!(terminal.url().as_str(), url);
    kill_process(Pid::from_raw(i32::try_from(terminal.id()).unwrap()).unwrap(), Signal::INT).unwrap();
    terminal.finish();
}
