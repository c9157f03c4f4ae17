//! Parses URLs from outside this program.

use url::Url;

/// Parses the URL. `None` if its host has characters outside ASCII, or percent-encoded ones: Google's hosts and the
/// loopback interface have neither, and their parsing depends on Unicode tables outside this program.
pub fn parse_url(text: &str) -> Option<Url> {
    // The parser would remove tabs and line ends anywhere.
    if text.contains(char::is_control) {
        return None;
    }
    let (_, rest) = text.split_once(':')?;
    let host = rest.trim_start_matches(['/', '\\']).split(['/', '\\', '?', '#']).next().unwrap_or_default();
    if !host.is_ascii() || host.contains('%') {
        return None;
    }
    Url::parse(text).ok()
}
