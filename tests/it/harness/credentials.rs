//! Writes credentials as a login would: the start of most tests about stored credentials.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use gads_creds::secret::Secret;

use crate::google::{ADWORDS, Client};
use crate::sandbox::Sandbox;

/// A client and a token that no stand-in knows.
pub const CLIENT: &str = "1234567890-abc.apps.googleusercontent.com";
pub const SECRET: &str = "GOCSPX-a-planted-client-secret";
pub const TOKEN: &str = "1//0a-planted-refresh-token";

pub const DAY: Duration = Duration::from_secs(86_400);

/// Returns a `google-ads.yaml` with this client and token.
pub fn yaml(client: &Client, token: &str) -> String {
    format!(
        "# mine\nuse_proto_plus: true\nclient_id: {}\nclient_secret: {}\nrefresh_token: {token}  # live\n",
        client.id, client.secret
    )
}

/// Writes a `~/google-ads.yaml` that works, and returns its client and refresh token.
pub fn works(sandbox: &Sandbox) -> (Client, String) {
    let client = sandbox.google.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    sandbox.write("google-ads.yaml", yaml(&client, &token));
    (client, token)
}

/// Records in profiles.toml that this profile is `~/google-ads.yaml`; `facts` are more lines of its entry.
pub fn profile(sandbox: &Sandbox, name: &str, facts: &str) {
    let file = sandbox.home().join("google-ads.yaml");
    let text = format!("[profiles.{name}]\nstore = \"file\"\nfile = {file:?}\n{facts}");
    sandbox.write(".config/gads-creds/profiles.toml", text);
}

/// Returns the metadata that a login `ago` would have recorded; `lives` is the lifetime that Google returned.
pub fn metadata(sandbox: &Sandbox, token: &str, ago: Duration, lives: Option<Duration>) -> String {
    let time = |span: Duration| TimeDelta::from_std(span).expect("a short time");
    let issued_at = Utc::now() - time(ago);
    let expires_at = lives.map(|lives| format!("expires_at = \"{}\"\n", issued_at + time(lives))).unwrap_or_default();
    format!(
        "issued_at = \"{issued_at}\"\n{expires_at}endpoint = \"{}\"\nfingerprint = \"{}\"\n",
        sandbox.google.url(),
        Secret::new(token).fingerprint()
    )
}
