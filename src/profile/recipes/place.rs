//! Parses WHERE of `--store ENGINE:WHERE` for each engine, and rejects what is not valid for it.

use std::path::Path;

use crate::error::Result;
use crate::paths;

/// The parts of WHERE by their names.
pub type Parts = Vec<(&'static str, String)>;

/// What WHERE is, and the names of its parts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One or more names separated by `/`: `{path}`.
    Path,
    /// A name, `/`, and one or more names: `{first}`, `{rest}`.
    InPlace,
    /// A file: `{file}`, its full path. `{config}` is `--config=` and sops' nearest configuration, or left out.
    /// `{identity}` is the user's own age identity, in the directory `{identities}`.
    File,
    /// A name or ARN of AWS: `{name}`.
    AwsName,
    /// Two names of Azure separated by `/`: `{first}`, `{rest}`.
    AzureNames,
    /// A project of Google Cloud, `/` and the name of a secret: `{first}`, `{rest}`.
    GcpNames,
}

impl Kind {
    /// Splits WHERE into its parts; `None` if it is not of this kind.
    pub fn parts(self, place: &str) -> Result<Option<Parts>> {
        let pair = |fits: fn(&str, &str) -> bool| {
            let (first, rest) = place.split_once('/').filter(|(first, rest)| fits(first, rest))?;
            Some(vec![("first", first.to_owned()), ("rest", rest.to_owned())])
        };
        Ok(match self {
            Kind::File => return file_parts(place),
            Kind::Path => is_path(place).then(|| vec![("path", place.to_owned())]),
            Kind::AwsName => is_made_of(place, "/_+=.@-:").then(|| vec![("name", place.to_owned())]),
            Kind::InPlace => pair(|first, rest| is_name(first) && is_path(rest)),
            Kind::AzureNames => pair(|vault, secret| is_made_of(vault, "-") && is_made_of(secret, "-")),
            Kind::GcpNames => pair(|project, secret| is_made_of(project, "-:.") && is_made_of(secret, "_-")),
        })
    }

    pub fn in_words(self) -> &'static str {
        match self {
            Kind::Path => "a path in the password store",
            Kind::InPlace => "a name, `/` and another name",
            Kind::File => "a file",
            Kind::AwsName => "the name of a secret",
            Kind::AzureNames => "a vault, `/` and the name of a secret",
            Kind::GcpNames => "a project, `/` and the name of a secret",
        }
    }
}

/// An argument that begins with a hyphen would be an option, and `..` would lead out of a store.
fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('-') && text != "." && text != ".." && !text.contains(char::is_control)
}

fn is_path(text: &str) -> bool {
    text.split('/').all(is_name)
}

/// Whether the text consists of ASCII letters, digits and these other characters.
fn is_made_of(text: &str, others: &str) -> bool {
    is_name(text) && text.chars().all(|char| char.is_ascii_alphanumeric() || others.contains(char))
}

/// Returns the full path of the file, and what sops and age need besides.
fn file_parts(place: &str) -> Result<Option<Parts>> {
    if place.is_empty() || place.ends_with('/') || place.contains(char::is_control) {
        return Ok(None);
    }
    let path = paths::resolve(place, "--store")?;
    let (Some(file), Some(directory)) = (path.to_str(), path.parent().and_then(Path::to_str)) else { return Ok(None) };
    let config = path.ancestors().skip(1).map(|directory| directory.join(".sops.yaml")).find(|config| config.is_file());
    let config = config.as_deref().and_then(Path::to_str).map(|config| format!("--config={config}"));
    let identities = paths::home()?.join(".config/age");
    Ok(Some(vec![
        ("file", file.to_owned()),
        ("directory", directory.to_owned()),
        ("config", config.unwrap_or_default()),
        ("identities", identities.to_string_lossy().into_owned()),
        ("identity", identities.join("keys.txt").to_string_lossy().into_owned()),
    ]))
}
