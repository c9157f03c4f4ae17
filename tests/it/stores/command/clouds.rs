//! The recipes of the clouds: the vendors' own gcloud and az, where they are installed, with a stand-in for the service; and op by
//! the arguments of its manual, since 1Password gives it out nowhere that a test could take it from.

use std::fs;
use std::path::{Path, PathBuf};

use super::managers::{Real, free_address, plain, start as start_server};
use super::real::{entry, log_in};
use crate::harness::skip::{is_missing, note, without};
use crate::sandbox::{Outcome, Sandbox, Spec};
use crate::traced;

pub const ALL: [&str; 3] = ["gcp", "azure", "op"];

/// The manager with nothing in it; none where its program is not installed, which no registry of packages has in a usable size.
pub fn start<'s>(sandbox: &'s Sandbox, name: &str) -> Option<Real<'s>> {
    if without("python3") || without("openssl") {
        return None;
    }
    for (engine, program) in [("gcp", "gcloud"), ("azure", "az")] {
        if engine == name && is_missing(program) {
            note(&format!("`{program}` is not installed"));
            return None;
        }
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/stores/command/clouds/{name}.py"));
    let directory = sandbox.home().with_file_name(name);
    fs::create_dir(&directory).expect("a new directory");
    let text = |path: &Path| path.to_str().expect("a plain path").to_owned();
    let address = free_address();
    let (_, port) = address.split_once(':').expect("an address");
    let mut path = std::env::var("PATH").expect("a path");
    let server = match name {
        "op" => None,
        _ => Some(start_server(sandbox, "python3", &[&text(&script), port, &text(&directory)], &address)?),
    };
    let (store, more) = match name {
        "gcp" => {
            let token = sandbox.write(directory.join("token"), "a-token");
            let more = vec![
                ("CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER", format!("http://{address}/")),
                ("CLOUDSDK_AUTH_ACCESS_TOKEN_FILE", text(&token)),
                ("CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "1".to_owned()),
            ];
            ("gcp:my-project/work", more)
        }
        "azure" => {
            let more = vec![
                ("HTTPS_PROXY", format!("http://{address}")),
                ("REQUESTS_CA_BUNDLE", text(&directory.join("ca.pem"))),
                ("AZURE_CORE_COLLECT_TELEMETRY", "false".to_owned()),
                ("AZURE_CORE_INSTANCE_DISCOVERY", "false".to_owned()),
            ];
            ("azure:my-vault/work", more)
        }
        _ => {
            let program = directory.join("op");
            fs::copy(&script, &program).expect("a copy");
            sandbox.chmod(&program, 0o700);
            path = format!("{}:{path}", directory.display());
            let entries: PathBuf = directory.join("entries");
            fs::create_dir(&entries).expect("a new directory");
            ("op:Team/work", vec![("OP_DIRECTORY", text(&entries))])
        }
    };
    let env = [vec![("PATH", path)], more].concat();
    let real = Real::new(sandbox, store.to_owned(), env, server);
    if name == "azure" {
        let id = "11111111-1111-1111-1111-111111111111";
        let login = ["login", "--service-principal", "-u", id, "-p", "x", "--tenant", id, "--allow-no-subscriptions"];
        real.runs("az", &login);
    }
    Some(real)
}

/// How the manager itself prints the entry.
pub fn get<'s>(real: &Real<'s>, name: &str) -> Spec<'s> {
    let (program, args): (_, &[&str]) = match name {
        "gcp" => {
            ("gcloud", &["secrets", "versions", "access", "latest", "--secret", "work", "--project", "my-project"])
        }
        "azure" => {
            let id = "https://my-vault.vault.azure.net/secrets/work";
            ("az", &["keyvault", "secret", "show", "--id", id, "--query", "value", "--output", "tsv"])
        }
        _ => ("op", &["document", "get", "work", "--vault", "Team"]),
    };
    real.other(program, args)
}

/// Runs the step of a hint as it is printed, in a shell.
#[track_caller]
fn take_step(real: &Real, outcome: &Outcome, case: &str) {
    let (_, step) = outcome.stderr.split_once(&format!("hint: if it {case}, run `")).expect("a hint");
    real.runs("/bin/sh", &["-c", step.split('`').next().expect("its end")]);
}

#[test]
fn a_credential_lives_in_the_manager_of_a_cloud_and_in_no_file() {
    traced::each(&ALL, |name| {
        let sandbox = Sandbox::new();
        let Some(real) = Real::unprepared(&sandbox, name) else { return };
        let client = sandbox.google.desktop();
        let nowhere = [""; 0].map(Path::new);
        if *name != "azure" {
            let run = real.login(&client).code(7).run();
            assert!(!run.stderr.contains("/o/oauth2/"), "{name}: {run:#?}");
            take_step(&real, &run, "is not there yet");
        }
        log_in(&real, &client);
        assert_eq!(plain(&sandbox), nowhere, "{name}");
        let first = entry(&real);
        assert_eq!(first["client_id"], client.id.as_str(), "{name}");
        assert!(sandbox.read(super::PROFILES).contains("timeout = 60\n"), "{name}");
        let doctor = real.command(&["doctor", "--offline"]).stdout_has("ok    secret manager: ").run().stdout;
        let line = doctor.lines().find(|line| line.contains("secret manager")).expect("a line");
        assert!(line.contains("`, ") && line.contains('.'), "{name}: no version: {line}");
        sandbox.google.world().rotate = true;
        real.command(&["refresh"]).stderr_has("replaced the refresh token").run();
        sandbox.google.world().rotate = false;
        assert_ne!(entry(&real)["refresh_token"], first["refresh_token"], "{name}");

        let away = ["move", "-p", "work", "--store", "file", "--config", "../home/work.yaml"];
        real.command(&away).stderr_has("keeps no secret of it").run();
        assert_eq!(real.entry(), None, "{name}");
        // What was erased is made again, or its name freed.
        let back = ["move", "-p", "work", "--store", &real.store];
        let run = real.command(&back).code(7).stderr_has("hint: if it ").run();
        take_step(&real, &run, if *name == "azure" { "was deleted before" } else { "is not there yet" });
        real.command(&back).stderr_has("is kept in ").run();
        assert_eq!(plain(&sandbox), nowhere, "{name}");
        real.command(&["revoke", "--yes", "--forget"]).stderr_has("removed").run();
        assert_eq!(real.entry(), None, "{name}");
    });
}

/// A misspelled vault or project is a failure, never an entry that is not there.
#[test]
fn what_is_missing_besides_the_entry_is_not_taken_for_nothing_saved() {
    let sandbox = Sandbox::new();
    let Some(mut real) = Real::unprepared(&sandbox, "op") else { return };
    real.store = "op:Taem/work".to_owned();
    let run = real.login(&sandbox.google.desktop()).code(7).stderr_has("\"Taem\" isn't a vault").run();
    assert!(!run.stderr.contains("is not there yet"), "{run:#?}");
}
