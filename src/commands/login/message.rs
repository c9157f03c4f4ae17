//! The message for somebody who consents elsewhere. A bare link to a consent page looks like phishing, so the message
//! names the client, the access and the account, and says what to check before consenting.

use crate::credentials::{Client, project_number};
use crate::google::{ADWORDS, address_start, parse_url};
use crate::pending::PendingLogin;
use crate::profile::rfc3339;
use crate::term::{self, layout};

/// Returns the message, ready to be sent.
pub fn text(account: &str, pending: &PendingLogin, url: &str, client: &Client, scopes: &[String]) -> String {
    let project = client.project.as_deref().or_else(|| project_number(&client.id));
    let project =
        project.map(|project| format!(" (Google Cloud project {})", term::excerpt(project))).unwrap_or_default();
    let scopes: String = scopes.iter().map(|scope| format!("  access   {}\n", named(scope))).collect();
    let account = term::excerpt(account);
    let start = address_start(&pending.redirect_uri);
    let page = parse_url(url).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    let text = format!(
        "Please allow access to Google Ads with your Google account:\n\
         \n  account  {account}\n  client   {client}{project}\n{scopes}\
         \nOpen this address, and sign in as {account}:\n\
         \n{url}\n\
         \nIt must begin with {page}/ and Google's page must ask for this access and for no other. If you do not know who sends you this, or expected no such request, do not open it.\n\
         \nAfter the consent the browser ends on an address that begins with\n\n  {start}\n\
         \nIts page may not load: that is expected. Whatever it shows, copy the whole address from the address bar and send it back within a few minutes. It works once, for this request only, and not for anybody else. The request expires at {expires}. You can withdraw the access at any time: https://myaccount.google.com/connections\n",
        client = term::excerpt(&client.id),
        expires = rfc3339(pending.expires_at),
    );
    layout::filled(&text, Some(WIDTH))
}

/// Mail programs break longer lines.
const WIDTH: usize = 72;

/// Returns a scope with the text that Google's page shows for it.
fn named(scope: &str) -> String {
    let what = match scope {
        ADWORDS => " (see, create, change and delete your Google Ads accounts and data)",
        "openid" => " (know which Google account you use)",
        "email" => " (see your e-mail address)",
        _ => "",
    };
    format!("{}{what}", term::excerpt(scope))
}
