//! `export`: the credentials in another library's file, with everything else in it unchanged.

use std::fs;

use gads_creds::secret::Secret;
use serde_json::{Value, json};

use crate::sandbox::{Outcome, Sandbox};
use crate::stored::{CLIENT, SECRET, TOKEN};

const GCLOUD: &str = ".config/gcloud/application_default_credentials.json";
/// The refresh token of another account, which no run may show.
const OTHER: &str = "1//0another-accounts-refresh-token";

fn fingerprint(token: &str) -> String {
    Secret::new(token).fingerprint()
}

/// Returns the messages of a successful run that printed no data.
#[track_caller]
fn messages(run: Outcome) -> String {
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run:?}");
    run.stderr
}

fn text(sandbox: &Sandbox, name: &str) -> String {
    fs::read_to_string(sandbox.path(name)).expect("it was written")
}

/// Returns what a file holds, by `show`.
#[track_caller]
fn shown(sandbox: &Sandbox, name: &str) -> Value {
    let run = sandbox.run(&["show", "--reveal", "--json", "--config", name]);
    let shown: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:?}"));
    json!([shown["client_id"], shown["client_secret"], shown["refresh_token"]])
}

#[test]
fn the_file_is_where_the_library_looks_and_is_private() {
    let sandbox = Sandbox::logged_in();
    let written = messages(sandbox.run(&["export", "ruby"]));
    let place = sandbox.path("google_ads_config.rb");
    assert_eq!(written, format!("wrote the credentials to `{}` for the Ruby library\n", place.display()));
    assert_eq!(shown(&sandbox, "google_ads_config.rb"), json!([CLIENT, SECRET, TOKEN]));
    assert!(text(&sandbox, "google_ads_config.rb").contains("c.login_customer_id = '1234567890'"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(place).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn every_format_can_be_exported_to_twice() {
    let sandbox = Sandbox::logged_in();
    for (format, file) in [
        ("python", "other.yaml"),
        ("ruby", "config.rb"),
        ("dotnet", "App.config"),
        ("dotnet", "appsettings.json"),
        ("adc", "work.json"),
    ] {
        messages(sandbox.run(&["export", format, file]));
        let once = text(&sandbox, file);
        assert_eq!(shown(&sandbox, file), json!([CLIENT, SECRET, TOKEN]), "{file}");
        messages(sandbox.run(&["export", format, file]));
        assert_eq!(text(&sandbox, file), once);
    }
    assert!(text(&sandbox, "App.config").starts_with("<?xml"));
    assert!(text(&sandbox, "appsettings.json").starts_with('{'));
}

#[test]
fn an_export_onto_the_same_file_changes_nothing() {
    let sandbox = Sandbox::logged_in();
    let before = text(&sandbox, "google-ads.yaml");
    messages(sandbox.run(&["export", "python"]));
    assert_eq!(text(&sandbox, "google-ads.yaml"), before);
}

#[test]
fn everything_else_in_the_file_stays() {
    let sandbox = Sandbox::logged_in();
    sandbox.write("App.config", include_str!("../../../fixtures/dotnet/filled.config"));
    messages(sandbox.run(&["export", "dotnet", "App.config"]));
    let after = text(&sandbox, "App.config");
    for kept in ["'a-developer-token' /> <!-- from the manager account -->", "of another section", "log4net"] {
        assert!(after.contains(kept), "no {kept:?}: {after}");
    }
    assert_eq!(shown(&sandbox, "App.config"), json!([CLIENT, SECRET, TOKEN]));
}

#[test]
fn placeholders_of_the_sample_are_commented_out_and_named() {
    let sandbox = Sandbox::logged_in();
    sandbox.write("c.rb", include_str!("../../../fixtures/ruby/sample.rb"));
    assert!(
        messages(sandbox.run(&["export", "ruby", "c.rb"])).starts_with("line 9: `developer_token` is commented out\n")
    );
    assert!(text(&sandbox, "c.rb").contains("  # c.developer_token = 'INSERT_DEVELOPER_TOKEN_HERE'\n"));
}

#[test]
fn dotnet_needs_a_file() {
    Sandbox::logged_in().run(&["export", "dotnet"]).fails(2, &["has no default file", "export dotnet FILE"]);
}

#[test]
fn an_unknown_format_is_a_usage_error() {
    Sandbox::logged_in().run(&["export", "cobol"]).fails(2, &["cobol"]);
}

#[test]
fn nothing_to_export_exits_3() {
    let sandbox = Sandbox::new();
    sandbox.run(&["export", "ruby"]).fails(3, &["there is no refresh token in", "hint: run `gads-creds login`\n"]);
    assert!(!sandbox.path("google_ads_config.rb").exists());
}

#[test]
fn the_variable_selects_the_source_and_not_the_target() {
    let sandbox = Sandbox::new();
    sandbox.write_yaml("mine.yaml", TOKEN);
    let before = text(&sandbox, "mine.yaml");
    messages(sandbox.run_with(&["export", "ruby"], &[("GOOGLE_ADS_CONFIGURATION_FILE_PATH", "mine.yaml")]));
    assert_eq!(text(&sandbox, "mine.yaml"), before);
    assert_eq!(shown(&sandbox, "google_ads_config.rb"), json!([CLIENT, SECRET, TOKEN]));
}

#[test]
fn gclouds_own_file_is_written_unless_another_client_is_in_it() {
    let sandbox = Sandbox::logged_in();
    let wrote = messages(sandbox.run(&["export", "adc"])).replace('\\', "/");
    assert!(
        wrote.starts_with("created the directory `") && wrote.contains(".config/gcloud`, which did not exist\n"),
        "{wrote}"
    );
    assert!(wrote.contains("\nwarning: `adc` has no place for the login customer ID\n"), "{wrote}");
    assert!(!wrote.contains("GOOGLE_APPLICATION_CREDENTIALS"), "{wrote}");
    messages(sandbox.run(&["export", "adc"]));

    for other in [include_str!("../../../fixtures/adc/sample.json"), include_str!("../../../fixtures/adc/hostile.json")]
    {
        sandbox.write(GCLOUD, other);
        sandbox.run(&["export", "adc"]).fails(2, &["holds another ", "hint: to replace it run"]);
        sandbox.run(&["export", "adc", "--replace-kind"]).fails(2, &["holds another "]);
        assert_eq!(text(&sandbox, GCLOUD), other);
    }
    sandbox.write(GCLOUD, include_str!("../../../fixtures/adc/sample.json"));
    messages(sandbox.run(&["export", "adc", GCLOUD]));
    assert_eq!(shown(&sandbox, GCLOUD), json!([CLIENT, SECRET, TOKEN]));
    assert!(text(&sandbox, GCLOUD).contains("\"quota_project_id\": \"a-project\""));
}

#[test]
fn another_token_is_replaced_only_in_a_file_that_is_named() {
    let sandbox = Sandbox::logged_in();
    sandbox.write_yaml("other.yaml", OTHER);
    for (format, place) in [("java", "ads.properties"), ("ruby", "google_ads_config.rb"), ("env", ".env")] {
        messages(sandbox.run(&["export", "--config", "other.yaml", format]));
        let others = text(&sandbox, place);
        let path = sandbox.path(place);
        let command = format!("hint: to replace it run `gads-creds export {format} {}`", path.display());
        let refusal = format!("`{}` holds another refresh token ({})", path.display(), fingerprint(OTHER));
        sandbox.run(&["export", format]).fails(2, &[&refusal, &command]);
        assert_eq!(text(&sandbox, place), others);

        let warned = messages(sandbox.run(&["export", format, place]));
        let warning = format!("warning: `{}` held another refresh token ({})", path.display(), fingerprint(OTHER));
        assert!(warned.starts_with(&warning), "{warned}");
        assert_eq!(shown(&sandbox, place), json!([CLIENT, SECRET, TOKEN]));
        // An export of the same token succeeds without a warning.
        assert!(!messages(sandbox.run(&["export", format])).contains("another"));
    }
}

#[test]
fn with_json_the_replaced_token_is_a_fingerprint() {
    let sandbox = Sandbox::logged_in();
    sandbox.write_yaml("other.yaml", OTHER);
    let run = sandbox.run(&["export", "python", "other.yaml", "--json", "--quiet"]);
    let value: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:?}"));
    assert_eq!(value["replaced"], json!(fingerprint(OTHER)));
}

#[test]
fn the_next_step_passes_a_custom_file_to_programs() {
    let sandbox = Sandbox::logged_in();
    let written = messages(sandbox.run(&["export", "adc", "work.json"]));
    let line = format!("GOOGLE_APPLICATION_CREDENTIALS={}", sandbox.path("work.json").display());
    assert!(written.contains(&line), "{written}");
}

#[test]
fn another_kind_of_credential_is_switched_only_on_demand() {
    let sandbox = Sandbox::logged_in();
    let service_account = include_str!("../../../fixtures/adc/hostile.json");
    sandbox.write("robot.json", service_account);
    sandbox.run(&["export", "adc", "robot.json"]).fails(2, &["uses a service account", "--replace-kind"]);
    assert_eq!(text(&sandbox, "robot.json"), service_account);
    messages(sandbox.run(&["export", "adc", "robot.json", "--replace-kind"]));
    assert_eq!(shown(&sandbox, "robot.json"), json!([CLIENT, SECRET, TOKEN]));
    assert!(!text(&sandbox, "robot.json").contains("private_key"), "nothing of the key stays");
}

#[test]
fn a_computed_line_stops_the_export_before_anything_is_written() {
    let sandbox = Sandbox::logged_in();
    let computed = "Google::Ads::GoogleAds::Config.new do |c|\n  c.refresh_token = ENV['TOKEN']\nend\n";
    sandbox.write("c.rb", computed);
    sandbox.run(&["export", "ruby", "c.rb"]).fails(1, &["c.rb`: `refresh_token` is computed"]);
    assert_eq!(text(&sandbox, "c.rb"), computed);
}

#[test]
fn on_stdout_secrets_are_masked_unless_revealed() {
    let sandbox = Sandbox::logged_in();
    let run = sandbox.run(&["export", "ruby", "--stdout"]);
    let masked = "the secrets are masked, so that no library can use this; `--reveal` shows them\n";
    assert_eq!((run.code, run.stderr.as_str()), (0, masked), "{run:?}");
    assert!(run.stdout.contains("c.refresh_token = '********-"), "{run:?}");
    let revealed = sandbox.run(&["export", "ruby", "--stdout", "--reveal"]).fine();
    messages(sandbox.run(&["export", "ruby"]));
    assert_eq!(text(&sandbox, "google_ads_config.rb"), revealed);
    sandbox.run(&["export", "ruby", "--reveal"]).fails(2, &["--stdout"]);
}

#[test]
fn with_json_the_place_is_an_object_on_stdout() {
    let sandbox = Sandbox::new();
    sandbox.write_yaml("work.yaml", TOKEN);
    sandbox.write_profiles("[profiles.work]\nstore = \"file\"\nfile = \"~~work.yaml\"\n");
    let run = sandbox.run(&["export", "-p", "work", "ruby", "--json", "--quiet"]);
    let place = sandbox.path("google_ads_config.rb");
    assert_eq!(
        run.fine_json(),
        json!({ "profile": "work", "location": place, "format": "ruby", "replaced": null, "warnings": [] })
    );
    let printed = sandbox.run(&["export", "-p", "work", "ruby", "--stdout", "--json", "--quiet"]).fine_json();
    assert_eq!((&printed["location"], &printed["format"]), (&Value::Null, &json!("ruby")));
    assert!(printed["text"].as_str().unwrap().ends_with("end\n"));
}

#[test]
fn a_token_without_its_client_is_not_exported() {
    let sandbox = crate::sandbox::Sandbox::new();
    sandbox.write("google-ads.yaml", "refresh_token: 1//0-alone\nuse_proto_plus: true\n");
    sandbox.command(&["export", "java"]).code(3).stderr_has("client ID").run();
    assert!(!sandbox.home().join("ads.properties").exists());
}

/// `--config` and `--format` are about the file that is read.
#[test]
fn what_is_wrong_with_the_named_file_has_a_step_about_that_file() {
    let sandbox = Sandbox::logged_in();
    sandbox.write_yaml("other.yaml", OTHER);
    let other = sandbox.path("other.yaml").display().to_string();
    for source in [&[][..], &["--config", "google-ads.yaml"]] {
        let export = |rest: &[&str]| sandbox.run(&[&["export"], rest, source].concat());
        let more = source.iter().map(|word| format!(" {word}")).collect::<String>();
        let step = format!("hint: name another FILE, or `gads-creds export{more} python {other}`");
        export(&["php", "other.yaml"]).fails(2, &["is the file of the Python library", &step]);
        messages(export(&["python", "other.yaml"]));
        sandbox.write_yaml("other.yaml", OTHER);
        fs::create_dir_all(sandbox.path("out")).expect("a directory");
        for directory in ["out", "out/", "."] {
            let run = export(&["php", directory]);
            assert!(!run.stderr.contains("rmdir"), "{run:?}");
            run.fails(1, &["is a directory", "hint: name a file in it"]);
        }
    }
}
