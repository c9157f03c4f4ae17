//! Access tokens for a service account: a JWT signed with its key (RFC 7523 section 2.1, RS256), exchanged at the token endpoint.
//!
//! `ring` signs, on which rustls runs already. A JWT here is one fixed header and five claims; a library for all of JWT would
//! bring a second implementation of RSA.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use oauth2::RequestTokenError;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};

use crate::clock;
use crate::credentials::AccountKey;
use crate::error::{Error, Kind, Result};
use crate::google::ADWORDS;
use crate::google::endpoints::Endpoints;
use crate::google::explain::Operation;
use crate::google::http::{Http, Retry};
use crate::google::token;
use crate::google::token_response::{self, Grant};
use crate::secret::Secret;

/// RFC 7523 section 2.1.
pub const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// The longest that Google takes a JWT for, in seconds.
const LIFETIME: i64 = 3600;

/// Why a text is not a private key that can sign here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyProblem {
    /// It does not begin as PEM does.
    NotPem,
    /// Line breaks are written as `\n` in it: it was escaped twice.
    EscapedLineBreaks,
    /// All of it is on one line.
    NoLineBreaks,
    /// It has a beginning and no end.
    Truncated,
    /// More than one block of PEM.
    Several,
    /// PKCS#1: `BEGIN RSA PRIVATE KEY`.
    Pkcs1,
    /// Another form, such as that of OpenSSH.
    OtherForm,
    /// It wants a passphrase.
    Encrypted,
    /// A public key or a certificate.
    Public,
    /// An elliptic curve's, or of another kind than RSA.
    NotRsa,
    /// An RSA key of fewer than 2048 bits, or more than 4096, or with a small exponent.
    Size,
    /// Its content is not a key.
    Damaged,
}

/// A private key, read and checked.
pub struct SigningKey(RsaKeyPair);

impl SigningKey {
    /// Reads a private key as Google's key files hold it: PKCS#8 in PEM.
    pub fn from_pem(pem: &Secret) -> std::result::Result<SigningKey, KeyProblem> {
        const BEGIN: &str = "-----BEGIN ";
        let text = pem.expose().trim();
        let label = text.strip_prefix(BEGIN).and_then(|rest| rest.split_once("-----")).map(|(label, _)| label);
        match label {
            None => return Err(KeyProblem::NotPem),
            Some("RSA PRIVATE KEY") => return Err(KeyProblem::Pkcs1),
            Some("EC PRIVATE KEY") => return Err(KeyProblem::NotRsa),
            Some("ENCRYPTED PRIVATE KEY") => return Err(KeyProblem::Encrypted),
            Some(label) if label.contains("PUBLIC KEY") || label.contains("CERTIFICATE") => {
                return Err(KeyProblem::Public);
            }
            Some("PRIVATE KEY") => {}
            Some(_) => return Err(KeyProblem::OtherForm),
        }
        if text.contains("\\n") {
            return Err(KeyProblem::EscapedLineBreaks);
        }
        if !text.contains(['\n', '\r']) {
            return Err(KeyProblem::NoLineBreaks);
        }
        if text.matches(BEGIN).count() > 1 {
            return Err(KeyProblem::Several);
        }
        if !text.ends_with("-----END PRIVATE KEY-----") {
            return Err(KeyProblem::Truncated);
        }
        let der = PrivatePkcs8KeyDer::from_pem_slice(text.as_bytes()).map_err(|_| KeyProblem::Damaged)?;
        let pair =
            RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).map_err(|error| match error.to_string().as_str() {
                "WrongAlgorithm" => KeyProblem::NotRsa,
                "TooSmall" | "TooLarge" => KeyProblem::Size,
                _ => KeyProblem::Damaged,
            })?;
        Ok(SigningKey(pair))
    }

    fn sign(&self, text: &str) -> Result<Vec<u8>> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .map_err(|_| Error::internal("cannot sign with the key of the service account"))?;
        Ok(signature)
    }
}

/// Gets an access token for the service account. A JWT may be sent again: nothing is used up by it.
pub async fn mint(http: &Http, endpoints: &Endpoints, key: &AccountKey, impersonate: Option<&str>) -> Result<Grant> {
    let assertion = assertion(key, impersonate, endpoints, clock::now())?;
    let form = [("grant_type", GRANT_TYPE), ("assertion", assertion.expose())];
    let response = http.send(http.post_form(&endpoints.token, &form), Retry::Always).await?;
    let accepted = token::check_response(Operation::ServiceAccount, &response)?;
    token_response::grant(serde_json::from_slice(accepted.body()).map_err(|_| RequestTokenError::Other(String::new())))
}

/// Returns the JWT that asks for an access token, dated `now`. `impersonate` is the user to act for.
pub fn assertion(
    key: &AccountKey,
    impersonate: Option<&str>,
    endpoints: &Endpoints,
    now: DateTime<Utc>,
) -> Result<Secret> {
    let signing = SigningKey::from_pem(&key.private_key)
        .map_err(|_| Error::new(Kind::KeyFile, "the private key of the service account cannot be read"))?;
    let header = json!({ "alg": "RS256", "typ": "JWT", "kid": key.key_id });
    let issued = now.timestamp();
    let mut claims = json!({
        "iss": key.email,
        "scope": ADWORDS,
        "aud": endpoints.token.as_str(),
        "iat": issued,
        "exp": issued + LIFETIME,
    });
    if let Some(user) = impersonate {
        claims["sub"] = user.into();
    }
    let encoded = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encoded(&header), encoded(&claims));
    let signature = URL_SAFE_NO_PAD.encode(signing.sign(&signed)?);
    Ok(Secret::new(format!("{signed}.{signature}")))
}
