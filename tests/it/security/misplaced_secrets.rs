//! A secret in the wrong field: every command masks it there as well.

use base64::Engine as _;
use gads_creds::credentials::{Credentials, Field};
use gads_creds::format::{FORMATS, Format, FormatName};

use crate::google::{ADWORDS, Client};
use crate::sandbox::Sandbox;
use crate::stored;

const PRIVATE_KEY: &str = include_str!("../../../fixtures/service_account/key.pem");

/// Returns one example of each kind that a user may paste.
fn secrets(sandbox: &Sandbox) -> Vec<String> {
    let client = sandbox.google.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let others = [
        format!("ya29.{}", "a0Planted".repeat(9)),
        format!("4/0A{}", "Planted".repeat(9)),
        format!("1%2F%2F0{}", "Planted".repeat(9)),
        format!("AIzaSy{}", "k".repeat(33)),
        PRIVATE_KEY.trim().replace('\n', "\\n"),
    ];
    others[..4].iter().for_each(|secret| sandbox.plant(secret));
    // The first and the last line of a key are not secret.
    PRIVATE_KEY.lines().skip(1).take(2).for_each(|line| sandbox.plant(line));
    [vec![client.secret, token], others.to_vec()].concat()
}

/// Returns a client secret and a token as Kubernetes keeps them, and as a log or a URL spells them.
fn spelled(sandbox: &Sandbox, secret: &str, token: &str) -> Vec<String> {
    let encoded = [token, secret, &format!("{{\"refresh_token\":\"{token}\"}}")]
        .map(|text| base64::engine::general_purpose::STANDARD.encode(text));
    encoded.iter().for_each(|text| sandbox.plant(text.trim_end_matches('=')));
    let escaped = token.replace('/', "\\/");
    let in_a_form = format!("refresh_token%3D{}", token.replace('/', "%2F"));
    let split = |between: &str| format!("{}{between}{}", &token[..8], &token[8..]);
    let invisibly_split = ["\u{200b}", "\u{7f}", "\u{1}", "\u{fe0f}", "\u{2800}"].map(split);
    [encoded.to_vec(), vec![escaped, in_a_form], invisibly_split.to_vec()].concat()
}

/// Returns the commands that read a file and print something from it.
fn commands(format: &str) -> [Vec<&str>; 12] {
    [
        vec!["show"],
        vec!["show", "--json"],
        vec!["show", "--format", format],
        vec!["export", format, "--stdout"],
        vec!["export", format, "--stdout", "--json"],
        vec!["doctor", "--offline"],
        vec!["doctor", "--offline", "--json"],
        vec!["refresh"],
        vec!["refresh", "--json"],
        vec!["exec", "--", "/nonexistent"],
        vec!["show", "--all"],
        vec!["show", "--all", "--json"],
    ]
}

/// Returns a file of this format with this value in that field, and valid values in the others.
fn file(format: &dyn Format, field: Field, value: &str, (client, token): &(Client, String)) -> Option<String> {
    let mut credentials = Credentials::default();
    match field.is_of_service_account() {
        true => _ = Field::KeyFile.set(&mut credentials, Some("/nonexistent/key.json")),
        false => {
            for (field, value) in
                [(Field::ClientId, &client.id), (Field::ClientSecret, &client.secret), (Field::RefreshToken, token)]
            {
                field.set(&mut credentials, Some(value));
            }
        }
    }
    // An invalid customer ID can only be written by hand.
    let stand_in = if field.is_customer_id() { "9876543210" } else { value };
    field.set(&mut credentials, Some(stand_in));
    let text = format.new_file(&credentials).ok()?;
    Some(if field.is_customer_id() { text.replace(stand_in, value) } else { text })
}

#[test]
fn a_secret_is_masked_in_every_field_of_a_file() {
    let mut round = 0..;
    for format in FORMATS {
        let sandbox = Sandbox::new();
        let mut secrets = secrets(&sandbox);
        secrets.extend(spelled(&sandbox, &secrets[0], &secrets[1]));
        let good = stored::works(&sandbox);
        for field in Field::ALL {
            // The client ID in Python's file is tested with each; other fields take turns.
            let all = format.name() == FormatName::Python && field == Field::ClientId;
            let turn = round.next().expect("there is no last number") % secrets.len();
            for secret in secrets.iter().enumerate().filter(|(at, _)| all || *at == turn).map(|(_, secret)| secret) {
                let Some(text) = file(*format, field, secret, &good) else { continue };
                let path = sandbox.write("credentials", text);
                let format = format.name();
                let entry = format!("[profiles.work]\nstore = \"file\"\nfile = {path:?}\nformat = \"{format}\"\n");
                sandbox.write(".config/gads-creds/profiles.toml", entry);
                for command in commands(format.as_str()) {
                    let profile: &[&str] = if command.contains(&"--all") { &[] } else { &["-p", "work"] };
                    // The sandbox fails the test if a part of it is shown.
                    sandbox.command(&[profile, &command].concat()).observe();
                }
            }
        }
    }
}

/// A secret without a known shape, in a second field.
#[test]
fn a_copy_of_a_secret_is_masked_whatever_it_looks_like() {
    let sandbox = Sandbox::new();
    let secret = "Wq7vZ1xLr0uYbN3kTsPf2HdE";
    sandbox.plant(secret);
    let text =
        format!("client_id: {secret}\nclient_secret: {secret}\nrefresh_token: x{secret}x\nuse_proto_plus: true\n");
    sandbox.write("google-ads.yaml", text);
    for command in [&["show"][..], &["show", "--json"], &["show", "--format", "php"], &["export", "java", "--stdout"]] {
        sandbox.command(command).stdout_has("********-").stderr_has("").run();
    }
}

#[test]
fn a_secret_is_masked_in_every_line_of_profiles_toml() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    let file = sandbox.home().join("google-ads.yaml");
    for secret in secrets(&sandbox) {
        let fingerprint = gads_creds::secret::Secret::new(&*token).fingerprint();
        for line in
            ["account = SECRET", "client_id = SECRET", "scopes = [SECRET]", "endpoint = SECRET", "issued_at = SECRET"]
        {
            let line = line.replace("SECRET", &format!("'{secret}'"));
            let entry = format!("store = \"file\"\nfile = {file:?}\nfingerprint = \"{fingerprint}\"\n{line}\n");
            for name in ["work", &format!("'{secret}'")] {
                sandbox.write(".config/gads-creds/profiles.toml", format!("[profiles.{name}]\n{entry}"));
                for command in [
                    "show",
                    "show --json",
                    "show --all",
                    "show --all --json",
                    "refresh",
                    "refresh --all",
                    "refresh --all --json",
                    "doctor --offline",
                    "doctor --offline --json",
                    "revoke --yes --local-only --json -p nobody",
                ] {
                    let command: Vec<&str> = command.split(' ').collect();
                    let profile: &[&str] = match command.contains(&"--all") || command.contains(&"-p") {
                        true => &[],
                        false => &["-p", "work"],
                    };
                    sandbox.command(&[profile, &command].concat()).observe();
                }
            }
        }
    }
}

/// A scope that repeats the code or the token is not stored.
#[test]
fn a_scope_that_is_a_secret_is_left_out() {
    use crate::google::browser::Decision;
    use crate::google::{Endpoint, Fault};
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let echo = |response: &mut serde_json::Value| {
        let token = response["refresh_token"].as_str().unwrap_or_default();
        response["scope"] = format!("{ADWORDS} {token}").into();
    };
    sandbox.google.fault(Endpoint::Token, Fault::edit(echo));
    let login = sandbox.login(&["-p", "work", "--json"]).directory("").stdout_has("").start();
    login.visit(&Decision::allow());
    assert_eq!(login.finish().json()["scopes"], serde_json::json!([ADWORDS]));
    assert!(!sandbox.read(".config/gads-creds/profiles.toml").contains("1//"));
}
