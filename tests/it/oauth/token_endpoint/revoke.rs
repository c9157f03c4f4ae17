//! The revocation endpoint: the token is removed only after success, or if it was already invalid.

use super::{Row, Scenario, error_responses, json_text, raw};
use crate::google::{Endpoint, Fault, Google};

#[test]
fn a_failed_revocation_leaves_everything_as_it_was() {
    let trap = Google::start().unwrap();
    let mut rows: Vec<Row> = vec![
        ("500", Fault::page(500, "<html>"), 6, "the token is still valid"),
        ("429", raw("429 Slow Down\r\nRetry-After: 3600", ""), 6, "the token is still valid"),
        ("a proxy's 407", Fault::oauth_error(407, "invalid_token", ""), 6, "something that cannot be used (HTTP 407)"),
        ("nothing but a head", Fault::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n".to_vec()), 6, "cannot reach"),
        ("no content", Fault::Raw(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()), 6, "HTTP 204"),
        ("dropped", Fault::Raw(Vec::new()), 6, "cannot reach"),
        ("a web page", Fault::page(400, "invalid_token"), 6, "HTTP 400"),
        ("another error", Fault::oauth_error(400, "invalid_request", "\u{1b}[2J"), 4, "invalid_request"),
        ("invalid_token elsewhere", json_text(403, "{\"error\":\"invalid_token\"}"), 4, "invalid_token"),
    ];
    // With status 200: whatever they are, the endpoint did not send them.
    for (name, body) in [
        ("a block page", "<!DOCTYPE html><title>Blocked by policy</title>"),
        ("XHTML", "\u{feff}\r\n <?xml version=\"1.0\"?><html/>"),
        ("an error", "{\"error\":\"invalid_token\"}"),
        ("an error object", "{\"error\":{\"code\":403}}"),
    ] {
        rows.push((name, raw("200 OK", body), 6, "(HTTP 200); the token may or may not still be valid"));
    }
    // A redirect with status 200 counts as success.
    rows.extend(error_responses::redirects(&trap).into_iter().filter(|(.., fact)| *fact != "HTTP 200"));
    rows.extend(error_responses::unfit_words());
    let scenario = Scenario::new();
    for (name, fault, code, fact) in rows {
        scenario.responds(Endpoint::Revoke, fault);
        let before = scenario.sandbox.google.requests(Endpoint::Revoke).len();
        let outcome = scenario.sandbox.command(&["revoke", "--yes", "-vv"]).observe();
        scenario.check(name, &outcome, scenario.sandbox.google.requests(Endpoint::Revoke).len() - before, code, fact);
    }
    assert!(trap.world().requests.is_empty(), "a redirect was followed");
}

#[test]
fn success_with_any_body_and_an_already_invalid_token_count_as_revoked() {
    for fault in [
        raw("200 OK", "\u{1b}]0;x\u{7}<not json"),
        raw("200 OK", ""),
        json_text(200, "{}"),
        json_text(200, "{\"status\":\"ok\",\"error\":null}"),
        json_text(400, "{\"error\":\"invalid_token\"}"),
    ] {
        let scenario = Scenario::new();
        scenario.responds(Endpoint::Revoke, fault);
        scenario.sandbox.command(&["revoke", "--yes"]).stderr_has("removed it from").run();
        assert!(!scenario.sandbox.read("google-ads.yaml").contains(&scenario.token));
    }
}
