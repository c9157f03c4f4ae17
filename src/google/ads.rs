//! The Google Ads API, as far as a credential needs it: who may this token act for?
//!
//! `customers:listAccessibleCustomers` needs no customer and no login customer. An empty developer-token header is refused
//! while an absent one is accepted, so it is only sent when there is a token.
//!
//! A hierarchy is never read: it may have ten thousand accounts and more. Each account is asked for itself and for the one
//! that matters, which is two rows at most and no second page. Each question counts against the project's daily quota (2,880
//! at the lowest level), so only so many accounts are asked; what the others would say stays unknown, and is told as such.

use std::time::Duration;

use reqwest::{RequestBuilder, StatusCode};
use serde::Deserialize;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::credentials::CustomerId;
use crate::error::{Error, Kind, Result};
use crate::google::endpoints::Endpoints;
use crate::google::error_response;
use crate::google::explain::Step;
use crate::google::http::{Again, Http, Reply};
use crate::secret::Secret;

/// The version that is spoken when nothing else is asked for; Google ends each after about a year.
pub const VERSION: &str = "v26";

/// Accounts asked for their names; more are listed by number only.
pub const MOST: usize = 50;

/// A call's credentials.
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
    /// What the account itself told; none if it did not (cancelled, suspended, no answer).
    pub details: Option<Details>,
    /// Why it did not, if it refused.
    pub refusal: Option<Error>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    pub name: String,
    pub manager: bool,
    /// The account that matters stands somewhere below this one.
    pub leads_there: bool,
}

impl Account {
    pub fn new(id: CustomerId) -> Account {
        Account { id, details: None, refusal: None }
    }
}

/// How a token reaches one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Directly,
    ThroughManager,
    /// Not every account told what is below it.
    Unknown,
    No,
}

/// How these accounts lead to the one that they were asked for.
pub fn way_to(wanted: &CustomerId, accounts: &[Account]) -> Way {
    let untold = |account: &Account| match (&account.details, &account.refusal) {
        (None, None) => true,
        (None, Some(refusal)) => refusal.kind() == Kind::Unreachable,
        (Some(_), _) => false,
    };
    if accounts.iter().any(|account| account.id == *wanted) {
        Way::Directly
    } else if accounts.iter().any(|account| account.details.as_ref().is_some_and(|details| details.leads_there)) {
        Way::ThroughManager
    } else if accounts.iter().any(untold) {
        Way::Unknown
    } else {
        Way::No
    }
}

/// The accounts that the token reaches directly, without details.
pub async fn accessible(http: &Http, endpoints: &Endpoints, caller: &Caller) -> Result<Vec<CustomerId>> {
    #[derive(Deserialize)]
    struct Listed {
        #[serde(default, rename = "resourceNames")]
        resource_names: Vec<String>,
    }
    let url = address(endpoints, &format!("{}/customers:listAccessibleCustomers", caller.version))?;
    let reply = http.send(with_tokens(http.get(&url), caller)?, Again::Harmless).await?;
    let listed: Listed = read(&reply)?;
    let ids = listed.resource_names.iter().filter_map(|name| CustomerId::exact(name.strip_prefix("customers/")?));
    Ok(ids.collect())
}

/// The same accounts with what they tell about themselves and the wanted one, as far as they do within ten seconds.
pub async fn accounts(
    http: &Http,
    endpoints: &Endpoints,
    caller: &Caller,
    ids: Vec<CustomerId>,
    wanted: Option<&CustomerId>,
) -> Vec<Account> {
    let mut accounts: Vec<Account> = ids.into_iter().map(Account::new).collect();
    let mut asking = JoinSet::new();
    let (first, others): (Vec<_>, Vec<_>) =
        accounts.iter().enumerate().partition(|(_, account)| Some(&account.id) == wanted);
    for (index, account) in first.into_iter().chain(others).take(MOST) {
        let (http, endpoints, caller, id) = (http.clone(), endpoints.clone(), caller.clone(), account.id.clone());
        let wanted = wanted.cloned();
        asking.spawn(async move { (index, details(&http, &endpoints, &caller, &id, wanted.as_ref()).await) });
    }
    let all = async {
        while let Some(Ok((index, details))) = asking.join_next().await {
            if let Some(account) = accounts.get_mut(index) {
                match details {
                    Ok(details) => account.details = Some(details),
                    Err(error) => account.refusal = Some(error),
                }
            }
        }
    };
    // What has not answered by then stays a bare number.
    let _ = timeout(Duration::from_secs(10), all).await;
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
    struct Found {
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
    let url = address(endpoints, &format!("{}/customers/{id}/googleAds:search", caller.version))?;
    let query = serde_json::json!({ "query": query(id, wanted) });
    let request = http.post_json(&url, &query).header("login-customer-id", id.as_str());
    let reply = http.send(with_tokens(request, caller)?, Again::Harmless).await?;
    let found: Found = read(&reply)?;
    let client = |id: &CustomerId| found.results.iter().map(|row| &row.client).find(|client| client.id == id.as_str());
    let own = client(id).ok_or_else(|| {
        Error::new(Kind::AdsRefused, "the account is not in its own list").hint("look at it at https://ads.google.com")
    })?;
    let leads_there = wanted.is_some_and(|wanted| wanted != id && client(wanted).is_some());
    Ok(Details { name: own.name.clone(), manager: own.manager, leads_there })
}

/// An account stands at the top of its own hierarchy.
fn query(id: &CustomerId, wanted: Option<&CustomerId>) -> String {
    let wanted = wanted.filter(|wanted| *wanted != id).map(|wanted| format!(", {wanted}")).unwrap_or_default();
    format!(
        "SELECT customer_client.id, customer_client.descriptive_name, customer_client.manager FROM customer_client \
         WHERE customer_client.id IN ({id}{wanted})"
    )
}

fn address(endpoints: &Endpoints, path: &str) -> Result<url::Url> {
    endpoints.ads.join(path).map_err(|_| Error::usage("the API version cannot be part of an address"))
}

fn with_tokens(request: RequestBuilder, caller: &Caller) -> Result<RequestBuilder> {
    let request = request.bearer_auth(caller.access_token.expose());
    Ok(match &caller.developer_token {
        Some(token) if !token.expose().is_empty() => request.header("developer-token", token.expose()),
        Some(_) | None => request,
    })
}

fn read<T: for<'de> Deserialize<'de>>(reply: &Reply) -> Result<T> {
    if reply.status != StatusCode::OK {
        return Err(error_response::error(Step::Ads, reply));
    }
    serde_json::from_slice(&reply.body).map_err(|_| error_response::gibberish(Step::Ads, reply))
}
