//! `appsettings.json` of .NET programs: the object `GoogleAdsApi` beside the program's other settings.
//!
//! Microsoft's parser accepts comments and trailing commas, reads `"GoogleAdsApi:Key"` at the top level as a key of the section
//! and numbers and `true` as strings, and fails on a key that is there twice in any case. So a key in the wrong case, which the
//! Google Ads library does not find, is corrected when it is set: another line beside it would stop the program.

use std::collections::HashSet;

use jsonc_parser::ast::{Object, ObjectProp, Value};

use crate::credentials::Credentials;
use crate::format::dotnet::{self, Setting};
use crate::format::field::{self, Field};
use crate::format::json::{self, Dialect, Document};
use crate::format::text_edit::{self, Splice};
use crate::format::{
    ByteOrderMark, Contents, DefaultLocation, Diagnostic, DiagnosticCode, Edit, Encodings, Format, FormatError,
    FormatName, IdentityKind, Latin1,
};

pub struct AppSettings;

/// Indented as `dotnet new` does it.
const NEW_FILE: &str = "{\n  \"GoogleAdsApi\": {\n    \"OAuth2Mode\": \"APPLICATION\"\n  }\n}\n";

impl Format for AppSettings {
    fn name(&self) -> FormatName {
        dotnet::NAME
    }

    fn reader(&self) -> &'static str {
        dotnet::READER
    }

    fn default_location(&self) -> DefaultLocation {
        DefaultLocation::Nowhere
    }

    fn encodings(&self) -> Encodings {
        Encodings { byte_order_mark: ByteOrderMark::Ignored, utf16: true, latin1: Latin1::Never }
    }

    fn fits(&self, file_name: &str, text: &str) -> bool {
        let name = file_name.to_ascii_lowercase();
        let has_section = || text.contains("\"GoogleAdsApi\"");
        name.ends_with(".json") && (name.starts_with("appsettings") || has_section())
    }

    fn key(&self, field: Field) -> Option<&'static str> {
        Some(dotnet::key(field))
    }

    fn read(&self, text: &str) -> Result<Contents, FormatError> {
        if text.trim().is_empty() {
            return Ok(Contents::default());
        }
        let document = Document::parse(text, Dialect::Commented)?;
        let (settings, _) = settings(&document);
        let mut contents = dotnet::contents(&settings);
        // Here none counts.
        contents.diagnostics.retain(|diagnostic| !matches!(diagnostic.code, DiagnosticCode::SetAgain { .. }));
        contents.diagnostics.extend(misspelled_section(&document));
        let mut names = HashSet::new();
        for setting in &settings {
            if !names.insert(setting.key.to_ascii_lowercase()) {
                let (field, code) = (dotnet::field_of(&setting.key), DiagnosticCode::DuplicateInAnyCase);
                contents.diagnostics.push(Diagnostic::new(setting.line, &setting.key, field, code));
            }
        }
        Ok(contents)
    }

    fn write(&self, text: &str, credentials: &Credentials) -> Result<String, FormatError> {
        let text = if text.trim().is_empty() { NEW_FILE } else { text };
        let ready = if credentials.identity.is_some() { &with_mode(text, credentials)? } else { text };
        let new = field::write(self, ready, credentials, &|text, field, value| match value {
            Some(value) => set(text, dotnet::key(field), value),
            None => remove(text, field),
        })?;
        if credentials.identity.is_none() { with_mode(&new, credentials) } else { Ok(new) }
    }

    fn make_loadable(&self, text: &str) -> Result<Edit, FormatError> {
        if text.trim().is_empty() {
            return Ok(Edit { text: text.to_owned(), notes: Vec::new() });
        }
        let mut edit = self.comment_out_placeholders(text)?;
        let document = Document::parse(&edit.text, Dialect::Commented)?;
        let (settings, _) = settings(&document);
        let has_mode = settings.iter().any(|setting| setting.key.eq_ignore_ascii_case(dotnet::MODE));
        if let (Some(object), false) = (section(&document)?, has_mode) {
            // Dependency injection parses the mode without checking that there is one.
            let mode = dotnet::mode(IdentityKind::User);
            let splices = document.add(object, dotnet::MODE, &json::quote(mode));
            edit.text = text_edit::apply(&edit.text, splices);
            edit.notes.push(format!("added `{}` with the value `{mode}`", dotnet::MODE));
        }
        self.read(&edit.text)?;
        Ok(edit)
    }

    fn comment_out_placeholders(&self, text: &str) -> Result<Edit, FormatError> {
        if text.trim().is_empty() {
            return Ok(Edit { text: text.to_owned(), notes: Vec::new() });
        }
        take_out(text, dotnet::placeholders)
    }

    fn comment_out_others(&self, text: &str, keep: IdentityKind) -> Result<Edit, FormatError> {
        if text.trim().is_empty() {
            return Ok(Edit { text: text.to_owned(), notes: Vec::new() });
        }
        let edit = take_out(text, |settings| dotnet::others(settings, keep))?;
        self.read(&edit.text)?;
        Ok(edit)
    }
}

/// An object, and the index of a member in it.
type Location<'d, 't> = (&'d Object<'t>, usize);

/// The settings of the section, and their places.
fn settings<'d, 't>(document: &'d Document<'t>) -> (Vec<Setting>, Vec<Location<'d, 't>>) {
    let mut found = Vec::new();
    for (index, member) in document.root.properties.iter().enumerate() {
        match (&member.value, member.name.as_str()) {
            (Value::Object(section), dotnet::SECTION) => {
                let members = section.properties.iter().enumerate();
                found.extend(members.map(|(index, member)| (member, member.name.as_str(), (section, index))));
            }
            (_, name) => {
                let key = name.strip_prefix(dotnet::SECTION).and_then(|rest| rest.strip_prefix(':'));
                found.extend(key.map(|key| (member, key, (&document.root, index))));
            }
        }
    }
    let as_setting = |(member, key, place): (&ObjectProp, &str, Location<'d, 't>)| {
        let value = json::scalar(&member.value)?.into_owned();
        Some((Setting { key: key.to_owned(), value, line: document.line(member) }, place))
    };
    found.into_iter().filter_map(as_setting).unzip()
}

/// The only section, if there is one.
fn section<'d, 't>(document: &'d Document<'t>) -> Result<Option<&'d Object<'t>>, FormatError> {
    let alike = |member: &&ObjectProp| member.name.as_str().eq_ignore_ascii_case(dotnet::SECTION);
    let mut sections = document.root.properties.iter().filter(alike);
    let Some(member) = sections.next() else { return Ok(None) };
    let line = document.line(member);
    if sections.next().is_some() {
        return Err(FormatError::at(line, "`GoogleAdsApi` is there twice").hint("merge the two sections"));
    }
    match &member.value {
        Value::Object(object) if member.name.as_str() == dotnet::SECTION => Ok(Some(object)),
        Value::Object(_) => Err(FormatError::at(
            line,
            "the library does not read the section, because its name is not spelled `GoogleAdsApi`",
        )
        .hint("rename it to `GoogleAdsApi`")),
        _ => Err(FormatError::at(line, "`GoogleAdsApi` is not an object")),
    }
}

/// The text with the mode of a service account, if the credentials are of one: without it the key is not used. Without any
/// credentials it has a user's mode again.
fn with_mode(text: &str, credentials: &Credentials) -> Result<String, FormatError> {
    match dotnet::new_mode(&settings(&Document::parse(text, Dialect::Commented)?).0, credentials) {
        Some(mode) => set(text, dotnet::MODE, mode),
        None => Ok(text.to_owned()),
    }
}

fn set(text: &str, key: &str, value: &str) -> Result<String, FormatError> {
    let document = Document::parse(text, Dialect::Commented)?;
    let (settings, places) = settings(&document);
    let in_any_case = || settings.iter().position(|setting| setting.key.eq_ignore_ascii_case(key));
    if let Some(index) = dotnet::find(&settings, key)?.or_else(in_any_case) {
        let (object, member) = places[index];
        let member = &object.properties[member];
        let prefix = member.name.as_str().len() - settings[index].key.len();
        let name = format!("{}{key}", &member.name.as_str()[..prefix]);
        return Ok(text_edit::apply(text, document.set(member, &name, value)));
    }
    let Some(object) = section(&document)? else {
        let has_mode = settings.iter().any(|setting| setting.key.eq_ignore_ascii_case(dotnet::MODE));
        return set(&with_section(text, has_mode)?, key, value);
    };
    if object.properties.iter().any(|member| member.name.as_str().eq_ignore_ascii_case(key)) {
        return Err(FormatError::new(format!("`{key}` is an object or an array")));
    }
    Ok(text_edit::apply(text, document.add(object, key, &json::quote(value))))
}

/// The text with an empty section, or one that holds the mode.
fn with_section(text: &str, has_mode: bool) -> Result<String, FormatError> {
    let document = Document::parse(text, Dialect::Commented)?;
    let text = text_edit::apply(text, document.add(&document.root, dotnet::SECTION, "{}"));
    let document = Document::parse(&text, Dialect::Commented)?;
    match section(&document)? {
        Some(object) if !has_mode => {
            let splices = document.add(object, dotnet::MODE, &json::quote(dotnet::mode(IdentityKind::User)));
            Ok(text_edit::apply(&text, splices))
        }
        _ => Ok(text),
    }
}

fn remove(text: &str, field: Field) -> Result<String, FormatError> {
    let document = Document::parse(text, Dialect::Commented)?;
    let (settings, places) = settings(&document);
    let Some(index) = dotnet::find(&settings, dotnet::key(field))? else { return Ok(text.to_owned()) };
    let (object, member) = places[index];
    Ok(text_edit::apply(text, document.remove(object, &[member])))
}

/// The text with these settings in comments; the mode is set to a user's instead.
fn take_out(text: &str, choose: impl Fn(&[Setting]) -> Vec<usize>) -> Result<Edit, FormatError> {
    let document = Document::parse(text, Dialect::Commented)?;
    let (settings, places) = settings(&document);
    let mut notes = Vec::new();
    let mut splices: Vec<Splice> = Vec::new();
    let mut taken: Vec<(&Object, Vec<usize>)> = Vec::new();
    for index in choose(&settings) {
        let (setting, (object, member)) = (&settings[index], places[index]);
        if setting.key == dotnet::MODE {
            let member = &object.properties[member];
            let mode = dotnet::mode(IdentityKind::User);
            splices.extend(document.set(member, member.name.as_str(), mode));
            notes.push(dotnet::note(setting, &format!("is now `{mode}`")));
            continue;
        }
        notes.push(dotnet::note(setting, "is commented out"));
        match taken.iter_mut().find(|(other, _)| std::ptr::eq(*other, object)) {
            Some((_, members)) => members.push(member),
            None => taken.push((object, vec![member])),
        }
    }
    for (object, members) in taken {
        splices.extend(document.comment_out(object, &members));
    }
    Ok(Edit { text: text_edit::apply(text, splices), notes })
}

/// A section in another case, which only some ways to load it find.
fn misspelled_section(document: &Document) -> Option<Diagnostic> {
    let alike = |name: &str| name != dotnet::SECTION && name.eq_ignore_ascii_case(dotnet::SECTION);
    let member = document.root.properties.iter().find(|member| alike(member.name.as_str()))?;
    let code = DiagnosticCode::MisspelledKey { expected: dotnet::SECTION };
    Some(Diagnostic::new(document.line(member), member.name.as_str(), None, code))
}
