//! Text that a server sends, made fit to be shown and stored: cut, escaped, and left out where it repeats a secret.
//!
//! Servers and proxies quote what they were sent when they reject it. Every text of a response goes through
//! [`RequestSecrets::clean`] where it is read, so that nothing later has to remember where a text came from.

use reqwest::{Request, header};
use url::form_urlencoded;

use crate::google::web_url::parse_url;
use crate::secret::Secret;
use crate::term;

/// As many characters of a secret in a row count as a quotation; Google's prefixes (`GOCSPX-`, `1//0`) are shorter.
const MIN_QUOTED: usize = 12;
/// Form fields that hold no secret.
const PUBLIC_FIELDS: &[&str] = &["grant_type", "client_id", "redirect_uri", "scope"];
/// More than [`term::excerpt`] shows of a text, so that a quotation cannot begin after what is searched.
const SEARCHED: usize = 400;
/// The longest link that is passed on.
const LONGEST_LINK: usize = 300;

/// The secrets that a request carried, which must not come back in a message.
#[derive(Clone, Debug, Default)]
pub struct RequestSecrets(Vec<Secret>);

impl RequestSecrets {
    /// Collects the secrets of the request's form and headers.
    pub fn of(request: &Request) -> RequestSecrets {
        let header = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
        let mut secrets: Vec<Secret> = Vec::new();
        if header(header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
            let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
            let fields = form_urlencoded::parse(body).filter(|(name, _)| !PUBLIC_FIELDS.contains(&name.as_ref()));
            secrets.extend(fields.map(|(_, value)| Secret::new(value)));
        }
        let bearer = header(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        let developer = header(header::HeaderName::from_static("developer-token"));
        secrets.extend([bearer, developer].into_iter().flatten().map(Secret::new));
        RequestSecrets(secrets)
    }

    /// Collects tokens of a response, except for those that are as short as a word.
    pub fn of_tokens<'t>(tokens: impl IntoIterator<Item = &'t Secret>) -> RequestSecrets {
        RequestSecrets(tokens.into_iter().filter(|token| token.expose().len() >= MIN_QUOTED).cloned().collect())
    }

    /// The text as it may be shown: at most 300 characters, escaped. `None` if it is empty or repeats a secret.
    pub fn clean(&self, text: &str) -> Option<String> {
        let start: String = text.chars().take(SEARCHED).collect();
        (!text.is_empty() && !self.are_quoted_in(&start)).then(|| term::excerpt(text))
    }

    /// Returns a link into Google's console. `None` for any other address, since its sender may not be Google, and for one that
    /// is too long or repeats a secret.
    pub fn console_link(&self, text: &str) -> Option<String> {
        let url = parse_url(text)?;
        let is_console = matches!(url.host_str()?, "console.developers.google.com" | "console.cloud.google.com");
        let is_plain_https = url.scheme() == "https" && url.port().is_none() && url.username().is_empty();
        let link = String::from(url);
        let is_plain = link.len() <= LONGEST_LINK && link.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'`');
        (is_console && is_plain_https && is_plain && !self.are_quoted_in(&link)).then_some(link)
    }

    /// Whether the text repeats a secret or a part of one, in any spelling.
    pub fn are_quoted_in(&self, text: &str) -> bool {
        term::repeats(text, self.0.iter().map(Secret::expose), MIN_QUOTED)
    }
}

#[cfg(test)]
mod tests {
    use super::RequestSecrets;
    use crate::secret::Secret;

    #[test]
    fn twelve_characters_of_a_secret_are_a_quotation() {
        let secrets = RequestSecrets(vec![Secret::new("0123456789abcdefghij"), Secret::new("short")]);
        for text in [
            "x 0123456789ab y",
            "89abcdefghij",
            "x%3D89abcdefghij",
            "89abcdefg%68ij",
            "x short y",
            "ODlhYmNkZWZnaGlq",
            "jihgfedcba98",
            "89ab cdef ghij",
        ] {
            assert_eq!(secrets.clean(text), None, "{text}");
        }
        for text in ["x 0123456789a", "9abcdefghij", "shor"] {
            assert_eq!(secrets.clean(text).as_deref(), Some(text));
        }
        assert_eq!(secrets.clean(""), None);
    }

    #[test]
    fn a_quotation_that_starts_in_the_shown_text_is_found_beyond_its_end() {
        let secrets = RequestSecrets(vec![Secret::new("0123456789abcdefghij")]);
        let at = |position: usize| format!("{}0123456789abcdefghij", "x".repeat(position));
        assert_eq!(secrets.clean(&at(299)), None);
        assert_eq!(secrets.clean(&at(388)), None);
        assert!(secrets.clean(&at(389)).is_some_and(|shown| !shown.contains('0')));
    }
}
