//! The pages that a user sees: the consent screen and the error page.

use super::authorize::{Asked, CONSENT_PATH, PageError};
use super::http::Reply;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:34em;margin:3em auto;padding:0 1em}\
    label{display:block;margin:.4em 0}button{font:inherit;padding:.5em 1.5em;margin:1em 1em 0 0}small{color:#666}";

/// Returns the consent screen: an account, a box for each optional scope, and two buttons.
pub fn consent(id: &str, asked: &Asked, emails: &[&str], chosen: &str) -> Reply {
    let mut form = format!("<input type=\"hidden\" name=\"screen\" value=\"{id}\">");
    for email in emails {
        form.push_str(&choice("radio", "account", email, *email == chosen));
    }
    form.push_str("<p>It asks for access to:</p>");
    for scope in &asked.scopes {
        form.push_str(&if has_box(scope, asked) {
            choice("checkbox", "scope", scope, true)
        } else {
            format!("<p>{}</p>", escape(scope))
        });
    }
    Reply::html(
        200,
        document(
            "Sign in with the stand-in for Google",
            &format!(
                "<p>The program <b>{}</b> wants to act for an account.</p>\
                <form method=\"post\" action=\"{CONSENT_PATH}\">{form}\
                <button name=\"choice\" value=\"allow\">Allow</button>\
                <button name=\"choice\" value=\"deny\">Deny</button></form>\
                <p><small>This is a stand-in on your own machine. Accounts and tokens are made up.</small></p>",
                escape(&asked.client_id)
            ),
        ),
    )
}

/// Returns the page of an error that Google does not send to the client.
pub fn error(error: &PageError) -> Reply {
    let text = format!("<p>Error {}: {}</p><p>{}</p>", error.status, error.code, escape(&error.description));
    Reply::html(error.status, document("Access blocked", &text))
}

/// Whether the user may untick this scope: not their identity, and not the only requested one.
pub fn has_box(scope: &str, asked: &Asked) -> bool {
    asked.scopes.len() > 1 && scope != "openid" && !scope.contains("/auth/userinfo.")
}

fn choice(kind: &str, name: &str, value: &str, checked: bool) -> String {
    let value = escape(value);
    let checked = if checked { " checked" } else { "" };
    format!("<label><input type=\"{kind}\" name=\"{name}\" value=\"{value}\"{checked}> {value}</label>")
}

fn document(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><title>{title}</title><style>{STYLE}</style><h1>{title}</h1>{body}</html>\n"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
