//! What a program fails on or reads in place of the credentials, although each of them is there.

use crate::credentials::Field;
use crate::format::connector::tree::Node;
use crate::format::connector::{Connector, Document, name};
use crate::format::diagnostic::Refusal;
use crate::format::{Contents, Diagnostic, DiagnosticCode, is_placeholder};

impl Connector {
    /// Adds what is wrong besides the credentials, where there are some.
    pub(super) fn check(&self, document: &Document, contents: &mut Contents) {
        self.read_first(document, contents);
        let has_token = contents.credentials.refresh_token().is_some();
        if !has_token && contents.credentials.service_account().is_none() {
            return;
        }
        let has_key = self.key_node(document).is_some();
        for path in self.demanded {
            let is_in_key = has_key && self.key_document.is_some_and(|key| below(path, key));
            let is_of_base = self.bases.is_empty() || path.rsplit_once('.').is_some_and(|(of, _)| of == document.base);
            let is_there = document.values.iter().any(|node| node.is_within(path) && !node.is_null());
            if is_of_base && !is_in_key && !is_there {
                let missing = Diagnostic::new(1, name(path), None, DiagnosticCode::Missing);
                contents.diagnostics.push(missing);
            }
        }
        if let (Some(flag), true) = (self.flag, has_token)
            && let Some(node) = document.values.iter().rfind(|node| node.is(&document.path(flag)))
            && let Some(code) = flag_code(node)
        {
            contents.diagnostics.push(Diagnostic::new(node.line, name(flag), None, code));
        }
    }

    /// What the program reads first, in the place of one of the fields.
    fn read_first(&self, document: &Document, contents: &mut Contents) {
        let Some((section, first)) = self.first_read else { return };
        let keys = self.keys.iter().map(|(field, path)| (Some(*field), *path));
        for (field, path) in keys.chain(self.key_document.map(|path| (None, path))) {
            let Some(rest) = path.strip_prefix(section) else { continue };
            let (own, inner) = (path, format!("{first}{rest}"));
            // The section of a pipeline has those of the sources in it.
            let is_of_pipeline = |node: &Node| {
                let of_source = node.path.split_once('.').map(|(_, rest)| rest);
                of_source.is_some_and(|of_source| of_source == own || of_source == inner) && !node.is(&inner)
            };
            for node in document.values.iter().filter(|node| !node.is_null()) {
                let code = match () {
                    () if node.is(&inner) => DiagnosticCode::ReadFirst,
                    () if is_of_pipeline(node) => DiagnosticCode::OfPipeline,
                    () => continue,
                };
                contents.diagnostics.push(Diagnostic::new(node.line, name(path), field, code));
            }
        }
    }
}

fn below(path: &str, section: &str) -> bool {
    path.strip_prefix(section).is_some_and(|rest| rest.starts_with('.'))
}

/// What is wrong with the flag that Python's library needs, and without which the hook finds no token.
fn flag_code(node: &Node) -> Option<DiagnosticCode> {
    let words = ["y", "yes", "t", "true", "on", "1", "n", "no", "f", "false", "off", "0"];
    match &node.text {
        Some(text) if is_placeholder(text) => Some(DiagnosticCode::Placeholder),
        Some(text) if words.iter().any(|word| text.eq_ignore_ascii_case(word)) => None,
        None if node.raw == "true" => None,
        None if node.raw == "false" || node.is_null() => Some(DiagnosticCode::Refused(Refusal::FlagOff)),
        Some(_) | None => Some(DiagnosticCode::NotABoolean),
    }
}

/// The fields that a key document stands for, so that no value is missing in its place.
pub(super) fn is_in_place_of_key(path: &str, key: Option<&str>, field: Field) -> bool {
    field.is_of_user() && key.is_some_and(|key| below(path, key))
}
