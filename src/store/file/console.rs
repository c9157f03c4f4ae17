//! Recognizes a file of the Cloud console in the place of a library's configuration.

use std::path::Path;

use crate::error::Error;
use crate::hint::Hint;
use crate::profile::{quoted, renaming};
use crate::term;

/// A JSON file that the Cloud console makes, in the place of a library's configuration.
pub struct FileOfConsole {
    what: &'static str,
    /// How its name begins.
    name: &'static str,
    /// The option of a login that reads it.
    option: &'static str,
}

impl FileOfConsole {
    pub fn of(text: &str) -> Option<FileOfConsole> {
        let Ok(serde_json::Value::Object(members)) = serde_json::from_str(text) else { return None };
        let is_client = |name: &str| members.get(name).is_some_and(|section| section.get("client_id").is_some());
        if is_client("installed") || is_client("web") {
            return Some(FileOfConsole { what: "a client-secrets file", name: "client_secret", option: "-c" });
        }
        let is_key = members.get("type").is_some_and(|kind| kind == "service_account");
        let key = FileOfConsole { what: "the key of a service account", name: "service_account", option: KEY };
        (is_key && members.contains_key("private_key")).then_some(key)
    }

    pub fn is_key(&self) -> bool {
        self.option == KEY
    }

    /// Returns the error for such a file where a library looks for its configuration.
    pub fn in_place_of(&self, path: &Path) -> Error {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // No login writes to a file of that name unless it is told to.
        if name.starts_with(self.name) {
            return self.error(path);
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let renamed = path.with_file_name(format!("{}-{stem}.json", self.name));
        let (rename, to) = (renaming(path, &renamed), quoted(&renamed));
        self.error(path).hint(format!("run `{rename}`, then `gads-creds login {} {to}`", self.option))
    }

    /// Returns the error with the step for such a file that was named as a configuration.
    pub fn error(&self, path: &Path) -> Error {
        let message = format!("{} is {}, not the configuration of a client library", term::path(path), self.what);
        let step = Hint::from(format!("log in with it: `gads-creds login {} {}`", self.option, quoted(path)));
        Error::usage(message).hint(step.for_another_file())
    }
}

const KEY: &str = "--key-file";
