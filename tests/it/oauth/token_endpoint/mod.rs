//! The responses of a token endpoint, from unusual but valid to hostile: each with its exit code and part of the
//! message.
//!
//! After a failure the file has the same bytes as before, stderr can be shown on a terminal, and few requests were
//! made.

use serde_json::{Value, json};

use crate::google::{ADWORDS, Client, Endpoint, Fault, Reply};
use crate::sandbox::{Outcome, Sandbox};

pub mod error_responses;
mod exchange;
mod issued;
mod refresh;
mod revoke;

/// A stored login, and a stand-in with a scripted token endpoint.
pub struct Scenario {
    pub sandbox: Sandbox,
    pub client: Client,
    pub token: String,
    yaml: String,
}

/// A name, a response, its exit code, and part of the message.
pub type Row = (&'static str, Fault, i32, &'static str);

impl Scenario {
    pub fn new() -> Scenario {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        let token = sandbox.google.grant(&client, &[ADWORDS]);
        let yaml = format!(
            "# kept\nuse_proto_plus: true\nclient_id: {}\nclient_secret: {}\nrefresh_token: {token}\n",
            client.id, client.secret
        );
        sandbox.write("google-ads.yaml", &yaml);
        Scenario { sandbox, client, token, yaml }
    }

    /// Sets the response to every request from now on.
    pub fn responds(&self, endpoint: Endpoint, fault: Fault) {
        let mut world = self.sandbox.google.world();
        std::mem::take(&mut world.faults);
        world.faults.always(endpoint, fault);
    }

    /// Checks what must hold after any run.
    #[track_caller]
    pub fn check(&self, name: &str, outcome: &Outcome, requests: usize, code: i32, fact: &str) {
        assert_eq!(outcome.code, code, "{name}: {outcome:#?}");
        assert!(outcome.stderr.contains(fact), "{name}: no {fact:?}: {outcome:#?}");
        assert_eq!(self.sandbox.read("google-ads.yaml"), self.yaml, "{name}");
        assert!((1..=3).contains(&requests), "{name}: {requests} requests");
        let unfit = |char: char| (char.is_control() && char != '\n') || ('\u{202a}'..='\u{202e}').contains(&char);
        assert!(!outcome.stderr.contains(unfit), "{name}: {outcome:#?}");
        assert!(outcome.stderr.len() < 4096, "{name}: {} bytes on stderr", outcome.stderr.len());
        assert_eq!(code == 0, !outcome.stderr.contains("error: "), "{name}: {outcome:#?}");
        assert!(code == 0 || outcome.stderr.contains("\nhint: "), "{name}: {outcome:#?}");
    }
}

/// Returns a token response with these members changed; null removes one.
pub fn tokens(changes: Value) -> Fault {
    let mut value =
        json!({ "access_token": "ya29.made-up", "expires_in": 3599, "scope": ADWORDS, "token_type": "Bearer" });
    for (name, change) in changes.as_object().cloned().unwrap_or_default() {
        if change.is_null() {
            value.as_object_mut().unwrap().remove(&name);
        } else {
            value[name] = change;
        }
    }
    json_text(200, &value.to_string())
}

/// Returns a response of this text, which need not be JSON, labelled as JSON.
pub fn json_text(status: u16, text: &str) -> Fault {
    Fault::Reply(Reply::new(status, "application/json", text))
}

/// Returns a response with this head and body; a length is added.
pub fn raw(head: &str, body: impl AsRef<[u8]>) -> Fault {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    Fault::Raw([head.as_bytes(), body].concat())
}
