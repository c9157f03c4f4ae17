//! `google_ads_php.ini` of the PHP library: `parse_ini_file` with sections and typed values.
//!
//! Unquoted text is an expression (`|&^~!` are operators, `on` and `none` are booleans, constants are replaced), so values are
//! written in double quotes, or in single quotes if they contain `${`. If a section is opened twice, the second replaces the
//! first instead of adding to it.

mod label;
mod value;

use std::collections::HashMap;

use crate::format::diagnostic::{IfEmpty, Refusal};
use crate::format::field::Field;
use crate::format::lines::{Dialect, Document, Needed, Setting};
use crate::format::text_edit;
use crate::format::{
    ByteOrderMark, ConflictKind, DefaultLocation, DiagnosticCode, Encodings, FormatError, FormatName, Latin1, Outcome,
};
use crate::syntax_cause::Syntax;

pub const PHP: Dialect = Dialect {
    name: FormatName::Php,
    reader: "PHP library",
    place: DefaultLocation::Home("google_ads_php.ini"),
    encodings: Encodings { byte_order_mark: ByteOrderMark::Ignored, utf16: false, latin1: Latin1::Anywhere },
    fits,
    keys: &[
        (Field::DeveloperToken, "GOOGLE_ADS", "developerToken"),
        (Field::ClientId, "OAUTH2", "clientId"),
        (Field::ClientSecret, "OAUTH2", "clientSecret"),
        (Field::RefreshToken, "OAUTH2", "refreshToken"),
        (Field::KeyFile, "OAUTH2", "jsonKeyFilePath"),
        (Field::ImpersonatedEmail, "OAUTH2", "impersonatedEmail"),
        (Field::LoginCustomerId, "GOOGLE_ADS", "loginCustomerId"),
        (Field::LinkedCustomerId, "GOOGLE_ADS", "linkedCustomerId"),
    ],
    assign: " = ",
    marks: &[';'],
    comment: "; ",
    prefix: "",
    lf_only: false,
    carriage_return: None,
    required: &[],
    // The library fails on a key without them.
    needed: &[Needed {
        for_service_account: true,
        section: "OAUTH2",
        key: "scopes",
        value: "https://www.googleapis.com/auth/adwords",
    }],
    flag: None,
    mode: None,
    document,
    encode,
    empty,
    conflict,
};

fn fits(file_name: &str, _text: &str) -> bool {
    file_name.ends_with(".ini")
}

fn document<'t>(dialect: &Dialect, lines: Vec<&'t str>) -> Result<Document<'t>, FormatError> {
    let all = lines.clone();
    parsed(dialect, lines).map_err(|error| error.explained(&all.concat(), Syntax::Own))
}

fn parsed<'t>(dialect: &Dialect, lines: Vec<&'t str>) -> Result<Document<'t>, FormatError> {
    let mut document = Document::default();
    let mut above = 0;
    for (index, line) in lines.iter().enumerate() {
        // It belongs to a value that began above.
        if index < above {
            continue;
        }
        let line = text_edit::content(line);
        let refuse = |reason| {
            let error = FormatError::at(index + 1, reason);
            let is_hash = line.trim_start().starts_with('#');
            if is_hash { error.hint("write `;` in place of that `#`") } else { error }
        };
        if line.contains('\r') {
            return Err(refuse("contains a carriage return, at which the library ends the line"));
        }
        // PHP drops tabs before a header, and rejects spaces there.
        let line = if line.trim_start_matches('\t').starts_with('[') { line.trim_start_matches('\t') } else { line };
        if line.starts_with('[') {
            let name = label::section(line).map_err(refuse)?;
            document.sections.push((name.to_owned(), index));
            continue;
        }
        let (found, end) = match setting(dialect, line) {
            Err(value::OPEN) => several_lines(dialect, &lines, index).ok_or(value::OPEN),
            found => found.map(|found| (found, index + 1)),
        }
        .map_err(refuse)?;
        above = end;
        if let Some(setting) = found {
            let section = document.sections.last().map_or("", |(name, _)| name).to_owned();
            let mut setting = Setting { section, lines: index..end, ..setting };
            setting.flaws.extend(elsewhere(dialect, &setting));
            document.settings.push(setting);
        }
    }
    drop_lost(&mut document);
    leave_others(&mut document);
    name_headers(&mut document, &lines);
    Ok(Document { lines, ..document })
}

fn encode(value: &str) -> Result<String, &'static str> {
    value::encode(value)
}

fn empty(field: Field) -> Option<IfEmpty> {
    (field == Field::RefreshToken).then_some(IfEmpty::UsesDefaultCredentials)
}

fn conflict(setting: &Setting) -> Option<(ConflictKind, Outcome)> {
    let is_set = setting.is("OAUTH2", "jsonKeyFilePath") && setting.value.as_deref() != Some("");
    is_set.then_some((ConflictKind::ServiceAccount, Outcome::LibraryFails))
}

/// How many lines with a quote are tried as the last one of a value.
const MOST_LINES: usize = 100;

/// Returns a setting that begins on this line and whose value goes on below, and the line after it; `None` for one of ours, of
/// which the value is damaged.
fn several_lines(dialect: &Dialect, lines: &[&str], start: usize) -> Option<(Option<Setting>, usize)> {
    let ends = (start + 1..lines.len()).filter(|end| lines[*end].contains(['"', '\'']));
    let read = |end: usize| Some((setting(dialect, text_edit::content(&lines[start..=end].concat())).ok()?, end + 1));
    let found = ends.take(MOST_LINES).find_map(read)?;
    found.0.as_ref().is_some_and(|setting| !dialect.has_key(&setting.key)).then_some(found)
}

/// Leaves alone a key in a section of another program if it is also where the library looks for it.
fn leave_others(document: &mut Document<'_>) {
    let is_own = |section: &str| ["OAUTH", "GOOGLE"].iter().any(|own| section.to_ascii_uppercase().contains(own));
    let own = document.settings.iter().filter(|setting| is_own(&setting.section));
    let read: Vec<String> = own.map(|setting| setting.key.clone()).collect();
    for setting in &mut document.settings {
        let is_left = |flaw: &DiagnosticCode| {
            let is_other = !setting.section.is_empty() && !is_own(&setting.section);
            matches!(flaw, DiagnosticCode::WrongSection { .. }) && is_other && read.contains(&setting.key)
        };
        setting.flaws.retain(|flaw| !is_left(flaw));
    }
}

/// Drops the settings of a section that is opened again further down.
fn drop_lost(document: &mut Document<'_>) {
    let last: HashMap<&str, usize> = document.sections.iter().map(|(name, line)| (name.as_str(), *line)).collect();
    for setting in &mut document.settings {
        if last.get(setting.section.as_str()).is_some_and(|header| *header > setting.lines.start) {
            setting.value = None;
            setting.flaws.push(DiagnosticCode::LostSection);
        }
    }
}

/// For the settings of a section with nearly the right name: the line of its header, which is the one to change.
fn name_headers(document: &mut Document<'_>, lines: &[&str]) {
    let plain = |name: &str| {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|char| char.to_ascii_uppercase()).collect::<String>()
    };
    let is_near = |name: &str, expected: &str| {
        let (name, expected) = (plain(name), plain(expected));
        strsim::osa_distance(&name, &expected) <= 2 || name == "GOOGLE" && expected == "GOOGLEADS"
    };
    let names: Vec<String> = document.sections.iter().map(|(name, _)| name.clone()).collect();
    for setting in &mut document.settings {
        let is_wrong = |flaw: &DiagnosticCode| matches!(flaw, DiagnosticCode::WrongSection { .. });
        let Some(DiagnosticCode::WrongSection { expected }) = setting.flaws.iter().find(|flaw| is_wrong(flaw)) else {
            continue;
        };
        let expected = *expected;
        // The line that was meant for a header, with brackets or without.
        let is_header = |line: &&str| {
            let text = text_edit::content(line).trim();
            let is_plain = !text.contains('=') && !text.starts_with(';') && is_near(text, expected);
            is_plain && !names.iter().any(|name| name == expected)
        };
        let above = lines[..setting.lines.start].iter().rposition(|line| {
            let text = text_edit::content(line).trim();
            text.starts_with('[') || is_header(line)
        });
        if let Some(header) = above.filter(|index| is_header(&lines[*index])) {
            setting.flaws.retain(|flaw| !is_wrong(flaw));
            setting.flaws.push(DiagnosticCode::OtherHeader { line: header + 1, expected });
        }
    }
}

/// A known key in a section in which the library does not look for it.
fn elsewhere(dialect: &Dialect, setting: &Setting) -> Option<DiagnosticCode> {
    let (_, expected, _) = *dialect.keys.iter().find(|(_, _, key)| *key == setting.key)?;
    (setting.section != expected).then_some(DiagnosticCode::WrongSection { expected })
}

const WITHOUT_EQUALS: &str =
    "has no `=` between key and value, on which PHP rejects the whole file; write `key = \"value\"`";

/// Splits a line that sets a key at the `=`; `None` for a comment, an empty line or a key alone.
fn setting(dialect: &Dialect, line: &str) -> Result<Option<Setting>, &'static str> {
    let body = line.trim_start_matches(value::SPACES);
    if body.is_empty() || body.starts_with(';') {
        return Ok(None);
    }
    if body.starts_with('[') {
        return Err("has spaces before a section's header, on which PHP rejects the whole file");
    }
    let end = body.find(['=', ';']).unwrap_or(body.len());
    let Some(rest) = body[end..].strip_prefix('=') else {
        // `refreshToken: "…"`: the quotes are where PHP gives up, and the sign is the mistake.
        let word = body.trim_start_matches(['"', '\'']);
        let named = dialect.keys.iter().find(|(_, _, key)| word.starts_with(key));
        let is_set = named.is_some_and(|(_, _, key)| body.len() > key.len() + 2);
        return label::alone(body).map(|()| None).map_err(|why| if is_set { WITHOUT_EQUALS } else { why });
    };
    let key = label::key(&body[..end])?;
    let found = value::scan(rest)?;
    let is_ours = dialect.has_key(key) || dialect.needed.iter().any(|needed| needed.key == key);
    // Of a key that no library of Google's reads it is only important that PHP can parse it.
    let mut flaws: Vec<_> = match found.flaw {
        Some(_) if !is_ours && value::is_parsed(&rest[found.range.clone()]) => Vec::new(),
        Some(_) if !is_ours => vec![DiagnosticCode::Refused(Refusal::NotParsed)],
        flaw => flaw.into_iter().collect(),
    };
    if key.starts_with('#') {
        flaws.push(DiagnosticCode::NotAComment);
    }
    let after = rest[found.range.end..].trim_end_matches(value::SPACES);
    Ok(Some(Setting {
        section: String::new(),
        key: key.to_owned(),
        value: found.value,
        flaws,
        lines: 0..0,
        before: line[..line.len() - rest.len() + found.range.start].to_owned(),
        after: after.to_owned(),
    }))
}
