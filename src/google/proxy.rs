//! The proxy for requests to Google, and the variables that name it.
//!
//! They are read here and not by the HTTP client, so that requests, errors and `doctor` mean the same proxy. An empty variable
//! counts as unset, as it does for curl, Go and Python. The client would silently ignore a value that it cannot parse; the
//! request would then go out without the proxy and fail with a misleading DNS error.

use std::env;

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::NoProxy;
use url::Url;

use crate::error::{Error, Result};
use crate::google::{is_loopback, parse_url};

/// The variables that name a proxy; the first that is not empty counts.
const NAMED_IN: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
/// The variables that name the hosts to reach without it.
const EXCEPT_IN: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The proxy that the environment names.
pub struct Proxy {
    pub variable: &'static str,
    /// As it stands in the variable. It may contain a password.
    value: String,
}

impl Proxy {
    /// Returns the proxy, whether or not there are hosts that are reached without it.
    pub fn from_environment() -> Option<Proxy> {
        first_set(&NAMED_IN).map(|(variable, value)| Proxy { variable, value })
    }

    /// Returns the proxy that a request to this host goes through; `None` if it goes through none.
    pub fn to(host: &str) -> Option<Proxy> {
        Proxy::from_environment().filter(|proxy| !is_of_stand_in(host) && proxy.leads_to(host))
    }

    /// Returns the proxy for the HTTP client. Fails if the variable does not name one.
    pub fn for_client(&self) -> Result<reqwest::Proxy> {
        let is_whole = self.user().is_none_or(|user| !user.contains('@'));
        let proxy = reqwest::Proxy::https(self.url()).ok().filter(|_| is_whole && self.is_usable());
        let proxy = proxy.ok_or_else(|| self.unusable())?;
        Ok(proxy.no_proxy(NoProxy::from_string(&exceptions())))
    }

    /// Whether the variable gives a user name.
    pub fn has_user(&self) -> bool {
        self.user().is_some()
    }

    /// The scheme of its URL.
    pub fn scheme(&self) -> String {
        self.url().split("://").take(1).collect()
    }

    /// The scheme of a SOCKS proxy that is given addresses, so that this machine must resolve names itself, and the scheme with
    /// which the proxy does that.
    pub fn without_names(&self) -> Option<[&'static str; 2]> {
        let url = self.url();
        [["socks5://", "socks5h://"], ["socks4://", "socks4a://"]]
            .into_iter()
            .find(|[scheme, _]| url.starts_with(scheme))
    }

    fn leads_to(&self, host: &str) -> bool {
        let target = format!("https://{host}/").parse::<Uri>();
        let matcher = Matcher::builder().https(self.url()).no(exceptions()).build();
        target.is_ok_and(|target| matcher.intercept(&target).is_some())
    }

    fn is_usable(&self) -> bool {
        let target = Uri::from_static("https://oauth2.googleapis.com/");
        let matched = Matcher::builder().all(self.url()).build().intercept(&target);
        let authority = matched.as_ref().and_then(|proxy| proxy.uri().authority());
        // The client would ignore a port that is not a number as well.
        authority.is_some_and(|to| !to.host().is_empty() && (to.port_u16().is_some() || to.as_str() == to.host()))
    }

    /// The value with a scheme, in lower case.
    fn url(&self) -> String {
        match self.value.split_once("://") {
            Some((scheme, rest)) => format!("{}://{rest}", scheme.to_ascii_lowercase()),
            None => format!("http://{}", self.value),
        }
    }

    /// The user name and the password.
    fn user(&self) -> Option<&str> {
        let from_user = self.value.split_once("://").map_or(self.value.as_str(), |(_, rest)| rest);
        from_user.rsplit_once('@').map(|(user, _)| user)
    }

    /// The error for a value that does not name a proxy, without the value.
    fn unusable(&self) -> Error {
        let error = Error::usage(format!("`{}` does not name a proxy that can be used", self.variable));
        let is_within = |char: char| char.is_whitespace() || matches!(char, '\'' | '"');
        if self.value.starts_with(is_within) || self.value.ends_with(is_within) {
            return error.hint("remove the quotes and spaces around its value");
        }
        error.hint(match self.needs_encoding() {
            true => {
                "write special characters of the user name and the password as `%` and their code, such as `%40` for `@` and \
                 `%23` for `#`: `http://NAME:PASSWORD@HOST:PORT`"
            }
            false => "set it to `http://HOST:PORT` or `socks5h://HOST:PORT`, or unset it",
        })
    }

    /// Whether the user name or the password contains a character that a URL cannot hold there as it is (RFC 3986 section 3.2.1).
    fn needs_encoding(&self) -> bool {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:%".contains(&byte);
        self.user().is_some_and(|user| !self.value.ends_with('@') && !user.bytes().all(plain))
    }
}

/// Returns the variable that names the proxy for requests to this URL; `None` if they go through none.
pub fn proxy_variable(url: &Url) -> Option<&'static str> {
    Proxy::to(url.host_str()?).map(|proxy| proxy.variable)
}

/// Returns what to check if this host is not reached.
pub fn to_check(host: &str) -> String {
    if is_of_stand_in(host) {
        return "the stand-in".to_owned();
    }
    let variable = match Proxy::from_environment() {
        Some(proxy) if proxy.leads_to(host) => proxy.variable,
        Some(_) => first_set(&EXCEPT_IN).map_or("NO_PROXY", |(variable, _)| variable),
        None => "HTTPS_PROXY",
    };
    format!("`{variable}`")
}

/// Whether it is a stand-in's, to which no proxy leads.
fn is_of_stand_in(host: &str) -> bool {
    parse_url(&format!("http://{host}/")).is_some_and(|url| is_loopback(&url))
}

/// The hosts that are reached without a proxy.
fn exceptions() -> String {
    first_set(&EXCEPT_IN).map(|(_, value)| value).unwrap_or_default()
}

/// The first variable that is not empty, and its value.
fn first_set(names: &[&'static str]) -> Option<(&'static str, String)> {
    let set = |name| Some((name, env::var_os(name)?.to_string_lossy().into_owned()));
    names.iter().copied().filter_map(set).find(|(_, value)| !value.is_empty())
}
