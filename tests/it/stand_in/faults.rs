//! Scripted faults happen as scripted.

use std::io::ErrorKind;
use std::time::Duration;

use serde_json::json;

use super::{ADWORDS, error, is, json, refresh};
use crate::google::browser::{self, Page};
use crate::google::{Client, Endpoint, Fault, Google, Reply};

/// Creates a stand-in whose token endpoint has this fault, and returns the result of a refresh.
fn refresh_with(fault: Fault) -> (Google, Client, String) {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let token = google.grant(&client, &[ADWORDS]);
    google.fault(Endpoint::Token, fault);
    (google, client, token)
}

fn page_with(fault: Fault) -> Page {
    let (google, client, token) = refresh_with(fault);
    refresh(&google, &client, &token)
}

/// Returns the raw response to a refresh.
fn raw_with(fault: Fault) -> Vec<u8> {
    let (google, client, token) = refresh_with(fault);
    let form = format!(
        "grant_type=refresh_token&refresh_token={token}&client_id={}&client_secret={}",
        client.id, client.secret
    );
    let address = google.url().trim_start_matches("http://").parse().unwrap();
    let head = "POST /token HTTP/1.1\r\nHost: stand-in\r\nContent-Type: application/x-www-form-urlencoded";
    browser::raw(address, format!("{head}\r\nContent-Length: {}\r\n\r\n{form}", form.len()).as_bytes()).unwrap()
}

#[test]
fn a_fault_happens_once_or_always_and_at_its_endpoint() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let token = google.grant(&client, &[ADWORDS]);
    google.fault(Endpoint::Token, Fault::oauth_error(500, "internal_failure", "first"));
    google.fault(Endpoint::Token, Fault::oauth_error(503, "backend_error", "second"));
    google.fault(Endpoint::Revoke, Fault::page(502, "<title>Bad Gateway</title>"));
    assert_eq!(error(&refresh(&google, &client, &token)), is(500, "internal_failure"));
    assert_eq!(error(&refresh(&google, &client, &token)), is(503, "backend_error"));
    assert_eq!(refresh(&google, &client, &token).status, 200);
    google.fault_always(Endpoint::Token, Fault::redirect("http://127.0.0.1:9/"));
    for _ in 0..2 {
        let page = refresh(&google, &client, &token);
        assert_eq!((page.status, page.header("location")), (307, Some("http://127.0.0.1:9/")));
    }
    assert_eq!(google.requests(Endpoint::Token).len(), 5);
}

#[test]
fn a_response_may_have_any_header() {
    let reply = Reply::json(429, &json!({})).header("Retry-After", "7");
    assert_eq!(page_with(Fault::Reply(reply)).header("retry-after"), Some("7"));
}

#[test]
fn the_real_response_may_be_changed() {
    let page = page_with(Fault::edit(|response| response["expires_in"] = json!("3599")));
    assert_eq!(json(&page)["expires_in"], "3599");
    assert!(json(&page)["access_token"].is_string());
}

#[test]
fn the_real_response_may_be_late_or_slow() {
    for fault in [Fault::Late(Duration::from_millis(1)), Fault::Drip(Duration::ZERO)] {
        assert!(json(&page_with(fault))["access_token"].is_string());
    }
}

#[test]
fn the_real_response_may_be_chunked_or_truncated() {
    let chunked = String::from_utf8(raw_with(Fault::Chunked)).unwrap();
    assert!(chunked.contains("\r\nTransfer-Encoding: chunked\r\n") && chunked.ends_with("\r\n0\r\n\r\n"), "{chunked}");
    let truncated = String::from_utf8(raw_with(Fault::Truncated)).unwrap();
    let (head, body) = truncated.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("Content-Length: ") && body.starts_with('{') && !body.contains('}'), "{truncated}");
}

#[test]
fn a_response_may_have_any_bytes_or_be_huge() {
    assert_eq!(raw_with(Fault::Raw(b"\x16\x03\x01".to_vec())), b"\x16\x03\x01");
    assert!(raw_with(Fault::Huge(1 << 20)).len() > 1 << 20);
}

#[test]
fn silence_lasts_as_long_as_the_client_waits() {
    use std::io::{Read, Write};
    let google = Google::start().unwrap();
    google.fault(Endpoint::Ads, Fault::Silence);
    let mut stream = std::net::TcpStream::connect(google.url().trim_start_matches("http://")).unwrap();
    stream.write_all(b"GET /v26/customers:listAccessibleCustomers HTTP/1.1\r\n\r\n").unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    let error = stream.read(&mut [0]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
    assert_eq!(google.requests(Endpoint::Ads).len(), 1);
}
