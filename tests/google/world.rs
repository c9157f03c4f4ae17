//! The state of the stand-in, behind one lock: the endpoints are functions of it and a request.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::authorize::Asked;
use super::clients::{Client, Publishing};
use super::faults::Faults;
use super::http::Request;
use super::ledger::{Ledger, Party};
use super::people::{self, Person};
use super::service_accounts::ServiceAccount;

/// Seven days minus the second that Google's responses lack: the lifetime of a token of a project in Testing.
pub const TESTING_SECONDS: u64 = 604_799;

pub struct World {
    /// `http://127.0.0.1:PORT`: the origin of the four services and the issuer in authorization responses.
    pub origin: String,
    pub clients: Vec<Client>,
    pub people: Vec<Person>,
    pub service_accounts: Vec<ServiceAccount>,
    pub ledger: Ledger,
    /// Consent screens waiting for a decision.
    pub screens: Vec<(String, Asked)>,
    pub faults: Faults,
    /// Every request so far, oldest first.
    pub requests: Vec<Request>,
    /// The `iss` of an authorization response; `None` leaves it out.
    pub iss: Option<String>,
    /// Whether a refresh replaces the refresh token, as RFC 9700 section 4.14 recommends. Google does not, but may in
    /// the future.
    pub rotate: bool,
    /// Every text so far that must not be shown.
    pub secrets: Vec<String>,
    pub ahead: Duration,
}

impl World {
    pub fn new(origin: &str) -> World {
        World {
            origin: origin.to_owned(),
            clients: Vec::new(),
            people: people::everybody(),
            service_accounts: Vec::new(),
            ledger: Ledger::default(),
            screens: Vec::new(),
            faults: Faults::default(),
            requests: Vec::new(),
            iss: Some(origin.to_owned()),
            rotate: false,
            secrets: Vec::new(),
            ahead: Duration::ZERO,
        }
    }

    /// Returns the seconds since 1970, by the stand-in's own clock.
    pub fn now(&self) -> u64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("this machine's clock is past 1970");
        (now + self.ahead).as_secs()
    }

    pub fn client(&mut self, id: &str) -> Option<&mut Client> {
        self.clients.iter_mut().find(|client| client.id == id)
    }

    /// Whether the Google Ads API is enabled in the project of this client or service account.
    pub fn is_api_enabled(&mut self, client_id: &str) -> bool {
        let account = self.service_accounts.iter().find(|account| account.client_id == client_id);
        account.map(|account| account.api_enabled).or(self.client(client_id).map(|client| client.api_enabled))
            == Some(true)
    }

    pub fn person(&mut self, email: &str) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.email == email)
    }

    /// Issues a refresh token and records it for the leak check.
    pub fn mint_refresh_token(&mut self, party: &Party, scopes: &[String], family: u64) -> String {
        let testing =
            self.client(&party.client_id).is_some_and(|client| matches!(client.publishing, Publishing::Testing { .. }));
        let expires_at = testing.then(|| self.now() + TESTING_SECONDS);
        let token = self.ledger.add_refresh_token(party, scopes, family, expires_at);
        self.secrets.push(token.clone());
        token
    }

    pub fn mint_access_token(&mut self, party: &Party, scopes: &[String], family: u64) -> String {
        let token = self.ledger.add_access_token(party, scopes, family, self.now());
        self.secrets.push(token.clone());
        token
    }
}
