//! `show --all`: every profile, a line each. One that cannot be read says so in its line and hides no other.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::profile::{self, Listed, ProfileName, TokenMetadata, rfc3339};
use crate::secret::Secret;
use crate::store::{self, Purpose};
use crate::term;

pub fn run(context: &Context) -> Result<()> {
    let options = &context.options;
    if options.profile.is_some() || options.config.is_some() || options.format.is_some() {
        return Err(Error::usage("`--all` shows every profile, so it takes no `--profile`, `--config` or `--format`")
            .hint("leave one of them out"));
    }
    let default = profile::default_name()?;
    let mut rows = Vec::new();
    let mut locked = None;
    for listed in profile::all()? {
        rows.push(Row::of(listed, &mut locked));
    }
    if context.term.json {
        let profiles: Vec<Value> = rows.iter().map(|row| row.json(default.as_ref())).collect();
        return context.term.out_json(&json!({ "profiles": profiles }));
    }
    if rows.is_empty() {
        context.term.say("there are no profiles; `gads-creds show` shows the credential that has no name");
        return Ok(());
    }
    let mark = |row: &Row| if row.is(default.as_ref()) { " (default)" } else { "" };
    let names: Vec<String> = rows.iter().map(|row| format!("{}{}", term::escape(&row.name), mark(row))).collect();
    let wide = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or_default();
    let name_width = wide(&mut names.iter().map(|name| name.chars().count()));
    let place_width = wide(&mut rows.iter().map(|row| term::escape(&row.location).chars().count()));
    let now = Timestamp::now();
    let line = |(row, name): (&Row, &String)| {
        let place = term::escape(&row.location);
        format!("{name:<name_width$}  {place:<place_width$}  {}\n", row.state(now))
    };
    context.term.out(&rows.iter().zip(&names).map(line).collect::<String>())
}

/// One profile, as far as it can be read.
struct Row {
    name: String,
    location: String,
    /// The refresh token's fingerprint and what is known of it, or why the store cannot be read.
    token: Result<Option<(String, TokenMetadata)>>,
}

impl Row {
    /// A keychain that is locked or silent is asked once, not once for each profile.
    fn of(listed: Listed, locked: &mut Option<Error>) -> Row {
        let name = listed.key;
        let opened = listed.profile.and_then(|profile| Ok((store::open(&profile.location, Purpose::Update)?, profile)));
        let (store, profile) = match opened {
            Ok(opened) => opened,
            Err(error) => return Row { location: String::new(), token: Err(error), name },
        };
        let in_keychain = matches!(profile.location, profile::Location::Keychain { .. });
        let loaded = match locked.as_ref().filter(|_| in_keychain) {
            Some(error) => Err(error.clone()),
            None => store.load(),
        };
        if let Err(error) = &loaded
            && error.kind() == Kind::Keychain
        {
            *locked = Some(error.clone());
        }
        let known = |token: &Secret| (token.fingerprint(), profile.metadata.valid_for(token));
        let token = loaded.map(|contents| contents.credentials.refresh_token().map(known));
        Row { location: store.location(), token, name }
    }

    fn is(&self, name: Option<&ProfileName>) -> bool {
        name.is_some_and(|name| name.as_str() == self.name)
    }

    fn state(&self, now: Timestamp) -> String {
        match &self.token {
            Err(error) => error.message().to_owned(),
            Ok(None) => "no token".to_owned(),
            Ok(Some((fingerprint, metadata))) => {
                let account = metadata.account.as_deref().map(|account| format!(", {}", term::excerpt(account)));
                let life = metadata.expiry(now).map(|life| {
                    format!(
                        ", {} {}",
                        if life.left.is_positive() { "expires" } else { "expired" },
                        profile::when(life.left)
                    )
                });
                format!("token {fingerprint}{}{}", account.unwrap_or_default(), life.unwrap_or_default())
            }
        }
    }

    /// `profile`, `default`, `location`, and of the token `fingerprint`, `account`, `issued_at`, `expires_at`; `error` if unreadable.
    fn json(&self, default: Option<&ProfileName>) -> Value {
        let known = self.token.as_ref().ok().and_then(Option::as_ref);
        json!({
            "profile": self.name,
            "default": self.is(default),
            "location": self.location,
            "fingerprint": known.map(|(fingerprint, _)| fingerprint),
            "account": known.and_then(|(_, metadata)| metadata.account.as_ref()),
            "issued_at": known.and_then(|(_, metadata)| metadata.issued_at).map(rfc3339),
            "expires_at": known.and_then(|(_, metadata)| metadata.expires_at).map(rfc3339),
            "error": self.token.as_ref().err().map(Error::message),
        })
    }
}
