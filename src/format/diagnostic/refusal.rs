//! Why a library rejects a whole file because of one line: the words, and the step for each.

/// A fact about a line with which the library reads nothing of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// YAML: a tag for which PyYAML has no type, like `!secret`.
    UnknownTag,
    /// YAML: the text is not one of the type that its tag names.
    NotOfItsTag,
    /// YAML: the form of a date or a time, and none that there is.
    NoSuchDate,
    /// YAML: the form of a number without a digit.
    NoDigits,
    /// YAML: `=` or `<<` as a value.
    Reserved,
    /// YAML: a name that an anchor has already.
    AnchorTwice,
    /// The settings of the Python library's log, which are a mapping or JSON.
    LogSettings,
    /// Ruby: the library's class has no such attribute.
    NoSuchSetting,
    /// Ruby: a setting is named and not assigned.
    NotAssigned,
    /// Ruby: a space or another character that is not visible, which is a part of a name there.
    Invisible,
    /// Ruby: text after the closing quote.
    AfterQuote,
    /// Ruby: an `end` that closes nothing.
    EndTooMuch,
    /// Ruby: the last value of the file is not the configuration.
    NotLast,
    /// Airflow: the hook uses a refresh token only if this is true.
    FlagOff,
    /// PHP: a value of which it can make nothing.
    NotParsed,
}

impl Refusal {
    pub const ALL: [Refusal; 15] = [
        Refusal::UnknownTag,
        Refusal::NotOfItsTag,
        Refusal::NoSuchDate,
        Refusal::NoDigits,
        Refusal::Reserved,
        Refusal::AnchorTwice,
        Refusal::LogSettings,
        Refusal::NoSuchSetting,
        Refusal::NotAssigned,
        Refusal::Invisible,
        Refusal::AfterQuote,
        Refusal::EndTooMuch,
        Refusal::NotLast,
        Refusal::FlagOff,
        Refusal::NotParsed,
    ];

    /// A fact that follows the key: lower case, no full stop.
    pub fn text(self) -> &'static str {
        match self {
            Refusal::UnknownTag => "has a tag that the Python library does not know, and it rejects the whole file",
            Refusal::NotOfItsTag => {
                "is not of the type that its tag names, and the Python library rejects the whole file"
            }
            Refusal::NoSuchDate => {
                "has the form of a date but is not a date, on which the Python library rejects the whole file"
            }
            Refusal::NoDigits => {
                "has the form of a number without a digit, on which the Python library rejects the whole file"
            }
            Refusal::Reserved => {
                "is a character that YAML reserves, on which the Python library rejects the whole file"
            }
            Refusal::AnchorTwice => {
                "has an anchor with the name of another one, on which the Python library rejects the whole file"
            }
            Refusal::LogSettings => "is not JSON, and the Python library rejects the whole configuration",
            Refusal::NoSuchSetting => "is not a setting of the Ruby library, which rejects the whole file",
            Refusal::NotAssigned => "has no `=` after it, and Ruby rejects the whole file",
            Refusal::Invisible => {
                "has a character on its line that is not visible and part of a name to Ruby, which rejects the file"
            }
            Refusal::AfterQuote => "has text after its closing quote, which is a syntax error",
            Refusal::EndTooMuch => "closes nothing, which is a syntax error",
            Refusal::NotParsed => "has a value that PHP cannot parse, and it rejects the whole file",
            Refusal::FlagOff => "is off, and the Airflow hook uses no refresh token then",
            Refusal::NotLast => {
                "is the last value of the file, where the library expects the configuration and rejects anything else"
            }
        }
    }

    /// Whether it is about a value, in whose place a login writes another one. It does not change a line with a tag.
    pub fn is_of_value(self) -> bool {
        use Refusal::{AfterQuote, NoDigits, NoSuchDate, Reserved};
        matches!(self, NoSuchDate | NoDigits | Reserved | AfterQuote)
    }

    /// The next step, for that line.
    pub fn step(self, line: &str) -> String {
        match self {
            Refusal::UnknownTag | Refusal::NotOfItsTag => format!("remove the tag on {line}, or put it in quotes"),
            Refusal::NoSuchDate | Refusal::NoDigits | Refusal::Reserved => format!("put the value in quotes on {line}"),
            Refusal::AnchorTwice => format!("give the anchor on {line} a name of its own, or remove it"),
            Refusal::LogSettings => format!("remove {line}, or write the settings of Python's `logging` as JSON"),
            Refusal::NoSuchSetting | Refusal::EndTooMuch => format!("remove {line}"),
            Refusal::NotAssigned => format!("write ` = ` before the value on {line}"),
            Refusal::Invisible => format!("type {line} again: it contains a character that is not visible"),
            Refusal::AfterQuote => format!("put the whole value in one pair of quotes on {line}"),
            Refusal::NotParsed => format!("put the value in quotes on {line}; a comment begins with `;`"),
            Refusal::FlagOff => format!("write `true` on {line}"),
            Refusal::NotLast => format!("move {line} before the configuration, or remove it"),
        }
    }
}
