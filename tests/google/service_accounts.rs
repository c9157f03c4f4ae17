//! Service accounts, their keys, and the token endpoint's checks of a JWT (RFC 7523): as strict as Google, with
//! Google's messages.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde_json::{Value, json};

use super::http::Pairs;
use super::ledger::Party;
use super::people::{Account, Person};
use super::random;
use super::world::World;

/// The grant type of a JWT.
pub const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// Created only for tests: see `fixtures/service_account/README.md`.
const KEY: &str = include_str!("../../fixtures/service_account/key.pem");
/// The tolerance between Google's clock and the machine's, in seconds.
const SKEW: u64 = 300;
const LONGEST: u64 = 3600;

/// A service account with one key.
#[derive(Clone, Debug)]
pub struct ServiceAccount {
    pub email: String,
    /// Twenty-one digits.
    pub client_id: String,
    pub project: String,
    pub key_id: String,
    /// PEM, PKCS#8.
    pub private_key: String,
    /// Google no longer has this key: deleted, or disabled.
    pub key_deleted: bool,
    pub deleted: bool,
    pub disabled: bool,
    /// The scopes that an administrator delegated to it, for every user of the domain.
    pub delegated: Vec<String>,
    /// The Google Ads API is enabled in its project.
    pub api_enabled: bool,
    /// It may not use this grant at all.
    pub unauthorized: bool,
}

impl ServiceAccount {
    pub fn new() -> ServiceAccount {
        let project = format!("ads-reports-{}", random::digits(4));
        ServiceAccount {
            email: format!("reports-{}@{project}.iam.gserviceaccount.com", random::small(6)),
            client_id: random::digits(21),
            key_id: random::small(40),
            private_key: KEY.to_owned(),
            key_deleted: false,
            deleted: false,
            disabled: false,
            delegated: Vec::new(),
            api_enabled: true,
            unauthorized: false,
            project,
        }
    }

    /// Returns the file that the console offers for download. Its addresses are always Google's.
    pub fn key_file(&self) -> String {
        let file = json!({
            "type": "service_account",
            "project_id": self.project,
            "private_key_id": self.key_id,
            "private_key": self.private_key,
            "client_email": self.email,
            "client_id": self.client_id,
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": "https://oauth2.googleapis.com/token",
            "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
            "client_x509_cert_url": format!("https://www.googleapis.com/robot/v1/metadata/x509/{}", self.email),
            "universe_domain": "googleapis.com",
        });
        serde_json::to_string_pretty(&file).expect("JSON") + "\n"
    }

    /// Returns the same file with the stand-in's address, for readers that use the address in it, like google-auth.
    pub fn key_file_for(&self, origin: &str) -> String {
        self.key_file().replace("https://oauth2.googleapis.com/token", &format!("{origin}/token"))
    }

    /// Invites the service account into these accounts, as an administrator of Google Ads does.
    pub fn invited_to(&self, accounts: Vec<Account>) -> Person {
        Person { email: self.email.clone(), accounts: Some(accounts) }
    }
}

/// Status, code and description of an error.
pub type ErrorResponse = (u16, &'static str, String);

/// Checks the assertion; returns whose access token it gets, and for which scopes.
pub fn check(world: &mut World, form: &Pairs) -> Result<(Party, Vec<String>), ErrorResponse> {
    let bad = |text: &str| Err((400, "invalid_grant", text.to_owned()));
    let Some(assertion) = form.get("assertion") else {
        return Err((400, "invalid_request", "Missing required parameter: assertion".to_owned()));
    };
    // The claims are not secret; the signature must not be shown.
    world.secrets.push(assertion.rsplit('.').next().unwrap_or_default().to_owned());
    let Some((header, claims)) = parts(assertion) else { return bad("Bad Request") };
    if header["alg"] != "RS256" || header["typ"] != "JWT" || header.as_object().is_none_or(|header| header.len() != 3) {
        return bad("Invalid JWT: Failed to parse header.");
    }
    let (Some(issuer), Some(key_id)) = (claims["iss"].as_str(), header["kid"].as_str()) else {
        return bad("Invalid JWT: Required claims missing.");
    };
    let Some(account) = world.service_accounts.iter().find(|account| account.email == issuer).cloned() else {
        return bad("Invalid grant: account not found");
    };
    if account.deleted {
        return bad("Invalid grant: account not found");
    }
    if account.key_deleted || key_id != account.key_id || !is_signed(&account, assertion) {
        return bad("Invalid JWT Signature.");
    }
    if account.disabled {
        return Err((401, "disabled_client", "The service account is disabled.".to_owned()));
    }
    // google-auth uses Google's own address, whatever the file says.
    let own = format!("{}/token", world.origin);
    if claims["aud"] != "https://oauth2.googleapis.com/token" && claims["aud"] != own.as_str() {
        return bad("Invalid JWT: Failed audience check.");
    }
    let now = world.now();
    let in_time = |issued: u64, expires: u64| {
        issued <= now + SKEW && now < expires + SKEW && issued < expires && expires - issued <= LONGEST
    };
    if !claims["iat"].as_u64().zip(claims["exp"].as_u64()).is_some_and(|(issued, expires)| in_time(issued, expires)) {
        return bad(
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.",
        );
    }
    let scopes: Vec<String> = claims["scope"]
        .as_str()
        .unwrap_or_default()
        .split(' ')
        .filter(|one| !one.is_empty())
        .map(str::to_owned)
        .collect();
    if scopes.is_empty() || scopes.iter().any(|scope| !scope.starts_with("https://www.googleapis.com/auth/")) {
        return Err((400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.".to_owned()));
    }
    let email = match claims["sub"].as_str() {
        None if !account.unauthorized => account.email.clone(),
        Some(user) if !account.unauthorized && scopes.iter().all(|scope| account.delegated.contains(scope)) => {
            if world.person(user).is_none() {
                return bad("Invalid email or User ID");
            }
            user.to_owned()
        }
        _ => {
            let text = "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.";
            return Err((401, "unauthorized_client", text.to_owned()));
        }
    };
    Ok((Party { email, client_id: account.client_id }, scopes))
}

/// Returns header and claims of a JWT of three parts without padding (RFC 7515 section 3.1).
fn parts(assertion: &str) -> Option<(Value, Value)> {
    let parts: Vec<&str> = assertion.split('.').collect();
    let [header, claims, _] = parts[..] else { return None };
    let read = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    Some((read(header)?, read(claims)?))
}

fn is_signed(account: &ServiceAccount, assertion: &str) -> bool {
    let Some((signed, signature)) = assertion.rsplit_once('.') else { return false };
    let base64: String = account.private_key.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = STANDARD.decode(base64).expect("our own PEM");
    let pair = RsaKeyPair::from_pkcs8(&der).expect("our own key");
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref());
    URL_SAFE_NO_PAD.decode(signature).is_ok_and(|signature| public.verify(signed.as_bytes(), &signature).is_ok())
}
