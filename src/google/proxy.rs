//! Checks the variable that names a proxy.
//!
//! The HTTP client reads the variables itself and silently ignores a value that it cannot parse. The request would then go
//! out without the proxy and fail with a misleading DNS error.

use std::env;
use std::ffi::OsString;

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;

use crate::error::{Error, Result};
use crate::google::{is_loopback, parse_url};

/// The variables in their order of precedence; of each pair the first that is set counts.
const VARIABLES: [[&str; 2]; 2] = [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];

/// Fails if the variable that takes effect does not name a proxy. Its value is not shown: it may contain a password.
pub fn check() -> Result<()> {
    let Some((name, value)) = in_effect() else { return Ok(()) };
    let value = value.to_string_lossy();
    // The client would take the user name or the password only up to an `@` in it.
    if is_usable(&value) && credentials(&value).is_none_or(|user| !user.contains('@')) {
        return Ok(());
    }
    let error = Error::usage(format!("`{name}` does not name a proxy that can be used"));
    Err(match needs_encoding(&value) {
        true => error.hint(
            "write special characters of the user name and the password as `%` and their code, such as `%40` for `@` and \
             `%23` for `#`: `http://NAME:PASSWORD@HOST:PORT`",
        ),
        false => error.hint("set it to `http://HOST:PORT` or `socks5h://HOST:PORT`, or unset it"),
    })
}

/// The variable that names the proxy for a request to this host; `None` if the request needs none.
pub fn variable(host: &str) -> Option<&'static str> {
    let target = format!("https://{host}/").parse::<Uri>().ok()?;
    let (name, _) = in_effect().filter(|_| !is_of_stand_in(host))?;
    Matcher::from_system().intercept(&target).map(|_| name)
}

/// The variable to check if this host is not reached.
pub fn to_check(host: &str) -> &'static str {
    match in_effect() {
        Some(_) if !is_of_stand_in(host) => variable(host).unwrap_or("NO_PROXY"),
        _ => "HTTPS_PROXY",
    }
}

/// Whether it is a stand-in's, to which no proxy leads.
fn is_of_stand_in(host: &str) -> bool {
    parse_url(&format!("http://{host}/")).is_some_and(|url| is_loopback(&url))
}

/// The scheme of a SOCKS proxy which is given addresses, so that this machine must resolve names itself, and the scheme with which
/// the proxy does that.
pub fn without_names(host: &str) -> Option<[&'static str; 2]> {
    let (_, value) = in_effect().filter(|_| variable(host).is_some())?;
    let value = value.to_string_lossy();
    [["socks5://", "socks5h://"], ["socks4://", "socks4a://"]].into_iter().find(|[scheme, _]| value.starts_with(scheme))
}

/// Whether the variable gives the proxy a user name.
pub fn has_user() -> bool {
    in_effect().is_some_and(|(_, value)| credentials(&value.to_string_lossy()).is_some())
}

/// The variable that takes effect, and its value. An empty one leaves the choice to the next pair.
fn in_effect() -> Option<(&'static str, OsString)> {
    let mut set =
        VARIABLES.into_iter().filter_map(|names| names.into_iter().find_map(|name| Some((name, env::var_os(name)?))));
    set.find(|(_, value)| !value.is_empty())
}

/// Whether the user name or the password contains a character that a URL cannot hold there as it is (RFC 3986 section 3.2.1).
fn needs_encoding(value: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:%".contains(&byte);
    credentials(value).is_some_and(|user| !value.ends_with('@') && !user.bytes().all(plain))
}

/// The user name and the password.
fn credentials(value: &str) -> Option<&str> {
    let from_user = value.split_once("://").map_or(value, |(_, rest)| rest);
    from_user.rsplit_once('@').map(|(user, _)| user)
}

fn is_usable(value: &str) -> bool {
    let target = Uri::from_static("https://oauth2.googleapis.com/");
    let matched = Matcher::builder().all(value).build().intercept(&target);
    let authority = matched.as_ref().and_then(|proxy| proxy.uri().authority());
    // The client would ignore a port that is not a number as well.
    authority.is_some_and(|to| !to.host().is_empty() && (to.port_u16().is_some() || to.as_str() == to.host()))
}
