//! The document of a credential in a secret manager: one JSON object on one line.
//!
//! It has the form of an Application Default Credentials file, with the customer IDs and the developer token added.
//! Unknown members stay unchanged. The reason why a document cannot be used is a fixed text: a parser's own message
//! could quote a secret.

use std::fmt::Write as _;

use serde_json::Value;

use crate::credentials::{Credentials, CustomerId, Field, Identity, KEY_FILE_MEMBERS, Key, ServiceAccount};
use crate::format::{self, Contents};
use crate::secret::Secret;
use crate::store::Extras;
use crate::store::document::json::{Members, Unique, in_ascii, is_same};
use crate::strict_json::Unfit;
use crate::term;

mod json;

pub use json::on_one_line;

/// The largest document, in bytes.
pub const MOST: usize = 64 * 1024;
/// The largest one to write, in bytes: a manager may print it with spaces and line ends.
pub const MOST_WRITTEN: usize = 48 * 1024;

const BYTE_ORDER_MARK: char = '\u{feff}';
const TYPE: &str = "type";
const USER: &str = "authorized_user";
const SERVICE_ACCOUNT: &str = "service_account";
/// The fields in addition to a user's credential or a service account's key.
const BESIDE: [Field; 3] = [Field::DeveloperToken, Field::LoginCustomerId, Field::LinkedCustomerId];

/// A document: its members in order, each with its value as JSON.
#[derive(Clone, Debug, Default)]
pub struct Document(Vec<(String, Secret)>);

impl Document {
    /// Parses what a secret manager printed; `None` for spaces only, or an object without members. The error says what
    /// it is instead.
    pub fn read(bytes: &[u8]) -> Result<Option<Document>, Unfit> {
        let text = std::str::from_utf8(bytes).map_err(|_| Unfit::new("is not UTF-8 text"))?;
        let text = text.trim_start_matches(BYTE_ORDER_MARK).trim();
        if text.is_empty() {
            return Ok(None);
        }
        if text.starts_with('<') {
            return Err(Unfit::new("is a web page, not a document: it may want you to sign in")
                .hint("sign in to the secret manager, then try again"));
        }
        if !text.starts_with('{') {
            return Err(Unfit::new(match text {
                _ if text.contains('{') => "is not a JSON object alone: other text is before it",
                // What `{"` begins with.
                _ if text.starts_with("eyJ") => "is in base64, not a JSON object",
                _ => "is not a JSON object",
            }));
        }
        let malformed = |error: serde_json::Error| {
            Unfit::new(match error.classify() {
                serde_json::error::Category::Data => "holds two members of one name".to_owned(),
                serde_json::error::Category::Eof => "is cut short: its JSON has no end".to_owned(),
                _ if error.to_string().starts_with("trailing characters") => {
                    "is not valid JSON: other text is behind the object".to_owned()
                }
                _ => format!("is not valid JSON (line {}, column {})", error.line(), error.column()),
            })
        };
        serde_json::from_str::<Unique>(text).map_err(malformed)?;
        let Members(members) = serde_json::from_str(text).map_err(malformed)?;
        Ok(Some(Document(members)).filter(|document| !document.0.is_empty()))
    }

    /// Returns the contents of the document, or why it has none: a member of a wrong type, or another kind of entry.
    pub fn contents(&self) -> Result<Contents, Unfit> {
        let mut credentials = Credentials::default();
        let misspelled = |contents: &Contents| {
            let members = self.0.iter().map(|(name, json)| (name.as_str(), json.expose()));
            format::misspelled_members(members, contents)
        };
        match self.text(TYPE)?.as_ref().map(Secret::expose) {
            Some(USER) => self.read_fields(&Field::OF_USER, &mut credentials)?,
            None if Field::OF_USER.iter().any(|field| self.get(field.key()).is_some()) => {
                self.read_fields(&Field::OF_USER, &mut credentials)?;
            }
            Some(SERVICE_ACCOUNT) => {
                let impersonate = self.text(Field::ImpersonatedEmail.key())?.map(|email| email.expose().to_owned());
                let key = Key::Document(self.key().line());
                credentials.identity = Some(Identity::ServiceAccount(ServiceAccount { key, impersonate }));
            }
            Some(other) => {
                return Err(Unfit::new(format!("is of the type `{}`, which is not used here", term::excerpt(other))));
            }
            None => {
                return Err(match misspelled(&Contents::default()).first() {
                    Some(about) => Unfit::new(format!("has no member of a credential: {about}"))
                        .hint("rename it in the entry: nothing is written over a document like this"),
                    None => Unfit::new("is something else: an object without `type`"),
                });
            }
        }
        self.read_fields(&BESIDE, &mut credentials)?;
        let mut contents = Contents::of(credentials);
        if contents.credentials.service_account().is_none() {
            contents.diagnostics = misspelled(&contents);
        }
        Ok(contents)
    }

    fn read_fields(&self, fields: &[Field], credentials: &mut Credentials) -> Result<(), Unfit> {
        for field in fields {
            let number = field.is_customer_id().then(|| self.get(field.key())).flatten();
            let digits = number.filter(|json| CustomerId::exact(json.expose()).is_some()).cloned();
            let value = digits.map_or_else(|| self.text(field.key()), |digits| Ok(Some(digits)))?;
            if let Some(value) = value
                && !field.set(credentials, Some(value.expose()))
            {
                let fact = format!("holds a `{}` that is not ten digits", field.key());
                let digits = CustomerId::typed(value.expose());
                let digits = digits.map_or("the ten digits of a customer ID".to_owned(), |id| format!("`{id}`"));
                return Err(Unfit::new(fact).hint(format!("write {digits} there, as a text")));
            }
        }
        Ok(())
    }

    /// Returns the document with exactly these credentials; everything else in it stays.
    pub fn with(&self, credentials: &Credentials) -> Document {
        let mut document = self.clone();
        let set = |document: &mut Document, field: &Field| {
            document.set(field.key(), field.get(credentials).map(str::to_owned));
        };
        match credentials.service_account() {
            Some(ServiceAccount { key: Key::Document(key), .. }) => {
                let text = key.expose().trim_start_matches(BYTE_ORDER_MARK);
                if let Ok(Members(members)) = serde_json::from_str(text) {
                    // The other members keep their order, so that the same key makes the same document.
                    let is_replaced = |name: &str| {
                        let is_old = KEY_FILE_MEMBERS.contains(&name) || is_of_user(name);
                        is_old && members.iter().all(|(new, _)| new != name)
                    };
                    document.0.retain(|(name, _)| !is_replaced(name));
                    members.into_iter().for_each(|(name, json)| document.set_json(&name, json));
                }
                set(&mut document, &Field::ImpersonatedEmail);
            }
            Some(_) | None => {
                document.drop_key();
                document.set(TYPE, Some(USER.to_owned()));
                Field::OF_USER.iter().for_each(|field| set(&mut document, field));
            }
        }
        BESIDE.iter().for_each(|field| set(&mut document, field));
        document
    }

    /// Returns the members that are a service account's key.
    fn key(&self) -> Document {
        let beside = |name: &str| BESIDE.iter().chain(&[Field::ImpersonatedEmail]).any(|field| field.key() == name);
        Document(self.0.iter().filter(|(name, _)| !beside(name)).cloned().collect())
    }

    /// Removes a service account's key, and the members that belong to it.
    fn drop_key(&mut self) {
        if self.is_of_service_account() {
            let beside = Field::ImpersonatedEmail.key();
            self.0.retain(|(name, _)| !KEY_FILE_MEMBERS.contains(&name.as_str()) && name != beside);
            self.set(TYPE, Some(USER.to_owned()));
        }
    }

    /// Returns the document without what gives access.
    pub fn without_token(&self) -> Document {
        let mut document = self.clone();
        document.drop_key();
        document.set(Field::RefreshToken.key(), None);
        document
    }

    /// Returns one line of JSON in ASCII, whatever locale the program that reads it uses.
    pub fn line(&self) -> Secret {
        let mut line = String::from("{");
        for (index, (name, value)) in self.0.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let _ = write!(line, "{comma}{}:{}", Value::from(name.as_str()), value.expose());
        }
        line.push('}');
        Secret::new(in_ascii(&on_one_line(&line)))
    }

    /// Returns the name of a member that the other document lacks or has with another value.
    pub fn differs_in<'d>(&'d self, other: &Document) -> Option<&'d str> {
        let value = |json: &Secret| serde_json::from_str::<Value>(json.expose()).unwrap_or_default();
        let same =
            |name: &str, json: &Secret| other.get(name).is_some_and(|other| is_same(&value(json), &value(other)));
        self.0.iter().find(|(name, json)| !same(name, json)).map(|(name, _)| name.as_str())
    }

    /// Returns the name of a member that the new document lacks and `now` still has. Empty or `null`, it counts as removed.
    pub fn left_in<'d>(&'d self, now: &Document, new: &Document) -> Option<&'d str> {
        let is_left = |name: &str| now.get(name).is_some_and(|json| !["null", "\"\""].contains(&json.expose()));
        self.0.iter().map(|(name, _)| name.as_str()).find(|name| new.get(name).is_none() && is_left(name))
    }

    /// Returns the members that are not ours.
    pub fn extras(&self) -> Extras {
        let is_account = self.is_of_service_account();
        let known = |name: &str| {
            let is_ours = match is_account {
                true => KEY_FILE_MEMBERS.contains(&name) || name == Field::ImpersonatedEmail.key(),
                false => name == TYPE || is_of_user(name),
            };
            is_ours || BESIDE.iter().any(|field| field.key() == name)
        };
        Extras(self.0.iter().filter(|(name, _)| !known(name)).cloned().collect())
    }

    /// Returns the document with these members; its own stay.
    pub fn with_extras(mut self, extras: &Extras) -> Document {
        for (name, value) in &extras.0 {
            if self.get(name).is_none() {
                self.0.push((name.clone(), value.clone()));
            }
        }
        self
    }

    /// Returns every text in it that must not be shown.
    pub fn secrets(&self) -> Vec<Secret> {
        let named = Field::ALL.into_iter().filter(|field| field.is_secret()).map(Field::key);
        named.chain(["private_key"]).filter_map(|name| self.text(name).ok().flatten()).collect()
    }

    fn is_of_service_account(&self) -> bool {
        self.text(TYPE).ok().flatten().is_some_and(|kind| kind.expose() == SERVICE_ACCOUNT)
    }

    fn get(&self, name: &str) -> Option<&Secret> {
        self.0.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    fn set(&mut self, name: &str, value: Option<String>) {
        let Some(value) = value.map(|value| Secret::new(Value::from(value).to_string())) else {
            return self.0.retain(|(member, _)| member != name);
        };
        self.set_json(name, value);
    }

    fn set_json(&mut self, name: &str, value: Secret) {
        match self.0.iter_mut().find(|(member, _)| member == name) {
            Some((_, old)) => *old = value,
            None if name == TYPE => self.0.insert(0, (name.to_owned(), value)),
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Returns a member's text; `None` if it is empty or `null`.
    fn text(&self, name: &str) -> Result<Option<Secret>, Unfit> {
        let Some(json) = self.get(name) else { return Ok(None) };
        match serde_json::from_str(json.expose()) {
            Ok(Value::Null) => Ok(None),
            Ok(Value::String(text)) => Ok(Some(text).filter(|text| !text.is_empty()).map(Secret::new)),
            _ => Err(Unfit::new(format!("holds a `{name}` that is not a text"))),
        }
    }
}

fn is_of_user(name: &str) -> bool {
    Field::OF_USER.iter().any(|field| field.key() == name)
}
