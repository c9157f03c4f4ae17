//! Describes a clock that is off.

use chrono::TimeDelta;

use crate::error::{Error, Kind};
use crate::google::CLOCK_TOLERANCE;
use crate::profile::{self, rfc3339};

/// Returns in words how this machine's clock differs from Google's; `None` if they agree. `ahead` is how far this
/// machine's is ahead.
pub fn difference(ahead: TimeDelta) -> Option<String> {
    if ahead.abs() <= CLOCK_TOLERANCE {
        return None;
    }
    let side = if ahead > TimeDelta::zero() { "ahead of" } else { "behind" };
    Some(format!("this machine's clock is {} {side} Google's", profile::duration(ahead.abs())))
}

/// Returns the warning for a clock that is off.
pub fn warning(ahead: TimeDelta) -> Option<Error> {
    Some(Error::new(Kind::Internal, readings(ahead)?).hint(SET_THE_CLOCK))
}

/// What to do about it.
pub const SET_THE_CLOCK: &str = "set the clock; TLS and tokens depend on it";

/// Does the same, and adds what each clock shows.
pub fn readings(ahead: TimeDelta) -> Option<String> {
    let ours = crate::clock::now();
    let theirs = ours.checked_sub_signed(ahead)?;
    Some(format!("{}: it shows {}, Google's {}", difference(ahead)?, rfc3339(ours), rfc3339(theirs)))
}
