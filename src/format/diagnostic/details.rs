//! What a finding about a line adds to its code.

/// What an empty value does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfEmpty {
    /// It counts as absent.
    Ignored,
    /// Google rejects an empty developer token, and accepts a request without one.
    GoogleRefuses,
    LibraryFails,
    PythonAndJavaFail,
    UsesDefaultCredentials,
}

/// Why the file of a section is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// There is no such file.
    Missing,
    /// .NET accepts only files in the directory of the configuration or below it.
    NotBelow,
}

/// What a value without quotes is to the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Number,
    Boolean,
    Date,
    /// A character that YAML reserves.
    Reserved,
    /// A value with a tag.
    Tagged,
    Collection,
    /// Anything but a JSON string.
    NotAString,
}

/// What the library makes of a value that goes over several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It reads the first line.
    FirstLine,
    /// It reads all of them, with what separates them.
    Joined,
}

/// What counts as part of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    Quotes,
    CurlyQuotes,
    Comment,
    Spaces,
    CarriageReturn,
}

/// For whom it counts as part of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Library,
    Shell,
    Docker,
}

/// What a bare value may be to PHP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bare {
    Word,
    Character,
    Constant,
    Number,
}
