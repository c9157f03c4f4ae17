//! A system that grants no more threads, or not every call: what needs one fails with a message, everything else goes on.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::PROGRAM;
use crate::google::browser::{self, Decision};
use crate::harness::skip::{not_root, without};
use crate::sandbox::{Sandbox, Spec};
use crate::stored;
use crate::traced;

/// Runs on a terminal, where most threads are used; the program gets this many.
fn with_threads<'a>(sandbox: &'a Sandbox, threads: usize, args: &[&str]) -> Spec<'a> {
    let fault = format!("inject=clone,clone3:error=EAGAIN:when={}+", threads + 1);
    traced::strace(sandbox, &["-e", "trace=clone,clone3", "-e", &fault], args)
}

#[test]
fn what_requires_a_thread_fails_with_a_next_step() {
    if traced::cannot() {
        return;
    }
    for args in [&["refresh"][..], &["revoke", "--yes"], &["login", "--no-browser"]] {
        let sandbox = Sandbox::new();
        stored::works(&sandbox);
        let screen = with_threads(&sandbox, 0, args).code(1).terminal().finish().stdout;
        assert!(screen.contains("cannot start a thread: "), "{args:?}: {screen}");
        assert!(
            screen.contains("raise the limit on processes (`ulimit -u`) or on memory (`ulimit -v`)"),
            "{args:?}: {screen}"
        );
    }
}

/// The spinner and the reader of pasted text are optional. The very first thread is for the connections; a login shows
/// a wait before.
#[test]
fn conveniences_on_a_terminal_are_left_out_where_they_have_no_thread() {
    if traced::cannot() {
        return;
    }
    for (threads, args) in [(1, &["refresh"][..]), (1, &["revoke", "--yes"]), (0, &["exec", "--", "/bin/true"])] {
        let sandbox = Sandbox::new();
        stored::works(&sandbox);
        with_threads(&sandbox, threads, args).terminal().finish();
    }
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let login = ["login", "--no-browser", "-c", "../home/client_secret.json"];
    let mut login = with_threads(&sandbox, 2, &login).terminal();
    browser::visit(login.url().as_str(), &Decision::allow()).unwrap();
    login.expect("Number or ID, or Enter for none");
    login.send("");
    login.finish();
    assert!(sandbox.read("google-ads.yaml").contains("refresh_token: "));
}

/// A service of systemd with `RestrictAddressFamilies=AF_INET AF_INET6`.
#[test]
fn a_service_needs_no_sockets_but_those_of_the_network() {
    if traced::cannot() {
        return;
    }
    let fault = ["-f", "-e", "trace=socketpair", "-e", "inject=socketpair:error=EAFNOSUPPORT"];
    for args in [&["refresh"][..], &["refresh", "--all"], &["revoke", "--yes"]] {
        let sandbox = Sandbox::new();
        stored::works(&sandbox);
        traced::strace(&sandbox, &fault, args).stderr_has("").run();
    }
}

#[test]
fn a_sandbox_that_forbids_a_call_is_not_taken_for_a_limit() {
    if traced::cannot() {
        return;
    }
    for call in ["epoll_create1", "eventfd2", "clone3,clone"] {
        let sandbox = Sandbox::new();
        stored::works(&sandbox);
        let fault = format!("inject={call}:error=EPERM");
        let run = traced::strace(&sandbox, &["-e", &format!("trace={call}"), "-e", &fault], &["refresh"]).code(1);
        let said = run.stderr_has("permission denied").stderr_has("hint: this sandbox forbids").run().stderr;
        assert!(!said.contains("ulimit"), "{call}: {said}");
    }
}

/// The limit does not apply to root, so it runs as another user, with an unused uid.
#[test]
fn a_name_is_looked_up_also_where_it_has_no_thread() {
    if not_root() || without("setpriv") || without("prlimit") {
        return;
    }
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    // The build directory may be closed to other users; in the sandbox it would be searched for secrets.
    let directory = tempfile::tempdir().unwrap();
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).unwrap();
    let program = directory.path().join("gads-creds");
    fs::copy(PROGRAM, &program).unwrap();
    let user = 100_000 + std::process::id();
    let world = sandbox.home().parent().unwrap().display().to_string();
    let script = format!(
        "chown -R {user}:{user} '{world}' && exec setpriv --reuid={user} --regid={user} --clear-groups \
         prlimit --nproc=2 '{}' refresh",
        program.display()
    );
    let run = sandbox.other_program("/bin/sh", &["-c", &script]).env("PATH", "/usr/bin:/bin");
    // Only the proxy's name is looked up, without a name server.
    let run = run.without_env("GADS_CREDS_ENDPOINT").env("HTTPS_PROXY", "http://localhost:1");
    run.code(6).stderr_has("the proxy does not respond: connection refused").run();
}
