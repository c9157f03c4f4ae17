//! Forged responses, which change nothing, and the real one, in all the ways in which a browser may send it.

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use super::{Target, lets_in, read, succeeds, withstands};
use crate::google::{Endpoint, Fault, browser};
#[cfg(target_os = "linux")]
use crate::harness::skip::{skip, without};
use crate::sandbox::{Sandbox, Spec};

#[test]
fn forged_and_contradictory_responses_are_refused_and_the_login_goes_on() {
    withstands(|target| {
        let state = &target.state;
        let (_, query) = target.response.split_once('?').unwrap();
        let iss = query.split('&').find(|pair| pair.starts_with("iss=")).unwrap();
        let without_iss: Vec<_> = query.split('&').filter(|pair| *pair != iss).collect();
        let without_iss = without_iss.join("&");
        let longer = format!("{state}A");
        let shorter = &state[..state.len() - 1];
        let queries = [
            String::new(),
            "&".to_owned(),
            "code=4/0Aforged".to_owned(),
            "error=access_denied".to_owned(),
            "error=access_denied&state=".to_owned(),
            "error=access_denied&state=wrong".to_owned(),
            "code=4/0Aforged&state=".to_owned(),
            "code=4/0Aforged&state=wrong".to_owned(),
            format!("code=4/0Aforged&state={longer}"),
            format!("code=4/0Aforged&state={shorter}"),
            format!("code=4/0Aforged&State={state}"),
            format!("code=4/0Aforged&state={}", state.to_ascii_lowercase()),
            format!("code=4/0Aforged&state=wrong&state={state}"),
            format!("code=4/0Aforged&state={state}&state={state}"),
            format!("code=a&code=b&state={state}"),
            format!("code=a&error=access_denied&state={state}"),
            format!("error=a&error=b&state={state}"),
            format!("error=&state={state}"),
            format!("state={state}"),
            format!("code=&state={state}"),
            format!("code=a%0d%0ab&state={state}"),
            format!("code=a%1bb&state={state}"),
            format!("code=a%00b&state={state}"),
            format!("code=a%ff%feb&state={state}"),
            format!("code=%c3%a9&state={state}"),
            format!("code={}&state={state}", "a".repeat(5000)),
            format!("{without_iss}&iss=https%3A%2F%2Fevil.example"),
            format!("{without_iss}&{iss}%2F"),
            format!("{without_iss}&iss="),
            format!("{query}&{iss}"),
            format!("{query}&scope=a&scope=b"),
        ];
        for query in queries {
            let text = format!("GET /callback?{query} HTTP/1.1\r\nHost: {}\r\n\r\n", target.host);
            let response = target.say(text.as_bytes());
            assert!(response.starts_with("HTTP/1.1 400 "), "{query}: {response}");
        }
    });
}

#[test]
fn the_response_arrives_a_byte_at_a_time() {
    lets_in(&[], |target| {
        let mut stream = target.connect();
        stream.set_nodelay(true).unwrap();
        for byte in target.request().bytes() {
            stream.write_all(&[byte]).unwrap();
            thread::sleep(Duration::from_millis(2));
        }
        assert!(read(stream).starts_with("HTTP/1.1 303 "));
    });
}

#[test]
fn the_browser_disconnects_right_after_its_request() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let Some(login) = login_without_other_users(&sandbox) else { return };
    succeeds(&sandbox, login, |target| {
        target.connect().write_all(target.request().as_bytes()).unwrap();
    });
}

/// Returns a login that sees no processes of other users: with some, a client that has closed its connection could be
/// any of them, see `other_users`.
#[cfg(target_os = "linux")]
fn login_without_other_users(sandbox: &Sandbox) -> Option<Spec<'_>> {
    if without("unshare") {
        return None;
    }
    let as_user: &[&str] = if rustix::process::geteuid().is_root() { &[] } else { &["--user", "--map-current-user"] };
    let unshare = [as_user, &["--pid", "--fork", "--mount-proc"]].concat();
    let probe = std::process::Command::new("unshare").args(&unshare).arg("true").output().expect("unshare is there");
    if !probe.status.success() {
        skip("no process namespace can be made here");
        return None;
    }
    let login = [crate::PROGRAM, "login", "--no-browser", "-c", "../home/client_secret.json"];
    let login = sandbox.other_program("unshare", &[&unshare[..], &login].concat()).env("PATH", "/usr/bin:/bin");
    Some(login.stderr_has("stored the refresh token"))
}

/// Other systems do not show who is at the other end.
#[cfg(not(target_os = "linux"))]
fn login_without_other_users(sandbox: &Sandbox) -> Option<Spec<'_>> {
    Some(sandbox.login(&["-c", "../home/client_secret.json"]))
}

#[test]
fn the_browser_closes_its_sending_half() {
    lets_in(&[], |target| {
        let mut stream = target.connect();
        stream.write_all(target.request().as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let response = read(stream);
        let path = response.lines().find_map(|line| line.strip_prefix("location: ")).expect("it is sent on");
        let mut stream = target.connect();
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", target.host).as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        assert!(read(stream).contains("You are logged in"));
    });
}

#[test]
fn the_browser_never_follows_the_redirect_and_the_login_completes() {
    let start = Instant::now();
    lets_in(&[], |target| {
        let mut stream = target.connect();
        stream.write_all(target.request().as_bytes()).unwrap();
        // Kept open without another request.
        std::mem::forget(stream);
    });
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn five_browsers_send_the_response_at_once() {
    lets_in(&[], |target| {
        let mut streams: Vec<TcpStream> = (0..5).map(|_| target.connect()).collect();
        for stream in &mut streams {
            stream.write_all(target.request().as_bytes()).unwrap();
        }
        let sent_on = streams.into_iter().map(read).filter(|response| response.starts_with("HTTP/1.1 303 ")).count();
        assert!(sent_on >= 1);
    });
}

#[test]
fn each_of_five_browsers_is_shown_the_result() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    // All of them arrive before the tokens do.
    sandbox.google.fault(Endpoint::Token, Fault::Late(Duration::from_secs(2)));
    let login = sandbox.login(&["--no-verify", "-c", "../home/client_secret.json"]).start();
    let target = Target::new(login);
    let address = format!("http://{}{}", target.host, target.response);
    let browse = || browser::get(&address).and_then(browser::follow);
    let pages = thread::scope(|scope| {
        let browsers: Vec<_> = (0..5).map(|_| scope.spawn(browse)).collect();
        browsers.into_iter().map(|browser| browser.join().unwrap()).collect::<Vec<_>>()
    });
    for page in pages {
        let page = page.unwrap();
        assert!(page.body.contains("You are logged in"), "{page:?}");
    }
    target.login.finish();
}

#[test]
fn the_response_has_unknown_parameters_and_headers() {
    for junk in ["GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(3), "\0\x01\x02\u{7f}".repeat(100), "x".repeat(60_000)] {
        lets_in(&[], |target| {
            target.say(format!("{}{junk}", target.request()).as_bytes());
        });
    }
}

#[test]
fn the_response_arrives_in_any_form_of_http_1() {
    for (form, headers) in [
        ("GET PATH HTTP/1.1", "Host: HOST\r\nConnection: keep-alive\r\n"),
        ("GET PATH HTTP/1.1", "Host: HOST\r\nExpect: 100-continue\r\n"),
        ("GET PATH HTTP/1.1", "Host: HOST\r\nTransfer-Encoding: chunked\r\n"),
        ("GET PATH HTTP/1.1", "hOST:HOST\r\nCookie: a=b\r\nCookie: c=d\r\nUpgrade-Insecure-Requests: 1\r\n"),
        ("GET PATH HTTP/1.0", "Host: HOST\r\n"),
        ("GET http://HOSTPATH HTTP/1.1", "Host: HOST\r\n"),
        ("GET PATH&authuser=0&prompt=consent&hd=example.com HTTP/1.1", "Host: HOST\r\n"),
    ] {
        lets_in(&["--no-verify"], |target| {
            let text =
                format!("{form}\r\n{headers}\r\n").replace("HOST", &target.host).replace("PATH", &target.response);
            let mut stream = target.connect();
            stream.write_all(text.as_bytes()).unwrap();
            let response = read(stream);
            assert!(response.contains(" 303 "), "{form} {headers}: {response}");
            let path = response.lines().find_map(|line| line.strip_prefix("location: ")).expect("it is sent on");
            target.say(format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", target.host).as_bytes());
        });
    }
}

/// Browsers send the cookies of all programs at this address, whatever their port.
#[test]
fn the_response_arrives_with_many_cookies() {
    for headers in [format!("Cookie: a={}\r\n", "x".repeat(100_000)), "Cookie: a=b\r\n".repeat(200)] {
        lets_in(&["--no-verify"], |target| {
            let response = target.say(target.request_with(&headers).as_bytes());
            assert!(response.starts_with("HTTP/1.1 303 "), "{response}");
        });
    }
}

#[test]
fn a_request_that_is_too_large_is_reported_once() {
    lets_in(&["--no-verify"], |target| {
        for headers in [format!("Cookie: a={}\r\n", "x".repeat(200_000)), "X: y\r\n".repeat(1000)] {
            let response = target.say(target.request_with(&headers).as_bytes());
            assert!(response.is_empty() || response.starts_with("HTTP/1.1 431 "), "{response}");
            target.login.wait_for("hint: open the URL that the browser ended on in a private window");
        }
        let reported = target.login.stderr_so_far();
        assert_eq!(
            reported.matches("warning: a browser's request to this login was too large").count(),
            1,
            "{reported}"
        );
        target.come();
    });
}

#[test]
fn the_server_listens_on_the_loopback_address_only() {
    withstands(|target| {
        let port = target.address.port();
        for other in ["127.0.0.2", "[::1]"] {
            let reached = TcpStream::connect(format!("{other}:{port}"));
            assert!(reached.is_err(), "{other} is open as well");
        }
    });
}

#[test]
fn the_page_shows_nothing_of_the_request() {
    withstands(|target| {
        let path = "/callback?code=<script>alert(1)</script>&state=%3Cb%3E";
        let response = target.say(format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", target.host).as_bytes());
        assert!(!response.contains("script") && !response.contains("<b>"), "{response}");
    });
}

#[test]
#[cfg(unix)]
fn the_port_is_closed_before_the_login_asks_its_last_question() {
    use crate::google::browser::Decision;
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let secrets = sandbox.home().join("client_secret.json");
    let mut terminal = sandbox.login(&["-c", secrets.to_str().unwrap()]).terminal();
    let url = terminal.url();
    let redirect = url.query_pairs().find(|(name, _)| name == "redirect_uri").expect("a redirect URI").1.into_owned();
    let address = redirect.trim_start_matches("http://").trim_end_matches("/callback").to_owned();
    let idle = TcpStream::connect(&address).unwrap();
    browser::visit(url.as_str(), &Decision::allow()).unwrap();
    terminal.expect("Number or ID, or Enter for none");
    assert!(TcpStream::connect(&address).is_err(), "the port is still open");
    assert_eq!(read(idle), "", "a connection is still open");
    terminal.send("");
    terminal.finish();
}
