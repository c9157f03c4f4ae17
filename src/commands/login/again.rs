//! The command that starts a login again, for hints.

use std::path::Path;

use crate::commands::login::Login;
use crate::hint::LoginOption;
use crate::profile::{quoted, quoted_name};

impl Login {
    /// Returns the options without which another login would use another client or store, or be rejected. A login that is
    /// finished repeats those of its first step.
    pub fn repeated(&self) -> Vec<LoginOption> {
        if self.finish.is_some() || self.recover {
            return Vec::new();
        }
        let client = self.client_secrets.as_deref().filter(|path| *path != Path::new("-")).map(quoted);
        let key = self.key_file.as_deref().map(quoted);
        let valued = [("--store", self.store.as_deref().map(quoted_name)), ("-c", client), ("--key-file", key)];
        let valued = valued.into_iter().filter(|(_, value)| value.is_some());
        let flags = [("--replace-kind", self.replace_kind), ("--start", self.start)];
        let flags = flags.into_iter().filter(|(_, is_given)| *is_given).map(|(name, _)| (name, None));
        // A hint has its commands in backticks.
        let can_be_shown = |value: &Option<String>| value.as_ref().is_none_or(|value| !value.contains('`'));
        let options = valued.chain(flags).filter(|(_, value)| can_be_shown(value));
        options.map(|(name, value)| LoginOption { name, value }).collect()
    }

    /// Returns the command, without the options that select a credential: a hint adds those. For a login in two steps it has the
    /// options of the first one.
    pub fn again(&self) -> String {
        let mut command = "gads-creds login".to_owned();
        if self.finish.is_none() {
            return command;
        }
        command += " --start";
        let account = match (&self.consenter, &self.expect_account) {
            (Some(account), _) => Some(("--for", account)),
            (None, Some(account)) => Some(("--expect-account", account)),
            (None, None) => None,
        };
        let customer = self.login_customer_id.as_ref().map(|id| id.as_str().to_owned());
        let named = |(option, account): (&'static str, &String)| (option, quoted_name(account));
        let file = |path: &std::path::PathBuf| quoted(path);
        let valued = [
            account.map(named),
            self.login_hint.as_ref().map(|account| named(("--login-hint", account))),
            self.store.as_ref().map(|store| ("--store", quoted_name(store))),
            self.client_secrets.as_ref().map(|path| ("-c", file(path))),
            customer.map(|id| ("--login-customer-id", id)),
            self.developer_token_file.as_ref().map(|path| ("--developer-token-file", file(path))),
        ];
        let scopes = self.additional_scopes.iter().map(|scope| ("--additional-scopes", quoted_name(scope)));
        // A hint has its commands in backticks.
        for (option, value) in valued.into_iter().flatten().chain(scopes).filter(|(_, value)| !value.contains('`')) {
            command += &format!(" {option} {value}");
        }
        for (option, is_given) in
            [("--no-verify", self.no_verify), ("--force", self.force), ("--replace-kind", self.replace_kind)]
        {
            if is_given {
                command += &format!(" {option}");
            }
        }
        command
    }
}
