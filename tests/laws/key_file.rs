//! A service account's key file is refused, or it is a complete key that the libraries load as well.

use gads_creds::error::Kind;
use gads_creds::google::Endpoints;
use gads_creds::secret::Secret;
use gads_creds::service_account_key;
use serde_json::Value;

use super::assert_harmless;

/// A secret in the text, which no message may repeat.
const SECRET: &str = "GOCSPX-Planted_by_the_law";
/// A complete private key, as it is between two quotes of JSON.
const KEY: &str = include_str!("../../fixtures/service_account/key.pem");

/// Tries the text of a file; `{secret}` in it stands for a secret that no message may contain, `{key}` for a private key.
pub fn input(text: &str) {
    let text = text.replace("{secret}", SECRET).replace("{key}", KEY.replace('\n', "\\n").trim_end());
    match service_account_key::parse(&Secret::new(text.clone()), "`k.json`", &Endpoints::google()) {
        Ok(key) => {
            let value: Value = serde_json::from_str(&text).expect("JSON to others as well");
            assert_eq!(value["type"], "service_account");
            assert_eq!(value["client_email"], key.email.as_str());
            assert_eq!(value["private_key_id"], key.key_id.as_str());
            assert_eq!(value["private_key"], key.private_key.expose());
            let uri = value["token_uri"].as_str().expect("an address");
            assert!(uri.starts_with("https://") && uri.contains("google") && uri.ends_with("/token"), "{uri:?}");
            for shown in [Some(&key.email), Some(&key.key_id), key.project.as_ref(), key.client_id.as_ref()] {
                let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"._~@:/+-".contains(&byte);
                assert!(shown.is_none_or(|id| (1..=256).contains(&id.len()) && id.bytes().all(usual)), "{shown:?}");
            }
            assert!(!format!("{key:?}").contains("PRIVATE KEY"));
        }
        Err(error) => {
            assert_eq!(error.kind(), Kind::KeyFile);
            let hint = error.next_step().map(ToString::to_string).expect("a next step");
            let said = format!("{} {hint}", error.message());
            assert_harmless(&said);
            assert!(said.len() < 6_000 && !said.contains(SECRET), "{said}");
            assert!(KEY.lines().filter(|line| line.len() > 20).all(|line| !said.contains(&line[..20])), "{said}");
        }
    }
}
