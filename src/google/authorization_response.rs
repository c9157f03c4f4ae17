//! The authorization response (RFC 6749 section 4.1.2): a code or an error in the query of the redirect URI.
//!
//! Pure functions, for the loopback server and for pasted text. Every web page and every program of this machine can send us a
//! URL, so nothing in one counts before its `state` is ours. Whatever fails that or contradicts itself is a [`Rejection`], and
//! the login goes on: a forged response must not end it, with success or without.

use subtle::ConstantTimeEq;
use url::{Position, Url, form_urlencoded};

use crate::google::web_url::parse_url;
use crate::secret::Secret;
use crate::term;

/// Longer than any URL that a browser sends to a server.
const LONGEST: usize = 16 << 10;
/// Google's codes have about 80 characters; at most 256 are promised.
const LONGEST_CODE: usize = 2048;
/// Every response has one of these first.
const FIRST_PARAMETERS: [&str; 5] = ["state=", "code=", "iss=", "scope=", "error="];

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizationResponse {
    Code(Secret),
    /// RFC 6749 section 4.1.2.1; both texts are fit to be shown.
    Error {
        code: String,
        description: Option<String>,
    },
}

/// What the response to a login must match.
#[derive(Clone, Debug)]
pub struct ResponseChecks {
    pub redirect_uri: Url,
    pub state: Secret,
    pub issuer: String,
}

/// Why something is not the response to this login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    TooLong,
    NoState,
    OtherState,
    /// A parameter that RFC 6749 or RFC 9207 defines is there twice (RFC 6749 section 3.1).
    RepeatedParameter,
    OtherIssuer,
    CodeAndError,
    NoCodeOrError,
    EmptyError,
    InvalidCode,
    /// Pasted text with spaces, line ends or control characters.
    Spaces,
    /// Pasted text that begins in the middle of a URL.
    NoBeginning,
    NotAUrl,
    OtherUrl,
    /// The URL of Google's page, before or after consent.
    ConsentPage,
    /// The code without the rest of the URL.
    OnlyCode,
    /// `&amp;` in place of `&`.
    HtmlEscaped,
    /// The end of the URL is missing.
    Truncated,
    /// Pasted text that ends with the code, of which a part may be missing.
    MayBeTruncated,
}

/// Parses the query of a request whose host and path the loopback server has checked.
pub fn from_query(query: &str, checks: &ResponseChecks) -> Result<AuthorizationResponse, Rejection> {
    if query.len() > LONGEST {
        return Err(Rejection::TooLong);
    }
    let state = parameter(query, "state")?.ok_or(Rejection::NoState)?;
    if !equal(&state, checks.state.expose()) {
        return Err(Rejection::OtherState);
    }
    // The sender knows our state from here on: it is Google, through the browser. Unknown parameters (`authuser`, `prompt`,
    // `hd`) are ignored, as RFC 6749 section 4.1.2 requires; known ones must not be repeated.
    let (code, error) = (parameter(query, "code")?, parameter(query, "error")?);
    let (description, issuer) = (parameter(query, "error_description")?, parameter(query, "iss")?);
    parameter(query, "error_uri")?;
    parameter(query, "scope")?;
    // RFC 9207 section 2.4: compared as it is. Google does not promise to send it, so it may be absent.
    if issuer.is_some_and(|issuer| issuer != checks.issuer) {
        return Err(Rejection::OtherIssuer);
    }
    match (code, error) {
        (Some(_), Some(_)) => Err(Rejection::CodeAndError),
        (None, None) => Err(Rejection::NoCodeOrError),
        (Some(code), None) => parse_code(code),
        (None, Some(error)) if error.is_empty() => Err(Rejection::EmptyError),
        (None, Some(error)) => Ok(AuthorizationResponse::Error {
            code: term::excerpt(&error),
            description: description.filter(|text| !text.is_empty()).map(|text| term::excerpt(&text)),
        }),
    }
}

/// Parses what the user pasted: the URL that the browser ended on, or what follows its origin or its `?`. Mail programs, shells
/// and other programs may have encoded it once more, or put it into a URL of their own.
pub fn from_pasted(text: &str, checks: &ResponseChecks) -> Result<AuthorizationResponse, Rejection> {
    let before = match from_plain(text, checks) {
        Err(before @ (Rejection::OtherState | Rejection::Truncated | Rejection::OtherUrl)) => before,
        result => return result,
    };
    let decoded = if before == Rejection::OtherUrl { inner(text) } else { None }.unwrap_or_else(|| decoded(text));
    match (decoded != text).then(|| from_plain(&decoded, checks)) {
        Some(result @ (Ok(_) | Err(Rejection::Truncated))) => result,
        _ => Err(before),
    }
}

/// Returns the URL that a mail filter, a chat or a search engine has put into one of its own.
fn inner(text: &str) -> Option<String> {
    let url = parse_url(text)?;
    url.query_pairs().find(|(name, _)| matches!(&**name, "url" | "q")).map(|(_, inner)| inner.into_owned())
}

/// Returns the text without the quoted-printable encoding of mail (RFC 2045 section 6.7), where a single `=` ends a line that goes
/// on, without the escapes of JSON, of shells and of cmd, and with `&` for `%26`.
fn decoded(text: &str) -> String {
    let parts: Vec<String> = match text.contains("=3D") {
        true => text.split("=3D").map(|part| part.replace('=', "")).collect(),
        false => vec![text.to_owned()],
    };
    parts.join("=").replace("%26", "&").replace("\\u0026", "&").replace("^&", "&").replace('\\', "")
}

fn from_plain(text: &str, checks: &ResponseChecks) -> Result<AuthorizationResponse, Rejection> {
    let query = pasted_query(text, checks)?;
    from_query(&query, checks).map_err(|rejection| match rejection {
        Rejection::NoState | Rejection::NoCodeOrError if query.contains("&amp;") => Rejection::HtmlEscaped,
        Rejection::NoState | Rejection::NoCodeOrError => Rejection::Truncated,
        Rejection::InvalidCode | Rejection::EmptyError if ends_in_name(&query) => Rejection::Truncated,
        Rejection::OtherState if has_start_of_state(&query, checks) => Rejection::Truncated,
        Rejection::OtherIssuer if ends_in_start_of_issuer(&query, checks) => Rejection::Truncated,
        other => other,
    })
}

fn pasted_query(text: &str, checks: &ResponseChecks) -> Result<String, Rejection> {
    if text.len() > LONGEST {
        return Err(Rejection::TooLong);
    }
    let text = text.trim_matches(|char: char| char.is_whitespace() || "\"'`<>".contains(char));
    if text.contains(|char: char| char.is_whitespace() || char.is_control()) {
        return Err(Rejection::Spaces);
    }
    let begins = |start: &str| text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start));
    if (begins("4/") || begins("4%2F")) && !text.contains(['=', '&']) {
        return Err(Rejection::OnlyCode);
    }
    // The URL parser needs no slashes behind `http:`. An `iss` or a `scope` may contain a URL, so only the beginning counts.
    if !begins("http:") && !begins("https:") {
        let query =
            text.strip_prefix(checks.redirect_uri.path()).filter(|query| query.starts_with('?')).unwrap_or(text);
        let query = query.strip_prefix('?').unwrap_or(query);
        let query = query.split_once('#').map_or(query, |(query, _)| query);
        if query.split('=').next().is_some_and(|name| name.contains('?')) {
            return Err(Rejection::NoBeginning);
        }
        let has_state = || text.contains('=') && parameter(query, "state") != Ok(None);
        if !checks.may_go_on(text) && !has_state() {
            return Err(Rejection::NotAUrl);
        }
        return Ok(query.to_owned());
    }
    if checks.start().starts_with(text) && checks.begins_address(text) {
        return Err(Rejection::Truncated);
    }
    let url = parse_url(text).ok_or(Rejection::NotAUrl)?;
    let redirect_uri = &checks.redirect_uri;
    // Exactly, as Google compares them: `localhost` is not `127.0.0.1`, and `/callback/` is not `/callback`.
    let is_ours = url.origin() == redirect_uri.origin()
        && url.path() == redirect_uri.path()
        && url.username().is_empty()
        && url.password().is_none();
    if is_ours {
        return Ok(url.query().unwrap_or_default().to_owned());
    }
    if url.origin().ascii_serialization() == checks.issuer {
        return Err(Rejection::ConsentPage);
    }
    Err(if is_of_another_login(&url, checks) { Rejection::OtherState } else { Rejection::OtherUrl })
}

/// Whether it is the address of a response on the loopback interface whose `state` is another one: a login may have a port of its
/// own.
fn is_of_another_login(url: &Url, checks: &ResponseChecks) -> bool {
    let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value);
    let is_loopback = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    let has_result = value("code").is_some() || value("error").is_some();
    is_loopback && has_result && value("state").is_some_and(|state| !equal(&state, checks.state.expose()))
}

fn has_start_of_state(query: &str, checks: &ResponseChecks) -> bool {
    let state = parameter(query, "state").ok().flatten();
    state.is_some_and(|start| {
        (!start.is_empty() || query.ends_with("state=")) && checks.state.expose().starts_with(&start)
    })
}

/// Whether the value of the result is missing, as where the line was wrapped before it.
fn ends_in_name(query: &str) -> bool {
    matches!(query.rsplit('&').next(), Some("code" | "code=" | "error" | "error="))
}

/// Whether the last parameter is an `iss` whose end is missing.
fn ends_in_start_of_issuer(query: &str, checks: &ResponseChecks) -> bool {
    let Some(issuer) = query.rsplit('&').next().and_then(|last| last.strip_prefix("iss=")) else { return false };
    // Of `%3A` a part may be missing as well.
    let whole = match issuer.rfind('%') {
        Some(at) if issuer.len() - at < 3 => &issuer[..at],
        _ => issuer,
    };
    parameter(&format!("iss={whole}"), "iss").is_ok_and(|start| checks.issuer.starts_with(&*start.unwrap_or_default()))
}

/// Returns what the address of every response begins with: the redirect URI, which may have a query of its own, and the
/// character before the first parameter of the response.
pub fn response_start(redirect_uri: &Url) -> String {
    let path = &redirect_uri[..Position::AfterPath];
    match redirect_uri.query().filter(|query| !query.is_empty()) {
        Some(query) => format!("{path}?{query}&"),
        None => format!("{path}?"),
    }
}

impl ResponseChecks {
    /// What every response begins with: the redirect URI, without its query.
    pub fn start(&self) -> &str {
        &self.redirect_uri[..Position::AfterPath]
    }

    /// Whether the text is the beginning of a response: that, or a part of it that is more than its scheme.
    pub fn begins_address(&self, text: &str) -> bool {
        text.starts_with(self.start()) || (text.len() > "http://".len() && self.start().starts_with(text))
    }

    /// Whether the text is a response whose end may follow.
    pub fn may_go_on(&self, text: &str) -> bool {
        let begins_query = |text: &str| FIRST_PARAMETERS.iter().any(|first| text.starts_with(first));
        self.begins_address(text) || begins_query(text.trim_start_matches(['?', '"', '\'', '`', '<']))
    }
}

fn parse_code(code: String) -> Result<AuthorizationResponse, Rejection> {
    let code = Secret::new(code);
    // RFC 6749 appendix A.11: printable ASCII. Bytes that are not UTF-8 have become U+FFFD, which is not.
    let is_printable = code.expose().bytes().all(|byte| matches!(byte, 0x20..=0x7e));
    if !is_printable || !(1..=LONGEST_CODE).contains(&code.expose().len()) {
        return Err(Rejection::InvalidCode);
    }
    Ok(AuthorizationResponse::Code(code))
}

/// Returns the value of a parameter, decoded once as a form (RFC 6749 section 4.1.2): `+` is a space, `%2B` a plus.
fn parameter(query: &str, name: &str) -> Result<Option<String>, Rejection> {
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name).map(|(_, value)| value);
    let value = values.next();
    if values.next().is_some() {
        return Err(Rejection::RepeatedParameter);
    }
    Ok(value.map(|value| value.into_owned()))
}

/// Compares the texts in a time that depends on their lengths only, which are not secret.
fn equal(given: &str, secret: &str) -> bool {
    given.as_bytes().ct_eq(secret.as_bytes()).into()
}

impl Rejection {
    /// Returns the one of two that says more about what was pasted.
    pub fn or_better(self, other: Rejection) -> Rejection {
        let says = |rejection| match rejection {
            Rejection::Spaces | Rejection::NotAUrl | Rejection::NoBeginning => 0,
            Rejection::Truncated => 1,
            _ => 2,
        };
        if says(other) >= says(self) { other } else { self }
    }

    /// The reason, with `it` for the URL or the request; nothing of the URL itself.
    pub fn reason(self) -> &'static str {
        match self {
            Rejection::TooLong => "it is too long",
            Rejection::NoState => "it has no `state`",
            Rejection::OtherState => "its `state` belongs to another login",
            Rejection::RepeatedParameter => "it has a parameter twice",
            Rejection::OtherIssuer => "its `iss` is not the expected issuer",
            Rejection::CodeAndError => "it has both a `code` and an `error`",
            Rejection::NoCodeOrError => "it has neither a `code` nor an `error`",
            Rejection::EmptyError => "its `error` is empty",
            Rejection::InvalidCode => "its `code` is not an authorization code",
            Rejection::Spaces => "it contains spaces or line ends",
            Rejection::NoBeginning => "its beginning is missing",
            Rejection::NotAUrl => "it is not a URL",
            Rejection::OtherUrl => "it is not the URL that Google sends the browser to",
            Rejection::ConsentPage => "it is the URL of Google's own page",
            Rejection::OnlyCode => "it is only the code",
            Rejection::HtmlEscaped => "it contains `&amp;` in place of `&`",
            Rejection::Truncated => "its end is missing",
            Rejection::MayBeTruncated => "it ends with the code, of which a part may be missing",
        }
    }

    /// What the user can paste instead.
    pub fn next_step(self, checks: &ResponseChecks) -> String {
        let start = response_start(&checks.redirect_uri);
        match self {
            Rejection::OtherState => {
                format!(
                    "open the URL of this login, then paste the one that the browser ends on: it begins with `{start}`"
                )
            }
            Rejection::ConsentPage => {
                format!("finish in the browser, then paste the URL that it ends on: it begins with `{start}`")
            }
            Rejection::MayBeTruncated => "paste the rest, or press Enter if that was all".to_owned(),
            Rejection::HtmlEscaped => {
                format!("copy the URL from the address bar of the browser: it begins with `{start}`")
            }
            _ => format!("paste the whole URL that the browser ended on, in one line: it begins with `{start}`"),
        }
    }
}
