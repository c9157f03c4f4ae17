//! Responses without a grant, each with its exit code and part of the message, for a refresh token and for a code
//! alike. `refresh` and `exchange` test all of them.

use serde_json::json;

use super::{Row, json_text, raw, tokens};
use crate::google::{ADWORDS, Fault, Google, Reply};

/// What a text of Google's says about tokens, clients and scopes.
const COMMON: &str = "Token has been expired or revoked: the refresh token (1 of 50) of OAuth client 1234 is made up of \
                      letters; see https://developers.google.com/identity/protocols/oauth2#5.%20Refresh for 400 invalid_grant";

/// A token response, as short as it may be.
pub const GOOD: &str = "{\"access_token\":\"ya29.a\",\"token_type\":\"Bearer\"}";

/// Not a token response, or half of one.
pub fn of_a_wrong_form() -> Vec<Row> {
    let unusable = "cannot be used";
    let something = "responded with something that cannot be used (HTTP 200)";
    let deep = format!("{}{}", "[".repeat(500_000), "]".repeat(500_000));
    let deep_member = GOOD.replace('}', &format!(",\"x\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000)));
    vec![
        ("empty", raw("200 OK", ""), 6, something),
        (
            "a web page",
            Fault::page(200, "<!DOCTYPE html><title>Log in to the Wi-Fi</title>"),
            6,
            "responded with a web page (HTTP 200)",
        ),
        ("truncated", Fault::Truncated, 6, "cannot reach"),
        ("truncated JSON", json_text(200, "{\"access_token\":\"ya29.a\",\"token_type\":\"Bea"), 6, something),
        ("trailing garbage", json_text(200, &format!("{GOOD}x")), 6, something),
        ("two objects", json_text(200, &format!("{GOOD}{GOOD}")), 6, something),
        ("JSON with a guard", json_text(200, &format!(")]}}'\n{GOOD}")), 6, something),
        ("array", json_text(200, &format!("[{GOOD}]")), 6, unusable),
        ("string", json_text(200, "\"ya29.a\""), 6, "cannot be used: it is not a token response"),
        ("number", json_text(200, "7"), 6, "cannot be used: it is not a token response"),
        ("null", json_text(200, "null"), 6, unusable),
        ("empty object", json_text(200, "{}"), 6, unusable),
        (
            "a form",
            raw("200 OK\r\nContent-Type: application/x-www-form-urlencoded", "access_token=a&token_type=bearer"),
            6,
            something,
        ),
        ("deep", json_text(200, &deep), 6, unusable),
        ("a deep member", json_text(200, &deep_member), 6, unusable),
        ("an error with status 200", json_text(200, "{\"error\":\"invalid_grant\"}"), 6, unusable),
        ("no access_token", tokens(json!({ "access_token": null })), 6, unusable),
        ("no token_type", tokens(json!({ "token_type": null })), 6, unusable),
        ("mac", tokens(json!({ "token_type": "mac" })), 6, "its `token_type` is not `Bearer`"),
        ("Bearer with a space", tokens(json!({ "token_type": "Bearer " })), 6, "its `token_type` is not `Bearer`"),
        ("token_type a number", tokens(json!({ "token_type": 1 })), 6, unusable),
        ("access_token a number", tokens(json!({ "access_token": 1 })), 6, "cannot be used: at `access_token`"),
        ("access_token an object", tokens(json!({ "access_token": {} })), 6, unusable),
        ("access_token null", json_text(200, "{\"access_token\":null,\"token_type\":\"Bearer\"}"), 6, unusable),
        ("refresh_token an array", tokens(json!({ "refresh_token": ["1//0x"] })), 6, unusable),
        ("scope an array", tokens(json!({ "scope": [ADWORDS] })), 6, unusable),
        ("member twice", json_text(200, &GOOD.replace('}', ",\"access_token\":\"other\"}")), 6, unusable),
        ("error and tokens", json_text(400, &GOOD.replace('}', ",\"error\":{}}")), 4, "rejected the request"),
        ("a number beyond all", json_text(200, &GOOD.replace('}', ",\"expires_in\":1e400}")), 6, something),
        ("NaN", json_text(200, &GOOD.replace('}', ",\"expires_in\":NaN}")), 6, something),
        ("half a surrogate", json_text(200, &GOOD.replace("ya29", "\\ud800")), 6, something),
        ("a NUL after the end", json_text(200, &format!("{GOOD}\0")), 6, something),
        ("a comment", json_text(200, &format!("{GOOD}// x")), 6, something),
        ("single quotes", json_text(200, &GOOD.replace('"', "'")), 6, something),
        (
            "a member twice, once escaped",
            json_text(200, &GOOD.replace('}', ",\"access\\u005ftoken\":\"b\"}")),
            6,
            unusable,
        ),
        ("not UTF-8", raw("200 OK", b"{\"access_token\":\"\xff\xfe\",\"token_type\":\"Bearer\"}"), 6, unusable),
        (
            "UTF-16",
            raw("200 OK", "{\"a\":1}".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
            6,
            something,
        ),
    ]
}

/// Tokens that no server issues.
pub fn with_unfit_tokens() -> Vec<Row> {
    let access = "its `access_token` is not a token";
    let refresh = "its `refresh_token` is not a token";
    vec![
        ("empty", tokens(json!({ "access_token": "" })), 6, access),
        ("space", tokens(json!({ "access_token": "ya29 a" })), 6, access),
        ("newline", tokens(json!({ "access_token": "ya29\na" })), 6, access),
        ("carriage return", tokens(json!({ "access_token": "ya29\r\nX: y" })), 6, access),
        ("escape", tokens(json!({ "access_token": "ya29\u{1b}[2J" })), 6, access),
        ("NUL", tokens(json!({ "access_token": "ya29\0" })), 6, access),
        ("not ASCII", tokens(json!({ "access_token": "ya29.\u{e9}" })), 6, access),
        ("bidi", tokens(json!({ "access_token": "ya29.\u{202e}" })), 6, access),
        ("9000 characters", tokens(json!({ "access_token": "a".repeat(9000) })), 6, access),
        ("5 MB", tokens(json!({ "access_token": "a".repeat(5 << 20) })), 6, "more than 1 MiB"),
        ("refresh: space", tokens(json!({ "refresh_token": "1//0 a" })), 6, refresh),
        ("refresh: newline", tokens(json!({ "refresh_token": "1//0a\nclient_id: x" })), 6, refresh),
        ("refresh: escape", tokens(json!({ "refresh_token": "1//0\u{1b}" })), 6, refresh),
        ("refresh: not ASCII", tokens(json!({ "refresh_token": "1//0\u{e9}" })), 6, refresh),
        ("refresh: 3000 characters", tokens(json!({ "refresh_token": "a".repeat(3000) })), 6, refresh),
    ]
}

/// Redirects: to a server that must not get a request, and to the endpoint itself.
pub fn redirects(trap: &Google) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for status in [301, 302, 303, 307, 308] {
        let reply = Reply::redirect(status, &format!("{}/token", trap.url()));
        rows.push(("elsewhere", Fault::Reply(reply), 6, "a redirect, which is never followed"));
        rows.push((
            "to itself",
            Fault::Reply(Reply::redirect(status, "/token?again")),
            6,
            "a redirect, which is never followed",
        ));
    }
    rows.push(("300", Fault::Reply(Reply::redirect(300, trap.url())), 6, "HTTP 300"));
    rows.push(("nowhere", raw("302 Found", ""), 6, "a redirect, which is never followed"));
    rows.push((
        "by a header",
        raw(&format!("200 OK\r\nRefresh: 0; url={0}/token\r\nLocation: {0}", trap.url()), ""),
        6,
        "HTTP 200",
    ));
    rows
}

/// Google's error responses, and those of others in its place.
pub fn refusals() -> Vec<Row> {
    let error = |status, error: &str| Fault::oauth_error(status, error, "Some words.");
    vec![
        ("revoked", error(400, "invalid_grant"), 4, "invalid_grant: Some words."),
        ("client", error(401, "invalid_client"), 4, "invalid_client"),
        ("deleted", error(401, "deleted_client"), 4, "deleted_client"),
        ("another client's", error(401, "unauthorized_client"), 4, "unauthorized_client"),
        ("unknown", error(400, "brand_new_error"), 4, "brand_new_error: Some words."),
        ("forbidden", error(403, "access_denied"), 4, "access_denied"),
        ("teapot page", Fault::page(418, "<p>short and stout"), 6, "a web page (HTTP 418)"),
        ("400, no error", json_text(400, "{}"), 6, "HTTP 400"),
        ("400, empty", raw("400 Bad Request", ""), 6, "HTTP 400"),
        ("error empty", json_text(400, "{\"error\":\"\"}"), 6, "HTTP 400"),
        ("error a number", json_text(400, "{\"error\":7}"), 6, "HTTP 400"),
        ("error null", json_text(400, "{\"error\":null}"), 6, "HTTP 400"),
        ("error an array", json_text(400, "{\"error\":[\"invalid_grant\"]}"), 6, "HTTP 400"),
        (
            "error an object",
            json_text(403, "{\"error\":{\"code\":403,\"message\":\"No.\",\"status\":\"PERMISSION_DENIED\"}}"),
            4,
            "PERMISSION_DENIED",
        ),
        ("error an empty object", json_text(400, "{\"error\":{}}"), 4, "rejected the request (HTTP 400)"),
        (
            "description a number",
            json_text(400, "{\"error\":\"invalid_grant\",\"error_description\":7}"),
            4,
            "invalid_grant",
        ),
        ("deep error", json_text(400, &format!("{{\"error\":{}", "[".repeat(100_000))), 6, "HTTP 400"),
        ("no content", Fault::Raw(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()), 6, "HTTP 204"),
        ("created", json_text(201, GOOD), 6, "HTTP 201"),
        ("part", raw("206 Partial Content\r\nContent-Range: bytes 0-9/10", GOOD), 6, "HTTP 206"),
        ("a proxy's 407", error(407, "invalid_grant"), 6, "something that cannot be used (HTTP 407)"),
        ("a portal's 511", Fault::page(511, "<title>Log in to the Wi-Fi</title>"), 6, "a web page (HTTP 511)"),
        ("500", error(500, "internal_failure"), 6, "HTTP 500"),
        ("502 page", Fault::page(502, "<title>Bad Gateway</title>"), 6, "HTTP 502"),
        ("503", raw("503 Service Unavailable\r\nRetry-After: 0", ""), 6, "HTTP 503"),
        ("599", raw("599 Odd", ""), 6, "HTTP 599"),
        ("429", raw("429 Too Many Requests", ""), 6, "HTTP 429"),
        ("429, at once", raw("429 Too Many Requests\r\nRetry-After: 0", ""), 6, "HTTP 429"),
        ("429, a second", raw("429 Too Many Requests\r\nRetry-After: 1", ""), 6, "HTTP 429"),
        ("429, five seconds", raw("429 Too Many Requests\r\nRetry-After: 5", ""), 6, "HTTP 429"),
        ("429, an hour", raw("429 Too Many Requests\r\nRetry-After: 3600", ""), 6, "HTTP 429"),
        ("429, for ever", raw("429 Too Many Requests\r\nRetry-After: 99999999999999999999999", ""), 6, "HTTP 429"),
        (
            "429, until a date",
            raw("429 Too Many Requests\r\nRetry-After: Fri, 31 Dec 2100 23:59:59 GMT", ""),
            6,
            "HTTP 429",
        ),
        (
            "429, until long ago",
            raw("429 Too Many Requests\r\nRetry-After: Sun, 06 Nov 1994 08:49:37 GMT", ""),
            6,
            "HTTP 429",
        ),
        ("429, garbage", raw("429 Too Many Requests\r\nRetry-After: -1 soon", ""), 6, "HTTP 429"),
    ]
}

/// Text that must be escaped on a terminal.
pub fn unfit_words() -> Vec<Row> {
    let says = |text: String| Fault::oauth_error(400, "brand_new_error", &text);
    vec![
        ("color", says("\u{1b}[31mred\u{1b}[0m".to_owned()), 4, "\\u{1b}[31mred"),
        ("title", says("\u{1b}]0;owned\u{7}".to_owned()), 4, "\\u{1b}]0;owned\\u{7}"),
        ("link", says("\u{1b}]8;;https://evil.example\u{1b}\\click".to_owned()), 4, "\\u{1b}]8;;"),
        ("C1", says("\u{9b}2J".to_owned()), 4, "\\u{9b}2J"),
        ("lines", says("one\nerror: two\r\nhint: three".to_owned()), 4, "one\\nerror: two\\r\\nhint: three"),
        ("bidi", says("\u{202e}gpj.exe\u{2066}".to_owned()), 4, "\\u{202e}gpj.exe\\u{2066}"),
        ("emoji", says("Your app \u{2764}\u{fe0f} is in review".to_owned()), 4, "app \u{2764}\u{fe0f} is in review"),
        ("no emoji", says("a\u{fe0f}b".to_owned()), 4, "a\\u{fe0f}b"),
        ("words that a secret may have as well", says(COMMON.to_owned()), 4, COMMON),
        ("long", says("a".repeat(900_000)), 4, "aaa..."),
        ("control characters in the code", Fault::oauth_error(400, "x\u{1b}[2J", ""), 4, "x\\u{1b}[2J"),
        ("a long code", Fault::oauth_error(400, &"e".repeat(500_000), ""), 4, "eee..."),
    ]
}
