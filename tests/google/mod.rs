//! The stand-in for Google: the four services of `GADS_CREDS_ENDPOINT` on a loopback port.
//!
//! It is strict where Google is strict: a test against a lenient fake proves nothing. Where Google's behavior is not
//! known, it follows the stricter reading of the RFC. It keeps every request for tests to inspect, keeps every secret
//! for the leak check, and can be set to misbehave ([`Fault`]). `cargo try` starts the same thing for people.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

mod ads;
mod authorize;
pub mod browser;
mod clients;
mod faults;
mod http;
mod ledger;
mod page;
mod people;
mod query;
mod random;
mod revoke;
mod server;
mod service_accounts;
mod token;
mod world;

pub use clients::{Client, Kind, Publishing};
pub use faults::Fault;
pub use http::{Pairs, Reply, Request};
pub use ledger::{ACCESS_TOKEN, Party};
pub use people::{ADA, Account, BOB};
pub use server::Endpoint;
pub use service_accounts::ServiceAccount;
pub use world::World;

pub const ADWORDS: &str = "https://www.googleapis.com/auth/adwords";

/// A running stand-in; it stops when dropped.
pub struct Google {
    shared: Arc<server::Shared>,
    address: SocketAddr,
    url: String,
}

impl Google {
    pub fn start() -> io::Result<Google> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let url = format!("http://{address}");
        let shared = Arc::new(server::Shared::new(World::new(&url)));
        server::serve(listener, Arc::clone(&shared));
        Ok(Google { shared, address, url })
    }

    /// Returns the value for `GADS_CREDS_ENDPOINT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns its whole state, to inspect and change. The stand-in does not respond while this is held.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world()
    }

    /// Creates a client of type "Desktop app".
    pub fn desktop(&self) -> Client {
        self.register(Client::new(Kind::Desktop))
    }

    /// Creates a client of type "Web application" with these redirect URIs registered.
    pub fn web(&self, redirect_uris: &[&str]) -> Client {
        let redirect_uris = redirect_uris.iter().map(|uri| (*uri).to_owned()).collect();
        self.register(Client::new(Kind::Web { redirect_uris }))
    }

    /// Creates a service account with a key, invited into a Google Ads account.
    pub fn service_account(&self) -> ServiceAccount {
        let account = self.uninvited_service_account();
        let accounts = vec![Account::new("4445556666", "Reported Shop")];
        self.world().people.push(account.invited_to(accounts));
        account
    }

    /// Creates a service account that nobody has invited into Google Ads.
    pub fn uninvited_service_account(&self) -> ServiceAccount {
        let account = ServiceAccount::new();
        let mut world = self.world();
        world.secrets.extend(account.private_key.lines().filter(|line| !line.starts_with("-----")).map(str::to_owned));
        world.service_accounts.push(account.clone());
        account
    }

    /// Changes a service account as its owner would in the console.
    pub fn edit_service_account(&self, account: &ServiceAccount, edit: impl FnOnce(&mut ServiceAccount)) {
        let mut world = self.world();
        edit(world.service_accounts.iter_mut().find(|known| known.email == account.email).expect("it is known"));
    }

    /// Changes a client as its owner would in the console.
    pub fn edit(&self, client: &Client, edit: impl FnOnce(&mut Client)) {
        edit(self.world().client(&client.id).expect("the client is registered"));
    }

    /// Issues a refresh token to ADA for this client, as a login would.
    pub fn grant(&self, client: &Client, scopes: &[&str]) -> String {
        let mut world = self.world();
        let party = Party { email: ADA.to_owned(), client_id: client.id.clone() };
        let scopes: Vec<_> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        world.ledger.add_consent(&party, &scopes);
        let family = world.ledger.new_family();
        world.mint_refresh_token(&party, &scopes, family)
    }

    /// ADA removes the client's access on the page of her Google account.
    pub fn withdraw(&self, client: &Client) {
        self.world().ledger.kill_grant(&Party { email: ADA.to_owned(), client_id: client.id.clone() });
    }

    /// Whether a refresh with this token would succeed.
    pub fn lives(&self, refresh_token: &str) -> bool {
        let mut world = self.world();
        let now = world.now();
        world.ledger.refresh_token(refresh_token).is_some_and(|token| token.lives(now))
    }

    /// Advances Google's clock.
    pub fn later(&self, time: Duration) {
        self.world().ahead += time;
    }

    /// Sets the fault for the next request to the endpoint; several are used in order.
    pub fn fault(&self, endpoint: Endpoint, fault: Fault) {
        self.world().faults.once(endpoint, fault);
    }

    /// Sets the fault for every request to the endpoint.
    pub fn fault_always(&self, endpoint: Endpoint, fault: Fault) {
        self.world().faults.always(endpoint, fault);
    }

    /// Returns the requests to one endpoint so far, oldest first.
    pub fn requests(&self, endpoint: Endpoint) -> Vec<Request> {
        let mut requests = self.world().requests.clone();
        requests.retain(|request| Endpoint::of(&request.path) == Some(endpoint));
        requests
    }

    /// Returns every secret so far: client secrets, codes, verifiers, tokens.
    pub fn secrets(&self) -> Vec<String> {
        self.world().secrets.clone()
    }

    fn register(&self, client: Client) -> Client {
        let mut world = self.world();
        world.secrets.push(client.secret.clone());
        world.clients.push(client.clone());
        client
    }
}

impl Drop for Google {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // The server checks the flag at the next connection: this one.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }
}
