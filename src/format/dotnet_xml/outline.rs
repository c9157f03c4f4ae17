//! The byte ranges of the section, its settings and the declarations in an `App.config`.
//!
//! Read by events with an explicit stack, so that nesting is not limited by the call stack. A document type is an error, since
//! the entities that it declares could be anything.

use std::ops::Range;

use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;
use quick_xml::{Reader, XmlVersion};

use crate::format::diagnostic::Elsewhere;
use crate::format::dotnet::{SECTION, Setting};
use crate::format::text_edit::Lines;
use crate::format::{Diagnostic, DiagnosticCode, FormatError};
use crate::syntax_cause::Syntax;

/// The parts of an `App.config` that matter here.
#[derive(Debug)]
pub struct Outline {
    pub root: Container,
    pub declarations: Option<Container>,
    /// Whether one of the declarations is of the section.
    pub declared: bool,
    pub sections: Vec<Container>,
    pub settings: Vec<Setting>,
    /// The element of each setting.
    pub elements: Vec<Element>,
    pub diagnostics: Vec<Diagnostic>,
}

/// An element that contains others.
#[derive(Clone, Debug)]
pub struct Container {
    pub start_tag: Range<usize>,
    /// The content between its tags; for `<one />` an empty range after the tag.
    pub inside: Range<usize>,
    pub is_closed_in_start_tag: bool,
    /// The line with an attribute that moves its content to another file, or encrypts it.
    pub elsewhere: Option<usize>,
    /// The path of that file.
    pub file: Option<String>,
}

/// The element of a setting.
#[derive(Clone, Debug)]
pub struct Element {
    pub whole: Range<usize>,
    /// Its value, without the quotes.
    pub value: Range<usize>,
    pub quote: char,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Location {
    Root,
    Declarations,
    Section,
    Setting,
    Other,
}

impl Outline {
    pub fn parse(text: &str) -> Result<Outline, FormatError> {
        Outline::parsed(text).map_err(|error| error.explained(text, Syntax::Xml))
    }

    fn parsed(text: &str) -> Result<Outline, FormatError> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_comments = true;
        let lines = Lines::of(text);
        let malformed = |at: usize| FormatError::at(lines.number(at), "is not well-formed XML");
        // The parser accepts these (XML 1.0, section 2.2).
        let is_forbidden = |char: char| char.is_ascii_control() && !matches!(char, '\t' | '\n' | '\r' | '\x7f');
        if let Some(at) = text.find(is_forbidden) {
            return Err(malformed(at));
        }
        let mut outline = None;
        let mut open: Vec<Location> = Vec::new();
        loop {
            let start = offset(reader.buffer_position());
            let event = reader.read_event().map_err(|_| malformed(offset(reader.error_position())))?;
            let range = start..offset(reader.buffer_position());
            match event {
                Event::Start(ref tag) | Event::Empty(ref tag) => {
                    let line = lines.number(start);
                    let attributes = read_attributes(text, tag.attributes(), line)?;
                    let is_closed = matches!(event, Event::Empty(_));
                    let name = tag.name();
                    let tag = Tag { name: name.as_ref(), attributes, range, line, is_closed };
                    let place = enter(&mut outline, open.last(), &tag)?;
                    if !is_closed {
                        open.push(place);
                    }
                }
                Event::End(_) => leave(&mut outline, open.pop(), range),
                Event::Eof => break,
                Event::DocType(_) => {
                    let line = lines.number(start);
                    return Err(FormatError::at(line, "is a document type, which gads-creds does not read"));
                }
                Event::Text(words) if open.is_empty() && !words.trim().is_empty() => return Err(malformed(start)),
                Event::GeneralRef(ref name) if !is_reference(name) => {
                    return Err(FormatError::at(lines.number(start), AMPERSAND));
                }
                // A declaration is only one at the very beginning.
                Event::Decl(_) if start > 0 => {
                    return Err(FormatError::at(
                        lines.number(start),
                        "is an XML declaration, which has to be the first line",
                    )
                    .hint("remove what is before it"));
                }
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {}
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
        match outline {
            Some(outline) if open.is_empty() => match outline.sections.get(1) {
                None => Ok(outline),
                Some(second) => {
                    let line = lines.number(second.start_tag.start);
                    Err(FormatError::at(line, "is a second section `GoogleAdsApi`, and .NET accepts only one")
                        .hint("merge the two sections"))
                }
            },
            Some(_) => Err(malformed(text.len())),
            None => Err(FormatError::new("contains no element `configuration`")),
        }
    }
}

/// Whether .NET accepts the path of a section's file: relative, and not above the directory of the configuration.
fn is_below(path: &str) -> bool {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    !path.trim().is_empty() && !path.contains(':') && !parts[0].is_empty() && !parts.contains(&"..")
}

/// A start tag, or an empty element.
struct Tag<'t> {
    name: &'t str,
    attributes: Vec<Attribute>,
    range: Range<usize>,
    line: usize,
    is_closed: bool,
}

struct Attribute {
    name: String,
    value: String,
    range: Range<usize>,
    quote: char,
}

impl Tag<'_> {
    fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The element as a container; its end is set when its end tag comes.
    fn container(&self) -> Container {
        Container {
            start_tag: self.range.clone(),
            inside: self.range.end..self.range.end,
            is_closed_in_start_tag: self.is_closed,
            elsewhere: None,
            file: None,
        }
    }

    fn diagnostic(&self, key: &str, code: DiagnosticCode) -> Diagnostic {
        Diagnostic::new(self.line, key, None, code)
    }
}

fn enter(outline: &mut Option<Outline>, parent: Option<&Location>, tag: &Tag) -> Result<Location, FormatError> {
    let Some(outline) = outline else {
        let begun = outline.insert(Outline::begun_by(tag)?);
        return Ok(if begun.sections.is_empty() { Location::Root } else { Location::Section });
    };
    match (parent, tag.name) {
        (None, _) => Err(FormatError::at(tag.line, "is a second root element")),
        (Some(Location::Root), "configSections") if outline.declarations.is_none() => {
            outline.declarations = Some(tag.container());
            Ok(Location::Declarations)
        }
        (Some(Location::Declarations), "section") => {
            outline.declared |= tag.attribute("name").is_some_and(|name| name.value == SECTION);
            Ok(Location::Other)
        }
        (Some(Location::Root), SECTION) => Ok(outline.enter_section(tag)),
        (Some(Location::Section), _) => Ok(outline.enter_setting(tag)),
        _ => Ok(Location::Other),
    }
}

impl Outline {
    /// The outline of a file with this root element, before its content is read.
    fn begun_by(tag: &Tag) -> Result<Outline, FormatError> {
        if tag.name == SECTION {
            return Ok(Outline::of_section(tag));
        }
        if tag.name != "configuration" {
            return Err(FormatError::at(
                tag.line,
                "is not the element `configuration` that a .NET configuration begins with",
            ));
        }
        Ok(Outline {
            root: tag.container(),
            declarations: None,
            declared: false,
            sections: Vec::new(),
            settings: Vec::new(),
            elements: Vec::new(),
            diagnostics: (tag.attribute("xmlns").iter())
                .map(|_| tag.diagnostic("xmlns", DiagnosticCode::XmlNamespace))
                .collect(),
        })
    }

    /// The outline of a file that holds the section alone, as `configSource` names it.
    fn of_section(tag: &Tag) -> Outline {
        let mut outline = Outline {
            root: tag.container(),
            declarations: None,
            declared: true,
            sections: Vec::new(),
            settings: Vec::new(),
            elements: Vec::new(),
            diagnostics: Vec::new(),
        };
        outline.enter_section(tag);
        outline
    }

    fn enter_section(&mut self, tag: &Tag) -> Location {
        let file = tag.attribute("configSource").map(|attribute| attribute.value.clone());
        let is_encrypted = tag.attribute("configProtectionProvider").is_some();
        if is_encrypted {
            self.diagnostics.push(tag.diagnostic(SECTION, DiagnosticCode::Encrypted));
        } else if let Some(path) = &file {
            // A file that can be read is read in place of this one.
            let why = if is_below(path) { Elsewhere::Missing } else { Elsewhere::NotBelow };
            self.diagnostics.push(tag.diagnostic(SECTION, DiagnosticCode::SectionElsewhere(why)));
        }
        let elsewhere = (is_encrypted || file.is_some()).then_some(tag.line);
        self.sections.push(Container { elsewhere, file: file.filter(|path| is_below(path)), ..tag.container() });
        Location::Section
    }

    fn enter_setting(&mut self, tag: &Tag) -> Location {
        if self.sections.last().is_some_and(|section| section.elsewhere.is_some()) {
            return Location::Other;
        }
        let ("add", Some(key), Some(value)) = (tag.name, tag.attribute("key"), tag.attribute("value")) else {
            self.diagnostics.push(tag.diagnostic(tag.name, DiagnosticCode::NotASetting));
            return Location::Other;
        };
        self.settings.push(Setting { key: key.value.clone(), value: value.value.clone(), line: tag.line });
        self.elements.push(Element { whole: tag.range.clone(), value: value.range.clone(), quote: value.quote });
        Location::Setting
    }
}

fn leave(outline: &mut Option<Outline>, place: Option<Location>, end_tag: Range<usize>) {
    let Some(outline) = outline else { return };
    match place {
        Some(Location::Root) => outline.root.inside.end = end_tag.start,
        Some(Location::Declarations) => {
            if let Some(declarations) = outline.declarations.as_mut() {
                declarations.inside.end = end_tag.start;
            }
        }
        Some(Location::Section) => {
            if let Some(section) = outline.sections.last_mut() {
                section.inside.end = end_tag.start;
            }
        }
        Some(Location::Setting) => {
            if let Some(element) = outline.elements.last_mut() {
                element.whole.end = end_tag.end;
            }
        }
        Some(Location::Other) | None => {}
    }
}

const AMPERSAND: &str = "has a `&` that begins no reference, so .NET does not read the file; write `&amp;`";
const LESS_THAN: &str = "has a `<` in a value, so .NET does not read the file; write `&lt;`";

/// Whether XML without a document type knows the reference of that name.
fn is_reference(name: &str) -> bool {
    name.starts_with('#') || ["amp", "lt", "gt", "quot", "apos"].contains(&name)
}

fn read_attributes(text: &str, attributes: Attributes, line: usize) -> Result<Vec<Attribute>, FormatError> {
    let malformed = || FormatError::at(line, "is not well-formed XML");
    let mut found = Vec::new();
    for attribute in attributes {
        let attribute = attribute.map_err(|_| malformed())?;
        if attribute.value.contains('<') {
            return Err(FormatError::at(line, LESS_THAN));
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map_err(|_| FormatError::at(line, AMPERSAND))?.into_owned();
        // The raw value is a slice of the text, so its address gives its offset.
        let start = attribute.value.as_ptr() as usize - text.as_ptr() as usize;
        let quote = if text[..start].ends_with('\'') { '\'' } else { '"' };
        let range = start..start + attribute.value.len();
        found.push(Attribute { name: attribute.key.as_ref().to_owned(), value, range, quote });
    }
    Ok(found)
}

fn offset(position: u64) -> usize {
    usize::try_from(position).expect("a position in a text that is in memory fits")
}
