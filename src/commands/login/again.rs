//! The options of a login that starts again, for hints.

use std::path::{Path, PathBuf};

use crate::commands::login::Login;
use crate::google::VERSION;
use crate::hint::LoginOption;
use crate::profile::{quoted, quoted_name};

impl Login {
    /// Returns the options without which another login would use another client or store, ask for something else, or be
    /// rejected. Not `--timeout`, which may have been too short. A login that is finished repeats those of its first step, once
    /// that is known.
    pub fn repeated(&self) -> Vec<LoginOption> {
        if self.finish.is_some() || self.recover {
            return Vec::new();
        }
        let file = |path: &Option<PathBuf>| path.as_deref().filter(|path| *path != Path::new("-")).map(quoted);
        let text = |text: &Option<String>| text.as_deref().map(quoted_name);
        let account = match &self.consenter {
            Some(_) => ("--for", text(&self.consenter)),
            None => ("--expect-account", text(&self.expect_account)),
        };
        let scopes = self.additional_scopes.iter().map(|scope| ("--additional-scopes", Some(quoted_name(scope))));
        let valued = [
            account,
            ("--login-hint", text(&self.login_hint)),
            ("--store", text(&self.store)),
            ("-c", file(&self.client_secrets)),
            ("--key-file", file(&self.key_file)),
            ("--impersonate", text(&self.impersonate)),
            ("--login-customer-id", self.login_customer_id.as_ref().map(ToString::to_string)),
            ("--developer-token-file", file(&self.developer_token_file)),
            ("--redirect-uri", text(&self.redirect_uri)),
            ("--port", self.port.map(|port| port.to_string())),
            ("--api-version", Some(self.api_version.clone()).filter(|version| version != VERSION)),
        ];
        // A hint has its commands in backticks.
        let valued = valued
            .into_iter()
            .chain(scopes)
            .filter(|(_, value)| value.as_ref().is_some_and(|value| !value.contains('`')));
        let flag = |(name, is_given): (&'static str, bool)| is_given.then_some((name, None));
        let flags = [
            ("--no-browser", self.no_browser),
            ("--no-verify", self.no_verify),
            ("--force", self.force),
            ("--replace-kind", self.replace_kind),
        ];
        let options = flag(("--start", self.start)).into_iter().chain(valued).chain(flags.into_iter().filter_map(flag));
        options.map(|(name, value)| LoginOption { name, value }).collect()
    }
}
