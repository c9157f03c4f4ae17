//! How a wait ends without an authorization response, and what does not end it.

use super::{decide, issued, login};
use crate::google::browser::{self, Decision};
use crate::google::{ADA, Endpoint};
use crate::sandbox::Sandbox;

const OLD: &str = "# mine\nrefresh_token: 1//0old\n";

#[test]
fn a_denial_ends_the_login_with_5_and_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    sandbox.write("google-ads.yaml", OLD);
    let spec = login(&sandbox, &[]).code(5).stderr_has("error: consent was denied").stderr_has("(access_denied)");
    let (_, page) = decide(spec, &Decision::deny());
    assert!(page.body.contains("The login did not succeed") && page.body.contains("Consent was denied"), "{page:?}");
    assert_eq!(sandbox.read("google-ads.yaml"), OLD);
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 0);
    assert_eq!(super::recovery_files(&sandbox), Vec::<std::path::PathBuf>::new());
}

#[test]
fn a_time_out_ends_the_login_with_5_and_names_explain() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let spec =
        login(&sandbox, &["--timeout", "1"]).code(5).stderr_has("no response came from the browser within 1 second");
    let outcome = spec.run();
    assert!(outcome.stderr.contains("`gads-creds explain CODE`"), "{outcome:#?}");
    assert!(!sandbox.home().join("google-ads.yaml").exists());
}

#[test]
fn an_error_on_googles_own_page_is_not_sent_back_so_the_login_times_out() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    sandbox.google.edit(&client, |client| client.page_error = Some("admin_policy_enforced"));
    let running = login(&sandbox, &["--timeout", "2"]).code(5).stderr_has("gads-creds explain").start();
    assert!(running.visit(&Decision::allow()).body.contains("admin_policy_enforced"));
    running.finish();
}

#[test]
fn unrelated_and_forged_requests_do_not_end_the_login() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let running = login(&sandbox, &["--no-verify"]).start();
    let redirect = running.redirect_uri();
    for (query, status) in [
        ("", 400),
        ("?error=access_denied", 400),
        ("?error=access_denied&state=guess", 400),
        ("?code=4/0Aevil&state=guess", 400),
        ("?code=4/0Aevil", 400),
    ] {
        assert_eq!(browser::get(&format!("{redirect}{query}")).unwrap().status, status, "{query}");
    }
    let forged = format!("{redirect}?code=4/0Aevil&state={}&iss=https://evil.example", running.state());
    assert_eq!(browser::get(&forged).unwrap().status, 400);
    assert_eq!(browser::get(redirect.join("/favicon.ico").unwrap().as_str()).unwrap().status, 404);
    assert_eq!(browser::request("OPTIONS", redirect.as_str(), &[], "").unwrap().status, 405);
    assert!(running.visit(&Decision::allow().by(ADA)).body.contains("You are logged in"));
    running.finish();
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 1);
    assert!(sandbox.google.lives(&issued(&sandbox)));
}

#[cfg(unix)]
mod signals {
    use std::net::TcpStream;
    use std::time::{Duration, Instant};

    use rustix::process::Signal;

    use super::super::{browse, hold, issued, kill, login, new_file, recovery_files};
    use super::OLD;
    use crate::google::Endpoint;
    use crate::sandbox::Sandbox;

    /// A second is promised; a busy machine gets four more.
    const SOON: Duration = Duration::from_secs(5);

    #[test]
    fn a_signal_while_waiting_ends_the_login_at_once_and_leaves_nothing() {
        for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 143)] {
            let sandbox = Sandbox::new();
            sandbox.desktop();
            sandbox.write("google-ads.yaml", OLD);
            let running = login(&sandbox, &[]).code(code).start();
            let port = running.redirect_uri().port().unwrap();
            running.wait_for("Waiting for the browser");
            let start = Instant::now();
            kill(running.id(), signal);
            running.finish();
            assert!(start.elapsed() < SOON, "{signal:?} took {:?}", start.elapsed());
            assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "the port is still open");
            assert_eq!(sandbox.read("google-ads.yaml"), OLD);
            assert_eq!(recovery_files(&sandbox), Vec::<std::path::PathBuf>::new());
        }
    }

    #[test]
    fn a_signal_during_the_exchange_waits_for_a_response_on_its_way() {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        let held = hold(&sandbox, Endpoint::Token);
        let running = login(&sandbox, &[]).code(130).stderr_has("stored the refresh token").start();
        let page = browse(&running.url());
        held.reached();
        kill(running.id(), Signal::INT);
        drop(held);
        running.finish();
        assert!(page.join().unwrap().unwrap().body.contains("You are logged in"));
        assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
        assert_eq!(sandbox.google.requests(Endpoint::Ads).len(), 0, "a stopped login still asked who this is");
        assert_eq!(recovery_files(&sandbox), Vec::<std::path::PathBuf>::new());
    }

    #[test]
    fn a_signal_during_an_exchange_without_a_response_ends_the_login() {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        sandbox.write("google-ads.yaml", OLD);
        let held = hold(&sandbox, Endpoint::Token);
        let running = login(&sandbox, &[]).code(143).start();
        let page = browse(&running.url());
        held.reached();
        let start = Instant::now();
        kill(running.id(), Signal::TERM);
        running.finish();
        assert!(start.elapsed() < SOON, "it took {:?}", start.elapsed());
        assert!(page.join().unwrap().unwrap().body.contains("The login did not succeed"));
        assert_eq!(sandbox.read("google-ads.yaml"), OLD);
        assert_eq!(recovery_files(&sandbox), Vec::<std::path::PathBuf>::new());
    }

    #[test]
    fn a_signal_while_google_ads_is_asked_stores_the_token_first() {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        let held = hold(&sandbox, Endpoint::Ads);
        let running = login(&sandbox, &[]).code(130).stderr_has("stored the refresh token").start();
        let page = browse(&running.url());
        held.reached();
        let start = Instant::now();
        kill(running.id(), Signal::INT);
        running.finish();
        assert!(start.elapsed() < SOON, "it took {:?}", start.elapsed());
        assert!(page.join().unwrap().unwrap().body.contains("You are logged in"));
        assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
        assert_eq!(recovery_files(&sandbox), Vec::<std::path::PathBuf>::new());
    }
}
