//! Values that shell completion offers where others are accepted as well.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command};

/// Accepts any text, which is checked later; completions offer these.
#[derive(Clone, Debug)]
pub struct Offered<V>(pub V);

/// The stores; a recipe goes on behind its colon.
pub const STORES: Offered<&[&str]> = Offered(&[
    "file", "keychain", "command", "pass:", "vault:", "bao:", "sops:", "age:", "aws:", "gcp:", "azure:", "op:",
]);

impl<V: AsRef<[&'static str]> + Clone + Send + Sync + 'static> TypedValueParser for Offered<V> {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.as_ref().iter().copied().map(PossibleValue::new)))
    }
}
