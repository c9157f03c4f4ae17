//! Renders one credential for people and for programs.

use serde_json::{Value, json};

use crate::commands::show::Snapshot;
use crate::commands::show::overrides::overrides;
use crate::commands::show::service_account::Account;
use crate::credentials::{Field, project_number};
use crate::error::{Error, Kind, warnings_json};
use crate::profile::{self, Location, Shared, Sharer, rfc3339, when};
use crate::term::{self, layout};

/// Returns one line for each known fact, in the order in which one would ask.
pub fn text(seen: &Snapshot, columns: Option<usize>) -> String {
    let (stored, metadata) = (&seen.shown(), &seen.profile.metadata);
    let value = |field: Field| stored.get(field).map(str::to_owned);
    let mut lines = Lines { text: String::new(), columns };
    lines.add("profile", seen.profile.name.as_ref().map(|name| format!("{name} (by {})", seen.profile.selected_by)));
    lines.add("kind", seen.kind().map(|kind| kind.replace('_', " ")));
    lines.add("location", Some(place(seen)));
    match &seen.account {
        Some(account) => account.lines().into_iter().for_each(|(label, value)| lines.add(label, value)),
        None => {
            let id = stored.get(Field::ClientId);
            lines.add("client ID", id.map(str::to_owned));
            lines.add("project", id.and_then(project_number).map(str::to_owned));
            lines.add("client secret", value(Field::ClientSecret));
            lines.add("refresh token", value(Field::RefreshToken).or(Some("none".to_owned())));
        }
    }
    lines.add("developer token", value(Field::DeveloperToken));
    lines.add("login customer", value(Field::LoginCustomerId));
    lines.add("linked customer", value(Field::LinkedCustomerId));
    lines.add("account", metadata.account.clone().filter(|_| seen.account.is_none()));
    lines.add(
        "issued",
        metadata.issued_at.map(|time| match metadata.age(seen.now) {
            Some(age) => format!("{} ({})", rfc3339(time), when(-age)),
            None => rfc3339(time),
        }),
    );
    lines.add(
        "expires",
        seen.life().map(|life| {
            let why = if life.testing { ": the OAuth consent screen is in Testing" } else { "" };
            format!("{} ({}{why})", rfc3339(life.at), when(life.left))
        }),
    );
    metadata.scopes.iter().for_each(|scope| lines.add("scope", Some(scope.clone())));
    lines.add("endpoint", metadata.endpoint.as_ref().map(|origin| format!("{origin}, a stand-in for Google")));
    overrides(&seen.profile, &seen.contents).into_iter().for_each(|line| lines.add("overridden by", Some(line)));
    let ties = ties(seen);
    for tie in [Shared::Location, Shared::Token, Shared::Grant, Shared::Client] {
        let others = ties.iter().filter(|(_, theirs)| *theirs == tie).map(|(sharer, _)| sharer.plain());
        lines.add("shared with", listed(others.collect()).map(|others| format!("{others} (same {})", shared(tie))));
    }
    lines.text
}

/// Returns `profile`: its name or null. `location`: the location in words. `store`: `file`, `keychain` or `command`.
/// `file`, `mode`: path and octal permissions, null elsewhere. `kind`: `user` or `service_account`, null if the file
/// configures neither. `service_account`: the account. `client_id`, `project_number`, `client_secret`, `refresh_token`,
/// `developer_token`, `login_customer_id`, `linked_customer_id`: null if nothing is stored; secrets masked unless
/// revealed. `fingerprint`: of the refresh token. `account`, `scopes`, `issued_at`, `expires_at`, `endpoint`: as far as
/// known of this token. `problem`, `warnings`: what keeps the credentials from being used, and what else is wrong with them.
/// `overridden_by`: texts. `shared_with`: objects of `profile` and `by` (`location`, `token`,
/// `grant`). With `--format` also `text`.
pub fn json(seen: &Snapshot) -> Value {
    let (stored, metadata) = (&seen.shown(), &seen.profile.metadata);
    let (store, file) = match &seen.profile.location {
        Location::File { path, .. } => ("file", Some(path.to_string_lossy())),
        Location::Keychain { .. } => ("keychain", None),
        Location::Command { .. } => ("command", None),
    };
    let value = |field: Field| stored.get(field).map(str::to_owned);
    let shared: Vec<Value> = ties(seen)
        .into_iter()
        .map(|(sharer, tie)| {
            let name = sharer.name.as_ref().map(ToString::to_string);
            json!({ "profile": name, "location": sharer.location.plain(), "by": word(tie) })
        })
        .collect();
    json!({
        "profile": seen.profile.name.as_ref().map(|name| name.as_str()),
        "location": seen.location,
        "store": store,
        "file": file,
        "mode": seen.mode.map(|mode| format!("{mode:04o}")),
        "kind": seen.kind(),
        "service_account": seen.account.as_ref().map(Account::json),
        "client_id": value(Field::ClientId),
        "project_number": stored.get(Field::ClientId).and_then(project_number),
        "client_secret": value(Field::ClientSecret),
        "refresh_token": value(Field::RefreshToken),
        "developer_token": value(Field::DeveloperToken),
        "login_customer_id": value(Field::LoginCustomerId),
        "linked_customer_id": value(Field::LinkedCustomerId),
        "fingerprint": seen.fingerprint,
        "account": metadata.account,
        "scopes": metadata.scopes,
        "issued_at": metadata.issued_at.map(rfc3339),
        "expires_at": metadata.expires_at.map(rfc3339),
        "endpoint": metadata.endpoint,
        "problem": seen.problem().map(|error| error.json(&seen.profile.target())),
        "warnings": warnings_json(&warnings(seen), &seen.profile.target()),
        "overridden_by": overrides(&seen.profile, &seen.contents),
        "shared_with": shared,
    })
}

/// Returns what the text says below the facts, and why the token expires.
fn warnings(seen: &Snapshot) -> Vec<Error> {
    let expiring = seen.life().and_then(|life| Some(Error::new(Kind::ExpiresSoon, life.text).hint(life.hint?)));
    seen.warnings().into_iter().chain(expiring).collect()
}

/// Labels in one column, values in another, all of them safe to print.
struct Lines {
    text: String,
    columns: Option<usize>,
}

impl Lines {
    fn add(&mut self, label: &str, value: Option<String>) {
        if let Some(value) = value {
            self.text += &layout::labelled(label, 17, &term::escape(&value), self.columns);
        }
    }
}

fn place(seen: &Snapshot) -> String {
    match seen.mode {
        Some(mode) if mode & 0o077 == 0 => format!("{} (mode {mode:04o})", seen.location),
        Some(mode) => format!("{} (mode {mode:04o}: not for you alone)", seen.location),
        None => seen.location.clone(),
    }
}

/// Returns the profiles that a login or a revocation would affect; those that cannot be read are left out.
fn ties(seen: &Snapshot) -> Vec<(Sharer, Shared)> {
    profile::sharing(&seen.profile, &seen.contents.credentials).unwrap_or_default()
}

/// Returns at most five of them.
fn listed(names: Vec<String>) -> Option<String> {
    let shown = names.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => None,
        count @ 6.. => Some(format!("{shown} and {} more", count - 5)),
        _ => Some(shown),
    }
}

fn shared(tie: Shared) -> &'static str {
    match tie {
        Shared::Location => "place",
        Shared::Token => "refresh token",
        Shared::Grant => "OAuth client and account: one grant",
        Shared::Client => "OAuth client: one grant, unless the Google accounts differ",
    }
}

fn word(tie: Shared) -> &'static str {
    match tie {
        Shared::Location => "location",
        Shared::Token => "token",
        Shared::Grant | Shared::Client => "grant",
    }
}
