//! docs/where-secrets-are-kept.md: what a reader pastes works, as it is printed there: the first steps with each manager, the job in
//! CI and the container.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::google::Client;
use crate::google::browser::Decision;
use crate::sandbox::{Sandbox, Spec};
use crate::stores::command::PROFILES;
use crate::stores::command::managers::{Real, plain};

const PAGE: &str = include_str!("../../../docs/where-secrets-are-kept.md");

/// The first block of code behind this text.
fn block(behind: &str) -> &'static str {
    let (_, rest) = PAGE.split_once(behind).unwrap_or_else(|| panic!("the page lacks `{behind}`"));
    let (_, rest) = rest.split_once("```").expect("a block");
    let (_, text) = rest.split_once('\n').expect("its first line");
    text.split("\n```").next().expect("its end")
}

/// Pastes each line into one shell; a login gets its client by stdin, and a person who allows it.
fn paste(real: &Real, client: &Client, text: &str) {
    let mut exports = String::new();
    for line in text.lines().map(|line| line.split(" #").next().unwrap_or_default().trim()) {
        if line.starts_with("export ") {
            exports += &format!("{line}\n");
        } else if let Some(args) = line.strip_prefix("gads-creds ") {
            // By the shell, which expands what the page leaves to it.
            let command = format!("{exports}exec {} {args} --no-browser -c -", crate::PROGRAM);
            let login = real.other("/bin/sh", &["-c", &command]).stdin(client.secrets_file());
            let login = login.stderr_has("stored the refresh token in").start();
            login.visit(&Decision::allow());
            login.finish();
        } else if !line.is_empty() {
            let recipient = || real.recipient_of(".config/age/keys.txt");
            let line = if line.contains("AGE-RECIPIENT") {
                line.replace("AGE-RECIPIENT", &recipient())
            } else {
                line.to_owned()
            };
            real.runs("/bin/sh", &["-c", &format!("{exports}{line}")]);
        }
    }
}

#[test]
fn the_first_steps_with_each_manager_work_as_they_are_printed() {
    for (name, behind) in [
        ("pass", "\n**pass**"),
        ("age", "\n**age**"),
        ("sops", "\n**sops**"),
        ("bao", "\n**OpenBao, Vault**"),
        ("aws", "\n**AWS Secrets Manager**"),
        ("op", "\n**1Password**"),
    ] {
        let sandbox = Sandbox::new();
        let Some(real) = Real::unprepared(&sandbox, name) else { continue };
        let client = sandbox.google.desktop();
        // A key is there already: gpg would ask for its passphrase in a window.
        let text: String =
            block(behind).lines().filter(|line| !line.starts_with("gpg ")).map(|line| format!("{line}\n")).collect();
        paste(&real, &client, &text);
        assert_eq!(plain(&sandbox), [""; 0].map(Path::new), "{name}");
        let refresh = real.command(&["refresh", "-p", "work"]);
        let refresh = match name {
            "sops" => refresh.env("SOPS_AGE_KEY_FILE", sandbox.home().join(".config/age/keys.txt")),
            _ => refresh,
        };
        refresh.stderr_has("works").run();
    }
}

/// A program `python` that shows what it got, in the directory of the job.
fn python(sandbox: &Sandbox) {
    let python = sandbox.write("../bin/python", "#!/bin/sh\necho \"$1 $GOOGLE_ADS_CLIENT_ID\"\n");
    sandbox.chmod(python, 0o700);
}

/// PATH with our program, that `python`, and the manager's programs.
fn path(sandbox: &Sandbox, real: &Real) -> String {
    let ours = Path::new(crate::PROGRAM).parent().expect("a directory");
    format!("{}:{}:{}", sandbox.home().with_file_name("bin").display(), ours.display(), real.path())
}

fn with_token<'s>(spec: Spec<'s>, token: &str) -> Spec<'s> {
    spec.env("VAULT_TOKEN", token.trim())
}

#[test]
fn the_job_in_ci_reads_the_credential_and_may_do_no_more() {
    let sandbox = Sandbox::new();
    let Some(mut real) = Real::start(&sandbox, "vault") else { return };
    python(&sandbox);
    real.runs("vault", &["secrets", "enable", "-path=team", "-version=2", "kv"]);
    real.store = "vault:team/google-ads/work".to_owned();
    let client = sandbox.google.desktop();
    let login = real.login(&client).stderr_has("stored").start();
    login.visit(&Decision::allow());
    login.finish();
    // The policy that the page calls enough, and a token that has no other.
    let policy = "path \"team/data/google-ads/work\" { capabilities = [\"read\"] }";
    assert!(PAGE.contains("a policy with `read` on `team/data/google-ads/work` is enough"));
    real.runs("/bin/sh", &["-c", &format!("echo '{policy}' | vault policy write job -")]);
    let made = real.other("vault", &["token", "create", "-policy=job", "-no-default-policy", "-field=token"]).observe();
    assert_eq!(made.code, 0, "{made:#?}");
    fs::remove_dir_all(sandbox.home().join(".config/gads-creds")).expect("the profile of the first machine");

    let (_, script) = block("## In CI").split_once("  run: |\n").expect("the script of the job");
    let script: String = script.lines().map(|line| format!("{}\n", line.trim_start_matches("    "))).collect();
    let path = path(&sandbox, &real);
    let job = |spec| with_token(real.environment(spec), &made.stdout).env("PATH", &path);
    let run = job(sandbox.other_program("/bin/sh", &["-e", "-c", &script]));
    run.stdout(format!("report.py {}\n", client.id)).run();
    let run = job(sandbox.command(&["revoke", "-p", "work", "--yes"])).code(2).stderr_has("can only be read").run();
    assert!(sandbox.google.requests(crate::google::Endpoint::Revoke).is_empty(), "{run:#?}");
    assert_eq!(plain(&sandbox), [""; 0].map(Path::new));
}

#[test]
fn a_container_gets_the_sign_in_to_the_manager_and_nothing_else() {
    let sandbox = Sandbox::new();
    let Some(real) = Real::start(&sandbox, "bao") else { return };
    python(&sandbox);
    let client = sandbox.google.desktop();
    let login = real.login(&client).stderr_has("stored").start();
    login.visit(&Decision::allow());
    login.finish();
    // docker run --rm -e NAME -e NAME IMAGE COMMAND…
    let words: Vec<&str> = block("## In a container").split_whitespace().collect();
    let names: BTreeSet<&str> = words.windows(2).filter(|pair| pair[0] == "-e").map(|pair| pair[1]).collect();
    assert_eq!(names, BTreeSet::from(["BAO_ADDR", "BAO_TOKEN"]));
    let image = words.iter().position(|word| *word == "my-report").expect("an image");
    let run = real.other("env", &words[image + 1..]).env("PATH", path(&sandbox, &real));
    run.stdout(format!("report.py {}\n", client.id)).run();
}

/// The encrypted file mounted read-only, the key in the environment.
#[test]
fn a_container_with_sops_needs_the_file_and_the_key_and_writes_neither() {
    let sandbox = Sandbox::new();
    let Some(real) = Real::start(&sandbox, "sops") else { return };
    let client = sandbox.google.desktop();
    let login = real.login(&client).stderr_has("stored").start();
    login.visit(&Decision::allow());
    login.finish();
    assert!(PAGE.contains("-e SOPS_AGE_KEY`"));
    let key = sandbox.read("sops-key.txt");
    let key = key.lines().find(|line| line.starts_with("AGE-SECRET-KEY-")).expect("a key").to_owned();
    fs::remove_file(sandbox.home().join("sops-key.txt")).expect("the key's file");
    let before = (sandbox.read("team/work.json"), sandbox.read(PROFILES));
    for (name, mode) in [("team/work.json", 0o400), ("team", 0o500)] {
        sandbox.chmod(name, mode);
    }
    let exec = ["exec", "-p", "work", "--", "/bin/sh", "-c", "echo $GOOGLE_ADS_CLIENT_ID"];
    let run = |args: &[&str]| real.command(args).without_env("SOPS_AGE_KEY_FILE").env("SOPS_AGE_KEY", &key);
    run(&exec).stdout(format!("{}\n", client.id)).run();
    run(&["refresh", "-p", "work"]).stderr_has("works").run();
    sandbox.chmod("team", 0o700);
    assert_eq!((sandbox.read("team/work.json"), sandbox.read(PROFILES)).0, before.0);
    assert_eq!(plain(&sandbox), [""; 0].map(Path::new));
}
