//! Connectors: what each program's own reader finds in the file that a login or an export wrote, and every command on it.
//!
//! The readers are Python packages, in environments of their own (`.ci/connectors.txt`, `.ci/airflow.txt`) since some of them want
//! other versions than Google's library: dlt's resolution of its configuration, Airbyte's spec.json, singer-python, python-dotenv,
//! mureo, and Airflow with the hook of its provider. tap-google-ads is in no registry: the keys that it checks are in
//! connectors.py.

mod airflow;
mod existing;
mod readers;
mod refused;
mod service_account;

use boon::{Compiler, Schemas};
use serde_json::{Value, json};

use crate::google::browser::Decision;
use crate::google::{ADWORDS, Client};
use crate::harness::skip::note;
use crate::sandbox::{Sandbox, Spec};

const DEVELOPER_TOKEN: &str = "pQ7rT2vX9zLm4kN8wB3cYd";
const CUSTOMER: &str = "1234567890";

/// Format, file, and the sample of that program, with a text in it that has to stay.
const CONNECTORS: [(&str, &str, &str, &str); 7] = [
    ("dlt", ".dlt/secrets.toml", include_str!("../../../../fixtures/dlt/sample.toml"), "# ten digits"),
    ("airbyte", "secrets.json", include_str!("../../../../fixtures/airbyte/sample.json"), "6783948572,5839201945"),
    (
        "singer",
        "config.json",
        include_str!("../../../../fixtures/singer/sample.json"),
        "\"customerId\": \"1234567890\"",
    ),
    (
        "meltano",
        ".env",
        include_str!("../../../../fixtures/meltano/sample.env"),
        "# Settings of the project; not committed.",
    ),
    ("airflow", "connections.json", include_str!("../../../../fixtures/airflow/sample.json"), "manager account"),
    ("airflow", "airflow.env", include_str!("../../../../fixtures/airflow/sample.env"), "' # the default connection"),
    ("mureo", ".mureo/credentials.json", include_str!("../../../../fixtures/mureo/sample.json"), "of another platform"),
];

/// A command that prints the token in its environment, and one that prints the file that is named there.
const PRINT_TOKEN: [&str; 3] = if cfg!(windows) {
    ["cmd", "/c", "echo %GOOGLE_ADS_REFRESH_TOKEN%"]
} else {
    ["/bin/sh", "-c", "echo \"$GOOGLE_ADS_REFRESH_TOKEN\""]
};
const PRINT_FILE: [&str; 3] = if cfg!(windows) {
    ["cmd", "/c", "type %GOOGLE_ADS_CONFIGURATION_FILE_PATH%"]
} else {
    ["/bin/sh", "-c", "/bin/cat \"$GOOGLE_ADS_CONFIGURATION_FILE_PATH\""]
};

/// A command in the home directory, where the files are.
fn run<'s>(sandbox: &'s Sandbox, args: &[&str]) -> Spec<'s> {
    sandbox.command(args).directory(sandbox.home())
}

/// What the program itself reads.
fn read_json(sandbox: &Sandbox, format: &str, file: &str) -> Option<Value> {
    let mut environment: Vec<(String, String)> = vec![
        ("HOME".to_owned(), sandbox.home().to_str().expect("a plain path").to_owned()),
        ("RUNTIME__DLTHUB_TELEMETRY".to_owned(), "false".to_owned()),
    ];
    if file.ends_with(".env") {
        environment.extend(variables(sandbox, file)?);
    }
    let text = sandbox.read(file);
    let found = readers::ask(format, file, &sandbox.home(), environment)?;
    let found = found.unwrap_or_else(|failed| panic!("{format}: {failed}\n{text}"));
    if format == "airbyte" {
        let mut compiler = Compiler::new();
        compiler.add_resource("spec.json", found["spec"].clone()).expect("a schema");
        let mut schemas = Schemas::new();
        let spec = compiler.compile("spec.json", &mut schemas).expect("a schema");
        schemas.validate(&found["config"], spec).unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
    Some(found)
}

/// The variables of a `.env` file, as a shell sets them; `None` where there is no shell.
fn variables(sandbox: &Sandbox, file: &str) -> Option<Vec<(String, String)>> {
    if cfg!(windows) {
        note("Windows has no shell that reads a `.env` file");
        return None;
    }
    let script = format!("set -a; . ./{file}; exec env -0");
    let mut shell = std::process::Command::new("/bin/sh");
    shell.env_clear().env("PATH", "/usr/bin:/bin").current_dir(sandbox.home()).args(["-c", &script]);
    let output = shell.output().expect("a shell starts");
    assert!(output.status.success(), "{}", sandbox.read(file));
    let text = String::from_utf8(output.stdout).expect("text");
    let pairs = text.split('\0').filter_map(|pair| pair.split_once('='));
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Some(pairs.filter(|(name, _)| !["PWD", "PATH", "_"].contains(&&**name)).collect())
}

#[track_caller]
fn reads(sandbox: &Sandbox, format: &str, file: &str, client: &Client, token: &str) {
    let Some(found) = read_json(sandbox, format, file) else { return };
    let keys = ["client_id", "client_secret", "refresh_token", "developer_token", "login_customer_id"];
    let found = keys.map(|key| found[key].clone());
    let expected = [&client.id, &client.secret, token, DEVELOPER_TOKEN, CUSTOMER].map(|text| json!(text));
    assert_eq!(found, expected, "{format}: {}", sandbox.read(file));
}

/// The credentials in the Python library's file, from which they are exported.
fn stored(sandbox: &Sandbox) -> (Client, String) {
    sandbox.plant(DEVELOPER_TOKEN);
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let more = format!("developer_token: {DEVELOPER_TOKEN}\nlogin_customer_id: {CUSTOMER}\n");
    sandbox.write("google-ads.yaml", crate::stored::yaml(&client, &token) + &more);
    (client, token)
}

#[test]
fn each_program_reads_a_new_file_of_a_login() {
    for (format, file, ..) in CONNECTORS {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        sandbox.plant(DEVELOPER_TOKEN);
        sandbox.write("developer_token", DEVELOPER_TOKEN);
        let options = ["--login-customer-id", CUSTOMER, "--developer-token-file", "developer_token"];
        let login = ["-c", "client_secret.json", "--no-verify", "--format", format, "--config", file];
        let running = sandbox.login(&[&login[..], &options].concat()).directory(sandbox.home()).start();
        running.visit(&Decision::allow());
        let outcome = running.finish();
        assert!(!outcome.stderr.contains("warning:"), "{format}: {}", outcome.stderr);
        let issued = sandbox.google.secrets().into_iter().rfind(|secret| secret.starts_with("1//0"));
        let token = issued.expect("a token was issued");
        reads(&sandbox, format, file, &client, &token);
        let once = sandbox.read(file);
        // The file shows its format, and a second writing changes nothing.
        run(&sandbox, &["export", format, file, "--config", file]).stderr_has("wrote").run();
        assert_eq!(sandbox.read(file), once, "{format}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(sandbox.home().join(file)).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{format}");
        }
    }
}

#[test]
fn a_login_into_a_sample_sets_the_values_and_keeps_everything_else() {
    for (format, file, sample, kept) in CONNECTORS {
        let sandbox = Sandbox::new();
        let (client, token) = stored(&sandbox);
        for text in [sample.to_owned(), sample.replace('\n', "\r\n")] {
            sandbox.write(file, &text);
            run(&sandbox, &["export", format, file]).stderr_has("wrote").run();
            let once = sandbox.read(file);
            assert!(once.contains(kept) && !once.replace("INSERT_EMAIL", "").contains("INSERT_"), "{format}: {once}");
            assert_eq!(text.contains('\r'), once.contains('\r'), "{format}");
            // A shell takes the CR for a part of the value, so that the rest is only tried with plain line ends.
            if !text.contains('\r') {
                reads(&sandbox, format, file, &client, &token);
            }
            run(&sandbox, &["export", format, file]).stderr_has("wrote").run();
            assert_eq!(sandbox.read(file), once, "{format}");
        }
    }
}

#[test]
fn every_command_works_on_the_file() {
    for (format, file, sample, _) in CONNECTORS {
        let sandbox = Sandbox::new();
        let (client, token) = stored(&sandbox);
        sandbox.write(file, sample);
        run(&sandbox, &["export", format, file]).stderr_has("wrote").run();
        let on = |args: &[&str]| run(&sandbox, &[args, &["--config", file][..]].concat());
        on(&["refresh"]).stderr_has("works").run();
        let shown = on(&["show", "--json"]).stdout_has("{").run().json();
        assert_eq!(
            (&shown["client_id"], &shown["login_customer_id"]),
            (&json!(client.id), &json!(CUSTOMER)),
            "{format}"
        );
        let text =
            run(&sandbox, &["show", "--format", format]).stdout_has("********-").stderr_has("masked").run().stdout;
        assert!(text.contains(&client.id), "{format}: {text}");
        // The JSON of the sample is in quotes, which docker would take for a part of it.
        let health = if file.ends_with("airflow.env") { "warn  readable" } else { "reads it" };
        on(&["doctor"]).stdout_has(health).run();
        let print = [&["exec", "--config", file, "--"], &PRINT_TOKEN[..]].concat();
        let print = run(&sandbox, &print);
        assert_eq!(print.reveals(&token).stdout_has("1//").run().stdout.trim(), token, "{format}");
        let as_file = [&["exec", "--as-file", format, "--"], &PRINT_FILE[..]].concat();
        let printed = run(&sandbox, &as_file).reveals(&token).reveals(&client.secret).reveals(DEVELOPER_TOKEN);
        assert!(printed.stdout_has(&client.id).run().stdout.contains(&token), "{format}");

        let before = sandbox.read(file);
        on(&["set", "--login-customer-id", "none"]).stderr_has("login customer").run();
        let shown = on(&["show", "--json"]).stdout_has("{").run().json();
        assert_eq!(shown["login_customer_id"], json!(null), "{format}");
        on(&["set", "--login-customer-id", CUSTOMER]).stderr_has("login customer").run();
        let lines = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(|line| line.trim_end_matches(',').to_owned()).collect();
            lines.sort();
            lines
        };
        assert_eq!(lines(&sandbox.read(file)).len(), lines(&before).len(), "{format}: {}", sandbox.read(file));

        on(&["revoke", "--yes"]).stderr_has("revoked").run();
        let after = sandbox.read(file);
        assert!(!after.contains(&token) && after.contains(&client.id), "{format}: {after}");
        on(&["refresh"]).code(3).stderr_has("there is no refresh token").stderr_has("gads-creds login").run();
    }
}

#[test]
fn a_byte_order_mark_with_which_the_program_fails_is_named_and_removed() {
    for (format, file, sample, _) in CONNECTORS {
        let sandbox = Sandbox::new();
        let (client, token) = stored(&sandbox);
        sandbox.write(file, format!("\u{feff}{sample}"));
        run(&sandbox, &["export", format, file]).stderr_has("byte order mark").run();
        assert!(!sandbox.read(file).starts_with('\u{feff}'), "{format}");
        reads(&sandbox, format, file, &client, &token);
        let marked = format!("\u{feff}{}", sandbox.read(file));
        sandbox.write(file, &marked);
        // In a `.env` file only what is on the first line is spoiled, and that is a comment here.
        let is_spoiled = !file.ends_with(".env");
        let refresh = run(&sandbox, &["refresh", "--config", file]).observe();
        assert_eq!(
            refresh.code != 0 && refresh.stderr.contains("byte order mark"),
            is_spoiled,
            "{format}: {}",
            refresh.stderr
        );
    }
}

#[test]
fn a_profile_moves_into_the_file_and_out_of_it() {
    for (format, file, sample, kept) in CONNECTORS {
        let sandbox = Sandbox::new();
        let (client, token) = stored(&sandbox);
        crate::stored::profile(&sandbox, "work", "");
        sandbox.write(file, sample);
        let to =
            |args: &[&str]| run(&sandbox, &[&["move", "-p", "work", "--store", "file", "--config"], args].concat());
        to(&[file, "--format", format]).stderr_has("is kept in").run();
        assert!(sandbox.read(file).contains(kept), "{format}");
        assert!(!sandbox.read("google-ads.yaml").contains(&token), "{format}");
        reads(&sandbox, format, file, &client, &token);
        run(&sandbox, &["refresh", "-p", "work"]).stderr_has("works").run();
        to(&["back.yaml"]).stderr_has("is kept in").run();
        let left = sandbox.read(file);
        assert!(left.contains(kept) && !left.contains(&token) && !left.contains(&client.secret), "{format}: {left}");
        run(&sandbox, &["refresh", "-p", "work"]).stderr_has("works").run();
        let back = sandbox.read("back.yaml");
        assert!(back.contains(&token) && back.contains(DEVELOPER_TOKEN) && back.contains(CUSTOMER), "{format}: {back}");
    }
}
