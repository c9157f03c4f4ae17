//! The law of the steps: the command that a hint names works where it is offered.

use gads_creds::google::explain::{self, Operation};
use serde_json::json;

use super::case::Case;
use super::rows::ROWS;
use crate::google::{Endpoint, Fault, Reply};
use crate::sandbox::Sandbox;
use crate::stored;

/// Commands that need what is not here, or leave the file alone: a secret manager, another profile, another file.
fn is_elsewhere(command: &str) -> bool {
    ["--store", " NAME", "--config FILE"].iter().any(|part| command.contains(part))
}

#[test]
fn each_command_of_a_hint_works_for_the_file_that_it_is_about() {
    let mut faults = Vec::new();
    let mut tried = 0;
    for (finding, file, text, code) in ROWS {
        let case = Case::new(file, text);
        let mut steps = case.steps();
        if *code != 0 {
            steps.extend(Case::hints(&case.run(&["refresh"])));
        }
        // What only Ruby can evaluate is left to Ruby.
        if steps.is_empty() && *finding != "Computed" {
            faults.push(format!("{finding} in {file}: no step\n{text}"));
        }
        for command in Case::commands(&steps).into_iter().filter(|command| !is_elsewhere(command)) {
            tried += 1;
            // Another sandbox: what the command before changed is not undone.
            let fresh = Case::new(file, text);
            let command = command.replace(&case.path, &fresh.path);
            let done = fresh.follow(&command);
            let after = fresh.run(&["refresh"]);
            if (done.code, after.code) != (0, 0) {
                faults.push(format!("{finding} in {file}: `{command}`: {done:#?}, then {after:#?}\n{text}"));
            }
        }
    }
    assert!(tried > 30, "only {tried} commands were tried");
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n\n"));
}

/// The error of the Google Ads API with this code.
fn ads_error(code: &str) -> Fault {
    let errors = json!([{ "errorCode": { "authenticationError": code }, "message": "A sentence of Google's." }]);
    let failure =
        json!({ "@type": "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure", "errors": errors });
    let error = json!({ "code": 403, "message": "x", "status": "PERMISSION_DENIED", "details": [failure] });
    Fault::Reply(Reply::json(403, &json!({ "error": error })))
}

#[test]
fn the_step_after_each_error_of_google_is_about_the_same_credential() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    sandbox.write("other.yaml", stored::yaml(&client, &token));
    sandbox.write_profiles("default = \"other\"\n[profiles.other]\nfile = \"~~other.yaml\"\n[profiles.work]\nfile = \"~~google-ads.yaml\"\n");
    let mut faults = Vec::new();
    for entry in explain::entries() {
        let of = |operation| entry.operations.contains(&operation);
        let mut runs = Vec::new();
        if of(Operation::Refresh) {
            let description = entry.variants.first().copied().unwrap_or("Refused");
            for verb in ["refresh", "doctor"] {
                sandbox.google.fault(Endpoint::Token, Fault::oauth_error(400, entry.code, description));
                runs.push(sandbox.command(&[verb, "-p", "work"]).observe());
            }
        }
        if of(Operation::Ads) && entry.code != "NOT_FOUND" {
            sandbox.google.fault(Endpoint::Ads, ads_error(entry.code));
            runs.push(sandbox.command(&["doctor", "-p", "work"]).observe());
        }
        for run in runs {
            let is_wrong = |command: &String| {
                let returns = command.starts_with("doctor") && !command.contains("--fix");
                returns || !command.contains(" -p work")
            };
            if run.code != i32::from(entry.kind.code()) || Case::commands(&Case::hints(&run)).iter().any(is_wrong) {
                faults.push(format!("{}: {run:#?}", entry.code));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n\n"));
}
