//! `docs/automation.md`: runs the blocks that readers are meant to copy, with stand-ins for the programs that they
//! start.
#![cfg(target_os = "linux")]

use std::fs;

use serde_json::Value;

use super::recipes::{self, fine, machine, script, start, yaml};
use crate::google::{Endpoint, Fault};
use crate::stored::{self, DAY};

const PAGE: &str = "docs/automation.md";

fn blocks(language: &str, mark: Option<&str>) -> Vec<String> {
    recipes::blocks(PAGE, language, mark)
}

#[test]
fn what_is_marked_as_run_runs() {
    let sandbox = machine();
    let scripts = blocks("sh", Some("<!-- run -->"));
    let elsewhere = ["gh", "systemd-creds"].map(|name| blocks("sh", Some(&format!("<!-- run: {name} -->"))).len());
    let run = scripts.len() + elsewhere.iter().sum::<usize>();
    assert_eq!(run, blocks("sh", None).len(), "a block of commands that nobody runs");
    for text in &scripts {
        fine(script(&sandbox, text));
    }
    assert!(sandbox.read("job.env").contains("GOOGLE_ADS_REFRESH_TOKEN="));
    let result: Value = serde_json::from_str(&sandbox.read("result.json")).expect("an object");
    assert_eq!(result["valid"], true);
    let file = sandbox.home().join("result.json");
    fs::remove_file(file).unwrap();
    // The script that checks the exit code, for two kinds of failure.
    let codes = scripts.iter().find(|text| text.contains("case")).expect("it is there");
    sandbox.google.fault_always(Endpoint::Token, Fault::page(503, "later"));
    script(&sandbox, codes).stdout_has("the next run will show more").stderr_has("").run();
    sandbox.write("google-ads.yaml", "client_id: x\n");
    script(&sandbox, codes).code(3).stdout_has("a person has to log in").stderr_has("").run();
}

#[test]
fn the_workflow_for_github_reaches_its_report() {
    let sandbox = machine();
    let secret = sandbox.read("google-ads.yaml");
    fs::remove_file(sandbox.home().join("google-ads.yaml")).unwrap();
    let workflow: Value = yaml(&blocks("yaml", None)[0]);
    let environment = sandbox.home().join("github-env");
    let mut last = String::new();
    for step in workflow["jobs"]["report"]["steps"].as_array().expect("steps") {
        let Some(run) = step["run"].as_str() else { continue };
        let mut spec = script(&sandbox, run).env("RUNNER_TEMP", sandbox.home()).env("GITHUB_ENV", &environment);
        if step["env"]["GOOGLE_ADS_YAML"] == "${{ secrets.GOOGLE_ADS_YAML }}" {
            spec = spec.env("GOOGLE_ADS_YAML", &secret);
        }
        for (name, value) in fs::read_to_string(&environment)
            .iter()
            .flat_map(|text| text.lines())
            .filter_map(|line| line.split_once('='))
        {
            spec = spec.env(name, value);
        }
        last = fine(spec).stdout;
    }
    assert_eq!(last, "variables\nfile\n1234567890 report.py\n");
}

#[test]
fn the_blocks_for_containers_start_the_command_with_the_file_that_they_mount() {
    let sandbox = machine();
    let [_, compose, cron_job, _] = &blocks("yaml", None)[..] else { panic!("four blocks of YAML") };
    let (compose, cron_job) = (yaml(compose), yaml(cron_job));
    let service = &compose["services"]["report"];
    let pod = &cron_job["spec"]["jobTemplate"]["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    assert_eq!(
        (&service["read_only"], &container["securityContext"]["readOnlyRootFilesystem"]),
        (&true.into(), &true.into())
    );
    let name = "GOOGLE_ADS_CONFIGURATION_FILE_PATH";
    let secret = format!("/run/secrets/{}", service["secrets"][0].as_str().unwrap());
    assert_eq!(service["environment"][name], secret);
    let directory = container["volumeMounts"][0]["mountPath"].as_str().unwrap();
    assert_eq!(
        (&container["env"][0]["name"], &container["env"][0]["value"]),
        (&name.into(), &format!("{directory}/google-ads.yaml").into())
    );
    // The mode that Docker and Kubernetes give it.
    sandbox.chmod("google-ads.yaml", 0o444);
    let words: Vec<&str> = container["command"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    assert_eq!(words.join(" "), service["command"].as_str().unwrap());
    let run = start(&sandbox, words[0], &words[1..]).env(name, sandbox.home().join("google-ads.yaml"));
    assert_eq!(fine(run).stdout, "variables\nfile\n1234567890 report.py\n");
}

#[test]
fn cron_sends_mail_only_about_failures() {
    let sandbox = machine();
    let token = sandbox.google.secrets().into_iter().find(|secret| secret.starts_with("1//")).expect("a token");
    let table = &blocks("crontab", None)[0];
    let line = table.lines().find(|line| line.starts_with(char::is_numeric)).expect("a line with a time");
    let command = line.splitn(6, ' ').last().expect("a command");
    stored::profile(&sandbox, "work", "");
    script(&sandbox, command).run();
    let expires_at = stored::metadata(&sandbox, &token, DAY, Some(4 * DAY));
    stored::profile(&sandbox, "work", &expires_at);
    script(&sandbox, command).stderr_has("expires").run();
    // A recorded token that is gone is a failure; a profile without one is not, but nothing is left to work.
    sandbox.write("google-ads.yaml", "client_id: x\n");
    script(&sandbox, command).code(3).stderr_has("work  failed: ").run();
    stored::profile(&sandbox, "work", "");
    script(&sandbox, command).code(3).stderr_has("has no refresh token").run();
    std::fs::remove_file(sandbox.home().join("google-ads.yaml")).expect("it is there");
    script(&sandbox, command).code(3).stderr_has("work  failed: ").run();
}

#[test]
fn the_blocks_for_googles_mcp_server_hand_it_the_credentials() {
    let sandbox = machine();
    let blocks = blocks("json", None);
    fine(script(&sandbox, "gads-creds export adc ~/.config/google-ads-mcp/adc.json"));
    let spec = "run --spec git+https://github.com/googleads/google-ads-mcp.git google-ads-mcp";
    for (block, handed) in blocks.iter().zip(["variables\nadc\n", "adc\n"]) {
        let settings: Value = serde_json::from_str(block).expect("JSON");
        let server = &settings["mcpServers"]["google-ads-mcp"];
        let args: Vec<&str> = server["args"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
        let mut run = start(&sandbox, server["command"].as_str().unwrap(), &args);
        for (name, value) in server["env"].as_object().unwrap() {
            run = run.env(name, value.as_str().unwrap().replace("/home/you", &sandbox.home().display().to_string()));
        }
        assert_eq!(fine(run).stdout, format!("{handed}1234567890 {spec}\n"));
    }
    assert_eq!(blocks.len(), 2);
}
