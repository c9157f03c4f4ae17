//! Checks the variable that names a proxy.
//!
//! The HTTP client reads the variables itself and silently ignores a value that it cannot parse. The request would then go
//! out without the proxy and fail with a misleading DNS error.

use std::env;

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;

use crate::error::{Error, Result};

/// The variables in their order of precedence; of each pair the first that is set counts.
const VARIABLES: [[&str; 2]; 2] = [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];

/// Fails if the variable that takes effect does not name a proxy. Its value is not shown: it may contain a password.
pub fn check() -> Result<()> {
    let mut set =
        VARIABLES.into_iter().filter_map(|names| names.into_iter().find_map(|name| Some((name, env::var_os(name)?))));
    // An empty one leaves the choice to the next pair.
    let Some((name, value)) = set.find(|(_, value)| !value.is_empty()) else { return Ok(()) };
    if value.to_str().is_some_and(is_usable) {
        return Ok(());
    }
    Err(Error::usage(format!("`{name}` does not name a proxy that can be used"))
        .hint("set it to `http://HOST:PORT` or `socks5h://HOST:PORT`, or unset it"))
}

fn is_usable(value: &str) -> bool {
    let target = Uri::from_static("https://oauth2.googleapis.com/");
    let matched = Matcher::builder().all(value).build().intercept(&target);
    let authority = matched.as_ref().and_then(|proxy| proxy.uri().authority());
    // The client would ignore a port that is not a number as well.
    authority.is_some_and(|to| !to.host().is_empty() && (to.port_u16().is_some() || to.as_str() == to.host()))
}
