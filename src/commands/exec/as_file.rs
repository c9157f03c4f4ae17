//! `exec --as-file FORMAT[=VARIABLE]`: the credentials as a file of a format, and the variable that gets its path.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command};

use crate::commands::keys;
use crate::credentials::Credentials;
use crate::error::{Error, Result};
use crate::format::{self, DefaultLocation, FormatName};
use crate::memory_file::MemoryFile;

/// Where the libraries look for a file's path; Python's then reads that file and no other variable.
pub const FILE_VARIABLE: &str = "GOOGLE_ADS_CONFIGURATION_FILE_PATH";

/// Where Application Default Credentials look for a file's path.
const ADC_VARIABLE: &str = "GOOGLE_APPLICATION_CREDENTIALS";

/// One file for the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsFile {
    pub format: FormatName,
    /// None for the one in which the readers of that format look.
    variable: Option<String>,
}

impl AsFile {
    fn parse(text: &str) -> std::result::Result<AsFile, String> {
        let (format, variable) = match text.split_once('=') {
            Some((format, variable)) => (format, Some(variable)),
            None => (text, None),
        };
        let format = format.parse().map_err(|unknown: format::UnknownFormat| format!("the format {unknown}"))?;
        if variable.is_some_and(|name| !is_variable(name)) {
            return Err(
                "the name of a variable begins with a letter or `_`, and has letters, digits and `_`, as in `adc=GOOGLE_ADS_KEY_FILE`".to_owned()
            );
        }
        Ok(AsFile { format, variable: variable.map(str::to_owned) })
    }

    /// The variable that gets the path.
    pub fn variable(&self) -> &str {
        match (&self.variable, self.format) {
            (Some(variable), _) => variable,
            (None, FormatName::Adc) => ADC_VARIABLE,
            (None, _) => FILE_VARIABLE,
        }
    }

    /// Whether the file has a service account's key itself.
    pub fn holds_key(&self) -> bool {
        format::named(self.format, "", "").holds_key()
    }

    /// The file with these credentials.
    pub fn write(&self, credentials: &Credentials) -> Result<MemoryFile> {
        // Of its two formats, .NET's library loads only JSON from a named file.
        const JSON: &str = "appsettings.json";
        let format = format::named(self.format, JSON, "");
        let name = match format.default_location() {
            DefaultLocation::Home(path) | DefaultLocation::Gcloud(path) | DefaultLocation::Here(path) => {
                path.rsplit('/').next().unwrap_or(path)
            }
            DefaultLocation::Nowhere if format.name() == FormatName::Dotnet => JSON,
            DefaultLocation::Nowhere => "config.json",
        };
        if credentials.service_account().is_some() {
            keys::check_place(format)?;
        }
        let text = format
            .new_file(credentials)
            .map_err(|error| error.when(format_args!("cannot write a file for the {}", format.reader())))?;
        match format.name() {
            // PHP resolves links to a path, which an unnamed file does not have: `parse_ini_file` does not accept
            // descriptors.
            FormatName::Php => MemoryFile::with_name(name, &text),
            _ => MemoryFile::new(name, &text),
        }
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether both names are of one variable: Windows does not distinguish their case.
pub fn is_same_variable(one: &str, other: &str) -> bool {
    if cfg!(windows) { one.eq_ignore_ascii_case(other) } else { one == other }
}

/// Whether a shell, the loader, an interpreter or a library for the network acts on the variable: with a file of credentials in it
/// the program would not start, would load the file as code, or would trust it.
pub fn is_of_the_system(variable: &str) -> bool {
    const NAMES: [&str; 59] = [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "PWD",
        "OLDPWD",
        "IFS",
        "CDPATH",
        "ENV",
        "BASH_ENV",
        "BASHOPTS",
        "SHELLOPTS",
        "PROMPT_COMMAND",
        "PS1",
        "PS4",
        "EDITOR",
        "VISUAL",
        "PAGER",
        "BROWSER",
        "TERM",
        "TERMINFO",
        "TERMINFO_DIRS",
        "LANG",
        "LANGUAGE",
        "LOCPATH",
        "NLSPATH",
        "GCONV_PATH",
        "HOSTALIASES",
        "RESOLV_HOST_CONF",
        "RES_OPTIONS",
        "TZ",
        "TZDIR",
        "TMPDIR",
        "TEMP",
        "TMP",
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTHONSTARTUP",
        "PYTHONUSERBASE",
        "NODE_OPTIONS",
        "NODE_PATH",
        "NODE_EXTRA_CA_CERTS",
        "PERL5OPT",
        "PERL5LIB",
        "PERL5DB",
        "PERLLIB",
        "RUBYOPT",
        "RUBYLIB",
        "GEM_HOME",
        "GEM_PATH",
        "BUNDLE_GEMFILE",
        "PHPRC",
        "PHP_INI_SCAN_DIR",
        "CLASSPATH",
        "JAVA_TOOL_OPTIONS",
        "JDK_JAVA_OPTIONS",
        "_JAVA_OPTIONS",
        "SSLKEYLOGFILE",
    ];
    const STARTS: [&str; 13] = [
        "LD_",
        "DYLD_",
        "SSL_",
        "OPENSSL_",
        "LC_",
        "XDG_",
        "GIT_",
        "GLIBC_",
        "MALLOC_",
        "BASH_FUNC_",
        "DOTNET_",
        "COR_",
        "CORECLR_",
    ];
    // Windows and many libraries do not distinguish the case: `http_proxy`.
    let name = variable.to_ascii_uppercase();
    let ends = ["_PROXY", "_CA_BUNDLE", "_CA_CERTS"];
    NAMES.contains(&&*name)
        || STARTS.iter().any(|start| name.starts_with(start))
        || ends.iter().any(|end| name.ends_with(end))
}

/// Fails for two files of one variable, and for a variable that has another meaning: `is_taken`.
pub fn check(files: &[AsFile], is_taken: impl Fn(&str) -> bool) -> Result<()> {
    for (at, file) in files.iter().enumerate() {
        let variable = file.variable();
        if files[..at].iter().any(|other| is_same_variable(other.variable(), variable)) {
            return Err(Error::usage(format!("two files cannot both be named by `{variable}`"))
                .hint(format!("give one of them another variable: `--as-file {}=VARIABLE`", file.format)));
        }
        if is_taken(variable) {
            return Err(Error::usage(format!("`{variable}` cannot name a file: it has another meaning")).hint(
                format!("leave it out (`--as-file {}`), or name the variable that the program reads", file.format),
            ));
        }
    }
    Ok(())
}

/// The value of `--as-file`; a shell completes the formats.
#[derive(Clone, Debug)]
pub struct AsFileOption;

impl TypedValueParser for AsFileOption {
    type Value = AsFile;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> std::result::Result<AsFile, clap::Error> {
        StringValueParser::new().try_map(|text| AsFile::parse(&text)).parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(format::names().into_iter().map(PossibleValue::new)))
    }
}
