//! The question before a revocation, which names everything that a yes does.

use super::affected::Affected;
use super::{Case, Revoke};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::term::layout;

impl Revoke {
    /// Asks for confirmation, unless `--yes` was given.
    pub(super) fn permitted(&self, context: &Context, case: &Case, affected: &Affected) -> Result<()> {
        let term = context.term;
        if !self.yes && term.input {
            if !self.local_only && !case.waiting.with(&case.stored).is_empty() {
                term.must("Google ends the whole grant of this account for this OAuth client: every machine and every file that uses it.");
            }
            affected.announce(term);
        }
        self.confirmed(context, &self.question(case))
    }

    /// Returns the question, which names everything that a yes does.
    fn question(&self, Case { profile, stored, store, waiting }: &Case) -> String {
        let location = store.location();
        let forgotten = profile.name.as_ref().filter(|_| self.forget).map(|name| format!("profile `{name}`"));
        let mut places = Vec::from_iter(stored.refresh_token().map(|_| location.clone()));
        places.extend(waiting.in_words());
        let places = layout::list(&places, "and");
        let (first, more) = match (stored.user(), places.is_empty()) {
            (None, true) => return format!("Forget {}?", forgotten.unwrap_or_default()),
            (Some(_), true) => (format!("Delete the OAuth client from {location}"), forgotten),
            (user, false) => {
                let first = match self.local_only {
                    true => format!("Delete the refresh token from {places} without revoking it at Google"),
                    false => format!("Revoke the refresh token in {places}"),
                };
                let client = user.filter(|_| self.forget).map(|_| "the OAuth client".to_owned());
                let more = Vec::from_iter(client.into_iter().chain(forgotten));
                (first, (!more.is_empty()).then(|| layout::list(&more, "and")))
            }
        };
        let more = more.map(|more| format!(", and forget {more}")).unwrap_or_default();
        format!("{first}{more}?")
    }

    pub fn confirmed(&self, context: &Context, question: &str) -> Result<()> {
        if self.yes {
            return Ok(());
        }
        if !context.term.input {
            let why =
                if context.options.no_input { "`--no-input` was given" } else { "there is no terminal for a prompt" };
            return Err(Error::usage(format!("this needs confirmation, and {why}")).hint("add `--yes`"));
        }
        let question = format!("{question} (`--yes` answers this)");
        if context.term.confirm(&question).map_err(|error| error.adding("nothing was revoked or deleted"))? {
            return Ok(());
        }
        Err(Error::new(Kind::ConsentDenied, "not confirmed: nothing was revoked or deleted"))
    }
}
