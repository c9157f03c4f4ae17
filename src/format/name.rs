//! The names of the formats.

use std::fmt;
use std::str::FromStr;

/// A format's name, as `--format` and profiles.toml spell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatName {
    Python,
    Java,
    Php,
    Ruby,
    Perl,
    Dotnet,
    Adc,
    Env,
    Dlt,
    Airbyte,
    Singer,
    Meltano,
    Airflow,
    Mureo,
}

impl FormatName {
    pub const ALL: [FormatName; 14] = [
        FormatName::Python,
        FormatName::Java,
        FormatName::Php,
        FormatName::Ruby,
        FormatName::Perl,
        FormatName::Dotnet,
        FormatName::Adc,
        FormatName::Env,
        FormatName::Dlt,
        FormatName::Airbyte,
        FormatName::Singer,
        FormatName::Meltano,
        FormatName::Airflow,
        FormatName::Mureo,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            FormatName::Python => "python",
            FormatName::Java => "java",
            FormatName::Php => "php",
            FormatName::Ruby => "ruby",
            FormatName::Perl => "perl",
            FormatName::Dotnet => "dotnet",
            FormatName::Adc => "adc",
            FormatName::Env => "env",
            FormatName::Dlt => "dlt",
            FormatName::Airbyte => "airbyte",
            FormatName::Singer => "singer",
            FormatName::Meltano => "meltano",
            FormatName::Airflow => "airflow",
            FormatName::Mureo => "mureo",
        }
    }
}

impl fmt::Display for FormatName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for FormatName {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<FormatName, UnknownFormat> {
        FormatName::ALL.into_iter().find(|name| name.as_str() == text).ok_or(UnknownFormat)
    }
}

/// A text that is not the name of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownFormat;

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "is not one of `{}`", FormatName::ALL.map(FormatName::as_str).join("`, `"))
    }
}

impl std::error::Error for UnknownFormat {}
