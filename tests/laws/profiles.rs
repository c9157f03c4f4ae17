//! profiles.toml: an entry is recorded or removed, or that fails; everything else in the file stays.

use std::path::{Path, PathBuf};

use gads_creds::profile::{self, Location, Profile, ProfileName, SelectedBy, TokenMetadata};
use toml_edit::{DocumentMut, Item, Table};

use super::assert_harmless;

const PATH: &str = "/nowhere/profiles.toml";

/// Name, file (empty for the keychain), account and scopes of a profile, and the text to record it in, separated by
/// tabs.
pub fn input(input: &str) {
    if let Some((profile, text)) = profile_and_text(input) {
        noted(text, &profile);
    }
}

fn profile_and_text(input: &str) -> Option<(Profile, &str)> {
    let mut parts = input.splitn(5, '\t');
    let mut next = || parts.next().unwrap_or_default();
    let name = ProfileName::new(next()).ok()?;
    let location = match next() {
        "" => Location::Keychain { profile: name.clone() },
        file => Location::File { path: PathBuf::from(format!("/nowhere/{}", file.replace('/', ""))), format: None },
    };
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let metadata = TokenMetadata {
        client_id: Some("1-a.apps.googleusercontent.com".to_owned()),
        issued_at: "2026-11-22T10:00:00Z".parse().ok(),
        account: some(next()),
        scopes: next().split_whitespace().map(str::to_owned).collect(),
        fingerprint: Some("12345678".to_owned()),
        ..TokenMetadata::default()
    };
    Some((Profile { name: Some(name), location, metadata, selected_by: SelectedBy::ProfilesFile }, next()))
}

/// Records this profile in the text and then removes it.
fn noted(text: &str, profile: &Profile) {
    let path = Path::new(PATH);
    let name = profile.name.as_ref().expect("the law is about named profiles");
    let listed = profile::all_in(path, text).inspect_err(refused);
    let new = match profile::with_entry(path, text, profile) {
        Ok(new) => new,
        Err(error) => return refused(&error),
    };
    let noted = |text: &str| {
        let profiles = profile::all_in(path, text).ok()?;
        profiles.into_iter().find(|other| other.name.as_ref() == Some(name))
    };
    if listed.is_ok() {
        let found = noted(&new).unwrap_or_else(|| panic!("{name} is lost: {text:?} -> {new:?}"));
        assert_eq!(found.metadata, profile.metadata, "{text:?} -> {new:?}");
        assert!(profile::all_in(path, &new).is_ok(), "{text:?} -> {new:?}");
    }
    assert_eq!(profile::with_entry(path, &new, profile).as_ref(), Ok(&new), "twice is not once: {text:?}");
    others_stay(text, &new, name, profile);
    if let Ok(without) = profile::without_entry(path, &new, name) {
        assert!(noted(&without).is_none(), "{new:?} -> {without:?}");
        let default = |text: &str| text.parse::<DocumentMut>().ok()?.get("default")?.as_str().map(str::to_owned);
        assert!(default(&without).is_none_or(|default| default != name.as_str()), "{new:?} -> {without:?}");
        others_stay(&new, &without, name, profile);
    }
}

fn refused(error: &gads_creds::error::Error) {
    assert_harmless(error.message());
    assert_harmless(error.next_step().map(ToString::to_string).as_deref().expect("a next step"));
}

/// Checks that every other key has its value, and every line outside of the entry is unchanged.
fn others_stay(text: &str, new: &str, name: &ProfileName, profile: &Profile) {
    assert_eq!(text.starts_with('\u{feff}'), new.starts_with('\u{feff}'), "{text:?} -> {new:?}");
    let (text, new) = (text.trim_start_matches('\u{feff}'), new.trim_start_matches('\u{feff}'));
    let read = |text: &str| text.parse::<DocumentMut>().unwrap_or_else(|_| panic!("{text:?} -> {new:?}"));
    let (old, now) = (read(text), read(new));
    assert_eq!(values(&old, name), values(&now, name), "{text:?} -> {new:?}");
    if values(&now, name).contains("\"file\"") && matches!(profile.location, Location::File { .. }) {
        return; // An entry that was named after the same file may have been removed.
    }
    let has_tables = |document: &DocumentMut| document.get("profiles").is_none_or(Item::is_table);
    if !has_tables(&old) || old.get("profiles").and_then(|profiles| profiles.get(name.as_str())).is_some() {
        return;
    }
    let mut rest = new.split_inclusive('\n');
    for line in text.split_inclusive('\n') {
        // The last line may have had no line end, and may need one now.
        let is_kept = |other: &str| other == line || other.trim_end_matches(['\r', '\n']) == line;
        assert!(rest.any(is_kept), "lost {line:?}: {text:?} -> {new:?}");
    }
}

/// Returns everything that is not this profile's, in one spelling.
fn values(document: &DocumentMut, name: &ProfileName) -> String {
    let mut document = document.clone();
    document.remove("default");
    if let Some(profiles) = document.get_mut("profiles").and_then(Item::as_table_like_mut) {
        profiles.remove(name.as_str());
        if profiles.is_empty() {
            document.remove("profiles");
        }
    }
    spelled(document.as_table())
}

fn spelled(table: &Table) -> String {
    let mut parts: Vec<String> = table
        .iter()
        .map(|(key, item)| match item.clone().into_table() {
            Ok(table) => format!("{key:?}={{{}}}", spelled(&table)),
            Err(item) => format!("{key:?}={}", item.to_string().split_whitespace().collect::<String>()),
        })
        .collect();
    parts.sort();
    parts.join(",")
}
