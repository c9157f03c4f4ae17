//! `login`: gets a refresh token through the browser and stores it.
//!
//! The order matters: everything that can fail is tried before a browser opens; once Google has issued the token, it
//! is in a recovery file until the store holds it; the browser's page and the last line report the actual result.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::browser::Watch;
use crate::commands::r#move;
use crate::commands::number::within;
use crate::commands::offered::STORES;
use crate::context::Context;
use crate::credentials::{Client, Credentials, CustomerId};
use crate::error::{Error, Result};
use crate::google::{
    ADWORDS, AuthorizationParameters, Endpoints, Google, PendingAuthorization, Redirect, ResultPage, VERSION,
    full_scope,
};
use crate::hardening::Critical;
use crate::paths;
use crate::profile::{self, StoreChoice};
use crate::recovery;
use crate::store::Purpose;
use crate::term::{self, Term};

mod account;
mod address;
mod again;
mod attempt;
mod choose_pending;
mod finish;
mod home;
mod inputs;
pub mod key_file;
mod message;
mod next_step;
mod old_store;
mod prompt;
mod recover;
mod redirect;
mod report;
mod save;
mod start;
mod values;
mod verify;

use account::{email, login_hint};
use attempt::Attempt;
pub use inputs::developer_token;
pub use values::api_version;
use values::{customer_id, scope};

/// Authorize in the browser, or with a service account key, and save the credentials
#[derive(Args, Debug)]
#[command(after_long_help = concat!(waits!(), "\
Examples:
  gads-creds login -c client_secret.json
  gads-creds login -p work --store keychain
  gads-creds login --key-file key.json          a service account, no browser
  gads-creds login --no-browser --port 8085     over SSH, in a container
  gads-creds login --start --for ann@example.com    she consents elsewhere
  gads-creds login --finish < address.txt           and sends this back"))]
pub struct Login {
    /// The JSON downloaded from the Google Cloud console, `-` for stdin
    ///
    /// Without it: the client already saved, else the one
    /// client_secret*.json in the current directory, ~ or ~/Downloads.
    #[arg(
        short,
        long,
        value_name = "FILE",
        help_heading = "Client",
        alias = "client_secrets_path",
        alias = "client-secrets-path"
    )]
    client_secrets: Option<PathBuf>,
    /// A service account's JSON key, to log in with instead of a browser; `-` for stdin
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Client",
        conflicts_with_all = ["client_secrets", "additional_scopes", "login_hint", "expect_account", "no_browser", "port", "redirect_uri", "recover"]
    )]
    key_file: Option<PathBuf>,
    /// The user that the service account acts for (domain-wide delegation)
    #[arg(long, value_name = "EMAIL", value_hint = clap::ValueHint::Other, help_heading = "Client", value_parser = email, requires = "key_file")]
    impersonate: Option<String>,
    /// The redirect URI of a web client, as it is registered
    #[arg(long, value_name = "URI", value_hint = clap::ValueHint::Other, help_heading = "Client")]
    redirect_uri: Option<String>,
    /// Print the URL, open no browser
    #[arg(long, help_heading = "Browser")]
    no_browser: bool,
    /// A fixed loopback port (for `ssh -L`, containers)
    #[arg(long, value_name = "N", value_hint = clap::ValueHint::Other, help_heading = "Browser", value_parser = within("number", 1_u16, u16::MAX), conflicts_with = "redirect_uri")]
    port: Option<u16>,
    /// How long to wait for the browser
    #[arg(long, value_name = "SECONDS", value_hint = clap::ValueHint::Other, help_heading = "Browser", default_value_t = 300, value_parser = within("number of seconds", 1_u64, 86_400))]
    timeout: u64,
    /// Print the URL and an ID, and exit: `--finish` completes the login
    #[arg(long, help_heading = "Two steps", conflicts_with_all = ["finish", "recover", "key_file"])]
    start: bool,
    /// Complete a login with the address that the browser ended on
    ///
    /// It is read from a prompt or from standard input. Without ID: the only
    /// login that is pending. A pending login is valid for 24 hours.
    #[arg(
        long,
        value_name = "ID", value_hint = clap::ValueHint::Other,
        help_heading = "Two steps",
        num_args = 0..=1,
        conflicts_with_all = ["recover", "key_file", "redirect_uri", "no_browser", "port", "login_hint", "expect_account", "additional_scopes", "login_customer_id", "developer_token_file", "store"]
    )]
    finish: Option<Option<String>>,
    /// With `--start`: print a message for the owner of this Google account,
    /// who consents in a browser elsewhere; no other account is accepted
    #[arg(long = "for", value_name = "EMAIL", value_hint = clap::ValueHint::Other, help_heading = "Two steps", value_parser = email, requires = "start")]
    consenter: Option<String>,
    /// Preselect a Google account
    #[arg(long, value_name = "EMAIL", value_hint = clap::ValueHint::Other, help_heading = "Account", value_parser = login_hint)]
    login_hint: Option<String>,
    /// Require this Google account (asks for `openid email`)
    #[arg(long, value_name = "EMAIL", value_hint = clap::ValueHint::Other, help_heading = "Account", value_parser = email)]
    expect_account: Option<String>,
    /// Scopes besides `adwords`; short names are expanded (`datamanager`)
    #[arg(long, value_name = "SCOPE", value_hint = clap::ValueHint::Other, help_heading = "Account", num_args = 1.., alias = "additional_scopes", value_parser = scope)]
    additional_scopes: Vec<String>,
    /// The manager account to go through: ten digits, dashes allowed
    #[arg(long, value_name = "ID", value_hint = clap::ValueHint::Other, help_heading = "Account", value_parser = customer_id)]
    login_customer_id: Option<CustomerId>,
    /// A developer token, `-` for stdin; optional since 2026-09-09
    #[arg(long, value_name = "FILE", help_heading = "Account")]
    developer_token_file: Option<PathBuf>,
    /// Save without asking the Google Ads API which accounts can be reached
    #[arg(long, help_heading = "Account")]
    no_verify: bool,
    /// The version of the Google Ads API to ask
    #[arg(long, value_name = "vN", value_hint = clap::ValueHint::Other, help_heading = "Account", env = "GADS_CREDS_API_VERSION", hide_env_values = true, default_value = VERSION, value_parser = api_version)]
    api_version: String,
    /// Where the credentials are saved; default: the profile's, else `file`
    ///
    /// `file`, `keychain`, a secret manager, or `command`: the commands in
    /// profiles.toml. Secret managers: pass:PATH, bao:MOUNT/PATH,
    /// vault:MOUNT/PATH, sops:FILE, age:FILE, aws:NAME, gcp:PROJECT/NAME,
    /// azure:VAULT/NAME, op:VAULT/ITEM.
    #[arg(long, value_name = "WHERE", help_heading = "Store", value_parser = STORES, hide_possible_values = true)]
    store: Option<String>,
    /// Switch a file from another kind of credential to this one
    #[arg(long, help_heading = "Store")]
    replace_kind: bool,
    /// Save although the account cannot use Google Ads, or (`--recover`)
    /// although another token was saved since
    #[arg(long, help_heading = "Store")]
    force: bool,
    /// Finish a login whose token could not be saved
    #[arg(long, help_heading = "Store", exclusive = false, conflicts_with_all = ["client_secrets", "store", "redirect_uri", "port"])]
    recover: bool,
}

impl Login {
    pub fn run(mut self, context: &Context) -> Result<()> {
        if self.recover {
            return recover::run(context, self.purpose(), self.force);
        }
        home::check()?;
        if let Some(path) = self.key_file.clone() {
            return key_file::run(&self, &path, context, self.purpose());
        }
        let term = context.term;
        for path in recovery::paths()? {
            term.warn(&format!("an earlier run left a credential that is not stored yet, in {}", term::path(&path)));
            term.hint("run `gads-creds login --recover` to store it");
        }
        let endpoints = Endpoints::from_environment()?;
        if let Some(id) = self.finish.clone() {
            return finish::run(self, id.as_deref(), endpoints, context);
        }
        let store_choice = self.store.as_deref().map(StoreChoice::new).transpose()?;
        let profile = profile::choose_for_login(context.choice(), store_choice.as_ref())?;
        r#move::warn_of_interrupted(&profile, term);
        if self.start {
            self.expect_consenter()?;
            return start::run(&self, profile, endpoints, term);
        }
        let (attempt, client) = Attempt::prepare(&self, profile, &endpoints, term, |stored, known| {
            Ok(inputs::client(&self, stored, known, &endpoints, term)?.0)
        })?;
        let google = Google::new(endpoints, term)?;
        let waiting = self.start_authorization(&google, &client, term)?;
        let attempt = attempt.with_redirect_uri(&client, waiting.redirect_uri());
        // From here on a signal ends the run only where nothing can be lost; elsewhere it waits.
        let critical = Critical::enter();
        let browser = prompt::ask(&waiting, &self, term);
        self.finish(term, critical, (waiting, browser), attempt)
    }

    /// Whoever consents elsewhere is the expected account: the URL may reach another browser than intended.
    fn expect_consenter(&mut self) -> Result<()> {
        let Some(consenter) = &self.consenter else { return Ok(()) };
        let others = [("--expect-account", &self.expect_account), ("--login-hint", &self.login_hint)];
        let differs =
            |account: &Option<String>| account.as_ref().is_some_and(|account| !account.eq_ignore_ascii_case(consenter));
        if let Some((option, _)) = others.into_iter().find(|(_, account)| differs(account)) {
            return Err(Error::usage(format!("`--for` and `{option}` name different accounts"))
                .hint(format!("leave `{option}` out")));
        }
        self.expect_account = Some(consenter.clone());
        Ok(())
    }

    fn purpose(&self) -> Purpose {
        if self.replace_kind { Purpose::LoginReplacingKind } else { Purpose::Login }
    }

    /// Returns the fields that `login` sets along with the refresh token; `carried` is what a moving profile keeps.
    fn given(&self, client: &Client, carried: Credentials, term: Term) -> Result<Credentials> {
        Ok(Credentials {
            developer_token: match &self.developer_token_file {
                Some(path) => {
                    let path = paths::expand(path.as_os_str(), "--developer-token-file")?;
                    Some(inputs::developer_token(&path, term)?)
                }
                None => carried.developer_token,
            },
            login_customer_id: self.login_customer_id.clone().or(carried.login_customer_id),
            linked_customer_id: carried.linked_customer_id,
            ..Credentials::of_user(client.id.clone(), client.secret.clone(), None)
        })
    }

    fn scopes(&self) -> Vec<String> {
        let mut scopes = vec![ADWORDS.to_owned()];
        scopes.extend(self.additional_scopes.iter().flat_map(|text| text.split([' ', ','])).map(full_scope));
        if self.expect_account.is_some() {
            scopes.extend(["openid".to_owned(), "email".to_owned()]);
        }
        let mut seen = BTreeSet::new();
        scopes.retain(|scope| !scope.is_empty() && seen.insert(scope.clone()));
        scopes
    }

    fn parameters(&self, client: &Client, redirect: Redirect) -> AuthorizationParameters {
        AuthorizationParameters {
            client: client.clone(),
            redirect,
            scopes: self.scopes(),
            login_hint: self.login_hint.clone().or_else(|| self.expect_account.clone()),
        }
    }

    /// Starts the loopback server for the first redirect URI whose port is free.
    fn start_authorization<'g>(
        &self,
        google: &'g Google,
        client: &Client,
        term: Term,
    ) -> Result<PendingAuthorization<'g>> {
        let mut taken = None;
        for redirect in redirect::candidates(self, client, term.input)? {
            match PendingAuthorization::start(google, &self.parameters(client, redirect)) {
                Ok(waiting) => return Ok(waiting),
                Err(error) => taken = Some(error),
            }
        }
        Err(taken.unwrap_or_else(|| Error::usage("no redirect URI can be used")))
    }

    /// Completes the login, from the authorization response to the stored token and the browser's result page.
    fn finish(
        &self,
        term: Term,
        critical: Critical,
        (mut waiting, browser): (PendingAuthorization, Watch),
        mut attempt: Attempt,
    ) -> Result<()> {
        let limit = Duration::from_secs(self.timeout);
        // What is typed or pasted meanwhile is not drawn over.
        let countdown = match term.input {
            true => term.prompt("Address:"),
            false => term.countdown("waiting for the browser, Ctrl-C stops", limit),
        };
        let code = waiting.wait_for_code(limit).map_err(prompt::with_page_errors);
        drop((countdown, browser));
        let done = code.and_then(|code| {
            term.step("received the authorization response; requesting the tokens");
            let google = waiting.google();
            let grant = waiting.exchange(&code);
            let grant = grant.map_err(|no_grant| save::without_grant(self, google, &attempt, no_grant))?;
            save::keep(self, term, google, &mut attempt, grant)
        });
        let kept = match done {
            Ok(kept) => kept,
            Err(error) => {
                waiting.finish(ResultPage {
                    success: false,
                    title: "The login did not succeed".to_owned(),
                    text: format!("{}. The terminal says what to do next.", error.message()),
                });
                // If there was a signal, the error already says so.
                let _ = critical.finish();
                return Err(error);
            }
        };
        waiting.finish(report::page(&attempt, &kept, term));
        match critical.finish() {
            Ok(()) => report::print(term, &attempt, kept),
            Err(stopped) => Err(report::failed(term, &kept.profile, &*attempt.store, stopped)),
        }
    }
}
