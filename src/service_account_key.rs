//! Parses the JSON key file of a service account, or recognizes what the file is instead.
//!
//! Nothing in the file is trusted, and nothing in it is quoted except the host of an address. Its `token_uri` is only
//! checked, never used. Every problem with the file, including a missing one, is [`Kind::KeyFile`]: the user has to
//! give another file.

mod other;

use std::path::Path;

use crate::client_secrets::addresses;
use crate::credentials::{AccountKey, KEY_FILE_MEMBERS, Key};
use crate::error::{Error, Kind, Result};
use crate::google::{Endpoints, KeyProblem, SigningKey};
use crate::profile;
use crate::secret::Secret;
use crate::strict_json::{self, Json, Object, Unfit};
use crate::{disk, standard_input, term, value_kind};

/// Where service accounts and their keys are created, disabled and deleted.
pub const CONSOLE: &str = "https://console.cloud.google.com/iam-admin/serviceaccounts";

/// The endpoints in Google's key files over the years. The libraries send the signed request there.
const TOKEN_ENDPOINTS: [&str; 4] = [
    "https://oauth2.googleapis.com/token",
    "https://accounts.google.com/o/oauth2/token",
    "https://www.googleapis.com/oauth2/v4/token",
    "https://www.googleapis.com/oauth2/v3/token",
];

/// RFC 5321 section 4.5.3.1.3.
const LONGEST_EMAIL: usize = 254;
const LONGEST_ID: usize = 256;

const BYTE_ORDER_MARK: char = '\u{feff}';
/// Followed by the file; GNU sed takes the bytes as such in every locale.
const REMOVE_MARK: &str = r"sed -i '1s/^\xEF\xBB\xBF//'";

/// A key and the JSON that it was read from.
pub struct KeyFile {
    pub key: AccountKey,
    pub document: Secret,
}

/// Reads the key file at that path.
pub fn read(path: &Path, endpoints: &Endpoints) -> Result<KeyFile> {
    let source = term::path(path);
    let missing = || Error::new(Kind::KeyFile, format!("{source} does not exist"));
    let text = disk::read(path).and_then(|text| text.ok_or_else(missing)).map_err(|error| {
        if other::is_pkcs12(path) {
            return Error::new(Kind::KeyFile, format!("{source} is a PKCS#12 key, which no Google Ads library reads"))
                .hint(new_key());
        }
        let is_not_text = path.is_file() && error.kind() == Kind::Parse;
        let error = error.with_kind(Kind::KeyFile);
        if disk::is_stream(path) {
            return error.hint(disk::FROM_STDIN);
        }
        if is_not_text {
            return error.hint(unchanged());
        }
        error.hint_if_none("give the path of the JSON key, as in `gads-creds login --key-file FILE`")
    })?;
    let document = Secret::new(text);
    if document.expose().starts_with(BYTE_ORDER_MARK) {
        return Err(marked(&source).hint(format!("remove it: `{REMOVE_MARK} {}`", profile::quoted(path))));
    }
    Ok(KeyFile { key: parse(&document, &source, endpoints)?, document })
}

/// Reads a key from standard input.
pub fn read_from_stdin(endpoints: &Endpoints) -> Result<KeyFile> {
    const SOURCE: &str = "standard input";
    let text = standard_input::read().map_err(|problem| {
        Error::new(Kind::KeyFile, format!("{SOURCE} {}", problem.fact("key file")))
            .hint("give it the JSON of the key, as in `gads-creds login --key-file - --store keychain < key.json`")
    })?;
    let document = Secret::new(text);
    Ok(KeyFile { key: parse(&document, SOURCE, endpoints)?, document })
}

/// Parses the JSON of a key. `source` names it in messages: a path by [`term::path`], or where it is stored.
pub fn parse(document: &Secret, source: &str, endpoints: &Endpoints) -> Result<AccountKey> {
    let text = document.expose();
    if text.starts_with(BYTE_ORDER_MARK) {
        return Err(marked(source).hint(format!(
            "remove it with `{REMOVE_MARK} FILE` from the file that the key comes from, and log in with that file"
        )));
    }
    key(text, endpoints).map_err(|unfit| {
        Error::new(Kind::KeyFile, format!("{source} {}", unfit.fact)).hint(unfit.hint.unwrap_or_else(new_key))
    })
}

/// The error for a key that this program could read, and the libraries, which hand the text to a strict parser, cannot.
fn marked(source: &str) -> Error {
    Error::new(Kind::KeyFile, format!("{source} begins with a byte order mark, with which no library loads a key"))
}

/// Returns the next step for a key that cannot be used.
fn new_key() -> String {
    format!(
        "create a key of type JSON at {CONSOLE} (the account, Keys, Add key) and run `gads-creds login --key-file FILE`"
    )
}

/// Returns the next step for a key that was modified on its way.
fn unchanged() -> String {
    format!(
        "copy the whole file again, as it was downloaded; if that is lost, create another key at {CONSOLE} and run \
         `gads-creds login --key-file FILE`"
    )
}

fn key(text: &str, endpoints: &Endpoints) -> std::result::Result<AccountKey, Unfit> {
    if let Some(unfit) = other::text(text) {
        return Err(unfit);
    }
    let is_damaged = text.contains("private_key");
    let object = match strict_json::parse(text) {
        Ok(Json::Object(object)) => object,
        Ok(other) => return Err(Unfit::new(format!("holds {}, not an object of JSON", other.what()))),
        Err(unfit) if is_damaged => return Err(Unfit::new(unfit.fact).hint(unchanged())),
        Err(unfit) => return Err(unfit),
    };
    if object.has("sops") || object.text("type")? != Some("service_account") {
        return Err(other::object(&object));
    }
    if let Some(universe) = object.text("universe_domain")?
        && universe != "googleapis.com"
    {
        return Err(Unfit::new("is of another universe than `googleapis.com`, where Google Ads is not available"));
    }
    let token_uri = required(&object, "token_uri")?;
    let changed =
        |fact: String| Unfit::new(fact).hint(format!("the file was changed: create another key at {CONSOLE}"));
    for name in ["token_uri", "auth_uri"] {
        addresses::check(&object, name, endpoints).map_err(|unfit| changed(unfit.fact))?;
    }
    if token_uri.starts_with("https://") && !TOKEN_ENDPOINTS.contains(&token_uri) {
        return Err(changed("names a `token_uri` that is not Google's token endpoint".to_owned()));
    }
    let email = required(&object, "client_email")?;
    let is_address = |(name, host): (&str, &str)| !name.is_empty() && !host.is_empty() && !host.contains('@');
    if email.len() > LONGEST_EMAIL || !email.split_once('@').is_some_and(is_address) {
        return Err(Unfit::new("has a `client_email` that is not an address"));
    }
    let private_key = Secret::new(required(&object, "private_key")?);
    SigningKey::from_pem(&private_key).map_err(not_a_key)?;
    let key = AccountKey {
        email: email.to_owned(),
        key_id: required(&object, "private_key_id")?.to_owned(),
        private_key,
        project: optional(&object, "project_id")?,
        client_id: optional(&object, "client_id")?,
    };
    // A secret manager's document with two members of the same name could not be read back.
    if object.has_member_twice() {
        return Err(Unfit::new("has two members of one name").hint(unchanged()));
    }
    Ok(key)
}

/// Returns the text of a member that every key file has.
fn required<'o>(object: &'o Object, name: &str) -> std::result::Result<&'o str, Unfit> {
    let text = object.text(name)?.ok_or_else(|| Unfit::new(format!("has no `{name}`")))?;
    match text {
        "" => Err(Unfit::new(format!("has an empty `{name}`"))),
        _ if value_kind::is_placeholder(text) => Err(Unfit::new(format!("has a placeholder as its `{name}`"))),
        _ if name == "private_key" => Ok(text),
        _ => plain(name, text),
    }
}

fn optional(object: &Object, name: &str) -> std::result::Result<Option<String>, Unfit> {
    let text = object.text(name)?.filter(|text| !text.is_empty());
    text.map(|text| plain(name, text).map(str::to_owned)).transpose()
}

/// Fails unless the text has only the characters of Google's IDs and addresses, so that it can be shown and sent.
fn plain<'t>(name: &str, text: &'t str) -> std::result::Result<&'t str, Unfit> {
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"._~@:/+-".contains(&byte);
    if name != "token_uri" && !text.bytes().all(usual) {
        return Err(Unfit::new(format!("has characters in its `{name}` that Google's key files do not have")));
    }
    if name != "token_uri" && text.len() > LONGEST_ID {
        return Err(Unfit::new(format!("has a `{name}` of more than {LONGEST_ID} characters")));
    }
    Ok(text)
}

fn not_a_key(problem: KeyProblem) -> Unfit {
    let (fact, is_changed) = match problem {
        KeyProblem::NotPem => ("has a `private_key` that is not PEM", false),
        KeyProblem::EscapedLineBreaks => {
            return Unfit::new(
                "has a `private_key` with `\\n` as two characters in place of line breaks: it was escaped twice",
            )
            .hint(
                "use the file as it was downloaded; in a variable or a YAML file, keep each `\\n` of the JSON single",
            );
        }
        KeyProblem::NoLineBreaks => ("has a `private_key` without its line breaks", true),
        KeyProblem::Truncated => ("has a `private_key` without its end: only a part was copied", true),
        KeyProblem::Several => ("has more than one key or certificate in its `private_key`", true),
        KeyProblem::Pkcs1 => ("has a `private_key` in PKCS#1, not in PKCS#8 as Google's key files have it", false),
        KeyProblem::OtherForm => ("has a `private_key` that is not in PKCS#8, as Google's key files have it", false),
        KeyProblem::Encrypted => ("has a `private_key` with a passphrase, which no library asks for", false),
        KeyProblem::Public => ("has a public key or a certificate as its `private_key`", false),
        KeyProblem::NotRsa => ("has a `private_key` that is not an RSA key, which the Google Ads API requires", false),
        KeyProblem::Size => {
            ("has an RSA key of another size than Google's keys: 2048 to 4096 bits, exponent 65537", false)
        }
        KeyProblem::Damaged => ("has a damaged `private_key`: characters are missing or changed", true),
    };
    let unfit = Unfit::new(fact);
    if is_changed { unfit.hint(unchanged()) } else { unfit }
}

/// Whether both are the same key. A path is the same as the JSON in that file, and what else an entry has is not part of the key.
pub fn is_same(one: &Key, other: &Key) -> bool {
    let json = |key: &Key| -> Option<serde_json::Value> {
        match key {
            Key::Document(document) => serde_json::from_str(document.expose()).ok(),
            Key::File(path) => serde_json::from_str(&disk::read(path).ok()??).ok(),
        }
    };
    let members = |key: &Key| json(key).map(|json| KEY_FILE_MEMBERS.map(|name| json.get(name).cloned()));
    one == other || members(one).is_some_and(|one| members(other) == Some(one))
}
