//! The Google Ads API.

use std::time::Duration;

use serde_json::{Value, json};

use super::{ADWORDS, refresh};
use crate::google::browser::{self, Page};
use crate::google::{ADA, Account, Google, Kind};

const LIST: &str = "/v26/customers:listAccessibleCustomers";
const QUERY: &str = "SELECT customer_client.id, customer_client.descriptive_name, customer_client.manager, \
    customer_client.level, customer_client.status FROM customer_client";

/// Issues a valid access token for these scopes.
fn access(google: &Google, scopes: &[&str]) -> String {
    let client = google.desktop();
    let token = google.grant(&client, scopes);
    super::json(&refresh(google, &client, &token))["access_token"].as_str().unwrap().to_owned()
}

fn list(google: &Google, token: &str, headers: &[(&str, &str)]) -> Page {
    let bearer = format!("Bearer {token}");
    let headers = [&[("Authorization", bearer.as_str())], headers].concat();
    browser::request("GET", &format!("{}{LIST}", google.url()), &headers, "").unwrap()
}

fn search(google: &Google, token: &str, customer: &str, login: Option<&str>, query: &str) -> Page {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    headers.extend(login.map(|login| ("login-customer-id", login)));
    let address = format!("{}/v26/customers/{customer}/googleAds:search", google.url());
    browser::request("POST", &address, &headers, &json!({ "query": query }).to_string()).unwrap()
}

/// Returns the status, and Google Ads' own code or the reason of the front end.
fn refusal(page: &Page) -> (u16, String) {
    let detail = &super::json(page)["error"]["details"][0];
    let code = detail["errors"][0]["errorCode"].as_object().and_then(|code| code.values().next());
    (page.status, code.unwrap_or(&detail["reason"]).as_str().unwrap_or_default().to_owned())
}

fn is(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn the_accounts_that_the_user_reaches_directly_are_listed() {
    let google = Google::start().unwrap();
    let page = list(&google, &access(&google, &[ADWORDS]), &[("login-customer-id", "ignored")]);
    assert!(page.header("request-id").is_some());
    let names = ["customers/1234567890", "customers/5556667777", "customers/8889990000"];
    assert_eq!(super::json(&page), json!({ "resourceNames": names }));
    google.world().person(ADA).unwrap().accounts = Some(Vec::new());
    assert_eq!(super::json(&list(&google, &access(&google, &[ADWORDS]), &[])), json!({}));
}

#[test]
fn an_account_unknown_to_google_ads_gets_not_ads_user() {
    let google = Google::start().unwrap();
    google.world().person(ADA).unwrap().accounts = None;
    assert_eq!(refusal(&list(&google, &access(&google, &[ADWORDS]), &[])), is(401, "NOT_ADS_USER"));
}

#[test]
fn an_access_token_must_be_there_live_and_of_the_scope() {
    let google = Google::start().unwrap();
    let page = browser::get(&format!("{}{LIST}", google.url())).unwrap();
    assert_eq!(refusal(&page), is(401, "CREDENTIALS_MISSING"));
    assert_eq!(refusal(&list(&google, "ya29.made-up", &[])), is(401, "OAUTH_TOKEN_INVALID"));
    let narrow = access(&google, &["openid"]);
    assert_eq!(refusal(&list(&google, &narrow, &[])), is(403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"));
    let token = access(&google, &[ADWORDS]);
    google.later(Duration::from_secs(3600));
    assert_eq!(refusal(&list(&google, &token, &[])), is(401, "OAUTH_TOKEN_INVALID"));
}

#[test]
fn the_project_must_have_switched_the_api_on() {
    let google = Google::start().unwrap();
    let token = access(&google, &[ADWORDS]);
    google.world().clients.iter_mut().for_each(|client| client.api_enabled = false);
    assert!(google.world().clients.iter().all(|client| client.kind == Kind::Desktop));
    assert_eq!(refusal(&list(&google, &token, &[])), is(403, "SERVICE_DISABLED"));
}

#[test]
fn a_developer_token_may_be_absent_but_not_empty() {
    let google = Google::start().unwrap();
    let token = access(&google, &[ADWORDS]);
    assert_eq!(list(&google, &token, &[("developer-token", "anything")]).status, 200);
    let empty = list(&google, &token, &[("developer-token", "")]);
    assert_eq!(refusal(&empty), is(400, "DEVELOPER_TOKEN_PARAMETER_MISSING"));
}

#[test]
fn another_version_is_not_supported() {
    let google = Google::start().unwrap();
    let page = browser::get(&format!("{}/v22/customers:listAccessibleCustomers", google.url())).unwrap();
    assert_eq!(refusal(&page), is(400, "UNSUPPORTED_VERSION"));
    assert_eq!(browser::get(&format!("{}/vx/customers:listAccessibleCustomers", google.url())).unwrap().status, 404);
}

#[test]
fn a_manager_shows_what_it_manages() {
    let google = Google::start().unwrap();
    let token = access(&google, &[ADWORDS]);
    let response = super::json(&search(&google, &token, "1234567890", Some("1234567890"), QUERY));
    let row = |id: &str, name: &str, manager: bool, level: &str, status: &str| -> Value {
        let resource = format!("customers/1234567890/customerClients/{id}");
        json!({ "customerClient": { "resourceName": resource, "id": id, "descriptiveName": name,
            "manager": manager, "level": level, "status": status } })
    };
    let rows = [
        row("1234567890", "Example Agency", true, "0", "ENABLED"),
        row("2223334444", "Example Shop", false, "1", "ENABLED"),
        row("3334445555", "Old Shop", false, "1", "CANCELED"),
    ];
    assert_eq!(response["results"], json!(rows));
    let short = search(&google, &token, "5556667777", None, "SELECT customer_client.id FROM customer_client");
    assert_eq!(super::json(&short)["results"].as_array().unwrap().len(), 1);
}

#[test]
fn the_login_customer_must_be_the_users_own_and_hold_the_customer() {
    let google = Google::start().unwrap();
    let token = access(&google, &[ADWORDS]);
    google.world().people[1].accounts = Some(vec![Account::new("7778889999", "Bob's")]);
    let refused = |customer: &str, login: Option<&str>| refusal(&search(&google, &token, customer, login, QUERY));
    assert_eq!(refused("2223334444", None), is(403, "USER_PERMISSION_DENIED"));
    assert_eq!(search(&google, &token, "2223334444", Some("1234567890"), QUERY).status, 200);
    assert_eq!(refused("2223334444", Some("5556667777")), is(403, "USER_PERMISSION_DENIED"));
    assert_eq!(refused("7778889999", None), is(403, "USER_PERMISSION_DENIED"));
    assert_eq!(refused("1234567890", Some("123-456-7890")), is(400, "INVALID_LOGIN_CUSTOMER_ID"));
    assert_eq!(refused("8889990000", None), is(403, "CUSTOMER_NOT_ENABLED"));
    assert_eq!(refused("3334445555", Some("1234567890")), is(403, "CUSTOMER_NOT_ENABLED"));
}

#[test]
fn another_query_is_refused() {
    let google = Google::start().unwrap();
    let token = access(&google, &[ADWORDS]);
    let conditions = ["WHERE x", "WHERE customer_client.id IN ()", "WHERE customer_client.id IN (1 2)", "LIMIT 1"];
    let conditions = conditions.map(|condition| format!("{QUERY} {condition}"));
    let others = ["", "SELECT customer_client.nonsense FROM customer_client", "SELECT campaign.id FROM campaign"];
    for query in conditions.iter().map(String::as_str).chain(others) {
        assert_eq!(refusal(&search(&google, &token, "1234567890", None, query)), is(400, "BAD_FIELD_NAME"));
    }
}

#[test]
fn a_condition_leaves_rows_out() {
    let google = Google::start().unwrap();
    let token = access(&google, &[ADWORDS]);
    let ids = |condition: &str| {
        let query = format!("SELECT customer_client.id FROM customer_client WHERE customer_client.{condition}");
        let response = super::json(&search(&google, &token, "1234567890", None, &query));
        let rows = response["results"].as_array().cloned().unwrap_or_default();
        rows.iter().map(|row| row["customerClient"]["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids("level = 0"), ["1234567890"]);
    assert_eq!(ids("level = 1"), ["2223334444", "3334445555"]);
    assert_eq!(ids("id IN (3334445555, 1234567890, 9999999999)"), ["1234567890", "3334445555"]);
    assert_eq!(ids("id IN (9999999999)"), Vec::<String>::new());
}

#[test]
fn ten_thousand_rows_are_a_page_and_nobody_chooses_another_size() {
    let google = Google::start().unwrap();
    let token = access(&google, &[ADWORDS]);
    let many =
        (0..10_001).map(|number| Account::new(&format!("{}", 4_000_000_000_u64 + number), "One of many")).collect();
    google.world().person(ADA).unwrap().accounts = Some(vec![Account::new("1112223333", "Large").managing(many)]);
    let ask = |body: Value| {
        let bearer = format!("Bearer {token}");
        let address = format!("{}/v26/customers/1112223333/googleAds:search", google.url());
        browser::request("POST", &address, &[("Authorization", &bearer)], &body.to_string()).unwrap()
    };
    let query = "SELECT customer_client.id FROM customer_client";
    let first = super::json(&ask(json!({ "query": query })));
    assert_eq!(first["results"].as_array().unwrap().len(), 10_000);
    let rest = super::json(&ask(json!({ "query": query, "pageToken": first["nextPageToken"] })));
    assert_eq!((rest["results"].as_array().unwrap().len(), rest["nextPageToken"].is_null()), (2, true));
    let refused = |more: Value| refusal(&ask(more));
    assert_eq!(refused(json!({ "query": query, "pageSize": 100 })), is(400, "PAGE_SIZE_NOT_SUPPORTED"));
    assert_eq!(refused(json!({ "query": query, "pageToken": "page-1" })), is(400, "INVALID_PAGE_TOKEN"));
}
