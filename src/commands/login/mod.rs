//! `login`: get a refresh token through the browser and store it.
//!
//! The order is the promise: everything that can fail is tried before a browser opens; from the moment Google answers, the
//! token stands in a recovery file until the store holds it; the browser's page and the last line say what really happened.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::cli::Context;
use crate::credentials::{Client, Credentials, CustomerId};
use crate::error::{Error, Kind, Result};
use crate::google::{ADWORDS, Account, Endpoints, Google, Grant, Page, Request, VERSION, Waiting, full_scope};
use crate::hardening::Critical;
use crate::profile::{self, Facts, Profile};
use crate::recovery::{self, Pending, Recovery};
use crate::secret::Secret;
use crate::store::{self, Purpose, Store};
use crate::term::{self, Term};

mod ask;
mod choose;
mod moving;
mod recover;
mod verify;

use verify::Verdict;

/// Get a refresh token through the browser and store it
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  gads-creds login -c client_secret.json
  gads-creds login -p work --store keychain
  gads-creds login --no-browser --port 8085     over SSH, in a container")]
pub struct Login {
    /// The JSON downloaded from the Google Cloud console, `-` for stdin
    ///
    /// Without it: the client already in the target, else the one
    /// client_secret*.json in the current folder, ~ or ~/Downloads.
    #[arg(short, long, value_name = "FILE", alias = "client_secrets_path", alias = "client-secrets-path")]
    client_secrets: Option<PathBuf>,
    /// Where the secrets go; default: the profile's, else `file`
    #[arg(long, value_name = "WHERE")]
    store: Option<StoreKind>,
    /// Scopes besides `adwords`; short names are expanded (`datamanager`)
    #[arg(long, value_name = "SCOPE", num_args = 1.., alias = "additional_scopes")]
    additional_scopes: Vec<String>,
    /// Preselects the Google account
    #[arg(long, value_name = "EMAIL")]
    login_hint: Option<String>,
    /// Refuses to store a token of another account (asks for `openid email`)
    #[arg(long, value_name = "EMAIL")]
    expect_account: Option<String>,
    /// The manager account to go through: ten digits, dashes allowed
    #[arg(long, value_name = "ID", value_parser = customer_id)]
    login_customer_id: Option<CustomerId>,
    /// Optional since 2026-09-09; `-` for stdin
    #[arg(long, value_name = "FILE")]
    developer_token_file: Option<PathBuf>,
    /// Print the URL, open nothing
    #[arg(long)]
    no_browser: bool,
    /// A fixed loopback port (for `ssh -L`, containers)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// The registered redirect URI of a web client
    #[arg(long, value_name = "URI")]
    redirect_uri: Option<String>,
    /// How long to wait for the browser
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,
    /// Store without asking the Google Ads API who this is
    #[arg(long)]
    no_verify: bool,
    /// The version of the Google Ads API to ask
    #[arg(long, value_name = "vN", env = "GADS_CREDS_API_VERSION", default_value = VERSION, value_parser = api_version)]
    api_version: String,
    /// The file holds a service account or uses ADC: switch it to this user
    /// credential
    #[arg(long)]
    replace_kind: bool,
    /// Store although the check says the account cannot use Google Ads
    #[arg(long)]
    force: bool,
    /// Finish a login whose token could not be stored
    #[arg(long, exclusive = false, conflicts_with_all = ["client_secrets", "store", "redirect_uri", "port"])]
    recover: bool,
}

/// What a login aims at, settled before the browser opens.
struct Attempt {
    profile: Profile,
    store: Box<dyn Store>,
    /// Where the profile was kept so far, if it moves.
    old: Option<Box<dyn Store>>,
    /// What is set beside the refresh token.
    given: Credentials,
    /// What was stored when the login began.
    before: Credentials,
}

/// What a login stored.
struct Kept {
    profile: Profile,
    notes: Vec<String>,
    verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StoreKind {
    File,
    Keychain,
}

impl StoreKind {
    fn name(self) -> &'static str {
        match self {
            StoreKind::File => "file",
            StoreKind::Keychain => "keychain",
        }
    }
}

fn customer_id(text: &str) -> std::result::Result<CustomerId, String> {
    CustomerId::typed(text).ok_or_else(|| "a customer id has ten digits, as in 123-456-7890".to_owned())
}

/// `v26`: safe as a part of an address.
pub fn api_version(text: &str) -> std::result::Result<String, String> {
    let digits = text.strip_prefix('v').unwrap_or_default();
    let fits = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Ok(text.to_owned()) } else { Err("an API version looks like v26".to_owned()) }
}

impl Login {
    pub fn run(self, context: &Context) -> Result<()> {
        if self.recover {
            return recover::run(context);
        }
        let term = context.term;
        for path in recovery::any()? {
            term.warn(&format!("an earlier login left a token that is not stored yet, in {}", term::path(&path)));
            term.hint("run `gads-creds login --recover` to store it");
        }

        // Look before you leap: nothing below may fail for a reason that could have been seen here.
        let endpoints = Endpoints::from_environment()?;
        let profile = profile::choose_for_login(context.choice(), self.store.map(StoreKind::name))?;
        let purpose = if self.replace_kind { Purpose::LoginReplacingKind } else { Purpose::Login };
        let store = store::open(&profile.place, purpose)?;
        let spinner = term.spinner("reading what is stored");
        let mut before = store.load()?.credentials;
        let old = moving::open(&profile)?;
        if let Some(old) = &old
            && before == Credentials::default()
        {
            before = old.load()?.credentials;
        }
        drop(spinner);
        let client = choose::client(&self, &before, &endpoints, term)?;
        let carried = if old.is_some() { before.clone() } else { Credentials::default() };
        let given = self.given(&client, carried)?;
        store.rehearse(&|stored| take(stored, &given, &Secret::new("1//0-rehearsal-of-a-refresh-token")))?;
        recovery::rehearse()?;
        old.as_ref().map_or(Ok(()), |old| moving::rehearse(&**old))?;

        let google = Google::open(endpoints, term)?;
        let waiting = self.question(&google, &client, term)?;
        ask::ask(&waiting, &self, term);
        self.finish(context, waiting, Attempt { profile, store, old, given, before })
    }

    /// What `login` sets beside the refresh token; `carried` is what a profile that moves brings along.
    fn given(&self, client: &Client, carried: Credentials) -> Result<Credentials> {
        Ok(Credentials {
            client_id: Some(client.id.clone()),
            client_secret: Some(client.secret.clone()),
            refresh_token: None,
            developer_token: match &self.developer_token_file {
                Some(path) => Some(choose::developer_token(path)?),
                None => carried.developer_token,
            },
            login_customer_id: self.login_customer_id.clone().or(carried.login_customer_id),
            linked_customer_id: carried.linked_customer_id,
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

    /// Opens the listener on the first redirect URI that can serve.
    fn question<'g>(&self, google: &'g Google, client: &Client, term: Term) -> Result<Waiting<'g>> {
        let mut taken = None;
        for redirect in choose::redirects(self, client, term)? {
            let request = Request {
                client: client.clone(),
                redirect,
                scopes: self.scopes(),
                login_hint: self.login_hint.clone().or_else(|| self.expect_account.clone()),
            };
            match Waiting::open(google, request, self.port) {
                Ok(waiting) => return Ok(waiting),
                Err(error) => taken = Some(error),
            }
        }
        Err(taken.unwrap_or_else(|| Error::usage("no redirect URI can serve")))
    }

    /// From the answer to the stored token, and the truth for the browser.
    fn finish(&self, context: &Context, mut waiting: Waiting, attempt: Attempt) -> Result<()> {
        // From here on a signal is heeded where nothing can be lost, and waits elsewhere.
        let critical = Critical::enter();
        let code =
            waiting.code(Duration::from_secs(self.timeout)).inspect_err(|error| ask::page_errors(error, context.term));
        let done = code.and_then(|code| {
            context.term.step("the browser brought the answer; asking Google for the tokens");
            let grant = waiting.exchange(&code)?;
            self.keep(context, waiting.google(), &attempt, grant)
        });
        let kept = match done {
            Ok(kept) => kept,
            Err(error) => {
                waiting.finish(Page {
                    good: false,
                    title: "The login did not succeed".to_owned(),
                    text: format!("{}. The terminal says what to do next.", error.message),
                });
                return Err(error);
            }
        };
        let place = attempt.store.location();
        waiting.finish(Page {
            good: true,
            title: "You are logged in".to_owned(),
            text: format!("The refresh token is stored in {place}."),
        });
        match critical.finish() {
            Ok(()) => self.tell(context, &attempt, kept),
            Err(stopped) => report(context, &kept.profile, &*attempt.store, &[]).and(Err(stopped)),
        }
    }

    /// Checks the grant and stores it; a recovery file holds it meanwhile.
    fn keep(&self, context: &Context, google: &Google, attempt: &Attempt, grant: Grant) -> Result<Kept> {
        let token = self.checked(&grant, context.term)?;
        let mut profile = attempt.profile.clone();
        profile.facts = self.facts(&grant, &token, google, &attempt.given);
        let credentials = Credentials { refresh_token: Some(token.clone()), ..attempt.given.clone() };
        let recovery = recovery::keep(&Pending { profile: profile.clone(), credentials: credentials.clone() });
        let verdict = verify::verify(self, context, google, &attempt.given, &attempt.before, &grant);
        if let Verdict::Refuse(error) = verdict {
            recovery.ok().map_or(Ok(()), Recovery::done)?;
            return Err(Error { message: format!("{}; what was stored before is unchanged", error.message), ..error });
        }
        let store = &*attempt.store;
        let stored = store.lock().and_then(|lock| store.update(&lock, &|stored| take(stored, &credentials, &token)));
        match (stored, recovery) {
            (Ok(mut notes), recovery) => {
                profile::remember(&profile)?;
                recovery.ok().map_or(Ok(()), Recovery::done)?;
                if let Some(old) = &attempt.old {
                    notes.extend(moving::take_out(&**old, context.term)?);
                }
                Ok(Kept { profile, notes, verdict })
            }
            (Err(error), Ok(recovery)) => Err(not_stored(&error, &recovery)),
            (Err(error), Err(_)) => Err(lost(&error, google, &token, context.term)),
        }
    }

    /// Says what was done; then what Google Ads thinks of it.
    fn tell(&self, context: &Context, attempt: &Attempt, mut kept: Kept) -> Result<()> {
        let term = context.term;
        let store = &*attempt.store;
        kept.notes.iter().for_each(|note| term.say(note));
        let accounts = match &kept.verdict {
            Verdict::Accounts(accounts) => accounts.as_slice(),
            _ => &[],
        };
        if let Verdict::Accounts(accounts) = &kept.verdict {
            let login_customer = attempt.given.login_customer_id.as_ref();
            verify::tell(accounts, login_customer.or(attempt.before.login_customer_id.as_ref()), term);
            if let Some(chosen) = verify::pick_login_customer(accounts, store, term)? {
                term.say(&format!("login customer {chosen} stored"));
            }
        }
        warn_of_death(&kept.profile.facts, term);
        report(context, &kept.profile, store, accounts)?;
        match std::mem::replace(&mut kept.verdict, Verdict::Store(None)) {
            Verdict::Store(Some(error)) => {
                term.warn(&format!("stored, but not verified: {}", error.message));
                error.hint.iter().for_each(|hint| term.hint(hint));
                Ok(())
            }
            Verdict::StoreAndFail(error) | Verdict::Refuse(error) => Err(error),
            Verdict::Store(None) | Verdict::Accounts(_) => Ok(()),
        }
    }

    /// The refresh token of a grant that is worth keeping.
    fn checked(&self, grant: &Grant, term: Term) -> Result<Secret> {
        let asked: BTreeSet<String> = self.scopes().into_iter().collect();
        // Absent means as asked (RFC 6749 section 5.1).
        let granted = grant.scopes.clone().unwrap_or_else(|| asked.clone());
        if !granted.contains(ADWORDS) {
            return Err(Error::new(
                Kind::GrantedTooLittle,
                "access to Google Ads was not granted: its box was left unticked",
            )
            .hint("run `gads-creds login` again and tick the box for Google Ads; nothing was changed"));
        }
        if let Some(expected) = &self.expect_account {
            let account = grant.account.as_deref().unwrap_or("an account that Google did not name");
            if !account.eq_ignore_ascii_case(expected) {
                let account = term::excerpt(account);
                return Err(Error::new(
                    Kind::GrantedTooLittle,
                    format!("the browser is signed in as {account}, not {}", term::escape(expected)),
                )
                .hint("run `gads-creds login` again and choose the expected account; nothing was changed"));
            }
        }
        for missing in asked.iter().filter(|scope| !granted.contains(*scope) && !is_alias(scope, &granted)) {
            term.warn(&format!("the scope {} was not granted", term::excerpt(missing)));
        }
        grant.refresh_token.clone().ok_or_else(|| {
            Error::new(Kind::GrantedTooLittle, "Google sent no refresh token; what was stored before is unchanged").hint(
                "remove the app's access at https://myaccount.google.com/connections, then run `gads-creds login` again",
            )
        })
    }

    fn facts(&self, grant: &Grant, token: &Secret, google: &Google, given: &Credentials) -> Facts {
        let now = Timestamp::now();
        let life = grant.refresh_token_expires_in.and_then(|seconds| i64::try_from(seconds).ok());
        Facts {
            client_id: given.client_id.clone(),
            obtained: Some(now),
            dies: life.and_then(|seconds| now.checked_add(SignedDuration::from_secs(seconds)).ok()),
            scopes: grant.scopes.as_ref().map_or_else(|| self.scopes(), |scopes| scopes.iter().cloned().collect()),
            account: grant.account.clone(),
            endpoint: google.origin().map(str::to_owned),
            fingerprint: Some(token.fingerprint()),
        }
    }
}

/// Google answers `email` and `profile` with the long names of these scopes.
fn is_alias(scope: &str, granted: &BTreeSet<String>) -> bool {
    matches!(scope, "email" | "profile")
        && granted.contains(&format!("https://www.googleapis.com/auth/userinfo.{scope}"))
}

/// The change that a login makes: its own fields, and no other.
fn take(stored: &mut Credentials, given: &Credentials, token: &Secret) {
    stored.client_id = given.client_id.clone();
    stored.client_secret = given.client_secret.clone();
    stored.refresh_token = Some(token.clone());
    stored.developer_token = given.developer_token.clone().or(stored.developer_token.take());
    stored.login_customer_id = given.login_customer_id.clone().or(stored.login_customer_id.take());
    stored.linked_customer_id = given.linked_customer_id.clone().or(stored.linked_customer_id.take());
}

fn not_stored(error: &Error, recovery: &Recovery) -> Error {
    Error::new(
        error.kind,
        format!("{}; the new refresh token is kept in {}", error.message, term::path(recovery.path())),
    )
    .hint("mend that, then run `gads-creds login --recover` to store it; no new consent is needed")
}

/// Neither the store nor the recovery folder takes the token: on a terminal it may be shown, else it is revoked, so that
/// no token lives that nobody has.
fn lost(error: &Error, google: &Google, token: &Secret, term: Term) -> Error {
    let shown = term.input
        && term
            .confirm("The new refresh token can be stored nowhere. Print it here once, so that you can keep it?")
            .unwrap_or(false)
        && term.out(&format!("{}\n", token.expose())).is_ok();
    let fate = if shown {
        "the new refresh token was printed"
    } else if google.revoke(token).is_ok() {
        "the new refresh token was revoked, since it could be kept nowhere"
    } else {
        "the new refresh token could be kept nowhere"
    };
    Error::new(error.kind, format!("{}; {fate}", error.message)).hint("mend that, then run `gads-creds login` again")
}

fn warn_of_death(facts: &Facts, term: Term) {
    if let Some(life) = facts.life(Timestamp::now()) {
        term.warn(&life.text);
        life.hint.iter().for_each(|hint| term.hint(hint));
    }
}

/// The one line at the end, or the JSON object.
fn report(context: &Context, profile: &Profile, store: &dyn Store, accounts: &[Account]) -> Result<()> {
    let term = context.term;
    let facts = &profile.facts;
    let account =
        facts.account.as_deref().map(|account| format!(" for {}", term::excerpt(account))).unwrap_or_default();
    let name = profile.name.as_ref().map(|name| format!(" (profile `{name}`)")).unwrap_or_default();
    term.say(&format!("stored the refresh token in {}{name}{account}", store.location()));
    if !term.json {
        return Ok(());
    }
    let accounts: Vec<_> = accounts
        .iter()
        .map(|account| {
            let details = account.details.as_ref();
            json!({
                "id": account.id.as_str(),
                "name": details.map(|details| &details.name),
                "manager": details.map(|details| details.manager),
            })
        })
        .collect();
    term.out_json(&json!({
        "profile": profile.name.as_ref().map(|name| name.as_str()),
        "location": store.location(),
        "client_id": facts.client_id,
        "scopes": facts.scopes,
        "account": facts.account,
        "obtained": facts.obtained.map(|time| time.to_string()),
        "dies": facts.dies.map(|time| time.to_string()),
        "accounts": accounts,
    }))
}
