//! `set`: client secret, customer ids, developer token and default profile, tried or checked before anything is saved.

use serde_json::json;

use crate::google::{ADWORDS, Client, Endpoint, Fault};
use crate::sandbox::{Sandbox, Spec};
use crate::stored;

const PROFILES: &str = ".config/gads-creds/profiles.toml";

/// Profiles `one` and `two` of one client, `other` of another.
fn three() -> (Sandbox, Client) {
    let sandbox = Sandbox::new();
    let (client, other) = (sandbox.google.desktop(), sandbox.google.desktop());
    for (name, client) in [("one", &client), ("two", &client), ("other", &other)] {
        let token = sandbox.google.grant(client, &[ADWORDS]);
        sandbox.write(format!("{name}.yaml"), stored::yaml(client, &token));
    }
    let entry = |name: &str| format!("[profiles.{name}]\nfile = \"~/{name}.yaml\"\n");
    sandbox.write(PROFILES, ["one", "two", "other"].map(entry).concat());
    (sandbox, client)
}

/// The client gets a new secret in the console, and its JSON is downloaded.
fn rotate(sandbox: &Sandbox, client: &Client) -> String {
    let secret = "GOCSPX-the-new-secret-of-28-chars-".to_owned();
    sandbox.google.world().secrets.push(secret.clone());
    sandbox.google.edit(client, |client| client.secret = secret.clone());
    let mut new = client.clone();
    new.secret = secret.clone();
    sandbox.client_secrets(&new);
    secret
}

fn set<'s>(sandbox: &'s Sandbox, args: &[&str]) -> Spec<'s> {
    sandbox.command(&[&["set"], args].concat())
}

const FILE: [&str; 2] = ["--client-secrets", "../home/client_secret.json"];

#[test]
fn a_new_client_secret_is_tried_and_saved() {
    let (sandbox, client) = three();
    let secret = rotate(&sandbox, &client);
    sandbox.command(&["refresh", "-p", "one"]).code(4).stderr_has("error:").run();
    let run =
        set(&sandbox, &["-p", "one", FILE[0], FILE[1], "--json"]).stderr_has("set the client secret of profile `one`");
    let value = run.stdout_has("{").run().json();
    assert_eq!(value["changed"], json!(["client_secret"]));
    assert!(sandbox.read("one.yaml").contains(&format!("client_secret: {secret}\n")));
    assert!(sandbox.read("one.yaml").starts_with("# mine\n") && sandbox.read("one.yaml").contains("# live"));
    sandbox.command(&["refresh", "-p", "one"]).stderr_has("works").run();
    sandbox.command(&["refresh", "-p", "two"]).code(4).stderr_has("error:").run();
    // Repeated, it changes nothing.
    set(&sandbox, &["-p", "one", FILE[0], FILE[1]]).stderr_has("nothing to change").run();
}

#[test]
fn all_profiles_of_a_client_get_its_new_secret_and_no_other() {
    let (sandbox, client) = three();
    let other = sandbox.read("other.yaml");
    let secret = rotate(&sandbox, &client);
    // One of them has a token that does not work: it keeps its secret.
    sandbox.write("two.yaml", stored::yaml(&client, "1//0unknown"));
    let args = [FILE[0], FILE[1], "--all"];
    let run = set(&sandbox, &args).code(4).stderr_has("one: set the client secret").stderr_has("two: failed, ").run();
    assert!(run.stderr.contains("1 of 2 profiles failed"), "{run:#?}");
    // The first notice of the stand-in is left out.
    assert!(!run.stderr.contains("GADS_CREDS_ENDPOINT"), "{run:#?}");
    // The step has a line of its own.
    assert!(run.stderr.lines().any(|line| line.starts_with("    ") && line.contains("-p two`")), "{run:#?}");
    assert!(sandbox.read("one.yaml").contains(&secret) && !sandbox.read("two.yaml").contains(&secret));
    assert_eq!(sandbox.read("other.yaml"), other);
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    sandbox.write("two.yaml", stored::yaml(&client, &token));
    let value = set(&sandbox, &[&args[..], &["--json"]].concat()).stderr_has("two: set").stdout_has("{").run().json();
    assert_eq!(value["profiles"].as_array().unwrap().len(), 2);
    sandbox.command(&["refresh", "-p", "two"]).stderr_has("works").run();
}

#[test]
fn a_client_secret_that_does_not_work_changes_nothing() {
    let (sandbox, client) = three();
    let before = sandbox.read("one.yaml");
    let mut wrong = client.clone();
    wrong.secret = "GOCSPX-not-the-secret-of-this-cli".to_owned();
    sandbox.plant(&wrong.secret);
    sandbox.client_secrets(&wrong);
    set(&sandbox, &["-p", "one", FILE[0], FILE[1]]).code(4).stderr_has("nothing was changed").run();
    let stranger = sandbox.google.desktop();
    sandbox.client_secrets(&stranger);
    set(&sandbox, &["-p", "one", FILE[0], FILE[1]]).code(2).stderr_has("another OAuth client").run();
    sandbox.google.fault_always(Endpoint::Token, Fault::page(503, "later"));
    rotate(&sandbox, &client);
    set(&sandbox, &["-p", "one", FILE[0], FILE[1]]).code(6).stderr_has("nothing was changed").run();
    assert_eq!(sandbox.read("one.yaml"), before);
    let all = set(&sandbox, &[FILE[0], FILE[1], "--all"]).code(6).stderr_has("2 of 2 profiles failed");
    all.run();
    sandbox.client_secrets(&sandbox.google.desktop());
    set(&sandbox, &[FILE[0], FILE[1], "--all"]).code(3).stderr_has("no profile uses that OAuth client").run();
}

#[test]
fn a_token_that_google_replaces_while_a_secret_is_tried_is_saved() {
    let (sandbox, client) = three();
    let before = sandbox.read("one.yaml");
    let secret = rotate(&sandbox, &client);
    sandbox.google.world().rotate = true;
    set(&sandbox, &["-p", "one", FILE[0], FILE[1]]).stderr_has("set the client secret").run();
    let after = sandbox.read("one.yaml");
    let token = |text: &str| text.lines().find(|line| line.starts_with("refresh_token")).unwrap().to_owned();
    assert!(after.contains(&secret) && token(&after) != token(&before), "{after}");
    sandbox.command(&["refresh", "-p", "one"]).stderr_has("works").run();
}

#[test]
fn customer_ids_are_checked_against_what_the_token_reaches() {
    let (sandbox, _) = three();
    let before = sandbox.read("one.yaml");
    let id = |id: &str| ["-p", "one", "--login-customer-id", id].map(str::to_owned);
    let run = |args: &[String]| set(&sandbox, &args.iter().map(String::as_str).collect::<Vec<_>>());
    run(&id("999-999-9999")).code(8).stderr_has("does not reach the customer 9999999999").run();
    assert_eq!(sandbox.read("one.yaml"), before);
    run(&id("123-456-7890")).stderr_has("set the login customer ID (1234567890) of profile `one`").run();
    assert!(sandbox.read("one.yaml").contains("login_customer_id: \"1234567890\"\n"));
    let asked = sandbox.google.requests(Endpoint::Ads).len();
    run(&[&id("999-999-9999")[..], &["--no-verify".to_owned()]].concat()).stderr_has("set the login").run();
    run(&id("none")).stderr_has("removed the login customer ID of profile `one` from").run();
    assert_eq!(sandbox.google.requests(Endpoint::Ads).len(), asked);
    assert_eq!(sandbox.read("one.yaml"), before);
    // Google Ads is not reached: nothing is saved unchecked.
    sandbox.google.fault_always(Endpoint::Ads, Fault::page(503, "later"));
    run(&id("123-456-7890")).code(6).stderr_has("nothing was changed").run();
    assert_eq!(sandbox.read("one.yaml"), before);
    for wrong in ["12", "123-456-789x", "None"] {
        run(&id(wrong)).code(2).stderr_has("ten digits").run();
    }
}

#[test]
fn a_linked_customer_and_a_developer_token_are_set_and_removed() {
    let (sandbox, _) = three();
    let before = sandbox.read("one.yaml");
    sandbox.plant("Xyzzy22charactersLong0");
    sandbox.write("token", "Xyzzy22charactersLong0\n");
    let args = ["-p", "one", "--linked-customer-id", "999-999-9999", "--developer-token-file", "../home/token"];
    let run = set(&sandbox, &args).stderr_has("does not reach the linked customer 9999999999");
    run.stderr_has("set the developer token and the linked customer ID").run();
    let text = sandbox.read("one.yaml");
    assert!(text.contains("9999999999") && text.contains("Xyzzy22charactersLong0"), "{text}");
    let args = ["-p", "one", "--linked-customer-id", "none", "--developer-token-file", "none"];
    set(&sandbox, &args).stderr_has("removed the developer token and the linked customer ID").run();
    assert_eq!(sandbox.read("one.yaml"), before);
    let typed = set(&sandbox, &["-p", "one", "--developer-token-file", "-"]).stdin("Xyzzy22charactersLong0");
    typed.stderr_has("set the developer token").run();
    set(&sandbox, &["-p", "one", "--developer-token-file", "missing"]).code(2).stderr_has("there is no file").run();
}

#[test]
fn the_default_profile_is_set_in_place() {
    let (sandbox, _) = three();
    set(&sandbox, &["-p", "two", "--default"]).stderr_has("profile `two` is the default now").run();
    sandbox.command(&["refresh"]).stderr_has("two.yaml` works").run();
    let text = sandbox.read(PROFILES).replace("default = \"two\"", "default = \"two\" # the usual");
    sandbox.write(PROFILES, format!("# mine\n{text}"));
    set(&sandbox, &["-p", "one", "--default"]).stderr_has("is the default now").run();
    let text = sandbox.read(PROFILES);
    assert!(text.starts_with("# mine\ndefault = \"one\" # the usual\n"), "{text}");
    set(&sandbox, &["-p", "nobody", "--default"]).code(3).stderr_has("nobody").run();
    sandbox.write("google-ads.yaml", "");
    let run = set(&sandbox, &["--config", "../home/google-ads.yaml", "--default"]).code(2);
    run.stderr_has("has no profile that could be the default").run();
}

#[test]
fn nothing_to_set_is_a_usage_error_with_examples() {
    let (sandbox, _) = three();
    for args in [&["-p", "one"][..], &["-p", "one", "--no-verify"]] {
        set(&sandbox, args).code(2).stderr_has("`gads-creds set -p one --client-secrets FILE`").run();
    }
    set(&sandbox, &["--all"]).code(2).stderr_has("--client-secrets").run();
    set(&sandbox, &["--all", FILE[0], FILE[1], "-p", "one"]).code(2).stderr_has("`--profile`").run();
    // Without a token a secret cannot be tried.
    let client = sandbox.desktop();
    sandbox.write("one.yaml", format!("client_id: {}\nclient_secret: x\n", client.id));
    set(&sandbox, &["-p", "one", FILE[0], FILE[1]]).code(3).stderr_has("there is no refresh token").run();
}

#[cfg(unix)]
#[test]
fn a_secret_managers_document_is_changed_as_well_and_keeps_the_rest() {
    let manager = crate::stores::command::Manager::with_document(crate::stores::command::GOOD);
    let secret = rotate(&manager.sandbox, &manager.client);
    manager
        .command(&["set", FILE[0], FILE[1], "--login-customer-id", "1234567890"])
        .stderr_has("set the client secret")
        .run();
    let mut expected = manager.document();
    expected["client_secret"] = json!(secret);
    expected["login_customer_id"] = json!("1234567890");
    assert_eq!(manager.kept_json(), expected);
}

#[test]
fn a_service_account_has_customer_ids_and_no_client_secret() {
    let (sandbox, client) = three();
    rotate(&sandbox, &client);
    let account = sandbox.google.service_account();
    let key = sandbox.write("key.json", account.key_file());
    let text = format!("json_key_file_path: {}\n", key.display());
    sandbox.write("one.yaml", &text);
    let run = set(&sandbox, &["-p", "one", FILE[0], FILE[1]]).code(2).stderr_has("has no client secret");
    run.stderr_has("`gads-creds login -p one --replace-kind -c FILE`").run();
    assert_eq!(sandbox.read("one.yaml"), text);
    set(&sandbox, &["-p", "one", "--login-customer-id", "444-555-6666"]).stderr_has("set the login customer ID").run();
    assert_eq!(sandbox.read("one.yaml"), text + "login_customer_id: \"4445556666\"\n");
    sandbox.command(&["refresh", "-p", "one"]).stderr_has(&account.email).stderr_has("works").run();
}

#[test]
fn a_field_without_a_key_in_the_format_is_not_set() {
    let (sandbox, client) = three();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let adc = json!({ "type": "authorized_user", "client_id": client.id, "client_secret": client.secret,
                      "refresh_token": token })
    .to_string();
    let file = sandbox.write("application_default_credentials.json", &adc);
    let args = ["--config", file.to_str().expect("a path of ours"), "--no-verify", "--login-customer-id"];
    let run = set(&sandbox, &[&args[..], &["444-555-6666"]].concat()).code(2);
    run.stderr_has("`adc` has no place for the login customer ID").run();
    set(&sandbox, &[&args[..], &["none"]].concat()).stderr_has("nothing to change").run();
    assert_eq!(sandbox.read(&file), adc);
}

#[test]
fn a_default_that_cannot_be_saved_leaves_everything_as_it_was() {
    let (sandbox, _) = three();
    let before = sandbox.read("one.yaml");
    // A table in place of the name of a profile cannot be edited.
    sandbox.write(PROFILES, sandbox.read(PROFILES) + "[default]\nname = \"one\"\n");
    let args = ["-p", "one", "--default", "--no-verify", "--login-customer-id", "444-555-6666"];
    set(&sandbox, &args).code(1).stderr_has("`default`").run();
    assert_eq!(sandbox.read("one.yaml"), before);
}
