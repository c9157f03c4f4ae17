//! Options that take a number.

use std::fmt::Display;
use std::str::FromStr;

/// Returns a parser of numbers from `least` to `most`, for clap. `what` is counted: `number of seconds`.
pub fn within<T>(
    what: &'static str,
    least: T,
    most: T,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static
where
    T: FromStr + PartialOrd + Display + Copy + Send + Sync + 'static,
{
    move |text| {
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| format!("it takes a {what} from {least} to {most}"))
    }
}
