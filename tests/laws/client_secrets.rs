//! A client-secrets file is rejected, or it is a complete client of Google's and nobody else's.

use gads_creds::client_secrets;
use gads_creds::credentials::ClientKind;
use gads_creds::error::Kind;
use gads_creds::google::Endpoints;
use serde_json::Value;

use super::assert_harmless;

/// A secret in the text, which no message may repeat.
const SECRET: &str = "GOCSPX-Planted_by_the_law";

/// Tries the text of a file; `{secret}` in it stands for a secret that no message may contain.
pub fn input(text: &str) {
    let text = &text.replace("{secret}", SECRET);
    match client_secrets::parse(text, "`c.json`", &Endpoints::google()) {
        Ok(client) => {
            let value: Value =
                serde_json::from_str(text.trim_start_matches('\u{feff}')).expect("JSON to others as well");
            let (section, other) = match client.kind {
                ClientKind::Desktop => ("installed", "web"),
                ClientKind::Web { .. } => ("web", "installed"),
            };
            assert!(value[other].is_null(), "{text:?}");
            let section = &value[section];
            assert_eq!(section["client_id"], client.id.as_str());
            assert_eq!(section["client_secret"], client.secret.expose());
            assert_eq!(section["project_id"].as_str(), client.project.as_deref());
            let ids = [Some(&client.id), client.project.as_ref()];
            for id in ids.into_iter().flatten() {
                let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"._~@:/-".contains(&byte);
                assert!((1..=256).contains(&id.len()) && id.bytes().all(usual), "{id:?}");
            }
            assert_word(client.secret.expose(), 512);
            if let ClientKind::Web { redirect_uris } = &client.kind {
                redirect_uris.iter().for_each(|uri| assert_word(uri, 2048));
            }
            for address in ["auth_uri", "token_uri"].into_iter().filter_map(|key| section[key].as_str()) {
                assert_googles(address);
            }
        }
        Err(error) => {
            assert_eq!(error.kind(), Kind::ClientSecrets);
            let shown = format!(
                "{} {}",
                error.message(),
                error.next_step().map(ToString::to_string).as_deref().expect("a next step")
            );
            assert_harmless(&shown);
            assert!(shown.len() < 6_000, "{shown}");
            // Only the host of an address is ever quoted.
            if text.matches(SECRET).count() == 1 && text.contains(&format!("\"{SECRET}\"")) {
                assert!(!shown.contains(SECRET), "{shown}");
            }
        }
    }
}

#[track_caller]
fn assert_word(text: &str, longest: usize) {
    assert!((1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()), "{text:?}");
}

/// Checks that the text begins like one of Google's addresses, and that no parser finds another host in it.
#[track_caller]
fn assert_googles(address: &str) {
    let hosts = ["accounts.google.com", "oauth2.googleapis.com", "www.googleapis.com"];
    let path = address.strip_prefix("https://").and_then(|rest| hosts.iter().find_map(|host| rest.strip_prefix(host)));
    assert!(path.is_some_and(|path| path.is_empty() || path.starts_with('/')), "{address:?}");
    assert!(!address.contains(['@', '\\', '#']) && address.bytes().all(|byte| byte.is_ascii_graphic()), "{address:?}");
}
