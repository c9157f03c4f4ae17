//! The Google Ads API, as far as a credential needs it: who may this token act for?
//!
//! `customers:listAccessibleCustomers` needs no customer and no login customer. An empty developer-token header is refused
//! while an absent one is accepted, so it is only sent when there is a token.

use std::time::Duration;

use reqwest::{RequestBuilder, StatusCode};
use serde::Deserialize;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::credentials::CustomerId;
use crate::error::{Error, Kind, Result};
use crate::google::endpoints::Endpoints;
use crate::google::explain::Step;
use crate::google::http::{Again, Http, Reply};
use crate::google::refusal;
use crate::secret::Secret;

/// The version that is spoken when nothing else is asked for; Google ends each after about a year.
pub const VERSION: &str = "v26";

/// Accounts asked for their names; more are listed by number only.
const MOST: usize = 50;
const QUERY: &str = "SELECT customer_client.id, customer_client.descriptive_name, customer_client.manager, \
                     customer_client.level, customer_client.status FROM customer_client";

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
    /// The accounts below a manager.
    pub below: Vec<CustomerId>,
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

/// The same accounts with what they tell about themselves, as far as they do within ten seconds.
pub async fn accounts(http: &Http, endpoints: &Endpoints, caller: &Caller, ids: Vec<CustomerId>) -> Vec<Account> {
    let mut accounts: Vec<Account> = ids.into_iter().map(|id| Account { id, details: None, refusal: None }).collect();
    let mut asking = JoinSet::new();
    for (index, account) in accounts.iter().enumerate().take(MOST) {
        let (http, endpoints, caller, id) = (http.clone(), endpoints.clone(), caller.clone(), account.id.clone());
        asking.spawn(async move { (index, details(&http, &endpoints, &caller, &id).await) });
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

async fn details(http: &Http, endpoints: &Endpoints, caller: &Caller, id: &CustomerId) -> Result<Details> {
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
    let request = http.post_json(&url, &serde_json::json!({ "query": QUERY })).header("login-customer-id", id.as_str());
    let reply = http.send(with_tokens(request, caller)?, Again::Harmless).await?;
    let found: Found = read(&reply)?;
    let (own, below): (Vec<Client>, Vec<Client>) =
        found.results.into_iter().map(|row| row.client).partition(|client| client.id == id.as_str());
    let own =
        own.into_iter().next().ok_or_else(|| Error::new(Kind::AdsRefused, "the account is not in its own list"))?;
    let below = below.iter().filter_map(|client| CustomerId::exact(&client.id)).collect();
    Ok(Details { name: own.name, manager: own.manager, below })
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
        return Err(refusal::error(Step::Ads, reply));
    }
    serde_json::from_slice(&reply.body).map_err(|_| refusal::gibberish(Step::Ads, reply))
}
