//! The pages of the loopback server: static, without scripts, without anything from other servers.
//!
//! The result page is all that a user sees of this program when the terminal is behind the browser. It shows the result of the
//! login, never just that a response arrived.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Response, StatusCode, header};
use sha2::{Digest, Sha256};

/// The result of a login, for the user at the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultPage {
    pub success: bool,
    pub title: String,
    /// Sentences; text in backticks is shown as code.
    pub text: String,
}

/// Every color has a name, so that a test can compute the contrast in both color schemes.
const STYLE: &str = "\
:root{color-scheme:light dark;--back:#f3f5f8;--card:#fff;--edge:#d0d7de;--text:#1f2328;--soft:#57606a;--good:#1a7f37;--bad:#c21f2b}\
@media(prefers-color-scheme:dark){\
:root{--back:#0d1117;--card:#161b22;--edge:#3d444d;--text:#e6edf3;--soft:#9aa4af;--good:#56d364;--bad:#ff8f87}}\
*{box-sizing:border-box}\
body{margin:0;min-height:100vh;padding:1.5rem;display:flex;align-items:center;justify-content:center;\
background:var(--back);color:var(--text);font:1rem/1.55 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}\
main{width:100%;max-width:30rem;padding:clamp(1.25rem,6vw,2rem);background:var(--card);border:1px solid var(--edge);border-radius:.75rem;\
overflow-wrap:anywhere}\
svg{display:block;width:3rem;height:3rem;margin-bottom:1.25rem;fill:none;stroke:currentColor;stroke-width:2;\
stroke-linecap:round;stroke-linejoin:round}\
.good{color:var(--good)}.bad{color:var(--bad)}.neutral{color:var(--soft)}\
h1{margin:0 0 .5rem;font-size:1.375rem;line-height:1.3}\
p{margin:0 0 1rem}\
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}\
footer{padding-top:1rem;border-top:1px solid var(--edge);color:var(--soft);font-size:.875rem}";

const TICK: &str = "<path d=\"M7.5 12.5l3 3 6-6.5\"/>";
const CROSS: &str = "<path d=\"M8.5 8.5l7 7m0-7l-7 7\"/>";
const QUESTION: &str = "<path d=\"M9.3 9.4a2.8 2.8 0 1 1 3.9 2.5c-.8.4-1.2.9-1.2 1.8M12 17v.01\"/>";

/// The page at the end of a login.
pub fn result(page: &ResultPage) -> Response<Full<Bytes>> {
    let (class, mark) = if page.success { ("good", TICK) } else { ("bad", CROSS) };
    html(StatusCode::OK, class, mark, &page.title, &page.text, "You can close this window.")
}

/// The page for a request that is not the response to this login.
pub fn rejection(status: StatusCode) -> Response<Full<Bytes>> {
    let (title, text) = match status {
        StatusCode::GONE => ("This login has ended", "The terminal shows its result."),
        StatusCode::FORBIDDEN => (
            "This login belongs to another user",
            "The request came from another user of this computer, so it was rejected. The login goes on.",
        ),
        _ => (
            "This is not the response to a login",
            "A login waits here for Google's response. This request was not it, so it was rejected. The login goes on.",
        ),
    };
    html(status, "neutral", QUESTION, title, text, &status.to_string())
}

/// The page for a second request for the start link.
pub fn start_link_expired() -> Response<Full<Bytes>> {
    let text = "It works once. The terminal shows the URL of Google's page: open that in this browser.";
    html(StatusCode::GONE, "neutral", QUESTION, "This link has been used", text, &StatusCode::GONE.to_string())
}

/// Redirects the browser. After the authorization response its address bar and its history then hold no code.
pub fn redirect(location: &str) -> Response<Full<Bytes>> {
    let mut response = with_headers(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", String::new());
    if let Ok(location) = location.parse() {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

fn html(status: StatusCode, class: &str, mark: &str, title: &str, text: &str, end: &str) -> Response<Full<Bytes>> {
    let (title, text) = (escape(title), sentences(text));
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} - gads-creds</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <svg class=\"{class}\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><circle cx=\"12\" cy=\"12\" r=\"10.5\"/>{mark}</svg>\n\
         <h1>{title}</h1>\n<p>{text}</p>\n<footer>gads-creds &middot; {end}</footer>\n</main>\n</body>\n</html>\n"
    );
    with_headers(status, "text/html; charset=utf-8", html)
}

fn with_headers(status: StatusCode, media_type: &'static str, body: String) -> Response<Full<Bytes>> {
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

/// Turns a message into a sentence of a page: with a capital letter, and with text in backticks as code.
fn sentences(text: &str) -> String {
    let mut chars = text.chars();
    let text = match chars.next() {
        Some(first) => format!("{}{}", first.to_ascii_uppercase(), chars.as_str()),
        None => String::new(),
    };
    let text = escape(&text);
    if !text.matches('`').count().is_multiple_of(2) {
        return text;
    }
    let part = |(at, part): (usize, &str)| if at % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() };
    text.split('`').enumerate().map(part).collect()
}

/// Escapes the text for HTML.
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
