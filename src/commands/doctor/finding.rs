//! What a check found, and what to do about it.

use crate::error::{Error, Kind};
use crate::hint::{Hint, Target};
use crate::term::Term;

/// What a check found.
#[derive(Debug)]
pub struct Finding {
    pub status: Status,
    pub text: String,
    pub next: Option<Hint>,
    /// The error kind, which decides the exit code.
    pub kind: Kind,
    /// The credential that the next step is about, if it is not the one that was examined.
    pub about: Option<Target>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Ok,
    Fail,
    Warn,
    Skip,
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::Warn => "warn",
            Status::Fail => "fail",
            Status::Skip => "skip",
        }
    }

    /// Returns green, red, yellow or dim, as ECMA-48 numbers them.
    pub fn color(self) -> &'static str {
        match self {
            Status::Ok => "32",
            Status::Fail => "1;31",
            Status::Warn => "1;33",
            Status::Skip => "2",
        }
    }
}

impl Finding {
    pub fn ok(text: impl Into<String>) -> Finding {
        Finding { status: Status::Ok, text: text.into(), next: None, kind: Kind::Internal, about: None }
    }

    pub fn from_warning(error: &Error) -> Finding {
        let next = error.next_step().cloned();
        Finding { status: Status::Warn, text: error.message().to_owned(), next, kind: Kind::Internal, about: None }
    }

    /// Returns a success with a next step.
    pub fn ok_then(text: impl Into<String>, next: impl Into<Hint>) -> Finding {
        Finding { next: Some(next.into()), ..Finding::ok(text) }
    }

    pub fn warn(text: impl Into<String>, next: impl Into<Hint>) -> Finding {
        Finding { status: Status::Warn, text: text.into(), next: Some(next.into()), kind: Kind::Internal, about: None }
    }

    pub fn fail(kind: Kind, text: impl Into<String>, next: impl Into<Hint>) -> Finding {
        Finding { status: Status::Fail, text: text.into(), next: Some(next.into()), kind, about: None }
    }

    /// Returns a skipped check; `next` says what makes it possible.
    pub fn skip(text: impl Into<String>, next: impl Into<Hint>) -> Finding {
        Finding { status: Status::Skip, text: text.into(), next: Some(next.into()), kind: Kind::Internal, about: None }
    }

    /// Returns a failure worded by the error.
    pub fn from_error(error: &Error) -> Finding {
        let next = error.next_step().cloned();
        let about = error.target().cloned();
        Finding { status: Status::Fail, text: error.message().to_owned(), next, kind: error.kind(), about }
    }

    /// The next step, its commands completed for the credential that it is about.
    pub fn hint(&self, term: Term) -> Option<String> {
        self.next.as_ref().map(|next| next.text(self.about.as_ref().unwrap_or(term.target())))
    }
}
