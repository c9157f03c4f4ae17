//! Recipes: how `--store ENGINE:WHERE` becomes the commands of a secret manager.
//!
//! One table, a few argument lists for each engine. `{…}` in an argument is a part of WHERE. Flags are those of the vendors'
//! manuals; the ones marked there as tried are run by the tests, the others are not.

use std::path::Path;

use crate::error::{Error, Result};
use crate::paths;
use crate::profile::Engine;
use crate::profile::engine::quoted_word;
use crate::term;

struct Recipe {
    name: &'static str,
    /// WHERE, for messages.
    place: &'static str,
    kind: Kind,
    get: &'static [&'static str],
    set: &'static [&'static str],
    erase: &'static [&'static str],
    absent: &'static str,
    /// What makes the entry, or what keeps it, where `set` does not: one command to paste.
    first_use: Option<&'static str>,
}

/// What WHERE is, and the names of its parts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One or more names with `/` between them: `{path}`.
    Path,
    /// A name, and behind its `/` one or more names: `{first}`, `{rest}`.
    InPlace,
    /// A file: `{file}`, its path in full. `{config}` is `--config=` and sops' nearest configuration, or left out.
    /// `{identity}` is the user's own age identity.
    File,
    /// A name or ARN of AWS: `{name}`.
    AwsName,
    /// Two names of Azure with `/` between them: `{first}`, `{rest}`.
    AzureNames,
    /// A project of Google Cloud, `/` and the name of a secret: `{first}`, `{rest}`.
    GcpNames,
}

const RECIPES: &[Recipe] = &[
    Recipe {
        name: "pass",
        place: "PATH",
        kind: Kind::Path,
        get: &["pass", "show", "{path}"],
        set: &["pass", "insert", "-m", "-f", "{path}"],
        erase: &["pass", "rm", "-f", "{path}"],
        absent: "is not in the password store",
        first_use: Some("pass init GPG-ID"),
    },
    Recipe {
        name: "bao",
        place: "MOUNT/PATH",
        kind: Kind::InPlace,
        get: &["bao", "kv", "get", "-mount={first}", "-format=json", "-field=data", "{rest}"],
        set: &["bao", "kv", "put", "-mount={first}", "{rest}", "-"],
        erase: &["bao", "kv", "metadata", "delete", "-mount={first}", "{rest}"],
        absent: "No value found at",
        first_use: None,
    },
    Recipe {
        name: "vault",
        place: "MOUNT/PATH",
        kind: Kind::InPlace,
        get: &["vault", "kv", "get", "-mount={first}", "-format=json", "-field=data", "{rest}"],
        set: &["vault", "kv", "put", "-mount={first}", "{rest}", "-"],
        erase: &["vault", "kv", "metadata", "delete", "-mount={first}", "{rest}"],
        absent: "No value found at",
        first_use: None,
    },
    Recipe {
        name: "sops",
        place: "FILE",
        kind: Kind::File,
        get: &["sops", "decrypt", "--input-type", "json", "--output-type", "json", "{file}"],
        set: &[
            "sops",
            "{config}",
            "encrypt",
            "--filename-override",
            "{file}",
            "--input-type",
            "json",
            "--output-type",
            "json",
            "--output",
            "{file}",
            "/dev/stdin",
        ],
        erase: &["rm", "-f", "--", "{file}"],
        absent: "cannot operate on non-existent file \"{file}\"",
        first_use: Some("echo 'creation_rules: [{age: AGE-RECIPIENT}]' > {folder}/.sops.yaml"),
    },
    Recipe {
        name: "age",
        place: "FILE",
        kind: Kind::File,
        get: &["age", "--decrypt", "--identity", "{identity}", "{file}"],
        set: &["age", "--encrypt", "--identity", "{identity}", "--output", "{file}"],
        erase: &["rm", "-f", "--", "{file}"],
        absent: "open {file}: no such file or directory",
        first_use: Some("age-keygen -o {identity}"),
    },
    Recipe {
        name: "aws",
        place: "NAME",
        kind: Kind::AwsName,
        get: &[
            "aws",
            "secretsmanager",
            "get-secret-value",
            "--secret-id",
            "{name}",
            "--query",
            "SecretString",
            "--output",
            "text",
        ],
        set: &[
            "aws",
            "secretsmanager",
            "put-secret-value",
            "--secret-id",
            "{name}",
            "--secret-string",
            "file:///dev/stdin",
        ],
        erase: &["aws", "secretsmanager", "delete-secret", "--secret-id", "{name}", "--force-delete-without-recovery"],
        absent: "ResourceNotFoundException",
        first_use: Some("aws secretsmanager create-secret --name {name}"),
    },
    Recipe {
        name: "gcp",
        place: "PROJECT/NAME",
        kind: Kind::GcpNames,
        get: &["gcloud", "secrets", "versions", "access", "latest", "--secret={rest}", "--project={first}"],
        set: &["gcloud", "secrets", "versions", "add", "{rest}", "--project={first}", "--data-file=-"],
        erase: &["gcloud", "secrets", "delete", "{rest}", "--project={first}", "--quiet"],
        absent: "NOT_FOUND",
        first_use: Some("gcloud secrets create {rest} --project={first} --replication-policy=automatic"),
    },
    Recipe {
        name: "azure",
        place: "VAULT/NAME",
        kind: Kind::AzureNames,
        get: &[
            "az",
            "keyvault",
            "secret",
            "show",
            "--vault-name",
            "{first}",
            "--name",
            "{rest}",
            "--query",
            "value",
            "--output",
            "tsv",
        ],
        set: &[
            "az",
            "keyvault",
            "secret",
            "set",
            "--vault-name",
            "{first}",
            "--name",
            "{rest}",
            "--file",
            "/dev/stdin",
            "--encoding",
            "utf-8",
            "--output",
            "none",
        ],
        erase: &[
            "az",
            "keyvault",
            "secret",
            "delete",
            "--vault-name",
            "{first}",
            "--name",
            "{rest}",
            "--output",
            "none",
        ],
        absent: "SecretNotFound",
        first_use: None,
    },
    Recipe {
        name: "op",
        place: "VAULT/ITEM",
        kind: Kind::InPlace,
        get: &["op", "document", "get", "{rest}", "--vault", "{first}"],
        set: &["op", "document", "edit", "{rest}", "-", "--vault", "{first}"],
        erase: &["op", "document", "delete", "{rest}", "--vault", "{first}"],
        absent: "isn't an item",
        first_use: Some("echo '{}' | op document create - --title {rest} --vault {first}"),
    },
];

/// How `--store` spells each engine: `pass:PATH`.
pub fn spellings() -> impl Iterator<Item = String> {
    RECIPES.iter().map(|recipe| format!("{}:{}", recipe.name, recipe.place))
}

/// The engine that `--store` names: `pass:google-ads/work`.
pub fn engine(text: &str) -> Result<Engine> {
    let found = text.split_once(':').and_then(|(name, place)| {
        let recipe = RECIPES.iter().find(|recipe| recipe.name == name)?;
        Some((recipe, place))
    });
    let Some((recipe, place)) = found else {
        let known: Vec<String> = spellings().map(|spelling| format!("`{spelling}`")).collect();
        return Err(Error::usage(format!("`{}` is not a store", term::excerpt(text)))
            .hint(format!("use `file`, `keychain`, `command` or one of {}", known.join(", "))));
    };
    let parts = recipe.kind.parts(place)?.ok_or_else(|| {
        let message =
            format!("`{}` is not {} for `--store {}`", term::excerpt(place), recipe.kind.in_words(), recipe.name);
        Error::usage(message).hint(format!("write `--store {}:{}`", recipe.name, recipe.place))
    })?;
    Ok(recipe.engine(&parts))
}

/// How `--store` spells these commands, if a recipe makes exactly them.
pub fn spelling(engine: &Engine) -> Option<String> {
    recipe_of(engine).map(|(recipe, place)| format!("{}:{place}", recipe.name))
}

/// What makes the entry, or what keeps it, where `set` does not.
pub fn first_use(engine: &Engine) -> Option<String> {
    let (recipe, place) = recipe_of(engine)?;
    let parts: Parts = recipe.kind.parts(&place).ok()??;
    let parts: Parts = parts.into_iter().map(|(name, value)| (name, quoted_word(&value))).collect();
    recipe.first_use.map(|template| filled(template, &parts))
}

fn recipe_of(engine: &Engine) -> Option<(&'static Recipe, String)> {
    RECIPES.iter().find_map(|recipe| {
        let place = recipe.place_in(&engine.get)?;
        let parts = recipe.kind.parts(&place).ok()??;
        is_made_of_recipe(engine, &recipe.engine(&parts)).then_some((recipe, place))
    })
}

/// Whether these are the commands of a recipe. Which configuration of sops is the nearest may have changed since.
fn is_made_of_recipe(engine: &Engine, recipe: &Engine) -> bool {
    let words = |set: &Option<Vec<String>>| -> Vec<String> {
        set.iter().flatten().filter(|word| !word.starts_with("--config=")).cloned().collect()
    };
    engine.get == recipe.get && engine.erase == recipe.erase && words(&engine.set) == words(&recipe.set)
}

/// The parts of WHERE by their names.
type Parts = Vec<(&'static str, String)>;

/// The template with each `{name}` of these parts replaced; what a part holds is not searched again.
fn filled(template: &str, parts: &Parts) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        text.push_str(before);
        let known = behind.split_once('}').and_then(|(name, after)| {
            let (_, value) = parts.iter().find(|(part, _)| *part == name)?;
            Some((value, after))
        });
        match known {
            Some((value, after)) => {
                text.push_str(value);
                rest = after;
            }
            None => {
                text.push('{');
                rest = behind;
            }
        }
    }
    text + rest
}

impl Recipe {
    fn engine(&self, parts: &Parts) -> Engine {
        // An optional argument without a value is left out.
        let command = |template: &[&str]| -> Vec<String> {
            template.iter().map(|argument| filled(argument, parts)).filter(|argument| !argument.is_empty()).collect()
        };
        Engine {
            get: command(self.get),
            set: Some(command(self.set)),
            erase: Some(command(self.erase)),
            absent: Some(filled(self.absent, parts)),
            timeout: None,
        }
    }

    /// WHERE, read back from a `get` that this recipe may have made.
    fn place_in(&self, get: &[String]) -> Option<String> {
        if get.len() != self.get.len() {
            return None;
        }
        let value = |name: &str| {
            let mark = format!("{{{name}}}");
            let (template, argument) = self.get.iter().zip(get).find(|(template, _)| template.contains(&mark))?;
            let (before, after) = template.split_once(&mark)?;
            argument.strip_prefix(before)?.strip_suffix(after)
        };
        match self.kind {
            Kind::Path => value("path").map(str::to_owned),
            Kind::File => value("file").map(str::to_owned),
            Kind::AwsName => value("name").map(str::to_owned),
            Kind::InPlace | Kind::AzureNames | Kind::GcpNames => {
                Some(format!("{}/{}", value("first")?, value("rest")?))
            }
        }
    }
}

impl Kind {
    /// WHERE taken apart; none if it is not of this kind.
    fn parts(self, place: &str) -> Result<Option<Parts>> {
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

    fn in_words(self) -> &'static str {
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

/// An argument that begins with a hyphen would be an option, and `..` leads out of a store.
fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('-') && text != "." && text != ".." && !text.contains(char::is_control)
}

fn is_path(text: &str) -> bool {
    text.split('/').all(is_name)
}

/// Letters and digits of ASCII, and these others.
fn is_made_of(text: &str, others: &str) -> bool {
    is_name(text) && text.chars().all(|char| char.is_ascii_alphanumeric() || others.contains(char))
}

/// The file in full; with it what sops and age need besides.
fn file_parts(place: &str) -> Result<Option<Parts>> {
    if place.is_empty() || place.ends_with('/') || place.contains(char::is_control) {
        return Ok(None);
    }
    let path = paths::resolve(place, "--store")?;
    let (Some(file), Some(folder)) = (path.to_str(), path.parent().and_then(Path::to_str)) else { return Ok(None) };
    let config = path.ancestors().skip(1).map(|folder| folder.join(".sops.yaml")).find(|config| config.is_file());
    let config = config.as_deref().and_then(Path::to_str).map(|config| format!("--config={config}"));
    let identity = paths::home()?.join(".config/age/keys.txt");
    Ok(Some(vec![
        ("file", file.to_owned()),
        ("folder", folder.to_owned()),
        ("config", config.unwrap_or_default()),
        ("identity", identity.to_string_lossy().into_owned()),
    ]))
}
