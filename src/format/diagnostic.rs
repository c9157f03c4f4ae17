//! What is wrong with a line of a file, as data; the words for it are in `words` and nowhere else.

mod details;
mod refusal;
mod words;

use std::fmt;

use crate::credentials::Field;
use crate::term;
use crate::value_kind::ValueKind;

pub use details::{Bare, Broken, Elsewhere, Extra, IfEmpty, Reader, Type};
pub use refusal::Refusal;

/// One thing about one line that the owner of the file should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// From 1; 0 for a member of a document, which is one line.
    pub line: usize,
    /// The key as the file spells it.
    pub key: String,
    /// The field that the line sets, or was meant to set.
    pub field: Option<Field>,
    pub code: DiagnosticCode,
    is_required: bool,
}

/// What a diagnostic means to the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The library fails on it or reads something else than is meant.
    Error,
    /// It works, but is not what it looks like.
    Warning,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiagnosticCode {
    /// The value is still the one of the sample file (`INSERT_…`).
    Placeholder,
    /// The value is of another kind than the field, by its form.
    OtherKind(ValueKind),
    /// The key has an empty value.
    Empty(IfEmpty),
    /// The key has no value at all, and the library fails on that.
    NoValue,
    ControlCharacter,
    /// A string with a space or a line break in it.
    Whitespace,
    /// A customer ID that is not ten digits.
    NotTenDigits,
    /// A customer ID that is read as ten digits but is not written as such: `123_456_7890`.
    UnusualDigits,
    /// A customer ID that the library reads as an octal number; quotes help.
    OctalNumber,
    /// A customer ID that starts with 0, which Ruby reads as an octal number even in quotes.
    LeadingZero,
    /// A number where a string is meant; the library happens to take it.
    UnquotedNumber,
    /// The library reads a value of another type than the string that is meant.
    WrongType(Type),
    /// Something around the value counts as part of it.
    PartOfValue(Extra, Reader),
    /// Only the interpreter of the file's language knows the value.
    Computed,
    /// A language construct that this program does not understand names the key.
    NamedInCode,
    /// More code follows the configuration.
    CodeAfter,
    /// The line with this number sets the key again, and that one counts.
    SetAgain {
        line: usize,
    },
    /// The line with this number sets the key too, but this one counts.
    SetBefore {
        line: usize,
    },
    /// The line with this number sets it otherwise, and the program uses both.
    Differs {
        line: usize,
    },
    /// A value in the place of the section that the library looks for.
    NotASection,
    /// The key is there twice in any case, and .NET rejects the file.
    DuplicateInAnyCase,
    /// The library looks for this spelling.
    MisspelledKey {
        expected: &'static str,
    },
    /// The document of a secret manager has this name for it.
    MisspelledMember {
        expected: &'static str,
    },
    /// The line is a comment, so the library does not read it.
    CommentedOut,
    /// The line is inside a comment of several lines, which begins on this one.
    InComment {
        line: usize,
    },
    /// The key has no value of its own, and the line with one is not read.
    ValueElsewhere {
        line: usize,
    },
    /// The value goes over several lines.
    Broken(Broken),
    /// The line is a part of the one with this number, which ends in a backslash.
    Swallowed {
        line: usize,
    },
    /// What Git leaves where a merge had a conflict.
    ConflictMarker,
    /// A number as a spreadsheet shows it: its last digits are lost.
    Rounded,
    /// A name for a field that no library knows, but other programs may.
    OtherName {
        expected: &'static str,
    },
    /// The section of the line, whose header is on this line, has another name.
    OtherHeader {
        line: usize,
        expected: &'static str,
    },
    /// The key has a character that is not visible, so the library does not find it.
    InvisibleCharacter,
    /// The file starts with a byte order mark, which the library takes for a part of the first key.
    ByteOrderMark,
    /// The library reads this line first, and another one is where the key belongs.
    ReadFirst,
    /// A pipeline of dlt has a section of its own, which it reads first.
    OfPipeline,
    /// The key is right, but the library does not read it in this place.
    Misplaced,
    /// The key is not in the section in which the library looks for it.
    WrongSection {
        expected: &'static str,
    },
    /// The line sets the key in another syntax than the one of the file.
    OtherSyntax {
        form: &'static str,
    },
    /// The line holds a refresh token under a key that is not the one for it.
    HoldsToken {
        expected: &'static str,
    },
    /// The key is below another key, where the library does not look for it.
    Nested {
        parent: String,
    },
    /// The section of the line is opened again further down, which drops the line.
    LostSection,
    /// The section is in another file, which cannot be read: why not.
    SectionElsewhere(Elsewhere),
    /// The section is encrypted.
    Encrypted,
    /// A key that the library does not start without.
    Missing,
    /// A key that the Python library does not start without; the others do.
    MissingForPython,
    NotABoolean,
    /// Another word than the one that the library looks for.
    OtherWord {
        expected: &'static str,
    },
    /// A value that the Ruby library takes for true whatever it is.
    AlwaysTrueToRuby,
    /// A variable that makes the Python library ignore all others.
    OverridesVariables,
    /// Spaces around the key, so that the library does not find it.
    SpacesAroundKey,
    /// Spaces beside the equals sign.
    SpacesAroundEquals,
    /// A tab where the library accepts only spaces.
    Tab,
    /// A line that looks like a comment but sets a key.
    NotAComment,
    /// A character that the library reads in another encoding.
    NotAscii,
    /// `${`, which PHP replaces.
    Interpolated,
    /// Quotes that a word processor makes, which the library does not take for quotes.
    CurlyQuotes,
    /// A string without quotes, where the library's language requires them.
    Unquoted,
    /// Quoted and unquoted text in one value.
    MixedQuotes,
    /// Without quotes this is not a string to PHP.
    NeedsQuotes(Bare),
    /// Shells, dotenv libraries and docker read the value differently.
    ReadersDisagree,
    /// `export`, which docker does not accept.
    Exported,
    /// An XML namespace, which hides the configuration from .NET.
    XmlNamespace,
    /// An element of the section that is not a setting.
    NotASetting,
    /// The library rejects the whole file because of this line.
    Refused(Refusal),
    /// A comma after the value, which makes it a list to Ruby or is a syntax error.
    TrailingComma,
}

impl Diagnostic {
    pub fn new(line: usize, key: &str, field: Option<Field>, code: DiagnosticCode) -> Diagnostic {
        Diagnostic { line, key: key.to_owned(), field, code, is_required: false }
    }

    /// Returns the same for a line that was meant to set what the library does not start without.
    pub fn required(self) -> Diagnostic {
        Diagnostic { is_required: true, ..self }
    }

    pub fn severity(&self) -> Severity {
        if self.is_required { Severity::Error } else { self.code.severity() }
    }

    pub fn is_placeholder(&self) -> bool {
        self.code == DiagnosticCode::Placeholder
    }

    /// Whether another line sets the key too.
    pub fn is_set_twice(&self) -> bool {
        matches!(self.code, DiagnosticCode::SetAgain { .. } | DiagnosticCode::SetBefore { .. })
    }

    /// Whether the line keeps the library from every field of the section.
    pub fn hides_section(&self) -> bool {
        self.field.is_none()
            && matches!(
                self.code,
                DiagnosticCode::SectionElsewhere(_)
                    | DiagnosticCode::Encrypted
                    | DiagnosticCode::XmlNamespace
                    | DiagnosticCode::NotASection
                    | DiagnosticCode::MisspelledKey { .. }
                    | DiagnosticCode::OverridesVariables
            )
    }

    /// Whether the library reads nothing of the file because of the line.
    pub fn refuses_file(&self) -> bool {
        matches!(
            self.code,
            DiagnosticCode::Refused(_)
                | DiagnosticCode::Tab
                | DiagnosticCode::NotASetting
                | DiagnosticCode::DuplicateInAnyCase
                | DiagnosticCode::CurlyQuotes
                | DiagnosticCode::Unquoted
        )
    }

    /// Whether the line is about the login customer or the linked customer.
    pub fn is_of_customer_id(&self) -> bool {
        matches!(self.field, Some(Field::LoginCustomerId | Field::LinkedCustomerId))
    }
}

/// `line 12: \`login_customer_id\` is not ten digits; …`; never contains a value.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        write!(f, "`{}` {}", term::excerpt(&self.key), self.code)
    }
}

impl DiagnosticCode {
    pub fn severity(&self) -> Severity {
        match self {
            DiagnosticCode::Empty(IfEmpty::Ignored | IfEmpty::UsesDefaultCredentials)
            | DiagnosticCode::Whitespace
            | DiagnosticCode::UnusualDigits
            | DiagnosticCode::UnquotedNumber
            | DiagnosticCode::PartOfValue(_, Reader::Docker)
            | DiagnosticCode::Computed
            | DiagnosticCode::NamedInCode
            | DiagnosticCode::CodeAfter
            | DiagnosticCode::SetAgain { .. }
            | DiagnosticCode::SetBefore { .. }
            | DiagnosticCode::Differs { .. }
            | DiagnosticCode::Nested { .. }
            | DiagnosticCode::OfPipeline
            | DiagnosticCode::CommentedOut
            | DiagnosticCode::InComment { .. }
            | DiagnosticCode::OtherName { .. }
            | DiagnosticCode::AlwaysTrueToRuby
            | DiagnosticCode::NotAComment
            | DiagnosticCode::MissingForPython
            | DiagnosticCode::Encrypted
            | DiagnosticCode::Exported => Severity::Warning,
            _ => Severity::Error,
        }
    }
}
