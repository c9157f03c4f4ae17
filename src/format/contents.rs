//! What a file contains: the credentials that its library uses, what else is active in it, and what is wrong with its lines.

use std::path::PathBuf;

use crate::credentials::{Credentials, Field, IdentityKind};
use crate::format::diagnostic::Diagnostic;

/// The contents of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// The values that the library uses; a placeholder or an unusable value is only in `diagnostics`.
    pub credentials: Credentials,
    /// What switches on a service account or Application Default Credentials in the file, in its order.
    pub conflicts: Vec<Conflict>,
    /// Line and key of the first part of a user's credential.
    pub user_at: Option<(usize, String)>,
    /// The values of a service account, until [`Contents::settle`].
    pub(super) service_account: Vec<(Field, String)>,
    /// The file whose lines these are, if it is not the one that was named.
    pub file: Option<PathBuf>,
    /// The line with a refresh token, from 1, in a file that uses a service account.
    pub unread_token: Option<usize>,
    /// Problems of single lines.
    pub diagnostics: Vec<Diagnostic>,
}

impl Contents {
    /// The contents of a store that holds credentials and nothing else.
    pub fn of(credentials: Credentials) -> Contents {
        Contents { credentials, ..Contents::default() }
    }

    /// Decides whose credentials these are, after the last line: a user's, if any part of one is there, else those of the
    /// service account that the file names.
    pub(super) fn settle(mut self) -> Contents {
        if self.credentials.user().is_none() {
            // The key first: what belongs to it is only kept beside it.
            self.service_account.sort_by_key(|(field, _)| *field);
            for (field, value) in &self.service_account {
                field.set(&mut self.credentials, Some(value));
            }
        }
        self.service_account.clear();
        self
    }

    /// The `type` of a configuration without a key, if the file holds one.
    pub fn keyless(&self) -> Option<&'static str> {
        self.conflicts.iter().find_map(|conflict| match conflict.kind {
            ConflictKind::Keyless(kind) => Some(kind),
            _ => None,
        })
    }

    /// What switches on another kind of credential than the one that was read.
    pub fn other_kinds(&self) -> impl Iterator<Item = &Conflict> {
        let own = self.credentials.service_account().map(|_| ConflictKind::ServiceAccount);
        self.conflicts.iter().filter(move |conflict| Some(conflict.kind) != own)
    }

    /// Whether a line switches on a service account: what belongs to it is active as well.
    pub(super) fn has_account(&self) -> bool {
        self.conflicts.iter().any(|conflict| conflict.kind == ConflictKind::ServiceAccount)
    }

    /// The line that keeps credentials of this kind from being the only ones in the file.
    pub fn conflict_with(&self, kind: IdentityKind) -> Option<Conflict> {
        self.conflicts_with(kind).next()
    }

    /// Every such line; of a user's credential the first.
    pub(super) fn conflicts_with(&self, kind: IdentityKind) -> impl Iterator<Item = Conflict> {
        let of_account = kind == IdentityKind::ServiceAccount;
        let of_user = self.user_at.as_ref().filter(|_| of_account).map(|(line, key)| Conflict {
            kind: ConflictKind::User,
            key: key.clone(),
            line: *line,
            outcome: Outcome::UserWins,
        });
        let is_other = move |conflict: &&Conflict| !of_account || conflict.kind != ConflictKind::ServiceAccount;
        of_user.into_iter().chain(self.conflicts.iter().filter(is_other).cloned())
    }
}

/// A line that switches on another kind of credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub kind: ConflictKind,
    /// The key that switches it on, as the file spells it.
    pub key: String,
    /// The line of that key, from 1.
    pub line: usize,
    /// What the library does if both are there.
    pub outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictKind {
    User,
    ServiceAccount,
    ApplicationDefault,
    /// A configuration of google-auth without a key, by its `type`: workload identity, or an impersonated service account.
    Keyless(&'static str),
}

impl ConflictKind {
    /// The kind in messages: `the file uses …`.
    pub fn name(self) -> &'static str {
        match self {
            ConflictKind::User => "the refresh token of a user",
            ConflictKind::ServiceAccount => "a service account",
            ConflictKind::ApplicationDefault => "Application Default Credentials",
            ConflictKind::Keyless(_) => {
                "credentials without a key (workload identity or an impersonated service account)"
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    ConflictWins,
    UserWins,
    LibraryFails,
}
