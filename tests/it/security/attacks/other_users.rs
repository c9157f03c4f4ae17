//! Attacks by another user of the same machine, who knows everything in the arguments of programs, and in some tests
//! the state as well.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::chown;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{Target, lets_in, withstands};
use crate::google::browser::{self, Decision};
use crate::google::{ADA, BOB, Endpoint};
use crate::harness::skip::{not_root, without};
use crate::sandbox::Sandbox;

/// `nobody`.
const OTHER: u32 = 65534;
/// A second user who is not root: the victim.
const VICTIM: u32 = 51234;

/// Whether processes of other users cannot be started here.
fn cannot() -> bool {
    without("setpriv") || without("bash") || not_root()
}

/// Returns a shell script that runs as this user.
fn as_user(uid: u32, script: &str) -> Command {
    let uid = uid.to_string();
    let mut command = Command::new("setpriv");
    command.args(["--reuid", &uid, "--regid", &uid, "--clear-groups", "bash", "-c", script]);
    command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

/// Returns a script that sends a GET for this path.
fn request(host: &str, path: &str) -> String {
    let port = host.rsplit(':').next().unwrap();
    format!("exec 3<>/dev/tcp/127.0.0.1/{port}; printf '%s' 'GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n' >&3")
}

/// Sends a GET as this user, and returns the response.
fn get_as(uid: u32, host: &str, path: &str) -> String {
    let output = as_user(uid, &format!("{}; timeout 20 cat <&3", request(host, path))).output().expect("a shell");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A process of this user that does nothing until it is dropped.
struct Idle(Child);

impl Idle {
    fn of(uid: u32) -> Idle {
        let child = as_user(uid, "sleep 60").spawn().expect("a shell");
        let status = format!("/proc/{}/status", child.id());
        let end = Instant::now() + Duration::from_secs(20);
        while !fs::read_to_string(&status).unwrap().contains(&format!("Uid:\t{uid}\t")) && Instant::now() < end {
            thread::sleep(Duration::from_millis(2));
        }
        Idle(child)
    }
}

impl Drop for Idle {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_response_of_another_user_is_refused_and_the_login_goes_on() {
    if cannot() {
        return;
    }
    withstands(|target| {
        let state = &target.state;
        // Ends the login, and hijacks it.
        for query in [format!("error=access_denied&state={state}"), format!("code=4/0Ax&state={state}")] {
            let response = get_as(OTHER, &target.host, &format!("/callback?{query}"));
            assert!(response.starts_with("HTTP/1.1 403 "), "{query}: {response}");
        }
        // The response to this login from the wrong user, and another user's attempt with the state.
        assert!(get_as(OTHER, &target.host, &target.response).starts_with("HTTP/1.1 403 "));
        assert!(get_as(OTHER, &target.host, "/callback?code=4/0Ax&state=guess").starts_with("HTTP/1.1 400 "));
        target.login.wait_for("rejected a request to this login from another user of this machine (uid 65534)");
    });
}

#[test]
fn another_user_who_closes_the_connection_at_once_is_refused_as_well() {
    if cannot() {
        return;
    }
    let _idle = Idle::of(OTHER);
    withstands(|target| {
        for query in
            [format!("error=access_denied&state={}", target.state), format!("code=4/0Ax&state={}", target.state)]
        {
            let script = format!("{}; exec 3>&-", request(&target.host, &format!("/callback?{query}")));
            assert!(as_user(OTHER, &script).status().expect("a shell").success());
        }
        target.login.wait_for("closed the connection before it was known which user it belongs to");
    });
}

/// Sends the request and as much more as fits, and closes. Since the rest cannot be delivered, the system forgets the socket
/// after a moment, without a word to the other end: that one stays open, and no socket belongs to it.
const VANISH: &str = r#"
import socket, sys, time
host, request = sys.argv[1], sys.argv[2].encode()
address = ("127.0.0.1", int(host.split(":")[1]))
text = b"GET " + request + b" HTTP/1.1\r\nHost: " + host.encode() + b"\r\n\r\n"
sockets = []
for _ in range(8):
    each = socket.socket()
    each.setsockopt(socket.IPPROTO_TCP, 18, 1)
    each.connect(address)
    each.setblocking(False)
    try:
        each.send(text)
        while True:
            each.send(b"A" * 65536)
    except BlockingIOError:
        pass
    sockets.append(each)
for each in sockets:
    each.close()
port = ":%04X" % address[1]
for _ in range(100):
    rows = [line.split() for line in open("/proc/net/tcp")]
    if not any(row[2].endswith(port) for row in rows):
        sys.exit(0)
    time.sleep(0.1)
sys.exit(1)
"#;

#[test]
fn another_user_whose_socket_vanishes_is_refused_as_well() {
    use rustix::process::{Pid, Signal, kill_process};
    if cannot() || without("python3") {
        return;
    }
    let _idle = Idle::of(OTHER);
    withstands(|target| {
        let login = Pid::from_raw(i32::try_from(target.login.id()).unwrap()).unwrap();
        for query in
            [format!("error=access_denied&state={}", target.state), format!("code=4/0Ax&state={}", target.state)]
        {
            // It sees the connections only once the sockets are gone.
            kill_process(login, Signal::STOP).unwrap();
            let path = format!("/callback?{query}");
            let uid = OTHER.to_string();
            let vanish = ["--reuid", &uid, "--regid", &uid, "--clear-groups", "python3", "-c", VANISH];
            // A Python in the home directory of root is not for others.
            let mut attack = Command::new("setpriv");
            attack.args(vanish).args([&target.host, &path]).current_dir("/").env("PATH", "/usr/bin:/bin");
            let gone = attack.status();
            kill_process(login, Signal::CONT).unwrap();
            assert!(gone.expect("python3").success(), "the sockets did not vanish: this is not the attack");
        }
        target.login.wait_for("closed the connection before it was known which user it belongs to");
    });
}

#[test]
fn a_code_of_another_account_is_not_exchanged_for_another_user() {
    if cannot() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let secrets = sandbox.home().join("client_secret.json");
    let login = sandbox.login(&["-c", secrets.to_str().unwrap()]).start();
    let consent = browser::get(login.url().as_str()).expect("the consent screen");
    let sent_back = browser::submit(&consent, &Decision::allow().by(BOB)).expect("a code for another account");
    let location = sent_back.header("location").expect("a redirect").to_owned();
    let target = Target::new(login);
    let path = location.strip_prefix(&format!("http://{}", target.host)).expect("to the loopback server");
    assert!(get_as(OTHER, &target.host, path).starts_with("HTTP/1.1 403 "));
    assert!(target.come().body.contains("You are logged in"));
    target.login.finish();
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 1, "the other code was exchanged");
}

#[test]
fn the_users_own_browser_and_root_are_accepted() {
    if cannot() {
        return;
    }
    for uid in [VICTIM, 0] {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        for path in
            ["home", "home/client_secret.json", "home/.config", "home/.local", "home/.local/state", "work", "tmp"]
        {
            let path = sandbox.home().parent().unwrap().join(path);
            if path.exists() {
                chown(path, Some(VICTIM), Some(VICTIM)).unwrap();
            }
        }
        let root = sandbox.home().parent().unwrap().to_owned();
        fs::set_permissions(&root, std::os::unix::fs::PermissionsExt::from_mode(0o711)).unwrap();
        let victim = VICTIM.to_string();
        let args =
            ["--reuid", &victim, "--regid", &victim, "--clear-groups", crate::PROGRAM, "login", "--no-browser", "-c"];
        let args = [&args[..], &["../home/client_secret.json", "--no-verify"]].concat();
        let spec = sandbox.other_program("setpriv", &args).env("PATH", "/usr/bin:/bin");
        let target = Target::new(spec.stderr_has("stored the refresh token").start());
        assert!(get_as(OTHER, &target.host, &target.response).starts_with("HTTP/1.1 403 "));
        assert!(get_as(uid, &target.host, &target.response).starts_with("HTTP/1.1 303 "), "uid {uid}");
        target.login.finish();
    }
}

/// With the mount option `hidepid` nobody sees who else is there.
#[test]
fn where_processes_are_hidden_a_browser_that_is_gone_may_be_anybodys() {
    use rustix::process::{Pid, Signal, kill_process};
    if cannot() || without("unshare") {
        return;
    }
    let sandbox = Sandbox::new();
    let victim = VICTIM.to_string();
    let hide = "mount -t proc -o hidepid=2 proc /proc && exec \"$@\"";
    let as_victim = ["setpriv", "--reuid", &victim, "--regid", &victim, "--clear-groups"];
    let hidden = |args: &[&str]| {
        let args = [&["--mount", "/bin/sh", "-c", hide, "-"], &as_victim[..], args].concat();
        sandbox.other_program("unshare", &args).env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
    };
    if hidden(&["/bin/true"]).observe().code != 0 {
        return crate::harness::skip::skip("mounting is not allowed here");
    }
    sandbox.desktop();
    crate::security::files_of_others::hand_over(&sandbox);
    let login = [crate::PROGRAM, "login", "--no-browser", "--no-verify", "-c", "../home/client_secret.json"];
    let target = Target::new(hidden(&login).stderr_has("stored the refresh token").start());
    let id = Pid::from_raw(target.login.id().cast_signed()).expect("a process");
    kill_process(id, Signal::STOP).unwrap();
    let path = format!("/callback?code=4/0Ax&state={}", target.state);
    let script = format!("{}; exec 3>&-", request(&target.host, &path));
    assert!(as_user(OTHER, &script).status().expect("a shell").success());
    kill_process(id, Signal::CONT).unwrap();
    target.login.wait_for("closed the connection before it was known which user it belongs to");
    assert!(target.come().body.contains("You are logged in"));
    target.login.finish();
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 1, "the other code was exchanged");
}

/// The browser of whoever became root with sudo is theirs, not root's.
#[test]
fn the_user_who_started_the_session_with_sudo_is_accepted_and_no_other() {
    if cannot() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let secrets = sandbox.home().join("client_secret.json");
    let login = sandbox.login(&["-c", secrets.to_str().unwrap()]).env("SUDO_UID", VICTIM.to_string());
    let target = Target::new(login.start());
    assert!(get_as(OTHER, &target.host, &target.response).starts_with("HTTP/1.1 403 "));
    assert!(get_as(VICTIM, &target.host, &target.response).starts_with("HTTP/1.1 303 "));
    target.login.finish();
}

#[test]
fn the_start_link_is_useless_to_another_user() {
    if cannot() {
        return;
    }
    for then in ["exit 0", "exec /bin/sleep 20"] {
        let sandbox = Sandbox::new();
        let (login, link) = super::with_start_link(&sandbox, then);
        let host = format!("127.0.0.1:{}", login.redirect_uri().port().unwrap());
        let path = link.strip_prefix(&format!("http://{host}")).expect("a link to the loopback server").to_owned();
        assert!(!link.contains(&login.state()));
        for _ in 0..3 {
            let response = get_as(OTHER, &host, &path);
            assert!(response.starts_with("HTTP/1.1 403 ") && !response.contains(&login.state()), "{response}");
        }
        // It still works for the user's browser.
        let page = browser::get(&link).expect("the loopback server responds");
        assert_eq!((page.status, page.header("location")), (303, Some(login.url().as_str())));
        browser::visit(page.header("location").unwrap(), &Decision::allow().by(ADA)).expect("the result page");
        login.finish();
    }
}

#[test]
fn a_browser_whose_connection_to_the_start_link_is_cut_opens_it_again() {
    use std::io::{Read, Write};
    if cannot() {
        return;
    }
    let _idle = Idle::of(OTHER);
    let sandbox = Sandbox::new();
    let (login, link) = super::with_start_link(&sandbox, "exit 0");
    let host = format!("127.0.0.1:{}", login.redirect_uri().port().unwrap());
    let path = link.strip_prefix(&format!("http://{host}")).expect("a link to the loopback server");
    let connect = || {
        let mut stream = std::net::TcpStream::connect(&host).expect("the loopback server listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").expect("the request is sent");
        stream
    };
    // One that is closed before the response, and one that is closed within it.
    drop(connect());
    let mut begins = [0; 12];
    connect().read_exact(&mut begins).expect("a response");
    assert_eq!(&begins, b"HTTP/1.1 303");
    for _ in 0..2 {
        let page = browser::get(&link).expect("the loopback server responds");
        assert_eq!((page.status, page.header("location")), (303, Some(login.url().as_str())));
    }
    assert!(get_as(OTHER, &host, path).starts_with("HTTP/1.1 403 "));
    browser::visit(login.url().as_str(), &Decision::allow().by(ADA)).expect("the result page");
    login.finish();
}

#[test]
fn where_other_users_have_processes_a_browser_that_is_gone_can_reload() {
    if cannot() {
        return;
    }
    let _idle = Idle::of(OTHER);
    lets_in(&[], |target| {
        use std::io::Write;

        use rustix::process::{Pid, Signal, kill_process};
        // The login first sees the connection when the browser is gone.
        let login = Pid::from_raw(target.login.id().cast_signed()).expect("a process");
        kill_process(login, Signal::STOP).unwrap();
        target.connect().write_all(target.request().as_bytes()).unwrap();
        kill_process(login, Signal::CONT).unwrap();
        target.login.wait_for("hint: reload the page in the browser");
        assert!(target.come().body.contains("You are logged in"));
    });
}
