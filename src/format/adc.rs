//! Application Default Credentials: the JSON file that gcloud writes and that google-auth, the MCP server and every client
//! library's ADC mode read.
//!
//! It contains a client and a refresh token, or a service account's key, and nothing of Google Ads: it has no place for a
//! developer token or a customer ID. A key cannot be downloaded again, so only another key of its
//! account replaces it. JSON has no comments: where
//! the kind is replaced on demand, the members of the other kind are removed, all of them.

use jsonc_parser::ast::ObjectProp;

use crate::credentials::{Credentials, Identity, KEY_FILE_MEMBERS, Key, ServiceAccount};
use crate::format::diagnostic::Type;
use crate::format::field::{self, Field};
use crate::format::json::{self, Dialect, Document};
use crate::format::text_edit;
use crate::format::{
    ByteOrderMark, Conflict, ConflictKind, Contents, DefaultLocation, Diagnostic, DiagnosticCode, Edit, Encodings,
    Format, FormatError, FormatName, IdentityKind, Latin1, Outcome, is_placeholder_of,
};
use crate::secret::Secret;

pub struct Adc;

/// What google-auth reads and writes in a user's credentials.
const OF_USER: [&str; 13] = [
    TYPE,
    "client_id",
    "client_secret",
    "refresh_token",
    "quota_project_id",
    "account",
    "universe_domain",
    "token_uri",
    "token",
    "scopes",
    "expiry",
    "rapt_token",
    "trust_boundary",
];

const FILE_NAME: &str = "application_default_credentials.json";
const TYPE: &str = "type";
const USER: &str = "authorized_user";
const SERVICE_ACCOUNT: &str = "service_account";
/// The types that google-auth reads and that hold no key.
const KEYLESS: [&str; 3] = ["external_account", "external_account_authorized_user", "impersonated_service_account"];
/// What is left of a key that was removed: the members of a key belong together.
const EMPTY_FILE: &str = "{}\n";
const NEW_FILE: &str = "{\n  \"type\": \"authorized_user\"\n}\n";

fn key(field: Field) -> Option<&'static str> {
    match field {
        Field::ClientId => Some("client_id"),
        Field::ClientSecret => Some("client_secret"),
        Field::RefreshToken => Some("refresh_token"),
        Field::DeveloperToken
        | Field::KeyFile
        | Field::ImpersonatedEmail
        | Field::LoginCustomerId
        | Field::LinkedCustomerId => None,
    }
}

impl Format for Adc {
    fn name(&self) -> FormatName {
        FormatName::Adc
    }

    fn reader(&self) -> &'static str {
        "reader of Application Default Credentials"
    }

    fn default_location(&self) -> DefaultLocation {
        DefaultLocation::Gcloud(FILE_NAME)
    }

    fn encodings(&self) -> Encodings {
        Encodings { byte_order_mark: ByteOrderMark::LibraryFails, utf16: false, latin1: Latin1::Never }
    }

    fn fits(&self, file_name: &str, text: &str) -> bool {
        let is_user = || {
            Document::parse(text, Dialect::Strict)
                .is_ok_and(|document| matches!(kind(&document), Kind::User | Kind::ServiceAccount(_)))
        };
        file_name == FILE_NAME || (text.trim_start().starts_with('{') && is_user())
    }

    fn holds(&self, credentials: &Credentials) -> Credentials {
        let mut identity = credentials.identity.clone();
        if let Some(Identity::ServiceAccount(account)) = &mut identity {
            account.impersonate = None;
        }
        Credentials { identity, ..Credentials::default() }
    }

    fn holds_key(&self) -> bool {
        true
    }

    fn key(&self, field: Field) -> Option<&'static str> {
        key(field)
    }

    fn read(&self, text: &str) -> Result<Contents, FormatError> {
        let mut contents = Contents::default();
        if text.trim().is_empty() {
            return Ok(contents);
        }
        let document = Document::parse(text, Dialect::Strict)?;
        match kind(&document) {
            Kind::User => {}
            Kind::Missing => {
                contents.diagnostics.push(Diagnostic::new(1, TYPE, None, DiagnosticCode::Missing));
            }
            Kind::Misspelled(line) => {
                let code = DiagnosticCode::OtherWord { expected: USER };
                contents.diagnostics.push(Diagnostic::new(line, TYPE, None, code));
            }
            Kind::ServiceAccount(line) => {
                contents.conflicts.push(conflict(ConflictKind::ServiceAccount, line));
                let key = Key::Document(Secret::new(text));
                let account = ServiceAccount { key, impersonate: None };
                contents.credentials.identity = Some(Identity::ServiceAccount(account));
                return Ok(contents);
            }
            Kind::Keyless(line, kind) => {
                contents.conflicts.push(conflict(ConflictKind::Keyless(kind), line));
                return Ok(contents);
            }
        }
        for (field, name) in Field::ALL.into_iter().filter_map(|field| Some((field, key(field)?))) {
            let members = members(&document, name);
            // The last of two with the same name counts.
            let Some(member) = members.last().map(|index| &document.root.properties[*index]) else { continue };
            if let [first, .., _] = members.as_slice() {
                let code = DiagnosticCode::SetBefore { line: document.line(&document.root.properties[*first]) };
                contents.diagnostics.push(Diagnostic::new(document.line(member), name, Some(field), code));
            }
            match member.value.as_string_lit() {
                Some(value) => field::take(field, &mut contents, document.line(member), name, &value.value),
                None => {
                    let code = DiagnosticCode::WrongType(Type::NotAString);
                    contents.diagnostics.push(Diagnostic::new(document.line(member), name, Some(field), code));
                }
            }
        }
        Ok(contents)
    }

    fn write(&self, text: &str, credentials: &Credentials) -> Result<String, FormatError> {
        let credentials = &self.holds(credentials);
        let present = self.read(text)?;
        if let Some(ServiceAccount { key: Key::Document(document), .. }) = credentials.service_account() {
            return match present.credentials.identity {
                Some(Identity::User(_)) => Err(FormatError::new(
                    "the file contains a user's credentials, which cannot be in the same file as a key",
                )
                .hint("name another file")),
                Some(Identity::ServiceAccount(_)) if !is_same_account(text, document.expose()) => {
                    let reason = "the file is the key of another service account, which Google does not show again";
                    Err(FormatError::new(reason).hint("name another file, or move this one away"))
                }
                Some(Identity::ServiceAccount(_)) | None => Ok(document.expose().to_owned()),
            };
        }
        if credentials.service_account().is_some() {
            return Err(FormatError::new("this format contains the key of a service account itself, not its path"));
        }
        if present.credentials.service_account().is_some() && credentials.identity.is_none() {
            return Ok(EMPTY_FILE.to_owned());
        }
        let text = if text.trim().is_empty() { NEW_FILE } else { text };
        if let Some(conflict) = present.conflicts.first() {
            return Err(FormatError::at(conflict.line, "`type` is not that of a user's credential")
                .hint("name another file, or add `--replace-kind`"));
        }
        field::write(self, text, credentials, &|text, field, value| match key(field) {
            Some(name) => change(text, name, value),
            None => Ok(text.to_owned()),
        })
    }

    fn make_loadable(&self, text: &str) -> Result<Edit, FormatError> {
        let mut edit = self.comment_out_placeholders(text)?;
        if text.trim().is_empty() {
            return Ok(edit);
        }
        let note = match kind(&Document::parse(&edit.text, Dialect::Strict)?) {
            Kind::Missing => format!("added `{TYPE}` with the value `{USER}`"),
            Kind::Misspelled(line) => format!("line {line}: `{TYPE}` is now `{USER}`"),
            Kind::User | Kind::ServiceAccount(_) | Kind::Keyless(..) => return Ok(edit),
        };
        edit.text = change(&edit.text, TYPE, Some(USER))?;
        edit.notes.push(note);
        Ok(edit)
    }

    fn comment_out_placeholders(&self, text: &str) -> Result<Edit, FormatError> {
        let mut edit = Edit { text: text.to_owned(), notes: Vec::new() };
        if text.trim().is_empty() {
            return Ok(edit);
        }
        let document = Document::parse(text, Dialect::Strict)?;
        let is_ours = |name: &str| Field::OF_USER.into_iter().any(|field| key(field) == Some(name));
        let is_leftover = |member: &ObjectProp| {
            let value = member.value.as_string_lit();
            value.is_some_and(|value| is_placeholder_of(is_ours(member.name.as_str()), &value.value))
        };
        let properties = document.root.properties.iter().enumerate();
        let leftovers: Vec<usize> =
            properties.filter(|(_, member)| is_leftover(member)).map(|(index, _)| index).collect();
        edit.text = text_edit::apply(text, document.remove(&document.root, &leftovers));
        for member in leftovers.iter().map(|index| &document.root.properties[*index]) {
            let (line, name) = (document.line(member), field::shown(member.name.as_str()));
            edit.notes.push(format!("line {line}: {name} was a placeholder and is removed"));
        }
        Ok(edit)
    }

    fn comment_out_others(&self, text: &str, keep: IdentityKind) -> Result<Edit, FormatError> {
        let mut edit = Edit { text: text.to_owned(), notes: Vec::new() };
        let contents = self.read(text)?;
        let Some(conflict) = contents.conflict_with(keep) else { return Ok(edit) };
        let document = Document::parse(text, Dialect::Strict)?;
        match (keep, conflict.kind) {
            (IdentityKind::ServiceAccount, ConflictKind::User) => {
                let is_foreign = |member: &&ObjectProp| !OF_USER.contains(&member.name.as_str());
                if let Some(member) = document.root.properties.iter().find(is_foreign) {
                    let name = field::shown(member.name.as_str());
                    let reason =
                        format!("{name} is not a part of a user's credentials, and a key replaces the whole file");
                    return Err(FormatError::at(document.line(member), reason).hint("name another file"));
                }
                edit.text = EMPTY_FILE.to_owned();
                edit.notes.push("the user's credentials in the file are replaced by the key".to_owned());
                return Ok(edit);
            }
            (IdentityKind::ServiceAccount, _) => {
                return Err(FormatError::at(
                    conflict.line,
                    "the file contains another kind of credential, and JSON has no comments",
                )
                .hint("name another file"));
            }
            (IdentityKind::User, ConflictKind::ServiceAccount) => {
                let properties = document.root.properties.iter().enumerate();
                let of_key: Vec<usize> = properties
                    .filter(|(_, member)| KEY_FILE_MEMBERS.contains(&member.name.as_str()))
                    .map(|(index, _)| index)
                    .collect();
                let is_whole = of_key.len() == document.root.properties.len();
                let left = text_edit::apply(text, document.remove(&document.root, &of_key));
                let left = if is_whole { EMPTY_FILE } else { &left };
                edit.text = change(left, TYPE, Some(USER))?;
                edit.notes.push(
                    "the service account's key is removed; it stays valid until it is deleted in the Cloud console"
                        .to_owned(),
                );
                return Ok(edit);
            }
            (IdentityKind::User, _) => {}
        }
        for conflict in contents.conflicts {
            edit.text = change(&edit.text, TYPE, Some(USER))?;
            edit.notes
                .push(format!("line {}: `{TYPE}` is now `{USER}`; everything else in the file stays", conflict.line));
        }
        Ok(edit)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    User,
    Missing,
    /// A service account's key, with the line of `type`.
    ServiceAccount(usize),
    /// A configuration without a key: its type, in this line.
    Keyless(usize, &'static str),
    /// A user's credential whose `type`, in this line, is another word.
    Misspelled(usize),
}

fn kind(document: &Document) -> Kind {
    let Some(index) = members(document, TYPE).pop() else { return Kind::Missing };
    let member = &document.root.properties[index];
    match member.value.as_string_lit() {
        Some(value) if value.value == USER => Kind::User,
        Some(value) if value.value == SERVICE_ACCOUNT => Kind::ServiceAccount(document.line(member)),
        Some(value) if !KEYLESS.contains(&&*value.value) && !members(document, "refresh_token").is_empty() => {
            Kind::Misspelled(document.line(member))
        }
        Some(value) => {
            let known = KEYLESS.into_iter().find(|kind| value.value == *kind);
            Kind::Keyless(document.line(member), known.unwrap_or("another one"))
        }
        None => Kind::Keyless(document.line(member), "another one"),
    }
}

/// Whether both are keys of one service account.
fn is_same_account(one: &str, other: &str) -> bool {
    let (Ok(one), Ok(other)) = (Document::parse(one, Dialect::Strict), Document::parse(other, Dialect::Strict)) else {
        return false;
    };
    text(&one, "client_email") == text(&other, "client_email")
}

fn text(document: &Document, name: &str) -> Option<Secret> {
    let member = &document.root.properties[members(document, name).pop()?];
    member.value.as_string_lit().map(|value| Secret::new(&*value.value))
}

fn members(document: &Document, name: &str) -> Vec<usize> {
    let properties = document.root.properties.iter().enumerate();
    properties.filter(|(_, member)| member.name.as_str() == name).map(|(index, _)| index).collect()
}

fn change(text: &str, name: &str, value: Option<&str>) -> Result<String, FormatError> {
    let document = Document::parse(text, Dialect::Strict)?;
    let members = members(&document, name);
    if let [first, second, ..] = members[..] {
        let line = |index: usize| document.line(&document.root.properties[index]);
        return Err(FormatError::at(line(second), format!("line {} sets `{name}` as well", line(first)))
            .hint("remove one of the two lines"));
    }
    let splices = match (members.first(), value) {
        (Some(index), Some(value)) => document.set(&document.root.properties[*index], name, value),
        (Some(index), None) => document.remove(&document.root, &[*index]),
        (None, Some(value)) => document.add(&document.root, name, &json::quote(value)),
        (None, None) => Vec::new(),
    };
    Ok(text_edit::apply(text, splices))
}

fn conflict(kind: ConflictKind, line: usize) -> Conflict {
    Conflict { kind, key: TYPE.to_owned(), line, outcome: Outcome::ConflictWins }
}
