//! What a service account has in a file besides its key.

use crate::format::lines::{Dialect, Setting};
use crate::format::{FormatError, text_edit};

/// Returns the text without what a login with a key adds besides the key: it would be left alone.
pub fn without_settings(dialect: &Dialect, text: &str) -> Result<String, FormatError> {
    let is_added = |setting: &Setting, section: &str, key: &str, value: &str| {
        setting.is(section, key) && setting.value.as_deref() == Some(value)
    };
    let of_account = || dialect.needed.iter().filter(|needed| needed.for_service_account);
    let document = dialect.split(text)?;
    let meant = document.settings.iter().rev().filter(|setting| {
        dialect.mode.is_some_and(|(key, [_, of_account])| is_added(setting, "", key, of_account))
            || of_account().any(|needed| is_added(setting, needed.section, needed.key, needed.value))
    });
    let mut text = text.to_owned();
    // From the last to the first, so that the lines before keep their numbers.
    for lines in meant.map(|setting| setting.lines.clone()) {
        text = text_edit::replace_lines(&text_edit::split(&text), lines, "");
    }
    Ok(text)
}
