//! A login as a job of a shell: in the background it is not stopped, and back in the foreground it accepts a paste.

use super::{browse, issued};
use crate::google::browser::{self, Decision};
use crate::harness::skip::without;
use crate::sandbox::{Sandbox, Terminal};

/// Starts a shell with job control on its own controlling terminal, which `script` creates.
fn shell(sandbox: &Sandbox) -> Option<Terminal<'_>> {
    if without("script") || without("bash") {
        return None;
    }
    let spec = sandbox.other_program("script", &["-qec", "bash --norc --noprofile --noediting -i", "/dev/null"]);
    let spec = spec.env("PATH", "/usr/bin:/bin").env("SHELL", "/bin/sh").env("TERM", "dumb").env("PS1", "> ");
    let mut terminal = spec.terminal();
    // The shell must not echo what is pasted.
    terminal.send("stty -echo");
    Some(terminal)
}

const LOGIN: &str = "login --no-browser --no-verify -c ../home/client_secret.json";

#[test]
fn a_login_in_the_background_goes_on() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let Some(mut terminal) = shell(&sandbox) else { return };
    terminal.send(&format!("{} {LOGIN} &", crate::PROGRAM));
    let url = terminal.url();
    // Long enough for the login to look for a line; a line for the shell goes to the shell.
    terminal.send("sleep 0.5; echo for-the-shell; jobs");
    terminal.expect("for-the-shell");
    terminal.expect("Running");
    browse(&url).join().unwrap().unwrap();
    terminal.expect("stored the refresh token");
    terminal.send("exit");
    terminal.finish();
    assert!(sandbox.read("google-ads.yaml").contains(&issued(&sandbox)));
}

#[test]
fn a_login_that_was_stopped_and_sent_into_the_background_times_out() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let Some(mut terminal) = shell(&sandbox) else { return };
    terminal.send(&format!("{} {LOGIN} --timeout 3", crate::PROGRAM));
    terminal.expect("paste here the address");
    terminal.send_key(b"\x1a");
    terminal.expect("Stopped");
    terminal.send("bg; sleep 0.2; jobs");
    terminal.expect("Running");
    terminal.expect("no response came from the browser within 3 seconds");
    terminal.send("exit");
    terminal.finish();
}

#[test]
fn a_login_back_in_the_foreground_accepts_a_paste() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let Some(mut terminal) = shell(&sandbox) else { return };
    terminal.send(&format!("{} {LOGIN} &", crate::PROGRAM));
    let page = browser::get(terminal.url().as_str()).unwrap();
    let redirect = browser::submit(&page, &Decision::allow()).unwrap();
    terminal.send("sleep 0.5; echo ready; fg");
    terminal.expect("ready");
    terminal.send(redirect.header("location").unwrap());
    terminal.expect("stored the refresh token");
    terminal.send("exit");
    terminal.finish();
    assert!(sandbox.read("google-ads.yaml").contains(&issued(&sandbox)));
}

#[test]
fn a_login_whose_terminal_was_closed_goes_on_quietly_until_its_time_out() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let spec = sandbox.login(&["-c", "../home/client_secret.json", "--timeout", "3"]);
    let mut terminal = spec.code(5).terminal_to_close();
    terminal.expect("paste here the address");
    terminal.close_keyboard();
    terminal.expect("no response came from the browser within 3 seconds");
    let screen = terminal.finish().stdout;
    assert!(!screen.contains("the input ended"), "nothing can come, and nobody sees it: {screen}");
}

#[test]
fn a_login_whose_terminal_was_closed_is_completed_by_the_browser() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let mut terminal = sandbox.login(&["-c", "../home/client_secret.json", "--no-verify"]).terminal_to_close();
    let url = terminal.url();
    terminal.expect("paste here the address");
    terminal.close_keyboard();
    std::thread::sleep(std::time::Duration::from_millis(300));
    browse(&url).join().unwrap().unwrap();
    terminal.finish();
    assert!(sandbox.read("google-ads.yaml").contains(&issued(&sandbox)));
}

#[test]
fn a_finish_whose_terminal_was_closed_ends_and_stays_pending() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    sandbox
        .command(&["login", "--start", "-c", "../home/client_secret.json"])
        .stdout_has("id ")
        .stderr_has("--finish")
        .run();
    let mut terminal = sandbox.command(&["login", "--finish"]).code(2).terminal_to_close();
    terminal.expect("Paste the address");
    terminal.close_keyboard();
    terminal.expect("is still pending");
    terminal.finish();
}

/// A browser of the terminal has no terminal there: `login` keeps it.
#[test]
fn a_launcher_that_the_terminal_stops_has_failed() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    for (name, script) in [("now", "exec stty raw </dev/tty"), ("late", "sleep 1; read line </dev/tty"), ("good", "")] {
        let path = sandbox.write(name, format!("#!/bin/sh\n{script}\n"));
        sandbox.chmod(&path, 0o700);
    }
    let home = sandbox.home().display().to_string();
    let Some(mut terminal) = shell(&sandbox) else { return };
    let login = LOGIN.replace("--no-browser", "-v");
    for (browser, said) in [
        (format!("{home}/now"), "No browser was opened: `now` could not open it."),
        (format!("{home}/now:{home}/good"), "the browser was opened with good"),
        (format!("{home}/late"), "`late` failed, so the browser may not have opened"),
        (format!("{home}/late:{home}/good"), "Opened your browser with `good` instead."),
    ] {
        terminal.send(&format!("BROWSER={browser} {} {login}; echo it-is-o''ver", crate::PROGRAM));
        terminal.expect(said);
        terminal.send_key(b"\x03");
        terminal.expect("it-is-over");
    }
    terminal.send("exit");
    terminal.finish();
}
