//! Chooses the pending login that is meant.

use chrono::{DateTime, Utc};

use crate::error::{Error, Kind, Result};
use crate::paths;
use crate::pending::{self, LoginId, PendingLogin};
use crate::profile::{Choice, Location};
use crate::term::{self, Term};

/// Returns the login with that ID, or the only one; `-p` and `--config` leave out the logins of other credentials.
pub fn choose(id: Option<&str>, choice: Choice, term: Term) -> Result<(LoginId, PendingLogin)> {
    let mut readable = Vec::new();
    let mut broken = Vec::new();
    for (login_id, login) in pending::all()? {
        match login {
            Ok(login) => readable.push((login_id, login)),
            Err(error) => broken.push((login_id, error)),
        }
    }
    let now = Utc::now();
    if let Some(text) = id {
        let wanted = LoginId::new(text);
        if let Some((_, error)) = broken.into_iter().find(|(id, _)| Some(id) == wanted.as_ref()) {
            return Err(error);
        }
        let position = readable.iter().position(|(id, _)| Some(id) == wanted.as_ref());
        let Some(position) = position else { return Err(unknown(text, &readable, now)) };
        let (id, login) = readable.swap_remove(position);
        if !is_meant(&login, choice)? {
            let message = format!("login `{id}` is for {}", login.credential());
            return Err(Error::usage(message)
                .hint(format!("run `gads-creds login --finish {id}`"))
                .about(login.profile.target()));
        }
        return Ok((id, login));
    }
    broken.iter().for_each(|(_, error)| term.warn_of(error));
    let mut meant = Vec::new();
    for (id, login) in readable {
        if is_meant(&login, choice)? {
            meant.push((id, login));
        }
    }
    // An expired one is chosen only if there is no other; using it then fails with that reason.
    if meant.iter().any(|(_, login)| !login.is_expired(now)) {
        meant.retain(|(_, login)| !login.is_expired(now));
    }
    if meant.len() > 1 {
        let lines: String = meant.iter().map(|(id, login)| format!("\n  {id}  {}", login.line(now))).collect();
        return Err(Error::usage(format!("{} logins are pending:{lines}", meant.len()))
            .hint("name one: `gads-creds login --finish ID`"));
    }
    meant.pop().ok_or_else(|| {
        Error::new(Kind::NotLoggedIn, "no login is pending; each can be used only once")
            .hint("run `gads-creds login --start`")
    })
}

fn is_meant(login: &PendingLogin, choice: Choice) -> Result<bool> {
    let by_name = choice.profile.is_none_or(|name| login.profile.name.as_ref().is_some_and(|own| own.as_str() == name));
    let by_file = match (choice.config, &login.profile.location) {
        (None, _) => true,
        (Some(path), Location::File { path: own, .. }) => paths::resolve(path, "--config")? == *own,
        (Some(_), _) => false,
    };
    Ok(by_name && by_file)
}

fn unknown(text: &str, known: &[(LoginId, PendingLogin)], now: DateTime<Utc>) -> Error {
    if text.contains(['=', '/', '&', '?']) {
        return Error::usage("the address is not given as an argument, which other users of the machine can read")
            .hint("run `gads-creds login --finish` and paste it, or pipe it to standard input");
    }
    let open: Vec<String> =
        known.iter().filter(|(_, login)| !login.is_expired(now)).map(|(id, _)| format!("`{id}`")).collect();
    let pending = if open.is_empty() { "none is pending".to_owned() } else { format!("pending: {}", open.join(", ")) };
    let message = format!("there is no pending login `{}`: each can be used only once; {pending}", term::excerpt(text));
    let hint = if open.is_empty() {
        "run `gads-creds login --start`"
    } else {
        "run `gads-creds login --finish ID` with one of these"
    };
    Error::new(Kind::NotLoggedIn, message).hint(hint)
}
