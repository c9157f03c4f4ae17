//! `google_ads_config.rb` of the Ruby library: a program that the library evaluates.
//!
//! Only plain lines are read and written, `c.client_id = '…'` in the block of `Config.new`; a value that is computed, from
//! `ENV` or from Rails credentials, is reported and left alone. Values are written in single quotes, where only `\\` and `\'`
//! are special to Ruby, so that a token can never become code.

mod code;
mod edit;
mod source;
mod value;

use std::collections::HashMap;

use crate::credentials::Credentials;
use crate::format::IdentityKind;
use crate::format::diagnostic::{IfEmpty, Refusal, Type};
use crate::format::field::{self, Field};
use crate::format::{
    ByteOrderMark, Conflict, ConflictKind, Contents, DefaultLocation, Diagnostic, DiagnosticCode, Edit, Encodings,
    Format, FormatError, FormatName, Latin1, Outcome, is_placeholder_of,
};
use edit::{comment_out, no_block, remove, set, with_block};
use source::{Assignment, Source};
use value::Value;

pub struct Ruby;

const USE_ADC: &str = "use_application_default_credentials";
/// The keys that have precedence over a refresh token, in the library's order.
const CONFLICTING: [(&str, ConflictKind); 3] = [
    (USE_ADC, ConflictKind::ApplicationDefault),
    ("authentication", ConflictKind::ServiceAccount),
    ("keyfile", ConflictKind::ServiceAccount),
];

fn key(field: Field) -> &'static str {
    match field {
        Field::DeveloperToken => "developer_token",
        Field::ClientId => "client_id",
        Field::ClientSecret => "client_secret",
        Field::RefreshToken => "refresh_token",
        Field::KeyFile => "keyfile",
        Field::ImpersonatedEmail => "impersonate",
        Field::LoginCustomerId => "login_customer_id",
        Field::LinkedCustomerId => "linked_customer_id",
    }
}

impl Format for Ruby {
    fn name(&self) -> FormatName {
        FormatName::Ruby
    }

    fn reader(&self) -> &'static str {
        "Ruby library"
    }

    fn default_location(&self) -> DefaultLocation {
        DefaultLocation::Home("google_ads_config.rb")
    }

    fn encodings(&self) -> Encodings {
        Encodings { byte_order_mark: ByteOrderMark::Ignored, utf16: false, latin1: Latin1::InComments }
    }

    fn fits(&self, file_name: &str, _text: &str) -> bool {
        file_name.ends_with(".rb")
    }

    fn key(&self, field: Field) -> Option<&'static str> {
        Some(key(field))
    }

    fn read(&self, text: &str) -> Result<Contents, FormatError> {
        let source = Source::parse(text)?;
        if source.has_code && source.block.is_none() {
            return Err(no_block());
        }
        let mut contents = Contents::default();
        for (line, name, why) in &source.refusals {
            contents.diagnostics.push(Diagnostic::new(*line, name, field_of(name), DiagnosticCode::Refused(*why)));
        }
        let active = || source.assignments.iter().enumerate().filter(|(_, assignment)| !assignment.is_comment);
        let last: HashMap<&str, usize> = active().map(|(index, assignment)| (&*assignment.key, index)).collect();
        for (index, assignment) in active() {
            let field = field_of(&assignment.key);
            let counts = last.get(assignment.key.as_str()).copied().unwrap_or(index);
            if counts != index {
                if field.is_some() {
                    let line = source.assignments[counts].line;
                    contents.diagnostics.push(diagnostic(assignment, DiagnosticCode::SetAgain { line }));
                }
                continue;
            }
            let value = assignment.value(text);
            if field.is_none_or(Field::is_of_service_account) {
                note_conflict(&mut contents, assignment, &value);
            }
            match field {
                Some(field) => take(&mut contents, field, assignment, &value),
                None if matches!(&value, Value::Text(text) if is_placeholder_of(false, text)) => {
                    contents.diagnostics.push(diagnostic(assignment, DiagnosticCode::Placeholder));
                }
                None if value == Value::CurlyQuotes => {
                    contents.diagnostics.push(diagnostic(assignment, DiagnosticCode::CurlyQuotes));
                }
                None if value == Value::AfterQuote => {
                    let code = DiagnosticCode::Refused(Refusal::AfterQuote);
                    contents.diagnostics.push(diagnostic(assignment, code));
                }
                None => {}
            }
        }
        for (line, name) in &source.mentions {
            if let Some(field) = field_of(name) {
                let code = DiagnosticCode::NamedInCode;
                contents.diagnostics.push(Diagnostic::new(*line, name, Some(field), code));
            }
        }
        if let Some(line) = source.code_behind {
            contents.diagnostics.push(Diagnostic::new(line, "end", None, DiagnosticCode::CodeAfter));
        }
        Ok(contents.settle())
    }

    fn write(&self, text: &str, credentials: &Credentials) -> Result<String, FormatError> {
        for (field, id) in [
            (Field::LoginCustomerId, &credentials.login_customer_id),
            (Field::LinkedCustomerId, &credentials.linked_customer_id),
        ] {
            if id.as_ref().is_some_and(|id| id.as_str().starts_with('0')) {
                return Err(FormatError::new(format!(
                    "the {} starts with 0, which makes it an octal number to Ruby",
                    field.name()
                )));
            }
        }
        field::write(self, &with_block(text)?, credentials, &|text, field, value| match value {
            Some(value) => set(text, key(field), value, &Field::ALL.map(key)),
            None => remove(text, key(field)),
        })
    }

    fn make_loadable(&self, text: &str) -> Result<Edit, FormatError> {
        self.comment_out_placeholders(text)
    }

    fn comment_out_placeholders(&self, text: &str) -> Result<Edit, FormatError> {
        let is_leftover = |assignment: &Assignment| {
            let is_ours = field_of(&assignment.key).is_some();
            let is_left = |value: &str| is_placeholder_of(is_ours, value);
            assignment.is_plain && matches!(assignment.value(text), Value::Text(text) if is_left(&text))
        };
        comment_out(text, is_leftover)
    }

    fn comment_out_others(&self, text: &str, keep: IdentityKind) -> Result<Edit, FormatError> {
        let contents = self.read(text)?;
        let conflicts: Vec<Conflict> = contents.conflicts_with(keep).collect();
        if conflicts.is_empty() {
            return Ok(Edit { text: text.to_owned(), notes: Vec::new() });
        }
        let of_user = |assignment: &Assignment| {
            keep == IdentityKind::ServiceAccount && Field::OF_USER.map(key).contains(&assignment.key.as_str())
        };
        let of_account = |assignment: &Assignment| {
            let keys = Field::OF_SERVICE_ACCOUNT.map(key);
            keep == IdentityKind::User && contents.has_account() && keys.contains(&assignment.key.as_str())
        };
        let source = Source::parse(text)?;
        if let Some(conflict) = conflicts.iter().find(|conflict| !is_plain(&source, conflict.line)) {
            return Err(FormatError::at(conflict.line, format!("`{}` is set by more than this line", conflict.key))
                .hint("edit the file by hand"));
        }
        let is_conflict = |assignment: &Assignment| {
            let is_active = of_user(assignment)
                || of_account(assignment)
                || conflicts.iter().any(|conflict| conflict.key == assignment.key);
            is_active && assignment.is_plain && !assignment.is_comment && assignment.value(text) != Value::Nothing
        };
        let edit = comment_out(text, is_conflict)?;
        match self.read(&edit.text)?.conflict_with(keep) {
            None => Ok(edit),
            Some(conflict) => Err(FormatError::at(conflict.line, format!("`{}` is set here as well", conflict.key))),
        }
    }
}

fn take(contents: &mut Contents, field: Field, assignment: &Assignment, value: &Value) {
    match value {
        Value::Text(text) => {
            let is_id = matches!(field, Field::LoginCustomerId | Field::LinkedCustomerId);
            if is_id && text.starts_with('0') {
                contents.diagnostics.push(diagnostic(assignment, DiagnosticCode::LeadingZero));
            } else {
                field::take(field, contents, assignment.line, &assignment.key, text);
            }
        }
        Value::Nothing if field.is_of_user() => {
            contents.diagnostics.push(diagnostic(assignment, DiagnosticCode::Empty(IfEmpty::Ignored)));
        }
        Value::Nothing => {}
        Value::Number(spelled) => {
            let is_id = matches!(field, Field::LoginCustomerId | Field::LinkedCustomerId);
            let code = match is_id {
                true if spelled.starts_with('0') => DiagnosticCode::LeadingZero,
                true => field::not_ten_digits(spelled),
                false => DiagnosticCode::WrongType(Type::Number),
            };
            contents.diagnostics.push(diagnostic(assignment, code));
        }
        Value::CurlyQuotes => contents.diagnostics.push(diagnostic(assignment, DiagnosticCode::CurlyQuotes)),
        Value::Unquoted => contents.diagnostics.push(diagnostic(assignment, DiagnosticCode::Unquoted)),
        Value::AfterQuote => {
            contents.diagnostics.push(diagnostic(assignment, DiagnosticCode::Refused(Refusal::AfterQuote)));
        }
        Value::TrailingComma => contents.diagnostics.push(diagnostic(assignment, DiagnosticCode::TrailingComma)),
        Value::True => {
            contents.diagnostics.push(diagnostic(assignment, DiagnosticCode::WrongType(Type::Boolean)));
        }
        Value::Computed => contents.diagnostics.push(diagnostic(assignment, DiagnosticCode::Computed)),
    }
}

fn note_conflict(contents: &mut Contents, assignment: &Assignment, value: &Value) {
    let Some((name, kind)) = CONFLICTING.iter().find(|(name, _)| *name == assignment.key) else { return };
    match value {
        Value::Nothing => {}
        // A flag from the environment is mostly off; a key file from the environment mostly exists.
        Value::Computed if *name == USE_ADC => {
            contents.diagnostics.push(diagnostic(assignment, DiagnosticCode::Computed));
        }
        // Ruby reads nothing of the file then.
        Value::CurlyQuotes | Value::Unquoted | Value::AfterQuote | Value::TrailingComma => {}
        Value::Text(_) | Value::Number(_) | Value::True | Value::Computed => contents.conflicts.push(Conflict {
            kind: *kind,
            key: assignment.key.clone(),
            line: assignment.line,
            outcome: Outcome::ConflictWins,
        }),
    }
}

fn is_plain(source: &Source, line: usize) -> bool {
    source.assignments.iter().any(|assignment| assignment.line == line && assignment.is_plain)
}

fn field_of(name: &str) -> Option<Field> {
    Field::ALL.into_iter().find(|field| key(*field) == name)
}

fn diagnostic(assignment: &Assignment, code: DiagnosticCode) -> Diagnostic {
    Diagnostic::new(assignment.line, &assignment.key, field_of(&assignment.key), code)
}
