//! The key of a service account as one text of a connector's file.

use crate::credentials::{Credentials, Identity, Key, ServiceAccount};
use crate::format::connector::tree::{Node, Syntax, Value};
use crate::format::connector::{Connector, Document, name, table};
use crate::format::{Conflict, ConflictKind, Contents, Format as _, FormatError, Outcome, field};
use crate::secret::Secret;

impl Connector {
    /// The value that is the key of a service account.
    pub(super) fn key_node<'d>(&self, document: &'d Document) -> Option<&'d Node> {
        let is_key = |node: &&Node| {
            let members = node.text.as_deref().and_then(|text| table::JSON.values(text).ok()).unwrap_or_default();
            members.iter().any(|member| member.is("type") && member.text.as_deref() == Some("service_account"))
        };
        document.at(self.key_document?).rfind(is_key)
    }

    /// Returns the text with the key of these credentials, or without any.
    pub(super) fn change_key(&self, text: &str, credentials: &Credentials) -> Result<String, FormatError> {
        let Some(path) = self.key_document else { return Ok(text.to_owned()) };
        let contents = self.read(text)?;
        match credentials.service_account().map(|account| &account.key) {
            Some(Key::File(_)) => {
                Err(FormatError::new("this format contains the key of a service account itself, not its path"))
            }
            Some(Key::Document(key)) if contents.credentials.key_document() == Some(key) => Ok(text.to_owned()),
            Some(Key::Document(key)) => {
                field::refuse_two_kinds(&contents, credentials)?;
                if let Some(node) = self.document(text)?.values.iter().find(|node| node.is_below(path)) {
                    let reason = format!("`{}` is a section, in whose place the key would be", name(path));
                    return Err(FormatError::at(node.line, reason).hint("remove that section, or name another file"));
                }
                self.syntax.set(text, path, Value::Text(key.expose()))
            }
            None if credentials.identity.is_none() => match self.key_node(&self.document(text)?) {
                Some(node) => self.syntax.remove(text, node, false),
                None => Ok(text.to_owned()),
            },
            None => Ok(text.to_owned()),
        }
    }

    /// Adds the key to the contents: as the credential, unless a user's is there, and as what the program prefers to one.
    pub(super) fn read_key(&self, document: &Document, contents: &mut Contents) {
        if let Some(node) = self.key_node(document) {
            let (kind, outcome) = (ConflictKind::ServiceAccount, Outcome::ConflictWins);
            contents.conflicts.push(Conflict { kind, key: name(&node.path).to_owned(), line: node.line, outcome });
            if contents.credentials.user().is_none() {
                let key = Key::Document(Secret::new(node.text.as_deref().unwrap_or_default()));
                let account = ServiceAccount { key, impersonate: None };
                contents.credentials.identity = Some(Identity::ServiceAccount(account));
            }
        }
    }
}
