//! `login --recover`: stores the token of an earlier login that could not be stored.

use crate::cli::Context;
use crate::error::{Error, Kind, Result};
use crate::profile;
use crate::recovery;
use crate::store::{self, Purpose};

use super::keep::take;
use super::moving;
use super::report::report;

pub fn run(context: &Context, purpose: Purpose) -> Result<()> {
    let left = recovery::left_over()?;
    if left.is_empty() {
        return Err(Error::new(Kind::NotLoggedIn, "no login waits to be finished").hint("run `gads-creds login`"));
    }
    for (recovery, pending) in left {
        let store = store::open(&pending.profile.place, purpose)?;
        let Some(token) = pending.credentials.refresh_token.clone() else {
            return Err(Error::broken(format!("{} holds no refresh token", crate::term::path(recovery.path())))
                .hint("remove it: there is nothing in it to be stored"));
        };
        let old = moving::open(&pending.profile)?;
        let lock = store.lock()?;
        let mut notes = store.update(&lock, &|stored| take(stored, &pending.credentials, &token))?;
        profile::remember(&pending.profile)?;
        recovery.done()?;
        notes.extend(old.iter().flat_map(|old| old.take_out(context.term)));
        notes.iter().for_each(|note| context.term.say(note));
        report(context.term, &pending.profile, &*store, &[])?;
    }
    Ok(())
}
