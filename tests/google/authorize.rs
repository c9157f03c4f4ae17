//! The authorization endpoint: the errors on Google's own page, the consent screen, and the authorization response.
//!
//! A request that Google does not trust never leads to a redirect: the client receives nothing and can only time out.

use url::form_urlencoded;

use super::clients::{Client, Kind, Publishing};
use super::http::{Pairs, Reply, Request};
use super::ledger::{Challenge, Code, Party};
use super::page;
use super::random;
use super::world::World;

pub const PATH: &str = "/o/oauth2/v2/auth";
/// Where the form of the consent screen goes.
pub const CONSENT_PATH: &str = "/signin/oauth/consent";

const KNOWN_SCOPES: [&str; 7] = [
    "openid",
    "https://www.googleapis.com/auth/userinfo.email",
    "https://www.googleapis.com/auth/userinfo.profile",
    "https://www.googleapis.com/auth/adwords",
    "https://www.googleapis.com/auth/datamanager",
    "https://www.googleapis.com/auth/content",
    "https://www.googleapis.com/auth/analytics.readonly",
];

/// A request that passed every check.
#[derive(Clone, Debug)]
pub struct Asked {
    pub client_id: String,
    pub redirect_uri: String,
    /// By their full names, each once.
    pub scopes: Vec<String>,
    pub state: Option<String>,
    pub challenge: Option<Challenge>,
    pub offline: bool,
    pub prompt: Vec<String>,
    pub login_hint: Option<String>,
}

/// What Google says on its own page: `Error 400: redirect_uri_mismatch`.
#[derive(Debug)]
pub struct PageError {
    pub status: u16,
    pub code: &'static str,
    pub description: String,
}

/// Handles the authorization URL opened in a browser.
pub fn ask(world: &mut World, request: &Request) -> Reply {
    let asked = match check(world, &request.query) {
        Ok(asked) => asked,
        Err(error) => return page::error(&error),
    };
    let email = asked.login_hint.clone().filter(|hint| world.person(hint).is_some());
    let email = email.unwrap_or_else(|| world.people[0].email.clone());
    let party = Party { email, client_id: asked.client_id.clone() };
    let prompted = asked.prompt.iter().any(|prompt| prompt != "none");
    if !prompted && world.ledger.has_consent(&party, &asked.scopes) {
        // A user who has consented before is redirected at once; a web client then gets no refresh token.
        let desktop = world.client(&asked.client_id).is_some_and(|client| client.kind == Kind::Desktop);
        let offline = asked.offline && desktop;
        return granted(world, &asked, party, asked.scopes.clone(), offline);
    }
    if asked.prompt.iter().any(|prompt| prompt == "none") {
        return refused(world, &asked, "interaction_required");
    }
    let id = random::text(24);
    world.screens.push((id.clone(), asked.clone()));
    let emails: Vec<_> = world.people.iter().map(|person| person.email.as_str()).collect();
    page::consent(&id, &asked, &emails, &party.email)
}

/// Handles a button of the consent screen.
pub fn decide(world: &mut World, request: &Request) -> Reply {
    let form = request.form();
    let id = form.get("screen").unwrap_or_default();
    let Some(at) = world.screens.iter().position(|(known, _)| known == id) else {
        return page::error(&PageError::new(400, "invalid_request", "This page has been used already."));
    };
    let (_, asked) = world.screens.remove(at);
    let email = form.get("account").unwrap_or_default().to_owned();
    let client = world.client(&asked.client_id).cloned();
    if let Some(error) = client.and_then(|client| barred(&client, &email)) {
        return page::error(&error);
    }
    if form.get("choice") != Some("allow") {
        return refused(world, &asked, "access_denied");
    }
    let ticked: Vec<_> = form.all("scope").collect();
    let mut scopes = asked.scopes.clone();
    scopes.retain(|scope| !page::has_box(scope, &asked) || ticked.contains(&scope.as_str()));
    if scopes.is_empty() {
        return refused(world, &asked, "access_denied");
    }
    let party = Party { email, client_id: asked.client_id.clone() };
    world.ledger.add_consent(&party, &scopes);
    let offline = asked.offline;
    granted(world, &asked, party, scopes, offline)
}

fn check(world: &mut World, query: &Pairs) -> Result<Asked, PageError> {
    let invalid = |text: String| PageError::new(400, "invalid_request", text);
    if let Some(name) = query.repeated() {
        return Err(invalid(format!("OAuth 2 parameters can only have a single value: {name}")));
    }
    let required = |name: &str| query.get(name).ok_or_else(|| invalid(format!("Missing required parameter: {name}")));
    let client_id = required("client_id")?;
    let client = world.client(client_id).cloned();
    let client = client.ok_or_else(|| PageError::new(401, "invalid_client", "The OAuth client was not found."))?;
    if client.deleted {
        return Err(PageError::new(401, "deleted_client", "The OAuth client was deleted."));
    }
    let redirect_uri = required("redirect_uri")?;
    if redirect_uri.starts_with("urn:") {
        return Err(invalid("The out-of-band flow has been blocked.".to_owned()));
    }
    if !client.may_redirect_to(redirect_uri) {
        return Err(PageError::new(400, "redirect_uri_mismatch", format!("redirect_uri={redirect_uri}")));
    }
    if required("response_type")? != "code" {
        return Err(PageError::new(400, "unsupported_response_type", "Only `code` is left."));
    }
    if query.get("client_secret").is_some() {
        return Err(invalid("Parameter not allowed for this message type: client_secret".to_owned()));
    }
    let offline = match query.get("access_type") {
        None | Some("online") => false,
        Some("offline") => true,
        Some(_) => return Err(invalid("Invalid parameter value for access_type".to_owned())),
    };
    let prompt: Vec<_> = query.get("prompt").unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    let unknown = |prompt: &String| !["none", "consent", "select_account"].contains(&prompt.as_str());
    if prompt.iter().any(unknown) || (prompt.len() > 1 && prompt.iter().any(|prompt| prompt == "none")) {
        return Err(invalid("Invalid parameter value for prompt".to_owned()));
    }
    Ok(Asked {
        client_id: client.id.clone(),
        redirect_uri: redirect_uri.to_owned(),
        scopes: scopes(required("scope")?)?,
        state: query.get("state").map(str::to_owned),
        challenge: challenge(&client, query)?,
        offline,
        prompt,
        login_hint: query.get("login_hint").map(str::to_owned),
    })
}

fn scopes(text: &str) -> Result<Vec<String>, PageError> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in text.split(' ') {
        let full = match scope {
            "email" | "profile" => format!("https://www.googleapis.com/auth/userinfo.{scope}"),
            _ => scope.to_owned(),
        };
        if !KNOWN_SCOPES.contains(&full.as_str()) {
            return Err(PageError::new(400, "invalid_scope", format!("Some requested scopes were invalid: [{scope}]")));
        }
        if !scopes.contains(&full) {
            scopes.push(full);
        }
    }
    Ok(scopes)
}

/// "Desktop apps are public clients": Google's guide recommends PKCE for them, so it is required here.
fn challenge(client: &Client, query: &Pairs) -> Result<Option<Challenge>, PageError> {
    let invalid = |text: &str| PageError::new(400, "invalid_request", text);
    let Some(text) = query.get("code_challenge") else {
        let required = client.kind == Kind::Desktop || query.get("code_challenge_method").is_some();
        return if required { Err(invalid("Missing required parameter: code_challenge")) } else { Ok(None) };
    };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if !(43..=128).contains(&text.len()) || !text.bytes().all(allowed) {
        return Err(invalid("Invalid parameter value for code_challenge"));
    }
    match query.get("code_challenge_method") {
        Some("S256") if text.len() == 43 => Ok(Some(Challenge::S256(text.to_owned()))),
        None | Some("plain") => Ok(Some(Challenge::Plain(text.to_owned()))),
        Some(_) => Err(invalid("Invalid parameter value for code_challenge_method")),
    }
}

/// Returns why this account may not consent to this client, if so: shown on the page after the account is chosen.
fn barred(client: &Client, email: &str) -> Option<PageError> {
    if let Some(code) = client.page_error {
        return Some(PageError::new(400, code, "Access blocked."));
    }
    match &client.publishing {
        Publishing::Testing { users } if !users.iter().any(|user| user == email) => {
            Some(PageError::new(403, "access_denied", "The app is being tested, and you are not among its testers."))
        }
        Publishing::Internal { domain } if email.split_once('@').is_none_or(|(_, own)| own != domain) => {
            Some(PageError::new(403, "org_internal", "This client is restricted to users within its organization."))
        }
        _ => None,
    }
}

fn granted(world: &mut World, asked: &Asked, party: Party, scopes: Vec<String>, offline: bool) -> Reply {
    let scope = scopes.join(" ");
    let code = Code {
        text: String::new(),
        party,
        scopes,
        redirect_uri: asked.redirect_uri.clone(),
        challenge: asked.challenge.clone(),
        offline,
        expires_at: 0,
        family: None,
    };
    let now = world.now();
    let code = world.ledger.add_code(code, now);
    world.secrets.push(code.clone());
    back(world, asked, &[("code", &code), ("scope", &scope), ("authuser", "0"), ("prompt", "consent")])
}

fn refused(world: &World, asked: &Asked, error: &str) -> Reply {
    back(world, asked, &[("error", error)])
}

/// Redirects the browser to the client. The redirect URI is unchanged; only parameters are added.
fn back(world: &World, asked: &Asked, parameters: &[(&str, &str)]) -> Reply {
    let state = asked.state.as_deref().map(|state| ("state", state));
    let iss = world.iss.as_deref().map(|iss| ("iss", iss));
    let mut location = asked.redirect_uri.clone();
    for (name, value) in state.into_iter().chain(iss).chain(parameters.iter().copied()) {
        let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        location.push(if location.contains('?') { '&' } else { '?' });
        location.push_str(&format!("{name}={}", value.replace('+', "%20")));
    }
    Reply::redirect(302, &location)
}

impl PageError {
    pub fn new(status: u16, code: &'static str, description: impl Into<String>) -> PageError {
        PageError { status, code, description: description.into() }
    }
}
