//! The calls of the Google Ads API that show which accounts a token reaches.
//!
//! `customers:listAccessibleCustomers` needs no customer and no login customer. The API rejects an empty developer-token header
//! and accepts a missing one, so the header is only sent when there is a token.
//!
//! A hierarchy may have ten thousand accounts and is never read. Each account is queried for itself and for the wanted one:
//! two rows at most, and no second page. Every query counts against the daily quota of the project (2,880 at the lowest
//! level), so only [`DETAILS_LIMIT`] accounts are queried; the details of the others stay unknown.

use std::time::Duration;

use reqwest::{RequestBuilder, StatusCode};
use serde::Deserialize;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::credentials::CustomerId;
use crate::error::{Error, Kind, Result};
use crate::google::endpoints::Endpoints;
use crate::google::error_response;
use crate::google::explain::Operation;
use crate::google::http::{Http, Retry};
use crate::google::response::Response;
use crate::secret::Secret;

/// The default version of the API; Google shuts each down after about a year.
pub const VERSION: &str = "v26";

/// How many accounts are queried for details; more are listed by number only.
pub const DETAILS_LIMIT: usize = 50;
/// How long the queries for details may take together.
const DETAILS_DEADLINE: Duration = Duration::from_secs(10);

/// The credentials of a call.
#[derive(Clone, Debug)]
pub struct Caller {
    pub access_token: Secret,
    pub developer_token: Option<Secret>,
    /// `v26`.
    pub version: String,
}

/// A Google Ads account that the token reaches directly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: CustomerId,
    /// `None` if they are unknown: the account is cancelled or suspended, was not queried, or there was no response.
    pub details: Option<Details>,
    /// Why the query for details failed.
    pub error: Option<Error>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    pub name: String,
    pub manager: bool,
    /// It manages the wanted account, directly or through other managers.
    pub manages_wanted: bool,
}

impl Account {
    pub fn new(id: CustomerId) -> Account {
        Account { id, details: None, error: None }
    }
}

/// How a token reaches one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Direct,
    ThroughManager,
    /// The details of some accounts are unknown.
    Unknown,
    None,
}

/// Returns how the token reaches the wanted account, for which the details of these accounts were queried.
pub fn access_to(wanted: &CustomerId, accounts: &[Account]) -> Access {
    let is_unknown = |account: &Account| match (&account.details, &account.error) {
        (None, None) => true,
        (None, Some(error)) => error.kind() == Kind::Unreachable,
        (Some(_), _) => false,
    };
    if accounts.iter().any(|account| account.id == *wanted) {
        Access::Direct
    } else if accounts.iter().any(|account| account.details.as_ref().is_some_and(|details| details.manages_wanted)) {
        Access::ThroughManager
    } else if accounts.iter().any(is_unknown) {
        Access::Unknown
    } else {
        Access::None
    }
}

/// Returns the accounts that the token reaches directly.
pub async fn list_accessible(http: &Http, endpoints: &Endpoints, caller: &Caller) -> Result<Vec<CustomerId>> {
    #[derive(Deserialize)]
    struct Listed {
        #[serde(default, rename = "resourceNames")]
        resource_names: Vec<String>,
    }
    let url = method_url(endpoints, &format!("{}/customers:listAccessibleCustomers", caller.version))?;
    let response = http.send(with_tokens(http.get(&url), caller)?, Retry::Always).await?;
    let listed: Listed = parse(&response)?;
    let ids = listed.resource_names.iter().filter_map(|name| CustomerId::exact(name.strip_prefix("customers/")?));
    Ok(ids.collect())
}

/// Queries the accounts for details: the wanted one first, as far as the limits allow.
pub async fn with_details(
    http: &Http,
    endpoints: &Endpoints,
    caller: &Caller,
    ids: Vec<CustomerId>,
    wanted: Option<&CustomerId>,
) -> Vec<Account> {
    let mut accounts: Vec<Account> = ids.into_iter().map(Account::new).collect();
    let mut queries = JoinSet::new();
    let (first, others): (Vec<_>, Vec<_>) =
        accounts.iter().enumerate().partition(|(_, account)| Some(&account.id) == wanted);
    for (index, account) in first.into_iter().chain(others).take(DETAILS_LIMIT) {
        let (http, endpoints, caller, id) = (http.clone(), endpoints.clone(), caller.clone(), account.id.clone());
        let wanted = wanted.cloned();
        queries.spawn(async move { (index, details(&http, &endpoints, &caller, &id, wanted.as_ref()).await) });
    }
    let all = async {
        while let Some(Ok((index, details))) = queries.join_next().await {
            if let Some(account) = accounts.get_mut(index) {
                match details {
                    Ok(details) => account.details = Some(details),
                    Err(error) => account.error = Some(error),
                }
            }
        }
    };
    // The details that are missing by then stay unknown.
    let _ = timeout(DETAILS_DEADLINE, all).await;
    accounts
}

async fn details(
    http: &Http,
    endpoints: &Endpoints,
    caller: &Caller,
    id: &CustomerId,
    wanted: Option<&CustomerId>,
) -> Result<Details> {
    #[derive(Deserialize)]
    struct SearchResult {
        #[serde(default)]
        results: Vec<Row>,
    }
    #[derive(Deserialize)]
    struct Row {
        #[serde(rename = "customerClient")]
        client: Client,
    }
    #[derive(Deserialize)]
    struct Client {
        id: String,
        #[serde(default, rename = "descriptiveName")]
        name: String,
        #[serde(default)]
        manager: bool,
    }
    let url = method_url(endpoints, &format!("{}/customers/{id}/googleAds:search", caller.version))?;
    let query = serde_json::json!({ "query": query(id, wanted) });
    let request = http.post_json(&url, &query).header("login-customer-id", id.as_str());
    let response = http.send(with_tokens(request, caller)?, Retry::Always).await?;
    let found: SearchResult = parse(&response)?;
    let client = |id: &CustomerId| found.results.iter().map(|row| &row.client).find(|client| client.id == id.as_str());
    let own = client(id).ok_or_else(|| {
        Error::new(Kind::AdsRefused, format!("the Google Ads API returned no row for the account {id}"))
            .hint("open the account at https://ads.google.com")
    })?;
    let manages_wanted = wanted.is_some_and(|wanted| wanted != id && client(wanted).is_some());
    let name = response.secrets.clean(&own.name).unwrap_or_default();
    Ok(Details { name, manager: own.manager, manages_wanted })
}

/// An account is the first of its own hierarchy.
fn query(id: &CustomerId, wanted: Option<&CustomerId>) -> String {
    let wanted = wanted.filter(|wanted| *wanted != id).map(|wanted| format!(", {wanted}")).unwrap_or_default();
    format!(
        "SELECT customer_client.id, customer_client.descriptive_name, customer_client.manager FROM customer_client \
         WHERE customer_client.id IN ({id}{wanted})"
    )
}

fn method_url(endpoints: &Endpoints, path: &str) -> Result<url::Url> {
    endpoints.ads.join(path).map_err(|_| Error::usage("the API version cannot be part of a URL"))
}

fn with_tokens(request: RequestBuilder, caller: &Caller) -> Result<RequestBuilder> {
    let request = request.bearer_auth(caller.access_token.expose());
    Ok(match &caller.developer_token {
        Some(token) if !token.expose().is_empty() => request.header("developer-token", token.expose()),
        Some(_) | None => request,
    })
}

fn parse<T: for<'de> Deserialize<'de>>(response: &Response) -> Result<T> {
    if response.status != StatusCode::OK {
        return Err(error_response::to_error(Operation::Ads, response));
    }
    serde_json::from_slice(&response.body).map_err(|_| error_response::unexpected(Operation::Ads, response))
}
