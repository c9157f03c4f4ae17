//! A browser, as far as a login needs one: opens pages, fills in the consent screen and follows redirects.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use url::{Url, form_urlencoded};

/// How long a page may take: a login sends its page only once the token is stored.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a browser shows at the end.
#[derive(Clone, Debug)]
pub struct Page {
    pub url: Url,
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// What the user does on the consent screen.
#[derive(Clone, Debug)]
pub struct Decision {
    allow: bool,
    without: Option<String>,
    account: Option<String>,
}

impl Decision {
    pub fn allow() -> Decision {
        Decision { allow: true, without: None, account: None }
    }

    pub fn deny() -> Decision {
        Decision { allow: false, ..Decision::allow() }
    }

    /// Allows access, but unticks this scope.
    pub fn without(scope: &str) -> Decision {
        Decision { without: Some(scope.to_owned()), ..Decision::allow() }
    }

    /// Does the same as another account than the one that the page proposes.
    pub fn by(self, account: &str) -> Decision {
        Decision { account: Some(account.to_owned()), ..self }
    }
}

/// Opens the address, decides on the consent screen if there is one, and returns the page after all redirects.
pub fn visit(address: &str, decision: &Decision) -> io::Result<Page> {
    let page = follow(get(address)?)?;
    if page.status != 200 || !page.body.contains("<form") {
        return Ok(page);
    }
    follow(submit(&page, decision)?)
}

/// Presses a button of the consent screen and returns the response, without following a redirect.
pub fn submit(page: &Page, decision: &Decision) -> io::Result<Page> {
    let action = tags(&page.body, "form").find_map(|tag| attribute(tag, "action")).unwrap_or_default();
    let action = page.url.join(&action).map_err(|_| wrong("the form leads nowhere"))?;
    let mut fields = form_urlencoded::Serializer::new(String::new());
    let (mut found_scope, mut found_account) = (decision.without.is_none(), decision.account.is_none());
    for tag in tags(&page.body, "input") {
        let [kind, name, value] = ["type", "name", "value"].map(|name| attribute(tag, name).unwrap_or_default());
        let checked = tag.ends_with(" checked");
        let sent = match kind.as_str() {
            "checkbox" if decision.without.as_ref() == Some(&value) => {
                found_scope = true;
                false
            }
            "radio" => match &decision.account {
                None => checked,
                Some(account) => *account == value,
            },
            "checkbox" => checked,
            _ => true,
        };
        found_account |= kind == "radio" && sent;
        if sent {
            fields.append_pair(&name, &value);
        }
    }
    if !found_scope || !found_account {
        return Err(wrong("the consent screen has no such scope to untick, or no such account"));
    }
    fields.append_pair("choice", if decision.allow { "allow" } else { "deny" });
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    request("POST", action.as_str(), &[form], &fields.finish())
}

/// Follows redirects as a browser does: by GET.
pub fn follow(mut page: Page) -> io::Result<Page> {
    for _ in 0..10 {
        if !matches!(page.status, 301..=303 | 307 | 308) {
            return Ok(page);
        }
        let location = page.header("location").ok_or_else(|| wrong("a redirect without a location"))?;
        let next = page.url.join(location).map_err(|_| wrong("a redirect to nowhere"))?;
        page = get(next.as_str())?;
    }
    Err(wrong("redirects without end"))
}

/// Sends one GET for a page, without following redirects.
pub fn get(address: &str) -> io::Result<Page> {
    request("GET", address, &[("Sec-Fetch-Dest", "document")], "")
}

/// Sends one request with these headers besides `Host`, without following redirects.
pub fn request(method: &str, address: &str, headers: &[(&str, &str)], body: &str) -> io::Result<Page> {
    let url = Url::parse(address).map_err(|_| wrong("no address"))?;
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let mut text = format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    // A redirect URI may name `localhost`; nothing here leaves the machine.
    let address = url.socket_addrs(|| None)?.into_iter().find(|address| address.ip().is_loopback());
    let response = raw(address.ok_or_else(|| wrong("not an address of this machine"))?, text.as_bytes())?;
    page(url, &response).ok_or_else(|| wrong("the response is not HTTP"))
}

/// Sends these bytes and returns everything received until the other side closes.
pub fn raw(address: SocketAddr, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(bytes)?;
    let mut response = Vec::new();
    stream.read_to_end(&mut response)?;
    Ok(response)
}

impl Page {
    /// Returns the value of a header; `name` is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

fn page(url: Url, response: &[u8]) -> Option<Page> {
    let text = String::from_utf8_lossy(response);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let header =
        |line: &str| line.split_once(':').map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()));
    Some(Page { url, status, headers: lines.map(header).collect::<Option<_>>()?, body: body.to_owned() })
}

/// Returns the tags of that name, without angle brackets.
fn tags<'a>(html: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    html.split('<')
        .filter_map(|piece| piece.split_once('>'))
        .map(|(tag, _)| tag)
        .filter(move |tag| tag.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(
        value
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&"),
    )
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}
