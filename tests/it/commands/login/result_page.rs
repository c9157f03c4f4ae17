//! The page that the browser shows at the end.

use std::time::{Duration, Instant};

use super::{browse, hold, issued, login};
use crate::google::Endpoint;
use crate::google::browser::{self, Decision, Page};
use crate::sandbox::{Running, Sandbox};

#[track_caller]
pub fn is_safe(page: &Page) {
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    for (name, value) in
        [("cache-control", "no-store"), ("referrer-policy", "no-referrer"), ("x-content-type-options", "nosniff")]
    {
        assert_eq!(page.header(name), Some(value), "{name} at {}", page.url);
    }
    assert!(page.header("content-type").unwrap().ends_with("; charset=utf-8"), "{page:?}");
    assert!(!page.headers.iter().any(|(name, _)| name.starts_with("access-control")), "{page:?}");
    for reference in ["<script", "src=", "href=", "@import", "url("] {
        assert!(!page.body.contains(reference), "{reference} in {}", page.body);
    }
}

#[test]
fn the_authorization_response_is_redirected_to_a_url_without_code() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let running = login(&sandbox, &["--no-verify"]).start();
    let consent = browser::get(running.url().as_str()).unwrap();
    let redirect = browser::submit(&consent, &Decision::allow()).unwrap();
    let callback = browser::get(redirect.header("location").unwrap()).unwrap();
    assert_eq!((callback.status, callback.body.as_str()), (303, ""));
    is_safe(&callback);
    let last = browser::follow(callback).unwrap();
    is_safe(&last);
    assert_eq!((last.status, last.url.query()), (200, None));
    assert!(last.url.path().starts_with("/done/") && last.url.path().len() > 20, "{}", last.url);
    assert!(last.body.contains("You are logged in") && last.body.contains("google-ads.yaml"), "{}", last.body);
    for secret in sandbox.google.secrets() {
        assert!(!last.body.contains(&secret) && !last.url.as_str().contains(&secret));
    }
    running.finish();
}

#[test]
fn success_is_shown_only_when_the_token_is_stored() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let held = hold(&sandbox, Endpoint::Ads);
    let running = login(&sandbox, &[]).start();
    let browser = browse(&running.url());
    held.reached();
    assert!(!browser.is_finished() && !sandbox.home().join("google-ads.yaml").exists());
    drop(held);
    let page = browser.join().unwrap().unwrap();
    // Nothing else waits between the page and this check.
    assert!(sandbox.read("google-ads.yaml").contains(&issued(&sandbox)));
    assert!(page.body.contains("You are logged in"));
    running.finish();
}

#[test]
fn a_failure_is_shown_as_one() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let args = ["--expect-account", "r&d@example.com"];
    let running = login(&sandbox, &args).code(4).start();
    let page = running.visit(&Decision::allow());
    running.finish();
    is_safe(&page);
    assert!(page.body.contains("The login did not succeed") && page.body.contains("ada@example.com"), "{}", page.body);
    assert!(page.body.contains("r&amp;d@") && !page.body.contains("r&d@"), "{}", page.body);
    assert_eq!(page.url.query(), None);
}

#[test]
fn five_identical_responses_cause_one_exchange_and_five_result_pages() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let held = hold(&sandbox, Endpoint::Token);
    let running = login(&sandbox, &["--no-verify"]).start();
    let consent = browser::get(running.url().as_str()).unwrap();
    let redirect = browser::submit(&consent, &Decision::allow()).unwrap();
    let callbacks: Vec<Page> = (0..5).map(|_| browser::get(redirect.header("location").unwrap()).unwrap()).collect();
    held.reached();
    let first = callbacks[0].header("location").unwrap();
    assert!(callbacks.iter().all(|page| page.status == 303 && page.header("location") == Some(first)));
    drop(held);
    assert!(browser::follow(callbacks[4].clone()).unwrap().body.contains("You are logged in"));
    running.finish();
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 1);
}

#[test]
fn a_browser_that_disconnects_right_after_the_response_does_no_harm() {
    use std::io::Write;
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let running = login(&sandbox, &["--no-verify"]).start();
    let consent = browser::get(running.url().as_str()).unwrap();
    let redirect = browser::submit(&consent, &Decision::allow()).unwrap();
    let address = url::Url::parse(redirect.header("location").unwrap()).unwrap();
    let target = &address[url::Position::BeforePath..];
    let host = &address[url::Position::BeforeHost..url::Position::AfterPort];
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    drop(stream);
    // Where another user has processes, it is rejected, and the terminal says to reload the page.
    let refused = "a browser closed the connection before it was known which user it belongs to";
    let end = Instant::now() + Duration::from_secs(30);
    while sandbox.google.requests(Endpoint::Token).is_empty() {
        if running.stderr_so_far().contains(refused) {
            browser::get(address.as_str()).unwrap();
            break;
        }
        assert!(Instant::now() < end, "neither accepted nor refused: {}", running.stderr_so_far());
        std::thread::sleep(Duration::from_millis(5));
    }
    running.finish();
    assert!(sandbox.read("google-ads.yaml").contains(&issued(&sandbox)));
}

#[test]
fn a_browser_that_fetches_in_advance_takes_neither_the_response_nor_the_result() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let running = login(&sandbox, &["--no-verify", "-v"]).start();
    let callback = &allowed(&running);
    for header in [("Sec-Purpose", "prefetch;prerender"), ("Purpose", "prefetch"), ("X-Moz", "prefetch")] {
        assert_eq!(browser::request("GET", callback, &[header], "").unwrap().status, 503, "{header:?}");
    }
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 0);
    let page = browser::follow(browser::get(callback).unwrap()).unwrap();
    assert!(page.body.contains("You are logged in"), "{page:?}");
    assert!(running.finish().stderr.contains("a browser fetches it in advance"));
}

/// Allows the login in a browser that does not follow the redirect; returns where that leads.
fn allowed(running: &Running) -> String {
    let consent = browser::get(running.url().as_str()).unwrap();
    let redirect = browser::submit(&consent, &Decision::allow()).unwrap();
    redirect.header("location").unwrap().to_owned()
}

#[test]
fn a_person_who_comes_after_a_program_that_took_the_page_sees_the_result() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let running = login(&sandbox, &["--no-verify"]).start();
    let callback = &allowed(&running);
    // A request without Fetch Metadata, as scanners and link previews send it.
    let redirect = browser::request("GET", callback, &[], "").unwrap();
    let result = redirect.url.join(redirect.header("location").unwrap()).unwrap();
    assert!(browser::request("GET", result.as_str(), &[], "").unwrap().body.contains("You are logged in"));
    let page = browser::follow(browser::get(callback).unwrap()).unwrap();
    assert!(page.body.contains("You are logged in"), "{page:?}");
    running.finish();
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 1);
}

#[test]
fn a_program_that_takes_only_the_response_leaves_the_result_to_the_person() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let running = login(&sandbox, &["--no-verify"]).start();
    let callback = &allowed(&running);
    assert_eq!(browser::request("GET", callback, &[], "").unwrap().status, 303);
    let end = Instant::now() + Duration::from_secs(30);
    while !sandbox.path("google-ads.yaml").exists() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(5));
    }
    // Longer than a browser needs that follows at once.
    std::thread::sleep(Duration::from_millis(1300));
    let page = browser::follow(browser::get(callback).unwrap()).unwrap();
    assert!(page.body.contains("You are logged in"), "{page:?}");
    running.finish();
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 1);
}
