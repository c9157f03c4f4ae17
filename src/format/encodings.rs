//! The encodings that each library reads, as data. The file store converts bytes to text.

/// Which encodings of a text besides UTF-8 the library reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encodings {
    pub byte_order_mark: ByteOrderMark,
    /// With a byte order mark.
    pub utf16: bool,
    pub latin1: Latin1,
}

/// What a byte order mark before UTF-8 text does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrderMark {
    Ignored,
    /// The library reads it as part of the first key.
    SpoilsFirstLine,
    LibraryFails,
}

/// Where the library reads bytes that are not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latin1 {
    Never,
    Anywhere,
    /// After a `#`.
    InComments,
    /// If the XML declaration names such an encoding.
    IfDeclared,
}

impl Encodings {
    /// UTF-8, with or without a byte order mark.
    pub const UTF8: Encodings =
        Encodings { byte_order_mark: ByteOrderMark::Ignored, utf16: false, latin1: Latin1::Never };
}
