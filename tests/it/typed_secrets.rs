//! A secret that was typed or pasted where a file, a name or a number belongs: the message that refuses it does not repeat it.

use crate::google::ADWORDS;
use crate::sandbox::Sandbox;

/// `SECRET` stands for the secret.
const COMMANDS: &[&str] = &[
    "login -c SECRET",
    "login -c folder/SECRET/file.json",
    "login --client-secret=SECRET",
    "login --no-browser --timeout 1 --developer-token-file SECRET",
    "login --store SECRET",
    "login --port SECRET",
    "login --timeout SECRET",
    "login --login-customer-id SECRET",
    "login --redirect-uri SECRET",
    "login --api-version SECRET",
    "refresh SECRET",
    "refresh --config SECRET",
    "refresh --config SECRET --format python",
    "refresh --profile SECRET",
    "refresh --jobs SECRET",
    "show SECRET",
    "show --config SECRET.yaml",
    "show --format SECRET",
    "revoke --yes --config SECRET",
    "export SECRET",
    "export python SECRET",
    "exec SECRET",
    "completions SECRET",
    "doctor --config SECRET",
    "SECRET",
    "--refresh-token=SECRET login",
];
const VARIABLES: &[&str] =
    &["GADS_CREDS_PROFILE", "GOOGLE_ADS_CONFIGURATION_FILE_PATH", "GADS_CREDS_ENDPOINT", "GADS_CREDS_API_VERSION"];

#[test]
fn it_is_not_repeated() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let [access, code, api_key] = [
        format!("ya29.{}", "a0Planted".repeat(9)),
        format!("4/0A{}", "Planted".repeat(9)),
        format!("AIzaSy{}", "k".repeat(33)),
    ];
    for secret in [&access, &code, &api_key] {
        sandbox.plant(secret);
    }
    for secret in [&client.secret, &token, &access, &code, &api_key] {
        for command in COMMANDS {
            let args: Vec<String> = command.split(' ').map(|word| word.replace("SECRET", secret)).collect();
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            // What is known as a secret must not show on either stream: the sandbox looks.
            let outcome = sandbox.command(&args).arg("--no-input").observe();
            assert_ne!(outcome.code, 0, "{command}: {outcome:?}");
        }
        let outcome = sandbox.command(&["refresh", "--config", secret, "--json"]).observe();
        assert_eq!(outcome.json()["error"]["kind"], "usage", "{outcome:?}");
        let outcome = sandbox.command(&["refresh", secret, "--json"]).observe();
        assert_eq!(outcome.json()["error"]["code"], 2, "{outcome:?}");
    }
}

#[test]
fn nor_is_one_in_a_variable() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    for secret in [&client.secret, &token] {
        for variable in VARIABLES {
            for command in ["refresh", "show", "doctor"] {
                let outcome = sandbox.command(&[command, "-vv"]).env(variable, secret).observe();
                assert_ne!(outcome.code, 0, "{variable}, {command}: {outcome:?}");
            }
        }
    }
}

#[test]
fn what_is_left_of_it_tells_its_kind() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let run = sandbox.command(&["login", "--no-browser", "-c", &client.secret]).code(2);
    run.stderr_has("there is no file `GOCSPX-[redacted]`").run();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    sandbox.command(&["show", &token]).code(2).stderr_has("unexpected argument '1//[redacted]'").run();
}
