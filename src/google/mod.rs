//! Google's OAuth endpoints and the Google Ads API: the only HTTP, and the only async code.
//!
//! [`Google`] is the blocking interface to it. This module knows nothing of files, profiles or formats.

use std::future::Future;
use std::sync::{Arc, Once};

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::clock;
use crate::credentials::{AccountKey, CustomerId};
use crate::error::Result;
use crate::secret::Secret;
use crate::term::Term;

mod ads;
mod authorization_request;
pub mod authorization_response;
mod blocking;
mod dns;
mod endpoints;
mod error_response;
pub mod explain;
mod foreign_text;
mod http;
mod io_thread;
mod loopback;
pub mod offline;
mod pasted;
mod pending;
mod proxy;
mod response;
mod result_page;
mod revoke;
mod runtime;
mod service_account;
mod signals;
mod time_limit;
mod token;
mod token_response;
mod transport_error;
mod two_steps;
mod web_url;

pub use ads::{Access, Account, Caller, DETAILS_LIMIT, VERSION, access_to};
pub use authorization_request::{ADWORDS, AuthorizationParameters, Redirect, full_scope};
pub use endpoints::Endpoints;
pub use pasted::{Pasted, PastedLines, PastedText};
pub use pending::PendingAuthorization;
pub use proxy::proxy_variable;
pub use result_page::ResultPage;
pub use revoke::{ClientAuthentication, Revocation};
pub use runtime::can_open;
pub use service_account::{KeyProblem, SigningKey};
pub use token::NoGrant;
pub use token_response::Grant;
pub use two_steps::{AuthorizationRecord, ResumedAuthorization, address_start, is_response_to, start_authorization};
pub use web_url::parse_url;

use http::Http;
use runtime::BackgroundRuntime;

/// By how much clocks may differ before TLS and tokens fail.
pub const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// How many descriptors a client [with connections of its own](Google::with_own_connections) needs.
pub const OWN_CONNECTIONS: usize = 6;

/// A client for Google: a runtime, connections, the endpoints.
#[derive(Clone, Debug)]
pub struct Google {
    runtime: Arc<BackgroundRuntime>,
    http: Http,
    endpoints: Endpoints,
    term: Term,
}

impl Google {
    /// Returns a client for these endpoints. Nothing is sent yet.
    pub fn new(endpoints: Endpoints, term: Term) -> Result<Google> {
        if let Some(origin) = endpoints.origin() {
            // Once a run, which may need several clients.
            static SAID: Once = Once::new();
            let notice = format!("talking to the stand-in at {origin} instead of Google ({})", endpoints::VARIABLE);
            SAID.call_once(|| term.notice(&notice));
        }
        let runtime = Arc::new(BackgroundRuntime::start()?);
        let http = Http::new(&endpoints, term)?;
        Ok(Google { runtime, http, endpoints, term })
    }

    /// Returns a client with connections and an I/O thread of its own, so that a server that floods one connection does not
    /// delay the others; where the system has no more to give, one that shares them. It takes [`OWN_CONNECTIONS`] descriptors.
    pub fn with_own_connections(&self) -> Google {
        Google { http: self.http.apart(&self.endpoints), ..self.clone() }
    }

    /// Gets an access token with a service account's key; `impersonate` is the user to act for.
    pub fn mint_for_service_account(&self, key: &AccountKey, impersonate: Option<&str>) -> Result<Grant> {
        self.block_on(service_account::mint(&self.http, &self.endpoints, key, impersonate))
    }

    /// Gets an access token with a refresh token, which the response may replace.
    pub fn refresh(
        &self,
        client_id: &str,
        client_secret: &Secret,
        token: &Secret,
    ) -> std::result::Result<Grant, NoGrant> {
        let client = token::client(&self.endpoints, client_id, client_secret);
        let refresh = token::refresh(&self.http, &client, token);
        self.runtime.block_on(signals::with_grace(refresh, |interrupted| Err(interrupted.into())))
    }

    /// Revokes the grant that the token belongs to.
    pub fn revoke(&self, token: &Secret, client: Option<ClientAuthentication>) -> Result<Revocation> {
        let revocation = revoke::revoke(&self.http, &self.endpoints, token, client);
        self.runtime.block_on(signals::with_grace(revocation, |interrupted| Ok(Revocation::Unknown(interrupted))))
    }

    /// Returns the Google Ads accounts that the token reaches directly, without details.
    pub fn accounts(&self, caller: &Caller) -> Result<Vec<Account>> {
        let ids = self.block_on(ads::list_accessible(&self.http, &self.endpoints, caller))?;
        Ok(ids.into_iter().map(Account::new).collect())
    }

    /// Returns the same accounts with their details, and whether they manage the wanted account: see [`access_to`].
    pub fn accounts_with_details(&self, caller: &Caller, wanted: Option<&CustomerId>) -> Result<Vec<Account>> {
        self.block_on(async {
            let ids = ads::list_accessible(&self.http, &self.endpoints, caller).await?;
            Ok(ads::with_details(&self.http, &self.endpoints, caller, ids, wanted).await)
        })
    }

    /// Returns how far this machine's clock is ahead of Google's, by the last response; `None` without one.
    pub fn clock_error(&self) -> Option<TimeDelta> {
        self.http.clock_error()
    }

    /// Returns the current time: by Google's clock if this machine's is off.
    pub fn now(&self) -> DateTime<Utc> {
        let ours = clock::now();
        let error = self.clock_error().filter(|error| error.abs() > CLOCK_TOLERANCE);
        error.and_then(|error| ours.checked_sub_signed(error)).unwrap_or(ours)
    }

    /// The stand-in's origin; `None` for Google itself.
    pub fn origin(&self) -> Option<&str> {
        self.endpoints.origin()
    }

    /// Runs the future until it ends or a signal arrives.
    fn block_on<T>(&self, future: impl Future<Output = Result<T>>) -> Result<T> {
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                result = future => result,
                interrupted = signals::interrupted() => Err(interrupted),
            }
        })
    }
}

/// Whether the URL is an `http` URL of the loopback interface, at which a server of ours can listen.
pub fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http"
        && match url.host() {
            Some(url::Host::Ipv4(ip)) => ip.octets() == [127, 0, 0, 1],
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        }
}
