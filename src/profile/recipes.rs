//! Recipes: turn `--store ENGINE:WHERE` into the commands of a secret manager.
//!
//! `{…}` in an argument of the table stands for a part of WHERE.

mod place;
mod table;

use crate::error::{Error, Result};
use crate::profile::Engine;
use crate::profile::engine::quoted_word;
use crate::profile::recipes::place::{Kind, Parts};
use crate::profile::recipes::table::{FirstUse, RECIPES, Recipe};
use crate::term;

/// The part that every recipe has: its name.
const ENGINE: &str = "engine";

/// Returns how `--store` spells each engine: `pass:PATH`.
pub fn spellings() -> impl Iterator<Item = String> {
    RECIPES.iter().map(|recipe| format!("{}:{}", recipe.name, recipe.place))
}

/// Returns the engine that `--store` names: `pass:google-ads/work`.
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
    let parts = recipe.parts(place)?.ok_or_else(|| {
        let message =
            format!("`{}` is not {} for `--store {}`", term::excerpt(place), recipe.kind.in_words(), recipe.name);
        Error::usage(message).hint(format!("write `--store {}:{}`", recipe.name, recipe.place))
    })?;
    Ok(recipe.engine(&parts))
}

impl Engine {
    /// Returns how `--store` spells this entry, if a recipe produces exactly these commands: `pass:google-ads/work`.
    pub fn recipe(&self) -> Option<String> {
        recipe_of(self).map(|(recipe, place)| format!("{}:{place}", recipe.name))
    }

    /// Returns the command that prints the program's version, for a program of a recipe.
    pub fn version_command(&self) -> Option<Vec<String>> {
        let (recipe, _) = recipe_of(self)?;
        Some(recipe.version.iter().map(|word| filled(word, &vec![(ENGINE, recipe.name.to_owned())])).collect())
    }

    /// Returns what to run where `set` fails although nothing is saved, and in which case; `None` for commands of no
    /// recipe.
    pub fn before_set(&self) -> Option<String> {
        let (recipe, place) = recipe_of(self)?;
        let (case, template) = match recipe.first_use {
            FirstUse::BeforeSet(template) => ("is not there yet", template),
            FirstUse::Mount { first_version, .. } => ("is in a mount of version 1", first_version),
            FirstUse::AfterErase(template) => ("was deleted before", template),
        };
        Some(format!("if it {case}, run `{}`", to_paste(recipe, &place, template)?))
    }

    /// Returns the next step after a failure with this text on stderr, where the recipe knows one.
    pub fn step_after(&self, stderr: &str) -> Option<String> {
        let (recipe, _) = recipe_of(self)?;
        recipe.steps.iter().find(|(text, _)| stderr.contains(text)).map(|(_, step)| (*step).to_owned())
    }

    /// Returns what to run where even `get` fails.
    pub fn before_get(&self) -> Option<String> {
        let (recipe, place) = recipe_of(self)?;
        let FirstUse::Mount { missing, .. } = recipe.first_use else { return None };
        Some(format!("if the mount is not there yet, run `{}` first", to_paste(recipe, &place, missing)?))
    }
}

fn to_paste(recipe: &Recipe, place: &str, template: &str) -> Option<String> {
    let parts: Parts = recipe.parts(place).ok()??;
    let parts: Parts = parts.into_iter().map(|(name, value)| (name, quoted_word(&value))).collect();
    Some(filled(template, &parts))
}

fn recipe_of(engine: &Engine) -> Option<(&'static Recipe, String)> {
    RECIPES.iter().find_map(|recipe| {
        let place = recipe.place_in(&engine.get)?;
        let parts = recipe.parts(&place).ok()??;
        is_made_of_recipe(engine, &recipe.engine(&parts)).then_some((recipe, place))
    })
}

/// Whether a recipe produces these commands. The nearest sops configuration may have changed since.
fn is_made_of_recipe(engine: &Engine, recipe: &Engine) -> bool {
    let words = |set: &Option<Vec<String>>| -> Vec<String> {
        set.iter().flatten().filter(|word| !word.starts_with("--config=")).cloned().collect()
    };
    engine.get == recipe.get && engine.erase == recipe.erase && words(&engine.set) == words(&recipe.set)
}

/// Returns the template with each `{name}` of these parts replaced; a replacement is not expanded again.
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
    /// Parses WHERE, and adds the name of the engine.
    fn parts(&self, place: &str) -> Result<Option<Parts>> {
        let mut parts = self.kind.parts(place)?;
        parts.iter_mut().for_each(|parts| parts.push((ENGINE, self.name.to_owned())));
        Ok(parts)
    }

    fn engine(&self, parts: &Parts) -> Engine {
        // An optional argument without a value is left out.
        let command = |template: &[&str]| -> Vec<String> {
            template.iter().map(|argument| filled(argument, parts)).filter(|argument| !argument.is_empty()).collect()
        };
        Engine {
            get: command(self.get),
            set: Some(command(self.set)),
            erase: Some(command(self.erase)),
            absent: self.absent.iter().map(|text| filled(text, parts)).collect(),
            timeout: self.timeout,
        }
    }

    /// Parses WHERE back from a `get` that this recipe may have produced.
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
