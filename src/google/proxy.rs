//! The proxy on the way to Google: whether what the surroundings name can be used.
//!
//! The HTTP client finds it by itself and passes over a value that it cannot read. To go without the proxy then, and fail
//! with a name that cannot be resolved, would send people looking in the wrong place.

use std::env;

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;

use crate::error::{Error, Result};

/// The variables, in the order in which they are heeded; of each two the first that is set.
const NAMES: [[&str; 2]; 2] = [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];

/// An error if the variable that is heeded names no proxy. Its value is not shown: it may hold a password.
pub fn check() -> Result<()> {
    let mut set =
        NAMES.into_iter().filter_map(|names| names.into_iter().find_map(|name| Some((name, env::var_os(name)?))));
    // Set to nothing it gives way to the next two.
    let Some((name, value)) = set.find(|(_, value)| !value.is_empty()) else { return Ok(()) };
    if value.to_str().is_some_and(is_usable) {
        return Ok(());
    }
    Err(Error::usage(format!("`{name}` names no proxy that can be used"))
        .hint("set it to `http://HOST:PORT` or `socks5h://HOST:PORT`, or unset it"))
}

fn is_usable(value: &str) -> bool {
    let anywhere = Uri::from_static("https://oauth2.googleapis.com/");
    let found = Matcher::builder().all(value).build().intercept(&anywhere);
    let authority = found.as_ref().and_then(|proxy| proxy.uri().authority());
    // A port that is no port would be passed over as well.
    authority.is_some_and(|to| !to.host().is_empty() && (to.port_u16().is_some() || to.as_str() == to.host()))
}
