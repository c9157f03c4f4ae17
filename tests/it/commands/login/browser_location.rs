//! Where the browser is: on this machine, at the other end of an SSH session, or nowhere.

use super::{CLIENT, login, refuses};
use crate::google::browser::Decision;
use crate::sandbox::Sandbox;

#[test]
fn in_an_ssh_session_the_exact_tunnel_command_is_printed() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    for (connection, user, destination) in [
        ("203.0.113.9 52144 192.0.2.7 22", "ada", "ada@192.0.2.7"),
        ("2001:db8::9 52144 2001:db8::7 2222", "ada", "-p 2222 ada@2001:db8::7"),
        ("203.0.113.9 52144 192.0.2.7 22", "a;rm -rf", "192.0.2.7"),
    ] {
        let spec = login(&sandbox, &["--no-verify"]).env("SSH_CONNECTION", connection).env("LOGNAME", user);
        let running = spec.start();
        let port = running.redirect_uri().port().unwrap();
        running.visit(&Decision::allow());
        let line = format!("\nssh -N -L {port}:127.0.0.1:{port} {destination}\n");
        let outcome = running.finish();
        let at = outcome.stderr.find(&line).unwrap_or_else(|| panic!("no {line:?}: {outcome:#?}"));
        assert!(at < outcome.stderr.find("Open this URL in your browser:").expect("it says so"), "{outcome:#?}");
    }
}

#[test]
fn without_a_browser_it_says_why_and_goes_on() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    for (variable, value, why) in [
        ("BROWSER", "none", "No browser was opened: `BROWSER` is `none`."),
        ("SSH_CONNECTION", "203.0.113.9 52144 192.0.2.7 22", "No browser was opened: this is an SSH session."),
    ] {
        let args = [&["login", "--no-verify"], &CLIENT[..]].concat();
        let running = sandbox.command(&args).env(variable, value).stderr_has(why).start();
        running.visit(&Decision::allow());
        running.finish();
    }
}

#[cfg(unix)]
#[test]
fn the_browser_is_given_the_start_link_as_its_one_argument() {
    use std::time::{Duration, Instant};
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let script =
        "#!/bin/sh\nprintf '%s\\n' \"$#\" \"$@\" > \"$HOME/seen.part\" && /bin/mv \"$HOME/seen.part\" \"$HOME/seen\"\n";
    let browser = sandbox.write("browser", script);
    sandbox.chmod(&browser, 0o700);
    let args = [&["login", "--no-verify", "-v"], &CLIENT[..]].concat();
    let running = sandbox
        .command(&args)
        .env("BROWSER", &browser)
        .stderr_has("the browser was opened with browser\nOpened your browser at:\n\nhttp")
        .start();
    let url = running.url();
    let end = Instant::now() + Duration::from_secs(30);
    while !sandbox.home().join("seen").exists() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(5));
    }
    let seen = sandbox.read("seen");
    let link = seen.strip_prefix("1\n").expect("one argument").trim_end();
    let port = running.redirect_uri().port().unwrap();
    assert!(link.starts_with(&format!("http://127.0.0.1:{port}/start/")), "{link}");
    let values: Vec<String> = url.query_pairs().map(|(_, value)| value.into_owned()).collect();
    assert!(!values.iter().any(|value| link.contains(value)), "the link shows a part of the authorization request");
    let page = crate::google::browser::get(link).expect("the loopback server responds");
    assert_eq!((page.status, page.header("location")), (303, Some(url.as_str())));
    running.visit(&Decision::allow());
    running.finish();
}

#[cfg(unix)]
#[test]
fn the_option_no_browser_opens_none() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let browser = sandbox.write("browser", "#!/bin/sh\n: > \"$HOME/seen\"\n");
    sandbox.chmod(&browser, 0o700);
    let running = login(&sandbox, &["--no-verify"]).env("BROWSER", &browser).start();
    running.visit(&Decision::allow());
    running.finish();
    assert!(!sandbox.home().join("seen").exists());
}

#[test]
fn a_stand_in_that_is_not_on_this_machine_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    for value in [
        "http://example.com:80",
        "http://localhost:8080",
        "http://127.0.0.1",
        "http://127.0.0.1.example.com:8080",
        "http://127.0.0.1:8080@example.com:80",
        "http://127.0.0.1:8080/path",
        "http://127.0.0.2:8080",
        "http://127.1:8080",
        "http://2130706433:8080",
        "http://0.0.0.0:8080",
        "ftp://127.0.0.1:8080",
        "127.0.0.1:8080",
        "http://[::1]",
        "http://[::ffff:127.0.0.1]:8080",
        " ",
    ] {
        // The sandbox filters the program's own notice out of stderr, but not an error.
        let spec = login(&sandbox, &[]).env("GADS_CREDS_ENDPOINT", value).code(2);
        refuses(
            spec.stderr_has("error: `GADS_CREDS_ENDPOINT` is").stderr_has("which is not the address of a stand-in"),
        );
    }
}

#[test]
fn a_stand_in_is_announced() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let running = login(&sandbox, &["-q", "--no-verify"]).start();
    running.wait_for(&format!("warning: talking to the stand-in at {} instead of Google", sandbox.google.url()));
    running.visit(&Decision::allow());
    running.finish();
}
