//! Recognizes what users give in place of a service account's JSON key by its shape; nothing in it is quoted.

use std::path::Path;

use crate::disk;
use crate::strict_json::{Object, Unfit};

/// Whether the file is a PKCS#12 archive, the older form of Google's keys: by its first bytes (DER), or by its name.
pub fn is_pkcs12(path: &Path) -> bool {
    let is_named =
        path.extension().is_some_and(|end| end.eq_ignore_ascii_case("p12") || end.eq_ignore_ascii_case("pfx"));
    let begins = disk::beginning(path, 2).is_ok_and(|bytes| bytes == [0x30, 0x82]);
    (is_named && path.is_file()) || begins
}

/// Recognizes a text that is not JSON.
pub fn text(text: &str) -> Option<Unfit> {
    let text = text.trim();
    let is_word = !text.contains(char::is_whitespace);
    let begins = |starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
    let decrypt = || Some(not_a_key_file("is encrypted").hint("decrypt it first"));
    let what = match text {
        "" => return Some(Unfit::new("is empty")),
        _ if text.starts_with('<') => "is a web page or XML",
        _ if begins(&["$ANSIBLE_VAULT", "age-encryption.org/"]) => return decrypt(),
        _ if begins(&["-----BEGIN AGE ENCRYPTED FILE", "-----BEGIN PGP MESSAGE"]) => return decrypt(),
        _ if text.starts_with("-----BEGIN") => {
            return Some(
                not_a_key_file("is a private key or a certificate alone")
                    .hint("give the JSON that holds it: the address of the account is needed as well"),
            );
        }
        _ if text.starts_with("version https://git-lfs") => {
            return Some(
                not_a_key_file("is a pointer of Git LFS")
                    .hint("get the file itself with `git lfs pull`; better, keep no key in a repository"),
            );
        }
        _ if begins(&["'{", "\"{", "`{"]) => {
            return Some(
                not_a_key_file("is a text in quotes").hint("remove the quotes, and the `\\` before each quote"),
            );
        }
        _ if is_word && text.starts_with("AIza") => "is an API key",
        _ if is_word && begins(&["1//", "ya29."]) => "is a token",
        _ if is_base64_of_object(text) => {
            return Some(not_a_key_file("is a key in base64").hint("decode it first: `base64 -d FILE > key.json`"));
        }
        _ => return None,
    };
    Some(not_a_key_file(what))
}

/// Whether the text is base64, on any number of lines, of a text that begins with `{`.
fn is_base64_of_object(text: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_=\r\n".contains(&byte);
    ["ew", "eyI", "eyJ"].iter().any(|start| text.starts_with(start)) && text.bytes().all(is_base64)
}

/// Recognizes an object that is not a service account's.
pub fn object(object: &Object) -> Unfit {
    let has = |name| object.has(name);
    match object.text("type") {
        Err(unfit) => unfit,
        Ok(_) if has("sops") => not_a_key_file("is encrypted by SOPS")
            .hint("decrypt it first: `sops decrypt FILE > key.json`; `--store sops:FILE` then keeps the key encrypted"),
        Ok(Some("authorized_user")) => not_a_key_file("holds a user's credentials, as gcloud makes them")
            .hint("it holds a refresh token already: use it with `--config FILE --format adc`"),
        Ok(Some("external_account")) => {
            not_a_key_file("is a configuration of workload identity federation").hint(KEYLESS)
        }
        Ok(Some("external_account_authorized_user")) => {
            not_a_key_file("is a configuration of workforce identity federation").hint(KEYLESS)
        }
        Ok(Some("impersonated_service_account")) => {
            not_a_key_file("impersonates a service account, and holds no key of it").hint(KEYLESS)
        }
        Ok(Some(_)) => {
            Unfit::new("has another `type` than `service_account`, so it is not the key of a service account")
        }
        Ok(None) if has("installed") || has("web") => not_a_key_file("is the JSON of an OAuth client")
            .hint("log in with it as a user: `gads-creds login -c FILE`"),
        Ok(None) if has("error") => {
            let policy = "if the error says that key creation is not allowed: `gads-creds explain \
                          iam.disableServiceAccountKeyCreation`";
            not_a_key_file("is an error response of Google's").hint(policy)
        }
        Ok(None) if has("privateKeyData") => not_a_key_file("is a response of the IAM API, with the key in base64")
            .hint("decode it first: `jq -r .privateKeyData FILE | base64 -d > key.json`"),
        Ok(None) if has("service_account") => not_a_key_file("holds the key in a member `service_account`")
            .hint("save the value of that member as a file of its own"),
        Ok(None) if has("apiKey") => not_a_key_file("is the configuration of a web app"),
        Ok(None) if has("refresh_token") || has("access_token") => not_a_key_file("holds tokens"),
        Ok(None) if has("private_key") => Unfit::new("has no `type`: it is a part of a key file"),
        Ok(None) if has("project_info") => not_a_key_file("is the `google-services.json` of an Android app"),
        Ok(None) => Unfit::new("has no `type`, so it is not the key of a service account"),
    }
}

const KEYLESS: &str = "no key is needed with it: set `GOOGLE_APPLICATION_CREDENTIALS` to its path and \
                       `use_application_default_credentials` in the library's file; gads-creds leaves such files alone";

fn not_a_key_file(what: &str) -> Unfit {
    Unfit::new(format!("{what}, not the key of a service account"))
}
