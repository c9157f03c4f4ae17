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
mod rotation;
mod stand_in;
#[cfg(unix)]
mod stores;
mod switches;

/// Every format that has a place for a service account, and a file of it. The last two hold the key itself.
#[cfg(unix)]
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

const NEW_KEY: &str = include_str!("../../../fixtures/service_account/other_key.pem");

/// Creates another key of the account, saved as `new.json`; Google accepts it in place of the old one.
pub fn another_key(sandbox: &Sandbox, account: &ServiceAccount) -> ServiceAccount {
    let mut new = account.clone();
    new.key_id = "fedcba9876543210fedcba9876543210fedcba98".to_owned();
    new.private_key = NEW_KEY.to_owned();
    sandbox.write("new.json", new.key_file());
    let secrets = NEW_KEY.lines().filter(|line| !line.starts_with("-----")).map(str::to_owned);
    sandbox.google.world().secrets.extend(secrets);
    sandbox.google.edit_service_account(account, |known| *known = new.clone());
    new
}
