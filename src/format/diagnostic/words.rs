//! The words for what is wrong with a line.

use std::fmt;

use crate::term;

use super::{Bare, Broken, DiagnosticCode, Elsewhere, Extra, IfEmpty, Reader, Type};

/// A fact that follows the key: lower case, no full stop.
impl fmt::Display for DiagnosticCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DiagnosticCode::Placeholder => "still holds a placeholder",
            DiagnosticCode::OtherKind(kind) => return write!(f, "is {kind}"),
            DiagnosticCode::Empty(IfEmpty::Ignored) => "is empty",
            DiagnosticCode::Empty(IfEmpty::GoogleRefuses) => {
                "is empty, and Google rejects an empty developer token; remove it"
            }
            DiagnosticCode::Empty(IfEmpty::LibraryFails) => "is empty, and the library fails on that; remove it",
            DiagnosticCode::Empty(IfEmpty::PythonAndJavaFail) => {
                "is empty, and the Python and Java libraries fail on that; remove it"
            }
            DiagnosticCode::Empty(IfEmpty::UsesDefaultCredentials) => {
                "is empty, so the library uses Application Default Credentials"
            }
            DiagnosticCode::NoValue => "has no value",
            DiagnosticCode::ControlCharacter => "contains a control character",
            DiagnosticCode::Whitespace => "contains a space, a line break or a control character",
            DiagnosticCode::NotTenDigits => "is not ten digits without dashes and spaces",
            DiagnosticCode::UnusualDigits => "is not written as ten digits; write them in quotes",
            DiagnosticCode::OctalNumber => "is an octal number to the library; put it in quotes",
            DiagnosticCode::LeadingZero => "starts with 0, which makes it an octal number to Ruby",
            DiagnosticCode::UnquotedNumber => "is a number to the library, which happens to work; put it in quotes",
            DiagnosticCode::WrongType(Type::Number) => "is a number to the library; put it in quotes",
            DiagnosticCode::WrongType(Type::Boolean) => "is a boolean to the library",
            DiagnosticCode::WrongType(Type::Date) => "is a date to the library; put it in quotes",
            DiagnosticCode::WrongType(Type::Reserved) => "is a character that YAML reserves; put it in quotes",
            DiagnosticCode::WrongType(Type::Tagged) => "has a tag; write the value without it",
            DiagnosticCode::WrongType(Type::Collection) => "is a list or a section, not a string",
            DiagnosticCode::WrongType(Type::NotAString) => "is not a string",
            DiagnosticCode::PartOfValue(extra, reader) => return write!(f, "{}", PartOfValue(*extra, *reader)),
            DiagnosticCode::Computed => "is computed, so only Ruby knows its value",
            DiagnosticCode::NamedInCode => "is used in code that gads-creds does not understand",
            DiagnosticCode::CodeAfter => "is followed by more code, and the library takes the last value of the file",
            DiagnosticCode::SetAgain { line } => return write!(f, "is set again on line {line}, and that one counts"),
            DiagnosticCode::SetBefore { line } => return write!(f, "is set on line {line} as well; this one counts"),
            DiagnosticCode::Differs { line } => return write!(f, "differs from the one on line {line}"),
            DiagnosticCode::NotASection => "is a value, where the library looks for a section",
            DiagnosticCode::DuplicateInAnyCase => {
                "is in the file twice, in upper or lower case, and .NET rejects the file"
            }
            DiagnosticCode::MisspelledKey { expected } => {
                return write!(f, "is not read by the library, which looks for `{expected}`");
            }
            DiagnosticCode::MisspelledMember { expected } => {
                return write!(f, "is not read: the member is called `{expected}`");
            }
            DiagnosticCode::CommentedOut => "is commented out",
            DiagnosticCode::InComment { line } => return write!(f, "is in the comment that begins on line {line}"),
            DiagnosticCode::ValueElsewhere { line } => {
                return write!(f, "has no value, and the one on line {line} is not read");
            }
            DiagnosticCode::Broken(Broken::FirstLine) => {
                "is broken into several lines, of which the library reads the first"
            }
            DiagnosticCode::Broken(Broken::Joined) => {
                "contains a space or a line break, which is part of the value to the library"
            }
            DiagnosticCode::Swallowed { line } => return write!(f, "is a part of line {line}, which ends in `\\`"),
            DiagnosticCode::ConflictMarker => "is a marker that Git leaves where a merge had a conflict",
            DiagnosticCode::Rounded => "is a number as a spreadsheet rounds it: the last digits are lost",
            DiagnosticCode::OtherName { expected } => {
                return write!(f, "is not a name that the library knows; it looks for `{expected}`");
            }
            DiagnosticCode::OtherHeader { line, expected } => {
                return write!(f, "is in the section of line {line}, and the library looks for it in `[{expected}]`");
            }
            DiagnosticCode::InvisibleCharacter => {
                "contains a character that is not visible, so the library does not find it"
            }
            DiagnosticCode::ByteOrderMark => "follows a byte order mark, which the library takes for a part of the key",
            DiagnosticCode::ReadFirst => "is in a section that the library reads before the one that gads-creds fills",
            DiagnosticCode::OfPipeline => {
                "is in the section of a pipeline, which reads it in place of the one that gads-creds fills"
            }
            DiagnosticCode::Misplaced => "is in a place where the library does not look for it",
            DiagnosticCode::WrongSection { expected } => {
                return write!(f, "is not in section `[{expected}]`, where the library looks for it");
            }
            DiagnosticCode::OtherSyntax { form } => {
                return write!(f, "is not set as the library reads it, which is `{form}`");
            }
            DiagnosticCode::HoldsToken { expected } => {
                return write!(f, "holds a refresh token, and the library looks for it in `{expected}`");
            }
            DiagnosticCode::Nested { parent } => {
                return write!(f, "is below `{}`, where the library does not look for it", term::excerpt(parent));
            }
            DiagnosticCode::LostSection => "is lost, because its section is opened again further down",
            DiagnosticCode::SectionElsewhere(Elsewhere::Missing) => "is in another file, and there is no such file",
            DiagnosticCode::SectionElsewhere(Elsewhere::NotBelow) => {
                "is in another file, and .NET accepts only one in the same directory or below it"
            }
            DiagnosticCode::Encrypted => "is encrypted: .NET can decrypt it, gads-creds cannot",
            DiagnosticCode::Missing => "is missing, and the library does not start without it",
            DiagnosticCode::MissingForPython => "is missing, and the Python library does not start without it",
            DiagnosticCode::OtherWord { expected } => {
                return write!(f, "has to be `{expected}`, and the library does not start with another value");
            }
            DiagnosticCode::NotABoolean => "is neither `true` nor `false` to the library",
            DiagnosticCode::AlwaysTrueToRuby => "counts as true for the Ruby library, whatever its value",
            DiagnosticCode::OverridesVariables => "makes the Python library read that file and none of these variables",
            DiagnosticCode::SpacesAroundKey => {
                "has spaces around it, so the library does not find it; write `key=value`"
            }
            DiagnosticCode::SpacesAroundEquals => {
                "has spaces beside its `=`, which shells and docker do not accept; write `KEY=value`"
            }
            DiagnosticCode::Tab => "has a tab beside it, where the library accepts only spaces",
            DiagnosticCode::NotAComment => "is not a comment to PHP; comments start with `;`",
            DiagnosticCode::NotAscii => "is read as ISO-8859-1 by the library; write `\\uXXXX`",
            DiagnosticCode::Interpolated => "contains `${`, which PHP replaces",
            DiagnosticCode::CurlyQuotes => "has curly quotes, which are a syntax error; write `'` or `\"`",
            DiagnosticCode::Unquoted => "is not in quotes, which is a syntax error; put it in quotes",
            DiagnosticCode::MixedQuotes => "mixes quoted and unquoted text; put all of it in one pair of quotes",
            DiagnosticCode::NeedsQuotes(Bare::Word) => "is a word with a meaning to PHP",
            DiagnosticCode::NeedsQuotes(Bare::Character) => {
                "contains a character with a meaning to PHP; put the value in quotes"
            }
            DiagnosticCode::NeedsQuotes(Bare::Constant) => "may be the name of a constant to PHP; put it in quotes",
            DiagnosticCode::NeedsQuotes(Bare::Number) => "may be a number to PHP; put it in quotes",
            DiagnosticCode::ReadersDisagree => "is read differently by shells, dotenv libraries and docker",
            DiagnosticCode::Exported => "is exported, and docker does not accept such a line",
            DiagnosticCode::XmlNamespace => {
                "hides everything from .NET: only .NET Framework reads a configuration with a namespace"
            }
            DiagnosticCode::NotASetting => "is not an `add` with `key` and `value`, and the library fails on it",
            DiagnosticCode::Refused(why) => why.text(),
            DiagnosticCode::TrailingComma => "has a comma after it, which Ruby does not take for the end of a value",
        })
    }
}

/// The words for [`DiagnosticCode::PartOfValue`].
struct PartOfValue(Extra, Reader);

impl fmt::Display for PartOfValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PartOfValue(extra, reader) = self;
        let extra = match extra {
            Extra::Quotes => "is in quotes, which are",
            Extra::CurlyQuotes => "is in curly quotes, which are",
            Extra::Comment => "has a comment after its value, which is",
            Extra::Spaces => "has spaces around its value, which are",
            Extra::CarriageReturn => "ends in a carriage return, which is",
        };
        let reader = match reader {
            Reader::Library => "the library",
            Reader::Shell => "a shell",
            Reader::Docker => "docker",
        };
        write!(f, "{extra} part of the value to {reader}")
    }
}
