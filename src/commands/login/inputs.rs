//! The inputs of a login: the OAuth client and the developer token.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::TimeDelta;

use crate::client_secrets;
use crate::commands::login::Login;
use crate::commands::others;
use crate::credentials::{Client, ClientKind, Credentials, project_number};
use crate::diagnosis;
use crate::disk;
use crate::error::{Error, Kind, Result};
use crate::google::Endpoints;
use crate::paths;
use crate::profile::{self, TokenMetadata};
use crate::secret::Secret;
use crate::standard_input;
use crate::term::{self, Term, layout};

pub const CONSOLE: &str = "https://console.cloud.google.com/auth/clients";

/// Returns the given client, or the one already stored, or the only file found; and its path, unless it is stored.
/// `known` is the metadata of an earlier login.
pub fn client(
    login: &Login,
    stored: &Credentials,
    known: &TokenMetadata,
    endpoints: &Endpoints,
    term: Term,
) -> Result<(Client, Option<PathBuf>)> {
    if let Some(path) = &login.client_secrets {
        let path = paths::expand(path.as_os_str(), "--client-secrets")?;
        let client = client_secrets::read(&path, endpoints)?;
        if path != Path::new("-") {
            others::warn_of(&path, term);
        }
        return Ok((client, Some(path)));
    }
    if let (Some(id), Some(secret)) = (stored.client_id(), stored.client_secret()) {
        // A library's file does not contain the client's type. A redirect URI is only needed, and recorded, for a web
        // client.
        let recorded = known.redirect_uri.as_ref().filter(|_| known.client_id.as_deref() == Some(id));
        let kind = match login.redirect_uri.as_ref().or(recorded) {
            Some(uri) => ClientKind::Web { redirect_uris: vec![uri.clone()] },
            None => ClientKind::Desktop,
        };
        term.step(&format!("using the OAuth client that is already stored, {}", term::excerpt(id)));
        return Ok((Client { id: id.to_owned(), secret: secret.clone(), kind, project: None }, None));
    }
    // A client that nobody named must be in a file of the user's own: in a shared directory, another user may have put
    // one there.
    let (paths, of_others) =
        client_secrets::find().into_iter().partition(|path| disk::others_may_change(path).is_none());
    let of_others: Vec<PathBuf> = of_others;
    for path in of_others {
        let path = term::path(&path);
        term.warn(&format!("another user may have written {path}: it is not used unless you name it"));
    }
    found(candidates(paths, endpoints), endpoints, term)
}

/// A client-secrets file that was found, and the client in it, if it can be read.
struct Candidate {
    path: PathBuf,
    client: Option<Client>,
}

/// Reads the files; of identical copies the first is kept.
fn candidates(paths: Vec<PathBuf>, endpoints: &Endpoints) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for path in paths {
        let client = client_secrets::read(&path, endpoints).ok();
        if client.is_none() || !candidates.iter().any(|other| other.client == client) {
            candidates.push(Candidate { path, client });
        }
    }
    candidates
}

fn changed(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

impl Candidate {
    /// Returns path, which takes so many columns, project, type and age; these below a path that takes none.
    fn line(&self, width: Option<usize>) -> String {
        let age = changed(&self.path).and_then(|changed| changed.elapsed().ok());
        let age = age.and_then(|age| TimeDelta::from_std(age).ok()).map(|age| profile::when(-age));
        let kind = match &self.client {
            None => "not usable".to_owned(),
            Some(client) => {
                let kind = match client.kind {
                    ClientKind::Desktop => "Desktop app",
                    ClientKind::Web { .. } => "Web application",
                };
                let number = project_number(&client.id).map(str::to_owned);
                match client.project.clone().or(number) {
                    Some(project) => format!("project {}, {kind}", term::excerpt(&project)),
                    None => kind.to_owned(),
                }
            }
        };
        let age = age.map(|age| format!(", {age}")).unwrap_or_default();
        let path = term::path(&self.path);
        match width {
            Some(0) => format!("{path}\n     {kind}{age}"),
            width => format!("{}  {kind}{age}", layout::padded(&path, width.unwrap_or_default())),
        }
    }
}

/// Returns the only file, or the one that the user chooses.
fn found(found: Vec<Candidate>, endpoints: &Endpoints, term: Term) -> Result<(Client, Option<PathBuf>)> {
    let read =
        |candidate: &Candidate| Ok((client_secrets::read(&candidate.path, endpoints)?, Some(candidate.path.clone())));
    match found.as_slice() {
        [] => Err(Error::new(Kind::ClientSecrets, "there is no OAuth client yet: no `--client-secrets`, none saved, no client_secret*.json here, in `~` or in `~/Downloads`")
            .hint(format!("create a client of type Desktop app at {CONSOLE}, download its JSON and run `gads-creds login -c FILE`"))),
        [only] => {
            term.say(&format!("using the OAuth client in {}", term::path(&only.path)));
            read(only)
        }
        several if term.input => {
            let (usable, others): (Vec<_>, Vec<_>) = several.iter().partition(|candidate| candidate.client.is_some());
            let width = several.iter().map(|candidate| layout::width(&term::path(&candidate.path))).max();
            let rows = several.iter().map(|candidate| layout::width(&candidate.line(width)) + "  1  ".len());
            let fits = term.stderr.columns.is_none_or(|columns| rows.max().unwrap_or_default() <= columns);
            let width = if fits { width } else { Some(0) };
            for (number, candidate) in usable.iter().enumerate() {
                term.must(&format!("  {}  {}", number + 1, candidate.line(width)));
            }
            for candidate in others {
                term.must(&format!("  -  {}", candidate.line(width)));
            }
            read(asked(&usable, term)?)
        }
        several => {
            let names: String = several.iter().map(|candidate| format!("\n  {}", candidate.line(None))).collect();
            Err(Error::usage(format!("there are several client-secrets files:{names}"))
                .hint("name one with `--client-secrets FILE`"))
        }
    }
}

/// Asks for one of the files until it is one.
fn asked<'c>(usable: &[&'c Candidate], term: Term) -> Result<&'c Candidate> {
    let none = |fact: &str| Error::usage(fact).hint("run it again with `--client-secrets FILE`");
    if usable.is_empty() {
        return Err(none("none of these client-secrets files can be used"));
    }
    loop {
        let answer = term
            .ask("Number of the client-secrets file (`--client-secrets FILE` answers this):")
            .map_err(|error| error.adding("nothing was changed"))?
            .ok_or_else(|| none("no client-secrets file was chosen"))?;
        let number = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        if let Some(chosen) = number.and_then(|number| usable.get(number)) {
            return Ok(chosen);
        }
        let typed = if answer.is_empty() { "nothing".to_owned() } else { format!("`{}`", term::excerpt(&answer)) };
        term.must(&format!("{typed} is not the number of a usable file in this list"));
    }
}

const NO_DEVELOPER_TOKEN: &str = "leave `--developer-token-file` out: Google ignores developer tokens since 2026-09-09";

/// Reads a developer token from a file or from standard input.
pub fn developer_token(path: &Path, term: Term) -> Result<Secret> {
    let (source, text) = if path == Path::new("-") {
        let text = standard_input::read().map_err(|problem| {
            Error::io(format!("standard input {}", problem.fact("developer token"))).hint(NO_DEVELOPER_TOKEN)
        })?;
        ("standard input".to_owned(), text)
    } else {
        let source = term::path(path);
        let from_stdin = |error: Error| if disk::is_stream(path) { error.hint(disk::FROM_STDIN) } else { error };
        let text = disk::read(path)
            .map_err(from_stdin)?
            .ok_or_else(|| Error::usage(format!("there is no file {source}")).hint(NO_DEVELOPER_TOKEN))?;
        others::warn_of(path, term);
        (source, text)
    };
    let token = text.trim_start_matches('\u{feff}').trim();
    if token.is_empty() || token.len() > 512 || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::usage(format!(
            "{source} does not hold a developer token: one word of printable characters"
        ))
        .hint(NO_DEVELOPER_TOKEN));
    }
    if let Some(kind) = diagnosis::not_a_developer_token(token) {
        return Err(
            Error::usage(format!("{source} does not hold a developer token: it is {kind}")).hint(NO_DEVELOPER_TOKEN)
        );
    }
    Ok(Secret::new(token))
}
