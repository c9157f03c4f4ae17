//! Service accounts: valid key files, how Google's token endpoint checks a JWT, and every command with such a
//! credential.

use std::path::PathBuf;

use crate::google::ServiceAccount;
use crate::sandbox::Sandbox;

#[cfg(target_os = "linux")]
mod byte_order_mark;
#[cfg(unix)]
mod commands;
#[cfg(unix)]
mod errors;
#[cfg(unix)]
mod every_format;
#[cfg(target_os = "linux")]
mod interruptions;
#[cfg(unix)]
mod kept_keys;
mod key_files;
mod login;
#[cfg(target_os = "linux")]
mod readers;
#[cfg(unix)]
pub mod rotation;
mod stand_in;
#[cfg(unix)]
mod stores;
mod switches;

/// Every format that has a place for a service account, and a file of it. The last two hold the key itself.
const FORMATS: [(&str, &str); 10] = [
    ("python", "google-ads.yaml"),
    ("java", "ads.properties"),
    ("php", "google_ads_php.ini"),
    ("ruby", "google_ads_config.rb"),
    ("perl", "googleads.properties"),
    ("dotnet", "App.config"),
    ("dotnet", "appsettings.json"),
    ("env", "work.env"),
    ("adc", "adc.json"),
    ("dlt", "secrets.toml"),
];

/// Creates a service account that is invited, and its key as a browser downloads it.
fn invited(sandbox: &Sandbox) -> (ServiceAccount, PathBuf) {
    let account = sandbox.google.service_account();
    let file = sandbox.write("key.json", account.key_file());
    (account, file)
}
