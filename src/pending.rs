//! Pending logins: what `login --start` leaves for `login --finish`, one file each in the state directory.
//!
//! Such a file holds no client secret and no token. It does hold the PKCE verifier, without which the authorization
//! code is useless: an intercepted code can be exchanged only by someone who can also read this file and has the client
//! secret. So the file is 0600 like every secret, expires after a day, and is deleted before the code is exchanged: a
//! code is used once, wherever a run is killed.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};

use crate::disk::{self, Lock};
use crate::error::{Error, Kind, Result};
use crate::pending::document::{Document, VERSION};
use crate::profile::{Location, Profile, when};
use crate::secret::Secret;
use crate::{paths, term};

mod document;

const EXTENSION: &str = "json";
const PROBE: &str = "probe";
/// How long the response may take to come back.
pub const VALIDITY: TimeDelta = TimeDelta::hours(24);
/// By how much clocks may differ: that of the start and that of now.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(10);
/// How long an expired login is kept, so that a late response can be recognized as one.
const KEPT_AFTER_EXPIRY: TimeDelta = TimeDelta::hours(7 * 24);

/// A login whose authorization response has not come back yet.
#[derive(Clone, Debug)]
pub struct PendingLogin {
    /// Where the token will go. Its metadata belongs to an older token, if any, and is not kept.
    pub profile: Profile,
    /// Where the profile was kept when the login began, if that is elsewhere: the login moves it.
    pub moves_from: Option<Location>,
    pub started_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub client: PendingClient,
    pub redirect_uri: String,
    pub state: Secret,
    /// The PKCE verifier.
    pub verifier: Secret,
    /// The stand-in that the request was made for; `None` for Google.
    pub endpoint: Option<String>,
    pub options: LoginOptions,
}

/// The OAuth client of a pending login, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingClient {
    pub id: String,
    /// Whether it is a web client.
    pub is_web: bool,
    /// The client-secrets file; `None` if the client is the one stored with the credentials.
    pub file: Option<PathBuf>,
}

/// The options of the first step that also apply to the second.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoginOptions {
    pub additional_scopes: Vec<String>,
    pub login_hint: Option<String>,
    pub expect_account: Option<String>,
    /// Whether somebody else consents: `--for` in place of `--expect-account`.
    pub is_for_another: bool,
    pub login_customer_id: Option<String>,
    pub developer_token_file: Option<PathBuf>,
    pub no_verify: bool,
    pub force: bool,
    pub replace_kind: bool,
    pub api_version: Option<String>,
}

/// The name of a pending login, which `login --finish` takes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoginId(String);

impl LoginId {
    /// Parses the twelve letters and digits of an ID.
    pub fn new(text: &str) -> Option<LoginId> {
        let fits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        fits.then(|| LoginId(text.to_owned()))
    }

    fn path(&self) -> Result<PathBuf> {
        Ok(directory()?.join(format!("{}.{EXTENSION}", self.0)))
    }
}

impl fmt::Display for LoginId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PendingLogin {
    /// Whether it can no longer be finished. One that was started in the future would be valid for longer than a day.
    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        now >= self.expires_at || self.is_from_the_future(now)
    }

    /// Whether it was started under a clock that was ahead of this one.
    pub fn is_from_the_future(&self, now: DateTime<Utc>) -> bool {
        self.started_at.signed_duration_since(now) > CLOCK_TOLERANCE
    }

    /// Returns when it was started by this clock: `in 3 days` for one of the future.
    pub fn started(&self, now: DateTime<Utc>) -> String {
        when(self.started_at.signed_duration_since(now))
    }

    /// Returns when it expires or expired: `in 23 hours`.
    pub fn expires(&self, now: DateTime<Utc>) -> String {
        when(self.expires_at.signed_duration_since(now))
    }

    /// Returns the credential that it is for: the name of a profile, or a location.
    pub fn credential(&self) -> String {
        match &self.profile.name {
            Some(name) => format!("profile `{name}`"),
            None => self.profile.location.to_string(),
        }
    }

    /// Returns what it is for, when it was started, and when it expires.
    pub fn line(&self, now: DateTime<Utc>) -> String {
        let account = self.options.expect_account.as_deref();
        let account = account.map(|account| format!(", account {}", term::excerpt(account))).unwrap_or_default();
        let when = match (self.is_from_the_future(now), self.is_expired(now)) {
            (true, _) => format!("starts {} by this clock", self.started(now)),
            (false, true) => format!("expired {}", self.expires(now)),
            (false, false) => format!("started {}, expires {}", self.started(now), self.expires(now)),
        };
        format!("{}{account}, {when}", self.credential())
    }
}

/// Checks, before consent, that a file can be written; removes what killed runs left, and logins that expired a week
/// ago.
pub fn preflight(now: DateTime<Utc>) -> Result<()> {
    let directory = directory()?;
    check_writable(&directory, now).map_err(|error| {
        if disk::is_writable_below(&directory) {
            error
        } else {
            error.hint(disk::state_elsewhere("the login until it is finished"))
        }
    })
}

fn check_writable(directory: &Path, now: DateTime<Utc>) -> Result<()> {
    for path in disk::list(directory)? {
        let is_old = |login: PendingLogin| now.signed_duration_since(login.expires_at) > KEPT_AFTER_EXPIRY;
        if is_leftover(&path) || (is_login(&path) && read(&path).ok().flatten().is_some_and(is_old)) {
            disk::remove(&path)?;
        }
    }
    // As large as a pending login gets.
    disk::remove(&disk::create(directory, "", &format!(".{PROBE}"), &" ".repeat(8192))?)
}

/// What killed runs left half made: nothing in it is of use.
pub fn leftovers() -> Result<Vec<PathBuf>> {
    Ok(disk::list(&directory()?)?.into_iter().filter(|path| is_leftover(path)).collect())
}

/// Writes a pending login (0600, synced) and returns its ID.
pub fn write(login: &PendingLogin) -> Result<LoginId> {
    let path = disk::create(&directory()?, "", &format!(".{EXTENSION}"), &text(login)?)?;
    id_of(&path).ok_or_else(|| Error::internal("a pending login has no ID"))
}

/// Returns the pending logins, oldest first, expired ones included, each with its content or why it cannot be read.
pub fn all() -> Result<Vec<(LoginId, Result<PendingLogin>)>> {
    let mut logins = Vec::new();
    for path in disk::list(&directory()?)?.into_iter().filter(|path| is_login(path)) {
        let Some(id) = id_of(&path) else { continue };
        match read(&path) {
            // Another run finished it between the two calls.
            Ok(None) => {}
            Ok(Some(login)) => logins.push((id, Ok(login))),
            Err(error) => logins.push((id, Err(error))),
        }
    }
    logins.sort_by_key(|(_, login)| login.as_ref().ok().map(|login| login.started_at));
    Ok(logins)
}

/// Returns the logins that can no longer be used: expired or damaged. One that another version wrote, or that cannot be
/// opened, may still be used.
pub fn stale(now: DateTime<Utc>) -> Result<Vec<LoginId>> {
    let is_stale = |(id, login): &(LoginId, Result<PendingLogin>)| match login {
        Ok(login) => login.is_expired(now),
        // A run that is just writing it is done within the minute.
        Err(error) => error.kind() == Kind::Parse && id.path().is_ok_and(|path| disk::is_abandoned(&path)),
    };
    Ok(all()?.into_iter().filter(is_stale).map(|(id, _)| id).collect())
}

/// Returns the pending login of that ID; `None` if it no longer exists.
pub fn find(id: &LoginId) -> Result<Option<PendingLogin>> {
    read(&id.path()?)
}

/// Excludes every other run of this program from that login until the lock is dropped.
pub fn lock(id: &LoginId) -> Result<Lock> {
    disk::lock(&format!("pending login {id}"))
}

/// Deletes the login.
pub fn remove(id: &LoginId) -> Result<()> {
    disk::remove(&id.path()?)
}

/// Restores a deleted login under its old ID: its code was not sent.
pub fn put_back(id: &LoginId, login: &PendingLogin, lock: &Lock) -> Result<()> {
    let text = text(login)?;
    disk::update(&id.path()?, lock, &mut |_| Ok(text.clone())).map(drop)
}

/// Returns the directory of pending logins.
fn directory() -> Result<PathBuf> {
    Ok(paths::state()?.join("pending"))
}

fn id_of(path: &Path) -> Option<LoginId> {
    LoginId::new(path.file_stem()?.to_str()?)
}

/// Whether the path is that of a login. The file of a killed run is empty.
fn is_login(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == EXTENSION)
        && !fs::metadata(path).is_ok_and(|metadata| metadata.len() == 0)
}

/// Whether a killed run left the file.
fn is_leftover(path: &Path) -> bool {
    let Ok(metadata) = fs::metadata(path) else { return false };
    match path.extension() {
        Some(extension) if extension == PROBE => true,
        Some(extension) if extension == EXTENSION => metadata.len() == 0 && disk::is_abandoned(path),
        _ => false,
    }
}

fn read(path: &Path) -> Result<Option<PendingLogin>> {
    disk::read(path)?.map(|text| parse(path, &text)).transpose()
}

/// Parses the text of the pending login at that path.
pub fn parse(path: &Path, text: &str) -> Result<PendingLogin> {
    let broken = |reason: String| {
        Error::new(Kind::Parse, format!("pending login {} {reason}", term::path(path)))
            .hint("delete that file, then run `gads-creds login --start` again")
    };
    // The parser's message may quote the verifier; only the position is shown.
    let document: Document = serde_json::from_str(text)
        .map_err(|error| broken(format!("is damaged: line {}, column {}", error.line(), error.column())))?;
    if document.version != VERSION {
        let reason = format!("is of version {}, which this program does not know", document.version);
        return Err(broken(reason).with_kind(Kind::Usage));
    }
    document.login().map_err(|error| broken(format!("cannot be used: {}", error.message())))
}

/// Returns the text of a pending login.
pub fn text(login: &PendingLogin) -> Result<String> {
    serde_json::to_string_pretty(&Document::from(login))
        .map_err(|_| Error::internal("cannot write a pending login as JSON"))
}
