//! The revocation endpoint: only its yes, or that the token was dead before, lets the token go.

use super::{Desk, Row, error_responses, json_text, raw};
use crate::google::{Endpoint, Fault, Google};

#[test]
fn an_answer_that_is_no_yes_leaves_everything_as_it_was() {
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
    // A redirect that says 200 in its status line is a yes.
    rows.extend(error_responses::redirects(&trap).into_iter().filter(|(.., fact)| *fact != "HTTP 200"));
    rows.extend(error_responses::unfit_words());
    let desk = Desk::new();
    for (name, fault, code, fact) in rows {
        desk.answers(Endpoint::Revoke, fault);
        let before = desk.sandbox.google.requests(Endpoint::Revoke).len();
        let outcome = desk.sandbox.command(&["revoke", "--yes", "-vv"]).observe();
        desk.check(name, &outcome, desk.sandbox.google.requests(Endpoint::Revoke).len() - before, code, fact);
    }
    assert!(trap.world().requests.is_empty(), "a redirect was followed");
}

#[test]
fn a_yes_with_any_body_and_a_token_that_was_dead_are_enough() {
    for fault in [raw("200 OK", "\u{1b}]0;x\u{7}<not json"), json_text(400, "{\"error\":\"invalid_token\"}")] {
        let desk = Desk::new();
        desk.answers(Endpoint::Revoke, fault);
        desk.sandbox.command(&["revoke", "--yes"]).stderr_has("removed it from").run();
        assert!(!desk.sandbox.read("google-ads.yaml").contains(&desk.token));
    }
}
