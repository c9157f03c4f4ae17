//! How bytes encode a text: decodes them, and encodes the text again.

/// Written by Windows programs before the first character of a text.
const BYTE_ORDER_MARK: char = '\u{feff}';
const MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// How the bytes of a file encode its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf8WithMark,
    /// With a byte order mark.
    Utf16(Endian),
    Latin1,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endian {
    Little,
    Big,
}

impl Encoding {
    pub fn of(bytes: &[u8]) -> Encoding {
        match bytes {
            [0xff, 0xfe, ..] => Encoding::Utf16(Endian::Little),
            [0xfe, 0xff, ..] => Encoding::Utf16(Endian::Big),
            _ if bytes.starts_with(MARK) => Encoding::Utf8WithMark,
            _ if std::str::from_utf8(bytes).is_ok() => Encoding::Utf8,
            _ => Encoding::Latin1,
        }
    }

    /// Returns the text without its byte order mark; `None` if the bytes are invalid in this encoding.
    pub fn text(self, bytes: &[u8]) -> Option<String> {
        match self {
            Encoding::Utf8 => String::from_utf8(bytes.to_vec()).ok(),
            Encoding::Utf8WithMark => String::from_utf8(bytes[MARK.len()..].to_vec()).ok(),
            Encoding::Latin1 => Some(bytes.iter().copied().map(char::from).collect()),
            Encoding::Utf16(endian) => endian.text(&bytes[2..]),
        }
    }

    /// Returns the bytes of the text; `None` if the encoding lacks a character.
    pub fn bytes(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Encoding::Utf8 => Some(text.as_bytes().to_vec()),
            Encoding::Utf8WithMark => Some([MARK, text.as_bytes()].concat()),
            Encoding::Latin1 => text.chars().map(|char| u8::try_from(char).ok()).collect(),
            Encoding::Utf16(endian) => {
                let unit = |unit: u16| match endian {
                    Endian::Little => unit.to_le_bytes(),
                    Endian::Big => unit.to_be_bytes(),
                };
                let marked = BYTE_ORDER_MARK.encode_utf16(&mut [0; 1]).to_vec();
                Some(marked.into_iter().chain(text.encode_utf16()).flat_map(unit).collect())
            }
        }
    }
}

impl Endian {
    fn text(self, bytes: &[u8]) -> Option<String> {
        let (pairs, rest) = bytes.as_chunks();
        let unit = |pair: &[u8; 2]| match self {
            Endian::Little => u16::from_le_bytes(*pair),
            Endian::Big => u16::from_be_bytes(*pair),
        };
        let units: Vec<u16> = pairs.iter().map(unit).collect();
        String::from_utf16(&units).ok().filter(|_| rest.is_empty())
    }
}

/// The bytes behind a byte order mark of UTF-8; none if there is none.
pub fn without_mark(bytes: &[u8]) -> Option<&[u8]> {
    bytes.strip_prefix(MARK)
}

/// Returns the text of standard input; `None` if it is not text. UTF-8 is returned as it is. PowerShell 5 pipes UTF-16, with a byte
/// order mark or without: what is expected there begins with a character of ASCII (RFC 4627 section 3).
pub fn piped(bytes: Vec<u8>) -> Option<String> {
    let text = match (Encoding::of(&bytes), &*bytes) {
        (Encoding::Utf16(endian), _) => endian.text(&bytes[2..]),
        (_, [0, _, ..]) => Endian::Big.text(&bytes),
        (_, [_, 0, ..]) => Endian::Little.text(&bytes),
        _ => String::from_utf8(bytes).ok(),
    };
    text.filter(|text| !text.contains('\0'))
}

/// Whether the first line of a text, up to its line feed, shows that the text is UTF-16.
pub fn is_utf16(line: &[u8]) -> bool {
    matches!(Encoding::of(line), Encoding::Utf16(_)) || line.contains(&0)
}
