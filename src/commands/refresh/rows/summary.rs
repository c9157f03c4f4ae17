//! What `refresh --all` prints at the end, the rows of failures after all others, and the error that the run ends with.

use super::{Failure, Rows, is_one_step, of_any};
use crate::commands::refresh::expires_within::Limit;
use crate::error::{Error, Kind, Result};
use crate::hint::Target;
use crate::term::{Stream, layout};

impl Rows {
    /// Prints the rows, failures last, and what can be done about profiles without a token.
    pub fn finish(&mut self) {
        self.progress = None;
        // The window may have another width by now.
        self.term.stderr = Stream::stderr();
        self.works.sort();
        self.warnings.sort_by(|a, b| a.0.cmp(&b.0));
        self.without_token.sort_by(|a, b| a.0.cmp(&b.0));
        self.expiring.sort_by(|a, b| a.label.cmp(&b.label));
        // Those with the same reason together: it is given once.
        self.failures.sort_by(|a, b| (&a.text, &a.label).cmp(&(&b.text, &b.label)));
        if !self.term.quiet {
            self.works
                .iter()
                .for_each(|(name, (state, color, rest))| self.term.row(&self.row(name, state, color, rest)));
        }
        for (at, (_, text, hint, target)) in self.warnings.iter().enumerate() {
            self.term.warn(text);
            // The step of many profiles is shown once, after the last of them.
            let shares_step = |at: Option<usize>| {
                let other = at.and_then(|at| self.warnings.get(at));
                other.is_some_and(|(_, _, other, its)| is_one_step((other.as_ref(), its), (hint.as_ref(), target)))
            };
            let target = if shares_step(at.checked_sub(1)) { of_any(target) } else { target.clone() };
            let hint = hint.iter().filter(|_| !shares_step(Some(at + 1)));
            hint.for_each(|hint| self.term.about(target.clone()).hint(hint.clone()));
        }
        let failures: Vec<&Failure> = self.expiring.iter().chain(&self.failures).collect();
        for (at, failure) in failures.iter().enumerate() {
            let other = |at: Option<usize>| at.and_then(|at| failures.get(at)).copied();
            self.show_failure(failure, other(at.checked_sub(1)), other(Some(at + 1)));
        }
        self.clock.iter().for_each(|error| self.term.warn_of(error));
        let works = self.works.len() - self.without_token.len();
        if self.all > 1 && works == self.all && self.stopped.is_none() {
            let all = if self.all == 2 { "both".to_owned() } else { format!("all {}", self.all) };
            self.term.say(&format!("{all} profiles work"));
        }
        if let Some(first) = self.without_token.first().filter(|_| !self.term.quiet && self.all > 1) {
            let some = layout::counted(self.without_token.len() as u64, "profile");
            let names = self.without_token.iter().map(|(name, _)| name.clone()).collect();
            self.term.say(&format!("{some} without a token: {}", some_of(names)));
            let target = if self.without_token.len() > 1 { of_any(&first.1) } else { first.1.clone() };
            self.term
                .about(target)
                .hint("`gads-creds login` gets a token, `gads-creds revoke --forget` leaves the profile out");
        }
    }

    pub fn stopped(&self, kind: Kind) -> Error {
        Error::new(kind, format!("{} after {} of {} profiles", kind.name(), self.done(), self.all))
    }

    /// The worst is the failure with the highest exit code; one that only expires soon counts where nothing failed.
    pub fn verdict(&self) -> Result<()> {
        if let Some(kind) = self.stopped {
            return Err(self.stopped(kind));
        }
        let some = |failures: &[Failure], what: &str| {
            let names: Vec<String> = failures.iter().map(|failure| failure.quoted.clone()).collect();
            match self.all {
                1 => format!("{} {what}", names.join(", ")),
                all => format!("{} of {all} profiles {what}: {}", names.len(), some_of(names)),
            }
        };
        let expiring = match &self.limit {
            Limit::Within(limit) if !self.expiring.is_empty() => Some(match self.expiring.len() {
                1 => some(&self.expiring, &format!("expires within {limit}")),
                _ => some(&self.expiring, &format!("expire within {limit}")),
            }),
            _ => None,
        };
        const ABOVE: &str = "the lines above say why, and what to do";
        match (self.failures.iter().map(|failure| failure.kind).max_by_key(|kind| kind.code()), expiring) {
            (Some(worst), expiring) => {
                let error = Error::new(worst, some(&self.failures, "failed")).hint(ABOVE);
                Err(expiring.iter().fold(error, |error, expiring| error.adding(expiring)))
            }
            (None, Some(expiring)) => Err(Error::new(Kind::ExpiresSoon, expiring).hint(ABOVE)),
            (None, None) if self.works.len() == self.without_token.len() => {
                let (message, target) = match self.without_token.as_slice() {
                    [(only, target)] => (format!("{only} has no refresh token"), target.clone()),
                    _ => ("no profile has a refresh token".to_owned(), of_any(&Target::default())),
                };
                Err(Error::new(Kind::NotLoggedIn, message).hint("`gads-creds login` gets one").about(target))
            }
            (None, None) => Ok(()),
        }
    }
}

/// Returns the names, of many only the first.
fn some_of(names: Vec<String>) -> String {
    const MOST: usize = 10;
    match names.len() {
        count if count > MOST => format!("{} and {} more", names[..MOST].join(", "), count - MOST),
        _ => names.join(", "),
    }
}
