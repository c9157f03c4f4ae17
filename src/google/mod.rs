//! All that Google knows about us: the only HTTP, the only async.
//!
//! [`Google`] is the door: outside it everything is plain blocking Rust. It is opened only by a command that needs the
//! network, and it knows nothing of files, profiles or formats.

use std::future::Future;
use std::ops::Deref;
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};
use url::Url;

use crate::credentials::{AccountKey, CustomerId};
use crate::error::{Error, Result};
use crate::secret::Secret;
use crate::term::Term;

mod ads;
mod authorization_request;
pub mod authorization_response;
mod connections;
mod echo;
mod endpoints;
mod error_response;
pub mod explain;
mod http;
mod loopback;
mod names;
pub mod offline;
mod paste;
mod pending;
mod proxy;
mod result_page;
mod revoke;
mod service_account;
mod signals;
mod token;
mod transport_error;
mod wire;

pub use ads::{Account, Caller, MOST, VERSION, Way, way_to};
pub use authorization_request::{ADWORDS, Request, full_scope};
pub use endpoints::Endpoints;
pub use pending::PendingAuthorization;
pub use result_page::Page;
pub use revoke::{Owner, Revoked};
pub use service_account::{KeyProblem, SigningKey};
pub use token::Grant;

use http::Http;

/// The runtime. Dropping a bare one waits without limit for a name that is still being looked up; this one does not wait.
#[derive(Debug)]
struct Engine(Option<Runtime>);

impl Deref for Engine {
    type Target = Runtime;

    fn deref(&self) -> &Runtime {
        self.0.as_ref().expect("it is only taken when it is dropped")
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// A conversation with Google: a runtime, a connection pool, the endpoints.
#[derive(Clone, Debug)]
pub struct Google {
    runtime: Arc<Engine>,
    http: Http,
    endpoints: Endpoints,
    term: Term,
}

impl Google {
    /// Opens the door. Nothing is sent yet.
    pub fn open(endpoints: Endpoints, term: Term) -> Result<Google> {
        if let Some(origin) = endpoints.origin() {
            term.warn(&format!("talking to the stand-in at {origin} instead of Google ({})", endpoints::VARIABLE));
        }
        enough_descriptors()?;
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| {
            Error::internal(format!("cannot start the runtime: {}", error.kind()))
                .hint("raise the limit of open files (`ulimit -n`)")
        })?;
        let http = Http::new(&endpoints, term)?;
        Ok(Google { runtime: Arc::new(Engine(Some(runtime))), http, endpoints, term })
    }

    /// The same conversation over connections and a thread of its own, so that a server which floods this one does not hold up
    /// the other; where the system has no more to give, over those that there are. It costs [`APART`] descriptors.
    pub fn apart(&self) -> Google {
        let http = Http::new(&self.endpoints, self.term).unwrap_or_else(|_| self.http.clone());
        Google { http, ..self.clone() }
    }

    /// Gets an access token with a service account's key; `impersonate` is the user to act for.
    pub fn mint_for_service_account(&self, key: &AccountKey, impersonate: Option<&str>) -> Result<Grant> {
        self.block(service_account::mint(&self.http, &self.endpoints, key, impersonate))
    }

    /// Mints an access token.
    pub fn refresh(&self, client_id: &str, client_secret: &Secret, token: &Secret) -> Result<Grant> {
        let client = token::client(&self.endpoints, client_id, client_secret);
        self.block(token::refresh(&self.http, &client, token))
    }

    /// Ends the grant that the token belongs to. A signal is heeded, but an answer that is on its way is waited for a moment.
    pub fn revoke(&self, token: &Secret, owner: Option<Owner>) -> Result<Revoked> {
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                revoked = revoke::revoke(&self.http, &self.endpoints, token, owner) => revoked,
                stopped = signals::interrupted_a_moment_ago() => Ok(Revoked::Perhaps(stopped)),
            }
        })
    }

    /// The Google Ads accounts that the token reaches directly, by their numbers.
    pub fn listed(&self, caller: &Caller) -> Result<Vec<Account>> {
        let ids = self.block(ads::accessible(&self.http, &self.endpoints, caller))?;
        Ok(ids.into_iter().map(Account::new).collect())
    }

    /// The same accounts with their names. They are asked for the wanted one as well: [`way_to`].
    pub fn accounts(&self, caller: &Caller, wanted: Option<&CustomerId>) -> Result<Vec<Account>> {
        self.block(async {
            let ids = ads::accessible(&self.http, &self.endpoints, caller).await?;
            Ok(ads::accounts(&self.http, &self.endpoints, caller, ids, wanted).await)
        })
    }

    /// What Google's clock said in its last answer.
    pub fn server_time(&self) -> Option<jiff::Timestamp> {
        self.http.server_time()
    }

    /// The stand-in's origin; none when it is Google itself.
    pub fn origin(&self) -> Option<&str> {
        self.endpoints.origin()
    }

    /// Runs to the end or to a signal.
    fn block<T>(&self, future: impl Future<Output = Result<T>>) -> Result<T> {
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                done = future => done,
                stopped = signals::interrupted() => Err(stopped),
            }
        })
    }
}

/// How many descriptors a conversation needs that stands [apart](Google::apart), connection and all.
pub const APART: usize = 6;

/// Whether so many more files can be opened.
#[cfg(unix)]
pub fn may_open(descriptors: usize) -> std::io::Result<()> {
    let pairs = descriptors.div_ceil(2);
    (0..pairs).map(|_| std::os::unix::net::UnixStream::pair()).collect::<std::io::Result<Vec<_>>>().map(drop)
}

#[cfg(not(unix))]
pub fn may_open(_: usize) -> std::io::Result<()> {
    Ok(())
}

/// Whether there are descriptors left for the runtimes and one connection: tokio panics where it cannot open its own.
fn enough_descriptors() -> Result<()> {
    may_open(10).map_err(|error| {
        Error::internal(format!("cannot start the runtime: {error}"))
            .hint("raise the limit on open files: `ulimit -n 256`")
    })
}

/// Whether the text is an `http` address of the loopback interface, one that a listener can stand at.
pub fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http"
        && match url.host() {
            Some(url::Host::Ipv4(ip)) => ip.octets() == [127, 0, 0, 1],
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        }
}
