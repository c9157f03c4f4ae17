//! `set --all`: the new secret of a client, or the new key of a service account, in every profile of it. One that fails keeps its secret and does not stop the others.

use serde_json::{Value, json};

use crate::commands::set::done::Done;
use crate::credentials::Client;
use crate::error::{Error, Kind, Result};
use crate::profile::{self, Profile};
use crate::store::{self, Purpose};
use crate::term::Term;

/// Applies the change to every profile for which `is_meant`; `what` they have in common is for messages.
pub fn run(
    what: &str,
    is_meant: impl Fn(&Profile) -> Result<bool>,
    apply: impl Fn(&Profile) -> Result<Done>,
    term: Term,
) -> Result<()> {
    let (mut lines, mut failures, mut all) = (Vec::new(), Vec::new(), 0);
    for listed in profile::all()? {
        let (label, name) = (listed.label(), listed.name());
        let profile = listed.profile;
        let applied = match &profile {
            Ok(profile) => match is_meant(profile) {
                Ok(false) => continue,
                Ok(true) => apply(profile),
                Err(error) => Err(error),
            },
            Err(error) => Err(error.clone()),
        };
        all += 1;
        let target = profile.as_ref().map(Profile::target).unwrap_or_default();
        match applied {
            Ok(done) => {
                done.notes.iter().for_each(|note| term.say(&format!("{label}: {note}")));
                term.say(&format!("{label}: {}", done.line()));
                lines.push(done.json());
            }
            Err(error) if error.kind().is_stop() => return Err(error),
            Err(error) => {
                term.must(&format!("{label}: failed, {}", error.message()));
                error.next_step().iter().for_each(|hint| term.must(&format!("    {}", hint.text(&target))));
                let location = profile.map(|profile| profile.location.plain()).ok();
                lines.push(json!({ "profile": name, "location": location, "error": error.json(&target) }));
                failures.push(error.kind());
            }
        }
    }
    if all == 0 {
        return Err(Error::new(Kind::NotLoggedIn, format!("no profile uses that {what}"))
            .hint("`gads-creds show --all` lists the profiles"));
    }
    let report: Value = term.with_warnings(json!({ "profiles": lines }));
    match failures.iter().copied().max_by_key(|kind| kind.code()) {
        Some(worst) => Err(Error::new(worst, format!("{} of {all} profiles failed", failures.len()))
            .hint("each line above says why")
            .with_report(report)),
        None if term.json => term.out_json(&report),
        None => Ok(()),
    }
}

/// Whether the profile is one of that client: by its store, or where that cannot be read by what profiles.toml records.
pub fn is_of(profile: &Profile, client: &Client) -> Result<bool> {
    let stored = store::open(&profile.location, Purpose::Update).and_then(|store| store.load());
    match stored {
        Ok(contents) => Ok(contents.credentials.client_id() == Some(&client.id)),
        Err(_) if profile.metadata.client_id.as_ref().is_some_and(|id| *id != client.id) => Ok(false),
        Err(error) => Err(error),
    }
}
