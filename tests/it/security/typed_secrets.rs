//! A secret that was typed or pasted in place of a file, a name or a number: the error message does not repeat it.

use std::path::PathBuf;

use crate::google::ADWORDS;
use crate::sandbox::Sandbox;
use crate::stored;

/// `SECRET` stands for the secret.
const COMMANDS: &[&str] = &[
    "login -c SECRET",
    "login -c directory/SECRET/file.json",
    "login --client-secret=SECRET",
    "login --no-browser --timeout 1 --developer-token-file SECRET",
    "login --store SECRET",
    "login --port SECRET",
    "login --timeout SECRET",
    "login --login-customer-id SECRET",
    "login --redirect-uri SECRET",
    "login --api-version SECRET",
    "login --no-browser --timeout 1 --additional-scopes SECRET",
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
    "help SECRET",
    "explain SECRET",
    "login --client-secrets x SECRET",
    "auth SECRET",
    "-p SECRET logout",
    "--config SECRET logout",
    "doctor --config SECRET",
    "SECRET",
    "--refresh-token=SECRET login",
];
const VARIABLES: &[&str] =
    &["GADS_CREDS_PROFILE", "GOOGLE_ADS_CONFIGURATION_FILE_PATH", "GADS_CREDS_ENDPOINT", "GADS_CREDS_API_VERSION"];

#[test]
fn a_typed_secret_is_not_repeated() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let [access, service, encoded, code, api_key] = [
        format!("ya29.{}", "a0Planted".repeat(9)),
        format!("ya29.c.{}", "b0Planted".repeat(9)),
        format!("1%2f%2f0{}", "Planted".repeat(9)),
        format!("4/0A{}", "Planted".repeat(9)),
        format!("AIzaSy{}", "k".repeat(33)),
    ];
    for secret in [&access, &service, &encoded, &code, &api_key] {
        sandbox.plant(secret);
    }
    for secret in [&client.secret, &token, &access, &service, &encoded, &code, &api_key] {
        for command in COMMANDS {
            let args: Vec<String> = command.split(' ').map(|word| word.replace("SECRET", secret)).collect();
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            // The sandbox checks that no known secret is on either stream.
            let outcome = sandbox.command(&args).arg("--no-input").observe();
            assert_ne!(outcome.code, 0, "{command}: {outcome:?}");
        }
        let outcome = sandbox.command(&["refresh", "--config", secret, "--json"]).observe();
        assert_eq!(outcome.json()["error"]["kind"], "usage", "{outcome:?}");
        // With an invisible character in it, as some programs copy it.
        for invisible in ['\u{7f}', '\u{1}', '\u{fe0f}'] {
            let secret = &format!("{}{invisible}{}", &secret[..10], &secret[10..]);
            for args in [["show", "-p", secret], ["show", "--config", secret], ["show", secret, "-q"]] {
                assert_eq!(sandbox.command(&args).stdout("").observe().code, 2, "{args:?}");
            }
        }
        let outcome = sandbox.command(&["refresh", secret, "--json"]).observe();
        assert_eq!(outcome.json()["error"]["code"], 2, "{outcome:?}");
    }
}

/// A file of that name would keep the secret where everybody looks.
#[test]
fn no_file_is_made_that_has_a_secret_for_its_name() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let code = format!("4/0A{}", "Planted".repeat(9));
    sandbox.plant(&code);
    sandbox.client_secrets(&client);
    sandbox
        .write(".config/gads-creds/profiles.toml", "[profiles.work]\nstore = \"file\"\nfile = \"~/google-ads.yaml\"\n");
    let before = sandbox.read("google-ads.yaml");
    let names = || {
        let of =
            |path: PathBuf| std::fs::read_dir(path).expect("a directory").map(|entry| entry.expect("one").file_name());
        // `login --start` prepares the state directory first.
        let all = of(sandbox.home()).chain(of(sandbox.work())).filter(|name| name != ".local");
        all.collect::<std::collections::BTreeSet<_>>()
    };
    let here = names();
    for secret in [&client.secret, &token, &code] {
        for command in [
            "export python SECRET",
            "export python SECRET.yaml --json",
            "export php out/SECRET --replace-kind",
            "refresh --metrics SECRET",
            "refresh --all --metrics SECRET.prom",
            "login -c ../home/client_secret.json --no-browser --config SECRET --format python",
            "login -c ../home/client_secret.json --start --config SECRET.yaml",
            "move -p work --store file --config SECRET.yaml",
        ] {
            let args: Vec<String> = command.split(' ').map(|word| word.replace("SECRET", secret)).collect();
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let run = sandbox.command(&args).code(2).observe();
            assert!(run.stderr.contains("looks like a secret"), "{command}: {run:?}");
            assert_eq!(names(), here, "{command}: {run:?}");
        }
    }
    assert_eq!(sandbox.read("google-ads.yaml"), before);
    assert!(sandbox.google.world().requests.is_empty());
}

#[test]
fn a_secret_in_a_variable_is_not_repeated() {
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
fn the_masked_secret_shows_its_kind() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let run = sandbox.command(&["login", "--no-browser", "-c", &client.secret]).code(2);
    run.stderr_has("there is no file `GOCSPX-[redacted]`").run();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    sandbox.command(&["show", &token]).code(2).stderr_has("unexpected argument `1//[redacted]`").run();
}

#[test]
fn a_path_that_exists_is_shown_whole_whatever_it_looks_like() {
    let sandbox = Sandbox::new();
    for directory in ["GOCSPX-campaigns-2026", "1/0ReportsOfTheWholeYearInOne", "ya29.c.campaigns-2026"] {
        let directory: PathBuf = directory.split('/').collect();
        let file = sandbox.write(directory.join("google-ads.yaml"), "client_id: 1-a.apps.googleusercontent.com\n");
        let path = file.to_str().expect("UTF-8");
        let outcome = sandbox.command(&["show", "--json", "--config", path]).stdout_has("").run();
        assert_eq!(outcome.json()["location"], path);
        let hint = format!("hint: run `gads-creds login --config {path} -c FILE`");
        sandbox.command(&["refresh", "--config", path]).code(3).stderr_has(&hint).run();
        let doctor = sandbox.command(&["doctor", "--offline", "--config", path]).code(3).stdout_has(path);
        doctor.stderr_has("").run();
        // A name in it that is not a file's may be a secret, and so may a missing directory.
        for missing in ["GOCSPX-typed-by-mistake/x.yaml", "GOCSPX-typed-by-mistake.yaml"] {
            let missing = file.with_file_name(missing.split('/').collect::<PathBuf>());
            let shown = missing.to_str().expect("UTF-8").replace("typed-by-mistake", "[redacted]");
            let run = sandbox.command(&["show", "--config", missing.to_str().expect("UTF-8")]);
            run.code(3).stderr_has(&format!("there is no credential in `{shown}`:")).run();
        }
    }
}
