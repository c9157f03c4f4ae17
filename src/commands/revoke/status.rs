//! The state of the token at Google and here, after a complete run or an interrupted one.
//!
//! Every message names both, because the next step depends on both: only a token that may still be valid and is still
//! here can be revoked again.

use serde_json::{Value, json};

use super::affected::Affected;
use crate::credentials::Credentials;
use crate::diagnosis;
use crate::disk;
use crate::error::{Detail, Error, Result, Transport};
use crate::format::{self, Format};
use crate::hint::Target;
use crate::profile::{Location, Profile, Sharer};
use crate::store::Store;
use crate::term::{Term, layout};

/// What a run has done so far.
pub struct RevocationStatus {
    profile: Option<String>,
    location: Location,
    target: Target,
    pub at_google: AtGoogle,
    pub here: Here,
    /// Client and profile are to be deleted as well.
    pub forgets: bool,
    /// Client and profile were deleted as well.
    pub forgotten: bool,
    /// What is left in the file of a credential that was forgotten.
    pub stays: Option<String>,
    /// The recovery files that held a token of this credential, in words.
    pub waited: Option<String>,
    /// The store held a token.
    pub was_stored: bool,
    /// What went wrong after the token was revoked and removed, one line each.
    pub notes: Vec<String>,
    /// Others that lose their access.
    pub affected: Affected,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtGoogle {
    NotAsked,
    /// Google returned an error, or it was not reached.
    NotRevoked(StillValid),
    Revoked,
    InvalidBefore,
    /// The request was sent, and no response came that can be relied on.
    Unknown,
}

/// Whether the token is known to be valid still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StillValid {
    Yes,
    Unsaid,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Here {
    Stays,
    Removed,
    /// There was no token, only a client.
    ClientRemoved,
    /// There was nothing but the profile's name.
    WasEmpty,
    /// The file cannot be read or edited, for this reason.
    LeftAlone(String),
    /// The fingerprint of another token that was saved meanwhile, and stays.
    Replaced(String),
}

impl RevocationStatus {
    pub fn of(profile: &Profile) -> RevocationStatus {
        RevocationStatus {
            profile: profile.name.as_ref().map(ToString::to_string),
            location: profile.location.clone(),
            target: profile.target(),
            at_google: AtGoogle::NotAsked,
            here: Here::Stays,
            forgets: false,
            forgotten: false,
            stays: None,
            waited: None,
            was_stored: true,
            notes: Vec::new(),
            affected: Affected::default(),
        }
    }

    /// Prints what was done: in one line, and the JSON object.
    pub fn report(&self, term: Term) -> Result<()> {
        self.say(term);
        self.print(term)
    }

    pub fn say(&self, term: Term) {
        term.say(&self.line());
        self.notes.iter().for_each(|note| term.say(note));
        if self.forgotten && !matches!(self.here, Here::LeftAlone(_) | Here::WasEmpty) {
            let name = self.profile.as_ref().map(|name| format!(" and profile `{name}`")).unwrap_or_default();
            term.say(&format!("forgot the OAuth client{name}"));
            self.stays.iter().for_each(|stays| term.say(stays));
        }
        if self.ends_access() {
            self.affected.warn(term);
        }
    }

    pub fn print(&self, term: Term) -> Result<()> {
        if term.json { term.out_json(&term.with_warnings(self.json())) } else { Ok(()) }
    }

    /// Whether other profiles with the same token or location have lost access: with a token that was not valid any more they had
    /// none, and another one of the same grant is as valid as before.
    fn ends_access(&self) -> bool {
        match self.at_google {
            AtGoogle::InvalidBefore => false,
            AtGoogle::Revoked => true,
            _ => matches!(self.here, Here::Removed | Here::ClientRemoved),
        }
    }

    /// Where the token is, or was.
    fn place(&self) -> String {
        let stored = self.was_stored || self.waited.is_none();
        let places = [stored.then(|| self.location.to_string()), self.waited.clone()];
        layout::list(&Vec::from_iter(places.into_iter().flatten()), "and")
    }

    fn line(&self) -> String {
        let place = &self.place();
        let at_google = match self.at_google {
            AtGoogle::Revoked => "revoked the refresh token at Google",
            AtGoogle::InvalidBefore => "the refresh token was not valid any more",
            AtGoogle::NotAsked | AtGoogle::NotRevoked(_) | AtGoogle::Unknown => match &self.here {
                Here::ClientRemoved => return format!("removed the OAuth client from {place}"),
                Here::LeftAlone(reason) => {
                    return format!(
                        "forgot the profile; {place} is as it was, and a token in it may still be valid; {reason}"
                    );
                }
                Here::WasEmpty => return format!("forgot the profile; nothing was stored in {place}"),
                _ => return format!("removed the refresh token (still valid at Google) from {place}"),
            },
        };
        let joint = if self.at_google == AtGoogle::InvalidBefore { ";" } else { " and" };
        match &self.here {
            Here::Removed | Here::ClientRemoved | Here::WasEmpty => {
                format!("{at_google}{joint} removed it from {place}")
            }
            Here::Stays | Here::LeftAlone(_) => format!("{at_google}; it is still in {place}"),
            Here::Replaced(other) => {
                format!("{at_google}; another one ({other}) came into {place} meanwhile and stays")
            }
        }
    }

    /// Returns the error that ended the run, with the resulting state and the next step.
    pub fn explain(self, error: Error) -> Error {
        let report = self.json();
        let stopped = error.kind().is_stop();
        let place = &self.place();
        let forget = if self.forgets { " --forget" } else { "" };
        let again =
            format!("run `gads-creds revoke{forget}` again: a token that Google has revoked already counts as done");
        let its_own = error.next_step().cloned();
        let (status, hint) = match (self.at_google, &self.here) {
            (AtGoogle::Unknown, _) => {
                let status = format!("the token may or may not still be valid, and it is still in {place}");
                let between = match error.detail() {
                    Some(Detail::Transport(Transport::Response)) => "; a proxy or a captive portal may be in between",
                    _ => "",
                };
                (status, Some(format!("{again}{between}").into()))
            }
            (AtGoogle::NotRevoked(StillValid::Yes), _) => {
                (format!("the token is still valid and still in {place}"), its_own)
            }
            (AtGoogle::NotRevoked(StillValid::Unsaid), _) => {
                (format!("the token is not revoked and still in {place}"), its_own)
            }
            (AtGoogle::NotAsked, Here::Stays | Here::LeftAlone(_)) => {
                (format!("nothing was done, the token is still in {place}"), its_own)
            }
            (AtGoogle::Revoked | AtGoogle::InvalidBefore, Here::Stays | Here::LeftAlone(_)) => (
                self.line(),
                Some(match its_own {
                    Some(first) => first.join("; then ", again),
                    None => again.into(),
                }),
            ),
            (_, Here::Removed | Here::ClientRemoved | Here::WasEmpty) if self.forgets && !self.forgotten => {
                let forget = "run `gads-creds revoke --forget` again: it forgets the profile";
                (self.line(), Some(its_own.map_or_else(|| forget.into(), |first| first.join("; then ", forget))))
            }
            (_, Here::Removed | Here::ClientRemoved | Here::WasEmpty | Here::Replaced(_)) if stopped => {
                (self.line(), Some("nothing is left to do; `gads-creds login` gets a new token".into()))
            }
            (_, Here::Removed | Here::ClientRemoved | Here::WasEmpty | Here::Replaced(_)) => (self.line(), its_own),
        };
        error.adding(&status).maybe_hint(hint).about(self.target).with_report(report)
    }

    pub fn json(&self) -> Value {
        let revoked = match self.at_google {
            AtGoogle::NotAsked => "not_asked",
            AtGoogle::NotRevoked(_) => "no",
            AtGoogle::Revoked => "now",
            AtGoogle::InvalidBefore => "before",
            AtGoogle::Unknown => "unknown",
        };
        json!({
            "profile": self.profile,
            "location": self.location.plain(),
            "revoked": revoked,
            "forgotten": self.forgotten,
            "affected": self.affected.certain.iter().map(Sharer::plain).collect::<Vec<_>>(),
            "possibly_affected": self.affected.possible.iter().map(Sharer::plain).collect::<Vec<_>>(),
        })
    }
}

/// Returns what is left in a file from which these credentials were removed; `None` for another store, and for a file that
/// cannot be read any more: the revocation itself is complete.
pub fn what_stays(store: &dyn Store, location: &Location, removed: &Credentials) -> Option<String> {
    let Location::File { path, .. } = location else { return None };
    let text = disk::read(path).ok()??;
    if let Some(line) = format::line_with_token(&text) {
        return Some(format!("{}: {}", diagnosis::unread_token(location, line), diagnosis::END_AND_DELETE));
    }
    Some(match is_bare(store.format()?, &text, removed) {
        true => format!("nothing else is left in {location}: delete the file if no program needs it"),
        false => format!("the file {location} stays, with what is not part of the credentials"),
    })
}

/// Whether the text holds no more than a login writes beside the credentials into a new file.
fn is_bare(format: &dyn Format, text: &str, removed: &Credentials) -> bool {
    let credentials = Credentials { identity: removed.identity.clone(), ..Credentials::default() };
    let new = format.revise("", &mut |_| Some(credentials.clone()));
    let bare = new.and_then(|new| format.write(&new.text, &Credentials::default())).unwrap_or_default();
    text.trim().is_empty() || text.trim() == bare.trim()
}
