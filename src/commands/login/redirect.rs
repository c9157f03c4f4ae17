//! Chooses the redirect URIs that a login may use.

use crate::commands::login::Login;
use crate::commands::login::inputs::CONSOLE;
use crate::credentials::{Client, ClientKind};
use crate::error::{Error, Kind, Result};
use crate::google::{Redirect, is_loopback, parse_url};
use crate::term;

/// The port of the redirect URI that is suggested for a web client.
const SUGGESTED_PORT: u16 = 8085;

/// Returns the redirect URIs that the client can use, best first; at least one. `can_paste`: a response to a URI on
/// another machine can be pasted.
pub fn candidates(login: &Login, client: &Client, can_paste: bool) -> Result<Vec<Redirect>> {
    match &client.kind {
        ClientKind::Desktop => desktop(login).map(|redirect| vec![redirect]),
        ClientKind::Web { redirect_uris } => web(login, redirect_uris, can_paste),
    }
}

/// A desktop client may use any loopback URI, and no other.
fn desktop(login: &Login) -> Result<Redirect> {
    let Some(uri) = &login.redirect_uri else { return Ok(Redirect::Loopback { port: login.port }) };
    match parse_url(uri) {
        Some(url) if is_loopback(&url) && url.fragment().is_none() => Ok(Redirect::Uri(uri.clone())),
        _ => Err(Error::usage(format!("a desktop client cannot use the redirect URI `{}`", term::excerpt(uri)))
            .hint("leave `--redirect-uri` out; it is for web clients")),
    }
}

/// Returns the registered URIs of a web client: all that are on this machine, or else the first `https` URI.
fn web(login: &Login, registered: &[String], can_paste: bool) -> Result<Vec<Redirect>> {
    if let Some(uri) = &login.redirect_uri {
        if !registered.contains(uri) {
            let uri = term::excerpt(uri);
            return Err(Error::usage(format!("`{uri}` is not among the redirect URIs in the client-secrets file"))
                .hint(format!(
                    "register it at {CONSOLE} and download the JSON again; registered:{}",
                    list(registered)
                )));
        }
        return usable(uri, can_paste).map(|redirect| vec![redirect]);
    }
    let parsed = |uri: &String| parse_url(uri).filter(|url| url.fragment().is_none());
    let is_local = |uri: &&String| {
        parsed(uri).is_some_and(|url| {
            is_loopback(&url) && login.port.is_none_or(|port| url.port_or_known_default() == Some(port))
        })
    };
    let local: Vec<Redirect> = registered.iter().filter(is_local).cloned().map(Redirect::Uri).collect();
    if !local.is_empty() {
        return Ok(local);
    }
    let is_https = |uri: &&String| parsed(uri).is_some_and(|url| url.scheme() == "https");
    match registered.iter().find(is_https) {
        Some(uri) if login.port.is_none() => usable(uri, can_paste).map(|redirect| vec![redirect]),
        _ => {
            let port = login.port.unwrap_or(SUGGESTED_PORT);
            let registered = list(registered);
            let message = format!("this web client has no redirect URI that can be used; registered:{registered}");
            Err(Error::new(Kind::ClientSecrets, message).hint(format!(
                "register exactly `http://127.0.0.1:{port}/callback` at {CONSOLE} and download the JSON again, or create \
                 a client of type Desktop app"
            )))
        }
    }
}

/// Checks a registered URI. A response to a URI on another machine has to be pasted, which needs a terminal.
fn usable(uri: &str, can_paste: bool) -> Result<Redirect> {
    let suggested = format!("`http://127.0.0.1:{SUGGESTED_PORT}/callback` at {CONSOLE}");
    let url = parse_url(uri).filter(|url| matches!(url.scheme(), "http" | "https") && url.fragment().is_none());
    let uri_shown = term::excerpt(uri);
    let Some(url) = url else {
        return Err(Error::usage(format!("`{uri_shown}` is not a redirect URI that can be used"))
            .hint(format!("register {suggested}, or use a client of type Desktop app")));
    };
    if is_loopback(&url) || can_paste {
        return Ok(Redirect::Uri(uri.to_owned()));
    }
    let message = format!("Google sends the response to `{uri_shown}`, so it must be pasted, and there is no terminal");
    Err(Error::usage(message).hint(format!(
        "run this in a terminal, take two steps (`--start`), register {suggested}, or use a client of type Desktop app"
    )))
}

fn list(uris: &[String]) -> String {
    if uris.is_empty() {
        return " none".to_owned();
    }
    uris.iter().take(20).map(|uri| format!(" `{}`", term::excerpt(uri))).collect()
}
