//! Checks of the place itself: there, readable as its library reads it, private, free of leftovers.

use crate::credentials::Credentials;
use crate::disk;
use crate::error::Kind;
use crate::format::{Outcome, Remark, RivalKind, Trouble};
use crate::profile::quoted;
use crate::term;

use super::case::Case;
use super::{Finding, remark};

const UNREADABLE: &str = "the place cannot be read";
const MEND: &str = "mend what is said above first";

pub fn found(case: &Case) -> Finding {
    let login = format!("run `gads-creds login{}`", case.profile.option());
    match (&case.contents, &case.path) {
        (Err(error), _) => Finding::from_error(error),
        (Ok(_), Some(path)) if !path.exists() => {
            Finding::fail(Kind::NotLoggedIn, format!("there is no file {}", term::path(path)), login)
        }
        (Ok(contents), None) if contents.credentials == Credentials::default() => {
            Finding::fail(Kind::NotLoggedIn, format!("nothing is stored in {}", case.location), login)
        }
        (Ok(_), _) => Finding::ok(case.location.clone()),
    }
}

pub fn parsed(case: &Case) -> Finding {
    let Ok(contents) = &case.contents else { return Finding::skip(UNREADABLE, MEND) };
    let reader = case.format.map(|format| format.reader());
    let broken = |remark: &&Remark| remark.trouble == Trouble::Breaks && !is_customer_id(remark);
    if let Some(first) = contents.remarks.iter().find(broken) {
        return Finding::fail(Kind::Broken, remark(first), format!("mend that line of {}", case.location));
    }
    if let Some(odd) = contents.remarks.iter().find(|remark| remark.trouble == Trouble::Odd && !is_customer_id(remark))
    {
        return Finding::warn(remark(odd), format!("look at that line of {}", case.location));
    }
    match reader {
        Some(reader) => Finding::ok(format!("the {reader} reads it")),
        None => Finding::ok("the keychain holds it"),
    }
}

pub fn mode(case: &Case) -> Finding {
    let Some(path) = &case.path else { return Finding::ok("no file: the keychain keeps it") };
    match disk::mode(path) {
        None => Finding::ok("there is no file yet, or this system has no modes"),
        Some(mode) if mode & 0o077 == 0 => Finding::ok(format!("{mode:04o}: only you can read it")),
        Some(mode) => Finding::warn(
            format!("{mode:04o}: others on this machine can read it"),
            format!("run `chmod 600 {}`", quoted(path)),
        ),
    }
}

pub fn placeholders(case: &Case) -> Finding {
    let Ok(contents) = &case.contents else { return Finding::skip(UNREADABLE, MEND) };
    let left: Vec<_> = contents.remarks.iter().filter(|remark| remark.trouble == Trouble::Placeholder).collect();
    match left.first() {
        None => Finding::ok("none are left"),
        Some(first) => Finding::fail(
            Kind::Broken,
            format!("{} left; {}", left.len(), remark(first)),
            "`gads-creds login` fills in what it gets and comments out the rest",
        ),
    }
}

pub fn rivals(case: &Case) -> Finding {
    let Ok(contents) = &case.contents else { return Finding::skip(UNREADABLE, MEND) };
    let Some(rival) = contents.rivals.first() else { return Finding::ok("only the refresh token of a user") };
    let kind = match rival.kind {
        RivalKind::ServiceAccount => "a service account",
        RivalKind::ApplicationDefault => "Application Default Credentials",
    };
    let what = format!("line {}: `{}` switches on {kind}", rival.line, term::escape(&rival.key));
    let mend = "comment that line out, or run `gads-creds login --replace-kind`";
    match rival.outcome {
        Outcome::RivalWins => {
            Finding::fail(Kind::Broken, format!("{what}, which is used instead of the refresh token"), mend)
        }
        Outcome::LibraryFails => {
            Finding::fail(Kind::Broken, format!("{what}, and the library refuses to have both"), mend)
        }
        Outcome::UserWins => Finding::warn(format!("{what}, but the refresh token is used"), mend),
    }
}

pub fn customer_ids(case: &Case) -> Finding {
    let Ok(contents) = &case.contents else { return Finding::skip(UNREADABLE, MEND) };
    let wrong = contents.remarks.iter().find(|remark| is_customer_id(remark) && remark.trouble == Trouble::Breaks);
    if let Some(wrong) = wrong {
        return Finding::fail(Kind::Broken, remark(wrong), "write ten digits without dashes, in quotes");
    }
    if let Some(odd) = contents.remarks.iter().find(|remark| is_customer_id(remark) && remark.trouble == Trouble::Odd) {
        return Finding::warn(remark(odd), "write ten digits without dashes");
    }
    match &contents.credentials.login_customer_id {
        Some(id) => Finding::ok(format!("login customer {id}")),
        None => Finding::ok("no login customer is set; it is only needed to go through a manager account"),
    }
}

fn is_customer_id(remark: &Remark) -> bool {
    let key = remark.key.to_ascii_lowercase().replace('_', "");
    key.ends_with("customerid")
}
