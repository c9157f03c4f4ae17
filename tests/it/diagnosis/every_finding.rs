//! The law of the findings: what makes credentials or a library fail is named by every command, with one exit code for one file;
//! any other finding by `show` and `doctor`.
//!
//! Each file of the table is read as the program reads it, so the table shows by itself which findings it covers. A new code
//! does not compile without an entry in `steps::codes`, and an entry there without a file here fails the test.

use std::collections::BTreeSet;

use gads_creds::credentials::Field;
use gads_creds::format::diagnostic::{Broken, Extra, Reader, Severity};
use gads_creds::format::{Diagnostic, DiagnosticCode};
use gads_creds::value_kind::ValueKind;

use super::case::Case;
use super::rows::ROWS;
use crate::commands::steps;

/// Codes that no file of the table has, and why.
const WITHOUT_A_FILE: &[(&str, &str)] = &[
    (
        "Whitespace",
        "the value is named instead, as text with spaces: `a_value_of_another_kind_is_named_by_every_command`",
    ),
    ("WrongType(Reserved)", "the whole file is rejected, which is `Refused(Reserved)`"),
    ("WrongType(Tagged)", "the whole file is rejected, which is `Refused(UnknownTag)`"),
    ("MisspelledMember", "only in a document of a secret manager: `stores::command::members`"),
    ("PartOfValue(Quotes, Shell)", "a shell removes them"),
    ("PartOfValue(Comment, Shell)", "a shell removes it"),
    ("PartOfValue(Spaces, Shell)", "a shell removes them"),
    ("PartOfValue(CurlyQuotes, Shell)", "every reader takes them for a part of the value, which is `Library`"),
    ("PartOfValue(CurlyQuotes, Docker)", "every reader takes them for a part of the value, which is `Library`"),
    ("PartOfValue(CarriageReturn, Docker)", "for a shell it is one as well, which is named"),
];

/// What `doctor` skips, since only the interpreter of the file's language knows the value.
const SKIPPED: [&str; 1] = ["Computed"];

/// The name of a code, without what the file adds to it: a line, an expected key.
fn name(code: &DiagnosticCode) -> String {
    let text = format!("{code:?}");
    text.split(" {").next().unwrap_or_default().to_owned()
}

#[test]
fn every_command_names_each_finding_and_agrees_on_the_exit_code() {
    let mut found = BTreeSet::new();
    let mut faults = Vec::new();
    for (finding, file, text, code) in ROWS {
        let case = Case::new(file, text);
        let mut meant: Vec<&Diagnostic> =
            case.contents.diagnostics.iter().filter(|about| name(&about.code) == *finding).collect();
        // The refresh token comes first in every command.
        meant.sort_by_key(|about| about.field != Some(Field::RefreshToken));
        let Some(about) = meant.first() else {
            let codes: Vec<String> = case.contents.diagnostics.iter().map(|about| name(&about.code)).collect();
            faults.push(format!("{file} has {codes:?}, not {finding}:\n{text}"));
            continue;
        };
        found.insert(name(&about.code));
        let doctor = match *code {
            _ if SKIPPED.contains(finding) => 0,
            0 => i32::from(about.severity() == Severity::Error),
            code => code,
        };
        let is_for_all = *code != 0 || about.severity() == Severity::Error || about.is_set_twice();
        let wrong = case.faults_of(&about.to_string(), is_for_all, *code, doctor);
        faults.extend(wrong.iter().map(|fault| format!("{finding} in {file}: {fault}\n{text}")));
    }
    let explained = |code: &String| WITHOUT_A_FILE.iter().any(|(without, _)| without == code);
    let of_values = |code: &String| code.starts_with("OtherKind(");
    let missing: Vec<String> = steps::codes().iter().map(name).filter(|code| !found.contains(code)).collect();
    faults.extend(
        missing
            .into_iter()
            .filter(|code| !explained(code) && !of_values(code))
            .map(|code| format!("no file has {code}")),
    );
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n\n"));
}

/// A value of each kind, and the exit code of the commands that use the credentials where it is stored as the refresh token.
const VALUES: &[(ValueKind, &str, i32)] = &[
    (ValueKind::ClientId, "1-a.apps.googleusercontent.com", 4),
    (ValueKind::ClientSecret, "GOCSPX-abcdefghij", 4),
    (ValueKind::AccessToken, "ya29.a0abcdefghij", 4),
    (ValueKind::AuthorizationCode, "4/0AX4XfWh-a-code", 4),
    (ValueKind::PercentEncoded, "1%2F%2F0gabcdefghijk", 4),
    (ValueKind::Base64, "MS8vMGdhYmM=", 4),
    (ValueKind::ApiKey, "AIzaSyabcdefghij", 4),
    (ValueKind::Quoted, "\u{201c}1//0gabcdefghij\u{201d}", 4),
    (ValueKind::Url, "https://accounts.google.com/o/oauth2/auth?x", 4),
    (ValueKind::Json, "{\"installed\":{}}", 4),
    (ValueKind::Pem, "-----BEGIN PRIVATE KEY-----", 4),
    (ValueKind::Masked, "********-7328f92e", 3),
    (ValueKind::Placeholder, "CHANGEME", 3),
    (ValueKind::SecretReference, "op://vault/item/field", 3),
    (ValueKind::Encrypted, "ENC[AES256_GCM,data:x]", 3),
    (ValueKind::Variable, "${REFRESH_TOKEN}", 3),
    (ValueKind::FilePath, "/run/secrets/refresh_token", 3),
    (ValueKind::Shortened, "1//0gabcdef...", 4),
    (ValueKind::Unprintable, "1//0g abc", 4),
    (ValueKind::Escaped, "1&#x2F;&#x2F;0gabc", 4),
    (ValueKind::Bearer, "Bearer 1//0gabc", 4),
    (ValueKind::WithKey, "refresh_token=1//0gabc", 4),
    (ValueKind::Enclosed, "<1//0gabc>", 4),
    (ValueKind::Twice, "1//0gabcdefgh1//0gabcdefgh", 4),
    (ValueKind::Email, "someone@example.com", 4),
    (ValueKind::Jwt, "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", 4),
    (ValueKind::Uuid, "0d4c5f0e-9f31-4f0e-8a77-1c2d3e4f5a6b", 4),
    (ValueKind::Number, "123-456-7890", 4),
    (ValueKind::OtherService, "ghp_abcdefghijklmnop", 4),
];

#[test]
fn a_value_of_another_kind_is_named_by_every_command() {
    let mut faults = Vec::new();
    let client = "use_proto_plus: true\nclient_id: <CLIENT>\nclient_secret: <SECRET>\n";
    let token = VALUES.iter().map(|(kind, value, code)| (*kind, format!("{client}refresh_token: '{value}'\n"), *code));
    let own = "use_proto_plus: true\nclient_id: <CLIENT>\nclient_secret: 1//0gabcdefghijkl\nrefresh_token: <TOKEN>\n";
    let rows: Vec<_> = token.chain([(ValueKind::RefreshToken, own.to_owned(), 4)]).collect();
    for (kind, text, code) in &rows {
        let case = Case::new("google-ads.yaml", text);
        let fact = match kind {
            // Where the line itself is named, the words are those of the line.
            ValueKind::Placeholder => DiagnosticCode::Placeholder.to_string(),
            ValueKind::Unprintable => DiagnosticCode::Broken(Broken::Joined).to_string(),
            ValueKind::Quoted => DiagnosticCode::PartOfValue(Extra::CurlyQuotes, Reader::Library).to_string(),
            kind => format!("is {kind}"),
        };
        faults.extend(case.faults(&fact, *code, *code).iter().map(|fault| format!("{kind:?}: {fault}\n{text}")));
    }
    let missing = steps::KINDS.iter().filter(|kind| !rows.iter().any(|(tested, ..)| tested == *kind));
    faults.extend(missing.map(|kind| format!("no value of the kind {kind:?}")));
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n\n"));
}
