//! One file per command: its options and what it does.

use crate::hint::{Hint, Target};
use crate::term::layout;

/// Returns the first steps for a user without credentials, wrapped; the login is one for this target.
pub fn first_steps(target: &Target, columns: Option<usize>) -> String {
    const STEPS: &str = "\
Three steps to a working Google Ads API client:

  1. Enable the Google Ads API in a Cloud project:
     https://console.cloud.google.com/apis/library/googleads.googleapis.com
     Publish its consent screen, or every token expires after 7 days:
     https://console.cloud.google.com/auth/audience
  2. Create an OAuth client of type Desktop app in it and download its JSON:
     https://console.cloud.google.com/auth/clients
  3. Run `gads-creds login -c client_secret.json`
";
    layout::filled(&Hint::from(STEPS).text(target), columns)
}

/// The time limits of `google::http`, `store::keychain` and `disk::lock`, for the help of commands that ask Google.
macro_rules! waits {
    () => {
        "\
Time limits: 10 seconds for a request to Google with its retries, 5 for the
keychain, 10 for a secret manager (60 where they may be asking you), 30 for
another run of gads-creds.

"
    };
}
pub(crate) use waits;

/// The time limit of `store::keychain`, for the help of commands that only read.
macro_rules! waits_for_keychain {
    () => {
        "\
Time limits: 5 seconds for the keychain, 10 for a secret manager (60 where
they may be asking you).

"
    };
}

/// The time limits of `store::keychain` and `disk::lock`, for the help of commands that write and do not ask Google.
macro_rules! waits_for_writing {
    () => {
        "\
Time limits: 5 seconds for the keychain, 10 for a secret manager (60 where
they may be asking you), 30 for another run of gads-creds.

"
    };
}

pub mod completions;
pub mod doctor;
mod duration;
pub mod exec;
pub mod explain;
pub mod export;
pub mod help;
mod key_users;
mod keys;
mod left_behind;
mod library_errors;
pub mod login;
pub mod r#move;
mod number;
pub mod offered;
pub mod others;
pub mod refresh;
pub mod revoke;
pub mod set;
pub mod show;
mod work_tree;
