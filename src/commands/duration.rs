//! Options that take a span of time: `3d`, `12h`, `90m`, `45s`, `1d12h`, `2 weeks`.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;

/// The units, the longest first, by every name that people write, with their seconds.
const UNITS: [(&[&str], i64); 5] = [
    (&["w", "week", "weeks"], 7 * 86_400),
    (&["d", "day", "days"], 86_400),
    (&["h", "hr", "hour", "hours"], 3_600),
    (&["m", "min", "mins", "minute", "minutes"], 60),
    (&["s", "sec", "secs", "second", "seconds"], 1),
];

/// A hundred years: longer than any token is valid, and far from the end of the calendar.
const MOST: i64 = 36_525 * 86_400;

/// A span of time as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedDuration {
    pub span: TimeDelta,
    typed: String,
}

impl fmt::Display for TypedDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

impl FromStr for TypedDuration {
    type Err = String;

    fn from_str(text: &str) -> Result<TypedDuration, String> {
        let form = || "it takes a number and a unit: `3d`, `12h`, `90m` or `45s`".to_owned();
        let typed = text.trim();
        if !typed.is_empty() && typed.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("the unit is missing: `{typed}d` means days, `{typed}h` hours, `{typed}m` minutes"));
        }
        let mut rest = typed;
        let mut seconds = 0_i64;
        let mut last = i64::MAX;
        while !rest.is_empty() {
            let digits = rest.len() - rest.trim_start_matches(|char: char| char.is_ascii_digit()).len();
            let (number, behind) = rest.split_at(digits);
            let behind = behind.trim_start();
            let letters = behind.len() - behind.trim_start_matches(|char: char| char.is_ascii_alphabetic()).len();
            let (name, behind) = behind.split_at(letters);
            let name = name.to_ascii_lowercase();
            let unit = UNITS.iter().find(|(names, _)| names.contains(&name.as_str())).map(|(_, unit)| *unit);
            // Each unit once, the longest first: `1h3d` is more likely a slip than meant.
            let unit = unit.filter(|unit| *unit < last).ok_or_else(form)?;
            let some = number.parse::<i64>().ok().and_then(|number| number.checked_mul(unit));
            // What does not fit is too long; what has no digits is not a number.
            let some = if number.is_empty() { return Err(form()) } else { some.unwrap_or(i64::MAX) };
            seconds = seconds.saturating_add(some);
            last = unit;
            rest = behind.trim_start();
        }
        match seconds {
            0 if typed.is_empty() => Err(form()),
            0 => Err("it takes a time longer than zero".to_owned()),
            1..=MOST => Ok(TypedDuration { span: TimeDelta::seconds(seconds), typed: typed.to_owned() }),
            _ => Err("it takes at most a hundred years".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TypedDuration;

    fn seconds(text: &str) -> Result<i64, String> {
        text.parse::<TypedDuration>().map(|duration| duration.span.num_seconds())
    }

    #[test]
    fn spans_are_read_as_people_write_them() {
        for (text, wanted) in [
            ("3d", 259_200),
            ("12h", 43_200),
            ("90m", 5_400),
            ("45s", 45),
            ("2w", 1_209_600),
            ("1d12h", 129_600),
            ("1d 12h", 129_600),
            ("3 days", 259_200),
            ("1week", 604_800),
            ("3D", 259_200),
            (" 30min ", 1_800),
            ("36525d", 3_155_760_000),
            ("007d", 604_800),
        ] {
            assert_eq!(seconds(text), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_span_is_refused() {
        for text in
            ["", " ", "3", "d", "1.5d", "-3d", "+3d", "3x", "3d3d", "3h1d", "3d4", "0d", "0", "P3D", "3dd", "٣d"]
        {
            assert!(seconds(text).is_err(), "{text}");
        }
        for text in ["36526d", "99999999999999999999d", "9223372036854775807w", "36525d1s"] {
            assert_eq!(seconds(text), Err("it takes at most a hundred years".to_owned()), "{text}");
        }
        assert!(seconds("3").is_err_and(|error| error.contains("`3d` means days")));
    }
}
