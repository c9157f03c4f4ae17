//! What Google stores: consents, codes and tokens, and how they expire or are revoked.

use super::random;

/// The limit of valid refresh tokens per account and client; one more silently revokes the oldest.
pub const MOST_REFRESH_TOKENS: usize = 100;
const CODE_SECONDS: u64 = 600;
pub const ACCESS_SECONDS: u64 = 3599;
/// The prefix of every access token.
pub const ACCESS_TOKEN: &str = "ya29.a0";

#[derive(Default)]
pub struct Ledger {
    consents: Vec<(Party, Vec<String>)>,
    codes: Vec<Code>,
    refresh_tokens: Vec<RefreshToken>,
    access_tokens: Vec<AccessToken>,
    families: u64,
}

/// An account and a client, which share one grant at Google.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    pub email: String,
    pub client_id: String,
}

/// What an authorization code was issued for.
#[derive(Clone, Debug)]
pub struct Code {
    pub text: String,
    pub party: Party,
    pub scopes: Vec<String>,
    pub redirect_uri: String,
    pub challenge: Option<Challenge>,
    /// Whether the exchange returns a refresh token.
    pub offline: bool,
    pub expires_at: u64,
    /// The family of the tokens it was exchanged for, if it was.
    pub family: Option<u64>,
}

/// PKCE (RFC 7636); Google accepts both methods.
#[derive(Clone, Debug)]
pub enum Challenge {
    Plain(String),
    S256(String),
}

#[derive(Clone, Debug)]
pub struct RefreshToken {
    pub text: String,
    pub party: Party,
    pub scopes: Vec<String>,
    /// When it expires, if it does.
    pub expires_at: Option<u64>,
    pub family: u64,
    pub state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Live,
    /// A newer one replaced it.
    Replaced,
    Revoked,
}

#[derive(Clone, Debug)]
pub struct AccessToken {
    pub text: String,
    pub party: Party,
    pub scopes: Vec<String>,
    expires_at: u64,
    family: u64,
}

impl Ledger {
    pub fn has_consent(&self, party: &Party, scopes: &[String]) -> bool {
        let given = self.consents.iter().filter(|(known, _)| known == party).flat_map(|(_, scopes)| scopes);
        let given: Vec<_> = given.collect();
        scopes.iter().all(|scope| given.contains(&scope))
    }

    pub fn add_consent(&mut self, party: &Party, scopes: &[String]) {
        self.consents.push((party.clone(), scopes.to_vec()));
    }

    /// Stores what the code was issued for; fills in `code.text` and its expiry.
    pub fn add_code(&mut self, mut code: Code, now: u64) -> String {
        code.text = format!("4/0A{}", random::text(69));
        code.expires_at = now + CODE_SECONDS;
        self.codes.push(code.clone());
        code.text
    }

    pub fn code(&mut self, text: &str) -> Option<&mut Code> {
        self.codes.iter_mut().find(|code| code.text == text)
    }

    pub fn new_family(&mut self) -> u64 {
        self.families += 1;
        self.families
    }

    pub fn add_refresh_token(
        &mut self,
        party: &Party,
        scopes: &[String],
        family: u64,
        expires_at: Option<u64>,
    ) -> String {
        let text = format!("1//0{}", random::text(98));
        self.refresh_tokens.push(RefreshToken {
            text: text.clone(),
            party: party.clone(),
            scopes: scopes.to_vec(),
            expires_at,
            family,
            state: State::Live,
        });
        let live = |token: &&mut RefreshToken| token.party == *party && token.state == State::Live;
        let surplus = self.refresh_tokens.iter_mut().filter(live).count().saturating_sub(MOST_REFRESH_TOKENS);
        for token in self.refresh_tokens.iter_mut().filter(live).take(surplus) {
            token.state = State::Revoked;
        }
        text
    }

    pub fn refresh_token(&mut self, text: &str) -> Option<&mut RefreshToken> {
        self.refresh_tokens.iter_mut().find(|token| token.text == text)
    }

    pub fn add_access_token(&mut self, party: &Party, scopes: &[String], family: u64, now: u64) -> String {
        let text = format!("{ACCESS_TOKEN}{}", random::text(200));
        self.access_tokens.push(AccessToken {
            text: text.clone(),
            party: party.clone(),
            scopes: scopes.to_vec(),
            expires_at: now + ACCESS_SECONDS,
            family,
        });
        text
    }

    pub fn access_token(&self, text: &str, now: u64) -> Option<&AccessToken> {
        self.access_tokens.iter().find(|token| token.text == text && now < token.expires_at)
    }

    /// Returns the valid grant that a token of either kind belongs to.
    pub fn party_of(&self, token: &str, now: u64) -> Option<Party> {
        let refresh = self.refresh_tokens.iter().find(|known| known.text == token && known.lives(now));
        refresh.map(|known| &known.party).or(self.access_token(token, now).map(|known| &known.party)).cloned()
    }

    /// Revokes everything issued for one consent: the effect of using a code or a replaced token twice.
    pub fn kill_family(&mut self, family: u64) {
        self.refresh_tokens
            .iter_mut()
            .filter(|token| token.family == family)
            .for_each(|token| token.state = State::Revoked);
        self.access_tokens.retain(|token| token.family != family);
    }

    /// Revokes the grant of an account for a client: at Google, revoking any of its tokens does that.
    pub fn kill_grant(&mut self, party: &Party) {
        self.consents.retain(|(known, _)| known != party);
        self.codes.retain(|code| code.party != *party);
        self.access_tokens.retain(|token| token.party != *party);
        self.refresh_tokens
            .iter_mut()
            .filter(|token| token.party == *party)
            .for_each(|token| token.state = State::Revoked);
    }
}

impl RefreshToken {
    pub fn lives(&self, now: u64) -> bool {
        self.state == State::Live && self.expires_at.is_none_or(|expires_at| now < expires_at)
    }
}
