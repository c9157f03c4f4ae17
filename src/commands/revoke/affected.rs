//! Which other credentials lose their access with this one, as far as that is known.

use crate::credentials::Credentials;
use crate::error::Result;
use crate::profile::{self, Location, Profile, Shared, Sharer};
use crate::store::{self, Purpose};
use crate::term::{self, Term};

/// How many files are read for tokens that were not recorded.
const MOST_READ: usize = 500;

/// The other credentials, by what is known of them.
#[derive(Default)]
pub struct Affected {
    pub certain: Vec<Sharer>,
    /// Those of the same OAuth client whose Google account may be another one.
    pub possible: Vec<Sharer>,
}

impl Affected {
    /// Returns those in the same location and, unless the token stays valid at Google, those that share its grant.
    pub fn of(profile: &Profile, stored: &Credentials, only_here: bool) -> Result<Affected> {
        let mut affected = Affected::default();
        let shared = profile::sharing(profile, stored)?;
        for (sharer, tie) in &shared {
            match tie {
                Shared::Location => affected.certain.push(sharer.clone()),
                _ if only_here => {}
                Shared::Token | Shared::Grant => affected.certain.push(sharer.clone()),
                Shared::Client if is_same_token(&sharer.location, stored) => affected.certain.push(sharer.clone()),
                Shared::Client => affected.possible.push(sharer.clone()),
            }
        }
        if !only_here {
            let is_known = |location: &Location| {
                shared.iter().any(|(sharer, _)| profile::same_location(&sharer.location, location))
            };
            let others = profile::all().unwrap_or_default().into_iter().filter_map(|listed| listed.profile.ok());
            let others = others.filter(|other| !profile::same_location(&other.location, &profile.location));
            let unknown = others.filter(|other| other.metadata.fingerprint.is_none() && !is_known(&other.location));
            let same = unknown.take(MOST_READ).filter(|other| is_same_token(&other.location, stored));
            affected.certain.extend(same.map(|other| Sharer { name: other.name, location: other.location }));
        }
        Ok(affected)
    }

    /// Says before the prompt who loses access.
    pub fn announce(&self, term: Term) {
        if !self.certain.is_empty() {
            term.must(&format!("This also ends the access of {}.", listed(&self.certain)));
        }
        if !self.possible.is_empty() {
            term.must(&format!(
                "Unless the Google accounts differ, this also ends the access of {}.",
                listed(&self.possible)
            ));
        }
    }

    /// Says after the change who lost access.
    pub fn warn(&self, term: Term) {
        if !self.certain.is_empty() {
            term.warn(&format!("this also ended the access of {}", listed(&self.certain)));
        }
        if !self.possible.is_empty() {
            term.warn(&format!(
                "unless the Google accounts differ, this also ended the access of {}",
                listed(&self.possible)
            ));
            term.hint("`gads-creds refresh --all` shows which profiles still work");
        }
    }
}

/// Whether the file holds the token that is revoked. Other stores are not opened for this: they may ask the user something.
fn is_same_token(location: &Location, stored: &Credentials) -> bool {
    let (Location::File { .. }, Some(token)) = (location, stored.refresh_token()) else { return false };
    let loaded = store::open(location, Purpose::Update).and_then(|store| store.load());
    loaded.is_ok_and(|contents| contents.credentials.refresh_token() == Some(token))
}

fn listed(sharers: &[Sharer]) -> String {
    term::layout::list(&sharers.iter().map(ToString::to_string).collect::<Vec<_>>(), "and")
}
