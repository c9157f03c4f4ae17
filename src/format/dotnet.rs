//! How the .NET library reads its settings, from App.config and from JSON.
//!
//! Keys are case-sensitive: `oauth2clientid` is not read. Nothing is checked when the settings are loaded. The flag for
//! Application Default Credentials has precedence, then `OAuth2Mode` decides.

use std::collections::HashMap;

use crate::credentials::{Credentials, Identity};
use crate::format::field::{self, Field};
use crate::format::{
    Conflict, ConflictKind, Contents, Diagnostic, DiagnosticCode, FormatError, FormatName, IdentityKind, Outcome,
    is_placeholder_of,
};

pub const NAME: FormatName = FormatName::Dotnet;
pub const READER: &str = ".NET library";
/// The section of the settings, by convention.
pub const SECTION: &str = "GoogleAdsApi";
pub const MODE: &str = "OAuth2Mode";

/// The value of [`MODE`] for this kind of credential.
pub fn mode(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::User => "APPLICATION",
        IdentityKind::ServiceAccount => "SERVICE_ACCOUNT",
    }
}

const USE_ADC: &str = "UseApplicationDefaultCredentials";
const SERVICE_ACCOUNT_FILE: &str = "OAuth2SecretsJsonPath";

/// One setting of a file.
#[derive(Clone, Debug)]
pub struct Setting {
    /// As the file spells it, without the section.
    pub key: String,
    pub value: String,
    pub line: usize,
}

pub fn key(field: Field) -> &'static str {
    match field {
        Field::DeveloperToken => "DeveloperToken",
        Field::ClientId => "OAuth2ClientId",
        Field::ClientSecret => "OAuth2ClientSecret",
        Field::RefreshToken => "OAuth2RefreshToken",
        Field::KeyFile => SERVICE_ACCOUNT_FILE,
        Field::ImpersonatedEmail => "OAuth2PrnEmail",
        Field::LoginCustomerId => "LoginCustomerId",
        Field::LinkedCustomerId => "LinkedCustomerId",
    }
}

/// The field of a key in any case: the library itself distinguishes upper and lower case.
pub fn field_of(name: &str) -> Option<Field> {
    Field::ALL.into_iter().find(|field| key(*field).eq_ignore_ascii_case(name))
}

/// Whether the key is one that this program reads.
fn is_own(name: &str) -> bool {
    field_of(name).is_some() || name == MODE || name == USE_ADC
}

/// What the library reads from these settings; the last of two with the same key counts.
pub fn contents(settings: &[Setting]) -> Contents {
    let mut contents = Contents::default();
    let is_service_account = is_service_account(settings);
    let last: HashMap<&str, usize> =
        settings.iter().enumerate().map(|(index, setting)| (&*setting.key, index)).collect();
    for (index, setting) in settings.iter().enumerate() {
        let Setting { key: name, value, line } = setting;
        let field = field_of(name);
        let mut diagnostic = |code| contents.diagnostics.push(Diagnostic::new(*line, name, field, code));
        let counts = last.get(name.as_str()).copied().unwrap_or(index);
        if counts != index {
            diagnostic(DiagnosticCode::SetAgain { line: settings[counts].line });
            continue;
        }
        match field {
            Some(field) if key(field) == name => {
                if field == Field::KeyFile {
                    contents.conflicts.extend(conflict(setting));
                }
                // In another mode the library loads the key and does not use it.
                if !field.is_of_service_account() || is_service_account {
                    field::take(field, &mut contents, *line, name, value);
                }
            }
            Some(field) => diagnostic(DiagnosticCode::MisspelledKey { expected: key(field) }),
            None if is_placeholder_of(is_own(name), value) => diagnostic(DiagnosticCode::Placeholder),
            None => contents.conflicts.extend(conflict(setting)),
        }
    }
    contents.settle()
}

/// Whether the mode is that of a service account.
pub fn is_service_account(settings: &[Setting]) -> bool {
    settings.iter().rfind(|setting| setting.key == MODE).is_some_and(|setting| says_service_account(&setting.value))
}

/// The mode to set for these credentials, if the settings have another.
pub fn new_mode(settings: &[Setting], credentials: &Credentials) -> Option<&'static str> {
    let is_account = is_service_account(settings);
    match &credentials.identity {
        Some(Identity::ServiceAccount(_)) if !is_account => Some(mode(IdentityKind::ServiceAccount)),
        None if is_account => Some(mode(IdentityKind::User)),
        Some(_) | None => None,
    }
}

/// .NET reads an enumeration in any case, and by its number.
fn says_service_account(value: &str) -> bool {
    value.trim().eq_ignore_ascii_case("SERVICE_ACCOUNT") || value.trim() == "1"
}

fn conflict(setting: &Setting) -> Option<Conflict> {
    let value = setting.value.trim();
    let (kind, outcome) = match setting.key.as_str() {
        USE_ADC if value.eq_ignore_ascii_case("true") => (ConflictKind::ApplicationDefault, Outcome::ConflictWins),
        MODE if says_service_account(value) => (ConflictKind::ServiceAccount, Outcome::ConflictWins),
        // Loaded in every mode: a wrong path stops a program that means to use the user's token.
        SERVICE_ACCOUNT_FILE if !value.is_empty() => (ConflictKind::ServiceAccount, Outcome::UserWins),
        _ => return None,
    };
    Some(Conflict { kind, key: setting.key.clone(), line: setting.line, outcome })
}

/// The settings of another kind than this, or that would be once the one that overrides them is removed.
pub fn others(settings: &[Setting], keep: IdentityKind) -> Vec<usize> {
    let contents = contents(settings);
    if contents.conflict_with(keep).is_none() {
        return Vec::new();
    }
    if keep == IdentityKind::ServiceAccount {
        let of_user = Field::OF_USER.map(key);
        let goes = |setting: &Setting| {
            let switches_on_adc =
                conflict(setting).is_some_and(|conflict| conflict.kind == ConflictKind::ApplicationDefault);
            of_user.contains(&setting.key.as_str()) || switches_on_adc
        };
        return (0..settings.len()).filter(|index| goes(&settings[*index])).collect();
    }
    let is_active = |setting: &Setting| contents.conflicts.iter().any(|conflict| conflict.key == setting.key);
    let of_account = Field::OF_SERVICE_ACCOUNT.map(key);
    let belongs = |setting: &Setting| contents.has_account() && of_account.contains(&setting.key.as_str());
    let is_conflict = |setting: &Setting| is_active(setting) && conflict(setting).is_some() || belongs(setting);
    (0..settings.len()).filter(|index| is_conflict(&settings[*index])).collect()
}

/// The settings that still hold a placeholder.
pub fn placeholders(settings: &[Setting]) -> Vec<usize> {
    let is_left = |setting: &Setting| is_placeholder_of(is_own(&setting.key), &setting.value);
    (0..settings.len()).filter(|index| is_left(&settings[*index])).collect()
}

/// The setting of this key, if there is one. Two are an error.
pub fn find(settings: &[Setting], key: &str) -> Result<Option<usize>, FormatError> {
    let mut places = (0..settings.len()).filter(|index| settings[*index].key == key);
    let first = places.next();
    match (first, places.next()) {
        (Some(first), Some(second)) => {
            let lines = (settings[first].line, settings[second].line);
            Err(FormatError::at(lines.1, format!("line {} sets `{key}` as well", lines.0))
                .hint("remove one of the two lines"))
        }
        _ => Ok(first),
    }
}

/// The note about a setting that an edit changed.
pub fn note(setting: &Setting, what: &str) -> String {
    format!("line {}: {} {what}", setting.line, field::shown(&setting.key))
}
