//! Chooses the pending login that is meant.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::clock;
use crate::error::{Error, Kind, Result};
use crate::paths;
use crate::pending::{self, LoginId, PendingLogin};
use crate::profile::{Choice, Location, rfc3339};
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
    let now = clock::now();
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
    let mut others = Vec::new();
    for (id, login) in readable {
        let is_meant = is_meant(&login, choice)?;
        if is_meant { &mut meant } else { &mut others }.push((id, login));
    }
    // An expired one is chosen only if there is no other; using it then fails with that reason.
    if meant.iter().any(|(_, login)| !login.is_expired(now)) {
        meant.retain(|(_, login)| !login.is_expired(now));
    }
    if meant.len() > 1 {
        let lines: String = meant.iter().map(|(id, login)| format!("\n  {id}  {}", login.line(now))).collect();
        let pending: Vec<Value> = meant.iter().map(|(id, login)| object(id, login)).collect();
        return Err(Error::usage(format!("{} logins are pending:{lines}", meant.len()))
            .hint("name one: `gads-creds login --finish ID`")
            .with_report(json!({ "pending": pending })));
    }
    meant.pop().ok_or_else(|| none(choice, &others, now))
}

/// Returns what distinguishes this login from others, for programs.
fn object(id: &LoginId, login: &PendingLogin) -> Value {
    json!({
        "id": id.to_string(),
        "profile": login.profile.name.as_ref().map(|name| name.as_str()),
        "location": login.profile.location.plain(),
        "account": login.options.expect_account,
        "started_at": rfc3339(login.started_at),
        "expires_at": rfc3339(login.expires_at),
    })
}

/// Returns the error for a credential without a pending login; it names those of others.
fn none(choice: Choice, others: &[(LoginId, PendingLogin)], now: DateTime<Utc>) -> Error {
    let open = open(others, now);
    let (whose, pending) = match (choice.profile, open.is_empty()) {
        (_, true) => (String::new(), "each can be used only once".to_owned()),
        (Some(name), false) => (format!(" for profile `{}`", term::excerpt(name)), format!("pending: {open}")),
        (None, false) => (" for that file".to_owned(), format!("pending: {open}")),
    };
    Error::new(Kind::NotLoggedIn, format!("no login is pending{whose}; {pending}"))
        .hint("run `gads-creds login --start`")
}

/// Returns the IDs of those that can still be finished.
fn open(known: &[(LoginId, PendingLogin)], now: DateTime<Utc>) -> String {
    let open = known.iter().filter(|(_, login)| !login.is_expired(now)).map(|(id, _)| format!("`{id}`"));
    open.collect::<Vec<String>>().join(", ")
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
        return Error::usage("the address must not be an argument: other users of the machine can read it")
            .hint("run `gads-creds login --finish` and paste it, or pipe it to standard input");
    }
    let open = open(known, now);
    let pending = if open.is_empty() { "none is pending".to_owned() } else { format!("pending: {open}") };
    let message = format!("there is no pending login `{}`: each can be used only once; {pending}", term::excerpt(text));
    let hint = if open.is_empty() {
        "run `gads-creds login --start`"
    } else {
        "run `gads-creds login --finish ID` with one of these"
    };
    Error::new(Kind::NotLoggedIn, message).hint(hint)
}
