//! Google's `client_secret.json`: parses the client it describes, or recognizes what the file is instead.
//!
//! The file may come from anywhere, so nothing in it is trusted: ids and secrets must consist of the characters that
//! Google uses, and no part of the content is ever quoted except the host of an address. The addresses in the file are
//! only checked, never used: ours are compiled in, and a file that names others is not from Google.
//!
//! Every problem with the file, including a missing one, is [`Kind::ClientSecrets`]: the user has to give another file.

pub mod addresses;
mod file_kind;

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::credentials::{self, Client, ClientKind};
use crate::error::{self, Error, Kind};
use crate::google::Endpoints;
use crate::secret::Secret;
use crate::strict_json::{self, Json, Object, Unfit};
use crate::value_kind::{self, ValueKind};
use crate::{disk, paths, profile, standard_input, term};

/// Where a client is created and its JSON downloaded.
pub const CONSOLE: &str = "https://console.cloud.google.com/auth/clients";

/// The next step where the file is not a client that can log in here.
const CREATE: &str = "create an OAuth client of type \"Desktop app\" at https://console.cloud.google.com/auth/clients and download its JSON";

/// Google's ids have 73 characters and its secrets 35; an address is at most as long as browsers accept.
const LONGEST_ID: usize = 256;
const LONGEST_SECRET: usize = 512;
const LONGEST_ADDRESS: usize = 2048;

/// Parses a client-secrets file. `source` names it in messages: a path by [`term::path`], or `standard input`.
pub fn parse(text: &str, source: &str, endpoints: &Endpoints) -> error::Result<Client> {
    parse_file(text, source, "FILE", endpoints)
}

/// Does the same for a file whose path in commands is `file`.
fn parse_file(text: &str, source: &str, file: &str, endpoints: &Endpoints) -> error::Result<Client> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    client(text, file, endpoints).map_err(|unfit| {
        let error = Error::new(Kind::ClientSecrets, format!("{source} {}", unfit.fact));
        error.hint(unfit.hint.unwrap_or_else(|| {
            format!("fix it, or add a secret to the client at {CONSOLE} and download its JSON again")
        }))
    })
}

/// Reads the file at that path, or standard input for `-`.
pub fn read(path: &Path, endpoints: &Endpoints) -> error::Result<Client> {
    if path == Path::new("-") {
        let text = standard_input::read().map_err(|problem| {
            Error::new(Kind::ClientSecrets, format!("standard input {}", problem.fact("client-secrets file")))
                .hint(format!("give it the JSON downloaded from {CONSOLE}"))
        })?;
        return parse(&text, "standard input", endpoints);
    }
    let source = term::path(path);
    let unreadable = |error: Error| {
        if disk::is_stream(path) {
            return error.with_kind(Kind::ClientSecrets).hint(disk::FROM_STDIN);
        }
        let next = format!("download the client's JSON from {CONSOLE} and give its path");
        error.with_kind(Kind::ClientSecrets).hint_if_none(next)
    };
    let missing = || Error::io(format!("there is no file {source}"));
    let text = disk::read(path).and_then(|text| text.ok_or_else(missing)).map_err(unreadable)?;
    parse_file(&text, &source, &profile::quoted(path), endpoints)
}

/// Finds the `client_secret*.json` files in the current directory, the home directory and its `Downloads`, each once.
///
/// A directory that cannot be listed is skipped. Links are followed: a link and its target are one file.
pub fn find() -> Vec<PathBuf> {
    let home = paths::home().ok();
    let downloads = home.as_ref().map(|home| home.join("Downloads"));
    find_in(std::env::current_dir().into_iter().chain(home).chain(downloads))
}

fn find_in(places: impl Iterator<Item = PathBuf>) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for place in places {
        let Ok(entries) = place.read_dir() else { continue };
        let mut files: Vec<PathBuf> =
            entries.flatten().map(|entry| entry.path()).filter(|path| is_named(path)).collect();
        files.sort();
        // `is_file` follows a link and opens nothing: a FIFO of that name cannot block.
        files.retain(|path| path.is_file() && path.canonicalize().is_ok_and(|real| seen.insert(real)));
        found.append(&mut files);
    }
    found
}

fn is_named(path: &Path) -> bool {
    let name = path.file_name().map(OsStr::as_encoded_bytes).unwrap_or_default();
    name.starts_with(b"client_secret") && name.ends_with(b".json")
}

fn client(text: &str, file: &str, endpoints: &Endpoints) -> Result<Client, Unfit> {
    if let Some(unfit) = file_kind::text(text) {
        return Err(unfit);
    }
    let object = match strict_json::parse(text)? {
        Json::Object(object) => object,
        other => {
            return Err(Unfit::new(format!("holds {}, not an object of JSON", other.what()))
                .hint("give the file as it was downloaded, which begins with `{\"installed\":` or `{\"web\":`"));
        }
    };
    let (section, value) = match (object.get("installed")?, object.get("web")?) {
        (Some(value), None) => ("installed", value),
        (None, Some(value)) => ("web", value),
        (Some(_), Some(_)) => {
            return Err(Unfit::new("has both `installed` and `web`, so it does not describe one client"));
        }
        (None, None) => return Err(file_kind::object(&object, file)),
    };
    let Json::Object(section_object) = value else {
        return Err(Unfit::new(format!("has {} in place of its `{section}` object", value.what())));
    };
    addresses::check(section_object, "auth_uri", endpoints)?;
    addresses::check(section_object, "token_uri", endpoints)?;
    // In `installed` only their syntax is checked: a desktop client accepts any port of the loopback address, and older
    // files still list the `urn:` address that Google has switched off.
    let redirect_uris = redirect_uris(section_object)?;
    let id_of_client = id(section_object, "client_id")?.ok_or_else(|| {
        file_kind::without(section_object, "client_id")
            .unwrap_or_else(|| Unfit::new(format!("has no `client_id` in `{section}`")))
    })?;
    of_kind("client_id", &id_of_client, ValueKind::ClientId)?;
    if credentials::is_of_gcloud(&id_of_client) {
        return Err(Unfit::new("is gcloud's own client, and the Google Ads API requires one of yours").hint(CREATE));
    }
    let secret = secret(section_object)?;
    of_kind("client_secret", secret, ValueKind::ClientSecret)?;
    Ok(Client {
        id: id_of_client,
        secret: Secret::new(secret),
        kind: if section == "web" { ClientKind::Web { redirect_uris } } else { ClientKind::Desktop },
        project: id(section_object, "project_id")?,
    })
}

fn id(object: &Object, key: &str) -> Result<Option<String>, Unfit> {
    let Some(text) = object.text(key)? else { return Ok(None) };
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"._~@:/-".contains(&byte);
    fit(key, text, LONGEST_ID, usual)?;
    Ok(Some(text.to_owned()))
}

fn secret(object: &Object) -> Result<&str, Unfit> {
    match object.text("client_secret")?.unwrap_or_default() {
        "" => Err(file_kind::without(object, "client_secret").unwrap_or_else(|| {
            Unfit::new("has no `client_secret`").hint(format!(
                "add a secret to the client at {CONSOLE} and download the JSON then, as Google shows a secret only \
                 once; Android and iOS clients have none: create one of type \"Desktop app\""
            ))
        })),
        text => {
            fit("client_secret", text, LONGEST_SECRET, |byte| byte.is_ascii_graphic())?;
            Ok(text)
        }
    }
}

fn fit(key: &str, text: &str, longest: usize, usual: impl Fn(u8) -> bool) -> Result<(), Unfit> {
    if text.is_empty() {
        return Err(Unfit::new(format!("has an empty `{key}`")));
    }
    if text.len() > longest {
        return Err(Unfit::new(format!("has a `{key}` of more than {longest} characters")));
    }
    if value_kind::is_placeholder(text) {
        return Err(Unfit::new(format!("has a placeholder as its `{key}`")));
    }
    if !text.bytes().all(usual) {
        return Err(Unfit::new(format!("has characters in its `{key}` that Google never uses there")));
    }
    Ok(())
}

/// Fails if the value is recognized as another one: the client ID is a part of the URL that the browser opens, and a secret in
/// its place would be shown to everybody who sees that URL.
fn of_kind(key: &str, text: &str, expected: ValueKind) -> Result<(), Unfit> {
    match value_kind::of(text).filter(|kind| *kind != expected) {
        Some(kind) => Err(Unfit::new(format!("cannot be used: its `{key}` is {kind}"))),
        None => Ok(()),
    }
}

fn redirect_uris(object: &Object) -> Result<Vec<String>, Unfit> {
    const KEY: &str = "redirect_uris";
    let list = match object.get(KEY)? {
        None => return Ok(Vec::new()),
        Some(Json::List(list)) => list,
        Some(other) => return Err(Unfit::new(format!("has {} as its `{KEY}`, not a list", other.what()))),
    };
    let mut uris = Vec::with_capacity(list.len());
    for item in list {
        let Json::Text(uri) = item else {
            return Err(Unfit::new(format!("has {} among its `{KEY}`, not a text", item.what())));
        };
        fit(KEY, uri, LONGEST_ADDRESS, |byte| byte.is_ascii_graphic())?;
        uris.push(uri.clone());
    }
    Ok(uris)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Creates a directory with these empty files.
    fn directory(names: &[&str]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().expect("a directory");
        for name in names {
            std::fs::write(directory.path().join(name), "").expect("a file");
        }
        directory
    }

    #[test]
    fn only_files_with_the_name_of_a_download_are_found() {
        let directory = directory(&[
            "client_secret.json",
            "client_secret_1.json",
            "client_secret.json.bak",
            "my_client_secret.json",
        ]);
        std::fs::create_dir(directory.path().join("client_secret_directory.json")).expect("a directory");
        let found = find_in([directory.path().to_owned()].into_iter());
        assert_eq!(found, ["client_secret.json", "client_secret_1.json"].map(|name| directory.path().join(name)));
    }

    #[test]
    fn a_directory_that_is_not_there_holds_none() {
        let directory = directory(&["client_secret.json"]);
        let places = [directory.path().join("Downloads"), directory.path().to_owned()];
        assert_eq!(find_in(places.into_iter()), [directory.path().join("client_secret.json")]);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_and_a_link_to_it_are_found_once() {
        let directory = directory(&["client_secret.json"]);
        let file = directory.path().join("client_secret.json");
        std::os::unix::fs::symlink(&file, directory.path().join("client_secret_link.json")).expect("a link");
        std::os::unix::fs::symlink("nowhere", directory.path().join("client_secret_lost.json")).expect("a link");
        let places = [directory.path().to_owned(), directory.path().to_owned()];
        assert_eq!(find_in(places.into_iter()), [file]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_fifo_is_not_found_and_does_not_block() {
        let directory = directory(&[]);
        let fifo = directory.path().join("client_secret.json");
        let (kind, mode) = (rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR);
        rustix::fs::mknodat(rustix::fs::CWD, &fifo, kind, mode, 0).expect("a FIFO");
        assert_eq!(find_in([directory.path().to_owned()].into_iter()), Vec::<PathBuf>::new());
    }
}
