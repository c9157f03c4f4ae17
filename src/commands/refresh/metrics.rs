//! `refresh --metrics FILE`: what was found about each profile, in the text format of Prometheus.
//!
//! The file holds no secret and is for another program to read: node_exporter's textfile collector. It is tried before anything
//! is sent and replaced in one step after everything is known.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::disk;
use crate::error::{Error, Result};
use crate::{paths, term};

/// The file, and what was found so far.
#[derive(Debug)]
pub struct Metrics {
    path: PathBuf,
    /// By the value of the label `profile`: a sample must not be there twice.
    profiles: BTreeMap<String, Sample>,
}

/// What was found about one profile.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// When the refresh token expires, if that is known.
    pub expires_at: Option<DateTime<Utc>>,
    pub checked_at: DateTime<Utc>,
    pub state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Works,
    /// There is no token, which is not a failure.
    NoToken,
    /// The exit code of the failure.
    Failed(u8),
}

/// A metric: its name, what it means, and the labels and the value that a sample has in it.
type Family = (&'static str, &'static str, fn(&Sample) -> Option<(String, i64)>);

const FAMILIES: [Family; 4] = [
    ("gads_creds_valid", "1 if Google gave an access token for these credentials, else 0.", |sample| {
        Some((String::new(), i64::from(sample.state == State::Works)))
    }),
    (
        "gads_creds_expires_timestamp_seconds",
        "When the refresh token expires; absent if no expiry is known.",
        |sample| Some((String::new(), sample.expires_at?.timestamp())),
    ),
    ("gads_creds_checked_timestamp_seconds", "When the credentials were last checked.", |sample| {
        Some((String::new(), sample.checked_at.timestamp()))
    }),
    ("gads_creds_failure", "1 for credentials whose check failed; code is the exit code of gads-creds.", |sample| {
        let State::Failed(code) = sample.state else { return None };
        Some((format!(",code=\"{code}\""), 1))
    }),
];

/// What every file of metrics begins with; no other file is replaced.
const START: &str = "# HELP gads_creds_";

impl Metrics {
    /// Fails if the file could not be written: better known before a request than after it.
    pub fn prepare(path: &Path) -> Result<Metrics> {
        if path == Path::new("-") {
            return Err(Error::usage("the metrics go into a file, not to standard output")
                .hint("name a file that your collector reads: `--metrics FILE`"));
        }
        let text = path.as_os_str().to_string_lossy();
        let names_directory = text.ends_with(std::path::is_separator) || text.ends_with("/.");
        if names_directory {
            return Err(Error::usage(format!(
                "{} names a directory, and the metrics go into a file",
                term::path(path)
            ))
            .hint("name a file: `--metrics FILE`"));
        }
        let path = paths::resolve(path, "--metrics")?;
        paths::check_new(&path)?;
        disk::preflight_published(&path, START).map_err(not_written)?;
        Ok(Metrics { path, profiles: BTreeMap::new() })
    }

    pub fn add(&mut self, profile: String, sample: Sample) {
        self.profiles.insert(profile, sample);
    }

    /// Replaces the file.
    pub fn write(&self) -> Result<()> {
        disk::publish(&self.path, START, &self.text()).map_err(not_written)
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for (name, help, value) in FAMILIES {
            let samples = self.profiles.iter().filter_map(|(profile, sample)| Some((profile, value(sample)?)));
            let mut samples = samples.peekable();
            if samples.peek().is_none() {
                continue;
            }
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
            for (profile, (labels, value)) in samples {
                let _ = writeln!(text, "{name}{{profile=\"{}\"{labels}}} {value}", escaped(profile));
            }
        }
        text
    }
}

fn not_written(error: Error) -> Error {
    error.while_trying("the metrics cannot be written")
}

/// The text as the value of a label.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
