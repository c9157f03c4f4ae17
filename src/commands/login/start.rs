//! `login --start`: the first of two steps. Makes every check, creates the authorization request, and saves what the
//! second step needs.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::clock;
use crate::commands::login::attempt::Attempt;
use crate::commands::login::{Login, inputs, message, redirect};
use crate::credentials::{Client, ClientKind};
use crate::error::{Error, Result};
use crate::google::{Endpoints, Google, address_start, start_authorization};
use crate::hint::Hint;
use crate::paths;
use crate::pending::{self, LoginId, LoginOptions, PendingClient, PendingLogin};
use crate::profile::{Profile, rfc3339};
use crate::term::Term;

pub fn run(login: &Login, profile: Profile, endpoints: Endpoints, term: Term) -> Result<()> {
    refuse_standard_input(login)?;
    let now = clock::now();
    pending::preflight(now)?;
    let mut file = None;
    let (attempt, client) = Attempt::prepare(login, profile, &endpoints, term, |stored, known| {
        let (client, path) = inputs::client(login, stored, known, &endpoints, term)?;
        file = path;
        Ok(client)
    })?;
    // The second step needs certificates and perhaps a proxy: check them now.
    drop(Google::new(endpoints.clone(), term)?);
    let redirect = redirect::candidates(login, &client, true)?.into_iter().next();
    let redirect = redirect.ok_or_else(|| Error::usage("no redirect URI can be used"))?;
    let (url, record) = start_authorization(&login.parameters(&client, redirect), &endpoints)?;
    let pending = PendingLogin {
        moves_from: attempt.moves_from.clone(),
        profile: attempt.profile.clone(),
        started_at: now,
        expires_at: now
            .checked_add_signed(pending::VALIDITY)
            .ok_or_else(|| Error::internal("the clock is at the end of time"))?,
        client: PendingClient {
            id: client.id.clone(),
            is_web: matches!(client.kind, ClientKind::Web { .. }),
            file: file.as_deref().map(absolute).transpose()?,
        },
        redirect_uri: record.redirect_uri,
        state: record.state,
        verifier: record.verifier,
        endpoint: endpoints.origin().map(str::to_owned),
        options: options(login)?,
    };
    let id = pending::write(&pending)?;
    // A URL that could not be printed cannot be opened.
    say(login, &id, &pending, url.as_str(), &client, &attempt, term).inspect_err(|_| drop(pending::remove(&id)))
}

/// Fails if the second step would have to read a secret from standard input again.
fn refuse_standard_input(login: &Login) -> Result<()> {
    let given = [("--client-secrets", &login.client_secrets), ("--developer-token-file", &login.developer_token_file)];
    match given.into_iter().find(|(_, path)| path.as_deref() == Some(Path::new("-"))) {
        None => Ok(()),
        Some((option, _)) => Err(Error::usage(format!(
            "`{option} -` cannot be read again by `--finish`, and a pending login holds no secret"
        ))
        .hint(format!("write it to a file that only you can read and give its path: `{option} FILE`"))),
    }
}

fn absolute(path: &Path) -> Result<PathBuf> {
    paths::absolute(path)?.ok_or_else(|| Error::usage("a path is empty").hint("give the path of the file"))
}

fn options(login: &Login) -> Result<LoginOptions> {
    let developer_token_file = login.developer_token_file.as_deref();
    let expanded = |path: &Path| absolute(&paths::expand(path.as_os_str(), "--developer-token-file")?);
    Ok(LoginOptions {
        additional_scopes: login.additional_scopes.clone(),
        login_hint: login.login_hint.clone(),
        expect_account: login.expect_account.clone(),
        is_for_another: login.consenter.is_some(),
        login_customer_id: login.login_customer_id.as_ref().map(|id| id.as_str().to_owned()),
        developer_token_file: developer_token_file.map(expanded).transpose()?,
        no_verify: login.no_verify,
        force: login.force,
        replace_kind: login.replace_kind,
        api_version: Some(login.api_version.clone()),
    })
}

/// Prints the URL, the ID and the expiry; for a consent elsewhere also the message to send.
fn say(
    login: &Login,
    id: &LoginId,
    pending: &PendingLogin,
    url: &str,
    client: &Client,
    attempt: &Attempt,
    term: Term,
) -> Result<()> {
    let message =
        login.consenter.as_deref().map(|account| message::text(account, pending, url, client, &login.scopes()));
    let finish = Hint::from(format!("`gads-creds login --finish {id}`")).text(&pending.profile.target());
    if term.json {
        let object = object(id, pending, url, message.as_deref(), login, attempt);
        return term.out_json(&term.with_warnings(object));
    }
    let expires = format!("{} ({})", rfc3339(pending.expires_at), pending.expires(pending.started_at));
    if let Some(message) = message {
        term.must("Send this text to the owner of the account:");
        term.must("");
        term.out(&message)?;
        term.must("");
        term.must(&format!("When the address comes back, run {finish} and paste it."));
        term.must(&format!("Login `{id}` expires {expires}."));
        return Ok(());
    }
    term.out(&format!("url      {url}\nid       {id}\nexpires  {expires}\n"))?;
    term.say(&format!(
        "Open the URL in any browser. It ends on an address that begins with `{}`. Its page need not load, and one that does is not from gads-creds.",
        address_start(&pending.redirect_uri)
    ));
    term.say(&format!("Within a few minutes of the consent, run {finish} and paste that address."));
    if login.expect_account.is_none() {
        term.say("With `--expect-account EMAIL` no other account would be accepted.");
    }
    Ok(())
}

fn object(
    id: &LoginId,
    pending: &PendingLogin,
    url: &str,
    message: Option<&str>,
    login: &Login,
    attempt: &Attempt,
) -> Value {
    json!({
        "id": id.to_string(),
        "url": url,
        "expires_at": rfc3339(pending.expires_at),
        "redirect_uri": pending.redirect_uri,
        "profile": pending.profile.name.as_ref().map(|name| name.as_str()),
        "location": attempt.profile.location.plain(),
        "client_id": pending.client.id,
        "scopes": login.scopes(),
        "account": login.expect_account,
        "message": message,
    })
}
