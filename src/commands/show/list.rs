//! `show --all`: lists every profile, one per line, sorted by name. A profile that cannot be read says so in its line.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::service_account::Account;
use super::table;
use crate::clock;
use crate::commands::others;
use crate::context::Context;
use crate::diagnosis;
use crate::error::{Error, Kind, Result, warnings_json};
use crate::format::Contents;
use crate::hint::Target;
use crate::profile::{self, Listed, Location, Profile, ProfileName, TokenMetadata, rfc3339};
use crate::secret::Secret;
use crate::store::{self, Purpose};
use crate::term::{self, layout};

pub fn run(context: &Context) -> Result<()> {
    let options = &context.options;
    if options.profile.is_some() || options.config.is_some() || options.format.is_some() {
        return Err(Error::usage("`--all` shows every profile, so it takes no `--profile`, `--config` or `--format`")
            .hint("leave one of them out"));
    }
    let listed = profile::all_or_only(context.choice())?;
    let default = profile::default_name().unwrap_or_else(|error| {
        context.term.warn_of(&error);
        None
    });
    let mut locked = None;
    let mut rows: Vec<Row> = listed.into_iter().map(|listed| Row::of(listed, &mut locked)).collect();
    // Files that nobody named come last.
    rows.sort_by(|a, b| (a.name.is_none(), &a.name, &a.location).cmp(&(b.name.is_none(), &b.name, &b.location)));
    if context.term.json {
        let profiles: Vec<Value> = rows.iter().map(|row| row.json(default.as_ref())).collect();
        return context.term.out_json(&json!({ "profiles": profiles }));
    }
    if rows.is_empty() {
        context.term.say("there are no profiles");
        if !context.term.quiet {
            context.term.hint("`gads-creds login -p NAME` creates one; without profiles use `gads-creds show`");
        }
        return Ok(());
    }
    let now = clock::now();
    let mut headings = vec!["PROFILE", "STATE", "LOGIN CUSTOMER", "ACCOUNT", "LOCATION"];
    let mut cells: Vec<Vec<String>> = rows.iter().map(|row| row.cells(default.as_ref(), now)).collect();
    let mut most_important = 2;
    if rows.iter().all(|row| row.name.is_none()) {
        // Users who never named a profile need no column for it.
        headings.remove(0);
        cells.iter_mut().for_each(|row| drop(row.remove(0)));
        most_important = 1;
    }
    context.term.out(&table::text(&headings, cells, most_important, context.term.stdout.columns))?;
    let first = |row: &'_ Row| {
        let error = row.token.as_ref().err().or(row.warnings.first()).cloned()?;
        Some((row.name.as_ref().map(|name| format!("`{name}`")).unwrap_or_else(|| row.short.clone()), error))
    };
    let reasons: Vec<(String, Error)> = rows.iter().filter_map(first).collect();
    // Several profiles may have one reason, such as a locked keychain.
    for same in reasons.chunk_by(|(_, one), (_, other)| one.message() == other.message()) {
        let names: Vec<String> = same.iter().map(|(name, _)| name.clone()).collect();
        let whose = if names.len() > 5 { format!("{} profiles", names.len()) } else { layout::list(&names, "and") };
        same.first().iter().for_each(|(_, error)| context.term.warn_of(&error.clone().while_trying(&whose)));
    }
    Ok(())
}

/// One profile, as far as it can be read.
struct Row {
    /// Absent for a file that nobody named.
    name: Option<String>,
    location: String,
    /// The location as people read it.
    short: String,
    /// The refresh token's fingerprint and metadata, or why the store cannot be read.
    token: Result<Option<(String, TokenMetadata)>>,
    login_customer: Option<String>,
    /// `user` or `service_account`, as far as known.
    kind: Option<&'static str>,
    /// The address of a service account.
    account: Option<String>,
    /// Whether the file that the profile names is not there.
    is_missing: bool,
    /// Whether the store can be read, and no library finds a token in it.
    is_spoiled: bool,
    /// What the reader of the credentials fails on although they are there.
    warnings: Vec<Error>,
    target: Target,
}

impl Row {
    /// Reads one profile. A locked or unresponsive keychain is tried once, not once per profile.
    fn of(listed: Listed, locked: &mut Option<Error>) -> Row {
        let name = listed.name();
        let unreadable = |location: Option<&Location>, error, name| Row {
            name,
            location: location.map(Location::plain).unwrap_or_default(),
            short: location.map(Location::short).unwrap_or_default(),
            token: Err(error),
            login_customer: None,
            kind: None,
            account: None,
            is_missing: false,
            is_spoiled: false,
            warnings: Vec::new(),
            target: Target::default(),
        };
        let profile = match listed.profile {
            Ok(profile) => profile,
            Err(error) => return unreadable(None, error, name),
        };
        let store = match store::open(&profile.location, Purpose::Update) {
            Ok(store) => store,
            Err(error) => return unreadable(Some(&profile.location), error.about(profile.target()), name),
        };
        let in_keychain = matches!(profile.location, Location::Keychain { .. });
        let loaded = match locked.as_ref().filter(|_| in_keychain) {
            Some(error) => Err(error.clone()),
            None => store.load(),
        };
        if let Err(error) = &loaded
            && error.kind() == Kind::Keychain
        {
            *locked = Some(error.clone());
        }
        let mut metadata = profile.metadata.clone();
        metadata.mask();
        let known = |token: &Secret| (token.fingerprint(), metadata.valid_for(token));
        let stored = loaded.as_ref().ok().map(|contents| &contents.credentials);
        let login_customer = stored.and_then(|stored| stored.login_customer_id.as_ref()).map(ToString::to_string);
        let kind = stored.and_then(super::kind);
        // A token that no library reads is not a missing token.
        let token = match &loaded {
            Ok(contents) => diagnosis::spoiled(&profile, contents).map_or(Ok(contents), Err),
            Err(error) => Err(error.clone().about(profile.target())),
        };
        let is_spoiled = loaded.is_ok() && token.is_err();
        let token = token.map(|contents| contents.credentials.refresh_token().map(known));
        let is_missing = matches!(&profile.location, Location::File { path, .. } if !path.exists());
        let account = metadata.account.clone().filter(|_| kind == Some("service_account"));
        let (location, short) = (profile.location.plain(), profile.location.short());
        let warnings = loaded.as_ref().map(|contents| warnings(&profile, contents)).unwrap_or_default();
        let target = profile.target();
        Row { location, short, token, login_customer, kind, account, is_missing, is_spoiled, warnings, target, name }
    }

    fn is(&self, name: Option<&ProfileName>) -> bool {
        name.is_some_and(|name| self.name.as_deref() == Some(name.as_str()))
    }

    /// Returns the state of the credential, as a word for programs.
    fn state(&self) -> &'static str {
        match &self.token {
            _ if self.is_missing => "file_not_found",
            Err(_) => "unreadable",
            Ok(_) if self.kind == Some("service_account") => "service_account",
            Ok(None) => "no_token",
            Ok(Some(_)) => "token",
        }
    }

    fn cells(&self, default: Option<&ProfileName>, now: DateTime<Utc>) -> Vec<String> {
        let known = self.token.as_ref().ok().and_then(Option::as_ref);
        let mark = if self.is(default) { " (default)" } else { "" };
        let state = match self.state() {
            "file_not_found" => "file not found".to_owned(),
            "service_account" => "service account".to_owned(),
            "no_token" => "no token".to_owned(),
            "unreadable" if self.is_spoiled => "no usable token".to_owned(),
            "unreadable" => "cannot be read".to_owned(),
            _ => match known.and_then(|(_, metadata)| metadata.expiry(now)) {
                Some(life) if !life.is_left() => format!("expired {}", profile::when(life.left)),
                Some(life) => format!("expires {}", profile::when(life.left)),
                None => "token saved".to_owned(),
            },
        };
        let account = known.and_then(|(_, metadata)| metadata.account.as_deref()).or(self.account.as_deref());
        let account = account.map(term::excerpt);
        vec![
            self.name.as_ref().map_or_else(|| table::NOTHING.to_owned(), |name| format!("{name}{mark}")),
            state,
            self.login_customer.clone().unwrap_or_else(|| table::NOTHING.to_owned()),
            account.unwrap_or_else(|| table::NOTHING.to_owned()),
            self.short.clone(),
        ]
    }

    /// Returns `profile`, `default`, `location`, `state`, `login_customer_id`, and of the token `fingerprint`,
    /// `account`, `issued_at`, `expires_at`; `error` if unreadable.
    fn json(&self, default: Option<&ProfileName>) -> Value {
        let known = self.token.as_ref().ok().and_then(Option::as_ref);
        json!({
            "profile": self.name,
            "default": self.is(default),
            "location": self.location,
            "state": self.state(),
            "login_customer_id": self.login_customer,
            "fingerprint": known.map(|(fingerprint, _)| fingerprint),
            "kind": self.kind,
            "account": known.map_or(self.account.as_ref(), |(_, metadata)| metadata.account.as_ref()),
            "issued_at": known.and_then(|(_, metadata)| metadata.issued_at).map(rfc3339),
            "expires_at": known.and_then(|(_, metadata)| metadata.expires_at).map(rfc3339),
            "error": self.token.as_ref().err().map(Error::message),
            "warnings": warnings_json(&self.warnings, &self.target),
        })
    }
}

/// Returns what `show` says of one, what keeps it from being used first.
fn warnings(profile: &Profile, contents: &Contents) -> Vec<Error> {
    let account = Account::of(&contents.credentials, &profile.location.to_string()).ok().flatten();
    let key = account.and_then(|account| account.key.err()).map(|error| error.about(profile.target()));
    // Without a token the state says why.
    let unusable = contents.credentials.refresh_token().and_then(|_| diagnosis::first(profile, contents));
    key.into_iter().chain(unusable).chain(others::shown_warnings(profile, contents)).collect()
}
