//! The type of a plain scalar to PyYAML: the implicit types of YAML 1.1 as in its resolver.
//!
//! The patterns are those of PyYAML's `resolver.py`, not those of the YAML 1.1 type pages, which differ: a float needs a
//! dot, an exponent needs a sign, `y` and `n` are strings.

/// The type of a plain scalar to PyYAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Null,
    Boolean(bool),
    /// With its value, if that fits.
    Integer(Option<i128>),
    Float,
    Date,
    /// `<<` or `=`, for which PyYAML has no value.
    Unusable,
    Text,
}

/// The type of a plain scalar with this text.
pub fn plain(text: &str) -> Type {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Type::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Type::Boolean(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => return Type::Boolean(false),
        "<<" | "=" => return Type::Unusable,
        _ => {}
    }
    if !text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.')) {
        Type::Text
    } else if is_float(text) {
        Type::Float
    } else if is_date(text) {
        Type::Date
    } else {
        integer(text)
    }
}

/// `[-+]?` and then binary, octal (a leading `0`), decimal, hexadecimal or sexagesimal; underscores anywhere inside.
fn integer(text: &str) -> Type {
    let (negative, digits) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    let (radix, digits) = if let Some(rest) = digits.strip_prefix("0b") {
        (2, rest)
    } else if let Some(rest) = digits.strip_prefix("0x") {
        (16, rest)
    } else if digits.len() > 1 && digits.starts_with('0') {
        (8, &digits[1..])
    } else {
        (10, digits)
    };
    let fits = |byte: u8| byte == b'_' || char::from(byte).is_digit(radix);
    if digits.is_empty() {
        return Type::Text;
    }
    if digits.bytes().all(fits) && !(radix == 10 && digits.starts_with('_')) {
        let bare = digits.replace('_', "");
        // `0_` is 0 to PyYAML; on `0x_` it fails, which is represented as a number without a value.
        let bare = if bare.is_empty() && radix == 8 { "0" } else { &bare };
        let value = i128::from_str_radix(bare, radix).ok();
        return Type::Integer(value.map(|value| if negative { -value } else { value }));
    }
    match radix {
        10 if is_sexagesimal(digits) => Type::Integer(None),
        _ => Type::Text,
    }
}

/// `[1-9][0-9_]*(:[0-5]?[0-9])+`
fn is_sexagesimal(text: &str) -> bool {
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    first.starts_with(|digit: char| matches!(digit, '1'..='9'))
        && first.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
        && rest.peek().is_some()
        && rest.all(is_sixtieth)
}

fn is_sixtieth(text: &str) -> bool {
    match text.as_bytes() {
        [ones] => ones.is_ascii_digit(),
        [tens, ones] => matches!(tens, b'0'..=b'5') && ones.is_ascii_digit(),
        _ => false,
    }
}

/// A float has a dot: `1_0.5e+3`, `.5`, `1:30.5`, `.inf`, `.nan`.
fn is_float(text: &str) -> bool {
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let signed = text.starts_with(['-', '+']);
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(text, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let Some((whole, fraction)) = text.split_once('.') else { return false };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let starts_with_digit = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
    let (fraction_digits, exponent) = match fraction.find(['e', 'E']) {
        Some(at) => (&fraction[..at], Some(&fraction[at + 1..])),
        None => (fraction, None),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        exponent
            .strip_prefix(['-', '+'])
            .is_some_and(|power| !power.is_empty() && power.bytes().all(|byte| byte.is_ascii_digit()))
    });
    if whole.is_empty() {
        return !signed && starts_with_digit(fraction_digits) && digits(fraction_digits) && exponent_fits;
    }
    if let Some((first, rest)) = whole.split_once(':') {
        let minutes = rest.split(':').all(is_sixtieth);
        return starts_with_digit(first) && digits(first) && minutes && exponent.is_none() && digits(fraction_digits);
    }
    starts_with_digit(whole) && digits(whole) && digits(fraction_digits) && exponent_fits
}

/// `2001-12-14`, or a date with a time after `T` or spaces.
fn is_date(text: &str) -> bool {
    let number = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let (date, time) = match text.find(['T', 't', ' ', '\t']) {
        Some(at) => (&text[..at], Some(&text[at..])),
        None => (text, None),
    };
    let parts: Vec<_> = date.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let Some(time) = time else { return number(year, 4, 4) && number(month, 2, 2) && number(day, 2, 2) };
    let time = match time.strip_prefix(['T', 't']) {
        Some(time) => time,
        None => time.trim_start_matches([' ', '\t']),
    };
    // A fraction and a time zone follow the seconds. To accept any such tail is to report a date too often, not too seldom.
    let clock: Vec<_> = time.splitn(3, ':').collect();
    let [hour, minute, second] = clock[..] else { return false };
    number(year, 4, 4)
        && number(month, 1, 2)
        && number(day, 1, 2)
        && number(hour, 1, 2)
        && number(minute, 2, 2)
        && second.len() >= 2
        && second.bytes().take(2).all(|byte| byte.is_ascii_digit())
        && second[2..]
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'Z' | b'+' | b'-' | b':' | b' ' | b'\t'))
}
