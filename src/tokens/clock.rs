//! Describes a clock that is off.

use jiff::{SignedDuration, Timestamp};

use crate::google::CLOCK_TOLERANCE;
use crate::profile::{self, rfc3339};

/// Returns in words how this machine's clock differs from Google's; `None` if they agree. `ahead` is how far this
/// machine's is ahead.
pub fn difference(ahead: SignedDuration) -> Option<String> {
    if ahead.abs() <= CLOCK_TOLERANCE {
        return None;
    }
    let side = if ahead.is_positive() { "ahead of" } else { "behind" };
    Some(format!("this machine's clock is {} {side} Google's", profile::duration(ahead.abs())))
}

/// Does the same, and adds what each clock shows.
pub fn readings(ahead: SignedDuration) -> Option<String> {
    let ours = Timestamp::now();
    let theirs = ours.checked_sub(ahead).ok()?;
    Some(format!("{}: it shows {}, Google's {}", difference(ahead)?, rfc3339(ours), rfc3339(theirs)))
}
