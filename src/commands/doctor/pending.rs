//! Checks for pending logins: started with `login --start` and not yet finished with `login --finish`.

use crate::clock;
use crate::disk;
use crate::hint::Target;
use crate::pending;

use super::Finding;
use super::examined::Examined;

pub fn logins(_: &Examined) -> Finding {
    let now = clock::now();
    let (logins, stale) = match pending::all().and_then(|logins| Ok((logins, pending::stale(now)?))) {
        Ok(found) => found,
        Err(error) => {
            return Finding::warn(error.message().to_owned(), disk::state_elsewhere("a login until it is finished"));
        }
    };
    let lines: Vec<String> = logins
        .iter()
        .map(|(id, login)| match login {
            Ok(login) => format!("`{id}` for {}", login.line(now)),
            Err(error) => format!("`{id}`, which cannot be read: {}", error.message()),
        })
        .collect();
    let text = lines.join("; ");
    let unreadable = logins.iter().find_map(|(_, login)| login.as_ref().err());
    if let Some(error) = unreadable.filter(|_| stale.is_empty()) {
        let next = error.next_step().cloned().unwrap_or_else(|| "delete its file".into());
        return Finding::warn(text, next);
    }
    match (logins.as_slice(), stale.is_empty()) {
        ([], _) => Finding::ok("none"),
        (_, false) => Finding::warn(
            text,
            "run `gads-creds doctor --fix`, which deletes those that can no longer be used; `gads-creds login --start` gives a new URL",
        ),
        ([(id, login)], true) => {
            let step = format!("run `gads-creds login --finish {id}` and paste the address that the browser ended on");
            let about = login.as_ref().map(|login| login.profile.target()).unwrap_or_default();
            Finding { about: Some(about), ..Finding::ok_then(text, step) }
        }
        (_, true) => {
            let step = "run `gads-creds login --finish ID` and paste the address that the browser ended on";
            Finding { about: Some(Target::default()), ..Finding::ok_then(text, step) }
        }
    }
}
