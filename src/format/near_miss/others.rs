//! Keys that were meant for the path of a key file, for an address to act for, for a customer ID or for a flag.
//!
//! They are only looked for in the files of Google's libraries: another program's file has keys of its own.

use crate::credentials::Field;
use crate::format::{ConflictKind, Contents, Diagnostic, DiagnosticCode, Format, FormatName, is_placeholder};

use crate::value_kind::{self, ValueKind};

use super::parts::{Part, Section, is_comment, parts};
use super::{MAX_DISTANCE, pair, plain, xml};

/// Adds a diagnostic for each.
pub fn add(text: &str, contents: &mut Contents, format: &dyn Format) {
    use FormatName::{Dotnet, Env, Java, Perl, Php, Python, Ruby};
    if !matches!(format.name(), Python | Java | Php | Ruby | Perl | Dotnet | Env) {
        return;
    }
    let stored = &contents.credentials;
    let is_user = [stored.client_id().is_some(), stored.client_secret().is_some(), stored.refresh_token().is_some()];
    let is_key_missing = stored.service_account().is_none()
        && !is_user.contains(&true)
        && !contents.conflicts.iter().any(|conflict| conflict.kind == ConflictKind::ApplicationDefault);
    let wanted = [
        (Field::KeyFile, is_key_missing),
        (Field::ImpersonatedEmail, contents.credentials.service_account().is_some() && format.name() != Ruby),
        // Of any other name than its own Ruby rejects the file, which is found elsewhere.
        (Field::LoginCustomerId, format.name() != Ruby),
        (Field::LinkedCustomerId, format.name() != Ruby),
    ];
    for (field, is_wanted) in wanted {
        let is_set = field.get(&contents.credentials).is_some();
        let is_explained = contents.diagnostics.iter().any(|about| about.field == Some(field));
        if is_wanted && !is_set && !is_explained {
            contents.diagnostics.extend(find(text, format, field));
        }
    }
    flag(text, contents, format.name());
}

/// The first line that was meant to set the field.
fn find(text: &str, format: &dyn Format, field: Field) -> Option<Diagnostic> {
    let expected = format.key(field)?;
    let mut section = Section::new(format.name(), text);
    let of_line = |(index, line): (usize, &str)| {
        let is_ours = section.has(line);
        // Most lines have neither a digit nor a path: a large file costs little.
        if !is_ours || is_comment(line) || !may_hold(line, field) {
            return None;
        }
        let members = line.split(['{', '}', ',']).chain([line]);
        members
            .filter_map(|member| set(member, field, expected))
            .next()
            .map(|(key, code)| Diagnostic::new(index + 1, &key, Some(field), code))
    };
    text.lines().enumerate().find_map(of_line)
}

fn may_hold(line: &str, field: Field) -> bool {
    match field {
        Field::KeyFile => line.contains(['/', '\\', '.']),
        Field::ImpersonatedEmail => line.contains('@'),
        _ => line.bytes().filter(u8::is_ascii_digit).count() >= 10,
    }
}

/// The key and what is wrong with it, if a part of a line was meant to set the field.
fn set(part: &str, field: Field, expected: &'static str) -> Option<(String, DiagnosticCode)> {
    let body = part.trim().trim_start_matches(['<', '-', ' ']);
    let (key, value) = xml(body).or_else(|| pair(body))?;
    let key = key.trim_matches(['"', '\'', ' ']).rsplit(' ').next().unwrap_or(key);
    let key = if expected == "keyfile" { key.rsplit('.').next().unwrap_or(key) } else { key };
    let value = value.trim_matches(['"', '\'', ' ', ',', ';', '/', '>']);
    let name = plain(key);
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let own = plain(expected);
    let misspelled = || DiagnosticCode::MisspelledKey { expected };
    let code = match field {
        Field::KeyFile => {
            let is_path =
                value.starts_with(['/', '~', '.', 'C']) || value.contains(['/', '\\']) || value.ends_with(".json");
            let is_named = has(&KEY_FILES) || value.ends_with(".json") && has(&["privatekey", "credentials"]);
            let is_other = has(&["client", "token"])
                || expected.starts_with("GOOGLE") && !name.starts_with("google")
                || name == "googleapplicationcredentials";
            (is_path && is_named && !is_other).then(misspelled)?
        }
        Field::ImpersonatedEmail => {
            let is_named = has(&["impersonat", "delegatedaccount", "prnemail", "prnmail"]) || name == "subject";
            (value_kind::of(value) == Some(ValueKind::Email) && is_named).then(misspelled)?
        }
        _ => {
            let is_id = value.bytes().filter(u8::is_ascii_digit).count() == 10
                && value.bytes().all(|byte| byte.is_ascii_digit() || b"-_ ".contains(&byte));
            let name = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(&name);
            let is_near = strsim::osa_distance(name, &plain(field.key())) <= MAX_DISTANCE;
            let is_other = field == Field::LoginCustomerId && OTHER_NAMES.contains(&name);
            match () {
                () if !is_id => return None,
                () if plain(key) == own && key == expected => {
                    // In XML, JSON and YAML another section may have it; Perl and the environment know only `=`.
                    let form = match expected {
                        "loginCustomerId" | "linkedCustomerId" => "key=value",
                        _ => Some("KEY=value").filter(|_| expected.starts_with("GOOGLE_ADS"))?,
                    };
                    let is_other = part.contains(':') && !part.contains('=');
                    is_other.then_some(DiagnosticCode::OtherSyntax { form })?
                }
                // The environment is shared with programs that have customer IDs of their own.
                () if is_near && (!expected.starts_with("GOOGLE") || plain(key).starts_with("google")) => misspelled(),
                () if is_other || is_near => DiagnosticCode::OtherName { expected },
                () => return None,
            }
        }
    };
    let is_another = key != expected || matches!(code, DiagnosticCode::OtherSyntax { .. });
    (is_another && !is_placeholder(value)).then(|| (key.to_owned(), code))
}

/// Parts of the names that people give the path of a key file.
const KEY_FILES: [&str; 7] =
    ["keyfile", "keypath", "jsonkey", "serviceaccount", "secretsjson", "jsonsecrets", "secretspath"];

/// What libraries write before the name of a setting, the longest first. Behind another prefix it is another program's.
const PREFIXES: [&str; 4] = ["apigoogleads", "googleadsapi", "googleads", "google"];

/// What other programs call the login customer.
const OTHER_NAMES: [&str; 6] =
    ["managercustomerid", "manageraccountid", "managerid", "mccid", "mcccustomerid", "loginaccountid"];

/// Puts the line that was meant to set the flag without which the Python library does not start in place of its absence.
fn flag(text: &str, contents: &mut Contents, name: FormatName) {
    let expected = match name {
        FormatName::Python => "use_proto_plus",
        FormatName::Env => "GOOGLE_ADS_USE_PROTO_PLUS",
        _ => return,
    };
    let is_missing = |about: &&mut Diagnostic| {
        let is_absent = matches!(about.code, DiagnosticCode::Missing | DiagnosticCode::MissingForPython);
        is_absent && about.key == expected
    };
    let Some(missing) = contents.diagnostics.iter_mut().find(is_missing) else { return };
    let of_part = |Part { line, text, comment }: Part| {
        let body = text.trim_start_matches(['#', ' ', '\t']);
        let (key, value) = pair(body)?;
        let key = key.trim_matches(['"', '\'']);
        let value = value.trim_matches(['"', '\'']).to_ascii_lowercase();
        // Prose about the flag, or anything else before it, is not a setting of it.
        let is_flag = plain(key).ends_with("useprotoplus") && !key.contains(char::is_whitespace);
        if !is_flag || !["true", "false", "1", "0", "yes", "no"].contains(&value.as_str()) {
            return None;
        }
        let code = match comment {
            Some(_) => DiagnosticCode::CommentedOut,
            None if key == expected && name == FormatName::Env => DiagnosticCode::OtherSyntax { form: "KEY=value" },
            None if key == expected => DiagnosticCode::Misplaced,
            None => DiagnosticCode::OtherName { expected },
        };
        let about = (key.len() < 60).then(|| Diagnostic::new(line, key, None, code))?;
        // The other libraries that read the variables do without it.
        Some(if name == FormatName::Python { about.required() } else { about })
    };
    if let Some(found) = parts(text, name).into_iter().find_map(of_part) {
        *missing = found;
    }
}
