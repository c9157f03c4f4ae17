//! The value of `--store`, for shell completion: the fixed words are known, a recipe is free text.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command};

/// Accepts any text; it is checked once the profile is known.
#[derive(Clone, Debug)]
pub struct StoreOption;

impl TypedValueParser for StoreOption {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(["file", "keychain", "command"].into_iter().map(PossibleValue::new)))
    }
}
