//! The next step after each finding: a command or a sentence that works.

use crate::credentials::Field;
use crate::format::diagnostic::{Bare, Extra, Type};
use crate::format::{Diagnostic, DiagnosticCode};
use crate::hint::Hint;
use crate::profile::Location;
use crate::term;
use crate::value_kind::ValueKind;

use super::CONSOLE;

const ADS: &str = "https://ads.google.com";

/// What to do about the line of a diagnostic.
pub fn step(about: &Diagnostic, place: &Location) -> Hint {
    let line = format!("line {} of {place}", about.line);
    // A file may be one line.
    let member = format!("`{}` from {line}", term::excerpt(&about.key));
    let is_of_user = about.field.is_some_and(Field::is_of_user);
    let or_login = match about.field {
        Some(Field::ClientId | Field::ClientSecret) => ", or run `gads-creds login -c FILE`",
        _ if is_of_user => ", or run `gads-creds login`",
        _ => "",
    };
    let text = match &about.code {
        DiagnosticCode::Placeholder if matches!(about.field, Some(Field::ClientId | Field::ClientSecret)) => {
            format!("run `gads-creds login -c FILE` with the client's JSON from {CONSOLE}")
        }
        DiagnosticCode::Placeholder if is_of_user => {
            "run `gads-creds login`, which replaces the placeholder".to_owned()
        }
        DiagnosticCode::Placeholder if about.key == "use_proto_plus" => missing(about, place),
        DiagnosticCode::Placeholder => "run `gads-creds doctor --fix`, which comments it out".to_owned(),
        DiagnosticCode::OtherKind(_) => match about.field {
            Some(Field::LoginCustomerId) => "run `gads-creds set --login-customer-id ID`".to_owned(),
            Some(Field::LinkedCustomerId) => "run `gads-creds set --linked-customer-id ID`".to_owned(),
            _ => format!("write the value itself on {line}{or_login}"),
        },
        DiagnosticCode::Empty(_) | DiagnosticCode::NoValue
            if matches!(about.field, Some(Field::ClientId | Field::ClientSecret)) =>
        {
            format!("run `gads-creds login -c FILE` with the client's JSON from {CONSOLE}")
        }
        DiagnosticCode::Empty(_) | DiagnosticCode::NoValue if is_of_user => "run `gads-creds login`".to_owned(),
        DiagnosticCode::Empty(_) | DiagnosticCode::NoValue => format!("remove {member}"),
        DiagnosticCode::Missing | DiagnosticCode::MissingForPython => missing(about, place),
        DiagnosticCode::NotTenDigits => {
            format!("write the ten digits of a customer ID, without dashes, on {line}")
        }
        DiagnosticCode::LeadingZero => format!("compare the ID on {line} with the one at {ADS}: none starts with 0"),
        DiagnosticCode::OctalNumber | DiagnosticCode::UnusualDigits => {
            format!("put the ten digits in quotes on {line}")
        }
        // Quotes make none of them a value of Google's.
        DiagnosticCode::WrongType(Type::Boolean) | DiagnosticCode::NeedsQuotes(Bare::Word)
            if about.field.is_some_and(|field| field != Field::DeveloperToken) =>
        {
            match about.field {
                Some(Field::RefreshToken) => "run `gads-creds login`".to_owned(),
                Some(Field::ClientId | Field::ClientSecret) => {
                    format!("run `gads-creds login -c FILE` with the client's JSON from {CONSOLE}")
                }
                _ => format!("write the value itself on {line}, or remove the line"),
            }
        }
        DiagnosticCode::WrongType(_) if about.is_of_customer_id() => {
            format!("write the ten digits of a customer ID, in quotes and without dashes, on {line}")
        }
        DiagnosticCode::Rounded => format!("write the ten digits of the customer ID, from {ADS}, on {line}"),
        DiagnosticCode::UnquotedNumber
        | DiagnosticCode::WrongType(Type::Number | Type::Boolean | Type::Date | Type::Reserved)
        | DiagnosticCode::NeedsQuotes(Bare::Word | Bare::Character | Bare::Constant | Bare::Number)
        | DiagnosticCode::MixedQuotes
        | DiagnosticCode::Unquoted => format!("put the whole value in one pair of quotes on {line}{or_login}"),
        DiagnosticCode::CurlyQuotes => format!("write straight quotes on {line}{or_login}"),
        DiagnosticCode::WrongType(Type::Tagged) => format!("write the value without a tag on {line}"),
        DiagnosticCode::WrongType(Type::Collection | Type::NotAString) => {
            // A login does not replace what it cannot take for one line.
            format!("write one string as the value on {line}")
        }
        // Nobody has such a path: a `\` made the character.
        DiagnosticCode::ControlCharacter if about.field == Some(Field::KeyFile) => {
            format!("write each `\\` of the path on {line} as `/` or `\\\\`: alone it starts an escape")
        }
        DiagnosticCode::ControlCharacter | DiagnosticCode::Whitespace => {
            format!("remove spaces and invisible characters from the value on {line}{or_login}")
        }
        DiagnosticCode::PartOfValue(Extra::Quotes | Extra::CurlyQuotes, _) => format!("remove the quotes on {line}"),
        DiagnosticCode::PartOfValue(Extra::Comment, _) => format!("move the comment on {line} to a line of its own"),
        DiagnosticCode::PartOfValue(Extra::Spaces, _) => format!("remove the spaces around the value on {line}"),
        DiagnosticCode::PartOfValue(Extra::CarriageReturn, _) => {
            format!("save {place} with the line ends of Unix (LF), not of Windows (CRLF)")
        }
        DiagnosticCode::Computed if about.field == Some(Field::KeyFile) => {
            format!("write the path itself on {line}, with `/` in place of each `\\`, or check it with the library")
        }
        DiagnosticCode::Computed => format!("write the value itself on {line}, or check it with the library"),
        DiagnosticCode::NamedInCode | DiagnosticCode::CodeAfter => {
            format!("look at {line}: only the library itself knows what it does")
        }
        DiagnosticCode::SetAgain { line: other } | DiagnosticCode::SetBefore { line: other } => {
            let (first, second) = (about.line.min(*other), about.line.max(*other));
            match first == second {
                true => format!("remove one of the two from {line}"),
                false => format!("remove one of the lines {first} and {second} of {place}"),
            }
        }
        DiagnosticCode::Differs { line: other } => {
            format!("write the same on the lines {other} and {} of {place}", about.line)
        }
        DiagnosticCode::DuplicateInAnyCase => format!("remove {member}, or the other one"),
        DiagnosticCode::NotASection => format!("make `{}` a section on {line}", about.key),
        DiagnosticCode::LostSection => format!("join the two sections of {place}"),
        DiagnosticCode::MisspelledKey { expected } => format!("write the key on {line} as `{expected}`{or_login}"),
        DiagnosticCode::MisspelledMember { expected } => {
            format!("rename `{}` in {place} to `{expected}`{or_login}", term::excerpt(&about.key))
        }
        DiagnosticCode::OtherName { expected } => {
            format!("write the key on {line} as `{expected}`, if it is meant for the library")
        }
        DiagnosticCode::OtherHeader { line, expected } => format!("write line {line} of {place} as `[{expected}]`"),
        DiagnosticCode::InComment { .. } => format!("move {line} out of the comment{or_login}"),
        DiagnosticCode::ValueElsewhere { line: other } => {
            format!("write the value of line {other} on {line}{or_login}")
        }
        DiagnosticCode::Broken(_) => format!("write the whole value on {line}{or_login}"),
        DiagnosticCode::Swallowed { line } => format!("remove the `\\` at the end of line {line} of {place}{or_login}"),
        DiagnosticCode::ConflictMarker => {
            format!("keep one side of the conflict at {line}, and remove the lines with markers")
        }
        DiagnosticCode::CommentedOut => format!("remove the comment sign from {line}{or_login}"),
        DiagnosticCode::InvisibleCharacter => format!("type {line} again: it contains a character that is not visible"),
        DiagnosticCode::ByteOrderMark => "run `gads-creds doctor --fix`, which removes the byte order mark".to_owned(),
        DiagnosticCode::WrongSection { expected } => {
            format!("move {line} into the section `[{expected}]`{or_login}")
        }
        DiagnosticCode::OtherSyntax { form } => {
            format!("write {line} as `{form}`, with nothing before the key{or_login}")
        }
        DiagnosticCode::HoldsToken { expected } => {
            format!("write the token on {line} under the key `{expected}`{or_login}")
        }
        DiagnosticCode::Nested { .. } | DiagnosticCode::Misplaced => {
            format!("move {line} to where the library looks{or_login}")
        }
        DiagnosticCode::SectionElsewhere(_) => format!("correct the path on {line}, or write the section without it"),
        DiagnosticCode::Encrypted => {
            "decrypt it with `aspnet_regiis -pdf GoogleAdsApi DIRECTORY`, or keep the credentials \
                                      in another file: `gads-creds login --config FILE`"
                .to_owned()
        }
        DiagnosticCode::OtherWord { expected } => format!("write `{expected}` as the value on {line}"),
        DiagnosticCode::NotABoolean => format!("write `true` or `false` on {line}"),
        DiagnosticCode::AlwaysTrueToRuby | DiagnosticCode::ReadFirst => format!("remove {member}"),
        DiagnosticCode::OverridesVariables => format!("remove {member}, or name that file with `--config`"),
        DiagnosticCode::SpacesAroundKey => format!("remove the spaces before and after the key on {line}{or_login}"),
        DiagnosticCode::SpacesAroundEquals => format!("remove the spaces on both sides of `=` on {line}{or_login}"),
        DiagnosticCode::Tab => format!("replace the tab on {line} by a space"),
        DiagnosticCode::NotAComment => format!("begin {line} with `;`"),
        DiagnosticCode::NotAscii => {
            format!("remove that character from {line}, or write it as `\\uXXXX` if it belongs there{or_login}")
        }
        DiagnosticCode::Interpolated => format!("write the value itself in single quotes on {line}{or_login}"),
        DiagnosticCode::ReadersDisagree => {
            format!("write the value on {line} without quotes, spaces, `~`, `\\` and `$`{or_login}")
        }
        DiagnosticCode::Exported => format!("remove `export` from {line}"),
        DiagnosticCode::XmlNamespace => format!("remove the attribute `xmlns` from {line}"),
        DiagnosticCode::OfPipeline => format!("remove {member}, unless that pipeline has credentials of its own"),
        DiagnosticCode::Refused(why) if why.is_of_value() => format!("{}{or_login}", why.step(&line)),
        DiagnosticCode::Refused(why) => why.step(&line),
        DiagnosticCode::TrailingComma => format!("remove the comma at the end of {line}{or_login}"),
        DiagnosticCode::NotASetting => format!("write {line} as `<add key=\"…\" value=\"…\" />`"),
    };
    text.into()
}

/// How to add a key that is not there.
fn missing(about: &Diagnostic, place: &Location) -> String {
    match (about.field, about.key.as_str()) {
        (Some(Field::DeveloperToken), _) => {
            "run `gads-creds set --developer-token-file FILE`, or write it there".to_owned()
        }
        (Some(Field::LoginCustomerId | Field::LinkedCustomerId), _) => {
            "run `gads-creds set --login-customer-id ID`, or write it there".to_owned()
        }
        (_, "use_proto_plus") => format!("write `use_proto_plus: true` into {place}"),
        (_, "GOOGLE_ADS_USE_PROTO_PLUS") => format!("write `GOOGLE_ADS_USE_PROTO_PLUS=True` into {place}"),
        (_, "type") => format!("write `\"type\": \"authorized_user\"` into {place}"),
        (_, key) => format!("write `{key}` into {place}"),
    }
}

/// What to do about a value that is of another kind than its field.
pub fn of_value(field: Field, kind: ValueKind) -> Hint {
    let of_client = matches!(field, Field::ClientId | Field::ClientSecret);
    let login = if of_client { "run `gads-creds login -c FILE`" } else { "run `gads-creds login`" };
    match kind {
        _ if field == Field::DeveloperToken => {
            "run `gads-creds set --developer-token-file none`: Google ignores developer \
                                               tokens since 2026-09-09"
                .into()
        }
        ValueKind::Quoted => format!("remove the quotes, or {login}").into(),
        ValueKind::Bearer => format!("remove `Bearer ` before the value, or {login}").into(),
        ValueKind::WithKey => format!("remove the key before the value, or {login}").into(),
        ValueKind::Enclosed | ValueKind::Twice => format!("remove what is not a part of the value, or {login}").into(),
        ValueKind::SecretReference => "write the value itself there, or keep the credentials in the secret manager: \
                                       `gads-creds login -p NAME --store ENGINE:WHERE`"
            .into(),
        ValueKind::Encrypted => {
            "decrypt the file first, or keep the credentials in a profile of their own: `gads-creds \
                                 login -p NAME --store sops:FILE`"
                .into()
        }
        _ if of_client => format!("{login} with the client's JSON from {CONSOLE}").into(),
        _ => format!("{login}; a refresh token starts with `1//`").into(),
    }
}
