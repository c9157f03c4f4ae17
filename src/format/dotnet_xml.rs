//! `App.config` and `Web.config` of .NET programs: `<add key="…" value="…" />` in `configuration/GoogleAdsApi`.
//!
//! Settings are edited in place, in the quotes they have. .NET Framework requires a declaration of the section in
//! `configSections`, which must come first; .NET reads the section without one. `outline` finds the places.

mod insert;
mod outline;

use std::path::PathBuf;

use crate::credentials::Credentials;
use crate::format::dotnet::{self, Setting};
use crate::format::field::{self, Field};
use crate::format::text_edit;
use crate::format::{
    ByteOrderMark, Contents, DefaultLocation, Edit, Encodings, Format, FormatError, FormatName, IdentityKind, Latin1,
};
use outline::Outline;

pub struct AppConfig;

const DECLARATION: &str = r#"<section name="GoogleAdsApi" type="System.Configuration.DictionarySectionHandler" />"#;
const NEW_FILE: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <configSections>
    <section name="GoogleAdsApi" type="System.Configuration.DictionarySectionHandler" />
  </configSections>
  <GoogleAdsApi>
    <add key="OAuth2Mode" value="APPLICATION" />
  </GoogleAdsApi>
</configuration>
"#;

impl Format for AppConfig {
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
        Encodings { byte_order_mark: ByteOrderMark::Ignored, utf16: true, latin1: Latin1::IfDeclared }
    }

    fn fits(&self, file_name: &str, text: &str) -> bool {
        let has_section = || text.trim_start().starts_with('<') && text.contains("<GoogleAdsApi");
        file_name.to_ascii_lowercase().ends_with(".config") || has_section()
    }

    fn key(&self, field: Field) -> Option<&'static str> {
        Some(dotnet::key(field))
    }

    fn file_of_section(&self, text: &str) -> Option<PathBuf> {
        let outline = Outline::parse(text).ok()?;
        let file = outline.sections.last()?.file.as_ref()?;
        Some(file.split(['/', '\\']).collect())
    }

    fn read(&self, text: &str) -> Result<Contents, FormatError> {
        if text.trim().is_empty() {
            return Ok(Contents::default());
        }
        let outline = Outline::parse(text)?;
        let mut contents = dotnet::contents(&outline.settings);
        contents.diagnostics.extend(outline.diagnostics);
        Ok(contents)
    }

    fn write(&self, text: &str, credentials: &Credentials) -> Result<String, FormatError> {
        let text = if text.trim().is_empty() { NEW_FILE } else { text };
        let ready = if credentials.identity.is_some() { &with_mode(text, credentials)? } else { text };
        let new = field::write(self, ready, credentials, &|text, field, value| match value {
            Some(value) => set(text, field, value),
            None => remove(text, field),
        })?;
        if credentials.identity.is_none() { with_mode(&new, credentials) } else { Ok(new) }
    }

    fn make_loadable(&self, text: &str) -> Result<Edit, FormatError> {
        self.comment_out_placeholders(text)
    }

    fn comment_out_placeholders(&self, text: &str) -> Result<Edit, FormatError> {
        take_out(text, dotnet::placeholders)
    }

    fn comment_out_others(&self, text: &str, keep: IdentityKind) -> Result<Edit, FormatError> {
        take_out(text, |settings| dotnet::others(settings, keep))
    }
}

/// The text with the mode of a service account, if the credentials are of one: without it the key is not used. Without any
/// credentials it has a user's mode again.
fn with_mode(text: &str, credentials: &Credentials) -> Result<String, FormatError> {
    match dotnet::new_mode(&Outline::parse(text)?.settings, credentials) {
        Some(mode) => set_key(text, dotnet::MODE, mode),
        None => Ok(text.to_owned()),
    }
}

fn set(text: &str, field: Field, value: &str) -> Result<String, FormatError> {
    // XML cannot represent these two characters.
    if value.contains(['\u{fffe}', '\u{ffff}']) {
        return Err(FormatError::new(format!("the {} to write contains a character that XML forbids", field.name())));
    }
    set_key(text, dotnet::key(field), value)
}

fn set_key(text: &str, key: &str, value: &str) -> Result<String, FormatError> {
    let outline = Outline::parse(text)?;
    if let Some(index) = dotnet::find(&outline.settings, key)? {
        let element = &outline.elements[index];
        return Ok(text_edit::apply(text, vec![(element.value.clone(), escape(value, element.quote))]));
    }
    let Some(section) = outline.sections.last() else { return set_key(&with_section(text, &outline)?, key, value) };
    if let Some(line) = section.elsewhere {
        return Err(FormatError::at(line, "the section is encrypted, or in a file that is not there")
            .hint("write the section without that attribute, or name another file"));
    }
    let added = format!("<add key=\"{key}\" value=\"{}\" />", escape(value, '"'));
    let keys = Field::ALL.map(dotnet::key);
    let ours = outline.settings.iter().rposition(|setting| keys.contains(&setting.key.as_str()));
    let neighbor = ours.or(outline.elements.len().checked_sub(1)).map(|index| &outline.elements[index]);
    Ok(match neighbor.filter(|element| section.inside.contains(&element.whole.start)) {
        Some(neighbor) => insert::after(text, &neighbor.whole, &added),
        None => insert::last(text, section, &[&added]),
    })
}

fn remove(text: &str, field: Field) -> Result<String, FormatError> {
    let outline = Outline::parse(text)?;
    let Some(index) = dotnet::find(&outline.settings, dotnet::key(field))? else { return Ok(text.to_owned()) };
    let element = outline.elements[index].whole.clone();
    let range = text_edit::whole_lines(text, element.clone()).unwrap_or(element);
    Ok(text_edit::apply(text, vec![(range, String::new())]))
}

/// The text with the section, and with its declaration.
fn with_section(text: &str, outline: &Outline) -> Result<String, FormatError> {
    let mode = format!("\t<add key=\"{}\" value=\"{}\" />", dotnet::MODE, dotnet::mode(IdentityKind::User));
    let with_section = insert::last(text, &outline.root, &["<GoogleAdsApi>", &mode, "</GoogleAdsApi>"]);
    if outline.declared {
        return Ok(with_section);
    }
    let outline = Outline::parse(&with_section)?;
    let declaration = format!("\t{DECLARATION}");
    Ok(match &outline.declarations {
        Some(declarations) => insert::last(&with_section, declarations, &[DECLARATION]),
        None => {
            let lines = ["<configSections>", declaration.as_str(), "</configSections>"];
            insert::first(&with_section, &outline.root, &lines)
        }
    })
}

/// The text with these settings in comments; the mode is set to a user's instead.
fn take_out(text: &str, choose: impl Fn(&[Setting]) -> Vec<usize>) -> Result<Edit, FormatError> {
    let mut notes = Vec::new();
    if text.trim().is_empty() {
        return Ok(Edit { text: text.to_owned(), notes });
    }
    let outline = Outline::parse(text)?;
    let mut splices = Vec::new();
    for index in choose(&outline.settings) {
        let (setting, element) = (&outline.settings[index], &outline.elements[index]);
        if setting.key == dotnet::MODE {
            let mode = dotnet::mode(IdentityKind::User);
            splices.push((element.value.clone(), mode.to_owned()));
            notes.push(dotnet::note(setting, &format!("is now `{mode}`")));
        } else {
            splices.push((element.whole.clone(), comment(&text[element.whole.clone()])));
            notes.push(dotnet::note(setting, "is commented out"));
        }
    }
    let text = text_edit::apply(text, splices);
    Outline::parse(&text)?;
    Ok(Edit { text, notes })
}

/// Returns an element as a comment. Two hyphens would end the comment; in an attribute the second can be a reference.
fn comment(element: &str) -> String {
    format!("<!-- {} -->", element.replace("--", "-&#45;"))
}

/// Returns a value for an attribute in these quotes.
fn escape(value: &str, quote: char) -> String {
    let mut escaped = String::with_capacity(value.len() + 16);
    for char in value.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' if quote == '"' => escaped.push_str("&quot;"),
            '\'' if quote == '\'' => escaped.push_str("&apos;"),
            char => escaped.push(char),
        }
    }
    escaped
}
