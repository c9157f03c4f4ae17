//! What the browser shows at the end: one static page, no script, nothing from elsewhere, no code in its address.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Response, StatusCode, header};
use sha2::{Digest, Sha256};

/// What really happened, for the person in front of the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub good: bool,
    pub title: String,
    pub text: String,
}

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;\
background:Canvas;color:CanvasText}\
main{max-width:32rem;padding:2rem;overflow-wrap:anywhere}\
h1{font-size:1.5rem;margin:0 0 .5rem}\
.mark{font-size:2.5rem;line-height:1}\
p{margin:.5rem 0}";

/// The page as an answer of the listener.
pub fn result(page: &Page) -> Response<Full<Bytes>> {
    let mark = if page.good { "&#10003;" } else { "&#10007;" };
    let (title, text) = (escape(&page.title), escape(&page.text));
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} - gads-creds</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <div class=\"mark\" aria-hidden=\"true\">{mark}</div>\n<h1>{title}</h1>\n<p>{text}</p>\n\
         <p>You can close this window.</p>\n</main>\n</body>\n</html>\n"
    );
    answer(StatusCode::OK, "text/html; charset=utf-8", html)
}

/// A short refusal in plain text.
pub fn refusal(status: StatusCode) -> Response<Full<Bytes>> {
    answer(status, "text/plain; charset=utf-8", format!("{status}\n"))
}

/// Sends the browser on, so that its address bar and its history hold no code.
pub fn go_to(path: &str) -> Response<Full<Bytes>> {
    let mut response = answer(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", String::new());
    if let Ok(path) = path.parse() {
        response.headers_mut().insert(header::LOCATION, path);
    }
    response
}

fn answer(status: StatusCode, media_type: &'static str, body: String) -> Response<Full<Bytes>> {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        STANDARD.encode(Sha256::digest(STYLE))
    );
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, &policy),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The text as HTML shows it.
fn escape(text: &str) -> String {
    let mut html = String::new();
    for char in text.chars() {
        match char {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(char),
        }
    }
    html
}
