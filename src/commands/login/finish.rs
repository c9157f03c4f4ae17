//! `login --finish`: the second of two steps. Reads the address that the browser ended on and completes the login as
//! usual.
//!
//! The checks of the first step are repeated before the address is used. An address of another login leaves this one
//! pending. The pending login is deleted under a lock before its code is exchanged, so that a code is used once.

use std::path::Path;
use std::time::Duration;

use crate::client_secrets;
use crate::clock;
use crate::commands::login::address::{self, still_pending};
use crate::commands::login::attempt::Attempt;
use crate::commands::login::{Login, api_version, choose_pending, report, save};
use crate::context::Context;
use crate::credentials::{Client, ClientKind, Credentials, CustomerId};
use crate::error::{Error, Kind, Result};
use crate::google::{Endpoints, Google, Grant, NoGrant, ResumedAuthorization, VERSION};
use crate::hardening::Critical;
use crate::hint::Target;
use crate::paths;
use crate::pending::{self, LoginId, PendingLogin};
use crate::profile::{self, Location, SelectedBy};
use crate::secret::Secret;
use crate::term::{self, Term};

pub fn run(typed: Login, id: Option<&str>, endpoints: Endpoints, context: &Context) -> Result<()> {
    let term = context.term;
    if typed.client_secrets.as_deref() == Some(Path::new("-")) {
        return Err(Error::usage("standard input is for the address, not for the client's JSON")
            .hint("give the path of the client's JSON: `-c FILE`"));
    }
    let (id, pending) = choose_pending::choose(id, context.choice(), term)?;
    let target = pending_target(&pending);
    let term = term.about(target.clone());
    let login = resumed(&typed, &id, &pending).map_err(|error| error.about(target.clone()))?;
    let target = Target { login: login.repeated(), ..target };
    let term = term.about(target.clone());
    complete(&login, &id, &pending, endpoints, term).map_err(|error| error.about(target))
}

const AGAIN: &str = "run `gads-creds login` again";

fn complete(login: &Login, id: &LoginId, pending: &PendingLogin, endpoints: Endpoints, term: Term) -> Result<()> {
    refuse_expired(id, pending)?;
    refuse_other_endpoint(id, pending, &endpoints)?;
    refuse_moved(login, id, pending)?;
    // The token that this one replaces may belong to another account.
    let profile = profile::with_recorded_metadata(pending.profile.clone())?;
    let (attempt, client) =
        Attempt::prepare(login, profile, &endpoints, term, |stored, _| client(login, id, pending, stored, &endpoints))
            .map_err(|error| error.adding(&still_pending(id)))?;
    let mut attempt = attempt.with_redirect_uri(&client, &pending.redirect_uri);
    let google = Google::new(endpoints.clone(), term)?;
    let authorization = ResumedAuthorization::new(&google, client, address::record(pending))?;
    // From here on a signal ends the run only where nothing can be lost; elsewhere it waits.
    let critical = Critical::enter();
    let done = address::read(&authorization, id, &endpoints, Duration::from_secs(login.timeout), term)
        .and_then(|response| {
            exchange(&authorization, id, pending, response)
                .map_err(|no_grant| save::without_grant(login, &google, &attempt, no_grant))
        })
        .and_then(|grant| save::keep(login, term, &google, &mut attempt, grant));
    let stopped = critical.finish();
    match (done, stopped) {
        (Ok(kept), Ok(())) => report::print(term, &attempt, kept),
        (Ok(kept), Err(stopped)) => Err(report::failed(term, &kept.profile, &*attempt.store, stopped)),
        // If there was a signal, the error already says so.
        (Err(error), _) => Err(error),
    }
}

/// Returns the options by which `login` means the credential of this login. Its name need not be in profiles.toml yet.
fn pending_target(pending: &PendingLogin) -> Target {
    let target = pending.profile.target();
    match &pending.profile.location {
        Location::File { path, format } if pending.profile.selected_by == SelectedBy::ProfileAndConfig => {
            Target { config: Some(profile::quoted(path)), format: format.map(|format| format.to_string()), ..target }
        }
        _ => target,
    }
}

fn refuse_expired(id: &LoginId, pending: &PendingLogin) -> Result<()> {
    let now = clock::now();
    if !pending.is_expired(now) {
        return Ok(());
    }
    let message = match pending.is_from_the_future(now) {
        true => format!("login `{id}` starts {} by this machine's clock, which was set back", pending.started(now)),
        false => format!("login `{id}` expired {}, so its address is too late", pending.expires(now)),
    };
    Err(Error::new(Kind::ConsentTimedOut, message).hint(AGAIN))
}

/// Where the profile was moved to meanwhile, nobody meant this login to go; nor should it move the profile back.
fn refuse_moved(login: &Login, id: &LoginId, pending: &PendingLogin) -> Result<()> {
    let Some((now, _)) = profile::previous_location(&pending.profile)? else { return Ok(()) };
    if pending.moves_from.as_ref().is_some_and(|then| profile::same_location(then, &now)) {
        return Ok(());
    }
    let message = format!("{} is kept in {now} since login `{id}` was started", pending.credential());
    Err(Error::usage(message).hint(AGAIN).about(Target { login: login.repeated(), ..pending.profile.target() }))
}

/// Fails for another endpoint: a code, like a token, is sent only to the server it came from (RFC 9700 section 4.4).
fn refuse_other_endpoint(id: &LoginId, pending: &PendingLogin, endpoints: &Endpoints) -> Result<()> {
    if pending.endpoint.as_deref() == endpoints.origin() {
        return Ok(());
    }
    let (message, hint) = match &pending.endpoint {
        Some(origin) => {
            let origin = term::excerpt(origin);
            (
                format!("login `{id}` was started with the stand-in at `{origin}`"),
                format!("set `GADS_CREDS_ENDPOINT={origin}`, or {AGAIN}"),
            )
        }
        None => (format!("login `{id}` was started with Google"), "unset `GADS_CREDS_ENDPOINT`".to_owned()),
    };
    Err(Error::usage(message).hint(hint))
}

/// Returns the options of both steps.
fn resumed(typed: &Login, id: &LoginId, pending: &PendingLogin) -> Result<Login> {
    let options = pending.options.clone();
    let customer = |text: &str| {
        CustomerId::exact(text)
            .ok_or_else(|| Error::parse(format!("login `{id}` has a login customer that is not ten digits")))
    };
    Ok(Login {
        client_secrets: typed.client_secrets.clone().or_else(|| pending.client.file.clone()),
        key_file: None,
        impersonate: None,
        redirect_uri: pending.client.is_web.then(|| pending.redirect_uri.clone()),
        no_browser: false,
        port: None,
        timeout: typed.timeout,
        // Another login would begin with the first step.
        start: true,
        finish: None,
        consenter: options.expect_account.clone().filter(|_| options.is_for_another),
        login_hint: options.login_hint,
        expect_account: options.expect_account,
        additional_scopes: options.additional_scopes,
        login_customer_id: options.login_customer_id.as_deref().map(customer).transpose()?,
        developer_token_file: options.developer_token_file,
        no_verify: options.no_verify || typed.no_verify,
        api_version: match options.api_version {
            Some(version) if typed.api_version == VERSION && api_version(&version).is_ok() => version,
            _ => typed.api_version.clone(),
        },
        store: Some(pending.profile.location.store_option()).filter(|store| {
            // A file is what a login without the option goes to, unless the profile was elsewhere.
            store != "file" || pending.moves_from.is_some()
        }),
        replace_kind: options.replace_kind || typed.replace_kind,
        force: options.force || typed.force,
        recover: false,
    })
}

/// Returns the client that the login was started with, and its secret: from its file, or from the stored credentials.
fn client(
    login: &Login,
    id: &LoginId,
    pending: &PendingLogin,
    stored: &Credentials,
    endpoints: &Endpoints,
) -> Result<Client> {
    let again = format!("give the JSON of that client: `gads-creds login --finish {id} -c FILE`");
    let other = |place: &str| {
        let wanted = term::excerpt(&pending.client.id);
        let message =
            format!("{place} holds another OAuth client than `{wanted}`, which login `{id}` was started with");
        Err(Error::new(Kind::ClientSecrets, message).hint(again.clone()))
    };
    if let Some(path) = &login.client_secrets {
        let path = paths::expand(path.as_os_str(), "--client-secrets")?;
        let client = client_secrets::read(&path, endpoints).map_err(|error| error.hint(again.clone()))?;
        return if client.id == pending.client.id { Ok(client) } else { other(&term::path(&path)) };
    }
    let place = pending.profile.location.to_string();
    match (stored.client_id(), stored.client_secret()) {
        (Some(stored_id), Some(secret)) if stored_id == pending.client.id => Ok(Client {
            id: stored_id.to_owned(),
            secret: secret.clone(),
            kind: match pending.client.is_web {
                true => ClientKind::Web { redirect_uris: vec![pending.redirect_uri.clone()] },
                false => ClientKind::Desktop,
            },
            project: None,
        }),
        (Some(_), Some(_)) => other(&place),
        _ => {
            let message = format!("{place} no longer holds the OAuth client that login `{id}` was started with");
            Err(Error::new(Kind::ClientSecrets, message).hint(again))
        }
    }
}

/// Deletes the pending login and exchanges its code. If the code was not sent, the login stays pending.
fn exchange(
    authorization: &ResumedAuthorization,
    id: &LoginId,
    pending: &PendingLogin,
    response: Result<Secret>,
) -> std::result::Result<Grant, NoGrant> {
    let lock = pending::lock(id)?;
    refuse_expired(id, pending)?;
    if pending::find(id)?.is_none_or(|found| found.state != pending.state) {
        let message = format!("login `{id}` was finished by another run meanwhile; each can be used only once");
        let finished = Error::new(Kind::NotLoggedIn, message);
        return Err(finished.hint("run `gads-creds refresh` to see whether it works").into());
    }
    pending::remove(id).map_err(|error| error.adding(&still_pending(id)))?;
    let code = response?;
    authorization.exchange(&code).map_err(|NoGrant { error, code_is_unused, issued }| {
        if code_is_unused {
            let error = match pending::put_back(id, pending, &lock) {
                Ok(()) => {
                    let retry = format!("run `gads-creds login --finish {id}` with the same address");
                    let hint = match error.next_step().cloned() {
                        Some(first) => first.join("; then ", retry),
                        None => retry.into(),
                    };
                    error.adding(&still_pending(id)).hint(hint)
                }
                Err(_) => error.adding(&format!("login `{id}` could not be kept")).hint(AGAIN),
            };
            return error.into();
        }
        let error = match error.kind() {
            Kind::TokenRejected => error.hint(format!("{AGAIN}; a code works once, and for a few minutes")),
            Kind::Unreachable | Kind::Interrupted | Kind::Terminated => {
                error.adding(&format!("the code of login `{id}` was sent and works only once")).hint(AGAIN)
            }
            _ => error,
        };
        NoGrant { error, code_is_unused, issued }
    })
}
